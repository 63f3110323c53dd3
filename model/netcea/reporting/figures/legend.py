"""The part of a legend that names the strategies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netcea.reporting.figures.style import line_style, line_width, strategy_colours

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from netcea.analyses.base_case.result import BaseCaseResult


def strategy_lines(result: BaseCaseResult, names: Sequence[str]) -> list[tuple[Artist, str]]:
    """Return the legend of the strategies."""
    from matplotlib.lines import Line2D

    colours = strategy_colours(result)
    return [
        (
            Line2D([], [], color=colours[name], linewidth=line_width(result, name), linestyle=line_style(result, name)),
            result.scenario.label(name),
        )
        for name in names
    ]
