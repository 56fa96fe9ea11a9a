"""Confirmation tokens: what a client collected to confirm an intent with; good once, for 12 hours.

Stripe.js makes them with a publishable key, tests with the test helper.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import instruments as refusals
from emulator.kit import Doc, Params, Resource, Tx, retrieves
from emulator.resources.payment_methods import payment_methods

_LIFE: Final = 12 * 3600
_PREVIEWED: Final = ("allow_redisplay", "billing_details", "customer", "type")
# What an intent is confirmed with when its request does not say otherwise.
_TOLD: Final = ("payment_method_options", "return_url", "setup_future_usage", "shipping")

CONFIRMATION_TOKENS: Final = Resource(
    "confirmation_token", prefix="ctoken", kind="confirmation_token", param="confirmation_token"
)

retrieves(CONFIRMATION_TOKENS, "GET /v1/confirmation_tokens/{confirmation_token}", publishable=True)


@CONFIRMATION_TOKENS.on("POST /v1/confirmation_tokens", publishable=True)
@CONFIRMATION_TOKENS.on("POST /v1/test_helpers/confirmation_tokens")
def create(tx: Tx, params: Params) -> Doc:
    if params.get("payment_method"):
        method = payment_methods.use(tx, params["payment_method"])
    else:
        data = params.get("payment_method_data") or {}
        method = payment_methods.from_data(tx, data, "payment_method_data")
    return tx.save(CONFIRMATION_TOKENS, _made(tx, params, method))


def spent(tx: Tx, params: Params) -> Params:
    """The parameters of a confirmation with what its token says, if it has one, which is used from
    now on.
    """
    id_ = params.get("confirmation_token")
    if not id_:
        return params
    token = tx.get(CONFIRMATION_TOKENS, id_, param="confirmation_token")
    notes = tx.hidden(id_)
    if notes.get("used") or token["expires_at"] <= tx.now:
        raise refusals.confirmation_token_used(id_)
    tx.hide(id_, {**notes, "used": True})
    said = {name: token[name] for name in _TOLD if token[name] is not None}
    said |= {"payment_method": notes["payment_method"], "use_stripe_sdk": token["use_stripe_sdk"]}
    return said | params


def _made(tx: Tx, params: Params, method: Doc) -> Doc:
    id_ = tx.new_id(CONFIRMATION_TOKENS.prefix)
    tx.hide(id_, {"payment_method": method["id"]})
    preview: dict[str, Any] = {name: method.get(name) for name in _PREVIEWED}
    preview[method["type"]] = method[method["type"]]
    return {
        "id": id_,
        "object": "confirmation_token",
        "created": tx.now,
        "expires_at": tx.now + _LIFE,
        "livemode": False,
        "mandate_data": None,
        "payment_intent": None,
        "payment_method_options": params.get("payment_method_options"),
        "payment_method_preview": dict(sorted(preview.items())),
        "return_url": params.get("return_url"),
        "setup_future_usage": params.get("setup_future_usage"),
        "setup_intent": None,
        "shipping": params.get("shipping"),
        "use_stripe_sdk": True,
    }
