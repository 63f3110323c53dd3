"""Bootstrap of adjusting for switching: patients drawn again within each arm, and everything estimated anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.methods import METHODS, NoEstimate, Settings
from netcea.fitting.switching.switchers import Switchers

LARGEST_LOSS: Final = 0.1
"""Share of replicates without an estimate beyond which a bootstrap is refused."""
FEWEST: Final = 50
"""Replicates."""


@dataclass(frozen=True)
class Bootstrapped:
    """A hazard ratio over patients drawn again.

    Attributes
    ----------
    standard_error : float
        Of the log hazard ratio. [log]
    interval : tuple of float
        2.5% and 97.5% of the hazard ratio. [ratio]
    replicates, failed : int
        Drawn, and those among them without an estimate.
    """

    standard_error: float
    interval: tuple[float, float]
    replicates: int
    failed: int


def bootstrap(
    patients: Switchers, name: str, replicates: int, seed: int = 1, settings: Settings | None = None
) -> Bootstrapped | NoEstimate:
    """Draw patients again within each arm, and adjust each time anew: so what was estimated on the way counts.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    name : str
        Of the method.
    replicates : int
        At least 50.
    seed : int
        The same for every method: they are compared on the same patients.
    settings : Settings, optional
        The usual ones when left out.

    Returns
    -------
    Bootstrapped or NoEstimate
        None where more than a tenth of the replicates have no estimate.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap. NICE DSU TSD 24: the whole adjustment is resampled.
    """
    if replicates < FEWEST:
        raise ValueError(f"replicates: found {replicates}; expected {FEWEST} or more")
    random = np.random.default_rng(seed)
    arms = [np.flatnonzero(patients.treated == arm) for arm in (0.0, 1.0)]
    found: list[float] = []
    for _ in range(replicates):
        chosen = np.concatenate([arm[random.integers(0, len(arm), len(arm))] for arm in arms])
        try:
            one = METHODS[name].estimate(patients.resampled(chosen), settings or Settings(), False)
        except NotIdentified:
            continue
        found.append(one.log_ratio)
    failed = replicates - len(found)
    if failed > LARGEST_LOSS * replicates:
        return NoEstimate(f"{failed:,} of {replicates:,} replicates have no estimate")
    ratios: Array = np.array(found)
    se = float(ratios.std(ddof=1))
    low, high = np.exp(np.quantile(ratios, [0.025, 0.975]))
    return Bootstrapped(se, (float(low), float(high)), replicates, failed)
