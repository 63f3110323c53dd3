"""Tests of utilities, costs and adverse events: what must follow when all of a kind are 0, 1 or a little more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from netcea.cohort.utilities import Utilities
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.engine.outcomes import Outcomes
from netcea.plain_number import read
from netcea.reporting.number_format import pounds
from netcea.verification.perturbed import Named, Perturbed, near, parts, total
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

OF_PACKS: Final = ("price_per_pack", "pack_days", "share_of_tablets_taken", "discount", "share", "milligram_intensity")
CYCLES: Final = 0.02
"""Share by which time on treatment counted in cycles may differ from time on treatment."""
LOWER: Final[Mapping[float, str]] = {0.9: "a tenth lower", 0.5: "halved", 0.1: "a tenth of what they were"}
"""What utilities are multiplied by, until QALYs fall -> in words."""
LOSSES: Final = ("decrement_on_progression", "on_treatment_disutility")
"""Utilities that are differences: what is lost."""
ROUNDING: Final = 1e-9
A_PENNY: Final = 0.01
"""A cost that is none. [GBP]"""
A_MOMENT: Final = 1e-9
"""Of an age, by which rounding may miss a birthday. [years]"""


def _is_level(one: Named) -> bool:
    return (
        one.role.startswith("utilities.")
        and not one.role.endswith(LOSSES)
        and not one.role.endswith(("within", "anchor_age"))
    )


def _is_loss(one: Named) -> bool:
    return (one.role.startswith("utilities.") and one.role.endswith(LOSSES)) or one.role == "event.decrement"


def _without_age(here: Perturbed, columns: Mapping[str, float]) -> Outcomes:
    """Return outcomes at other utilities, without their adjustment for age."""
    plain = here.changed({"utilities.age_adjustment": "none"})
    return here.at(columns, plain)


@black_box("E6", "With utilities of 1 and nothing lost, QALYs are life years")
def qalys_are_life_years(here: Perturbed) -> Found:
    """Set every utility to 1."""
    ones = dict.fromkeys(here.addresses(_is_level), 1.0) | dict.fromkeys(here.addresses(_is_loss), 0.0)
    found = _without_age(here, ones)
    faults = []
    for name in here.scenario.strategies:
        for start in ("", "undiscounted_"):
            qalys, years = (total(found, f"{start}{m}", name) for m in ("qalys", "life_years"))
            if not near(qalys, years):
                faults.append(f"{name}: {read(qalys, 8)} {start.replace('_', ' ')}QALYs in {read(years, 8)} life years")
    return holds(faults, "QALYs equal life years, discounted and not, of every strategy (without adjustment for age)")


@black_box("E7", "With utilities of 0 there are no QALYs")
def no_qalys(here: Perturbed) -> Found:
    """Set every utility to 0."""
    both = (*here.addresses(_is_level), *here.addresses(_is_loss))
    found = here.at(dict.fromkeys(both, 0.0))
    faults = [
        f"{name}: {read(total(found, 'qalys', name), 6)} QALYs where all utilities are 0"
        for name in here.scenario.strategies
        if abs(total(found, "qalys", name)) > ROUNDING
    ]
    return holds(faults, f"no QALYs where all {len(both)} utilities and losses are 0")


@black_box("E8", "Lower utilities of the states mean fewer QALYs")
def lower_utilities(here: Perturbed) -> Found:
    """Lower every utility by a tenth; further where the general population's, which is the most, hides that."""
    levels = here.addresses(_is_level)
    if not any(float(here.base[address][0, 0]) for address in levels):
        return not_applicable("All utilities are 0.")
    faults, figures, words = [""], dict[str, float](), ""
    for factor, words in LOWER.items():
        if not faults:
            break
        found = here.at(here.scaled(levels, factor))
        faults = []
        for name in here.scenario.strategies:
            before, after = total(here.outcomes, "qalys", name), total(found, "qalys", name)
            figures[name] = after - before
            if not after < before:
                faults.append(f"{name}: {read(after, 6)} QALYs with utilities {words}, {read(before, 6)} before")
    return holds(faults, f"fewer QALYs of every strategy with utilities {words}", figures)


@black_box("E16", "No utility is above the general population's of that age")
def not_above_the_norm(here: Perturbed) -> Found:
    """Divide QALYs by life years, cycle by cycle."""
    if here.scenario.norms is None:
        return explained("utilities are not adjusted for age, so that they exceed the general population's in old age")
    norms, start = here.scenario.norms, float(here.base[here.scenario.file.population.start_age][0, 0])
    faults, closest = [], {}
    for name, trace in here.traces.items():
        ages = np.floor(start + trace.edges["time_years"][:-1] + A_MOMENT).astype(int) - int(norms.age[0])
        at = np.clip(ages, 0, len(norms.age) - 1)
        highest = np.maximum(norms.female[at], norms.male[at])
        for state in ("progression_free", "progressed"):
            years = trace.cycles[f"undiscounted_life_years_{state}"]
            utility = trace.cycles[f"undiscounted_qalys_{state}"] / np.where(years > ROUNDING, years, np.inf)
            over = utility - highest
            closest[f"{name}: {state}"] = float(over.max())
            if float(over.max()) > ROUNDING:
                year = float(trace.edges["time_years"][int(np.argmax(over))])
                faults.append(f"{name}: {float(over.max()):.4f} above the norm in {state}, in year {read(year, 3)}")
    return holds(faults, "utilities of every state are at or below the norm of the age in every cycle", closest)


@black_box("E9", "Without prices and unit costs there are no costs")
def no_costs(here: Perturbed) -> Found:
    """Set every amount of money to 0."""
    money = here.money()
    found = here.at(dict.fromkeys(money, 0.0))
    faults = [
        f"{item} of {name} still costs {pounds(cost)}"
        for name in here.scenario.strategies
        for (item, _), cost in parts(found.strategies[name], "undiscounted_costs").items()
        if abs(cost) > ROUNDING
    ]
    return holds(faults, f"no costs where all {len(money)} prices and unit costs are 0")


@black_box("P1", "A price 10% higher makes its own items dearer by that, and nothing else")
def dearer(here: Perturbed) -> Found:
    """Raise each amount of money."""
    faults: list[str] = []
    unused = []
    for address in here.money():
        found, moved = here.at(here.scaled([address], 1.1)), False
        items = {_item(one) for one in here.named if one.address == address}
        for name in here.scenario.strategies:
            before, after = parts(here.outcomes.strategies[name], "costs"), parts(found.strategies[name], "costs")
            for key, cost in after.items():
                rise = cost - before[key]
                moved = moved or rise > ROUNDING
                if key[0] not in items and abs(rise) > ROUNDING * max(abs(cost), 1.0):
                    faults.append(f"{address} moves {key[0]} of {name} by {pounds(rise)}, which does not name it")
                if rise < -ROUNDING * max(abs(cost), 1.0) or rise > 0.1 * abs(before[key]) * (1 + ROUNDING) + ROUNDING:
                    faults.append(
                        f"{address} up by 10% moves {key[0]} of {name} by {pounds(rise)} of {pounds(before[key])}"
                    )
            if not near(total(found, "qalys", name), total(here.outcomes, "qalys", name)):
                faults.append(f"{address} moves QALYs of {name}")
        if not moved and float(here.base[address][0, 0]) != 0.0:
            unused.append(address)
    if unused and not faults:
        return explained(
            f"{', '.join(unused)}: no patient has it at the point estimates, so that a higher price moves nothing"
        )
    return holds(
        faults, f"each of {len(here.money())} prices and unit costs moves the items that name it, by at most 10%"
    )


def _item(one: Named) -> str:
    keys = one.place.split(".")
    return keys[1] if keys[0] == "costs" else f"adverse_events.{keys[2]}"


@black_box("P2", "A larger body or dose makes drugs dosed by it dearer")
def larger_dose(here: Perturbed) -> Found:
    """Raise doses and body sizes by a half: vials are whole."""
    doses = here.addresses(lambda one: one.role in ("drug_acquisition.dose", "drug_acquisition.body_size_mean"))
    if not doses:
        return not_applicable("No drug is dosed by milligram, weight or body surface: flat packs.")
    faults = []
    for address in doses:
        found = here.at(here.scaled([address], 1.5))
        rises = [total(found, "costs", n) - total(here.outcomes, "costs", n) for n in here.scenario.strategies]
        if min(rises) < -ROUNDING or max(rises) <= 0.0:
            faults.append(f"{address} up by half moves costs by {', '.join(pounds(r) for r in rises)}")
    return holds(faults, f"{len(doses)} dose(s) and body sizes up by half: dearer for whoever has the drug")


@black_box("E21", "A drug is paid while it is taken, and not after")
def paid_while_taken(here: Perturbed) -> Found:
    """Compare each cycle's drug costs with who is on treatment."""
    faults, checked = [], 0
    for item, cost in here.scenario.file.costs.items():
        if not isinstance(cost, DrugAcquisition) or cost.during != "on_treatment":
            continue
        for name, trace in here.traces.items():
            paid = trace.cycles.get(f"undiscounted_costs_{item}")
            if paid is None:
                continue
            checked += 1
            treated = np.maximum(trace.edges["on_treatment"][:-1], trace.edges["on_treatment"][1:])
            late = float(np.max(np.where(treated <= ROUNDING, paid, 0.0)))
            if late > max(A_PENNY, ROUNDING * float(np.sum(paid))):
                faults.append(f"{name}: {pounds(late)} of {item} in a cycle in which nobody is on treatment")
    if not checked:
        return not_applicable("No drug is paid by time on treatment.")
    return holds(faults, f"{checked} drug(s) of a strategy cost nothing once nobody is on treatment")


@black_box("R17", "A drug's undiscounted cost over the time on treatment is its price over time")
def price_over_time(here: Perturbed) -> Found:
    """Divide each pack-priced drug's cost by person-time on treatment."""
    faults, figures = [], {}
    for item, cost in here.scenario.file.costs.items():
        if not isinstance(cost, DrugAcquisition) or cost.method == "per_administration" or cost.windows:
            continue
        if cost.during != "on_treatment" or cost.pack_days is None or cost.price_per_pack is None:
            continue
        value = {k: float(here.base[a][0, 0]) for k in OF_PACKS if (a := getattr(cost, k)) is not None}
        days = value["pack_days"] / value.get("share_of_tablets_taken", 1.0)
        price = value["price_per_pack"] * (1.0 - value.get("discount", 0.0)) * value.get("share", 1.0)
        price *= value.get("milligram_intensity", 1.0) if cost.price_follows_milligrams else 1.0
        for name, trace in here.traces.items():
            paid = trace.cycles.get(f"undiscounted_costs_{item}")
            treated, t = trace.edges["on_treatment"], trace.edges["time_years"]
            years = float(np.dot(np.diff(t), (treated[:-1] + treated[1:]) / 2.0))
            if paid is None or years <= 0.0:
                continue
            expected = price * years / days
            figures[f"{name}: {item}"] = float(paid.sum()) / expected if expected else 1.0
            waste = price  # at most one started pack a patient
            if not expected * (1.0 - CYCLES) <= float(paid.sum()) <= (expected + waste) * (1.0 + CYCLES):
                faults.append(
                    f"{name}: {item} costs {pounds(float(paid.sum()))}, {pounds(expected)} by time on treatment"
                )
    if not figures:
        return not_applicable("No drug is paid by packs, or by time, while on treatment.")
    return holds(faults, "between its price over time on treatment and one started pack more", figures)


@black_box("R16", "Without adverse events, and with events without consequences, results are the same")
def no_events(here: Perturbed) -> Found:
    """Set the incidence to 0, then the consequences."""
    incidence = here.addresses(lambda one: one.role == "event.incidence")
    if not incidence:
        return not_applicable("The scenario has no adverse events.")
    consequences = here.addresses(lambda one: one.role in ("event.decrement", "event.unit_cost"))
    shared = {one.address for one in here.named if not one.role.startswith("event.")} & set(consequences)
    if shared:
        return not_applicable(f"{', '.join(sorted(shared))} is also used elsewhere.")
    never, harmless = (here.at(dict.fromkeys(addresses, 0.0)) for addresses in (incidence, consequences))
    faults = [
        f"{m} of {name}: {read(total(never, m, name), 8)} without events, "
        f"{read(total(harmless, m, name), 8)} without consequences"
        for name in here.scenario.strategies
        for m in ("costs", "qalys")
        if not near(total(never, m, name), total(harmless, m, name))
    ]
    return holds(faults, f"{len(incidence)} incidences of 0, or no cost and no decrement: the same costs and QALYs")


@black_box("R20", "More adverse events cost more and lose more, fewer the opposite")
def more_events(here: Perturbed) -> Found:
    """Move every incidence to the whole cohort, and to nobody."""
    incidence = here.addresses(lambda one: one.role == "event.incidence")
    if not incidence:
        return not_applicable("The scenario has no adverse events.")
    most, none = (here.at(dict.fromkeys(incidence, share)) for share in (1.0, 0.0))
    faults = []
    for name in here.scenario.strategies:
        costs = [total(o, "costs", name) for o in (none, here.outcomes, most)]
        qalys = [total(o, "qalys", name) for o in (none, here.outcomes, most)]
        if not (costs[0] <= costs[1] + ROUNDING and costs[1] <= costs[2] + ROUNDING):
            faults.append(f"{name}: costs of {', '.join(pounds(c) for c in costs)} with none, the stated, all events")
        if not (qalys[0] >= qalys[1] - ROUNDING and qalys[1] >= qalys[2] - ROUNDING):
            faults.append(f"{name}: QALYs of {', '.join(read(q, 6) for q in qalys)} with none, the stated, all events")
    return holds(faults, "dearer and fewer QALYs where everybody has every event, the opposite where nobody has any")


@black_box("R5", "QALYs per life year lie between the lowest and the highest utility")
def qalys_per_year(here: Perturbed) -> Found:
    """Divide undiscounted QALYs by life years."""
    file = here.scenario.file.utilities
    levels = [float(here.base[a][0, 0]) for a in here.addresses(_is_level)]
    losses = sum(float(here.base[a][0, 0]) for a in here.addresses(_is_loss))
    low, high = min(levels) - losses, max(levels)
    shown = {}
    faults = []
    for name in here.scenario.strategies:
        ratio = total(here.outcomes, "undiscounted_qalys", name) / total(here.outcomes, "undiscounted_life_years", name)
        shown[name] = ratio
        floor = min(low, 0.0) - ROUNDING if _falls_with_age(file) else low - ROUNDING
        if not floor <= ratio <= high + ROUNDING:
            faults.append(f"{name}: {ratio:.4f} QALYs a life year, with utilities from {low:.4f} to {high:.4f}")
    return holds(faults, f"no more than the highest utility, {read(high, 4)}, of every strategy", shown)


def _falls_with_age(utilities: Utilities) -> bool:
    return utilities.age_adjustment == "multiplicative"


@black_box("R3", "Life years are more than QALYs")
def more_years_than_qalys(here: Perturbed) -> Found:
    """Compare both."""
    faults = [
        f"{name}: {read(total(here.outcomes, m, name), 6)} {m.replace('_', ' ')}, fewer life years"
        for name in here.scenario.strategies
        for m in ("qalys", "undiscounted_qalys")
        if total(here.outcomes, m, name) > total(here.outcomes, m.replace("qalys", "life_years"), name) + ROUNDING
    ]
    return holds(faults, "of every strategy, discounted and not")
