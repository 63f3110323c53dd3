"""What a reader must know before the numbers: a sentence each, shown above the tables of every analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

TITLE: Final = "Read first"
"""The heading above the sentences, wherever they stand."""


@dataclass(frozen=True)
class FirstLine:
    """A sentence that stands above the tables of a run.

    Attributes
    ----------
    code : str
        A stable short name of what it says: frontier, further_strategies, landmarks ...
    message : str
        The sentence, with its numbers.
    depends_on_prices : bool
        Whether any part of it, its being there included, could differ at another price: a redacted run leaves it out.
    """

    code: str
    message: str
    depends_on_prices: bool = True


def that_may_be_shown(lines: Iterable[FirstLine], *, redacted: bool) -> tuple[FirstLine, ...]:
    """Return the sentences that a run may show: all of them; of a redacted one those that no price changes.

    Parameters
    ----------
    lines : iterable of FirstLine
        All there are.
    redacted : bool
        Whether the run hides what depends on a confidential price.

    Examples
    --------
    >>> lines = [FirstLine("a", "At £5 it dominates."), FirstLine("b", "A curve misses.", depends_on_prices=False)]
    >>> [line.code for line in that_may_be_shown(lines, redacted=True)]
    ['b']
    """
    return tuple(line for line in lines if not (redacted and line.depends_on_prices))
