"""How a command draws its figures, and what it says where no font of the machine has the letters of a label."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import click

from netcea.cli.say import say

MOST_NAMED: Final = 3
"""Labels that the message names."""
OVER_THRESHOLDS: Final = ("psa", "voi")
"""Analyses with figures over thresholds."""


def thresholds_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says which thresholds are drawn large."""
    option = click.option(
        "--thresholds-to",
        type=click.FloatRange(min=0.0, min_open=True),
        metavar="GBP",
        help="Figures over thresholds are large up to here, all others small below; 100,000 when left out.",
    )
    return option(command)


@contextlib.contextmanager
def drawing(thresholds_to: float | None = None, *, figures: bool = True) -> Iterator[None]:
    """Draw figures inside; afterwards say once what stands for labels that no font could draw.

    Parameters
    ----------
    thresholds_to : float, optional
        Thresholds up to here are drawn large. [GBP/QALY]
    figures : bool
        Whether any are drawn: what draws is not loaded otherwise.
    """
    if not figures:
        yield
        return
    from netcea.reporting.figures.glyphs import replacements
    from netcea.reporting.figures.near_thresholds import UP_TO, large_up_to

    with large_up_to(UP_TO if thresholds_to is None else thresholds_to), replacements() as found:
        yield
    if found:
        some = ", ".join(f"{label} as {name}" for label, name in list(found.items())[:MOST_NAMED])
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        say(f"No font of this machine has the letters of every label: figures show {some}{more}.", err=True)
