"""Published medians, landmarks and ratios, as points and notes of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.base_case.evidence_tables import decimals_of
from netcea.analyses.base_case.figures.time_axis import TimeAxis
from netcea.arrays import Array
from netcea.plain_number import read
from netcea.quantities.units import UNITS, to_model
from netcea.reporting.figures.style import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netcea.analyses.base_case.result import BaseCaseResult, Comparison


ENDPOINTS: Final = {"pfs": ("pfs",), "os": ("os",), "ttd": ("ttd", "time_on_treatment")}
"""Endpoint -> what comparisons call it."""
MARKERS: Final = ("o", "D", "s", "^", "v", "P")
"""Of trials, those from which strategies are known first."""


@dataclass(frozen=True)
class Published:
    """A published figure as a point: its place, its interval, what it is called, and the trial that found it.

    Attributes
    ----------
    strategy : str
    x, y : float
        [years], [share]
    x_range, y_range : tuple of float, or None
        Its 95% interval, along one of both axes.
    text : str
    fitted : bool
        Whether the curve was fitted to it.
    trial : str
        As inputs/ names it; empty where they do not.
    another : bool
        Whether that is another trial than the one from which the strategy is known.
    marker : str
        One for each trial.
    """

    strategy: str
    x: float
    y: float
    x_range: tuple[float, float] | None
    y_range: tuple[float, float] | None
    text: str
    fitted: bool
    trial: str = ""
    another: bool = False
    marker: str = "o"

    def mark(self, colour: str) -> dict[str, Any]:
        """Return how its mark looks: filled where the curve was fitted to it, hollow otherwise."""
        edge = {"marker": self.marker, "markersize": 6.5, "markeredgewidth": 1.5, "color": colour}
        return edge | {"markerfacecolor": colour if self.fitted else "white"}


def published(result: BaseCaseResult, endpoint: str) -> list[Published]:
    """Return the published medians and landmarks of an endpoint as points."""
    points, names = [], result.scenario.trial_names
    for c in result.comparisons:
        dimension = UNITS[c.unit].dimension
        if c.endpoint not in ENDPOINTS[endpoint] or dimension not in {"duration", "proportion"}:
            continue
        interval = (c.low, c.high) if c.low is not None and c.high is not None else None
        whose: dict[str, Any] = {
            "fitted": c.status == "fitted",
            "trial": names.get(c.address, ""),
            "another": bool(c.trial),
        }
        if dimension == "duration":
            f = to_model(c.unit)
            x_range = None if interval is None else (interval[0] * f, interval[1] * f)
            text = f"{read(c.published)} {c.unit}"
            points.append(Published(c.strategy, c.published * f, 0.5, x_range, None, text, **whose))
        else:
            at = result.scenario.quantities[c.address].at_months
            if at is not None:
                text = f"{read(100 * c.published, 3)}%"
                points.append(Published(c.strategy, at / 12.0, c.published, None, interval, text, **whose))
    trials = sorted({(p.another, p.trial) for p in points})
    markers = {
        trial: MARKERS[number % len(MARKERS)] for number, trial in enumerate(dict.fromkeys(t for _, t in trials))
    }
    return [replace(p, marker=markers[p.trial]) for p in points]


def draw_published(
    axes: Axes, axis: TimeAxis, points: Sequence[Published], looks: Mapping[str, Look]
) -> list[tuple[Array, Array]]:
    """Draw published points with their intervals; return the lines of the intervals."""
    lines = []
    for p in points:
        x, colour = p.x * axis.factor, looks[p.strategy].colour
        bar: dict[str, Any] = {"color": colour, "linewidth": 1.2, "capsize": 3.5, "fmt": "none", "zorder": 4}
        if p.x_range is not None:
            low, high = (time * axis.factor for time in p.x_range)
            axes.errorbar([x], [p.y], xerr=[[x - low], [high - x]], **bar)
            lines.append((np.array([low, high]), np.array([p.y, p.y])))
        if p.y_range is not None:
            low, high = p.y_range
            axes.errorbar([x], [p.y], yerr=[[p.y - low], [high - p.y]], **bar)
            lines.append((np.array([x, x]), np.array([low, high])))
        axes.plot(x, p.y, **p.mark(colour), linestyle="none", zorder=5, clip_on=False)
    return lines


def ratio_notes(result: BaseCaseResult, endpoint: str) -> list[str]:
    """Return a line per published hazard ratio."""
    return [
        f"{result.scenario.label(c.strategy)}, {c.what}: {read(c.published)}{_between(c)} published, "
        f"{c.modelled:.{max(decimals_of(c.published), 2)}f} modelled."
        for c in result.comparisons
        if c.endpoint in ENDPOINTS[endpoint] and UNITS[c.unit].dimension == "ratio" and np.isfinite(c.modelled)
    ]


def _between(c: Comparison) -> str:
    return "" if c.low is None or c.high is None else f" ({read(c.low)} to {read(c.high)})"
