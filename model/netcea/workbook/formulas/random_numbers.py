"""Random numbers that are formulas of a seed, the number of a draw and an address: none of them is volatile.

RAND is volatile where it stands, whether it is reached or not, and would have Excel work out the workbook at every
edit. These are the same whenever, and wherever, they are worked out: a draw can be looked at again, and checked.

Notes
-----
With p1, p2 primes, each 2 modulo 3, so that C_m(x) = x^3 mod m changes the order of the remainders and leaves none out:

    s_m = C_m(C_m(seed + c_m) + number of the draw)
    x_m = C_m(s_m + k_m)                               k_m from the SHA-256 of the address
    u = fractional part of (x_1 + 1/2) / p1 + (x_2 + 1/2) / p2

No product reaches 2^44, so that double precision holds each exactly. Adding a number changes no other's draws.

References
----------
Eichenauer-Herrmann J, Herrmann E (1997). Compound cubic congruential pseudorandom numbers. Computing 59, 85-90.
Wichmann BA, Hill ID (1982). Algorithm AS 183. Applied Statistics 31, 188-190: sums of fractions.
Salmon JK et al. (2011). Parallel random numbers: as easy as 1, 2, 3. SC11: numbers by counter and key.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array

LARGEST: Final = 999_999
"""Seeds and numbers of draws are whole numbers up to this."""
LEAST: Final = 1e-15
"""Rank that a random number is taken to have at least, as a normal deviate has none at 0."""


class Part(NamedTuple):
    """One of the two congruential generators of which the fractions are added.

    Attributes
    ----------
    modulus, constant : int
    """

    modulus: int
    constant: int

    def state_formula(self, seed: str, draw: str) -> str:
        """Return the formula of what all numbers of a draw have in common, from two cells."""
        return self._cube_formula(f"({self._cube_formula(f'({seed}+{self.constant})')}+{draw})")

    def remainder_formula(self, state: str, key: int) -> str:
        """Return the formula of the remainder of a number that is drawn, from the cell with the state."""
        return self._cube_formula(f"({state}+{key})")

    def remainders(self, seed: int, draws: np.ndarray[tuple[int, ...], np.dtype[np.int64]], key: int) -> Array:
        """Return Array (draw,): remainders, as the formulas have them."""
        state = self._cube(self._cube(np.array(seed + self.constant)) + draws)
        return self._cube(state + key).astype(np.float64)

    def _cube_formula(self, x: str) -> str:
        return f"MOD({x}*MOD({x}*{x},{self.modulus}),{self.modulus})"

    def _cube(
        self, x: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return x * (x * x % self.modulus) % self.modulus


PARTS: Final = (Part(2_097_143, 123_457), Part(2_097_131, 654_323))


def keys(address: str) -> tuple[int, ...]:
    """Return what tells an address from others in each part.

    >>> keys("costs.unit.ct_scan") == keys("costs.unit.ct_scan"), keys("a") == keys("b")
    (True, False)
    """
    digest = hashlib.sha256(address.encode()).digest()
    words = (digest[8 * i : 8 * i + 8] for i in range(len(PARTS)))
    return tuple(int.from_bytes(word, "big") % part.modulus for word, part in zip(words, PARTS, strict=True))


def rank_formula(remainders: tuple[str, ...]) -> str:
    """Return the formula of the random number from 0 to 1, from the cells with the remainders."""
    parts = (f"({cell}+0.5)/{part.modulus}" for cell, part in zip(remainders, PARTS, strict=True))
    return f"MOD({'+'.join(parts)},1)"


def deviate_formula(remainders: tuple[str, ...]) -> str:
    """Return the formula of the standard normal deviate, from the cells with the remainders."""
    return f"NORMSINV(MAX({rank_formula(remainders)},{LEAST!r}))"


def ranks(seed: int, draws: int | Array, address: str) -> Array:
    """Return the random numbers of an address in some draws, as the workbook has them.

    Parameters
    ----------
    seed : int
        From 0 to `LARGEST`.
    draws : int or Array (draw,)
        Their numbers, from 1 to `LARGEST`.
    address : str

    Returns
    -------
    Array (draw,)
        From 0 to 1. [1]

    Examples
    --------
    >>> found = ranks(1, np.arange(1, 10_001), "costs.unit.ct_scan")
    >>> round(float(found.mean()), 2), round(float(found.std() * 12**0.5), 2)
    (0.5, 1.0)
    """
    numbers = np.atleast_1d(np.asarray(draws, dtype=np.int64))
    total = np.zeros(numbers.shape)
    for part, key in zip(PARTS, keys(address), strict=True):
        total += (part.remainders(seed, numbers, key) + 0.5) / part.modulus
    return np.asarray(total % 1.0, dtype=np.float64)


def deviates(seed: int, draws: int | Array, address: str) -> Array:
    """Return the standard normal deviates of an address in some draws, as the workbook has them.

    Parameters
    ----------
    seed, draws, address
        See `ranks`.

    Returns
    -------
    Array (draw,)
        [1]
    """
    from netcea.special import special

    return np.asarray(special.ndtri(np.maximum(ranks(seed, draws, address), LEAST)), dtype=np.float64)
