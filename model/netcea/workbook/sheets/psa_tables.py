"""Tables of a probabilistic analysis by formula from the columns of its draws: means, intervals, thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from netcea.decision.monte_carlo import SEEN
from netcea.reporting.number_format import NOT_KNOWN
from netcea.reporting.xlsx.page import Page

MEASURES: Final = {"costs": "Costs (£)", "qalys": "QALYs", "life_years": "Life years"}
IN_FULL: Final = 7
"""Column of means with all their digits, from which others are worked out."""
TABLE_COLUMNS: Final = 1 + 4 * len(MEASURES)
"""Of the widest table: the strategy, and four columns for each outcome."""


def as_it_is(text: str) -> str:
    """Return a formula as it is."""
    return text


@dataclass(frozen=True)
class PsaTables:
    """The first tables of a sheet; each takes its first row and returns the next one's.

    Attributes
    ----------
    page : Page
    spans : mapping of ``<outcome>.<strategy>`` and of increments -> range of all draws
    n : int
        How many these are.
    labels : mapping of strategy -> label
    results : mapping of name -> cell
        Of the sheet Results.
    while_known : function of a formula
        Returns what is written in its place, where the draws may not be there.
    cells : mapping of name -> cell
        What was written so far.
    """

    page: Page
    spans: Mapping[str, str]
    n: int
    labels: Mapping[str, str]
    results: Mapping[str, str]
    while_known: Callable[[str], str] = as_it_is
    cells: dict[str, str] = field(default_factory=dict)

    def _write(self, row: int, column: int, text: str, style: str) -> None:
        self.page.formula(row, column, self.while_known(text), style)

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
                for column, text in enumerate(_interval(self.spans[f"{measure}.{name}"]), 2 + 4 * i):
                    self._write(at, column, text, style)
                self.cells[f"{measure}.{name}"] = page.at(at, 2 + 4 * i)
                self.cells[f"standard_error.{measure}.{name}"] = page.at(at, 3 + 4 * i)
        return row + 3 + len(self.labels)

    def increments(self, row: int) -> int:
        """Write the probabilistic ICER and what so many draws tell of it, beside the live deterministic one."""
        page, spans, cells = self.page, self.spans, self.cells
        page.put(row, 1, "The intervention against the comparator", "section")
        heads = (
            "Probabilistic",
            "Standard error",
            "2.5%",
            "97.5%",
            "Deterministic (live)",
            "Probabilistic, all digits",
        )
        page.heading(row + 1, ["", *heads])
        for at, (words, key, style, decimals) in enumerate(
            (
                ("Incremental costs (£)", "incremental_costs", "result_pounds", 0),
                ("Incremental QALYs", "incremental_qalys", "result_qalys", 3),
            ),
            row + 2,
        ):
            page.put(at, 1, words)
            mean, *others = _interval(spans[key])
            self._write(at, IN_FULL, mean, style)
            for column, text in enumerate((*others, self.results[key]), 3):
                self._write(at, column, text, style)
            self._say(at, key, "result_pounds" if key == "incremental_costs" else "result_said", decimals)
        at, costs, qalys = row + 4, cells["incremental_costs"], cells["incremental_qalys"]
        page.put(at, 1, "ICER of the means (£/QALY)")
        self._write(at, IN_FULL, f'IF(AND({costs}>0,{qalys}>0),{costs}/{qalys},"")', "result_pounds")
        self._write(at, 3, self._icer_error(page.at(at, IN_FULL)), "result_pounds")
        page.formula(at, 6, self.results["icer"], "result_pounds")
        self._say(at, "icer", "result_pounds", 0)
        gained = spans["incremental_qalys"]
        page.put(at + 1, 1, "Share of draws in which the intervention yields fewer QALYs")
        self._write(at + 1, 2, f"SUMPRODUCT(({gained}<0)*1)/COUNT({gained})", "percent")
        page.put(at + 2, 1, "Mean severity weight of the draws")
        self._write(at + 2, 2, f"AVERAGE({spans['severity_weight']})", "result_number")
        return at + 4

    def _say(self, at: int, key: str, style: str, decimals: int) -> None:
        """Write a mean as it is to be said: to the digits that its Monte Carlo error leaves."""
        page, cells = self.page, self.cells
        cells[key], cells[f"standard_error.{key}"], cells[f"said.{key}"] = (page.at(at, c) for c in (IN_FULL, 3, 2))
        value, error = cells[key], cells[f"standard_error.{key}"]
        rounded = f"ROUND({value},MIN({decimals},-INT(LN({error})/LN(10))))"
        known = f'IF(ISNUMBER({error}),IF({error}>0,{rounded},{value}),"{NOT_KNOWN}")'
        page.formula(at, 2, f'IF(ISNUMBER({value}),{known},"")', style)

    def _icer_error(self, icer: str) -> str:
        """Return the formula of the ICER's Monte Carlo standard error, as `monte_carlo.icer_error` has it."""
        costs, qalys, n = (self.spans["incremental_costs"], self.spans["incremental_qalys"], self.n)
        mean, error = self.cells["incremental_qalys"], self.cells["standard_error.incremental_qalys"]
        squares = f"SUMPRODUCT(({costs}-{icer}*{qalys})^2)"
        seen = f"AND(ISNUMBER({icer}),ABS({mean})>{SEEN:.0f}*{error})"
        return f'IF({seen},SQRT({squares}/({n}-1)/{n})/ABS({mean}),"")'

    def at_thresholds(self, row: int, thresholds: tuple[str, ...]) -> int:
        """Write net health benefit at each threshold, and how probable it is that the intervention has more."""
        page, n = self.page, self.n
        heads = (
            "At the threshold",
            "Threshold (£/QALY)",
            "Mean incremental NHB (QALYs)",
            "Standard error",
            "Probability that the intervention has the higher net benefit",
            "The same with each draw's severity weight",
        )
        page.heading(row, heads)
        costs, qalys, weight = (self.spans[k] for k in ("incremental_costs", "incremental_qalys", "severity_weight"))
        for i, (at, threshold) in enumerate(enumerate(thresholds, row + 1)):
            cut, mean = page.at(at, 2), page.at(at, 3)
            of_means = f"{self.cells['incremental_qalys']}-{self.cells['incremental_costs']}/{cut}"
            squares = f"SUMPRODUCT(({qalys}-{costs}/{cut}-{mean})^2)"
            page.put(at, 1, f"Threshold {i + 1}")
            page.formula(at, 2, threshold, "pounds")
            self._write(at, 3, of_means, "result_qalys")
            self._write(at, 4, f"SQRT({squares}/({n}-1)/{n})", "qalys")
            self._write(at, 5, f"SUMPRODUCT(({qalys}*{cut}>{costs})*1)/{n}", "percent")
            self._write(at, 6, f"SUMPRODUCT(({weight}*{qalys}*{cut}>{costs})*1)/{n}", "percent")
            for name, column in (("nhb", 3), ("probability", 5), ("weighted_probability", 6)):
                self.cells[f"{name}.{i}"] = page.at(at, column)
        return row + len(thresholds) + 2


def _interval(span: str) -> tuple[str, str, str, str]:
    """Return formulas of the mean of draws, of its standard error, and of their 2.5% and 97.5% quantiles."""
    error = f"STDEV({span})/SQRT(COUNT({span}))"
    return f"AVERAGE({span})", error, f"PERCENTILE({span},0.025)", f"PERCENTILE({span},0.975)"
