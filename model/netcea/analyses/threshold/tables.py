"""Tables of threshold analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.analyses.threshold.result import (
    Drug,
    DrugPrice,
    Ladder,
    Meeting,
    PriceSolution,
    ThresholdResult,
    ValueSolution,
)
from netcea.plain_number import read
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.table import Column, ColumnOf, Icer, Table, columns_of, table_of

POINTS = "point estimates"


def values_table(result: ThresholdResult) -> Table:
    """Return the values of each quantity at which the ICER meets each threshold, one row each."""
    return table_of(
        "threshold_values",
        "Values at which the ICER meets a threshold",
        _meetings(result),
        (
            *columns_of(
                lambda row: row[0].quantity,
                (
                    (Column("quantity", "Quantity"), lambda quantity: plain(quantity.label)),
                    Column("address", "Address"),
                    Column("unit", "Unit"),
                    Column("value", "Point estimate", "", "number"),
                    (Column("searched_from", "Looked for from", "", "number"), lambda quantity: quantity.low),
                    (Column("searched_to", "to", "", "number"), lambda quantity: quantity.high),
                ),
            ),
            (Column("threshold", "Threshold", "£/QALY", "pounds"), lambda row: row[0].basis.threshold),
            (Column("severity", "QALYs"), lambda row: basis_words(row[0])),
            (Column("meets_at", "ICER meets it at", "", "number"), lambda row: row[1].crossing.at if row[1] else None),
            (Column("finding", "Finding"), lambda row: finding(*row)),
            (Column("nhb_from", "Incremental NHB at the low end", "QALYs", "qalys"), lambda row: row[0].nhb_low),
            (Column("nhb_to", "Incremental NHB at the high end", "QALYs", "qalys"), lambda row: row[0].nhb_high),
            *effect_columns(result.scenario, lambda row: row[1].effect if row[1] else None),
        ),
    )


def values_on_screen(result: ThresholdResult) -> Table:
    """Return the same in words."""
    return table_of(
        "threshold_values_screen",
        "Values at which the ICER meets a threshold",
        _meetings(result),
        (
            (Column("quantity", "Quantity"), lambda row: plain(row[0].quantity.label)),
            (Column("value", "Now"), lambda row: amount(row[0].quantity.value, row[0].quantity.unit)),
            (Column("threshold", "Threshold", "", "pounds"), lambda row: row[0].basis.threshold),
            (Column("severity", "QALYs"), lambda row: basis_words(row[0])),
            (Column("meets_at", "ICER meets it at"), _meets_at),
            (Column("finding", "Finding"), lambda row: finding(*row)),
        ),
    )


def _meets_at(row: tuple[ValueSolution, Meeting | None]) -> str:
    solution, meeting = row
    return _amount(meeting.crossing.at if meeting else None, solution.quantity.unit, 5)


def _amount(value: float | None, unit: str, digits: int = 3) -> str:
    return "-" if value is None else amount(value, unit, digits)


def _meetings(result: ThresholdResult) -> list[tuple[ValueSolution, Meeting | None]]:
    """Return each solution with each value that it found; with None where it found none."""
    return [(solution, meeting) for solution in result.values for meeting in solution.meetings or (None,)]


def finding(solution: ValueSolution, meeting: Meeting | None) -> str:
    """Return what was found in words."""
    q = solution.quantity
    if meeting is None:
        where = f"between {amount(q.low, q.unit)} and {amount(q.high, q.unit)}"
        ends = f"NHB {fixed(solution.nhb_low, 3)} and {fixed(solution.nhb_high, 3)} at the ends"
        return f"{'always' if solution.nhb_low > 0.0 else 'never'} cost-effective {where}: {ends}"
    side = "above" if meeting.crossing.rises else "below"
    if meeting.weight_jumps:
        return (
            f"cost-effective {side}; NHB jumps from {fixed(meeting.crossing.before, 3)} to "
            f"{fixed(meeting.crossing.after, 3)} where the severity weight changes"
        )
    if meeting.crossing.jump:
        before, after = fixed(meeting.crossing.before, 3), fixed(meeting.crossing.after, 3)
        return f"cost-effective {side}; NHB jumps from {before} to {after}"
    return f"cost-effective {side}"


def basis_words(solution: ValueSolution | PriceSolution) -> str:
    """Return how QALYs are counted."""
    return "weighted for severity" if solution.basis.weighted else "unweighted"


def price_word(result: ThresholdResult, price: DrugPrice) -> str:
    """Return what the price without a discount is called: a list price, unless inputs/ says that it is another."""
    return "full price" if result.scenario.quantities[price.drug.price].price_type not in ("list", "") else "list price"


def price_table(result: ThresholdResult) -> Table:
    """Return the discount and the pack price at which the ICER meets each threshold."""
    return table_of(
        "price",
        "Price at which the ICER meets a threshold",
        _solved(result),
        (
            (Column("drug", "Drug"), lambda at: plain(at.price.drug.label)),
            (Column("costs_and_qalys", "Costs and QALYs"), lambda at: over_words(at.ladder)),
            (Column("threshold", "Threshold", "£/QALY", "pounds"), lambda at: at.solution.basis.threshold),
            (Column("severity", "QALYs"), lambda at: basis_words(at.solution)),
            (Column("discount", "Discount", "", "percent"), lambda at: at.solution.discount),
            (Column("pack_price", "Price of a pack", "£", "number"), lambda at: at.solution.pack_price),
            (Column("finding", "Finding"), lambda at: price_finding(*at)),
            (Column("nhb_list", "Incremental NHB at list price", "QALYs", "qalys"), lambda at: at.solution.nhb_list),
            (Column("nhb_free", "Incremental NHB for free", "QALYs", "qalys"), lambda at: at.solution.nhb_free),
            (Column("icer_list", "ICER at list price", "£/QALY", "icer"), lambda at: at.icer(0)),
            (Column("icer_free", "ICER for free", "£/QALY", "icer"), lambda at: at.icer(-1)),
            (
                Column("severity_weight", "Severity weight", "", "weight"),
                lambda at: at.ladder.effects[0].severity_weight,
            ),
            (
                Column("check", "Incremental NHB of a run at this discount", "QALYs", "number"),
                lambda at: at.solution.check,
            ),
        ),
        "The discount on the list price at which the ICER meets the threshold. Where it is met at list price the "
        "discount is below 0: the price might rise so far.",
    )


class _Solved(NamedTuple):
    """A solution with the ladder it is of."""

    price: DrugPrice
    ladder: Ladder
    solution: PriceSolution

    def icer(self, step: int) -> Icer:
        return icer_of(self.ladder.effects[step], weighted=self.solution.basis.weighted)


def _solved(result: ThresholdResult) -> list[_Solved]:
    return [_Solved(price, ladder, s) for price, ladder in ladders(result) for s in ladder.solutions]


def price_on_screen(result: ThresholdResult) -> Table:
    """Return the same with fewer columns."""
    several = len(result.prices) > 1

    return table_of(
        "price_screen",
        "Price at which the ICER meets a threshold",
        _solved(result),
        (
            (
                Column("costs_and_qalys", "Costs and QALYs"),
                lambda at: (f"{plain(at.price.drug.label)}: " if several else "") + over_words(at.ladder),
            ),
            (Column("threshold", "Threshold", "", "pounds"), lambda at: at.solution.basis.threshold),
            (Column("severity", "QALYs"), lambda at: basis_words(at.solution)),
            (Column("discount", "Discount"), lambda at: _amount(at.solution.discount, "proportion", 4)),
            (Column("pack_price", "A pack"), lambda at: _amount(at.solution.pack_price, "GBP")),
            (
                Column("finding", "Finding"),
                lambda at: price_finding(*at).replace("list price", price_word(result, at.price)),
            ),
        ),
    )


def price_finding(price: DrugPrice, ladder: Ladder, solution: PriceSolution) -> str:
    """Return what was found in words."""
    free = ladder.effects[-1]
    icer = free.weighted_icer if solution.basis.weighted else free.icer
    if solution.status == "not even when free":
        if icer is None:
            return f"not even when free: {free.label}"
        return f"not even when free: ICER {pounds(icer)}{' saved per QALY lost' if free.label else ''}"
    if solution.status == "solved" and solution.nhb_list > solution.nhb_free:
        return (
            f"cost-effective above this price: {', '.join(price.drug.also_paid_by) or 'the comparator'} costs more too"
        )
    return {
        "solved": "cost-effective at this price and below",
        "met at list price": "met at list price",
        "price has no effect": "the price does not change the result",
    }[solution.status]


class _Step(NamedTuple):
    """A step of a drug's price ladder; the means over the draws at the same discount, if there are any."""

    drug: Drug
    ladder: Ladder
    discount: float
    effect: Effect
    mean: Effect | None = None

    @property
    def pack_price(self) -> float:
        return self.drug.list_price * (1.0 - self.discount)


def ladder_table(result: ThresholdResult) -> Table:
    """Return results from list price to free, one row for each discount."""
    return table_of(
        "price_ladder",
        "Price ladder, from list price to free",
        [
            _Step(price.drug, ladder, float(discount), effect)
            for price, ladder in ladders(result)
            for discount, effect in zip(ladder.discounts, ladder.effects, strict=True)
        ],
        (
            (Column("drug", "Drug"), lambda step: plain(step.drug.label)),
            (Column("costs_and_qalys", "Costs and QALYs"), lambda step: over_words(step.ladder)),
            Column("discount", "Discount", "", "percent"),
            Column("pack_price", "Price of a pack", "£", "number"),
            *effect_columns(result.scenario, lambda step: step.effect),
            other_weight(result.base, lambda step: [step.effect]),
        ),
    )


def ladder_on_screen(result: ThresholdResult) -> Table:
    """Return the ladder of the point estimates, and the ICER of the means beside it."""
    steps = [
        _Step(
            p.drug, p.ladder, float(p.ladder.discounts[i]), e, p.probabilistic.effects[i] if p.probabilistic else None
        )
        for p in result.prices
        for i, e in enumerate(p.ladder.effects)
    ]
    several = len(result.prices) > 1
    columns: list[ColumnOf[_Step]] = [
        Column("discount", "Discount", "", "percent"),
        Column("pack_price", "A pack", "", "pounds"),
        (Column("incremental_costs", "Incr. costs", "", "pounds"), lambda step: step.effect.incremental_costs),
        (Column("icer", "ICER", "", "icer"), lambda step: icer_of(step.effect)),
    ]
    if several:
        columns.insert(0, (Column("drug", "Drug"), lambda step: plain(step.drug.label)))
    if any(step.effect.severity_weight != 1.0 for step in steps):
        columns.append(
            (Column("weighted_icer", "Weighted ICER", "", "icer"), lambda s: icer_of(s.effect, weighted=True))
        )
    if any(step.mean is not None for step in steps):
        mean = Column("mean_icer", "ICER of means", "", "icer")
        columns.append((mean, lambda step: icer_of(step.mean) if step.mean else None))
    weighted = (False, True) if any(step.effect.severity_weight != 1.0 for step in steps) else (False,)
    columns += [_nhb(i, t, weighted=w) for w in weighted for i, t in enumerate(thresholds_of(result.scenario))]
    drug = "" if several else f" of {plain(result.prices[0].drug.label)}"
    title = f"Price ladder{drug}, from {price_word(result, result.prices[0])} to free"
    weights = " or ".join(f"{read(w)}" for w in sorted({step.effect.severity_weight for step in steps}))
    note = f"Severity weight {weights}{', depending on the price' if ' or ' in weights else ''}."
    return table_of("price_ladder_screen", title, steps, columns, note)


def _nhb(i: int, threshold: float, *, weighted: bool) -> ColumnOf[_Step]:
    name, words = ("weighted_nhb", "Weighted NHB") if weighted else ("nhb", "NHB")
    column = Column(f"{name}_{threshold:.0f}", f"{words} at {pounds(threshold)}", "", "qalys")
    return column, lambda step: (step.effect.weighted_nhb if weighted else step.effect.nhb)[i]


def ladders(result: ThresholdResult) -> Iterator[tuple[DrugPrice, Ladder]]:
    """Yield each drug with its ladder of the point estimates, then with that of the means if there is one."""
    for price in result.prices:
        yield price, price.ladder
        if price.probabilistic is not None:
            yield price, price.probabilistic


def over_words(ladder: Ladder) -> str:
    """Return what costs and QALYs are of."""
    return f"mean of {ladder.draws:,} draws" if ladder.draws else POINTS
