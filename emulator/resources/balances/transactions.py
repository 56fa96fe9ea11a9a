"""Balance transactions: one line for each thing that ever changed a balance. They are only read."""

from __future__ import annotations

from emulator.kernel.errors import money as refusals
from emulator.kit import BALANCE_TRANSACTIONS, Page, Params, Tx, page, retrieves
from emulator.resources.balances.payouts import PAYOUTS

retrieves(BALANCE_TRANSACTIONS, "GET /v1/balance_transactions/{id}")
retrieves(BALANCE_TRANSACTIONS, "GET /v1/balance/history/{id}")


@BALANCE_TRANSACTIONS.on("GET /v1/balance_transactions", "GET /v1/balance/history")
def list_(tx: Tx, params: Params) -> Page:
    """Narrowed by `payout`: an automatic payout's own line and the lines that it pays; in older
    versions by `available_on`, too.
    """
    if params.get("payout"):
        payout = tx.get(PAYOUTS, params["payout"], param="payout")
        if not payout["automatic"]:
            raise refusals.payout_not_automatic()
    return page(tx, BALANCE_TRANSACTIONS, params)
