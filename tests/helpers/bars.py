"""What a figure of stacked bars shows."""

from __future__ import annotations

from collections import defaultdict

from matplotlib.colors import to_hex
from matplotlib.text import Annotation


def bars_and_totals(figure):
    """Return, for each bar from the top: colour -> width of its part, and the total printed at its end."""
    axes = figure.axes[0]
    parts = defaultdict(dict)
    for bar in axes.patches:
        bar_of, colour = parts[round(bar.get_y() + bar.get_height() / 2, 6)], to_hex(bar.get_facecolor()).upper()
        bar_of[colour] = bar_of.get(colour, 0.0) + bar.get_width()
    printed = {round(t.xy[1], 6): t.get_text() for t in axes.texts if isinstance(t, Annotation)}
    return [(parts[row], printed[row]) for row in sorted(printed)]


def legend_of(figure):
    """Return label -> colour, in the order in which the legend shows them."""
    [legend] = figure.legends or [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    handles = zip(legend.get_texts(), legend.get_patches(), strict=True)
    return {text.get_text(): to_hex(patch.get_facecolor()).upper() for text, patch in handles}
