"""Mappings that fork in no time, however much they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Final, Generic, TypeVar, cast

V = TypeVar("V")

# A frozen layer takes in the one beneath it when that is not at least so many times as large: there
# are never more than a few, and what merging costs stays in proportion to what was written.
_STEEP: Final = 2


class Layers(MutableMapping[str, V], Generic[V]):
    """A mapping that forks in no time: what it held then is frozen and shared by both sides.

    own: what was written since, and all there is before the first fork; None hides what a frozen
    layer holds. Who changes `own` directly must keep to that. frozen: what was there before,
    youngest first. Keys stand in the order in which they
    first came, as in a dict, except that one which is deleted and comes again after a fork may take
    its old place.
    """

    __slots__ = ("frozen", "own")

    def __init__(self) -> None:
        self.own: dict[str, V | None] = {}
        self.frozen: tuple[dict[str, V | None], ...] = ()

    def fork(self) -> Layers[V]:
        """Another mapping with the same content; from here on neither feels the other."""
        if self.own:
            self._freeze()
        other: Layers[V] = Layers()
        other.frozen = self.frozen
        return other

    def get(self, key: str, default: V | None = None) -> V | None:  # type: ignore[override]
        """The value of a key, or the default when it has none."""
        found = self.own.get(key)
        if found is not None:
            return found
        return self.beneath(key, default) if self.frozen else default

    def several(self, keys: Iterable[str]) -> list[V]:
        """The values of keys that have one."""
        if self.frozen:
            return [self[key] for key in keys]
        return cast("list[V]", [*map(self.own.__getitem__, keys)])

    def beneath(self, key: str, default: V | None = None) -> V | None:
        """The same for a key that has no value in `own`."""
        if not self.frozen or key in self.own:
            return default
        for layer in self.frozen:
            if key in layer:
                found = layer[key]
                return default if found is None else found
        return default

    def __getitem__(self, key: str) -> V:
        found = self.own.get(key)
        if found is None:
            found = self.beneath(key)
            if found is None:
                raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: V) -> None:
        self.own[key] = value

    def __delitem__(self, key: str) -> None:
        if not self.frozen:
            del self.own[key]
        elif self.get(key) is None:
            raise KeyError(key)
        else:
            self.own[key] = None

    def discard(self, key: str) -> None:
        """Take a key away if it has a value."""
        if self.frozen:
            self.own[key] = None
        else:
            self.own.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        if not self.frozen:
            return iter(self.own)
        return self._all()

    def __len__(self) -> int:
        return len(self.own) if not self.frozen else sum(1 for _ in self._all())

    def is_bare(self) -> bool:
        """Whether nothing was ever written here; costs less than asking whether it is empty."""
        return not self.own and not self.frozen

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def parts(self) -> Iterator[dict[str, V | None]]:
        """The mappings that it is made of."""
        yield self.own
        yield from self.frozen

    def clear(self) -> None:
        """Let go of everything."""
        self.own, self.frozen = {}, ()

    def _all(self) -> Iterator[str]:
        """The keys that have a value, each where it stands in the oldest layer that knows it."""
        layers = (*reversed(self.frozen), self.own)
        for at, layer in enumerate(layers):
            older = layers[:at]
            for key in layer:
                if self.get(key) is not None and not any(key in each for each in older):
                    yield key

    def _freeze(self) -> None:
        top, below = self.own, self.frozen
        while below and len(below[0]) < len(top) * _STEEP:
            top, below = {**below[0], **top}, below[1:]
            if not below:
                top = {key: value for key, value in top.items() if value is not None}
        self.frozen, self.own = (top, *below), {}
