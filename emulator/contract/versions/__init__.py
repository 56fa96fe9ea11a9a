"""`Stripe-Version`: which versions exist, and how requests and answers differ in older ones."""

from emulator.contract.versions.announced import current_name, heard
from emulator.contract.versions.change import Change, Doc, Fetch, Params
from emulator.contract.versions.changes import CHANGES
from emulator.contract.versions.expandable import went
from emulator.contract.versions.render import NEEDS, Render, Teller, nothing, renderer
from emulator.contract.versions.requests import adapt_request, as_sent, total_included
from emulator.contract.versions.shown import json_schema_in, shape_in
from emulator.contract.versions.version import NEWEST, Version, names, parse, usual

__all__ = [
    "CHANGES",
    "NEEDS",
    "NEWEST",
    "Change",
    "Doc",
    "Fetch",
    "Params",
    "Render",
    "Teller",
    "Version",
    "adapt_request",
    "as_sent",
    "current_name",
    "heard",
    "json_schema_in",
    "names",
    "nothing",
    "parse",
    "renderer",
    "shape_in",
    "total_included",
    "usual",
    "went",
]
