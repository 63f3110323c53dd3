"""What every survival distribution offers: pure functions of time and parameters.

A family is a `Distribution` value. Families whose form is fixed (Weibull, log-normal ...) are one constant; families
with a structure that is never sampled (knots, break points, a table) are made by a function that takes the structure
and returns a `Distribution`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.survival.spreadsheet import Let, Refs

Parameters: TypeAlias = Mapping[str, Array]
RealLine: TypeAlias = Literal["log", "identity", "logit"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a distribution on its published scale.

    Attributes
    ----------
    name : str
        As in flexsurv.
    real_line : {'log', 'identity', 'logit'}
        The transformation under which it is sampled.
    """

    name: str
    real_line: RealLine


def _no_formula(t: str, refs: Refs) -> str:
    """Refuse: a family that is to be exported needs a formula."""
    msg = f"no spreadsheet formula of this family (time {t}, {', '.join(refs)})"
    raise NotImplementedError(msg)


@dataclass(frozen=True)
class Distribution:
    """A survival distribution.

    All functions broadcast: ``t`` is ``Array (1, time)`` or ``(draw, time)``, each parameter ``Array (draw, 1)`` or
    ``(1, 1)`` (scalars work too). Time and parameters share one unit, whichever it is.

    Attributes
    ----------
    name : str
        Full name (``log_normal``).
    parameters : tuple of Parameter
    cumulative_hazard : callable (t, parameters) -> Array
        H(t), accurate in both tails: relative precision is kept where S underflows and where H is tiny.
    hazard : callable (t, parameters) -> Array
        h(t) per unit of time; at t = 0 its limit (0, finite or inf).
    quantile : callable (p, parameters) -> Array
        The time t with 1 - S(t) = p; inf where the curve never falls that far.
    restricted_mean : callable (t, parameters) -> Array
        Area under S from 0 to t.
    proportional_hazards : bool
        Whether a hazard ratio keeps the family (exponential, weibull, weibull_ph, gompertz ...).
    with_median : callable (median, shape_parameters) -> parameters, or None
        The full set of parameters of the curve that has this median and these shape parameters.
    shape_parameters : tuple of str
        The names `with_median` expects.
    formula : callable (t, refs) -> str
        H(t) as a spreadsheet formula; refs: name of a parameter, constant or table -> its cell or range.
    steps : callable (t, refs, let) -> str, or None
        The same where a formula would be long: `let` gives what is used often a cell of its own.
    without_formula : callable (parameters) -> str, or None
        Why the formula is not exact enough for these parameters; '' where it is.
    median_formula : callable (refs) -> str, or None
    with_median_formula : callable (median, refs) -> mapping of parameter -> formula, or None
        `with_median` in a spreadsheet.
    constants, tables : mapping
        The family's structure: numbers (knots, breaks) and columns (a table) that its formula needs.
    """

    name: str
    parameters: tuple[Parameter, ...]
    cumulative_hazard: Callable[[Array, Parameters], Array]
    hazard: Callable[[Array, Parameters], Array]
    quantile: Callable[[Array, Parameters], Array]
    restricted_mean: Callable[[Array, Parameters], Array]
    proportional_hazards: bool = False
    with_median: Callable[[Array, Parameters], dict[str, Array]] | None = None
    shape_parameters: tuple[str, ...] = ()
    formula: Callable[[str, Refs], str] = _no_formula
    steps: Callable[[str, Refs, Let], str] | None = None
    without_formula: Callable[[Mapping[str, float]], str] | None = None
    median_formula: Callable[[Refs], str] | None = None
    with_median_formula: Callable[[str, Refs], dict[str, str]] | None = None
    constants: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Array] = field(default_factory=dict)

    def formula_of(self, t: str, refs: Refs, let: Let) -> str:
        """Return H(t) as a spreadsheet formula, in steps where it has any."""
        return self.formula(t, refs) if self.steps is None else self.steps(t, refs, let)

    def survival(self, t: Array, parameters: Parameters) -> Array:
        """Return S(t) = exp(-H(t))."""
        return np.exp(-self.cumulative_hazard(t, parameters))
