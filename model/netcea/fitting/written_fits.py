"""Fits as inputs/ holds them: the families that were fitted to one arm, with their criteria and their curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.quantities.fitted import FittedEndpoint, FittedFamily
from netcea.survival.survival_curve import SurvivalCurve


@dataclass(frozen=True)
class WrittenFit:
    """A family that was fitted to an arm, at its estimates.

    Attributes
    ----------
    name : str
        Of the family with its structure.
    said : FittedFamily
        What the fit says of itself.
    of_family : SurvivalCurve
        In the unit of time of the data.
    hazard_ratio : float
        By which its hazard is multiplied, where all arms were fitted together. [ratio]

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> fit = WrittenFit("exponential", FittedFamily(distribution="exponential"), exponential(rate=0.1), 0.5)
    >>> round(fit.survival(10.0), 4), round(fit.median, 4)  # exp(-0.5), log 2 / 0.05
    (0.6065, 13.8629)
    """

    name: str
    said: FittedFamily
    of_family: SurvivalCurve
    hazard_ratio: float = 1.0

    def survival(self, t: ArrayLike) -> float | Array:
        """Survival, S(t) = S_0(t)^HR.

        Parameters
        ----------
        t : float or Array (time,)
            Not negative. [unit of time of the data]

        Returns
        -------
        float or Array (time,)
            [share]
        """
        return self.of_family.survival(t) ** self.hazard_ratio

    def hazard(self, t: ArrayLike) -> float | Array:
        """Hazard, HR x h_0(t).

        Parameters
        ----------
        t : float or Array (time,)
            Not negative. [unit of time of the data]

        Returns
        -------
        float or Array (time,)
            [1 / unit of time of the data]
        """
        return self.of_family.hazard(t) * self.hazard_ratio

    @property
    def median(self) -> float:
        """Time by which half have failed. [unit of time of the data]."""
        return float(self.of_family.quantile(1.0 - 0.5 ** (1.0 / self.hazard_ratio)))

    @property
    def kinks(self) -> list[float]:
        """Times at which it is not smooth. [unit of time of the data]."""
        return [*np.exp(self.said.knots or ()).tolist(), *(self.said.breaks or ())]


@dataclass(frozen=True)
class WrittenArm:
    """All families that were fitted to an arm, in the order of the file.

    Attributes
    ----------
    endpoint : FittedEndpoint
        Where the fits come from.
    per_year : float
        Units of time of the data in a year. [1 / year]
    fits : tuple of WrittenFit
    refused : mapping of str -> str
        Family with its structure -> why it could not be fitted.
    """

    endpoint: FittedEndpoint
    per_year: float
    fits: tuple[WrittenFit, ...]
    refused: Mapping[str, str]
