"""Cost categories: one class in one file each, with its YAML block, its arithmetic, its label, colour and place.

To add a category: write ``costs/<name>.py`` with a `CostItem` that has a `kind`, a `category` and `accrue`, and add its
class to `AnyCostItem`. Nothing else knows the categories: tables, figures, sheets and files ask the class of each item.
Comes in: what a strategy's patients go through (`netcea.cohort.exposure`), as numbers or as cells of a spreadsheet.
"""

from typing import Annotated, TypeAlias

from pydantic import Field

from netcea.costs.administration import Administration
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.end_of_life import EndOfLife
from netcea.costs.one_off import OneOff
from netcea.costs.productivity import Productivity
from netcea.costs.resource_use import ResourceUse
from netcea.costs.subsequent_treatment import SubsequentTreatment

AnyCostItem: TypeAlias = Annotated[
    DrugAcquisition | Administration | ResourceUse | SubsequentTreatment | EndOfLife | OneOff | Productivity,
    Field(discriminator="kind"),
]
