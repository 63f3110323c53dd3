"""A survival curve to ask for numbers in a notebook: a family with its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.survival.parameter import Parameters


class _Family(Protocol):
    """What a curve asks of its family; `netcea.survival.base.Distribution` says what each is."""

    name: str

    def survival(self, t: Array, parameters: Parameters) -> Array:
        """S(t)."""

    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t)."""

    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t)."""

    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """The time at which 1 - S(t) = p."""

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """The area under S from 0 to t."""


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """A survival curve to ask for numbers: a family with its parameters.

    Numbers and lists go in; a number comes back for a number, an array for several times. Parameters with one value
    for each draw put the axis of draws first.

    Attributes
    ----------
    distribution : Distribution
        The family.
    parameters : mapping of str -> Array () or (draw,)
        On the published scale. [as the family says]

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> curve = exponential(rate=[0.5, 0.25, 0.125])
    >>> curve
    exponential(rate=<3 draws>)
    >>> curve.cumulative_hazard([2.0, 4.0]).tolist()
    [[1.0, 2.0], [0.5, 1.0], [0.25, 0.5]]
    """

    distribution: _Family
    parameters: Mapping[str, Array]

    def __repr__(self) -> str:
        values = (f"{k}={read(float(v)) if not v.ndim else f'<{len(v)} draws>'}" for k, v in self.parameters.items())
        return f"{self.distribution.name}({', '.join(values)})"

    def survival(self, t: ArrayLike) -> float | Array:
        """Share of patients without the event at a time, S(t).

        Parameters
        ----------
        t : float or Array (time,)
            From 0. [unit of time of the parameters]

        Returns
        -------
        float, or Array (time,), (draw,) or (draw, time)
            1 falling towards 0. [share]

        Raises
        ------
        ValueError
            A time below 0.

        Examples
        --------
        >>> from netcea.survival import log_logistic
        >>> log_logistic(shape=2, scale=3).survival([0, 3, 9]).round(12).tolist()  # 1 / (1 + (t / 3)^2)
        [1.0, 0.5, 0.1]
        """
        return self._at(self.distribution.survival, t, "t", np.inf)

    def cumulative_hazard(self, t: ArrayLike) -> float | Array:
        """Cumulative hazard H(t) = -log S(t).

        Parameters
        ----------
        t : float or Array (time,)
            From 0. [unit of time of the parameters]

        Returns
        -------
        float, or Array (time,), (draw,) or (draw, time)
            [1]

        Raises
        ------
        ValueError
            A time below 0.

        Examples
        --------
        >>> from netcea.survival import weibull
        >>> round(weibull(shape=2, scale=3).cumulative_hazard(6), 12)  # (6 / 3)^2
        4.0
        """
        return self._at(self.distribution.cumulative_hazard, t, "t", np.inf)

    def hazard(self, t: ArrayLike) -> float | Array:
        """Hazard at a time, h(t) = dH / dt.

        Parameters
        ----------
        t : float or Array (time,)
            From 0. [unit of time of the parameters]

        Returns
        -------
        float, or Array (time,), (draw,) or (draw, time)
            [1 / unit of time]

        Raises
        ------
        ValueError
            A time below 0.

        Examples
        --------
        >>> from netcea.survival import gompertz
        >>> round(gompertz(shape=1, rate=0.5).hazard(1), 4)  # e / 2
        1.3591
        """
        return self._at(self.distribution.hazard, t, "t", np.inf)

    def quantile(self, p: ArrayLike) -> float | Array:
        """Time by which a share p has failed.

        Parameters
        ----------
        p : float or Array (share,)
            From 0 to 1. [share]

        Returns
        -------
        float, or Array (share,), (draw,) or (draw, share)
            Infinite where the curve never falls so far. [unit of time]

        Raises
        ------
        ValueError
            A share below 0 or above 1.

        Examples
        --------
        >>> from netcea.survival import exponential
        >>> round(exponential(rate=0.5).quantile(0.25), 4)  # -log(0.75) / 0.5
        0.5754
        """
        return self._at(self.distribution.quantile, p, "p", 1.0)

    def restricted_mean(self, t: ArrayLike) -> float | Array:
        """Restricted mean survival time, the area under S from 0 to t: undiscounted life years until then.

        Parameters
        ----------
        t : float or Array (time,)
            From 0. [unit of time of the parameters]

        Returns
        -------
        float, or Array (time,), (draw,) or (draw, time)
            [unit of time]

        Raises
        ------
        ValueError
            A time below 0.

        Examples
        --------
        >>> from netcea.survival import exponential
        >>> round(exponential(rate=0.5).restricted_mean(2), 4)  # (1 - 1/e) / 0.5
        1.2642
        """
        return self._at(self.distribution.restricted_mean, t, "t", np.inf)

    @property
    def median(self) -> float | Array:
        """Time by which half have failed, for each draw; infinite if fewer ever do. [unit of time]

        Examples
        --------
        >>> from netcea.survival import log_normal
        >>> round(log_normal(meanlog=0, sdlog=1).median, 12)  # exp(meanlog)
        1.0
        """
        return self.quantile(0.5)

    def _at(self, method: Callable[[Array, Parameters], Array], x: ArrayLike, name: str, high: float) -> float | Array:
        """Return what a method of the family gives, with the axes of draws and of x."""
        values = np.asarray(x, dtype=np.float64)
        wrong = ~((values >= 0.0) & (values <= high))
        if wrong.any():
            expected = "0 or more" if high > 1.0 else "0 to 1"
            raise ValueError(f"{name}: found {read(values[wrong][0])}; expected {expected}")
        draws = np.broadcast_shapes(*(v.shape for v in self.parameters.values()))
        columns = {key: value.reshape(-1, 1) for key, value in self.parameters.items()}
        found = np.broadcast_to(method(values.reshape(1, -1), columns), (*(draws or (1,)), values.size))
        shaped = np.array(found).reshape(draws + values.shape)
        return shaped if shaped.ndim else float(shaped)
