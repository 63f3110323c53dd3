"""Figure of a reconstruction: its curve over the clicks, numbers at risk as reconstructed and as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netcea.evidence.survival_axes import survival_axes
from netcea.reporting.figures import legend
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, GREY, SMALL_SIZE, STRATEGY_COLOURS, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.evidence.arms import FitsOfArms

MOST_COLUMNS = 14
"""Numbers at risk that have room below an axis."""


@styled()
def reconstruction_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw the Kaplan-Meier estimate of reconstructed patients over the points that were clicked.

    Parameters
    ----------
    found : FitsOfArms
        Reconstructed.
    arm : str
    """
    whole = found.data.reconstructed
    if whole is None:
        raise ValueError("these patients were not reconstructed")
    curve, km, patients = whole.curves[arm], found.kaplan_meier[arm], found.data.arms[arm]
    end = max(float(curve.time[-1]), float(patients.time.max())) * 1.02
    clicks: dict[str, Any] = {"color": STRATEGY_COLOURS[0], "marker": "o", "markersize": 2.5, "linestyle": "none"}
    made = page(
        f"{found.label}, {arm}: reconstructed patients over the clicked curve",
        f"{found.name}; {patients.n:,} patients, {patients.events:,} events",
        3.7,
        margins=Margins(left=1.2, bottom=1.1),
        legend=[
            legend.line("Kaplan-Meier of reconstructed patients", color=BLACK, linewidth=1.4),
            legend.line("clicked points", **clicks),
        ],
        notes=[],
    )
    axes, _ = survival_axes(made, end, found.time_unit)
    axes.step(np.append(0.0, km.times), np.append(1.0, km.survival), where="post", color=BLACK, linewidth=1.4, zorder=2)
    axes.plot(curve.time, curve.survival, zorder=3, **clicks)
    _numbers(axes, curve.at_risk_times, curve.at_risk, [int((patients.time >= t).sum()) for t in curve.at_risk_times])
    return made.figure


def _numbers(axes: Axes, times: np.ndarray, published: np.ndarray, own: list[int]) -> None:
    """Write numbers at risk below the axis, at their times: as published, and as reconstructed."""
    every = -(-len(times) // MOST_COLUMNS)
    look: dict[str, Any] = {"size": SMALL_SIZE, "va": "top", "color": GREY}
    for down, name, numbers in ((-38, "Published", published), (-50, "Reconstructed", own)):
        axes.annotate(
            name, (0.0, 0.0), (-14, down), xycoords="axes fraction", textcoords="offset points", ha="right", **look
        )
        for t, n in list(zip(times.tolist(), numbers, strict=True))[::every]:
            axes.annotate(
                f"{int(n):,}",
                (t, 0.0),
                (0, down),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                ha="center",
                **look,
            )
