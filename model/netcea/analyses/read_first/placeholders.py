"""First line on numbers that are still placeholders of a blank model: no result below is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcea.analyses.read_first.facts import Facts
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.number_format import plain

SOURCE: Final = "placeholder"
"""Key of sources.yaml that numbers of a blank model (`netcea init --blank`) name until they are filled in."""
MOST: Final = 3
"""Numbers that are named."""


def placeholders(facts: Facts) -> Iterator[FirstLine]:
    """Say how many numbers in use nobody has filled in yet, and which.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    numbers = facts.scenario.quantities
    named = [plain(number.label or address) for address, number in numbers.items() if SOURCE in number.source]
    if not named:
        return
    more = f" and {len(named) - MOST:,} more" if len(named) > MOST else ""
    are = "1 number is still a placeholder" if len(named) == 1 else f"{len(named):,} numbers are still placeholders"
    yield FirstLine(
        "placeholders",
        f"{are} of a blank model ({'; '.join(named[:MOST])}{more}), so that no result here says anything yet: netcea "
        f"check lists them; each needs its value, and a source and a status of its own.",
        depends_on_prices=False,
    )
