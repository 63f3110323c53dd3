"""Published figures beside what the finished curves say, adjustments and all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netcea.analyses.base_case.result import Comparison
from netcea.analyses.shared.medians import median_months, survival_at
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import MONTHS_PER_YEAR, UNITS, to_model
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import Curve
from netcea.survival.evaluate import Curves


def comparisons(scenario: Scenario) -> Iterator[Comparison]:
    """Yield each published median, landmark and ratio of each curve beside the model's, at the point estimates."""
    grid, row = Grid.of(scenario), base_case(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    for strategy in scenario.strategies:
        blocks = {"pfs": scenario.file.strategies[strategy].pfs, "os": scenario.file.strategies[strategy].os}
        for endpoint, curve in blocks.items():
            for address, status in _figures(curve):
                figure = _figure(curves, strategy, endpoint, address, scenario.quantities[address], status)
                if figure is not None:
                    yield figure
            ratio = _ratio(scenario, curves, strategy, endpoint, curve)
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
    curves: Curves, strategy: str, endpoint: str, address: str, quantity: Quantity, status: str
) -> Comparison | None:
    """Return a figure beside the curve's; None for a landmark after the horizon."""
    curve = f"strategies.{strategy}.{endpoint}"
    low, high = _interval(quantity)
    if UNITS[quantity.unit].dimension == "duration":
        what = "median"
        modelled = median_months(curves, curve) / MONTHS_PER_YEAR / to_model(quantity.unit)
    else:
        years = (quantity.at_months or 0.0) / MONTHS_PER_YEAR
        what = f"survival at {quantity.at_months:g} months"
        if years > curves.edges[-1]:
            return None
        modelled = survival_at(curves, curve, years)
    return Comparison(strategy, endpoint, what, address, quantity.value, modelled, quantity.unit, low, high, status)


def _ratio(scenario: Scenario, curves: Curves, strategy: str, endpoint: str, curve: Curve) -> Comparison | None:
    """Return the hazard ratio of a curve against the comparator's, as the ratio of cumulative hazards at its median."""
    address = f"{curve.trial}.hazard_ratio" if curve.trial is not None else curve.hazard_ratio
    comparator = curve.relative_to or scenario.file.decision.comparator
    if address is None or strategy == comparator or address not in scenario.quantities:
        return None
    years = median_months(curves, f"strategies.{comparator}.{endpoint}") / MONTHS_PER_YEAR
    if not np.isfinite(years):
        return None
    modelled = float(np.log(survival_at(curves, f"strategies.{strategy}.{endpoint}", years)) / np.log(0.5))
    quantity = scenario.quantities[address]
    low, high = _interval(quantity)
    return Comparison(
        strategy,
        endpoint,
        "hazard ratio, up to the comparator's median",
        address,
        quantity.value,
        modelled,
        quantity.unit,
        low,
        high,
        "fitted",
    )


def _interval(quantity: Quantity) -> tuple[float | None, float | None]:
    return quantity.uncertainty.given.published_interval or (None, None)
