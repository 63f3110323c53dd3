"""A batch of scenarios on one line each: how far each moves the result from the base case, and its ICER."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.page import EDGE, Margins, Page, page, sentence
from netcea.reporting.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    SMALL_SIZE,
    plain,
    signed,
    styled,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIRECTIONS: Final = {"for": ORANGE, "against": BLUE, "unclear": "#808080"}
"""Whom a scenario is declared to favour -> colour."""
MOST: Final = 40
"""Rows of one figure: the largest changes."""
ROWS_OF_A_PAGE: Final = 44
"""Rows and headings of one page where all are shown."""
_ROW: Final = 0.2
_NAMES: Final = 3.2
_TEXTS: Final = 1.85
"""Most width of the ICERs [inches]."""
_HEADING: Final = "ICER (per QALY)"
_WORDS: Final = {
    "for": "Declared to favour the intervention",
    "against": "Declared to be against it",
    "unclear": "Direction not clear beforehand",
}


@dataclass(frozen=True)
class ForestRow:
    """One scenario beside the base case.

    Attributes
    ----------
    name : str
        Of the scenario; breaks ties of the order.
    label : str
        What the figure calls it.
    change : float
        Of incremental net health benefit from the base case; nan where it could not be computed. [QALYs]
    low, high : float or None
        An interval around the change, where there is one. [QALYs]
    icer_text : str
        Its ICER, or what it is called.
    direction : str
        Whom it is declared to favour: 'for', 'against', 'unclear' (or empty).
    group : str
        Heading under which it stands where all rows are shown; none when empty.
    """

    name: str
    label: str
    change: float
    low: float | None = None
    high: float | None = None
    icer_text: str = ""
    direction: str = "unclear"
    group: str = ""


def forest(
    rows: Sequence[ForestRow], title: str, base_label: str, *, subtitle: str = "", notes: Sequence[str] = ()
) -> Figure:
    """Draw the rows with the largest changes, largest first, around the line of the base case.

    Parameters
    ----------
    rows : sequence of ForestRow
    title : str
    base_label : str
        What the line at zero stands for: 'Base case: £813,500'.
    subtitle : str
    notes : sequence of str
    """
    ordered = _ordered([row for row in rows if math.isfinite(row.change)])
    shown, rest = ordered[:MOST], ordered[MOST:]
    more = []
    if rest:
        more.append(
            f"Not shown, since they change it by {_size(rest[0].change)} QALYs or less: {len(rest)} more scenarios."
        )
    with styled():
        if not shown:
            return sentence(title, plain(subtitle), "No scenario to compare with the base case could be run.")
        return _drawn(shown, shown, title, base_label, subtitle, [*notes, *more, *_lacking(rows)])


def forest_pages(
    rows: Sequence[ForestRow], title: str, base_label: str, *, subtitle: str = "", notes: Sequence[str] = ()
) -> list[Figure]:
    """Draw all rows, under their groups' headings, on as many pages as they need, all on one scale.

    Groups stand in their first row's order, rows within them largest change first. Parameters as of `forest`.
    """
    finite = [row for row in rows if math.isfinite(row.change)]
    pages = _pages(finite)
    with styled():
        if not pages:
            return [sentence(title, plain(subtitle), "No scenario to compare with the base case could be run.")]
        return [
            _drawn(
                lines,
                [line for several in pages for line in several],
                title if len(pages) == 1 else f"{title} ({number} of {len(pages)})",
                base_label,
                subtitle,
                [*notes, *_lacking(rows)] if number == len(pages) else [],
            )
            for number, lines in enumerate(pages, 1)
        ]


def _ordered(rows: Sequence[ForestRow]) -> list[ForestRow]:
    return sorted(rows, key=lambda row: (-abs(row.change), row.label, row.name))


def _size(change: float) -> str:
    """Return the size of a change in words.

    >>> _size(-0.0123), _size(0.0)
    ('0.012', '0.000')
    """
    return f"{abs(change):.3f}"


def _pages(rows: Sequence[ForestRow]) -> list[list[ForestRow | str]]:
    """Return the lines of each page, a heading as text; no heading stands last on its page."""
    groups: dict[str, list[ForestRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    headed = len(groups) > 1
    pages: list[list[ForestRow | str]] = [[]]
    total = len(rows) + (len(groups) if headed else 0)
    most = math.ceil(total / max(1, math.ceil(total / ROWS_OF_A_PAGE)))  # pages of about one length
    for group, members in groups.items():
        heading = plain(group) or "Others"
        if headed and len(pages[-1]) + 2 > most and pages[-1]:
            pages.append([])
        if headed:
            pages[-1].append(heading)
        for row in _ordered(members):
            if len(pages[-1]) >= most:
                pages.append([f"{heading} (continued)"] if headed else [])
            pages[-1].append(row)
    return [lines for lines in pages if lines]


def _lacking(rows: Sequence[ForestRow]) -> list[str]:
    lacking = [row for row in rows if not math.isfinite(row.change)]
    if not lacking:
        return []
    some = ", ".join(plain(row.label) for row in lacking[:5]) + (" and others" if len(lacking) > 5 else "")
    return [f"Not shown, since they could not be run: {len(lacking)} ({some})."]


def _drawn(
    lines: Sequence[ForestRow | str],
    everything: Sequence[ForestRow | str],
    title: str,
    base_label: str,
    subtitle: str,
    notes: Sequence[str],
) -> Figure:
    """Draw one page; its columns and its scale are those that hold the lines of every page."""
    rows = [line for line in lines if isinstance(line, ForestRow)]
    scale = [line for line in everything if isinstance(line, ForestRow)]
    left = max(1.0, *(text_width(_name(line), bold=isinstance(line, str)) for line in everything)) + 0.3
    room = max(text_width(_HEADING, bold=True), *(text_width(_icer(row)) for row in scale)) + 0.15
    explained = "Right of the line of the base case, the intervention looks better than in the base case."
    made = page(
        plain(title),
        plain(subtitle),
        _ROW * len(lines),
        margins=Margins(left=left, right=room + EDGE, top=0.3),
        legend=_legend(rows),
        notes=[explained, *(plain(note) for note in notes)],
    )
    axes = made.whole()
    _axis(axes, made, scale, base_label, 1.0 + room / made.width)
    for number, line in enumerate(lines):
        _write(axes, -0.08 / made.width, number, _name(line), bold=isinstance(line, str))
        if isinstance(line, str):
            axes.axhline(number, color=PALE, linewidth=0.7, zorder=1)
    places = [number for number, line in enumerate(lines) if isinstance(line, ForestRow)]
    for number, row in zip(places, rows, strict=True):
        _write(axes, 1.0 + room / made.width, number, _icer(row))
    _marks(axes, places, rows)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    return made.figure


def _name(line: ForestRow | str) -> str:
    """Return what a line is called, as much as there is room for."""
    heading = isinstance(line, str)
    return (wrapped(line if isinstance(line, str) else line.label, _NAMES, bold=heading, lines=1) or [""])[0]


def _icer(row: ForestRow) -> str:
    return (wrapped(row.icer_text, _TEXTS, lines=1) or [""])[0]


def _axis(axes: Axes, made: Page, rows: Sequence[ForestRow], base_label: str, icers: float) -> None:
    """Set the horizontal axis, the line of the base case, and the headings of the columns."""
    from matplotlib.ticker import MaxNLocator

    ends = [end for row in rows for end in _interval(row)]
    low, high = min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)
    lacking = max(0.0, 1e-3 - (high - low)) / 2
    low, high = low - lacking, high + lacking
    room = text_width("+0.000") + 0.16
    per_qaly = (made.width - 2 * room) / (high - low)
    axes.set_xlim(low - room / per_qaly, high + room / per_qaly)
    most = max(2, min(6, int((made.width - 2 * room) / 0.55)))
    ticks = [float(t) for t in MaxNLocator(most).tick_values(low, high) if low <= t <= high]
    axes.set_xticks(ticks, labels=[signed(t, "+.4g") if abs(t) > 1e-12 else "0" for t in ticks])
    axes.set_xlabel("Change in incremental net health benefit (QALYs)")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=INK, linewidth=1.1, zorder=2)
    axes.grid(visible=True, axis="x", color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)
    above = 1.0 + 0.06 / made.height
    middle = (-axes.get_xlim()[0]) / (axes.get_xlim()[1] - axes.get_xlim()[0])
    base = (wrapped(base_label, made.width - 0.24, lines=1) or [""])[0]
    half = (text_width(base) / 2 + 0.12) / made.width
    centre = min(max(middle, half), 1.0 - half)
    axes.text(centre, above, base, transform=axes.transAxes, ha="center", va="bottom", size=SMALL_SIZE, color=INK)
    for x, text, align in ((-0.08 / made.width, "Scenario", "right"), (icers, _HEADING, "right")):
        axes.text(x, above, text, transform=axes.transAxes, ha=align, va="bottom", size=SMALL_SIZE, weight="bold")


def _marks(axes: Axes, places: Sequence[int], rows: Sequence[ForestRow]) -> None:
    """Draw a stroke from the base case, the interval, the change and its number of each row."""
    colours = [DIRECTIONS.get(row.direction, DIRECTIONS["unclear"]) for row in rows]
    changes = [row.change for row in rows]
    axes.hlines(places, 0.0, changes, colors=colours, linewidth=2.4, alpha=0.35, zorder=3)
    for place, row, colour in zip(places, rows, colours, strict=True):
        low, high = _interval(row)
        if low < high:
            axes.plot([low, high], [place] * 2, color=colour, linewidth=1.3, zorder=3, marker="|", markersize=5)
        right = row.change >= 0
        axes.annotate(
            signed(row.change) if abs(row.change) >= 0.0005 else "0",
            (high if right else low, place),
            xytext=(6 if right else -6, 0),
            textcoords="offset points",
            va="center",
            ha="left" if right else "right",
            size=SMALL_SIZE,
        )
    axes.scatter(changes, places, s=30.0, c=colours, linewidths=0, zorder=5)


def _interval(row: ForestRow) -> tuple[float, float]:
    """Return the interval around a change; the change itself where there is none."""
    if row.low is None or row.high is None or not (math.isfinite(row.low) and math.isfinite(row.high)):
        return row.change, row.change
    return min(row.low, row.change), max(row.high, row.change)


def _write(axes: Axes, x: float, number: int, text: str, *, bold: bool = False) -> None:
    """Write a name, a heading or an ICER beside the panel, ending at x."""
    axes.text(
        x,
        number,
        text,
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        size=SMALL_SIZE,
        weight="bold" if bold else "normal",
        color=GREY if bold else INK,
    )


def _legend(rows: Sequence[ForestRow]) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D

    used = {row.direction if row.direction in DIRECTIONS else "unclear" for row in rows}
    return [
        (Line2D([], [], marker="o", markersize=5.5, linewidth=2.4, color=DIRECTIONS[name]), _WORDS[name])
        for name in DIRECTIONS
        if name in used
    ]
