"""Line items of a Checkout Session or a payment link, and what they come to.

The arithmetic is that of invoices: discounts first, then taxes, line by line.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Resource, Tx
from emulator.resources.products import coupons, prices, promotion_codes
from emulator.resources.products.coupons import COUPONS
from emulator.resources.products.prices import PRICES
from emulator.resources.products.products import PRODUCTS
from emulator.resources.products.promotion_codes import PROMOTION_CODES
from emulator.resources.products.shipping_rates import SHIPPING_RATES
from emulator.resources.tax import tax_rates
from emulator.resources.tax.assessing import Assessor
from emulator.resources.tax.tax_rates import TAX_RATES
from emulator.rules.billing import totals

ITEMS: Final = Resource("item", prefix="li", within="session")


def priced(tx: Tx, sent: list[Doc]) -> list[Doc]:
    """What was sent, each with its price found or made: `price` becomes the whole price."""
    return [_priced(tx, item, at) for at, item in enumerate(sent)]


def _priced(tx: Tx, item: Doc, at: int) -> Doc:
    if item.get("price_data"):
        price = prices.inline(tx, item["price_data"])
    elif item.get("price"):
        price = tx.get(PRICES, item["price"], param=f"line_items[{at}][price]")
        if not price["active"]:
            raise refusals.inactive_price(price["id"], at)
    elif item.get("amount") is not None:
        price = prices.inline(tx, _of_older_words(item))
    else:
        raise parameter_missing(f"line_items[{at}][price]")
    return {**item, "price": price, "quantity": item.get("quantity") or 1}


def _of_older_words(item: Doc) -> Doc:
    """`name`, `amount` and `currency` on the line itself, as before August 2022."""
    product = {name: item[name] for name in ("description", "images", "name") if item.get(name)}
    return {
        "currency": item["currency"],
        "product_data": product,
        "unit_amount": item["amount"],
    }


def currency_of(items: list[Doc], wanted: str | None, tx: Tx) -> str:
    """The one currency that all lines are charged in."""
    first: str = wanted or items[0]["price"]["currency"]
    for item in items:
        if not prices.speaks(tx, item["price"], first):
            raise refusals.mixed_currencies(first, item["price"]["currency"])
    return first


def reckon(
    tx: Tx,
    notes: Doc,
    currency: str,
    *,
    exempt: bool = False,
    assessor: Assessor | None = None,
) -> Doc:
    """What the lines of a session come to now; amounts in minor units.

    notes: `items`, `discounts`, `shipping_rate` of the session. assessor: who works out the tax,
    where it is automatic and known. Returns `amount_subtotal`, `amount_total`, `total_details`,
    `shipping_cost`, and `lines` in the order of the items, as `write` takes them.
    """
    positions = [_position(tx, item, currency, assessor) for item in notes["items"]]
    sums = totals.compute(positions, _deductions(tx, notes, currency), exempt=exempt)
    taken = sum(sums.discounts.values())
    cost = shipping_cost(tx, notes, currency, assessor)
    shipping = cost["amount_total"] if cost else 0
    tax = sum(amount for _, amount, _ in sums.taxes) + (cost["amount_tax"] if cost else 0)
    return {
        "amount_subtotal": sum(position.amount for position in positions),
        "amount_total": sums.total + shipping,
        "lines": [
            _line(tx, item, place, currency)
            for item, place in zip(notes["items"], positions, strict=True)
        ],
        "shipping_cost": cost,
        "total_details": {
            "amount_discount": taken,
            "amount_shipping": cost["amount_subtotal"] if cost else 0,
            "amount_tax": tax,
        },
    }


def breakdown(tx: Tx, owner: str, *, recurring: bool = False) -> Doc:
    """What each discount and each tax comes to, over the lines of a session or quote.

    recurring: over those alone that are paid again and again.
    """
    discounts: dict[str, Doc] = {}
    taxes: dict[str, Doc] = {}
    for line in tx.all(ITEMS, session=owner):
        if recurring and not line["price"]["recurring"]:
            continue

        shares = tx.hidden(line["id"])
        for share in shares["discounts"]:
            _add(discounts, share["discount"], share, ("amount",))
        for share in shares["taxes"]:
            _add(taxes, share["rate"], share, ("amount", "taxable_amount"))
    found = {"discounts": list(discounts.values()), "taxes": list(taxes.values())}
    return {name: _named(tx, shares, owner) for name, shares in found.items()}


def _add(sums: dict[str, Doc], id_: str, share: Doc, amounts: tuple[str, ...]) -> None:
    known = sums.get(id_)
    sums[id_] = share if known is None else {**known, **{n: known[n] + share[n] for n in amounts}}


def _named(tx: Tx, shares: list[Doc], owner: str) -> list[Doc]:
    """The shares with the whole discount or rate in place of the id of its coupon or rate."""
    return [
        {**share, "discount": _discount(tx, share["discount"], owner)}
        if "discount" in share
        else {**share, "rate": tx.find(TAX_RATES, share["rate"])}
        for share in shares
    ]


def _discount(tx: Tx, coupon: str, owner: str) -> Doc:
    """The discount as a client sees it: it stands nowhere else before it is used."""
    session = owner if owner.startswith("cs_") else None
    return {
        **blank("discount"),
        "id": f"di_{tx.secret(f'{owner}/{coupon}', 24)}",
        "checkout_session": session,
        "source": {"coupon": coupon, "type": "coupon"},
        "start": tx.now,
    }


def _shares(name: str) -> Callable[[Tx, Doc], list[Doc]]:
    def shown(tx: Tx, line: Doc) -> list[Doc]:
        kept = tx.hidden(line["id"])
        return _named(tx, kept[name], kept["owner"])

    return shown


ITEMS.includes = {"discounts": _shares("discounts"), "taxes": _shares("taxes")}


def write(tx: Tx, session: str, lines: list[Doc]) -> None:
    """Keep the lines of a session, in place of those it had."""
    for old in list(tx.all(ITEMS, session=session)):
        tx.delete(ITEMS, old)
    for line in reversed(lines):
        head = {"id": tx.new_id(ITEMS.prefix), "object": ITEMS.name}
        shares = {name: line.pop(name) for name in ("discounts", "taxes")}
        tx.hide(head["id"], {"owner": session, **shares})
        tx.save(ITEMS, {**head, **line, "session": session})


def _position(
    tx: Tx, item: Doc, currency: str, assessor: Assessor | None = None
) -> totals.Position:
    price = item["price"]
    return totals.Position(
        prices.amount(tx, price, item["quantity"], currency),
        product=str(price["product"]),
        rates=assessor.rates(price, currency, {}) if assessor else _rates(tx, item),
    )


def _rates(tx: Tx, item: Doc) -> list[totals.Rate]:
    rates = tax_rates.named(tx, item.get("tax_rates") or [], "line_items[tax_rates]")
    return [
        totals.Rate(rate["id"], Decimal(str(rate["percentage"])), rate["inclusive"])
        for rate in rates
    ]


def _deductions(tx: Tx, notes: Doc, currency: str) -> list[totals.Deduction]:
    found = []
    for at, given in enumerate(notes.get("discounts") or []):
        coupon = coupon_of(tx, given, at)
        percent = coupon["percent_off"]
        products = coupons.products_of(tx, coupon)
        found.append(
            totals.Deduction(
                coupon["id"],
                percent=Decimal(str(percent)) if percent is not None else None,
                amount=coupons.amount_in(tx, coupon, currency) or 0,
                products=frozenset(products) if products is not None else None,
            )
        )
    return found


def coupon_of(tx: Tx, given: Doc, at: int = 0) -> Doc:
    """The coupon behind an entry of `discounts`; refused when it cannot be used."""
    if given.get("promotion_code"):
        param = f"discounts[{at}][promotion_code]"
        return promotion_codes.usable(tx, given["promotion_code"], None, param)[1]
    return coupons.usable(tx, given["coupon"], f"discounts[{at}][coupon]")


def redeem(tx: Tx, discounts: list[Doc]) -> None:
    """The coupons and codes of a session that was paid have been used once more."""
    for given in discounts:
        code = tx.find(PROMOTION_CODES, given.get("promotion_code") or "")
        if code is not None:
            promotion_codes.used(tx, code)
        named = code["promotion"]["coupon"] if code else given.get("coupon")
        coupon = tx.find(COUPONS, named or "")
        if coupon is not None and not coupon.get("deleted"):
            coupons.redeemed(tx, coupon)


def shipping_cost(
    tx: Tx, notes: Doc, currency: str, assessor: Assessor | None = None
) -> Doc | None:
    """What the chosen way of shipping costs; the first one offered is chosen until another is."""
    chosen = notes.get("shipping_rate")
    if chosen is None:
        return None
    rate = tx.get(SHIPPING_RATES, chosen, param="shipping_options[0][shipping_rate]")
    fixed = rate["fixed_amount"]
    amount = fixed["amount"]
    if fixed["currency"] != currency:
        amount = (fixed.get("currency_options") or {}).get(currency, {}).get("amount", amount)
    place = totals.Position(amount, rates=_on_shipping(rate, currency, assessor))
    sums = totals.compute([place])
    return {
        "amount_subtotal": amount,
        "amount_tax": sum(tax for _, tax, _ in place.taxes),
        "amount_total": sums.total,
        "shipping_rate": rate["id"],
    }


def _on_shipping(rate: Doc, currency: str, assessor: Assessor | None) -> list[totals.Rate]:
    """The taxes on shipping: those on its own tax code."""
    if assessor is None:
        return []
    note = {"tax_behavior": rate["tax_behavior"], "tax_code": rate["tax_code"]}
    return assessor.rates(None, currency, note)


def displayed(tx: Tx, session: str) -> list[Doc]:
    """The lines as sessions showed them before they had lines: what is paid again and again by its
    plan, anything else by its name (documented).
    """
    found = []
    for line in list(tx.all(ITEMS, session=session))[::-1]:
        price = line["price"]
        product = tx.find(PRODUCTS, price["product"]) or {}
        names = {name: product.get(name) for name in ("description", "images", "name")}
        shown: Doc = {"custom": {**names, "images": names["images"] or None}, "type": "custom"}
        if price["type"] == "recurring":
            shown = {"plan": prices.plan_of(price), "type": "plan"}
        quantity = line["quantity"] or 1
        each = {"amount": line["amount_subtotal"] // quantity, "currency": line["currency"]}
        found.append({**each, "quantity": quantity, **shown})
    return found


def _line(tx: Tx, item: Doc, place: totals.Position, currency: str) -> dict[str, Any]:
    price = item["price"]
    product = tx.find(PRODUCTS, price["product"]) or {}
    tax = sum(amount for _, amount, _ in place.taxes)
    exclusive = sum(amount for rate, amount, _ in place.taxes if not rate.inclusive)
    return {
        "adjustable_quantity": item.get("adjustable_quantity"),
        "amount_discount": sum(place.discounts.values()),
        "amount_subtotal": place.amount,
        "amount_tax": tax,
        "amount_total": place.left + exclusive,
        "currency": currency,
        "description": product.get("name"),
        "discounts": [{"amount": n, "discount": id_} for id_, n in place.discounts.items()],
        "metadata": item.get("metadata") or {},
        "price": price,
        "quantity": item["quantity"],
        "taxes": [_tax_share(rate, amount, taxable) for rate, amount, taxable in place.taxes],
    }


def _tax_share(rate: totals.Rate, amount: int, taxable: int) -> Doc:
    return {
        "amount": amount,
        "rate": rate.id,
        "taxability_reason": rate.reason if rate.is_worked_out else None,
        "taxable_amount": taxable,
    }
