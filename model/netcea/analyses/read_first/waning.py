"""First lines on an effect that wanes where it is a harm, so that waning helps the strategy."""

from __future__ import annotations

from collections.abc import Iterator

from netcea.analyses.read_first.facts import Facts
from netcea.engine.waning_in_favour import waning_in_favour
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.number_format import plain


def waning(facts: Facts) -> Iterator[FirstLine]:
    """Say in which strategy, and from when to when, the hazard that wanes is above the one to which it moves.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for harm in waning_in_favour(facts.scenario):
        yield FirstLine("waning", f"{plain(harm.words(facts.scenario))}.", depends_on_prices=False)
