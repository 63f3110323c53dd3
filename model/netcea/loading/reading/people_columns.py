"""Columns of patient data by which the general population is matched: age, sex, calendar year, or its own hazard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array

AGE_NAMES: Final = ("age", "age_years", "age_at_start", "age_at_entry", "age_at_diagnosis")
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "age": AGE_NAMES,
    "sex": ("sex", "gender"),
    "year": ("year", "calendar_year", "diag", "date_of_entry", "start_date"),
    "background": ("background", "bhazard", "background_hazard", "population_hazard", "rate"),
    "background_cumulative": ("background_cumulative", "background_cumulative_hazard", "expected"),
}
"""What is read -> what its column is called where the user does not say."""
WORDS: Final = ("sex", "year")
SEXES: Final[Mapping[str, float]] = {
    **dict.fromkeys(("female", "f", "woman", "women", "w"), 1.0),
    **dict.fromkeys(("male", "m", "man", "men"), 0.0),
}
"""Word in the column of sexes -> 1 for a woman, 0 for a man."""
OPTIONS: Final[Mapping[str, str]] = {
    "age": "--age-column",
    "sex": "--sex-column",
    "year": "--year-column",
    "background": "--life-table ADDRESS for one by age and sex, or --background",
}
"""What is read -> the option that says its column, where it has another name."""
OLDEST: Final = 120.0
"""Age above which nobody is. [years]"""
YEARS: Final = (1800.0, 2200.0)
"""Calendar years that are no slip. [year]"""


class PeopleColumns(NamedTuple):
    """What is read of the general population that patients are matched to.

    Attributes
    ----------
    asked : mapping of str -> str or None
        age, sex, year, background, background_cumulative, as many as are read -> the column that the user says; None
        where it is to be found by a usual name.
    needed : tuple of str
        What cannot be left out.
    female_value : str or None
        What stands for a woman in the column of sexes; everything else then is a man.
    """

    asked: Mapping[str, str | None]
    needed: tuple[str, ...] = ()
    female_value: str | None = None


NOBODY: Final = PeopleColumns({})


class PersonFault(NamedTuple):
    """What cannot be in a column of people.

    Attributes
    ----------
    what : str
        Which: age, sex, year.
    row : int
        Of the first such value, counted from 0.
    found, expected, suggestion : str
    """

    what: str
    row: int
    found: str
    expected: str
    suggestion: str = ""


def people_numbers(cells: Mapping[str, Sequence[object]], female_value: str | None) -> dict[str, Array]:
    """Return age, sex and calendar year of each patient as numbers; what cannot be read is not a number.

    Parameters
    ----------
    cells : mapping of str -> sequence
        age, sex, year -> what stands there.
    female_value : str or None
        What stands for a woman; everything else for a man.

    Returns
    -------
    dict of str -> Array (patient,)
        Of those that are given. [years, 1 for a woman, year]

    Examples
    --------
    >>> found = people_numbers({"sex": ["F", "male"], "year": ["2019-07-02", 2020]}, None)
    >>> found["sex"].tolist(), found["year"].round(2).tolist()
    ([1.0, 0.0], [2019.5, 2020.0])
    """
    found: dict[str, Array] = {}
    for what in ("age", "background", "background_cumulative"):
        if what in cells:
            found[what] = np.array([_number(cell) for cell in cells[what]])
    if "sex" in cells:
        found["sex"] = np.array([_woman(_word(cell), female_value) for cell in cells["sex"]])
    if "year" in cells:
        found["year"] = np.array([_year(cell) for cell in cells["year"]])
    return found


def people_faults(
    cells: Mapping[str, Sequence[object]], numbers: Mapping[str, Array], female_value: str | None
) -> Iterator[PersonFault]:
    """Yield the first value of each column that cannot be.

    Parameters
    ----------
    cells : mapping of str -> sequence
        As they stand in the data.
    numbers : mapping of str -> Array (patient,)
        As `people_numbers` reads them. [years, 1 for a woman, year]
    female_value : str or None
        What stands for a woman.

    Yields
    ------
    PersonFault
        One for each column.

    Examples
    --------
    >>> cells = {"sex": [1, 2]}
    >>> next(people_faults(cells, people_numbers(cells, None), None)).found
    "'1' (and 1 more)"
    """
    words = None if "sex" not in cells else [_word(cell) for cell in cells["sex"]]
    if words is not None and female_value is not None and female_value not in words:
        hint = f"it has {', '.join(sorted(set(words))[:6])}"
        yield PersonFault("sex", 0, f"no {female_value!r} in the column", "what stands for a woman", hint)
    rules = (
        ("age", 0.0, OLDEST, "an age at time 0, 0 to 120 years", "in days? divide by 365.25"),
        ("sex", 0.0, 1.0, "female or male, f or m", "say which value is a woman: --female-value"),
        ("year", *YEARS, "a calendar year such as 2019.5, or a date such as 2019-07-01", ""),
    )
    for what, low, high, expected, hint in rules:
        if what not in numbers:
            continue
        wrong = np.flatnonzero(~((numbers[what] >= low) & (numbers[what] <= high)))
        if len(wrong):
            row = int(wrong[0])
            more = f" (and {len(wrong) - 1:,} more)" if len(wrong) > 1 else ""
            yield PersonFault(what, row, f"{_word(cells[what][row])!r}{more}", expected, hint)


def _word(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _woman(word: str, female_value: str | None) -> float:
    """Return 1 for a woman, 0 for a man, not a number for what may be either."""
    return SEXES.get(word.lower(), float("nan")) if female_value is None else float(word == female_value)


def _number(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError:
        return float("nan")


def _year(cell: object) -> float:
    """Return calendar time of a number or of an ISO date; not a number of anything else."""
    if not isinstance(cell, str | dt.date):
        return _number(cell)
    number = _number(cell)
    if np.isfinite(number):
        return number
    try:
        day = dt.date.fromisoformat(str(cell).strip()[:10])
    except ValueError:
        return float("nan")
    start, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    return day.year + (day - start).days / (end - start).days
