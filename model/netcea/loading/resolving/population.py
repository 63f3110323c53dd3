"""The general population of a scenario: its mortality and its utility norms."""

from __future__ import annotations

from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
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
    table = numbers.tables[address][1]
    return LifeTable.from_columns(table["age"], table["qx_male"], table["qx_female"])


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
    by_sex: dict[str, dict[int, float]] = {"male": {}, "female": {}}
    for age, sex, value in zip(table["age"], table["sex"], table[node.column], strict=True):
        by_sex[sex][age] = value
    ages = sorted(by_sex["male"])
    male, female = ([values[age] for age in ages] for values in by_sex.values())
    return UtilityNorms.from_columns(ages, male, female, node.value_set)
