"""Where a curve comes from: a family with its parameters and tables, or another strategy's curve, in one row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.survival.curve import CurveModel
from netcea.survival.family_names import family_label
from netcea.workbook.choice import CurveChoices
from netcea.workbook.formulas.formula import NotInFormulasError
from netcea.workbook.sheets.inputs import Inputs

MARK, WORDS, FAMILY, STRETCH, VALUE, FIRST_PARAMETER = range(1, 7)
"""Columns: the dot, the origin, its family, by what time is multiplied, a value, the first parameter's name."""
FIRST_TABLE: Final = 60
"""Column from which tables of curves stand."""
TABLES: Final = 4
"""Row of their headings."""


@dataclass(frozen=True)
class Origin:
    """One option as it was written.

    Attributes
    ----------
    model : CurveModel or None
    columns : mapping of name of parameter or constant -> column of its value
    tables : mapping of name -> range
    stretched : bool
        Whether its time is multiplied.
    """

    model: CurveModel | None
    columns: dict[str, int]
    tables: dict[str, str]
    stretched: bool

    @property
    def signature(self) -> str:
        """Return what options with the same formula have in common."""
        model = self.model
        if model is None:
            return ""
        if model.distribution is None:
            return f"{model.relative_to} {model.acceleration_factor}"
        refs = {name: f"column {column}" for name, column in self.columns.items()} | self.tables
        return f"{model.distribution.name} {sorted(refs.items())} {model.distribution.formula('t', refs)}"


def write_origin(page: Page, inputs: Inputs, curve: CurveChoices, row: int, number: int) -> Origin:
    """Write a family with its parameters, or that it is another strategy's curve."""
    model: CurveModel | None = curve.origin.values[number]
    page.formula(row, MARK, f'IF({inputs.index(curve.origin)}={number + 1},"●","")', "live")
    page.put(row, WORDS, curve.origin.options[number])
    if model is None or model.distribution is None:
        page.put(row, FAMILY, "" if model is None else "another strategy's curve")
        return Origin(model, {}, {}, stretched=False)
    family = model.distribution
    page.put(row, FAMILY, family_label(family.name))
    _check_digits(inputs, curve.address, model)
    texts = {name: inputs.number(a) for name, a in model.parameters.items()}
    if model.median is not None:
        page.formula(row, VALUE, inputs.number(model.median), "years")
        if model.moved_to_median is None and family.with_median_formula is not None:
            texts = family.with_median_formula(page.at(row, VALUE), texts)
    columns = {}
    for i, (name, text) in enumerate([*texts.items(), *((n, repr(v)) for n, v in family.constants.items())]):
        columns[name] = FIRST_PARAMETER + 2 * i + 1
        page.put(row, columns[name] - 1, name, "indented")
        page.formula(row, columns[name], text, "small")
    tables = {name: _write_table(page, f"{curve.address}: {name}", t.tolist()) for name, t in family.tables.items()}
    return Origin(model, columns, tables, _write_stretch(page, row, curve.address, model, columns, tables))


def _write_table(page: Page, title: str, values: Sequence[float]) -> str:
    """Write a table of a curve in the first free column; return its range."""
    column = max(page.last_column + 1, FIRST_TABLE)
    page.put(TABLES, column, title, "note")
    for row, value in enumerate(values, TABLES + 1):
        page.put(row, column, value, "small")
    return page.span(TABLES + 1, TABLES + len(values), column)


def _check_digits(inputs: Inputs, address: str, model: CurveModel) -> None:
    """Refuse parameters for which a spreadsheet has too few digits."""
    family, numbers = model.distribution, inputs.variants.numbers
    if family is None or family.without_formula is None:
        return
    for i in range(len(inputs.variants.scenarios)):
        values = {name: numbers[a][i] for name, a in model.parameters.items()}
        reason = "" if any(math.isnan(v) for v in values.values()) else family.without_formula(values)
        if reason:
            msg = f"{address}: {reason}"
            raise NotInFormulasError(msg)


def _write_stretch(
    page: Page, row: int, address: str, model: CurveModel, columns: dict[str, int], tables: dict[str, str]
) -> bool:
    """Write by what time is multiplied; say whether it is."""
    family, factor = model.distribution, model.time_factor
    if model.moved_to_median is None or family is None:
        page.put(row, STRETCH, factor, "small")
        return factor != 1.0
    if family.median_formula is None:
        msg = f"{address}: a {family.name} that is moved to a median"
        raise NotInFormulasError(msg)
    own = family.median_formula({name: page.at(row, column) for name, column in columns.items()} | tables)
    beyond = max(columns.values(), default=FIRST_PARAMETER - 1) + 1
    page.put(row, beyond, "median, if its own is beyond all time", "indented_wrapped")
    page.put(row, beyond + 1, model.moved_to_median, "small")
    median = f"IF({own}>1E+98,{page.at(row, beyond + 1)},{own})"
    times = f"*{factor!r}" if factor != 1.0 else ""
    page.formula(row, STRETCH, f"{median}/{page.at(row, VALUE)}{times}", "small")
    return True
