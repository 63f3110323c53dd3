"""Curves from published figures: medians, landmark survivals, restricted means, hazard ratios, with their intervals.

One curve (`fit_curve`) or both arms of a trial (`fit_trial`). Working scales: the logarithm of medians, restricted
means and ratios; log(-log S) of survivals. Covariances are on the real line of the parameters, by the delta method.
"""

from netcea.fitting.one_curve import fit_curve, landmark_correlation
from netcea.fitting.published_figures import SUMMARY_FAMILIES, Figure, FigureFit, FigureKind, NotIdentified, SummaryFit
from netcea.fitting.two_arms import fit_trial

__all__ = [
    "SUMMARY_FAMILIES",
    "Figure",
    "FigureFit",
    "FigureKind",
    "NotIdentified",
    "SummaryFit",
    "fit_curve",
    "fit_trial",
    "landmark_correlation",
]
