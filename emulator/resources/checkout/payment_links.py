"""Payment links: an address that makes a Checkout Session for everybody who opens it."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Resource, Tx, envelope, lists, lists_within, retrieves
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.checkout import items, opening, sessions
from emulator.resources.checkout.items import ITEMS

_MOST_ITEMS: Final = 20
_DEFAULTS: Final[Doc] = {
    "active": True,
    "after_completion": {
        "hosted_confirmation": {"custom_message": None},
        "type": "hosted_confirmation",
    },
    "allow_promotion_codes": False,
    "application_fee_amount": None,
    "application_fee_percent": None,
    "automatic_tax": {"enabled": False, "liability": None},
    "billing_address_collection": "auto",
    "consent_collection": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer_creation": "if_required",
    "inactive_message": None,
    "invoice_creation": None,
    "livemode": False,
    "managed_payments": {"enabled": False},
    "metadata": {},
    "on_behalf_of": None,
    "optional_items": None,
    "payment_intent_data": None,
    "payment_method_collection": "always",
    "payment_method_options": None,
    "payment_method_types": None,
    "phone_number_collection": {"enabled": False},
    "restrictions": None,
    "shipping_address_collection": None,
    "shipping_options": [],
    "submit_type": "auto",
    "subscription_data": None,
    "tax_id_collection": {"enabled": False, "required": "never"},
    "transfer_data": None,
}
_FREE: Final = tuple(name for name in _DEFAULTS if name != "livemode")
_OF_SESSION: Final = (
    "allow_promotion_codes",
    "automatic_tax",
    "billing_address_collection",
    "consent_collection",
    "custom_text",
    "payment_method_collection",
    "payment_method_options",
    "payment_method_types",
    "phone_number_collection",
    "shipping_address_collection",
)


def _with_count(tx: Tx, link: Doc) -> Doc:
    """How many sessions were completed is a question about them, answered when somebody looks."""
    limit = (link["restrictions"] or {}).get("completed_sessions")
    if limit:
        link["restrictions"]["completed_sessions"] = {
            "count": _completed(tx, link["id"]),
            "limit": limit["limit"],
        }
    return link


def _completed(tx: Tx, link: str) -> int:
    found = tx.all(sessions.SESSIONS, payment_link=link)
    return sum(1 for each in found if each["status"] == "complete")


PAYMENT_LINKS: Final = Resource(
    "payment_link",
    prefix="plink",
    kind="payment_link",
    param="payment_link",
    filters=("active",),
    editable=_FREE,
    view=_with_count,
)

retrieves(PAYMENT_LINKS, "GET /v1/payment_links/{payment_link}")
lists(PAYMENT_LINKS, "GET /v1/payment_links")


@PAYMENT_LINKS.on("POST /v1/payment_links")
def create(tx: Tx, params: Params) -> Doc:
    if not params.get("line_items"):
        raise parameter_missing("line_items")
    if len(params["line_items"]) > _MOST_ITEMS:
        raise refusals.too_many_items(_MOST_ITEMS)

    priced = items.priced(tx, params["line_items"])
    currency = items.currency_of(priced, params.get("currency"), tx)
    id_ = tx.new_id(PAYMENT_LINKS.prefix)
    link: Doc = {"id": id_, "object": PAYMENT_LINKS.name, **_DEFAULTS, "currency": currency}
    link |= {
        "application": None if tx.is_platform else tx.setup.application,
        "metadata": merged_metadata(None, {}),
        "payment_method_collection": "if_required" if _once(priced) else "always",
        "url": f"{_address(tx)}/{id_}",
    }
    _lay(link, params)
    sums = items.reckon(tx, {"items": priced}, currency)
    items.write(tx, id_, sums["lines"])
    tx.hide(id_, {"sent": params, "completed": 0})
    return tx.save(PAYMENT_LINKS, _with_count(tx, link), event="payment_link.created")


@PAYMENT_LINKS.on("POST /v1/payment_links/{payment_link}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    link = tx.get(PAYMENT_LINKS, id_)
    _lay(link, params)
    notes = tx.hidden(id_)
    if params.get("line_items"):
        notes["sent"] = {**notes["sent"], "line_items": _changed(notes["sent"], params)}
        priced = items.priced(tx, notes["sent"]["line_items"])
        items.write(tx, id_, items.reckon(tx, {"items": priced}, link["currency"])["lines"])
    others = {name: value for name, value in params.items() if name != "line_items"}
    tx.hide(id_, {**notes, "sent": {**notes["sent"], **others}})
    return tx.save(PAYMENT_LINKS, _with_count(tx, link), event="payment_link.updated")


lists_within(ITEMS, "GET /v1/payment_links/{payment_link}/line_items", PAYMENT_LINKS)


PAYMENT_LINKS.includes["line_items"] = lambda tx, link: envelope(
    tx, ITEMS, f"/v1/payment_links/{link['id']}/line_items", total=False, session=link["id"]
)


# -- opened ---------------------------------------------------------------------------------------


def open_(tx: Tx, link: Doc) -> Doc:
    """Somebody opens the link: a session of their own."""
    id_ = link["id"]
    notes = tx.hidden(id_)
    limit = ((link["restrictions"] or {}).get("completed_sessions") or {}).get("limit")
    if not link["active"] or (limit is not None and _completed(tx, id_) >= limit):
        raise refusals.link_inactive(link["inactive_message"])
    sent: Params = notes["sent"]
    after = link["after_completion"]
    redirect = (after.get("redirect") or {}).get("url") if after["type"] == "redirect" else None
    asked: dict[str, Any] = {
        name: link[name] for name in _OF_SESSION if link.get(name) not in (None, False, {}, [])
    }
    asked |= {name: sent[name] for name in _RESENT if sent.get(name)}
    recurring = not _once(items.priced(tx, sent["line_items"]))
    asked["mode"] = "subscription" if recurring else "payment"
    asked["success_url"] = redirect or f"{link['url']}/done"
    asked |= _split(link, recurring=recurring)
    asked["metadata"] = link["metadata"]
    return opening.make(tx, asked, payment_link=link["id"])


_RESENT: Final = ("custom_fields", "line_items", "shipping_options", "customer_creation")


def _split(link: Doc, *, recurring: bool) -> Doc:
    """Who gets what of the payment, in the words of a session."""
    if recurring:
        data = {
            **(link["subscription_data"] or {}),
            "application_fee_percent": link["application_fee_percent"],
            "on_behalf_of": link["on_behalf_of"],
            "transfer_data": link["transfer_data"],
        }
        return {"subscription_data": {k: v for k, v in data.items() if v is not None}}
    data = {
        **(link["payment_intent_data"] or {}),
        "application_fee_amount": link["application_fee_amount"],
        "on_behalf_of": link["on_behalf_of"],
        "transfer_data": link["transfer_data"],
    }
    return {"payment_intent_data": {k: v for k, v in data.items() if v is not None}}


# -- inside ---------------------------------------------------------------------------------------


def _once(priced: list[Doc]) -> bool:
    return all(each["price"]["type"] == "one_time" for each in priced)


def _lay(link: Doc, params: Params) -> None:
    """Put what a request sets onto a link; its fields have no answers."""
    edit(link, _sent(params), _FREE)
    if params.get("custom_fields"):
        link["custom_fields"] = [
            {name: _unanswered(value) for name, value in each.items()}
            for each in opening.custom_fields(params["custom_fields"])
        ]


def _unanswered(value: Any) -> Any:
    return {k: v for k, v in value.items() if k != "value"} if isinstance(value, dict) else value


def _sent(params: Params) -> Params:
    """What is kept as it was sent; lines and ways of shipping are kept elsewhere."""
    left = {"currency", "line_items", "shipping_options"}
    return {name: value for name, value in params.items() if name not in left and value is not None}


def _changed(before: Params, params: Params) -> list[Doc]:
    """Lines after an update: the quantity of each that is named."""
    held: list[Doc] = before["line_items"]
    found = []
    for old, new in zip(held, params["line_items"], strict=False):
        found.append({**old, "quantity": new.get("quantity") or old.get("quantity") or 1})
    return found


def _address(tx: Tx) -> str:
    here = tx.setup.settings.get("base_url", "http://localhost:12111")
    return f"{here}/_emulator/pay/{tx.setup.name}"
