"""How many vials one administration needs, where the rest of a vial is thrown away; in numbers and as a formula."""

from __future__ import annotations

from typing import Final

import numpy as np

from netcea.arrays import Array

MOST_IN_FORMULA: Final = 200
"""Vials that the formula counts to; a patient who needs more makes it #N/A."""
TAIL: Final = 8.5
"""Standard deviations beyond which nobody is."""


def whole_vials(dose: Array, vial: Array, mean: Array, sd: Array) -> Array:
    """Mean number of vials of one administration, without sharing between patients.

    E[ceil(dose x size / vial)] = sum over k >= 0 of P(dose x size > k vial), the size being log-normal.

    Parameters
    ----------
    dose : Array (draw,) or (1,)
        [mg per kg or per m2]
    vial : Array (draw,) or (1,)
        Content of a vial. [mg]
    mean, sd : Array (draw,) or (1,)
        Of the size between patients, above 0. [kg or m2]

    Returns
    -------
    Array (draw,) or (1,)
        [vials]

    Examples
    --------
    Sizes so close together that everybody needs 150 mg: two vials of 100 mg.

    >>> dose, vial, mean, sd = (np.array([x]) for x in (2.0, 100.0, 75.0, 0.1))
    >>> whole_vials(dose, vial, mean, sd).round(12).tolist()
    [2.0]
    """
    from netcea.special import special

    variance = np.log1p((sd / mean) ** 2)
    mu, sigma = np.log(mean) - variance / 2.0, np.sqrt(variance)
    most = int(np.ceil(np.max(dose * np.exp(mu + TAIL * sigma) / vial)))
    k = np.arange(1, most + 1)[:, np.newaxis]
    above: Array = special.ndtr(-(np.log(k * vial / dose) - mu) / sigma)
    return np.asarray(1.0 + np.add.reduce(above, axis=0), dtype=np.float64)


def whole_vials_formula(dose: str, vial: str, mean: str, sd: str) -> str:
    """Write `whole_vials` as a spreadsheet formula of formulas.

    Parameters
    ----------
    dose, vial, mean, sd : str
        Formulas of what `whole_vials` takes.

    Returns
    -------
    str
        Without the sign of equality.

    Examples
    --------
    >>> whole_vials_formula("dose", "vial", "mean", "sd").startswith("IF((dose)*EXP(")
    True
    """
    variance = f"LN(1+(({sd})/({mean}))^2)"
    mu, sigma = f"(LN({mean})-{variance}/2)", f"SQRT({variance})"
    counted = f"ROW($1:${MOST_IN_FORMULA})"
    above = f"NORMSDIST(-(LN({counted}*({vial})/({dose}))-{mu})/{sigma})"
    too_many = f"({dose})*EXP({mu}+17/2*{sigma})/({vial})>ROWS($1:${MOST_IN_FORMULA})"
    return f"IF({too_many},NA(),1+SUMPRODUCT({above}))"
