"""Utilities: levels by state and treatment, and QALYs on the traces."""

from __future__ import annotations

from netcea.utilities import STATES, Utilities
from netcea.workbook.book import Book, Page
from netcea.workbook.cycles_sheet import Cycles, norm_at, proportion_female, start_age
from netcea.workbook.formula import NotInFormulasError
from netcea.workbook.inputs_sheet import Inputs
from netcea.workbook.tables_sheet import Tables
from netcea.workbook.trace_sheet import Trace, stops

FIRST = 6


def utilities_page(book: Book) -> Page:
    """Begin the sheet."""
    page = book.page("Utilities", "5B9BD5")
    page.open_with(
        "Utilities", "Level: utility over the population's norm at the anchor age, at most 1, where age-adjusted."
    )
    page.heading(FIRST - 1, ["Strategy", "State", "On treatment", "Off treatment", "Level on treatment",
                             "Level off treatment", "Age-adjusted", "Norm at the anchor age"])  # fmt: skip
    page.widths(32, 20, 14, 14, 16, 16, 12, 16)
    page.frozen(f"A{FIRST}")
    page.landscape()
    return page


def write_utilities(page: Page, inputs: Inputs, tables: Tables, cycles: Cycles, trace: Trace) -> None:
    """Write a strategy's levels and its columns of QALYs."""
    choice = inputs.variants.choices["utilities"]
    adjusted = inputs.pick(choice, ["1" if u.age_adjustment == "multiplicative" else "0" for u in choice.values])
    anchor = inputs.pick(
        choice, [inputs.number(u.anchor_age) if u.anchor_age else f"({start_age(inputs)})" for u in choice.values]
    )
    female = proportion_female(inputs)
    norm = f"{female}*{norm_at(tables, 'female', anchor)}+(1-{female})*{norm_at(tables, 'male', anchor)}"
    trace.add("norm", "Norm of the population", f"IF({adjusted}=1,{cycles.page.title}!$L§,1)", "1", "share")
    until = stops(trace, inputs)
    for state in STATES:
        row = max(page.ws.max_row + 1, FIRST)
        page.put(row, 1, inputs.variants.base.label(trace.strategy))
        page.put(row, 2, state.replace("_", " "))
        pairs = [_levels(u, state, inputs) for u in choice.values]
        for i in (0, 1):
            page.formula(row, 3 + i, inputs.pick(choice, [pair[i] for pair in pairs]), "share")
            level = f"IF({page.at(row, 7)}=1,MIN({page.at(row, 3 + i)}/{page.at(row, 8)},1),{page.at(row, 3 + i)})"
            page.formula(row, 5 + i, level, "share")
        page.formula(row, 7, adjusted, "integer")
        page.formula(row, 8, norm, "share")
        on, off = page.at(row, 5), page.at(row, 6)
        treated = {"progression_free": "on_free", "progressed": "on_progressed"}[state]
        everyone = f"([start_weight]*[{state}-1]+[end_weight]*[{state}])"
        share = f"MAX(0,MIN(1,({until}-[time_years-1])/([time_years]-[time_years-1])))" if until else ""
        window = f"*IF([time_years]<=[time_years-1],0,{share})" if share else ""
        on_time = f"([start_weight]*[{treated}-1]+[end_weight]*[{treated}]){window}"
        text = f"({off}*{everyone}+({on}-{off})*{on_time})*[norm]"
        trace.add(f"undiscounted_qalys_{state}", f"QALYs, {state.replace('_', ' ')}, undiscounted", text)
        trace.add(
            f"qalys_{state}", f"QALYs, {state.replace('_', ' ')}", f"[undiscounted_qalys_{state}]*[discount_qalys]"
        )


def _levels(utilities: Utilities, state: str, inputs: Inputs) -> tuple[str, str]:
    """Return the formulas of the utility of a state on and off treatment."""
    if utilities.by != "state" or utilities.progression_free is None:
        msg = "utilities by time to death"
        raise NotInFormulasError(msg)
    free = inputs.number(utilities.progression_free)
    if state == "progression_free":
        base, off = free, utilities.off_treatment_progression_free
    else:
        progressed, decrement = utilities.progressed, utilities.decrement_on_progression
        base = inputs.number(progressed) if progressed else f"({free}-{inputs.number(decrement or '')})"
        off = utilities.off_treatment_progressed
    lost = utilities.on_treatment_disutility
    on = f"({base}-{inputs.number(lost)})" if lost else base
    return on, inputs.number(off) if off else base
