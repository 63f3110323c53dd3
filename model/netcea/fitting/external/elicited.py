"""Quantiles that experts gave of a survival, as a distribution: the nearest beta, or one that is normal on a scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.external.beliefs import SCALES, Belief, Counted, Judged
from netcea.fitting.least_squares import least_squares
from netcea.fitting.published_figures import NotIdentified
from netcea.special import special

BETA: Final = "beta"
NORMAL: Final = "normal"
DISTRIBUTIONS: Final = (BETA, NORMAL)


class Elicited(NamedTuple):
    """A distribution near quantiles.

    Attributes
    ----------
    belief : Counted or Judged
    misses : tuple of float
        Probability that the distribution gives each quantile, less the one that was stated. [share]
    """

    belief: Belief
    misses: tuple[float, ...]


def of_quantiles(quantiles: Mapping[float, float], distribution: str = BETA, scale: str = "logit") -> Elicited:
    """The distribution of a survival that is nearest to stated quantiles.

    Parameters
    ----------
    quantiles : mapping of float -> float
        Probability, between 0 and 1 -> survival that is below with that probability; two or more, rising. [share]
    distribution : {'beta', 'normal'}
        Of the survival; normal on a scale.
    scale : {'logit', 'log_minus_log', 'log', 'survival'}
        On which it is normal.

    Returns
    -------
    Elicited
        Two quantiles are met exactly.

    Raises
    ------
    NotIdentified
        Fewer than two; quantiles that do not rise or lie outside 0 to 1.

    Notes
    -----
    The sum of the squares of F(quantile) - probability is least, F the distribution function.

    References
    ----------
    NICE DSU Technical Support Document 26: elicitation of survival. O'Hagan et al. (2006), Uncertain Judgements:
    eliciting experts' probabilities, 6: distributions fitted to quantiles by least squares.

    Examples
    --------
    The quartiles of a beta with parameters 3 and 9 give it back:

    >>> stated = {p: float(special.betaincinv(3.0, 9.0, p)) for p in (0.25, 0.5, 0.75)}
    >>> found = of_quantiles(stated).belief
    >>> round(found.kept, 6), round(found.lost, 6)
    (3.0, 9.0)
    """
    pairs = sorted((float(p), float(v)) for p, v in quantiles.items())
    stated, values = (np.array(column) for column in zip(*pairs, strict=True)) if pairs else (np.zeros(0), np.zeros(0))
    if len(pairs) < 2 or not (np.diff(values) > 0.0).all():
        raise NotIdentified("two or more quantiles are needed, and survival that rises with the probability")
    if not ((stated > 0.0) & (stated < 1.0)).all() or not ((values > 0.0) & (values < 1.0)).all():
        raise NotIdentified("probabilities and quantiles lie between 0 and 1, both excluded")
    deviates = special.ndtri(stated)
    return _beta(stated, values, deviates) if distribution == BETA else _normal(stated, values, deviates, scale)


def _beta(stated: Array, values: Array, deviates: Array) -> Elicited:
    def misses(x: Array) -> Array:
        mean, size = 1.0 / (1.0 + np.exp(-x[0])), np.exp(x[1])
        return np.asarray(special.betainc(mean * size, (1.0 - mean) * size, values) - stated)

    logit = np.log(values / (1.0 - values))
    sd, middle = np.polyfit(deviates, logit, 1)
    share = 1.0 / (1.0 + np.exp(-middle))
    start = np.array([middle, np.log(max(1.0 / (share * (1.0 - share) * sd**2), 0.5))])
    found = least_squares(misses, start, exact=len(stated) == 2)
    mean, size = float(1.0 / (1.0 + np.exp(-found[0]))), float(np.exp(found[1]))
    return Elicited(Counted.beta(mean * size, (1.0 - mean) * size), tuple(misses(found).tolist()))


def _normal(stated: Array, values: Array, deviates: Array, scale: str) -> Elicited:
    g = SCALES[scale].of_hazard(-np.log(values)).value
    rising = float(np.sign(g[-1] - g[0]))  # log(-log S) falls as S rises

    def misses(x: Array) -> Array:
        return np.asarray(special.ndtr(rising * (g - x[0]) / np.exp(x[1])) - stated)

    sd, middle = np.polyfit(rising * deviates, g, 1)
    found = least_squares(misses, np.array([middle, np.log(sd)]), exact=len(stated) == 2)
    return Elicited(Judged(scale, float(found[0]), float(np.exp(found[1]))), tuple(misses(found).tolist()))
