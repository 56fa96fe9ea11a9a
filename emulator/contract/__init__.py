"""What Stripe's API takes and gives, read from `schemas/stripe/`: data, and nothing that behaves.

Only the table of operations is read at start-up; parameters, objects and events when first needed.
"""

from emulator.contract.coercer import coerce, takes
from emulator.contract.events import (
    event_object,
    event_types,
    is_event_type,
    thin_object,
    thin_types,
)
from emulator.contract.operations import Found, Operation, current, find, operations
from emulator.contract.shapes import (
    expandable,
    is_text,
    json_schema,
    names_another,
    object_names,
    shape,
)

__all__ = [
    "Found",
    "Operation",
    "coerce",
    "current",
    "event_object",
    "event_types",
    "expandable",
    "find",
    "is_event_type",
    "is_text",
    "json_schema",
    "names_another",
    "object_names",
    "operations",
    "shape",
    "takes",
    "thin_object",
    "thin_types",
]
