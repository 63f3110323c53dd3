"""Tables of what a reviewer asks about: limits that bind, the bias ledger, warnings."""

from __future__ import annotations

import math
from typing import Final

from netcea.analyses.base_case.result import BaseCaseResult, Binding, JudgedTotals, LedgerEntry, LedgerTest
from netcea.analyses.base_case.results_tables import label
from netcea.analyses.shared.frontier import Judged
from netcea.errors import ModelWarning
from netcea.plain_number import read
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.table import Column, ColumnOf, Icer, Table, columns_of, table_of

BINDINGS: Final = {"crossing": "PFS capped at OS", "floor": "OS hazard raised to the population's"}
DIRECTIONS: Final = {"for": "for the intervention", "against": "against the intervention", "unclear": "unclear"}


def bindings(result: BaseCaseResult) -> Table:
    """Return where a crossing or a floor binds and what it moved."""
    return table_of(
        "bindings",
        "Limits that bind, and what they moved",
        result.bindings,
        (
            (Column("technologies", "Technologies"), lambda binding: label(result.case, binding.strategy)),
            (Column("limit", "Limit"), lambda binding: BINDINGS.get(binding.what, binding.what)),
            Column("cycles", "Cycles", "", "count"),
            Column("share_of_cycles", "Share of cycles", "", "percent"),
            Column("first_year", "First time", "years", "years"),
            Column("life_years", "Life years moved", "", "years"),
            Column("qalys", "QALYs moved", "", "qalys"),
            Column("costs", "Costs moved", "£", "pounds"),
        ),
        "Per patient, discounted: result with the limit minus result without it.",
    )


def binding_words(result: BaseCaseResult, binding: Binding) -> str:
    """Say in a sentence where a limit binds and what it moved."""
    name, limit = label(result.case, binding.strategy), BINDINGS.get(binding.what, binding.what)
    return (
        f"{name}: {limit} in {binding.cycles} cycles "
        f"({fixed(100 * binding.share_of_cycles, 1)}%), first at {fixed(binding.first_year, 1)} years; it moves "
        f"{fixed(binding.life_years, 3)} life years, {fixed(binding.qalys, 3)} QALYs, {pounds(binding.costs)}"
    )


def ledger(result: BaseCaseResult) -> Table:
    """Return the bias ledger: each assumption, whom it favours, the scenarios that test it, what they do."""
    lower = result.case.thresholds[0] if result.case.thresholds else math.nan
    changes: tuple[ColumnOf[LedgerTest], ...] = (
        Column("nhb", f"NHB at £{read(lower, 10)}", "QALYs", "qalys"),
        Column("weighted_nhb", f"Weighted NHB at £{read(lower, 10)}", "QALYs", "qalys"),
        (
            Column("change_in_nhb", f"Change in NHB at £{read(lower, 10)}", "QALYs", "qalys"),
            lambda test: known_change(test.change_in_nhb),
        ),
        (
            Column("change_in_weighted_nhb", f"Change in weighted NHB at £{read(lower, 10)}", "QALYs", "qalys"),
            lambda test: known_change(test.change_in_weighted_nhb),
        ),
    )
    hidden = result.scenario.prices.redacted or dominated_already(result)
    return table_of(
        "ledger",
        "Bias ledger",
        [(entry, test) for entry in result.ledger for test in entry.tests or (None,)],
        (
            (Column("assumption", "Assumption"), lambda pair: plain(pair[0].assumption)),
            (Column("bias", "Bias"), lambda pair: bias_words(pair[0], hidden=hidden)),
            (Column("why", "Justification"), lambda pair: plain(pair[0].why)),
            (Column("scenario", "Tested by"), lambda pair: plain(pair[1].name) if pair[1] else ""),
            (Column("direction", "Scenario favours"), lambda pair: _direction(pair[1], hidden=hidden)),
            *columns_of(lambda pair: pair[1] if pair[1] and not pair[1].fault else None, (*_EFFECT, *changes)),
            (Column("fault", "Not applicable"), lambda pair: plain(pair[1].fault) if pair[1] else ""),
            (Column("address", "Address"), lambda pair: pair[0].address),
            (Column("source", "File"), lambda pair: pair[1].source if pair[1] else ""),
        ),
        "Bias: whom the assumption favours, for or against the intervention. Changes are scenario minus base case; "
        "above 0 in NHB: the scenario favours the intervention. With more than two strategies the intervention is "
        "compared on the frontier: its increments and ICER with the one that dominates it, or that it displaces, its "
        "NHB with that of the highest net benefit (no change is shown where that is the comparator still). Weighted: "
        "incremental QALYs times the severity weight of the scenario itself; where that is another than the base "
        "case's, the change in weighted NHB is a change of the weight too.",
    )


_EFFECT: Final[tuple[ColumnOf[LedgerTest], ...]] = (
    Column("on_frontier", "Among more than two strategies"),
    Column("incremental_costs", "Incremental costs", "£", "pounds"),
    Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
    (Column("icer", "ICER of the scenario", "£/QALY", "icer"), lambda test: Icer(test.icer, test.label)),
    Column("severity_weight", "Severity weight", "", "weight"),
    (Column("weight", "Other weight than the base case"), lambda test: "yes" if test.weight_changes else "no"),
    (Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"), lambda test: Icer(test.weighted_icer, test.label)),
    Column("change_in_icer", "Change in ICER", "£/QALY", "pounds"),
)


def dominated_already(result: BaseCaseResult) -> bool:
    """Say whether the base case itself shows the intervention as dominated: that a scenario does too is no news.

    Parameters
    ----------
    result : BaseCaseResult
        With the base case's strategies.
    """
    return shows_dominance(result.case)


def shows_dominance(case: JudgedTotals) -> bool:
    """Say whether a case of more than two strategies shows the intervention as dominated.

    Parameters
    ----------
    case : Case or JudgedTotals
        Judged at its point estimates.
    """
    return len(case.strategies) > 2 and Judged.of(case).dominated


def bias_words(entry: LedgerEntry, *, hidden: bool = False) -> str:
    """Say whom an assumption favours; what it hides, where a scenario that tests it has a strategy that dominates.

    Parameters
    ----------
    entry : LedgerEntry
        An assumption.
    hidden : bool
        Whether dominance is not told: it depends on confidential prices, or the base case shows it.
    """
    if not hidden and any(test.dominated for test in entry.tests):
        return HIDES
    return DIRECTIONS[entry.bias]


def known_change(change: float) -> float | None:
    """Return a change of net health benefit; None where there is none to show.

    >>> known_change(0.5), known_change(float("nan"))
    (0.5, None)
    """
    return change if math.isfinite(change) else None


HIDES: Final = "hides that the intervention is dominated"


def _direction(test: LedgerTest | None, *, hidden: bool) -> str:
    if test and test.dominated and not hidden:
        return DIRECTIONS["against"]
    return DIRECTIONS[test.direction] if test and test.direction else ""


def warnings(result: BaseCaseResult) -> Table:
    """Return what the reader must know, of the base case and of the scenarios beside it."""
    found = all_warnings(result)
    return table_of(
        "warnings",
        "Warnings",
        found,
        (
            (Column("code", "Code"), lambda pair: pair[1].code),
            (Column("scenario", "Scenario"), lambda pair: plain(pair[0])),
            (Column("address", "Address"), lambda pair: pair[1].address),
            (Column("message", "Message"), lambda pair: plain(pair[1].message)),
        ),
        "" if found else "None.",
    )


def all_warnings(result: BaseCaseResult) -> list[tuple[str, ModelWarning]]:
    """Return (scenario, warning), each warning once: of the main case, then what the others add."""
    found: dict[ModelWarning, str] = {}
    for case in (result.case, *result.beside):
        for warning in case.warnings:
            found.setdefault(warning, case.name)
    for warning in result.not_shown:
        found.setdefault(warning, result.case.name)
    return [(name, warning) for warning, name in found.items()]
