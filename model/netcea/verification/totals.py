"""Tests of totals: discounting, horizon, parts, comparisons, strategies that are alike: group R of the checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from netcea.decision.incremental import fully_incremental
from netcea.engine.outcomes import MEASURES
from netcea.errors import InputError
from netcea.plain_number import read
from netcea.reporting.number_format import pounds
from netcea.verification.hull import on_the_hull, vertices
from netcea.verification.perturbed import Perturbed, near, parts, total, unlike
from netcea.verification.renamed import renamed, reordered, with_copy
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

ROUNDING: Final = 1e-9
NO_DISCOUNTING: Final[Mapping[str, object]] = {
    "settings.discount_rate_costs": 0.0,
    "settings.discount_rate_qalys": 0.0,
    "settings.later_discount_rates": [],
}
"""Changes that leave nothing discounted."""
DISCOUNTED: Final = ("costs", "qalys", "life_years")


@black_box("R4", "Discounted totals are not above undiscounted ones")
def discounting_lowers(here: Perturbed) -> Found:
    """Compare each part of each total."""
    faults = []
    for name, found in here.outcomes.strategies.items():
        for measure in DISCOUNTED:
            later = parts(found, f"undiscounted_{measure}")
            faults += [
                f"{measure.replace('_', ' ')} of {name}, {' '.join(key)}: {read(x, 8)} discounted, "
                f"{read(later[key], 8)} not"
                for key, x in parts(found, measure).items()
                if abs(x) > abs(later[key]) * (1.0 + ROUNDING) + ROUNDING
            ]
    return holds(faults, "every part of costs, QALYs and life years, of every strategy")


@black_box("R14", "At discount rates of 0 discounted and undiscounted totals are the same")
def no_discounting(here: Perturbed) -> Found:
    """Set both rates to 0."""
    found = here.at({}, here.changed(NO_DISCOUNTING))
    faults = [
        f"{measure.replace('_', ' ')} of {name}: {read(x, 10)} and {read(y, 10)}"
        for name in here.scenario.strategies
        for measure in DISCOUNTED
        for x, y in [(total(found, measure, name), total(found, f"undiscounted_{measure}", name))]
        if not near(x, y)
    ]
    same = [
        f"undiscounted {m.replace('_', ' ')} of {name} depend on the discount rate"
        for name in here.scenario.strategies
        for m in DISCOUNTED
        if not near(*(total(o, f"undiscounted_{m}", name) for o in (found, here.outcomes)))
    ]
    return holds(
        [*faults, *same], "costs, QALYs and life years at rates of 0; undiscounted totals do not depend on them"
    )


@black_box("R18", "Higher discount rates mean lower totals")
def higher_rates(here: Perturbed) -> Found:
    """Raise both rates by three points."""
    settings = here.scenario.file.settings
    rates = {
        f"settings.discount_rate_{m}": min(getattr(settings, f"discount_rate_{m}") + 0.03, 1.0)
        for m in ("costs", "qalys")
    }
    found = here.at({}, here.changed(rates))
    if all(rate == getattr(settings, address.rpartition(".")[2]) for address, rate in rates.items()):
        return not_applicable("The discount rates are 100% already.")
    faults = [
        f"{measure.replace('_', ' ')} of {name}: {read(x, 8)} at rates 3 points higher, {read(y, 8)} before"
        for name in here.scenario.strategies
        for measure in DISCOUNTED
        for x, y in [(total(found, measure, name), total(here.outcomes, measure, name))]
        if not (abs(x) < abs(y) or _at_the_start(here, measure, name))
    ]
    return holds(faults, "costs, QALYs and life years of every strategy fall where rates are 3 points higher")


def _at_the_start(here: Perturbed, measure: str, name: str) -> bool:
    """Say whether no rate could change a total at all: it is 0, or arises at the very start."""
    at_no_rate = here.at({}, here.changed(NO_DISCOUNTING))
    return near(total(here.outcomes, measure, name), total(at_no_rate, measure, name))


@black_box("R13", "A discounted cycle is an undiscounted one over (1 + r) to its time")
def discount_factors(here: Perturbed) -> Found:
    """Work every cycle's factor out again."""
    settings = here.scenario.file.settings
    faults = []
    for name, trace in here.traces.items():
        t = trace.edges["time_years"]
        for measure, column in (("costs", "discount_costs"), ("qalys", "discount_qalys")):
            steps = settings.rate_steps(measure)  # type: ignore[arg-type]  # one of two words
            at = {"mid_cycle": (t[:-1] + t[1:]) / 2.0, "cycle_start": t[:-1], "annual": np.floor(t[:-1] + ROUNDING)}
            when = at[settings.discounting]
            log_factor = np.zeros(len(when))
            ends = [*(step.from_year for step in steps[1:]), np.inf]
            for step, end in zip(steps, ends, strict=True):
                log_factor -= np.log1p(step.rate) * np.clip(np.minimum(when, end) - step.from_year, 0.0, None)
            off = float(np.max(np.abs(trace.cycles[column] / np.exp(log_factor) - 1.0)))
            if off > ROUNDING:
                faults.append(f"{name}: factors of {measure} are off by up to {read(off, 3)} of themselves")
        years = trace.cycles["discount_qalys"] * trace.cycles["undiscounted_life_years_progression_free"]
        if not np.allclose(years, trace.cycles["life_years_progression_free"], rtol=1e-9, atol=1e-15):
            faults.append(f"{name}: life years are not discounted by the factor of their cycle")
    return holds(faults, f"every cycle's factors, by {settings.discounting.replace('_', ' ')}, with all later rates")


@black_box("R19", "At a discount rate of 100% a year hardly more than the first years count")
def steep_discounting(here: Perturbed) -> Found:
    """Set both rates to 1."""
    steep = here.at(
        {}, here.changed({**NO_DISCOUNTING, "settings.discount_rate_costs": 1.0, "settings.discount_rate_qalys": 1.0})
    )
    faults = []
    for name in here.scenario.strategies:
        years, most = total(steep, "life_years", name), 1.0 / np.log(2.0) * 1.05
        if not 0.0 < years <= most:
            faults.append(
                f"{name}: {read(years, 4)} life years at a rate of 100%, at which nobody has more than {read(most, 3)}"
            )
        if not total(steep, "costs", name) <= total(here.outcomes, "undiscounted_costs", name):
            faults.append(f"{name}: costs rise with the discount rate")
    return holds(faults, "life years of every strategy are below those of somebody who never dies, 1.44 at this rate")


@black_box("R8", "A shorter horizon means fewer life years, QALYs and costs")
def shorter_horizon(here: Perturbed) -> Found:
    """Halve the horizon."""
    years = here.scenario.file.settings.horizon_years
    try:
        found = here.at({}, here.changed({"settings.horizon_years": years / 2.0}))
    except InputError as error:
        return not_applicable(f"The horizon cannot be halved: {' '.join(str(error.problems[0]).split())}")
    faults = [
        f"{measure.replace('_', ' ')} of {name}: {read(x, 8)} in {read(years / 2.0)} years, "
        f"{read(y, 8)} in {read(years)}"
        for name in here.scenario.strategies
        for measure in MEASURES
        for x, y in [(total(found, measure, name), total(here.outcomes, measure, name))]
        if x > y * (1.0 + ROUNDING) + ROUNDING
    ]
    return holds(faults, f"no total is larger at a horizon of {read(years / 2.0)} years than at {read(years)}")


@black_box("R15", "Without mortality and discounting, everybody lives until the horizon")
def nobody_dies_undiscounted(here: Perturbed) -> Found:
    """Take the hazard of death away."""
    immortal, columns = here.with_rates(os=0.0)
    found = here.at(columns, replace(immortal, file=here.changed(NO_DISCOUNTING).file))
    horizon = here.scenario.file.settings.horizon_years
    faults = [
        f"{name}: {read(years, 10)} life years at a horizon of {read(horizon)}"
        for name in here.scenario.strategies
        if not near(years := total(found, "life_years", name), horizon)
    ]
    return holds(faults, f"life years of every strategy are the horizon, {read(horizon)} years")


@black_box("R12", "Parts add up to totals")
def parts_add_up(here: Perturbed) -> Found:
    """Add parts by item, by state and by cycle."""
    faults = []
    for name, found in here.outcomes.strategies.items():
        for measure in MEASURES:
            whole = total(here.outcomes, measure, name)
            for kind, summed_up in (("items", found.by_item(measure)), ("states", found.by_state(measure))):
                if not near(sum(float(x[0]) for x in summed_up.values()), whole):
                    faults.append(f"{measure.replace('_', ' ')} of {name}: {kind} do not add up to {read(whole, 10)}")
    return holds(faults, "costs, QALYs and life years by item and by state, discounted and not")


@black_box("R1", "More life years and QALYs where the hazard ratio is below 1, and fewer where it is above")
def effects_have_the_sign_of_ratios(here: Perturbed) -> Found:
    """Compare the intervention's increments with its hazard ratio of overall survival."""
    decision = here.scenario.file.decision
    curve = here.scenario.curves[f"strategies.{decision.intervention}.os"]
    against = f"strategies.{decision.comparator}.os"
    if curve.hazard_ratio is None or curve.relative_to != against:
        return not_applicable(
            "Overall survival of the intervention is not made by a hazard ratio against the comparator."
        )
    ratio = float(here.base[curve.hazard_ratio][0, 0])
    gain = total(here.outcomes, "life_years", decision.intervention) - total(
        here.outcomes, "life_years", decision.comparator
    )
    figures = {"hazard ratio": ratio, "incremental life years": gain}
    right = gain >= -ROUNDING if ratio <= 1.0 else gain <= ROUNDING
    words = f"a hazard ratio of {read(ratio, 4)} goes with {gain:+.4f} life years"
    return holds([] if right else [words], words, figures)


@black_box("R2", "Without a price of its own drugs the intervention costs less")
def price_makes_it_dearer(here: Perturbed) -> Found:
    """Give the intervention's own drugs for nothing."""
    from netcea.costs.drug_acquisition import DrugAcquisition

    decision = here.scenario.file.decision
    items = here.scenario.file.costs.items()
    own = {
        name: item.price_per_pack or item.price_per_vial
        for name, item in items
        if isinstance(item, DrugAcquisition)
        and item.applies_to(decision.intervention)
        and not item.applies_to(decision.comparator)
    }
    prices = [address for address in own.values() if address is not None]
    if not prices:
        return not_applicable("The intervention has no drug that the comparator does not have.")
    paid = parts(here.outcomes.strategies[decision.intervention], "costs")
    if not any(cost for (item, _), cost in paid.items() if item in own):
        return not_applicable("The intervention's own drugs cost nothing as it is.")
    free = here.at(dict.fromkeys(prices, 0.0))
    before, after = (
        total(o, "costs", decision.intervention) - total(o, "costs", decision.comparator) for o in (here.outcomes, free)
    )
    words = f"incremental costs are {pounds(before)}, and {pounds(after)} with {', '.join(prices)} at 0"
    return holds([] if after < before else [words], words, {"at list price": before, "at no price": after})


@black_box("R9-R10", "Dominance, extended dominance and sequential ICERs are those of an independent hull")
def frontier_is_the_hull(here: Perturbed) -> Found:
    """Find the frontier again, as the upper hull of QALYs and costs."""
    names = list(here.scenario.strategies)
    costs, qalys = ([total(here.outcomes, m, n) for n in names] for m in ("costs", "qalys"))
    rows = fully_incremental(names, costs, qalys)
    frontier = [row.strategy for row in rows if "dominated" not in row.label and row.label != "equal"]
    points = dict(zip(names, zip(qalys, costs, strict=True), strict=True))
    hull = vertices(points)
    faults = (
        []
        if on_the_hull(frontier, points)
        else [f"the frontier is {', '.join(frontier)}; the hull is {', '.join(hull)}"]
    )
    icers = [row.icer for row in rows if row.strategy in frontier and row.icer is not None]
    faults += ["ICERs fall along the frontier"] if any(b < a * (1 - ROUNDING) for a, b in pairwise(icers)) else []
    return holds(faults, f"{len(names)} strategies, {len(hull)} on the frontier: {', '.join(hull)}")


@black_box("E12-E13", "A strategy that is a copy of another has its results, and an ICER against it is not a number")
def copies_are_equal(here: Perturbed) -> Found:
    """Add a copy of the intervention."""
    name = here.scenario.file.decision.intervention
    copied, copy = with_copy(here, name)
    found = here.at({}, copied)
    faults = [*unlike(here.outcomes, found, {n: n for n in here.scenario.strategies})]
    faults += unlike(found, found, {name: copy}, 0.0)
    costs, qalys = ([total(found, m, n) for n in (name, copy)] for m in ("costs", "qalys"))
    labels = [row.label for row in fully_incremental((name, copy), costs, qalys)]
    faults += [] if "equal" in labels else [f"the copy is called {labels}, not equal"]
    return holds(faults, f"a copy of {name} has its totals to the last bit, and is called equal")


@black_box("E14", "Results go with the strategies' inputs, not with their names or order")
def names_do_not_matter(here: Perturbed) -> Found:
    """Reverse the order of the strategies, then exchange their names."""
    names = here.scenario.strategies
    turned = here.at({}, reordered(here))
    faults = [f"in another order: {x}" for x in unlike(here.outcomes, turned, {n: n for n in names}, 1e-12)]
    exchanged = dict(zip(names, (*names[1:], names[0]), strict=True))
    other = here.at({}, renamed(here, exchanged))
    faults += [f"with names exchanged: {x}" for x in unlike(here.outcomes, other, exchanged, 1e-12)]
    return holds(faults, "in reverse order, and with names exchanged, every strategy keeps its totals")


@black_box("R11", "Half-cycle correction moves life years by the expected half cycle")
def half_cycle(here: Perturbed) -> Found:
    """Count by the start and by the end of cycles."""
    start, end, mean = (
        here.at({}, here.changed({"settings.half_cycle_correction": way})) for way in ("start", "end", "trapezium")
    )
    faults = []
    for name, trace in here.traces.items():
        alive, t = 1.0 - trace.edges["dead"], trace.edges["time_years"]
        years = {
            w: total(o, "undiscounted_life_years", name) for w, o in (("start", start), ("end", end), ("mean", mean))
        }
        expected = float(np.dot(np.diff(t), alive[:-1] - alive[1:]))
        if not near(years["start"] - years["end"], expected, 1e-8):
            faults.append(
                f"{name}: {read(years['start'] - years['end'], 8)} life years between start and end, "
                f"{read(expected, 8)} expected"
            )
        if not near(years["mean"], (years["start"] + years["end"]) / 2.0, 1e-8):
            faults.append(f"{name}: the corrected life years are not the mean of both")
    words = "counting by the start less counting by the end is a cycle's deaths, and the correction is their mean"
    if here.scenario.file.settings.half_cycle_correction != "trapezium" and not faults:
        return explained(
            f"{words}; the scenario itself counts by the {here.scenario.file.settings.half_cycle_correction}"
        )
    return holds(faults, words)


@black_box("R21", "Twice the effect on survival is about twice the gain")
def twice_the_effect(here: Perturbed) -> Found:
    """Square the hazard ratio of overall survival."""
    decision = here.scenario.file.decision
    ratio = here.scenario.curves[f"strategies.{decision.intervention}.os"].hazard_ratio
    if ratio is None:
        return not_applicable("Overall survival of the intervention is not made by a hazard ratio.")
    value = float(here.base[ratio][0, 0])
    gains = []
    for moved in (1.0, value, value**2):
        found = here.at({ratio: moved})
        gains.append(
            total(found, "life_years", decision.intervention) - total(found, "life_years", decision.comparator)
        )
    once, twice = gains[1] - gains[0], gains[2] - gains[0]
    if once == 0.0:
        return explained(f"a hazard ratio of {read(value, 4)} gains nothing", {"once": once})
    return explained(
        f"the logarithm of the hazard ratio doubled multiplies the gain in life years by {twice / once:.2f}: "
        "survival is not linear in it",
        {"factor": twice / once},
    )
