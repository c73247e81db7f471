"""Random streams (slumpströmmar) by name: one stream never moves the draws of another.

A stream is numpy's PCG64, seeded by the seed of the run, the stream's name and the number of the
replication. To make some thirty generators for each replication takes longer than to draw from
them, so the seeds of all replications of a table are worked out at once, as
`numpy.random.SeedSequence` does it, and one generator is set to each in its turn. A test holds that
the draws are the same.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Array = NDArray[Any]


@frozen
class RandomStreams:
    """The streams of one replication, by name."""

    seed: int
    replication: int

    def stream(self, name: str) -> np.random.Generator:
        """The generator of one stream, at its beginning."""
        sequence = np.random.SeedSequence((self.seed, _number_of(name), self.replication))
        return np.random.Generator(np.random.PCG64(sequence))

    def uniform(self, name: str, *shape: int) -> Array:
        """Numbers from 0 up to 1."""
        return self.stream(name).random(shape)


@frozen
class ManyStreams:
    """The streams of many replications: the draws of each in a row of their own.

    The first axis of all arrays that are drawn is the replications.
    """

    seed: int
    replications: tuple[int, ...]
    #: the names of the streams that are going to be drawn from, to seed them all at once
    names: tuple[str, ...] = ()
    _seeded: Mapping[str, Array] = field(init=False, eq=False, repr=False)

    @_seeded.default
    def _at_once(self) -> Mapping[str, Array]:
        return _seeds_by_name(self.seed, self.names, self.replications)

    def uniform(self, name: str, *shape: int) -> Array:
        """Numbers from 0 up to 1."""
        return self._drawn(name, shape, lambda generator, into: generator.random(out=into))

    def normal(self, name: str, *shape: int) -> Array:
        """Standard normal numbers."""
        return self._drawn(name, shape, lambda generator, into: generator.standard_normal(out=into))

    def exponential(self, name: str, *shape: int) -> Array:
        """Standard exponential numbers."""
        drawn: Array = -np.log1p(-self.uniform(name, *shape))
        return drawn

    def _drawn(
        self, name: str, shape: Sequence[int], draw: Callable[[np.random.Generator, Array], object]
    ) -> Array:
        drawn = np.empty((len(self.replications), *shape))
        generator = _GENERATORS.own
        bits: Any = generator.bit_generator
        for into, (state, increment) in zip(drawn, self._beginnings(name), strict=True):
            bits.state = {
                "bit_generator": "PCG64",
                "state": {"state": state, "inc": increment},
                "has_uint32": 0,
                "uinteger": 0,
            }
            draw(generator, into)
        return drawn

    def _beginnings(self, name: str) -> Iterator[tuple[int, int]]:
        """The state of PCG64, and what it grows by, at the beginning of each replication."""
        found = self._seeded.get(name)
        if found is None:
            (found,) = _seeds(self.seed, (name,), self.replications)
        for high, low, by_high, by_low in found.tolist():
            increment = (((by_high << 64 | by_low) << 1) | 1) & _WHOLE
            state = (increment + (high << 64 | low)) & _WHOLE
            yield (state * _MULTIPLIER + increment) & _WHOLE, increment


@lru_cache(maxsize=4)
def _seeds_by_name(
    seed: int, names: tuple[str, ...], replications: tuple[int, ...]
) -> Mapping[str, Array]:
    """The seeds of streams by name; the same worlds are often drawn again, under other levers."""
    return dict(zip(names, _seeds(seed, names, replications), strict=True))


def _seeds(seed: int, names: Sequence[str], replications: Sequence[int]) -> Array:
    """The seeds of streams: names × replications × four words of 64 bits."""
    numbers = [_words(_number_of(name)) for name in names]
    lengths = {len(each) for each in numbers} | {1 + len(_words(each)) for each in replications}
    if len(names) < 2 or lengths != {2}:  # few, or of numbers of more lengths than one
        each = [
            np.random.SeedSequence((seed, _number_of(name), replication))
            for name in names
            for replication in replications
        ]
        found = [sequence.generate_state(4, np.uint64) for sequence in each]
        return np.array(found, np.uint64).reshape(len(names), len(replications), 4)
    before, count = np.array(_words(seed), np.uint32), len(replications)
    entropy = np.concatenate([
        np.repeat(before[:, None], len(names) * count, axis=1),
        np.repeat(np.array(numbers, np.uint32).T, count, axis=1),
        np.tile(np.array(replications, np.uint32), len(names))[None],
    ])  # fmt: skip
    return _generated(entropy).reshape(len(names), count, 4)


class _Generators(threading.local):
    """The one generator of each thread, which is set to every stream in its turn."""

    def __init__(self) -> None:
        self.own = np.random.Generator(np.random.PCG64(0))


_GENERATORS = _Generators()


@cache
def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


# --- numpy's SeedSequence, for many at once -----------------------------------------

_POOL = 4
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
_WHOLE = 2**128 - 1
_WORD = 2**32 - 1


def _words(number: int) -> tuple[int, ...]:
    """A number in words of 32 bits, the lowest first."""
    words = [number & _WORD]
    while number := number >> 32:
        words.append(number & _WORD)
    return tuple(words)


class _Hash:
    """The hashing of words, whose constant is another each time."""

    def __init__(self, constant: int, factor: int) -> None:
        self._constant, self._factor = constant, factor

    def __call__(self, words: Array) -> Array:
        words = words ^ np.uint32(self._constant)
        self._constant = self._constant * self._factor & _WORD
        return _folded(words * np.uint32(self._constant))


def _mixed(one: Array, other: Array) -> Array:
    return _folded(one * np.uint32(0xCA01F9DD) - other * np.uint32(0x4973F715))


def _folded(words: Array) -> Array:
    """Words with their upper halves laid over the lower ones."""
    folded: Array = words ^ (words >> np.uint32(16))
    return folded


def _generated(entropy: Array) -> Array:
    """Four words of 64 bits for each column of words of 32 bits, as a seed sequence gives them."""
    hashed = _Hash(0x43B0D7E5, 0x931E8875)
    nothing = np.zeros_like(entropy[0])
    pool = [hashed(entropy[at] if at < len(entropy) else nothing) for at in range(_POOL)]
    for of in range(_POOL):
        for at in range(_POOL):
            if of != at:
                pool[at] = _mixed(pool[at], hashed(pool[of]))
    for more in entropy[_POOL:]:
        for at in range(_POOL):
            pool[at] = _mixed(pool[at], hashed(more))
    hashed = _Hash(0x8B51F9DD, 0x58F38DED)
    words = [hashed(pool[at % _POOL]).astype(np.uint64) for at in range(2 * _POOL)]
    return np.stack(
        [low | high << np.uint64(32) for low, high in zip(words[::2], words[1::2], strict=True)],
        axis=1,
    )
