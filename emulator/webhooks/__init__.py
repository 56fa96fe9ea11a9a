"""Delivers what the outbox holds: signed, retried on the world's clock, logged."""

from emulator.webhooks.courier import Courier

__all__ = ["Courier"]
