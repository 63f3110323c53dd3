"""Patients of a budget: who is eligible, who gets the technology, what they start in both worlds, by formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netcea.plain_number import read
from netcea.reporting.xlsx.page import Page
from netcea.scenario.budget_options import BudgetOptions, BudgetPopulation
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.inputs import Inputs

SLACK = "1E-9"
"""Shares may miss a sum by so much."""
WORLDS = ("without", "with")
FIRST_YEAR = 2
"""Column of the first year."""


@dataclass
class BudgetPatients:
    """The rows of patients; each part takes its first row and returns the next one's.

    Attributes
    ----------
    page : Page
    inputs : Inputs
    options : BudgetOptions
    eligible, uptake : int
        Rows with a cell for each year.
    starting : mapping of (world, strategy) -> row
    reversed : mapping of (world, strategy) -> row
        The same, the last year first.
    broken : list of (words, formula)
        How far shares miss what they must be; above 0 netcea refuses them.
    """

    page: Page
    inputs: Inputs
    options: BudgetOptions
    eligible: int = 0
    uptake: int = 0
    starting: dict[tuple[str, str], int] = field(default_factory=dict)
    reversed: dict[tuple[str, str], int] = field(default_factory=dict)
    broken: list[tuple[str, str]] = field(default_factory=list)

    @property
    def years(self) -> int:
        """Return how many years the budget has."""
        return len(self.options.uptake)

    @property
    def names(self) -> Mapping[str, str]:
        """Return strategy -> label."""
        base = self.inputs.variants.base
        return {name: base.label(name) for name in base.strategies}

    @property
    def technology(self) -> str:
        """Return the strategy that is appraised."""
        return self.inputs.variants.base.file.decision.intervention

    def column(self, year: int) -> int:
        """Return the column of a year, from 1."""
        return FIRST_YEAR + year - 1

    def heading(self, row: int, words: str) -> None:
        """Write a row of headings: words and the years."""
        self.page.heading(row, [words, *(f"Year {year}" for year in range(1, self.years + 1))])

    def write_population(self, row: int) -> int:
        """Write the live numbers of who is eligible, with where each is typed, and the patients of each year."""
        page, population = self.page, self.options.population or BudgetPopulation(patients_per_year="")
        page.put(row, 1, "Patients", "section")
        page.heading(row + 1, ["Live numbers, typed on Inputs", "Value", "Unit"])
        row += 2
        cells = {}
        for address in _addresses(population):
            cells[address] = self._live(row, address)
            row += 1
        share = "*".join(cells[a] for a in population.eligible) or "1"

        def number(count: str | None, rate: str | None) -> str:
            if count is None and rate is None:
                return "0"
            found = cells[count or ""] if rate is None else f"{cells[population.people or '']}*{cells[rate]}"
            return f"{found}*{share}"

        new = number(population.patients_per_year, population.incidence)
        standing = number(population.patients_at_start, population.prevalence)
        row += 1
        self.heading(row, "Patients who start anything")
        lines = {"New patients": [new] * self.years, "Patients there at the start": [standing, *["0"] * self.years]}
        for at, (words, texts) in enumerate(lines.items(), row + 1):
            page.put(at, 1, words)
            for year, text in zip(range(1, self.years + 1), texts, strict=False):
                page.formula(at, self.column(year), text, "number1")
        self.eligible, self.uptake = row + 3, row + 4
        page.put(self.eligible, 1, "Eligible patients")
        page.put(self.uptake, 1, "Of these, share who get the technology (yellow cells: Inputs)")
        for year, address in enumerate(self.options.uptake, 1):
            both = page.span(row + 1, row + 2, self.column(year))
            page.formula(self.eligible, self.column(year), f"SUM({both})", "number1")
            page.formula(self.uptake, self.column(year), self.inputs.number(address), "percent")
            page.links[self.uptake, self.column(year)] = self._yellow(address)
        return row + 6

    def _live(self, row: int, address: str) -> str:
        """Write a live number in the model's unit, with a link to where it is typed; return its cell."""
        page, inputs = self.page, self.inputs
        page.put(row, 1, str(inputs.page.value(inputs.rows[address], input_columns.LABEL)))
        page.formula(row, FIRST_YEAR, inputs.number(address), "live")
        page.format_as(row, (FIRST_YEAR,), inputs.variants.values(address)[0] * inputs.factor(address))
        quantity = inputs.quantity(address)
        page.put(row, FIRST_YEAR + 1, quantity.unit if quantity is not None else "", "indented")
        page.link(row, FIRST_YEAR + 2, "change it", inputs.page.at(inputs.rows[address], input_columns.YOURS))
        return page.at(row, FIRST_YEAR)

    def _yellow(self, address: str) -> str:
        """Return the link to where a number is typed."""
        return f"#{self.inputs.page.at(self.inputs.rows[address], input_columns.YOURS).replace('$', '')}"

    def write_starting(self, row: int) -> int:
        """Write the shares of the market and of what is displaced, and who starts what in both worlds."""
        page, options = self.page, self.options
        comparator = self.inputs.variants.base.file.decision.comparator
        page.heading(row, ["Shares of patients", "Have it without the technology", "Would have had it"])
        page.put(row + 1, 1, "The second: of those who get the technology", "subtitle")
        market: dict[str, str] = {}
        displaced: dict[str, str] = {}
        for at, (name, label) in enumerate(self._others.items(), row + 2):
            page.put(at, 1, label)
            for column, shares, found in ((2, options.market, market), (3, options.displaced, displaced)):
                if shares:
                    page.formula(at, column, self.inputs.number(shares[name]) if name in shares else "0", "percent")
                elif column == 2:
                    page.put(at, column, 1 if name == comparator else 0, "percent")
                else:
                    page.formula(at, column, market[name], "percent")
                found[name] = page.at(at, column)
        self.broken += self._broken(market, displaced)
        row += 3 + len(self._others)
        self.heading(row, "Patients who start each strategy")
        for world in WORLDS:
            for name, label in self.names.items():
                row += 1
                page.put(row, 1, f"{label}, {world} the technology")
                self.starting[world, name] = row
                for year in range(1, self.years + 1):
                    self._start(row, year, world, name, (market.get(name, "0"), displaced.get(name, "0")))
        return row + 2

    @property
    def _others(self) -> Mapping[str, str]:
        return {name: label for name, label in self.names.items() if name != self.technology}

    def _start(self, row: int, year: int, world: str, name: str, shares: tuple[str, str]) -> None:
        """Write who starts a strategy in a year; no start is below 0."""
        page, column = self.page, self.column(year)
        eligible, uptake = page.at(self.eligible, column), page.at(self.uptake, column)
        has, taken = shares
        if name == self.technology:
            share = uptake if world == "with" else "0"
        else:
            share = has if world == "without" else f"MAX({has}-{uptake}*{taken},0)"
        page.formula(row, column, f"{eligible}*{share}", "number1")

    def _broken(self, market: Mapping[str, str], displaced: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield what must hold of shares, with the formula of how far they miss it."""
        for words, given, cells in (
            ("have a strategy without the technology", self.options.market, market),
            ("would have had a strategy", self.options.displaced, displaced),
        ):
            if given:
                gap = f"ABS({'+'.join(cells.values())}-1)"
                yield f"Budget impact: shares of those who {words} miss 1", f"IF({gap}>{SLACK},{gap},0)"
        uptake = self.page.span(self.uptake, self.uptake, self.column(1), self.column(self.years))
        taken = ",".join(f"MAX({uptake})*{displaced[name]}-{market[name]}" for name in displaced)
        most = f"MAX(0,{taken})"
        words = "Budget impact: share of all patients taken from a strategy who did not have it"
        yield words, f"IF({most}>{SLACK},{most},0)"

    def write_reversed(self, row: int) -> int:
        """Write who starts what with the last year first: years since the start run against calendar years."""
        page, last = self.page, self.years + 1
        for (world, name), starting in self.starting.items():
            page.put(row, 1, f"{self.names[name]}, {world} the technology, the last year first", "note")
            self.reversed[world, name] = row
            for year in range(1, last):
                page.formula(row, self.column(year), page.at(starting, self.column(last - year)), "number1")
            row += 1
        return row

    def overlaid(self, world: str, first: int, year: int) -> str:
        """Return the formula of what a world costs in a year.

        Parameters
        ----------
        world : str
        first : int
            Row of costs per patient by year since the start of the first strategy; the others follow in their order.
        year : int
        """
        page, last, n = self.page, self.column(self.years), len(self.names)
        mine = page.span(first, first + n - 1, FIRST_YEAR, self.column(year))
        top = self.reversed[world, next(iter(self.names))]
        started = page.span(top, top + n - 1, last - year + 1, last)
        return f"SUMPRODUCT({mine},{started})"


def _addresses(population: BudgetPopulation) -> Sequence[str]:
    """Return the addresses of a population's numbers, each once."""
    counts = (
        population.people,
        population.incidence,
        population.prevalence,
        population.patients_per_year,
        population.patients_at_start,
    )
    return list(dict.fromkeys(a for a in (*counts, *population.eligible) if a))


def years_in_words(years: int) -> str:
    """Return how long a budget is.

    >>> years_in_words(5), years_in_words(1)
    ('5 years', '1 year')
    """
    return f"{read(years)} year{'' if years == 1 else 's'}"
