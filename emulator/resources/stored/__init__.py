"""Every operation that no resource file models, served from the contract alone.

What is sent is kept and comes back over the defaults of the shape; nothing else happens. What the
contract cannot tell stands in `schemas/stored/`. Nothing here is made before it is asked for.

Read `plans` (what an operation is taken to do), `deeds` (doing it), `shaping` and `lists` (what it
answers); `facts` are what the contract cannot tell, `verbs` what a verb does to an object,
`uploads` the files that it names, `bringing` what comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from emulator.contract import operations
from emulator.kit import Doc, Resource, Tx
from emulator.kit.resource import Handler

__all__ = ["Stored"]


class Stored:
    """The stored operations beside the modelled resources, by key."""

    def __init__(self, modelled: Mapping[str, Resource]) -> None:
        self._modelled = modelled
        self._resources: dict[str, Resource] = {}
        self._handlers: dict[str, Handler] = {}

    def handler(self, key: str) -> Handler:
        """What an operation of the contract does when nothing models it."""
        found = self._handlers.get(key)
        if found is None:
            from emulator.resources.stored.deeds import Deed  # noqa: PLC0415 - not at start-up
            from emulator.resources.stored.plans import plan  # noqa: PLC0415

            how = plan(operations()[key])
            found = self._handlers[key] = Deed(how, self.resource, self._modelled_handler)
        return found

    def resource(self, name: str) -> Resource:
        """The declaration of an object: the modelled one, or one made from its shape."""
        found = self._modelled.get(name) or self._resources.get(name)
        if found is None:
            from emulator.resources.stored import facts, lists  # noqa: PLC0415 - not at start-up

            prefix, kind = facts.prefix(name), facts.of(name).get("kind", "")
            known = lists.indexed(name)
            found = Resource(name, prefix, kind=kind or _kind(name), filters=known)
            self._resources[name] = found
        return found

    def befall(self, tx: Tx, name: str, id_: str, happening: str) -> Doc:
        """What no request does happens to an object of any account (`happens` in the table)."""
        from emulator.resources.stored.deeds import Deed  # noqa: PLC0415 - not at start-up
        from emulator.resources.stored.plans import Plan  # noqa: PLC0415

        mine, doc = tx.locate(self.resource(name), id_, name.rpartition(".")[2])
        deed = Deed(Plan("move", name, "", verb=happening), self.resource, self._modelled_handler)
        return deed.move(mine, doc, {})

    def _modelled_handler(self, key: str) -> Handler:
        for resource in self._modelled.values():
            if key in resource.operations:
                return resource.operations[key]
        return self.handler(key)


def _kind(name: str) -> str:
    """What refusals call an object that nothing is declared of."""
    return name.rpartition(".")[2].replace("_", " ")
