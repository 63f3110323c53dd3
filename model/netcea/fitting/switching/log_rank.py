"""The log-rank test of two arms."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array


def log_rank(time: Array, event: Array, treated: Array) -> float:
    """Log-rank statistic of the treated against the others, standard normal where hazards are equal.

    Z = (O - E) / sqrt(V) over the times of deaths, with V hypergeometric: negative where fewer of the treated die than
    would with equal hazards.

    Parameters
    ----------
    time : Array (patient,)
        To death or censoring. [unit of time]
    event, treated : Array (patient,)
        [0 or 1]

    Returns
    -------
    float
        Not a number where there is nothing to compare: no death while both arms are at risk. [1]

    References
    ----------
    Mantel (1966), Cancer Chemother Rep 50:163-170.

    Examples
    --------
    Deaths at 1 (treated) and 2 (control): O = 1, E = 1/2 + 0, V = 1/4.

    >>> log_rank(np.array([1.0, 2.0]), np.ones(2), np.array([1.0, 0.0]))
    1.0
    """
    order = np.argsort(time, kind="stable")
    t, d, x = time[order], event[order], treated[order]
    first = np.flatnonzero(np.diff(t, prepend=-np.inf))
    at_risk = (len(t) - first).astype(np.float64)
    treated_before = np.concatenate([[0.0], np.cumsum(x)])[first]
    treated_at_risk = x.sum() - treated_before
    died = np.add.reduceat(d, first)
    observed = float((d * x).sum())
    happens = died > 0.0
    n, n1, k = at_risk[happens], treated_at_risk[happens], died[happens]
    share = n1 / n
    spread = k * share * (1.0 - share) * (n - k) / np.maximum(n - 1.0, 1.0)
    variance = float(spread.sum())
    return (observed - float((k * share).sum())) / variance**0.5 if variance > 0.0 else float("nan")
