"""Tax registrations: where an account collects tax, and from when to when."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import taxing as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves
from emulator.kit.editing import nested


def _view(tx: Tx, registration: Doc) -> Doc:
    return registration | {"status": _status(registration, tx.now)}


REGISTRATIONS: Final = Resource(
    "tax.registration", prefix="taxreg", kind="tax registration", view=_view
)

retrieves(REGISTRATIONS, "GET /v1/tax/registrations/{id}")


@REGISTRATIONS.on("GET /v1/tax/registrations")
def list_(tx: Tx, params: Params) -> Page:
    wanted = params.get("status") or "all"

    def where(registration: Doc) -> bool:
        return _status(registration, tx.now) == wanted

    return page(
        tx,
        REGISTRATIONS,
        params,
        where=None if wanted == "all" else where,
    )


@REGISTRATIONS.on("POST /v1/tax/registrations")
def create(tx: Tx, params: Params) -> Doc:
    registration = tx.new(REGISTRATIONS, country=params["country"].upper())
    given = params.get("country_options") or {}
    registration["country_options"] = {
        country: _whole(country, options) for country, options in given.items()
    }
    _set_time(tx, registration, params)
    return _view(tx, tx.save(REGISTRATIONS, registration))


@REGISTRATIONS.on("POST /v1/tax/registrations/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    registration = tx.get(REGISTRATIONS, id_)
    _set_time(tx, registration, params)
    return _view(tx, tx.save(REGISTRATIONS, registration))


def in_force(tx: Tx) -> tuple[Doc, ...]:
    """The registrations that collect now."""
    return tuple(each for each in tx.all(REGISTRATIONS) if _status(each, tx.now) == "active")


def _status(registration: Doc, now: int) -> str:
    if registration["active_from"] > now:
        return "scheduled"
    end = registration["expires_at"]
    return "active" if end is None or end > now else "expired"


def _set_time(tx: Tx, registration: Doc, params: Params) -> None:
    for name in ("active_from", "expires_at"):
        if name in params:
            registration[name] = _instant(tx, params[name])
    end = registration["expires_at"]
    if end is not None and end < registration["active_from"]:
        raise refusals.expires_too_soon()


def _instant(tx: Tx, given: Any) -> int | None:
    if given == "now":
        return tx.now
    return None if given in {None, ""} else int(given)


def _whole(country: str, options: Doc) -> Doc:
    """Options as they are shown: which sales a registration is for is said where it was not
    (assumed).

    country: as it stands in `country_options`.
    """
    known = nested(REGISTRATIONS.name, "country_options", country)["fields"]
    for name, spec in known.items():
        if spec.get("required") and options.get(name) is None:
            raise parameter_missing(f"country_options[{country}][{name}]")
    if options.get("type") == "standard" and "standard" in known:
        return {"standard": {"place_of_supply_scheme": "standard"}, **options}
    return options
