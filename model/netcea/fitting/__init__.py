"""From published figures and patient data to curves.

Published figures are medians, landmark survivals, restricted means and hazard ratios, each with its interval:
`fit_curve` draws one curve through them, `fit_trial` one curve for each arm of a trial. Working scales are the
logarithm of medians, restricted means and ratios, and log(-log S) of survivals; covariances are on the real line of the
parameters, by the delta method.

From patient data come the Kaplan-Meier estimate, Cox's hazard ratio and curves by maximum likelihood:
`netcea.fitting.maximum_likelihood.fit_patients` fits every family of `netcea.fitting.candidates` to
`netcea.fitting.patients.Patients`, and says of each that cannot be fitted why.

Comes in: numbers. Whoever reads them from files is above: `netcea.loading`.
"""

from netcea.fitting.one_curve import fit_curve, landmark_correlation
from netcea.fitting.published_figures import SUMMARY_FAMILIES, Figure, FigureFit, FigureKind, NotIdentified, SummaryFit
from netcea.fitting.trial import HazardRatio, Trial
from netcea.fitting.trial_fit import fit_trial

__all__ = [
    "SUMMARY_FAMILIES",
    "Figure",
    "FigureFit",
    "FigureKind",
    "HazardRatio",
    "NotIdentified",
    "SummaryFit",
    "Trial",
    "fit_curve",
    "fit_trial",
    "landmark_correlation",
]
