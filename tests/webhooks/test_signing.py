"""Signatures that the SDKs believe."""

from __future__ import annotations

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from emulator.kernel.clock import machine_seconds
from emulator.webhooks.signing import signature


@given(st.text(), st.text(min_size=1))
def test_the_sdk_believes_what_is_signed(body: str, secret: str):
    header = signature(body.encode(), secret, int(machine_seconds()))
    assert stripe.WebhookSignature.verify_header(body, header, secret, 300)


def test_an_old_signature_is_not_believed():
    header = signature(b"{}", "whsec_a", int(machine_seconds()) - 301)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.WebhookSignature.verify_header("{}", header, "whsec_a", 300)


def test_the_decoy_is_not_the_signature():
    parts = dict(part.split("=") for part in signature(b"{}", "whsec_a", 5).split(","))
    assert parts["t"] == "5"
    assert len(parts["v1"]) == len(parts["v0"]) == 64
    assert parts["v1"] != parts["v0"]
