"""When an effect fades, on the sheet of curves: both times, from when on they count, and when treatment ends."""

from __future__ import annotations

from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.survival.waning_choice import OF_A_TREATMENT_CURVE
from netcea.workbook.choice import CurveChoices
from netcea.workbook.formulas.curves import Curves, WaningCells
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.curve_origins import FAMILY, VALUE, WORDS
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.sheets.waning_columns import treated, treated_until, until

LINES: Final = (
    "Effect begins to fade (years)",
    "Effect has ended (years)",
    "Time of a sudden end, within the horizon (years)",
    "Own cumulative hazard when it ends at once",
    "The other's cumulative hazard then",
)
COUNTS_FROM: Final = "Both times of the effect count from (years)"
STOPS: Final = "Everybody stops treatment (years)"
HALF: Final = "LN(2)"


def write_waning(page: Page, inputs: Inputs, curve: CurveChoices, row: int) -> tuple[WaningCells | None, int]:
    """Write when an effect fades, where an option does, and leave room for a sudden end; return the row after.

    Room is left, too, for the time from which it counts: it may follow from the trace of time on treatment.
    """
    choice = curve.waning
    if not any(choice.values):
        return None, row
    since = {fades.since for fades in choice.values if fades} - {"baseline"}
    lines = [*LINES, *([COUNTS_FROM, STOPS] if since else [])]
    for at, words in enumerate(lines, row):
        page.put(at, WORDS, words)
    page.formula(row, FAMILY, inputs.choices.live(choice), "subtitle")
    cells = WaningCells(*(page.at(at, VALUE) for at in range(row, row + len(lines))))
    for i in (0, 1):
        texts = [inputs.number(fades[i]) if fades else "1E+9" for fades in choice.values]
        text = inputs.pick(choice, texts)
        page.formula(row + i, VALUE, f"{text}+{cells.counts_from}" if since else text, "years_or_never")
    if since:
        page.formula(row + len(LINES) + 1, VALUE, _stops(inputs, curve.strategy), "years_or_never")
    return cells, row + len(lines)


def _stops(inputs: Inputs, strategy: str) -> str:
    """Return the formula of the time at which everybody stops."""
    choice = inputs.variants.choices[f"strategies.{strategy}.time_on_treatment.rule"]
    return inputs.pick(choice, [inputs.number(until) if until else "1E+9" for _, until in choice.values])


def write_counts_from(page: Page, curves: Curves, address: str) -> None:
    """Write from when on an effect that fades counts; the columns of time on treatment are on the trace already."""
    cells, curve = curves.cells[address].waning, curves.choices[address]
    if cells is None or not cells.counts_from:
        return
    trace = curves.traces[curve.strategy]
    texts = {"end_of_treatment": cells.stops, "baseline": "0", "discontinuation": "0"}
    if any(fades and fades.since in OF_A_TREATMENT_CURVE for fades in curve.waning.values):
        texts["median_time_on_treatment"] = f"MIN({cells.stops},{_median(curves, trace, curve.endpoint)})"
        texts["mean_time_on_treatment"] = _mean(trace, curve.endpoint)
    picked = [texts[fades.since] if fades else "0" for fades in curve.waning.values]
    row = int(cells.counts_from.rpartition("$")[2])
    page.formula(row, VALUE, curves.inputs.pick(curve.waning, picked), "years_or_never")


def _median(curves: Curves, trace: Trace, endpoint: str) -> str:
    """Return the formula of the median time on treatment; never, where the horizon comes before."""
    hazard, times = trace.span(treated(endpoint), from_start=True), curves.cycles.span(grid.TIME)
    k = f"MATCH({HALF},{hazard},1)"
    low, start = f"INDEX({hazard},{k})", f"INDEX({times},{k})"
    fraction = f"({HALF}-{low})/(INDEX({hazard},{k}+1)-{low})"
    return f"IF(MAX({hazard})<={HALF},1E+9,{start}+{fraction}*(INDEX({times},{k}+1)-{start}))"


def _mean(trace: Trace, endpoint: str) -> str:
    """Return the formula of the mean time on treatment within the horizon."""
    (hazard, hazard_before), (time, time_before) = (trace.rows_of(key(endpoint)) for key in (treated_until, until))
    return f"SUMPRODUCT((EXP(-{hazard_before})+EXP(-{hazard}))/2*({time}-{time_before}))"
