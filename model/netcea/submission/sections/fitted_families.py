"""Survival model fit: the families that `netcea fit` fitted to the patients of an arm, the one of the model marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from netcea.analyses.base_case.comparisons import PublishedFigure, published_figures
from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.fitting.summaries import HORIZON_YEARS, mean_times, ranks
from netcea.fitting.written_fits import WrittenArm, WrittenFit
from netcea.plain_number import read
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table
from netcea.scenario.scenario import Scenario
from netcea.submission.blocks import Block, TableBlock, cite
from netcea.submission.submission import Submission
from netcea.survival.curve import Curve
from netcea.survival.distributions import full_name
from netcea.survival.family_names import family_label
from netcea.survival.family_text import entries_of

YEARS: Final = (1.0, 2.0, 5.0, 10.0)
"""Landmarks. [years]"""
CRITERIA: Final = (
    Column("aic", "AIC", "", "number"),
    Column("rank_aic", "Rank by AIC", "", "count"),
    Column("bic", "BIC", "", "number"),
    Column("rank_bic", "Rank by BIC", "", "count"),
)
MISFIT: Final = (
    Column("chi_square", "Chi-square", "", "number"),
    Column("degrees_of_freedom", "Degrees of freedom", "", "count"),
)
"""Of fits to published figures, which have no likelihood."""
SAID: Final = (
    *(Column(f"at_{read(y)}", f"At {read(y)} year{'s' if y > 1.0 else ''}", "", "percent") for y in YEARS),
    Column("median", "Median", "months", "months"),
    Column("restricted_mean", f"Mean to {read(HORIZON_YEARS)} years", "years", "years"),
    Column("mean", "Mean", "years", "years"),
)
IN_THE_MODEL: Final = " (in the model)"


def fitted_families(submission: Submission) -> list[Block]:
    """Return a table for each curve that takes a fit of `netcea fit`; none where no curve does.

    Parameters
    ----------
    submission : Submission
        Everything that was run.

    Raises
    ------
    InputError
        A family in the file of a fit that is not what `netcea fit` wrote.
    """
    scenario, found = submission.scenario, list[Block]()
    if scenario.related is None:
        return found
    for name, strategy in scenario.file.strategies.items():
        of_time = {"ttd": strategy.time_on_treatment.curve} if strategy.time_on_treatment.curve else {}
        for endpoint, curve in {"pfs": strategy.pfs, "os": strategy.os, **of_time}.items():
            if curve.fit is not None:
                arm = scenario.related.written_fits(curve)
                whose = f"{ENDPOINTS[endpoint]}, {plain(strategy.label)}"
                beside = [f for f in published_figures(scenario) if (f.strategy, f.endpoint) == (name, endpoint)]
                table = families_table(f"fit_{endpoint}_{name}", whose, curve, arm, _published(scenario, beside, arm))
                found.append(TableBlock(table, table.title))
    return found


def families_table(
    key: str, whose: str, curve: Curve, arm: WrittenArm, published: Sequence[tuple[Cell, ...]] = ()
) -> Table:
    """Return a row for each family that was fitted to the arm, the lowest AIC first, and for published figures.

    Parameters
    ----------
    key, whose : str
        Name of the table; endpoint and strategy in words.
    curve : Curve
        That takes one of the families, or an average of some.
    arm : WrittenArm
        The fits of the file.
    published : sequence of rows
        Below them.

    Notes
    -----
    AIC, BIC and estimates are the file's. Survival, median and means are those of the family at its estimates, as
    `netcea fit` works them out: before any adjustment of the model.
    """
    columns = (Column("family", "Distribution"), *_criteria(arm), *SAID)
    chosen = _chosen(curve)
    ranked = sorted(zip(arm.fits, _fit_cells(arm), strict=True), key=lambda pair: _order(pair[0]))
    rows = [(_called(fit, chosen), *criteria, *_said(fit, arm)) for fit, criteria in ranked]
    refused = [(f"{family_label(name)}: not fitted", *(None,) * (len(columns) - 1)) for name in arm.refused]
    title = f"Survival model fit to patients: {whose}" if _by_likelihood(arm) else f"Survival model fit: {whose}"
    return Table(key, title, columns, (*rows, *refused, *published), _note(curve, arm))


def _by_likelihood(arm: WrittenArm) -> bool:
    return all(fit.said.aic is not None for fit in arm.fits)


def _criteria(arm: WrittenArm) -> tuple[Column, ...]:
    return CRITERIA if _by_likelihood(arm) else MISFIT


def _fit_cells(arm: WrittenArm) -> Iterator[tuple[Cell, ...]]:
    """Yield how well each family fits: criteria with their ranks, or misfit."""
    if not _by_likelihood(arm):
        for fit in arm.fits:
            degrees = fit.said.degrees_of_freedom
            yield fit.said.chi_square, None if degrees is None else float(degrees)
        return
    aic, bic = ([float(getattr(fit.said, name)) for fit in arm.fits] for name in ("aic", "bic"))
    for a, rank_a, b, rank_b in zip(aic, ranks(aic), bic, ranks(bic), strict=True):
        yield a, float(rank_a), b, float(rank_b)


def _order(fit: WrittenFit) -> float:
    value = fit.said.aic if fit.said.aic is not None else fit.said.chi_square
    return float("inf") if value is None else value


def _said(fit: WrittenFit, arm: WrittenArm) -> tuple[Cell, ...]:
    """Return what a family says at its estimates."""
    survival = [float(fit.survival(year * arm.per_year)) for year in YEARS]
    restricted, mean = (t / arm.per_year for t in mean_times(fit, [HORIZON_YEARS * arm.per_year], fit.kinks))
    return (*survival, fit.median / arm.per_year * MONTHS_PER_YEAR, restricted, mean)


def _chosen(curve: Curve) -> set[str]:
    """Return the names of the families that a curve takes."""
    if curve.averaging is None:
        return {full_name(curve.family or "", curve.scale, curve.base, curve.internal_knots)}
    parts = (entries_of(family) for family in curve.averaging.families)
    return {full_name(p["distribution"], p.get("scale"), p.get("base"), p.get("internal_knots")) for p in parts}


def _called(fit: WrittenFit, chosen: set[str]) -> str:
    return f"{family_label(fit.name)}{IN_THE_MODEL if fit.name in chosen else ''}"


def _published(scenario: Scenario, figures: Sequence[PublishedFigure], arm: WrittenArm) -> list[tuple[Cell, ...]]:
    """Return a row for each trial with published figures of this curve that are landmarks or a median."""
    rows: dict[str, dict[str, float]] = {}
    for figure in figures:
        quantity = scenario.quantities[figure.address]
        name = ""
        if quantity.figure_kind == "survival_at":
            name = f"at_{read((quantity.at_months or 0.0) / MONTHS_PER_YEAR)}"
        elif quantity.figure_kind == "median":
            name = "median"
        value = quantity.value * scenario.factors[figure.address] * (MONTHS_PER_YEAR if name == "median" else 1.0)
        if name in [column.name for column in SAID] and not figure.reference:
            trial = scenario.trial_names.get(figure.address, "")
            whose = f"Published: {plain(trial)}" if trial else "Published"
            rows.setdefault(f"{whose} {cite(', '.join(quantity.source))}".strip(), {})[name] = value
    blank = (None,) * len(_criteria(arm))
    return [(whose, *blank, *(values.get(column.name) for column in SAID)) for whose, values in rows.items()]


def _note(curve: Curve, arm: WrittenArm) -> str:
    """Say what was fitted to whom, and what the numbers are."""
    of = arm.endpoint.arms[curve.arm or ""]
    whom = f"arm {plain(curve.arm or '')} of {plain(arm.endpoint.data)}"
    if of.patients is not None:
        whom += f", {of.patients:,} patients, {of.events or 0:,} events"
    how = "By maximum likelihood; AIC and BIC compare families of one arm, lower is better." * _by_likelihood(arm)
    told = [
        f"Fitted by netcea {arm.endpoint.netcea} on {arm.endpoint.date} to {whom}.",
        how,
        "All arms together, with an effect of the arm." if arm.endpoint.control is not None else "",
        "Relative survival: hazards in excess of the general population's." if arm.endpoint.relative_survival else "",
        "Of the families at their estimates, before the model's adjustments; '-': none, or not published.",
        "A mean that is not reached is infinite: the curve falls too slowly, or not to 0.",
        _averaged(curve),
        *(f"{family_label(name)}: {plain(why)}." for name, why in arm.refused.items()),
    ]
    return " ".join(filter(None, told))


def _averaged(curve: Curve) -> str:
    if curve.averaging is None:
        return ""
    return f"The model has an average of those marked ({curve.averaging.rule})."
