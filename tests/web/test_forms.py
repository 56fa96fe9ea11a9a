"""Parameters as the SDKs write them, and as nobody should."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.kernel.errors import Refusal
from emulator.web import forms
from tests.talking import form


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (b"", {}),
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=1&a=2", {"a": "2"}),
        (b"a", {"a": ""}),
        (b"a=", {"a": ""}),
        (b"a=b=c", {"a": "b=c"}),
        (b"&&a=1&", {"a": "1"}),
        (b"a+b=c+d%20e", {"a b": "c d e"}),
        (b"n=Zo%C3%AB", {"n": "Zoë"}),
        (b"a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        (b"a%5Bb%5D=1", {"a": {"b": "1"}}),
        (b"a[b][0][c]=x", {"a": {"b": {"0": {"c": "x"}}}}),
        (b"a[]=x&a[]=y", {"a": ["x", "y"]}),
        (b"a[][b]=1&a[][c]=2&a[][b]=3", {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        (
            b"a[][p][c]=usd&a[][p][n]=5&a[][p][c]=eur",
            {"a": [{"p": {"c": "usd", "n": "5"}}, {"p": {"c": "eur"}}]},
        ),
        (b"a[][b][]=1&a[][b][]=2", {"a": [{"b": ["1", "2"]}]}),
        (b"a[b][]=1&a[b][]=2", {"a": {"b": ["1", "2"]}}),
        (b"[a]=1", {"[a]": "1"}),
    ],
)
def test_a_form_becomes_a_nested_dict(text: bytes, sent: Any):
    assert forms.decode(text) == sent


@pytest.mark.parametrize(
    "text",
    [
        b"a=1&a[b]=2",
        b"a[b]=2&a=1",
        b"a[b]=1&a[b][c]=2",
        b"a[]=1&a[b]=2",
        b"a[b]=1&a[]=2",
        b"a[][]=1",
        b"a[][b][][]=1",
        b"a=%ff",
        b"\xff=1",
        b"a" + b"[b]" * 12 + b"=1",
        b"a=1&" * 1_001,
    ],
)
def test_a_form_that_contradicts_itself_is_refused(text: bytes):
    with pytest.raises(Refusal) as caught:
        forms.decode(text)
    assert caught.value.status == 400


def test_the_limits_of_depth_and_number_hold_exactly():
    assert forms.decode(b"a" + b"[b]" * 11 + b"=1")
    assert forms.decode(b"&".join(b"a%d=1" % n for n in range(1_000)))


_PIECES = st.sampled_from(["a", "b", "[", "]", "[]", "[0]", "=", "&", "%", "%5B", "%ff", "é", "+"])


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=500)
def test_no_form_does_worse_than_a_refusal(text: str):
    _decode(text.encode())


@given(st.binary(max_size=60))
@settings(max_examples=300)
def test_no_bytes_do_worse_than_a_refusal(raw: bytes):
    _decode(raw)


def _decode(raw: bytes) -> None:
    try:
        found = forms.decode(raw)
    except Refusal as refusal:
        assert refusal.status == 400  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(found, dict)


_NAMES = st.text("abcdefg_é ", min_size=1, max_size=5)
_VALUES = st.recursive(
    st.text(max_size=8),
    lambda inner: st.dictionaries(_NAMES, inner, min_size=1, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_what_an_sdk_encodes_comes_out_again(params: dict[str, Any]):
    assert forms.decode(form(params)) == params


_PART = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'


def _multipart(*parts: tuple[bytes, bytes, bytes]) -> bytes:
    return b"".join(_PART % part for part in parts) + b"--x--\r\n"


def test_a_multipart_form_carries_files_and_fields():
    image = bytes(range(256))
    body = _multipart(
        (b"purpose", b"", b"dispute_evidence"),
        (b"file_link_data[create]", b"", b"true"),
        (b"file", b'; filename="pictures/a.png"\r\nContent-Type: image/png', image),
    )
    assert forms.decode_multipart(body, b"multipart/form-data; boundary=x") == {
        "purpose": "dispute_evidence",
        "file_link_data": {"create": "true"},
        "file": {"filename": "a.png", "type": "image/png", "content": image},
    }


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (_multipart((b"a", b"", b"1")), b"multipart/form-data"),
        (b"not multipart at all", b"multipart/form-data; boundary=x"),
        (_multipart((b"a", b"", b"\xff")), b"multipart/form-data; boundary=x"),
        (_multipart((b"a", b"", b"1"), (b"a[b]", b"", b"1")), b"multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disp", b"multipart/form-data; boundary=x"),
    ],
)
def test_a_broken_multipart_form_is_refused(body: bytes, kind: bytes):
    with pytest.raises(Refusal):
        forms.decode_multipart(body, kind)


@given(st.binary(max_size=120))
@settings(max_examples=200)
def test_no_multipart_bytes_do_worse_than_a_refusal(raw: bytes):
    for body in (raw, b"--x\r\n" + raw, _multipart((b"a", b"", raw))):
        try:
            forms.decode_multipart(body, b"multipart/form-data; boundary=x")
        except Refusal as refusal:
            assert refusal.status == 400  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("body", [b"{", b"[]", b'"a"', b"\xff", b"[" * 100_000])
def test_json_that_is_no_object_is_refused(body: bytes):
    with pytest.raises(Refusal):
        forms.decode_json(body)
