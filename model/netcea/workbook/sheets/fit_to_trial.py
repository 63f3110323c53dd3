"""Fit to trial: every published figure of a curve beside what the live curve says, and both drawn over each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from netcea.analyses.base_case.comparisons import PublishedFigure, published_figures
from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import MONTHS_PER_YEAR, to_model
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.checks import AMBER, GREEN
from netcea.workbook.sheets.fit_charts import ChartedPoints, write_fit_charts
from netcea.workbook.sheets.inputs import LIVE, Inputs, write_inputs
from netcea.workbook.sheets.modelled_figures import HEADINGS as WORKING
from netcea.workbook.sheets.modelled_figures import ModelledFigures
from netcea.workbook.sheets.survival import write_survival
from netcea.workbook.variants import Variants

FIRST: Final = 6
"""Row of the first figure."""
STRATEGY, CURVE, FIGURE, PUBLISHED, UNIT, LOW, HIGH, MODELLED, DIFFERENCE, VERDICT, STATUS, TRIAL = range(1, 13)
HEADINGS: Final = (
    "Strategy",
    "Curve",
    "Figure",
    "Published",
    "Unit",
    "95% interval, low",
    "95% interval, high",
    "Model",
    "Model - published",
    "In the interval?",
    "The curve was ...",
    "Of another trial",
)
OWN, X, Y, LESS, MORE = range(14, 19)
"""Columns of the figures as points of the charts."""
POINT_HEADINGS: Final = ("Share left, or months", "Point: years", "Point: share", "Interval: less", "Interval: more")
SCENARIOS: Final = MORE + 2
"""Column in which it begins to say what each scenario does with the figures."""
INSIDE, OUTSIDE, NO_INTERVAL, NOT_NAMED = "inside", "OUTSIDE", "no interval", "not in this scenario"
GREYED: Final = "D9D9D9"
TIME, SHARE = "time", "share"
STATUSES: Final = {"fitted": "fitted to it", "external": "not fitted to it"}


@dataclass(frozen=True)
class Figure:
    """A published figure of one curve, and what scenarios do with it.

    Attributes
    ----------
    published : PublishedFigure
        Of the first scenario that names it.
    quantity : Quantity
    statuses : tuple of str
        In each scenario; '' where it does not name the figure.
    """

    published: PublishedFigure
    quantity: Quantity
    statuses: tuple[str, ...]

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Return the published 95% interval. [unit of the quantity]"""
        return self.quantity.uncertainty.given.published_interval or (None, None)

    @property
    def kind(self) -> str:
        """Return how it is shown: as a time at which a share is left, as a share at a time, or in words."""
        kind = self.quantity.figure_kind
        return TIME if kind in ("median", "quantile") else SHARE if kind == "survival_at" else ""

    @property
    def left(self) -> float:
        """Return the share that is left at the time that it is."""
        return 0.5 if self.quantity.failed is None else 1.0 - self.quantity.failed

    @property
    def years(self) -> float:
        """Return when it is, or where its interval ends. [years]"""
        if self.kind == TIME:
            return (self.interval[1] or self.quantity.value) * to_model(self.quantity.unit)
        return (self.quantity.at_months or 0.0) / MONTHS_PER_YEAR


@dataclass(frozen=True)
class FitToTrial:
    """The sheet.

    Attributes
    ----------
    page : Page
    figures : tuple of Figure
    rows : tuple of int
        Of each figure.
    """

    page: Page
    figures: tuple[Figure, ...]
    rows: tuple[int, ...]


def write_fit_to_trial(construction: Construction) -> FitToTrial:
    """Write the table, then charts of curves over figures, and numbers at risk."""
    inputs, curves = construction.written_by(write_inputs), construction.written_by(write_survival)
    variants, page = inputs.variants, construction.page("Fit to trial")
    page.open_with(
        "Fit to trial",
        "Published figures (live cells of Inputs, to which they lead) beside what the live curves say, after every "
        "adjustment.",
    )
    page.put(3, 1, "Scenario", "section")
    page.formula(3, 2, "selected_scenario", "live")
    page.heading(FIRST - 1, HEADINGS)
    found = tuple(figures_of(variants))
    page.heading(FIRST - 1, POINT_HEADINGS, OWN)
    page.heading(FIRST - 1, [f"Scenario {n}" for n in range(1, len(variants.scenarios) + 1)], SCENARIOS)
    working = SCENARIOS + len(variants.scenarios) + 1
    page.heading(FIRST - 1, WORKING, working)
    models = ModelledFigures(page, curves, working, FIRST)
    rows = tuple(range(FIRST, FIRST + len(found)))
    for row, figure in zip(rows, found, strict=True):
        _describe(page, inputs, row, figure)
        style = "result_share" if figure.kind == SHARE else "result_figure"
        page.formula(row, MODELLED, _modelled(models, inputs, figure), style)
        _judge(page, row, style)
    if rows:
        _colour(page, rows[-1])
    points, addresses = list(_points(page, found, rows)), [figure.published.address for figure in found]
    place = (max(models.row, FIRST + len(found)) + 1, working)
    after = write_fit_charts(construction, page, FIRST + len(found) + 1, place, points, addresses)
    page.widths(28, 7, 40, 10, 12, 10, 10, 10, 11, 13, 16, 14)
    page.group(OWN, page.last_column)
    page.frozen(f"D{FIRST}")
    page.landscape(repeat_rows="1:3", last_row=after, last_column=TRIAL)
    return FitToTrial(page, found, rows)


def figures_of(variants: Variants) -> Iterator[Figure]:
    """Yield each published figure of any scenario once, by strategy and endpoint."""
    known: dict[PublishedFigure, dict[int, PublishedFigure]] = {}
    for number, scenario in enumerate(variants.scenarios):
        for figure in published_figures(scenario):
            known.setdefault(replace(figure, status="", trial=""), {})[number] = figure
    order = [(strategy, endpoint) for strategy in variants.base.strategies for endpoint in ENDPOINTS]
    kinds = (TIME, SHARE, "")
    found = []
    for by_scenario in known.values():
        first, figure = next(iter(by_scenario.items()))
        statuses = (by_scenario[n].status if n in by_scenario else "" for n in range(len(variants.scenarios)))
        found.append(Figure(figure, variants.scenarios[first].quantities[figure.address], tuple(statuses)))

    def place(figure: Figure) -> tuple[int, int]:
        return order.index((figure.published.strategy, figure.published.endpoint)), kinds.index(figure.kind)

    yield from sorted(found, key=place)


def _describe(page: Page, inputs: Inputs, row: int, figure: Figure) -> None:
    """Write a figure: whose, what was published, what each scenario does with it, and its point of the charts."""
    label = inputs.variants.base.label(figure.published.strategy)
    page.row(row, (label, ENDPOINTS[figure.published.endpoint]))
    live = inputs.page.at(inputs.rows[figure.published.address], LIVE)
    page.link(row, FIGURE, figure.published.what, live)
    page.formula(row, PUBLISHED, live, "live_general")
    page.put(row, UNIT, figure.quantity.unit, "indented")
    for column, bound in zip((LOW, HIGH), figure.interval, strict=True):
        page.put(row, column, bound, "number")
    page.format_as(row, (PUBLISHED, LOW, HIGH), figure.quantity.value)
    page.row(row, (STATUSES.get(status, status) or None for status in figure.statuses), "subtitle", SCENARIOS)
    its = page.span(row, row, SCENARIOS, SCENARIOS + len(figure.statuses) - 1)
    now = f"INDEX({its},1,{inputs.scenario_number})"
    page.formula(row, STATUS, f'IF({now}="","{NOT_NAMED}",{now})', "indented")
    page.put(row, TRIAL, figure.published.trial)
    _point(page, inputs, row, figure)


def _point(page: Page, inputs: Inputs, row: int, figure: Figure) -> None:
    """Write a figure as a point with its interval; one that the scenario does not name lies below the chart."""
    if not figure.kind:
        return
    published, own = page.at(row, PUBLISHED), page.at(row, OWN)
    is_time = figure.kind == TIME
    page.put(row, OWN, figure.left if is_time else figure.quantity.at_months, "number")
    scale = f"*{inputs.factor_cell(figure.published.address)}" if is_time else ""
    has, low, high = None not in figure.interval, page.at(row, LOW), page.at(row, HIGH)
    for column, text in (
        (X, f"{published}{scale}" if is_time else f"{own}/12"),
        (Y, f'IF({page.at(row, STATUS)}="{NOT_NAMED}",-1,{own if is_time else published})'),
        (LESS, f"MAX(0,{published}-{low}){scale}" if has else "0"),
        (MORE, f"MAX(0,{high}-{published}){scale}" if has else "0"),
    ):
        page.formula(row, column, text, "small")


def _points(page: Page, figures: Sequence[Figure], rows: Sequence[int]) -> Iterator[ChartedPoints]:
    """Yield the points of each curve that stand below one another: its times, then its shares."""
    groups: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    for figure, row in zip(figures, rows, strict=True):
        if figure.kind:
            groups.setdefault((figure.published.strategy, figure.published.endpoint, figure.kind), []).append(
                (row, figure.years)
            )
    for (strategy, endpoint, kind), of_it in groups.items():
        across, up, less, more = (page.span(of_it[0][0], of_it[-1][0], column) for column in (X, Y, LESS, MORE))
        direction: Literal["x", "y"] = "x" if kind == TIME else "y"
        yield ChartedPoints(strategy, endpoint, direction, across, up, less, more, max(years for _, years in of_it))


def _modelled(models: ModelledFigures, inputs: Inputs, figure: Figure) -> str:
    """Return the formula of what the live curve says."""
    quantity, named = figure.quantity, figure.published
    if named.between is not None:
        horizon = inputs.number("settings.horizon_years")
        begins, ends = (f"MIN({inputs.number(a)},{horizon})" if a else "" for a in named.between)
        return models.ratio_between((named.curve, named.other), begins or "0", ends or horizon)
    if named.reference:
        return models.ratio_at_median(named.curve, named.other)
    if figure.kind == SHARE:
        return models.survival(named.curve, quantity.at_months or 0.0)
    if figure.kind == TIME:
        return models.quantile(named.curve, figure.left, named.address)
    return '"in netcea run"'


def _judge(page: Page, row: int, style: str) -> None:
    """Write how far the model is from a figure, and whether it is in the published interval."""
    modelled, low, high = (page.at(row, column) for column in (MODELLED, LOW, HIGH))
    is_number = f"ISNUMBER({modelled})"
    page.formula(row, DIFFERENCE, f'IF({is_number},{modelled}-{page.at(row, PUBLISHED)},"")', style)
    within = f'IF(AND({low}<={modelled},{modelled}<={high}),"{INSIDE}","{OUTSIDE}")'
    text = f'IF(NOT({is_number}),"",IF({low}="","{NO_INTERVAL}",{within}))'
    page.formula(row, VERDICT, text, "indented")


def _colour(page: Page, last: int) -> None:
    """Colour verdicts, and fade what the scenario does not name."""
    verdicts, named = (page.at(FIRST, column, fixed=False).rpartition("!")[2] for column in (VERDICT, STATUS))
    where = f"{verdicts.replace('$', '')}:{page.at(last, VERDICT).rpartition('!')[2].replace('$', '')}"
    page.colour_if(where, f'{verdicts}="{OUTSIDE}"', AMBER)
    page.colour_if(where, f'{verdicts}="{INSIDE}"', GREEN)
    page.colour_if(f"A{FIRST}:{where.partition(':')[2]}", f'{named}="{NOT_NAMED}"', GREYED)
