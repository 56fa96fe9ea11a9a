"""Features of products, and what customers are entitled to by their subscriptions."""

from __future__ import annotations

from typing import Any

from tests.resources.subscribers import customer, price, subscribe
from tests.talking import Talk, error

_TOLD = "entitlements.active_entitlement_summary.updated"


def _feature(talk: Talk, key: str) -> str:
    params = {"lookup_key": key, "name": key.title()}
    return str(talk.made("/v1/entitlements/features", params)["id"])


def _product(talk: Talk, *keys: str) -> str:
    """A product with new features of these keys."""
    product = str(talk.made("/v1/products", {"name": "Gold"})["id"])
    for key in keys:
        _attach(talk, product, _feature(talk, key))
    return product


def _attach(talk: Talk, product: str, feature: str) -> Any:
    return talk.made(f"/v1/products/{product}/features", {"entitlement_feature": feature})


def _of(talk: Talk, product: str) -> str:
    recurring = {"interval": "month"}
    params = {"currency": "usd", "unit_amount": 900, "product": product, "recurring": recurring}
    return str(talk.made("/v1/prices", params)["id"])


def _held(talk: Talk, whose: str) -> set[str]:
    found = talk.got("/v1/entitlements/active_entitlements", {"customer": whose})["data"]
    return {each["lookup_key"] for each in found}


def _told(talk: Talk) -> list[tuple[set[str], set[str]]]:
    """What each event says was there before, and is now, oldest first."""
    found = []
    for event in reversed(talk.got("/v1/events", {"type": _TOLD})["data"]):
        data = event["data"]
        before = data["previous_attributes"]["entitlements"]["data"]
        after = data["object"]["entitlements"]["data"]
        found.append(tuple({each["lookup_key"] for each in each_} for each_ in (before, after)))
    return found  # type: ignore[return-value]


def test_a_feature_is_made_renamed_and_archived(talk: Talk) -> None:
    id_ = _feature(talk, "api")
    place = f"/v1/entitlements/features/{id_}"
    assert talk.made(place, {"name": "The API", "metadata": {"a": "b"}})["name"] == "The API"
    taken = error(talk.post("/v1/entitlements/features", {"lookup_key": "api", "name": "X"}), 400)
    assert taken["param"] == "lookup_key"

    assert talk.made(place, {"active": False})["active"] is False
    assert _feature(talk, "api") != id_
    for archived, count in (("true", 1), ("false", 1)):
        found = talk.got("/v1/entitlements/features", {"archived": archived})["data"]
        assert len(found) == count
    assert len(talk.got("/v1/entitlements/features", {"lookup_key": "api"})["data"]) == 2


def test_products_have_features_each_once(talk: Talk) -> None:
    product, feature = _product(talk), _feature(talk, "api")
    link = _attach(talk, product, feature)
    assert link["entitlement_feature"]["lookup_key"] == "api"
    place = f"/v1/products/{product}/features"
    assert talk.got(place)["data"] == [link] == [talk.got(f"{place}/{link['id']}")]
    error(talk.post(place, {"entitlement_feature": feature}), 400)
    error(talk.get(f"/v1/products/{_product(talk)}/features/{link['id']}"), 404)

    assert talk.delete(f"{place}/{link['id']}").json()["deleted"]
    assert talk.got(place)["data"] == []
    talk.made(f"/v1/entitlements/features/{feature}", {"active": False})
    error(talk.post(place, {"entitlement_feature": feature}), 400)


def test_a_subscription_entitles_until_it_ends(talk: Talk) -> None:
    whose = customer(talk)
    made = subscribe(talk, _of(talk, _product(talk, "api", "support")), whose)
    assert _held(talk, whose) == {"api", "support"}
    first = talk.got("/v1/entitlements/active_entitlements", {"customer": whose})["data"][0]
    assert talk.got(f"/v1/entitlements/active_entitlements/{first['id']}") == first

    talk.delete(f"/v1/subscriptions/{made['id']}")
    assert _held(talk, whose) == set()
    assert _told(talk) == [(set(), {"api", "support"}), ({"api", "support"}, set())]


def test_nobody_is_entitled_before_the_first_payment(talk: Talk) -> None:
    whose = customer(talk)
    price_ = _of(talk, _product(talk, "api"))
    waiting = subscribe(talk, price_, whose, payment_behavior="default_incomplete")
    assert _held(talk, whose) == set()
    talk.made(f"/v1/invoices/{waiting['latest_invoice']['id']}/pay")
    assert _held(talk, whose) == {"api"}


def test_two_subscriptions_entitle_together(talk: Talk) -> None:
    whose, product = customer(talk), _product(talk, "api")
    other = _product(talk, "support")
    _attach(
        talk, other, talk.got("/v1/entitlements/features", {"lookup_key": "api"})["data"][0]["id"]
    )
    first = subscribe(talk, _of(talk, product), whose)
    subscribe(talk, _of(talk, other), whose)
    talk.delete(f"/v1/subscriptions/{first['id']}")
    assert _held(talk, whose) == {"api", "support"}


def test_another_price_entitles_to_other_things_at_once(talk: Talk) -> None:
    whose = customer(talk)
    made = subscribe(talk, _of(talk, _product(talk, "api")), whose)
    item = {"id": made["items"]["data"][0]["id"], "price": _of(talk, _product(talk, "support"))}
    talk.made(f"/v1/subscriptions/{made['id']}", {"items": [item]})
    assert _held(talk, whose) == {"support"}


def test_a_change_of_the_product_waits_for_the_next_period(talk: Talk) -> None:
    whose, product = customer(talk), _product(talk, "api")
    subscribe(talk, _of(talk, product), whose)
    _attach(talk, product, _feature(talk, "support"))
    assert _held(talk, whose) == {"api"}
    talk.advance("32d")
    assert _held(talk, whose) == {"api", "support"}


def test_subscriptions_to_products_without_features_tell_nothing(talk: Talk) -> None:
    whose = customer(talk)
    subscribe(talk, price(talk), whose)
    assert (_held(talk, whose), _told(talk)) == (set(), [])
