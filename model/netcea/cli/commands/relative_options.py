"""Options of relative survival: what excess hazards are in excess of."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

COLUMNS: Final = ("age_column", "sex_column", "year_column", "female_value", "background", "background_cumulative")
USUAL: Final = "(default: found by a usual name such as {})."
OPTIONS: Final = (
    click.option("--relative-survival", is_flag=True, help="Fit hazards in excess of the general population's."),
    click.option("--age-column", metavar="COLUMN", help=f"Column of ages at time 0 {USUAL.format('age')}"),
    click.option("--sex-column", metavar="COLUMN", help=f"Column of sexes {USUAL.format('sex')}"),
    click.option(
        "--year-column",
        metavar="COLUMN",
        help="Column of calendar years or dates at time 0, where the life table has years.",
    ),
    click.option("--female-value", metavar="VALUE", help="What stands in the column of sexes for a woman."),
    click.option(
        "--background",
        metavar="COLUMN",
        help="Column of the general population's hazard at each patient's time, in place of a life table.",
    ),
    click.option(
        "--background-cumulative", metavar="COLUMN", help="Column of its cumulative hazard until then, where known."
    ),
)


class Relative(NamedTuple):
    """What the options say.

    Attributes
    ----------
    asked : bool
        Whether excess hazards are to be fitted.
    columns : dict of str -> str or None
        Option -> what it says.
    """

    asked: bool
    columns: dict[str, str | None]

    def of(
        self, life_table: str | None, mean: tuple[str | None, str | None], inputs: Callable[[], Path]
    ) -> tuple[Any, Any]:
        """Return what excess hazards are fitted over, and the general population of figures; None for what is not said.

        Parameters
        ----------
        life_table : str or None
            Its address.
        mean : tuple of (str or None, str or None)
            Mean age and share of women.
        inputs : callable
            Returns the project's folder inputs/; asked where a life table is named.
        """
        from netcea.evidence.population import general_population
        from netcea.evidence.relative_options import population_of, refuse_alone, relative_survival

        folder = inputs() if {life_table, *mean} != {None} else None
        if not self.asked:
            refuse_alone(self.columns)
            return None, general_population(life_table, *mean, folder)
        found = relative_survival(life_table, self.columns, mean, folder)
        return found, population_of(found, life_table, mean, folder)


def relative_survival_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of relative survival, as its argument `relative`.

    Parameters
    ----------
    command : callable
        That takes `relative`, a `Relative`.

    Returns
    -------
    callable
        With the options.
    """

    @wraps(command)
    def packed(**given: Any) -> None:
        asked = given.pop("relative_survival")
        command(relative=Relative(asked, {name: given.pop(name) for name in COLUMNS}), **given)

    for option in reversed(OPTIONS):
        option(packed)
    return packed
