"""What a number may be: limits of its unit, of the places that use it, and of a curve's parameter. One description.

Every door asks here, so that all refuse the same values in the same words: inputs/, `set` and `--set`, bounds and axes,
rows of parameters that a user brings, cells of a workbook, and netcea's own draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from netcea.arrays import Array
from netcea.errors import Place, Problem
from netcea.plain_number import read
from netcea.quantities.key_path import KeyPath, join_address
from netcea.quantities.units import DAYS_PER_YEAR, UNITS

TENTH_OF_A_DAY: Final = 0.1 / DAYS_PER_YEAR
PLACES: Final[Mapping[str, tuple[float, float]]] = {
    "pack_days": (TENTH_OF_A_DAY, 110.0),
    "interval": (TENTH_OF_A_DAY, 110.0),
    "share_of_tablets_taken": (0.01, 1.0),
    "start_age": (0.0, 109.0),  # the general population's QALYs end at 110
    "anchor_age": (0.0, 110.0),
    "median": (TENTH_OF_A_DAY, 1000.0),
    "landmark": (1e-6, 1.0 - 1e-6),  # a curve neither starts nor ends there
    "follow_up_median": (TENTH_OF_A_DAY, 1000.0),
    "hazard_ratio": (0.001, 1000.0),
    "hazard_ratio_observed": (0.001, 1000.0),
    "acceleration_factor": (0.001, 1000.0),
    "time_ratio": (0.001, 1000.0),
    "vial_mg": (1e-6, 1e6),
    "body_size_mean": (1e-6, 1e6),
}
"""Field of a scenario that names a number -> lowest and highest value, in the model's units (years)."""
SHAPES: Final[Mapping[str, tuple[float, float]]] = {
    "weibull": (0.05, 50.0),
    "weibull_ph": (0.05, 50.0),
    "gamma": (0.05, 50.0),
    "log_logistic": (0.05, 50.0),
    "log_normal": (0.01, 20.0),
    "gompertz": (-5.0, 50.0),
}
"""Family -> lowest and highest shape parameter that a survival curve of a cohort can have."""
MAY_BE_ZERO: Final = ("exponential.rate",)
"""Parameters above 0 that mean something at 0 too: nobody has the event."""
LOGARITHMS: Final = ("ratio", "frequency")
"""Dimensions whose logarithm is what software prints."""


class Limits(NamedTuple):
    """The values that a number may have, in its own unit, and what says so.

    Attributes
    ----------
    unit : str
    low, high : float
        Ends of what is possible. [unit]
    open_low : bool
        The low end itself is impossible too.
    used_as : str
        Address of the place that asks for it; empty where the unit alone does.
    scale : {'', 'log', 'logit'}
        The real line on which software reports such a number: a value outside may be one of that.

    Examples
    --------
    >>> pack = limits_at(("costs", "new", "pack_days"), "days")
    >>> pack.allows(0.0), pack.allows(28.0)
    (False, True)
    >>> print(pack.problem(0.0, Place("--bounds")))
    --bounds
      found 0 days, used as costs.new.pack_days; expected 0.1 to 40,177.5 days
    """

    unit: str
    low: float
    high: float
    open_low: bool = False
    used_as: str = ""
    scale: Literal["", "log", "logit"] = ""

    @classmethod
    def of_unit(cls, name: str) -> Self:
        """Return the limits of a unit.

        Parameters
        ----------
        name : str
            One of `UNITS`.

        Returns
        -------
        Limits
            [unit]

        Examples
        --------
        >>> Limits.of_unit("proportion").allows(1.2)
        False
        """
        unit = UNITS[name]
        scale: Literal["", "log"] = "log" if unit.dimension in LOGARITHMS else ""
        return cls(name, unit.low, unit.high, unit.open_low, scale=scale)

    @classmethod
    def of_parameter(cls, scale: str, unit: str, used_as: str, *, name: str = "", closed: bool = True) -> Self:
        """Return the range of a curve's parameter, by the real line on which it is estimated.

        Parameters
        ----------
        scale : {'log', 'logit', 'identity'}
            Above 0, from 0 to 1, any number.
        unit : str
            Of the number that is named for it.
        used_as : str
            Address of the place that names it.
        name : str
            Family and parameter (exponential.rate, which may be 0).
        closed : bool
            Whether 0 and 1 are possible on the logit scale: not where it is estimated.

        Returns
        -------
        Limits
            [unit]
        """
        if scale == "log":
            return cls(unit, 0.0, math.inf, open_low=name not in MAY_BE_ZERO, used_as=used_as, scale="log")
        if scale == "logit":
            high = 1.0 if closed else math.nextafter(1.0, 0.0)
            return cls(unit, 0.0, high, open_low=not closed, used_as=used_as, scale="logit")
        return cls(unit, -math.inf, math.inf, used_as=used_as)

    def outside(self, values: Array) -> npt.NDArray[np.bool_]:
        """Say of each value whether it is impossible.

        Parameters
        ----------
        values : Array (...)
            Of any shape; what is not a number is impossible. [unit]

        Returns
        -------
        array of bool (...)
            True outside.
        """
        above = values > self.low if self.open_low else values >= self.low
        return ~(above & (values <= self.high) & np.isfinite(values))

    def allows(self, value: float) -> bool:
        """Say whether a value is possible.

        Parameters
        ----------
        value : float
            [unit]

        Returns
        -------
        bool
            False outside.
        """
        return (
            (value > self.low if self.open_low else value >= self.low) and value <= self.high and math.isfinite(value)
        )

    @property
    def allowed(self) -> str:
        """The possible values, in words: of a unit `a value from 0 to 1`, of a place `0.1 to 40177.5 days`."""
        if not self.used_as:
            return f"a value {UNITS[self.unit].allowed}, the unit being '{self.unit}'"
        of = "" if self.unit == "parameter" else f" {self.unit}"
        if math.isfinite(self.high):
            return f"{read(self.low, 4)} to {read(self.high, 6)}{of}"
        return f"a value {'above' if self.open_low else 'from'} {read(self.low, 4)}{of}"

    def problem(self, value: float, place: Place) -> Problem:
        """Return why a value is refused.

        Parameters
        ----------
        value : float
            One that is outside. [unit]
        place : Place
            The door through which it came.

        Returns
        -------
        Problem
            What was found, what is possible, which slip it looks like.
        """
        of = "" if self.unit == "parameter" else f" {self.unit}"
        found = f"{read(value)}{of}, used as {self.used_as}" if self.used_as else read(value)
        return place.problem(found, self.allowed, self._slip(value))

    def _slip(self, value: float) -> str:
        """Return which mistake it looks like."""
        if self.scale == "log" and -50.0 < value <= 0.0 and (value < 0.0 or self.used_as):
            return f"is this on the log scale? exp({read(value)}) = {read(math.exp(value), 3)}"
        if self.scale == "logit" and abs(value) < 50.0:
            return (
                f"is this on the logit scale? 1 / (1 + exp({read(-value)})) = {read(1.0 / (1.0 + math.exp(-value)), 3)}"
            )
        percent = UNITS[self.unit].dimension == "proportion" and 1.0 < value <= 100.0
        return f"{read(value)}% is {read(value / 100)}" if percent else ""


@cache
def limits_of_unit(name: str) -> Limits:
    """Return what a unit allows, worked out once.

    Parameters
    ----------
    name : str
        Of the unit.

    Returns
    -------
    Limits
        [the unit]

    References
    ----------
    See `netcea.quantities.units`.
    """
    return Limits.of_unit(name)


@lru_cache(maxsize=4096)
def limits_at(path: KeyPath, unit: str, family: str = "") -> Limits | None:
    """Return the limits of a number at the place of a scenario that names it; None without any beyond its unit's.

    Parameters
    ----------
    path : KeyPath
        Key path of the place.
    unit : str
        Of the number.
    family : str
        Of the curve whose shape parameter it is; empty elsewhere.

    Returns
    -------
    Limits or None
        [unit]

    Examples
    --------
    >>> shape = limits_at(("strategies", "x", "os", "shape", "weibull"), "parameter")
    >>> shape.low, shape.high
    (0.05, 50.0)
    """
    of_shape = len(path) > 1 and path[-2] == "shape"
    found = SHAPES.get(family or str(path[-1])) if of_shape or family else PLACES.get(str(path[-1]))
    if found is None:
        return None
    factor, above = UNITS[unit].to_model, (of_shape or bool(family)) and found[0] > 0.0
    return Limits(unit, found[0] / factor, found[1] / factor, used_as=join_address(path), scale="log" if above else "")


def problems_of(limits: Iterable[Limits], value: float, place: Place) -> Iterator[Problem]:
    """Yield why a value is refused: once, by the first limits that it breaks.

    Parameters
    ----------
    limits : iterable of Limits
        Of one number.
    value : float
        [the number's unit]
    place : Place
        The door through which it came.

    Yields
    ------
    Problem
        One, or none.

    Examples
    --------
    >>> [problem.found for problem in problems_of([Limits.of_unit("proportion")], 1.5, Place("--bounds"))]
    ['1.5']
    """
    broken = next((each for each in limits if not each.allows(value)), None)
    if broken is not None:
        yield broken.problem(value, place)


def any_outside(limits: Iterable[Limits], values: Array) -> npt.NDArray[np.bool_]:
    """Say of each value whether some limits of its number make it impossible.

    Parameters
    ----------
    limits : iterable of Limits
        Of one number.
    values : Array (...)
        [the number's unit]

    Returns
    -------
    array of bool (...)
        True outside.

    Examples
    --------
    >>> any_outside([Limits.of_unit("utility")], np.array([-1.5, 0.5, 1.2])).tolist()
    [True, False, True]
    """
    found = np.zeros(np.shape(values), dtype=np.bool_)
    for each in limits:
        found |= each.outside(values)
    return found


def ends_of(limits: Iterable[Limits]) -> tuple[float, float, bool]:
    """Return the lowest and highest possible value, and whether the lowest itself is impossible.

    Parameters
    ----------
    limits : iterable of Limits
        Of one number.

    Returns
    -------
    tuple of (float, float, bool)
        [the number's unit]

    Examples
    --------
    >>> ends_of([Limits.of_unit("ratio"), Limits("ratio", 0.001, 1000.0)])
    (0.001, 1000.0, False)
    """
    every = list(limits)
    low, high = max(each.low for each in every), min(each.high for each in every)
    return low, high, any(each.open_low and each.low == low for each in every)
