"""The bias ledger as a figure: which tested assumption moves the result, and which way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netcea.analyses.base_case.result import NOT_APPLICABLE
from netcea.analyses.shared.price_steps import WORDS, own_prices
from netcea.plain_number import read
from netcea.reporting.figures.forest import PAIRED, ForestRow, forest, icer_pair, stands_notes
from netcea.reporting.figures.text import icer_text, pounds, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult, LedgerTest


def ledger(result: BaseCaseResult) -> Figure:
    """Draw how much each scenario that tests an assumption changes net health benefit, largest first."""
    case = result.case
    base, threshold = case.against_comparator(), case.thresholds[0]
    faulty = sorted({test.name for entry in result.ledger for test in entry.tests if test.fault})
    tests, steps = ledger_tests(result), _price_steps(result)
    if len(steps) == len(tests):
        steps = frozenset()
    return forest(
        [
            ForestRow(
                test.source,
                test.name,
                test.change_in_nhb,
                icer_text=_icers(test),
                direction="against" if test.dominated else test.direction or "unclear",
            )
            for test in tests
            if math.isfinite(test.change_in_nhb) and test.source not in steps
        ],
        f"Scenarios that test the assumptions: {result.scenario.file.name}",
        f"Base case: {icer_text(base.icer, base.label)}",
        subtitle=f"Incremental net health benefit {signed(case.nhb(threshold))} QALYs at {pounds(threshold)} per QALY",
        notes=[*([f"Left out: {len(steps)} steps {WORDS}."] if steps else []), *_notes(result, faulty)],
    )


def _price_steps(result: BaseCaseResult) -> frozenset[str]:
    """Return the sources of scenarios that test nothing but an assumption about the intervention's price."""
    prices = own_prices(result.scenario)
    of_prices: set[str] = set()
    of_others: set[str] = set()
    for entry in result.ledger:
        (of_prices if entry.address in prices else of_others).update(test.source for test in entry.tests)
    return frozenset(of_prices - of_others)


def _icers(test: LedgerTest) -> str:
    """Return the ICER of a scenario and the weighted one beside it, marked where the severity weight is another."""
    both = (icer_text(ratio, test.label) for ratio in (test.icer, test.weighted_icer or test.icer))
    return icer_pair(*both, flips=test.weight_changes)


def _notes(result: BaseCaseResult, faulty: list[str]) -> list[str]:
    """Return what the marks mean, where the intervention is dominated, and which scenarios are not drawn."""
    tests = ledger_tests(result)
    notes = stands_notes([(test.name, test.on_frontier) for test in tests], "tables/ledger.csv")
    if any(test.weighted_icer not in (None, test.icer) for test in tests):
        notes.append(PAIRED)
    if any(test.weight_changes for test in tests):
        weight = read(result.case.severity.severity_weight)
        notes.append(f"* The severity weight is another than the base case's ({weight}).")
    return notes + ([f"{NOT_APPLICABLE.capitalize()}: {', '.join(faulty)}."] if faulty else [])


def ledger_tests(result: BaseCaseResult) -> list[LedgerTest]:
    """Return the scenarios of the ledger that could be run, each once."""
    return list({test.source: test for entry in result.ledger for test in entry.tests if not test.fault}.values())
