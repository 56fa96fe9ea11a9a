"""What a version shows as it is stored goes out as it is stored, and only that."""

from __future__ import annotations

import orjson

from emulator.contract.versions import Render, parse, renderer
from emulator.kernel.errors import instruments as refusals
from emulator.kit.listing import cut
from emulator.web import rendering
from emulator.world import World
from tests.talking import NOW, Talk

_OLD = "2023-10-16"


def test_a_page_shows_each_object_as_it_is_shown_alone(talk: Talk) -> None:
    coupon = talk.made("/v1/coupons", {"percent_off": 10, "duration": "forever"})["id"]
    for sent in ({}, {"coupon": coupon}, {"metadata": {"object": "discount"}}, {}):
        talk.made("/v1/customers", {"name": "a"} | sent, stripe_version="2020-08-27")

    shown = talk.got("/v1/customers", stripe_version=_OLD)["data"]
    newest = talk.got("/v1/customers")["data"]

    assert shown == [talk.got(f"/v1/customers/{each['id']}", stripe_version=_OLD) for each in shown]
    differing = [at for at, each in enumerate(shown) if each != newest[at]]
    assert differing == [2]
    assert "coupon" in shown[2]["discount"]


def test_so_does_a_page_of_several_kinds(talk: Talk) -> None:
    talk.control("clock", {"now": 1_733_011_200})  # before cards told how they are regulated
    customer = talk.made("/v1/customers", {"source": "tok_visa"})["id"]
    talk.made(f"/v1/customers/{customer}/sources", {"source": "btok_us_verified"})

    at = f"/v1/customers/{customer}/sources"
    shown = talk.got(at, stripe_version="2024-06-20")["data"]

    assert {each["object"] for each in shown} == {"bank_account", "card"}
    assert not any("regulated_status" in each for each in shown)
    assert shown == [talk.got(f"{at}/{each['id']}", stripe_version="2024-06-20") for each in shown]


def test_every_kind_on_a_page_is_looked_at(world: World) -> None:
    render = Render({"card": (lambda card, _: card.update(wallet=1),)})
    card = {"id": "card_1", "object": "card"}
    mixed = cut([card], {}, "source", refusals.no_such_source)
    with world.transaction(world.caller()) as tx:
        shown = [
            rendering._in_version(tx, page, render).items[0]
            for page in (mixed, mixed._replace(name="card", mixed=False))
        ]

    assert shown == [orjson.dumps(card | {"wallet": 1})] * 2


def test_what_nothing_changes_in_leaves_as_it_is_stored(talk: Talk, world: World) -> None:
    made = talk.made("/v1/customers", {"name": "Jenny"})["id"]
    stored = world.setup.store.raw("customer", made)

    assert talk.get(f"/v1/customers/{made}", stripe_version=_OLD).content == stored


def test_traces_are_names_of_objects_and_keys_that_changes_are_told_by() -> None:
    render = renderer(parse("2019-08-14"), NOW)
    assert render is not None

    for doc in (
        {"object": "charge"},
        {"data": [{"id": "ch_1", "object": "charge"}]},
        {"id": "re_1", "object": "refund", "deleted": True},
        {"error": {"type": "card_error"}},
    ):
        assert render.touches(orjson.dumps(doc)), doc
    for doc in (
        {"object": "balance_transaction_of_ours", "description": "charge"},
        {"description": '"object":"charge"'},
        {"description": '"deleted":true'},
    ):
        assert not render.touches(orjson.dumps(doc)), doc
