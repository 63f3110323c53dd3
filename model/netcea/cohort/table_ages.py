"""Which ages a table of the general population may be read at: national tables are open at both ends, by convention."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from netcea.arrays import Array

FIRST_AGE: Final = 18
"""Norms of adults begin here or before: a younger cohort has their first age. [years]"""
LAST_AGE: Final = 99
"""A table that has this age is taken as complete: its last row goes on. [years]"""


def outside(ages: Array, start: Array) -> npt.NDArray[np.bool_]:
    """Say of each cohort whether a table has no row for its age at the start.

    Parameters
    ----------
    ages : Array (age,)
        Of the table, rising. [years]
    start : Array (row,)
        Age at the start. [years]

    Returns
    -------
    Array (row,) of bool
        True for such a cohort.

    Examples
    --------
    >>> outside(np.array([0.0, 1.0]), np.array([0.5, 1.5, 2.0]))
    array([False, False,  True])
    """
    found: npt.NDArray[np.bool_] = (start < ages[0] - 1e-9) | (start >= ages[-1] + 1.0)
    return found


def refused(ages: Array, start: Array) -> npt.NDArray[np.bool_]:
    """Say of each cohort whether a table cannot stand for its age at the start: see `FIRST_AGE`, `LAST_AGE`.

    Parameters
    ----------
    ages : Array (age,)
        Of the table, rising. [years]
    start : Array (row,)
        Age at the start. [years]

    Returns
    -------
    Array (row,) of bool
        True for such a cohort.

    Examples
    --------
    >>> adults = np.arange(16.0, 101.0)
    >>> refused(adults, np.array([0.0, 60.0, 109.0])), refused(adults[10:], np.array([0.0]))
    (array([False, False, False]), array([ True]))
    """
    is_short = np.where(start < ages[0], ages[0] > FIRST_AGE, ages[-1] < LAST_AGE)
    found: npt.NDArray[np.bool_] = outside(ages, start) & is_short
    return found
