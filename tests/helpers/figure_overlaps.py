"""What a figure must hold as it is printed: text clear of curves, marks, bars and other text, inside, and large enough.

Everything is measured where it is drawn: a curve is followed in steps of half a dot, whatever its scale, and cut to its
panel as the drawing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from netcea.reporting.figures.glyphs import HOUSE_FONT, JOINERS, font_of
from netcea.reporting.figures.style import styled

PRINTED_CM = 16.0
"""Width of a figure in a document on A4."""
LEAST_POINTS = 7.0
"""Size of the smallest letters there. [points]"""
TALLEST_CM = 23.5
"""Height that a page has for a figure and its caption."""
FAINT_FROM = 0.8
"""Lightness from which a line is one of the background: a grid, a stroke from a label to its mark. [share of white]"""
STEP = 0.5
"""Between points along a curve. [dots]"""
DEEP = set("gjpqyQ,;()[]{}|_/$")
"""Letters that reach below the line."""
NOTHING = ("None", "none", None, "", " ")
"""How matplotlib says that a line has no stroke, or no marks."""


def overlaps(figure: Figure) -> list[str]:
    """Return what is wrong with a figure."""
    with styled():
        FigureCanvasAgg(figure).draw()
        texts = list(_drawn(figure))
        found = [
            *_sizes(figure, texts),
            *_characters(texts),
            *_outside(figure, texts),
            *_on_one_another(texts),
            *_on_marks(figure, texts),
            *_on_bars(figure, texts),
            *_legends_over_panels(figure),
        ]
    return list(dict.fromkeys(found))


def _short(text: Text) -> str:
    return repr(text.get_text()[:60])


# ------------------------------------------------------------------------------------------------ what is drawn
def _drawn(figure: Figure) -> Iterator[tuple[Text, Axes | None, Bbox]]:
    """Yield each text that is drawn with its panel and the box of its ink."""
    hidden = {id(text) for axes in figure.axes for text in _hidden(axes)}
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and id(text) not in hidden:
            yield text, text.axes, _ink(text)


def _hidden(axes: Axes) -> Iterator[Text]:
    for axis in (axes.xaxis, axes.yaxis):
        shown = {id(tick) for tick in axis._update_ticks()} if axes.axison and axis.get_visible() else set()
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            for label in (tick.label1, tick.label2):
                if id(tick) not in shown or not label.get_visible():
                    yield label


def _ink(text: Text) -> Bbox:
    """Return the box of a text without the room above and below its letters, whatever lies below it."""
    box = Text.get_window_extent(text)
    foot = 0.04 if set(text.get_text().split("\n")[-1]) & DEEP else 0.18
    lines = text.get_text().count("\n") + 1
    tall = box.height / lines if text.get_rotation() in (0.0, 180.0) else 0.0
    wide = box.width / lines if text.get_rotation() in (90.0, 270.0) else 0.0
    return Bbox.from_extents(box.x0 + 0.15 * wide, box.y0 + foot * tall, box.x1 - 0.15 * wide, box.y1 - 0.12 * tall)


# ------------------------------------------------------------------------------------------------ text by itself
def _sizes(figure: Figure, texts: list[tuple[Text, Axes | None, Bbox]]) -> Iterator[str]:
    across, up = (2.54 * float(inches) for inches in figure.get_size_inches())
    factor = PRINTED_CM / across
    for text, _, _ in texts:
        if text.get_fontsize() * factor < LEAST_POINTS:
            yield f"printed with {text.get_fontsize() * factor:.2f} points: {_short(text)}"
    if up * factor > TALLEST_CM:
        yield f"{up * factor:.1f} cm tall where it is printed"


def _characters(texts: list[tuple[Text, Axes | None, Bbox]]) -> Iterator[str]:
    for text, _, _ in texts:
        said = text.get_text()
        if text.get_parse_math():
            yield f"not literal: {_short(text)}"
        if re.search(r"\b(nan|inf)\b|−0(\.0*)?$|-£|£-", said):
            yield f"not a number for a reader: {_short(text)}"
        if any(not (c.isascii() or c in JOINERS or font_of(c)) for c in said):
            yield f"a box for a character: {_short(text)}"
        families = text.get_fontfamily()
        if families[0] != HOUSE_FONT:
            yield f"another font first: {_short(text)}"


def _outside(figure: Figure, texts: list[tuple[Text, Axes | None, Bbox]]) -> Iterator[str]:
    for text, _, box in texts:
        if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1:
            yield f"cut off: {_short(text)}"


def _on_one_another(texts: list[tuple[Text, Axes | None, Bbox]]) -> Iterator[str]:
    for (one, _, a), (other, _, b) in combinations(texts, 2):
        wide, tall = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > 0.5 and tall > 0.5:
            yield f"{_short(one)} over {_short(other)}"


def _legends_over_panels(figure: Figure) -> Iterator[str]:
    boxes = [t.get_window_extent() for t in figure.texts] + [x.get_window_extent() for x in figure.legends]
    for axes in figure.axes:
        if any(axes.get_window_extent().overlaps(box) for box in boxes):
            yield "a title, note or legend over a panel"


# ------------------------------------------------------------------------------------------------ text and marks
def _on_marks(figure: Figure, texts: list[tuple[Text, Axes | None, Bbox]]) -> Iterator[str]:
    for mark in _marks(figure):
        x, y = mark.points[:, 0], mark.points[:, 1]
        for text, _, box in texts:
            if mark.straight and _is_backed(text):
                continue
            across = (x > box.x0 - mark.reach) & (x < box.x1 + mark.reach)
            if np.any(across & (y > box.y0 - mark.reach) & (y < box.y1 + mark.reach)):
                yield f"{_short(text)} on {mark.what}"


def _is_backed(text: Text) -> bool:
    """Say whether a text stands on a white ground that hides all below: a straight line may end there, no curve."""
    ground = text.get_bbox_patch()
    return ground is not None and to_rgba(ground.get_facecolor()) == (1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Mark:
    """Something drawn: points along it, and how far its ink reaches from them [dots]."""

    what: str
    points: np.ndarray
    reach: float
    straight: bool = False


def _marks(figure: Figure) -> Iterator[Mark]:
    """Yield each curve, mark and stroke of a figure, and the edges of its panels."""
    dot = figure.dpi / 72.0
    of_no_account = _of_legends(figure) | _of_axes(figure)
    for line in figure.findobj(Line2D):
        if id(line) not in of_no_account and line.get_visible():
            yield from _of_line(line, dot)
    for axes in figure.axes:
        for collection in axes.collections:
            if collection.get_visible():
                yield from _of_collection(collection, dot)
        for side in axes.spines.values():
            if side.get_visible() and axes.axison:
                edge = side.get_transform().transform_path(side.get_path()).to_polygons(closed_only=False)
                yield Mark("the edge of a panel", _along(edge), 0.5 * dot)


def _of_legends(figure: Figure) -> set[int]:
    legends = [*figure.legends, *(legend for axes in figure.axes if (legend := axes.get_legend()))]
    return {id(part) for legend in legends for part in legend.findobj(Artist)}


def _of_axes(figure: Figure) -> set[int]:
    """Return the lines of grids and ticks."""
    found: set[int] = set()
    for axes in figure.axes:
        found |= {id(line) for line in (*axes.get_xgridlines(), *axes.get_ygridlines())}
        for axis in (axes.xaxis, axes.yaxis):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                found |= {id(tick.tick1line), id(tick.tick2line)}
    return found


def _of_line(line: Line2D, dot: float) -> Iterator[Mark]:
    kept, path = _clip(line), line.get_transform().transform_path(line.get_path())
    colour, straight = line.get_color(), len(line.get_path().vertices) == 2
    if _is_seen(colour, line.get_alpha()) and line.get_linestyle() not in NOTHING:
        points = _along(path.to_polygons(closed_only=False))
        yield Mark(f"a line {colour}", kept(points), line.get_linewidth() / 2 * dot, straight)
    if line.get_marker() not in NOTHING and _is_seen(line.get_markeredgecolor(), None):
        size = line.get_markersize() * (0.5 if line.get_marker() in ("|", "_") else 1.0)
        yield Mark(f"a mark {colour}", kept(path.vertices), size / 2 * dot)


def _of_collection(collection: Artist, dot: float) -> Iterator[Mark]:
    kept = _clip(collection)
    if isinstance(collection, LineCollection):
        if any(_is_seen(rgba, collection.get_alpha()) for rgba in collection.get_colors()):
            paths = [collection.get_transform().transform_path(path) for path in collection.get_paths()]
            lines = [part for path in paths for part in path.to_polygons(closed_only=False)]
            yield Mark("a stroke", kept(_along(lines)), collection.get_linewidths()[0] / 2 * dot)
    elif isinstance(collection, PathCollection) and not collection.get_rasterized():
        places = np.asarray(collection.get_offset_transform().transform(collection.get_offsets()))
        yield Mark("a dot", kept(places), float(np.sqrt(collection.get_sizes().max())) / 2 * dot)


def _is_seen(colour: object, alpha: float | None) -> bool:
    red, green, blue, opacity = to_rgba(colour)
    opacity = opacity if alpha is None else alpha
    lightness = 1.0 - opacity * (1.0 - (0.2126 * red + 0.7152 * green + 0.0722 * blue))
    return lightness < FAINT_FROM


def _clip(artist: Artist):
    """Return what keeps the points that are drawn."""
    if artist.axes is None or not artist.get_clip_on():
        return lambda points: points
    box = artist.axes.bbox

    def kept(points: np.ndarray) -> np.ndarray:
        inside = (
            (points[:, 0] >= box.x0) & (points[:, 0] <= box.x1) & (points[:, 1] >= box.y0) & (points[:, 1] <= box.y1)
        )
        return points[inside]

    return kept


def _along(lines: list[np.ndarray]) -> np.ndarray:
    """Return points along lines, half a dot apart."""
    found = [np.empty((0, 2))]
    for line in lines:
        places = np.clip(line[np.isfinite(line).all(axis=1)], -2e4, 2e4)
        for a, b in pairwise(places):
            steps = max(2, int(np.hypot(*(b - a)) / STEP) + 1)
            found.append(a + (b - a) * np.linspace(0.0, 1.0, steps)[:, None])
        found.append(places)
    return np.concatenate(found)


def _on_bars(figure: Figure, texts: list[tuple[Text, Axes | None, Bbox]]) -> Iterator[str]:
    """Yield texts that lie across the edge of a bar."""
    for axes in figure.axes:
        bars = [p for p in axes.patches if isinstance(p, Rectangle) and _is_seen(p.get_facecolor(), p.get_alpha())]
        boxes = [bar.get_window_extent() for bar in bars if bar.get_visible()]
        for text, of, box in texts:
            if of is not axes:
                continue
            for bar in boxes:
                wide, tall = min(box.x1, bar.x1) - max(box.x0, bar.x0), min(box.y1, bar.y1) - max(box.y0, bar.y0)
                if wide > 0.5 and tall > 0.5 and not (bar.x0 <= box.x0 and box.x1 <= bar.x1):
                    yield f"{_short(text)} across the edge of a bar"
