"""Where random numbers come from: a stream for each address, or a Sobol sequence. The model's only random source."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from netcea.arrays import Array
from netcea.quantities.quantity import Quantity

ROWS: Final = 1024
"""Rows that share a stream: rows are made in blocks of so many, cut to what is asked for."""


class RandomNumbers(Protocol):
    """Where the random numbers of one block of rows come from.

    Examples
    --------
    >>> source: RandomNumbers = Streams(seed=1, block=0)
    >>> source.deviates("a", ["a", "b"])["b"].shape
    (1024,)
    """

    def variates(self, name: str, quantities: Mapping[str, Quantity], /) -> list[Array]:
        """Return a variate of each of the quantities that share a stream.

        Parameters
        ----------
        name : str
            Of the stream: an address, or that of a group.
        quantities : mapping of address -> Quantity
            Each of them drawn alone, or together in one group.

        Returns
        -------
        list of Array (n,)
            [the quantities' own units]
        """

    def deviates(self, name: str, addresses: Sequence[str], /) -> dict[str, Array]:
        """Return independent standard normal deviates.

        Parameters
        ----------
        name : str
            Of the stream that they share.
        addresses : sequence of str
            In the order in which they are drawn.

        Returns
        -------
        dict of address -> Array (n,)
            [1]
        """


@dataclass(frozen=True)
class Streams(RandomNumbers):
    """Pseudo-random numbers: a stream for each name.

    Attributes
    ----------
    seed, block : int

    References
    ----------
    O'Neill ME. PCG: a family of simple fast space-efficient statistically good algorithms for random number generation.
    Harvey Mudd College 2014, HMC-CS-2014-0905.
    """

    seed: int
    block: int

    def variates(self, name: str, quantities: Mapping[str, Quantity]) -> list[Array]:
        """Draw each quantity in turn from the stream."""
        random = stream(self.seed, name, self.block)
        return [quantity.distribution.draw(quantity.value, random, ROWS) for quantity in quantities.values()]

    def deviates(self, name: str, addresses: Sequence[str]) -> dict[str, Array]:
        """Draw the deviates of all addresses row by row from the stream."""
        drawn = stream(self.seed, name, self.block).standard_normal((ROWS, len(addresses)))
        return dict(zip(addresses, drawn.T, strict=True))


@dataclass(frozen=True)
class Deviates(RandomNumbers):
    """Standard normal deviates that are there already, one for each address and row.

    Attributes
    ----------
    z : mapping of address -> Array (n,)
        [1]

    Examples
    --------
    >>> given = Deviates({"a": np.array([0.5, -0.5]), "b": np.array([1.0, 2.0])})
    >>> {address: z.tolist() for address, z in given.deviates("", ["b"]).items()}
    {'b': [1.0, 2.0]}
    """

    z: Mapping[str, Array]

    @classmethod
    def sobol(cls, seed: int, addresses: Sequence[str], block: int) -> Deviates:
        """Return the deviates of scrambled Sobol points, a dimension for each address.

        Parameters
        ----------
        seed : int
            Of the scrambling.
        addresses : sequence of str
            In the order of the sequence's dimensions.
        block : int
            Number of the block of `ROWS` rows.

        Returns
        -------
        Deviates
            Of `ROWS` rows. [1]

        References
        ----------
        Owen AB. Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity 1998;14:466-489.
        """
        from scipy.stats import qmc  # noqa: TID251 - its Sobol sequence; only here, only when asked for

        from netcea.special import special

        engine = qmc.Sobol(len(addresses), scramble=True, rng=stream(seed, "sobol", 0))
        if block:
            engine.fast_forward(block * ROWS)
        u = np.clip(engine.random(ROWS), 2.0**-54, 1.0 - 2.0**-53)
        return cls(dict(zip(addresses, special.ndtri(u).T, strict=True)))

    def variates(self, _name: str, quantities: Mapping[str, Quantity]) -> list[Array]:
        """Return each quantity's value at its own deviates."""
        return [quantity.at_deviate(self.z[address]) for address, quantity in quantities.items()]

    def deviates(self, _name: str, addresses: Sequence[str]) -> dict[str, Array]:
        """Return the deviates of the addresses."""
        return {address: self.z[address] for address in addresses}


def stream(seed: int, address: str, block: int = 0) -> np.random.Generator:
    """Return the random stream of an address for a block of rows.

    Parameters
    ----------
    seed : int
        Of the analysis.
    address : str
        Its SHA-256 goes into the seed, eight words of 32 bits.
    block : int
        Number of the block of `ROWS` rows.

    Returns
    -------
    numpy.random.Generator
        PCG64, whose bits NumPy keeps from version to version.

    Examples
    --------
    >>> one, again, other = (stream(seed, "costs.unit.ct_scan").random() for seed in (1, 1, 2))
    >>> one == again, one == other
    (True, False)
    """
    words = np.frombuffer(hashlib.sha256(address.encode()).digest(), dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *(int(word) for word in words), block])))
