"""Refusals about invoices and what gives back of them: items, payment, credit notes, tax ids.

Wording marked "assumed" has no recording and no document behind it.
"""

from __future__ import annotations

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid

# -- invoices -------------------------------------------------------------------------------------


def invoice_not_editable() -> Refusal:
    return invalid("Finalized invoices can't be updated in this way", "invoice_not_editable")


def already_finalized() -> Refusal:
    return invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")


def invoice_already_paid() -> Refusal:
    return invalid("Invoice is already paid")


def invoice_not_payable(status: str) -> Refusal:
    """A void invoice, or one that is no more to be paid (assumed wording)."""
    return invalid(f"Invoice is {status} and cannot be paid.", "invoice_not_payable")


def invoice_not_open(deed: str, status: str) -> Refusal:
    """Assumed wording."""
    return invalid(f"You can only {deed} open invoices. This invoice is {status}.")


def nothing_to_invoice() -> Refusal:
    return invalid("Nothing to invoice for customer", "invoice_no_customer_line_items")


def only_drafts_deleted() -> Refusal:
    return invalid("You can only delete draft invoices.")


def subscription_invoices_stay() -> Refusal:
    return invalid("You can't delete invoices created by subscriptions.")


def missing_email() -> Refusal:
    return invalid(
        "Missing email. In order to create invoices that are sent to the customer, the customer "
        "must have a valid email."
    )


def days_until_due_missing() -> Refusal:
    return invalid(
        "If invoice is created with `collection_method`=`send_invoice`, you must pass "
        "`days_until_due` or `due_date`.",
        "parameter_missing",
        "days_until_due",
    )


def due_date_with_automatic(param: str) -> Refusal:
    return invalid(
        f"You can only set `{param}` if invoice `collection_method` is `send_invoice`.", None, param
    )


def due_date_past() -> Refusal:
    """Assumed wording."""
    return invalid("`due_date` must be in the future.", None, "due_date")


def item_amount_missing() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You must provide one of the following parameters: amount, pricing, price_data, "
        "unit_amount_decimal.",
        "parameter_missing",
    )


def wrong_currency(theirs: str) -> Refusal:
    return invalid(
        "You cannot combine currencies on a single customer. This customer has an active "
        f"subscription, subscription schedule, discount, quote, or invoice item with currency "
        f"{theirs}",
        param="currency",
    )


def invoice_item_frozen() -> Refusal:
    """Assumed wording."""
    return invalid("This invoice item is attached to an invoice that is no longer editable.")


def recurring_price(param: str) -> Refusal:
    return invalid(
        "The price specified is set to `type=recurring` but this field only accepts prices with "
        "`type=one_time`.",
        None,
        param,
    )


def no_such_line(id_: str, param: str) -> Refusal:
    return invalid(f"No such invoice line item: '{id_}'", "resource_missing", param)


def fee_needs_connect(param: str) -> Refusal:
    return invalid(
        "Can only apply an application_fee when the request is made on behalf of another account "
        "(using an OAuth key, the Stripe-Account header, or the destination parameter).",
        None,
        param,
    )


def cannot_preview() -> Refusal:
    return invalid(
        "You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint."
    )


def no_upcoming(customer: str) -> Refusal:
    return Refusal(
        404,
        "invalid_request_error",
        f"No upcoming invoices for customer: {customer}",
        "invoice_upcoming_none",
    )


# -- credit notes, balances, tax ids --------------------------------------------------------------


def credit_note_invoice(status: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"You can only create credit notes for open or paid invoices. This invoice is {status}."
    )


def credit_too_large(left: int, currency: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"The amount of the credit note exceeds what can still be credited "
        f"({display(left, currency)}).",
        None,
        "amount",
    )


def credit_split(total: int, given: int, currency: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        "The sum of `refund_amount`, `credit_amount` and `out_of_band_amount` "
        f"({display(given, currency)}) must equal the credit note amount "
        f"({display(total, currency)})."
    )


def credit_without_payment() -> Refusal:
    """Assumed wording."""
    return invalid(
        "This invoice was not paid with a payment that can be refunded.", None, "refund_amount"
    )


def credit_amount_missing() -> Refusal:
    return invalid("You must pass at least one of `amount`, `lines` or `shipping_cost`.")


def credit_note_not_voidable() -> Refusal:
    """Assumed wording."""
    return invalid("You can only void credit notes of open invoices that are issued.")


def tax_id_invalid(type_: str) -> Refusal:
    return invalid(f"Invalid value for {type_}.", "tax_id_invalid", "value")
