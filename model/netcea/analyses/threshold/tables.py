"""Tables of threshold analysis."""

from __future__ import annotations

from collections.abc import Iterator

from netcea.analyses.shared.effect_cells import effect_cells, effect_columns, icer_of
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.threshold.result import DrugPrice, Ladder, Meeting, PriceSolution, ThresholdResult, ValueSolution
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.table import Cell, Column, Table
from netcea.uncertainty.fixed import Fixed

POINTS = "point estimates"


def values_table(result: ThresholdResult) -> Table:
    """Return the values of each quantity at which the ICER meets each threshold, one row each."""
    columns = (
        Column("quantity", "Quantity"),
        Column("address", "Address"),
        Column("unit", "Unit"),
        Column("value", "Point estimate", "", "number"),
        Column("searched_from", "Looked for from", "", "number"),
        Column("searched_to", "to", "", "number"),
        Column("threshold", "Threshold", "£/QALY", "pounds"),
        Column("severity", "QALYs"),
        Column("meets_at", "ICER meets it at", "", "number"),
        Column("finding", "Finding"),
        Column("nhb_from", "Incremental NHB at the low end", "QALYs", "qalys"),
        Column("nhb_to", "Incremental NHB at the high end", "QALYs", "qalys"),
        *effect_columns(result.scenario),
    )
    rows: list[tuple[Cell, ...]] = []
    for solution in result.values:
        q = solution.quantity
        for meeting in solution.meetings or (None,):
            effect = (
                [None] * len(effect_columns(result.scenario))
                if meeting is None
                else effect_cells(result.scenario, meeting.effect)
            )
            rows.append(
                (
                    plain(q.label),
                    q.address,
                    q.unit,
                    q.value,
                    q.low,
                    q.high,
                    solution.basis.threshold,
                    basis_words(solution),
                    None if meeting is None else meeting.crossing.at,
                    finding(solution, meeting),
                    solution.nhb_low,
                    solution.nhb_high,
                    *effect,
                )
            )
    return Table("threshold_values", "Values at which the ICER meets a threshold", columns, tuple(rows))


def values_on_screen(result: ThresholdResult) -> Table:
    """Return the same in words."""
    columns = (
        Column("quantity", "Quantity"),
        Column("value", "Now"),
        Column("threshold", "Threshold", "", "pounds"),
        Column("severity", "QALYs"),
        Column("meets_at", "ICER meets it at"),
        Column("finding", "Finding"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            plain(s.quantity.label),
            amount(s.quantity.value, s.quantity.unit),
            s.basis.threshold,
            basis_words(s),
            "-" if meeting is None else amount(meeting.crossing.at, s.quantity.unit, 5),
            finding(s, meeting),
        )
        for s in result.values
        for meeting in s.meetings or (None,)
    )
    return Table("threshold_values_screen", "Values at which the ICER meets a threshold", columns, rows)


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
    given = result.scenario.quantities[price.drug.price].uncertainty.given
    return "full price" if isinstance(given, Fixed) and "list" not in given.root else "list price"


def price_table(result: ThresholdResult) -> Table:
    """Return the discount and the pack price at which the ICER meets each threshold."""
    columns = (
        Column("drug", "Drug"),
        Column("costs_and_qalys", "Costs and QALYs"),
        Column("threshold", "Threshold", "£/QALY", "pounds"),
        Column("severity", "QALYs"),
        Column("discount", "Discount", "", "percent"),
        Column("pack_price", "Price of a pack", "£", "number"),
        Column("finding", "Finding"),
        Column("nhb_list", "Incremental NHB at list price", "QALYs", "qalys"),
        Column("nhb_free", "Incremental NHB for free", "QALYs", "qalys"),
        Column("icer_list", "ICER at list price", "£/QALY", "icer"),
        Column("icer_free", "ICER for free", "£/QALY", "icer"),
        Column("severity_weight", "Severity weight", "", "weight"),
        Column("check", "Incremental NHB of a run at this discount", "QALYs", "number"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            plain(price.drug.label),
            over_words(ladder),
            s.basis.threshold,
            basis_words(s),
            s.discount,
            s.pack_price,
            price_finding(price, ladder, s),
            s.nhb_list,
            s.nhb_free,
            icer_of(ladder.effects[0], weighted=s.basis.weighted),
            icer_of(ladder.effects[-1], weighted=s.basis.weighted),
            ladder.effects[0].severity_weight,
            s.check,
        )
        for price, ladder in ladders(result)
        for s in ladder.solutions
    )
    note = (
        "The discount on the list price at which the ICER meets the threshold. Where it is met at list price the "
        "discount is below 0: the price might rise so far."
    )
    return Table("price", "Price at which the ICER meets a threshold", columns, rows, note)


def price_on_screen(result: ThresholdResult) -> Table:
    """Return the same with fewer columns."""
    columns = (
        Column("costs_and_qalys", "Costs and QALYs"),
        Column("threshold", "Threshold", "", "pounds"),
        Column("severity", "QALYs"),
        Column("discount", "Discount"),
        Column("pack_price", "A pack"),
        Column("finding", "Finding"),
    )
    several = len(result.prices) > 1
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            (f"{plain(price.drug.label)}: " if several else "") + over_words(ladder),
            s.basis.threshold,
            basis_words(s),
            "-" if s.discount is None else amount(s.discount, "proportion", 4),
            "-" if s.pack_price is None else amount(s.pack_price, "GBP"),
            price_finding(price, ladder, s).replace("list price", price_word(result, price)),
        )
        for price, ladder in ladders(result)
        for s in ladder.solutions
    )
    return Table("price_screen", "Price at which the ICER meets a threshold", columns, rows)


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


def ladder_table(result: ThresholdResult) -> Table:
    """Return results from list price to free, one row for each discount."""
    columns = (
        Column("drug", "Drug"),
        Column("costs_and_qalys", "Costs and QALYs"),
        Column("discount", "Discount", "", "percent"),
        Column("pack_price", "Price of a pack", "£", "number"),
        *effect_columns(result.scenario),
        Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            plain(price.drug.label),
            over_words(ladder),
            float(discount),
            price.drug.list_price * (1.0 - float(discount)),
            *effect_cells(result.scenario, effect),
            icer_of(effect, weighted=True),
        )
        for price, ladder in ladders(result)
        for discount, effect in zip(ladder.discounts, ladder.effects, strict=True)
    )
    return Table("price_ladder", "Price ladder, from list price to free", columns, rows)


def ladder_on_screen(result: ThresholdResult) -> Table:
    """Return the ladder of the point estimates, and the ICER of the means beside it."""
    thresholds = thresholds_of(result.scenario)
    weighted = any(e.severity_weight != 1.0 for p in result.prices for e in p.ladder.effects)
    means = any(p.probabilistic is not None for p in result.prices)
    several = len(result.prices) > 1
    columns = [Column("drug", "Drug")] if several else []
    columns += [
        Column("discount", "Discount", "", "percent"),
        Column("pack_price", "A pack", "", "pounds"),
        Column("incremental_costs", "Incr. costs", "", "pounds"),
        Column("icer", "ICER", "", "icer"),
    ]
    columns += [Column("weighted_icer", "Weighted ICER", "", "icer")] if weighted else []
    columns += [Column("mean_icer", "ICER of means", "", "icer")] if means else []
    columns += [Column(f"nhb_{t:.0f}", f"NHB at {pounds(t)}", "", "qalys") for t in thresholds]
    rows = []
    for price in result.prices:
        for i, (discount, effect) in enumerate(zip(price.ladder.discounts, price.ladder.effects, strict=True)):
            cells: list[Cell] = [plain(price.drug.label)] if several else []
            cells += [float(discount), price.drug.list_price * (1.0 - float(discount)), effect.incremental_costs]
            cells.append(icer_of(effect))
            cells += [icer_of(effect, weighted=True)] if weighted else []
            if means:
                cells.append(None if price.probabilistic is None else icer_of(price.probabilistic.effects[i]))
            rows.append((*cells, *effect.nhb))
    drug = "" if several else f" of {plain(result.prices[0].drug.label)}"
    title = f"Price ladder{drug}, from {price_word(result, result.prices[0])} to free"
    return Table("price_ladder_screen", title, tuple(columns), tuple(rows))


def ladders(result: ThresholdResult) -> Iterator[tuple[DrugPrice, Ladder]]:
    """Yield each drug with its ladder of the point estimates, then with that of the means if there is one."""
    for price in result.prices:
        yield price, price.ladder
        if price.probabilistic is not None:
            yield price, price.probabilistic


def over_words(ladder: Ladder) -> str:
    """Return what costs and QALYs are of."""
    return f"mean of {ladder.draws:,} draws" if ladder.draws else POINTS
