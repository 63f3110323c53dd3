"""Value of information: of everything (EVPI), of some quantities (EVPPI), of a study (EVSI), for a population."""

from netcea.decision.value_of_information.additive import AdditiveParts
from netcea.decision.value_of_information.evppi import PartialInformation, Regressors, evppi
from netcea.decision.value_of_information.evsi import SampleInformation, StudyData, evsi
from netcea.decision.value_of_information.perfect import evpi, people_reached

__all__ = [
    "AdditiveParts",
    "PartialInformation",
    "Regressors",
    "SampleInformation",
    "StudyData",
    "evpi",
    "evppi",
    "evsi",
    "people_reached",
]
