"""Requests made from the contract: any parameters that an operation knows, plausible or not."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from emulator import contract
from emulator.contract.specs import Spec, sent_fields

_MOST_FIELDS: Final = 4
_LEVELS: Final = 4
# Words with which accounts do something; anything else is text to them.
_WORDS: Final = (
    "",
    "US",
    "GB",
    "JP",
    "MX",
    "XX",
    "usd",
    "eur",
    "000000000",
    "111111111",
    "222222222",
    "0000000000",
    "000123456789",
    "000999999992",
    "110000000",
    "DE89370400440532013000",
    "5734",
    "address_full_match",
    "address_no_match",
    "mismatch",
    "file_identity_document_success",
    "file_identity_document_failure",
    "https://inactivity.stripe.com",
    "https://shop.example.com",
    "http://[",
    "btok_us",
    "btok_us_verified",
    "btok_gb",
    "tok_visa_debit",
    "tok_nope",
    "jenny@example.com",
    "127.0.0.1",
    "minimum",
    "é\u0000ü",
)
_TEXT: Final = st.one_of(st.sampled_from(_WORDS), st.text(max_size=12))
_NUMBERS: Final = st.one_of(
    st.sampled_from((-1, 0, 1, 2, 7, 31, 1900, 1901, 1902, 2000, 1_772_366_400)),
    st.integers(-(2**63), 2**63),
)


def operations() -> list[str]:
    """The keys of every operation on accounts and what belongs to them."""
    about = ("/v1/account", "/v1/country_specs")
    return sorted(key for key in contract.operations() if key.partition(" ")[2].startswith(about))


def parameters(key: str) -> st.SearchStrategy[dict[str, Any]]:
    """Parameters of an operation, some of them, with the required ones more often than not."""
    fields = sent_fields(contract.operations()[key])
    fields = {name: spec for name, spec in fields.items() if name != "expand"}
    return _object(fields, _LEVELS)


def _object(fields: dict[str, Spec], levels: int) -> st.SearchStrategy[dict[str, Any]]:
    needed = [name for name, spec in fields.items() if spec.get("required")]
    names = st.lists(st.sampled_from(sorted(fields)), max_size=_MOST_FIELDS, unique=True)
    chosen = names.map(lambda found: sorted({*found, *needed})) if fields else st.just([])
    return chosen.flatmap(
        lambda found: st.fixed_dictionaries({n: _value(fields[n], levels - 1) for n in found})
    )


def _value(spec: Spec, levels: int) -> st.SearchStrategy[Any]:
    plain = _plain(spec, levels) if levels > 0 else _TEXT
    return st.one_of(plain, plain, plain, plain, _TEXT)


def _plain(spec: Spec, levels: int) -> st.SearchStrategy[Any]:
    match spec["type"]:
        case "enum":
            return st.sampled_from(sorted(str(value) for value in spec["values"]))
        case "object":
            return _object(spec["fields"], levels)
        case "array":
            return st.lists(_value(spec["items"], levels - 1), max_size=3)
        case "map":
            return st.dictionaries(_TEXT.filter(_is_name), _TEXT, max_size=3)
        case "union":
            return st.one_of([_value(one, levels) for one in spec["any_of"]])
        case "integer" | "number" | "decimal":
            return _NUMBERS
        case "boolean":
            return st.booleans()
    return _TEXT


def _is_name(text: str) -> bool:
    return text != "" and not set(text) & set("[]\0")
