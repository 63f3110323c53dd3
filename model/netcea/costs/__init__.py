"""Cost categories: one file each, with its YAML block and its arithmetic.

To add a category: write ``costs/<name>.py`` with a block that has a `kind` and `accrue`, and add its class to
`AnyCostItem`.
"""

from typing import Annotated, TypeAlias

from pydantic import Field

from netcea.costs.administration import Administration
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.end_of_life import EndOfLife
from netcea.costs.one_off import OneOff
from netcea.costs.resource_use import ResourceUse
from netcea.costs.subsequent_treatment import SubsequentTreatment

AnyCostItem: TypeAlias = Annotated[
    DrugAcquisition | Administration | ResourceUse | SubsequentTreatment | EndOfLife | OneOff,
    Field(discriminator="kind"),
]
