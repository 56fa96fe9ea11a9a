"""One server for all of these tests, one world for each; every world's books are checked at its
end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.clients.process import running
from tests.clients.python.mailbox import Mailbox, open_mailbox
from tests.clients.python.marketplace import Marketplace


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """The address of a server that runs for all tests."""
    with running() as address:
        yield address


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A secret key of this test's own, and with it a world of its own."""
    return "sk_test_" + re.sub(r"\W", "", request.node.name.title())


@pytest.fixture
def shop(base: str, key: str) -> Iterator[Marketplace]:
    """A platform in a fresh world."""
    found = Marketplace(base, key)
    yield found
    assert found.audit() == []


@pytest.fixture(scope="session")
def _mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(_mailbox: Mailbox) -> Mailbox:
    """An empty mailbox that answers 200 to every webhook."""
    _mailbox.letters.clear()
    _mailbox.status = 200
    return _mailbox
