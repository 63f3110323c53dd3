"""From outcomes of one row to a judged case: incremental analysis, net benefit, severity."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from netcea.analyses.base_case.result import Case, JudgedTotals, NetBenefit, StrategyResult, TotalsRecord
from netcea.analyses.shared.medians import median_months
from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.decision.incremental import fully_incremental, pairwise, weighted
from netcea.decision.net_benefit import incremental_nhb, incremental_nmb
from netcea.decision.severity import Shortfall, general_population, shortfall
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.invariants import check
from netcea.engine.outcomes import Breakdown, Outcomes, StrategyOutcomes
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves


def judge(scenario: Scenario, draws: Draws, outcomes: Outcomes) -> Case:
    """Judge the first row of some outcomes.

    Raises
    ------
    ModelError
        It breaks a rule of the model.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
        The row the outcomes were made from.
    outcomes : Outcomes
    """
    check(scenario, draws, outcomes)
    results = _strategies(scenario, draws, outcomes)
    return Case(strategies=results, **_judged(scenario, draws, results))


def judge_totals(scenario: Scenario, draws: Draws, outcomes: Outcomes) -> JudgedTotals:
    """Judge the first row of some outcomes by the totals alone.

    Raises
    ------
    ModelError
        It breaks a rule of the model.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
        The row the outcomes were made from.
    outcomes : Outcomes
    """
    check(scenario, draws, outcomes)
    totals = {name: _totals(scenario, name, found) for name, found in outcomes.strategies.items()}
    return JudgedTotals(strategies=totals, **_judged(scenario, draws, totals))


def _judged(scenario: Scenario, draws: Draws, results: Mapping[str, TotalsRecord]) -> dict[str, Any]:
    """Return what the decision maker's rules make of totals, and whose they are."""
    names, decision = scenario.strategies, scenario.file.decision
    costs = [results[name].costs for name in names]
    years = [results[name].life_years for name in names]
    qalys = [results[name].qalys for name in names]
    severity = _severity(scenario, draws, results[decision.established_practice].qalys)
    incremental = fully_incremental(names, costs, qalys, years)
    if scenario.prices.redacted:  # the order of costs depends on confidential prices
        incremental.sort(key=lambda row: names.index(row.strategy))
    against = pairwise(names, costs, qalys, decision.comparator, years)
    weight = severity.severity_weight
    return {
        "name": scenario.file.title,
        "rationale": scenario.file.rationale,
        "source": scenario.source,
        "digest": scenario.digest,
        "direction": scenario.file.direction,
        "tags": tuple(scenario.file.tags),
        "intervention": decision.intervention,
        "comparator": decision.comparator,
        "established_practice": decision.established_practice,
        "incremental": tuple(incremental),
        "pairwise": tuple(against),
        "weighted_incremental": tuple(weighted(incremental, weight)),
        "weighted_pairwise": tuple(weighted(against, weight)),
        "net_health_benefit": tuple(
            NetBenefit(
                row.strategy,
                threshold,
                incremental_nmb(row.incremental_costs or 0.0, row.incremental_qalys or 0.0, threshold),
                incremental_nhb(row.incremental_costs or 0.0, row.incremental_qalys or 0.0, threshold),
                incremental_nmb(row.incremental_costs or 0.0, row.incremental_qalys or 0.0, threshold, weight),
                incremental_nhb(row.incremental_costs or 0.0, row.incremental_qalys or 0.0, threshold, weight),
            )
            for row in against
            for threshold in scenario.method_pack.thresholds
        ),
        "severity": severity,
        "warnings": scenario.warnings,
    }


def evaluate(scenario: Scenario) -> Case:
    """Simulate a scenario's point estimates and judge them.

    Parameters
    ----------
    scenario : Scenario
        Any.

    Raises
    ------
    ModelError
        They break a rule of the model.
    """
    row = base_case(scenario)
    return judge(scenario, row, simulate(scenario, row))


def _severity(scenario: Scenario, draws: Draws, current_care: float) -> Shortfall:
    population, settings = scenario.file.population, scenario.file.settings
    qalys = _population_qalys(
        scenario.life_table,
        scenario.severity_norms,
        float(draws[population.start_age][0, 0]),
        float(draws[population.proportion_female][0, 0]),
        settings.cycle_days,
        settings.half_cycle_correction,
        settings.discounting,
        settings.discount_rate("qalys"),
    )
    return shortfall(qalys, current_care, scenario.method_pack.severity)


@lru_cache(maxsize=64)
def _population_qalys(
    life_table: LifeTable, norms: UtilityNorms, age: float, proportion_female: float, *settings: Any
) -> float:
    """Return QALYs of the general population: scenarios of one run mostly share their population and settings."""
    return general_population(life_table, norms, [(age, 1.0)], proportion_female, *settings)[0]


def _strategies(scenario: Scenario, draws: Draws, outcomes: Outcomes) -> dict[str, StrategyResult]:
    grid, row = Grid.of(scenario), draws.rows(0, 1)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    results = {}
    for name, found in outcomes.strategies.items():
        results[name] = StrategyResult(
            **vars(_totals(scenario, name, found)),
            undiscounted_costs=float(found.total("undiscounted_costs")[0]),
            undiscounted_qalys=float(found.total("undiscounted_qalys")[0]),
            undiscounted_life_years=float(found.total("undiscounted_life_years")[0]),
            costs_by_item=_first(found.costs),
            undiscounted_costs_by_item=_first(found.undiscounted_costs),
            qalys_by_state=_by_state(found.qalys),
            undiscounted_qalys_by_state=_by_state(found.undiscounted_qalys),
            life_years_by_state=_by_state(found.life_years),
            undiscounted_life_years_by_state=_by_state(found.undiscounted_life_years),
            median_pfs=median_months(curves, f"strategies.{name}.pfs"),
            median_os=median_months(curves, f"strategies.{name}.os"),
            alive_at_horizon=float(curves.survival_at_edges(f"strategies.{name}.os")[0, -1]),
        )
    return results


def _totals(scenario: Scenario, name: str, found: StrategyOutcomes) -> TotalsRecord:
    costs, qalys, years = (float(found.total(measure)[0]) for measure in ("costs", "qalys", "life_years"))
    return TotalsRecord(scenario.label(name), costs, qalys, years)


def _first(amounts: Breakdown) -> dict[tuple[str, str], float]:
    return {key: float(values[0]) for key, values in amounts.items()}


def _by_state(amounts: Breakdown) -> dict[str, float]:
    """Return state -> amount; what is not booked to a state as such (adverse events) keeps its own name."""
    found: dict[str, float] = {}
    for (source, state), values in amounts.items():
        name = state if source == "state" else source
        found[name] = found.get(name, 0.0) + float(values[0])
    return found
