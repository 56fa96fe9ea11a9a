"""Refusals about what is sold and for less: products, prices, coupons, promotion codes, tax rates.

Wording marked "assumed" has no recording and no document behind it.
"""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal, invalid


def product_has_prices() -> Refusal:
    return invalid("This product cannot be deleted because it has one or more user-created prices.")


def id_taken(kind: str) -> Refusal:
    """A client chose an id that is there already."""
    refusal = invalid(f"{kind} already exists.", "resource_already_exists")
    refusal.extra["param"] = "id"
    return refusal


def price_without_product() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You must specify either `product` or `product_data` when creating a price.",
        "parameter_missing",
        "product",
    )


def price_without_amount() -> Refusal:
    return invalid("Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.")


def negative_amount(param: str) -> Refusal:
    return invalid("Invalid non-negative integer", "parameter_invalid_integer", param)


def tiers_missing(param: str) -> Refusal:
    """A tiered price without its tiers, or without a mode (assumed wording)."""
    return invalid(
        f"You must set `{param}` when `billing_scheme` is `tiered`.", "parameter_missing", param
    )


def tiers_unbounded() -> Refusal:
    """Assumed wording."""
    return invalid(
        "Invalid tiers: the last tier must have `up_to` set to `inf`, and the others must rise.",
        None,
        "tiers",
    )


def too_long_an_interval(param: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        "Invalid interval_count: the maximum interval is three years.",
        "parameter_invalid_integer",
        param,
    )


def meter_for_licensed() -> Refusal:
    """Assumed wording."""
    return invalid(
        "`recurring[meter]` can only be set when `recurring[usage_type]` is `metered`.",
        None,
        "recurring[meter]",
    )


def lookup_key_taken(key: str) -> Refusal:
    return invalid(
        f"A price (`{key}`) already uses that lookup key.",
        "resource_already_exists",
        "lookup_key",
    )


def tax_behavior_fixed() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You cannot change `tax_behavior` once it is `inclusive` or `exclusive`.",
        None,
        "tax_behavior",
    )


def default_price_elsewhere(price: str) -> Refusal:
    """Assumed wording."""
    return invalid(f"The price {price} does not belong to this product.", None, "default_price")


def default_price_kept() -> Refusal:
    return invalid("This price cannot be archived because it is the default price of its product.")


def coupon_without_value() -> Refusal:
    return invalid("You must pass either `amount_off` or `percent_off`.")


def coupon_with_both() -> Refusal:
    return invalid("You may only specify one of these parameters: amount_off, percent_off.")


def percent_out_of_range() -> Refusal:
    """Assumed wording."""
    return invalid("Invalid percent_off: must be between 0 and 100.", None, "percent_off")


def coupon_currency_missing() -> Refusal:
    return invalid(
        "Must provide `currency` when `amount_off` is given.", "parameter_missing", "currency"
    )


def coupon_months(*, wanted: bool) -> Refusal:
    """duration_in_months without `repeating`, or the other way round (assumed wording)."""
    if wanted:
        return invalid(
            "You must pass `duration_in_months` when the duration is `repeating`.",
            "parameter_missing",
            "duration_in_months",
        )
    return invalid(
        "`duration_in_months` can only be set when the duration is `repeating`.",
        None,
        "duration_in_months",
    )


def redeem_by_past() -> Refusal:
    """Assumed wording."""
    return invalid("`redeem_by` must be in the future.", None, "redeem_by")


def coupon_used_up(coupon: str, param: str) -> Refusal:
    return invalid(f"Coupon {coupon} is used up and cannot be applied.", "coupon_expired", param)


def coupon_expired(coupon: str, param: str) -> Refusal:
    return invalid(f"Coupon expired: {coupon}", "coupon_expired", param)


def promotion_code_taken(code: str) -> Refusal:
    return invalid(
        f"An active promotion code with `code: {code}` already exists.",
        "resource_already_exists",
        "code",
    )


def promotion_code_of_dead_coupon() -> Refusal:
    """Assumed wording."""
    return invalid("You cannot activate a promotion code whose coupon is no longer valid.")


def promotion_code_unusable(code: str, param: str) -> Refusal:
    """Inactive, expired, used up, or another customer's."""
    return invalid(
        "This promotion code cannot be redeemed because it is no longer active, has expired, or is "
        f"not for this customer: {code}",
        "promotion_code_not_redeemable",
        param,
    )


def percentage_out_of_range() -> Refusal:
    """Assumed wording."""
    return invalid("Invalid percentage: must be between 0 and 100.", None, "percentage")


def custom_amount_recurring() -> Refusal:
    """Who pays again and again does not choose how much (documented; assumed wording)."""
    return invalid(
        "`custom_unit_amount` can only be used with one-time prices.", param="custom_unit_amount"
    )


# -- features -------------------------------------------------------------------------------------


def feature_key_taken(key: str) -> Refusal:
    """Another feature that is not archived has this lookup key (assumed wording)."""
    return invalid(
        f"A feature with the lookup key {key} already exists.",
        "resource_already_exists",
        "lookup_key",
    )


def feature_archived() -> Refusal:
    """Assumed wording."""
    return invalid(
        "This feature is archived and cannot be attached to a product.",
        param="entitlement_feature",
    )


def feature_attached() -> Refusal:
    """Assumed wording."""
    return invalid(
        "This feature is already attached to the product.",
        "resource_already_exists",
        "entitlement_feature",
    )
