"""Files of `stripe fixtures` are played as they are."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from emulator.scenario import Report, load
from emulator.web import staging

_FILE: dict[str, Any] = {
    "_meta": {"template_version": 0},
    "fixtures": [
        {
            "name": "cust_bender",
            "path": "/v1/customers",
            "method": "post",
            "params": {"name": "${.env:CUSTOMER|Bender}", "phone": None, "metadata": {"n": 1}},
        },
        {
            "name": "card",
            "path": "/v1/payment_methods/pm_card_visa/attach",
            "method": "post",
            "params": {"customer": "${cust_bender:id}"},
        },
        {
            "name": "payment",
            "path": "/v1/payment_intents",
            "method": "post",
            "idempotency_key": "once-${cust_bender:id}",
            "expected_error_type": "card_error",
            "params": {
                "amount": 2000,
                "currency": "usd",
                "confirm": True,
                "customer": "${cust_bender:id}",
                "payment_method": "pm_card_visa_chargeDeclined",
                "payment_method_types": ["card"],
                "description": "${payment:description|for nobody}",
            },
        },
        {"name": "again", "path": "/v1/customers/${cust_bender:id}", "method": "get"},
    ],
}


def _played(folder: Path, content: Any) -> Report:
    path = folder / "fixture.json"
    path.write_text(json.dumps(content, indent="\t"))
    return asyncio.run(staging.play(load(path)))


def test_a_fixture_is_played(tmp_path: Path):
    report = _played(tmp_path, _FILE)
    assert report.failures == []
    assert len(report.results) == 4


def test_variables_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plain = _played(tmp_path, _FILE).digest
    monkeypatch.setenv("CUSTOMER", "Fry")
    assert _played(tmp_path, _FILE).digest != plain


def test_an_error_of_another_type_is_a_failure(tmp_path: Path):
    other = json.loads(json.dumps(_FILE))
    other["fixtures"][2]["expected_error_type"] = "api_error"
    (failure,) = _played(tmp_path, other).failures
    assert failure.differences[0][:3] == ("type", '"api_error"', '"card_error"')
