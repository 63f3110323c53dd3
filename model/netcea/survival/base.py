"""What every family of survival curves offers: to the engine (arrays of draws) and to a notebook (plain numbers).

S(t) = exp(-H(t)), h(t) = dH / dt, restricted mean = area under S. Families are named in full, their parameters as in
flexsurv. Time and parameters share one unit, whichever it is: years in the engine.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.survival.integrate import area
from netcea.survival.jets import Jet
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import SpreadsheetFormulas
from netcea.survival.survival_curve import SurvivalCurve


class Distribution(SpreadsheetFormulas):
    """A family of survival curves: Weibull, log-normal, a spline with given knots ...

    Called with its parameters it gives a `SurvivalCurve`, which takes and returns plain numbers. The methods below are
    the engine's: they take arrays that broadcast, check nothing, and change nothing they are given.

    Attributes
    ----------
    name : str
        In full: ``log_normal``.
    parameters : tuple of Parameter
        In flexsurv's order.
    proportional_hazards : bool
        Whether a hazard ratio keeps the family (exponential, weibull, gompertz, splines of log hazard ...).
    shape_parameters : tuple of str
        The parameters that `with_median` expects.
    may_rise : bool
        Whether parameters in their range can give a survival that rises.
    location : tuple of str
        The parameters on whose real line covariates act; empty where they are not allowed for.
    effect : str
        What the coefficient of a covariate there is: ``log_hazard_ratio``, ``log_time_ratio`` ...

    References
    ----------
    NICE DSU Technical Support Document 14 (standard families) and 21 (splines, cure models).

    Examples
    --------
    >>> from netcea.survival import weibull
    >>> curve = weibull(shape=2.0, scale=3.0)
    >>> curve
    weibull(shape=2, scale=3)
    >>> round(curve.survival(3.0), 4)  # 1/e
    0.3679
    """

    name: str
    parameters: tuple[Parameter, ...]
    proportional_hazards: bool = False
    shape_parameters: tuple[str, ...] = ()
    may_rise: bool = False
    location: tuple[str, ...] = ()
    effect: str = ""

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(parameter.name for parameter in self.parameters)})"

    def __call__(self, **parameters: ArrayLike) -> SurvivalCurve:
        """Return the curve with these parameters.

        Parameters
        ----------
        **parameters : float or Array (draw,)
            Every parameter of the family, on its published scale. [as the family says]

        Returns
        -------
        SurvivalCurve

        Raises
        ------
        ValueError
            A parameter is missing, unknown or out of range; or they have different numbers of draws.

        Examples
        --------
        >>> from netcea.survival import exponential
        >>> exponential(rate=[0.5, 0.25]).survival(4.0).round(4).tolist()  # exp(-2), exp(-1)
        [0.1353, 0.3679]
        """
        expected = [parameter.name for parameter in self.parameters]
        if set(parameters) != set(expected):
            found = ", ".join(parameters) or "no parameter"
            raise ValueError(f"{self.name}: found {found}; expected {', '.join(expected) or 'no parameter'}")
        values = {p.name: p.checked(parameters[p.name], self.name) for p in self.parameters}
        lengths = {name: len(value) for name, value in values.items() if value.ndim}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"{self.name}: found {lengths} draws; expected the same number of each")
        return SurvivalCurve(self, values)

    @abstractmethod
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """Cumulative hazard H(t) = -log S(t).

        Accurate in both tails: relative precision is kept where S underflows and where H is tiny.

        Parameters
        ----------
        t : Array (1, time) or (draw, time)
            Not negative. [unit of time]
        parameters : mapping of str -> Array (draw, 1) or (1, 1)
            Every parameter of the family, others are ignored. [as the family says]

        Returns
        -------
        Array (draw, time)
            From 0. [1]
        """

    @abstractmethod
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """Hazard h(t) = dH / dt; at t = 0 its limit, which may be 0 or infinite.

        Parameters
        ----------
        t : Array (1, time) or (draw, time)
            Not negative. [unit of time]
        parameters : mapping of str -> Array (draw, 1) or (1, 1)
            As for `cumulative_hazard`. [as the family says]

        Returns
        -------
        Array (draw, time)
            From 0. [1 / unit of time]
        """

    @abstractmethod
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """Time by which a share p has failed: 1 - S(t) = p. The median is that of 0.5.

        Parameters
        ----------
        p : Array (1, share) or (draw, share)
            From 0 to 1. [share]
        parameters : mapping of str -> Array (draw, 1) or (1, 1)
            As for `cumulative_hazard`. [as the family says]

        Returns
        -------
        Array (draw, share)
            Infinite where the curve never falls so far. [unit of time]
        """

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """Restricted mean survival time: the area under S from 0 to t.

        In closed form where there is one, and by quadrature to a relative error of some 1e-10 elsewhere.

        Parameters
        ----------
        t : Array (1, time) or (draw, time)
            Not negative, finite. [unit of time]
        parameters : mapping of str -> Array (draw, 1) or (1, 1)
            As for `cumulative_hazard`. [as the family says]

        Returns
        -------
        Array (draw, time)
            [unit of time]
        """
        return area(lambda u: self.survival(u, parameters), t)

    def survival(self, t: Array, parameters: Parameters) -> Array:
        """Survival S(t) = exp(-H(t)).

        Parameters
        ----------
        t : Array (1, time) or (draw, time)
            Not negative. [unit of time]
        parameters : mapping of str -> Array (draw, 1) or (1, 1)
            As for `cumulative_hazard`. [as the family says]

        Returns
        -------
        Array (draw, time)
            1 falling towards 0. [share]
        """
        return np.exp(-self.cumulative_hazard(t, parameters))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array] | None:  # noqa: ARG002 - see returns
        """Parameters of the curve that is at t where this one is at factor x t: H'(t) = H(factor t).

        Parameters
        ----------
        factor : Array (draw, 1) or (1, 1)
            Above 0. [1]
        parameters : mapping of str -> Array (draw, 1) or (1, 1)
            As for `cumulative_hazard`. [as the family says]

        Returns
        -------
        dict of str -> Array (draw, 1), or None
            Every parameter; None where the family's form is not kept (a table, knots or breaks in time).

        Examples
        --------
        >>> from netcea.survival import weibull
        >>> parameters = weibull.stretched(np.array(2.0), {"shape": np.array(1.5), "scale": np.array(3.0)})
        >>> {name: float(value) for name, value in parameters.items()}
        {'shape': 1.5, 'scale': 1.5}
        """
        return None

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:  # noqa: ARG002 - a table has none
        """Cumulative hazard and logarithm of the hazard, with their derivatives by the parameters on their real line.

        Of a patient with an event the likelihood has log h - H, of any other -H.

        Parameters
        ----------
        t : Array (time,)
            Above 0. [unit of time]
        real : sequence of Jet
            Every parameter of the family, in order, on its real line. [log, logit or as published]

        Returns
        -------
        cumulative_hazard : Jet (time,)
            [1]
        log_hazard : Jet (time,)
            [log(1 / unit of time)]

        Raises
        ------
        TypeError
            The family has no likelihood: it is a table.
        """
        raise TypeError(f"a {self.name} is a table, and is not fitted to patients")

    @property
    def with_median(self) -> Callable[[Array, Parameters], dict[str, Array]] | None:
        """A function that gives all parameters of the curve with some median and shape; None if there is none.

        Parameters
        ----------
        median : float or Array (draw, 1)
            Above 0. [unit of time]
        shape_parameters : mapping of str -> float or Array (draw, 1)
            The parameters that `shape_parameters` names. [as the family says]

        Returns
        -------
        dict of str -> Array (draw, 1)
            Every parameter of the family. [as the family says]

        Examples
        --------
        >>> from netcea.survival import log_logistic  # whose scale is its median
        >>> log_logistic(**log_logistic.with_median(8.5, {"shape": 1.5}))
        log_logistic(shape=1.5, scale=8.5)
        """
        return None
