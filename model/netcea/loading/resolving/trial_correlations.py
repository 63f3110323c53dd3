"""The correlation of a trial's figures where inputs/ gives none: simulated, rounded as it is published, kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from netcea.execution.progress import stage
from netcea.fitting import NotIdentified, Trial
from netcea.fitting.trial_correlation import METHOD, REPLICATES, bootstrap_correlation, seed_of
from netcea.storage.cache import read_cached, write_cached
from netcea.version import __version__

Matrix: TypeAlias = tuple[tuple[float, ...], ...]
DECIMALS = 3


@dataclass(frozen=True)
class WorkedOut:
    """A simulated correlation, with what a table of inputs/ says of it.

    Attributes
    ----------
    correlation : matrix (figure, figure)
        Rounded, so that the table gives the same results.
    sd : tuple of float
    replicates, replicates_used, seed : int
    weibull_shape : float
    """

    correlation: Matrix
    sd: tuple[float, ...]
    replicates: int
    replicates_used: int
    weibull_shape: float
    seed: int


@lru_cache(maxsize=256)
def worked_out(trial: Trial) -> WorkedOut:
    """Return the correlation of a trial's figures, from the cache where it was simulated before.

    Parameters
    ----------
    trial : Trial
        Its published figures.

    Raises
    ------
    NotIdentified
        It cannot be simulated, or the figures say the same.
    """
    content: dict[str, Any] = {"trial": asdict(trial), "replicates": REPLICATES, "seed": seed_of(trial)}
    content |= {"method": METHOD, "netcea": __version__, "numpy": np.__version__}
    found = _from_cache(read_cached("correlations", content), len(trial.figures))
    if found is None:
        with stage("simulating the correlations of a trial"):
            found = simulated(trial)
        write_cached("correlations", content, asdict(found))
    if np.linalg.eigvalsh(np.array(found.correlation))[0] <= 0.0:
        raise NotIdentified("some of the hazard ratios follow from the others: give those to one arm only")
    return found


def simulated(trial: Trial, replicates: int = REPLICATES, seed: int | None = None) -> WorkedOut:
    """Simulate the correlation of a trial's figures, with the seed that belongs to them unless another is given.

    Parameters
    ----------
    trial : Trial
        Its published figures.
    replicates : int
        Number of trials that are simulated.
    seed : int, optional
        Of the simulation; the trial's own when left out.

    Raises
    ------
    NotIdentified
        It cannot be simulated.
    """
    found = bootstrap_correlation(trial, replicates, seed)
    correlation = tuple(map(tuple, found.correlation.round(DECIMALS).tolist()))
    sd, shape = found.sd.round(DECIMALS).tolist(), round(found.shape, DECIMALS)
    return WorkedOut(correlation, tuple(sd), replicates, found.used, shape, found.seed)


def _from_cache(saved: Any, figures: int) -> WorkedOut | None:
    """Return what was kept; None where it is not what this program keeps."""
    try:
        found = WorkedOut(**saved)
        matrix = np.array(found.correlation, dtype=np.float64)
        sound = matrix.shape == (figures, figures) and np.all(np.abs(matrix) <= 1.0) and np.all(matrix == matrix.T)
    except (TypeError, ValueError, OverflowError):
        return None
    return WorkedOut(**{**saved, "correlation": tuple(map(tuple, matrix.tolist()))}) if sound else None
