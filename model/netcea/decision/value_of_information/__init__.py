"""Value of information: of everything (EVPI), of some quantities (EVPPI), of a study (EVSI), for a population."""

from netcea.decision.value_of_information.evppi import Known, PartialInformation, evppi
from netcea.decision.value_of_information.evsi import SampleInformation, evsi
from netcea.decision.value_of_information.perfect import evpi, people_reached

__all__ = ["Known", "PartialInformation", "SampleInformation", "evpi", "evppi", "evsi", "people_reached"]
