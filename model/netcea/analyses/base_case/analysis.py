"""The base case: one row of point estimates, judged; the scenarios beside it; the bias ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netcea.analyses.base_case.bindings import bindings
from netcea.analyses.base_case.comparisons import comparisons
from netcea.analyses.base_case.result import BaseCaseResult, Case, LedgerEntry, LedgerTest
from netcea.analyses.shared.judge import intervention_increment, judge
from netcea.decision.net_benefit import incremental_nhb
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.engine.trace import traces
from netcea.errors import InputError
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, overlay, read_draft
from netcea.loading.reading.project import shown
from netcea.scenario.scenario import Scenario

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers


def run_base_case(
    name: str,
    sets: Sequence[str] = (),
    trusted: Sequence[Path] = (),
    *,
    ledger: bool = True,
    prices: Layers | None = None,
) -> BaseCaseResult:
    """Run the base case of a scenario, with what its file asks to be shown beside it.

    Parameters
    ----------
    name : str
        A scenario file, or the bare name of one that comes with netcea.
    sets : sequence of str
        ``ADDRESS=VALUE``; they apply to the scenarios beside it and to the ledger as well.
    trusted : sequence of Path
        Folders outside the project that `extends` may read from.
    ledger : bool
        Whether to run the scenarios that test each assumption.
    prices : Layers, optional
        Price layers; scenarios beside it and of the ledger change what they set on top of them.

    Raises
    ------
    InputError
        With every problem found.
    """
    merged = read_draft(name, sets, trusted, None, prices)
    scenario = resolve(merged)
    case = evaluate(scenario)
    grid = Grid.of(scenario)
    found = traces(grid, base_case(scenario))
    return BaseCaseResult(
        scenario=scenario,
        case=case,
        beside=tuple(_beside(merged, scenario)),
        ledger=tuple(_ledger(merged, scenario, case)) if ledger else (),
        bindings=tuple(bindings(scenario)),
        comparisons=tuple(comparisons(scenario)),
        fits=scenario.fits,
        traces=found,
    )


def base_case_of(scenario: Scenario, *, trace: bool = True) -> BaseCaseResult:
    """Return the base case of a loaded scenario alone: nothing beside it, no ledger, on request the trace."""
    return BaseCaseResult(
        scenario=scenario,
        case=evaluate(scenario),
        beside=(),
        ledger=(),
        bindings=tuple(bindings(scenario)),
        comparisons=tuple(comparisons(scenario)),
        fits=scenario.fits,
        traces=traces(Grid.of(scenario), base_case(scenario)) if trace else {},
    )


def evaluate(scenario: Scenario) -> Case:
    """Simulate a scenario's point estimates and judge them."""
    row = base_case(scenario)
    return judge(scenario, row, simulate(scenario, row))


def _related(merged: DraftScenario, address: str, named: str) -> Path:
    """Return the file of a scenario named in a file, relative to the file that names it."""
    place = merged.tree.place(tuple(address.split(".")))
    folder = place.path.parent if place.path is not None else merged.project.scenarios
    return folder / named


def _beside(merged: DraftScenario, scenario: Scenario) -> list[Case]:
    cases = []
    for index, named in enumerate(scenario.file.analyses.base_case.beside):
        path = _related(merged, f"analyses.base_case.beside.{index}", named)
        cases.append(evaluate(resolve(overlay(merged, path))))
    return cases


def _ledger(merged: DraftScenario, scenario: Scenario, case: Case) -> list[LedgerEntry]:
    tested: dict[str, LedgerTest] = {}
    entries = []
    for number, assumption in enumerate(scenario.file.assumptions):
        tests = []
        for index, named in enumerate(assumption.tested_by):
            if named not in tested:
                path = _related(merged, f"assumptions.{number}.tested_by.{index}", named)
                tested[named] = _test(merged, path, case)
            tests.append(tested[named])
        entries.append(
            LedgerEntry(assumption.assumption, assumption.address, assumption.bias, assumption.why, tuple(tests))
        )
    return entries


def _test(merged: DraftScenario, path: Path, case: Case) -> LedgerTest:
    """Run one scenario of the ledger; a scenario that cannot be combined with the case says why instead."""
    try:
        changed = overlay(merged, path)
        row = intervention_increment(resolve(changed, brief=True))
    except InputError as error:
        first = str(error.problems[0]).replace("\n", " ")
        return LedgerTest(path.stem, shown(path), None, None, "", None, 0.0, fault=first)
    base = case.against_comparator()
    plain = row.icer is not None and base.icer is not None and not row.label and not base.label
    threshold = case.thresholds[0]  # the case's own, whatever thresholds the tested scenario judges by
    change = incremental_nhb(row.incremental_costs or 0.0, row.incremental_qalys or 0.0, threshold) - case.nhb(
        threshold
    )
    return LedgerTest(
        name=str(changed.header["name"]),
        source=shown(path),
        direction=changed.header["direction"],
        icer=row.icer,
        label=row.label,
        change_in_icer=None if not plain else float(row.icer or 0.0) - float(base.icer or 0.0),
        change_in_nhb=change,
    )
