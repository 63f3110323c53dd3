"""The bias ledger as a figure: which tested assumption moves the result, and which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcea.analyses.base_case.result import NOT_APPLICABLE
from netcea.plain_number import read
from netcea.reporting.figures.forest import ForestRow, forest
from netcea.reporting.figures.text import icer_text, plain, pounds, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult, LedgerTest


def ledger(result: BaseCaseResult) -> Figure:
    """Draw how much each scenario that tests an assumption changes net health benefit, largest first."""
    case = result.case
    base, threshold = case.against_comparator(), case.thresholds[0]
    faulty = sorted({test.name for entry in result.ledger for test in entry.tests if test.fault})
    return forest(
        [
            ForestRow(
                test.source,
                test.name,
                test.change_in_nhb,
                icer_text=_icers(test),
                direction=test.direction or "unclear",
            )
            for test in ledger_tests(result)
        ],
        "Scenarios that test the assumptions",
        f"Base case: {icer_text(base.icer, base.label)}",
        subtitle=f"{result.scenario.file.name}: incremental net health benefit {signed(case.nhb(threshold))} QALYs at "
        f"{pounds(threshold)} per QALY",
        notes=_notes(result, faulty),
    )


def _icers(test: LedgerTest) -> str:
    """Return the ICER of a scenario and the weighted one beside it, marked where the severity weight is another."""
    plain = icer_text(test.icer, test.label)
    if test.severity_weight in (None, 1.0) and not test.weight_changes:
        return plain
    weighted = plain if test.weighted_icer is None else f"{plain}, weighted {icer_text(test.weighted_icer, test.label)}"
    return f"{weighted} *" if test.weight_changes else weighted


def _notes(result: BaseCaseResult, faulty: list[str]) -> list[str]:
    """Return what the marks mean, and which scenarios are not drawn."""
    tests = ledger_tests(result)
    notes = [f"{plain(test.name)}: {test.on_frontier}." for test in tests if test.on_frontier]
    if any(test.weight_changes for test in tests):
        notes.append(
            f"* The severity weight is another than the base case's ({read(result.case.severity.severity_weight)})."
        )
    return notes + ([f"{NOT_APPLICABLE.capitalize()}: {', '.join(faulty)}."] if faulty else [])


def ledger_tests(result: BaseCaseResult) -> list[LedgerTest]:
    """Return the scenarios of the ledger that could be run, each once."""
    return list({test.source: test for entry in result.ledger for test in entry.tests if not test.fault}.values())
