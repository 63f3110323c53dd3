"""Text of spreadsheet formulas that families share. Excel 2016, its web version and LibreOffice 7 know every function.

Exponents are in brackets, since a spreadsheet takes -a^b for (-a)^b. Where a function has no relative accuracy in a
tail, another expression takes over there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from netcea.arrays import Array

Refs: TypeAlias = Mapping[str, str]
"""Name of a parameter, or of a constant of the family's structure -> reference of the cell (or range) that holds it."""

Let: TypeAlias = Callable[[str, str], str]
"""(name, formula of what is used often) -> how it is referred to: the formula in brackets, or a cell with it."""

FAR_OUT: Final = 25.0
"""Standard deviations from which the normal tail is taken from its asymptotic series."""
FRACTIONS: Final = 30
"""Steps of the continued fraction of the upper incomplete gamma function."""
SMALLEST_TAIL: Final = "1E-4"
"""1 - GAMMADIST has eleven digits or more above it, so that differences of its logarithm have nine."""


def in_brackets(_name: str, text: str) -> str:
    """Return a formula in brackets, which refers to it by itself.

    Parameters
    ----------
    _name : str
        What a cell that holds it would be called.
    text : str
        The formula.

    Returns
    -------
    str
        Without the equals sign.

    Examples
    --------
    >>> in_brackets("x", "1+A1")
    '(1+A1)'
    """
    return f"({text})"


class SpreadsheetFormulas(ABC):
    """What a family of survival curves says of itself in a spreadsheet.

    Attributes
    ----------
    constants : mapping of str -> float
        Numbers of the family's structure that its formula needs: knots, breaks.
    tables : mapping of str -> Array (point,)
        Columns of the family's structure that its formula needs: times and survival of a table.
    """

    constants: Mapping[str, float] = {}
    tables: Mapping[str, Array] = {}

    @abstractmethod
    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """H(t) as a spreadsheet formula.

        Parameters
        ----------
        t : str
            Cell or formula of the time, from 0. [unit of time]
        refs : mapping of str -> str
            Name of a parameter, constant or table -> its cell or range.
        let : callable (name, formula) -> str
            How a step that is used often is referred to: by itself in brackets, or by a cell that holds it.

        Returns
        -------
        str
            Without the equals sign.
        """

    @property
    def without_formula(self) -> Callable[[Mapping[str, float]], str] | None:
        """A function that says why the formula is not exact enough; None if it always is.

        Parameters
        ----------
        parameters : mapping of str -> float
            Every parameter of the family. [as the family says]

        Returns
        -------
        str
            Empty where it is exact enough.
        """
        return None

    @property
    def median_formula(self) -> Callable[[Refs], str] | None:
        """A function that gives the median as a spreadsheet formula; None if there is none.

        Parameters
        ----------
        refs : mapping of str -> str
            Name of a parameter -> its cell.

        Returns
        -------
        str
            Without the equals sign. [unit of time]
        """
        return None

    @property
    def with_median_formula(self) -> Callable[[str, Refs], dict[str, str]] | None:
        """A function that gives `with_median` as spreadsheet formulas; None if there is none.

        Parameters
        ----------
        median : str
            Cell or formula of the median. [unit of time]
        refs : mapping of str -> str
            Name of a shape parameter -> its cell.

        Returns
        -------
        dict of str -> str
            Name of each parameter -> its formula, without the equals sign.
        """
        return None


def minus_log_normal_tail(z: str) -> str:
    """-LN of the share of a standard normal above z, from its asymptotic series far out.

    Parameters
    ----------
    z : str
        Cell or formula of the deviate. [1]

    Returns
    -------
    str
        Without the equals sign. [1]

    Examples
    --------
    >>> minus_log_normal_tail("A1").startswith("IF(A1<25,-LN(NORMSDIST(-(A1))),")
    True
    """
    series = f"1-({z})^(-2)+3*({z})^(-4)-15*({z})^(-6)+105*({z})^(-8)"
    far = f"({z})^2/2+LN(({z})*SQRT(2*PI()))-LN({series})"
    return f"IF({z}<{FAR_OUT:g},-LN(NORMSDIST(-({z}))),{far})"


def minus_log_upper_gamma(k: str, u: str) -> str:
    """-LN of the upper regularised incomplete gamma function of (k, u).

    Beyond `SMALLEST_TAIL` by its continued fraction, u^k EXP(-u) / GAMMA(k) / (u + 1 - k - 1 (1 - k) / (u + 3 - k - ...

    Parameters
    ----------
    k : str
        Cell or formula of the shape. [1]
    u : str
        Cell or formula of the argument. [1]

    Returns
    -------
    str
        Without the equals sign. [1]

    References
    ----------
    NIST Digital Library of Mathematical Functions, 8.9.2.
    """
    fraction = f"({u}+{2 * FRACTIONS + 1}-{k})"
    for step in range(FRACTIONS, 0, -1):
        fraction = f"({u}+{2 * step - 1}-{k}-{step}*({step}-{k})/{fraction})"
    far = f"{u}+GAMMALN({k})-{k}*LN({u})+LN({fraction})"
    near = f"1-GAMMADIST({u},{k},1,TRUE)"
    return f"IF({near}>{SMALLEST_TAIL},-LN({near}),{far})"


def minus_log_lower_gamma(k: str, u: str) -> str:
    """-LN of the lower regularised incomplete gamma function of (k, u), below 1E-250 by the first terms of its series.

    Parameters
    ----------
    k : str
        Cell or formula of the shape. [1]
    u : str
        Cell or formula of the argument. [1]

    Returns
    -------
    str
        Without the equals sign. [1]

    References
    ----------
    NIST Digital Library of Mathematical Functions, 8.11.4.
    """
    below = f"GAMMADIST({u},{k},1,TRUE)"
    series = f"1+({u})/({k}+1)*(1+({u})/({k}+2)*(1+({u})/({k}+3)*(1+({u})/({k}+4))))"
    far = f"{u}+GAMMALN({k}+1)-{k}*LN({u})-LN({series})"
    return f"IF({below}>1E-250,-LN({below}),{far})"


def gamma_median(k: str) -> str:
    """Median of a gamma distribution of rate 1: GAMMAINV, and one step of Newton's method from it.

    Parameters
    ----------
    k : str
        Cell or formula of the shape. [1]

    Returns
    -------
    str
        Without the equals sign. [unit of time]
    """
    guess = f"GAMMAINV(0.5,{k},1)"
    return f"({guess}-(GAMMADIST({guess},{k},1,TRUE)-0.5)/GAMMADIST({guess},{k},1,FALSE))"


def after_start(t: str, formula: str) -> str:
    """Return a formula that is 0 at the start, where the logarithm of time is not defined. [the formula's unit]

    Parameters
    ----------
    t : str
        Cell or formula of the time. [unit of time]
    formula : str
        What holds after the start.

    Examples
    --------
    >>> after_start("A1", "LN(A1)")
    'IF(A1<=0,0,LN(A1))'
    """
    return f"IF({t}<=0,0,{formula})"
