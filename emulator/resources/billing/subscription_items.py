"""Items of a subscription, one at a time: each change is one of the subscription."""

from __future__ import annotations

from copy import deepcopy

from emulator.kit import Doc, Params, Tx
from emulator.resources.billing import changing, pending_updates
from emulator.resources.subscriptions.subscriptions import ITEMS, use


@ITEMS.on("POST /v1/subscription_items")
def create(tx: Tx, params: Params) -> Doc:
    given = {n: v for n, v in params.items() if n in changing.OF_ITEMS}
    before = {
        item["id"] for item in use(tx, params["subscription"], "subscription")[1]["items"]["data"]
    }
    items = _rebill(tx, params["subscription"], given, params)
    return next(item for item in items if item["id"] not in before)


@ITEMS.on("POST /v1/subscription_items/{item}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    item = tx.get(ITEMS, id_)
    given = {n: v for n, v in params.items() if n in changing.OF_ITEMS}
    _rebill(tx, item["subscription"], {**given, "id": id_}, params)
    return tx.get(ITEMS, id_)


@ITEMS.on("DELETE /v1/subscription_items/{item}")
def delete(tx: Tx, params: Params, id_: str) -> Doc:
    item = tx.get(ITEMS, id_)
    _rebill(tx, item["subscription"], {"id": id_, "deleted": True}, params)
    return {"id": id_, "object": "subscription_item", "deleted": True}


def _rebill(tx: Tx, id_: str, given: Doc, params: Params) -> list[Doc]:
    tx, subscription = use(tx, id_, "subscription")
    changing.check_state(subscription, {"items": True})
    sent = {n: v for n, v in params.items() if n not in changing.OF_ITEMS}
    asked = {**sent, "items": [given]}
    pending_updates.check(subscription, {n: v for n, v in asked.items() if n != "subscription"})
    before = deepcopy(subscription)
    changed = changing.rebill(tx, before, subscription, asked)
    found: list[Doc] = changed["items"]["data"]
    return found
