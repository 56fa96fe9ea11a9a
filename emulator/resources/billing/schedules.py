"""Subscription schedules: what a subscription will be, phase after phase.

States: not_started → active → completed, released or canceled. When the last phase is over, the
subscription is let go (`release`) or ends (`cancel`).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Lifecycle, Page, Params, Resource, Tx, page, retrieves
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.billing import changing, creating, ending, phases, renewing
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.subscriptions import billing_modes, picking, subscriptions
from emulator.resources.subscriptions.subscriptions import ENDED, SUBSCRIPTIONS, keep
from emulator.resources.tax import assessing
from emulator.rules.billing import dunning

SCHEDULES: Final = Resource(
    "subscription_schedule",
    prefix="sub_sched",
    kind="subscription schedule",
    param="schedule",
    filters=("customer",),
    ranges=("canceled_at", "completed_at", "released_at"),
    lifecycle=Lifecycle(
        start="not_started",
        steps={
            ("not_started", "active"): "subscription_schedule.updated",
            ("active", "completed"): "subscription_schedule.completed",
            ("active", "released"): "subscription_schedule.released",
            ("not_started", "released"): "subscription_schedule.released",
            ("active", "canceled"): "subscription_schedule.canceled",
            ("not_started", "canceled"): "subscription_schedule.canceled",
        },
    ),
)

retrieves(SCHEDULES, "GET /v1/subscription_schedules/{schedule}")


@SCHEDULES.on("GET /v1/subscription_schedules")
def list_(tx: Tx, params: Params) -> Page:
    if not params.get("scheduled"):
        return page(tx, SCHEDULES, params)
    return page(tx, SCHEDULES, params, where=lambda each: each["status"] == "not_started")


@SCHEDULES.on("POST /v1/subscription_schedules")
def create(tx: Tx, params: Params) -> Doc:
    if params.get("from_subscription"):
        return _of_subscription(tx, params)
    if not params.get("customer") or not params.get("phases"):
        raise refusals.schedule_without_customer()
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    tx = clocks.of_customer(tx, customer["id"])
    start = params.get("start_date")
    begin = tx.now if start in {None, "now"} else int(start or 0)
    schedule = _new(tx, customer["id"], params)
    schedule["phases"] = phases.given(tx, params["phases"], begin)
    schedule = tx.save(SCHEDULES, schedule, event="subscription_schedule.created")
    if begin > tx.now:
        clocks.later(tx, schedule, begin, SCHEDULES, "begin")
        return schedule
    return _begin(tx, schedule)


@SCHEDULES.on("POST /v1/subscription_schedules/{schedule}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    tx, schedule = _use(tx, id_, "update")
    edit(schedule, params, ("default_settings", "end_behavior", "metadata"))
    if params.get("phases"):
        first = params["phases"][0].get("start_date") or schedule["phases"][0]["start_date"]
        begin = tx.now if first == "now" else int(first)
        schedule["phases"] = phases.given(tx, _agreed(schedule, params["phases"]), begin)
        if schedule["status"] == "active":
            _enter(tx, schedule, _phase_at(schedule, tx.now))
            schedule = tx.get(SCHEDULES, id_) | {
                name: schedule[name]
                for name in ("default_settings", "end_behavior", "metadata", "phases")
            }
            _plan(tx, schedule)
    if schedule["status"] == "active":
        subscription = tx.get(SUBSCRIPTIONS, schedule["subscription"])
        if _set_end(tx, subscription, schedule):
            keep(tx, subscription, event="customer.subscription.updated")
    return tx.save(SCHEDULES, schedule, event="subscription_schedule.updated")


@SCHEDULES.on("POST /v1/subscription_schedules/{schedule}/release")
def release(tx: Tx, _params: Params, id_: str) -> Doc:
    tx, schedule = _use(tx, id_, "release")
    return _let_go(tx, schedule)


@SCHEDULES.on("POST /v1/subscription_schedules/{schedule}/cancel")
def cancel(tx: Tx, params: Params, id_: str) -> Doc:
    tx, schedule = _use(tx, id_, "cancel")
    if schedule["subscription"]:
        sent = {n: params.get(n, n == "invoice_now") for n in ("invoice_now", "prorate")}
        ending.cancel(tx, sent, schedule["subscription"])
        return tx.get(SCHEDULES, id_)
    return _cancel(tx, schedule)


# -- what happens by itself -----------------------------------------------------------------------


@SCHEDULES.job
def begin(tx: Tx, schedule: Doc) -> None:
    """Its first phase begins."""
    if schedule["status"] == "not_started":
        _begin(tx, schedule)


@SCHEDULES.job
def turn(tx: Tx, schedule: Doc) -> None:
    """A phase is over: the next one begins, or there is none."""
    current = schedule["current_phase"]
    if schedule["status"] != "active" or not current or current["end_date"] > tx.now:
        return
    following = next(
        (p for p in schedule["phases"] if p["start_date"] >= current["end_date"]), None
    )
    if following is not None:
        _enter(tx, schedule, following)
        _plan(tx, tx.get(SCHEDULES, schedule["id"]))
    elif schedule["end_behavior"] == "cancel":
        subscription = tx.get(SUBSCRIPTIONS, schedule["subscription"])
        schedule |= {"completed_at": tx.now, "current_phase": None}
        tx.step(SCHEDULES, schedule, "completed")
        if subscription["status"] not in ENDED:
            ending.end(tx, subscription)
    else:
        _let_go(tx, schedule)


@SUBSCRIPTIONS.when("period_ends")
def _with_period(tx: Tx, subscription: Doc) -> None:
    """A phase that ends with a period ends before the next one is billed."""
    schedule = tx.find(SCHEDULES, subscription["schedule"] or "")
    if schedule is not None:
        turn(tx, schedule)


@SCHEDULES.job
def tell_it_expires(tx: Tx, schedule: Doc, at: int) -> None:
    """In seven days its last phase is over."""
    if schedule["status"] == "active" and schedule["phases"][-1]["end_date"] == at:
        tx.emit("subscription_schedule.expiring", schedule)


@SUBSCRIPTIONS.when("ended")
def _with_subscription(tx: Tx, subscription: Doc) -> None:
    """Without its subscription a schedule has nothing left to do; when nobody paid, it is said to
    be aborted (documented).
    """
    schedule = tx.find(SCHEDULES, subscription["schedule"] or "")
    if schedule is None or schedule["status"] not in {"active", "not_started"}:
        return
    if subscription["cancellation_details"]["reason"] != "payment_failed":
        _cancel(tx, schedule)
        return
    schedule |= {"canceled_at": tx.now, "current_phase": None, "status": "canceled"}
    tx.save(SCHEDULES, schedule, event="subscription_schedule.aborted")


# -- phases ---------------------------------------------------------------------------------------


def _phase_at(schedule: Doc, instant: int) -> Doc:
    running = [p for p in schedule["phases"] if p["start_date"] <= instant < p["end_date"]]
    found: Doc = running[0] if running else schedule["phases"][-1]
    return found


def order(schedule: Doc, phase: Doc) -> Doc:
    """The parameters of the subscription that begins with a phase."""
    return {
        **phases.asked(schedule, phase),
        "billing_mode": billing_modes.asked(schedule["billing_mode"]),
        "customer": schedule["customer"],
        "items": phases.items(phase),
    }


def _begin(tx: Tx, schedule: Doc) -> Doc:
    """Make the subscription of the first phase. Its first invoice is a draft (documented)."""
    phase = schedule["phases"][0]
    made = creating.begin(tx, order(schedule, phase), patient=True)
    subscription = tx.get(SUBSCRIPTIONS, made["id"]) | {"schedule": schedule["id"]}
    _set_end(tx, subscription, schedule)
    keep(tx, subscription)
    schedule |= {"current_phase": phases.dates(phase), "subscription": made["id"]}
    schedule = tx.step(SCHEDULES, schedule, "active")
    _plan(tx, schedule)
    return schedule


def _enter(tx: Tx, schedule: Doc, phase: Doc) -> None:
    """The subscription becomes what a phase says."""
    subscription = tx.get(SUBSCRIPTIONS, schedule["subscription"])
    _, end = subscriptions.period(subscription)
    sent = phases.asked(schedule, phase)
    if phase["billing_cycle_anchor"] == "phase_start" and end != tx.now:
        sent["billing_cycle_anchor"] = {"type": "now"}
    for name in ("default_tax_rates", "discounts"):
        if subscription[name]:
            sent.setdefault(name, [])
    if end == tx.now:
        _swap(tx, subscription, phase)
    else:
        old = [{"deleted": True, "id": each["id"]} for each in subscription["items"]["data"]]
        sent |= {
            "items": _replacing(subscription, phase) or old,
            "proration_behavior": phase["proration_behavior"],
        }
    if sent:
        changing.update(tx, sent, subscription["id"])
    schedule = tx.get(SCHEDULES, schedule["id"]) | {"phases": schedule["phases"]}
    tx.save(
        SCHEDULES,
        schedule | {"current_phase": phases.dates(phase)},
        "subscription_schedule.updated",
    )


def _replacing(subscription: Doc, phase: Doc) -> list[Doc]:
    """What to ask for so that the items become those of a phase."""
    old = {each["price"]["id"]: each for each in subscription["items"]["data"]}
    wanted = {each["price"] for each in phase["items"]}
    gone = [{"deleted": True, "id": old[p]["id"]} for p in old if p not in wanted]
    kept = [
        {"id": old[each["price"]]["id"], "quantity": each.get("quantity")}
        for each in phase["items"]
        if each["price"] in old
    ]
    new = [each for each in phases.items(phase) if each["price"] not in old]
    return [*new, *kept, *gone]


def _swap(tx: Tx, subscription: Doc, phase: Doc) -> None:
    """Between two periods items change without any proration."""
    begin, end = subscriptions.period(subscription)
    old = {each["price"]["id"]: each for each in subscription["items"]["data"]}
    items = []
    for given in picking.chosen(tx, {"items": phases.items(phase)}):
        item = old.get(given["price"]["id"]) or picking.item(tx, subscription, given, "items")
        items.append(item | {"current_period_end": end, "current_period_start": begin})
        if given.get("quantity") is not None:
            items[-1]["quantity"] = given["quantity"]
    subscription["items"]["data"] = items
    keep(tx, subscription, event="customer.subscription.updated")


def _plan(tx: Tx, schedule: Doc) -> None:
    """The end of this phase, and that the last one ends in a week."""
    clocks.later(tx, schedule, schedule["current_phase"]["end_date"], SCHEDULES, "turn")
    last = schedule["phases"][-1]["end_date"]
    notice = last - dunning.expiring_seconds()
    if notice > tx.now and tx.hidden(schedule["id"]).get("last") != last:
        tx.hide(schedule["id"], {"last": last})
        clocks.later(tx, schedule, notice, SCHEDULES, "tell_it_expires", at=last)


def _set_end(tx: Tx, subscription: Doc, schedule: Doc) -> bool:
    """A subscription shows when its schedule will cancel it (observed: it counts as canceled from
    then on); whether that is news.
    """
    ends = schedule["end_behavior"] == "cancel"
    end = schedule["phases"][-1]["end_date"] if ends else None
    if subscription["cancel_at"] == end:
        return False
    renewing.set_cancel_at(tx, subscription, end)
    return True


# -- inside ---------------------------------------------------------------------------------------


def _new(tx: Tx, customer: str, params: Params) -> Doc:
    schedule = tx.new(SCHEDULES, customer=customer)
    owner = tx.get(CUSTOMERS, customer)
    schedule |= {
        "application": tx.setup.application if not tx.is_platform else None,
        "end_behavior": params.get("end_behavior") or "release",
        "metadata": merged_metadata(None, params.get("metadata") or {}),
        "test_clock": owner.get("test_clock"),
    }
    schedule["billing_mode"] = billing_modes.of(tx, params.get("billing_mode"))
    defaults = params.get("default_settings") or {}
    edit(schedule, {"default_settings": defaults}, ("default_settings",))
    if defaults.get("automatic_tax"):
        started = assessing.start(defaults["automatic_tax"])
        schedule["default_settings"]["automatic_tax"] = {"disabled_reason": None, **started}
    return schedule


def _agreed(schedule: Doc, sent: list[Doc]) -> list[Doc]:
    """Phases that are sent again may have the prices that they had (assumed)."""
    known = {each["price"] for phase in schedule["phases"] for each in phase["items"]}
    return [
        {
            **phase,
            "items": [{**each, "agreed": each.get("price") in known} for each in phase["items"]],
        }
        for phase in sent
    ]


def _of_subscription(tx: Tx, params: Params) -> Doc:
    """A schedule for a subscription that runs: its current period is the first phase."""
    if params.get("phases"):
        raise refusals.schedule_with_phases()
    name = "from_subscription"
    tx, subscription = subscriptions.use(tx, params[name], name)
    if subscription["schedule"]:
        raise refusals.already_scheduled(subscription["id"], subscription["schedule"])
    schedule = _new(tx, subscription["customer"], params)
    begin, end = subscriptions.period(subscription)
    if subscription["cancel_at"] == end:
        schedule["end_behavior"] = "cancel"  # assumed
    given = [
        {"price": each["price"]["id"], "quantity": each.get("quantity"), "agreed": True}
        for each in subscription["items"]["data"]
    ]
    schedule["phases"] = [phases.given(tx, [{"items": given, "end_date": end}], begin)[0]]
    schedule |= {
        "billing_mode": subscription["billing_mode"],
        "current_phase": phases.dates(schedule["phases"][0]),
        "status": "active",
        "subscription": subscription["id"],
    }
    schedule = tx.save(SCHEDULES, schedule, event="subscription_schedule.created")
    subscription["schedule"] = schedule["id"]
    keep(tx, subscription, event="customer.subscription.updated")
    _plan(tx, schedule)
    return schedule


def _cancel(tx: Tx, schedule: Doc) -> Doc:
    return tx.step(SCHEDULES, schedule | {"canceled_at": tx.now, "current_phase": None}, "canceled")


def _let_go(tx: Tx, schedule: Doc) -> Doc:
    """The subscription goes on without a schedule."""
    id_ = schedule["subscription"]
    subscription = tx.find(SUBSCRIPTIONS, id_ or "")
    if subscription is not None:
        subscription["schedule"] = None
        if schedule["end_behavior"] == "cancel":
            renewing.set_cancel_at(tx, subscription, None)
        keep(tx, subscription, event="customer.subscription.updated")
    schedule |= {
        "current_phase": None,
        "released_at": tx.now,
        "released_subscription": id_,
        "subscription": None,
    }
    return tx.step(SCHEDULES, schedule, "released")


def _use(tx: Tx, id_: str, deed: str) -> tuple[Tx, Doc]:
    schedule = tx.get(SCHEDULES, id_)
    if schedule["status"] not in {"active", "not_started"}:
        raise refusals.schedule_not(deed, schedule["status"])
    return clocks.at(tx, schedule["test_clock"]), schedule
