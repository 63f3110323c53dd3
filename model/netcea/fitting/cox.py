"""Cox's hazard ratio of two arms: its estimate in data, and its limit for two known curves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, Literal

import numpy as np

from netcea.arrays import Array

NODES: Final = 16
"""Of the quadrature, on each panel of time under observation."""


def cox_hazard_ratio(
    time: Array, event: Array, treated: Array, ties: Literal["efron", "breslow"] = "efron"
) -> tuple[float, float]:
    """Log hazard ratio of treated against not, and its standard error, by Cox's partial likelihood.

    Parameters
    ----------
    time : Array (patient,)
        To the event or to censoring, not negative. [unit of time]
    event, treated : Array (patient,)
        1 for an event, 1 for a treated patient. [0 or 1]
    ties : {'efron', 'breslow'}
        How events at the same time share those at risk.

    Returns
    -------
    log_ratio : float
        [log]
    standard_error : float
        From the observed information. [log]

    Raises
    ------
    ValueError
        No finite maximum: while both arms are at risk, all events are in one of them, or there is none.

    Notes
    -----
    With n1, n0 at risk in each arm and share = n1 e^beta / (n1 e^beta + n0), the score is the sum over events of
    (treated - share) and the information that of share (1 - share); at ties Efron takes away the part of the tied
    patients that have gone already.

    References
    ----------
    Cox (1972), J R Stat Soc B 34:187-220; Efron (1977), J Am Stat Assoc 72:557-565.

    Examples
    --------
    Deaths at 1, 2, 3 and 4, of treated patients at 1 and 3. With r the ratio the score is 0 where
    2 = 2 r / (r + 1) + r / (r + 2): r = 2.5616, its logarithm 0.9406. The death at 4, one arm alone at risk, does not
    count.

    >>> t = np.array([1.0, 2.0, 3.0, 4.0])
    >>> b, se = cox_hazard_ratio(t, np.ones(4), np.array([1.0, 0.0, 1.0, 0.0]))
    >>> round(b, 4), round(se, 4)
    (0.9406, 1.2403)
    """
    rows = []
    for at in np.unique(time[event == 1]):
        risk, dying = time >= at, (time == at) & (event == 1)
        n1, n0 = float(treated[risk].sum()), float((1 - treated[risk]).sum())
        d1, d = float(treated[dying].sum()), float(dying.sum())
        for k in range(int(d)):
            gone = k / d if ties == "efron" else 0.0
            rows.append((d1 / d, n1 - gone * d1, n0 - gone * (d - d1)))
    x, n1_, n0_ = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0),) * 3
    both = (n1_ > 0) & (n0_ > 0)  # deaths while one arm alone is at risk say nothing of the ratio
    x, n1_, n0_ = x[both], n1_[both], n0_[both]
    if not 0.0 < x.sum() < len(x):
        raise ValueError(
            "the partial likelihood has no finite maximum: while both arms are at risk, all events are in one of them"
        )
    beta = 0.0
    for _ in range(100):
        share = n1_ * np.exp(beta) / (n1_ * np.exp(beta) + n0_)
        information = float((share * (1.0 - share)).sum())
        step = float((x - share).sum()) / information
        beta += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-12:
            break
    return beta, information**-0.5


@cache
def _rule() -> tuple[Array, Array]:
    """Return nodes and weights of a quadrature on -1 to 1; to load polynomials takes longer than to work them out."""
    return np.polynomial.legendre.leggauss(NODES)


def observation_nodes(last: float) -> tuple[Array, Array]:
    """Nodes and weights of an integral over the time under observation, where censoring is uniform from 0 to `last`.

    Parameters
    ----------
    last : float
        Above 0. [unit of time]

    Returns
    -------
    t : Array (node,)
        Above 0, rising, dense at the start: densities may be infinite at 0. [unit of time]
    weight : Array (node,)
        Of a Gauss-Legendre quadrature, times the share not yet censored, 1 - t / last. [unit of time]

    Examples
    --------
    The mean time under observation is half the last:

    >>> t, weight = observation_nodes(3.0)
    >>> round(float(weight.sum()), 12)
    1.5
    """
    upper = np.linspace(0.0, 1.0, 25)[1:] ** 2
    panels = np.concatenate([[0.0], np.geomspace(1e-15, upper[0], 14)[:-1], upper]) * last
    half = np.diff(panels)[:, np.newaxis] / 2.0
    nodes, weights = _rule()
    t = (panels[:-1, np.newaxis] + half * (nodes + 1.0)).ravel()
    return t, (half * weights).ravel() * (1.0 - t / last)


def expected_score(
    survival: Callable[[Array], tuple[Array, Array]],
    hazard: Callable[[Array], tuple[Array, Array]],
    share_treated: float,
    last: float,
) -> Callable[[float], float]:
    """Expected score of Cox's partial likelihood for two known curves, as a function of the log hazard ratio.

    Parameters
    ----------
    survival, hazard : callable t -> (reference, treated)
        S and h of each arm, Array (time,). [share], [1 / unit of time]
    share_treated : float
        Share of patients randomised to treatment, between 0 and 1. [share]
    last : float
        Censoring is uniform from 0 to this time, above 0. [unit of time]

    Returns
    -------
    callable log ratio -> float
        The score for each patient; it falls with the ratio. [1]

    Notes
    -----
    U(beta) = integral of G(t) { p f1 - w(t; beta) (p f1 + (1 - p) f0) } dt
    with f = h S, w = p S1 e^beta / (p S1 e^beta + (1 - p) S0) and G(t) = 1 - t / last; by Gauss-Legendre quadrature.

    References
    ----------
    Struthers and Kalbfleisch (1986), Biometrika 73:363-369.

    Examples
    --------
    Two equal arms have the ratio 1:

    >>> score = expected_score(lambda t: (np.exp(-t),) * 2, lambda t: (np.ones_like(t),) * 2, 0.5, 3.0)
    >>> score(-1.0) > 0.0 > score(1.0), abs(round(score(0.0), 12))
    (True, 0.0)
    """
    t, w = observation_nodes(last)
    s0, s1 = survival(t)
    h0, h1 = hazard(t)
    treated = share_treated * (s1 * h1)
    everybody = treated + (1.0 - share_treated) * (s0 * h0)

    def score(beta: float) -> float:
        risk = share_treated * s1 * np.exp(beta)
        everyone_at_risk = risk + (1.0 - share_treated) * s0
        share = np.divide(risk, everyone_at_risk, out=np.zeros_like(risk), where=everyone_at_risk > 0.0)
        return float(np.sum(w * (treated - everybody * share)))

    return score


def cox_limit(score: Callable[[float], float]) -> float:
    """Hazard ratio that Cox's estimator tends to as patients become many: the root of the expected score.

    Parameters
    ----------
    score : callable log ratio -> float
        See `expected_score`. [1]

    Returns
    -------
    float
        For proportional hazards their ratio, whatever the censoring. [ratio]

    Examples
    --------
    >>> def survival(t): return np.exp(-t), np.exp(-0.5 * t)
    >>> def hazard(t): return np.full_like(t, 1.0), np.full_like(t, 0.5)
    >>> round(cox_limit(expected_score(survival, hazard, 0.5, 3.0)), 12)
    0.5
    """
    low, high = -20.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2.0
        if score(middle) > 0.0:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2.0))
