"""Relative survival as options ask for it: which columns, which life table; what goes together and what does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from netcea.cohort.matched import LifeTables
from netcea.errors import InputError, Place
from netcea.evidence.population import LIFE_TABLE, GeneralPopulation, general_population, looked_up
from netcea.evidence.relative_survival import RelativeSurvival
from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.population import life_table_at, life_tables_at
from netcea.quantities.addresses import Kind

BY_YEAR: Final = Kind(table="life_tables_by_year")
STATED: Final = ("background", "background_cumulative")
MATCHING: Final = ("age_column", "sex_column", "year_column", "female_value")


def relative_survival(
    life_table: str | None,
    columns: Mapping[str, str | None],
    mean: tuple[str | float | None, str | float | None] = (None, None),
    inputs: Path | None = None,
) -> RelativeSurvival:
    """Return what excess hazards are fitted over.

    Parameters
    ----------
    life_table : str or None
        Address in inputs/ of a life table, or of life tables by calendar year.
    columns : mapping of str -> str or None
        age_column, sex_column, year_column, female_value, background, background_cumulative, as far as they are said.
    mean : tuple of (float or None, float or None)
        Mean age and share of women, for data without columns of them. [years, share]
    inputs : Path or None
        Of a project.

    Returns
    -------
    RelativeSurvival

    Raises
    ------
    InputError
        Two ways of matching at once, or half of one; no such life table.
    """
    said = {name: column for name, column in columns.items() if column is not None}
    place = Place("--relative-survival")
    stated, matching = ([name for name in names if name in said] for names in (STATED, MATCHING))
    of_mean = any(value is not None for value in mean)
    if stated and matching:
        found = f"{_option(stated[0])} and {_option(matching[0])}"
        raise place.error(found, "one of both", "a hazard that the data state, or one by age and sex from a life table")
    if of_mean and matching:
        found = f"{_option(matching[0])} with {'--age' if mean[0] is not None else '--female'}"
        raise place.error(found, "one of both", "columns of each patient's age and sex, or their mean age and sexes")
    if stated or (life_table is None and not matching and not of_mean):
        return RelativeSurvival(
            background=said.get("background"), background_cumulative=said.get("background_cumulative")
        )
    if life_table is None:
        hint = "--life-table mortality.life_tables.NAME with columns of age and sex; or --background COLUMN"
        raise Place("--life-table").error("nothing", "the life table of the general population", hint)
    if of_mean:
        people = general_population(life_table, *mean, inputs)
        table, digest = table_of(life_table, inputs)
        return RelativeSurvival(sha256=digest, name=life_table, mean=people)
    table, digest = table_of(life_table, inputs)
    return RelativeSurvival(
        table,
        life_table,
        digest,
        said.get("age_column"),
        said.get("sex_column"),
        said.get("year_column"),
        said.get("female_value"),
    )


def refuse_alone(columns: Mapping[str, str | None]) -> None:
    """Refuse columns of relative survival where it is not asked for.

    Parameters
    ----------
    columns : mapping of str -> str or None
        As of `relative_survival`.

    Raises
    ------
    InputError
        One for each.
    """
    said = [name for name, column in columns.items() if column is not None]
    if said:
        raise InputError(
            [Place(_option(name)).problem("no --relative-survival", "both or neither", "add it") for name in said]
        )


def population_of(
    relative: RelativeSurvival | None,
    life_table: str | None,
    mean: tuple[str | float | None, str | float | None],
    inputs: Path | None,
) -> GeneralPopulation | None:
    """Return the general population of figures: the one that is named, or that patients are matched to by their mean.

    Parameters
    ----------
    relative : RelativeSurvival or None
        What excess hazards are fitted over.
    life_table : str or None
        Address in inputs/.
    mean : tuple of (float or None, float or None)
        Mean age and share of women. [years, share]
    inputs : Path or None
        Of a project.
    """
    if relative is not None and relative.matched_by == "age_and_sex_of_each_patient":
        return None
    return (
        relative.mean
        if relative is not None and relative.mean is not None
        else general_population(life_table, *mean, inputs)
    )


def table_of(address: str, inputs: Path | None) -> tuple[LifeTables, str]:
    """Return a life table, or those of several calendar years, and the digest of its file.

    Parameters
    ----------
    address : str
        In inputs/.
    inputs : Path or None
        Of a project.

    Raises
    ------
    InputError
        No project, or no such table in it.
    """
    if inputs is None:
        raise Place("--life-table").error("no project", "a folder with inputs/ that has the life table")
    there = Inputs(inputs)
    raw = there.raw(address) if there.exists(address) else None
    by_year = isinstance(raw, Mapping) and raw.get("kind") == BY_YEAR.table
    numbers = looked_up(address, BY_YEAR if by_year else LIFE_TABLE, inputs)
    table = life_tables_at(address, numbers) if by_year else life_table_at(address, numbers)
    return table, numbers.tables[address][1].sha256


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
