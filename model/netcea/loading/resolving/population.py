"""The general population of a scenario: its mortality and its utility norms."""

from __future__ import annotations

from functools import lru_cache

from netcea.cohort.mortality import LifeTable
from netcea.cohort.mortality_by_year import LifeTablesByYear
from netcea.cohort.norms import UtilityNorms
from netcea.loading.reading.csv_file import Table
from netcea.loading.resolving.numbers import Numbers


def life_table_at(address: str, numbers: Numbers) -> LifeTable:
    """Return the life table of an address that was looked up.

    Parameters
    ----------
    address : str
        Of the table.
    numbers : Numbers
        Where it was looked up.
    """
    return _life_table(numbers.tables[address][1])


@lru_cache(maxsize=16)
def _life_table(table: Table) -> LifeTable:
    """Return the life table of a file: one for all scenarios that share what was read."""
    return LifeTable.from_columns(table["age"], table["qx_male"], table["qx_female"])


def life_tables_at(address: str, numbers: Numbers) -> LifeTablesByYear:
    """Return the life tables by calendar year of an address that was looked up.

    Parameters
    ----------
    address : str
        Of the table.
    numbers : Numbers
        Where it was looked up.
    """
    table = numbers.tables[address][1]
    return LifeTablesByYear.from_columns(table["year"], table["age"], table["qx_male"], table["qx_female"])


def norms_at(address: str, numbers: Numbers) -> UtilityNorms:
    """Return the utility norms of an address that was looked up.

    Parameters
    ----------
    address : str
        Of the table.
    numbers : Numbers
        Where it was looked up.
    """
    node, table = numbers.tables[address]
    return _norms(table, node.column, node.value_set)


@lru_cache(maxsize=16)
def _norms(table: Table, column: str, value_set: str) -> UtilityNorms:
    """Return the norms in a column of a file: one for all scenarios that share what was read."""
    by_sex: dict[str, dict[int, float]] = {"male": {}, "female": {}}
    for age, sex, value in zip(table["age"], table["sex"], table[column], strict=True):
        by_sex[sex][age] = value
    ages = sorted(by_sex["male"])
    male, female = ([values[age] for age in ages] for values in by_sex.values())
    return UtilityNorms.from_columns(ages, male, female, value_set)
