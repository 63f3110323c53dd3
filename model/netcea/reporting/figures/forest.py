"""A forest of scenarios, one line each: how far each moves the result from the base case, and its ICER."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import (
    change_text,
    grid,
    no_vertical_axis,
    set_ticks,
    ticks_within,
    write_above,
    write_end,
    write_left,
)
from netcea.reporting.figures.page import EDGE, Margins, Page, page, sentence
from netcea.reporting.figures.style import BLUE, GREY, INK, ORANGE, PALE, styled
from netcea.reporting.figures.text import one_line, plain, signed, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIRECTIONS: Final = {
    "for": (ORANGE, "Declared to favour the intervention"),
    "against": (BLUE, "Declared to be against it"),
    "unclear": ("#808080", "Direction not clear beforehand"),
}
"""Whom a scenario is declared to favour -> colour and words."""
MOST: Final = 36
"""Rows of one figure: the largest changes."""
ROWS_OF_A_PAGE: Final = 44
"""Rows and headings of one page where all are shown."""
MOST_NOTES: Final = 4
"""Notes on where the intervention stands among many strategies."""
_ROW: Final = 0.2
_NAMES: Final = 3.2
_ICERS: Final = 1.85
"""Most width of the ICERs [inches]."""
_HEADING: Final = "ICER (per QALY)"
_NOTHING: Final = "No scenario to compare with the base case could be run."


PAIRED: Final = "ICER: unweighted | weighted for severity."
"""What a note says where `icer_pair` was used."""


def icer_pair(unweighted: str, weighted: str, *, flips: bool) -> str:
    """Return an ICER and the same weighted for severity, marked where the weight is another than the base case's.

    Parameters
    ----------
    unweighted, weighted : str
        As the figure writes them.
    flips : bool
        Whether the weight is another.

    Examples
    --------
    >>> icer_pair("£340,576", "£283,813", flips=False), icer_pair("dominated", "dominated", flips=True)
    ('£340,576 | £283,813', 'dominated *')
    """
    both = unweighted if unweighted == weighted else f"{unweighted} | {weighted}"
    return f"{both} *" if flips else both


def stands_notes(stands: Sequence[tuple[str, str]], table: str) -> list[str]:
    """Return where the intervention stands among many strategies, scenario by scenario; where they are many, by count.

    Parameters
    ----------
    stands : sequence of (name, words)
        Of each scenario; empty words: a note has nothing to say.
    table : str
        The file that has all of them.

    Examples
    --------
    >>> stands_notes([("No discounting", "A is dominated by B, which costs less"), ("Other", "")], "ledger.csv")
    ['No discounting: A is dominated by B, which costs less.']
    """
    said = [(plain(name), plain(words)) for name, words in stands if words]
    if len(said) <= MOST_NOTES:
        return [f"{name}: {words}." for name, words in said]
    counts = Counter(words.partition(",")[0].partition(":")[0] for _, words in said)
    return [f"{words}: {count} scenarios (each in {table})." for words, count in counts.most_common(MOST_NOTES)]


@dataclass(frozen=True)
class ForestRow:
    """One scenario compared with the base case.

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

    @property
    def look(self) -> tuple[str, str]:
        """Colour and words of the direction it is declared to have."""
        return DIRECTIONS.get(self.direction, DIRECTIONS["unclear"])

    @property
    def interval(self) -> tuple[float, float]:
        """The interval around the change; the change itself where there is none."""
        if self.low is None or self.high is None or not (math.isfinite(self.low) and math.isfinite(self.high)):
            return self.change, self.change
        return min(self.low, self.change), max(self.high, self.change)


@styled()
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
    rows = _short(rows)
    ordered = _ordered([row for row in rows if math.isfinite(row.change)])
    shown, rest = ordered[:MOST], ordered[MOST:]
    if not shown:
        return sentence(title, subtitle, _NOTHING)
    more = [
        f"Not shown, since they change it by {abs(r.change):.3f} QALYs or less: {len(rest)} more scenarios."
        for r in rest[:1]
    ]
    return _drawn(shown, shown, title, base_label, subtitle, [*notes, *more, *_lacking(rows)])


@styled()
def forest_pages(
    rows: Sequence[ForestRow], title: str, base_label: str, *, subtitle: str = "", notes: Sequence[str] = ()
) -> list[Figure]:
    """Draw all rows, under their groups' headings, on as many pages as they need, all on one scale.

    Groups stand in their first row's order, rows within them largest change first. Parameters as of `forest`.
    """
    rows = _short(rows)
    pages = _pages([row for row in rows if math.isfinite(row.change)])
    if not pages:
        return [sentence(title, subtitle, _NOTHING)]
    everything = [line for several in pages for line in several]
    return [
        _drawn(
            lines,
            everything,
            title if len(pages) == 1 else f"{title} ({number} of {len(pages)})",
            base_label,
            subtitle,
            [*notes, *_lacking(rows)] if number == len(pages) else [],
        )
        for number, lines in enumerate(pages, 1)
    ]


def _short(rows: Sequence[ForestRow]) -> Sequence[ForestRow]:
    """Return the rows without a first word of their labels (up to a colon) that all share: 'One: no discounting'."""
    heads = {plain(row.label).partition(": ")[0] for row in rows}
    rests = [plain(row.label).partition(": ")[2] for row in rows]
    if len(heads) != 1 or not all(rests):
        return rows
    return [replace(row, label=rest[:1].upper() + rest[1:]) for row, rest in zip(rows, rests, strict=True)]


def _ordered(rows: Sequence[ForestRow]) -> list[ForestRow]:
    return sorted(rows, key=lambda row: (-abs(row.change), row.label, row.name))


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
    rows = {number: line for number, line in enumerate(lines) if isinstance(line, ForestRow)}
    scale = [line for line in everything if isinstance(line, ForestRow)]
    left = max(1.0, *(text_width(_name(line), bold=isinstance(line, str)) for line in everything)) + 0.3
    room = max(text_width(_HEADING, bold=True), *(text_width(one_line(r.icer_text, _ICERS)) for r in scale)) + 0.15
    used = {row.look for row in rows.values()}
    made = page(
        title,
        subtitle,
        _ROW * len(lines),
        margins=Margins(left=left, right=room + EDGE, top=0.3),
        legend=[
            legend.line(words, marker="o", markersize=5.5, linewidth=2.4, color=colour)
            for colour, words in DIRECTIONS.values()
            if (colour, words) in used
        ],
        notes=["Right of the line of the base case, the intervention looks better than in the base case.", *notes],
    )
    axes = made.whole()
    names, icers = -0.08 / made.width, 1.0 + room / made.width
    _axis(axes, made, scale, base_label)
    for x, text in ((names, "Scenario"), (icers, _HEADING)):
        write_above(axes, x, text, gap=0.06, ha="right", weight="bold")
    for number, line in enumerate(lines):
        if isinstance(line, str):
            write_left(axes, names, number, _name(line), weight="bold", color=GREY)
            axes.axhline(number, color=PALE, linewidth=0.7, zorder=1)
        else:
            write_left(axes, names, number, _name(line))
            write_left(axes, icers, number, one_line(line.icer_text, _ICERS))
    _marks(axes, rows)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    return made.figure


def _name(line: ForestRow | str) -> str:
    """Return what a line is called, as much as there is room for."""
    return one_line(line, _NAMES, bold=True) if isinstance(line, str) else one_line(line.label, _NAMES)


def _axis(axes: Axes, made: Page, rows: Sequence[ForestRow], base_label: str) -> None:
    """Set the horizontal axis and draw the line of the base case, named above the panel."""
    ends = [end for row in rows for end in row.interval]
    low, high = min(0.0, *ends), max(0.0, *ends)
    lacking = max(0.0, 1e-3 - (high - low)) / 2
    low, high = low - lacking, high + lacking
    room = text_width("+0.000") + 0.16
    per_qaly = (made.width - 2 * room) / (high - low)
    axes.set_xlim(low - room / per_qaly, high + room / per_qaly)
    most = max(2, min(6, int((made.width - 2 * room) / 0.45)))
    set_ticks(axes.xaxis, ticks_within(low, high, most), change_text)
    axes.set_xlabel("Change in incremental net health benefit (QALYs)")
    no_vertical_axis(axes)
    axes.axvline(0.0, color=INK, linewidth=1.1, zorder=2)
    grid(axes, "x")
    left, right = axes.get_xlim()
    base = one_line(base_label, made.width - 0.24)
    half = (text_width(base) / 2 + 0.12) / made.width
    write_above(axes, min(max(-left / (right - left), half), 1.0 - half), base, gap=0.06)


def _marks(axes: Axes, rows: dict[int, ForestRow]) -> None:
    """Draw a stroke from the base case, the interval, the change and its number of each row."""
    colours = [row.look[0] for row in rows.values()]
    changes = [row.change for row in rows.values()]
    axes.hlines(list(rows), 0.0, changes, colors=colours, linewidth=2.4, alpha=0.35, zorder=3)
    for place, row in rows.items():
        low, high = row.interval
        if low < high:
            axes.plot([low, high], [place] * 2, color=row.look[0], linewidth=1.3, zorder=3, marker="|", markersize=5)
        right = row.change >= 0
        write_end(axes, high if right else low, place, signed(row.change), right=right, gap=6.0)
    axes.scatter(changes, list(rows), s=30.0, c=colours, linewidths=0, zorder=5)
