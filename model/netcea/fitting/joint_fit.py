"""Families fitted to all arms together, with an effect of each arm against a control on the family's location."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.background import one_after_another
from netcea.fitting.candidates import Candidate
from netcea.fitting.external.terms import ExternalTerms, terms_of_arms
from netcea.fitting.maximum_likelihood import LikelihoodFit, Refused, fit_patients
from netcea.fitting.patients import Patients

EFFECTS: Final[Mapping[str, tuple[str, float]]] = {
    "log_hazard_ratio": ("hazard ratio", 1.0),
    "log_time_ratio": ("time ratio", 1.0),
    "minus_log_time_ratio": ("time ratio", -1.0),
    "log_odds_ratio": ("odds ratio", 1.0),
    "probit_difference": ("difference in probits", 1.0),
}
"""What a coefficient is -> the ratio that it is the logarithm of (but for probits), and its sign there."""


RATIO: Final = "hazard_ratio_"
"""What the name of a hazard ratio among the parameters begins with; the arm follows."""


class Effect(NamedTuple):
    """Of an arm against the control.

    Attributes
    ----------
    what : str
        hazard ratio, time ratio (above 1: longer survival), odds ratio of the event, or difference in probits.
    estimate : float
        Logarithm of a ratio; a difference in probits itself. [log(ratio) or 1]
    se : float
        Its standard error. [same]
    """

    what: str
    estimate: float
    se: float

    @property
    def is_ratio(self) -> bool:
        """Whether the estimate is the logarithm of a ratio."""
        return self.what.endswith("ratio")


class ArmParameters(NamedTuple):
    """Where an arm has the parameters of its curve among those of all arms.

    Attributes
    ----------
    parameters : mapping of str -> str
        Parameter of the family -> its name among those of all arms.
    hazard_ratio : str or None
        Name of what the hazard of these parameters is multiplied by.
    """

    parameters: Mapping[str, str]
    hazard_ratio: str | None = None


class AllArms(NamedTuple):
    """Parameters of the curves of all arms, estimated together.

    Attributes
    ----------
    names, scales : tuple of str
        Of each, and its real line.
    real_line : Array (parameter,)
        Estimates. [real line]
    covariance : Array (parameter, parameter)
        [squares of the same]
    arms : mapping of str -> ArmParameters
        Arm -> which are its own.
    """

    names: tuple[str, ...]
    scales: tuple[str, ...]
    real_line: Array
    covariance: Array
    arms: Mapping[str, ArmParameters]


@dataclass(frozen=True, eq=False)
class JointFits:
    """Every family fitted to all arms together, or why it could not be.

    Attributes
    ----------
    control : str
        The arm against which the others' effects are.
    patients : Patients
        Of all arms; each arm but the control has a covariate of its name.
    fits : tuple of LikelihoodFit or Refused
        In the order of the families.
    """

    control: str
    patients: Patients
    fits: tuple[LikelihoodFit | Refused, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """The control, then the others."""
        return (self.control, *self.patients.names)

    @property
    def fitted(self) -> list[LikelihoodFit]:
        """The families that were fitted."""
        return [fit for fit in self.fits if isinstance(fit, LikelihoodFit)]

    @property
    def refused(self) -> list[Refused]:
        """The families that could not be fitted."""
        return [fit for fit in self.fits if isinstance(fit, Refused)]

    def of_arm(self, arm: str) -> dict[str, float]:
        """Covariates of an arm, for `LikelihoodFit.curve`.

        Parameters
        ----------
        arm : str
            The control or another.

        Returns
        -------
        dict of str -> float
            1 for the arm itself; empty for the control. [0 or 1]

        Examples
        --------
        >>> arms = {"old": Patients.of([2.0], [1]), "new": Patients.of([4.0], [1])}
        >>> fit_jointly(arms, "old", []).of_arm("new")
        {'new': 1.0}
        """
        return {} if arm == self.control else {arm: 1.0}


def fit_jointly(
    arms: Mapping[str, Patients],
    control: str,
    families: Iterable[Candidate] | None = None,
    external: Mapping[str, ExternalTerms] | None = None,
) -> JointFits:
    """Fit families to all arms together.

    Parameters
    ----------
    arms : mapping of str -> Patients
        Two or more.
    control : str
        One of them.
    families : iterable of Candidate, optional
        All when left out.
    external : mapping of str -> ExternalTerms, optional
        Arm -> further terms of the likelihood.

    Returns
    -------
    JointFits
        Of every family, or why it has none.

    Notes
    -----
    The arms share every parameter of a family but its location: a covariate, 1 in the arm and 0 elsewhere, shifts the
    location on its real line. That is proportional hazards for exponential, Gompertz, piecewise exponential and splines
    of the hazard, accelerated failure for Weibull (both are the same there), log-normal, log-logistic, gamma and
    generalised gamma, proportional odds for splines of the odds.

    References
    ----------
    NICE DSU Technical Support Document 14, section 3: dependent and separate fits.

    Examples
    --------
    >>> arms = {"old": Patients.of([2.0, 4.0], [1, 1]), "new": Patients.of([4.0, 8.0], [1, 1])}
    >>> fit = fit_jointly(arms, "old", [Candidate("exponential")]).fitted[0]
    >>> round(float(np.exp(effect_of(fit, "new").estimate)), 6)  # half the hazard
    0.5
    """
    others = [arm for arm in arms if arm != control]
    ordered = [arms[arm] for arm in (control, *others)]
    sizes = [patients.n for patients in ordered]
    of = np.repeat([control, *others], sizes)
    together = Patients.of(
        np.concatenate([p.time for p in ordered]),
        np.concatenate([p.event for p in ordered]),
        np.concatenate([p.entry for p in ordered]),
        np.concatenate([p.weight for p in ordered]),
        {arm: (of == arm).astype(np.float64) for arm in others},
        one_after_another([p.background for p in ordered]),
    )
    designs = {arm: {other: float(other == arm) for other in others} for arm in arms}
    terms = terms_of_arms(external, designs) if external else None
    return JointFits(control, together, fit_patients(together, families, terms))


def effect_of(fit: LikelihoodFit, arm: str) -> Effect:
    """Effect of an arm against the control.

    Parameters
    ----------
    fit : LikelihoodFit
        To all arms together.
    arm : str
        Another than the control.

    Returns
    -------
    Effect
        With its standard error.
    """
    what, sign = EFFECTS[fit.family.effect]
    at = fit.names.index(arm, len(fit.family.parameters))
    return Effect(what, sign * float(fit.real_line[at]), float(np.sqrt(fit.covariance[at, at])))


def all_arms(fit: LikelihoodFit, control: str) -> AllArms:
    """Parameters of the curves of all arms, from those of the control and the effects.

    Parameters
    ----------
    fit : LikelihoodFit
        To all arms together.
    control : str
        The arm that has no covariate.

    Returns
    -------
    AllArms
        Of a family with one location, the location of each arm: x + b, with x the control's and b the arm's
        coefficient. Of one with several (piecewise exponential), the control's, and the hazard ratio of each arm.

    Examples
    --------
    >>> arms = {"old": Patients.of([2.0, 4.0], [1, 1]), "new": Patients.of([4.0, 8.0], [1, 1])}
    >>> found = all_arms(fit_jointly(arms, "old", [Candidate("exponential")]).fitted[0], "old")
    >>> found.names, np.exp(found.real_line).round(6).tolist(), np.diag(found.covariance).round(6).tolist()
    (('rate_old', 'rate_new'), [0.333333, 0.166667], [0.5, 0.5])
    """
    own = [p.name for p in fit.family.parameters]
    others = fit.names[len(own) :]
    if len(fit.family.location) > 1:
        names = (*own, *(RATIO + arm for arm in others))
        scales = (*fit.scales[: len(own)], *("log" for _ in others))
        ratios: dict[str, str | None] = {control: None, **{arm: RATIO + arm for arm in others}}
        arms = {arm: ArmParameters({name: name for name in own}, ratio) for arm, ratio in ratios.items()}
        return AllArms(names, scales, fit.real_line, fit.covariance, arms)
    location = fit.family.location[0]
    at = own.index(location)
    slopes = np.eye(len(fit.names))
    slopes[len(own) :, at] = 1.0
    named = {arm: f"{location}_{arm}" for arm in (control, *others)}
    names = tuple(named[control] if name == location else name for name in own) + tuple(named[arm] for arm in others)
    scales = (*fit.scales[: len(own)], *(fit.scales[at] for _ in others))
    arms = {arm: ArmParameters({name: named[arm] if name == location else name for name in own}) for arm in named}
    covariance = slopes @ fit.covariance @ slopes.T
    return AllArms(names, scales, slopes @ fit.real_line, (covariance + covariance.T) / 2.0, arms)
