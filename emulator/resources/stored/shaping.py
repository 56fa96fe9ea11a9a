"""Objects made from their shapes: every field with a default, and what was sent laid over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from emulator.contract import blanks
from emulator.kernel.instants import DAY, rfc3339
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import merged_metadata
from emulator.resources.stored import facts

Spec = dict[str, Any]
# The object that stands whole where its id was sent: its name, its id, the parameter.
Whole = Callable[[str, str, str], Doc]

_NOTHING: Final = object()
_LATER: Final = ("expires_at", "deletes_after", "end", "end_time", "period_end")
_INSTANTS: Final = ("created", "updated", "timestamp", "date", "start", "time", "period_start")
_AFTER: Final = ("_at", "_date", "_start", "_time", "_from", "_anchor", "frozen_time")
_PARTS: Final = frozenset({"array", "object", "ref"})
_REQUIRED: Final = {"required": True}
_ALWAYS: Final[Doc] = {"metadata": {}, "livemode": False}
_LIST: Final[Doc] = {"object": "list", "data": [], "has_more": False}


class Shaping:
    """Makes and changes objects of one kind within one transaction."""

    def __init__(self, tx: Tx, name: str, whole: Whole) -> None:
        self._tx = tx
        self._name = name
        self._whole = whole
        self._v2 = name.startswith("v2.")
        self._makers: dict[str, Callable[[str, Spec], Any]] = {
            "string": self._text,
            "enum": lambda _, spec: str(spec["values"][0]),
            "decimal": lambda _name, _spec: "0",
            "integer": lambda name, _: self._number(name),
            "number": lambda name, _: self._number(name),
            "boolean": lambda _name, _spec: False,
            "array": lambda _name, _spec: [],
            "list": lambda _name, _spec: dict(_LIST, url=f"/{self._name}"),
            "object": lambda _, spec: self._hash(spec["fields"]),
            "ref": lambda _, spec: self._hash(facts.fields(spec["object"])),
            "union": lambda name, spec: self._default(name, {**spec["any_of"][0], **_REQUIRED}),
        }

    def fresh(self, id_: str) -> Doc:
        """The object as nothing was sent for it."""
        doc: Doc = {}
        for name, spec in facts.fields(self._name).items():
            if _is_shown(spec):
                doc[name] = self._default(name, spec)
        if blanks.is_known(self._name):
            _leave_out(doc, blanks.blank(self._name))
        if "id" in doc:
            doc["id"] = id_
        declared = facts.of(self._name)
        self.lay(doc, self._filled(declared.get("start", {}), id_))
        self.stamp(doc, declared.get("stamp", ()))
        if "client_secret" in doc:
            doc["client_secret"] = f"{id_}_secret_{self._tx.secret(id_, 24)}"
        return doc

    def lay(self, doc: Doc, params: Params) -> Doc:
        """Lay values over an object, field by field; what the shape does not know, or has no place
        for, is left out.
        """
        for name, spec in facts.fields(self._name).items():
            if name in params and name not in {"id", "object"}:
                self._set(doc, name, spec, params[name])
        return doc

    def stamp(self, doc: Doc, paths: Any) -> None:
        """Put the present instant at each dotted path."""
        for path in paths:
            *outer, last = path.split(".")
            hash_ = doc
            for step in outer:
                hash_[step] = hash_ = dict(hash_.get(step) or {})
            hash_[last] = rfc3339(self._tx.now) if self._v2 else self._tx.now

    def _set(self, doc: Doc, name: str, spec: Spec, value: Any) -> None:
        if name == "metadata":
            doc[name] = merged_metadata(doc.get(name), value)
            return
        if value is None:
            self._unset(doc, name, spec)
            return
        laid = self._laid(name, spec, value, doc.get(name))
        if laid is not _NOTHING:
            doc[name] = laid

    def _unset(self, doc: Doc, name: str, spec: Spec) -> None:
        if _is_shown(spec) or spec.get("nullable"):
            doc[name] = self._default(name, spec)
        else:
            doc.pop(name, None)

    def _filled(self, start: Doc, id_: str) -> Doc:
        secret = self._tx.secret(id_, 40)
        return {
            name: value.replace("{secret}", secret) if isinstance(value, str) else value
            for name, value in start.items()
        }

    # -- defaults ---------------------------------------------------------------------------------

    def _default(self, name: str, spec: Spec) -> Any:
        if name in _ALWAYS:
            return dict(_ALWAYS[name]) if name == "metadata" else _ALWAYS[name]
        if name == "created":
            return rfc3339(self._tx.now) if spec["type"] == "string" else self._tx.now
        if not spec.get("required"):
            return None
        make = self._makers.get(spec["type"])
        return {} if make is None else make(name, spec)

    def _hash(self, fields: Spec) -> Doc:
        inner = {n: self._default(n, s) for n, s in fields.items() if _is_shown(s)}
        return dict(sorted(inner.items()))

    def _text(self, name: str, _: Spec) -> str:
        if "currency" in name:
            return "usd"
        if self._v2 and (name in _INSTANTS or name.endswith(_AFTER)):
            return rfc3339(self._tx.now + (DAY if name in _LATER else 0))
        if name in {"url", "redirect_url", "pdf"}:
            return f"https://example.com/{self._name}"
        if name == "country":
            return str(self._tx.setup.settings["country"])
        return self._tx.account if name == "account" else ""

    def _number(self, name: str) -> int:
        if name in _LATER:
            return self._tx.now + DAY
        return self._tx.now if name in _INSTANTS or name.endswith(_AFTER) else 0

    # -- what was sent ----------------------------------------------------------------------------

    def _laid(self, name: str, spec: Spec, value: Any, base: Any = None) -> Any:
        """A value as a field of this spec shows it, or nothing when the field has no place for
        it.
        """
        if value is None:
            return _NOTHING if spec.get("required") else None
        match spec["type"], value:
            case "any", _:
                return value
            case "object", dict():
                return self._over(spec["fields"], value, base)
            case "ref", str():
                return self._whole(spec["object"], value, name)
            case "ref", dict():
                return self._over(facts.fields(spec["object"]), value, base)
            case "map", dict():
                return self._map(spec["values"], value)
            case "array", list():
                return [*_with_place(self._laid(name, spec["items"], each) for each in value)]
            case "union", _:
                choices = (self._laid(name, each, value, base) for each in spec["any_of"])
                return next(_with_place(choices), _NOTHING)
        return _scalar(spec["type"], value)

    def _map(self, spec: Spec, value: Doc) -> Doc:
        """Keys that somebody chose; one with nothing under it is only there if that may be null."""
        laid = {key: self._laid(key, spec, each) for key, each in value.items()}
        gone = (_NOTHING,) if spec.get("nullable") else (_NOTHING, None)
        return {key: each for key, each in laid.items() if each not in gone}

    def _over(self, fields: Spec, value: Doc, base: Any) -> Doc:
        hash_ = dict(base) if isinstance(base, dict) else self._hash(fields)
        for name, each in value.items():
            if name in fields:
                self._set(hash_, name, fields[name], each)
        return dict(sorted(hash_.items()))


def _with_place(laid: Iterable[Any]) -> Iterator[Any]:
    """The values that had a place in the shape."""
    return (each for each in laid if each is not _NOTHING)


def _leave_out(doc: Doc, seen: Doc) -> None:
    """Take out of hashes what they lacked wherever the object was seen at birth."""
    for name, hash_ in doc.items():
        known = seen.get(name)
        if name != "metadata" and isinstance(hash_, dict) and isinstance(known, dict) and known:
            doc[name] = {key: value for key, value in hash_.items() if key in known}
            _leave_out(doc[name], known)


def _is_shown(spec: Spec) -> bool:
    """Whether a field is there before anything was sent for it: not what may be left out. Maps of
    hashes are not: SDKs cannot read null in their place.
    """
    if spec.get("on_request") or spec.get("optional"):
        return False
    plain = spec["type"] != "map" or "type" not in spec.get("values", {})
    return plain or bool(spec.get("required")) or spec["values"]["type"] not in _PARTS


def _scalar(kind: str, value: Any) -> Any:
    """A plain value as a field of a plain type shows it."""
    if isinstance(value, dict | list):
        return _NOTHING
    if kind == "boolean":
        return value if isinstance(value, bool) else _NOTHING
    if isinstance(value, bool):
        return _NOTHING
    if kind in {"string", "enum", "decimal"}:
        return str(value)
    if kind in {"integer", "number"}:
        return _numeric(kind, value)
    return _NOTHING


def _numeric(kind: str, value: Any) -> Any:
    try:
        number = float(value)
    except ValueError:
        return _NOTHING
    if kind == "number":
        return number if not isinstance(value, int) else value
    return int(value) if number.is_integer() else _NOTHING
