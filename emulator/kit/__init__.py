"""What resources are made with. Knows how resources work in general, and none of them."""

from emulator.kit import agenda, answers, outbox
from emulator.kit.core_pages import CorePage, core_page
from emulator.kit.fixed import fixed_page
from emulator.kit.lifecycle import Lifecycle
from emulator.kit.listing import Page, cut, envelope, page
from emulator.kit.money import BALANCE_TRANSACTIONS, Note, available, pending, post
from emulator.kit.ordinary import deletes, get_within, lists, lists_within, retrieves, updates
from emulator.kit.resource import Resource
from emulator.kit.searching import Matches, searches
from emulator.kit.setup import Caller, Doc, Params, Setup
from emulator.kit.thin import CORE_EVENTS
from emulator.kit.tx import Tx

__all__ = [
    "BALANCE_TRANSACTIONS",
    "CORE_EVENTS",
    "Caller",
    "CorePage",
    "Doc",
    "Lifecycle",
    "Matches",
    "Note",
    "Page",
    "Params",
    "Resource",
    "Setup",
    "Tx",
    "agenda",
    "answers",
    "available",
    "core_page",
    "cut",
    "deletes",
    "envelope",
    "fixed_page",
    "get_within",
    "lists",
    "lists_within",
    "outbox",
    "page",
    "pending",
    "post",
    "retrieves",
    "searches",
    "updates",
]
