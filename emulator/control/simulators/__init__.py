"""Simulators by name: importing a module of this package is what declares those in it."""

from emulator.control.simulators import (  # noqa: F401 - importing them declares theirs
    accounts,
    billing,
    disputes,
    instruments,
    money,
    payments,
    payouts,
    people,
    reserves,
)
from emulator.control.simulators.simulator import SIMULATORS, Simulator

__all__ = ["SIMULATORS", "Simulator"]
