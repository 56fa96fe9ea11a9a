"""What payment methods, tokens and sources have in common: a card or a bank account behind them.

What Stripe would keep in its vault (the number, whether a security code came with it, what has been
done with it since) stands in the object's private notes; everything that clients see is derived
from them.
"""

from __future__ import annotations

from typing import Any

from emulator.kernel.errors import instruments as refusals
from emulator.kit import Doc, Tx
from emulator.rules import cards

# Ready-made cards come with a security code since about the turn of 2024 (observed: without in
# August 2023, with in February 2024); their cvc_check was null before.
_NAMES_HAVE_CODES = 1_704_067_200

_CARD_NOTES = ("number", "name", "exp_month", "exp_year", "cvc", "postal_code", "line1", "set_up")


def typed_card(tx: Tx, hash_: Doc) -> Doc:
    """Private notes of a card that somebody typed; refused as Stripe refuses typing errors.

    Notes: number, name (of a magic card), exp_month, exp_year, cvc, postal_code and line1 (whether
    they were given), used (whether it was verified), uses (payments so far), set_up (for
    off-session use).
    """
    if not hash_.get("number"):
        raise refusals.card_without("number")
    card = cards.check_number(str(hash_["number"]))
    for name in ("exp_month", "exp_year"):
        if hash_.get(name) in {None, ""}:
            raise refusals.card_without(name)
    month, year = _whole(hash_["exp_month"]), cards.full_year(_whole(hash_["exp_year"]))
    cards.check_expiry(month, year, tx.now)
    if hash_.get("cvc"):
        cards.check_cvc(str(hash_["cvc"]), card.brand)
    return {
        "number": card.number,
        "name": None,
        "exp_month": month,
        "exp_year": year,
        "cvc": bool(hash_.get("cvc")),
        "postal_code": bool(hash_.get("address_zip")),
        "line1": bool(hash_.get("address_line1")),
        "used": False,
        "uses": 0,
        "set_up": False,
    }


def renewed(tx: Tx, card: Doc, sent: Doc) -> Doc:
    """The expiry that an update sets, if it sets one: what was sent over what the card has."""
    new = {name: sent[name] for name in ("exp_month", "exp_year") if sent.get(name)}
    if not new:
        return {}
    month = _whole(new.get("exp_month", card["exp_month"]))
    year = cards.full_year(_whole(new.get("exp_year", card["exp_year"])))
    cards.check_expiry(month, year, tx.now)
    return {"exp_month": month, "exp_year": year}


def magic_card(tx: Tx, name: str) -> Doc | None:
    """Private notes of the card behind `pm_card_visa` or `tok_visa`; None for any other name."""
    card = cards.by_name(name)
    if card is None:
        return None
    month, year = cards.default_expiry(tx.now)
    return {
        "number": card.number,
        "name": name,
        "exp_month": month,
        "exp_year": year,
        "cvc": tx.now >= _NAMES_HAVE_CODES,
        "postal_code": False,
        "line1": False,
        "used": False,
        "uses": 0,
        "set_up": False,
    }


def card_behind(notes: Doc) -> cards.Card | None:
    """The test card that private notes tell of; None where there is no card."""
    if notes.get("name"):
        return cards.by_name(notes["name"])
    number = notes.get("number")
    return cards.by_number(number) if number else None


def passed_on(notes: Doc) -> Doc:
    """The notes of what is made from another object: of the same card, its check done with it."""
    kept = {name: notes[name] for name in _CARD_NOTES if name in notes}
    return {**kept, "used": notes.get("used", False), "uses": 0}


def shown_card(tx: Tx, notes: Doc) -> Doc:
    """The fields that every form of a card shows: expiry, fingerprint, funding, last4, country."""
    card = card_behind(notes)
    assert card is not None
    return {
        "country": card.country,
        "exp_month": notes["exp_month"],
        "exp_year": notes["exp_year"],
        "fingerprint": cards.fingerprint(tx.setup.seed, card.number),
        "funding": card.funding,
        "last4": card.last4,
        "regulated_status": card.regulated_status,
    }


def checks(notes: Doc, *, used: bool | None = None) -> dict[str, str | None]:
    """`checks` of a payment method's card, as far as the card has been used."""
    card = card_behind(notes)
    assert card is not None
    return cards.checks(
        card,
        cvc=bool(notes.get("cvc")),
        postal_code=bool(notes.get("postal_code")),
        line1=bool(notes.get("line1")),
        used=bool(notes.get("used")) if used is None else used,
    )


def verify(tx: Tx, notes: Doc, customer: str | None, id_: str | None) -> None:
    """Ask the card whether it may be kept: a decline is raised, a yes is kept in the notes.

    id_: the payment method's or source's, as far as it has one.
    """
    card = card_behind(notes)
    if card is None:
        return
    if not notes.get("used"):
        no = cards.answer(
            card,
            "attach",
            cvc=bool(notes.get("cvc")),
            postal_code=bool(notes.get("postal_code")),
        )
        said = tx.ask(
            "card.attach",
            no.name if no else "approved",
            lambda: {
                "brand": card.brand,
                "customer": customer,
                "last4": card.last4,
                "payment_method": id_,
            },
        )
        if said != "approved":
            raise cards.refusal(cards.decline(said), attaching=True)
    notes["used"] = True


def _whole(value: Any) -> int:
    """Old operations take their card as it comes, so its numbers may still be text."""
    try:
        return int(value)
    except ValueError:
        return 0
