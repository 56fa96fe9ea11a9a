"""What stored operations do. One instance carries out one operation of the contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import orjson

from emulator.kernel.errors import objects
from emulator.kit import CorePage, Doc, Matches, Page, Params, Resource, Tx, cut
from emulator.kit.searching import matching
from emulator.resources.stored import bringing, facts, lists, uploads, verbs
from emulator.resources.stored.plans import Plan
from emulator.resources.stored.shaping import Shaping

Finder = Callable[[str], Resource]
Handler = Callable[..., Any]

_SINGLES: Final = "single"


class Deed:
    """resource: the declaration of an object by name. handler: what another operation does."""

    def __init__(self, plan: Plan, resource: Finder, handler: Callable[[str], Handler]) -> None:
        self._plan = plan
        self._resource = resource
        self._handler = handler
        self._run: Handler = getattr(self, plan.deed)

    def __call__(self, tx: Tx, params: Params, *ids: str) -> Any:
        self._check_parents(tx, ids)
        return self._run(tx, params, ids)

    # -- collections -------------------------------------------------------------------------------

    def create(self, tx: Tx, params: Params, ids: Sequence[str]) -> Doc:
        """A new object: what was sent over the shape's defaults."""
        name = self._plan.object
        uploads.check(tx, name, params)
        resource = self._resource(name)
        id_ = self._new_id(tx, resource)
        doc = self._shaping(tx, name).fresh(id_)
        self._name_parents(tx, doc, ids)
        self._follow(tx, doc, params)
        self._shaping(tx, name).lay(doc, params)
        worked_out = bringing.filled(self._plan.more.get("with", {}), {**doc, "sent": params})
        self._shaping(tx, name).lay(doc, worked_out)
        within = tx.find(self._resource(self._plan.parents[-1].object), ids[-1]) if ids else None
        self._bring(tx, doc, "created", {"sent": params, "within": within})
        if "id" not in doc:
            return doc
        if ids and self._plan.parents[-1].field not in doc:
            tx.hide(id_, {"within": ids[-1]})
        self._address_lists(doc)
        happening = facts.event(name, "created") or facts.event(name, "opened")
        return tx.save(resource, doc, event=happening)

    def listed(self, tx: Tx, params: Params, ids: Sequence[str]) -> Page | CorePage:
        name = self._plan.object
        ready = self._catalogue(tx, name)
        resource = self._resource(name)
        if ready is not None:
            unknown = partial(objects.no_such, resource.kind)
            return cut([*ready], params, name, unknown)
        parent = ids[-1] if ids else None
        if self._plan.url.startswith("/v2/"):
            field = self._plan.parents[-1].field if ids else ""
            inside = (field, parent) if parent else None
            return lists.paged(tx, resource, self._plan, params, inside)
        return lists.listed(tx, resource, self._plan, params, parent)

    def search(self, tx: Tx, params: Params, _ids: Sequence[str]) -> Matches:
        """The newest objects that a query matches."""
        plural = self._plan.url.split("/")[2]
        return matching(tx, self._resource(self._plan.object), params, plural)

    def find(self, tx: Tx, params: Params, _ids: Sequence[str]) -> Doc:
        """The newest object whose named fields are those that were sent."""
        resource = self._resource(self._plan.object)
        wanted = {name: params[name] for name in self._plan.more["by"] if name in params}
        for doc in tx.all(resource):
            if all(_agrees(doc.get(name), value) for name, value in wanted.items()):
                return doc
        raise objects.no_such(resource.kind, str(params.get(self._plan.more["by"][0])), "id", 404)

    def remove(self, tx: Tx, params: Params, ids: Sequence[str]) -> Doc:
        """Find and delete; the object as it was comes back, marked as deleted."""
        doc = self.find(tx, params, ids)
        tx.delete(self._resource(self._plan.object), dict(doc))
        return {**doc, "deleted": True}

    def compute(self, tx: Tx, params: Params, _ids: Sequence[str]) -> Doc:
        """An object that is shown and not kept."""
        name = self._plan.object
        shaping = self._shaping(tx, name)
        return shaping.lay(shaping.fresh(self._new_id(tx, self._resource(name))), params)

    # -- one object --------------------------------------------------------------------------------

    def retrieve(self, tx: Tx, _params: Params, ids: Sequence[str]) -> Doc | bytes:
        for doc in self._catalogue(tx, self._plan.object) or ():
            if doc["id"] == ids[-1]:
                return doc
        resource = self._resource(self._plan.object)
        doc = self._found(tx, ids)
        return doc if resource.view is None else resource.view(tx, doc)

    def update(self, tx: Tx, params: Params, ids: Sequence[str]) -> Doc:
        """Set what was sent; hashes are merged, an empty text clears."""
        name = self._plan.object
        doc = self._found(tx, ids)
        uploads.check(tx, name, params)
        self._shaping(tx, name).lay(doc, params)
        self._address_lists(doc)
        return tx.save(self._resource(name), doc, event=facts.event(name, "updated"))

    def delete(self, tx: Tx, _params: Params, ids: Sequence[str]) -> Doc:
        name = self._plan.object
        if name == "v2.deleted_object":
            return self._delete_v2(tx, ids[-1])
        gone = facts.event(name, "deleted")
        return tx.delete(self._resource(name), self._found(tx, ids), event=gone)

    def verb(self, tx: Tx, params: Params, ids: Sequence[str]) -> Doc:
        """Move the object to the status that the verb leads to; modelled ones are left as they
        are, because what moves them is not this file's to know.
        """
        resource = self._resource(self._plan.object)
        doc = self._found(tx, ids)
        if resource.operations:
            return doc if resource.view is None else resource.view(tx, doc)
        return self.move(tx, doc, params)

    def move(self, tx: Tx, doc: Doc, params: Params) -> Doc:
        """Do to an object what the verb does, and bring what comes of it."""
        name, verb = self._plan.object, self._plan.verb
        resource = self._resource(name)
        held = verbs.take(self._shaping(tx, name), resource, doc, verb, params)
        self._bring(tx, doc, verb, {"sent": params})
        return tx.save(resource, doc, event=held["event"])

    def clear(self, tx: Tx, _params: Params, ids: Sequence[str]) -> Doc:
        """Take away what stands in one field: the discount of a customer or a subscription."""
        field = self._plan.more["field"]
        resource = self._resource(self._plan.object)
        doc = self._found(tx, ids)
        held = doc.get(field)
        first = held[0] if isinstance(held, list) and held else held
        if not first:
            raise objects.nothing_to_clear("discount", resource.kind, ids[-1])
        doc[field] = [] if isinstance(held, list) else None
        tx.save(resource, doc, event=facts.event(resource.name, "updated"))
        id_ = first if isinstance(first, str) else first["id"]
        return {"id": id_, "object": "discount", "deleted": True}

    def through(self, tx: Tx, params: Params, ids: Sequence[str]) -> Any:
        """An older address of an object: the operation of its own is what happens."""
        by = self._plan.more.get("by")
        run = self._handler(self._plan.more["like"])
        if by is None:
            return run(tx, params, ids[-1])
        resource = self._resource(self._plan.object)
        for doc in tx.all(resource):
            if doc.get(by) == ids[-1]:
                return run(tx, params, doc["id"])
        raise objects.no_such(resource.kind, ids[-1], "id", 404)

    # -- what there is one of ----------------------------------------------------------------------

    def single(self, tx: Tx, _params: Params, ids: Sequence[str]) -> Doc:
        raw = tx.setup.store.raw(_SINGLES, self._place(tx, ids))
        if raw is not None:
            found: Doc = orjson.loads(raw)
            return found
        doc = self._shaping(tx, self._plan.object).fresh("")
        self._name_parents(tx, doc, ids)
        return doc

    def update_single(self, tx: Tx, params: Params, ids: Sequence[str]) -> Doc:
        doc = self.single(tx, {}, ids)
        self._shaping(tx, self._plan.object).lay(doc, params)
        tx.setup.store.put(_SINGLES, self._place(tx, ids), orjson.dumps(doc))
        happening = facts.event(self._plan.object, "updated")
        if happening:
            tx.emit(happening, doc)
        return doc

    def nothing(self, _tx: Tx, _params: Params, _ids: Sequence[str]) -> Doc:
        """Taken, and answered with an empty object."""
        return {}

    # -- inside ------------------------------------------------------------------------------------

    def _bring(self, tx: Tx, doc: Doc, happening: str, besides: Doc) -> None:
        """Make, or change, what the table says comes of it."""
        last: Doc | None = None
        for row in bringing.rows(self._plan.object, happening):
            known = {**doc, **besides, "last": last}
            if not bringing.concerns(row, known):
                continue
            name = row["object"]
            resource, shaping = self._resource(name), self._shaping(tx, name)
            there = "change" in row
            made = (
                tx.get(resource, bringing.filled(row["change"], known))
                if there
                else shaping.fresh(self._new_id(tx, resource))
            )
            shaping.lay(made, bringing.filled(row["with"], known))
            self._address_lists(made)
            announced = facts.event(name, "updated" if there else "created")
            last = tx.save(resource, made, event=announced)
            bringing.name_back(doc, last, row.get("back", {}))
            doc.update(row.get("set", {}))

    def _place(self, tx: Tx, ids: Sequence[str]) -> str:
        return "/".join((self._plan.object, tx.account, *ids))

    def _shaping(self, tx: Tx, name: str) -> Shaping:
        def whole(object_name: str, id_: str, param: str) -> Doc:
            resource = self._resource(object_name)
            found = tx.find(resource, id_)
            if found is None:
                raise objects.no_such(resource.kind, id_, param, 400)
            return found

        return Shaping(tx, name, whole)

    def _new_id(self, tx: Tx, resource: Resource) -> str:
        if resource.prefix:
            return tx.new_id(resource.prefix, resource.id_length, dated=resource.dated)
        return tx.secret(f"{resource.name}/{tx.setup.store.count(resource.name)}", 8)

    def _found(self, tx: Tx, ids: Sequence[str]) -> Doc:
        resource = self._resource(self._plan.object)
        doc = tx.find(resource, ids[-1])
        inside = ids[-2] if len(ids) > 1 else None
        if doc is None or doc.get("deleted") or not self._belongs(tx, doc, inside):
            raise objects.no_such(resource.kind, ids[-1], self._plan.param, 404)
        return doc

    def _belongs(self, tx: Tx, doc: Doc, parent: str | None) -> bool:
        if parent is None:
            return True
        held = doc.get(self._plan.parents[-1].field)
        return parent in {held, tx.hidden(doc["id"]).get("within")}

    def _delete_v2(self, tx: Tx, id_: str) -> Doc:
        """Which object it was tells its entry: the operation's own answer has no shape."""
        for name in self._plan.more["objects"]:
            resource = self._resource(name)
            doc = tx.find(resource, id_)
            if doc is not None:
                tx.delete(resource, doc)
                return {"id": id_, "object": name}
        raise objects.no_such(self._plan.more["objects"][0], id_, self._plan.param, 404)

    def _catalogue(self, tx: Tx, name: str) -> list[Doc] | None:
        known = facts.catalogue(name)
        if known is None:
            return None
        shaping = self._shaping(tx, name)
        return [shaping.lay(shaping.fresh(each["id"]), each) for each in known]

    def _check_parents(self, tx: Tx, ids: Sequence[str]) -> None:
        for parent, id_ in zip(self._plan.parents, ids, strict=False):
            if parent.object:
                resource = self._resource(parent.object)
                found = tx.find(resource, id_)
                if found is None or found.get("deleted"):
                    raise objects.no_such(resource.kind, id_, parent.param, 404)

    def _name_parents(self, tx: Tx, doc: Doc, ids: Sequence[str]) -> None:
        """By their ids, or whole where the shape wants that."""
        known = facts.fields(self._plan.object)
        for parent, id_ in zip(self._plan.parents, ids, strict=False):
            if parent.field in doc:
                whole = known[parent.field]["type"] == "ref"
                doc[parent.field] = tx.get(self._resource(parent.object), id_) if whole else id_

    def _follow(self, tx: Tx, doc: Doc, params: Params) -> None:
        """Take over what a named object knows already: a reversal's account from the credit."""
        for param, told in facts.of(self._plan.object).get("follows", {}).items():
            if param in params:
                resource = self._resource(told["object"])
                other = tx.get(resource, params[param], param)
                doc.update({field: other[field] for field in told["fields"]})

    def _address_lists(self, doc: Doc) -> None:
        """Lists inside a new object stand at addresses of their own."""
        for field, spec in facts.fields(doc["object"]).items():
            if spec["type"] == "list" and doc.get(field):
                doc[field]["url"] = f"{self._plan.url.partition('/{')[0]}/{doc['id']}/{field}"


def _agrees(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(_agrees(value.get(name), each) for name, each in wanted.items())
    return bool(value == wanted)
