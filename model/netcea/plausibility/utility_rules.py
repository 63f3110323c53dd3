"""Rules across utilities: the general population's, progression, time to death; adverse events of both strategies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from netcea.cohort.utilities import Utilities
from netcea.costs.adverse_events import AdverseEvent
from netcea.plain_number import read
from netcea.plausibility.facts import Doubt, Facts
from netcea.plausibility.slips import as_text

ABOVE_NORM: Final = 0.02
"""What a patient's utility may be above the general population's."""
AS_NORM: Final = 0.005
"""How near the general population's a patient's utility must be to look like it: half of the second digit."""
FEWER: Final = 0.05
"""How much rarer an event may be with treatment than without."""


def states(facts: Facts) -> Iterator[Doubt]:
    """Yield utilities above the general population's, and progression that improves utility.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    of_all, population = facts.scenario.file.utilities, facts.scenario.file.population
    age = facts.value(of_all.anchor_age) or facts.value(population.start_age)
    female = facts.value(population.proportion_female)
    norm = None
    if age is not None and female is not None and 0.0 <= age <= 100.0:
        norm = float(facts.scenario.severity_norms.at(age, female))
    found: dict[Doubt, None] = {}
    for utilities in (of_all, *(of_all.of(strategy) for strategy in of_all.by_strategy)):
        if age is not None and norm is not None:
            found |= dict.fromkeys(_beside_norm(facts, utilities, age, norm))
        found |= dict.fromkeys(_between_states(facts, utilities))
    yield from found


def _between_states(facts: Facts, utilities: Utilities) -> Iterator[Doubt]:
    """Yield progression that improves utility, loses none, or nearly all."""
    free, progressed = facts.value(utilities.progression_free), facts.value(utilities.progressed)
    loss = facts.value(utilities.decrement_on_progression)
    if free is not None and progressed is not None and progressed > free:
        text = f"progression improves utility, from {read(free, 3)} to {read(progressed, 3)}"
        yield str(utilities.progressed), f"{text}: are the two swapped?"
    if utilities.progressed is not None and utilities.progressed == utilities.progression_free:
        text = "the same number is used before and after progression, which then loses no utility"
        yield "utilities.progressed", f"{text}: should it be another?"
    if free is not None and progressed is not None and 0.0 < progressed < 0.4 * free:
        text = f"a utility of {read(progressed, 3)} in progressed disease looks like the decrement"
        yield str(utilities.progressed), f"{text}; as such it would be {read(free - progressed, 3)}"
    if free is not None and loss is not None and loss > 0.4 * free:
        text = f"a decrement of {read(loss, 3)} from {read(free, 3)} looks like the utility of progressed disease"
        yield str(utilities.decrement_on_progression), f"{text}: the decrement would be {read(free - loss, 3)}"


def _beside_norm(facts: Facts, utilities: Utilities, age: float, norm: float) -> Iterator[Doubt]:
    """Yield utilities above the general population's, and those that are the same."""
    population = facts.scenario.file.population
    named = (
        utilities.progression_free,
        utilities.progressed,
        utilities.off_treatment_progression_free,
        utilities.beyond,
    )
    for address in dict.fromkeys(named):
        value = facts.value(address)
        if address is None or value is None:
            continue
        another_age = population.start_age in facts.replaced and address not in facts.replaced
        if value > norm + ABOVE_NORM:
            text = (
                f"a utility of {read(value, 3)} is above the general population's "
                f"at {read(age)}, {read(norm, 3)}: patients with "
                "advanced cancer are not in better health; was it typed wrongly, or valued by another instrument?"
            )
            yield address, text
        elif abs(value - norm) < AS_NORM and not another_age:
            text = f"{read(value, 3)} is the utility of the general population at {read(age)} ({read(norm, 3)})"
            yield address, f"{text}: was the norm typed for the patients' utility?"


def time_to_death(facts: Facts) -> Iterator[Doubt]:
    """Yield bands of time to death in which those closer to death feel better.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    utilities = facts.scenario.file.utilities
    addresses = [band.utility for band in utilities.bands or []] + [utilities.beyond]
    for near, far in pairwise(addresses):
        values = facts.value(near), facts.value(far)
        if near is not None and values[0] is not None and values[1] is not None and values[0] > values[1]:
            change = f"from {read(values[0], 3)} to {read(values[1], 3)}"
            yield near, f"utility falls with the distance from death, {change}: swapped?"


def events(facts: Facts) -> Iterator[Doubt]:
    """Yield adverse events that only the untreated have, or fewer of them with treatment; and none at all.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    found = facts.scenario.file.adverse_events.events
    new, old = facts.intervention, facts.comparator
    if not facts.treated(new):
        return
    for name in facts.scenario.strategies:
        if facts.treated(name) and not any(name in event.incidence for event in found.values()):
            text = f"{facts.scenario.label(name)} has no adverse event, though patients are treated"
            yield "adverse_events.events", f"{text}: add its incidence"
    for name, event in found.items():
        yield from _of_event(facts, f"adverse_events.events.{name}.incidence", event, old)
    yield from _twice(found)


def _of_event(facts: Facts, address: str, event: AdverseEvent, old: str) -> Iterator[Doubt]:
    new, label = facts.intervention, facts.scenario.label
    every = event.label.lower().startswith("any ")
    if every and len(set(event.incidence) & {new, old}) == 1:
        missing = old if new in event.incidence else new
        yield address, f"{event.label}: {label(missing)} has none; nobody is without any event, so add its incidence"
    if facts.treated(old) or old not in event.incidence:
        return
    if new not in event.incidence:
        yield address, f"{event.label}: only {label(old)} has it, which is no treatment; are the arms swapped?"
        return
    with_drug, without = facts.value(event.incidence[new]), facts.value(event.incidence[old])
    if with_drug is not None and without is not None and with_drug < without - FEWER * (1.0 + without):
        shares = f"{as_text(with_drug, 'proportion')} and {as_text(without, 'proportion')}"
        names = f"{label(new)} and {label(old)}"
        yield event.incidence[new], f"{event.label}, {names}: {shares}, fewer with treatment; are the arms swapped?"


def _twice(found: dict[str, AdverseEvent]) -> Iterator[Doubt]:
    """Yield events that are counted beside the event that holds them all."""
    every = [name for name, event in found.items() if event.label.lower().startswith("any ")]
    if every and len(found) > len(every):
        others = ", ".join(event.label for name, event in found.items() if name not in every)
        yield f"adverse_events.events.{every[0]}", f"counted twice: {found[every[0]].label} holds {others} too"
