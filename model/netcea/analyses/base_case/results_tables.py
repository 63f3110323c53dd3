"""Tables of a base case's results: fully incremental, pairwise, weighted, and scenarios shown with it (B.3.10)."""

from __future__ import annotations

from netcea.analyses.base_case.result import BaseCaseResult, Case
from netcea.decision.incremental import IncrementalRow
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Icer, Table

_INCREMENTS = (
    Column("incremental_costs", "Incremental costs", "£", "pounds"),
    Column("incremental_life_years", "Incremental LYG", "years", "years"),
    Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
)
PER_PATIENT = "Per patient, discounted."


def base_case(result: BaseCaseResult) -> Table:
    """Return the base-case results with NICE's headings (B.3.10): fully incremental, by rising cost."""
    case = result.case
    versus_baseline = {row.strategy: row for row in case.pairwise}
    baseline = label(case, case.comparator)
    return Table(
        "base_case",
        "Base-case results (fully incremental)",
        (
            Column("technologies", "Technologies"),
            Column("costs", "Total costs", "£", "pounds"),
            Column("life_years", "Total LYG", "", "years"),
            Column("qalys", "Total QALYs", "", "qalys"),
            Column("incremental_costs", "Incremental costs", "£", "pounds"),
            Column("incremental_life_years", "Incremental LYG", "", "years"),
            Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
            Column("icer_versus_baseline", "ICER versus baseline", "£/QALY", "icer"),
            Column("icer_incremental", "ICER incremental", "£/QALY", "icer"),
        ),
        tuple(
            (
                label(case, row.strategy),
                row.costs,
                row.life_years,
                row.qalys,
                row.incremental_costs,
                row.incremental_life_years,
                row.incremental_qalys,
                Icer.of(versus_baseline[row.strategy]) if row.strategy in versus_baseline else None,
                None if row.versus is None else Icer.of(row),
            )
            for row in case.incremental
        ),
        f"{PER_PATIENT} In order of rising cost; increments are against the strategy displaced, those of a dominated "
        f"strategy against the one that dominates it. Baseline: {baseline}. QALYs are not weighted for severity. "
        "LYG: life years gained; ext dominated: extendedly dominated.",
    )


def pairwise(result: BaseCaseResult) -> Table:
    """Return each strategy against the comparator, unweighted and weighted for severity."""
    case = result.case
    return Table(
        "pairwise",
        f"Pairwise results against {label(case, case.comparator)}",
        (Column("technologies", "Technologies"), Column("versus", "Versus"), *_INCREMENTS, *_WEIGHTED_COLUMNS),
        tuple(
            (label(case, row.strategy), label(case, row.versus), *_increments(row), *_weighted_cells(case, row, other))
            for row, other in zip(case.pairwise, case.weighted_pairwise, strict=True)
        ),
        f"{PER_PATIENT} The severity weight multiplies incremental QALYs only, losses too.",
    )


_WEIGHTED_COLUMNS = (
    Column("icer", "ICER", "£/QALY", "icer"),
    Column("severity_weight", "Severity weight", "", "weight"),
    Column("weighted_incremental_qalys", "Weighted incremental QALYs", "", "qalys"),
    Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"),
)


def _weighted_cells(case: Case, row: IncrementalRow, weighted: IncrementalRow) -> tuple[Cell, ...]:
    icers = (None, None) if row.versus is None else (Icer.of(row), Icer.of(weighted))
    return icers[0], case.severity.severity_weight, weighted.incremental_qalys, icers[1]


def weighted(result: BaseCaseResult) -> Table:
    """Return the fully incremental analysis, weighted for severity beside unweighted."""
    case = result.case
    return Table(
        "weighted",
        "Fully incremental results, unweighted and weighted for severity",
        (
            Column("technologies", "Technologies"),
            Column("versus", "Versus"),
            Column("costs", "Total costs", "£", "pounds"),
            Column("qalys", "Total QALYs", "", "qalys"),
            *_INCREMENTS,
            *_WEIGHTED_COLUMNS,
        ),
        tuple(
            (
                label(case, row.strategy),
                label(case, row.versus),
                row.costs,
                row.qalys,
                *_increments(row),
                *_weighted_cells(case, row, weighted_row),
            )
            for row, weighted_row in zip(case.incremental, case.weighted_incremental, strict=True)
        ),
        f"{PER_PATIENT} The frontier is built on unweighted QALYs; the weight multiplies increments only.",
    )


def beside(result: BaseCaseResult) -> Table:
    """Return the main result next to the scenarios that its file wants beside it."""
    cases = (result.case, *result.beside)
    thresholds = _thresholds(cases)
    main = result.case
    return Table(
        "beside",
        f"{label(main, main.intervention)} against {label(main, main.comparator)}, and scenarios shown with it",
        (
            Column("scenario", "Scenario"),
            *_INCREMENTS,
            *_WEIGHTED_COLUMNS,
            *_nhb_columns(thresholds),
            Column("rationale", "Rationale"),
            Column("source", "File"),
        ),
        tuple(_beside_row(case, thresholds) for case in cases),
        f"{PER_PATIENT} NHB: incremental net health benefit at a threshold. Changes made on the command line apply to "
        "every row.",
    )


def _beside_row(case: Case, thresholds: tuple[float, ...]) -> tuple[Cell, ...]:
    row = case.against_comparator()
    weighted_row = next(other for other in case.weighted_pairwise if other.strategy == row.strategy)
    return (
        plain(case.name),
        *_increments(row),
        *_weighted_cells(case, row, weighted_row),
        *_nhb(case, row.strategy, thresholds),
        plain(case.rationale),
        case.source,
    )


def label(case: Case, strategy: str | None) -> str:
    """Return what tables call a strategy."""
    return "" if strategy is None else plain(case.strategies[strategy].label)


def _increments(row: IncrementalRow) -> tuple[Cell, ...]:
    return row.incremental_costs, row.incremental_life_years, row.incremental_qalys


def _thresholds(cases: tuple[Case, ...]) -> tuple[float, ...]:
    return tuple(sorted({threshold for case in cases for threshold in case.thresholds}))


def _nhb_columns(thresholds: tuple[float, ...]) -> list[Column]:
    return [
        Column(f"{name}_at_{threshold:.10g}", f"{heading} at £{threshold:,.10g}", "QALYs", "qalys")
        for name, heading in (("nhb", "NHB"), ("weighted_nhb", "Weighted NHB"))
        for threshold in thresholds
    ]


def _nhb(case: Case, strategy: str, thresholds: tuple[float, ...]) -> list[Cell]:
    found = {b.threshold: b for b in case.net_benefit if b.strategy == strategy}
    plain_ones: list[Cell] = [found[t].incremental_nhb if t in found else None for t in thresholds]
    return [*plain_ones, *(found[t].weighted_incremental_nhb if t in found else None for t in thresholds)]
