"""Mortality of the general population that each patient is part of: what an excess hazard is in excess of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array


class Background(NamedTuple):
    """What is expected of the general population matched to each patient.

    Attributes
    ----------
    hazard : Array (patient,)
        At the patient's own time of event or censoring; from 0. [1 / unit of time]
    cumulative : Array (patient,) or None
        Cumulative hazard from the patient's entry to that time; from 0. None where nobody knows it. [1]

    Examples
    --------
    >>> Background(np.array([0.02, 0.03]), None).where(np.array([False, True])).hazard.tolist()
    [0.03]
    """

    hazard: Array
    cumulative: Array | None = None

    def where(self, chosen: NDArray[np.bool_]) -> Background:
        """Of some of the patients.

        Parameters
        ----------
        chosen : Array (patient,)
            Whether each is. [0 or 1]

        Returns
        -------
        Background
            In their order.

        Examples
        --------
        >>> Background(np.array([0.02]), np.array([0.1])).where(np.array([True])).cumulative.tolist()
        [0.1]
        """
        return Background(self.hazard[chosen], None if self.cumulative is None else self.cumulative[chosen])

    @property
    def columns(self) -> dict[str, Array]:
        """Name -> values, as `netcea.fitting.patients.faults_of` checks them. [1 / unit of time, 1]."""
        found = {"background": self.hazard}
        return found if self.cumulative is None else {**found, "background_cumulative": self.cumulative}


def one_after_another(parts: list[Background | None]) -> Background | None:
    """Background of several groups of patients, one group after another.

    Parameters
    ----------
    parts : list of Background or None
        Of each group.

    Returns
    -------
    Background or None
        None unless every group has one; without cumulative hazards unless every group has them.

    Examples
    --------
    >>> one = Background(np.array([0.02]), np.array([0.1]))
    >>> one_after_another([one, one]).cumulative.tolist(), one_after_another([one, None])
    ([0.1, 0.1], None)
    """
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not parts:
        return None
    cumulative = [part.cumulative for part in known if part.cumulative is not None]
    together = np.concatenate(cumulative) if len(cumulative) == len(known) else None
    return Background(np.concatenate([part.hazard for part in known]), together)
