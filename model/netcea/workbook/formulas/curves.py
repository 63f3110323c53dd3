"""Formulas of cumulative hazards: of the live family with live parameters, wherever a time stands.

Excel takes 8,192 letters of a formula. So families that need many stand in cells of their own, each once, and what
refers to them names the cell; options of one family share its formula and differ in their live parameters alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from netcea.reporting.xlsx.page import Page
from netcea.survival.base import Distribution
from netcea.survival.curve import CurveModel
from netcea.workbook.formulas.formula import NotInFormulasError
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.variants import Slot

LONG: Final = 1000
"""Letters of a formula that gets a cell of its own."""


class Where(Protocol):
    """A place with a time, beside which cells can be added."""

    @property
    def t(self) -> str:
        """Return the cell with the time [years]."""

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a formula beside, once for each key, and return how it is referred to."""


@dataclass(frozen=True)
class Elsewhen:
    """The same place at another time."""

    where: Where
    name: str
    t: str

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a formula beside, once for each key, and return how it is referred to."""
        return self.where.add(f"{self.name}_{key}", f"{heading}, {self.name.replace('_', ' ')}", text)


@dataclass(frozen=True)
class Kind:
    """Options of one curve that have the same formula.

    Attributes
    ----------
    model : CurveModel or None
        Of the first of them.
    refs : mapping of name of parameter -> cell, live
    """

    model: CurveModel | None
    refs: Mapping[str, str]

    @property
    def family(self) -> Distribution | None:
        """Return the family, if it is one and no other strategy's curve."""
        return None if self.model is None else self.model.distribution


@dataclass
class Curves:
    """Cells of every curve's live parameters.

    Attributes
    ----------
    page : Page
    kinds : mapping of slot -> list of Kind
    kind : mapping of slot -> cell with the number of the live kind, from 1
    stretch : mapping of slot -> cell by which time is multiplied, or ''
    scalars : mapping of (slot, name) -> cell
        Ratio and times of waning.
    between : mapping of slot -> function of a time
        Formula of a curve that is defined cycle by cycle, before background mortality; known once its trace is.
    """

    page: Page
    inputs: Inputs
    kinds: dict[str, list[Kind]] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)
    stretch: dict[str, str] = field(default_factory=dict)
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

    def own(self, address: str, where: Where, other: str = "") -> str:
        """Return the formula of H(t) before waning.

        Parameters
        ----------
        address : str
            Of the curve.
        where : Where
            Time in years, and cells beside it.
        other : str
            What stands for the H of the curve it is relative to at the same time; worked out at t when empty.
        """
        texts = [self._of_kind(address, i, kind, where, other) for i, kind in enumerate(self.kinds[address])]
        text = texts[0] if len(texts) == 1 else f"CHOOSE({self.kind[address]},{','.join(texts)})"
        ratio = self.scalars.get((address, "ratio"))
        return f"({text})*{ratio}" if ratio else text

    def _of_kind(self, address: str, number: int, kind: Kind, where: Where, other: str) -> str:
        model, words = kind.model, address.removeprefix("strategies.")
        name = words.replace(".", "_")
        if model is None:
            return "0"
        if model.acceleration_factor is not None:
            text = f"{where.t}/{self.inputs.number(model.acceleration_factor)}"
            key = f"{name}_accelerated{number}"
            where, other = Elsewhen(where, key, where.add(key, f"Time, accelerated: {words}", text)), ""
        if model.relative_to is not None:
            return other or self.unfloored(model.relative_to, where)
        if kind.family is None:
            msg = f"{address} has no distribution"
            raise NotInFormulasError(msg)
        t, stretch = where.t, self.stretch[address]
        if stretch:
            t = where.add(f"{name}_time", f"Time x factor: {words}", f"{t}*{stretch}")
        text = kind.family.formula(t, kind.refs)
        if len(text) <= LONG:
            return text
        title = f"{kind.family.name.replace('_', ' ')}: {words}"

        def live(formula: str) -> str:
            """What is not live is not worked out, and has no error."""
            tests = [f"{t}>0"] + ([f"{self.kind[address]}={number + 1}"] if len(self.kinds[address]) > 1 else [])
            return f"IF({tests[0]},IF({tests[1]},{formula},0),0)" if len(tests) > 1 else f"IF({tests[0]},{formula},0)"

        def let(step: str, formula: str) -> str:
            return where.add(f"{name}_family{number}_{step}", f"{title}, {step}", live(formula))

        return where.add(f"{name}_family{number}", title, live(kind.family.formula(t, kind.refs, let)))

    def unfloored(self, address: str, where: Where) -> str:
        """Return H(t) at any time, with waning, before background mortality."""
        own, by_cycle = self.own(address, where), self.by_cycle(address)
        words = address.removeprefix("strategies.")
        text = f"IF({by_cycle},{self.between[address](where.t)},{own})" if by_cycle else own
        return where.add(f"{words.replace('.', '_')}_hazard", f"Cumulative hazard: {words}", text)

    def by_cycle(self, address: str) -> str:
        """Return the formula that says whether a curve is defined cycle by cycle; '' if it never is."""
        slot = self.slots[address]
        tests = []
        if self.waned(address):
            fading = [f"{self.inputs.index(slot.waning)}={i}" for i, f in enumerate(slot.waning.values, 1) if f]
            tests.append(f"OR({','.join(fading)})")
        for number, kind in enumerate(self.kinds[address], 1):
            if kind.model is not None and kind.model.relative_to is not None:
                further = self.by_cycle(kind.model.relative_to)
                if further:
                    tests.append(f"AND({self.kind[address]}={number},{further})")
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


def towards(slot: Slot, fades: tuple[str | None, ...]) -> str:
    """Return the address of the curve towards which the hazard moves."""
    return fades[2] or _relative(slot)


def _relative(slot: Slot) -> str:
    relative: str = next(m.relative_to for m in slot.origin.values if m is not None and m.relative_to is not None)
    return relative
