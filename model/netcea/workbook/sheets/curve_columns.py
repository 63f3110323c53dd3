"""Columns of a curve on its trace: cumulative hazard of its own, faded, with background mortality, and survival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netcea.workbook.choice import CurveChoices
from netcea.workbook.formulas.curves import Curves, WaningCells
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.trace import Trace, of_grid
from netcea.workbook.sheets.waning_columns import WaningColumns, treatment_curves

WORDS: Final = {"pfs": "PFS", "os": "OS", "time_on_treatment": "Time on treatment"}


def add_curves(curves: Curves) -> None:
    """Add the columns of every curve to the traces, each after those it refers to."""
    for address in _in_order(curves):
        _add_curve(curves, address)


def _in_order(curves: Curves) -> list[str]:
    """Return curves such that each comes after those it refers to."""
    done: list[str] = []
    left = {address: _refers_to(curves, curve) - {address} for address, curve in curves.choices.items()}
    while left:
        following = next((address for address, others in left.items() if others <= {*done}), "")
        if not following:
            msg = f"curves that refer to each other: {', '.join(left)}"
            raise ValueError(msg)
        done.append(following)
        del left[following]
    return done


def _refers_to(curves: Curves, curve: CurveChoices) -> set[str]:
    """Return addresses of curves that a curve is relative to or fades to, or with whose end it does."""
    found = {m.relative_to for m in curve.origin.values if m is not None and m.relative_to}
    found |= {curve.fades_to(fades) for fades in curve.waning.values if fades}
    return found | set(treatment_curves(curves, curve).values())


@dataclass(frozen=True)
class _OnTrace:
    """Columns beside the time of a trace."""

    trace: Trace
    t: str = "[time_years]"

    def add(self, key: str, heading: str, text: str) -> str:
        """Add a column, once for each key, and return how formulas refer to it."""
        name = f"step_{key}"
        if name not in self.trace.columns:
            self.trace.add(name, heading, text, "0")
        return f"[{name}]"


def _add_curve(curves: Curves, address: str) -> None:
    """Add cumulative hazards and survival of one curve."""
    curve, waning = curves.choices[address], curves.cells[address].waning
    trace, e = curves.traces[curve.strategy], curve.endpoint
    other = _before_background(curves, curve, curve.relative_to) if curve.relative_to else ""
    trace.add(f"{e}_own", f"{WORDS[e]}: cumulative hazard, own", curves.own(address, _OnTrace(trace), other), "0")
    before = f"[{e}_own]" if waning is None else _faded(curves, curve, waning)
    trace.add(f"{e}_before", f"{WORDS[e]}: cumulative hazard before background", before, "0")
    whole = _with_background(curves, curve) if e == "os" else f"[{e}_before]"
    trace.add(f"{e}_hazard_sum", f"{WORDS[e]}: cumulative hazard", whole, "0")
    trace.add(f"{e}_curve", f"{WORDS[e]}: survival", f"EXP(-[{e}_hazard_sum])", "1", "share")


def _before_background(curves: Curves, curve: CurveChoices, other: str) -> str:
    """Return how a curve's trace refers to another curve's cumulative hazard."""
    its = curves.choices[other]
    key = f"{its.endpoint}_before"
    return f"[{key}]" if its.strategy == curve.strategy else curves.traces[its.strategy].cell(key)


def _faded(curves: Curves, curve: CurveChoices, cells: WaningCells) -> str:
    """Add what a hazard fades to and the faded one; return the formula of the hazard that is live.

    Its own rise counts in full until the effect begins to fade, then falls in a straight line to nothing, as the
    other's takes its place; where it ends at once, the cycle in which it does so is split. Rises are weighted, not
    differences: of a curve on which nobody is left nothing remains in those of others.
    """
    trace, e, inputs, choice = curves.traces[curve.strategy], curve.endpoint, curves.inputs, curve.waning
    others = [_before_background(curves, curve, curve.fades_to(f)) if f else "0" for f in choice.values]
    trace.add(f"{e}_other", f"{WORDS[e]}: cumulative hazard faded to", inputs.pick(choice, others), "0")
    own, other = f"([{e}_own]-[{e}_own-1])", f"([{e}_other]-[{e}_other-1])"
    starts, ends, start, end = cells.starts, cells.ends, "[time_years-1]", "[time_years]"
    split = f"({cells.own_then}-[{e}_own-1])+([{e}_other]-{cells.other_then})"
    sudden = f"IF({end}<={starts},1,IF({start}<={starts},2,0))"
    fading = f"MAX(0,MIN(1,({ends}-({start}+{end})/2)/({ends}-{starts})))"
    weight = f"IF({starts}>={ends},{sudden},{fading})"
    trace.add(f"{e}_own_weight", f"{WORDS[e]}: weight of its own hazard (2: ends in this cycle)", weight)
    rise = f"IF([{e}_own_weight]=2,{split},[{e}_own_weight]*{own}+(1-[{e}_own_weight])*{other})"
    trace.add(f"{e}_faded", f"{WORDS[e]}: cumulative hazard, faded", f"[{e}_faded-1]+{rise}", "0")
    columns = WaningColumns(curves, curve, cells)
    columns.write()
    return inputs.pick(choice, [columns.hazard(f) if f else f"[{e}_own]" for f in choice.values])


def _with_background(curves: Curves, curve: CurveChoices) -> str:
    """Add what a hazard lacks to the population's; return the formula of the hazard with background mortality."""
    trace, e = curves.traces[curve.strategy], curve.endpoint
    missing = f"MAX({of_grid(trace.cycles, grid.HAZARD)}-([{e}_before]-[{e}_before-1]),0)"
    heading = f"{WORDS[e]}: hazard missing to the population's, summed"
    trace.add(f"{e}_missing", heading, f"[{e}_missing-1]+{missing}")
    options = {
        "none": f"[{e}_before]",
        "hazard_floor": f"[{e}_before]+[{e}_missing]",
        "excess": f"[{e}_before]+{of_grid(trace.cycles, grid.TOGETHER)}",
    }
    return curves.inputs.pick(curve.background, [options[kind] for kind in curve.background.values])
