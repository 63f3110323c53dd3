"""What other programs and closed forms say of models, beside what netcea says of the same ones: every figure.

Conventions are matched by netcea's settings. hesim's trapezium of discounted occupancies is no setting of netcea: it is
the mean of the sums over the starts and the ends of cycles, each discounted where it is counted, and is put together
from those two runs. What cannot be matched carries the number of the section of `differences_explained.md` that says
why.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from helpers.others_models import CLOSED, OTHERS, REFERENCE, closed_truth
from netcea.decision.incremental import fully_incremental
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import traces
from validation.figure import TOLERANCE, Figure
from validation.models import Models, with_totals

DAMPACK: dict[str, Any] = json.loads((REFERENCE / "dampack_icers.json").read_text(encoding="utf-8"))
HESIM, HEEMOD, INTEGRALS, SUMS = "hesim 0.5.6", "heemod 1.1.0", "R, integrate", "R, sums"
CLOSED_FORM, DAMPACK_NAME = "closed form", "dampack 1.0.2"
NAMES = {"A_weibull": "Weibull", "C_gompertz_crossing_3strategies": "Gompertz, crossing"}
"""Case of psm.json -> what the table calls it."""
CYCLE = 1 / 12
RATES = {"none": 0.0, "cont_0.035": math.expm1(0.035), "cont_log1.035": 0.035}
"""Their discounting -> rate a year with the same factors: exp(-0.035 t) is (1 + 0.03562)^-t."""
SAID = {
    "none": "undiscounted",
    "cont_0.035": "exp(-0.035 t)",
    "cont_log1.035": "1.035^-t",
    "annual_compound_fractional": "1.035^-t",
    "annual_fractional": "1.035^-t",
    "annual_step": "1.035^-(whole years)",
}
"""Their discounting -> what the table calls it."""


def matched(
    program: str,
    name: str,
    convention: str,
    theirs: Mapping[str, Mapping[str, float]],
    ours: Mapping[str, Mapping[str, float]],
    explained: str = "",
) -> Iterator[Figure]:
    """Yield a figure for each measure that theirs has, of each strategy."""
    for strategy, found in theirs.items():
        for measure, value in found.items():
            mine = ours[strategy][measure]
            yield Figure(program, NAMES[name], convention, strategy, measure, value, mine, explained=explained)


# ------------------------------------------------------------------------------------------------------------- hesim
def hesim_sum(models: Models, name: str, method: str, rate: float) -> dict[str, dict[str, float]]:
    """Return netcea's results by hesim's sums over a grid of months: OS raised to PFS, continuous discounting.

    Left: counts at the starts of cycles, discounted there. Right: counts at the ends, discounted there: netcea discounts
    them at the starts, so v^c is missing. Trapezium: the mean of the two. What is paid at the start has no discount.
    """
    if method == "trapz":
        left, right = (hesim_sum(models, name, f"riemann_{side}", rate) for side in ("left", "right"))
        return {s: {m: (left[s][m] + right[s][m]) / 2 for m in left[s]} for s in left}
    side = {"riemann_left": "start", "riemann_right": "end"}[method]
    settings = {"crossing": "raise_os", "half_cycle_correction": side, "discounting": "cycle_start"}
    factor = (1 + rate) ** -CYCLE if side == "end" else 1.0
    found = {}
    for strategy, figures in models.run(name, rate, **settings).items():
        parts = {m: x if m == "cost_oneoff" else x * factor for m, x in figures.items() if "_" in m}
        found[strategy] = with_totals(parts)
    return found


def hesim(models: Models, name: str) -> Iterator[Figure]:
    """Yield hesim's life years, QALYs and costs, its restricted means and its state probabilities."""
    for discounting, methods in OTHERS[name]["hesim_outcomes"].items():
        for method, strategies in methods.items():
            theirs = {s: with_totals(found) for s, found in strategies.items()}
            ours = hesim_sum(models, name, method, RATES[discounting])
            yield from matched(HESIM, name, f"{method}, {SAID[discounting]}", theirs, ours)
    yield from restricted_means(models, name)
    yield from state_probabilities(models, name)


def restricted_means(models: Models, name: str) -> Iterator[Figure]:
    """Yield integrals of PFS and OS up to 5, 10 and 40 years."""
    curves = {"pfs": ("raise_os", "ly_pf"), "os": ("cap_pfs", "life years")}
    for strategy, by_rate in OTHERS[name]["hesim_rmst_years"].items():
        for discounting, by_curve in by_rate.items():
            for curve, means in by_curve.items():
                crossing, measure = curves[curve]
                for years, value in means.items():
                    mine = models.fine(name, RATES[discounting], crossing, horizon_years=years)[strategy][measure]
                    what = f"restricted mean of {curve.upper()}, {years} years"
                    yield Figure(HESIM, NAMES[name], f"rmst, {SAID[discounting]}", strategy, what, value, mine)


def state_probabilities(models: Models, name: str) -> Iterator[Figure]:
    """Yield who is in which state at eleven times; differences are in probabilities."""
    scenario = models.scenario(name, {"crossing": "raise_os"})
    found, theirs = traces(Grid.of(scenario), base_case(scenario)), OTHERS[name]["hesim_stateprobs"]
    for strategy, trace in found.items():
        for state, column in (("PF", "progression_free"), ("PD", "progressed"), ("Death", "dead")):
            mine = trace.edges[column][np.array(theirs["times_months"])]
            for month, value, ours in zip(theirs["times_months"], theirs[strategy][state], mine, strict=True):
                what = f"{state} at {month} months"
                yield Figure(HESIM, NAMES[name], "state probabilities", strategy, what, value, float(ours), size=1.0)


# ------------------------------------------------------------------------------------------------------------ heemod
HEEMOD_COUNTS = {"life-table": "trapezium", "beginning": "start", "end": "end"}
HEEMOD_DISCOUNTING = {
    "none": ("mid_cycle", 0.0),
    "annual_step": ("annual", 0.035),
    "annual_fractional": ("cycle_start", 0.035),
}


def heemod(models: Models, name: str) -> Iterator[Figure]:
    """Yield heemod's totals by its ways of counting and of discounting, and what its states add up to.

    Where curves cross its living states are PFS and max(OS - PFS, 0): those of OS raised to PFS.
    """
    for discounting, methods in OTHERS[name]["heemod_totals"].items():
        setting, rate = HEEMOD_DISCOUNTING[discounting]
        for method, strategies in methods.items():
            counts = HEEMOD_COUNTS[method]
            mine = models.run(name, rate, crossing="raise_os", half_cycle_correction=counts, discounting=setting)
            theirs = {s: heemod_totals(found) for s, found in strategies.items()}
            ours = {s: found | {"costs": found["costs"] - found["cost_oneoff"]} for s, found in mine.items()}
            yield from matched(HEEMOD, name, f"{method}, {SAID[discounting]}", theirs, ours)
    yield from sum_of_states(models, name)


def heemod_totals(found: Mapping[str, float]) -> dict[str, float]:
    """Return heemod's totals of a strategy by our names: without the cost that is paid once, which it was not given."""
    drug, other = found["cost_drug"], found["cost_mgmt"]
    totals = {"life years": found["ly"], "QALYs": found["qaly"], "costs": drug + other}
    return {"cost_drug": drug, "cost_mgmt": other, **totals}


def sum_of_states(models: Models, name: str) -> Iterator[Figure]:
    """Yield the largest sum of heemod's states, ours by its rule, and that of netcea's states."""
    scenario = models.scenario(name, {})
    found = traces(Grid.of(scenario), base_case(scenario))
    by_rule = max(float(np.max(1 + np.maximum(t.edges["pfs_curve"] - t.edges["os_curve"], 0))) for t in found.values())
    states = ("progression_free", "progressed", "dead")
    added = max(float(np.max(sum(t.edges[state] for state in states))) for t in found.values())
    theirs = OTHERS[name]["heemod_largest_sum_of_states"]
    crosses = "10" if theirs > 1 + TOLERANCE else ""
    yield Figure(HEEMOD, NAMES[name], "states", "all", "largest PFS + PD + dead, by its rule", theirs, by_rule)
    yield Figure(
        HEEMOD, NAMES[name], "states", "all", "largest sum of states, netcea's", theirs, added, explained=crosses
    )


# --------------------------------------------------------------------------------------------- integrals and sums in R
INTEGRALS_OF = {
    "undiscounted": "none",
    "continuous_rate_0.035": "cont_0.035",
    "continuous_rate_log1.035": "cont_log1.035",
}


def integrals(models: Models, name: str) -> Iterator[Figure]:
    """Yield numerical integrals: PFS capped at OS, and life years with OS raised to PFS."""
    for strategy, by_rate in OTHERS[name]["truth_integral_years"].items():
        for discounting, truth in by_rate.items():
            rate = RATES[INTEGRALS_OF[discounting]]
            capped = models.fine(name, rate, "cap_pfs")[strategy]
            raised = models.fine(name, rate, "raise_os")[strategy]
            both = {**capped, "ly_pf_uncapped": raised["ly_pf"], "ly_os_if_os_raised_to_pfs": raised["life years"]}
            parts = {m: x for m, x in truth.items() if m in both}
            theirs = parts | {m: x for m, x in with_totals(parts).items() if m not in parts}
            yield from matched(INTEGRALS, name, SAID[INTEGRALS_OF[discounting]], {strategy: theirs}, {strategy: both})


SUMS_OF = {
    "riemann_left": ("start", "cycle_start", "counts at the start"),
    "halfcycle_mean_occupancy_discount_at_mid": ("trapezium", "mid_cycle", "mean of both ends, factor of the middle"),
    "halfcycle_mean_occupancy_discount_at_start": (
        "trapezium",
        "cycle_start",
        "mean of both ends, factor of the start",
    ),
}
"""Their sum -> half-cycle correction and discounting here (`annual` for factors of whole years), what it is called."""
SUMS_RATES = {**RATES, "annual_compound_fractional": 0.035, "annual_step": 0.035}


def sums(models: Models, name: str) -> Iterator[Figure]:
    """Yield sums over months in R, netcea's own default (mean of both ends, discounted at mid-cycle) among them."""
    for strategy, by_rate in OTHERS[name]["base_r_discrete_state_time_years"].items():
        for discounting, found in by_rate.items():
            for kind, (counts, moment, said) in SUMS_OF.items():
                if found["PF"][kind] == "NA":
                    continue  # not worked out there
                settings = {"half_cycle_correction": counts}
                settings["discounting"] = "annual" if discounting == "annual_step" else moment
                ours = models.run(name, SUMS_RATES[discounting], **settings)[strategy]
                theirs = {"ly_pf": found["PF"][kind], "ly_pd": found["PD"][kind]}
                theirs["life years"] = theirs["ly_pf"] + theirs["ly_pd"]
                yield from matched(SUMS, name, f"{said}, {SAID[discounting]}", {strategy: theirs}, {strategy: ours})


# --------------------------------------------------------------------------------------------------- others' defaults
def defaults(models: Models, name: str) -> Iterator[Figure]:
    """Yield totals of each program as it comes, at a rate of 0.035: what is left where nothing is matched."""
    ours = models.run(name, 0.035)
    chosen = (
        (HESIM, OTHERS[name]["hesim_outcomes"]["cont_0.035"]["trapz"], with_totals, "cost_oneoff"),
        (HEEMOD, OTHERS[name]["heemod_totals"]["annual_step"]["life-table"], heemod_totals, ""),
    )
    for program, strategies, totals, paid in chosen:
        for strategy, found in strategies.items():
            mine = ours[strategy]
            left_out = 0.0 if paid else mine["cost_oneoff"]
            mine = {**mine, "costs": mine["costs"] - left_out}
            theirs = {measure: totals(found)[measure] for measure in ("life years", "QALYs", "costs")}
            section = "9" if name == "A_weibull" else "10"
            yield from matched(program, name, "each as it comes", {strategy: theirs}, {strategy: mine}, section)


def steps(models: Models, name: str, program: str) -> dict[str, tuple[float, ...]]:
    """Return strategy -> QALYs from a program as it comes to netcea as it comes, one convention after the other.

    The program's own number; the factor of each moment, at 3.5% a year; the mean of both ends by the factor of the middle
    of the cycle; PFS capped at OS.
    """
    mid, cap = models.run(name, 0.035, crossing="raise_os"), models.run(name, 0.035)
    if program == HESIM:
        first = OTHERS[name]["hesim_outcomes"]["cont_0.035"]["trapz"]
        start, second = {s: with_totals(x)["QALYs"] for s, x in first.items()}, hesim_sum(models, name, "trapz", 0.035)
    else:
        first = OTHERS[name]["heemod_totals"]["annual_step"]["life-table"]
        start = {s: x["qaly"] for s, x in first.items()}
        second = models.run(name, 0.035, crossing="raise_os", discounting="cycle_start")
    return {s: (start[s], *(run[s]["QALYs"] for run in (second, mid, cap))) for s in start}


# ---------------------------------------------------------------------------------------------- closed forms, dampack
def closed_forms(models: Models) -> Iterator[Figure]:
    """Yield Weibulls of which everything is known to 16 digits, with the ICER."""
    for case in CLOSED:
        discounting = case["discounting"]
        ours, truth = models.closed[discounting], closed_truth(case)
        for strategy, theirs in truth.items():
            parts = [("life_years_progression_free", "ly_pf"), ("life_years_progressed", "ly_pd")]
            both = {there: (theirs[here], ours[strategy][here]) for here, there in parts}
            both["life years"] = tuple(a + b for a, b in zip(both["ly_pf"], both["ly_pd"], strict=True))
            both |= {there: (theirs[there.lower()], ours[strategy][there.lower()]) for there in ("QALYs", "costs")}
            for measure, (value, mine) in both.items():
                yield Figure(CLOSED_FORM, "Weibull, shape 1.2", discounting, strategy, measure, value, mine)
        new, old = ours["intervention"], ours["comparator"]
        icer = (new["costs"] - old["costs"]) / (new["qalys"] - old["qalys"])
        yield Figure(CLOSED_FORM, "Weibull, shape 1.2", discounting, "intervention", "ICER", case["icer"], icer)


STATUS = {"ND": 0.0, "D": 1.0, "ED": 2.0}
LABELS = {"": "ND", "dominated": "D", "extendedly dominated": "ED"}


def dampack() -> Iterator[Figure]:
    """Yield dampack's statuses (0 on the frontier, 1 dominated, 2 extendedly dominated) and ICERs along the frontier."""
    for name, example in DAMPACK.items():
        if name == "source":
            continue
        given, theirs = example["input"], example["result"]
        rows = {row.strategy: row for row in fully_incremental(given["strategy"], given["cost"], given["effect"])}
        case = name.removeprefix("hand_").replace("_", " ")
        for strategy, icer, status in zip(theirs["Strategy"], theirs["ICER"], theirs["Status"], strict=True):
            mine = rows[strategy]
            found = (DAMPACK_NAME, case, "fully incremental", strategy)
            yield Figure(*found, "status", STATUS[status], STATUS[LABELS[mine.label]], size=1.0)
            there, here = (x if isinstance(x, int | float) else math.nan for x in (icer, mine.icer))
            yield Figure(*found, "ICER", there, here)


def figures(folder: Path) -> tuple[Figure, ...]:
    """Return every comparison; scenarios are written below a folder."""
    models = Models(folder)
    found: list[Figure] = []
    for name in OTHERS:
        for part in (hesim, heemod, integrals, sums, defaults):
            found.extend(part(models, name))
    return (*found, *closed_forms(models), *dampack())
