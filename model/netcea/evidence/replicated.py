"""Fits over patients drawn again, for every family of every arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from netcea.errors import Place
from netcea.evidence.arms import CovarianceFrom
from netcea.fitting.bootstrap import FEWEST, Replicates, bootstrap
from netcea.fitting.maximum_likelihood import LikelihoodFit, Refused
from netcea.loading.reading.patients_file import PatientData
from netcea.loading.reading.python_value import whole_number
from netcea.scenario.options import LARGEST_SEED

MOST: Final = 100_000
"""Replicates."""


def check_replicates(replicates: int, seed: int, covariance: str) -> None:
    """Refuse too few replicates, seeds that are none, and a covariance over none.

    Parameters
    ----------
    replicates, seed : int
        See `netcea.fit`.
    covariance : str
        See `netcea.fit`.

    Raises
    ------
    InputError
        With the first of them.
    """
    replicates = whole_number(replicates, Place("bootstrap"), 0)
    whole_number(seed, Place("seed"), 0, LARGEST_SEED)
    if replicates and not FEWEST <= replicates <= MOST:
        raise Place("bootstrap").error(f"{replicates} replicates", f"{FEWEST} to {MOST:,}, or 0 for none")
    if covariance not in get_args(CovarianceFrom):
        raise Place("covariance").error(repr(covariance), f"one of {', '.join(get_args(CovarianceFrom))}")
    if covariance == "bootstrap" and not replicates:
        raise Place("covariance").error("bootstrap without replicates", "--bootstrap N with it", "--bootstrap 1000")


def replicates_of(
    data: PatientData, fits: Mapping[str, tuple[LikelihoodFit | Refused, ...]], replicates: int, seed: int
) -> dict[str, tuple[Replicates, ...]]:
    """Return arm -> every family that was fitted, over patients of the arm drawn again.

    Parameters
    ----------
    data : PatientData
    fits : mapping of str -> tuple of LikelihoodFit or Refused
        Arm -> families.
    replicates, seed : int
        The same seed draws the same patients for every family.
    """
    return {
        arm: tuple(
            bootstrap(fit, data.arms[arm], {arm: data.arms[arm].n}, replicates, seed)
            for fit in families
            if isinstance(fit, LikelihoodFit)
        )
        for arm, families in fits.items()
    }
