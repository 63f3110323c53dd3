"""When treatment ends: its mean and median, and who discontinues in each cycle among those who do not die first."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.survival.moments import hazard_at_own_times

NOBODY: Final = 700.0
"""A cumulative hazard beyond which nobody is left: e^-700 is as good as 0, and e^700 is still a number. [1]"""
HALF: Final = float(np.log(2.0))


class Leaving(NamedTuple):
    """When patients discontinue treatment, those who die before left aside.

    Attributes
    ----------
    left : Array (draw, edge)
        Who has not discontinued yet, from 1. [share]
    share : Array (draw, cycle)
        Who discontinues in each cycle. [share]
    at : Array (draw, cycle)
        When they do, on average. [years]
    """

    left: Array
    share: Array
    at: Array


def leaving(treatment: Array, own: Array, stops: Array | None, edges: Array) -> Leaving:
    """Who discontinues in each cycle, and when.

    Parameters
    ----------
    treatment : Array (draw, edge)
        Cumulative hazard of leaving treatment, death included, at the edges. [1]
    own : Array (draw, edge)
        Cumulative hazard of the event with the strategy's own effect, which those on treatment have. [1]
    stops : Array (draw, 1) or None
        When everybody stops. [years]
    edges : Array (edge,)
        Rising, from 0. [years]

    Returns
    -------
    Leaving
        Of each draw.

    Notes
    -----
    G(t) = exp(-H_treatment(t)) is the share of the cohort on treatment; all of them have the own hazard, so that
    G(t) / S_own(t) is the share that would be on treatment if nobody died: K(t) = exp(-max over v <= t of
    (H_treatment(v) - H_own(v)), at most 1), which never rises. Those who leave in a cycle do so at its middle; where
    everybody stops within it, at the mean of the time before, and of the stop for those who are left.

    Examples
    --------
    A hazard of leaving of 1.5 a year, of which 0.5 is death: one of e^-1 is left after a year.

    >>> found = leaving(np.array([[0.0, 1.5, 3.0]]), np.array([[0.0, 0.5, 1.0]]), None, np.arange(3.0))
    >>> found.left.round(4).tolist(), found.share.round(4).tolist(), found.at.tolist()
    ([[1.0, 0.3679, 0.1353]], [[0.6321, 0.2325]], [[0.5, 1.5]])
    """
    apart = np.minimum(treatment, NOBODY) - np.minimum(own, NOBODY)
    apart = np.maximum.accumulate(np.maximum(apart, 0.0), axis=1)
    if stops is None:
        left = np.exp(-apart)
        middle = (edges[:-1] + edges[1:])[np.newaxis] / 2.0
        share = left[:, :-1] - left[:, 1:]
        return Leaving(left, share, np.broadcast_to(middle, share.shape))
    until = np.minimum(edges[np.newaxis], stops)
    before_stop = np.exp(-hazard_at_own_times(edges, apart, until))
    left = np.where(edges[np.newaxis] < stops, before_stop, 0.0)
    left[:, 0] = 1.0
    share = left[:, :-1] - left[:, 1:]
    earlier = before_stop[:, :-1] - before_stop[:, 1:]
    middle = (until[:, :-1] + until[:, 1:]) / 2.0
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = middle + (stops - middle) * (1.0 - earlier / share)
    held = (left[:, 1:] == 0.0) & (share > 0.0)
    return Leaving(left, share, np.where(held, mean, middle))


def mean_time(treatment: Array, stops: Array | None, edges: Array) -> Array:
    """Mean time on treatment within the horizon: the area below its curve, by the trapezium rule.

    Parameters
    ----------
    treatment : Array (draw, edge)
        Cumulative hazard of leaving treatment, at the edges. [1]
    stops : Array (draw, 1) or None
        When everybody stops. [years]
    edges : Array (edge,)
        Rising, from 0. [years]

    Returns
    -------
    Array (draw, 1)
        [years]

    Examples
    --------
    >>> mean_time(np.array([[0.0, np.log(2.0), np.log(4.0)]]), None, np.arange(3.0)).round(12).tolist()
    [[1.125]]
    """
    until = edges[np.newaxis] if stops is None else np.minimum(edges[np.newaxis], stops)
    share = np.exp(-(treatment if stops is None else hazard_at_own_times(edges, treatment, until)))
    area = (share[:, :-1] + share[:, 1:]) / 2.0 * (until[:, 1:] - until[:, :-1])
    return np.asarray(np.cumsum(area, axis=1)[:, -1:], dtype=np.float64)


def median_time(treatment: Array, stops: Array | None, edges: Array) -> Array:
    """Median time on treatment: when half of the cohort has left; infinite where the horizon comes first.

    Parameters
    ----------
    treatment : Array (draw, edge)
        Cumulative hazard of leaving treatment, at the edges. [1]
    stops : Array (draw, 1) or None
        When everybody stops. [years]
    edges : Array (edge,)
        Rising, from 0. [years]

    Returns
    -------
    Array (draw, 1)
        Log-linear between the edges. [years]

    Examples
    --------
    >>> median_time(np.array([[0.0, np.log(4.0), 9.0]]), None, np.arange(3.0)).round(12).tolist()
    [[0.5]]
    """
    reached = treatment > HALF
    k = np.maximum(np.argmax(reached, axis=1), 1)[:, np.newaxis]
    low, high = (np.take_along_axis(treatment, index, axis=1) for index in (k - 1, k))
    fraction = np.where(np.isfinite(high), (HALF - low) / np.where(np.isfinite(high), high - low, 1.0), 0.0)
    time = edges[k - 1] + fraction * (edges[k] - edges[k - 1])
    time = np.where(reached.any(axis=1, keepdims=True), time, np.inf)
    return np.asarray(time if stops is None else np.minimum(time, stops), dtype=np.float64)
