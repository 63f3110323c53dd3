"""Health states of a trace: occupancy, flows, who is on treatment, life years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netcea.cohort.mortality import SMALLEST_SURVIVAL
from netcea.workbook.construction import Construction
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.survival import write_survival
from netcea.workbook.sheets.trace import Trace, of_grid

NOBODY_LEFT: Final = "1E+50"
"""Cumulative hazard after which nobody is left: far below that of a curve that reached 0, far above that of others."""


def write_traces(construction: Construction) -> Mapping[str, Trace]:
    """Add states, treatment and discounting to every trace, after its curves; QALYs and costs are added by others."""
    inputs, traces = construction.written_by(write_inputs), construction.written_by(write_survival).traces
    for trace in traces.values():
        _add_states(trace, inputs)
        _add_treatment(trace, inputs)
        _add_weights(trace)
    return traces


def _add_states(trace: Trace, inputs: Inputs) -> None:
    """Add occupancy and flows."""
    variants, cycles = inputs.variants, trace.cycles
    crossing = inputs.index(variants.choices["settings.crossing"])
    trace.add("alive", "Alive", f"IF({crossing}=2,MAX([os_curve],[pfs_curve]),[os_curve])", "1", "share")
    trace.add("progression_free", "Progression-free", "MIN([pfs_curve],[alive])", "1", "share")
    trace.add("progressed", "Progressed", "[alive]-[progression_free]", "0", "share")
    trace.add("dead", "Dead", "1-[alive]", "0", "share")
    trace.add("crossed", "PFS capped at OS", "IF([pfs_curve]>[alive],1,0)", "0", "integer")
    trace.add("population_hazard", "Population hazard in the cycle", of_grid(cycles, grid.HAZARD))
    rise = "([os_hazard_sum]-[os_hazard_sum-1])"
    last = f"IF({rise}>{NOBODY_LEFT},-LN({repr(SMALLEST_SURVIVAL).upper()}),{rise})"
    trace.add("os_hazard", "OS hazard in the cycle", f"IF([os_hazard_sum-1]>{NOBODY_LEFT},0,{last})")
    trace.add("deaths", "Deaths", "[alive-1]-[alive]")
    trace.add("exits", "Leave progression-free", "[progression_free-1]-[progression_free]")
    share = variants.choices["survival.share_of_pfs_events_that_are_deaths"]
    of_events = f"[exits]*{inputs.pick(share, [inputs.number(a) for a in share.values])}"
    start, end, length = (of_grid(cycles, column) for column in (grid.START_WEIGHT, grid.END_WEIGHT, grid.LENGTH))
    person_time = f"({start}*[progression_free-1]+{end}*[progression_free])"
    of_population = f"IF({length}<=0,0,[population_hazard]/{length}*{person_time})"
    deaths = f"MIN(MAX({of_events},{of_population}),[exits],[deaths])"
    trace.add("deaths_progression_free", "Deaths before progression", f"IF([crossed]=1,[exits],{deaths})")
    trace.add("progressions", "Progressions", "[exits]-[deaths_progression_free]")


def _add_treatment(trace: Trace, inputs: Inputs) -> None:
    """Add who is on treatment, by state."""
    choice = inputs.variants.choices[f"strategies.{trace.strategy}.time_on_treatment.rule"]
    treated = "MIN([time_on_treatment_curve],[alive])"
    parts = {
        "none": ("0", "0"),
        "until_progression": ("[progression_free]", "0"),
        "curve": (f"MIN({treated},[progression_free])", f"{treated}-MIN({treated},[progression_free])"),
    }
    free, progressed = (inputs.pick(choice, [parts[rule][i] for rule, _ in choice.values]) for i in (0, 1))
    until = [inputs.number(stops) if stops else "" for _, stops in choice.values]
    still = inputs.pick(choice, [f"IF([time_years]<{time},1,0)" if time else "1" for time in until])
    whole = f"([on_free]+[on_progressed])*{still}"
    trace.add("on_free", "On treatment, progression-free", free, free, "share")
    trace.add("on_progressed", "On treatment, progressed", progressed, progressed, "share")
    trace.add("on_treatment", "On treatment", whole, whole, "share")


def _add_weights(trace: Trace) -> None:
    """Add discount factors and weights of both ends of a cycle."""
    for key, heading, column in (
        ("discount_costs", "Discount factor, costs", grid.COSTS),
        ("discount_qalys", "Discount factor, QALYs", grid.QALYS),
        ("start_weight", "Weight of the start (years)", grid.START_WEIGHT),
        ("end_weight", "Weight of the end (years)", grid.END_WEIGHT),
    ):
        trace.add(key, heading, of_grid(trace.cycles, column))
