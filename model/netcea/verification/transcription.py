"""Transcription: numbers of the scenario beside a table of published values, typed a second time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from netcea.cohort.mortality import life_expectancy
from netcea.plain_number import read
from netcea.uncertainty.ci95 import Ci95
from netcea.verification.perturbed import Perturbed
from netcea.verification.published import NAME, Published
from netcea.verification.slow_model.mortality import table_lookup
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

FIGURE_OF_TABLE: Final = re.compile(
    r"(?P<table>.+)\.(?P<what>life_expectancy|qx|utility)\.(?P<sex>male|female)\.(?P<age>\d+)"
)
"""Address of a figure of a life table, or of norms, in a table of published values."""
A_HUNDREDTH: Final = 0.0051
"""By which a life expectancy, published with two digits, may be rounded. [years]"""


@black_box("X6", "Numbers are what was published, digit for digit")
def transcribed(here: Perturbed) -> Found:
    """Compare every number that a table of published values has."""
    known = here.published
    if known is None:
        return not_applicable(
            f"No table of published values: {NAME} in inputs/, or --published FILE (address, value, low, high, source)."
        )
    faults: list[str] = []
    changed, compared = [], 0
    set_by_user = {change.address.removesuffix(".value") for change in here.scenario.changes}
    for address, quantity in here.scenario.quantities.items():
        published = known.get(address)
        if published is None:
            continue
        compared += 1
        wrong = []
        if not _same(quantity.value, published.value):
            wrong.append(f"{address} is {read(quantity.value)}, published {read(published.value)} ({published.place})")
        interval = quantity.uncertainty.given
        if isinstance(interval, Ci95) and not _same_interval(interval, published):
            wrong.append(
                f"{address} has an interval from {read(interval.low)} to {read(interval.high)}, published "
                f"{read(published.low)} to {read(published.high)} ({published.place})"
            )
        if wrong and any(address == a or address.startswith(f"{a}.") for a in set_by_user):
            changed += wrong
        else:
            faults += wrong
    tables = list(_figures_of_tables(here, known))
    compared += len(tables)
    faults += [words for words in tables if words]
    figures = {"compared": float(compared), "numbers of the scenario": float(len(here.scenario.quantities))}
    if not compared:
        return not_applicable("The table of published values has none of the scenario's numbers.")
    if changed and not faults:
        return explained(f"{'; '.join(changed[:4])}: the scenario changes them", figures)
    others = len(here.scenario.quantities) - (compared - len(tables))
    of_tables = f", {len(tables)} of them figures of the life table and the norms" if tables else ""
    words = f"{compared} numbers as they were published{of_tables}; {others} others are assumed or worked out"
    return holds(faults, words, figures)


def _figures_of_tables(here: Perturbed, known: Mapping[str, Published]) -> Iterator[str]:
    """Yield, for each published figure of the life table or the norms, what is wrong with it; empty where nothing is.

    Their addresses are the table's, what it is, a sex and an age: `mortality.life_tables.mine.life_expectancy.male.0`
    (to the digits given, half a year's hundredth here), `....qx.female.60`, `utilities.norms.mine.utility.male.50`.
    """
    population, table, norms = (here.scenario.file.population, here.scenario.life_table, here.scenario.severity_norms)
    for address, published in known.items():
        of_table, sex, age = FIGURE_OF_TABLE.fullmatch(address), "", 0
        if of_table is None or of_table["table"] not in (population.life_table, population.norms):
            continue
        sex, age = of_table["sex"], int(of_table["age"])
        found, close = math.nan, 1e-9
        if of_table["what"] == "life_expectancy":
            found, close = life_expectancy(table, "male" if sex == "male" else "female", float(age)), A_HUNDREDTH
        elif of_table["what"] == "qx":
            found = table_lookup(table.age, table.qx_male if sex == "male" else table.qx_female, age)
        else:
            found = table_lookup(norms.age, norms.male if sex == "male" else norms.female, age)
        right = abs(found - published.value) <= close
        yield "" if right else f"{address} is {read(found, 6)}, published {read(published.value)} ({published.place})"


def _same(used: float, stated: float) -> bool:
    return math.isclose(used, stated, rel_tol=1e-9, abs_tol=1e-12)


def _same_interval(used: Ci95, stated: Published) -> bool:
    return math.isnan(stated.low) or (_same(used.low, stated.low) and _same(used.high, stated.high))
