"""Accounts: the platform's own, and the ones connected to it.

Read `state` (what is kept of an account and how it is read), `accounts`, `details` (how parameters
become one), `availability` (what the world's rules let it do), `standing` (what is due and what is
enabled). What belongs to an account: `persons`, `external_accounts`, `capabilities`, `documents`.
The ways of its holder: `links`, `onboarding`,
`sessions`, `login_links`; of a browser that tells for them: `browser_tokens`; of accounts with a
Dashboard of their own: `connections`. What Stripe decides: `imposing`. What countries ask for:
`country_specs`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.accounts import accounts  # noqa: F401 - importing it declares what it does
from emulator.resources.accounts.capabilities import CAPABILITIES
from emulator.resources.accounts.country_specs import COUNTRY_SPECS
from emulator.resources.accounts.links import ACCOUNT_LINKS
from emulator.resources.accounts.login_links import LOGIN_LINKS
from emulator.resources.accounts.sessions import ACCOUNT_SESSIONS
from emulator.resources.accounts.state import ACCOUNTS, EXTERNAL_ACCOUNTS, PERSONS

RESOURCES: Final[tuple[Resource, ...]] = (
    ACCOUNTS,
    ACCOUNT_LINKS,
    ACCOUNT_SESSIONS,
    CAPABILITIES,
    COUNTRY_SPECS,
    EXTERNAL_ACCOUNTS,
    LOGIN_LINKS,
    PERSONS,
)
