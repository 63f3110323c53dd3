"""The time axis: as long as something happens, in months or years; and curves over it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.reporting.figures.axes import set_ticks
from netcea.reporting.figures.style import BLACK, COMPARATOR_COLOUR, DASHED, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REMAINDER: Final = 0.02
"""An axis ends where less than this share of every strategy is left."""
GENERAL_POPULATION: Final[dict[str, Any]] = {"color": BLACK, "linewidth": 1.2, "linestyle": DASHED}
"""How the general population's line looks."""


@dataclass(frozen=True)
class TimeAxis:
    """Unit, end and ticks of a time axis.

    Attributes
    ----------
    unit : {'months', 'years'}
    factor : float
        Multiply years by this.
    end, step : float
        In `unit`.
    horizon : float
        [years]
    """

    unit: str
    factor: float
    end: float
    step: float
    horizon: float

    def apply(self, axes: Axes) -> None:
        """Set limits, ticks and label."""
        axes.set_xlim(0.0, self.end)
        set_ticks(axes.xaxis, [i * self.step for i in range(int(self.end / self.step + 1e-9) + 1)], read)
        axes.set_xlabel(f"Time since start ({self.unit})")

    def shown(self, years: Array) -> NDArray[np.bool_]:
        """Return which times the axis shows, and the first beyond."""
        inside = years * self.factor <= self.end + 1e-9
        return np.concatenate([[True], inside[:-1]]) | inside

    def note(self) -> str:
        """Return what is not shown; empty where all of the horizon is."""
        if self.end / self.factor > self.horizon * 0.999:
            return ""
        return (
            f"The axis ends where less than {REMAINDER:.0%} of every strategy is left; the model runs to "
            f"the horizon of {read(self.horizon)} years."
        )


def time_axis(edges: Array, curves: Iterable[Array], horizon: float, marked: Iterable[float] = ()) -> TimeAxis:
    """Return the axis that shows curves until little of any is left, and the times that are marked.

    Parameters
    ----------
    edges : Array (N + 1,)
        [years]
    curves : iterable of Array (N + 1,)
        Survival at the edges.
    horizon : float
        [years]
    marked : iterable of float
        Times that must be seen. [years]
    """
    needed = max([0.25, *(_gone(edges, curve) for curve in curves), *(min(time, horizon) for time in marked)])
    months = needed <= 6.0
    factor = MONTHS_PER_YEAR if months else 1.0
    steps = (1, 2, 3, 6, 12) if months else (1, 2, 5, 10, 20)
    step = next((s for s in steps if needed * factor / s <= 10), steps[-1])
    end = min(math.ceil(needed * factor / step - 1e-9) * step, horizon * factor)
    return TimeAxis("months" if months else "years", factor, float(end), float(step), horizon)


def _gone(edges: Array, curve: Array) -> float:
    gone = np.flatnonzero(curve <= REMAINDER)
    return float(edges[gone[0]]) if len(gone) else float(edges[-1])


def strategy_curves(
    axes: Axes, looks: Mapping[str, Look], curves: Mapping[str, tuple[Array, Array]]
) -> list[tuple[Array, Array]]:
    """Draw the curves of strategies, the comparator's below the others; return them in that order."""
    ordered = sorted(curves, key=lambda name: looks[name].colour != COMPARATOR_COLOUR)
    for name in ordered:
        axes.plot(*curves[name], **looks[name].line(), zorder=3)
    return [curves[name] for name in ordered]
