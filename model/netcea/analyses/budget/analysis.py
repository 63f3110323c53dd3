"""Budget impact: eligible patients, uptake, treatments displaced, and the model's own costs by year since the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np

from netcea.analyses.analysis import Analysis
from netcea.analyses.budget.cohorts import Cohorts, cohorts_of, overlaid
from netcea.analyses.budget.own_drug import brings, own_drug_elsewhere, without_items
from netcea.analyses.budget.record import BudgetRecord
from netcea.analyses.budget.result import BudgetResult, BudgetYear, CategoryBudget, PerPatient, Starting
from netcea.analyses.read_first.registry import read_first
from netcea.arrays import Array
from netcea.costs.cost_item import Cost
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.payer import NHS
from netcea.engine.by_year import costs_by_year
from netcea.engine.invariants import check
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.reporting.report import Report
from netcea.reporting.table import Table
from netcea.scenario.budget_options import BudgetOptions
from netcea.scenario.scenario import Scenario


class Budget(Analysis[BudgetOptions, tuple[PerPatient, ...], BudgetResult]):
    """Costs of all patients with and without the technology, year by year, undiscounted.

    Cohorts start on the first day of each year and bring the costs of the years since their start: the model's own.
    """

    name: ClassVar = "budget"
    options = BudgetOptions
    record = BudgetRecord

    def parts(self, scenario: Scenario, options: BudgetOptions) -> list[tuple[()]]:
        """Return the only part.

        Raises
        ------
        InputError
            No population, no uptake, or shares that cannot be.
        """
        cohorts_of(scenario, options, base_case(scenario))
        return [()]

    def work(self, scenario: Scenario, options: BudgetOptions) -> tuple[PerPatient, ...]:
        """Return costs per patient by year since the start, what the budget leaves out marked."""
        row = base_case(scenario)
        check(scenario, row, simulate(scenario, row))
        scenario = _paid_by_nhs(scenario)
        elsewhere = own_drug_elsewhere(scenario)
        whole = costs_by_year(scenario, row)
        without = costs_by_year(without_items(scenario, elsewhere), row) if elsewhere else whole
        technology, of_items = scenario.file.decision.intervention, scenario.file.every_payers_costs()
        found = []
        for strategy, items in whole.items():
            left_out = elsewhere if strategy != technology and options.technology_elsewhere == "left_out" else ()
            for item, costs in items.items():
                counted = without[strategy].get(item, np.zeros_like(costs)) if left_out else costs
                found += _per_patient(scenario, strategy, (item, of_items[item]), costs, counted, left_out)
        return tuple(found)

    def summarise(
        self, scenario: Scenario, options: BudgetOptions, values: Iterable[tuple[PerPatient, ...]]
    ) -> BudgetResult:
        """Overlay the cohorts."""
        (per_patient,) = values
        cohorts = cohorts_of(scenario, options, base_case(scenario))
        counted = tuple(item for item in per_patient if item.counted)
        left = tuple(item for item in per_patient if not item.counted)
        return BudgetResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            years=_years(scenario, cohorts, counted),
            left_out=_listed(np.subtract(*_sums(cohorts, left)[::-1])),
            categories=_categories(scenario, cohorts, counted),
            patients=tuple(
                Starting(n, _listed(cohorts.without[n]), _listed(cohorts.with_it[n])) for n in scenario.strategies
            ),
            per_patient=per_patient,
            elsewhere=own_drug_elsewhere(_paid_by_nhs(scenario)),
            test_threshold=_threshold(scenario, options),
        )

    def report(self, result: BudgetResult) -> Report:
        """Return tables, a figure and JSON."""
        from netcea.analyses.budget.report import report

        return report(result)

    def together(self, results: Sequence[BudgetResult]) -> Sequence[Table]:
        """Return the net budget impact of several populations together."""
        from netcea.analyses.budget.tables import together_table

        found = together_table(results)
        return () if found is None else (found,)


def years_of_budget(scenario: Scenario, options: BudgetOptions) -> tuple[BudgetYear, ...]:
    """Return the years of a budget alone.

    Parameters
    ----------
    scenario : Scenario
    options : BudgetOptions

    Raises
    ------
    InputError
        No population, no uptake, or shares that cannot be.

    Examples
    --------
    >>> from netcea import load
    >>> scenario = load("pnet")
    >>> [round(year.uptake, 2) for year in years_of_budget(scenario, scenario.file.analyses.budget)]
    [0.2, 0.4, 0.6, 0.7, 0.8]
    """
    row, scenario = base_case(scenario), _paid_by_nhs(scenario)
    cohorts, technology = cohorts_of(scenario, options, row), scenario.file.decision.intervention
    others = set(scenario.strategies) - {technology}
    elsewhere = own_drug_elsewhere(scenario) if options.technology_elsewhere == "left_out" else ()
    found = {
        **costs_by_year(scenario, row, {technology}),
        **costs_by_year(without_items(scenario, elsewhere), row, others),
    }
    of_items = scenario.file.every_payers_costs()
    counted = (
        line
        for strategy, items in found.items()
        for item, costs in items.items()
        for line in _per_patient(scenario, strategy, (item, of_items[item]), costs, costs, ())
    )
    return _years(scenario, cohorts, tuple(counted))


def _paid_by_nhs(scenario: Scenario) -> Scenario:
    """Return a scenario in which the costs of the NHS and PSS alone count: theirs is the budget."""
    problem = scenario.file.decision_problem.model_copy(update={"perspective": NHS})
    return replace(scenario, file=scenario.file.model_copy(update={"decision_problem": problem}))


def _threshold(scenario: Scenario, options: BudgetOptions) -> float | None:
    """Return the threshold of the payer's test in its own pounds: it is a rule, and no price."""
    return None if options.test_threshold is None else float(scenario.quantities[options.test_threshold].value)


def _per_patient(
    scenario: Scenario, strategy: str, named: tuple[str, Cost], costs: Array, counted: Array, left_out: tuple[str, ...]
) -> list[PerPatient]:
    """Return what of an item is counted, and what is not; which rows there are depends on no number."""
    item, cost = named
    whole, part = item in left_out, brings(scenario, cost, left_out)
    rows = [] if whole else [PerPatient(strategy, item, cost.category.label, _listed(counted))]
    if whole or part:
        rows.append(PerPatient(strategy, item, cost.category.label, _listed(costs - counted), counted=False))
    return rows


def _sums(cohorts: Cohorts, items: Iterable[PerPatient]) -> tuple[Array, Array]:
    """Return what items cost in the world without and with the technology, each Array (year,). [GBP]"""
    without, with_it = np.zeros(cohorts.years), np.zeros(cohorts.years)
    for item in items:
        costs = np.array(item.costs)
        without += overlaid(cohorts.without[item.strategy], costs)
        with_it += overlaid(cohorts.with_it[item.strategy], costs)
    return without, with_it


def _years(scenario: Scenario, cohorts: Cohorts, items: tuple[PerPatient, ...]) -> tuple[BudgetYear, ...]:
    costs = scenario.file.every_payers_costs()
    without, with_it = _sums(cohorts, items)
    drugs = _sums(cohorts, [item for item in items if isinstance(costs[item.item], DrugAcquisition)])
    technology = cohorts.with_it[cohorts.technology]
    return tuple(
        BudgetYear(
            k + 1,
            float(cohorts.eligible[k]),
            float(cohorts.uptake[k]),
            float(technology[k]),
            float(without[k]),
            float(with_it[k]),
            float(with_it[k] - without[k]),
            float(drugs[0][k]),
            float(drugs[1][k]),
            float(drugs[1][k] - drugs[0][k]),
        )
        for k in range(cohorts.years)
    )


def _categories(scenario: Scenario, cohorts: Cohorts, items: tuple[PerPatient, ...]) -> tuple[CategoryBudget, ...]:
    """Return the categories that the scenario has, in their order."""
    costs: Mapping[str, Cost] = scenario.file.every_payers_costs()
    categories = sorted({costs[item.item].category for item in items}, key=lambda category: category.order)
    found = []
    for category in categories:
        without, with_it = _sums(cohorts, [item for item in items if item.category == category.label])
        found.append(CategoryBudget(category.label, _listed(without), _listed(with_it), _listed(with_it - without)))
    return tuple(found)


def _listed(values: Array) -> tuple[float, ...]:
    return tuple(values.tolist())
