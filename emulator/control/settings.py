"""What the owner of a world may choose: rule set, platform country, prices, exchange rates, a
name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from emulator.contract import versions
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import control as refusals
from emulator.rules import exchange
from emulator.rules.accounts import countries, profiles
from emulator.rules.accounts.availability import RULE_SETS
from emulator.rules.billing import dunning
from emulator.world import World

Found = dict[str, Any]

_PRICES: Final = ("bps", "fixed", "least", "most")
_MOST: Final = 99_999_999
_LONGEST: Final = 100
_WHOLE: Final = 10_000
_MOST_DAYS: Final = 365


async def show(world: World, body: Found) -> Found:
    """GET /_emulator/settings: what holds now, and the ids of the platform and its Connect
    application.
    """
    refusals.check_names(body, ())
    settings = world.setup.settings
    return {
        "world": world.name,
        "platform": world.setup.platform,
        "application": world.setup.application,
        **{name: settings.get(name) for name in sorted(SETTINGS)},
    }


async def change(world: World, body: Found) -> Found:
    """POST /_emulator/settings: what is named changes, and null gives a setting its usual value
    back.

    availability: overview or current. country: two letters, only before anything exists.
    pricing: what the platform pays Stripe, a hash of bps, fixed, least, most (minor units), or a
    list of such, of which the cheapest counts. rates: currency -> units per US dollar.
    settlement_currencies: what the platform keeps unconverted. instant_payout_fee_bps: hundredths
    of a percent. instant_payout_daily_limit: currency -> minor units per account.
    application_name, application_url: what fees, payments and authorisation pages say
    of the platform.
    dunning: retry_days (days between attempts to collect), or smart_days (Smart Retries within so
    many), and after_retries (cancel, unpaid or past_due).
    mcc: the platform's category, which its accounts have that name none.
    async_capture: whether charges of automatic_async payments show where their money is after two
    seconds only, as Stripe's do (usually true).
    refunds_wait_for_funds: whether refunds of more than is available wait, or fail.
    strict: whether operations that are only stored answer 501.
    browser_tokens: whether account and person tokens unknown here count as made by Stripe.js.
    version: the platform's API version: of its events, and of requests that name none.
    """
    refusals.check_names(body, tuple(SETTINGS))
    for name, value in body.items():
        if value is not None:
            check(name, value)
    if "country" in body:
        _move(world, body["country"] or world.profile.country)
    for name in body.keys() - {"country"}:
        _set(world, name, body[name])
    return await show(world, {})


def check(name: str, value: Any) -> None:
    """Refuse a value that a setting does not take."""
    setting = SETTINGS[name]
    if not setting.fits(value):
        raise refusals.bad_control_value(name, setting.wanted)


def _set(world: World, name: str, value: Any) -> None:
    if value is None:
        value = world.profile.settings.get(name)
        if name == "availability":
            value = world.profile.availability
    if value is None and name == "version":
        value = versions.usual(world.now())
    if value is None:
        world.setup.settings.pop(name, None)
    else:
        world.setup.settings[name] = value


def _move(world: World, country: str) -> None:
    if country == world.setup.settings["country"]:
        return
    if not world.is_untouched():
        raise refusals.country_fixed(world.setup.settings["country"])
    world.restart_in(country)


def _is_version(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(versions.parse(value))
    except Refusal:
        return False


def _is_country(value: Any) -> bool:
    return isinstance(value, str) and value in countries.full_countries()


def _is_pricing(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(
            isinstance(price, dict) and _is_pricing(price) for price in value
        )
    return isinstance(value, dict) and all(
        name in _PRICES
        and isinstance(part, int)
        and not isinstance(part, bool)
        and 0 <= part <= _MOST
        for name, part in value.items()
    )


def _are_rates(value: Any) -> bool:
    return isinstance(value, dict) and all(
        exchange.known(code)
        and isinstance(rate, int | float)
        and not isinstance(rate, bool)
        and 0 < rate <= _MOST
        for code, rate in value.items()
    )


def _are_sums(value: Any) -> bool:
    return isinstance(value, dict) and all(
        exchange.known(code) and isinstance(sum_, int) and not isinstance(sum_, bool) and sum_ >= 0
        for code, sum_ in value.items()
    )


def _are_currencies(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(c, str) and exchange.known(c) for c in value)


def _is_part(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _WHOLE


def _is_dunning(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() - {"after_retries", "retry_days", "smart_days"}:
        return False
    if value.get("smart_days", dunning.WINDOWS[0]) not in dunning.WINDOWS:
        return False
    days, then = value.get("retry_days", []), value.get("after_retries", dunning.ENDS[0])
    whole = isinstance(days, list) and all(
        isinstance(day, int) and not isinstance(day, bool) and 0 < day <= _MOST_DAYS for day in days
    )
    return whole and then in dunning.ENDS


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST


class Setting(NamedTuple):
    """wanted: what it takes, completing "must be …". fits: the check of that. types: of JSON."""

    wanted: str
    fits: Callable[[Any], bool]
    types: tuple[str, ...] = ("string",)


_SWITCH: Final = Setting("true or false", lambda value: isinstance(value, bool), ("boolean",))
SETTINGS: Final[dict[str, Setting]] = {
    "application_name": Setting(f"a name of at most {_LONGEST} letters", _is_name),
    "application_url": Setting("an address that begins with http:// or https://", _is_address),
    "async_capture": _SWITCH,
    "availability": Setting("one of " + ", ".join(RULE_SETS), lambda value: value in RULE_SETS),
    "browser_tokens": _SWITCH,
    "country": Setting("a country in which Stripe supports businesses, such as US", _is_country),
    "dunning": Setting(
        "a hash of retry_days (between attempts), or smart_days (7, 14, 21, 30 or 60), and "
        "after_retries (cancel, unpaid or past_due)",
        _is_dunning,
        ("object",),
    ),
    "instant_payout_daily_limit": Setting(
        "a hash of currencies (three small letters) and whole numbers of minor units",
        _are_sums,
        ("object",),
    ),
    "instant_payout_fee_bps": Setting("a whole number from 0 to 10000", _is_part, ("integer",)),
    "mcc": Setting("a merchant category code", profiles.is_mcc),
    "pricing": Setting(
        "a hash of whole numbers under bps, fixed, least and most, or a list of such hashes",
        _is_pricing,
        ("object", "array"),
    ),
    "rates": Setting(
        "a hash of currencies (three small letters) and units per US dollar",
        _are_rates,
        ("object",),
    ),
    "refunds_wait_for_funds": _SWITCH,
    "settlement_currencies": Setting(
        "a list of currencies (three small letters) that the platform keeps without converting",
        _are_currencies,
        ("array",),
    ),
    "strict": _SWITCH,
    "version": Setting("an API version, such as 2022-11-15", _is_version),
}

# What a change may hold, for the control API's description; `check` looks closer.
SCHEMA: Final[dict[str, Any]] = {
    name: {"type": [*setting.types, "null"], "description": setting.wanted}
    for name, setting in SETTINGS.items()
}
