"""What the world's rule set lets an account do: be created, hold capabilities, take part in a way
for money to go. The rules themselves are in `rules/accounts/availability.py`.
"""

from __future__ import annotations

from emulator.kernel.errors import refuse
from emulator.kernel.errors.accounts import capability_on_full_dashboard
from emulator.kit import Doc, Params, Tx
from emulator.resources.accounts.state import agreement_of, controller_of, country_of
from emulator.rules.accounts import availability, capabilities
from emulator.rules.accounts.types import Controller


def check_available(
    tx: Tx,
    params: Params,
    country: str,
    controller: Controller,
    requested: frozenset[str],
    *,
    alone: bool = False,
) -> None:
    """Refuse an account that a platform of this country cannot create, by the world's rule set.
    alone: whether it may have transfers alone.
    """
    terms = params.get("tos_acceptance") or {}
    case = availability.Case(
        country_of(tx.on(tx.platform)),
        country,
        controller.like(),
        params.get("business_type"),
        (params.get("company") or {}).get("structure"),
        terms.get("service_agreement") or "full",
        requested,
        alone=alone,
    )
    refuse(availability.check_creation(tx.setup.settings["availability"], case).refusal)


def check_capabilities(tx: Tx, account: Doc, requested: frozenset[str]) -> None:
    """Refuse capabilities that an account of this country, type and agreement cannot have."""
    controller, rule_set = controller_of(account), tx.setup.settings["availability"]
    if requested and capabilities.given_only(controller.dashboard, rule_set):
        raise capability_on_full_dashboard(min(requested))
    alone = requested == {"transfers"} and "core" in tx.hidden(account["id"])
    agreement = "recipient" if alone else agreement_of(account)
    refuse(capabilities.check_request(requested, account["country"], agreement))
    case = availability.Case(
        country_of(tx.on(tx.platform)),
        account["country"],
        controller.like(),
        account["business_type"],
        None,
        agreement_of(account),
        requested,
        "capability",
    )
    refuse(availability.check_capabilities(rule_set, case).refusal)


def check_flow(tx: Tx, account: Doc, flow: str, param: str | None = None) -> None:
    """Refuse a way for money to go (one of availability.FLOWS) that the world's rules do not give
    an account. The platform's own is not asked about.
    """
    if account["id"] == tx.platform:
        return
    case = availability.Case(
        country_of(tx.on(tx.platform)),
        account["country"],
        controller_of(account).like(),
        account["business_type"],
        agreement=agreement_of(account),
        flow=flow,
    )
    refusal = availability.check_flow(tx.setup.settings["availability"], case).refusal
    if refusal is not None:
        refusal.param = param
        raise refusal
