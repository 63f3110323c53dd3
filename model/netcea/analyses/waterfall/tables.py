"""The tables of a waterfall: changes on top of one another, and one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.analyses.waterfall.result import Change, StepResult, WaterfallResult
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Column, ColumnOf, Format, Icer, Table, table_of
from netcea.scenario.scenario import Scenario

ORDER: Final = "What a step changes on top of others depends on their order; alone, changes do not add up."


@dataclass(frozen=True)
class Row:
    """A row of either table.

    Attributes
    ----------
    number : int or None
    label, by : str
    effect : Effect or None
    change : Change or None
        None where the row is what the others are compared with.
    step : StepResult or None
    """

    number: int | None
    label: str
    by: str
    effect: Effect | None
    change: Change | None
    step: StepResult | None = None


def cumulative_table(result: WaterfallResult) -> Table:
    """Return a row for the scenario itself, and for each step on top of those before it."""
    return _table(
        result, "waterfall", "Changes on top of one another", cumulative_rows(result), "Changes from the row above."
    )


def alone_table(result: WaterfallResult) -> Table:
    """Return a row for each step alone, then their sum, the interaction, and all steps together."""
    note = f"Changes from the first row. Interaction: all together beyond the sum. {ORDER}"
    return _table(result, "waterfall_one_at_a_time", "Changes one at a time", alone_rows(result), note)


def cumulative_rows(result: WaterfallResult) -> list[Row]:
    """Return the scenario itself, then each step on top of those before it."""
    pairs = zip(result.steps, result.cumulative, strict=True)
    return [_start(result), *(Row(s.number, s.label, s.by, s.after, change, s) for s, change in pairs)]


def alone_rows(result: WaterfallResult) -> list[Row]:
    """Return the scenario itself, each step alone, their sum, the interaction, and all steps together."""
    pairs = zip(result.steps, result.alone, strict=True)
    found = [_start(result), *(Row(s.number, s.label, s.by, s.alone, change, s) for s, change in pairs)]
    if len(result.steps) > 1:
        found += [
            Row(None, "Sum of the changes one at a time", "", None, result.sum_of_alone),
            Row(None, "Interaction", "", None, result.interaction),
            Row(None, "All changes together", "", result.states[-1], result.total),
        ]
    return found


def screen_table(result: WaterfallResult) -> Table:
    """Return the columns that fit on a screen, of changes on top of one another and alone."""
    scenario, threshold = result.scenario, thresholds_of(result.scenario)[0]
    alone = dict(enumerate((step.alone for step in result.steps), 1))
    weighted = any(effect.severity_weight != 1.0 for effect in result.states)

    def alone_icer(row: Row) -> Icer | None:
        return icer_of(alone[row.number]) if row.number else None

    def nhb_change(row: Row) -> float | None:
        return None if row.change is None else (row.change.weighted_nhb if weighted else row.change.nhb)[0]

    words = "weighted NHB" if weighted else "NHB"
    columns: list[ColumnOf[Row]] = [
        *_first_columns(),
        (Column("icer", "ICER", "£/QALY", "icer"), lambda row: icer_of(row.effect) if row.effect else None),
        (Column("change_in_icer", "Change in ICER", "£/QALY", "pounds"), lambda row: _of(row, "icer")),
        (Column("alone_icer", "ICER, this change alone", "£/QALY", "icer"), alone_icer),
    ]
    if weighted:
        columns += [
            (
                Column("severity_weight", "Severity weight", "", "weight"),
                lambda row: row.effect.severity_weight if row.effect else None,
            ),
            (
                Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"),
                lambda row: icer_of(row.effect, weighted=True) if row.effect else None,
            ),
        ]
    columns.append((Column("change_in_nhb", f"Change in {words} at {pounds(threshold)}", "QALYs", "qalys"), nhb_change))
    decision = scenario.file.decision
    pair = f"{plain(scenario.label(decision.intervention))} against {plain(scenario.label(decision.comparator))}"
    note = f"{pair}; each change on top of those above it. {ORDER}"
    return table_of("waterfall_screen", "Changes on top of one another", cumulative_rows(result), columns, note)


def _table(result: WaterfallResult, name: str, title: str, rows: Sequence[Row], note: str) -> Table:
    return table_of(
        name,
        title,
        rows,
        (
            *_first_columns(),
            *effect_columns(result.scenario, lambda row: row.effect),
            *_change_columns(result.scenario),
            other_weight(result.base, lambda row: (row.effect,) if row.effect else ()),
            (Column("case_of", "Case of"), lambda row: plain(_case(result, row))),
            (Column("reason", "Reason"), lambda row: plain(row.step.reason) if row.step else ""),
            (Column("sets", "Set, or scenario"), lambda row: plain(row.step.changes) if row.step else ""),
        ),
        note,
    )


def _case(result: WaterfallResult, row: Row) -> str:
    if row.step is not None:
        return row.step.case_of
    return result.options.by if row.number == 0 else ""


def _start(result: WaterfallResult) -> Row:
    return Row(0, result.scenario.file.name, result.options.by, result.base, None)


def _first_columns() -> tuple[ColumnOf[Row], ...]:
    return (
        (Column("step_number", "Step", "", "count"), lambda row: row.number),
        (Column("step", "Change"), lambda row: plain(row.label)),
        (Column("by", "By"), lambda row: plain(row.by)),
    )


def _change_columns(scenario: Scenario) -> list[ColumnOf[Row]]:
    """Return the columns of what a row changes."""

    def of(name: str, heading: str, unit: str, kind: Format, part: Callable[[Change], float | None]) -> ColumnOf[Row]:
        column = Column(f"change_in_{name}", f"Change in {heading}", unit, kind)
        return column, lambda row: None if row.change is None else part(row.change)

    def at(i: int, threshold: float, *, weighted: bool) -> ColumnOf[Row]:
        name, heading = ("weighted_nhb", "weighted incremental NHB") if weighted else ("nhb", "incremental NHB")
        words = f"{heading} at {pounds(threshold)}"
        return of(f"{name}_{threshold:.0f}", words, "QALYs", "qalys", lambda change: getattr(change, name)[i])

    thresholds = list(enumerate(thresholds_of(scenario)))
    return [
        of("costs", "incremental costs", "£", "pounds", lambda change: change.costs),
        of("qalys", "incremental QALYs", "", "qalys", lambda change: change.qalys),
        of("icer", "ICER", "£/QALY", "pounds", lambda change: change.icer),
        *(at(i, threshold, weighted=False) for i, threshold in thresholds),
        of("weighted_icer", "weighted ICER", "£/QALY", "pounds", lambda change: change.weighted_icer),
        *(at(i, threshold, weighted=True) for i, threshold in thresholds),
    ]


def _of(row: Row, name: str) -> float | None:
    return None if row.change is None else getattr(row.change, name)
