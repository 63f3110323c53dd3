"""The bias ledger as a figure: which tested assumption moves the result, and which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcea.analyses.base_case.result import NOT_APPLICABLE
from netcea.reporting.figures.forest import ForestRow, forest
from netcea.reporting.figures.text import icer_text, pounds, signed

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
                icer_text=icer_text(test.icer, test.label),
                direction=test.direction or "unclear",
            )
            for test in ledger_tests(result)
        ],
        "Scenarios that test the assumptions",
        f"Base case: {icer_text(base.icer, base.label)}",
        subtitle=f"{result.scenario.file.name}: incremental net health benefit {signed(case.nhb(threshold))} QALYs at "
        f"{pounds(threshold)} per QALY",
        notes=[f"{NOT_APPLICABLE.capitalize()}: {', '.join(faulty)}."] if faulty else [],
    )


def ledger_tests(result: BaseCaseResult) -> list[LedgerTest]:
    """Return the scenarios of the ledger that could be run, each once."""
    return list({test.source: test for entry in result.ledger for test in entry.tests if not test.fault}.values())
