"""Random streams (slumpströmmar) by name: one stream never moves the draws of another."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
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

    def normal(self, name: str, *shape: int) -> Array:
        """Standard normal numbers."""
        return self.stream(name).standard_normal(shape)

    def exponential(self, name: str, *shape: int) -> Array:
        """Standard exponential numbers."""
        return -np.log1p(-self.stream(name).random(shape))


@cache
def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
