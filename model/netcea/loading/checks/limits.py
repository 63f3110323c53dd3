"""Plausible limits of a number where it is used, beyond those of its unit: a pack lasts some time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netcea.quantities.key_path import KeyPath
from netcea.quantities.units import DAYS_PER_YEAR

TENTH_OF_A_DAY: Final = 0.1 / DAYS_PER_YEAR
LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "pack_days": (TENTH_OF_A_DAY, 110.0),
    "interval": (TENTH_OF_A_DAY, 110.0),
    "share_of_tablets_taken": (0.01, 1.0),
    "start_age": (0.0, 109.0),  # the general population's QALYs end at 110
    "anchor_age": (0.0, 110.0),
    "median": (TENTH_OF_A_DAY, 1000.0),
    "follow_up_median": (TENTH_OF_A_DAY, 1000.0),
    "hazard_ratio": (0.001, 1000.0),
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


def limits_of(path: KeyPath) -> tuple[float, float] | None:
    """Return the lowest and highest value of a number named at a place of a scenario; None without limits.

    Parameters
    ----------
    path : KeyPath
        Key path of the place in the scenario.

    Examples
    --------
    >>> limits_of(("strategies", "x", "os", "shape", "weibull"))
    (0.05, 50.0)
    """
    if len(path) > 1 and path[-2] == "shape":
        return SHAPES.get(str(path[-1]))
    return LIMITS.get(str(path[-1]))
