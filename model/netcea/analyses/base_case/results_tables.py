"""Tables of a base case's results: fully incremental, pairwise, weighted, and scenarios shown with it (B.3.10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from netcea.analyses.base_case.result import NOT_APPLICABLE, BaseCaseResult, Case
from netcea.analyses.shared.incremental_columns import TOTALS_AND_INCREMENTS
from netcea.decision.incremental import IncrementalRow
from netcea.plain_number import read, typed
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, ColumnOf, Icer, Table, columns_of, table_of

PER_PATIENT = "Per patient, discounted."


def base_case(result: BaseCaseResult) -> Table:
    """Return the base-case results with NICE's headings (B.3.10): fully incremental, by rising cost."""
    case = result.case
    versus_baseline = {row.strategy: Icer.of(row) for row in case.pairwise}
    return table_of(
        "base_case",
        "Base-case results (fully incremental)",
        case.incremental,
        (
            (Column("technologies", "Technologies"), lambda row: label(case, row.strategy)),
            *TOTALS_AND_INCREMENTS,
            (
                Column("icer_versus_baseline", "ICER versus baseline", "£/QALY", "icer"),
                lambda row: versus_baseline.get(row.strategy),
            ),
            (Column("icer_incremental", "ICER incremental", "£/QALY", "icer"), _icer),
        ),
        f"{PER_PATIENT} In order of rising cost; increments are against the strategy displaced, those of a dominated "
        f"strategy against the one that dominates it. Baseline: {label(case, case.comparator)}. QALYs are not weighted "
        "for severity. LYG: life years gained; ext dominated: extendedly dominated.",
    )


def pairwise(result: BaseCaseResult) -> Table:
    """Return each strategy against the comparator, unweighted and weighted for severity."""
    case = result.case
    return table_of(
        "pairwise",
        f"Pairwise results against {label(case, case.comparator)}",
        [_Judged(case, *rows) for rows in zip(case.pairwise, case.weighted_pairwise, strict=True)],
        (*_COMPARED, *_INCREMENTS, *_WEIGHTED),
        f"{PER_PATIENT} The severity weight multiplies incremental QALYs only, losses too.",
    )


def weighted(result: BaseCaseResult) -> Table:
    """Return the fully incremental analysis, weighted for severity beside unweighted."""
    case = result.case
    totals = (Column("costs", "Total costs", "£", "pounds"), Column("qalys", "Total QALYs", "", "qalys"))
    return table_of(
        "weighted",
        "Fully incremental results, unweighted and weighted for severity",
        [_Judged(case, *rows) for rows in zip(case.incremental, case.weighted_incremental, strict=True)],
        (*_COMPARED, *columns_of(lambda judged: judged.row, totals), *_INCREMENTS, *_WEIGHTED),
        f"{PER_PATIENT} The frontier is built on unweighted QALYs; the weight multiplies increments only.",
    )


def beside(result: BaseCaseResult) -> Table:
    """Return the main result next to the scenarios that its file wants beside it."""
    main, cases = result.case, (result.case, *result.beside)
    thresholds = sorted({threshold for case in cases for threshold in case.thresholds})
    table = table_of(
        "beside",
        f"{label(main, main.intervention)} against {label(main, main.comparator)}, and scenarios shown with it",
        [_Judged.intervention(case) for case in cases],
        (
            (Column("scenario", "Scenario"), lambda judged: plain(judged.case.name)),
            *_INCREMENTS,
            *_WEIGHTED,
            *(_nhb_at(threshold, weighted=weighted) for weighted in (False, True) for threshold in thresholds),
            (Column("rationale", "Rationale"), lambda judged: plain(judged.case.rationale)),
            (Column("source", "File"), lambda judged: judged.case.source),
        ),
        f"{PER_PATIENT} NHB: incremental net health benefit at a threshold. Changes made on the command line apply to "
        "every row.",
    )
    return with_not_applicable(table, result)


def with_not_applicable(table: Table, result: BaseCaseResult) -> Table:
    """Return a table of scenarios with a row for each that is not applicable to what was changed, and why."""
    rows = list(table.rows)
    for warning in result.not_shown:
        told = {
            "scenario": f"{PurePath(warning.address).stem}: {NOT_APPLICABLE}",
            "rationale": plain(warning.message),
            "source": warning.address,
        }
        rows.append(tuple(told.get(c.name, "" if c.format == "text" else None) for c in table.columns))
    return replace(table, rows=tuple(rows))


@dataclass(frozen=True)
class _Judged:
    """A row of incremental analysis, unweighted and weighted for severity."""

    case: Case
    row: IncrementalRow
    weighted: IncrementalRow

    @classmethod
    def intervention(cls, case: Case) -> _Judged:
        row = case.against_comparator()
        return cls(case, row, next(other for other in case.weighted_pairwise if other.strategy == row.strategy))


def _icer(row: IncrementalRow) -> Icer | None:
    return None if row.versus is None else Icer.of(row)


_COMPARED: Final[tuple[ColumnOf[_Judged], ...]] = (
    (Column("technologies", "Technologies"), lambda judged: label(judged.case, judged.row.strategy)),
    (Column("versus", "Versus"), lambda judged: label(judged.case, judged.row.versus)),
)
_INCREMENTS: Final = columns_of(
    lambda judged: judged.row,
    (
        Column("incremental_costs", "Incremental costs", "£", "pounds"),
        Column("incremental_life_years", "Incremental LYG", "years", "years"),
        Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
    ),
)
_WEIGHTED: Final[tuple[ColumnOf[_Judged], ...]] = (
    (Column("icer", "ICER", "£/QALY", "icer"), lambda judged: _icer(judged.row)),
    (Column("severity_weight", "Severity weight", "", "weight"), lambda judged: judged.case.severity.severity_weight),
    (
        Column("weighted_incremental_qalys", "Weighted incremental QALYs", "", "qalys"),
        lambda judged: judged.weighted.incremental_qalys,
    ),
    (
        Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"),
        lambda judged: None if judged.row.versus is None else Icer.of(judged.weighted),
    ),
)


def _nhb_at(threshold: float, *, weighted: bool) -> ColumnOf[_Judged]:
    name, heading = ("weighted_nhb", "Weighted NHB") if weighted else ("nhb", "NHB")
    column = Column(f"{name}_at_{typed(threshold, 10)}", f"{heading} at £{read(threshold, 10)}", "QALYs", "qalys")
    return column, lambda j: j.case.nhb(threshold, weighted=weighted) if threshold in j.case.thresholds else None


def label(case: Case, strategy: str | None) -> str:
    """Return what tables call a strategy."""
    return "" if strategy is None else plain(case.strategies[strategy].label)
