"""Curves of fits to published figures, by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcea.fitting.arm_curves import ArmCurves
from netcea.fitting.curve_figures import CurveJet
from netcea.fitting.published_figures import Figure

if TYPE_CHECKING:
    from netcea.evidence.figure_fits import FitsOfFigures
    from netcea.fitting.summary_candidates import FamilyFit


def curve_of(found: FitsOfFigures, fit: FamilyFit, arm: str) -> CurveJet:
    """Return the curve of an arm.

    Parameters
    ----------
    found : FitsOfFigures
    fit : FamilyFit
        One of its fits.
    arm : str
        One of the arms that the fit is of.
    """
    arms = found.data.arms if found.is_together else (arm,)
    return ArmCurves(fit.model, arms, {}).at(fit.real_line)[arm]


def mean_to(curve: CurveJet, end: float) -> float:
    """Return the restricted mean of a curve. [unit of time]

    Parameters
    ----------
    curve : CurveJet
    end : float
        Until when. [unit of time]
    """
    return float(np.exp(curve.says(Figure("restricted_mean", 0.5 * end, time=end))[0]))
