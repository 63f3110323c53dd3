"""Curves over thresholds in two panels: those that matter large, all that were looked at small below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.axes import pounds_ticks
from netcea.reporting.figures.page import Page
from netcea.reporting.figures.style import FAINT
from netcea.reporting.figures.thresholds import mark_thresholds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UP_TO: Final = 100_000.0
"""Thresholds up to here are drawn large, unless somebody says otherwise. [GBP/QALY]"""
LONGER: Final = 1.25
"""A panel of its own for all thresholds where they reach so many times as far."""
POINTS: Final = 101
"""Of curves in the large panel."""
SMALL: Final = 1.1
"""Height of the small panel [inches]."""
BELOW: Final = 0.62
"""Room for an axis between a panel and what stands below it [inches]."""
_HEADING: Final = 0.26
_UP_TO: ContextVar[float] = ContextVar("_UP_TO", default=UP_TO)


@contextmanager
def large_up_to(threshold: float) -> Iterator[None]:
    """Draw thresholds up to this one large, inside.

    Parameters
    ----------
    threshold : float
        Above 0. [GBP/QALY]

    Raises
    ------
    ValueError
        It is not above 0.
    """
    if not threshold > 0.0:
        raise ValueError(f"thresholds are drawn large up to {threshold}: expected an amount above 0")
    inside = _UP_TO.set(float(threshold))
    try:
        yield
    finally:
        _UP_TO.reset(inside)


@dataclass(frozen=True)
class Panel:
    """A panel over thresholds.

    Attributes
    ----------
    axes : Axes
    end : float
        Of its axis. [GBP/QALY]
    near : bool
        Whether it is the large one beside one with all thresholds.
    small : bool
    """

    axes: Axes
    end: float
    near: bool
    small: bool


def near_end(top: float, marked: Sequence[float]) -> float | None:
    """Return where the large panel ends; None where it holds all thresholds.

    Parameters
    ----------
    top : float
        The highest threshold looked at. [GBP/QALY]
    marked : sequence of float
        Those that the large panel shows whatever its end.

    Examples
    --------
    >>> near_end(5e6, [25_000.0]), near_end(1e5, [25_000.0])
    (100000.0, None)
    """
    end = max([_UP_TO.get(), *(1.1 * threshold for threshold in marked)])
    return end if top > LONGER * end else None


def near_grid(end: float, marked: Sequence[float]) -> Array:
    """Return the thresholds of curves in the large panel, those that are marked among them. [GBP/QALY]"""
    return np.union1d(np.linspace(0.0, end, POINTS), [threshold for threshold in marked if threshold <= end])


def height_of(large: float, end: float | None) -> float:
    """Return the height of a large panel, with a small one below it where there is one [inches]."""
    return large if end is None else large + BELOW + _HEADING + SMALL


def panels_of(made: Page, bottom: float, large: float, top: float, end: float | None) -> list[Panel]:
    """Add the large panel and, below it, the small one.

    Parameters
    ----------
    made : Page
    bottom : float
        Of the lower panel, from the foot of the page's room. [inches]
    large : float
        Height of the large panel. [inches]
    top : float
        The highest threshold looked at. [GBP/QALY]
    end : float or None
        As of `near_end`.
    """
    if end is None:
        return [Panel(made.panel(0.0, bottom, made.width, large), top, near=False, small=False)]
    above = bottom + SMALL + _HEADING + BELOW
    return [
        Panel(made.panel(0.0, above, made.width, large), end, near=True, small=False),
        Panel(made.panel(0.0, bottom, made.width, SMALL), top, near=False, small=True),
    ]


def finish(panel: Panel, marked: Sequence[tuple[float, str]], end: float | None) -> None:
    """Set the axis of thresholds of a panel, and mark those that it is for.

    Parameters
    ----------
    panel : Panel
    marked : sequence of (threshold, text)
        The small panel marks those that the large one has no room for.
    end : float or None
        Of the large panel, where there are two.
    """
    axes = panel.axes
    axes.set_xlim(0.0, panel.end)
    pounds_ticks(axes.xaxis, 0.0, panel.end)
    small = panel.small and end is not None
    axes.set_xlabel(f"Threshold (per QALY){'; grey: what the panel above shows' if small else ''}")
    mark_thresholds(axes, [each for each in marked if not (small and each[0] <= (end or 0.0))])
    if small:
        axes.axvspan(0.0, end or 0.0, color=FAINT, linewidth=0, zorder=0)
