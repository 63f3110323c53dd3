"""Simulated trials of families fitted to patients: how often 95% intervals hold the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from netcea.fitting.bootstrap import ENOUGH
from netcea.fitting.candidates import Candidate
from netcea.fitting.highest import climb
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.newton import Maximum
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.survival.jets import variables
from netcea.uncertainty.normal import HALF_WIDTH

PATIENTS, SEED = 300, 21
LEVELS = np.array([0.8, 0.65, 0.5])
"""Survival at three times, of which intervals are symmetric on log(-log S)."""
CURED = 0.4
STANDARD = {
    "exponential": [-1.0],
    "weibull": [0.3, 1.0],
    "gompertz": [0.1, -2.0],
    "log_normal": [1.0, 0.0],
    "log_logistic": [0.4, 1.0],
    "gamma": [0.5, -0.5],
    "generalised_gamma": [1.0, -0.2, 0.6],
}
"""Parameters on the real line."""
STRAIGHT = {"hazard": "weibull", "odds": "log_logistic", "normal": "log_normal"}
"""Scale of a spline -> the family that it holds whatever its knots are."""


@dataclass(frozen=True)
class Truth:
    """What trials are simulated from: parameters of a family, and its times at which a share of patients has failed."""

    real_line: np.ndarray
    quantile: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Coverage:
    """Trials that were fitted, and the share of them in which 95% intervals hold the truth."""

    fitted: int
    parameters: np.ndarray
    survival: np.ndarray

    @property
    def all(self):
        """Of every parameter, then of survival at every level."""
        return np.concatenate([self.parameters, self.survival])


def _standard(name):
    """Return the quantile of a family without a structure at its truth."""
    family = Candidate(name).model(Patients.of([1.0], [1]))
    natural = {
        p.name: np.array(np.exp(x) if p.real_line == "log" else x)
        for p, x in zip(family.parameters, STANDARD[name], strict=True)
    }
    return lambda share: family.quantile(share, natural)


def truth_of(model: Candidate) -> Truth:
    """Return a truth that the family holds whatever a trial's knots or breaks are, so that only chance is left."""
    if model.name in STANDARD:
        return Truth(np.array(STANDARD[model.name]), _standard(model.name))
    if model.family == "piecewise_exponential":
        return Truth(np.full(3, STANDARD["exponential"][0]), _standard("exponential"))
    if model.family == "royston_parmar":
        held = STRAIGHT[model.scale]
        a, b = STANDARD[held]  # eta = (log t - meanlog) / sdlog, or shape (log t - log scale)
        intercept, slope = (-a * np.exp(-b), np.exp(-b)) if held == "log_normal" else (-b * np.exp(a), np.exp(a))
        return Truth(np.array([intercept, slope, *[0.0] * model.internal_knots]), _standard(held))
    base = _standard(model.base)

    def quantile(share):  # S = c + (1 - c) S0, and S = c^(1 - S0) of a non-mixture model
        failed = share / (1.0 - CURED) if model.family == "mixture_cure" else np.log1p(-share) / np.log(CURED)
        return np.where(failed < 1.0, base(np.clip(failed, 0.0, 1.0 - 1e-12)), np.inf)

    return Truth(np.array([np.log(CURED / (1.0 - CURED)), *STANDARD[model.base]]), quantile)


def trials(truth: Truth, number: int) -> Iterator[Patients]:
    """Yield trials of which a quarter to a third of the patients are censored; of cure models nearly half."""
    random, median = np.random.default_rng(SEED), float(truth.quantile(np.array(0.5)))
    for _ in range(number):
        failing = truth.quantile(random.uniform(size=PATIENTS))
        censored = random.uniform(0.25, 4.0, PATIENTS) * median
        yield Patients.of(np.minimum(failing, censored), failing <= censored)


def fitted_from_the_truth(model: Candidate, truth: Truth, patients: Patients) -> Maximum:
    """Return the maximum that is reached from the truth."""
    return climb(LogLikelihood(model.model(patients), patients), truth.real_line, ENOUGH)


def coverage(model: Candidate, number: int, half_width: float = HALF_WIDTH) -> Coverage:
    """Return how often intervals, of so many standard errors, hold parameters and (delta method) survival."""
    truth = truth_of(model)
    at, aim = truth.quantile(1.0 - LEVELS), np.log(-np.log(LEVELS))
    fitted, parameters, survival = 0, np.zeros(len(truth.real_line)), np.zeros(len(LEVELS))
    for patients in trials(truth, number):
        try:
            found = fitted_from_the_truth(model, truth, patients)
        except NotIdentified:
            continue
        fitted += 1
        se = np.sqrt(np.diag(found.covariance))
        parameters += np.abs(found.parameters - truth.real_line) < half_width * se
        h = model.model(patients).likelihood_terms(at, variables(found.parameters))[0]
        slope = np.broadcast_to(h.slope / h.value, (len(se), len(at)))
        se = np.sqrt(np.einsum("it,ij,jt->t", slope, found.covariance, slope))
        survival += np.abs(np.log(h.value) - aim) < half_width * se
    return Coverage(fitted, parameters / fitted, survival / fitted)
