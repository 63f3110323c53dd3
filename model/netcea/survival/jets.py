"""Numbers that carry their first and second derivatives: what a likelihood needs of a curve.

A jet is a value for each time, with its derivatives by the parameters on their real line. Sums, products and functions
of jets follow the rules of calculus exactly (forward differentiation), so that a family writes its cumulative hazard
and its logarithmic hazard once and the likelihood has its gradient and its Hessian.

References
----------
Griewank and Walther (2008), Evaluating derivatives, 2nd ed., SIAM: chapter 13 (Taylor and tensor coefficients).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.survival.elementwise import quietly, softplus

Other: TypeAlias = "Jet | Array | float"


class Jet:
    """A value with its derivatives.

    Parameters
    ----------
    value : Array (time,) or (1,)
        [any]
    slope : Array (parameter, time) or (parameter, 1)
        First derivatives. [value / parameter]
    curve : Array (parameter, parameter, time), optional
        Second derivatives; none where all are 0. [value / parameter^2]

    Examples
    --------
    x^2 at 3: 9, 2 x 3, 2.

    >>> x = variables([3.0])[0]
    >>> y = x * x
    >>> y.value.tolist(), y.slope.tolist(), y.curve.tolist()
    ([9.0], [[6.0]], [[[2.0]]])
    """

    __array_ufunc__ = None  # an array leaves sums and products with jets to the jet
    __slots__ = ("curve", "slope", "value")

    def __init__(self, value: Array, slope: Array, curve: Array | None = None) -> None:
        self.value, self.slope, self.curve = value, slope, curve

    def __add__(self, other: Other) -> Jet:
        if isinstance(other, Jet):
            return Jet(self.value + other.value, self.slope + other.slope, _sum(self.curve, other.curve))
        return Jet(self.value + other, self.slope, self.curve)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.slope, None if self.curve is None else -self.curve)

    def __sub__(self, other: Other) -> Jet:
        return self + (-other)

    def __rsub__(self, other: Array | float) -> Jet:
        return (-self) + other

    def __mul__(self, other: Other) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.value * other, self.slope * other, None if self.curve is None else self.curve * other)
        a, b = self, other
        cross = a.slope[:, None] * b.slope[None]
        curve = cross + cross.swapaxes(0, 1)
        for one, factor in ((a.curve, b.value), (b.curve, a.value)):
            curve = curve if one is None else curve + one * factor
        return Jet(a.value * b.value, a.slope * b.value + b.slope * a.value, curve)

    __rmul__ = __mul__

    def through(self, value: Array, first: Array, second: Array) -> Jet:
        """A function of this jet, from its value and its two derivatives there.

        Parameters
        ----------
        value, first, second : Array (time,)
            The function and its derivatives. [any]

        Returns
        -------
        Jet
            The function of the jet, by the chain rule. [any]

        Examples
        --------
        >>> x = variables([2.0])[0]
        >>> y = x.through(x.value**3, 3.0 * x.value**2, 6.0 * x.value)
        >>> y.value.tolist(), y.slope.tolist(), y.curve.tolist()
        ([8.0], [[12.0]], [[[12.0]]])
        """
        curve = second * (self.slope[:, None] * self.slope[None])
        if self.curve is not None:
            curve = curve + first * self.curve
        return Jet(value, first * self.slope, curve)

    def weighted(self, weights: Array) -> tuple[float, Array, Array]:
        """Weighted sum over times, with its derivatives.

        Parameters
        ----------
        weights : Array (time,)
            [any]

        Returns
        -------
        value : float
            [any]
        gradient : Array (parameter,)
            [value / parameter]
        hessian : Array (parameter, parameter)
            [value / parameter^2]

        Examples
        --------
        >>> x = variables([2.0])[0] * np.array([1.0, 3.0])
        >>> value, gradient, hessian = x.weighted(np.array([1.0, 10.0]))  # 2 x 1 + 6 x 10
        >>> value, gradient.tolist(), hessian.tolist()
        (62.0, [31.0], [[0.0]])
        """
        size = len(self.slope)
        hessian = np.zeros((size, size)) if self.curve is None else (self.curve * weights).sum(axis=-1)
        return float((self.value * weights).sum()), (self.slope * weights).sum(axis=-1), hessian


def _sum(a: Array | None, b: Array | None) -> Array | None:
    if a is None or b is None:
        return b if a is None else a
    return np.asarray(a + b)


def variables(values: Sequence[float] | Array) -> list[Jet]:
    """Parameters as jets: the derivative of each by itself is 1, by the others 0.

    Parameters
    ----------
    values : sequence of float
        On the real line. [log, logit or as published]

    Returns
    -------
    list of Jet
        Of one time each. [as given]

    Examples
    --------
    >>> a, b = variables([1.0, 2.0])
    >>> (a * b).slope.tolist(), (a * b).curve[:, :, 0].tolist()
    ([[2.0], [1.0]], [[0.0, 1.0], [1.0, 0.0]])
    """
    unit = np.eye(len(values))
    return [Jet(np.array([float(x)]), unit[:, [i]]) for i, x in enumerate(values)]


def exp(x: Jet) -> Jet:
    """Exponential of a jet.

    Parameters
    ----------
    x : Jet
        [1]

    Returns
    -------
    Jet
        [1]

    Examples
    --------
    >>> exp(variables([0.0])[0]).value.tolist()
    [1.0]
    """
    e = np.exp(x.value)
    return x.through(e, e, e)


def log(x: Jet) -> Jet:
    """Logarithm of a jet; not a number below 0.

    Parameters
    ----------
    x : Jet
        Above 0. [1]

    Returns
    -------
    Jet
        [1]

    Examples
    --------
    >>> log(variables([2.0])[0]).slope.tolist()
    [[0.5]]
    """
    return x.through(np.log(x.value), 1.0 / x.value, -1.0 / x.value**2)


def log_one_plus_exp(x: Jet) -> Jet:
    """log(1 + exp(x)) of a jet: minus the logarithm of a share whose logit is -x.

    Parameters
    ----------
    x : Jet
        Any number. [1]

    Returns
    -------
    Jet
        [1]

    Examples
    --------
    >>> log_one_plus_exp(variables([0.0])[0]).value.round(4).tolist()  # log 2
    [0.6931]
    """
    share = np.exp(np.minimum(x.value, 0.0) - softplus(-np.abs(x.value)))
    return x.through(softplus(x.value), share, share * (1.0 - share))


@quietly
def log_of_sum(x: Jet, more: Array) -> Jet:
    """log(exp(x) + c) of a jet: the logarithm of a hazard to which a known one is added.

    Parameters
    ----------
    x : Jet
        Logarithm of the one. [log(1 / unit of time)]
    more : Array (time,)
        The other, c; from 0, which leaves x. [1 / unit of time]

    Returns
    -------
    Jet
        [log(1 / unit of time)]

    Notes
    -----
    Derivatives by x: p and p (1 - p), where p = exp(x) / (exp(x) + c) is the share of the one.

    Examples
    --------
    >>> y = log_of_sum(variables([0.0])[0], np.array([1.0]))
    >>> y.value.round(4).tolist(), y.slope.tolist(), y.curve.tolist()  # log 2, 1/2, 1/4
    ([0.6931], [[0.5]], [[[0.25]]])
    """
    log_more = np.log(more)
    whole = np.logaddexp(x.value, log_more)
    share = np.exp(x.value - whole)
    return x.through(whole, share, share * np.exp(log_more - whole))


def growth(x: Jet) -> Jet:
    """(exp(x) - 1) / x of a jet; 1 at 0.

    Parameters
    ----------
    x : Jet
        Any number. [1]

    Returns
    -------
    Jet
        [1]

    Notes
    -----
    Near 0 by its series, the sum of x^k / (k + 1)!.

    Examples
    --------
    >>> y = growth(variables([0.0])[0])
    >>> y.value.tolist(), y.slope.tolist(), y.curve.round(4).tolist()  # 1, 1/2, 1/3
    ([1.0], [[0.5]], [[[0.3333]]])
    """
    near = np.abs(x.value) < 0.5
    v = np.where(near, 1.0, x.value)
    e = np.exp(v)
    value = np.expm1(v) / v
    first = (e - value) / v
    second = (e - 2.0 * first) / v
    small = np.where(near, x.value, 0.0)
    series = [np.ones_like(small), np.full_like(small, 0.5), np.full_like(small, 1.0 / 3.0)]
    factorial, power = 1.0, np.ones_like(small)
    for k in range(1, 16):  # coefficients of x^k in f, f', f'': 1 / (k + 1)! and its derivatives
        factorial /= k + 1.0
        power = power * small
        series[0] = series[0] + power * factorial
        series[1] = series[1] + power * factorial / (k + 2.0) * (k + 1.0)
        series[2] = series[2] + power * factorial / (k + 3.0) * (k + 1.0)
    return x.through(*(np.where(near, s, far) for s, far in zip(series, (value, first, second), strict=True)))


def normal_cumulative_hazard(z: Jet) -> Jet:
    """-log Phi(-z) of a jet: the cumulative hazard of a standard normal.

    Parameters
    ----------
    z : Jet
        Any number. [1]

    Returns
    -------
    Jet
        [1]

    Examples
    --------
    >>> normal_cumulative_hazard(variables([0.0])[0]).value.round(4).tolist()  # log 2
    [0.6931]
    """
    from netcea.special import special
    from netcea.survival.uniform_expansion import normal_hazard

    hazard = np.asarray(normal_hazard(z.value))
    return z.through(-special.log_ndtr(-z.value), hazard, hazard * (hazard - z.value))


def of_two(a: Jet, b: Jet, value: Array, first: tuple[Array, Array], second: tuple[Array, Array, Array]) -> Jet:
    """A function of two jets, from its value and its derivatives there.

    Parameters
    ----------
    a, b : Jet
        Its arguments. [any]
    value : Array (time,)
        The function. [any]
    first : tuple of Array (time,)
        By a, by b. [any]
    second : tuple of Array (time,)
        By a twice, by a and b, by b twice. [any]

    Returns
    -------
    Jet
        By the chain rule. [any]

    Examples
    --------
    a b at 2 and 3:

    >>> a, b = variables([2.0, 3.0])
    >>> zero, one = np.zeros(1), np.ones(1)
    >>> y = of_two(a, b, a.value * b.value, (b.value, a.value), (zero, one, zero))
    >>> y.slope[:, 0].tolist(), y.curve[:, :, 0].tolist()
    ([3.0, 2.0], [[0.0, 1.0], [1.0, 0.0]])
    """
    cross = second[1] * (a.slope[:, None] * b.slope[None])
    curve = cross + cross.swapaxes(0, 1)
    for one, f, ff in ((a, first[0], second[0]), (b, first[1], second[2])):
        curve = curve + ff * (one.slope[:, None] * one.slope[None])
        curve = curve if one.curve is None else curve + f * one.curve
    return Jet(value, first[0] * a.slope + first[1] * b.slope, curve)
