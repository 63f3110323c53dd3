"""Tables of fits to patients: how they fit and what they say, their estimates, the Kaplan-Meier estimate, refusals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.draws import from_real_line
from netcea.evidence.bootstrap_tables import bootstrap_table
from netcea.evidence.comparison_tables import BETWEEN_ARMS
from netcea.evidence.external_tables import external_tables
from netcea.evidence.joint_tables import joint_table
from netcea.evidence.population import below_population
from netcea.evidence.reconstruction_tables import RECONSTRUCTION_TABLES, audit
from netcea.evidence.relative_tables import relative_survival_table, what_numbers_are
from netcea.fitting.summaries import HORIZON_YEARS, LANDMARK_YEARS, Summary
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms


def choosing(found: FitsOfArms) -> Table:
    """Return, for each arm and family, how it fits and what it says; families without a fit with the reason."""
    landmarks = [
        *(Column(f"survival_{read(y)}", f"S({read(y)} y)", "", "percent") for y in LANDMARK_YEARS),
        *(Column(f"hazard_{read(y)}", f"Hazard at {read(y)} y", "per year", "number") for y in LANDMARK_YEARS),
    ]
    columns = (
        Column("arm", "Arm"),
        Column("family", "Family"),
        Column("parameters", "Parameters", "", "count"),
        Column("log_likelihood", "Log-likelihood", "", "number"),
        Column("aic", "AIC", "", "number"),
        Column("aic_above_lowest", "AIC above the lowest", "", "number"),
        Column("rank_aic", "Rank by AIC", "", "count"),
        Column("bic", "BIC", "", "number"),
        Column("rank_bic", "Rank by BIC", "", "count"),
        Column("median", "Median", "years", "years"),
        Column("restricted_mean_data", "Mean to the end of the data", "years", "years"),
        Column("restricted_mean", f"Mean to {read(HORIZON_YEARS)} years", "years", "years"),
        Column("mean", "Mean", "years", "years"),
        *landmarks,
        Column("below_population", "Hazard below the general population's from", "years", "years"),
        Column("refused", "Not fitted, because"),
    )
    rows: list[tuple[Cell, ...]] = []
    for arm in found.fits:
        rows += [_row(found, arm, one) for one in found.summaries[arm]]
        empty = (None,) * (len(columns) - 3)
        rows += [(arm, refusal.name, *empty, refusal.reason) for refusal in found.refused(arm)]
    note = (
        "By maximum likelihood; AIC and BIC compare families of one arm, lower is better. BIC with the logarithm of "
        f"the number of patients. {_whose(found)}"
    )
    return Table("choosing", f"{found.in_words}: how each family fits, and what it says", columns, tuple(rows), note)


def _whose(found: FitsOfArms) -> str:
    """Say which population hazards are compared with."""
    if found.matched is not None:
        return what_numbers_are(found)
    if found.population is None:
        return "No general population was named (--age, --female, --life-table): hazards are not compared with it."
    return f"General population: {found.population}; empty where no hazard to {read(HORIZON_YEARS)} years is below it."


def _row(found: FitsOfArms, arm: str, one: Summary) -> tuple[Cell, ...]:
    fit, lowest = one.fit, found.summaries[arm][0].fit.aic
    people, per_year = found.population, found.per_year
    return (
        arm,
        fit.name,
        float(len(fit.names)),
        fit.log_likelihood,
        fit.aic,
        fit.aic - lowest,
        float(one.rank_aic),
        fit.bic,
        float(one.rank_bic),
        one.median,
        one.restricted_mean_data,
        one.restricted_mean,
        one.mean,
        *one.survival,
        *one.hazards,
        None if people is None or found.matched is not None else below_population(fit.curve(), people, per_year),
        "",
    )


def on_screen(found: FitsOfArms) -> list[Table]:
    """Return, for each arm, the part of `choosing` that fits a screen."""
    tables = []
    for arm, patients in found.data.arms.items():
        lowest = found.summaries[arm][0].fit.aic if found.summaries[arm] else math.nan
        rows = tuple(_short_row(one, lowest) for one in found.summaries[arm])
        columns = (
            Column("family", "Family"),
            Column("aic", "AIC +", "", "number"),
            Column("rank_bic", "BIC rank", "", "count"),
            Column("median", "Median", "months", "months"),
            *(Column(f"s{read(y)}", f"S({read(y)} y)", "", "percent") for y in LANDMARK_YEARS),
            Column("restricted_mean", f"Mean to {read(HORIZON_YEARS)} y", "years", "years"),
        )
        title = f"{found.in_words}, {arm}: {patients.n:,} patients, {patients.events:,} events"
        refused = found.refused(arm)
        note = "" if not refused else "Not fitted: " + "; ".join(f"{one.name} ({one.reason})" for one in refused)
        tables.append(Table(f"choosing_{arm}", title, columns, rows, note))
    return tables


def _short_row(one: Summary, lowest: float) -> tuple[Cell, ...]:
    above = one.fit.aic - lowest
    return (one.fit.name, above, float(one.rank_bic), one.median * 12.0, *one.survival, one.restricted_mean)


def reconstruction_on_screen(found: FitsOfArms) -> list[Table]:
    """Return the audit of a reconstruction; nothing for patients' own data."""
    return [] if found.data.reconstructed is None else [audit(found)]


def estimates(found: FitsOfArms) -> Table:
    """Return every parameter with its 95% interval."""
    columns = (
        Column("arm", "Arm"),
        Column("family", "Family"),
        Column("parameter", "Parameter"),
        Column("estimate", "Estimate", "", "number"),
        Column("low", "95% interval, low", "", "number"),
        Column("high", "95% interval, high", "", "number"),
        Column("scale", "Scale of the standard error"),
        Column("se", "Standard error", "", "number"),
    )
    return Table(
        "estimates",
        f"{found.in_words}: estimates (time in {found.time_unit})",
        columns,
        tuple(_estimate_rows(found)),
        "Intervals are symmetric on the scale on which the parameter is estimated.",
    )


def _estimate_rows(found: FitsOfArms) -> Iterator[tuple[Cell, ...]]:
    for arm in found.fits:
        for fit in found.fitted(arm):
            errors = np.sqrt(np.diag(fit.covariance))
            for name, scale, x, se in zip(fit.names, fit.scales, fit.real_line, errors, strict=True):
                ends = [
                    float(from_real_line(np.array(v), scale)) for v in (x, x - HALF_WIDTH * se, x + HALF_WIDTH * se)
                ]
                yield (arm, fit.name, name, *ends, scale, float(se))


def kaplan_meier_table(found: FitsOfArms) -> Table:
    """Return the Kaplan-Meier estimate of every arm with its 95% interval, on log(-log S)."""
    columns = (
        Column("arm", "Arm"),
        Column("time", "Time", found.time_unit, "number"),
        Column("at_risk", "At risk", "patients", "number"),
        Column("events", "Events", "patients", "number"),
        Column("survival", "Survival", "", "percent"),
        Column("low", "95% interval, low", "", "percent"),
        Column("high", "95% interval, high", "", "percent"),
    )
    rows: list[tuple[Cell, ...]] = []
    for arm, km in found.kaplan_meier.items():
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = (km.survival ** np.exp(sign * HALF_WIDTH * km.log_log_se) for sign in (1.0, -1.0))
        for i, t in enumerate(km.times.tolist()):
            ends = [float(x[i]) if math.isfinite(x[i]) else None for x in (low, high)]
            rows.append((arm, t, float(km.at_risk[i]), float(km.events[i]), float(km.survival[i]), *ends))
    return Table("kaplan_meier", f"{found.label}: Kaplan-Meier estimate", columns, tuple(rows))


def tables_of(found: FitsOfArms) -> dict[str, Callable[[FitsOfArms], Table]]:
    """Return name -> function of the tables that fits have: more of reconstructions, several arms, joint fits."""
    first = {} if found.data.reconstructed is None else RECONSTRUCTION_TABLES
    between = BETWEEN_ARMS if len(found.fits) > 1 else {}
    together = {} if found.joint is None else {"joint": joint_table}
    again = {"bootstrap": bootstrap_table} if found.replicates else {}
    relative = {} if found.matched is None else {"relative_survival": relative_survival_table}
    own = {**first, **TABLES, **relative, **between, **together, **again}
    return {**own, **external_tables(found, _of_fits)}


def _of_fits(found: FitsOfArms) -> dict[str, Callable[[FitsOfArms], Table]]:
    """Return the tables that say something else where fits are others, of the same patients."""
    together = {} if found.joint is None else {"joint": joint_table}
    again = {"bootstrap": bootstrap_table} if found.replicates else {}
    return {"choosing": choosing, "estimates": estimates, **together, **again}


TABLES: Final[dict[str, Callable[[FitsOfArms], Table]]] = {
    "choosing": choosing,
    "estimates": estimates,
    "kaplan_meier": kaplan_meier_table,
}
"""Name -> function."""
