"""Tables of what stands behind the results: published figures, fits, inputs."""

from __future__ import annotations

import math

from netcea.analyses.base_case.result import BaseCaseResult, Comparison
from netcea.analyses.base_case.results_tables import label
from netcea.reporting.number_format import NOT_REACHED, fixed, plain
from netcea.reporting.table import Column, Table

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
    inside = comparison.low <= modelled <= comparison.high
    return f"{missed}, {'inside' if inside else 'OUTSIDE'} the 95% interval"


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
    return len(f"{published:.10g}".partition(".")[2])


def modelled_and_published(result: BaseCaseResult) -> Table:
    """Return each published figure beside what the finished curve says (Appendix J)."""
    return Table(
        "modelled_and_published",
        "Summary of model results compared with published data",
        (
            Column("technologies", "Technologies"),
            Column("endpoint", "Endpoint"),
            Column("figure", "Outcome"),
            Column("unit", "Unit"),
            Column("published", "Published result", "", "number"),
            Column("low", "95% interval, low", "", "number"),
            Column("high", "95% interval, high", "", "number"),
            Column("modelled", "Model result", "", "number"),
            Column("verdict", "Reproduced"),
            Column("status", "In the curve"),
            Column("address", "Address"),
        ),
        tuple(
            (
                label(result.case, c.strategy),
                ENDPOINTS.get(c.endpoint, c.endpoint),
                c.what,
                c.unit,
                c.published,
                c.low,
                c.high,
                c.modelled,
                verdict(c),
                c.status,
                c.address,
            )
            for c in result.comparisons
        ),
        "Of the curves after all adjustments. Fitted: the curve was fitted to the figure; external: it was "
        "not. Published figures are met to the rounding of the publication, or the miss is shown.",
    )


def fits(result: BaseCaseResult) -> Table:
    """Return each curve fitted to published figures: its parameters, figures met and missed."""
    return Table(
        "fits",
        "Curves fitted to published figures",
        (
            Column("fit", "Fit"),
            Column("family", "Family"),
            Column("parameters", "Parameters"),
            Column("figure", "Figure"),
            Column("unit", "Unit"),
            Column("published", "Published", "", "number"),
            Column("modelled", "Fitted curve", "", "number"),
            Column("miss_in_standard_errors", "Miss", "standard errors", "number"),
            Column("used", "Used in the fit"),
            Column("address", "Address"),
            Column("note", "Note"),
        ),
        tuple(
            (
                fit.address,
                fit.family,
                ", ".join(f"{name} {value:.5g}" for name, value in fit.parameters),
                figure.what,
                figure.unit,
                figure.published,
                figure.modelled,
                figure.miss_in_standard_errors,
                "yes" if figure.used else "no",
                figure.address,
                plain(fit.note),
            )
            for fit in result.fits
            for figure in fit.figures
        ),
        "Before adjustments. A miss is on the working scale: logarithm, or complementary log-log for survival.",
    )


def inputs(result: BaseCaseResult) -> Table:
    """Return the variables applied in the economic model (B.3.9): one row per quantity used."""
    secret = result.scenario.prices.secret
    return Table(
        "inputs",
        "Summary of variables applied in the economic model",
        (
            Column("address", "Address"),
            Column("label", "Variable"),
            Column("value", "Value", "", "number"),
            Column("unit", "Unit"),
            Column("low", "95% interval, low", "", "number"),
            Column("high", "95% interval, high", "", "number"),
            Column("distribution", "Measurement of uncertainty and distribution"),
            Column("price_year", "Price year"),
            Column("factor", "Factor to model unit and price year", "", "number"),
            Column("status", "Status"),
            Column("source", "Source"),
            Column("note", "Note"),
        ),
        tuple(
            (
                address,
                plain(q.label),
                None if address in secret else q.value,
                q.unit,
                *q.interval,
                plain(q.words),
                q.price_year,
                result.scenario.factors.get(address),
                q.status,
                ", ".join(q.source),
                plain(q.note),
            )
            for address, q in result.scenario.quantities.items()
        ),
        "Values as published, in their own unit. Sources are keys of sources.yaml.",
    )
