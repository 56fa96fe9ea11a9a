"""What a request sent to what its operation takes: typed, complete, known, or refused."""

from __future__ import annotations

from typing import Any

from emulator.contract.checks import Shape
from emulator.contract.nearest import nearest
from emulator.contract.operations import Operation
from emulator.contract.specs import Fields, Versions, fields_in, sent_fields, unknown
from emulator.kernel.errors import Refusal, params


class _Parameters:
    """The parameters of one operation, compiled for each span of versions when first needed.

    known: version -> the shape of its span.
    """

    __slots__ = ("all", "known", "shapes", "versions")

    def __init__(self, operation: Operation) -> None:
        self.all = sent_fields(operation)
        self.versions = Versions(self.all)
        self.shapes: dict[int, tuple[Shape, Fields]] = {}
        self.known: dict[str, tuple[Shape, Fields]] = {}

    def shape(self, version: str) -> tuple[Shape, Fields]:
        index = self.versions.index(version)
        found = self.shapes.get(index)
        if found is None:
            fields = fields_in(self.all, version)
            found = self.shapes[index] = Shape(fields), fields
        self.known[version] = found
        return found


_parameters: dict[str, _Parameters] = {}


def coerce(operation: Operation, sent: dict[str, Any], version: str) -> dict[str, Any]:
    """`sent` with the types of the contract, under the names that were sent.

    sent: text, dict or list per name, as a form decodes; JSON values in /v2.
    version: the date of the API version, `2023-10-16`, and of a preview `2025-04-30.preview`.
    A parameter that was cleared comes back as None; `expand` as a list of texts; `metadata` with
    empty texts for the keys to delete. Raises Refusal (400), unknown parameters first, then the
    declared ones in their order.
    """
    parameters = _parameters.get(operation.key)
    if parameters is None:
        parameters = _parameters[operation.key] = _Parameters(operation)
    shape, fields = parameters.known.get(version) or parameters.shape(version)
    try:
        return shape(sent, "")
    except Refusal:
        _refuse_unknown(fields, sent)
        raise


def _refuse_unknown(fields: Fields, sent: dict[str, Any]) -> None:
    lost = list(unknown(fields, sent))
    if not lost:
        return
    paths = [path for path, _ in lost]
    raise params.parameter_unknown(paths, _meant(*lost[0]) if len(lost) == 1 else None)


def _meant(path: str, known: Fields) -> str | None:
    """The full path of the known parameter that `path` comes closest to."""
    outer, bracket, last = path.rpartition("[")
    name = nearest(last.removesuffix("]") if bracket else path, known)
    return f"{outer}[{name}]" if name and bracket else name


def takes(operation: Operation, version: str) -> frozenset[str]:
    """The names of the top-level parameters that a version of the operation knows."""
    return frozenset(fields_in(sent_fields(operation), version))
