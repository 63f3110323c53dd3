"""Summaries of the draws: means and credible intervals, probabilities, curves over thresholds, convergence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.analyses.base_case.result import Case
from netcea.analyses.psa.result import Contribution, Convergence, Curves, Interval, LimitCount, MomentCheck, PsaResult
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.totals import Totals, general_population_qalys
from netcea.arrays import Array
from netcea.decision.acceptability import acceptability_curves, probability_best, quadrants, running_mean, switch_points
from netcea.decision.incremental import QALY_TOLERANCE
from netcea.decision.monte_carlo import icer_error
from netcea.decision.net_benefit import incremental_nhb
from netcea.decision.severity import severity_weight
from netcea.engine.point_estimates import base_case
from netcea.sampling.held import HeldDraws
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario

if TYPE_CHECKING:
    from netcea.storage.draws_file import DrawsWriter

THRESHOLDS: Final = 201
"""Points of the curves over thresholds."""
LEAST_TOP: Final = 100_000.0
"""The curves reach at least so far. [GBP/QALY]"""
POINTS: Final = 200
"""Points of the convergence curves."""
SAME: Final = 1e-12
"""Draws that differ by less than this share of their mean are all the same."""
MEASURES: Final = ("costs", "qalys", "life_years")


def weight_at(scenario: Scenario, totals: Totals) -> float:
    """Return the severity weight by the mean QALYs of established practice: one weight for the decision."""
    current = float(totals.of("qalys", scenario.file.decision.established_practice).mean())
    population = float(general_population_qalys(scenario, base_case(scenario))[0])
    return float(severity_weight(population, current, scenario.method_pack.severity))


def interval(deterministic: float, draws: Array) -> Interval:
    """Return mean, its Monte Carlo standard error and the 95% credible interval of draws.

    >>> interval(1.0, np.array([1.0, 3.0])).mcse, interval(0.3, np.array([0.1 + 0.2, 0.3])).mcse
    (1.0, 0.0)
    """
    low, high = np.quantile(draws, [0.025, 0.975])
    mean, error = float(draws.mean()), float(draws.std(ddof=1) / math.sqrt(len(draws)))
    if np.ptp(draws) <= SAME * max(1.0, abs(mean)):  # nothing is uncertain: what is left is rounding
        error = 0.0
    return Interval(deterministic, mean, error, float(low), float(high))


def intervals_of(
    scenario: Scenario, deterministic: Totals, totals: Totals, weight: float
) -> dict[tuple[str, str], Interval]:
    """Return the interval of every total and increment; see `PsaResult.intervals`."""
    found = {}
    for strategy in totals.strategies:
        for measure in MEASURES:
            found[strategy, measure] = interval(
                float(deterministic.of(measure, strategy)[0]), totals.of(measure, strategy)
            )
    for measure in MEASURES:
        found["", f"incremental_{measure}"] = interval(
            float(deterministic.increment(measure)[0]), totals.increment(measure)
        )
    for threshold in sorted(scenario.method_pack.thresholds):
        for name, w, w0 in (("", 1.0, 1.0), ("weighted_", weight, float(deterministic.severity_weight[0]))):
            still = incremental_nhb(deterministic.increment("costs"), deterministic.increment("qalys"), threshold, w0)
            moved = incremental_nhb(totals.increment("costs"), totals.increment("qalys"), threshold, w)
            found["", f"{name}incremental_nhb_{threshold:.0f}"] = interval(float(still[0]), moved)
    return found


def probabilities_of(scenario: Scenario, totals: Totals, weight: float) -> dict[tuple[str, float, bool], float]:
    """Return the probability of the highest net benefit, by strategy, threshold, and with or without the weight."""
    found = {}
    reference = totals.of("qalys", totals.comparator)
    for threshold in sorted(scenario.method_pack.thresholds):
        for weighted, w in ((False, 1.0), (True, weight)):
            shares = probability_best(totals.costs, reference + w * (totals.qalys - reference), threshold)
            for strategy, share in zip(totals.strategies, shares, strict=True):
                found[strategy, threshold, weighted] = float(share)
    return found


def curves_of(scenario: Scenario, totals: Totals) -> Curves:
    """Return acceptability and loss from 0 to beyond the threshold at which the decision switches."""
    points = switch_points(totals.costs.mean(axis=1), totals.qalys.mean(axis=1))
    top = _round_up(max(LEAST_TOP, 1.5 * float(points[-1]) if len(points) else 0.0))
    grid = np.union1d(np.linspace(0.0, top, THRESHOLDS), scenario.method_pack.thresholds)
    found = acceptability_curves(totals.costs, totals.qalys, grid)
    names = tuple(totals.strategies[i] for i in found.optimal)
    return Curves(grid, found.ceac, found.expected_loss, names, found.ceaf, found.evpi)


def icer_error_of(totals: Totals) -> float:
    """Return the Monte Carlo standard error of the ICER; 0 where QALYs do not differ in any draw."""
    qalys = totals.increment("qalys")
    return icer_error(totals.increment("costs"), qalys) if float(np.abs(qalys).max()) > QALY_TOLERANCE else 0.0


def convergence_of(totals: Totals, threshold: float) -> Convergence:
    """Return the running mean of incremental NHB, its Monte Carlo standard error, and the running probability."""
    values = totals.incremental_nhb(threshold)
    points = np.unique(np.linspace(2, totals.n, min(POINTS, totals.n - 1)).astype(np.intp))
    mean, mcse = running_mean(values, points)
    probability = np.cumsum(values > 0.0)[points - 1] / points
    return Convergence(points.astype(np.float64), mean, mcse, probability, "draws")


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten.

    >>> _round_up(120_000.0), _round_up(100_000.0)
    (200000.0, 100000.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value * (1.0 - 1e-12))


def result_of(
    scenario: Scenario,
    options: PsaOptions,
    deterministic: Totals,
    totals: Totals,
    *,
    explained: tuple[tuple[Contribution, ...], Contribution],
    stopped: str,
    moments: tuple[MomentCheck, ...],
    limits: tuple[LimitCount, ...],
    breach: str = "",
    draws: DrawsWriter | None = None,
    case: Case | None = None,
    parameters: Mapping[str, Array] | None = None,
    only_fitted: tuple[str, ...] = (),
    held: tuple[HeldDraws, ...] = (),
) -> PsaResult:
    """Return the result of totals that were simulated now or read from a file, with what is known of them besides.

    First lines need the point estimates judged, `case`, which are simulated again where it is left out.
    """
    weight = weight_at(scenario, totals)
    return PsaResult(
        read_first=read_first(scenario, case),
        scenario=scenario,
        options=options,
        deterministic=deterministic,
        totals=totals,
        intervals=intervals_of(scenario, deterministic, totals, weight),
        probability_cost_effective=probabilities_of(scenario, totals, weight),
        quadrants=quadrants(totals.increment("qalys"), totals.increment("costs")),
        severity_probabilities={
            float(w): float(np.mean(totals.severity_weight == w)) for w in scenario.method_pack.severity.weights
        },
        severity_weight_at_means=weight,
        icer_mcse=icer_error_of(totals),
        curves=curves_of(scenario, totals),
        convergence=replace(convergence_of(totals, min(scenario.method_pack.thresholds)), stopped=stopped),
        contributions=explained[0],
        remainder=explained[1],
        moments=moments,
        limits=limits,
        breach=breach,
        external=options.parameters,
        only_fitted=only_fitted,
        held=held,
        draws=draws,
        parameters=parameters,
    )
