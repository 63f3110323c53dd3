"""Survival: parameters of every curve and family, the live one, and formulas of H(t) for traces and dispensings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.survival.curve import CurveModel
from netcea.workbook.formulas.curves import Curves, Kind, towards
from netcea.workbook.formulas.formula import NotInFormulasError
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.variants import Slot

FIRST_TABLE: Final = 60
"""Column from which tables of curves stand."""


def write_survival(book: Book, inputs: Inputs) -> Curves:
    """Write parameters of every curve."""
    page = book.page("Survival", "70AD47")
    page.open_with(
        "Survival curves", "One row for each origin that can be chosen (sheet Choices); the dot marks the live one."
    )
    found = Curves(page, inputs)
    row = 4
    for address, slot in found.slots.items():
        page.put(
            row, 1, f"{inputs.variants.base.label(slot.strategy)}: {slot.endpoint.replace('_', ' ').upper()}", "section"
        )
        page.put(row, 3, address, "subtitle")
        heads = ["", "Origin", "Family", "Time is multiplied by", "Median aimed at (years)"]
        for i in range(1, most_parameters(slot) + 1):
            heads += [f"Parameter {i}", "Value"]
        page.heading(row + 1, heads)
        row += 2
        rows = [_write_origin(found, row + number, address, number) for number in range(len(slot.origin.options))]
        row = _write_live(found, row, address, rows)
        row = _write_scalars(found, row, slot)
        row += 2
    page.widths(4, 60, 22, 14, 14, *[14.0] * 24)
    page.frozen("C4")
    page.landscape()
    return found


def write_splits(found: Curves) -> None:
    """Write cumulative hazards at sudden ends, once the traces are known."""
    for address in found.slots:
        _write_split(found, address)


def most_parameters(slot: Slot) -> int:
    """Return how many parameters and constants an origin has at most."""
    families = [m.distribution for m in slot.origin.values if m is not None and m.distribution is not None]
    return max((len(f.parameters) + len(f.constants) for f in families), default=0)


@dataclass(frozen=True)
class _Origin:
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


def _write_origin(found: Curves, row: int, address: str, number: int) -> _Origin:
    page, inputs, slot = found.page, found.inputs, found.slots[address]
    model: CurveModel | None = slot.origin.values[number]
    page.formula(row, 1, f'IF({inputs.index(slot.origin)}={number + 1},"●","")', "live")
    page.put(row, 2, slot.origin.options[number])
    if model is None or model.distribution is None:
        page.put(row, 3, "" if model is None else "another strategy's curve")
        return _Origin(model, {}, {}, stretched=False)
    family = model.distribution
    page.put(row, 3, family.name.replace("_", " "))
    _check_digits(inputs, address, model)
    given = {name: inputs.number(a) for name, a in model.parameters.items()}
    texts = dict(given)
    if model.median is not None:
        median = page.at(row, 5)
        page.formula(row, 5, inputs.number(model.median), "years")
        if model.moved_to_median is None and family.with_median_formula is not None:
            texts = family.with_median_formula(median, given)
    columns: dict[str, int] = {}
    for i, (name, text) in enumerate([*texts.items(), *((n, repr(v)) for n, v in family.constants.items())]):
        column = 6 + 2 * i
        page.put(row, column, name, "indented")
        page.formula(row, column + 1, text, "small")
        columns[name] = column + 1
    tables: dict[str, str] = {}
    for name, values in family.tables.items():
        column = page.last_column + 1 if page.last_column >= FIRST_TABLE else FIRST_TABLE
        page.put(4, column, f"{address}: {name}", "note")
        for j, value in enumerate(values.tolist(), 5):
            page.put(j, column, value, "small")
        tables[name] = page.span(5, 4 + len(values), column)
    return _Origin(model, columns, tables, _write_stretch(page, row, address, model, columns, tables))


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
    if model.moved_to_median is not None and family is not None:
        if family.median_formula is None:
            msg = f"{address}: a {family.name} that is moved to a median"
            raise NotInFormulasError(msg)
        own = family.median_formula({name: page.at(row, column) for name, column in columns.items()} | tables)
        median = f"IF({own}>1E+98,{model.moved_to_median!r},{own})"
        page.formula(row, 4, f"{median}/{page.at(row, 5)}" + (f"*{factor!r}" if factor != 1.0 else ""), "small")
        return True
    page.put(row, 4, factor, "small")
    return factor != 1.0


def _write_live(found: Curves, row: int, address: str, origins: list[_Origin]) -> int:
    """Write the row with what is live, where there is a choice; return the next row."""
    page, inputs, slot = found.page, found.inputs, found.slots[address]
    last, at = row + len(origins) - 1, row + len(origins)
    groups: dict[str, list[int]] = {}
    for number, origin in enumerate(origins):
        groups.setdefault(origin.signature, []).append(number)
    one = len(origins) == 1
    index = inputs.index(slot.origin)

    def live(column: int) -> str:
        if one:
            return page.at(row, column)
        page.formula(at, column, f"INDEX({page.span(row, last, column)},{index})", "small")
        return page.at(at, column)

    columns = sorted({column for origin in origins for column in origin.columns.values()})
    cells = {column: live(column) for column in columns}
    found.stretch[address] = live(4) if any(origin.stretched for origin in origins) else ""
    if len(groups) > 1:
        numbers = {number: k for k, group in enumerate(groups.values(), 1) for number in group}
        page.formula(at, 3, f"CHOOSE({index},{','.join(str(numbers[n]) for n in range(len(origins)))})", "integer")
        found.kind[address] = page.at(at, 3)
    else:
        found.kind[address] = "1"
    for group in groups.values():
        origin = origins[group[0]]
        refs = {name: cells[column] for name, column in origin.columns.items()} | origin.tables
        found.kinds.setdefault(address, []).append(Kind(origin.model, refs))
    if one:
        return at
    page.put(at, 2, "Live: number of the formula, and its parameters", "note")
    return at + 1


def _write_scalars(found: Curves, row: int, slot: Slot) -> int:
    """Write the ratio and the times of waning."""
    page, inputs = found.page, found.inputs
    if any(slot.ratio.values):
        page.put(row, 2, "Hazard ratio")
        page.formula(
            row, 5, inputs.pick(slot.ratio, [inputs.number(a) if a else "1" for a in slot.ratio.values]), "share"
        )
        found.scalars[slot.address, "ratio"] = page.at(row, 5)
        row += 1
    if found.waned(slot.address):
        for i, words in enumerate(("Effect begins to fade (years)", "Effect has ended (years)")):
            page.put(row, 2, words)
            texts = [inputs.number(f[i]) if f else "1E+9" for f in slot.waning.values]
            page.formula(row, 5, inputs.pick(slot.waning, texts), "years_or_never")
            found.scalars[slot.address, ("starts", "ends")[i]] = page.at(row, 5)
            row += 1
        for key, words in (
            ("at", "Time of a sudden end, within the horizon (years)"),
            ("own_at_end", "Own cumulative hazard when it ends at once"),
            ("other_at_end", "The other's cumulative hazard then"),
        ):
            page.put(row, 2, words)
            found.scalars[slot.address, key] = page.at(row, 5)
            row += 1
    return row


def _write_split(found: Curves, address: str) -> None:
    """Write both cumulative hazards at a sudden end."""
    if not found.waned(address):
        return
    slot, page = found.slots[address], found.page
    time = found.scalars[address, "at"]
    row = int(time.rpartition("$")[2])
    ends = f"MIN({found.scalars[address, 'starts']},{found.inputs.number('settings.horizon_years')})"
    page.formula(row, 5, ends, "years")
    beside = _Beside(page, row, time)
    for key in ("own_at_end", "other_at_end"):
        if key == "own_at_end":
            text = found.own(address, beside)
        else:
            texts = [found.unfloored(towards(slot, f), beside) if f else "0" for f in slot.waning.values]
            text = found.inputs.pick(slot.waning, texts)
        page.formula(int(found.scalars[address, key].rpartition("$")[2]), 5, text, "small")


@dataclass
class _Beside:
    """Cells of one row, to the right of a time."""

    page: Page
    row: int
    t: str
    known: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a formula with its words before it, once for each key, and return its cell."""
        if key not in self.known:
            column = 6 + 2 * len(self.known)
            self.page.put(self.row, column, heading, "note")
            self.page.formula(self.row, column + 1, text, "small")
            self.known[key] = self.page.at(self.row, column + 1)
        return self.known[key]
