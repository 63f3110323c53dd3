"""Tables of the price at which the ICER meets each threshold, with and without other costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from netcea.analyses.threshold.result import DrugPrice, Ladder, LeftOut, PriceSolution, ThresholdResult
from netcea.analyses.threshold.tables import basis_words, ladders, over_words, price_finding, price_word
from netcea.analyses.threshold.unmet import basis_of, deciding, percent, shown
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, ColumnOf, Table, table_of

EVERYTHING: Final = "nothing"
"""What is left out of the result itself."""
MOST_ON_SCREEN: Final = 4
"""Lines on the screen of what is left out."""


class _Row(NamedTuple):
    """A solution, and what is left out for it."""

    price: DrugPrice
    ladder: Ladder
    left: LeftOut | None
    solution: PriceSolution
    share: float | None


def without_table(result: ThresholdResult) -> Table:
    """Return the price with every cost, without background therapy, and without each other cost alone."""
    rows = [row for price, ladder in ladders(result) for row in _rows(price, ladder, ladder.without)]
    return table_of(
        "price_without",
        "Price at which the ICER meets a threshold, with and without other costs",
        rows,
        (
            (Column("drug", "Drug"), lambda at: plain(at.price.drug.label)),
            (Column("costs_and_qalys", "Costs and QALYs"), lambda at: over_words(at.ladder)),
            (Column("left_out", "Left out"), lambda at: _words(at.left)),
            (
                Column("incremental_costs_list", "Its incremental costs at list price", "£", "pounds"),
                lambda at: at.left.increment_list if at.left else None,
            ),
            (
                Column("incremental_costs_free", "Its incremental costs, drug for free", "£", "pounds"),
                lambda at: at.left.increment_free if at.left else None,
            ),
            (Column("threshold", "Threshold", "£/QALY", "pounds"), lambda at: at.solution.basis.threshold),
            (Column("severity", "QALYs"), lambda at: basis_words(at.solution)),
            (Column("discount_at_threshold", "Discount", "", "percent"), lambda at: at.solution.discount),
            (Column("pack_price", "Price of a pack", "£", "number"), lambda at: at.solution.pack_price),
            (Column("finding", "Finding"), lambda at: _finding(at).replace("list price", price_word(result, at.price))),
            (Column("share_to_go", "Share of it that would have to go", "", "percent"), lambda at: at.share),
            (Column("nhb_list", "Incremental NHB at list price", "QALYs", "qalys"), lambda at: at.solution.nhb_list),
            (Column("nhb_free", "Incremental NHB for free", "QALYs", "qalys"), lambda at: at.solution.nhb_free),
        ),
        "Each cost is left out alone; background therapy is every drug that both strategies take, with what giving it "
        "costs. Share: the part of the cost without which a price exists, where none exists with it.",
    )


def without_on_screen(result: ThresholdResult) -> Table:
    """Return the prices with every cost, without background therapy, and without the costs that alone decide."""
    of = list(ladders(result))
    lines = [_Line(price, ladder, left) for price, ladder in of for left in (None, *_on_screen(ladder))]
    columns: list[ColumnOf[_Line]] = [(Column("left_out", "Left out"), lambda at: _words(at.left))]
    if len(of) > 1:
        drug = Column("drug", "Drug")
        columns.insert(0, (drug, lambda at: f"{plain(at.price.drug.label)}, {over_words(at.ladder)}"))
    for at, solution in enumerate(of[0][1].solutions):
        if any(ladder.solutions[at] in shown(ladder, ladder.solutions) for _, ladder in of):
            columns.append(_price_column(at, solution, result))
    columns.append((Column("share_to_go", "To go"), _shares))
    word, pack = price_word(result, result.prices[0]), result.prices[0].drug.pack
    return table_of(
        "price_without_screen",
        f"Price of a {pack} at which the ICER meets a threshold, with and without other costs",
        lines,
        columns,
        f"none: not even when free; {word}: met there, or above. To go: the part of that cost without which a price "
        "exists, where none exists with it.",
    )


class _Line(NamedTuple):
    """A line on the screen: what is left out, at every threshold."""

    price: DrugPrice
    ladder: Ladder
    left: LeftOut | None

    @property
    def solutions(self) -> tuple[PriceSolution, ...]:
        return self.left.solutions if self.left else self.ladder.solutions


def _on_screen(ladder: Ladder) -> list[LeftOut]:
    """Return background therapy, then the largest of what alone decides."""
    background = [left for left in ladder.without if left.kind == "background therapy"]
    return [*background, *(left for left in deciding(ladder) if left not in background)][:MOST_ON_SCREEN]


def _price_column(at: int, solution: PriceSolution, result: ThresholdResult) -> ColumnOf[_Line]:
    """Return the column of one basis, by its place among the solutions."""
    name = f"pack_price_{solution.basis.threshold:.0f}{'_weighted' if solution.basis.weighted else ''}"
    return Column(name, f"At {basis_of(solution)}"), lambda line: _price(
        line.solutions[at], price_word(result, line.price)
    )


def _price(solution: PriceSolution, word: str) -> str:
    if solution.status == "solved" and solution.pack_price is not None:
        return amount(solution.pack_price, "GBP")
    return {"not even when free": "none", "price has no effect": "no effect"}.get(solution.status, word)


def _shares(line: _Line) -> str:
    if line.left is None:
        return ""
    pairs = zip(line.solutions, line.left.shares_to_go, strict=True)
    distinct = shown(line.ladder, line.solutions)
    return "; ".join(percent(share) for s, share in pairs if share is not None and s in distinct)


def _words(left: LeftOut | None) -> str:
    """Return what is left out in words."""
    if left is None:
        return EVERYTHING
    label = plain(left.label)
    return f"background therapy: {label}" if left.kind == "background therapy" else label


def _rows(price: DrugPrice, ladder: Ladder, without: Iterable[LeftOut]) -> Iterator[_Row]:
    for solution in ladder.solutions:
        yield _Row(price, ladder, None, solution, None)
    for left in without:
        for solution, share in zip(left.solutions, left.shares_to_go, strict=True):
            yield _Row(price, ladder, left, solution, share)


def _finding(row: _Row) -> str:
    """Return what was found in words; where it decides, how much of it would have to go."""
    if row.left is None:
        return price_finding(row.price, row.ladder, row.solution)
    words = {
        "solved": "cost-effective at this price and below",
        "met at list price": "met at list price",
        "not even when free": "not even when free",
        "price has no effect": "the price does not change the result",
    }[row.solution.status]
    return words if row.share is None else f"{words}; a price exists with {percent(row.share)} of it gone"
