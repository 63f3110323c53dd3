"""Tables of what stands behind the results: published figures, fits, inputs."""

from __future__ import annotations

import math
from typing import Final

from netcea.analyses.base_case.result import BaseCaseResult, Comparison
from netcea.analyses.base_case.results_tables import label
from netcea.fitting.report import FigureReport, FitReport
from netcea.plain_number import read, typed
from netcea.quantities.price_types import PRICE_WORDS
from netcea.reporting.number_format import NOT_REACHED, fixed, plain
from netcea.reporting.table import Column, ColumnOf, Table, columns_of, table_of

ENDPOINTS = {"pfs": "PFS", "os": "OS", "ttd": "TTD"}
REPRODUCED = "to the rounding"


def verdict(comparison: Comparison) -> str:
    """Say how well a published figure is met: to the rounding of the publication, or by how much it is missed.

    >>> verdict(Comparison("a", "pfs", "median", "x", 13.8, 13.84, "months", 9.2, 18.5, "fitted"))
    'to the rounding'
    >>> verdict(Comparison("a", "os", "median", "x", 40.0, 32.7, "months", None, None, "external"))
    'missed by -7.3'
    """
    published, modelled = comparison.published, comparison.modelled
    if not math.isfinite(modelled):
        return NOT_REACHED
    if meets(published, modelled):
        return REPRODUCED
    decimals = decimals_of(published)
    missed = f"missed by {fixed(modelled - published, max(decimals, 1))}"
    if comparison.low is None or comparison.high is None:
        return missed
    return f"{missed}, {'OUTSIDE' if comparison.outside else 'inside'} the 95% interval"


def meets(published: float, modelled: float) -> bool:
    """Say whether a modelled figure rounds to the published one.

    >>> meets(4.4, 4.351), meets(4.4, 4.46), meets(0.23, 0.229)
    (True, False, True)
    """
    return abs(modelled - published) <= 0.5 * 10.0 ** -decimals_of(published) * (1.0 + 1e-9)


def decimals_of(published: float) -> int:
    """Return the decimals of a published figure.

    >>> decimals_of(13.8), decimals_of(0.656), decimals_of(11.0)
    (1, 3, 0)
    """
    return len(typed(published, 10).partition(".")[2])


def modelled_and_published(result: BaseCaseResult) -> Table:
    """Return each published figure beside what the finished curve says (Appendix J)."""
    return table_of(
        "modelled_and_published",
        "Summary of model results compared with published data",
        result.comparisons,
        (
            (Column("technologies", "Technologies"), lambda found: label(result.case, found.strategy)),
            (Column("endpoint", "Endpoint"), lambda found: ENDPOINTS.get(found.endpoint, found.endpoint)),
            (Column("figure", "Outcome"), lambda found: found.what),
            Column("unit", "Unit"),
            Column("published", "Published result", "", "number"),
            Column("low", "95% interval, low", "", "number"),
            Column("high", "95% interval, high", "", "number"),
            Column("modelled", "Model result", "", "number"),
            (Column("verdict", "Reproduced"), verdict),
            Column("status", "In the curve"),
            Column("trial", "Of another trial"),
            Column("address", "Address"),
        ),
        "Of the curves after all adjustments. Fitted: the curve was fitted to the figure; external: it was "
        "not. Published figures are met to the rounding of the publication, or the miss is shown.",
    )


_FIT: Final[tuple[ColumnOf[FitReport], ...]] = (
    (Column("fit", "Fit"), lambda fit: fit.address),
    Column("family", "Family"),
    (
        Column("parameters", "Parameters"),
        lambda fit: ", ".join(f"{name} {read(value, 5)}" for name, value in fit.parameters),
    ),
)
_FITTED_FIGURE: Final[tuple[ColumnOf[FigureReport], ...]] = (
    (Column("figure", "Figure"), lambda figure: figure.what),
    Column("unit", "Unit"),
    Column("published", "Published", "", "number"),
    Column("modelled", "Fitted curve", "", "number"),
    Column("miss_in_standard_errors", "Miss", "standard errors", "number"),
    (Column("used", "Used in the fit"), lambda figure: "yes" if figure.used else "no"),
    Column("address", "Address"),
)


def fits(result: BaseCaseResult) -> Table:
    """Return each curve fitted to published figures: its parameters, figures met and missed."""
    return table_of(
        "fits",
        "Curves fitted to published figures",
        [(fit, figure) for fit in result.fits for figure in fit.figures],
        (
            *columns_of(lambda pair: pair[0], _FIT),
            *columns_of(lambda pair: pair[1], _FITTED_FIGURE),
            (Column("note", "Note"), lambda pair: plain(pair[0].note)),
        ),
        "Before adjustments. A miss is on the working scale: logarithm, or complementary log-log for survival.",
    )


def inputs(result: BaseCaseResult) -> Table:
    """Return the variables applied in the economic model (B.3.9): one row per quantity used."""
    secret, factors = result.scenario.prices.secret, result.scenario.factors
    return table_of(
        "inputs",
        "Summary of variables applied in the economic model",
        result.scenario.quantities.items(),
        (
            (Column("address", "Address"), lambda item: item[0]),
            (Column("label", "Variable"), lambda item: plain(item[1].label)),
            (Column("value", "Value", "", "number"), lambda item: None if item[0] in secret else item[1].value),
            (Column("unit", "Unit"), lambda item: item[1].unit),
            (Column("low", "95% interval, low", "", "number"), lambda item: item[1].interval[0]),
            (Column("high", "95% interval, high", "", "number"), lambda item: item[1].interval[1]),
            (Column("distribution", "Measurement of uncertainty and distribution"), lambda item: plain(item[1].words)),
            (Column("price_year", "Price year"), lambda item: item[1].price_year),
            (Column("price_type", "Price"), lambda item: PRICE_WORDS.get(item[1].price_type, "")),
            (Column("factor", "Factor to model unit and price year", "", "number"), lambda item: factors.get(item[0])),
            (Column("status", "Status"), lambda item: item[1].status),
            (Column("source", "Source"), lambda item: ", ".join(item[1].source)),
            (Column("note", "Note"), lambda item: plain(item[1].note)),
        ),
        "Values as published, in their own unit. Sources are keys of sources.yaml.",
    )
