"""Layers read like plain dicts however often they fork, and forks leave each other be."""

from __future__ import annotations

from random import Random

import pytest

from emulator.store.layers import Layers

_KEYS = [f"k{number}" for number in range(12)]
Pair = tuple[Layers[int], dict[str, int]]


def _same(layers: Layers[int], plain: dict[str, int]) -> None:
    assert dict(layers.items()) == plain
    assert len(layers) == len(plain)
    assert bool(layers) == bool(plain)
    for key in _KEYS:
        assert layers.get(key) == plain.get(key)
        assert (key in layers) == (key in plain)


def _change(luck: Random, layers: Layers[int], plain: dict[str, int]) -> None:
    key = luck.choice(_KEYS)
    deed = luck.randrange(4)
    if deed == 0 and key in plain:
        del layers[key], plain[key]
    elif deed == 1:
        layers.discard(key)
        plain.pop(key, None)
    else:
        layers[key] = plain[key] = luck.randrange(100)


@pytest.mark.parametrize("seed", range(20))
def test_any_mix_of_changes_and_forks_reads_like_plain_dicts(seed: int) -> None:
    luck = Random(seed)
    pairs: list[Pair] = [(Layers(), {})]
    for _ in range(300):
        layers, plain = luck.choice(pairs)
        if luck.random() < 0.1:
            pairs.append((layers.fork(), plain.copy()))
        else:
            _change(luck, layers, plain)

    for layers, plain in pairs:
        _same(layers, plain)


def test_keys_keep_their_order_across_forks() -> None:
    layers: Layers[int] = Layers()
    for key in ("a", "b", "c"):
        layers[key] = 1
    fork = layers.fork()
    fork["b"] = 2
    fork["d"] = 2
    del fork["a"]

    assert list(fork.fork()) == list(fork) == ["b", "c", "d"]
    assert list(layers) == ["a", "b", "c"]


def test_a_missing_key_is_missing_whatever_lies_beneath() -> None:
    layers: Layers[int] = Layers()
    layers["a"] = 1
    layers = layers.fork()
    del layers["a"]

    with pytest.raises(KeyError):
        layers["a"]
    with pytest.raises(KeyError):
        del layers["a"]
    assert layers.get("a", 7) == 7


def test_many_small_forks_of_a_large_mapping_leave_few_layers() -> None:
    layers: Layers[int] = Layers()
    for number in range(10_000):
        layers[f"large{number}"] = number
    large = layers.fork().frozen[0]
    for number in range(500):
        layers[f"small{number}"] = number
        layers.fork()

    assert layers.frozen[-1] is large, "the large one was copied"
    assert len(layers.frozen) < 12
    assert len(layers) == 10_500
