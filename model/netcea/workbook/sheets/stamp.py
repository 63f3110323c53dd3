"""A sum over all that a reader can change, by which results of other inputs are told from those of the present ones."""

from __future__ import annotations

from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.inputs import Inputs


def stamp(inputs: Inputs) -> str:
    """Return the formula of a sum that any other number, the same in another row, or another choice changes."""
    columns = [inputs.span(column) for column in (input_columns.YOURS, input_columns.COUNT)]
    columns.append(inputs.choices.span(choice_columns.NUMBER))
    sums = [f"SUMPRODUCT(SQRT(ROW({column})),{column})" for column in columns]
    return f"{'+'.join(sums)}+SQRT(3)*{inputs.scenario_number}"
