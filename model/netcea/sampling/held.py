"""Draws that are impossible where their number is used: held at the nearest possible value, counted, never in silence.

A normal distribution reaches values that a ratio, a share or a utility cannot have. Such a draw is moved to the end of
what is possible, and every analysis that draws says how many were.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.blocks import Unbounded
from netcea.draws import Draws
from netcea.plain_number import read
from netcea.quantities.limits import any_outside, ends_of

if TYPE_CHECKING:
    from netcea.arrays import Array
    from netcea.scenario.scenario import Scenario

LEAST_SHARE: Final = 1e-3
"""Where the low end itself is impossible (a ratio of 0), draws are held at this share of the value above it."""


@dataclass(frozen=True)
class HeldDraws:
    """Draws of one number that were impossible.

    Attributes
    ----------
    address, unit : str
    count : int
        How many.
    lowest, highest : float
        Of those, as drawn. [unit]
    low, high : float
        Between which they were held. [unit]
    """

    address: str
    unit: str
    count: int
    lowest: float
    highest: float
    low: Unbounded
    high: Unbounded

    def words(self, draws: int) -> str:
        """Return it as a sentence.

        Parameters
        ----------
        draws : int
            How many there were in all.

        Returns
        -------
        str
            Without a full stop.

        Examples
        --------
        >>> HeldDraws("survival.x.hazard_ratio", "ratio", 3, -0.2, -0.01, 0.001, 1000.0).words(1000)
        '3 of 1,000 draws of survival.x.hazard_ratio were impossible (-0.2 to -0.01 ratio) and held at 0.001'
        """
        seen = (
            f"{read(self.lowest, 4)} to {read(self.highest, 4)}" if self.lowest < self.highest else read(self.lowest, 4)
        )
        hit = ((self.low, self.lowest < self.low), (self.high, self.highest > self.high))
        ends = [read(end, 4) for end, held in hit if held]
        return (
            f"{self.count:,} of {draws:,} draws of {self.address} were impossible ({seen} {self.unit}) and held at "
            f"{' and '.join(ends)}"
        )


def held_inside(scenario: Scenario, draws: Draws, addresses: Iterable[str]) -> tuple[Draws, tuple[HeldDraws, ...]]:
    """Return draws in which every number is possible, and what was held for that.

    Parameters
    ----------
    scenario : Scenario
        Whose numbers they are.
    draws : Draws
        As their distributions gave them. [model units]
    addresses : iterable of str
        Of the random columns.

    Returns
    -------
    tuple of (Draws, tuple of HeldDraws)
        The same draws where nothing was held. [model units]
    """
    columns: dict[str, Array] = {}
    found = []
    for address in addresses:
        limits, factor = scenario.limits.get(address, ()), scenario.factors.get(address, 1.0)
        values = draws[address] / factor
        outside = any_outside(limits, values)
        if not outside.any():
            continue
        (low, high), drawn = _ends(scenario, address), values[outside]
        columns[address] = np.where(outside, np.clip(values, low, high) * factor, draws[address])
        unit = limits[0].unit
        found.append(HeldDraws(address, unit, len(drawn), float(drawn.min()), float(drawn.max()), low, high))
    return (Draws(draws.n, {**draws.columns, **columns}) if columns else draws), tuple(found)


def together(parts: Iterable[Iterable[HeldDraws]]) -> tuple[HeldDraws, ...]:
    """Return what was held in several ranges of draws, by address.

    Parameters
    ----------
    parts : iterable of iterables of HeldDraws
        One for each range.

    Returns
    -------
    tuple of HeldDraws
        One for each number.
    """
    found: dict[str, HeldDraws] = {}
    for held in (each for part in parts for each in part):
        old = found.get(held.address, held)
        count = held.count if held.address not in found else old.count + held.count
        ends = (min(old.lowest, held.lowest), max(old.highest, held.highest))
        found[held.address] = HeldDraws(held.address, held.unit, count, *ends, held.low, held.high)
    return tuple(found[address] for address in sorted(found))


def sentences(scenario: Scenario, held: Iterable[HeldDraws], draws: int) -> list[str]:
    """Return what a report says of draws that were held, with the family that would not reach so far.

    Parameters
    ----------
    scenario : Scenario
        Whose draws they are.
    held : iterable of HeldDraws
        One for each number.
    draws : int
        How many there were in all.

    Returns
    -------
    list of str
        One for each number.
    """
    return [f"{each.words(draws)}{_instead(scenario, each.address)}." for each in held]


def _instead(scenario: Scenario, address: str) -> str:
    quantity = scenario.quantities.get(address)
    if quantity is None or not quantity.is_drawn or not quantity.distribution.instead:
        return ""
    return f": its {quantity.distribution.name} distribution reaches so far; {quantity.distribution.instead}"


def _ends(scenario: Scenario, address: str) -> tuple[float, float]:
    """Return the least and the most that a number is held at, in its own unit."""
    low, high, is_open = ends_of(scenario.limits[address])
    if is_open and address in scenario.quantities:
        low += LEAST_SHARE * abs(scenario.quantities[address].value - low)
    return low, high
