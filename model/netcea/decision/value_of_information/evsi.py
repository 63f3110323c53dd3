"""Expected value of sample information (EVSI): what a study of n patients would be worth.

For every draw the study's data are simulated, as the estimate it would report; net benefit is regressed on the
estimates (Strong et al. 2015). The noise of the data is the same for every size, but for its scale, so that the curve
over sizes is smooth; what noise is left is removed by the nearest curve that never falls (the raw one is kept).

References
----------
Strong, Oakley, Brennan, Breeze (2015), Med Decis Making 35:570-583; Ades, Lu, Claxton (2004), Med Decis Making
24:207-227; Schoenfeld (1983), Biometrics 39:499-503 (variance of a log hazard ratio).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from netcea.arrays import Array
from netcea.decision.value_of_information.evppi import PartialInformation, Regressors, evppi
from netcea.sampling.streams import stream


@dataclass(frozen=True)
class StudyData:
    """What a study observes about one quantity.

    Attributes
    ----------
    kind : {'hazard_ratio', 'proportion', 'mean'}
        hazard_ratio: log ratio of a trial of two arms, variance 1 / (p (1 - p) events); proportion: share of n
        patients; mean: mean of n patients.
    event_share : float
        hazard_ratio: events per patient, 0 to 1. [share]
    allocation : float
        hazard_ratio: share p of patients in one arm, between 0 and 1. [share]
    sd : float
        mean: standard deviation between patients. [the quantity's unit]

    References
    ----------
    Schoenfeld (1983), Biometrics 39:499-503 (variance of a log hazard ratio).
    """

    kind: Literal["hazard_ratio", "proportion", "mean"]
    event_share: float = 1.0
    allocation: float = 0.5
    sd: float = 0.0

    def observed(self, truth: Array, n: int, noise: Array) -> Array:
        """Estimate that a study of n patients would report, given the true value of each draw.

        Parameters
        ----------
        truth : Array (draw,)
            The quantity. [its unit]
        n : int
            Above 0. [patients]
        noise : Array (draw,)
            Standard normal numbers, the same for every n. [1]

        Returns
        -------
        Array (draw,)
            A hazard ratio's is its logarithm. [the quantity's unit]

        Notes
        -----
        hazard_ratio: log truth + noise / sqrt(p (1 - p) events); mean: truth + noise sd / sqrt(n); proportion: the
        binomial quantile, at the noise's rank, / n.

        Examples
        --------
        >>> StudyData("mean", sd=2.0).observed(np.array([1.0]), 4, np.array([1.0])).tolist()  # 1 + 2 / sqrt(4)
        [2.0]
        """
        if self.kind == "hazard_ratio":
            events = n * self.event_share
            return np.asarray(
                np.log(truth) + noise / np.sqrt(self.allocation * (1.0 - self.allocation) * events), dtype=np.float64
            )
        if self.kind == "proportion":
            from netcea.special import special

            # number of patients by inversion: the same noise gives the same rank for every n
            count = _binomial_quantile(n, truth, np.asarray(special.ndtr(noise), dtype=np.float64))
            return np.asarray(count / n, dtype=np.float64)
        return np.asarray(truth + self.sd / np.sqrt(n) * noise, dtype=np.float64)


@dataclass(frozen=True)
class SampleInformation:
    """Value of a study over its size.

    Attributes
    ----------
    patients : Array (size,)
        Sizes of the study. [patients]
    value, standard_error : Array (size,)
        EVSI, never falling with size, at most EVPPI. [GBP per patient of the population]
    raw : Array (size,)
        As each regression gives it. [GBP per patient of the population]
    evppi : PartialInformation
        Of the quantities that the study informs.
    """

    patients: Array
    value: Array
    standard_error: Array
    raw: Array
    evppi: PartialInformation


def evsi(
    benefits: Sequence[Array],
    parameters: Array,
    data: Sequence[StudyData],
    patients: Sequence[int],
    controls: Sequence[Array] | None = None,
    rises: Sequence[Array | None] | None = None,
) -> list[SampleInformation]:
    """Expected value of sample information of studies of several sizes, for each net benefit.

    Parameters
    ----------
    benefits : sequence of Array (strategy, draw)
        Net monetary benefit on one basis or several (thresholds, weights); the data are simulated once. [GBP]
    parameters : Array (draw, k)
        The quantities that the study informs, of the same draws. [the data's units]
    data : sequence of StudyData
        What the study observes about each of the k quantities, independently.
    patients : sequence of int
        Sizes, rising. [patients]
    controls : sequence of Array (strategy, draw), optional
        Control variate of each net benefit, as of `evppi`. [GBP]
    rises : sequence of Array (strategy, draw) or None, optional
        What each net benefit gains with a threshold that the draws themselves set, as of `evppi`. [QALYs]

    Returns
    -------
    list of SampleInformation
        One for each net benefit. [GBP per patient of the population]

    Raises
    ------
    ValueError
        As `evppi`; or the data do not match the quantities.

    Notes
    -----
    EVSI(n) = E[max_d E[NB_d | estimate of n patients]] - max_d E[NB_d], the inner expectation by regression on
    simulated estimates.

    References
    ----------
    Strong, Oakley, Brennan, Breeze (2015), Med Decis Making 35:570-583.

    Examples
    --------
    A mean of 0 or 1 decides over a gain or loss of 100; so large a study knows it, as perfect information would:

    >>> truth = np.tile([0.0, 1.0], 50)
    >>> nmb = np.array([np.zeros(100), 200.0 * truth - 100.0])
    >>> found = evsi([nmb], truth[:, np.newaxis], [StudyData("mean", sd=1.0)], [1_000_000])[0]
    >>> found.value.round(1).tolist(), round(found.evppi.value, 1)
    ([50.0], 50.0)
    """
    if len(data) != parameters.shape[1]:
        msg = f"found data about {len(data)} quantities; expected {parameters.shape[1]}"
        raise ValueError(msg)
    truth = Regressors.of(parameters.T)
    none = [None] * len(benefits)
    asked = list(zip(benefits, controls or none, rises or none, strict=True))
    perfect = [evppi(nmb, truth, "auto", control, slope) for nmb, control, slope in asked]
    noise = _even_noise(parameters)
    seen = []
    for n in patients:
        known = Regressors.of(d.observed(x, n, z) for d, x, z in zip(data, parameters.T, noise, strict=True))
        seen.append([evppi(nmb, known, "spline", control, slope) for nmb, control, slope in asked])
    found = []
    for limit, estimates in zip(perfect, zip(*seen, strict=True), strict=True):
        raw = np.array([estimate.value for estimate in estimates])
        errors = np.array([estimate.standard_error for estimate in estimates])
        value = np.minimum(isotonic(raw), limit.value)
        found.append(SampleInformation(np.array(patients, dtype=np.float64), value, errors, raw, limit))
    return found


def _even_noise(parameters: Array) -> list[Array]:
    """Return standard normal noise for each quantity, made uncorrelated with the quantities and with one another.

    Draws of noise are correlated with the truth by chance; without that the curve over sizes is much less noisy.
    """
    n, k = parameters.shape
    noise = np.stack([stream(0, f"data of a study, quantity {i}").standard_normal(n) for i in range(k)], axis=1)
    known = np.concatenate([np.ones((n, 1)), parameters, np.log(np.maximum(parameters, 1e-12))], axis=1)
    basis, sizes, _ = np.linalg.svd(known / np.abs(known).max(axis=0), full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes[0]]
    noise -= basis @ (basis.T @ noise)
    turned, scale = np.linalg.qr(noise)
    return list((turned * np.sign(np.diag(scale)) * np.sqrt(n)).T)


def isotonic(values: Array) -> Array:
    """Isotonic regression: the nearest values (least squares) that never fall, by pooling neighbours that do.

    Parameters
    ----------
    values : Array (n,)
        In order. [any unit]

    Returns
    -------
    Array (n,)
        [the same unit]

    Examples
    --------
    >>> isotonic(np.array([1.0, 3.0, 2.0, 4.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[list[float]] = []
    for value in values:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, count = pools.pop()
            total = pools[-1][1] + count
            pools[-1] = [(pools[-1][0] * pools[-1][1] + mean * count) / total, total]
    return np.array([mean for mean, count in pools for _ in range(int(count))])


def _binomial_quantile(n: int, share: Array, rank: Array) -> Array:
    """Return the smallest count whose cumulative binomial probability reaches a rank, by bisection."""
    from netcea.special import special

    low, high = np.full(len(share), -1.0), np.full(len(share), float(n))
    while np.any(high - low > 1.0):
        middle = np.floor((low + high) / 2.0)
        reached = special.bdtr(middle, n, share) >= rank
        high, low = np.where(reached, middle, high), np.where(reached, low, middle)
    return high
