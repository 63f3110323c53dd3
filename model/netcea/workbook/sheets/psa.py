"""PSA: draws and outcomes as values; means, intervals, acceptability and the value of information by formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.analyses.psa.result import PsaResult
from netcea.arrays import Array
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Block, Page
from netcea.workbook.sheets import charts
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.tables import Tables

FIRST: Final = 5
"""First row of draws."""
OUTCOMES: Final = ("costs", "qalys", "life_years")
GRID: Final = 41
"""Thresholds of the acceptability curve."""
DIGITS: Final = 7
"""Of drawn inputs; outcomes have all theirs."""
MOST_POINTS: Final = 2000
"""Of the plane: more make a chart slow and no clearer."""


@dataclass(frozen=True)
class Psa:
    """The two sheets.

    Attributes
    ----------
    raw_rows : mapping of title of a sheet -> XML of its rows
        Rows of numbers go into the file as they are: 10,000 draws have over a million cells.
    """

    page: Page


def write_psa(book: Book, inputs: Inputs, tables: Tables, result: PsaResult, cells: dict[str, str]) -> Psa:
    """Write the sheets PSA and PSA draws.

    Parameters
    ----------
    book : Book
    inputs : Inputs
    tables : Tables
    result : PsaResult
        Of the base scenario, with its parameters.
    cells : mapping of name -> cell of Results
        Cells of this sheet are added as ``psa.<what>``.
    """
    page, draws = book.page("PSA", "7030A0"), book.page("PSA draws", "7030A0")
    columns = _draws(draws, inputs, result)
    names = result.totals.strategies
    page.open_with(
        "Probabilistic analysis",
        f"{result.totals.n:,} draws by Python for the scenario that was exported, "
        "as values on the next sheet; everything here is worked out from them by formula.",
    )
    last = FIRST + result.totals.n - 1
    spans = {key: draws.span(FIRST, last, column) for key, column in columns.items()}
    labels = {name: inputs.variants.base.label(name) for name in names}
    row = _means(page, 4, labels, spans, result, cells)
    row = _increments(page, row, spans, result, tables, cells)
    top = row + 1
    row = _acceptability(page, row, labels, spans, tables, names, cells)
    _charts(page, draws, columns, top, labels, result)
    page.widths(46, *[15.0] * len(names), 26, *[15.0] * (len(names) + 8))
    page.frozen("B4")
    page.landscape()
    return Psa(page)


def _draws(page: Page, inputs: Inputs, result: PsaResult) -> dict[str, int]:
    """Begin the sheet of draws; return key -> column, and the XML of its rows."""
    totals = result.totals
    columns: dict[str, int] = {"draw": 1}
    heads, values = ["Draw"], [[float(i + 1) for i in range(totals.n)]]
    for name in totals.strategies:
        for measure in OUTCOMES:
            columns[f"{measure}.{name}"] = len(heads) + 1
            words = {"costs": "costs (£)", "qalys": "QALYs", "life_years": "life years"}[measure]
            heads.append(f"{inputs.variants.base.label(name)}: {words}")
            values.append(totals.of(measure, name).tolist())
    for key, words, array in (
        ("incremental_qalys", "Incremental QALYs", totals.increment("qalys")),
        ("incremental_costs", "Incremental costs (£)", totals.increment("costs")),
        ("severity_weight", "Severity weight", totals.severity_weight),
    ):
        columns[key] = len(heads) + 1
        heads.append(words)
        values.append(array.tolist())
    for address, drawn in sorted((result.parameters or {}).items()):
        heads.append(address)
        values.append(_short(drawn))
    page.open_with(
        "Draws and outcomes",
        "One row a draw, values from Python. Inputs in the units of the sheet Inputs, "
        f"{DIGITS} digits; estimated parameters in the model's units.",
    )
    page.heading(FIRST - 1, heads)
    page.widths(8, *[14.0] * (len(heads) - 1))
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}", wide=1 + len(columns) // 14)
    page.block = Block(FIRST, list(zip(*values, strict=True)))
    return columns


def _short(values: Array) -> list[float]:
    return [float(f"{v:.{DIGITS}g}") for v in values.ravel().tolist()]


def _means(
    page: Page, row: int, labels: Mapping[str, str], spans: Mapping[str, str], result: PsaResult, cells: dict[str, str]
) -> int:
    page.put(row, 1, "Means and 95% intervals", "section")
    page.heading(
        row + 1,
        [
            "Strategy",
            *(f"{words}{part}" for words in ("Costs (£)", "QALYs", "Life years") for part in ("", ", 2.5%", ", 97.5%")),
        ],
    )
    at = row + 2
    for name, label in labels.items():
        page.put(at, 1, label)
        for i, measure in enumerate(OUTCOMES):
            span = spans[f"{measure}.{name}"]
            style = "result_pounds" if measure == "costs" else "result_qalys"
            for j, text in enumerate((f"AVERAGE({span})", f"PERCENTILE({span},0.025)", f"PERCENTILE({span},0.975)")):
                page.formula(at, 2 + 3 * i + j, text, style)
            cells[f"psa.{measure}.{name}"] = page.at(at, 2 + 3 * i)
        at += 1
    del result
    return at + 1


def _increments(
    page: Page, row: int, spans: Mapping[str, str], result: PsaResult, tables: Tables, cells: dict[str, str]
) -> int:
    """Write the probabilistic ICER beside the live deterministic one, and probabilities at the thresholds."""
    totals = result.totals
    costs, qalys, weight = (spans[k] for k in ("incremental_costs", "incremental_qalys", "severity_weight"))
    page.put(row, 1, "The intervention against the comparator", "section")
    page.heading(row + 1, ["", "Probabilistic", "2.5%", "97.5%", "Deterministic (live)"])
    at = row + 2
    for words, key, span, style in (
        ("Incremental costs (£)", "incremental_costs", costs, "result_pounds"),
        ("Incremental QALYs", "incremental_qalys", qalys, "result_qalys"),
    ):
        page.put(at, 1, words)
        texts = (f"AVERAGE({span})", f"PERCENTILE({span},0.025)", f"PERCENTILE({span},0.975)", cells[key])
        for column, text in enumerate(texts, 2):
            page.formula(at, column, text, style)
        cells[f"psa.{key}"] = page.at(at, 2)
        at += 1
    mean_costs, mean_qalys = cells["psa.incremental_costs"], cells["psa.incremental_qalys"]
    page.put(at, 1, "ICER of the means (£/QALY)")
    page.formula(at, 2, f'IF(AND({mean_costs}>0,{mean_qalys}>0),{mean_costs}/{mean_qalys},"")', "result_pounds")
    page.formula(at, 5, cells["icer"], "result_pounds")
    cells["psa.icer"] = page.at(at, 2)
    page.put(at + 1, 1, "Share of draws in which the intervention yields fewer QALYs")
    page.formula(at + 1, 2, f"SUMPRODUCT(({qalys}<0)*1)/COUNT({qalys})", "percent")
    page.put(at + 2, 1, "Mean severity weight of the draws")
    page.formula(at + 2, 2, f"AVERAGE({weight})", "result_number")
    at += 4
    page.heading(
        at,
        [
            "At the threshold",
            "Threshold (£/QALY)",
            "Mean incremental NHB (QALYs)",
            "Standard error",
            "Probability that the intervention has the higher net benefit",
            "The same with each draw's severity weight",
        ],
    )
    for i, threshold in enumerate(tables.thresholds):
        line = at + 1 + i
        page.put(line, 1, f"Threshold {i + 1}")
        page.formula(line, 2, threshold, "pounds")
        cut = page.at(line, 2)
        page.formula(line, 3, f"{mean_qalys}-{mean_costs}/{cut}", "result_qalys")
        mean = page.at(line, 3)
        page.formula(line, 4, f"SQRT(SUMPRODUCT(({qalys}-{costs}/{cut}-{mean})^2)/({totals.n}-1)/{totals.n})", "qalys")
        page.formula(line, 5, f"SUMPRODUCT(({qalys}*{cut}>{costs})*1)/{totals.n}", "percent")
        page.formula(line, 6, f"SUMPRODUCT(({weight}*{qalys}*{cut}>{costs})*1)/{totals.n}", "percent")
        cells |= {
            f"psa.nhb.{i}": mean,
            f"psa.probability.{i}": page.at(line, 5),
            f"psa.weighted_probability.{i}": page.at(line, 6),
        }
    return at + len(tables.thresholds) + 2


def _acceptability(
    page: Page,
    row: int,
    labels: Mapping[str, str],
    spans: Mapping[str, str],
    tables: Tables,
    names: Sequence[str],
    cells: dict[str, str],
) -> int:
    """Write probabilities of the highest net benefit, the frontier, and the expected value of perfect information."""
    page.put(row, 1, "Acceptability and the expected value of perfect information, unweighted QALYs", "section")
    n = len(names)
    page.heading(
        row + 1,
        [
            "Threshold (£/QALY)",
            *(f"{label}: probability" for label in labels.values()),
            "Highest mean net benefit",
            "Its probability (frontier)",
            "EVPI per patient (£)",
            *(f"{label}: mean net benefit (£)" for label in labels.values()),
        ],
    )
    step = f"ROUNDUP(3*{tables.thresholds[-1]}/{GRID - 1},-3)"
    for i in range(GRID):
        at = row + 2 + i
        page.formula(at, 1, f"{i}*{step}" if i else "0", "pounds")
        cut = page.at(at, 1)
        benefit = [f"({cut}*{spans[f'qalys.{a}']}-{spans[f'costs.{a}']})" for a in names]
        best = [
            "*".join(f"({benefit[a]}>{'=' if a < b else ''}{benefit[b]})" for b in range(n) if b != a) or "1"
            for a in range(n)
        ]
        count = f"COUNT({spans[f'costs.{names[0]}']})"
        means = []
        for a in range(n):
            page.formula(at, 2 + a, f"SUMPRODUCT({best[a]}*1)/{count}", "percent")
            means.append(page.at(at, n + 5 + a))
            mean = f"{cut}*AVERAGE({spans[f'qalys.{names[a]}']})-AVERAGE({spans[f'costs.{names[a]}']})"
            page.formula(at, n + 5 + a, mean, "pounds")
        span = page.span(at, at, n + 5, n + 4 + n)
        first = f"MATCH(MAX({span}),{span},0)"
        heads = ",".join(f'"{label.replace(chr(34), chr(39))}"' for label in labels.values())
        page.formula(at, n + 2, f"CHOOSE({first},{heads})", "text")
        page.formula(at, n + 3, f"INDEX({page.span(at, at, 2, n + 1)},1,{first})", "percent")
        perfect = "+".join(f"SUMPRODUCT({best[a]}*{benefit[a]})" for a in range(n))
        page.formula(at, n + 4, f"MAX(0,({perfect})/{count}-MAX({span}))", "pence")
        for what, column in (("evpi", n + 4), ("frontier", n + 3), ("threshold", 1)):
            cells[f"psa.{what}.{i}"] = page.at(at, column)
        for a in range(n):
            cells[f"psa.ceac.{i}.{names[a]}"] = page.at(at, 2 + a)
    return row + GRID + 3


def _charts(
    page: Page, draws: Page, columns: Mapping[str, int], top: int, labels: Mapping[str, str], result: PsaResult
) -> None:
    n = len(labels)
    last = FIRST + min(result.totals.n, MOST_POINTS) - 1
    column = get_column_letter(max(12, 2 * n + 7))
    words = "" if result.totals.n <= MOST_POINTS else f" (the first {MOST_POINTS:,} draws)"
    charts.cloud(
        page,
        f"{column}4",
        f"Cost-effectiveness plane{words}",
        ("Incremental QALYs", "Incremental costs (£)"),
        "draws",
        (draws, columns["incremental_qalys"], columns["incremental_costs"], FIRST, last),
    )
    rows = (page, 1, top + 1, top + GRID)
    series = [(label, page, 2 + i, False) for i, label in enumerate(labels.values())]
    charts.lines(
        page,
        f"{column}24",
        "Acceptability",
        ("Threshold (£/QALY)", "Probability of the highest net benefit"),
        rows,
        [*series, ("Frontier", page, n + 3, True)],
        (None, 1.0),
    )
    charts.lines(
        page,
        f"{column}44",
        "Expected value of perfect information",
        ("Threshold (£/QALY)", "£ per patient"),
        rows,
        [("EVPI", page, n + 4, False)],
    )
