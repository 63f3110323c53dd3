"""Native charts: they show cells and follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from openpyxl.chart import AreaChart, BarChart, ScatterChart, Series
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

from netcea.reporting.figures.style import BLACK, BLUE, HIGH_COLOUR, LOW_COLOUR, STATE_COLOURS, STRATEGY_COLOURS, looks
from netcea.reporting.xlsx.cells import Place
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario

COLOURS: Final = (*STRATEGY_COLOURS, BLACK)
"""Of lines that are no strategy's."""
WIDTH, HEIGHT = 17.0, 9.0
"""[cm]"""
WIDE: Final = 26.0
"""Of bars with long names [cm]."""
PARTS_OF_INTERVALS: Final = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")
"""In the order of the format's schema, which openpyxl's is not."""
A_YEARS_TICKS: Final = 65
"""Cycles between words at an axis of cycles: five years of 28 days."""


class Line(NamedTuple):
    """A line of a chart; without a colour of its own it shares that of lines whose names begin alike, up to the colon.

    Attributes
    ----------
    across : range
        Of its own, where it is not that of the others.
    colour : str
        Of a strategy; else the next of the palette.
    """

    name: str
    cells: str
    dashed: bool = False
    across: str = ""
    thin: bool = False
    colour: str = ""


def strategy_colours(scenario: Scenario) -> dict[str, str]:
    """Return strategy -> its colour, that of its lines in figures."""
    decision = scenario.file.decision
    return {name: look.colour for name, look in looks(scenario.strategies, decision.comparator).items()}


class Points(NamedTuple):
    """Points of a chart with intervals, in the colour of the lines whose names begin alike.

    Attributes
    ----------
    name : str
    across, up : range
        Where they are.
    direction : {'x', 'y'}
        Of their intervals.
    less, more : range
        How far these reach.
    """

    name: str
    across: str
    up: str
    direction: Literal["x", "y"]
    less: str
    more: str


def lines(
    page: Page,
    at: Place,
    title: str,
    axes: tuple[str, str],
    across: str,
    series: Sequence[Line],
    largest: tuple[float | None, float | None] = (None, None),
    points: Sequence[Points] = (),
) -> None:
    """Add lines over a column of numbers.

    Parameters
    ----------
    page : Page
        Where the chart stands.
    at : (row, column)
        Of its upper left.
    title : str
    axes : (str, str)
        Words at both axes.
    across : range
        Numbers along the horizontal axis.
    series : sequence of Line
        In the same rows.
    largest : (float or None, float or None)
        Number of the horizontal and of the vertical axis.
    points : sequence of Points
        Drawn over the lines.
    """
    chart = ScatterChart(scatterStyle="lineMarker")
    _frame(chart, title, axes)
    colours: dict[str, str] = {}
    for line in series:
        made = Series(line.cells, line.across or across, title=line.name)
        made.marker.symbol = "none"
        made.smooth = False
        colour = line.colour or _colour_of(line.name, colours)
        colours.setdefault(_group(line.name), colour)
        dash: Literal["dash", "solid"] = "dash" if line.dashed else "solid"
        drawn = LineProperties(solidFill=_rgb(colour), w=9000 if line.thin else 22000, prstDash=dash)
        made.graphicalProperties = GraphicalProperties(ln=drawn)
        chart.series.append(made)
    for each in points:
        chart.series.append(_with_intervals(each, _rgb(_colour_of(each.name, colours))))
    chart.x_axis.scaling.min = 0.0
    chart.x_axis.scaling.max, chart.y_axis.scaling.max = largest
    page.charts.append((chart, at))


def _with_intervals(points: Points, colour: str) -> Any:
    """Return a series of points without a line between them, with intervals."""
    made = Series(points.up, points.across, title=points.name)
    made.marker.symbol, made.marker.size = "circle", 7
    made.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
    made.marker.graphicalProperties.line.solidFill = "FFFFFF"
    made.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    less, more = (NumDataSource(numRef=NumRef(f=cells)) for cells in (points.less, points.more))
    look = GraphicalProperties(ln=LineProperties(solidFill=colour, w=12000))
    bars: Any = ErrorBars(points.direction, "both", "cust", plus=more, minus=less, spPr=look)
    bars.__elements__ = PARTS_OF_INTERVALS
    made.errBars = bars
    return made


def cloud(page: Page, at: Place, title: str, axes: tuple[str, str], name: str, points: tuple[str, str]) -> None:
    """Add a scatter of points: ranges of what stands across and up."""
    chart = ScatterChart(scatterStyle="marker")
    _frame(chart, title, axes)
    across, up = points
    made = Series(up, across, title=name)
    made.marker.symbol, made.marker.size = "circle", 3
    made.marker.graphicalProperties = GraphicalProperties(solidFill=_rgb(BLUE))
    made.marker.graphicalProperties.line.noFill = True
    made.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series.append(made)
    chart.legend = None
    chart.x_axis.tickLblPos = chart.y_axis.tickLblPos = "low"
    page.charts.append((chart, at))


def tornado(page: Page, at: Place, title: str, across: str, names: str, ends: tuple[str, str], bars: int) -> None:
    """Add bars on both sides of the base: ranges of their names, and of their low and high ends."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", 100, 40
    _frame(chart, title, ("", across))
    for words, cells, colour in zip(
        ("at its low value", "at its high value"), ends, (LOW_COLOUR, HIGH_COLOUR), strict=True
    ):
        made = Series(cells, title=words)
        made.graphicalProperties = GraphicalProperties(solidFill=_rgb(colour))
        chart.series.append(made)
    chart.set_categories(names)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.crosses = "max"
    chart.height, chart.width = 1.5 + 0.75 * bars, WIDE  # type: ignore[assignment]  # its stubs know whole numbers only
    page.charts.append((chart, at))


class Bars(NamedTuple):
    """Bars of one colour: what they are called, a range with one number for each name, and their colour."""

    name: str
    cells: str
    colour: str


def columns(
    page: Page,
    at: Place,
    title: str,
    axes: tuple[str, str],
    names: str,
    series: Sequence[Bars],
    *,
    stacked: bool = False,
) -> None:
    """Add upright bars beside each other, or one over the other.

    Parameters
    ----------
    page : Page
    at : (row, column)
        Of its upper left.
    title : str
    axes : (str, str)
    names : range
        What stands below the bars.
    series : sequence of Bars
    stacked : bool
    """
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "stacked" if stacked else "clustered", 60
    chart.overlap = 100 if stacked else 0
    _frame(chart, title, axes)
    for bars in series:
        made = Series(bars.cells, title=bars.name)
        made.graphicalProperties = GraphicalProperties(solidFill=_rgb(bars.colour))
        chart.series.append(made)
    chart.set_categories(names)
    chart.x_axis.tickLblPos = "low"
    page.charts.append((chart, at))


def areas(page: Page, at: Place, title: str, axes: tuple[str, str], across: str, series: Mapping[str, str]) -> None:
    """Add stacked areas over a column, one for each health state -> range: who is where."""
    chart = AreaChart(grouping="stacked")
    _frame(chart, title, axes)
    for state, cells in series.items():
        made = Series(cells, title=state.replace("_", "-").capitalize())
        made.graphicalProperties = GraphicalProperties(solidFill=_rgb(STATE_COLOURS[state]))
        chart.series.append(made)
    chart.set_categories(across)
    chart.x_axis.number_format = "0"
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = A_YEARS_TICKS
    chart.y_axis.scaling.max = 1.0
    page.charts.append((chart, at))


def _group(name: str) -> str:
    """Return what lines and points of one colour have in common."""
    return name.partition(":")[0]


def _colour_of(name: str, known: dict[str, str]) -> str:
    """Return the colour of those whose names begin alike, the next of the palette for the first of them."""
    return known.setdefault(_group(name), COLOURS[len(known) % len(COLOURS)])


def _rgb(colour: str) -> str:
    """Return a colour as charts have it, without the sign before it."""
    return colour.removeprefix("#")


def _frame(chart: Any, title: str, axes: tuple[str, str]) -> None:
    """Give a chart its title, size, axes and legend."""
    chart.title, chart.width, chart.height = title, WIDTH, HEIGHT
    chart.x_axis.title, chart.y_axis.title = axes[0] or None, axes[1] or None
    chart.x_axis.delete = chart.y_axis.delete = False
    if not isinstance(chart, BarChart):
        chart.x_axis.majorGridlines = None
    chart.legend.position = "b"
    for axis, words in ((chart.x_axis, axes[0]), (chart.y_axis, axes[1])):
        axis.number_format = "#,##0" if "£" in words else "0.0" if words == "Share" else "General"
        axis.majorTickMark = "out"
        if axis.majorGridlines is not None:
            axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    for titled, size in ((chart, 1200), (chart.x_axis, 900), (chart.y_axis, 900)):
        if titled.title is not None:
            _set_letters(titled.title, CharacterProperties(sz=size, b=titled is chart))


def _set_letters(title: Any, style: CharacterProperties) -> None:
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=style)
        for run in paragraph.r or ():
            run.rPr = style
