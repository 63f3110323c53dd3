"""The report of `netcea two-way`."""

from __future__ import annotations

from functools import partial

import numpy as np

from netcea.analyses.shared.effect_cells import effect_columns, other_weight
from netcea.analyses.shared.effects import effects_of, thresholds_of
from netcea.analyses.two_way.heat_map import heat_map
from netcea.analyses.two_way.record import record_of
from netcea.analyses.two_way.result import GridAxis, TwoWayResult
from netcea.plain_number import read
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.report import Report
from netcea.reporting.table import Cell, Column, Table, table_of

SHOWN_ROWS = 11
SHOWN_COLUMNS = 6


def report(result: TwoWayResult) -> Report:
    """Return tables, heat maps and JSON of two-way sensitivity analysis; weighted ones where any weight is above 1."""
    weighted = (False, True) if result.weighted else (False,)
    return Report(
        analysis="two_way",
        title=f"{result.scenario.file.name}: {plain(result.x.quantity.label)} and {plain(result.y.quantity.label)}, "
        f"{len(result.x.values)} x {len(result.y.values)} values",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(grid_table(result), *(screen_table(result, weighted=w) for w in weighted)),
        on_screen=("two_way_screen", "two_way_weighted_screen")[: len(weighted)],
        lines=tuple(_sentences(result)),
        figures={f"heat_map{'_weighted' * w}": partial(heat_map, result, weighted=w) for w in weighted},
    )


def grid_table(result: TwoWayResult) -> Table:
    """Return every pair of values with what it means, one row each."""
    x, y = result.x.quantity, result.y.quantity
    pairs = [(float(a), float(b)) for a in result.x.values for b in result.y.values]
    return table_of(
        "two_way",
        "Two-way sensitivity analysis",
        zip(pairs, effects_of(result.scenario, result.totals), strict=True),
        (
            (Column("x", plain(x.label), x.unit, "number"), lambda cell: cell[0][0]),
            (Column("y", plain(y.label), y.unit, "number"), lambda cell: cell[0][1]),
            *effect_columns(result.scenario, lambda cell: cell[1]),
            other_weight(result.base, lambda cell: [cell[1]]),
        ),
        f"x: {x.address}; y: {y.address}. Intervention against comparator.",
    )


def screen_table(result: TwoWayResult, *, weighted: bool = False) -> Table:
    """Return incremental NHB at the lower threshold, some values of each axis; cells of another weight are marked.

    Parameters
    ----------
    result : TwoWayResult
        The grid.
    weighted : bool
        With each cell's QALYs times its severity weight.
    """
    threshold = thresholds_of(result.scenario)[0]
    nhb, flips = result.grid(threshold, weighted=weighted), result.flips
    down, across = _some(result.x, SHOWN_ROWS), _some(result.y, SHOWN_COLUMNS)
    x, y = result.x.quantity, result.y.quantity
    columns = (
        Column("x", plain(x.label)),
        *(Column(f"y_{j}", amount(float(result.y.values[j]), y.unit), "", "qalys") for j in across),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            amount(float(result.x.values[i]), x.unit),
            *(_marked(float(nhb[i, j]), flips=weighted and bool(flips[i, j])) for j in across),
        )
        for i in down
    )
    how = ", weighted for severity" if weighted else ""
    title = f"Incremental net health benefit at {pounds(threshold)}{how} (QALYs); across: {plain(y.label)}"
    note = "" if len(down) * len(across) == nhb.size else "Some of the values; all are in tables/two_way.csv."
    if weighted and flips.any():
        mark = f"* Another severity weight than that of the point estimates ({read(result.base.severity_weight)})."
        note = " ".join(filter(None, (note, mark)))
    return Table(f"two_way{'_weighted' * weighted}_screen", title, columns, rows, note)


def _marked(nhb: float, *, flips: bool) -> Cell:
    """Return a cell, marked where its severity weight is another than that of the point estimates."""
    return f"{fixed(nhb, 3)}*" if flips else nhb


def _some(axis: GridAxis, most: int) -> list[int]:
    """Return the places of at most so many values, evenly spread, ends included."""
    n = len(axis.values)
    return sorted({round(float(i)) for i in np.linspace(0, n - 1, min(n, most))})


def _sentences(result: TwoWayResult) -> list[str]:
    found = []
    for threshold in thresholds_of(result.scenario):
        for weighted in (False, True) if np.any(result.totals.severity_weight != 1.0) else (False,):
            nhb = result.grid(threshold, weighted=weighted)
            words = f"{pounds(threshold)}{', QALYs weighted for severity' if weighted else ''}"
            above = int(np.count_nonzero(nhb > 0.0))
            i, j = np.unravel_index(int(nhb.argmax()), nhb.shape)
            at = (
                f"{amount(float(result.x.values[i]), result.x.quantity.unit)} and "
                f"{amount(float(result.y.values[j]), result.y.quantity.unit)}"
            )
            best = f"highest {fixed(float(nhb[i, j]), 3)} QALYs at {at}"
            found.append(f"At {words}: incremental NHB is above 0 in {above:,} of {nhb.size:,} cells; {best}.")
    weights = sorted({float(w) for w in result.totals.severity_weight})
    if len(weights) > 1:
        found.append(f"The severity weight is {' or '.join(read(w) for w in weights)}, depending on the cell.")
    found += [f"{plain(a.quantity.label)}: {a.quantity.note}." for a in (result.x, result.y) if a.quantity.note]
    return found
