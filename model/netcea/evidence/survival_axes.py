"""The axes of survival in percent over time from 0, the same in every figure of what is found in data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netcea.plain_number import read
from netcea.reporting.figures.axes import percent_axis, set_ticks, ticks_within
from netcea.reporting.figures.page import Page

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def survival_axes(
    made: Page, end: float, unit: str, label: str = "Without the event (% of patients)", **ticks: Any
) -> tuple[Axes, list[float]]:
    """Return the axes of a page, and the times that have a tick.

    Parameters
    ----------
    made : Page
    end : float
        Of the axis of time. [unit]
    unit : str
        Of time.
    label : str
        Of the vertical axis.
    **ticks
        See `netcea.reporting.figures.axes.ticks_within`.
    """
    axes = made.whole()
    axes.set_xlim(0.0, end)
    percent_axis(axes, label, steps=4, low=0.0)
    found = ticks_within(0.0, end, 8, **ticks)
    set_ticks(axes.xaxis, found, read)
    axes.set_xlabel(f"Time ({unit})")
    return axes, found
