"""Life years on the traces, and what cost items and adverse events see of each strategy."""

from __future__ import annotations

from collections.abc import Mapping

from netcea.cohort.utilities import STATES
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.exposure import SheetExposure, StreamKeys
from netcea.workbook.sheets.dispensing import write_dispensing
from netcea.workbook.sheets.states import write_traces


def add_life_years(construction: Construction) -> Mapping[str, SheetExposure]:
    """Add life years by state to every trace; return what each strategy is exposed to, of which they are a part."""
    dispensing, keys = construction.written_by(write_dispensing), StreamKeys()
    found = {}
    for strategy, trace in construction.written_by(write_traces).items():
        found[strategy] = exposure = SheetExposure(dispensing.inputs, strategy, dispensing, keys, trace)
        for state in STATES:
            stream = exposure.person_time(state, rate="qalys")[state]
            words = f"Life years, {state.replace('_', ' ')}"
            trace.add(f"undiscounted_life_years_{state}", f"{words}, undiscounted", f"[{stream.undiscounted}]")
            trace.add(f"life_years_{state}", words, f"[{stream.discounted}]")
    return found
