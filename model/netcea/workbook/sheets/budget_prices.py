"""The budget at other prices: list price to free in closed form, and the discounts that meet the payer's test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from netcea.analyses.budget.tables import FIRST_YEARS
from netcea.analyses.threshold.result import Drug
from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets.budget_patients import FIRST_YEAR, BudgetPatients
from netcea.workbook.sheets.costs_by_year import CostsByYear

STEPS: Final = 10
"""Of discounts, from list price to free."""
ROWS: Final = STEPS + 6
"""Of the table, with its title, headings and what meets the test."""


@dataclass
class BudgetPrices:
    """Net budget impact at each discount on the drugs that the technology alone takes.

    It is a straight line in the discount d: N(d) = N(0) + d (N(1) - N(0)); all other prices stay as they are.

    Attributes
    ----------
    page : Page
    by_year : CostsByYear
    patients : BudgetPatients
    drugs : sequence of Drug
        Without any, nothing is written.
    at_list, free : int
        First rows of costs per patient at the ends.
    """

    page: Page
    by_year: CostsByYear
    patients: BudgetPatients
    drugs: Sequence[Drug]
    ends: dict[str, int] = field(default_factory=dict)

    def first_row_after(self, row: int) -> int:
        """Return the row below the table, which begins at a row."""
        return row + ROWS if self.drugs else row

    def write_steps(self, row: int) -> int:
        """Write costs per patient at both ends, by strategy and year since the start; return the row after."""
        if not self.drugs:
            return row
        page = self.page
        for free, words in ((False, "at list price"), (True, "for free")):
            self.ends[words] = row
            for name, label in self.patients.names.items():
                page.put(row, 1, f"{label}, cost per patient, the technology's drug {words}", "note")
                rows = self.by_year.strategies.get(name)
                for year in range(1, self.by_year.years + 1):
                    text = "0" if rows is None else self.by_year.counted_at(rows, year, free=free)
                    page.formula(row, self.patients.column(year), text, "pence")
                row += 1
        return row

    def write(self, row: int, ok: str, threshold: str) -> None:
        """Write the table: discounts, the net impact of each year, the price of a pack, the payer's test.

        Parameters
        ----------
        row : int
            Its first.
        ok : cell
            1 where there is a budget to be shown.
        threshold : cell
            Of the payer's test; '' for none.
        """
        if not self.drugs:
            return
        page, years = self.page, self.by_year.years
        last = FIRST_YEAR + years
        labels = ", ".join(dict.fromkeys(drug.label for drug in self.drugs))
        page.put(row, 1, f"Net budget impact (£) at list and other prices of {labels}", "section")
        heads = ["Discount (all other prices as they are)", *(f"Year {y}" for y in range(1, years + 1)), "All years"]
        one = self.drugs[0] if len(self.drugs) == 1 else None
        heads += [f"Price of a {one.pack} (£)"] if one else []
        page.heading(row + 1, heads)
        if threshold:
            tested = min(FIRST_YEARS, years)
            page.heading(row + 1, [f"Above the threshold, years 1 to {tested}"], last + 2)
        top = row + 2
        for step in range(STEPS + 1):
            at = top + step
            page.put(at, 1, step / STEPS, "left_share")
            for year in range(1, years + 1):
                column = self.patients.column(year)
                low, high = (page.at(end, column) for end in (top, top + STEPS))
                text = f"{low}+{page.at(at, 1)}*({high}-{low})"
                if step in (0, STEPS):
                    text = f'IF({ok}=1,{self._net("for free" if step else "at list price", year)},"")'
                else:
                    text = f'IF({ok}=1,{text},"")'
                page.formula(at, column, text, "pounds")
            every = page.span(at, at, FIRST_YEAR, last - 1)
            page.formula(at, last, f'IF({ok}=1,SUM({every}),"")', "pounds")
            if one:
                price = f"{self.patients.inputs.number(one.price)}*(1-{page.at(at, 1)})"
                page.formula(at, last + 1, price, "pounds")
            if threshold:
                first = page.span(at, at, FIRST_YEAR, FIRST_YEAR + tested - 1)
                page.formula(at, last + 2, f'IF({ok}=1,IF(MAX({first})>{threshold},"yes","no"),"")', "right")
        if threshold:
            self._write_meeting(top + STEPS + 1, (top, top + STEPS), ok, threshold)

    def _net(self, end: str, year: int) -> str:
        """Return the formula of the net impact of a year at one end."""
        mine, its = (self.patients.overlaid(world, self.ends[end], year) for world in ("with", "without"))
        return f"{mine}-{its}"

    def _write_meeting(self, row: int, ends: tuple[int, int], ok: str, threshold: str) -> None:
        """Write the discount at which each year's impact is the threshold."""
        page = self.page
        page.put(row, 1, "Discount at which a year's impact is the threshold (list price: below it already)")
        for year in range(1, self.by_year.years + 1):
            column = self.patients.column(year)
            at_list, free = (page.at(end, column) for end in ends)
            root = f"({at_list}-{threshold})/({at_list}-{free})"
            beyond = f'IF({free}>{threshold},"not even free",{root})'
            text = f'IF({ok}=1,IF({at_list}<={threshold},"list price",{beyond}),"")'
            page.formula(row, column, text, "meeting")
