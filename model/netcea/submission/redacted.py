"""A submission of which nothing depends on a confidential price: what differs between the ends of a price is hidden.

Everything is run at public prices and with each confidential drug for free, as `netcea.confidential.redact` does for
one analysis; the reports are put together cell by cell and leaf by leaf before anything is written of them. Document,
page and slides are made of what is left, and of nothing else: results at full precision go no further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from netcea.confidential.audit import RevealedResult, audit, verdict
from netcea.confidential.layers import Layers
from netcea.confidential.price_points import actual_shares, labels_of
from netcea.confidential.redact import Made, PricedRuns, Redaction
from netcea.confidential.revealed import revealed_results, steps_of
from netcea.confidential.same_files import Hidden, same_leaves
from netcea.confidential.tolerance import nearly_equal
from netcea.reporting.json_text import plain
from netcea.reporting.report import Report
from netcea.reporting.table import Cell, Column, Table
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.submission.submission import Submission

REVEALED: Final = "revealed"


def redacted_submission(
    gather_at: Callable[[Layers], Submission],
    base_case_at: Callable[[Layers], Report],
    layers: Layers,
    reveal: Sequence[str] = (),
) -> tuple[Submission, Redaction, tuple[RevealedResult, ...]]:
    """Run everything at the ends of every confidential price, and return what is the same at all of them.

    Parameters
    ----------
    gather_at : function
        Gathers the submission at the prices of layers.
    base_case_at : function
        Runs the base case alone, at the confidential prices: only where a result is revealed.
    layers : Layers
        With the confidential values.
    reveal : sequence of str
        ``NAME`` or ``NAME=STEP``: results that stand all the same, rounded to a step.

    Returns
    -------
    Submission, Redaction, tuple of RevealedResult
        What may be shown; what was hidden; what stands all the same.

    Raises
    ------
    InputError
        A name to be revealed is unknown.
    """
    rounded = steps_of(reveal)
    gathered: list[Submission] = []

    def run(at: Layers) -> Made:
        if at is layers:
            return _made(base_case_at(at), ())
        gathered.append(gather_at(at))
        faults = [fault for report in gathered[-1].reports.values() for fault in report.faults]
        return _made(gathered[-1].reports["base_case"], faults)

    runs = PricedRuns.of(run, layers, reveal=bool(rounded))
    revealed = tuple(revealed_results(rounded, runs.actual.results, runs.public.results, runs.results_free))
    findings = audit(revealed, actual_shares(layers, runs.public.prices))
    found, hidden = verdict(findings, runs.labels), Hidden()
    whole = same_submission(gathered, hidden)
    if revealed:
        whole = _with_revealed(whole, revealed)
    return whole, Redaction(hidden, findings, found, runs.labels, runs.public.faults), revealed


def _made(report: Report, faults: Iterable[str]) -> Made:
    scenario = report.scenario
    return Made(scenario.prices, labels_of(scenario), report.by_name, tuple(faults))


def same_submission(gathered: Sequence[Submission], hidden: Hidden) -> Submission:
    """Return the first submission with `confidential` in place of what is not the same in all.

    Parameters
    ----------
    gathered : sequence of Submission
        Of one scenario, each at other prices; the first at public ones.
    hidden : Hidden
        Counts what is not the same.
    """
    first = gathered[0]
    reports = {}
    for name in first.reports:
        theirs = [one.reports[name] for one in gathered if name in one.reports]
        if len(theirs) == len(gathered):
            reports[name] = same_report(theirs, hidden)
        else:
            hidden.dropped.append(name)
    not_run = {n: why for n, why in first.not_run.items() if all(one.not_run.get(n) == why for one in gathered)}
    return Submission(first.scenario, reports, not_run=not_run)


def same_report(reports: Sequence[Report], hidden: Hidden) -> Report:
    """Return the first report with `confidential` in place of what is not the same in all.

    Parameters
    ----------
    reports : sequence of Report
        Of one analysis, each at other prices.
    hidden : Hidden
        Counts what is not the same.
    """
    first = reports[0]
    tables = []
    for table in first.tables:
        theirs = [found for r in reports for found in r.tables if found.name == table.name]
        same = same_table(theirs, hidden) if len(theirs) == len(reports) else None
        if same is None:
            hidden.dropped.append(f"{first.analysis}: table {table.name}")
        else:
            tables.append(same)
    names = {table.name for table in tables}
    figures = {name: draw for name, draw in first.figures.items() if _same_figure(reports, name, hidden)}
    records = [plain(r.results["results"] if r.nested else r.record) for r in reports]
    return replace(
        first,
        record=same_leaves(records, hidden),
        tables=tuple(tables),
        on_screen=tuple(name for name in first.on_screen if name in names),
        read_first=tuple(line for line in first.read_first if all(line in r.read_first for r in reports)),
        lines=tuple(line for line in first.lines if all(line in r.lines for r in reports)),
        figures=figures,
        files={},
        by_name={},
    )


def same_table(tables: Sequence[Table], hidden: Hidden) -> Table | None:
    """Return the first table with `confidential` in place of cells that are not the same; None for another shape.

    A row whose first cell differs is another row in each run: it is hidden whole.

    Parameters
    ----------
    tables : sequence of Table
        Of one name, each at other prices.
    hidden : Hidden
        Counts what is not the same.

    Examples
    --------
    >>> columns = (Column("name", "Name"), Column("costs", "Costs", "£", "pounds"), Column("qalys", "QALYs"))
    >>> made = [Table("t", "T", columns, (("a", costs, 1.5),)) for costs in (10.0, 7.0)]
    >>> same_table(made, Hidden()).rows
    (('a', 'confidential', 1.5),)
    """
    first = tables[0]
    if any(t.columns != first.columns or len(t.rows) != len(first.rows) for t in tables):
        return None
    rows = []
    for found in zip(*(t.rows for t in tables), strict=True):
        other = any(not _same(row[0], found[0][0]) for row in found)
        cells = zip(*found, strict=True)
        rows.append(tuple(CONFIDENTIAL if other or not _all_same(each) else each[0] for each in cells))
        hidden.values += rows[-1].count(CONFIDENTIAL)
    note = first.note if all(t.note == first.note and t.title == first.title for t in tables) else ""
    return replace(first, rows=tuple(rows), note=note)


def _all_same(cells: Sequence[Cell]) -> bool:
    return all(_same(cell, cells[0]) for cell in cells)


def _same(one: Cell, other: Cell) -> bool:
    """Say whether two cells are the same: whole numbers as others."""
    numbers = [float(c) if isinstance(c, int) and not isinstance(c, bool) else c for c in (one, other)]
    return nearly_equal(*numbers)


def _same_figure(reports: Sequence[Report], name: str, hidden: Hidden) -> bool:
    """Say whether a figure looks the same at all prices."""
    from netcea.reporting.figures.one_pass import pixels_of

    if any(name not in report.figures for report in reports):
        return False
    first, *others = (pixels_of(report.figure(name), COARSE) for report in reports)
    same = all(first.shape == other.shape and bool((first == other).all()) for other in others)
    if not same:
        hidden.dropped.append(f"{reports[0].analysis}: figure {name}")
    return same


COARSE: Final = 100.0
"""Dots per inch at which figures are compared: what differs by less than a dot is no number that a reader sees."""


def _with_revealed(submission: Submission, revealed: Sequence[RevealedResult]) -> Submission:
    """Return a submission whose base case shows the results that stand all the same."""
    columns = (
        Column("result", "Result"),
        Column("value", "Value", "", "number"),
        Column("rounded_to", "Rounded to", "", "number"),
    )
    rows = tuple((one.name, one.shown, one.step) for one in revealed)
    table = Table(REVEALED, "Results that stand although they depend on confidential prices", columns, rows)
    base = submission.reports["base_case"]
    shown: Any = replace(base, stated=base.stated | {REVEALED}, tables=(*base.tables, table))
    return replace(submission, reports={**submission.reports, "base_case": shown})
