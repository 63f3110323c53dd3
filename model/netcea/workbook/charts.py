"""Native charts: they show cells and follow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from openpyxl.chart import AreaChart, BarChart, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

from netcea.reporting.xlsx.page import Page, Place

COLOURS: Final = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "000000")
"""Distinguishable without colour vision (Okabe and Ito)."""
AREAS: Final = (COLOURS[0], COLOURS[4], "A6A6A6")
WIDTH, HEIGHT = 17.0, 9.0
"""[cm]"""
WIDE: Final = 26.0
"""Of bars with long names [cm]."""
A_YEARS_TICKS: Final = 65
"""Cycles between words at an axis of cycles: five years of 28 days."""


class Line(NamedTuple):
    """A line of a chart: lines of one colour share what stands in their name before the colon."""

    name: str
    cells: str
    dashed: bool = False


def lines(
    page: Page,
    at: Place,
    title: str,
    axes: tuple[str, str],
    across: str,
    series: Sequence[Line],
    largest: tuple[float | None, float | None] = (None, None),
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
    """
    chart = ScatterChart(scatterStyle="lineMarker")
    _frame(chart, title, axes)
    groups = list(dict.fromkeys(line.name.partition(":")[0] for line in series))
    for line in series:
        made = Series(line.cells, across, title=line.name)
        made.marker.symbol = "none"
        made.smooth = False
        colour = COLOURS[groups.index(line.name.partition(":")[0]) % len(COLOURS)]
        drawn = LineProperties(solidFill=colour, w=22000, prstDash="dash" if line.dashed else "solid")
        made.graphicalProperties = GraphicalProperties(ln=drawn)
        chart.series.append(made)
    chart.x_axis.scaling.min = 0.0
    chart.x_axis.scaling.max, chart.y_axis.scaling.max = largest
    page.charts.append((chart, at))


def cloud(page: Page, at: Place, title: str, axes: tuple[str, str], name: str, points: tuple[str, str]) -> None:
    """Add a scatter of points: ranges of what stands across and up."""
    chart = ScatterChart(scatterStyle="marker")
    _frame(chart, title, axes)
    across, up = points
    made = Series(up, across, title=name)
    made.marker.symbol, made.marker.size = "circle", 3
    made.marker.graphicalProperties = GraphicalProperties(solidFill=COLOURS[0])
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
    for words, cells, colour in zip(("at its low value", "at its high value"), ends, COLOURS, strict=False):
        made = Series(cells, title=words)
        made.graphicalProperties = GraphicalProperties(solidFill=colour)
        chart.series.append(made)
    chart.set_categories(names)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.crosses = "max"
    chart.height, chart.width = 1.5 + 0.75 * bars, WIDE  # type: ignore[assignment]  # its stubs know whole numbers only
    page.charts.append((chart, at))


def areas(
    page: Page, at: Place, title: str, axes: tuple[str, str], across: str, series: Sequence[tuple[str, str]]
) -> None:
    """Add stacked areas over a column, each a name and a range: who is where."""
    chart = AreaChart(grouping="stacked")
    _frame(chart, title, axes)
    for number, (name, cells) in enumerate(series):
        made = Series(cells, title=name)
        made.graphicalProperties = GraphicalProperties(solidFill=AREAS[number % len(AREAS)])
        chart.series.append(made)
    chart.set_categories(across)
    chart.x_axis.number_format = "0"
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = A_YEARS_TICKS
    chart.y_axis.scaling.max = 1.0
    page.charts.append((chart, at))


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
