"""Simulators by name: importing a module of this package is what declares those in it."""

from emulator.control.simulators import (
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

MODULES = (accounts, billing, disputes, instruments, money, payments, payouts, people, reserves)

__all__ = ["MODULES", "SIMULATORS", "Simulator"]
