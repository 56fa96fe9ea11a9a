"""How a delivery proves that it is Stripe's: `Stripe-Signature: t=…,v1=…,v0=…`."""

from __future__ import annotations

import hmac
from hashlib import sha256


def signature(body: bytes, secret: str, at: int) -> str:
    """The header for a body: v1 is HMAC-SHA256 of `<t>.<body>` under the endpoint's secret.

    `v0` stands there too, as in test mode; clients must not look at it.
    """
    signed = f"{at}.".encode() + body
    true = hmac.new(secret.encode(), signed, sha256).hexdigest()
    decoy = hmac.new(b"v0" + secret.encode(), signed, sha256).hexdigest()
    return f"t={at},v1={true},v0={decoy}"


def headers(body: bytes, secret: str, at: int) -> dict[str, str]:
    """The headers of a delivery, as Stripe sends them."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Stripe-Signature": signature(body, secret, at),
    }
