"""What inputs/ holds of the trials that a scenario rests on, beside the numbers in use: counts, and patients' times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.arrays import Array
from netcea.quantities.quantity import Quantity


@dataclass(frozen=True, eq=False)
class ObservedArm:
    """Times of one arm of one endpoint, as digitised or as given by patients.

    Attributes
    ----------
    address : str
        Of the table in inputs/.
    endpoint : {'pfs', 'os', 'ttd'}
    arm : str
    times : Array (patient,)
        [years]
    events : Array (patient,)
        1 for an event, 0 for a censoring. [0 or 1]
    note : str
    """

    address: str
    endpoint: str
    arm: str
    times: Array
    events: Array
    note: str


@dataclass(frozen=True)
class TrialRecord:
    """What the files of some trials hold.

    Attributes
    ----------
    counts : mapping of address -> Quantity
        Patients, deaths and lengths of follow-up. [their own units]
    arms : tuple of ObservedArm
    """

    counts: Mapping[str, Quantity]
    arms: tuple[ObservedArm, ...] = ()


NOTHING = TrialRecord({})
