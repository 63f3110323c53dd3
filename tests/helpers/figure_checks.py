"""What every figure must hold, whatever its numbers: text inside the page, legible, literal, and clear of other text."""

from __future__ import annotations

import re

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from netcea.reporting.figures.style import styled


def texts(figure: Figure) -> list[Text]:
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def words(figure: Figure) -> str:
    """Return all text of a figure as one line, in the order of drawing."""
    return " ".join(t.get_text() for t in texts(figure)).replace("\n", " ")


def faults(figure: Figure) -> list[str]:
    """Return what is wrong with a figure's text."""
    found = []
    with styled():
        FigureCanvasAgg(figure).draw()
        boxes = [(t, t.get_window_extent()) for t in _drawn(figure)]
        for text, box in boxes:
            said = text.get_text()
            if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1:
                found.append(f"outside the page: {said!r}")
            if text.get_fontsize() < 9:
                found.append(f"too small: {said!r}")
            if text.get_parse_math():
                found.append(f"not literal: {said!r}")
            if re.search(r"\b(nan|inf)\b|−0(\.0*)?$|-£|£-", said):
                found.append(f"not a number for a reader: {said!r}")
        for i, (one, a) in enumerate(boxes):
            for other, b in boxes[:i]:
                wide = min(a.x1, b.x1) - max(a.x0, b.x0)
                tall = min(a.y1, b.y1) - max(a.y0, b.y0)
                if wide > 1 and tall > 0.25 * min(a.height, b.height):
                    found.append(f"{one.get_text()!r} over {other.get_text()!r}")
        panels = [axes.get_window_extent() for axes in figure.axes]
        outside = [t.get_window_extent() for t in figure.texts] + [x.get_window_extent() for x in figure.legends]
        found += [f"{box} over a panel" for box in outside for panel in panels if panel.overlaps(box)]
    return found


def _drawn(figure: Figure) -> list[Text]:
    """Return the text that is drawn: no labels of an axis that hides them, nor of ticks beyond its ends."""
    hidden = set()
    for axes in figure.axes:
        for axis, side in ((axes.xaxis, "bottom"), (axes.yaxis, "left")):
            shown = axis.get_tick_params().get(f"label{side}", True) or axis.get_tick_params().get("labelright", False)
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            ticks = ((tick.get_loc(), label) for tick in axis.get_major_ticks() for label in (tick.label1, tick.label2))
            hidden |= {
                id(label)
                for at, label in ticks
                if not (axis.get_visible() and shown and low - slack <= at <= high + slack)
            }
    return [t for t in texts(figure) if id(t) not in hidden]
