"""When a relative effect fades: marks and notes of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.base_case.figures.time_axis import TimeAxis
from netcea.arrays import Array
from netcea.engine.waning_in_favour import fades_between
from netcea.plain_number import read
from netcea.quantities.units import to_model
from netcea.reporting.figures.axes import size_inches
from netcea.reporting.figures.style import GREY, PALE, SMALL_SIZE, looks
from netcea.reporting.figures.text import listed, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netcea.analyses.base_case.result import BaseCaseResult


def effect_ends(result: BaseCaseResult, endpoint: str) -> dict[tuple[float, float], list[str]]:
    """Return (start, end) of the fading of a relative effect [years] -> strategies, the earliest first."""
    found: dict[tuple[float, float], list[str]] = {}
    for name in result.traces:
        model = result.scenario.curves.get(f"strategies.{name}.{endpoint}")
        if model is None or model.waning_starts is None or model.waning_ends is None:
            continue
        if model.waning_since == "discontinuation":  # no time of the cohort: see `effect_notes`
            continue
        if model.waning_since == "baseline":
            quantities = [result.scenario.quantities[address] for address in (model.waning_starts, model.waning_ends)]
            starts, ends = (quantity.value * to_model(quantity.unit) for quantity in quantities)
        else:
            starts, ends = fades_between(result.scenario, model.address)
        found.setdefault((starts, ends), []).append(name)
    return dict(sorted(found.items()))


def mark_effect_ends(
    axes: Axes, axis: TimeAxis, result: BaseCaseResult, ends: dict[tuple[float, float], list[str]], *, above: bool
) -> list[tuple[Array, Array]]:
    """Mark when relative effects fade: a line, and words above the panel, or inside it at the top; return the lines."""
    lines: list[tuple[Array, Array]] = []
    look = looks(result.scenario.strategies, result.case.comparator)
    width, _ = size_inches(axes)
    for number, ((start, end), names) in enumerate(ends.items()):
        from_, to = start * axis.factor, end * axis.factor
        if to > axis.end:
            continue
        if to > from_:
            axes.axvspan(from_, to, color=PALE, alpha=0.4, linewidth=0, zorder=0)
        axes.axvline(to, color=GREY, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
        lines.append((np.array([to, to]), np.array([0.0, 1.0])))
        times = f"ends: {read(to)}" if from_ == to else f"fades: {read(from_)} to {read(to)}"
        words = f"Relative effect {times} {axis.unit}"
        right = text_width(words) + 0.1 < (1.0 - to / axis.end) * width
        lines_up = number * SMALL_SIZE * 1.35
        axes.annotate(
            words,
            (to, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=((4 if right else -4) * (0 if above else 1), 1 + lines_up if above else -2 - lines_up),
            textcoords="offset points",
            ha="left" if right else "right",
            va="bottom" if above else "top",
            size=SMALL_SIZE,
            color=look[names[0]].colour if len(names) == 1 else GREY,
        )
    return lines


def effect_notes(result: BaseCaseResult, endpoints: Sequence[str] = ("pfs", "os")) -> list[str]:
    """Return a sentence for each effect that ends, where there are several, or by patient: no line marks those."""
    notes = []
    for endpoint in endpoints:
        for name in result.traces:
            model = result.scenario.curves.get(f"strategies.{name}.{endpoint}")
            if model is not None and model.waning_starts and model.waning_since == "discontinuation":
                whose = f"{endpoint.upper()} of {result.scenario.label(name)}"
                notes.append(f"The relative effect on {whose} wanes from each patient's own discontinuation.")
        ends = effect_ends(result, endpoint)
        for (start, end), names in ends.items() if len(ends) > 1 else ():
            whose = listed([result.scenario.label(name) for name in names])
            when = f"ends at {read(end)} years" if end == start else f"fades from {read(start)} to {read(end)} years"
            notes.append(f"The relative effect of {whose} {when}.")
    return notes
