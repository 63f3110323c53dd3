"""The weighted view of several populations on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netcea.analyses.base_case.combined import CombinedView
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.decision.incremental import IncrementalRow
from netcea.plain_number import read
from netcea.reporting.number_format import plain, shown
from netcea.reporting.table import Cell, Column, Format, Icer, Table


def combined_tables(view: CombinedView, results: Sequence[BaseCaseResult]) -> Iterator[Table]:
    """Yield the weighted view of several populations below each of them."""
    names = [f"{plain(name)} ({shown(weight, 'percent')})" for name, weight in view.weights]
    titles = ("Incr. costs", "Incr. LYG", "Incr. QALYs", "ICER (£/QALY)", "Weight", "Weighted ICER")
    formats: tuple[Format, ...] = ("pounds", "years", "qalys", "icer", "weight", "icer")
    rows: list[tuple[Cell, ...]] = [
        (name, *_compared(r.case.against_comparator()), r.case.severity.severity_weight, _weighted_icer(r))
        for name, r in zip(names, results, strict=True)
    ]
    rows.append(("Together", *_compared(view.row), None, Icer.of(view.weighted_row)))
    yield (
        Table(
            "combined",
            f"Weighted view: {plain(view.intervention)} against {plain(view.comparator)}",
            (Column("population", ""), *(Column(t, t, "", f) for t, f in zip(titles, formats, strict=True))),
            tuple(rows),
            total_last=True,
        )
    )
    thresholds = [b.threshold for b in view.net_benefit]
    benefits: list[tuple[Cell, ...]] = [
        (name, *(r.case.nhb(t) for t in thresholds), *(r.case.nhb(t, weighted=True) for t in thresholds))
        for name, r in zip(names, results, strict=True)
    ]
    unweighted = [b.incremental_nhb for b in view.net_benefit]
    benefits.append(("Together", *unweighted, *(b.weighted_incremental_nhb for b in view.net_benefit)))
    heads = [f"{words} at £{read(t, 10)}" for words in ("NHB", "Weighted NHB") for t in thresholds]
    yield (
        Table(
            "combined_nhb",
            "Weighted view: incremental net health benefit (QALYs)",
            (Column("population", ""), *(Column(head, head, "", "qalys") for head in heads)),
            tuple(benefits),
            "The populations were randomised separately: this view replaces neither of their results.",
            total_last=True,
        )
    )


def _compared(row: IncrementalRow) -> tuple[Cell, ...]:
    return row.incremental_costs, row.incremental_life_years, row.incremental_qalys, Icer.of(row)


def _weighted_icer(result: BaseCaseResult) -> Icer:
    return Icer.of(next(r for r in result.case.weighted_pairwise if r.strategy == result.case.intervention))
