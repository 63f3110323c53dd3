"""Tests of curves, health states and flows: group E of the checklist, and what it asks of survival (P3, P4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from netcea.checking.reference_case.rules import MOST_ALIVE
from netcea.engine.grid import Grid
from netcea.engine.trace import Trace, traces
from netcea.errors import InputError
from netcea.plain_number import read
from netcea.quantities.units import DAYS_PER_YEAR
from netcea.reporting.number_format import shown
from netcea.scenario.scenario import Scenario
from netcea.verification.perturbed import Named, Perturbed, by_cycle, near, total, unlike
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

ROUNDING: Final = 1e-9
"""What a share of the cohort may be beyond its limit by rounding."""
DEADLY: Final = 50.0
"""A hazard at which nobody lives through the first cycle. [per cycle]"""
SWIFT: Final = 1e-6
"""Share that may be alive after the first cycle at such a hazard."""
HALVED: Final = 0.01
"""Share of a total that a cycle of half the length may change: what is left is the error of cycles themselves."""


def _percent(x: float) -> str:
    return shown(x, "percent")


def _edges(here: Perturbed) -> Iterator[tuple[str, Trace]]:
    yield from here.traces.items()


def _is_ratio(one: Named) -> bool:
    keys = one.place.split(".")
    return keys[0] == "strategies" and keys[2:] == ["os", "hazard_ratio"]


@black_box("P3", "A larger hazard ratio of death means fewer life years, a smaller one more")
def hazard_ratio_direction(here: Perturbed) -> Found:
    """Move each hazard ratio of overall survival."""
    elsewhere = {one.address for one in here.named if not _is_ratio(one)}  # it also takes crossover out of a curve
    ratios = [address for address in here.addresses(_is_ratio) if address not in elsewhere]
    if not ratios:
        return not_applicable("No curve of overall survival is made by a hazard ratio that makes nothing else.")
    faults, figures = [], {}
    for address in ratios:
        more, fewer = (here.at(here.scaled([address], factor)) for factor in (1.2, 1 / 1.2))
        named = {one.place.split(".")[1] for one in here.named if one.address == address and _is_ratio(one)}
        for name in sorted(named & set(here.scenario.strategies)):
            low, base, high = (total(o, "undiscounted_life_years", name) for o in (more, here.outcomes, fewer))
            figures[f"{name}: ratio x 1.2"] = low - base
            if not low < base < high:
                faults.append(
                    f"{address}: undiscounted life years of {name} are {read(low, 6)} at 1.2 times the ratio, "
                    f"{read(base, 6)} at it, {read(high, 6)} at 1/1.2 of it"
                )
    return holds(
        faults, f"{len(ratios)} hazard ratio(s) of overall survival moved by a factor of 1.2 both ways", figures
    )


@black_box("P4", "Nobody is progression-free or on treatment who is not alive, at any time")
def curves_do_not_cross(here: Perturbed) -> Found:
    """Compare the states; say where the curves themselves cross and were held."""
    faults, crossing, figures = [], [], {}
    for name, trace in _edges(here):
        alive = 1.0 - trace.edges["dead"]
        for state in ("progression_free", "on_treatment"):
            above = float(np.max(trace.edges[state] - alive))
            if above > ROUNDING:
                faults.append(f"{name}: {state.replace('_', ' ')} is above alive by {_percent(above)}")
        gap = trace.edges["pfs_curve"] - trace.edges["os_curve"]
        if float(gap.max()) > ROUNDING:
            first = float(trace.edges["time_years"][int(np.argmax(gap > ROUNDING))])
            figures[f"{name}: largest gap"] = float(gap.max())
            crossing.append(
                f"the curve of progression-free survival of {name} lies above overall survival from year "
                f"{read(first, 3)}, by {_percent(float(gap.max()))} at most"
            )
    if faults or not crossing:
        return holds(faults, "progression-free and on treatment never exceed alive, in any cycle", figures)
    held = "held there" if here.scenario.file.settings.crossing == "cap_pfs" else "raised there"
    return explained(
        f"{'; '.join(crossing)}; PFS or OS is {held} (settings.crossing), so that no state is negative", figures
    )


@black_box("E1-E3", "The states add up to the cohort, and each is between nobody and everybody")
def states_add_up(here: Perturbed) -> Found:
    """Add the states at every edge."""
    faults = []
    for name, trace in _edges(here):
        states = [trace.edges[state] for state in ("progression_free", "progressed", "dead")]
        off = float(np.max(np.abs(sum(states) - 1.0)))
        if not off <= ROUNDING:
            faults.append(f"{name}: states add up to 1 but for {read(off, 3)}")
        outside = max(float(np.max(np.maximum(-s, s - 1.0))) for s in states)
        if not outside <= ROUNDING:
            faults.append(f"{name}: a state is beyond 0 to 1 by {read(outside, 3)}")
    return holds(faults, "progression-free, progressed and dead add up to 1 in every cycle of every strategy")


@black_box("E4", "Nobody returns from the dead")
def dead_do_not_fall(here: Perturbed) -> Found:
    """Follow the dead."""
    faults = [
        f"{name}: the dead fall by {read(fall, 3)}"
        for name, trace in _edges(here)
        if (fall := -float(np.min(np.diff(trace.edges["dead"])))) > ROUNDING
    ]
    return holds(faults, "the share that has died never falls")


@black_box("E5", "Hardly anybody is alive at the horizon")
def dead_at_the_horizon(here: Perturbed) -> Found:
    """Count those alive at the end."""
    alive = {name: 1.0 - float(trace.edges["dead"][-1]) for name, trace in _edges(here)}
    figures = {f"{name}: alive at the horizon": share for name, share in alive.items()}
    most = max(alive.values())
    if most <= MOST_ALIVE:
        return holds(
            [],
            f"at most {_percent(most)} are alive after {read(here.scenario.file.settings.horizon_years)} years",
            figures,
        )
    return explained(
        f"{_percent(most)} are alive after {read(here.scenario.file.settings.horizon_years)} years: what they cost and "
        "gain later is left out, which a lifetime horizon would count",
        figures,
    )


@black_box("E10", "Without a hazard of death nobody dies")
def nobody_dies(here: Perturbed) -> Found:
    """Give every strategy a hazard of death of 0."""
    changed, columns = here.with_rates(os=0.0)
    found = traces(Grid.of(changed), here.row(columns))
    dead = {name: float(np.max(np.abs(trace.edges["dead"]))) for name, trace in found.items()}
    faults = [f"{name}: {_percent(share)} die at a hazard of 0" for name, share in dead.items() if share > ROUNDING]
    return holds(faults, "with overall survival of no hazard, and no floor, the dead stay 0 in every cycle")


@black_box("E11", "At a huge hazard of death everybody dies in the first cycle")
def everybody_dies(here: Perturbed) -> Found:
    """Give every strategy a huge hazard of death."""
    hazard = DEADLY * DAYS_PER_YEAR / here.scenario.file.settings.cycle_days
    changed, columns = here.with_rates(os=hazard, pfs=hazard)
    found = traces(Grid.of(changed), here.row(columns))
    faults = [
        f"{name}: {_percent(share)} are alive after the first cycle"
        for name, trace in found.items()
        if (share := 1.0 - float(trace.edges["dead"][1])) > SWIFT
    ]
    return holds(faults, f"at a hazard of {read(DEADLY)} a cycle fewer than one in a million live through a cycle")


@black_box("E15", "Patients do not outlive the general population of their age and sex")
def not_above_the_population(here: Perturbed) -> Found:
    """Compare survival and hazards with the life table's."""
    higher, lower, figures = [], [], {}
    for name, trace in _edges(here):
        alive, hazard = 1.0 - trace.edges["dead"], trace.cycles["population_hazard"]
        population = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)]))
        above = alive - population
        if float(above.max()) > ROUNDING:
            higher.append(f"{name}: {_percent(float(above.max()))} more are alive than of the general population")
            figures[f"{name}: above the general population"] = float(above.max())
        own = -np.log(np.maximum(alive[1:], 1e-300) / np.maximum(alive[:-1], 1e-300))
        below = (own < hazard - ROUNDING) & (alive[1:] > ROUNDING)
        if below.any():
            first = float(trace.edges["time_years"][int(np.argmax(below))])
            lower.append(f"{name}: mortality is below the general population's from year {read(first, 3)}")
    if higher:
        return holds(higher, "", figures)
    if lower:
        return explained(
            f"{'; '.join(lower)}, though survival is never above it: a floor on the hazard would raise it", figures
        )
    return holds([], "survival, and mortality in every cycle, are never better than the life table's", figures)


@black_box("E18", "Flows in and out of each state are the change in who is there")
def flows_balance(here: Perturbed) -> Found:
    """Add the flows of every cycle."""
    faults = []
    for name, trace in _edges(here):
        flow = trace.cycles
        free, progressed, dead = (np.diff(trace.edges[s]) for s in ("progression_free", "progressed", "dead"))
        late = flow["deaths"] - flow["deaths_progression_free"]
        off = {
            "progression-free": free + flow["progressions"] + flow["deaths_progression_free"],
            "progressed": progressed - flow["progressions"] + late,
            "dead": dead - flow["deaths"],
        }
        for state, gap in off.items():
            if float(np.max(np.abs(gap))) > ROUNDING:
                faults.append(f"{name}: flows of {state} miss its change by {read(float(np.max(np.abs(gap))), 3)}")
        least = min(
            float(np.min(x)) for x in (flow["progressions"], flow["deaths"], flow["deaths_progression_free"], late)
        )
        if least < -ROUNDING:
            faults.append(f"{name}: a flow is negative, {read(least, 3)} of the cohort")
    return holds(faults, "progressions and deaths from either state account for every change, and none is negative")


@black_box("E20", "With cycles of half the length results hardly change")
def cycle_halved(here: Perturbed) -> Found:
    """Halve the cycle."""
    days = here.scenario.file.settings.cycle_days
    try:
        halved = here.changed({"settings.cycle_days": days / 2.0})
    except InputError:
        return not_applicable(f"Cycles of {read(days)} days cannot be halved: a cycle is a day at least.")
    other = here.at({}, halved)
    figures = {
        f"{name}: {m}": total(other, m, name) / total(here.outcomes, m, name) - 1.0
        for name in here.scenario.strategies
        for m in ("costs", "qalys", "life_years")
        if total(here.outcomes, m, name) != 0.0
    }
    worst = max(figures, key=lambda key: abs(figures[key]))
    faults = [
        f"{key} changes by {_percent(x)} with cycles of {read(days / 2.0)} days"
        for key, x in figures.items()
        if abs(x) > HALVED
    ]
    return holds(
        faults,
        f"at most {read(abs(figures[worst]), 2)} of a total ({worst}) with cycles of {read(days / 2.0)} days",
        figures,
    )


@black_box("E18b", "The trace adds up to the results")
def trace_is_the_result(here: Perturbed) -> Found:
    """Add the cycles of the trace."""
    faults = []
    for name, trace in _edges(here):
        for measure in ("costs", "qalys", "life_years"):
            for start in (measure, f"undiscounted_{measure}"):
                summed, stated = float(by_cycle(trace, f"{start}_").sum()), total(here.outcomes, start, name)
                if not near(summed, stated, 1e-8):
                    faults.append(
                        f"{start.replace('_', ' ')} of {name}: {read(summed, 10)} in the trace, "
                        f"{read(stated, 10)} in the result"
                    )
    return holds(faults, "costs, QALYs and life years of all cycles add up to the totals, discounted and not")


@black_box("X1", "Running the scenario again, or after others, gives the same")
def order_of_runs(here: Perturbed) -> Found:
    """Run the base case after everything else."""
    here.at(here.scaled(here.money(), 2.0))
    again = here.at({})
    return holds(
        unlike(here.outcomes, again, _same(here.scenario), 0.0), "to the last bit, after a run at other prices"
    )


def _same(scenario: Scenario) -> dict[str, str]:
    return {name: name for name in scenario.strategies}


@black_box("X7", "No effect on survival lasts longer than it was observed without that being said")
def effects_end(here: Perturbed) -> Found:
    """Look for hazard ratios of overall survival that hold for life."""
    lifelong = [
        address
        for address, model in here.scenario.curves.items()
        if address.endswith(".os") and model.hazard_ratio is not None and model.waning_towards is None
        if float(here.base[model.hazard_ratio][0, 0]) != 1.0
    ]
    if lifelong:
        return explained(f"the hazard ratio of {', '.join(lifelong)} holds for life: no waning, beyond all follow-up")
    return holds([], "every effect on overall survival by a hazard ratio wanes, or is none")
