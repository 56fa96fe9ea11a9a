"""Sending parameters through the contract, and what its refusals say."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.contract import coerce, operations
from emulator.kernel.errors import Refusal

NEWEST = "2026-10-28"


def send(key: str, sent: dict[str, Any], version: str = NEWEST) -> dict[str, Any]:
    return coerce(operations()[key], sent, version)


def refused(key: str, sent: dict[str, Any], version: str = NEWEST) -> tuple[Any, ...]:
    with pytest.raises(Refusal) as caught:
        send(key, sent, version)
    refusal = caught.value
    assert refusal.status == 400
    return refusal.message, refusal.code, refusal.param


PAY = "POST /v1/payment_intents"
CUSTOMER = "POST /v1/customers"
SESSION = "POST /v1/checkout/sessions"
ENOUGH = {"amount": "100", "currency": "usd"}
