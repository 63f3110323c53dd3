"""Time of the slow model: cycles, discount factors, person-time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from netcea.scenario.scenario import Settings

Rates: TypeAlias = Sequence[tuple[float, float]]
"""(from year, rate per year), one after another."""
DAYS_PER_YEAR: Final = 365.25
A_MOMENT: Final = 1e-9
"""Years (0.03 seconds): two times nearer than this are the same time; 487 packs of 30 days are 40 years exactly."""


def cycle_edges(horizon: float, cycle_days: float) -> list[float]:
    """t_i = min(i c, horizon), i = 0..N, N = ceil(horizon / c)."""
    cycle = cycle_days / DAYS_PER_YEAR
    edges = [0.0]
    i = 0
    while edges[-1] < horizon - A_MOMENT:
        i += 1
        edges.append(min(i * cycle, horizon))
    if horizon - edges[-1] <= A_MOMENT:
        edges[-1] = horizon
    return edges


def discount_factors(edges: Sequence[float], rate: Rates, convention: str) -> list[float]:
    """One factor for each cycle."""
    factors = []
    for i in range(1, len(edges)):
        start, end = edges[i - 1], edges[i]
        if convention == "mid_cycle":
            years = (start + end) / 2.0
        elif convention == "cycle_start":
            years = start
        else:
            years = math.floor(start + A_MOMENT)
        factors.append(discounted(rate, years))
    return factors


def discounted(rates: Rates, years: float) -> float:
    """What 1 after so many years is worth now: each year at the rate that holds in it."""
    worth = 1.0
    for k, (start, rate) in enumerate(rates):
        end = rates[k + 1][0] if k + 1 < len(rates) else math.inf
        worth /= (1.0 + rate) ** max(min(years, end) - start, 0.0)
    return worth


def rates_of(settings: Settings, measure: Literal["costs", "qalys"]) -> Rates:
    """The rate from the start, then those that the settings have from later years on: [(from year, rate), ...]."""
    later = [(entry.from_year, getattr(entry, measure)) for entry in settings.later_discount_rates]
    return [(0.0, getattr(settings, f"discount_rate_{measure}")), *(step for step in later if step[1] is not None)]


def discount_at_moment(edges: Sequence[float], t: float, rate: Rates, convention: str) -> float:
    """Packs take the same convention at the moment of dispensing: its own time, its cycle's start, or its year."""
    if convention == "mid_cycle":
        years = t
    elif convention == "cycle_start":
        years = edges[cycle_of(edges, t) - 1]
    else:
        years = math.floor(t + A_MOMENT)
    return discounted(rate, years)


def cycle_of(edges: Sequence[float], t: float) -> int:
    """The cycle that holds a moment; a moment on an edge belongs to the cycle that begins."""
    i = max(int(t / (edges[1] - edges[0])) - 1, 0)
    while i + 1 < len(edges) - 1 and edges[i + 1] <= t + A_MOMENT:
        i += 1
    return i + 1


def person_time(edges: Sequence[float], x: Sequence[float], correction: str) -> list[float]:
    """Years lived in each cycle by those counted by x at the edges."""
    years = []
    for i in range(1, len(edges)):
        length = edges[i] - edges[i - 1]
        if correction == "trapezium":
            mean = (x[i - 1] + x[i]) / 2.0
        elif correction == "start":
            mean = x[i - 1]
        else:
            mean = x[i]
        years.append(length * mean)
    return years


def share_of_cycle(edges: Sequence[float], i: int, starts: float, ends: float) -> float:
    """Share of cycle i that lies between two times."""
    low, high = max(edges[i - 1], starts), min(edges[i], ends)
    return max(high - low, 0.0) / (edges[i] - edges[i - 1])
