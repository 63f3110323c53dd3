"""Tables of fits to published figures: what families miss, what they say, their estimates; sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.draws import from_real_line
from netcea.evidence.summary_curves import curve_of, mean_to
from netcea.evidence.summary_words import interval_scale, what_of
from netcea.fitting.published_figures import FigureFit
from netcea.fitting.summaries import HORIZON_YEARS, LANDMARK_YEARS
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from netcea.evidence.figure_fits import FitsOfFigures
    from netcea.fitting.summary_candidates import FamilyFit

NO_AIC: Final = (
    "There is no AIC: a handful of figures has no likelihood, and a family that meets them may still be wrong between "
    "and beyond them. Judge families by what they miss, and by what they say of later years."
)
POOR: Final = 0.05
"""Probability of a chi-square so high, below which a family is said to miss the figures."""


def misfit(found: FitsOfFigures) -> Table:
    """Return, for each family and figure, what was published and what the curve says."""
    columns = (
        Column("group", "Fitted to"),
        Column("family", "Family"),
        Column("arm", "Arm"),
        Column("figure", "Figure"),
        Column("published", "Published", "", "number"),
        Column("low", "95% interval, low", "", "number"),
        Column("high", "95% interval, high", "", "number"),
        Column("scale", "Symmetric on"),
        Column("fitted", "Fitted curve", "", "number"),
        Column("miss", "Miss", "standard errors", "number"),
        Column("used", "Used in the fit"),
    )
    rows = tuple(
        (group, fit.family, *_figure(found, item))
        for group in found.fits
        for fit in found.fitted(group)
        for item in fit.figures
    )
    note = f"A miss is (fitted - published) / standard error, on the scale on which the interval is symmetric. {NO_AIC}"
    return Table("misfit", f"{found.label}: published figures and fitted curves", columns, rows, note)


def _figure(found: FitsOfFigures, item: FigureFit) -> tuple[Cell, ...]:
    figure = item.figure
    ends: tuple[Cell, ...] = found.interval(figure) or (None, None)
    scale = interval_scale(figure).replace("_", "-") if figure.se is not None else "no interval"
    used = "yes" if item.used else "no"
    what = what_of(figure, found.time_unit)
    return (figure.address, what, figure.value, *ends, scale, item.modelled, item.miss_in_standard_errors, used)


def overall(found: FitsOfFigures) -> Table:
    """Return, for each family and arm, how far all figures are missed, and what the curve says."""
    columns = (
        Column("group", "Fitted to"),
        Column("family", "Family"),
        Column("arm", "Arm"),
        Column("parameters", "Parameters", "", "count"),
        Column("figures", "Figures", "", "count"),
        Column("chi_square", "Chi-square", "", "number"),
        Column("degrees_of_freedom", "Degrees of freedom", "", "count"),
        Column("p", "P of as much or more", "", "number"),
        Column("largest_miss", "Largest miss", "standard errors", "number"),
        Column("median", "Median", "years", "years"),
        *(Column(f"survival_{read(y)}", f"S({read(y)} y)", "", "percent") for y in LANDMARK_YEARS),
        Column("restricted_mean", f"Mean to {read(HORIZON_YEARS)} years", "years", "years"),
        Column("refused", "Not fitted, because"),
    )
    rows: list[tuple[Cell, ...]] = []
    for group in found.fits:
        for fit in found.fitted(group):
            rows += [
                (group, fit.family, arm, *_overall(fit), *_says(found, fit, arm), "") for arm in _arms(found, group)
            ]
        empty = (None,) * (len(columns) - 4)
        rows += [(group, one.name, "", *empty, one.reason) for one in found.refused(group)]
    note = f"Chi-square: the misses of all figures, weighed by their covariance. {NO_AIC}"
    return Table("choosing", f"{found.label}: what each family misses, and what it says", columns, tuple(rows), note)


def _arms(found: FitsOfFigures, group: str) -> tuple[str, ...]:
    return found.data.arms if found.is_together else (group,)


def _overall(fit: FamilyFit) -> tuple[Cell, ...]:
    df = fit.degrees_of_freedom
    misses = [abs(item.miss_in_standard_errors) for item in fit.figures if item.miss_in_standard_errors is not None]
    p = fit.probability
    return (float(len(fit.names)), float(len(fit.figures)), fit.chi_square, float(df), p, max(misses, default=None))


def _says(found: FitsOfFigures, fit: FamilyFit, arm: str) -> tuple[Cell, ...]:
    curve, per_year = curve_of(found, fit, arm), found.per_year
    survival = curve.survival(np.array(LANDMARK_YEARS) * per_year).tolist()
    return (curve.quantile(0.5) / per_year, *survival, mean_to(curve, HORIZON_YEARS * per_year) / per_year)


def estimates(found: FitsOfFigures) -> Table:
    """Return every parameter with its standard error on its real line and its 95% interval by the delta method."""
    columns = (
        Column("group", "Fitted to"),
        Column("family", "Family"),
        Column("parameter", "Parameter"),
        Column("estimate", "Estimate", "", "number"),
        Column("low", "95% interval, low", "", "number"),
        Column("high", "95% interval, high", "", "number"),
        Column("scale", "Real line"),
        Column("se", "Standard error there", "", "number"),
    )
    rows = tuple((group, fit.family, *row) for group in found.fits for fit in found.fitted(group) for row in _rows(fit))
    note = f"Time in {found.time_unit}. By the delta method, from the published intervals; empty where one is missing."
    return Table("estimates", f"{found.label}: parameters", columns, rows, note)


def _rows(fit: FamilyFit) -> Iterator[tuple[Cell, ...]]:
    for i, (name, scale) in enumerate(zip(fit.names, fit.scales, strict=True)):
        x, se = float(fit.real_line[i]), float(np.sqrt(fit.covariance[i, i]))
        known = bool(np.isfinite(se))
        at = [
            float(from_real_line(np.array(x + z * (se if known else 0.0)), scale))
            for z in (0.0, -HALF_WIDTH, HALF_WIDTH)
        ]
        yield (name, at[0], *(at[1:] if known else (None, None)), scale, se if known else None)


TABLES: Final[Mapping[str, Callable[[Any], Table]]] = {"misfit": misfit, "choosing": overall, "estimates": estimates}
"""Name -> function."""


def on_screen(found: FitsOfFigures) -> list[Table]:
    """Return, for each arm or all together, the part of `choosing` that fits a screen."""
    tables = []
    columns = (
        Column("family", "Family"),
        Column("chi_square", "Chi-square (df)"),
        Column("p", "P"),
        Column("largest", "Largest miss"),
        Column("arm", "Arm"),
        Column("median", f"Median ({found.time_unit})", "", "number"),
        *(Column(f"s{read(y)}", f"S({read(y)} y)", "", "percent") for y in LANDMARK_YEARS[:4]),
    )
    for group in found.fits:
        rows = [row for fit in found.fitted(group) for row in _screen_rows(found, fit, _arms(found, group))]
        refused = found.refused(group)
        note = "" if not refused else "Not fitted: " + "; ".join(f"{one.name} ({one.reason})" for one in refused)
        figures = [item for item in found.published if found.is_together or item.arm == group]
        title = f"{found.label}, {group}: {len(figures)} published figures"
        tables.append(Table(f"choosing_{group}", title, columns, tuple(rows), note))
    return tables


def _screen_rows(found: FitsOfFigures, fit: FamilyFit, arms: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    misses = [(abs(i.miss_in_standard_errors), i) for i in fit.figures if i.miss_in_standard_errors is not None]
    far, worst = max(misses, key=lambda pair: pair[0], default=(0.0, fit.figures[0]))
    p, df = fit.probability, fit.degrees_of_freedom
    chi = f"{fit.chi_square:.2f} ({df})" if df else "met exactly"
    largest = "" if not df else f"{far:.2f} SE, {what_of(worst.figure, found.time_unit)}"
    for number, arm in enumerate(arms):
        curve = curve_of(found, fit, arm)
        survival = curve.survival(np.array(LANDMARK_YEARS[:4]) * found.per_year).tolist()
        lead = (fit.family, chi, "" if p is None else f"{p:.3f}", largest) if number == 0 else ("", "", "", "")
        yield (*lead, arm, curve.quantile(0.5), *survival)


def sentences(found: FitsOfFigures) -> list[str]:
    """Return what the figures can and cannot tell apart.

    Parameters
    ----------
    found : FitsOfFigures
    """
    said = [NO_AIC]
    for group in found.fits:
        fits = found.fitted(group)
        poor = [fit.family for fit in fits if (p := fit.probability) is not None and p < POOR]
        exact = [fit.family for fit in fits if fit.degrees_of_freedom == 0]
        where = "" if len(found.fits) == 1 else f"{group}: "
        if poor:
            miss = "misses" if len(poor) == 1 else "miss"
            said.append(f"{where}{', '.join(poor)} {miss} the figures by more than chance (P below {POOR}).")
        if exact:
            said.append(
                f"{where}{', '.join(exact)}: as many parameters as figures, which are met whatever the truth is."
            )
        arm, years = _arms(found, group)[-1], np.array([10.0 * found.per_year])
        ten = [float(curve_of(found, fit, arm).survival(years)[0]) for fit in fits]
        said.append(
            f"{where}At 10 years the families leave {min(ten):.1%} to {max(ten):.1%} of {arm}: the figures do not tell "
            "them apart there."
        )
    if len(found.published) > 1 and found.data.correlation is None:
        landmarks = (
            "landmarks of one arm are taken as points of one Kaplan-Meier curve, all others"
            if found.correlated
            else "they"
        )
        said.append(
            f"Figures of the same patients are correlated, and no correlation was given: {landmarks} are taken as "
            "independent."
        )
    if found.data.in_percent:
        said.append("Survival is in percent, and was divided by 100.")
    return said
