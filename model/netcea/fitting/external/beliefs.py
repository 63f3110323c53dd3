"""Log-likelihoods of a share that survives: counted, or judged on a scale on which it is normal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.special import special
from netcea.survival.elementwise import quietly
from netcea.uncertainty.normal import HALF_WIDTH


class OfHazard(NamedTuple):
    """A function of a cumulative hazard, with its derivatives.

    Attributes
    ----------
    value, first, second : Array (term,)
        [any]
    """

    value: Array
    first: Array
    second: Array


class Scale(NamedTuple):
    """A scale on which a share is normal.

    Attributes
    ----------
    of_hazard : callable
        Cumulative hazard D, the share being exp(-D) -> the scale, with its derivatives.
    share : callable
        The scale -> share.
    """

    of_hazard: Callable[[Array], OfHazard]
    share: Callable[[Array], Array]


def _survival(d: Array) -> OfHazard:
    p = np.exp(-d)
    return OfHazard(p, -p, p)


def _log(d: Array) -> OfHazard:
    return OfHazard(-d, -np.ones_like(d), np.zeros_like(d))


def _log_minus_log(d: Array) -> OfHazard:
    return OfHazard(np.log(d), 1.0 / d, -1.0 / d**2)


def _logit(d: Array) -> OfHazard:
    lost = -np.expm1(-d)
    return OfHazard(-d - np.log(lost), -1.0 / lost, 0.25 / np.sinh(d / 2.0) ** 2)


SCALES: Final[Mapping[str, Scale]] = {
    "survival": Scale(_survival, lambda x: x),
    "log": Scale(_log, np.exp),
    "logit": Scale(_logit, lambda x: 1.0 / (1.0 + np.exp(-x))),
    "log_minus_log": Scale(_log_minus_log, lambda x: np.exp(-np.exp(x))),
}
"""Name -> the scale of a share p: p itself, log p, log(p / (1 - p)), log(-log p)."""


def counted(d: Array, kept: Array, lost: Array, constant: Array) -> OfHazard:
    """Log-likelihoods of counts at cumulative hazards.

    Parameters
    ----------
    d : Array (term,)
        Above 0; the share is exp(-d). [1]
    kept, lost, constant : Array (term,)
        See `Counted`. [patients, patients, log]

    Returns
    -------
    OfHazard
        [log]
    """
    some = lost > 0.0  # where nobody is lost, the share may be 1
    return OfHazard(
        constant - kept * d + np.where(some, lost * np.log(-np.expm1(-d)), 0.0),
        np.where(some, lost / np.expm1(d), 0.0) - kept,
        np.where(some, -0.25 * lost / np.sinh(d / 2.0) ** 2, 0.0),
    )


def judged(d: Array, scale: str, mean: Array, se: Array) -> OfHazard:
    """Log-likelihoods of shares that are normal on one scale, at cumulative hazards.

    Parameters
    ----------
    d : Array (term,)
        Above 0; the share is exp(-d). [1]
    scale : str
        A key of `SCALES`.
    mean, se : Array (term,)
        [scale]

    Returns
    -------
    OfHazard
        [log]
    """
    g = SCALES[scale].of_hazard(d)
    away, precision = g.value - mean, 1.0 / se**2
    value = -0.5 * precision * away**2 - np.log(se) - 0.5 * np.log(2.0 * np.pi)
    return OfHazard(value, -precision * away * g.first, -precision * (g.first**2 + away * g.second))


@dataclass(frozen=True)
class Counted:
    """So many survive and so many do not: a binomial, or a beta density of the log odds.

    Attributes
    ----------
    kept, lost : float
        Who survives and who does not; of a beta, its parameters. [patients]
    constant : float
        What does not depend on the share. [log]
    before : float
        Of each, as if known before: a half for the interval of counts, none where the beta is the whole. [patients]

    Notes
    -----
    kept log p + lost log(1 - p) + constant. If p is beta with parameters a and b, the density of log(p / (1 - p)) is
    p^a (1 - p)^b / B(a, b): highest at the mean of the beta, and the likelihood of a survivors among a + b patients.

    References
    ----------
    Jackson (2023), BMC Med Res Methodol 23:282: elicited survival as counts of a beta's parameters.

    Examples
    --------
    >>> registry = Counted.counts(325.0, 358.0)
    >>> round(registry.mode, 4), registry.patients
    (0.9078, 358.0)
    >>> Counted.beta(6.0, 34.0).mode, Counted.beta(6.0, 34.0).patients  # 6 / 40
    (0.15, 40.0)
    """

    kept: float
    lost: float
    constant: float = 0.0
    before: float = 0.5

    @classmethod
    def counts(cls, survivors: float, patients: float) -> Counted:
        """A binomial likelihood.

        Parameters
        ----------
        survivors : float
            From 0 to the patients. [patients]
        patients : float
            Above 0. [patients]

        Returns
        -------
        Counted
            With the logarithm of the binomial coefficient.

        Examples
        --------
        >>> round(float(Counted.counts(1.0, 2.0).of_hazard(np.log([2.0])).value[0]), 4)  # log(2 / 4)
        -0.6931
        """
        lost = patients - survivors
        ways = special.gammaln(patients + 1.0) - special.gammaln(survivors + 1.0) - special.gammaln(lost + 1.0)
        return cls(float(survivors), float(lost), float(ways))

    @classmethod
    def beta(cls, a: float, b: float) -> Counted:
        """A beta distribution of the share, as a density of its log odds.

        Parameters
        ----------
        a, b : float
            Above 0. [1]

        Returns
        -------
        Counted
            With the logarithm of the beta function.

        Examples
        --------
        >>> round(float(Counted.beta(2.0, 2.0).of_hazard(np.log([2.0])).value[0]), 4)  # log(6 / 16)
        -0.9808
        """
        norm = special.gammaln(a + b) - special.gammaln(a) - special.gammaln(b)
        return cls(float(a), float(b), float(norm), 0.0)

    @property
    def form(self) -> str:
        """What those have in common that are evaluated together."""
        return "counted"

    @property
    def patients(self) -> float:
        """How many patients would say as much. [patients]."""
        return self.kept + self.lost

    @property
    def mode(self) -> float:
        """The share of the highest likelihood. [share]."""
        return self.kept / self.patients

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval of the share: of the beta distribution, for counts that with kept + 1/2 and lost + 1/2. [share].

        References
        ----------
        Brown, Cai and DasGupta (2001), Stat Sci 16:101-133: Jeffreys' interval of a binomial proportion.
        """
        ends = special.betaincinv(self.kept + self.before, self.lost + self.before, np.array([0.025, 0.975]))
        return float(ends[0]), float(ends[1])

    @quietly
    def of_hazard(self, d: Array) -> OfHazard:
        """The log-likelihood at cumulative hazards.

        Parameters
        ----------
        d : Array (term,)
            Above 0; the share is exp(-d). [1]

        Returns
        -------
        OfHazard
            [log]

        Examples
        --------
        >>> at = Counted(3.0, 1.0).of_hazard(-np.log([0.75]))  # highest where 3 of 4 survive
        >>> round(float(at.first[0]), 12), bool(at.second[0] < 0.0)
        (0.0, True)
        """
        return counted(d, *(np.array([x]) for x in (self.kept, self.lost, self.constant)))

    def moved(self, deviate: float) -> Counted:
        """The same number of patients, with the survivors so many standard errors more.

        Parameters
        ----------
        deviate : float
            [1]

        Returns
        -------
        Counted
            No fewer survive than none, and no more than all. [patients]

        Examples
        --------
        >>> Counted(50.0, 50.0).moved(1.0).kept  # a standard error of 5
        55.0
        """
        spread = np.sqrt(self.kept * self.lost / self.patients)
        kept = float(np.clip(self.kept + deviate * spread, 0.0, self.patients))
        return replace(self, kept=kept, lost=self.patients - kept)


@dataclass(frozen=True)
class Judged:
    """A share that is normal on a scale.

    Attributes
    ----------
    scale : {'survival', 'log', 'logit', 'log_minus_log'}
    mean : float
        [scale]
    se : float
        Above 0. [scale]

    Examples
    --------
    >>> said = Judged("logit", -1.0, 0.5)
    >>> round(said.mode, 4), [round(end, 4) for end in said.interval]
    (0.2689, [0.1213, 0.495])
    >>> round(said.patients, 2)  # var logit = 1 / (n p (1 - p))
    20.34
    """

    scale: str
    mean: float
    se: float

    @property
    def form(self) -> str:
        """What those have in common that are evaluated together."""
        return self.scale

    @property
    def mode(self) -> float:
        """The share of the highest likelihood. [share]."""
        return float(SCALES[self.scale].share(np.array(self.mean)))

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval of the share: 1.96 standard errors either way on the scale, not beyond 0 to 1. [share]."""
        ends = [self.mean - HALF_WIDTH * self.se, self.mean + HALF_WIDTH * self.se]
        low, high = sorted(float(np.clip(SCALES[self.scale].share(np.array(end)), 0.0, 1.0)) for end in ends)
        return low, high

    @property
    def patients(self) -> float:
        """How many patients would say as much, if as large a share of them survived. [patients].

        Notes
        -----
        A share p of n patients has the variance p (1 - p) / n, this one se^2 / (dg / dp)^2 with g the scale, and
        dg / dp = -(dg / dD) / p.
        """
        p = self.mode
        slope = float(SCALES[self.scale].of_hazard(np.array([-np.log(p)])).first[0]) / p
        return p * (1.0 - p) * slope**2 / self.se**2

    @quietly
    def of_hazard(self, d: Array) -> OfHazard:
        """The log-likelihood at cumulative hazards.

        Parameters
        ----------
        d : Array (term,)
            Above 0; the share is exp(-d). [1]

        Returns
        -------
        OfHazard
            [log]

        Examples
        --------
        >>> at = Judged("log", -2.0, 0.5).of_hazard(np.array([2.0]))
        >>> round(float(at.value[0]), 4), float(at.first[0]), float(at.second[0])  # -log(0.5 sqrt(2 pi)), 0, -1 / 0.25
        (-0.2258, 0.0, -4.0)
        """
        return judged(d, self.scale, np.array([self.mean]), np.array([self.se]))

    def moved(self, deviate: float) -> Judged:
        """The same standard error, with a mean so many of them higher.

        Parameters
        ----------
        deviate : float
            [1]

        Returns
        -------
        Judged
            On the same scale. [scale]

        Examples
        --------
        >>> Judged("logit", -1.0, 0.5).moved(2.0).mean
        0.0
        """
        return replace(self, mean=self.mean + deviate * self.se)


Belief: TypeAlias = Counted | Judged


def together(beliefs: Sequence[Belief]) -> Callable[[Array], OfHazard]:
    """What evaluates beliefs of one form at once.

    Parameters
    ----------
    beliefs : sequence of Counted or Judged
        With the same `form`.

    Returns
    -------
    callable
        Cumulative hazards (term,) -> log-likelihoods. [log]

    Examples
    --------
    >>> both = together([Counted(1.0, 1.0), Counted(3.0, 1.0)])
    >>> both(-np.log([0.5, 0.75])).first.round(12).tolist()
    [0.0, 0.0]
    """
    counts = [(one.kept, one.lost, one.constant) for one in beliefs if isinstance(one, Counted)]
    if counts:
        kept, lost, constant = np.array(counts).T
        return lambda d: counted(d, kept, lost, constant)
    form = beliefs[0].form
    mean, se = np.array([(one.mean, one.se) for one in beliefs if isinstance(one, Judged)]).T
    return lambda d: judged(d, form, mean, se)


@quietly
def standard_errors_away(belief: Belief, share: float) -> float:
    """How far a curve's share is from what is believed, in standard errors.

    Parameters
    ----------
    belief : Counted or Judged
        What a source says.
    share : float
        That a curve gives. [share]

    Returns
    -------
    float
        Positive where the curve's is higher; infinite where the belief rules it out. [1]

    Notes
    -----
    The root of twice the log-likelihood lost against the mode, with a sign: of a normal exactly the standard errors.

    Examples
    --------
    >>> round(standard_errors_away(Judged("log", -2.0, 0.5), float(np.exp(-1.0))), 6)  # (-1 + 2) / 0.5
    2.0
    """
    at, most = (
        float(belief.of_hazard(-np.log(np.array([np.clip(p, 1e-300, 1.0)]))).value[0]) for p in (share, belief.mode)
    )
    return float(np.sign(share - belief.mode) * np.sqrt(2.0 * max(most - at, 0.0)))
