"""When a relative effect fades: marks and notes of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netcea.analyses.base_case.figures.time_axis import TimeAxis
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
        quantities = [result.scenario.quantities[address] for address in (model.waning_starts, model.waning_ends)]
        starts, ends = (quantity.value * to_model(quantity.unit) for quantity in quantities)
        found.setdefault((starts, ends), []).append(name)
    return dict(sorted(found.items()))


def mark_effect_ends(
    axes: Axes, axis: TimeAxis, result: BaseCaseResult, ends: dict[tuple[float, float], list[str]], *, above: bool
) -> None:
    """Mark when relative effects fade: a line, and words above the panel, or inside it at the top."""
    look = looks(result.scenario.strategies, result.case.comparator)
    width, _ = size_inches(axes)
    for number, ((start, end), names) in enumerate(ends.items()):
        from_, to = start * axis.factor, end * axis.factor
        if to > axis.end:
            continue
        if to > from_:
            axes.axvspan(from_, to, color=PALE, alpha=0.4, linewidth=0, zorder=0)
        axes.axvline(to, color=GREY, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
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


def effect_notes(result: BaseCaseResult, endpoints: Sequence[str] = ("pfs", "os")) -> list[str]:
    """Return a sentence for each relative effect that ends, where there are more than one to tell apart."""
    notes = []
    for endpoint in endpoints:
        ends = effect_ends(result, endpoint)
        for (start, end), names in ends.items() if len(ends) > 1 else ():
            whose = listed([result.scenario.label(name) for name in names])
            when = f"ends at {read(end)} years" if end == start else f"fades from {read(start)} to {read(end)} years"
            notes.append(f"The relative effect of {whose} {when}.")
    return notes
