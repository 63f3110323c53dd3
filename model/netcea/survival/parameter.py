"""A parameter of a survival distribution: its name in flexsurv, the scale on which it is sampled, its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array

Parameters: TypeAlias = Mapping[str, Array]
"""Name of a parameter -> its values, Array (draw, 1) or (1, 1)."""
RealLine: TypeAlias = Literal["log", "identity", "logit"]

RANGES: Final[Mapping[RealLine, str]] = {"log": "above 0", "identity": "a finite number", "logit": "0 to 1"}


class Parameter(NamedTuple):
    """A parameter of a family, on the scale on which it is published.

    Attributes
    ----------
    name : str
        As in flexsurv.
    real_line : {'log', 'identity', 'logit'}
        The transformation under which it is sampled, and so its range: above 0, any number, 0 to 1.
    """

    name: str
    real_line: RealLine

    def checked(self, value: ArrayLike, family: str) -> Array:
        """Return a value as an array, if it is in the parameter's range.

        Parameters
        ----------
        value : float or Array (draw,)
            On the published scale. [the parameter's unit]
        family : str
            Whose parameter it is, for the message.

        Returns
        -------
        Array () or (draw,)
            [the parameter's unit]

        Raises
        ------
        ValueError
            Out of range, not a number, or of more than one axis.

        Examples
        --------
        >>> Parameter("shape", "log").checked(-1, "weibull")
        Traceback (most recent call last):
            ...
        ValueError: weibull, shape: found -1.0; expected above 0
        """
        array = np.asarray(value, dtype=np.float64)
        inside = np.isfinite(array)
        if self.real_line == "log":
            inside &= array > 0.0
        elif self.real_line == "logit":
            inside &= (array >= 0.0) & (array <= 1.0)
        if array.ndim > 1:
            raise ValueError(
                f"{family}, {self.name}: found shape {array.shape}; expected a number, or one for each draw"
            )
        if not inside.all():
            raise ValueError(f"{family}, {self.name}: found {array[~inside][0]}; expected {RANGES[self.real_line]}")
        return array
