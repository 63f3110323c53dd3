"""Formulas of cumulative hazards: of the live family with live parameters, wherever a time stands.

Excel takes 8,192 letters of a formula. So families that need many stand in cells of their own, each once, and what
refers to them names the cell; options of one family share its formula and differ in their live parameters alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from netcea.survival.base import Distribution
from netcea.survival.curve import CurveModel
from netcea.workbook.choice import CurveChoices
from netcea.workbook.curve_choices import ENDPOINTS
from netcea.workbook.formulas.formula import NotInFormulasError
from netcea.workbook.sheets.cycles import Cycles
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import Trace

LONG: Final = 1000
"""Letters of a formula that gets a cell of its own."""


class AtTime(Protocol):
    """A cell with a time, beside which cells can be added."""

    @property
    def t(self) -> str:
        """Return the cell with the time [years]."""

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a formula beside, once for each key, and return how it is referred to."""


@dataclass(frozen=True)
class AtOtherTime:
    """The same place at a time that follows from its own."""

    place: AtTime
    name: str
    t: str

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a formula beside, once for each key, and return how it is referred to."""
        return self.place.add(f"{self.name}_{key}", f"{heading}, {self.name.replace('_', ' ')}", text)


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


@dataclass(frozen=True)
class WaningCells:
    """Cells of an effect that fades: when it begins to, when it has ended; a sudden end and both hazards then.

    Attributes
    ----------
    starts, ends, sudden_end, own_then, other_then : cells
    counts_from : cell with the time from which both times count; '' where it is always the start
    stops : cell with the time at which everybody stops treatment; '' where no option asks for it
    """

    starts: str
    ends: str
    sudden_end: str
    own_then: str
    other_then: str
    counts_from: str = ""
    stops: str = ""


@dataclass(frozen=True)
class RatioCells:
    """Cells of a hazard ratio.

    Attributes
    ----------
    ratios : tuple of cells, one for each interval
    ends : tuple of cells with the times at which each interval but the last ends, rising
    at_ends : tuple of cells with the other curve's cumulative hazard then
    """

    ratios: tuple[str, ...]
    ends: tuple[str, ...] = ()
    at_ends: tuple[str, ...] = ()

    def of_hazard(self, h: str) -> str:
        """Return the formula of a cumulative hazard with the ratio of each interval, from a cell or formula without.

        As `netcea.survival.ratio_by_interval`: what another curve has risen by in each interval, times its ratio.
        """
        if not self.ends:
            return f"({h})*{self.ratios[0]}"
        upto = ["0", *(f"MIN({h},{at})" for at in self.at_ends), h]
        rises = [f"{ratio}*({b}-{a})" for ratio, a, b in zip(self.ratios, upto[:-1], upto[1:], strict=True)]
        return "+".join(rises)


@dataclass(frozen=True)
class CurveCells:
    """Cells of one curve's live parameters.

    Attributes
    ----------
    kinds : tuple of Kind
    kind : cell with the number of the live kind, from 1
    stretch : cell by which time is multiplied, or ''
    crossover : cell of what removing crossover multiplies the hazard by, or ''
    ratio : RatioCells or None
    waning : WaningCells or None
    """

    kinds: tuple[Kind, ...]
    kind: str
    stretch: str
    crossover: str
    ratio: RatioCells | None
    waning: WaningCells | None


@dataclass(frozen=True)
class Curves:
    """Every curve: its choices, the cells of its live parameters, and its columns on the traces."""

    inputs: Inputs
    cycles: Cycles
    traces: Mapping[str, Trace]
    cells: Mapping[str, CurveCells]

    @property
    def choices(self) -> Mapping[str, CurveChoices]:
        """Return address -> what can be switched of a curve."""
        return self.inputs.variants.curves

    def called(self, address: str) -> str:
        """Return what headings call a curve."""
        curve = self.choices[address]
        return f"{ENDPOINTS[curve.endpoint]} of {self.inputs.variants.base.label(curve.strategy)}"

    def own(self, address: str, place: AtTime, other: str = "") -> str:
        """Return the formula of H(t) before waning.

        With a ratio that changes with time, what it multiplies stands in a cell of its own.

        Parameters
        ----------
        address : str
            Of the curve.
        place : AtTime
            Time in years, and cells beside it.
        other : str
            What stands for the H of the curve it is relative to at the same time; worked out at t when empty.
        """
        cells = self.cells[address]
        text = self.without_ratio(address, place, other)
        if cells.ratio is None:
            return text
        if cells.ratio.ends:
            words = address.removeprefix("strategies.")
            text = place.add(
                f"{words.replace('.', '_')}_unchanged", f"Before the hazard ratio: {self.called(address)}", text
            )
        return cells.ratio.of_hazard(text)

    def without_ratio(self, address: str, place: AtTime, other: str = "") -> str:
        """Return the formula of H(t) before waning and before a hazard ratio; parameters as of `own`."""
        cells = self.cells[address]
        texts = [self._of_kind(address, i, kind, place, other) for i, kind in enumerate(cells.kinds)]
        text = texts[0] if len(texts) == 1 else f"CHOOSE({cells.kind},{','.join(texts)})"
        return f"({text})*{cells.crossover}" if cells.crossover else text

    def _of_kind(self, address: str, number: int, kind: Kind, place: AtTime, other: str) -> str:
        model, words = kind.model, address.removeprefix("strategies.")
        name = words.replace(".", "_")
        if model is None:
            return "0"
        if model.acceleration_factor is not None:
            text = f"{place.t}/{self.inputs.number(model.acceleration_factor)}"
            key = f"{name}_accelerated{number}"
            place, other = (
                AtOtherTime(place, key, place.add(key, f"Time, accelerated: {self.called(address)}", text)),
                "",
            )
        if model.relative_to is not None:
            return other or self.unfloored(model.relative_to, place)
        if kind.family is None:
            msg = f"{address} has no distribution"
            raise NotInFormulasError(msg)
        t, stretch = place.t, self.cells[address].stretch
        if stretch:
            t = place.add(f"{name}_time", f"Time x factor: {self.called(address)}", f"{t}*{stretch}")
        text = kind.family.formula(t, kind.refs)
        if len(text) <= LONG:
            return text
        return self._in_own_cells(address, number, kind.family, kind.refs, t, place)

    def _in_own_cells(
        self, address: str, number: int, family: Distribution, refs: Mapping[str, str], t: str, place: AtTime
    ) -> str:
        """Write a long formula in cells of its own, step by step; where it is not live nothing is worked out."""
        words = address.removeprefix("strategies.")
        name = f"{words.replace('.', '_')}_family{number}"
        title = f"{family.name.replace('_', ' ')}: {self.called(address)}"
        cells = self.cells[address]

        def live(formula: str) -> str:
            if len(cells.kinds) > 1:
                formula = f"IF({cells.kind}={number + 1},{formula},0)"
            return f"IF({t}>0,{formula},0)"

        def let(step: str, formula: str) -> str:
            return place.add(f"{name}_{step}", f"{title}, {step}", live(formula))

        return place.add(name, title, live(family.formula(t, refs, let)))

    def unfloored(self, address: str, place: AtTime) -> str:
        """Return H(t) at any time, with waning, before background mortality."""
        own, by_cycle = self.own(address, place), self.by_cycle(address)
        words = address.removeprefix("strategies.")
        text = f"IF({by_cycle},{self.between_cycles(address, place.t)},{own})" if by_cycle else own
        return place.add(f"{words.replace('.', '_')}_hazard", f"Cumulative hazard: {self.called(address)}", text)

    def finished(self, address: str, place: AtTime) -> str:
        """Return H(t) after every adjustment: exactly where it has a closed form, else between the cycles.

        Parameters
        ----------
        address : str
            Of the curve.
        place : AtTime
            Time in years within the horizon, and cells beside it.
        """
        curve, test, own = self.choices[address], self.closed_form(address), self.own(address, place)
        if not test:
            return own
        hazard = self.traces[curve.strategy].span(f"{curve.endpoint}_hazard_sum", from_start=True)
        return f"IF({test},{own},{self.cycles.hazard_at(place.t, hazard)})"

    def between_cycles(self, address: str, t: str) -> str:
        """Return H(t) of a curve that is defined cycle by cycle, before background mortality, from its trace."""
        curve = self.choices[address]
        hazard = self.traces[curve.strategy].span(f"{curve.endpoint}_before", from_start=True)
        return self.cycles.hazard_at(t, hazard)

    def by_cycle(self, address: str) -> str:
        """Return the formula that says whether a curve is defined cycle by cycle; '' if it never is."""
        waning, cells, tests = self.choices[address].waning, self.cells[address], []
        if cells.waning:
            tests.append(_one_of(self.inputs.index(waning), [i for i, f in enumerate(waning.values, 1) if f]))
        for number, kind in enumerate(cells.kinds, 1):
            if kind.model is not None and kind.model.relative_to is not None:
                further = self.by_cycle(kind.model.relative_to)
                if further:
                    tests.append(f"AND({cells.kind}={number},{further})")
        return f"OR({','.join(tests)})" if tests else ""

    def closed_form(self, address: str) -> str:
        """Return the formula that says whether S(t) follows at any time without the cycles; '' if it always does."""
        curve, tests = self.choices[address], []
        if curve.endpoint == "os":
            tests.append(f"{self.inputs.index(curve.background)}=1")
        if self.cells[address].waning:
            plain = [i for i, fades in enumerate(curve.waning.values, 1) if not fades]
            tests.append(_one_of(self.inputs.index(curve.waning), plain) if plain else "FALSE")
        return f"AND({','.join(tests)})" if tests else ""


def _one_of(cell: str, numbers: list[int]) -> str:
    """Return the formula that says whether a cell holds one of some numbers."""
    return f"OR({','.join(f'{cell}={number}' for number in numbers)})"
