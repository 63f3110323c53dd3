"""What the screen shows of the evidence: published figures, the bias ledger."""

from __future__ import annotations

from typing import Final

from netcea.analyses.base_case.evidence_tables import ENDPOINTS, REPRODUCED, modelled_and_published
from netcea.analyses.base_case.judgement_tables import (
    DIRECTIONS,
    HIDES,
    bias_words,
    dominated_already,
    known_change,
    ledger,
)
from netcea.analyses.base_case.result import NOT_APPLICABLE, BaseCaseResult, LedgerEntry, LedgerTest
from netcea.analyses.base_case.results_tables import label
from netcea.plain_number import read
from netcea.reporting.number_format import plain
from netcea.reporting.screen import part
from netcea.reporting.table import Cell, Column, Icer, Table

LEDGER_LINES: Final = 8
"""So many assumptions of the ledger on the screen; ledger.csv has them all."""


def ledger_summary(result: BaseCaseResult) -> Table:
    """Return the scenarios of the bias ledger that move the result most."""
    tests = {test.source: (entry, test) for entry in result.ledger for test in entry.tests if not test.fault}
    ranked = sorted(tests.values(), key=lambda pair: (-abs(known_change(pair[1].change_in_nhb) or 0.0), pair[1].source))
    first = {entry.assumption: (entry, test) for entry, test in reversed(ranked)}
    shown = sorted(first.values(), key=lambda pair: (not pair[1].dominated, ranked.index(pair)))[:LEDGER_LINES]
    most = sorted(shown, key=ranked.index)  # one that dominates is never left out
    not_applicable = sorted({plain(test.name) for entry in result.ledger for test in entry.tests if test.fault})
    headings = {column.name: column.heading for column in ledger(result).columns}
    flips = any(test.weight_changes for _, test in most)
    known = dominated_already(result)
    return Table(
        "ledger",
        f"Bias ledger: the {len(most)} of {len(result.ledger)} assumptions whose tests move the result most",
        (
            Column("scenario", "Tested by"),
            Column("bias", "Assumption favours"),
            Column("icer", "ICER (£/QALY)", "", "icer"),
            Column("weighted_icer", "Weighted ICER", "", "icer"),
            Column("change_in_nhb", headings["change_in_nhb"], "", "qalys"),
            Column("change_in_weighted_nhb", headings["change_in_weighted_nhb"], "", "qalys"),
        ),
        tuple(
            (
                _tested_by(test),
                _favours(entry, known=known),
                Icer(test.icer, test.label),
                Icer(test.weighted_icer, test.label),
                known_change(test.change_in_nhb),
                known_change(test.change_in_weighted_nhb),
            )
            for entry, test in most
        )
        + tuple((f"{name}: {NOT_APPLICABLE}", "", None, None, None, None) for name in not_applicable),
        f"* The severity weight is another than the base case's ({read(result.case.severity.severity_weight)})."
        * flips,
    )


def _tested_by(test: LedgerTest) -> str:
    """Return what a scenario of the ledger is called, where the intervention stands in it, and a flip of the weight."""
    stands = f": {test.on_frontier.partition(',')[0]}" if test.on_frontier else ""
    mark = f" (weight {read(test.severity_weight or 0.0)}*)" if test.weight_changes else ""
    return f"{plain(test.name)}{stands}{mark}"


def _favours(entry: LedgerEntry, *, known: bool) -> str:
    """Say in few words whom an assumption favours."""
    words = bias_words(entry, hidden=known)
    return _FAVOURS.get(words, words)


_FAVOURS: Final = {
    DIRECTIONS["for"]: "the intervention",
    DIRECTIONS["against"]: "the comparator",
    HIDES: "hides dominance",
}


def ledger_table(result: BaseCaseResult) -> Table:
    """Return the whole bias ledger for the terminal."""
    names = (
        "assumption",
        "bias",
        "scenario",
        "on_frontier",
        "icer",
        "weighted_icer",
        "change_in_icer",
        "change_in_nhb",
        "change_in_weighted_nhb",
        "fault",
    )
    table = ledger(result)
    return part(table, names, table.title, table.note)


def published_table(result: BaseCaseResult) -> Table:
    """Return each published figure beside the model's, one line each."""
    table = modelled_and_published(result)
    rows: list[tuple[Cell, ...]] = []
    met = 0
    strategy = ""
    for c, verdict in zip(result.comparisons, table.column("verdict"), strict=True):
        if c.strategy != strategy:
            strategy = c.strategy
            rows.append((label(result.case, strategy), None, "", None, ""))
        unit = f" ({c.unit})" if c.unit in {"months", "years"} else ""
        between = "" if c.low is None or c.high is None else f"{read(c.low)} to {read(c.high)}"
        met += verdict == REPRODUCED
        mark = "" if c.status == "fitted" else f", {c.status}"
        mark = f", {plain(c.trial)}" if c.trial else mark
        figure = f"  {ENDPOINTS.get(c.endpoint, c.endpoint)}: {c.what}{unit}{mark}"
        rows.append((figure, c.published, between, c.modelled, _short(str(verdict))))
    columns = (
        Column("figure", "Published figure"),
        Column("published", "Published", "", "number"),
        Column("interval", "95% interval"),
        Column("modelled", "Model", "", "number"),
        Column("verdict", "Reproduced"),
    )
    title = (
        "Published figures and the curves after all adjustments: "
        f"{met} of {len(result.comparisons)} met to their rounding"
    )
    return Table("published", title, columns, tuple(rows), blank_none=True)


def _short(verdict: str) -> str:
    missed = verdict.removeprefix("missed by ").removesuffix(" the 95% interval")
    return {REPRODUCED: "yes"}.get(verdict, missed)
