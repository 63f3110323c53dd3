"""Value of information: EVPI over thresholds, EVPPI of quantities, and (from `study_value`) EVSI of a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from netcea.analyses.voi.figures.study_value import after, evsi_curve, money_axis
from netcea.arrays import Array
from netcea.reporting.figures.over_thresholds import mark_thresholds, threshold_axis
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SKY,
    SMALL_SIZE,
    plain,
    pounds,
    styled,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["evpi_curve", "evppi_bars", "evsi_curve"]

Z: Final = 1.96
CLEAR: Final = 2.0
"""A value of at least so many standard errors is told from 0."""
FAR: Final = 2.5
"""EVPI is drawn beside EVPPI when it is at most so many times the largest of them."""
_ROW: Final = 0.24
_TWO_LINES: Final = 0.34
_NAMES: Final = 3.1


def evpi_curve(
    thresholds: Array,
    evpi: Array,
    population: float | None = None,
    *,
    name: str = "",
    marked: Sequence[tuple[float, str]] = (),
) -> Figure:
    """Draw the expected value of perfect information over thresholds.

    Parameters
    ----------
    thresholds : Array (threshold,)
        Rising. [GBP/QALY]
    evpi : Array (threshold,)
        [GBP per patient]
    population : float, optional
        Patients whom the decision reaches, later ones discounted: an axis at the right shows the value for all.
    name : str
        Of the scenario.
    marked : sequence of (threshold, text)
        Thresholds to mark: those of the method pack, and where the decision switches.
    """
    with styled():
        many = "" if population is None else f"; right axis: for all {population:,.0f} patients reached, discounted"
        title = "What it is worth to know everything"
        subtitle = after(name, "expected value of perfect information (EVPI) per patient, without severity weight")
        if float(evpi.max()) <= 0.0:
            return sentence(title, subtitle, f"It is £0 at every threshold up to {pounds(float(thresholds[-1]))}.")
        made = page(
            title,
            f"{subtitle}{many}",
            3.5,
            margins=Margins(left=1.1, right=0.4 if population is None else 1.2, top=0.35, bottom=0.6),
        )
        axes = made.whole()
        axes.fill_between(thresholds, 0.0, evpi, color=BLUE, alpha=0.15, linewidth=0)
        axes.plot(thresholds, evpi, color=BLUE, zorder=3)
        high = max(float(evpi.max()), 1.0) * 1.06
        axes.set_ylim(0.0, high)
        money_axis(axes, 0.0, high)
        axes.set_ylabel("EVPI per patient")
        threshold_axis(axes, thresholds, ())
        mark_thresholds(axes, [(t, plain(text)) for t, text in marked])
        if population is not None:
            beside = axes.twinx()
            beside.set_ylim(0.0, high * population)
            beside.spines["right"].set_visible(True)
            money_axis(beside, 0.0, high * population)
            beside.set_ylabel("EVPI for all patients reached")
        return made.figure


def evppi_bars(
    names: Sequence[str],
    values: Sequence[float],
    standard_errors: Sequence[float],
    evpi: float,
    units: str,
    *,
    name: str = "",
) -> Figure:
    """Draw the expected value of perfect partial information on quantities, with 95% intervals, in the order given.

    Parameters
    ----------
    names : sequence of str
        Of quantities or groups.
    values, standard_errors : sequence of float
        [units]
    evpi : float
        Of everything together: the most that any could be. [units]
    units : str
        What the values are: '£ per patient, at £35,000 per QALY'.
    name : str
        Of the scenario.
    """
    from matplotlib.patches import Patch

    title = "Which numbers are worth knowing better"
    subtitle = after(name, f"expected value of perfect partial information (EVPPI), {plain(units)}")
    with styled():
        if not names or max(values) <= 0.0:
            return sentence(title, subtitle, "No single number or group could change the decision: each is worth £0.")
        lines = [wrapped(text, _NAMES, lines=2) for text in names]
        row = _ROW if max(len(found) for found in lines) == 1 else _TWO_LINES
        clear = [value >= CLEAR * error for value, error in zip(values, standard_errors, strict=True)]
        legend = [
            (Patch(facecolor=colour), text)
            for colour, text, some in (
                (SKY, "With 95% interval of the estimate", any(clear)),
                (PALE, "Not told from 0: below two standard errors", not all(clear)),
            )
            if some
        ]
        made = page(
            title,
            f"{subtitle}; EVPI of everything {pounds(evpi)}",
            row * len(names),
            margins=Margins(left=max(text_width(x) for found in lines for x in found) + 0.35, right=0.3, top=0.35),
            legend=legend,
        )
        axes = made.whole()
        _bars(axes, values, standard_errors, evpi, made.width)
        for number, found in enumerate(lines):
            axes.text(
                -0.1 / made.width,
                number,
                "\n".join(found),
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                size=SMALL_SIZE,
                linespacing=1.05,
            )
        return made.figure


def _bars(axes: Axes, values: Sequence[float], standard_errors: Sequence[float], evpi: float, width: float) -> None:
    from matplotlib.ticker import MaxNLocator

    texts = [pounds(value) for value in values]
    ends = [value + Z * error for value, error in zip(values, standard_errors, strict=True)]
    beside = evpi <= FAR * max(ends)
    most = max([*ends, evpi]) if beside else max(ends)
    room = max(text_width(text) for text in texts) + 0.15
    high = most / (1.0 - room / width)
    for number, (value, error, text) in enumerate(zip(values, standard_errors, texts, strict=True)):
        axes.barh(number, value, height=0.62, color=SKY if value >= CLEAR * error else PALE, zorder=3)
        low, up = max(value - Z * error, 0.0), value + Z * error
        if error > 0.0:
            axes.plot([low, up], [number, number], color=INK, linewidth=1.1, zorder=4, solid_capstyle="butt")
        axes.annotate(
            text,
            (up, number),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            size=SMALL_SIZE,
            zorder=5,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"},
        )
    axes.set_xlim(0.0, high)
    axes.set_ylim(len(values) - 0.5, -0.5)
    ticks = [float(t) for t in MaxNLocator(4).tick_values(0.0, most) if 0.0 <= t <= most]
    axes.set_xticks(ticks, labels=[pounds(t) for t in ticks])
    axes.set_yticks([])
    axes.grid(visible=True, axis="x", color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)
    if beside:
        mark_thresholds(axes, [(evpi, f"EVPI {pounds(evpi)}")])
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=4)
