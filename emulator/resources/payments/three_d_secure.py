"""3-D Secure: where a customer goes to pass its challenge, and what a charge tells of it."""

from __future__ import annotations

from typing import Final

from emulator.kernel import ids
from emulator.kit import Doc, Params, Tx
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments import next_actions

# 15 January 2024. Observed: cards of four banks led to a page of Stripe's up to 29 December 2023,
# and to the card network's directory server from 6 February 2024 on.
_DIRECTORIES_SINCE: Final = 1_705_276_800
# A brand's directory server: its name and its id (Visa's observed, the others assumed).
_DIRECTORIES: Final = {
    "visa": ("visa", "A000000003"),
    "mastercard": ("mastercard", "A000000004"),
    "amex": ("american_express", "A000000025"),
    "discover": ("discover", "A000000152"),
    "diners": ("discover", "A000000152"),
    "jcb": ("jcb", "A000000065"),
    "unionpay": ("unionpay", "A000000333"),
}


def next_action(tx: Tx, intent: Doc, params: Params) -> Doc:
    """Where the customer goes: a page of this server when there is a way back, and no Stripe.js
    that opens it over the seller's own page (documented).
    """
    page = next_actions.page_of(tx, intent)
    if params.get("return_url") and not params.get("use_stripe_sdk"):
        return {
            "redirect_to_url": {"return_url": params["return_url"], "url": page},
            "type": "redirect_to_url",
        }
    for_script = _directory if tx.now >= _DIRECTORIES_SINCE else _redirect
    return {"type": "use_stripe_sdk", "use_stripe_sdk": for_script(tx, intent, page)}


def _redirect(tx: Tx, _intent: Doc, page: str) -> Doc:
    source = tx.new_id("src")
    secret = tx.secret(f"{source}/secret", 24)
    return {
        "source": source,
        "stripe_js": f"{page}?client_secret=src_client_secret_{secret}",
        "type": "three_d_secure_redirect",
    }


def _directory(tx: Tx, intent: Doc, page: str) -> Doc:
    """What Stripe's scripts and apps need to ask the network themselves. Stripe's own test mode
    names no page of the bank; ours is there, for this server's own Stripe.js.
    """
    card = payment_methods.card_of_id(tx, intent["payment_method"])
    name, number = _DIRECTORIES.get(card.brand if card else "", _DIRECTORIES["visa"])
    of_payment = intent["object"] == "payment_intent"
    return {
        "directory_server_encryption": {
            "algorithm": "RSA",
            "certificate": _sealed(tx, f"{name}/certificate"),
            "directory_server_id": number,
            "root_certificate_authorities": [_sealed(tx, f"{name}/authority")],
        },
        "directory_server_name": name,
        "merchant": tx.account,
        "one_click_authn": None,
        "server_transaction_id": ids.uuid(tx.setup.seed, f"3ds/{intent['id']}"),
        "three_d_secure_2_source": tx.kin_id("payatt" if of_payment else "setatt", intent["id"]),
        "three_ds_method_url": page,
        "three_ds_optimizations": "kf",
        "type": "stripe_3ds2_fingerprint",
    }


def _sealed(tx: Tx, name: str) -> str:
    """The look of a certificate; nobody here has its key."""
    lines = "\n".join(tx.secret(f"{name}/{line}", 64) for line in range(8))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def shown(tx: Tx, intent: Doc, demand: str, *, challenged: bool) -> Doc | None:
    """charge.payment_method_details.card.three_d_secure after a challenge or without friction."""
    if not challenged and demand != "frictionless":
        return None
    return {
        "authentication_flow": "challenge" if challenged else "frictionless",
        "electronic_commerce_indicator": "05" if challenged else "06",
        "exemption_indicator": None,
        "result": "authenticated" if challenged else "attempt_acknowledged",
        "result_reason": None,
        "transaction_id": tx.secret(f"3ds/{intent['id']}", 36).lower(),
        "version": "2.2.0",
    }
