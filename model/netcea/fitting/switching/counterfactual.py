"""Times had nobody switched: what was spent on the other treatment is stretched or shrunk, and censored again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.switching.switchers import Switchers


class Times(NamedTuple):
    """Times of patients, and whether they end with a death.

    Attributes
    ----------
    time : Array (patient,)
        [unit of time]
    event : Array (patient,)
        [0 or 1]
    """

    time: Array
    event: Array


def recensored(time: Array, event: Array, until: Array) -> Times:
    """Censor at a time that does not depend on prognosis; a death at that very time still counts.

    Parameters
    ----------
    time : Array (patient,)
        Counterfactual. [unit of time]
    event : Array (patient,)
        [0 or 1]
    until : Array (patient,)
        From randomisation; inf: not again. [unit of time]

    Returns
    -------
    Times
        With the deaths that are left.

    Examples
    --------
    >>> recensored(np.array([5.0, 9.0]), np.ones(2), np.array([6.0, 6.0]))
    Times(time=array([5., 6.]), event=array([1., 0.]))
    """
    return Times(np.minimum(time, until), np.where(time <= until, event, 0.0))


def untreated(patients: Switchers, psi: float, *, recensor: bool) -> Times:
    """Times had nobody ever had the treatment: U = time off + exp(psi) x time on treatment, in both arms.

    Where patients of an arm switch, whether a time is censored depends on their prognosis; so all of that arm are
    censored again at C min(1, exp(psi)), the earliest at which it could be, C the time to the data cut. An arm in which
    nobody switches is left as it is: its patients are all stretched alike.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    psi : float
        Logarithm of the factor by which time on treatment passes quicker; below 0 where treatment lengthens life. [log]
    recensor : bool
        Whether times are censored again.

    Returns
    -------
    Times
        Of all patients.

    References
    ----------
    Robins and Tsiatis (1991), Commun Stat Theory Methods 20:2609-2631. White et al. (1999), Stat Med 18:2617-2634.

    Examples
    --------
    >>> few = Switchers.of([10.0, 8.0], [1, 0], [0, 1], switch=[4.0, np.inf], cutoff=[12.0, 12.0])
    >>> untreated(few, np.log(0.5), recensor=False).time.tolist()  # 4 + 6 / 2, 8 / 2
    [7.0, 4.0]
    >>> untreated(few, np.log(0.5), recensor=True)  # the first is censored at 6 = 12 / 2
    Times(time=array([6., 4.]), event=array([0., 0.]))
    """
    on = patients.time_on_treatment
    time = patients.time - on + on * np.exp(psi)
    return recensored(time, patients.event, _limit(patients, psi, both_arms(patients), recensor=recensor))


def as_randomised(patients: Switchers, psi: float, *, recensor: bool) -> Times:
    """Times had everybody kept to the treatment of the arm to which they were randomised.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    psi : float
        As for `untreated`; time that the treatment's arm spent off it is stretched by exp(-psi). [log]
    recensor : bool
        Whether times of an arm in which patients switch are censored again.

    Returns
    -------
    Times
        Of all patients; an arm in which nobody switches as observed.

    Examples
    --------
    >>> few = Switchers.of([10.0, 8.0], [1, 0], [0, 1], switch=[4.0, np.inf], cutoff=[12.0, 12.0])
    >>> as_randomised(few, np.log(0.5), recensor=False).time.tolist()
    [7.0, 8.0]
    """
    until = np.minimum(patients.switch, patients.time)
    factor = np.where(patients.treated == 1.0, np.exp(-psi), np.exp(psi))
    time = until + (patients.time - until) * factor
    of_arm = np.where(patients.treated == 1.0, -psi, psi)
    return recensored(time, patients.event, _limit(patients, of_arm, both_arms(patients), recensor=recensor))


def both_arms(patients: Switchers) -> NDArray[np.bool_]:
    """Return whether anybody of the same arm switches, Array (patient,). [0 or 1]

    Parameters
    ----------
    patients : Switchers
        Of both arms.

    Examples
    --------
    >>> both_arms(Switchers.of([10.0, 8.0], [1, 0], [0, 1], switch=[4.0, np.inf])).tolist()
    [True, False]
    """
    switching = [bool(patients.switched[patients.treated == arm].any()) for arm in (0.0, 1.0)]
    return np.asarray(np.where(patients.treated == 1.0, switching[1], switching[0]), dtype=np.bool_)


def _limit(patients: Switchers, psi: float | Array, where: NDArray[np.bool_], *, recensor: bool) -> Array:
    """Return when each is censored again, inf: never. [unit of time]"""
    if not recensor:
        return np.full(patients.n, np.inf)
    return np.where(where, patients.cutoff * np.minimum(1.0, np.exp(psi)), np.inf)
