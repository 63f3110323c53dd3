"""Utilities: levels by state and treatment, and QALYs on the traces."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.cohort.utilities import STATES, Utilities
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.intervals import CellValues
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.costs import subsequent_treatments
from netcea.workbook.sheets.cycles import norm_at, proportion_female, start_age
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.tables import Tables, write_tables
from netcea.workbook.sheets.trace import Trace, of_grid, stops

FIRST = 6


HEADINGS = (
    "Strategy",
    "State",
    "On treatment",
    "Off treatment",
    "Level on treatment",
    "Level off treatment",
    "Age-adjusted",
    "Norm at the anchor age",
)


def write_utilities(construction: Construction) -> Page:
    """Write every strategy's levels, and its columns of QALYs."""
    page = construction.page("Utilities")
    page.open_with(
        "Utilities", "Level: utility over the population's norm at the anchor age, at most 1, where age-adjusted."
    )
    page.heading(FIRST - 1, HEADINGS)
    page.widths(32, 20, 14, 14, 16, 16, 12, 16)
    page.frozen(f"A{FIRST}")
    page.landscape()
    inputs, tables = construction.written_by(write_inputs), construction.written_by(write_tables)
    for trace in construction.written_by(write_traces).values():
        _write_levels(page, inputs, tables, trace)
    return page


def _write_levels(page: Page, inputs: Inputs, tables: Tables, trace: Trace) -> None:
    """Write a strategy's levels and its columns of QALYs."""
    choice = inputs.variants.choices["utilities"]
    adjusted = inputs.pick(choice, ["1" if u.age_adjustment == "multiplicative" else "0" for u in choice.values])
    anchor = inputs.pick(
        choice, [inputs.number(u.anchor_age) if u.anchor_age else f"({start_age(inputs)})" for u in choice.values]
    )
    female = proportion_female(inputs)
    norm = f"{female}*{norm_at(tables, 'female', anchor)}+(1-{female})*{norm_at(tables, 'male', anchor)}"
    trace.add("norm", "Norm of the population", f"IF({adjusted}=1,{of_grid(trace.cycles, grid.NORM)},1)", "1", "share")
    levels = _Levels(page, inputs.variants.base.label(trace.strategy), adjusted, norm)
    until = stops(trace, inputs)
    by_state = any(u.by == "state" for u in choice.values)
    for option, utilities in enumerate(choice.values):
        if utilities.by == "time_to_death":
            _mean_by_time_to_death(levels, inputs, trace, utilities, option)
    for state in STATES:
        in_state = ""
        if by_state:
            mine = [u.of(trace.strategy) for u in choice.values]
            pairs = [_of_state(u, state, inputs) if u.by == "state" else ("0", "0") for u in mine]
            on, off = levels.of(state.replace("_", " "), *(inputs.pick(choice, [p[i] for p in pairs]) for i in (0, 1)))
            in_state = _by_state(state, on, off, until)
            if state == "progressed":
                in_state += _subsequent(inputs, trace, f"({on}-{off})")
        texts = [in_state if u.by == "state" else _by_time_to_death(state, n) for n, u in enumerate(choice.values)]
        trace.add(
            f"undiscounted_qalys_{state}", f"QALYs, {state.replace('_', ' ')}, undiscounted", inputs.pick(choice, texts)
        )
        trace.add(
            f"qalys_{state}", f"QALYs, {state.replace('_', ' ')}", f"[undiscounted_qalys_{state}]*[discount_qalys]"
        )


@dataclass(frozen=True)
class _Levels:
    """Rows of the sheet for one strategy: what is given on and off treatment, and its level."""

    page: Page
    strategy: str
    adjusted: str
    norm: str

    def of(self, words: str, *given: str) -> tuple[str, ...]:
        """Write a row and return the cells of the levels."""
        page, row = self.page, max(self.page.last_row + 1, FIRST)
        page.put(row, 1, self.strategy)
        page.put(row, 2, words)
        page.formula(row, 7, self.adjusted, "integer")
        page.formula(row, 8, self.norm, "share")
        for i, text in enumerate(given):
            page.formula(row, 3 + i, text, "share")
            level = f"IF({page.at(row, 7)}=1,MIN({page.at(row, 3 + i)}/{page.at(row, 8)},1),{page.at(row, 3 + i)})"
            page.formula(row, 5 + i, level, "share")
        return tuple(page.at(row, 5 + i) for i in range(len(given)))


def _by_state(state: str, on: str, off: str, until: str) -> str:
    """Return the formula of a cycle's undiscounted QALYs, by state and treatment."""
    treated = {"progression_free": "on_free", "progressed": "on_progressed"}[state]
    everyone = f"([start_weight]*[{state}-1]+[end_weight]*[{state}])"
    share = f"MAX(0,MIN(1,({until}-[time_years-1])/([time_years]-[time_years-1])))" if until else ""
    window = f"*IF([time_years]<=[time_years-1],0,{share})" if share else ""
    on_time = f"([start_weight]*[{treated}-1]+[end_weight]*[{treated}]){window}"
    return f"({off}*{everyone}+({on}-{off})*{on_time})*[norm]"


def _subsequent(inputs: Inputs, trace: Trace, change: str) -> str:
    """Return the formula of what time on subsequent treatments changes in a cycle's undiscounted QALYs; '' if none."""
    values, text, whole = CellValues(inputs), "", trace.total("progressions")
    for _, item, live in subsequent_treatments(inputs, trace.strategy):
        if item.disutility == "on_treatment":
            over = f"*IF({whole}=0,0,1/{whole})" if item.of == "patients" else ""
            lasts = f"MIN({inputs.number(item.duration)},{inputs.number('settings.horizon_years')})"
            text += f"+{live}*{item.treated(values).text}*{lasts}*{change}*[progressions]*[norm]{over}"
    return text


def _by_time_to_death(state: str, option: int) -> str:
    """Return the formula of a cycle's undiscounted QALYs, by time to death."""
    mean = f"by_death_{option}"
    return f"([start_weight]*[{state}-1]*[{mean}-1]+[end_weight]*[{state}]*[{mean}])*[norm]"


def _mean_by_time_to_death(levels: _Levels, inputs: Inputs, trace: Trace, utilities: Utilities, option: int) -> None:
    """Add the mean level of the living at each time: of them, S(t + a) - S(t + b) die between a and b from then."""
    crossing = inputs.index(inputs.variants.choices["settings.crossing"])
    if "alive_hazard" not in trace.columns:
        text = f"IF({crossing}=2,MIN([os_hazard_sum],[pfs_hazard_sum]),[os_hazard_sum])"
        trace.add("alive_hazard", "Cumulative hazard of the living", text, "0")
    hazard = trace.span("alive_hazard", from_start=True)
    later, parts = "[alive]", []
    for number, band in enumerate(utilities.bands or []):
        within = inputs.number(band.within)
        (level,) = levels.of(f"death within {number + 1}. time to death", inputs.number(band.utility))
        key = f"alive_later_{option}_{number}"
        text = f"EXP(-{trace.cycles.hazard_at(f'([time_years]+{within})', hazard)})"
        trace.add(key, f"Alive after the {number + 1}. time to death from then", text, text, "share")
        parts.append(f"{level}*({later}-[{key}])")
        later = f"[{key}]"
    (level,) = levels.of("death later", inputs.number(utilities.beyond or ""))
    mean = f"IF([alive]>0,({'+'.join([*parts, f'{level}*{later}'])})/[alive],0)"
    trace.add(f"by_death_{option}", "Mean level by time to death", mean, mean, "share")


def _of_state(utilities: Utilities, state: str, inputs: Inputs) -> tuple[str, str]:
    """Return the formulas of the utility of a state on and off treatment."""
    free = inputs.number(utilities.progression_free or "")
    if state == "progression_free":
        base, off = free, utilities.off_treatment_progression_free
    else:
        progressed, decrement = utilities.progressed, utilities.decrement_on_progression
        base = inputs.number(progressed) if progressed else f"({free}-{inputs.number(decrement or '')})"
        off = utilities.off_treatment_progressed
    lost = utilities.on_treatment_disutility
    on = f"({base}-{inputs.number(lost)})" if lost else base
    return on, inputs.number(off) if off else base
