"""Deep links into the customer portal, as software that sells subscriptions uses them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import pytest

from tests.resources.subscribers import customer, price, subscribe
from tests.talking import Talk, error

SESSIONS: Final = "/v1/billing_portal/sessions"
CONFIGURATIONS: Final = "/v1/billing_portal/configurations"
_BACK: Final = "https://shop.example.com/done"
_REDIRECT: Final = {"type": "redirect", "redirect": {"return_url": _BACK}}


class Shop(NamedTuple):
    """A customer who subscribes to the first of two prices, and a portal that offers both."""

    talk: Talk
    customer: str
    subscription: str
    item: str
    small: str
    large: str
    portal: str

    def shown(self) -> Any:
        return self.talk.got(f"/v1/subscriptions/{self.subscription}")

    def session(self, kind: str, **more: Any) -> dict[str, Any]:
        """What asks for a session that leads to one deed."""
        part = {kind: {"subscription": self.subscription, **more}}
        flow = {"type": kind, "after_completion": _REDIRECT, **part}
        return {"customer": self.customer, "configuration": self.portal, "flow_data": flow}

    def confirms(self, **item: Any) -> dict[str, Any]:
        return self.session("subscription_update_confirm", items=[{"id": self.item, **item}])

    def open(self, params: dict[str, Any]) -> str:
        """The path of the page of a new session."""
        return "/" + str(self.talk.made(SESSIONS, params)["url"]).split("/", 3)[3]

    def does(self, path: str, **sent: str) -> Any:
        return self.talk.client.post(path, data=sent, follow_redirects=False)


def _features(talk: Talk, *offered: str, **more: Any) -> dict[str, Any]:
    products = [
        {"product": talk.got(f"/v1/prices/{each}")["product"], "prices": [each]} for each in offered
    ]
    updates = {"enabled": True, "default_allowed_updates": ["price", "quantity"], **more}
    return {
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True},
        "subscription_update": {**updates, "products": products},
    }


def _shop(talk: Talk, begins_with: int = 0, **more: Any) -> Shop:
    both = price(talk, 1_000), price(talk, 3_000)
    features = _features(talk, *both, **more)
    portal = talk.made(CONFIGURATIONS, {"features": features})["id"]
    payer = customer(talk)
    made = subscribe(talk, both[begins_with], payer)
    return Shop(talk, payer, made["id"], made["items"]["data"][0]["id"], *both, portal)


@pytest.fixture
def shop(talk: Talk) -> Shop:
    return _shop(talk, proration_behavior="create_prorations")


def test_a_change_is_confirmed_once_and_the_customer_sent_back(shop: Shop) -> None:
    path = shop.open(shop.confirms(price=shop.large, quantity=2))
    assert "$30.00" in shop.talk.client.get(path).text
    assert shop.does(path, deed="confirm").headers["location"] == _BACK
    item = shop.shown()["items"]["data"][0]
    assert (item["price"]["id"], item["quantity"]) == (shop.large, 2)
    waiting = shop.talk.got("/v1/invoiceitems", {"customer": shop.customer})["data"]
    assert len(waiting) == 2
    assert "This portal does not offer" in shop.does(path, deed="confirm").text


def test_a_flow_leads_to_its_own_deed_only(shop: Shop) -> None:
    path = shop.open(shop.session("subscription_cancel"))
    assert "does not offer" in shop.does(path, deed="card", ready="pm_card_visa").text
    answer = shop.does(path, deed="cancel", subscription=shop.subscription)
    assert answer.headers["location"] == _BACK
    assert shop.shown()["cancel_at_period_end"] is True


def test_a_flow_may_end_with_a_word_or_in_the_portal(shop: Shop) -> None:
    params = shop.confirms(quantity=3)
    done = {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": "Enjoy!"}}
    params["flow_data"]["after_completion"] = done
    path = shop.open(params)
    shop.does(path, deed="confirm")
    assert "Enjoy!" in shop.talk.client.get(path).text
    shop.talk.made(CONFIGURATIONS + f"/{shop.portal}", {"name": "Ours"})
    params = shop.confirms(quantity=1)
    del params["flow_data"]["after_completion"]
    path = shop.open(params)
    shop.does(path, deed="confirm")
    assert "Your subscriptions" in shop.talk.client.get(path).text


def test_a_customer_chooses_another_price(shop: Shop) -> None:
    path = shop.open(shop.session("subscription_update"))
    assert shop.large in shop.talk.client.get(path).text
    shop.does(path, deed="update", price=shop.large, quantity="4")
    item = shop.shown()["items"]["data"][0]
    assert (item["price"]["id"], item["quantity"]) == (shop.large, 4)


def test_a_cheaper_price_may_wait_for_the_period_to_end(talk: Talk) -> None:
    later = {"conditions": [{"type": "decreasing_item_amount"}]}
    shop = _shop(talk, 1, schedule_at_period_end=later)
    path = shop.open({"customer": shop.customer, "configuration": shop.portal})
    shop.does(path, deed="update", subscription=shop.subscription, price=shop.small)
    assert shop.shown()["items"]["data"][0]["price"]["id"] == shop.large
    assert shop.shown()["schedule"]
    talk.advance("32d")
    assert shop.shown()["items"]["data"][0]["price"]["id"] == shop.small


def test_a_cancelation_in_the_portal_takes_back_what_was_planned(shop: Shop) -> None:
    schedules = "/v1/subscription_schedules"
    schedule = shop.talk.made(schedules, {"from_subscription": shop.subscription})["id"]
    path = shop.open(shop.session("subscription_cancel"))
    shop.does(path, deed="cancel", subscription=shop.subscription)
    assert shop.shown()["cancel_at_period_end"] is True
    assert shop.talk.got(f"{schedules}/{schedule}")["status"] == "released"


# -- what is refused ------------------------------------------------------------------------------


def test_a_flow_that_the_portal_does_not_offer_is_refused(shop: Shop) -> None:
    usual = shop.confirms(price=shop.large)
    del usual["configuration"]
    assert error(shop.talk.post(SESSIONS, usual), 400)["message"] == (
        "This subscription cannot be updated because the subscription update feature in the "
        "portal configuration is disabled."
    )
    other = price(shop.talk, 5_000)
    assert error(shop.talk.post(SESSIONS, shop.confirms(price=other)), 400)["message"] == (
        f"The item `{shop.item}` cannot be updated to price `{other}` because the configuration "
        f"`{shop.portal}` does not include the price in its "
        "`features[subscription_update][products]`."
    )


def test_a_flow_without_anything_to_do_is_refused(shop: Shop) -> None:
    same = shop.confirms(price=shop.small, quantity=1)
    assert error(shop.talk.post(SESSIONS, same), 400)["message"] == (
        "Cannot update the subscription because there are no changes to confirm."
    )
    shop.talk.made(f"/v1/subscriptions/{shop.subscription}", {"cancel_at_period_end": True})
    again = shop.session("subscription_cancel")
    assert error(shop.talk.post(SESSIONS, again), 400)["message"] == (
        f"The subscription {shop.subscription} is already set to be canceled at period end."
    )


def test_a_flow_is_about_a_subscription_of_the_customer(shop: Shop) -> None:
    params = shop.session("subscription_cancel")
    params["customer"] = customer(shop.talk)
    refused = error(shop.talk.post(SESSIONS, params), 400)
    assert refused["param"] == "flow_data[subscription_cancel][subscription]"
    del params["flow_data"]["subscription_cancel"]
    refused = error(shop.talk.post(SESSIONS, params), 400)
    assert refused["message"] == "Missing required param: flow_data[subscription_cancel]."


def test_a_portal_in_which_plans_change_takes_cards_and_says_which_plans(talk: Talk) -> None:
    features = _features(talk, price(talk))
    features["payment_method_update"]["enabled"] = False
    refused = error(talk.post(CONFIGURATIONS, {"features": features}), 400)
    assert refused["message"] == (
        "Cannot enable subscription updates while payment method update is disabled."
    )
    refused = error(talk.post(CONFIGURATIONS, {"features": _features(talk)}), 400)
    assert refused["param"] == "features[subscription_update][products]"
