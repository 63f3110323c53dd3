"""Native charts: they show cells and follow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from openpyxl.chart import BarChart, LineChart, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

from netcea.reporting.xlsx.page import Page

COLOURS: Final = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "000000")
"""Distinguishable without colour vision (Okabe and Ito)."""
WIDTH, HEIGHT = 17.0, 9.0
"""[cm]"""


def lines(
    page: Page,
    anchor: str,
    title: str,
    axes: tuple[str, str],
    across: tuple[Page, int, int, int],
    series: Sequence[tuple[str, Page, int, bool]],
    limits: tuple[float | None, float | None] = (None, None),
) -> None:
    """Add lines over a column of numbers.

    Parameters
    ----------
    page : Page
        Where the chart stands.
    anchor : str
        Cell at its upper left.
    title : str
    axes : (str, str)
        Words at both axes.
    across : (Page, column, first row, last row)
        Where the numbers along the horizontal axis stand.
    series : sequence of (name, Page, column, dashed)
        In the same rows.
    limits : (float or None, float or None)
        Largest number of the horizontal and of the vertical axis.
    """
    chart = ScatterChart(scatterStyle="lineMarker")
    _frame(chart, title, axes)
    sheet, column, first, last = across
    x = sheet.span(first, last, column)
    colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(dict.fromkeys(_group(s[0]) for s in series))}
    for name, its, its_column, dashed in series:
        made = Series(its.span(first, last, its_column), x, title=name)
        made.marker.symbol = "none"
        made.smooth = False
        made.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colours[_group(name)], w=22000, prstDash="dash" if dashed else "solid")
        )
        chart.series.append(made)
    chart.x_axis.scaling.min = 0.0
    chart.x_axis.scaling.max, chart.y_axis.scaling.max = limits
    page.charts.append((chart, anchor))


def _group(name: str) -> str:
    """Return what lines of one colour share: what stands before the colon."""
    return name.partition(":")[0]


def cloud(
    page: Page, anchor: str, title: str, axes: tuple[str, str], name: str, points: tuple[Page, int, int, int, int]
) -> None:
    """Add a scatter of (Page, column across, column up, first row, last row)."""
    chart = ScatterChart(scatterStyle="marker")
    _frame(chart, title, axes)
    sheet, across, up, first, last = points
    x = sheet.span(first, last, across)
    made = Series(sheet.span(first, last, up), x, title=name)
    made.marker.symbol, made.marker.size = "circle", 3
    made.marker.graphicalProperties = GraphicalProperties(solidFill=COLOURS[0])
    made.marker.graphicalProperties.line.noFill = True
    made.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series.append(made)
    chart.legend = None
    chart.x_axis.tickLblPos = chart.y_axis.tickLblPos = "low"
    page.charts.append((chart, anchor))


def tornado(
    page: Page, anchor: str, title: str, across: str, names: tuple[int, int, int], ends: tuple[int, int]
) -> None:
    """Add bars on both sides of the base: names in (column, first row, last row), bars in two columns."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", 100, 40
    _frame(chart, title, ("", across))
    column, first, last = names
    for number, words in enumerate(("at its low value", "at its high value")):
        made = Series(page.span(first, last, ends[number]), title=words)
        made.graphicalProperties = GraphicalProperties(solidFill=COLOURS[number])
        chart.series.append(made)
    chart.set_categories(page.span(first, last, column))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.crosses = "max"
    chart.height, chart.width = 1.5 + 0.75 * float(last - first + 1), 26.0  # type: ignore[assignment]
    page.charts.append((chart, anchor))


def areas(
    page: Page,
    anchor: str,
    title: str,
    axes: tuple[str, str],
    rows: tuple[int, int],
    across: int,
    series: Sequence[tuple[str, int]],
) -> None:
    """Add stacked areas over a column: who is where."""
    from openpyxl.chart import AreaChart

    chart = AreaChart(grouping="stacked")
    _frame(chart, title, axes)
    first, last = rows
    for number, (name, column) in enumerate(series):
        made = Series(page.span(first, last, column), title=name)
        made.graphicalProperties = GraphicalProperties(solidFill=(COLOURS[0], COLOURS[4], "A6A6A6")[number % 3])
        chart.series.append(made)
    chart.set_categories(page.span(first, last, across))
    chart.x_axis.number_format = "0"
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = 65
    chart.y_axis.scaling.max = 1.0
    page.charts.append((chart, anchor))


def _frame(chart: Any, title: str, axes: tuple[str, str]) -> None:
    chart.title, chart.width, chart.height = title, WIDTH, HEIGHT
    chart.x_axis.title, chart.y_axis.title = axes[0] or None, axes[1] or None
    chart.x_axis.delete = chart.y_axis.delete = False
    if not isinstance(chart, BarChart | LineChart):
        chart.x_axis.majorGridlines = None
    chart.legend.position = "b"
    for axis, words in ((chart.x_axis, axes[0]), (chart.y_axis, axes[1])):
        axis.number_format = "#,##0" if "£" in words else "0.0" if words == "Share" else "General"
        axis.majorTickMark = "out"
        if axis.majorGridlines is not None:
            axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    for titled, size in ((chart, 1200), (chart.x_axis, 900), (chart.y_axis, 900)):
        if titled.title is not None:
            style = CharacterProperties(sz=size, b=titled is chart)
            for paragraph in titled.title.tx.rich.p:
                paragraph.pPr = ParagraphProperties(defRPr=style)
                for run in paragraph.r or ():
                    run.rPr = style
