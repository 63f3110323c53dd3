"""Tables of what a reviewer asks about: limits that bind, the bias ledger, warnings."""

from __future__ import annotations

import math
from typing import Final

from netcea.analyses.base_case.result import BaseCaseResult, Binding, LedgerEntry, LedgerTest
from netcea.analyses.base_case.results_tables import label
from netcea.errors import ModelWarning
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.table import Cell, Column, Icer, Table

BINDINGS: Final = {"crossing": "PFS capped at OS", "floor": "OS hazard raised to the population's"}
DIRECTIONS: Final = {"for": "for the intervention", "against": "against the intervention", "unclear": "unclear"}


def bindings(result: BaseCaseResult) -> Table:
    """Return where a crossing or a floor binds and what it moved."""
    return Table(
        "bindings",
        "Limits that bind, and what they moved",
        (
            Column("technologies", "Technologies"),
            Column("limit", "Limit"),
            Column("cycles", "Cycles", "", "count"),
            Column("share_of_cycles", "Share of cycles", "", "percent"),
            Column("first_year", "First time", "years", "years"),
            Column("life_years", "Life years moved", "", "years"),
            Column("qalys", "QALYs moved", "", "qalys"),
            Column("costs", "Costs moved", "£", "pounds"),
        ),
        tuple(
            (
                label(result.case, b.strategy),
                BINDINGS.get(b.what, b.what),
                b.cycles,
                b.share_of_cycles,
                b.first_year,
                b.life_years,
                b.qalys,
                b.costs,
            )
            for b in result.bindings
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
    rows = [_ledger_row(entry, test) for entry in result.ledger for test in entry.tests or (None,)]
    return Table(
        "ledger",
        "Bias ledger",
        (
            Column("assumption", "Assumption"),
            Column("bias", "Bias"),
            Column("why", "Justification"),
            Column("scenario", "Tested by"),
            Column("direction", "Scenario favours"),
            Column("icer", "ICER of the scenario", "£/QALY", "icer"),
            Column("change_in_icer", "Change in ICER", "£/QALY", "pounds"),
            Column("change_in_nhb", f"Change in NHB at £{lower:,.10g}", "QALYs", "qalys"),
            Column("fault", "Could not be run"),
            Column("address", "Address"),
            Column("source", "File"),
        ),
        tuple(rows),
        "Bias: whom the assumption favours, for or against the intervention. Changes are scenario minus base case; "
        "above 0 in NHB: the scenario favours the intervention.",
    )


def _ledger_row(entry: LedgerEntry, test: LedgerTest | None) -> tuple[Cell, ...]:
    text, why, bias = plain(entry.assumption), plain(entry.why), DIRECTIONS[entry.bias]
    if test is None:
        return text, bias, why, "", "", None, None, None, "", entry.address, ""
    direction = DIRECTIONS[test.direction] if test.direction else ""
    if test.fault:
        return (
            text,
            bias,
            why,
            plain(test.name),
            direction,
            None,
            None,
            None,
            plain(test.fault),
            entry.address,
            test.source,
        )
    icer = Icer(test.icer, test.label)  # a Label that the result holds as plain text
    return (
        text,
        bias,
        why,
        plain(test.name),
        direction,
        icer,
        test.change_in_icer,
        test.change_in_nhb,
        "",
        entry.address,
        test.source,
    )


def warnings(result: BaseCaseResult) -> Table:
    """Return what the reader must know, of the base case and of the scenarios beside it."""
    return Table(
        "warnings",
        "Warnings",
        (
            Column("code", "Code"),
            Column("scenario", "Scenario"),
            Column("address", "Address"),
            Column("message", "Message"),
        ),
        tuple((w.code, plain(name), w.address, plain(w.message)) for name, w in all_warnings(result)),
        "" if all_warnings(result) else "None.",
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
