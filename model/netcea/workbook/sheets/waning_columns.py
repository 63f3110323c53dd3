"""Columns of an effect that wanes otherwise than in its hazard from a time on: by patient, or with its gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netcea.survival.treatment_end import NOBODY
from netcea.survival.waning_choice import OF_A_TREATMENT_CURVE
from netcea.workbook.choice import CurveChoices, Fades
from netcea.workbook.formulas.curves import Curves, WaningCells
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.trace import Trace

CAP: Final = repr(int(NOBODY))
T, BEFORE = "[time_years]", "[time_years-1]"


def treated(endpoint: str) -> str:
    """Return the key of the column with the cumulative hazard of leaving treatment."""
    return f"step_{endpoint}_treated"


def treated_until(endpoint: str) -> str:
    """Return the key of the same column at the end of a cycle, or when everybody stops."""
    return f"step_{endpoint}_treated_until"


def until(endpoint: str) -> str:
    """Return the key of the column with the end of a cycle, or when everybody stops."""
    return f"step_{endpoint}_until"


def treatment_curves(curves: Curves, curve: CurveChoices) -> dict[str, str]:
    """Return rule of time on treatment -> address of its curve, for the rules from whose end an effect may wane."""
    if not any(fades and fades.since in OF_A_TREATMENT_CURVE for fades in curve.waning.values):
        return {}
    base = f"strategies.{curve.strategy}"
    kinds = {kind for kind, _ in curves.inputs.variants.choices[f"{base}.time_on_treatment.rule"].values}
    found = {}
    if "until_progression" in kinds and curve.endpoint == "os":
        found["until_progression"] = f"{base}.pfs"
    if "curve" in kinds:
        found["curve"] = f"{base}.time_on_treatment"
    return found


@dataclass(frozen=True)
class WaningColumns:
    """The columns of one curve whose effect wanes.

    Attributes
    ----------
    curves : Curves
    curve : CurveChoices
    cells : WaningCells
        Of the curve.
    """

    curves: Curves
    curve: CurveChoices
    cells: WaningCells

    @property
    def trace(self) -> Trace:
        """Return the trace of the strategy."""
        return self.curves.traces[self.curve.strategy]

    def key(self, name: str) -> str:
        """Return the key of a column."""
        return f"step_{self.curve.endpoint}_{name}"

    def add(self, name: str, heading: str, text: str, start: str = "0") -> str:
        """Add a column, and return how formulas refer to it."""
        self.trace.add(self.key(name), f"{self.curve.endpoint.upper()}: {heading}", text, start)
        return f"[{self.key(name)}]"

    def write(self) -> None:
        """Add what options need: time on treatment, who discontinues, shares of the effect, both kinds of waning."""
        options = [fades for fades in self.curve.waning.values if fades]
        if treatment_curves(self.curves, self.curve):
            self._treatment()
        by_patient = [fades for fades in options if fades.since == "discontinuation"]
        if by_patient:
            self._leaving()
        for patients in (False, True):
            if any(f.loses_gain and (f.since == "discontinuation") == patients for f in options):
                self._gain_lost(by_patient=patients)
        if not all(fades.loses_gain for fades in by_patient):
            self._hazards_by_patient()

    def hazard(self, fades: Fades) -> str:
        """Return the column with the cumulative hazard of an option."""
        if fades.since == "discontinuation":
            return f"[{self.key('met_by_patient' if fades.loses_gain else 'by_patient')}]"
        return f"[{self.key('met')}]" if fades.loses_gain else f"[{self.curve.endpoint}_faded]"

    def _live(self, *, loses_gain: bool) -> str:
        """Return the formula that says whether an option is live in which the effect wanes by patient."""
        numbers = [
            number
            for number, fades in enumerate(self.curve.waning.values, 1)
            if fades and fades.since == "discontinuation" and fades.loses_gain == loses_gain
        ]
        index = self.curves.inputs.index(self.curve.waning)
        return f"OR({','.join(f'{index}={number}' for number in numbers)})"

    # ------------------------------------------------------------------------------------------ treatment
    def _treatment(self) -> None:
        """Add the hazard of leaving treatment, and where everybody stops within a cycle."""
        choice = self.curves.inputs.variants.choices[f"strategies.{self.curve.strategy}.time_on_treatment.rule"]
        ends = treatment_curves(self.curves, self.curve)
        columns = {kind: f"[{address.rpartition('.')[2]}_before]" for kind, address in ends.items()}
        text = self.curves.inputs.pick(choice, [columns.get(kind, "0") for kind, _ in choice.values])
        self.add("treated", "cumulative hazard of leaving treatment", text)
        self.add("until", "end of the cycle, or of all treatment (years)", f"MIN({T},{self.cells.stops})")
        self.add("treated_until", "the same hazard then", self._at_the_stop("treated"))

    def _at_the_stop(self, name: str) -> str:
        """Return the formula of a column at the end of a cycle, or when everybody stops within it."""
        now, before = f"[{self.key(name)}]", f"[{self.key(name)}-1]"
        stops = self.cells.stops
        inside = f"{before}+MAX(0,{stops}-{BEFORE})/({T}-{BEFORE})*({now}-{before})"
        return f"IF(OR({T}<={stops},{T}={BEFORE}),{now},{inside})"

    def _leaving(self) -> None:
        """Add who discontinues in each cycle, deaths left aside, and when (`netcea.survival.treatment_end`)."""
        e, stops = self.curve.endpoint, self.cells.stops
        apart = f"MIN({CAP},[{treated(e)}])-MIN({CAP},[{e}_own])"
        apart = self.add("apart", "hazard of leaving treatment but by dying", f"MAX([{self.key('apart')}-1],{apart})")
        then = self.add("apart_until", "the same at the end of the cycle or of treatment", self._at_the_stop("apart"))
        left = self.add(
            "left", "who has not discontinued, if nobody died", f"IF({T}<{stops},EXP(-{apart}),0)", start="1"
        )
        share = self.add("leaving", "who discontinues in the cycle", f"[{self.key('left')}-1]-{left}")
        middle = f"([{until(e)}-1]+[{until(e)}])/2"
        earlier = f"EXP(-[{self.key('apart')}-1])-EXP(-{then})"
        held = f"{middle}+({stops}-{middle})*(1-({earlier})/{share})"
        self.add("leaving_at", "when they do (years)", f"IF(OR({left}>0,{share}=0),{middle},{held})")

    def _last(self) -> str:
        """Return the cell with those who have not discontinued at the horizon."""
        span = self.trace.span(self.key("left"))
        return f"INDEX({span},ROWS({span}))"

    # ------------------------------------------------------------------------------------------ gain lost
    def _gain_lost(self, *, by_patient: bool) -> None:
        """Add what is left of the effect, and survival that moves to the other's (`netcea.survival.accrued_gain`)."""
        e, starts, ends = self.curve.endpoint, self.cells.starts, self.cells.ends
        suffix = "_by_patient" if by_patient else ""
        if by_patient:
            share, since = self._spans("leaving", "leaving_at")
            since = f"({T}-{since})"
            sudden = f"SUMPRODUCT({share}*({since}<{starts}))"
            fading = f"({since}<={starts})+({since}>{starts})*({since}<{ends})*({ends}-{since})/({ends}-{starts})"
            text = f"{self._last()}+IF({starts}>={ends},{sudden},SUMPRODUCT({share}*({fading})))"
            text = f"IF({self._live(loses_gain=True)},{text},0)"
        else:
            fading = f"MAX(0,MIN(1,({ends}-{T})/({ends}-{starts})))"
            text = f"IF({starts}>={ends},IF({T}<{starts},1,0),{fading})"
        w = self.add(f"effect{suffix}", "what is left of the effect", text, start="1")
        own, other = f"[{e}_own]", f"[{e}_other]"
        mixed = f"-LN(MAX({w}*EXP(-{own})+(1-{w})*EXP(-{other}),EXP(-{CAP})))"
        met = self.key(f"met{suffix}")
        text = f"MAX([{met}-1],IF({w}>=1,{own},IF({w}<=0,{other},{mixed})))"
        self.add(f"met{suffix}", "cumulative hazard, gain lost", text)

    # ------------------------------------------------------------------------------------------ hazards by patient
    def _hazards_by_patient(self) -> None:
        """Add the cohort as a mixture over discontinuation times (`netcea.survival.waning_since_discontinuation`)."""
        e, starts, ends = self.curve.endpoint, self.cells.starts, self.cells.ends
        own, other = f"MIN({CAP},[{e}_own])", f"MIN({CAP},[{e}_other])"
        gap = self.add("gap", "own less other cumulative hazard", f"{own}-{other}")
        area = self.key("gap_area")
        text = f"[{area}-1]+([{self.key('gap')}-1]+{gap})/2*({T}-{BEFORE})"
        self.add("gap_area", "its integral", text)
        begun, area_begun = self._at_own_time("begun", starts)
        _, area_ended = self._at_own_time("ended", ends)
        fading = f"({area_ended}-{area_begun})/({ends}-{starts})"
        self.add("whole", "hazard that the effect took away in all", f"IF({starts}>={ends},{begun},{fading})")
        share, at, area_begun, whole = self._spans("leaving", "leaving_at", "begun_area", "whole")
        since, length = f"({T}-{at})", f"({ends}-{starts}+({starts}>={ends}))"
        joined, over = f"({since}>{starts})", f"({since}>={ends})"
        partly = f"({gap}*({ends}-{since})+[{area}]-{area_begun})/{length}"
        h = f"{own}+{joined}*({other}-{own}+{over}*{whole}+({since}<{ends})*{partly})"
        alive = f"{self._last()}*EXP(-{own})+SUMPRODUCT({share}*EXP(-({h})))"
        text = f"IF({self._live(loses_gain=False)},-LN(MAX({alive},EXP(-{CAP}))),0)"
        self.add("by_patient", "cumulative hazard, waning by patient", text)

    def _at_own_time(self, name: str, lasts: str) -> tuple[str, str]:
        """Add a time after discontinuation, the difference of hazards then and its integral; return both columns."""
        times = self.curves.cycles.span(grid.TIME)
        gap, area = (self.trace.span(self.key(key), from_start=True) for key in ("gap", "gap_area"))
        horizon = self.curves.inputs.number("settings.horizon_years")
        t = self.add(f"{name}_at", f"effect {name} (years)", f"MIN([{self.key('leaving_at')}]+{lasts},{horizon})")
        found = self.add(f"{name}_gap", f"difference of hazards, effect {name}", self.curves.cycles.hazard_at(t, gap))
        k = f"MIN(MATCH({t},{times},1),{self.curves.cycles.live})"
        text = f"INDEX({area},{k})+(INDEX({gap},{k})+{found})/2*({t}-INDEX({times},{k}))"
        return found, self.add(f"{name}_area", f"its integral, effect {name}", text)

    def _spans(self, *names: str) -> list[str]:
        """Return columns, without time 0."""
        return [self.trace.span(self.key(name)) for name in names]
