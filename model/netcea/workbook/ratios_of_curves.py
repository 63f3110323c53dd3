"""Which hazard ratios go with which origin of a curve: one that was estimated with a family goes with no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel, RatioInterval
from netcea.workbook.choice import CurveChoices

Matching: TypeAlias = Sequence[Sequence[int]]
"""For each origin of a curve the numbers, from 0, of the hazard ratios that a scenario can have with it."""


def matching_ratios(curve: CurveChoices, scenarios: Sequence[Scenario]) -> Matching:
    """Return which ratios go with each origin; the first of them is the one that comes with it.

    A curve of its own has the ratio that was estimated with it, or none. One that is relative to another takes any
    ratio of inputs/, unless time is what it changes.

    Parameters
    ----------
    curve : CurveChoices
    scenarios : sequence of Scenario
        Of the workbook, of which each takes one origin and one ratio.
    """
    quantities = {address for scenario in scenarios for address in scenario.quantities}
    free = [n for n, ratios in enumerate(curve.ratio.values) if ratios and _named(ratios) <= quantities]
    pairs = list(zip(curve.origin.taken, curve.ratio.taken, strict=True))
    found = []
    for number, model in enumerate(curve.origin.values):
        taken = [ratio for origin, ratio in pairs if origin == number]
        found.append(tuple(dict.fromkeys([*taken, *(free if _takes_any(model) else ())])))
    return found


def _named(ratios: Sequence[RatioInterval]) -> set[str]:
    return {interval.hazard_ratio for interval in ratios}


def _takes_any(model: CurveModel | None) -> bool:
    return model is not None and model.relative_to is not None and model.acceleration_factor is None


def followed(matching: Matching, origin: int, ratio: int) -> int:
    """Return the ratio that an origin has where no other was chosen: the one that stands, if it goes with the origin.

    >>> followed([(0,), (1, 2)], 1, 2), followed([(0,), (1, 2)], 1, 0)
    (2, 1)
    """
    return ratio if ratio in matching[origin] else matching[origin][0]
