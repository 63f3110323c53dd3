"""The Kaplan-Meier estimate with its band in a figure, and the numbers at risk below its axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netcea.reporting.figures.style import BLACK, FAINT, GREY, PALE, SMALL_SIZE
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netcea.fitting.kaplan_meier import KaplanMeier
    from netcea.fitting.patients import Patients


def draw_data(axes: Axes, km: KaplanMeier, factor: float) -> None:
    """Draw the Kaplan-Meier estimate with its band.

    Parameters
    ----------
    axes : Axes
    km : KaplanMeier
    factor : float
        By which its times are divided. [unit of time / unit of the axis]
    """
    times = np.concatenate([[0.0], km.times]) / factor
    survival = np.concatenate([[1.0], km.survival])
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = (
            np.concatenate([[1.0], km.survival ** np.exp(sign * HALF_WIDTH * km.log_log_se)]) for sign in (1.0, -1.0)
        )
    axes.fill_between(times, low, high, step="post", color=FAINT, zorder=0)
    axes.step(times, survival, where="post", color=BLACK, linewidth=1.6, zorder=5)
    axes.axhline(0.5, color=PALE, linewidth=0.8, zorder=0)


def numbers_at_risk(axes: Axes, ticks: list[float], patients: Patients, factor: float) -> None:
    """Write how many are at risk at each tick, below the axis.

    Parameters
    ----------
    axes : Axes
    ticks : list of float
        [unit of the axis]
    patients : Patients
    factor : float
        [unit of time / unit of the axis]
    """
    times = [tick * factor for tick in ticks]
    at_risk = [int(((patients.time >= t) & (patients.entry <= t)).sum()) for t in times]
    where = axes.get_xaxis_transform()
    look: dict[str, Any] = {"size": SMALL_SIZE, "va": "top", "color": GREY}
    axes.annotate(
        "At risk", (0.0, 0.0), (-14, -38), xycoords="axes fraction", textcoords="offset points", ha="right", **look
    )
    for tick, number in zip(ticks, at_risk, strict=True):
        axes.annotate(
            f"{number:,}", (tick, 0.0), (0, -38), xycoords=where, textcoords="offset points", ha="center", **look
        )
