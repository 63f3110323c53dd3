"""Budget impact: costs of all patients with and without the technology, year by year, undiscounted, by formula.

As `netcea budget` works it out: in each world a year costs the sum, over strategies and starting years up to it, of the
patients who started then times their cost per patient in that year since the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netcea.analyses.threshold.price import drugs_of
from netcea.costs.category import Category
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.reporting.figures.style import BLUE, SILVER
from netcea.reporting.xlsx.page import Page
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.python_budget import has_the_same_budget
from netcea.workbook.sheets.budget_patients import FIRST_YEAR, WORLDS, BudgetPatients
from netcea.workbook.sheets.budget_prices import BudgetPrices
from netcea.workbook.sheets.costs_by_year import CostsByYear, budget_of, write_costs_by_year
from netcea.workbook.sheets.inputs import write_inputs
from netcea.workbook.structural_choices import PRICE_YEAR

TITLE: Final = "Budget impact"
STATUS, OK = (3, 2), (4, 2)
SUMMARY: Final = 6
ELIGIBLE, UPTAKE, STARTING, WITHOUT, WITH, IMPACT = range(7, 13)
DRUGS_WITHOUT, DRUGS_WITH, IMPACT_DRUGS, THRESHOLD, ABOVE = range(13, 18)
"""Rows of the summary, below its headings."""
DRUGS: Final = DrugAcquisition.category
NEAR: Final = 1e-9


@dataclass(frozen=True)
class Budget:
    """The sheet.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        ``budget_costs_without.<year>``, ``budget_costs_with.<year>``, ``budget_net_drugs.<year>``,
        ``budget_above.<year>``.
    rules : sequence of (words, formula, most)
        That hold whatever is changed.
    """

    page: Page
    cells: Mapping[str, str]
    rules: Sequence[tuple[str, str, float]]


def write_budget_impact(construction: Construction) -> Budget | None:
    """Write the sheet, where the base scenario has a budget."""
    options, by_year = budget_of(construction.variants), construction.written_by(write_costs_by_year)
    if options is None or by_year is None:
        return None
    page = construction.page(TITLE)
    patients = BudgetPatients(page, construction.written_by(write_inputs), options)
    sheet = _Sheet(page, by_year, patients)
    prices = BudgetPrices(page, by_year, patients, drugs_of(construction.variants.base))
    first = prices.first_row_after(ABOVE + 2)
    row = patients.write_starting(patients.write_population(first))
    page.put(row, 1, "Steps: years since the start run against calendar years", "section")
    row = prices.write_steps(patients.write_reversed(row + 1))
    per_patient = row + 1
    row = sheet.write_cohorts(sheet.write_categories(sheet.write_per_patient(per_patient)))
    sheet.write_summary()
    threshold = page.at(THRESHOLD, FIRST_YEAR) if options.test_threshold is not None else ""
    prices.write(ABOVE + 2, page.at(*OK), threshold)
    sheet.add_charts(first)
    page.page_breaks += [first - 1, per_patient - 1]
    page.widths(62, *[14.0] * (by_year.years + 1), 16, 16)
    page.frozen("B3")
    page.landscape(last_column=by_year.years + 4)
    rules = [(words, text, 0.0) for words, text in patients.broken]
    rules.append(("Costs by year add up to the undiscounted costs (largest gap, relative)", by_year.gap, NEAR))
    rules.append(("Budget impact: costs of all cohorts are those of all categories (relative)", sheet.gap, NEAR))
    return Budget(page, sheet.cells, rules)


@dataclass
class _Sheet:
    """Costs on the sheet; each part takes its first row and returns the next one's.

    Attributes
    ----------
    page : Page
    by_year : CostsByYear
    patients : BudgetPatients
    per_patient : mapping of category -> row
        Of the first strategy; None for all categories together.
    of_category : mapping of (category, world) -> row
    of_cohorts : mapping of world -> row of the sum
    cells : mapping of name -> cell
    """

    page: Page
    by_year: CostsByYear
    patients: BudgetPatients
    per_patient: dict[Category | None, int] = field(default_factory=dict)
    of_category: dict[tuple[Category, str], int] = field(default_factory=dict)
    of_cohorts: dict[str, int] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def _years(self) -> range:
        return range(1, self.by_year.years + 1)

    @property
    def _all(self) -> int:
        """Return the column of all years together."""
        return self.patients.column(self.by_year.years) + 1

    def _column(self, year: int) -> int:
        return self.patients.column(year)

    def _year_heading(self, row: int, words: str, each: str = "Year {}", last: str = "All years") -> None:
        self.page.heading(row, [words, *(each.format(year) for year in self._years), last])

    def _sum(self, row: int, style: str) -> None:
        """Write the sum of a row's years."""
        page = self.page
        page.formula(row, self._all, f"SUM({page.span(row, row, FIRST_YEAR, self._all - 1)})", style)

    def write_per_patient(self, row: int) -> int:
        """Write what the budget counts of a patient's costs, by category and strategy."""
        page, names = self.page, self.patients.names
        page.put(row, 1, "Costs per patient that the budget counts (£), by year since the start", "section")
        self._year_heading(row + 1, "Category, strategy", "Since start: {}", "These years")
        row += 2
        for category in self.by_year.categories:
            self.per_patient[category] = row
            for name, label in names.items():
                page.put(row, 1, f"{category.label}: {label}")
                rows = self.by_year.blocks.get((name, category))
                for year in self._years:
                    text = "0" if rows is None else self.by_year.counted(rows, year)
                    page.formula(row, self._column(year), text, "pence")
                self._sum(row, "pence")
                row += 1
        self.per_patient[None] = row
        for number, label in enumerate(names.values()):
            page.put(row, 1, f"All: {label}")
            for year in self._years:
                cells = [page.at(first + number, self._column(year)) for c, first in self.per_patient.items() if c]
                page.formula(row, self._column(year), "+".join(cells) or "0", "pence")
            self._sum(row, "pence")
            row += 1
        return row + 1

    def write_categories(self, row: int) -> int:
        """Write what each category costs in both worlds, and the difference."""
        page = self.page
        page.put(row, 1, "Costs by category (£)", "section")
        self._year_heading(row + 1, "Category, world")
        row += 2
        for category in self.by_year.categories:
            for world in WORLDS:
                page.put(row, 1, f"{category.label}, {world} the technology")
                self.of_category[category, world] = row
                for year in self._years:
                    text = self.patients.overlaid(world, self.per_patient[category], year)
                    page.formula(row, self._column(year), text, "pounds")
                self._sum(row, "pounds")
                row += 1
            page.put(row, 1, f"{category.label}: net", "text")
            for column in range(FIRST_YEAR, self._all + 1):
                page.formula(row, column, f"{page.at(row - 1, column)}-{page.at(row - 2, column)}", "result_pounds")
            self.of_category[category, "net"] = row
            row += 1
        return row + 1

    def write_cohorts(self, row: int) -> int:
        """Write what those who start in each year cost, in both worlds: the cohorts, one over the other."""
        page, first = self.page, self.per_patient[None]
        page.put(row, 1, "Costs of each year's patients (£), one cohort over the other", "section")
        self._year_heading(row + 1, "Who started in")
        row += 2
        for world in WORLDS:
            top = row
            for start in self._years:
                page.put(row, 1, f"Year {start}, {world} the technology")
                for year in range(start, self.by_year.years + 1):
                    parts = [
                        f"{page.at(self.patients.starting[world, name], self._column(start))}"
                        f"*{page.at(first + number, self._column(year - start + 1))}"
                        for number, name in enumerate(self.patients.names)
                    ]
                    page.formula(row, self._column(year), "+".join(parts), "pounds")
                self._sum(row, "pounds")
                row += 1
            page.put(row, 1, f"All, {world} the technology")
            for column in range(FIRST_YEAR, self._all + 1):
                page.formula(row, column, f"SUM({page.span(top, row - 1, column)})", "result_pounds")
            self.of_cohorts[world] = row
            row += 1
        return row + 1

    def write_summary(self) -> None:
        """Write what stands here, and the budget by year."""
        page, names = self.page, self.patients.names
        page.open_with(TITLE)
        year = self.patients.inputs.choices.live(self.patients.inputs.variants.choices[PRICE_YEAR])
        words = (
            f'"Undiscounted, NHS and PSS, prices of "&{year}&". Patients start on the first day of a year; a year has '
            'the costs of all who have started."'
        )
        page.formula(2, 1, words, "subtitle")
        self._write_status()
        self._year_heading(SUMMARY, "Budget impact by year")
        technology = names[self.patients.technology]
        for row, text in self._lines():
            page.put(row, 1, text.replace("{}", technology))
        mine = self.patients.starting["with", self.patients.technology]
        for row, source, style in (
            (ELIGIBLE, self.patients.eligible, "number1"),
            (UPTAKE, self.patients.uptake, "percent"),
            (STARTING, mine, "number1"),
        ):
            for column in range(FIRST_YEAR, self._all):
                page.formula(row, column, page.at(source, column), style)
            if row != UPTAKE:
                self._sum(row, style)
        drugs = {world: self.of_category.get((DRUGS, world)) for world in WORLDS}
        for column in range(FIRST_YEAR, self._all + 1):
            self._write_costs(column, drugs)
        self._write_test()
        for name, row in (("costs_without", WITHOUT), ("costs_with", WITH), ("net_drugs", IMPACT_DRUGS)):
            self.cells |= {f"budget_{name}.{year}": page.at(row, self._column(year)) for year in self._years}

    def _lines(self) -> Iterator[tuple[int, str]]:
        yield ELIGIBLE, "Patients who start anything"
        yield UPTAKE, "Of these, share who get the technology"
        yield STARTING, "Patients who start {}"
        yield WITHOUT, "Costs without the technology (£)"
        yield WITH, "Costs with it (£)"
        yield IMPACT, "Net budget impact (£)"
        yield DRUGS_WITHOUT, "Drug acquisition in it: without the technology (£)"
        yield DRUGS_WITH, "Drug acquisition: with it (£)"
        yield IMPACT_DRUGS, "Drug acquisition: net (£)"
        if self.patients.options.test_threshold is not None:
            yield THRESHOLD, "Threshold of the payer's test, net impact of a year (£)"
            yield ABOVE, "Net budget impact is above it"

    def _write_costs(self, column: int, drugs: Mapping[str, int | None]) -> None:
        """Write the costs of a year, or of all: nothing where netcea refuses the shares."""
        page = self.page
        for row, text, style in (
            (WITHOUT, page.at(self.of_cohorts["without"], column), "pounds"),
            (WITH, page.at(self.of_cohorts["with"], column), "pounds"),
            (IMPACT, f"{page.at(WITH, column)}-{page.at(WITHOUT, column)}", "result_pounds"),
            (DRUGS_WITHOUT, "0" if drugs["without"] is None else page.at(drugs["without"], column), "pounds"),
            (DRUGS_WITH, "0" if drugs["with"] is None else page.at(drugs["with"], column), "pounds"),
            (IMPACT_DRUGS, f"{page.at(DRUGS_WITH, column)}-{page.at(DRUGS_WITHOUT, column)}", "result_pounds"),
        ):
            page.formula(row, column, f'IF({page.at(*OK)}=1,{text},"")', style)

    def _write_test(self) -> None:
        """Write the threshold of the payer's test, in its own pounds: it is a rule, and no price."""
        page, address = self.page, self.patients.options.test_threshold
        if address is None:
            return
        inputs = self.patients.inputs
        inputs.used.add(address)
        for year in self._years:
            column = self._column(year)
            page.formula(THRESHOLD, column, inputs.name(address), "pounds")
            above = f'IF({page.at(IMPACT, column)}>{page.at(THRESHOLD, column)},"yes","no")'
            page.formula(ABOVE, column, f'IF({page.at(*OK)}=1,{above},"")', "right")
            self.cells[f"budget_above.{year}"] = page.at(ABOVE, column)

    def _write_status(self) -> None:
        """Write whether the selected scenario has this budget, and whether its shares can be."""
        page, variants = self.page, self.patients.inputs.variants
        others = [n for n, s in enumerate(variants.scenarios, 1) if not has_the_same_budget(variants.base, s)]
        number = self.patients.inputs.scenario_number
        other = f"OR({','.join(f'{number}={n}' for n in others)})" if others else "FALSE"
        broken = "+".join(text for _, text in self.patients.broken)
        page.put(*STATUS[:1], 1, "What stands here", "section")
        words = (
            f'IF({other},"Nothing: the selected scenario has a budget with other numbers; export it by itself.",'
            f'IF({broken}>0,"Nothing: shares of strategies that cannot be, see Checks; netcea refuses them.",'
            '"The budget of "&selected_scenario))'
        )
        page.formula(*STATUS, words, "text")
        page.put(OK[0], 1, "It can be shown (1: yes)", "note")
        page.formula(*OK, f"IF({other},0,IF({broken}>0,0,1))", "left_integer")

    @property
    def gap(self) -> str:
        """Return the formula of how far the sum of all cohorts misses that of all categories, as a share of it."""
        page, column = self.page, self._all
        parts = []
        for world, row in self.of_cohorts.items():
            cells = "+".join(page.at(r, column) for (_, w), r in self.of_category.items() if w == world) or "0"
            parts.append(f"ABS({page.at(row, column)}-({cells}))/MAX(1,ABS({page.at(row, column)}))")
        return f"MAX({','.join(parts)})"

    def add_charts(self, first: int) -> None:
        """Add both worlds beside each other, and the net impact by category, from a row on."""
        page, at = self.page, self._all + 4
        across = page.span(SUMMARY, SUMMARY, FIRST_YEAR, self._all - 1)

        def years(row: int) -> str:
            return page.span(row, row, FIRST_YEAR, self._all - 1)

        worlds = [
            charts.Bars("Without the technology", years(WITHOUT), SILVER),
            charts.Bars("With it", years(WITH), BLUE),
        ]
        axes = ("", "£")
        charts.columns(page, (SUMMARY, at), "Costs of all patients", axes, across, worlds)
        parts = [
            charts.Bars(category.label, years(self.of_category[category, "net"]), category.colour)
            for category in self.by_year.categories
        ]
        place = (first, at)
        charts.columns(page, place, "Net budget impact by category", axes, across, parts, stacked=True)
