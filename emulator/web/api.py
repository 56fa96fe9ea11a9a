"""/v1 and /v2: from bytes to a transaction and back. Knows HTTP and the contract; knows nothing of
money.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, Final

import orjson

from emulator import contract
from emulator.contract import versions
from emulator.control import faults
from emulator.kernel import ids
from emulator.kernel.clock import stopwatch
from emulator.kernel.errors import Refusal, accounts, requests
from emulator.kit import Caller, answers, instructions
from emulator.kit.log import LONGEST_BODY, cut
from emulator.kit.resource import Handler
from emulator.resources import OPERATIONS, PUBLISHABLE, STORED, Content
from emulator.resources.accounts import connections
from emulator.resources.customers import ephemeral_keys
from emulator.web import faulting, idempotency, keys, parameters, rendering
from emulator.web.answers import Answer, Headers, Listed, named
from emulator.web.inbound import Inbound
from emulator.world import World, Worlds

_LOG: Final = logging.getLogger("emulator.api")
# Modelled operations carry no such header, so that the hot path pays nothing for it.
_STORED: Final = (b"emulator-fidelity", b"stored")
# Observed: keys were made up on 23 March 2022 and not yet on 7 October 2021; Stripe-Should-Retry
# was sent on 16 December 2019 and not yet on 12 August.
_KEYS_MADE_FROM: Final = 1_640_995_200  # 1 January 2022
_RETRIES_TOLD_FROM: Final = 1_569_888_000  # 1 October 2019


class Api:
    """Answers API requests. One instance serves every world."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._in_flight = idempotency.InFlight()

    def arrives(self, inbound: Inbound) -> None:
        """The head of a request is here, its body is still to come: its idempotency key
        is taken.
        """
        if inbound.method == "POST" and inbound.idempotency_key is not None:
            with suppress(Refusal):  # a bad key is refused when it comes to answering
                world = keys.read(inbound.authorization).world
                inbound.place = inbound.world or world, inbound.account, inbound.idempotency_key
                self._in_flight.enter(inbound.place, inbound)

    def leaves(self, inbound: Inbound) -> None:
        """A request is answered, or its client has gone away."""
        if inbound.place is not None:
            self._in_flight.leave(inbound.place, inbound)

    def answer(self, inbound: Inbound) -> Answer:
        """The answer to one request whose body has been read; never raises."""
        try:
            key = keys.read(inbound.authorization)
            world = self._worlds.get(inbound.world or key.world)
        except Refusal as refusal:
            return _refused(refusal, [], None)
        if inbound.fault is not None or world.setup.store.size(faults.TABLE):
            struck = faulting.strike(world, key, inbound)
            if struck is not None:
                opened = partial(self._open, world, key, inbound)
                return Answer(0, b"", [], partial(faulting.suffer, struck, opened))
        return self._open(world, key, inbound).answer()

    def _open(self, world: World, key: keys.Key, inbound: Inbound) -> _Request:
        request = _Request(world, key, inbound)
        if inbound.place is not None:
            request.is_first = self._in_flight.holds(inbound.place, inbound)
        return request


class _Request:
    """One request of one world on its way through."""

    def __init__(self, world: World, key: keys.Key, inbound: Inbound) -> None:
        self.world = world
        self.key = key
        self.inbound = inbound
        world.requests += 1
        self.id = "req_" + ids.letters(world.setup.seed, f"request/{world.requests}", 14)
        self.account = world.setup.platform
        self.version = versions.parse(world.setup.settings["version"])
        self.known = False
        self.acts = False  # for another account than that of the key
        self.about: str | None = None  # the account that the answer names
        self.began = False
        self.sent: dict[str, Any] = {}
        self.is_first = True
        self.stored = False
        self.ephemeral: dict[str, Any] | None = None
        self.answers: list[dict[str, Any]] | None = None
        self.opened = stopwatch()

    def answer(self) -> Answer:
        """The answer, whatever happens on the way to it."""
        try:
            answer = self.run()
        except Refusal as refusal:
            answer = self.refuse(refusal)
        except Exception:  # noqa: BLE001 - a bug of ours: nothing of it is kept, the next is served
            seed = self.world.setup.seed
            _LOG.exception("request %s (seed %s)", self.id, seed)
            answer = self.refuse(requests.internal(seed, self.id))
        self.note(answer)
        return answer

    def note(self, answer: Answer, *, lost: bool = False) -> None:
        """Write the request into its world's log. lost: whether the answer never leaves."""
        world, inbound = self.world, self.inbound
        log, body = world.log, inbound.body
        if answer.listed is not None:
            answer = answer.to_keep()
        elif len(answer.body) + len(body) > LONGEST_BODY and log.kept is not None:
            answer, body = answer._replace(body=cut(answer.body)), cut(body)
        log.add(
            inbound,
            body,
            self.id,
            self.key.text,
            self.account,
            answer,
            stopwatch() - self.opened,
            world.setup.clock.now(),
            0 if inbound.method == "GET" else world.setup.store.counted("sequence"),
            lost,
        )

    def turn_away(self, refusal: Refusal) -> Answer:
        """The refusal of a fault that struck before anything was looked at but who asks."""
        with suppress(Refusal):
            self._who()
        answer = self.refuse(refusal)
        self.note(answer)
        return answer

    def vanish(self, answer: Answer | None) -> None:
        """Nothing leaves: the connection is closed. answer: what would have left, if anything."""
        if answer is not None:
            self.world.log.forget_last()
        self.note(answer or Answer(0, b"", []), lost=True)

    def lose(self, refusal: Refusal) -> Answer:
        """A refusal in place of the answer to what has been carried out, kept under its key as
        Stripe keeps every result of what has begun.
        """
        answer = self.refuse(refusal)
        self.world.log.forget_last()
        self.note(answer)
        key = self.inbound.idempotency_key
        if self.began and key is not None and self.inbound.method == "POST":
            kept = idempotency.Kept(answer.status, self.id, answer.body)
            now = self.world.now()
            store = self.world.setup.store
            idempotency.keep(store, self.account, key, self._mark(), now, kept)
        return answer

    def run(self) -> Answer:
        """The way of a request: time catches up, who asks, for what, and then it is carried out."""
        self.world.catch_up()
        self._who()
        if self.inbound.answers is not None:
            self.answers = instructions.read_header(self.inbound.answers)
        found = contract.find(self.inbound.method, self.inbound.path, self.version.date)
        if found is None:
            raise requests.unknown_url(self.inbound.method, self.inbound.path)
        operation = found.operation
        if "account" in found.path_params and self.about is None:
            self._look_at(found.path_params["account"])
        if self.key.kind == "pk" and operation.key not in PUBLISHABLE:
            raise requests.secret_key_required()
        if self.inbound.method == "POST" and self.inbound.idempotency_key is not None:
            return self._once(operation, found.path_params)
        return self._perform(operation, found.path_params)

    def _look_at(self, account: str) -> None:
        """An account at its own address is named in the answer, too (observed since July 2016)."""
        if account != self.account and self.inbound.path.startswith("/v1/accounts/"):
            self.about = account

    def refuse(self, refusal: Refusal) -> Answer:
        """The refusal as a body, with the headers that this stage of the request would have."""
        if not self.known:
            return _refused(refusal, [], None)
        if refusal.param and refusal.code != "parameter_missing":
            refusal.param = versions.as_sent(refusal.param, self.sent)
        nameless = refusal.code == "account_invalid"  # wherever the account was named (observed)
        return _refused(refusal, [] if nameless else self._headers(refusal), self)

    # -- who, and on whose account ----------------------------------------------------------------

    def _who(self) -> None:
        if self.key.token:
            self._by_token()
        elif self.key.kind == "ek":
            self.ephemeral, self.account = ephemeral_keys.access(self.world.setup, self.key.text)
        account = self.inbound.account
        if account is not None and account != self.account:
            self.acts, self.about = True, account
            entry = self.world.setup.store.entry(account)
            raw = self.world.setup.store.raw("account", account)
            theirs = entry is None or entry[2] != self.account
            if theirs or raw is None or b'"deleted":true' in raw[-20:]:
                raise requests.account_invalid(self.key.text, account)
            self.account = account
        self.known = True
        if self.inbound.version is not None:
            self.version = versions.parse(self.inbound.version)
        writing = account is not None and self.inbound.method != "GET"
        if writing and connections.may_only_read(self.world.setup, self.account):
            raise accounts.no_permission_for_endpoint(self.account)

    def _by_token(self) -> None:
        """An access token of OAuth is a key of the account that gave it, as long as it does."""
        found = connections.access(self.world.setup, self.key.text)
        if found is None:
            raise requests.invalid_key(self.key.text)
        if found["revoked"]:
            raise requests.account_invalid(self.key.text, found["account"])
        self.account = found["account"]
        if self.inbound.method != "GET" and found["scope"] == connections.READ_ONLY:
            raise accounts.no_permission_for_endpoint(self.account)

    def _caller(self) -> Caller:
        return Caller(
            self.account,
            version=self.version,
            connect=self.acts or self.key.token,
            publishable=self.key.kind == "pk",
            request=self.id,
            idempotency_key=self.inbound.idempotency_key,
            ip=self.inbound.ip,
            agent=self.inbound.agent,
            key=self.key.text,
            answers=self.answers,
            versioned=self.inbound.version is not None,
        )

    # -- doing it ---------------------------------------------------------------------------------

    def _once(self, operation: contract.Operation, path: dict[str, str]) -> Answer:
        """The operation under an idempotency key: done once, then answered from what was kept."""
        key = self.inbound.idempotency_key
        assert key is not None
        idempotency.check(key)
        if not self.is_first:
            raise requests.idempotency_in_use(key)
        store, now, mark = self.world.setup.store, self.world.now(), self._mark()
        kept = idempotency.find(store, self.account, key, mark, now)
        if kept is not None:
            self.stored = operation.key not in OPERATIONS
            headers = self._headers(original=kept.request)
            return Answer(kept.status, kept.body, [*headers, (b"idempotent-replayed", b"true")])
        answer, keep = self._first(operation, path)
        if keep:
            kept = idempotency.Kept(answer.status, self.id, answer.body)
            idempotency.keep(store, self.account, key, mark, now, kept)
        return answer

    def _mark(self) -> str:
        inbound = self.inbound
        return idempotency.fingerprint(
            inbound.method, inbound.target, inbound.body, inbound.content_type
        )

    def _first(self, operation: contract.Operation, path: dict[str, str]) -> tuple[Answer, bool]:
        """The first answer under a key, and whether it is to be kept."""
        params = parameters.read(operation, self.inbound, self.version.knows)
        try:
            return self._execute(operation, params, path), True
        except Refusal as refusal:
            return self.refuse(refusal), idempotency.has_begun(refusal)

    def _perform(self, operation: contract.Operation, path: dict[str, str]) -> Answer:
        params = parameters.read(operation, self.inbound, self.version.knows)
        return self._execute(operation, params, path)

    def _execute(
        self, operation: contract.Operation, params: dict[str, Any], path: dict[str, str]
    ) -> Answer:
        handler = OPERATIONS.get(operation.key)
        if handler is None:
            handler = self._stored(operation)
        expand = params.pop("expand", None)
        if expand and operation.kind == "list":
            expand = versions.total_included(params, expand, self.version)
        self.sent = params
        params = versions.adapt_request(operation.key, params, self.version)
        self.began = True
        with self.world.transaction(self._caller()) as tx:
            if self.ephemeral is not None and operation.key not in PUBLISHABLE:
                ephemeral_keys.admit(tx, self.ephemeral, operation.key, path, params)
            result = handler(tx, params, *path.values())
            if self.answers is not None:
                answers.outlive(tx, result, self.answers)
            if result.__class__ is Content:
                return Answer(200, result.body, self._headers(), type=result.type)
            body = rendering.body(tx, result, expand, self.inbound.path)
        if isinstance(body, Listed):
            return Answer(200, body.whole(), self._headers(), listed=body)
        return Answer(200, body, self._headers())

    def _stored(self, operation: contract.Operation) -> Handler:
        """What is not modelled is served from the contract, unless the world is strict."""
        if self.world.setup.settings.get("strict"):
            raise requests.not_modelled(operation.key)
        self.stored = True
        return STORED.handler(operation.key)

    # -- headers ----------------------------------------------------------------------------------

    def _headers(self, refusal: Refusal | None = None, original: str | None = None) -> Headers:
        """The headers that recorded answers carry. original: the id of the request that is
        replayed.
        """
        inbound = self.inbound
        headers = [
            (b"request-id", self.id.encode()),
            _version_header(self.version.text),
        ]
        if self.stored:
            headers.append(_STORED)
        if self.about is not None:  # who names themselves is not told so (observed)
            headers += named(stripe_account=self.about)
        key = inbound.idempotency_key
        if key is not None and inbound.method in {"POST", "DELETE"}:
            headers.append((b"idempotency-key", key.encode("utf-8", "replace")))
        if inbound.method == "POST":
            headers += self._headers_of_post(refusal, original)
        if refusal is not None and refusal.should_retry:
            headers.append((b"stripe-should-retry", b"true"))
        if self.answers is not None:
            unused = [each["question"] for each in self.answers if not each["used"]]
            headers += named(emulator_answer_unused=", ".join(unused) or None)
        return headers

    def _headers_of_post(self, refusal: Refusal | None, original: str | None) -> Headers:
        """What tells a request by its key: one is made up for a request that came without, and
        whether to try again is told, both since they were first observed.
        """
        now = self.world.setup.clock.now()
        headers: Headers = []
        if self.inbound.idempotency_key is None:
            if now < _KEYS_MADE_FROM:
                return headers
            made = ids.uuid(self.world.setup.seed, f"key/{self.world.requests}")
            headers.append((b"idempotency-key", made.encode()))
        headers.append((b"original-request", (original or self.id).encode()))
        began = self.began if refusal is None else self._has_begun(refusal)
        if (began or original is not None) and now >= _RETRIES_TOLD_FROM:
            headers.append((b"stripe-should-retry", b"false"))
        return headers

    def _has_begun(self, refusal: Refusal) -> bool:
        return self.began and idempotency.has_begun(refusal)


@lru_cache(maxsize=64)
def _version_header(version: str) -> tuple[bytes, bytes]:
    """One for all answers, as the log keeps those of many requests."""
    return b"stripe-version", version.encode()


def _refused(refusal: Refusal, headers: Headers, request: _Request | None) -> Answer:
    error = refusal.body()
    if refusal.rule:
        headers = [*headers, *named(emulator_rule=refusal.rule)]
    if refusal.headers:
        headers = [*headers, *named(**refusal.headers)]
    if request is not None:
        world = request.world
        with world.transaction(request._caller()) as tx:  # noqa: SLF001 - same module
            error = rendering.error(tx, error)
    body = orjson.dumps({"error": error}, option=orjson.OPT_INDENT_2) + b"\n"
    return Answer(refusal.status, body, headers)
