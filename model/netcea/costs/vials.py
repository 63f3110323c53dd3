"""How many vials one administration needs, where the rest of a vial is thrown away; in numbers and as a formula."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, Final

import numpy as np

from netcea.arrays import Array

MOST_IN_FORMULA: Final = 200
"""Vials that the formula counts to; a patient who needs more makes it #N/A."""
TAIL: Final = 8.5
"""Standard deviations beyond which nobody is."""


@singledispatch
def whole_vials(dose: Any, vial: Any, mean: Any, sd: Any) -> Any:
    """Return the mean number of vials of one administration, without sharing.

    E[ceil(dose x size / vial)] = sum over k >= 0 of P(dose x size > k vial), the size being log-normal.

    Parameters
    ----------
    dose : Array (draw,) or (1,)
        Per kg or m2. Formulas of a workbook are dispatched to `whole_vials_formula`.
    vial : Array (draw,) or (1,)
        Content of a vial, in the dose's unit.
    mean, sd : Array (draw,) or (1,)
        Of the size between patients [kg or m2].
    """
    from scipy.special import ndtr

    variance = np.log1p((sd / mean) ** 2)
    mu, sigma = np.log(mean) - variance / 2.0, np.sqrt(variance)
    most = int(np.ceil(np.max(dose * np.exp(mu + TAIL * sigma) / vial)))
    k = np.arange(1, most + 1)[:, np.newaxis]
    above: Array = ndtr(-(np.log(k * vial / dose) - mu) / sigma)
    return np.asarray(1.0 + np.add.reduce(above, axis=0), dtype=np.float64)


def whole_vials_formula(dose: str, vial: str, mean: str, sd: str) -> str:
    """Return the same as a spreadsheet formula of formulas.

    >>> whole_vials_formula("dose", "vial", "mean", "sd").startswith("IF((dose)*EXP(")
    True
    """
    variance = f"LN(1+(({sd})/({mean}))^2)"
    mu, sigma = f"(LN({mean})-{variance}/2)", f"SQRT({variance})"
    counted = f"ROW($1:${MOST_IN_FORMULA})"
    above = f"NORMSDIST(-(LN({counted}*({vial})/({dose}))-{mu})/{sigma})"
    too_many = f"({dose})*EXP({mu}+17/2*{sigma})/({vial})>ROWS($1:${MOST_IN_FORMULA})"
    return f"IF({too_many},NA(),1+SUMPRODUCT({above}))"
