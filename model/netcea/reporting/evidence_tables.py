"""Tables of what stands behind the results: published figures, fits, limits that bind, the bias ledger, inputs."""

from __future__ import annotations

import math

from netcea.analyses.results import BaseCaseResult, Binding, Comparison, LedgerEntry, LedgerTest
from netcea.errors import ModelWarning
from netcea.reporting.distribution_words import in_words, interval
from netcea.reporting.table import Cell, Column, Icer, Table
from netcea.reporting.words import NOT_REACHED, fixed, plain, pounds

ENDPOINTS = {"pfs": "PFS", "os": "OS", "ttd": "TTD"}
BINDINGS = {"crossing": "PFS capped at OS", "floor": "OS hazard raised to the population's"}
DIRECTIONS = {"for": "for the intervention", "against": "against the intervention", "unclear": "unclear"}
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
    decimals = _decimals(published)
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
    return abs(modelled - published) <= 0.5 * 10.0 ** -_decimals(published) * (1.0 + 1e-9)


def _decimals(published: float) -> int:
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
            (_label(result, c.strategy), ENDPOINTS.get(c.endpoint, c.endpoint), c.what, c.unit, c.published, c.low,
             c.high, c.modelled, verdict(c), c.status, c.address)
            for c in result.comparisons
        ),
        "Of the finished curves, adjustments and all. Fitted: the figure went into the curve; external: it only stands "
        "beside it. Published figures are met to the rounding of the publication, or the miss is shown.",
    )  # fmt: skip


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
            (fit.address, fit.family, ", ".join(f"{name} {value:.5g}" for name, value in fit.parameters),
             figure.what, figure.unit, figure.published, figure.modelled, figure.miss_in_standard_errors,
             "yes" if figure.used else "no", figure.address, plain(fit.note))
            for fit in result.fits
            for figure in fit.figures
        ),
        "Before adjustments. A miss is on the working scale: logarithm, or complementary log-log for survival.",
    )  # fmt: skip


def bindings(result: BaseCaseResult) -> Table:
    """Return where a crossing or a floor binds and what it moved."""
    return Table(
        "bindings",
        "Limits that bind, and what they moved",
        (
            Column("technologies", "Technologies"),
            Column("limit", "Limit"),
            Column("cycles", "Cycles", "", "count"),
            Column("share_of_cycles", "Share of cycles", "", "percent"),
            Column("first_year", "First time", "years", "years"),
            Column("life_years", "Life years moved", "", "years"),
            Column("qalys", "QALYs moved", "", "qalys"),
            Column("costs", "Costs moved", "£", "pounds"),
        ),
        tuple(
            (_label(result, b.strategy), BINDINGS.get(b.what, b.what), b.cycles, b.share_of_cycles, b.first_year,
             b.life_years, b.qalys, b.costs)
            for b in result.bindings
        ),
        "Per patient, discounted: result with the limit minus result without it.",
    )  # fmt: skip


def binding_words(result: BaseCaseResult, binding: Binding) -> str:
    """Say in a sentence where a limit binds and what it moved."""
    return (
        f"{_label(result, binding.strategy)}: {BINDINGS.get(binding.what, binding.what)} in {binding.cycles} cycles "
        f"({fixed(100 * binding.share_of_cycles, 1)}%), first at {fixed(binding.first_year, 1)} years; it moves "
        f"{fixed(binding.life_years, 3)} life years, {fixed(binding.qalys, 3)} QALYs, {pounds(binding.costs)}"
    )


def ledger(result: BaseCaseResult) -> Table:
    """Return the bias ledger: each assumption, whom it favours, the scenarios that test it, what they do."""
    lower = result.case.thresholds[0] if result.case.thresholds else math.nan
    rows = [_ledger_row(entry, test) for entry in result.ledger for test in entry.tests or (None,)]
    return Table(
        "ledger",
        "Bias ledger",
        (
            Column("assumption", "Assumption"),
            Column("bias", "Bias"),
            Column("why", "Justification"),
            Column("scenario", "Tested by"),
            Column("direction", "Scenario favours"),
            Column("icer", "ICER of the scenario", "£/QALY", "icer"),
            Column("change_in_icer", "Change in ICER", "£/QALY", "pounds"),
            Column("change_in_nhb", f"Change in NHB at £{lower:,.10g}", "QALYs", "qalys"),
            Column("fault", "Could not be run"),
            Column("address", "Address"),
            Column("source", "File"),
        ),
        tuple(rows),
        "Bias: whom the assumption favours, for or against the intervention. Changes are scenario minus base case; above "
        "0 in NHB: the scenario favours the intervention.",
    )


def _ledger_row(entry: LedgerEntry, test: LedgerTest | None) -> tuple[Cell, ...]:
    text, why, bias = plain(entry.assumption), plain(entry.why), DIRECTIONS[entry.bias]
    if test is None:
        return text, bias, why, "", "", None, None, None, "", entry.address, ""
    direction = DIRECTIONS[test.direction] if test.direction else ""
    if test.fault:
        return (
            text,
            bias,
            why,
            plain(test.name),
            direction,
            None,
            None,
            None,
            plain(test.fault),
            entry.address,
            test.source,
        )
    icer = Icer(test.icer, test.label)  # type: ignore[arg-type]  # a Label that the result holds as plain text
    return (
        text, bias, why, plain(test.name), direction, icer, test.change_in_icer, test.change_in_nhb, "",
        entry.address, test.source,
    )  # fmt: skip


def inputs(result: BaseCaseResult) -> Table:
    """Return the variables applied in the economic model (B.3.9): one row per quantity used."""
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
            (address, plain(q.label), q.value, q.unit, *interval(q), plain(in_words(q)), q.price_year,
             result.scenario.factors.get(address), q.status, ", ".join(q.source), plain(q.note))
            for address, q in result.scenario.quantities.items()
        ),
        "Values as published, in their own unit. Sources are keys of sources.yaml.",
    )  # fmt: skip


def warnings(result: BaseCaseResult) -> Table:
    """Return what the reader must know, of the base case and of the scenarios beside it."""
    return Table(
        "warnings",
        "Warnings",
        (Column("code", "Code"), Column("scenario", "Scenario"), Column("address", "Address"), Column("message", "Message")),
        tuple((w.code, plain(name), w.address, plain(w.message)) for name, w in all_warnings(result)),
        "" if all_warnings(result) else "None.",
    )  # fmt: skip


def all_warnings(result: BaseCaseResult) -> list[tuple[str, ModelWarning]]:
    """Return (scenario, warning), each warning once: of the main case, then what the others add."""
    found: dict[ModelWarning, str] = {}
    for case in (result.case, *result.beside):
        for warning in case.warnings:
            found.setdefault(warning, case.name)
    return [(name, warning) for warning, name in found.items()]


def _label(result: BaseCaseResult, strategy: str) -> str:
    return plain(result.case.strategies[strategy].label)
