"""What each source of uncertainty alone explains of the variance of incremental net health benefit.

A range looks at the two ends of an interval, and at one number of a fit at a time. A variance takes the whole
distribution, and what was estimated together as one:

    V_i = Var(NHB | source i uncertain, all others at their point estimates),  share_i = V_i / sum_j V_j.

Interactions between sources are in no V_i. Where NHB is linear in a quantity, V_i is the square of (slope x standard
deviation), and for normal quantities the order is that of the ranges.

References
----------
Briggs A, Weinstein M, Fenwick E, et al. Model parameter estimation and uncertainty: ISPOR-SMDM 6. Med Decis Making
2012;32:722-32 (one-way ranges say nothing of how likely their ends are). Saltelli A, et al. Global sensitivity
analysis. 2008, section 4.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.shared.moved_blocks import moved_blocks
from netcea.analyses.shared.one_source import rows_of_source, simulated
from netcea.arrays import Array
from netcea.errors import ModelError
from netcea.sampling.sources import Source, sources_of
from netcea.scenario.scenario import Scenario

NOTHING: Final = 1e-12
"""Standard deviations up to this are rounding: the source moves nothing. [QALYs]"""
STEP: Final = 0.1
FURTHEST: Final = 6.0
NEARER: Final = (FURTHEST, 4.0, 3.0, 2.0)
"""Deviates of a single quantity: so close that steps (whole packs, severity weights) are met, and to the far tails."""


@dataclass(frozen=True)
class Explained:
    """What one source of uncertainty alone explains.

    Attributes
    ----------
    name, label : str
    addresses : tuple of str
        What is uncertain: one quantity, or several that are drawn together.
    sd_nhb : float
        Standard deviation of incremental net health benefit at the lower threshold. [QALYs]
    variance_share : float
        Of the sum of all sources' variances. [0, 1]
    by_variance : int
        Its rank by variance: 1 is the largest.
    by_range : int or None
        Its rank by range: that of the widest bar among those of its numbers, counted over sources; None where none of
        them is moved singly.
    """

    name: str
    label: str
    addresses: tuple[str, ...]
    sd_nhb: float
    variance_share: float
    by_variance: int
    by_range: int | None = None


def explained(scenario: Scenario) -> tuple[Explained, ...]:
    """Return what each source explains, the largest share first; confidential prices are left out.

    Parameters
    ----------
    scenario : Scenario
        As loaded.

    Returns
    -------
    tuple of Explained
        Without ranks by range. Their shares add up to 1, or are all 0 where nothing moves anything.
    """
    threshold = thresholds_of(scenario)[0]
    secret = scenario.prices.secret
    sources = [source for source in sources_of(scenario) if not any(a in secret for a in source.addresses)]
    try:
        spread = _spread(scenario, sources, threshold, FURTHEST)
    except ModelError:  # far out in one of them, the model breaks a rule of its own
        spread = [found for source in sources for found in _nearer(scenario, source, threshold)]
    ranked = sorted(
        ((source, sd if sd > NOTHING else 0.0) for source, sd in spread), key=lambda found: (-found[1], found[0].name)
    )
    total = sum(sd**2 for _, sd in ranked) or 1.0
    return tuple(
        Explained(source.name, source.label, source.addresses, sd, sd**2 / total, number)
        for number, (source, sd) in enumerate(ranked, 1)
    )


def _spread(
    scenario: Scenario, sources: Sequence[Source], threshold: float, furthest: float
) -> list[tuple[Source, float]]:
    """Return each source with its standard deviation of net health benefit [QALYs]."""
    along = even_deviates(STEP, furthest)
    groups = [rows_of_source(scenario, source, along) for source in sources]
    return [
        (rows.source, standard_deviation(totals.incremental_nhb(threshold), rows.weights))
        for rows, totals in simulated(scenario, groups)
    ]


def _nearer(scenario: Scenario, source: Source, threshold: float) -> list[tuple[Source, float]]:
    """Return the same of one source, as far out as the model keeps its rules; nothing where it does not even near."""
    for furthest in NEARER:
        try:
            return _spread(scenario, [source], threshold, furthest)
        except ModelError:
            continue
    return []


def even_deviates(step: float, furthest: float) -> tuple[Array, Array]:
    """Return evenly spaced standard normal deviates and their weights, which add up to 1.

    The trapezium rule: all but exact where the integrand is smooth, and, unlike a few Gaussian nodes, near where it
    jumps.

    Parameters
    ----------
    step, furthest : float
        Between deviates; the last one. [1]

    Examples
    --------
    >>> z, weights = even_deviates(0.1, 6.0)
    >>> len(z), round(float(np.vecdot(z**4, weights)), 4)
    (121, 3.0)
    """
    z = np.linspace(-furthest, furthest, 1 + round(2.0 * furthest / step))
    density = np.exp(-(z**2) / 2.0)
    return z, density / density.sum()


def standard_deviation(values: Array, weights: Array) -> float:
    """Return the standard deviation of weighted values.

    Parameters
    ----------
    values : Array (row,)
    weights : Array (row,)
        They add up to 1.

    Examples
    --------
    >>> standard_deviation(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    1.0
    """
    away = values - np.vecdot(values, weights)
    return float(np.sqrt(np.vecdot(away**2, weights)))


def source_of(scenario: Scenario, found: Iterable[Explained]) -> dict[str, str]:
    """Return address at which something moves in one-way analysis -> name of the source that it is part of.

    Parameters
    ----------
    scenario : Scenario
    found : iterable of Explained
        See `explained`.
    """
    names = {address: source.name for source in found for address in source.addresses}
    blocks = {
        address: names[known]
        for block in moved_blocks(scenario)
        for address in block.moves
        for known in block.addresses[:1]
        if known in names
    }
    return names | blocks


def with_ranges(
    found: Iterable[Explained], sources: Mapping[str, str], ranges: Mapping[str, float]
) -> tuple[Explained, ...]:
    """Return sources with their ranks by range.

    Parameters
    ----------
    found : iterable of Explained
    sources : mapping of address -> name
        See `source_of`.
    ranges : mapping of address -> float
        Of everything that moves, the widest bar first. [QALYs]
    """
    order = list(dict.fromkeys(sources[address] for address in ranges if address in sources))
    return tuple(replace(s, by_range=order.index(s.name) + 1 if s.name in order else None) for s in found)
