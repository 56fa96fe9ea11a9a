"""What a payment method holds under its type: how it comes to be, and what a charge shows of it."""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Tx
from emulator.kit.editing import merged, nested
from emulator.resources.payment_methods import debited_accounts, instruments, tokens
from emulator.rules import cards

# iDEAL's banks have one BIC each, which Stripe shows beside the bank (abn_amro observed).
_BICS: Final = {
    "abn_amro": "ABNANL2A",
    "adyen": "ADYBNL2A",
    "asn_bank": "ASNBNL21",
    "bunq": "BUNQNL2A",
    "handelsbanken": "HANDNL2A",
    "ing": "INGBNL2A",
    "knab": "KNABNL2H",
    "mollie": "MLLENL2A",
    "moneyou": "MOYONL21",
    "n26": "NTSBDEB1",
    "nn": "NNBANL2G",
    "rabobank": "RABONL2U",
    "regiobank": "RBRBNL21",
    "revolut": "REVOLT21",
    "sns_bank": "SNSBNL2A",
    "triodos_bank": "TRIONL2U",
    "van_lanschot": "FVLBNL22",
    "yoursafe": "BITSNL2A",
}
# What charges show of a method's hash only where they have such a field.
_OF_METHODS: Final = ("fingerprint", "generated_from")
_FOR_CARDS: Final = ("bank_code", "branch_code", "country", "fingerprint", "last4")


def typed(tx: Tx, type_: str, data: Doc, param: str = "") -> tuple[Doc, Doc, Doc]:
    """What somebody typed for a payment method: its hash, private notes, its token's address.

    param: what `data` stands under, for refusals (`payment_method_data`), empty at the top.
    """
    under = f"{param}[{type_}]" if param else type_
    hash_ = data.get(type_)
    if type_ == "card":
        if not hash_:
            raise parameter_missing(under)
        return _typed_card(tx, hash_)
    if type_ in debited_accounts.BANK_TYPES:
        if not hash_:
            raise parameter_missing(under)
        notes = debited_accounts.typed_account(type_, hash_, under)
        return debited_accounts.shown_account(tx, notes, hash_), notes, {}
    fields = nested("payment_method", type_)
    made = merged(None, hash_ or {}, fields)
    if type_ == "boleto" and made.get("tax_id"):
        made = {"fingerprint": cards.fingerprint(tx.setup.seed, made["tax_id"]), **made}
    if type_ == "ideal":
        made["bic"] = _BICS.get(made.get("bank"))
    if type_ == "naver_pay":
        made["funding"] = made.get("funding") or "card"
    if type_ == "nz_bank_account":
        made["last4"] = made.pop("account_number")[-4:]
        made["bank_name"] = "STRIPE TEST BANK"
    if type_ == "klarna" and not made.get("dob"):
        made = {}
    return made, {}, {}


def _typed_card(tx: Tx, hash_: Doc) -> tuple[Doc, Doc, Doc]:
    if hash_.get("token"):
        token = tokens.spend(tx, hash_["token"], "card[token]")
        notes = {**tokens.notes_of(tx, token), "uses": 0}
        return card_hash(tx, notes), notes, token["card"]
    notes = instruments.typed_card(tx, hash_)
    made = card_hash(tx, notes)
    made["networks"]["preferred"] = (hash_.get("networks") or {}).get("preferred")
    return made, notes, {}


def card_hash(tx: Tx, notes: Doc) -> Doc:
    """`payment_method.card` of the card that private notes tell of."""
    card = instruments.card_behind(notes)
    assert card is not None
    made = blank("payment_method.card") | instruments.shown_card(tx, notes)
    made["networks"]["available"] = list(card.networks)
    return made | {
        "brand": card.brand,
        "checks": instruments.checks(notes),
        "display_brand": card.display_brand,
        "three_d_secure_usage": {"supported": card.three_d_secure},
    }


def of_charge(method: Doc, mandate: str | None) -> Doc:
    """`charge.payment_method_details[type]` of anything but a card.

    mandate: the one that the debit relies on, if there is any.
    """
    type_ = method["type"]
    known = method.get(type_) or {}
    if type_ == "sepa_debit":
        return {**{name: known.get(name) for name in sorted(_FOR_CARDS)}, "mandate": mandate}
    if type_ == "us_bank_account":
        made = blank("charge.payment_method_details.us_bank_account")
        made.update({name: known[name] for name in made if name in known})
        return made | {"mandate": mandate}
    facts = nested("charge", "payment_method_details", type_).get("fields", {})
    made = {name: None for name, fact in facts.items() if not fact.get("optional")}
    made |= {k: v for k, v in known.items() if k in facts or k not in _OF_METHODS}
    if mandate is not None:
        made["mandate"] = mandate
    return dict(sorted(made.items()))


def legacy_card(card: Doc, notes: Doc) -> Doc:
    """`payment_method.card` of a card object, as payments see a legacy source."""
    behind = instruments.card_behind(notes)
    brand = behind.brand if behind else cards_brand(card["brand"])
    made = blank("payment_method.card")
    made.update({name: card[name] for name in made if name in card})
    made["networks"]["available"] = list(behind.networks) if behind else [brand]
    return made | {
        "brand": brand,
        "checks": {
            "address_line1_check": card["address_line1_check"],
            "address_postal_code_check": card["address_zip_check"],
            "cvc_check": card["cvc_check"],
        },
        "display_brand": behind.display_brand if behind else brand,
    }


def cards_brand(legacy: str) -> str:
    """The payment method's word for a card object's brand."""
    for brand in ("visa", "mastercard", "amex", "discover", "diners", "jcb", "unionpay"):
        if cards.legacy_brand(brand) == legacy:
            return brand
    return "unknown"
