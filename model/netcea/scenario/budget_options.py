"""What an analysis of budget impact is asked: who is eligible, who gets the technology, what they would have had."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from netcea.blocks import Block, refused
from netcea.quantities.addresses import Frequency, Money, PopulationSize, Proportion
from netcea.scenario.option_texts import FILE_ONLY, Why

MOST_YEARS: Final = 40
"""Years of a budget."""


class BudgetPopulation(Block):
    """The patients of a budget: those who are there at its start, and those who come every year."""

    people: PopulationSize | None = None
    """Everybody of whom `prevalence` and `incidence` are shares."""
    incidence: Frequency | None = None
    """New patients per person and year."""
    prevalence: Proportion | None = None
    """Share of people who are patients at the start."""
    patients_per_year: PopulationSize | None = None
    """New patients every year, in place of people and incidence."""
    patients_at_start: PopulationSize | None = None
    """Patients who are there at the start, in place of people and prevalence."""
    eligible: list[Proportion] = []
    """Shares, one of another, such as diagnosed, of this stage, of this scenario's population: multiplied."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for rate, number in (("incidence", "patients_per_year"), ("prevalence", "patients_at_start")):
            if getattr(self, rate) is not None and getattr(self, number) is not None:
                raise refused(f"{rate} and {number}", "one of them", address=number)
            if getattr(self, rate) is not None and self.people is None:
                raise refused("nothing", f"the people of whom {rate} is a share", address="people")
        if all(getattr(self, name) is None for name in ("incidence", "prevalence", *_NUMBERS)):
            expected = "patients_per_year or patients_at_start, or people with incidence or prevalence"
            raise refused("no patients", expected)
        return self


_NUMBERS: Final = ("patients_per_year", "patients_at_start")


class BudgetOptions(Block):
    """What the technology does to the budget, year by year, undiscounted."""

    population: Annotated[BudgetPopulation | None, FILE_ONLY] = None
    uptake: Annotated[
        list[Proportion], Field(max_length=MOST_YEARS), Why("a budget has at most 40 years"), FILE_ONLY
    ] = []
    """Share of the patients starting in each year who get the technology, one address a year: as many years as the
    budget has (NICE's template: five)."""
    market: Annotated[dict[str, Proportion], FILE_ONLY] = {}
    """Strategy -> share of patients who have it in the world without the technology, 1 together; all the comparator's
    when left out."""
    displaced: Annotated[dict[str, Proportion], FILE_ONLY] = {}
    """Strategy -> share of those who get the technology who would have had it, 1 together; as `market` when left
    out."""
    technology_elsewhere: Literal["left_out", "counted"] = "left_out"
    """Whether other strategies pay for the technology's own drug, as after crossover in a trial: the world without the
    technology has none."""
    test_threshold: Annotated[Money | None, FILE_ONLY] = None
    """Net impact of a year above which the payer acts, such as that of NICE's budget impact test."""
