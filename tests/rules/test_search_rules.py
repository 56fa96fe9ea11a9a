"""Stripe's search query language, clause by clause."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.kernel.errors import Refusal
from emulator.rules import searching

CHARGE: dict[str, Any] = {
    "amount": 1_000,
    "amount_refunded": 0,
    "created": 1_700_000_000,
    "currency": "usd",
    "customer": None,
    "disputed": False,
    "metadata": {"order": 'a "b" c', "n": "5"},
    "payment_method_details": {"card": {"last4": "4242", "exp_year": 2030}},
    "refunded": False,
    "status": "succeeded",
}
CUSTOMER: dict[str, Any] = {
    "email": "Jenny.Rosen@example.com",
    "metadata": {},
    "name": "Jenny Rosen",
    "phone": None,
}


def holds(query: str, doc: dict[str, Any] = CHARGE) -> bool:
    name = "charge" if doc is CHARGE else "customer"
    return searching.read(query, name, f"{name}s").matches(doc)


@pytest.mark.parametrize(
    "query",
    [
        "amount:1000",
        'amount:"1000"',
        "amount>999",
        "amount>=1000",
        "amount<1001",
        "amount<=1000",
        "amount=1000",
        "amount>999 amount<1001",
        'currency:"USD"',
        "currency:'usd'",
        '-status:"failed"',
        'disputed:"false"',
        "customer:null",
        "refunded:null",
        "-metadata['order']:null",
        "metadata['nope']:null",
        'metadata["n"]:"5"',
        r'metadata["order"]:"a \"b\" c"',
        'payment_method_details.card.last4:"4242"',
        "payment_method_details.card.exp_year:2030",
        'status:"failed" OR currency:"usd"',
        'status:"succeeded" AND currency:"usd"',
        'status:"succeeded"   and currency:"usd"',
    ],
)
def test_a_charge_is_found(query: str):
    assert holds(query)


@pytest.mark.parametrize(
    "query",
    [
        "amount:999",
        "amount>1000",
        "amount<1000",
        'currency:"us"',
        '-status:"succeeded"',
        "-customer:null",
        'customer:"cus_1"',
        '-metadata["nope"]:null',
        'status:"succeeded" AND currency:"eur"',
        'status:"failed" OR currency:"eur"',
        'refunded:"false"',
    ],
)
def test_a_charge_is_not_found(query: str):
    assert not holds(query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('email~"rosen@"', True),
        ('email~"rosa"', False),
        ('name:"jenny rosen"', True),
        ('name:"jenny"', True),
        ('name:"rosen jenny"', False),
        ('name:"jen"', False),
        ("phone:null", True),
    ],
)
def test_strings_match_by_words_and_by_parts(query: str, found: bool):
    assert holds(query, CUSTOMER) is found


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "We were unable to parse your search query."),
        ("amount", "We were unable to parse your search query."),
        ("amount:", "We were unable to parse your search query."),
        ('status:"open', "We were unable to parse your search query."),
        ('status:"a" OR', "We were unable to parse your search query."),
        ('(status:"a")', "We were unable to parse your search query."),
        ('color:"red"', "Field `color` is an unsupported search field for resource `charges`."),
        ('metadata:"x"', "Field `metadata` is an unsupported search field"),
        ('status["k"]:"x"', "Field `status` is an unsupported search field"),
        ('status~"succ"', "Field `status` does not support the operator `~`."),
        ('status>"a"', "Field `status` does not support the operator `>`."),
        ("amount>null", "Field `amount` does not support the operator `>`."),
        ('amount:"ten"', "Field `amount` is numeric"),
        ("amount:1 AND amount:2 OR amount:3", "You cannot combine `AND` and `OR`"),
        (" ".join(["amount:1"] * 11), "A search query can have at most 10 clauses."),
    ],
)
def test_what_cannot_be_searched_is_refused(query: str, message: str):
    with pytest.raises(Refusal) as refused:
        searching.read(query, "charge", "charges")
    assert refused.value.message.startswith(message)
    assert (refused.value.status, refused.value.param) == (400, "query")


def test_a_short_part_is_refused():
    with pytest.raises(Refusal):
        searching.read('email~"ab"', "customer", "customers")
