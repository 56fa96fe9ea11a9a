"""What Stripe once answered, played as a scenario that says where the emulator answers otherwise.

Each recorded request is asked again at its own time, with the ids that this world has in the place
of those that Stripe gave. Of the answers everything must be equal but what cannot be: ids that were
not returned before and values that are random by nature need only be there, instants may lie a day
and a half apart.

Left out is what this world cannot know: requests that name what no earlier answer showed, lists of
such objects, requests without a valid key or beyond a rate, and other hosts. The platform's own
account and balance are asked for, and not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from emulator import contract
from emulator.scenario import exchanges
from emulator.scenario.exchanges import Doc, Exchange
from emulator.scenario.mistakes import Path
from emulator.scenario.reading import Text
from emulator.scenario.story import Chapter, Scenario, Step

_HOSTS: Final = frozenset({"api.stripe.com", "files.stripe.com"})
_METHODS: Final = frozenset({"GET", "POST", "DELETE"})
_NOT_PLAYED: Final = frozenset({401, 429})
_NOT_COMPARED: Final = frozenset({"GET /v1/account", "GET /v1/balance"})
# An id that was given by chance, or a client's secret.
_ID: Final = re.compile(
    r"\b(?:\w+_secret_\w+|[a-z]{2,12}(?:_[a-z]{2,8})?_(?=[A-Za-z]*[0-9A-Z])[A-Za-z0-9]{8,})\b"
)
# Of these, ids have a digit first, and what Stripe offers for tests a word.
_TEST_VALUE: Final = re.compile(r"(?:tok|btok|pm|src|card|ba|file)_[A-Za-z]\w*")
# What comes of what a request makes, and so need not have been returned before a list shows it.
_CONSEQUENCES: Final = ("txn_", "evt_", "person_", "ba_", "fee_", "py_")
_RANDOM: Final = re.compile(
    r"(.+_)?(url|secret|fingerprint)|key|token|number|reference|mandate_reference|trace_id|eci|ip"
    r"|client_ip|invoice_prefix|receipt_number|risk_score|exchange_rate|(network_)?transaction_id"
    r"|authorization_code|acquirer_reference_number|idempotency_key|statement_descriptor_prefix"
    r"|calculated_statement_descriptor"
)
_HIDDEN: Final = re.compile(r"<[A-Z_ ]+>|REDACTED|FILTERED")
_INSTANTS: Final = range(1_300_000_000, 2_200_000_000)
_APART_SECONDS: Final = 36 * 3600
_SLIP_SECONDS: Final = 5
_REFUSAL: Final = ("type", "code", "decline_code", "param")
_SENT_AS: Final = {"stripe-version": "version", "idempotency-key": "key"}


def is_one(text: Text) -> bool:
    """Whether a file is a cassette."""
    return exchanges.are_in(text)


def tell(text: Text, name: str) -> Scenario:
    """The exchanges of a cassette as a scenario of one chapter."""
    retelling = _Retelling(text)
    steps = (*retelling.steps(),)
    about = f"What Stripe answered, as {text.name.rpartition('/')[2]} recorded it"
    said = {} if retelling.start is None else {"start": retelling.start}
    chapters = (Chapter(about, steps),)
    return Scenario(name, text.name, about, chapters, said, left_out=retelling.left_out)


class _Retelling:
    """start: when the first request was made. left_out: how many cannot be asked again."""

    def __init__(self, text: Text) -> None:
        self.start: int | None = None
        self.left_out = 0
        self._text = text
        self._now = 0
        # Where an id was first returned, as a reference says it.
        self._returned: dict[str, str] = {}
        self._count = 0

    def steps(self) -> Iterator[Step]:
        for each in exchanges.of(self._text):
            if not self._is_playable(each):
                self.left_out += 1
                continue
            if each.at is not None:
                yield from self._pass_until(each.at, each.path)
            yield self._step(each)

    def _pass_until(self, at: int, path: Path) -> Iterator[Step]:
        if self.start is None:
            self.start = self._now = at
        if at > self._now + _SLIP_SECONDS:
            self._now = at
            yield Step("until", {"until": at}, "then", self._text, path)

    def _step(self, each: Exchange) -> Step:
        self._count += 1
        name, verb = f"answer{self._count}", each.method.lower()
        body: Doc = {verb: self._in_text(each.target), "name": name, **self._sent(each)}
        assert each.answer is not None
        if each.status >= 400:
            body["refused"] = _refusal(each)
        elif f"{each.method} {each.target}" not in _NOT_COMPARED:
            body["is"] = {
                key: self._expected(value, key, each.at) for key, value in each.answer.items()
            }
        self._learn(each.answer, name)
        return Step(verb, body, "then", self._text, each.path)

    def _sent(self, each: Exchange) -> Doc:
        sent: Doc = {}
        if each.body:
            sent["body"] = self._in_text(each.body)
            if "content-type" in each.headers:
                sent["headers"] = {"Content-Type": _plain(each.headers["content-type"])}
        for header, name in _SENT_AS.items():
            if header in each.headers:
                sent[name] = _plain(each.headers[header])
        if "stripe-version" in each.answered:
            sent.setdefault("version", each.answered["stripe-version"].split(";")[0])
        if "stripe-account" in each.headers:
            sent["on"] = self._in_text(each.headers["stripe-account"])
        if each.headers.get("authorization", "").startswith("Bearer pk_"):
            sent["as"] = "publishable"
        return sent

    # -- what can be asked ------------------------------------------------------------------------

    def _is_playable(self, each: Exchange) -> bool:
        if each.host not in _HOSTS or each.method not in _METHODS or each.answer is None:
            return False
        said = (each.target, each.body, each.headers.get("stripe-account", ""))
        known = all(id_ in self._returned for text in said for id_ in _ids(text))
        if each.status >= 400:
            missing = _refusal(each).get("code") == "resource_missing"
            return each.status not in _NOT_PLAYED and (known or missing)
        path = each.target.partition("?")[0]
        return (
            known
            and contract.find(each.method, path) is not None
            and not self._shows_others(each.answer)
        )

    def _shows_others(self, answer: Doc) -> bool:
        """Whether a list holds what was made before the cassette began."""
        if answer.get("object") not in {"list", "search_result"}:
            return False
        ids = (item.get("id") for item in answer.get("data", ()) if isinstance(item, dict))
        return any(
            id_ not in self._returned and not str(id_).startswith(_CONSEQUENCES) for id_ in ids
        )

    # -- what must come back ----------------------------------------------------------------------

    def _expected(self, value: Any, name: str, at: int | None) -> Any:
        if isinstance(value, dict):
            return {key: self._expected(inner, key, at) for key, inner in value.items()}
        if isinstance(value, list):
            if value and all(isinstance(each, str) and not _ids(each) for each in value):
                return {"$unordered": [_plain(each) for each in value]}
            return [self._expected(inner, name, at) for inner in value]
        if isinstance(value, str):
            return self._expected_text(value, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _expected_number(value, name, at)
        return value

    def _expected_text(self, value: str, name: str) -> Any:
        ids = _ids(value)
        known = ids and all(id_ in self._returned for id_ in ids)
        if (ids and not known) or _HIDDEN.search(value) or (not ids and _RANDOM.fullmatch(name)):
            return {"$type": "string"}
        return self._in_text(value)

    def _in_text(self, text: str) -> str:
        """The text with references in the place of the ids that earlier answers returned."""
        return _ID.sub(
            lambda met: f"${{{self._returned[met[0]]}}}" if met[0] in self._returned else met[0],
            _plain(text),
        )

    def _learn(self, value: Any, way: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if re.fullmatch(r"[A-Za-z0-9_-]+", key):
                    self._learn(inner, f"{way}.{key}")
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                self._learn(inner, f"{way}.{index}")
        elif isinstance(value, str) and _ids(value) == [value]:
            self._returned.setdefault(value, way)


def _expected_number(value: float, name: str, at: int | None) -> Any:
    if _RANDOM.fullmatch(name):
        return {"$type": "number"}
    if value not in _INSTANTS:
        return value
    if at is None:
        return {"$type": "integer"}
    return {"$above": value - _APART_SECONDS, "$below": value + _APART_SECONDS}


def _refusal(each: Exchange) -> Doc:
    assert each.answer is not None
    error = each.answer.get("error")
    found: Doc = {"status": each.status}
    if isinstance(error, dict):
        found |= {name: error[name] for name in _REFUSAL if name in error}
        message = str(error.get("message", ""))
        if not (
            _ids(message) or _HIDDEN.search(message) or "http" in message or "_test_" in message
        ):
            found["message"] = message
    return found


def _ids(text: str) -> list[str]:
    return [each for each in _ID.findall(text) if not _TEST_VALUE.fullmatch(each)]


def _plain(text: str) -> str:
    return text.replace("${", "$${")
