"""Tables of fits to all arms together: AIC and BIC beside fits of each arm by itself, effects, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.fitting.joint_fit import Effect, JointFits, effect_of
from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.fitting.summaries import HORIZON_YEARS, LANDMARK_YEARS, summaries
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms

NOTE: Final = (
    "Separate: the sum over the arms of the same family, each arm with all its parameters; its BIC with the logarithm "
    "of the number of patients of all arms. Lower is better; splines place their knots by the events of the patients "
    "they are fitted to. A time ratio above 1 is longer survival; the effect is of the arm against {control}."
)


def joint_table(found: FitsOfArms) -> Table:
    """Return, for each family, how a joint fit compares with separate ones, its effects, and survival by arm."""
    columns = (
        Column("family", "Family"),
        *_criteria(),
        Column("arm", "Arm"),
        *_effect_columns(),
        Column("se", "Standard error of its logarithm", "", "number"),
        Column("median", "Median", "years", "years"),
        Column("restricted_mean", f"Mean to {read(HORIZON_YEARS)} years", "years", "years"),
        *(Column(f"survival_{read(y)}", f"S({read(y)} y)", "", "percent") for y in LANDMARK_YEARS),
        Column("refused", "Not fitted, because"),
    )
    rows: list[tuple[Cell, ...]] = []
    for fit in _ordered(found):
        rows += _rows(found, fit)
    empty = (None,) * (len(columns) - 2)
    rows += [(one.name, *empty, one.reason) for one in _joint(found).refused]
    title = f"{found.in_words}: all arms together, or each by itself"
    return Table("joint", title, columns, tuple(rows), NOTE.format(control=_joint(found).control))


def joint_on_screen(found: FitsOfArms) -> list[Table]:
    """Return the part of `joint_table` that fits a screen; nothing where none was asked for."""
    if found.joint is None:
        return []
    columns = (
        Column("family", "Family"),
        Column("aic", "AIC +", "", "number"),
        Column("aic_separate_less", "separate", "", "number"),
        Column("bic_separate_less", "BIC: separate", "", "number"),
        Column("arm", "Arm"),
        *_effect_columns(),
    )
    lowest = min((fit.aic for fit in found.joint.fitted), default=0.0)
    rows: list[tuple[Cell, ...]] = []
    for fit in _ordered(found):
        criteria = _separate(found, fit)
        above = [None, None] if criteria is None else [criteria[1] - fit.aic, criteria[2] - fit.bic]
        own = (fit.name, fit.aic - lowest, *above)
        rows += [(*own, arm, *_effect(effect_of(fit, arm))) for arm in found.joint.arms[1:]]
    title = f"{found.in_words}, all arms together, against {found.joint.control}"
    refused = "; ".join(f"{one.name} ({one.reason})" for one in found.joint.refused)
    note = "Separate: by how much AIC and BIC of separate fits are higher."
    note += f" Not fitted: {refused}" if refused else ""
    return [Table("joint", title, columns, tuple(rows), note)]


def _criteria() -> tuple[Column, ...]:
    return (
        Column("parameters", "Parameters", "", "count"),
        Column("log_likelihood", "Log-likelihood", "", "number"),
        Column("aic", "AIC", "", "number"),
        Column("bic", "BIC", "", "number"),
        Column("parameters_separate", "Parameters, separate", "", "count"),
        Column("aic_separate", "AIC, separate", "", "number"),
        Column("bic_separate", "BIC, separate", "", "number"),
    )


def _effect_columns() -> tuple[Column, ...]:
    return (
        Column("effect", "Effect"),
        Column("estimate", "Estimate", "", "number"),
        Column("low", "95% interval, low", "", "number"),
        Column("high", "95% interval, high", "", "number"),
    )


def _joint(found: FitsOfArms) -> JointFits:
    if found.joint is None:
        raise ValueError("joint: found none; expected fits to all arms together")
    return found.joint


def _ordered(found: FitsOfArms) -> list[LikelihoodFit]:
    return sorted(_joint(found).fitted, key=lambda fit: fit.aic)


def _separate(found: FitsOfArms, joint: LikelihoodFit) -> tuple[int, float, float] | None:
    """Return parameters, AIC and BIC of the same family fitted to each arm; None where it is not fitted to all."""
    fits = [fit for arm in found.fits for fit in found.fitted(arm) if fit.name == joint.name]
    if len(fits) < len(found.fits):
        return None
    parameters, value = sum(len(fit.names) for fit in fits), sum(fit.log_likelihood for fit in fits)
    return parameters, 2.0 * parameters - 2.0 * value, float(np.log(joint.n)) * parameters - 2.0 * value


def _effect(effect: Effect) -> tuple[Cell, ...]:
    ends = [effect.estimate + sign * HALF_WIDTH * effect.se for sign in (0.0, -1.0, 1.0)]
    return (effect.what, *(float(np.exp(end)) if effect.is_ratio else end for end in ends))


def _rows(found: FitsOfArms, fit: LikelihoodFit) -> Iterator[tuple[Cell, ...]]:
    joint, separate = _joint(found), _separate(found, fit)
    criteria: tuple[Cell, ...] = (float(len(fit.names)), fit.log_likelihood, fit.aic, fit.bic)
    apart: tuple[Cell, ...] = (None, None, None) if separate is None else (float(separate[0]), *separate[1:])
    last = float(joint.patients.time.max())
    for arm in joint.arms:
        one = summaries([fit], last, found.per_year, joint.of_arm(arm))[0]
        own: tuple[Cell, ...] = ("", None, None, None, None)
        if arm != joint.control:
            effect = effect_of(fit, arm)
            own = (*_effect(effect), effect.se)
        yield (fit.name, *criteria, *apart, arm, *own, one.median, one.restricted_mean, *one.survival, "")
