"""Tables of a comparison of two scenarios or runs, at full precision."""

from __future__ import annotations

from dataclasses import replace

from netcea.analyses.difference.analysis import Difference
from netcea.analyses.difference.attribution import Attribution, ChangeEffect, Effect
from netcea.analyses.difference.result_changes import ResultChange
from netcea.plain_number import typed
from netcea.reporting.table import Cell, Column, ColumnOf, Format, Table, table_of

MEASURES: dict[str, tuple[str, str, Format]] = {
    "costs": ("Costs", "£", "pounds"),
    "qalys": ("QALYs", "QALYs", "qalys"),
    "life_years": ("Life years", "years", "years"),
    "incremental_costs": ("Incremental costs", "£", "pounds"),
    "incremental_qalys": ("Incremental QALYs", "QALYs", "qalys"),
    "incremental_life_years": ("Incremental life years", "years", "years"),
    "icer": ("ICER", "£/QALY", "pounds"),
    "incremental_nhb": ("Incremental NHB", "QALYs", "qalys"),
    "severity_weight": ("Severity weight", "", "weight"),
    "weighted_incremental_qalys": ("Weighted incremental QALYs", "QALYs", "qalys"),
    "weighted_icer": ("Weighted ICER", "£/QALY", "pounds"),
    "weighted_incremental_nhb": ("Weighted incremental NHB", "QALYs", "qalys"),
}
"""Measure -> heading, unit, format."""
ORDERS = {"alone": "changed alone from A", "last": "changed last, to B", "mean": "mean of both"}
INTERACTION, TOTAL = "Interaction: what no single change explains", "B minus A"


def tables(found: Difference) -> tuple[Table, ...]:
    """Return every table of a comparison."""
    made = [inputs_table(found), results_table(found)]
    if found.attribution is not None:
        made.append(attribution_table(found.attribution, found.thresholds))
    if found.in_common:
        made.append(in_common_table(found))
    return tuple(replace(table, marking=found.marking) for table in made)


def inputs_table(found: Difference) -> Table:
    """Return every input that differs, words and numbers that choices bring in included."""
    columns = (
        Column("address", "Address"),
        Column("kind", "Kind"),
        Column("a", "A"),
        Column("b", "B"),
        Column("number_a", "Number in A", "", "number"),
        Column("number_b", "Number in B", "", "number"),
        Column("unit_a", "Unit in A"),
        Column("unit_b", "Unit in B"),
        Column("where_a", "Set in A"),
        Column("where_b", "Set in B"),
    )
    return table_of("inputs_that_differ", "Inputs that differ", found.inputs or (), columns)


def results_table(found: Difference) -> Table:
    """Return every result of both sides, one in each row."""
    columns: tuple[ColumnOf[ResultChange], ...] = (
        Column("measure", "Measure"),
        Column("strategy", "Strategy"),
        Column("threshold", "Threshold", "£/QALY", "number"),
        (Column("unit", "Unit"), lambda result: MEASURES[result.measure][1]),
        Column("a", "A", "", "number"),
        Column("label_a", "A: not a plain ICER"),
        Column("b", "B", "", "number"),
        Column("label_b", "B: not a plain ICER"),
        Column("change", "B minus A", "", "number"),
    )
    return table_of("results", "Results on both sides", found.results, columns)


def attribution_table(found: Attribution, thresholds: tuple[float, ...]) -> Table:
    """Return what each change moved, in both orders and their mean; each column adds up to B minus A."""
    columns = [
        Column("change", "What changes"),
        Column("addresses", "Addresses"),
        Column("together", "Together because"),
    ]
    for order, words in ORDERS.items():
        columns += [
            Column(f"costs_{order}", f"Incremental costs, {words}", "£", "pounds"),
            Column(f"qalys_{order}", f"Incremental QALYs, {words}", "QALYs", "qalys"),
            Column(f"life_years_{order}", f"Incremental life years, {words}", "years", "years"),
            *(Column(f"nhb_at_{typed(t)}_{order}", f"NHB at £{t:,.0f}, {words}", "QALYs", "qalys") for t in thresholds),
            *(
                Column(f"weighted_nhb_at_{typed(t)}_{order}", f"Weighted NHB at £{t:,.0f}, {words}", "QALYs", "qalys")
                for t in thresholds
            ),
        ]
    columns.append(Column("fault", "Why it cannot be changed alone"))
    rows = [_change_row(change, thresholds) for change in found.changes]
    still = "; ".join(found.without_effect)
    if still:
        nothing = [cell for _ in ORDERS for cell in _effect(Effect(), thresholds)]
        rows.append(("Changes that moved nothing", still, "", *nothing, ""))
    rest = [cell for order in ORDERS for cell in _effect(found.interaction(order), thresholds)]
    whole = [cell for _ in ORDERS for cell in _effect(found.total, thresholds)]
    rows += [(INTERACTION, "", "", *rest, ""), (TOTAL, "", "", *whole, "")]
    return Table("attribution", "What moved the increments", tuple(columns), tuple(rows))


def _change_row(change: ChangeEffect, thresholds: tuple[float, ...]) -> tuple[Cell, ...]:
    cells = [cell for order in ORDERS for cell in _effect(getattr(change, order), thresholds)]
    return (change.group.label, "; ".join(change.group.addresses), change.group.why, *cells, change.fault)


def _effect(effect: Effect | None, thresholds: tuple[float, ...]) -> list[Cell]:
    if effect is None:
        return [None] * (3 + 2 * len(thresholds))
    return [
        effect.costs,
        effect.qalys,
        effect.life_years,
        *(effect.nhb(t) for t in thresholds),
        *(effect.nhb(t, weighted=True) for t in thresholds),
    ]


def in_common_table(found: Difference) -> Table:
    """Return the numbers that two folders of one analysis have in common."""
    return table_of(
        "in_common",
        "Numbers that both folders have",
        found.in_common,
        (
            Column("name", "Number of results.json"),
            Column("a", "A", "", "number"),
            Column("b", "B", "", "number"),
            (
                Column("change", "B minus A", "", "number"),
                lambda number: None if number.a is None or number.b is None else number.b - number.a,
            ),
        ),
    )
