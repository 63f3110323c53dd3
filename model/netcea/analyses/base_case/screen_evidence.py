"""What the screen shows of the evidence: published figures, the bias ledger."""

from __future__ import annotations

from typing import Final

from netcea.analyses.base_case.evidence_tables import ENDPOINTS, REPRODUCED, modelled_and_published
from netcea.analyses.base_case.judgement_tables import ledger
from netcea.analyses.base_case.result import NOT_APPLICABLE, BaseCaseResult
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
    ranked = sorted(tests.values(), key=lambda pair: (-abs(pair[1].change_in_nhb), pair[1].source))
    first = {entry.assumption: (entry, test) for entry, test in reversed(ranked)}
    most = sorted(first.values(), key=ranked.index)[:LEDGER_LINES]
    not_applicable = sorted({plain(test.name) for entry in result.ledger for test in entry.tests if test.fault})
    nhb = next(column for column in ledger(result).columns if column.name == "change_in_nhb")
    return Table(
        "ledger",
        f"Bias ledger: the {len(most)} of {len(result.ledger)} assumptions whose tests move the result most",
        (
            Column("scenario", "Tested by"),
            Column("bias", "Assumption favours"),
            Column("icer", "ICER (£/QALY)", "", "icer"),
            Column("change_in_nhb", nhb.heading, "", "qalys"),
        ),
        tuple(
            (
                plain(test.name),
                {"for": "the intervention", "against": "the comparator"}.get(entry.bias, entry.bias),
                Icer(test.icer, test.label),
                test.change_in_nhb,
            )
            for entry, test in most
        )
        + tuple((f"{name}: {NOT_APPLICABLE}", "", None, None) for name in not_applicable),
    )


def ledger_table(result: BaseCaseResult) -> Table:
    """Return the whole bias ledger for the terminal."""
    names = ("assumption", "bias", "scenario", "icer", "change_in_icer", "change_in_nhb", "fault")
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
