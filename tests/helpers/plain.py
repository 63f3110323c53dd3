"""The common workload as plain vectorised programs, by the rules of other packages and by netcea's own."""

from __future__ import annotations

import numpy as np
from scipy import special

from helpers.workload import MONTHS, ONE_OFF, RATE, UTILITIES, YEARLY

EDGES = np.arange(MONTHS + 1) / 12
"""[years]"""


def weibull(coefficients, name):
    """S(t) = exp(-(t / scale)^shape) at the edges, Array (draw, 481)."""
    shape, scale = (np.exp(np.asarray(coefficients[f"{name}_{p}"], dtype=float))[:, None] for p in ("shape", "scale"))
    return np.exp(-((12 * EDGES / scale) ** shape))


def generalised_gamma(coefficients, name):
    """S(t) at the edges, Array (draw, 481), from mu, log sigma and Q; log time in months."""
    mu, log_sigma, q = (np.asarray(coefficients[f"{name}_{p}"], dtype=float)[:, None] for p in ("mu", "sigma", "Q"))
    with np.errstate(divide="ignore"):
        return generalised_gamma_survival(12 * EDGES, mu, np.exp(log_sigma), q)


def generalised_gamma_survival(t, mu, sigma, Q):
    """S(t) = 1 - P(k, k exp(Q w)), k = 1 / Q^2, w = (log t - mu) / sigma, for Q > 0."""
    k = Q**-2
    return special.gammaincc(k, k * np.exp(Q * (np.log(t) - mu) / sigma))


def with_os_raised(pfs, os):
    """Progression-free and progressed where OS is raised to PFS."""
    return pfs, np.maximum(os, pfs) - pfs


def with_pfs_capped(pfs, os):
    """Progression-free and progressed where PFS is capped at OS: netcea's rule."""
    free = np.minimum(pfs, os)
    return free, os - free


def exponential_at_edges(rate=RATE):
    """Weights at the edges: exp(-rate t) there, trapezium between them."""
    return np.exp(-rate * EDGES) * undiscounted()


def compound_at_middles(rate=RATE):
    """Weights at the edges: (1 + rate)^-t at the middle of each cycle, trapezium: netcea's rule."""
    half = (1 + rate) ** -((EDGES[1:] + EDGES[:-1]) / 2) * np.diff(EDGES) / 2
    return np.append(half, 0) + np.append(0, half)


def undiscounted():
    """Weights at the edges: trapezium."""
    return np.append(np.diff(EDGES), 0) / 2 + np.append(0, np.diff(EDGES)) / 2


def accrued(strategy, free, progressed, discounted):
    """Output -> Array (draw,), named as the recorded ones; the one-off cost is paid at the start, undiscounted."""
    found = {"ly_pf": free @ undiscounted(), "ly_pd": progressed @ undiscounted()}
    found |= {"dly_pf": free @ discounted, "dly_pd": progressed @ discounted}
    rates = {"qaly": UTILITIES.values(), "drug": YEARLY["drug", strategy], "mgmt": YEARLY["management", strategy]}
    for name, (in_free, in_progressed) in rates.items():
        found[name] = in_free * found["dly_pf"] + in_progressed * found["dly_pd"]
    return found | {"oneoff": np.full(len(free), ONE_OFF[strategy])}


def by_own_rules(coefficients, block=None, survival=weibull):
    """Strategy -> output -> Array (draw,): the whole workload by netcea's rules, all rows at once or in blocks."""
    weights, n = compound_at_middles(), len(next(iter(coefficients.values())))
    found = {}
    for strategy in ONE_OFF:
        parts = []
        for first in range(0, n, block or n):
            rows = {name: column[first : first + (block or n)] for name, column in coefficients.items()}
            pfs, os = survival(rows, f"{strategy}_pfs"), survival(rows, f"{strategy}_os")
            parts.append(accrued(strategy, *with_pfs_capped(pfs, os), weights))
        found[strategy] = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return found
