"""Published figures beside what the finished curves say, adjustments and all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from netcea.analyses.base_case.result import Comparison
from netcea.analyses.shared.medians import median_months, survival_at
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.fitting.trial import RATIO, ratio_arms
from netcea.plain_number import read
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
        for endpoint, curve in _curves(scenario, strategy).items():
            own = _own_trials(scenario, strategy)
            for address, status in _figures(curve):
                if address in scenario.quantities:
                    trial = scenario.trial_names.get(address, "")
                    for found in _figure(curves, strategy, endpoint, address, scenario.quantities[address], status):
                        yield replace(found, trial="" if trial in own else trial)
            for address, reference in _ratios(scenario, endpoint, curve):
                yield from _ratio(scenario, curves, strategy, endpoint, address, reference)
            if curve.hazard_ratios:
                yield from _ratios_of_intervals(scenario, curves, strategy, endpoint, curve)


def _own_trials(scenario: Scenario, strategy: str) -> set[str]:
    """Return the trials of which a strategy's PFS comes, or else its OS: the trial that the strategy is known from."""
    for curve in _curves(scenario, strategy).values():
        fitted = [address for address, status in _figures(curve) if status == "fitted"]
        found = {scenario.trial_names.get(address or "", "") for address in (*fitted, curve.hazard_ratio)} - {""}
        if found:
            return found
    return set()


def _curves(scenario: Scenario, strategy: str) -> dict[str, Curve]:
    block = scenario.file.strategies[strategy]
    return {"pfs": block.pfs, "os": block.os}


def _figures(curve: Curve) -> Iterator[tuple[str, str]]:
    met = "fitted" if curve.without_crossover is None else "external"  # the figures contain crossover, the curve not
    if curve.trial is not None:
        yield f"{curve.trial}.median_{curve.arm}", met
    if curve.median is not None:
        yield curve.median, met
    for address in curve.figures or []:
        yield address, met
    for address in curve.published or []:
        yield address, "external"


def _figure(
    curves: Curves, strategy: str, endpoint: str, address: str, quantity: Quantity, status: str
) -> Iterator[Comparison]:
    """Yield a figure beside the curve's; nothing for a landmark after the horizon."""
    curve = f"strategies.{strategy}.{endpoint}"
    if UNITS[quantity.unit].dimension == "duration":
        what = "median"
        modelled = median_months(curves, curve) / MONTHS_PER_YEAR / to_model(quantity.unit)
    else:
        years = (quantity.at_months or 0.0) / MONTHS_PER_YEAR
        what = f"survival at {read(quantity.at_months or 0.0)} months"
        if years > curves.edges[-1]:
            return
        modelled = survival_at(curves, curve, years)
    yield _comparison(strategy, endpoint, what, address, quantity, modelled, status)


def _ratios(scenario: Scenario, endpoint: str, curve: Curve) -> Iterator[tuple[str, str]]:
    """Yield the address of each published hazard ratio of a curve, and the strategy whose curve it is compared with."""
    if curve.hazard_ratio is not None:
        yield curve.hazard_ratio, curve.relative_to or scenario.file.decision.comparator
    arms = scenario.trials.get(curve.trial or "", ())
    for other in scenario.strategies:
        reference = _curves(scenario, other)[endpoint]
        if curve.trial is not None and reference.trial == curve.trial and reference.arm in arms:
            for name in (RATIO, f"{RATIO}_{curve.arm}_versus_{reference.arm}"):
                address = f"{curve.trial}.{name}"
                if address in scenario.quantities and ratio_arms(name, arms) == (curve.arm, reference.arm):
                    yield address, other


def _ratio(
    scenario: Scenario, curves: Curves, strategy: str, endpoint: str, address: str, reference: str
) -> Iterator[Comparison]:
    """Yield a hazard ratio against another strategy's curve, as the ratio of cumulative hazards at its median."""
    years = median_months(curves, f"strategies.{reference}.{endpoint}") / MONTHS_PER_YEAR
    if not np.isfinite(years) or address not in scenario.quantities:
        return
    left = survival_at(curves, f"strategies.{strategy}.{endpoint}", years)
    if left <= 0.0:
        return
    modelled = float(np.log(left) / np.log(0.5))
    what = "hazard ratio, up to the comparator's median"
    if reference != scenario.file.decision.comparator:
        what = f"hazard ratio to {scenario.label(reference)}, up to its median"
    yield _comparison(strategy, endpoint, what, address, scenario.quantities[address], modelled, "fitted")


def _ratios_of_intervals(
    scenario: Scenario, curves: Curves, strategy: str, endpoint: str, curve: Curve
) -> Iterator[Comparison]:
    """Yield the ratio of each interval within the horizon beside the ratio of the rises of cumulative hazards in it."""
    horizon, begins = float(curves.edges[-1]), 0.0
    addresses = [f"strategies.{name}.{endpoint}" for name in (strategy, str(curve.relative_to))]
    for interval in curve.hazard_ratios or []:
        ends = min(float(curves.draws[interval.until][0, 0]) if interval.until else horizon, horizon)
        if ends <= begins:
            return
        shares = [survival_at(curves, address, time) for address in addresses for time in (begins, ends)]
        if min(shares) > 0.0 and shares[2] > shares[3]:
            modelled = float(np.log(shares[1] / shares[0]) / np.log(shares[3] / shares[2]))
            months = [read(round(MONTHS_PER_YEAR * time, 6)) for time in (begins, ends)]
            what = f"hazard ratio from {months[0]} to {months[1]} months"
            quantity = scenario.quantities[interval.hazard_ratio]
            yield _comparison(strategy, endpoint, what, interval.hazard_ratio, quantity, modelled, "fitted")
        begins = ends


def _comparison(
    strategy: str, endpoint: str, what: str, address: str, quantity: Quantity, modelled: float, status: str
) -> Comparison:
    low, high = quantity.uncertainty.given.published_interval or (None, None)
    return Comparison(strategy, endpoint, what, address, quantity.value, modelled, quantity.unit, low, high, status)
