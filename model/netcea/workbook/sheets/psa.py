"""PSA: means, intervals, and what is cost-effective at the thresholds, by formula from the draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netcea.decision.monte_carlo import SEEN
from netcea.reporting.xlsx.page import Page
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.acceptability import THRESHOLDS, write_acceptability
from netcea.workbook.sheets.psa_draws import Draws, write_psa_draws
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.tables import write_tables

FIRST: Final = 4
MEASURES: Final = {"costs": "Costs (£)", "qalys": "QALYs", "life_years": "Life years"}
CHART_ROWS: Final = 20
"""Rows from one chart to the next."""


@dataclass(frozen=True)
class Psa:
    """The sheet.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        ``psa.<what>``.
    """

    page: Page
    cells: Mapping[str, str]


def write_psa(construction: Construction) -> Psa | None:
    """Write the sheet, where there is an analysis."""
    draws = construction.written_by(write_psa_draws)
    if draws is None:
        return None
    page, totals, base = construction.page("PSA"), draws.result.totals, construction.variants.base
    labels = {name: base.label(name) for name in totals.strategies}
    page.open_with(
        "Probabilistic analysis",
        f"{totals.n:,} draws by Python for the scenario that was exported, "
        "as values on the next sheet; everything here is worked out from them by formula.",
    )
    tables = _Tables(page, draws, labels, construction.written_by(write_results).cells)
    thresholds = construction.written_by(write_tables).thresholds
    row = tables.means(FIRST)
    row = tables.increments(row)
    row = tables.at_thresholds(row, thresholds)
    found = write_acceptability(page, row, labels, draws.spans, thresholds[-1])
    _add_charts(page, row + 1, labels, draws)
    n = len(labels)
    page.widths(46, *[15.0] * n, 26, *[15.0] * (n + 8))
    page.frozen("B4")
    page.landscape()
    return Psa(page, {f"psa.{name}": cell for name, cell in {**tables.cells, **found}.items()})


@dataclass(frozen=True)
class _Tables:
    """The first tables of the sheet; each takes its first row and returns the next one's."""

    page: Page
    draws: Draws
    labels: Mapping[str, str]
    results: Mapping[str, str]
    cells: dict[str, str] = field(default_factory=dict)

    def means(self, row: int) -> int:
        """Write the mean of each outcome, its Monte Carlo standard error and its 95% interval."""
        page = self.page
        page.put(row, 1, "Means, their Monte Carlo standard errors, and 95% intervals", "section")
        heads = [
            f"{words}{part}" for words in MEASURES.values() for part in ("", ", standard error", ", 2.5%", ", 97.5%")
        ]
        page.heading(row + 1, ["Strategy", *heads])
        for at, (name, label) in enumerate(self.labels.items(), row + 2):
            page.put(at, 1, label)
            for i, measure in enumerate(MEASURES):
                style = "result_pounds" if measure == "costs" else "result_qalys"
                for column, text in enumerate(_interval(self.draws.spans[f"{measure}.{name}"]), 2 + 4 * i):
                    page.formula(at, column, text, style)
                self.cells[f"{measure}.{name}"] = page.at(at, 2 + 4 * i)
                self.cells[f"standard_error.{measure}.{name}"] = page.at(at, 3 + 4 * i)
        return row + 3 + len(self.labels)

    def increments(self, row: int) -> int:
        """Write the probabilistic ICER and what so many draws tell of it, beside the live deterministic one."""
        page, spans, cells = self.page, self.draws.spans, self.cells
        page.put(row, 1, "The intervention against the comparator", "section")
        page.heading(row + 1, ["", "Probabilistic", "Standard error", "2.5%", "97.5%", "Deterministic (live)"])
        for at, (words, key, style) in enumerate(
            (
                ("Incremental costs (£)", "incremental_costs", "result_pounds"),
                ("Incremental QALYs", "incremental_qalys", "result_qalys"),
            ),
            row + 2,
        ):
            page.put(at, 1, words)
            for column, text in enumerate((*_interval(spans[key]), self.results[key]), 2):
                page.formula(at, column, text, style)
            cells[key], cells[f"standard_error.{key}"] = page.at(at, 2), page.at(at, 3)
        at, costs, qalys = row + 4, cells["incremental_costs"], cells["incremental_qalys"]
        page.put(at, 1, "ICER of the means (£/QALY)")
        page.formula(at, 2, f'IF(AND({costs}>0,{qalys}>0),{costs}/{qalys},"")', "result_pounds")
        page.formula(at, 3, self._icer_error(page.at(at, 2)), "result_pounds")
        page.formula(at, 6, self.results["icer"], "result_pounds")
        cells["icer"], cells["standard_error.icer"] = page.at(at, 2), page.at(at, 3)
        gained = spans["incremental_qalys"]
        page.put(at + 1, 1, "Share of draws in which the intervention yields fewer QALYs")
        page.formula(at + 1, 2, f"SUMPRODUCT(({gained}<0)*1)/COUNT({gained})", "percent")
        page.put(at + 2, 1, "Mean severity weight of the draws")
        page.formula(at + 2, 2, f"AVERAGE({spans['severity_weight']})", "result_number")
        return at + 4

    def _icer_error(self, icer: str) -> str:
        """Return the formula of the ICER's Monte Carlo standard error, as `monte_carlo.icer_error` has it."""
        costs, qalys, n = (
            self.draws.spans["incremental_costs"],
            self.draws.spans["incremental_qalys"],
            self.draws.result.totals.n,
        )
        mean, error = self.cells["incremental_qalys"], self.cells["standard_error.incremental_qalys"]
        squares = f"SUMPRODUCT(({costs}-{icer}*{qalys})^2)"
        seen = f"AND(ISNUMBER({icer}),ABS({mean})>{SEEN:.0f}*{error})"
        return f'IF({seen},SQRT({squares}/({n}-1)/{n})/ABS({mean}),"")'

    def at_thresholds(self, row: int, thresholds: tuple[str, ...]) -> int:
        """Write net health benefit at each threshold, and how probable it is that the intervention has more."""
        page, n = self.page, self.draws.result.totals.n
        heads = (
            "At the threshold",
            "Threshold (£/QALY)",
            "Mean incremental NHB (QALYs)",
            "Standard error",
            "Probability that the intervention has the higher net benefit",
            "The same with each draw's severity weight",
        )
        page.heading(row, heads)
        costs, qalys, weight = (
            self.draws.spans[k] for k in ("incremental_costs", "incremental_qalys", "severity_weight")
        )
        for i, (at, threshold) in enumerate(enumerate(thresholds, row + 1)):
            cut, mean = page.at(at, 2), page.at(at, 3)
            of_means = f"{self.cells['incremental_qalys']}-{self.cells['incremental_costs']}/{cut}"
            squares = f"SUMPRODUCT(({qalys}-{costs}/{cut}-{mean})^2)"
            page.put(at, 1, f"Threshold {i + 1}")
            page.formula(at, 2, threshold, "pounds")
            page.formula(at, 3, of_means, "result_qalys")
            page.formula(at, 4, f"SQRT({squares}/({n}-1)/{n})", "qalys")
            page.formula(at, 5, f"SUMPRODUCT(({qalys}*{cut}>{costs})*1)/{n}", "percent")
            page.formula(at, 6, f"SUMPRODUCT(({weight}*{qalys}*{cut}>{costs})*1)/{n}", "percent")
            for name, column in (("nhb", 3), ("probability", 5), ("weighted_probability", 6)):
                self.cells[f"{name}.{i}"] = page.at(at, column)
        return row + len(thresholds) + 2


def _interval(span: str) -> tuple[str, str, str, str]:
    """Return formulas of the mean of draws, of its standard error, and of their 2.5% and 97.5% quantiles."""
    error = f"STDEV({span})/SQRT(COUNT({span}))"
    return f"AVERAGE({span})", error, f"PERCENTILE({span},0.025)", f"PERCENTILE({span},0.975)"


def _add_charts(page: Page, top: int, labels: Mapping[str, str], draws: Draws) -> None:
    """Add the plane, acceptability and the value of perfect information, to the right of all tables.

    `top` is the row of the headings of acceptability.
    """
    n = len(labels)
    words = "" if draws.result.totals.n <= draws.shown else f" (the first {draws.shown:,} draws)"
    column = max(15, 2 * n + 7)
    axes = ("Incremental QALYs", "Incremental costs (£)")
    charts.cloud(page, (FIRST, column), f"Cost-effectiveness plane{words}", axes, "draws", draws.plane)
    first, last = top + 1, top + THRESHOLDS

    def line(name: str, at: int, *, dashed: bool = False) -> charts.Line:
        return charts.Line(name, page.span(first, last, at), dashed)

    series = [line(label, at) for at, label in enumerate(labels.values(), 2)]
    charts.lines(
        page,
        (FIRST + CHART_ROWS, column),
        "Acceptability",
        ("Threshold (£/QALY)", "Probability of the highest net benefit"),
        page.span(first, last, 1),
        [*series, line("Frontier", n + 3, dashed=True)],
        (None, 1.0),
    )
    charts.lines(
        page,
        (FIRST + 2 * CHART_ROWS, column),
        "Expected value of perfect information",
        ("Threshold (£/QALY)", "£ per patient"),
        page.span(first, last, 1),
        [line("EVPI", n + 4)],
    )
