"""Scenarios that differ in numbers alone, simulated as rows of one: bit for bit what each yields alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from netcea.analyses.base_case.result import JudgedTotals
from netcea.analyses.shared.judge import judge_totals
from netcea.draws import Draws
from netcea.engine.outcomes import MEASURES, Outcomes, StrategyOutcomes
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import Structure, exposures, simulate
from netcea.errors import InputError, ModelError
from netcea.scenario.scenario import Scenario

BLOCKS: Final = ("settings", "population", "survival", "strategies", "utilities", "adverse_events", "costs")
"""Blocks of a scenario that the engine reads."""


def alike(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Return the scenarios in groups of which the members differ in numbers alone.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Any.

    Returns
    -------
    list of list of int
        Their places in the sequence, rising; groups in the order of their first members.
    """
    groups: list[tuple[tuple[Any, ...], list[int]]] = []
    for place, scenario in enumerate(scenarios):
        choices = _choices(scenario)
        members = next((members for known, members in groups if known == choices), None)
        if members is None:
            groups.append((choices, [place]))
        else:
            members.append(place)
    return [members for _, members in groups]


def _choices(scenario: Scenario) -> tuple[Any, ...]:
    """Return all that the engine reads besides numbers, and those that decide the curves of the population.

    Curves of the population are worked out once where all rows share them, and else row by row, with other last digits.
    """
    file = scenario.file
    people = [scenario.quantities[a].value for a in (file.population.start_age, file.population.proportion_female)]
    blocks = (getattr(file, name) for name in BLOCKS)
    tables = (id(scenario.life_table), id(scenario.norms))
    return (*tables, *people, file.decision_problem.perspective, dict(scenario.curves), *blocks)


def judged_together(
    scenarios: Sequence[Scenario], structure: Structure = exposures
) -> list[JudgedTotals | InputError | ModelError]:
    """Return the point estimates of scenarios that differ in numbers alone, judged; or why there are none.

    Parameters
    ----------
    scenarios : sequence of Scenario
        A group of `alike`.
    structure : callable (Grid, Draws) -> iterator of BlockExposure
        Partitioned survival; see `ExposuresInCommon`.

    Returns
    -------
    list
        Of each scenario its totals and how they are judged, or the error that it raises alone.
    """
    rows = [base_case(scenario) for scenario in scenarios]
    try:
        outcomes = simulate(scenarios[0], _stacked(rows), structure=structure)
    except (InputError, ModelError):  # of one of them; each says for itself
        return [_judged(scenario, row, None) for scenario, row in zip(scenarios, rows, strict=True)]
    found = [_row(outcomes, at) for at in range(len(rows))]
    return [_judged(scenario, row, one) for scenario, row, one in zip(scenarios, rows, found, strict=True)]


def _judged(scenario: Scenario, row: Draws, outcomes: Outcomes | None) -> JudgedTotals | InputError | ModelError:
    try:
        return judge_totals(scenario, row, simulate(scenario, row) if outcomes is None else outcomes)
    except (InputError, ModelError) as error:
        return error


def _stacked(rows: Sequence[Draws]) -> Draws:
    """Return single rows as one; what is the same in all of them is stored once."""
    if len(rows) == 1:
        return rows[0]
    columns = {}
    for address in rows[0].columns:
        values = [row.columns[address][0, 0] for row in rows if address in row.columns]
        if len(values) == len(rows):
            column = np.array(values)[:, np.newaxis]
            columns[address] = column if np.any(column != column[0]) else column[:1]
    return Draws(len(rows), columns)


def _row(outcomes: Outcomes, at: int) -> Outcomes:
    """Return one row of outcomes."""
    if outcomes.n == 1:
        return outcomes
    strategies = {}
    for name, found in outcomes.strategies.items():
        kept = {measure: {key: x[at : at + 1] for key, x in getattr(found, measure).items()} for measure in MEASURES}
        audit = {key: x[at : at + 1] for key, x in found.audit.items()}
        strategies[name] = StrategyOutcomes(1, **kept, audit=audit)
    return Outcomes(1, strategies)
