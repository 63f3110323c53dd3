"""Tables of arms against the control arm: hazard ratios that families imply, and what the data say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.comparison import Comparison, Ratio
from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.fitting.schoenfeld import Schoenfeld
from netcea.fitting.summaries import LANDMARK_YEARS
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms


def hazard_ratios(found: FitsOfArms) -> Table:
    """Return, for each arm and family, the hazard ratio against the control arm at landmarks."""
    columns = (
        Column("arm", "Arm"),
        Column("control", "Against"),
        Column("family", "Family"),
        Column("hazard_ratio_end", "At the end of the data", "", "number"),
        *(Column(f"hazard_ratio_{read(y)}", f"At {read(y)} y", "", "number") for y in LANDMARK_YEARS),
    )
    rows: list[tuple[Cell, ...]] = []
    for arm in found.comparisons:
        times = np.array([shared_end(found, arm), *(y * found.per_year for y in LANDMARK_YEARS)])
        for name, treated, control in both_fitted(found, arm):
            ratios = ratios_over_time(treated, control, times)
            rows.append((arm, found.control, name, *(float(r) if np.isfinite(r) else None for r in ratios)))
    note = (
        "Hazard of the arm over that of the control arm, the same family fitted to each by itself; the data of both "
        "arms end at the end of the shorter. Empty where a hazard is 0 or without end."
    )
    return Table(
        "hazard_ratios", f"{found.in_words}: hazard ratios that the families imply", columns, tuple(rows), note
    )


def differences(found: FitsOfArms) -> Table:
    """Return, for each arm, Cox's hazard ratio with the test that it does not change, and the acceleration factor."""
    columns = (
        Column("arm", "Arm"),
        Column("control", "Against"),
        *_interval("hazard_ratio", "Hazard ratio (Cox)"),
        Column("chi_squared", "Grambsch-Therneau, chi-squared", "", "number"),
        Column("p_value", "p: hazards are proportional", "", "number"),
        *_interval("acceleration", "Acceleration factor"),
        Column("family", "Of the family"),
        Column("refused", "Not estimated, because"),
    )
    rows = tuple((arm, found.control, *_difference(one)) for arm, one in found.comparisons.items())
    note = (
        "Hazard ratios with ties by Efron. The test is the score test of a slope of the logarithm of the ratio over "
        "1 - S(t-), as R's cox.zph; a high p is no proof that hazards are proportional. An acceleration factor above 1 "
        "is longer survival; its family has the lowest AIC of Weibull, log-normal, log-logistic and generalised gamma."
    )
    return Table("differences", f"{found.label}: what the data say of differences between arms", columns, rows, note)


def _interval(name: str, heading: str) -> tuple[Column, ...]:
    kinds = (("", heading), ("_low", "95% interval, low"), ("_high", "95% interval, high"))
    return tuple(Column(f"{name}{end}", words, "", "number") for end, words in kinds)


def _difference(one: Comparison) -> tuple[Cell, ...]:
    proportional, accelerated = one.proportional, one.accelerated
    test = (proportional.statistic, proportional.p_value) if isinstance(proportional, Schoenfeld) else (None, None)
    reasons = dict.fromkeys(reason for reason in (proportional, accelerated) if isinstance(reason, str))
    family = accelerated.name if isinstance(accelerated, LikelihoodFit) else ""
    return (*interval_of(one.hazard_ratio), *test, *interval_of(one.acceleration), family, "; ".join(reasons))


def interval_of(ratio: Ratio | None) -> tuple[float | None, ...]:
    """Return a ratio with the ends of its 95% interval."""
    if ratio is None:
        return (None, None, None)
    return tuple(float(np.exp(ratio.log_ratio + k * HALF_WIDTH * ratio.standard_error)) for k in (0.0, -1.0, 1.0))


def shared_end(found: FitsOfArms, arm: str) -> float:
    """Return until when there are data of an arm and of the control arm [unit of time]."""
    return min(float(found.data.arms[one].time.max()) for one in (arm, found.control))


def both_fitted(found: FitsOfArms, arm: str) -> list[tuple[str, LikelihoodFit, LikelihoodFit]]:
    """Return families that were fitted to an arm and to the control arm, with both fits."""
    control = {fit.name: fit for fit in found.fitted(found.control)}
    return [(fit.name, fit, control[fit.name]) for fit in found.fitted(arm) if fit.name in control]


def ratios_over_time(treated: LikelihoodFit, control: LikelihoodFit, times: Array) -> Array:
    """Return hazard ratios of two fits at times; not a number where a hazard is 0 or without end."""
    with np.errstate(all="ignore"):
        above, below = (np.asarray(fit.curve().hazard(times), dtype=np.float64) for fit in (treated, control))
        known = np.isfinite(above) & np.isfinite(below) & (above > 0.0) & (below > 0.0)
        return np.where(known, above / below, np.nan)


BETWEEN_ARMS: Final[dict[str, Callable[[Any], Table]]] = {"hazard_ratios": hazard_ratios, "differences": differences}
"""Name -> function."""
