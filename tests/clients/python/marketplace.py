"""A platform of our own in a world of its own: what the stories do, in the SDK's own calls."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from typing import Any, Final
from urllib.parse import urlencode

import stripe
from stripe import StripeClient

from tests.clients.python.mailbox import Letter, Mailbox

Params = dict[str, Any]

_BANK: Final = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}
_INDIVIDUAL: Final = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny.rosen@example.com",
    "phone": "+14155550132",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": {
        "line1": "address_full_match",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    },
    "ssn_last_4": "0000",
    "id_number": "000000000",
}
_SHOP: Final = {"mcc": "5734", "url": "https://shop.example.com", "name": "Rosen Records"}
_CAPABILITIES: Final = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
_FILLED_IN: Final = {
    "business_profile[product_description]": "Records, new and old",
    "business_profile[support_phone]": "+14155550132",
    "settings[payments][statement_descriptor]": "ROSEN RECORDS",
}
CARDS_ONLY: Final = {"enabled": True, "allow_redirects": "never"}
_TERMS: Final = {"date": 1_700_000_000, "ip": "203.0.113.7"}


class _Stay(urllib.request.HTTPErrorProcessor):
    """Redirects are looked at, not followed."""

    def http_response(self, request: object, response: Any) -> Any:
        return response


class Marketplace:
    """One platform: its key, its SDK client, and the control API of its world."""

    def __init__(self, base: str, key: str) -> None:
        self.base = base
        self.key = key
        self.client = client_of(base, key)
        self.v1 = self.client.v1

    # -- who takes part ---------------------------------------------------------------------------

    def seller(self, kind: str) -> str:
        """A connected account of a type, ready to be paid and to be paid out; its id."""
        params: Params = {
            "type": kind,
            "country": "US",
            "email": "jenny.rosen@example.com",
            "business_type": "individual",
            "business_profile": _SHOP,
            "individual": _INDIVIDUAL,
            "external_account": _BANK,
            "capabilities": _CAPABILITIES,
        }
        if kind == "custom":
            params["tos_acceptance"] = _TERMS
        if kind == "standard":
            del params["capabilities"]  # an account with the full Dashboard asks for its own
        account = self.v1.accounts.create(as_any(params))
        if kind != "custom":
            self.onboard(account.id)
        self.advance("1m")
        ready = self.v1.accounts.retrieve(account.id)
        assert ready.charges_enabled, ready.requirements
        assert ready.payouts_enabled, ready.requirements
        return account.id

    def onboard(self, account: str) -> None:
        """Do what the account's holder does at the address of an account link."""
        here = "https://shop.example.com/onboarding"
        link = self.v1.account_links.create(
            {
                "account": account,
                "type": "account_onboarding",
                "return_url": f"{here}/done",
                "refresh_url": f"{here}/again",
            }
        )
        form = urlencode(_FILLED_IN).encode()
        opener = urllib.request.build_opener(_Stay)
        with opener.open(link.url, form, timeout=30) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, f"{here}/done")

    # -- money ------------------------------------------------------------------------------------

    def pay(self, amount: int, account: str | None = None, **more: Any) -> stripe.PaymentIntent:
        """Charge a card whose money is available at once. account: on whose account, by header."""
        params: Params = {
            "amount": amount,
            "currency": "usd",
            "payment_method": "pm_card_bypassPending",
            "automatic_payment_methods": CARDS_ONLY,
            "capture_method": "automatic",  # the charge shows at once where its money is
            "confirm": True,
            **more,
        }
        return self.v1.payment_intents.create(as_any(params), on(account))

    def holds(self, account: str | None = None) -> int:
        """What an account's balance holds in all, available or not, in cents."""
        balance = self.v1.balance.retrieve({}, on(account))
        entries: list[Any] = [*balance.available, *balance.pending]
        return sum(entry.amount for entry in entries if entry.currency == "usd")

    def adds_up(self, account: str | None = None) -> int:
        """The same, added up from the account's balance transactions."""
        found = self.v1.balance_transactions.list({"limit": 100}, on(account))
        return sum(each.net for each in found.auto_paging_iter())

    # -- what only the emulator can do ------------------------------------------------------------

    def advance(self, by: str) -> Params:
        """Let time pass; returns when everything due has run and every webhook was tried."""
        return self.control("/_emulator/clock", {"advance": by})

    def audit(self) -> list[str]:
        """The laws of money that are broken: none, or the emulator has a bug."""
        broken: list[str] = self.control("/_emulator/audit")["broken"]
        return broken

    def control(self, path: str, body: Params | None = None) -> Params:
        """One call of the control API."""
        request = urllib.request.Request(
            self.base + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: Params = json.load(answer)
        return found


class Ear:
    """A webhook endpoint that listens, and checks every signature with the SDK."""

    def __init__(self, shop: Marketplace, mailbox: Mailbox, path: str, *, connect: bool) -> None:
        self._shop = shop
        self._mailbox = mailbox
        self._path = path
        params: Params = {
            "url": mailbox.address + path,
            "enabled_events": ["*"],
            "connect": connect,
        }
        self.endpoint = shop.v1.webhook_endpoints.create(as_any(params))
        assert self.endpoint.secret is not None
        self.secret = self.endpoint.secret

    def heard(self) -> list[stripe.Event]:
        """Every event so far, each proved to be signed with this endpoint's secret."""
        self._shop.advance("0s")
        return [self.open(letter) for letter in self._mailbox.at(self._path)]

    def counts(self, account: str | None = None) -> Counter[str]:
        """How often each type was heard; account: only events of this connected account."""
        events = self.heard()
        return Counter(
            each.type for each in events if account in {None, getattr(each, "account", None)}
        )

    def open(self, letter: Letter) -> stripe.Event:
        """One delivery, verified."""
        found: stripe.Event = stripe.Webhook.construct_event(
            letter.body, letter.signature, self.secret
        )
        return found


def client_of(base: str, key: str, **options: Any) -> StripeClient:
    """The SDK's client, pointed here."""
    return StripeClient(key, base_addresses={"api": base}, max_network_retries=0, **options)


def on(account: str | None) -> Any:
    """The SDK's options for acting on a connected account; None: on one's own."""
    return {} if account is None else {"stripe_account": account}


def as_any(params: Params) -> Any:
    """Parameters that are put together here; the SDK types them field by field."""
    return params
