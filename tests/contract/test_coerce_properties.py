"""Whatever is sent, the answer is typed parameters or a refusal."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.contract import coerce, operations
from emulator.kernel import files
from emulator.kernel.errors import Refusal

KEYS = sorted(
    key
    for key in operations()
    if key.startswith(("POST /v1/a", "POST /v1/c", "POST /v1/p", "GET /v1/c", "POST /v2/core"))
)
VERSIONS = st.sampled_from(["2011-01-01", "2019-02-19", "2023-10-16", "2026-10-28"])


def names(spec):
    """Every name that a parameter of this operation may have, at any depth."""
    for name, inner in spec.get("fields", {}).items():
        yield name
        yield from names(inner)
    for inner in [spec.get("items"), spec.get("values"), *spec.get("any_of", ())]:
        if isinstance(inner, dict):
            yield from names(inner)


def near(length):
    return st.integers(length - 1, length + 1).map(lambda size: "x" * size)


def values(keys):
    leaf = (
        st.sampled_from(["", "true", "1", "-1", "usd", "now", "card", "1.5", "9" * 30, "0"])
        | near(22)
        | near(500)
        | st.text(max_size=8)
        | st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
    )
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


@st.composite
def requests(draw):
    operation = operations()[draw(st.sampled_from(KEYS))]
    fields = files.table(f"stripe/params/{operation.stem}.json")[operation.key]
    known = sorted(set(names({"fields": fields})) | {"expand", "metadata"})
    keys = st.sampled_from(known) | st.sampled_from(["0", "1", "²", ""]) | st.text(max_size=5)
    top = st.sampled_from(sorted({*fields, "expand"})) | keys
    return operation, draw(st.dictionaries(top, values(keys), max_size=5))


@settings(deadline=None, max_examples=300)
@given(requests(), VERSIONS)
def test_any_request_is_typed_or_refused(request_, version):
    operation, sent = request_
    with contextlib.suppress(Refusal):
        typed = coerce(operation, sent, version)
        assert set(typed) == set(sent)


@settings(deadline=None, max_examples=100)
@given(requests(), VERSIONS)
def test_a_refusal_is_the_same_each_time(request_, version):
    operation, sent = request_

    def answer():
        try:
            return coerce(operation, sent, version)
        except Refusal as refusal:
            return refusal.body()

    assert repr(answer()) == repr(answer())
