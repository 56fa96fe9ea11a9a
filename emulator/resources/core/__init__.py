"""Connected accounts as /v2 sees them: the accounts of `accounts/`, under other names.

Read `accounts`, then `persons`, `tokens` and `account_links`. What /v2 tells of them, and to whom,
stands in `events/`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.core.account_links import CORE_ACCOUNT_LINKS
from emulator.resources.core.accounts import CORE_ACCOUNTS
from emulator.resources.core.persons import CORE_PERSONS
from emulator.resources.core.tokens import ACCOUNT_TOKENS, PERSON_TOKENS

RESOURCES: Final[tuple[Resource, ...]] = (
    ACCOUNT_TOKENS,
    CORE_ACCOUNTS,
    CORE_ACCOUNT_LINKS,
    CORE_PERSONS,
    PERSON_TOKENS,
)
