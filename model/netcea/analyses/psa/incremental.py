"""Fully incremental analysis of the means of draws, as the base case has it of the point estimates."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from netcea.analyses.psa.result import PsaResult
from netcea.analyses.psa.summary import interval
from netcea.decision.incremental import IncrementalRow, fully_incremental, weighted
from netcea.decision.monte_carlo import icer_error
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, ColumnOf, Drawn, Icer, Table, table_of

NAME = "incremental_of_means"
_TOTALS: Final[tuple[tuple[str, Column], ...]] = (
    ("costs", Column("costs", "Mean total costs", "£", "pounds")),
    ("life_years", Column("life_years", "Mean total LYG", "", "years")),
    ("qalys", Column("qalys", "Mean total QALYs", "", "qalys")),
)
_MORE: Final[tuple[tuple[str, Column], ...]] = (
    ("costs", Column("incremental_costs", "Incremental costs", "£", "pounds")),
    ("life_years", Column("incremental_life_years", "Incremental LYG", "", "years")),
    ("qalys", Column("incremental_qalys", "Incremental QALYs", "", "qalys")),
)


def incremental_of_means(result: PsaResult) -> Table:
    """Return each strategy by rising mean costs against the one it displaces, unweighted and weighted for severity.

    The ICER is the ratio of mean increments, never the mean of ratios; the weight is that by the mean QALYs.

    Parameters
    ----------
    result : PsaResult
        Of draws.
    """
    scenario, names, weight = result.scenario, result.totals.strategies, result.severity_weight_at_means
    costs, qalys, years = (
        [result.intervals[name, measure].mean for name in names] for measure in ("costs", "qalys", "life_years")
    )
    rows = fully_incremental(names, costs, qalys, years)
    if scenario.prices.redacted:  # the order of costs depends on confidential prices
        rows.sort(key=lambda row: names.index(row.strategy))
    return table_of(
        NAME,
        "Probabilistic results (fully incremental)",
        list(zip(rows, weighted(rows, weight), strict=True)),
        (
            (Column("technologies", "Technologies"), lambda pair: plain(scenario.label(pair[0].strategy))),
            (Column("versus", "Versus"), lambda pair: "" if pair[0].versus is None else _label(result, pair[0].versus)),
            *(_column(*each, partial(_mean, result)) for each in _TOTALS),
            *(_column(*each, partial(_more, result)) for each in _MORE),
            (Column("icer", "ICER", "£/QALY", "icer"), lambda pair: _icer(result, pair[0])),
            (Column("severity_weight", "Severity weight", "", "weight"), lambda _: weight),
            (Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"), lambda pair: _icer(result, pair[1], weight)),
        ),
        "Means of draws, per patient, discounted. In order of rising mean costs; increments are against the strategy "
        "displaced, those of a dominated strategy against the one that dominates it. ICERs are ratios of mean "
        "increments. Numbers are shown to the digits that their Monte Carlo errors leave; the weight is that by the "
        "mean QALYs of established practice. LYG: life years gained.",
    )


def _column(
    measure: str, column: Column, cell: Callable[[IncrementalRow, str], Drawn | None]
) -> ColumnOf[tuple[IncrementalRow, IncrementalRow]]:
    """Return a column of one measure of the unweighted rows."""
    return column, lambda pair: cell(pair[0], measure)


def _mean(result: PsaResult, row: IncrementalRow, measure: str) -> Drawn:
    """Return a mean total."""
    found = result.intervals[row.strategy, measure]
    return Drawn(found.mean, found.mcse)


def _more(result: PsaResult, row: IncrementalRow, measure: str) -> Drawn | None:
    """Return a mean increment against the strategy displaced."""
    found: float | None = getattr(row, f"incremental_{measure}")
    if row.versus is None or found is None:
        return None
    return Drawn(found, interval(found, result.totals.increment(measure, row.strategy, row.versus)).mcse)


def _icer(result: PsaResult, row: IncrementalRow, weight: float = 1.0) -> Icer | None:
    """Return the ratio of mean increments with its Monte Carlo error, to whose digits it is shown."""
    if row.versus is None:
        return None
    costs, qalys = (result.totals.increment(measure, row.strategy, row.versus) for measure in ("costs", "qalys"))
    return Icer(row.icer, row.label, None if row.icer is None else icer_error(costs, qalys) / weight)


def _label(result: PsaResult, strategy: str) -> str:
    return plain(result.scenario.label(strategy))
