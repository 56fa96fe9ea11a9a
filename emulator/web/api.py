"""/v1 and /v2: from bytes to a transaction and back. Knows HTTP and the contract; knows nothing of money."""

from __future__ import annotations

import logging
from typing import Any, Final

import orjson

from emulator import contract
from emulator.contract import versions
from emulator.kernel import ids
from emulator.kernel.errors import Refusal, requests
from emulator.kit import Caller
from emulator.resources import OPERATIONS, PUBLISHABLE
from emulator.web import forms, idempotency, keys, rendering
from emulator.web.answers import Answer, Headers, named
from emulator.web.inbound import Inbound
from emulator.world import World, Worlds

_LOG: Final = logging.getLogger("emulator.api")


class Api:
    """Answers API requests. One instance serves every world."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self.in_flight = idempotency.InFlight()

    def answer(self, inbound: Inbound) -> Answer:
        """The answer to one request whose body has been read; never raises."""
        try:
            key = keys.read(inbound.authorization)
        except Refusal as refusal:
            return _refused(refusal, [], None)
        world = self._worlds.get(key.world)
        request = _Request(world, key, inbound)
        try:
            return request.run()
        except Refusal as refusal:
            return request.refuse(refusal)
        except Exception:
            _LOG.exception("request %s (seed %s)", request.id, world.setup.seed)
            return request.refuse(requests.internal(world.setup.seed, request.id))


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

    def run(self) -> Answer:
        self.world.catch_up()
        self._who()
        found = contract.find(self.inbound.method, self.inbound.path)
        if found is None:
            raise requests.unknown_url(self.inbound.method, self.inbound.path)
        operation = found.operation
        if self.key.kind == "pk" and operation.key not in PUBLISHABLE:
            raise requests.secret_key_required()
        if self.inbound.method == "POST" and self.inbound.idempotency_key is not None:
            return self._once(operation, found.path_params)
        return self._perform(operation, found.path_params)

    def refuse(self, refusal: Refusal) -> Answer:
        """The refusal as a body, with the headers that this stage of the request would have."""
        if not self.known:
            return _refused(refusal, [], None)
        return _refused(refusal, self._headers(refusal), self)

    # -- who, and on whose account ----------------------------------------------------------------

    def _who(self) -> None:
        account = self.inbound.account
        if account is not None and account != self.account:
            entry = self.world.setup.store.entry(account)
            raw = self.world.setup.store.raw("account", account)
            if entry is None or raw is None or b'"deleted":true' in raw[-20:]:
                raise requests.account_invalid(self.key.text, account)
            self.account = account
        self.known = True
        if self.inbound.version is not None:
            self.version = versions.parse(self.inbound.version)

    def _caller(self) -> Caller:
        return Caller(
            self.account,
            version=self.version,
            connect=self.inbound.account is not None,
            publishable=self.key.kind == "pk",
            request=self.id,
            idempotency_key=self.inbound.idempotency_key,
            ip=self.inbound.ip,
            key=self.key.text,
        )

    # -- doing it ---------------------------------------------------------------------------------

    def _once(self, operation: contract.Operation, path: dict[str, str]) -> Answer:
        """The operation under an idempotency key: done once, then answered from what was kept."""
        key = self.inbound.idempotency_key
        assert key is not None
        idempotency.check(key)
        inbound, store, now = self.inbound, self.world.setup.store, self.world.now()
        mark = idempotency.fingerprint(inbound.method, inbound.target, inbound.body)
        kept = idempotency.find(store, self.account, key, mark, now)
        if kept is not None:
            extra = named(idempotent_replayed="true", original_request=kept.request)
            return Answer(kept.status, kept.body, [*self._headers(), *extra])
        answer, keep = self._first(operation, path)
        if keep:
            kept = idempotency.Kept(answer.status, self.id, answer.body)
            idempotency.keep(store, self.account, key, mark, now, kept)
        return answer

    def _first(self, operation: contract.Operation, path: dict[str, str]) -> tuple[Answer, bool]:
        """The first answer under a key, and whether it is to be kept."""
        params = self._params(operation)
        try:
            return self._execute(operation, params, path), True
        except Refusal as refusal:
            return self.refuse(refusal), idempotency.is_kept(refusal)

    def _perform(self, operation: contract.Operation, path: dict[str, str]) -> Answer:
        return self._execute(operation, self._params(operation), path)

    def _params(self, operation: contract.Operation) -> dict[str, Any]:
        sent = forms.decode(self.inbound.query) if self.inbound.query else {}
        if self.inbound.body:
            sent |= self._body()
        if not sent and operation.method == "GET":
            return contract.coerce(operation, {}, self.version.date)
        return contract.coerce(operation, sent, self.version.date)

    def _body(self) -> dict[str, Any]:
        kind = self.inbound.content_type.strip()
        if self.inbound.path.startswith("/v2/"):
            return forms.decode_json(self.inbound.body)
        if kind.startswith(b"multipart/form-data"):
            return forms.decode_multipart(self.inbound.body, kind)
        if kind.startswith(b"application/json"):
            raise requests.not_a_form()
        return forms.decode(self.inbound.body)

    def _execute(
        self, operation: contract.Operation, params: dict[str, Any], path: dict[str, str]
    ) -> Answer:
        handler = OPERATIONS.get(operation.key)
        if handler is None:
            raise requests.not_modelled(operation.key)
        expand = params.pop("expand", None)
        params = versions.adapt_request(operation.key, params, self.version)
        with self.world.transaction(self._caller()) as tx:
            result = handler(tx, params, *path.values())
            body = rendering.body(tx, result, expand, self.inbound.path)
        return Answer(200, body, self._headers())

    # -- headers ----------------------------------------------------------------------------------

    def _headers(self, refusal: Refusal | None = None) -> Headers:
        inbound = self.inbound
        headers = [
            (b"request-id", self.id.encode()),
            (b"stripe-version", self.version.text.encode()),
        ]
        if inbound.account is not None:
            headers += named(stripe_account=inbound.account)
        if inbound.method == "POST" and inbound.idempotency_key is not None:
            headers += named(idempotency_key=inbound.idempotency_key)
            headers += [(b"original-request", self.id.encode())]
            headers += named(stripe_should_retry="false" if not _retry(refusal) else "true")
        elif refusal is not None and refusal.should_retry is not None:
            headers += named(stripe_should_retry=str(refusal.should_retry).lower())
        return headers


def _retry(refusal: Refusal | None) -> bool:
    return refusal is not None and bool(refusal.should_retry)


def _refused(refusal: Refusal, headers: Headers, request: _Request | None) -> Answer:
    error = refusal.body()
    if refusal.rule:
        headers = [*headers, *named(emulator_rule=refusal.rule)]
    if request is not None:
        world = request.world
        with world.transaction(request._caller()) as tx:  # noqa: SLF001 - same module
            error = rendering.error(tx, error)
    return Answer(refusal.status, orjson.dumps({"error": error}, option=orjson.OPT_INDENT_2) + b"\n", headers)


