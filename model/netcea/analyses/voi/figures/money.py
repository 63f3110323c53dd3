"""Amounts that can be millions of pounds: their axis; and subtitles after the name of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.reporting.figures.axes import ticks_within
from netcea.reporting.figures.text import plain, pounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def money_axis(axes: Axes, low: float, high: float, label: str, most: int = 5) -> None:
    """Set a vertical axis in pounds, or in millions of pounds."""
    axes.set_ylim(low, high)
    ticks = ticks_within(low, high, most, integer=high - low < 10.0)
    axes.set_yticks(ticks, labels=money(np.array(ticks)))
    axes.set_ylabel(label)


def money(values: Array) -> list[str]:
    """Return amounts in pounds; in millions where the largest is above two.

    >>> money(np.array([0.0, 500.0])), money(np.array([-1.5e6, 3e6]))
    (['£0', '£500'], ['−£1.5m', '£3m'])
    """
    if len(values) == 0 or np.abs(values).max() <= 2e6:
        return [pounds(float(value)) for value in values]
    return [("−" if v < 0 else "") + (f"£{read(abs(float(v)) / 1e6, 4)}m" if v else "£0") for v in values]


def after(name: str, text: str) -> str:
    """Return a sentence after the name of a scenario, or on its own with a capital."""
    return f"{plain(name)}: {text}" if name else text[:1].upper() + text[1:]
