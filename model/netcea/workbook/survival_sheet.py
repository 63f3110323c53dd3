"""Survival: parameters of every curve and family, the live one, and formulas of H(t) for traces and dispensings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from netcea.survival.curve import CurveModel
from netcea.workbook.book import Book, Page
from netcea.workbook.formula import NotInFormulasError
from netcea.workbook.inputs_sheet import Inputs
from netcea.workbook.variants import Slot


@dataclass
class Curves:
    """Cells of every curve's parameters.

    Attributes
    ----------
    page : Page
    refs : mapping of (slot, number of the origin) -> name of parameter -> cell
    stretch : mapping of (slot, number of the origin) -> formula by which time is multiplied, or ''
    scalars : mapping of (slot, name) -> cell
        Ratio and times of waning.
    between : mapping of slot -> function of a time
        Formula of a curve that is defined cycle by cycle, before background mortality; known once its trace is.
    """

    page: Page
    inputs: Inputs
    refs: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    stretch: dict[tuple[str, int], str] = field(default_factory=dict)
    scalars: dict[tuple[str, str], str] = field(default_factory=dict)
    between: dict[str, Callable[[str], str]] = field(default_factory=dict)

    @property
    def slots(self) -> dict[str, Slot]:
        """Return every curve."""
        return self.inputs.variants.slots

    def waned(self, address: str) -> bool:
        """Say whether an option of a curve wanes."""
        return any(self.slots[address].waning.values)

    def floored(self, address: str) -> bool:
        """Say whether background mortality can be chosen: for overall survival."""
        return self.slots[address].endpoint == "os"

    def own(self, address: str, t: str, other: str = "") -> str:
        """Return the formula of H(t) before waning.

        Parameters
        ----------
        address : str
            Of the curve.
        t : str
            Time in years, as a formula.
        other : str
            What stands for the H of the curve it is relative to at the same time; worked out at t when empty.
        """
        slot = self.slots[address]
        texts = [self._origin(address, number, model, t, other) for number, model in enumerate(slot.origin.values)]
        text = self.inputs.pick(slot.origin, texts)
        ratio = self.scalars.get((address, "ratio"))
        return f"({text})*{ratio}" if ratio else text

    def _origin(self, address: str, number: int, model: CurveModel | None, t: str, other: str) -> str:
        if model is None:
            return "0"
        if model.acceleration_factor is not None:
            t, other = f"(({t})/{self.inputs.number(model.acceleration_factor)})", ""
        if model.relative_to is not None:
            if other:
                return other
            return self.unfloored(model.relative_to, t)
        if model.distribution is None:
            msg = f"{address} has no distribution"
            raise NotInFormulasError(msg)
        stretch = self.stretch[address, number]
        return model.distribution.formula(f"({t}*{stretch})" if stretch else t, self.refs[address, number])

    def unfloored(self, address: str, t: str) -> str:
        """Return the formula of H(t) at any time, with waning, before background mortality."""
        own, by_cycle = f"({self.own(address, t)})", self.by_cycle(address)
        return f"IF({by_cycle},{self.between[address](t)},{own})" if by_cycle else own

    def by_cycle(self, address: str) -> str:
        """Return the formula that says whether a curve is defined cycle by cycle; '' if it never is."""
        slot = self.slots[address]
        tests = []
        if self.waned(address):
            fading = [f"{self.inputs.index(slot.waning)}={i}" for i, f in enumerate(slot.waning.values, 1) if f]
            tests.append(f"OR({','.join(fading)})")
        for number, model in enumerate(slot.origin.values, 1):
            if model is not None and model.relative_to is not None and self.by_cycle(model.relative_to):
                tests.append(f"AND({self.inputs.index(slot.origin)}={number},{self.by_cycle(model.relative_to)})")
        return f"OR({','.join(tests)})" if tests else ""

    def closed_form(self, address: str) -> str:
        """Return the formula that says whether S(t) follows at any time without the cycles; '' if it always does."""
        slot = self.slots[address]
        tests = []
        if self.floored(address):
            tests.append(f"{self.inputs.index(slot.background)}=1")
        if self.waned(address):
            plain = [str(i) for i, fades in enumerate(slot.waning.values, 1) if not fades]
            tests.append(
                "OR(" + ",".join(f"{self.inputs.index(slot.waning)}={i}" for i in plain) + ")" if plain else "FALSE"
            )
        return f"AND({','.join(tests)})" if tests else ""


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
        for number, model in enumerate(slot.origin.values):
            _write_origin(found, row, address, number, model)
            row += 1
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


def _write_origin(found: Curves, row: int, address: str, number: int, model: CurveModel | None) -> None:
    page, inputs, slot = found.page, found.inputs, found.slots[address]
    page.formula(row, 1, f'IF({inputs.index(slot.origin)}={number + 1},"●","")', "live")
    page.put(row, 2, slot.origin.options[number])
    if model is None or model.distribution is None:
        page.put(row, 3, "" if model is None else "another strategy's curve")
        return
    family = model.distribution
    page.put(row, 3, family.name.replace("_", " "))
    given = {name: inputs.number(a) for name, a in model.parameters.items()}
    texts = dict(given)
    stretch = "" if model.time_factor == 1.0 else f"{model.time_factor!r}"
    if model.median is not None:
        median = page.at(row, 5)
        page.formula(row, 5, inputs.number(model.median), "years")
        if model.moved_to_median is None and family.with_median_formula is not None:
            texts = family.with_median_formula(median, given)
    refs: dict[str, str] = {}
    for i, (name, text) in enumerate([*texts.items(), *((n, repr(v)) for n, v in family.constants.items())]):
        column = 6 + 2 * i
        page.put(row, column, name, "indented")
        page.formula(row, column + 1, text, "small")
        refs[name] = page.at(row, column + 1)
    for i, (name, values) in enumerate(family.tables.items()):
        column = 60 + 4 * len(found.refs) + i
        page.put(4, column, f"{address}: {name}", "note")
        for j, value in enumerate(values.tolist(), 5):
            page.put(j, column, value, "small")
        refs[name] = page.span(5, 4 + len(values), column)
    if model.moved_to_median is not None:
        if family.median_formula is None:
            msg = f"{address}: a {family.name} that is moved to a median"
            raise NotInFormulasError(msg)
        own = family.median_formula(refs)
        page.formula(row, 4, f"IF({own}>1E+98,{model.moved_to_median!r},{own})/{page.at(row, 5)}"
                     + (f"*{stretch}" if stretch else ""), "small")  # fmt: skip
        stretch = page.at(row, 4)
    elif stretch:
        page.formula(row, 4, stretch, "small")
        stretch = page.at(row, 4)
    found.refs[address, number] = refs
    found.stretch[address, number] = stretch


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
            page.formula(row, 5, inputs.pick(slot.waning, texts), "years")
            found.scalars[slot.address, ("starts", "ends")[i]] = page.at(row, 5)
            row += 1
        for key, words in (("own_at_end", "Own cumulative hazard when it ends at once"),
                           ("other_at_end", "The other's cumulative hazard then")):  # fmt: skip
            page.put(row, 2, words)
            found.scalars[slot.address, key] = page.at(row, 5)
            row += 1
    return row


def _write_split(found: Curves, address: str) -> None:
    """Write both cumulative hazards at a sudden end."""
    if not found.waned(address):
        return
    slot, page = found.slots[address], found.page
    at = f"MIN({found.scalars[address, 'starts']},{found.inputs.number('settings.horizon_years')})"
    for key in ("own_at_end", "other_at_end"):
        cell = found.scalars[address, key]
        row = int(cell.rpartition("$")[2])
        if key == "own_at_end":
            text = found.own(address, at)
        else:
            texts = [found.unfloored(towards(slot, f), at) if f else "0" for f in slot.waning.values]
            text = found.inputs.pick(slot.waning, texts)
        page.formula(row, 5, text, "small")


def towards(slot: Slot, fades: tuple[str | None, ...]) -> str:
    """Return the address of the curve towards which the hazard moves."""
    return fades[2] or _relative(slot)


def _relative(slot: Slot) -> str:
    relative: str = next(m.relative_to for m in slot.origin.values if m is not None and m.relative_to is not None)
    return relative
