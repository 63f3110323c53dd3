"""Tables of one-way sensitivity analysis."""

from __future__ import annotations

from netcea.analyses.one_way.result import Moved, OneWayResult
from netcea.analyses.shared.effect_cells import effect_cells, effect_columns, icer_of
from netcea.analyses.shared.effects import thresholds_of
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Cell, Column, Table

MOST: int = 15
"""Quantities that the screen and the tornado show."""
BOUNDS = {
    "quantiles": "2.5% and 97.5% quantiles",
    "range": "range of plausible values",
    "given": "given bounds",
    "possible values": "possible values",
}
"""Kind of bounds -> what tables call it."""


def one_way_table(result: OneWayResult) -> Table:
    """Return every quantity that was moved, the widest range of incremental NHB at the lower threshold first."""
    thresholds = thresholds_of(result.scenario)
    columns = [
        Column("quantity", "Quantity"),
        Column("address", "Address"),
        Column("unit", "Unit"),
        Column("value", "Point estimate", "", "number"),
        Column("low", "Low value", "", "number"),
        Column("high", "High value", "", "number"),
        Column("bounds", "Bounds"),
        Column("effect", "Effect"),
        Column("nhb_range", f"Range of NHB at {pounds(thresholds[0])}", "QALYs", "qalys"),
    ]
    for end in ("low", "high"):
        columns += effect_columns(result.scenario, end, f", {end} value")
    columns += [Column("changes_optimal", "Changes the optimal strategy"), Column("note", "Note")]
    rows: list[tuple[Cell, ...]] = []
    for moved in (*result.moved, *result.no_effect):
        q = moved.quantity
        rows.append(
            (
                plain(q.label),
                q.address,
                q.unit,
                q.value,
                q.low,
                q.high,
                BOUNDS[q.bounds],
                "" if moved.has_effect else "no effect in this scenario",
                moved.nhb_range(),
                *effect_cells(result.scenario, moved.low),
                *effect_cells(result.scenario, moved.high),
                "yes" if moved.changes_optimal else "no",
                q.note,
            )
        )
    note = (
        f"Intervention against comparator. Point estimates: incremental NHB {result.base.nhb[0]:.3f} QALYs at "
        f"{pounds(thresholds[0])}. Numbers that are not varied one at a time: table not_moved."
    )
    return Table("one_way", "One-way sensitivity analysis", tuple(columns), tuple(rows), note)


def largest_table(result: OneWayResult) -> Table:
    """Return the quantities that matter most, for the screen."""
    shown = result.moved[:MOST]
    threshold = pounds(thresholds_of(result.scenario)[0])
    columns = [
        Column("quantity", "Quantity"),
        Column("low", "Low"),
        Column("high", "High"),
        Column("nhb_low", "NHB low", "", "qalys"),
        Column("nhb_high", "NHB high", "", "qalys"),
        Column("icer_low", "ICER low", "", "icer"),
        Column("icer_high", "ICER high", "", "icer"),
    ]
    weights = any(moved.changes_weight for moved in shown)
    optimal = any(moved.changes_optimal for moved in shown)
    if weights:
        columns.append(Column("weight", "Severity weight"))
    if optimal:
        columns.append(Column("optimal", "Optimal"))
    rows = []
    for moved in shown:
        q = moved.quantity
        cells: list[Cell] = [
            plain(q.label),
            amount(q.low, q.unit),
            amount(q.high, q.unit),
            moved.low.nhb[0],
            moved.high.nhb[0],
            icer_of(moved.low),
            icer_of(moved.high),
        ]
        if weights:
            cells.append(_weights(moved))
        if optimal:
            cells.append(_optimal(result, moved))
        rows.append(tuple(cells))
    note = f"Incremental net health benefit (NHB, QALYs) at {threshold}; ICER unweighted (£/QALY)."
    left = len(result.moved) - len(shown)
    if left:
        note += f" {left} more with smaller effects: tables/one_way.csv."
    return Table(
        "one_way_largest", "Quantities to which the result is most sensitive", tuple(columns), tuple(rows), note
    )


def not_moved_table(result: OneWayResult) -> Table:
    """Return the numbers that are not moved singly, with the reason."""
    columns = (
        Column("quantity", "Number"),
        Column("address", "Address"),
        Column("reason", "Why it is not moved singly"),
        Column("uncertain", "Uncertain"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (plain(n.label), n.address, n.reason, "yes" if n.uncertain else "no") for n in result.not_moved
    )
    return Table("not_moved", "Numbers that are not moved singly", columns, rows)


def _weights(moved: Moved) -> str:
    low, high = moved.low.severity_weight, moved.high.severity_weight
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _optimal(result: OneWayResult, moved: Moved) -> str:
    low, high = (plain(result.scenario.label(e.optimal)) for e in (moved.low, moved.high))
    return low if low == high else f"{low}; {high}"
