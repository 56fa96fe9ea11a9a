"""What matches what, and what is said when it does not."""

from __future__ import annotations

import pytest

from emulator.scenario.matching import differences, matches, mistakes

_PAYOUT = {
    "id": "po_1",
    "amount": 500,
    "automatic": True,
    "failure_code": None,
    "metadata": {},
    "trail": [{"to": "bank", "at": 3}, {"to": "shop", "at": 5}],
}


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"amount": 500, "automatic": True},
        {"failure_code": None},
        {"trail": [{"to": "bank"}, {"at": 5}]},
        {"trail.1.to": "shop"},
        {"id": {"$regex": "^po_"}},
        {"id": "$any"},
        {"id": {"$any": True}},
        {"failure_code": "$absent"},
        {"failure_message": "$absent"},
        {"amount": {"$above": 499, "$below": 501}},
        {"amount": {"$type": "integer"}},
        {"amount": {"$one_of": [1, 500]}},
        {"amount": {"$not": 1}},
        {"metadata": {"$exactly": {}}},
        {"trail": {"$length": 2}},
        {"trail": {"$contains": {"to": "shop"}}},
        {"trail": {"$contains": [{"to": "shop"}, {"to": "bank"}]}},
        {"trail": {"$unordered": [{"to": "shop"}, {"to": "bank"}]}},
        {"trail": {"$unordered": [{}, {"to": "bank"}]}},
        {"id": {"$contains": "o_"}},
    ],
)
def test_it_matches(expected: object):
    assert differences(expected, _PAYOUT) == []


@pytest.mark.parametrize(
    ("expected", "path", "wanted", "found"),
    [
        ({"amount": 501}, "amount", "501", "500"),
        ({"amount": "500"}, "amount", '"500"', "500"),
        ({"automatic": 1}, "automatic", "1", "true"),
        ({"status": "paid"}, "status", '"paid"', "nothing"),
        ({"failure_code": "$any"}, "failure_code", "anything", "null"),
        ({"id": "$absent"}, "id", "nothing", '"po_1"'),
        ({"id": {"$regex": "^tr_"}}, "id", 'a text like "^tr_"', '"po_1"'),
        ({"amount": {"$above": 500}}, "amount", "more than 500", "500"),
        ({"amount": {"$below": 500}}, "amount", "less than 500", "500"),
        ({"amount": {"$type": "string"}}, "amount", 'a value of type "string"', "500"),
        ({"amount": {"$not": 500}}, "amount", "not 500", "500"),
        ({"trail.0.to": "shop"}, "trail.0.to", '"shop"', '"bank"'),
        ({"trail": [{"to": "bank"}, {"at": 6}]}, "trail[1].at", "6", "5"),
        ({"missing": {"$above": 1}}, "missing", "more than 1", "nothing"),
    ],
)
def test_it_differs(expected: object, path: str, wanted: str, found: str):
    (difference,) = differences(expected, _PAYOUT)
    assert difference[:3] == (path, wanted, found)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ([1, 2], [1]),
        ([1], [1, 2]),
        ({"$unordered": [1, 1]}, [1, 2]),
        ({"$unordered": [1]}, [1, 1]),
        ({"$exactly": {"a": 1}}, {"a": 1, "b": 2}),
        ({"$exactly": [1]}, [True]),
        ({"$contains": 3}, [1, 2]),
        ({"$length": 1}, 1),
        ({"a": 1}, [1]),
        ([1], {"0": 1}),
        ({"$any": True}, None),
    ],
)
def test_it_does_not_match(expected: object, found: object):
    assert not matches(expected, found)


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ({"a": {"$foo": 1}}, "There is no matcher $foo."),
        ({"$regex": "("}, "$regex wants a regular expression."),
        ({"$above": "much"}, "$above wants a number."),
        ({"$unordered": {}}, "$unordered wants a list."),
        ({"$type": "text"}, "$type wants one of string"),
        ({"$any": 1}, "$any wants true or false."),
        ({"$above": 1, "b": 2}, "$above is a matcher: b cannot stand beside it."),
        ({"$contains": [{"$foo": 1}]}, "There is no matcher $foo."),
    ],
)
def test_what_could_never_match_is_told(expected: object, says: str):
    assert next(message for message, _ in mistakes(expected)).startswith(says)
