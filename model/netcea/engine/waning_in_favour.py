"""Where an effect that wanes is a harm: the strategy's own hazard is above that to which it moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.plain_number import read
from netcea.quantities.key_path import split_address
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves

ROUNDING: Final = 1e-6
"""By what share of the other's a hazard must be above it: less is equal within rounding."""
FEW: Final = 1e-4
"""A share of the cohort, or of the effect, that does not matter any more."""
MOST_SPANS: Final = 3
"""Stretches of time that are told one by one."""


class Harm(NamedTuple):
    """One curve whose own hazard is above that to which it moves, while it counts.

    Attributes
    ----------
    address : str
        Of the curve.
    strategy, endpoint, towards : str
        Whose curve it is, which, and the strategy whose hazard is taken on.
    spans : tuple of (float, float)
        From when to when. [years]
    counts_until : float
        Until when the own hazard counts: the effect has ended then, or nobody is left, or the horizon. [years]
    """

    address: str
    strategy: str
    endpoint: str
    towards: str
    spans: tuple[tuple[float, float], ...]
    counts_until: float

    def words(self, scenario: Scenario) -> str:
        """Say in which strategy, from when to when, and what it means.

        Parameters
        ----------
        scenario : Scenario
            Which has the labels.

        Returns
        -------
        str
            One sentence, without its full stop.
        """
        whose = f"{self.endpoint.upper()} of {scenario.label(self.strategy)}"
        other = scenario.label(self.towards)
        told = [f"{read(12.0 * a, 3)} to {read(12.0 * b, 3)}" for a, b in self.spans[:MOST_SPANS]]
        if len(self.spans) > MOST_SPANS:
            told.append(f"more often until {read(12.0 * self.spans[-1][1], 3)}")
        until = f"(the effect counts until {read(12.0 * self.counts_until, 3)})"
        return (
            f"{whose} wanes in its favour: before waning its hazard is above that of {other} from "
            f"{' and from '.join(told)} months {until}. There the effect is a harm, which waning takes away"
        )


def waning_in_favour(scenario: Scenario) -> Iterator[Harm]:
    """Yield the curves that an effect which wanes helps, at the point estimates and before background mortality.

    Parameters
    ----------
    scenario : Scenario
        Of which no number is confidential that a curve has.

    Notes
    -----
    In each cycle in which more than 1 in 10,000 still have the effect and have not died of the own hazard, the rise of
    the own cumulative hazard is compared with the other's.
    """
    fading = [address for address, model in scenario.curves.items() if model.waning_starts]
    if not fading:
        return
    curves = _curves(scenario)
    edges = curves.edges
    for address in fading:
        own, other, effect = (x[0] for x in curves.around_waning(address))
        with np.errstate(invalid="ignore"):
            counts = (effect[:-1] > FEW) & (np.exp(-own[:-1]) > FEW)
            rise, its = np.diff(own), np.diff(other)
            above = counts & (rise > its * (1.0 + ROUNDING) + ROUNDING * ROUNDING)
        if above.any():
            _, strategy, endpoint = map(str, split_address(address))
            towards = str(split_address(curves.waned_towards(address) or "")[1])
            ended = np.minimum(edges, _ended(curves, address))
            until = float(ended[int(np.flatnonzero(counts)[-1]) + 1])
            yield Harm(address, strategy, endpoint, towards, tuple(_spans(above, ended)), until)


def _ended(curves: Curves, address: str) -> float:
    """Return the time from which a curve has another's hazard; infinite where that is each patient's own time."""
    by_patient = curves.models[address].waning_since == "discontinuation"
    return np.inf if by_patient else float(curves.fades_between(address)[1][0, 0])


def fades_between(scenario: Scenario, address: str) -> tuple[float, float]:
    """Return when an effect begins to fade and has ended, at the point estimates, whatever both count from.

    Parameters
    ----------
    scenario : Scenario
        The choices.
    address : str
        Of a curve whose effect wanes at one time for the whole cohort.

    Returns
    -------
    tuple of (float, float)
        [years]

    Notes
    -----
    T0 + T1 and T0 + T2, where T0 is 0, when everybody stops, or the median or mean time on treatment.

    Examples
    --------
    >>> from netcea import load
    >>> scenario = load("pnet_os_waning_24_to_60_months")
    >>> fades_between(scenario, next(a for a, curve in scenario.curves.items() if curve.waning_starts))
    (2.0, 5.0)
    """
    starts, ends = _curves(scenario).fades_between(address)
    return float(starts[0, 0]), float(ends[0, 0])


def _curves(scenario: Scenario) -> Curves:
    """Return the curves at the point estimates."""
    grid, row = Grid.of(scenario), base_case(scenario)
    return Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))


def _spans(above: np.ndarray, edges: Array) -> Iterator[tuple[float, float]]:
    """Yield from when to when something holds in consecutive cycles [years]."""
    change = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(int)))
    for start, end in zip(change[::2], change[1::2], strict=True):
        yield float(edges[start]), float(edges[end])
