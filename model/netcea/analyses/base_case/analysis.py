"""The base case: one row of point estimates, judged; the scenarios shown with it; the bias ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from netcea.analyses.analysis import Analysis
from netcea.analyses.base_case.batch_row import batch_row
from netcea.analyses.base_case.bindings import bindings
from netcea.analyses.base_case.comparisons import comparisons
from netcea.analyses.base_case.experts import expert_comparisons
from netcea.analyses.base_case.ledger_tests import ledger_test
from netcea.analyses.base_case.record import BaseCaseRecord
from netcea.analyses.base_case.result import NOT_APPLICABLE, BaseCaseResult, Case, JudgedTotals, LedgerEntry, LedgerTest
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.exposures_in_common import ExposuresInCommon
from netcea.analyses.shared.frontier import Judged, frontier_words
from netcea.analyses.shared.judge import evaluate
from netcea.analyses.shared.together import alike, judged_together
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import traces
from netcea.errors import InputError, ModelError, ModelWarning
from netcea.execution.progress import steps
from netcea.reporting.report import Report
from netcea.reporting.table import Table
from netcea.scenario.options import BaseCaseOptions
from netcea.scenario.scenario import Related, Scenario


class BaseCase(Analysis[BaseCaseOptions, Any, BaseCaseResult]):
    """The point estimates of a scenario, judged, with the scenarios that the file names for comparison."""

    name: ClassVar = "base_case"
    options = BaseCaseOptions
    record = BaseCaseRecord
    nested: ClassVar = False

    def parts(self, scenario: Scenario, options: BaseCaseOptions) -> Sequence[tuple[Any, ...]]:
        """Return the case itself, each scenario shown with it, and each scenario of the ledger; or why it cannot be."""
        related = scenario.related
        parts: list[tuple[Any, ...]] = [("case", None)]
        if related is not None:
            for index, named in enumerate(options.beside):
                parts.append(_loaded("beside", related, f"analyses.base_case.beside.{index}", named))
        if related is not None and options.ledger:
            parts += _tests(scenario, related)
        return parts

    def work(self, scenario: Scenario, options: BaseCaseOptions, *part: Any) -> Any:
        """Evaluate a scenario: a case, or what it makes of the intervention."""
        kind, other, *shared = part
        if kind == "case":
            case = evaluate(scenario)
            found = traces(Grid.of(scenario), base_case(scenario)) if options.traces else {}
            return (
                case,
                tuple(bindings(scenario)),
                tuple(comparisons(scenario)),
                found,
                tuple(expert_comparisons(scenario)),
            )
        if kind == "tests":
            return _tested(other, *shared)
        if isinstance(other, LedgerTest):
            return other
        try:
            return evaluate(other)
        except (InputError, ModelError) as error:
            return _fault(other, error)

    def summarise(self, scenario: Scenario, options: BaseCaseOptions, values: Iterable[Any]) -> BaseCaseResult:
        """Put the case, the scenarios shown with it and the ledger together."""
        (case, bound, compared, found, experts), *others = values
        beside = others[: len(options.beside)] if scenario.related is not None else []
        tests = {
            named: value if isinstance(value, LedgerTest) else ledger_test(case, *value)
            for found_together in others[len(beside) :]
            for named, value in found_together.items()
        }
        return BaseCaseResult(
            scenario=scenario,
            read_first=read_first(scenario, case, compared),
            options=options,
            case=case,
            beside=tuple(value for value in beside if isinstance(value, Case)),
            ledger=tuple(_ledger(scenario, tests)) if options.ledger else (),
            bindings=bound,
            comparisons=compared,
            fits=scenario.fits,
            traces=found,
            experts=experts,
            not_shown=tuple(
                ModelWarning("beside", fault.source, fault.fault) for fault in beside if isinstance(fault, LedgerTest)
            ),
        )

    def without_files(self, options: BaseCaseOptions) -> BaseCaseOptions:
        """Make no Excel file."""
        return options.model_copy(update={"workbook": False})

    def in_batch(self, *, figures: bool) -> dict[str, Any]:
        """Return the options of a base case alone."""
        return {"beside": [], "ledger": False, "workbook": False, "traces": figures}

    def row(self, result: BaseCaseResult) -> dict[str, Any]:
        """Return increments, ICER and net health benefit."""
        return batch_row(result.case)

    def report(self, result: BaseCaseResult) -> Report:
        """Return tables, traces, figures, Excel file and JSON."""
        from netcea.analyses.base_case.report import report

        return report(result)

    def together(self, results: Sequence[BaseCaseResult]) -> Sequence[Table]:
        """Return the weighted view of populations that belong together."""
        from netcea.analyses.base_case.combined import combined_view
        from netcea.analyses.base_case.screen_combined import combined_tables

        view = combined_view(results)
        return () if view is None else tuple(combined_tables(view, results))


def case_alone(scenario: Scenario, *, traces: bool = False) -> BaseCaseResult:
    """Return the base case of a scenario with nothing beside it and no ledger."""
    return BaseCase().run(scenario, BaseCaseOptions(ledger=False, traces=traces))


def ledger_of(scenario: Scenario, *, quiet: bool = True) -> tuple[LedgerEntry, ...]:
    """Return the bias ledger of a scenario: what every scenario that tests an assumption does to the result."""
    return BaseCase().run(scenario, BaseCaseOptions(workbook=False, traces=False), quiet=quiet).ledger


def tested_by(scenario: Scenario) -> dict[str, str]:
    """Return scenario that tests an assumption -> address of the entry that first names it."""
    found: dict[str, str] = {}
    for number, assumption in enumerate(scenario.file.assumptions):
        for index, named in enumerate(assumption.tested_by):
            found.setdefault(named, f"assumptions.{number}.tested_by.{index}")
    return found


def _tests(scenario: Scenario, related: Related) -> list[tuple[Any, ...]]:
    """Return the parts of the ledger: scenarios that differ in numbers alone together, by the names of their files."""
    addresses = steps(tested_by(scenario).items(), "loading the scenarios of the ledger")
    tests = {named: _loaded("test", related, address, named)[1] for named, address in addresses}
    faulty = {named: test for named, test in tests.items() if isinstance(test, LedgerTest)}
    names = [named for named in tests if named not in faulty]
    groups = [{names[at]: tests[names[at]] for at in group} for group in alike([tests[named] for named in names])]
    shared = ExposuresInCommon()
    return [("tests", group, shared) for group in (faulty, *groups) if group]


def _tested(group: Mapping[str, Any], shared: ExposuresInCommon) -> dict[str, Any]:
    """Return what each scenario of a part of the ledger makes of the intervention; a fault as it is."""
    if any(isinstance(test, LedgerTest) for test in group.values()):
        return dict(group)
    found = zip(group.items(), judged_together(list(group.values()), shared), strict=True)
    return {named: _told(scenario, result) for (named, scenario), result in found}


def _told(scenario: Scenario, found: JudgedTotals | InputError | ModelError) -> Any:
    """Return what the ledger needs of a scenario's results, or why there are none."""
    if isinstance(found, JudgedTotals):
        return found.name, found.source, found.direction, Judged.of(found), frontier_words(found)
    return _fault(scenario, found)


def _fault(other: Scenario, error: InputError | ModelError) -> LedgerTest:
    """Return why another scenario has no result: this one stands."""
    if isinstance(error, ModelError):
        return _not_run(other.file.name, other.source, str(error))
    return _not_applicable(other.file.name, other.source, error)


def _loaded(kind: str, related: Related, address: str, named: str) -> tuple[Any, ...]:
    """Return a part with a loaded scenario; with the reason, where it cannot be combined with this one."""
    other = related.named(address, named)
    try:
        return kind, other.load()
    except InputError as error:
        return kind, _not_applicable(other.name, other.source, error)


def _not_applicable(name: str, source: str, error: InputError) -> LedgerTest:
    """Return a scenario that cannot be combined with what was changed, and why."""
    why = " ".join(str(error.problems[0]).split())
    return _not_run(name, source, f"{NOT_APPLICABLE}: {why}")


def _not_run(name: str, source: str, fault: str) -> LedgerTest:
    """Return a scenario of which there is no result, with the reason."""
    return LedgerTest(name, source, None, None, "", None, float("nan"), fault=fault)


def _ledger(scenario: Scenario, tests: dict[str, LedgerTest]) -> Iterator[LedgerEntry]:
    for entry in scenario.file.assumptions:
        found = tuple(tests[named] for named in entry.tested_by if named in tests)
        yield LedgerEntry(entry.assumption, entry.address, entry.bias, entry.why, found)
