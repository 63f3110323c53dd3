"""Published figures beside what the finished curves say, adjustments and all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from netcea.analyses.medians import median_months, survival_at
from netcea.analyses.results import Comparison
from netcea.arrays import Array
from netcea.quantities import Quantity
from netcea.scenario import Scenario
from netcea.survival.curve import Curve
from netcea.trace import Trace
from netcea.units import MONTHS_PER_YEAR, UNITS, to_model


def comparisons(scenario: Scenario, traces: Mapping[str, Trace]) -> Iterator[Comparison]:
    """Yield each published median, landmark and ratio of each curve beside the model's."""
    for strategy, trace in traces.items():
        blocks = {"pfs": scenario.file.strategies[strategy].pfs, "os": scenario.file.strategies[strategy].os}
        for endpoint, curve in blocks.items():
            survival = trace.edges[f"{endpoint}_curve"]
            for address, status in _figures(curve):
                quantity = scenario.quantities[address]
                yield _figure(strategy, endpoint, address, quantity, trace.edges["time_years"], survival, status)
            ratio = _ratio(scenario, traces, strategy, endpoint, curve)
            if ratio is not None:
                yield ratio


def _figures(curve: Curve) -> Iterator[tuple[str, str]]:
    if curve.trial is not None and curve.arm is not None:
        yield f"{curve.trial}.median_{curve.arm}", "fitted"
    if curve.median is not None:
        yield curve.median, "fitted"
    for address in curve.figures or []:
        yield address, "fitted"
    for address in curve.published or []:
        yield address, "external"


def _figure(
    strategy: str, endpoint: str, address: str, quantity: Quantity, edges: Array, survival: Array, status: str
) -> Comparison:
    low, high = _interval(quantity)
    if UNITS[quantity.unit].dimension == "duration":
        what = "median"
        modelled = median_months(edges, survival) / MONTHS_PER_YEAR / to_model(quantity.unit)
    else:
        years = (quantity.at_months or 0.0) / MONTHS_PER_YEAR
        what = f"survival at {quantity.at_months:g} months"
        modelled = survival_at(edges, survival, years)
    return Comparison(strategy, endpoint, what, address, quantity.value, modelled, quantity.unit, low, high, status)


def _ratio(
    scenario: Scenario, traces: Mapping[str, Trace], strategy: str, endpoint: str, curve: Curve
) -> Comparison | None:
    """Return the hazard ratio of a curve against the comparator's, as the ratio of cumulative hazards at its median."""
    address = f"{curve.trial}.hazard_ratio" if curve.trial is not None else curve.hazard_ratio
    comparator = curve.relative_to or scenario.file.decision.comparator
    if address is None or strategy == comparator or address not in scenario.quantities:
        return None
    reference = traces[comparator]
    t, mine = reference.edges["time_years"], traces[strategy].edges[f"{endpoint}_curve"]
    other = reference.edges[f"{endpoint}_curve"]
    years = median_months(t, other) / MONTHS_PER_YEAR
    if not np.isfinite(years):
        return None
    modelled = float(np.log(survival_at(t, mine, years)) / np.log(0.5))
    quantity = scenario.quantities[address]
    low, high = _interval(quantity)
    return Comparison(
        strategy, endpoint, "hazard ratio, up to the comparator's median", address, quantity.value, modelled,
        quantity.unit, low, high, "fitted",
    )  # fmt: skip


def _interval(quantity: Quantity) -> tuple[float | None, float | None]:
    interval = quantity.uncertainty.ci95
    return (None, None) if interval is None else (interval.low, interval.high)
