"""The report of `netcea budget`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from netcea.analyses.budget.figure import budget_figure, million
from netcea.analyses.budget.record import record_of
from netcea.analyses.budget.result import BudgetResult
from netcea.analyses.budget.tables import (
    FIRST_YEARS,
    budget_screen,
    budget_table,
    categories_screen,
    categories_table,
    patients_table,
    per_patient_table,
)
from netcea.costs.payer import NHS
from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.report import Report

UNSOURCED: Final = ("assumption", "unverified")
SPREAD: Final = (
    "Every patient is taken to start on the first day of a year. Were starts spread over the year, a part of each "
    "year's costs would fall in the next: the first years would cost less."
)
NONE_AT_START: Final = (
    "Nobody is counted who is a patient already when the technology comes: the scenario names none "
    "(patients_at_start, or people with prevalence). Were there any, the first year would cost more."
)


def report(result: BudgetResult) -> Report:
    """Return tables by year, category, patients and per patient, the figure of net impact, sentences and JSON."""
    return Report(
        analysis="budget",
        title=f"{result.scenario.file.name}: budget impact over {len(result.years)} years",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(
            budget_table(result),
            budget_screen(result),
            categories_table(result),
            categories_screen(result),
            patients_table(result),
            per_patient_table(result),
        ),
        on_screen=("budget_screen", "budget_categories_screen"),
        lines=tuple(_sentences(result)),
        figures={"budget": partial(budget_figure, result)},
    )


def _sentences(result: BudgetResult) -> Iterator[str]:
    yield from _test(result)
    yield from _unsourced(result)
    yield from _population(result)
    yield from _own_drug(result)
    yield from _beyond(result)
    others = {c.paid_by for c in result.scenario.file.all_costs().values()} - {NHS}
    if others:
        yield f"Costs of {', '.join(sorted(others))} are left out: the budget is that of the {NHS}."
    yield SPREAD


def _test(result: BudgetResult) -> Iterator[str]:
    largest = result.largest
    yield f"The largest net budget impact is {pounds(largest.net_budget_impact)}, in year {largest.year}."
    if result.test_threshold is None:
        return
    first = result.years[:FIRST_YEARS]
    above = [str(year.year) for year in first if year.net_budget_impact > result.test_threshold]
    below = f"is not above it in any of the first {len(first)} years"
    found = f"is above it in year {', '.join(above)}" if above else below
    yield (
        f"Threshold of the budget impact test: {million(result.test_threshold)} a year; the net budget impact {found}. "
        "The test is of all populations of a recommendation: `netcea budget` adds up the scenarios that it gets."
    )


def _unsourced(result: BudgetResult) -> Iterator[str]:
    """Name the numbers of the block that nobody published."""
    quantities, options = result.scenario.quantities, result.options
    used = dict.fromkeys(use.address for use in addresses_in(options))
    found = [quantities[a].label or a for a in used if quantities[a].status in UNSOURCED]
    if found:
        yield f"It rests on assumptions, not on evidence: {'; '.join(plain(label) for label in found)}."


def _population(result: BudgetResult) -> Iterator[str]:
    population = result.options.population
    if population is None or population.patients_at_start is not None or population.prevalence is not None:
        return
    yield NONE_AT_START
    eligible = result.largest.eligible
    if eligible > 0.0:
        each = result.largest.net_budget_impact / eligible
        yield (
            f"The impact is in proportion to the patients: {pounds(100.0 * each)} in year {result.largest.year} for "
            f"every 100 patients eligible a year ({fixed(eligible, 0)} here)."
        )


def _own_drug(result: BudgetResult) -> Iterator[str]:
    if not result.elsewhere:
        return
    labels = ", ".join(plain(result.scenario.file.costs[name].label) for name in result.elsewhere)
    if result.options.technology_elsewhere == "counted":
        yield (
            f"Counted, though the world without the technology cannot have it: {labels}. It makes the net budget "
            "impact smaller (`--technology-elsewhere left_out`)."
        )
        return
    year = result.largest.year
    yield (
        f"Left out of what other strategies cost, because the world without the technology cannot have it: {labels}. "
        f"Counting it would change the net budget impact of year {year} by {pounds(result.left_out[year - 1])} "
        "(`--technology-elsewhere counted`). Survival, and so all other costs, stays as the trial observed it."
    )


def _beyond(result: BudgetResult) -> Iterator[str]:
    horizon = result.scenario.file.settings.horizon_years
    if horizon < len(result.years):
        yield f"Costs per patient end at the horizon, {read(horizon)} years after the start."
