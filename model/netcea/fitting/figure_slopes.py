"""How the parameters of a trial's curves follow its figures: implicit derivatives, without fitting again.

The figures are functions of the parameters, with derivatives that the families know exactly; those of the parameters by
the figures are their inverse (the implicit function theorem).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netcea.arrays import Array
from netcea.fitting.cox import observation_nodes
from netcea.survival.base import Distribution
from netcea.survival.jets import Jet, variables
from netcea.survival.parameter import Parameters


def parameter_slopes(
    model: Distribution,
    arms: Sequence[Parameters],
    medians: Sequence[float],
    pair: tuple[int, int],
    log_ratio: float,
    share: float,
    follow_up: float,
) -> Array:
    """Derivatives of one common shape and of each arm's location by the arms' medians and one hazard ratio.

    The hazard ratio is the limit of Cox's estimator over the follow-up.

    Parameters
    ----------
    model : Distribution
        With one shape, its first or second parameter, and one location.
    arms : sequence of mapping of str -> Array ()
        Every parameter of each arm's curve. [as the family says]
    medians : sequence of float
        Of the arms, above 0. [unit of time]
    pair : tuple of int
        Numbers of the arm whose ratio it is and of the arm it is compared with.
    log_ratio : float
        [log]
    share : float
        Patients of the first of the pair among those of both, between 0 and 1. [share]
    follow_up : float
        Median follow-up, above 0; censoring is uniform from 0 to twice this. [unit of time]

    Returns
    -------
    Array (parameter, figure)
        Rows: the shape, then the locations; columns: the medians, then the ratio. [real line / log]

    Raises
    ------
    numpy.linalg.LinAlgError
        The figures do not say what the parameters are.

    Notes
    -----
    A median m has H(m; theta) = log 2, hence d log m = -(dH / dtheta) dtheta / (h(m) m). The ratio's logarithm beta is
    the root of the expected score U(beta; theta) = integral of G {(1 - w) p f1 - w (1 - p) f0} dt,
    w = p S1 e^beta / (p S1 e^beta + (1 - p) S0), hence dbeta = -(dU / dtheta) dtheta / (dU / dbeta).

    References
    ----------
    Struthers and Kalbfleisch (1986), Biometrika 73:363-369: the score. Griewank and Walther (2008), Evaluating
    derivatives, 2nd ed., SIAM, chapter 15: implicit differentiation.

    Examples
    --------
    Log-logistic curves, whose scale is the median: of their scales by the medians the derivative is 1.

    >>> from netcea.survival import log_logistic
    >>> arms = [{"shape": np.array(1.5), "scale": np.array(m)} for m in (5.0, 9.0)]
    >>> slopes = parameter_slopes(log_logistic, arms, (5.0, 9.0), (1, 0), -0.6, 0.5, 10.0)
    >>> slopes[1:].round(12).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    figures = np.zeros((len(arms) + 1, len(arms) + 1))
    for i, (arm, median) in enumerate(zip(arms, medians, strict=True)):
        h, log_hazard = _terms(model, arm, np.array([median]))
        figures[i, [0, i + 1]] = -h.slope[:, 0] / (np.exp(log_hazard.value[0]) * median)
    t, _ = observation_nodes(2.0 * follow_up)
    terms = (_terms(model, arms[pair[0]], t), _terms(model, arms[pair[1]], t))
    by_arm, by_other, by_ratio = score_slopes(*terms, log_ratio, share, 2.0 * follow_up)
    for i, slope in zip(pair, (by_arm, by_other), strict=True):
        figures[-1, [0, i + 1]] += -slope / by_ratio
    return np.asarray(np.linalg.inv(figures), dtype=np.float64)


def score_slopes(
    arm: tuple[Jet, Jet], other: tuple[Jet, Jet], log_ratio: float, share: float, last: float
) -> tuple[Array, Array, float]:
    """Derivatives of the expected score of Cox's partial likelihood by the parameters of two curves, and by the ratio.

    Parameters
    ----------
    arm, other : tuple of Jet (node,)
        H and log h of the arm whose ratio it is and of the arm it is compared with, at `observation_nodes(last)`.
    log_ratio : float
        [log]
    share : float
        Patients of the first among those of both, between 0 and 1. [share]
    last : float
        Censoring is uniform from 0 to this. [unit of time]

    Returns
    -------
    by_arm, by_other : Array (parameter,)
        [score / parameter]
    by_ratio : float
        Below 0. [score / log]
    """
    _, weight = observation_nodes(last)
    (h1, log_1), (h0, log_0) = arm, other
    f1, f0 = (_density(terms) for terms in (arm, other))
    odds = np.log(share) - np.log1p(-share) + log_ratio + (h0.value - h1.value)
    w = np.where(odds > 0.0, 1.0, np.exp(np.minimum(odds, 0.0))) / (1.0 + np.exp(-np.abs(odds)))
    events = share * f1 + (1.0 - share) * f0
    moved = weight * w * (1.0 - w) * events
    treated, untreated = weight * (1.0 - w) * share * f1, weight * w * (1.0 - share) * f0
    by_arm = _summed(treated, log_1.slope - h1.slope) + _summed(moved, h1.slope)
    by_other = -_summed(untreated, log_0.slope - h0.slope) - _summed(moved, h0.slope)
    return by_arm, by_other, -float(moved.sum())


def _terms(model: Distribution, curve: Mapping[str, Array], t: Array) -> tuple[Jet, Jet]:
    """Return H and log h with their derivatives by (shape, location) on their real lines."""
    first = [p.name not in model.shape_parameters for p in model.parameters]
    shape_first = sorted(range(len(first)), key=first.__getitem__)
    values = [float(np.log(curve[p.name]) if p.real_line == "log" else curve[p.name]) for p in model.parameters]
    with np.errstate(all="ignore"):
        terms = model.likelihood_terms(t, variables(values))
    h, log_hazard = (Jet(x.value, np.broadcast_to(x.slope, (len(first), len(t)))[shape_first]) for x in terms)
    return h, log_hazard


def _density(terms: tuple[Jet, Jet]) -> Array:
    return np.asarray(np.exp(terms[1].value - terms[0].value))


def _summed(weights: Array, slopes: Array) -> Array:
    """Return the weighted sums of slopes, Array (parameter,); where nothing has a weight its slope does not matter."""
    return np.asarray(np.where(weights > 0.0, weights * slopes, 0.0).sum(axis=-1))
