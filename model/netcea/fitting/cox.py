"""Cox's hazard ratio of two arms: its estimate in data, and its limit for two known curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from netcea.arrays import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def cox_hazard_ratio(
    time: Array, event: Array, treated: Array, ties: Literal["efron", "breslow"] = "efron"
) -> tuple[float, float]:
    """Return the log hazard ratio of treated against not, and its standard error, by partial likelihood.

    Parameters
    ----------
    time : Array (n,)
        [unit of time]
    event, treated : Array (n,)
        1 or 0.
    ties : {'efron', 'breslow'}

    Raises
    ------
    ValueError
        No finite maximum: while both arms are at risk, all events are in one of them, or there is none.

    Examples
    --------
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


def expected_score(
    survival: Callable[[Array], tuple[Array, Array]],
    density: Callable[[Array], tuple[Array, Array]],
    share_treated: float,
    last: float,
) -> Callable[[float], float]:
    """Return the expected score of Cox's partial likelihood for two known curves, as a function of the log ratio.

    Parameters
    ----------
    survival, density : callable t -> (reference, treated)
        S and f of each arm.
    share_treated : float
        Share of patients randomised to treatment.
    last : float
        Censoring is uniform from 0 to this time. [unit of time]

    Notes
    -----
    U(beta) = integral of G(t) { p f1 - w(t; beta) (p f1 + (1 - p) f0) } dt
    with w = p S1 e^beta / (p S1 e^beta + (1 - p) S0) and G(t) = 1 - t / last
    (Struthers and Kalbfleisch 1986, Biometrika 73:363-369). It falls with beta.
    """
    upper = np.linspace(0.0, 1.0, 25)[1:] ** 2
    panels = np.concatenate([[0.0], np.geomspace(1e-15, upper[0], 14)[:-1], upper]) * last  # densities infinite at 0
    half = np.diff(panels)[:, np.newaxis] / 2.0
    t = (panels[:-1, np.newaxis] + half * (_NODES + 1.0)).ravel()
    w = (half * _WEIGHTS).ravel() * (1.0 - t / last)
    s0, s1 = survival(t)
    f0, f1 = density(t)
    treated = share_treated * f1
    everybody = treated + (1.0 - share_treated) * f0

    def score(beta: float) -> float:
        risk = share_treated * s1 * np.exp(beta)
        everyone_at_risk = risk + (1.0 - share_treated) * s0
        share = np.divide(risk, everyone_at_risk, out=np.zeros_like(risk), where=everyone_at_risk > 0.0)
        return float(np.sum(w * (treated - everybody * share)))

    return score


def cox_limit(score: Callable[[float], float]) -> float:
    """Return the hazard ratio that Cox's estimator tends to: the root of the expected score.

    For proportional hazards it is their ratio, whatever the censoring.

    Examples
    --------
    >>> def survival(t): return np.exp(-t), np.exp(-0.5 * t)
    >>> def density(t): return np.exp(-t), 0.5 * np.exp(-0.5 * t)
    >>> round(cox_limit(expected_score(survival, density, 0.5, 3.0)), 12)
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
