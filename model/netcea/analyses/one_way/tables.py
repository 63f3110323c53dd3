"""Tables of one-way sensitivity analysis."""

from __future__ import annotations

from typing import Final

from netcea.analyses.one_way.result import Moved, OneWayResult
from netcea.analyses.one_way.variance import Explained
from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.shared.varied_quantities import VariedQuantity
from netcea.plain_number import read
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Column, ColumnOf, Table, columns_of, table_of

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
    lower = pounds(thresholds_of(result.scenario)[0])
    return table_of(
        "one_way",
        "One-way sensitivity analysis",
        (*result.moved, *result.no_effect),
        (
            *columns_of(lambda moved: moved.quantity, _QUANTITY),
            (Column("effect", "Effect"), lambda moved: "" if moved.has_effect else "no effect in this scenario"),
            (Column("nhb_range", f"Range of NHB at {lower}", "QALYs", "qalys"), lambda moved: moved.nhb_range()),
            (
                Column("variance_share", "Share of variance of NHB, of the source", "", "percent"),
                lambda moved: result.shares.get(moved.quantity.address),
            ),
            *effect_columns(result.scenario, lambda moved: moved.low, "low", ", low value"),
            *effect_columns(result.scenario, lambda moved: moved.high, "high", ", high value"),
            other_weight(result.base, lambda moved: [moved.low, moved.high]),
            (
                Column("changes_optimal", "Changes the optimal strategy"),
                lambda moved: "yes" if moved.changes_optimal else "no",
            ),
            (Column("note", "Note"), lambda moved: moved.quantity.note),
        ),
        f"Intervention against comparator. Point estimates: incremental NHB {result.base.nhb[0]:.3f} QALYs at {lower}, "
        f"weighted for severity {result.base.weighted_nhb[0]:.3f}. Each end has the weight that it leads to. "
        "Numbers that are not varied one at a time: table not_moved. Share of variance: table variance; what was "
        "estimated together has one, of the whole, in each of its rows.",
    )


_QUANTITY: Final[tuple[ColumnOf[VariedQuantity], ...]] = (
    (Column("quantity", "Quantity"), lambda quantity: plain(quantity.label)),
    Column("address", "Address"),
    Column("unit", "Unit"),
    Column("value", "Point estimate", "", "number"),
    Column("low", "Low value", "", "number"),
    Column("high", "High value", "", "number"),
    (Column("bounds", "Bounds"), lambda quantity: BOUNDS[quantity.bounds]),
    Column("moves", "What goes with it"),
)


def largest_table(result: OneWayResult) -> Table:
    """Return the quantities that matter most, for the screen."""
    shown = result.moved[:MOST]
    columns: list[ColumnOf[Moved]] = [
        (Column("quantity", "Quantity"), _marked),
        (Column("values", "Low and high value"), _values),
        (Column("nhb_low", "NHB low", "", "qalys"), lambda moved: moved.low.nhb[0]),
        (Column("nhb_high", "NHB high", "", "qalys"), lambda moved: moved.high.nhb[0]),
        (Column("weighted_nhb_low", "Weighted low", "", "qalys"), lambda moved: moved.low.weighted_nhb[0]),
        (Column("weighted_nhb_high", "Weighted high", "", "qalys"), lambda moved: moved.high.weighted_nhb[0]),
        (Column("icer_low", "ICER low", "", "icer"), lambda moved: icer_of(moved.low)),
        (Column("icer_high", "ICER high", "", "icer"), lambda moved: icer_of(moved.high)),
    ]
    redacted = result.scenario.prices.redacted  # whether anything changes it depends on confidential prices
    if not redacted and any(moved.changes_optimal for moved in shown):
        columns.append((Column("optimal", "Optimal"), lambda moved: _optimal(result, moved)))
    threshold = pounds(thresholds_of(result.scenario)[0])
    weight = result.base.severity_weight
    flips = any(moved.changes_weight for moved in shown)
    note = f"Incremental net health benefit (NHB, QALYs) at {threshold}, unweighted and weighted for severity; ICER "
    note += f"unweighted (£/QALY). Severity weight {read(weight)}"
    note += ", but where marked with *: the weights at the low and the high value." if flips else " in every row."
    left = len(result.moved) - len(shown)
    if left:
        note += f" {left} more with smaller effects: tables/one_way.csv."
    return table_of("one_way_largest", "Quantities to which the result is most sensitive", shown, columns, note)


def variance_table(result: OneWayResult, most: int = 0) -> Table:
    """Return what each source explains of the variance of NHB, and its rank by range: all sources, or the largest."""
    lower = pounds(thresholds_of(result.scenario)[0])
    columns: list[ColumnOf[Explained]] = [
        (Column("by_variance", "By variance", "", "count"), lambda source: source.by_variance),
        (Column("by_range", "By range", "", "count"), lambda source: source.by_range),
        (Column("source", "Uncertain alone"), lambda source: plain(source.label)),
        (Column("variance_share", "Share of variance", "", "percent"), lambda source: source.variance_share),
        (Column("sd_nhb", "SD of NHB", "" if most else "QALYs", "qalys"), lambda source: source.sd_nhb),
    ]
    if not most:
        columns.append((Column("addresses", "Addresses"), lambda source: "; ".join(source.addresses)))
    return table_of(
        "variance_largest" if most else "variance",
        "Ranking by variance explained beside the ranking by range",
        result.variance[:most] if most else result.variance,
        columns,
        f"Variance of incremental NHB at {lower} with one source uncertain over its whole distribution and all others "
        "at their point estimates, as a share of the sum over sources; interactions are in none. A range looks at two "
        "ends, and at one number of a fit at a time; a source has the rank of its widest bar, none if it has no bar.",
    )


def not_moved_table(result: OneWayResult) -> Table:
    """Return the numbers that are not moved singly, with the reason."""
    return table_of(
        "not_moved",
        "Numbers that are not moved singly",
        result.not_moved,
        (
            (Column("quantity", "Number"), lambda number: plain(number.label)),
            Column("address", "Address"),
            Column("reason", "Why it is not moved singly"),
            (Column("uncertain", "Uncertain"), lambda number: "yes" if number.uncertain else "no"),
        ),
    )


def _marked(moved: Moved) -> str:
    """Return what a quantity is called, with the severity weights at its ends where either is another."""
    low, high = moved.low.severity_weight, moved.high.severity_weight
    return plain(moved.quantity.label) + (f" (* weight {read(low)} and {read(high)})" if moved.changes_weight else "")


def _values(moved: Moved) -> str:
    """Return the low and the high value, with their unit once."""
    quantity = moved.quantity
    low, high = amount(quantity.low, quantity.unit), amount(quantity.high, quantity.unit)
    unit = f" {quantity.unit}"
    return f"{low.removesuffix(unit) if high.endswith(unit) else low} to {high}"


def _optimal(result: OneWayResult, moved: Moved) -> str:
    low, high = (plain(result.scenario.label(e.optimal)) for e in (moved.low, moved.high))
    return low if low == high else f"{low}; {high}"
