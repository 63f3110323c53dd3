"""The closed list of units. Nothing converts anywhere else.

Inside the model time is in years (365.25 days; a month is a twelfth of a year), money in GBP of the scenario's price
year, frequencies per year. A quantity keeps the unit of its publication in ``inputs/``; `to_model` gives the factor.
"""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, TypeAlias

from netcea.plain_number import read

DAYS_PER_YEAR: Final = 365.25
MONTHS_PER_YEAR: Final = 12.0
WEEKS_PER_YEAR: Final = DAYS_PER_YEAR / 7.0

Dimension: TypeAlias = Literal[
    "duration", "frequency", "money", "money_per_qaly", "proportion", "ratio", "utility", "number", "parameter", "dose"
]


class Unit(NamedTuple):
    """A unit: what it measures, the factor to the model's own unit, and the values it allows.

    Attributes
    ----------
    dimension : str
    to_model : float
        Multiply a published value by this.
    low, high : float
        Values outside [low, high] are impossible (a proportion above 1, a negative price).
    open_low : bool
        The low end itself is impossible too (a hazard ratio of 0).
    """

    dimension: Dimension
    to_model: float = 1.0
    low: float = 0.0
    high: float = float("inf")
    open_low: bool = False

    def allows(self, value: float) -> bool:
        """Say whether a value is possible in this unit.

        Parameters
        ----------
        value : float
            [this unit]

        Returns
        -------
        bool
            False outside the limits.

        Examples
        --------
        >>> UNITS["ratio"].allows(0.0), UNITS["months"].allows(0.0)
        (False, True)
        """
        return self.low <= value <= self.high and not (self.open_low and value <= self.low)

    @property
    def allowed(self) -> str:
        """The possible values, in words.

        Examples
        --------
        >>> UNITS["proportion"].allowed, UNITS["ratio"].allowed
        ('from 0 to 1', 'above 0')
        """
        low = f"above {read(self.low)}" if self.open_low else f"from {read(self.low)}"
        return f"{low} to {read(self.high)}" if math.isfinite(self.high) else low


UNITS: Final[dict[str, Unit]] = {
    "years": Unit("duration"),
    "months": Unit("duration", 1.0 / MONTHS_PER_YEAR),
    "weeks": Unit("duration", 1.0 / WEEKS_PER_YEAR),
    "days": Unit("duration", 1.0 / DAYS_PER_YEAR),
    "per year": Unit("frequency"),
    "per month": Unit("frequency", MONTHS_PER_YEAR),
    "per week": Unit("frequency", WEEKS_PER_YEAR),
    "per day": Unit("frequency", DAYS_PER_YEAR),
    "GBP": Unit("money"),
    "GBP/QALY": Unit("money_per_qaly", open_low=True),
    "proportion": Unit("proportion", high=1.0),
    "ratio": Unit("ratio", open_low=True),
    "utility": Unit("utility", low=-1.0, high=1.0),
    "QALYs": Unit("number"),
    "patients": Unit("number"),
    "deaths": Unit("number"),
    "number": Unit("number"),
    "tablets": Unit("number"),
    "mg": Unit("dose"),
    "mg/m2": Unit("dose"),
    "mg/kg": Unit("dose"),
    "kg": Unit("dose"),
    "m2": Unit("dose"),
    "parameter": Unit("parameter", low=float("-inf")),
}


def to_model(unit: str) -> float:
    """Return the factor from a published unit to the model's.

    Parameters
    ----------
    unit : str
        One of `UNITS`.

    Returns
    -------
    float
        [the model's unit / this unit]

    Raises
    ------
    KeyError
        The unit is unknown.

    Examples
    --------
    >>> to_model("months") * 12
    1.0
    """
    return UNITS[unit].to_model
