"""Credit grants: billing credits that a customer was given, or has paid for, for metered usage.

What becomes of the credits stands in `crediting.py`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves
from emulator.kit.editing import merged_metadata

GRANTS: Final = Resource(
    "billing.credit_grant",
    prefix="credgr",
    kind="credit grant",
    filters=("customer",),
    editable=("expires_at", "metadata"),
)

retrieves(GRANTS, "GET /v1/billing/credit_grants/{id}")
lists(GRANTS, "GET /v1/billing/credit_grants")


def new(tx: Tx, customer: Doc, params: Params) -> Doc:
    """A new grant; not saved."""
    scope = params["applicability_config"]["scope"]
    grant = tx.new(
        GRANTS,
        amount=params["amount"],
        applicability_config={"scope": {n: v for n, v in scope.items() if v}},
        customer=customer["id"],
        effective_at=params.get("effective_at") or tx.now,
        expires_at=params.get("expires_at"),
        name=params.get("name"),
        test_clock=customer.get("test_clock"),
        updated=tx.now,
    )
    for name in ("category", "priority"):
        if params.get(name) is not None:
            grant[name] = params[name]
    grant["metadata"] = merged_metadata(None, params.get("metadata") or {})
    return grant
