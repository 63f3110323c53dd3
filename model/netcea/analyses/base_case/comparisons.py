"""Published figures beside what the finished curves say, adjustments and all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from netcea.analyses.base_case.result import Comparison
from netcea.analyses.shared.medians import median_months, restricted_mean_years, survival_at
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.fitting.trial import RATIO, further_arm, ratio_arms
from netcea.plain_number import read
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import MONTHS_PER_YEAR, to_model
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import Curve
from netcea.survival.evaluate import Curves


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure of one curve of a scenario.

    Attributes
    ----------
    strategy, endpoint, what, address, status, trial : str
        As in `Comparison`.
    reference : str
        Strategy to whose curve a hazard ratio is a ratio; empty for other figures.
    between : tuple of (str or None, str or None), or None
        Addresses of the times between which a hazard ratio holds, None for the start and the horizon; None for a ratio
        that is one for all time, and for other figures.
    """

    strategy: str
    endpoint: str
    what: str
    address: str
    status: str
    trial: str = ""
    reference: str = ""
    between: tuple[str | None, str | None] | None = None

    @property
    def curve(self) -> str:
        """Address of the curve."""
        return f"strategies.{self.strategy}.{self.endpoint}"

    @property
    def other(self) -> str:
        """Address of the curve to which a hazard ratio is a ratio."""
        return f"strategies.{self.reference}.{self.endpoint}"


def published_figures(scenario: Scenario) -> Iterator[PublishedFigure]:
    """Yield each published median, landmark and ratio that a scenario names of each curve."""
    for strategy in scenario.strategies:
        own = _own_trials(scenario, strategy)
        for endpoint, curve in _curves(scenario, strategy).items():
            for address, status in [*_figures(curve), *_of_trial(scenario, curve)]:
                if address in scenario.quantities:
                    trial, what = scenario.trial_names.get(address, ""), scenario.quantities[address].figure_words
                    yield PublishedFigure(strategy, endpoint, what, address, status, "" if trial in own else trial)
            for address, reference in _ratios(scenario, endpoint, curve):
                if address in scenario.quantities:
                    what = "hazard ratio, up to the comparator's median"
                    if reference != scenario.file.decision.comparator:
                        what = f"hazard ratio to {scenario.label(reference)}, up to its median"
                    yield PublishedFigure(strategy, endpoint, what, address, "fitted", reference=reference)
            yield from _ratios_of_intervals(scenario, strategy, endpoint, curve)


def comparisons(scenario: Scenario) -> Iterator[Comparison]:
    """Yield each published median, landmark and ratio of each curve beside the model's, at the point estimates."""
    grid, row = Grid.of(scenario), base_case(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    for figure in published_figures(scenario):
        quantity = scenario.quantities[figure.address]
        modelled = _modelled(curves, figure, quantity)
        if modelled is not None:
            low, high = quantity.uncertainty.given.published_interval or (None, None)
            yield Comparison(
                figure.strategy,
                figure.endpoint,
                figure.what,
                figure.address,
                quantity.value,
                modelled,
                quantity.unit,
                low,
                high,
                figure.status,
                figure.trial,
            )


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


def _of_trial(scenario: Scenario, curve: Curve) -> Iterator[tuple[str, str]]:
    """Yield survivals, restricted means and quantiles of a trial's arm to which its curves are fitted."""
    fitted = {figure.address for fit in scenario.fits for figure in fit.figures}
    for address in sorted(fitted) if curve.trial is not None else ():
        above, _, name = address.rpartition(".")
        arms = scenario.trials.get(curve.trial or "", ())
        if above == curve.trial and further_arm(name, arms) == curve.arm:
            yield address, "fitted" if curve.without_crossover is None else "external"


def _modelled(curves: Curves, figure: PublishedFigure, quantity: Quantity) -> float | None:
    """Return what the curve says; None at a time after the horizon, and of a ratio to a curve that says nothing."""
    if figure.between is not None:
        return _ratio_between(curves, figure, *figure.between)
    if figure.reference:
        return _ratio_at_median(curves, figure)
    years = (quantity.at_months or 0.0) / MONTHS_PER_YEAR
    if years > curves.edges[-1]:
        return None
    kind = quantity.figure_kind
    if kind == "restricted_mean":
        return restricted_mean_years(curves, figure.curve, years) / to_model(quantity.unit)
    if kind == "survival_at":
        return survival_at(curves, figure.curve, years)
    left = 0.5 if quantity.failed is None else 1.0 - quantity.failed
    return median_months(curves, figure.curve, left) / MONTHS_PER_YEAR / to_model(quantity.unit)


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


def _ratio_at_median(curves: Curves, figure: PublishedFigure) -> float | None:
    """Return a hazard ratio against another strategy's curve, as the ratio of cumulative hazards at its median."""
    years = median_months(curves, figure.other) / MONTHS_PER_YEAR
    if not np.isfinite(years):
        return None
    left = survival_at(curves, figure.curve, years)
    return float(np.log(left) / np.log(0.5)) if left > 0.0 else None


def _ratios_of_intervals(scenario: Scenario, strategy: str, endpoint: str, curve: Curve) -> Iterator[PublishedFigure]:
    """Yield the ratio of each interval within the horizon."""
    horizon, begins, first = float(scenario.file.settings.horizon_years), 0.0, None
    for interval in curve.hazard_ratios or []:
        until = interval.until
        ends = min(scenario.quantities[until].value * scenario.factors[until], horizon) if until else horizon
        if ends <= begins:
            return
        months = [read(round(MONTHS_PER_YEAR * time, 6)) for time in (begins, ends)]
        what = f"hazard ratio from {months[0]} to {months[1]} months"
        reference, between = str(curve.relative_to), (first, until)
        yield PublishedFigure(strategy, endpoint, what, interval.hazard_ratio, "fitted", "", reference, between)
        begins, first = ends, until


def _ratio_between(curves: Curves, figure: PublishedFigure, first: str | None, until: str | None) -> float | None:
    """Return the ratio of what cumulative hazards rise by between two times; None where either says nothing."""
    horizon = float(curves.edges[-1])
    begins, ends = (
        min(float(curves.draws[address][0, 0]), horizon) if address else default
        for address, default in ((first, 0.0), (until, horizon))
    )
    shares = [survival_at(curves, address, time) for address in (figure.curve, figure.other) for time in (begins, ends)]
    if min(shares) <= 0.0 or shares[2] <= shares[3]:
        return None
    return float(np.log(shares[1] / shares[0]) / np.log(shares[3] / shares[2]))
