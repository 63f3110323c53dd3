"""Bias ledger: every assumption, whom it favours and why, the scenarios that test it and what they do to the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netcea.analyses.base_case.judgement_tables import DIRECTIONS, bias_words, known_change, shows_dominance
from netcea.analyses.base_case.ledger_tests import ledger_test_of
from netcea.analyses.base_case.result import LedgerEntry, LedgerTest
from netcea.errors import InputError
from netcea.loading.reading.project import real
from netcea.loading.reading.yaml_file import read_yaml
from netcea.plain_number import read
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Direction
from netcea.version import __version__
from netcea.workbook.construction import Construction
from netcea.workbook.provenance import source_of
from netcea.workbook.python_values import cases_of
from netcea.workbook.variants import Variants

FIRST: Final = 7
"""Row of the first assumption."""
ASSUMPTION, BIAS, WHY, SCENARIO, FAVOURS = range(1, 6)
COSTS, QALYS, ICER, WEIGHTED, CHANGE, NHB, WEIGHTED_NHB, WEIGHT = range(6, 14)
REMARK, ADDRESS, FILE = range(14, 17)
WITHOUT: Final = "the others: netcea export --ledger, or netcea run"


@dataclass(frozen=True)
class LedgerRow:
    """An assumption, and one scenario that tests it.

    Attributes
    ----------
    entry : LedgerEntry
    file : str
        Of the scenario, as the assumption names it; '' where none tests it.
    test : LedgerTest or None
        What it does to the result, where that is known.
    title : str
        What the selector of this workbook calls it; '' where it is not in it.
    """

    entry: LedgerEntry
    file: str
    test: LedgerTest | None
    title: str


def write_bias_ledger(construction: Construction) -> Page | None:
    """Write the sheet, where the scenario has assumptions."""
    variants = construction.variants
    if not variants.base.file.assumptions:
        return None
    page = construction.page("Bias ledger")
    rows = list(_rows(construction))
    page.open_with(
        "Bias ledger",
        "Changes are scenario minus base case, from Python, one scenario at a time; above 0 in NHB the scenario "
        "favours the intervention.",
    )
    known = sum(row.test is not None for row in rows)
    when = f" on {construction.date}" if construction.date else ""
    page.put(3, ASSUMPTION, "Figures", "section")
    page.put(
        3, WHY, f"of {variants.base.file.name}, by netcea {__version__}{when}; they do not follow what is typed here"
    )
    page.put(4, ASSUMPTION, "Scenarios with figures", "section")
    every = sum(bool(row.file) for row in rows)
    page.put(4, WHY, f"{known} of {every}" + ("" if known == every else f"; {WITHOUT}"))
    base = construction.written_by(cases_of)[0]
    threshold, no_news = base.thresholds[0], shows_dominance(base)
    page.heading(FIRST - 1, _headings(threshold))
    before = None
    for at, row in enumerate(rows, FIRST):
        _write(page, at, row, first=row.entry is not before, no_news=no_news)
        before = row.entry
    page.widths(38, 22, 58, 36, 22, 12, 12, 12, 12, 12, 10, 10, 9, 26, 40, 52)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}", last_column=REMARK, last_row=page.last_row)
    return page


def _headings(threshold: float) -> tuple[str, ...]:
    return (
        "Assumption",
        "Whom it favours",
        "Why",
        "Tested by",
        "That favours",
        "Incremental costs (£)",
        "Incremental QALYs",
        "ICER (£/QALY)",
        "ICER, weighted",
        "Change in ICER",
        f"Change in NHB at £{read(threshold, 10)}",
        "The same, weighted",
        "Severity weight",
        "Remark",
        "Address",
        "File",
    )


def _rows(construction: Construction) -> Iterator[LedgerRow]:
    """Yield every assumption with every scenario that tests it; one line of those that nothing tests."""
    variants = construction.variants
    whole = {test.source: test for entry in construction.ledger for test in entry.tests}
    cases = construction.written_by(cases_of)
    numbers = {_file(cases[number].source): number for number in _as_tested(variants)}
    here = {file: ledger_test_of(cases[0], cases[number]) for file, number in numbers.items()}
    titles = {file: variants.titles[number] for file, number in numbers.items()}
    for number, assumption in enumerate(variants.base.file.assumptions):
        files = [
            _source(variants, f"assumptions.{number}.tested_by.{i}", f) for i, f in enumerate(assumption.tested_by)
        ]
        tests = [whole.get(source) or here.get(_file(source)) for source in files]
        known = tuple(test for test in tests if test is not None)
        entry = LedgerEntry(assumption.assumption, assumption.address, assumption.bias, assumption.why, known)
        for source, test in zip(files or [""], tests or [None], strict=True):
            yield LedgerRow(entry, source, test, titles.get(_file(source), "") if source else "")


def _source(variants: Variants, address: str, named: str) -> str:
    """Return the file of a scenario as messages show it; as the assumption names it, without the way to it."""
    related = variants.base.related
    return named if related is None else related.named(address, named).source


def _file(source: str) -> Path:
    return real(Path(source))


def _as_tested(variants: Variants) -> Iterator[int]:
    """Yield the numbers of scenarios of the workbook that are what the ledger tests: a file, and nothing beside it.

    Where the base itself was changed on the command line none is: the ledger lays each scenario over that change.
    """
    if not source_of(variants.base).sets:
        yield from (n for n, scenario in enumerate(variants.scenarios) if n and not source_of(scenario).sets)


def _write(page: Page, at: int, row: LedgerRow, *, first: bool, no_news: bool) -> None:
    """Write a row; the assumption itself stands in its first. No news: the base case shows what dominates."""
    entry, test = row.entry, row.test
    if first:
        page.put(at, ASSUMPTION, entry.assumption, "wrapped")
        page.put(at, BIAS, bias_words(entry, hidden=no_news), "wrapped")
        page.put(at, WHY, entry.why, "wrapped")
        page.put(at, ADDRESS, entry.address, "subtitle")
    if not row.file:
        page.put(at, SCENARIO, "no scenario tests it", "note")
        return
    name, direction = (test.name, test.direction) if test is not None else _head(row.file)
    page.put(at, SCENARIO, name, "wrapped")
    page.put(at, FILE, row.file, "subtitle")
    dominated = test is not None and test.dominated and not no_news
    page.put(at, FAVOURS, DIRECTIONS["against" if dominated else direction or "unclear"], "wrapped")
    if test is None:
        return
    _write_figures(page, at, test)
    remarks = [test.on_frontier, test.fault, f"in this workbook: select {row.title!r}" if row.title else ""]
    page.put(at, REMARK, "; ".join(filter(None, remarks)), "note")


def _head(source: str) -> tuple[str, Direction | None]:
    """Return what the head of a scenario file calls it, and whom it says that it favours."""
    try:
        head = read_yaml(Path(source), source).data
    except InputError:
        head = {}
    direction = head.get("direction")
    return str(head.get("name", Path(source).stem)), direction if direction in DIRECTIONS else None


def _write_figures(page: Page, at: int, test: LedgerTest) -> None:
    """Write what a scenario does to the result."""
    if test.fault:
        return
    for column, value, style in (
        (COSTS, test.incremental_costs, "pounds"),
        (QALYS, test.incremental_qalys, "qalys"),
        (ICER, test.icer if test.icer is not None else test.label, "pounds"),
        (WEIGHTED, test.weighted_icer, "pounds"),
        (CHANGE, test.change_in_icer, "pounds"),
        (NHB, known_change(test.change_in_nhb), "qalys"),
        (WEIGHTED_NHB, known_change(test.change_in_weighted_nhb), "qalys"),
        (WEIGHT, test.severity_weight, "number"),
    ):
        if value is not None:
            page.put(at, column, value, style)
