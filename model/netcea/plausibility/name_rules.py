"""Rules on the names that numbers bear: of another strategy, cohort, health state, or kind of care."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from netcea.costs import AnyCostItem
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.plausibility.facts import Doubt, Facts, words_of
from netcea.plausibility.labelled import kind_of

OTHER_STATE: Final = {"progression_free": "progressed", "progressed": "progression_free"}
"""Health state in which care is given -> the other one."""


def other_names(facts: Facts) -> Iterator[Doubt]:
    """Yield numbers of one strategy that bear the name of another.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    names = {name: words_of(f"{name} {facts.scenario.label(name)}") for name in facts.scenario.strategies}
    for use in facts.uses:
        keys = use.place.split(".")
        of = keys[1] if keys[0] == "strategies" else keys[-1] if use.role == "event.incidence" else ""
        last = words_of(".".join(use.address.split(".")[-2:]))
        others = [name for name, words in names.items() if of in names and words & last - names[of]]
        if others and not last & names[of] and not use.place.endswith(("hazard_ratio", ".trial")):
            text = f"it bears the name of {', '.join(map(facts.scenario.label, others))}"
            yield use.place, f"{use.address} is used for {facts.scenario.label(of)}, but {text}: are they swapped?"


def of_other_strategies(facts: Facts) -> Iterator[Doubt]:
    """Yield hazard ratios and drugs of one strategy whose address has the name of another as one of its parts.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    names = set(facts.scenario.strategies)
    items = facts.scenario.file.costs
    for use in facts.uses:
        keys = use.place.split(".")
        if keys[0] == "strategies":
            bears = {keys[1]}
        elif keys[0] == "costs" and isinstance(item := items[keys[1]], DrugAcquisition):
            bears = {name for name in names if item.applies_to(name)}
        else:
            continue
        parts = set(use.address.split("."))
        others = (parts & names) - bears
        if others and not parts & bears and use.role.endswith((".hazard_ratio", ".price_per_pack", ".price_per_vial")):
            labels = ", ".join(map(facts.scenario.label, sorted(others)))
            own = ", ".join(map(facts.scenario.label, sorted(bears)))
            yield use.place, f"{use.address} is used for {own}, but it bears the name of {labels}: is it another's?"


def other_cohorts(facts: Facts) -> Iterator[Doubt]:
    """Yield numbers that bear the name of another cohort than most numbers of the scenario.

    Cohorts are the groups of `inputs/` beside that of the starting age: an address bears the name of one where a part
    of it, or a word of a part, is the name of a group that has such a number too.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    above, cohort, last = facts.scenario.file.population.start_age.rsplit(".", 2)
    named: dict[str, set[str]] = {}
    known: dict[str, bool] = {}
    for use in facts.uses:
        for word in {word for part in use.address.split(".") for word in (part, *part.split("_"))}:
            if word not in known:
                known[word] = word == cohort or facts.sibling(f"{above}.{word}.{last}") is not None
            if known[word]:
                named.setdefault(use.address, set()).add(word)
    counts = Counter(next(iter(words)) for words in named.values() if len(words) == 1)
    if len(counts) < 2:
        return
    own = counts.most_common(1)[0][0]
    for address, words in sorted(named.items()):
        if own not in words:
            text = f"it bears the name of the cohort {min(words)}, most numbers that of {own}"
            yield address, f"{text}: is it another population's?"


def of_other_states(facts: Facts) -> Iterator[Doubt]:
    """Yield numbers of care in one health state whose address bears the name of the other.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for use in facts.uses:
        keys = use.place.split(".")
        during = getattr(facts.scenario.file.costs.get(keys[1]), "during", "") if keys[0] == "costs" else ""
        other = OTHER_STATE.get(during)
        parts = use.address.split(".")
        if other in parts and during not in parts:
            words = during.replace("_", "-")
            text = f"it bears the name of the state {other.replace('_', '-')}"
            yield use.place, f"{use.address} is used for care while {words}, but {text}: is it of the other state?"


def of_other_care(facts: Facts) -> Iterator[Doubt]:
    """Yield frequencies whose label names other care than the cost item that they are used for.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for use in facts.uses:
        if use.role != "resource_use.frequency" or use.quantity is None:
            continue
        item = facts.scenario.file.costs[use.place.split(".")[1]].label
        meant, named = kind_of(item), kind_of(use.quantity.label)
        if meant is not None and named is not None and meant is not named:
            text = f"its label, {use.quantity.label!r}, is of {named.name}"
            yield use.place, f"{use.address} is how often there is {item!r}, but {text}: is it another item's?"


OF_ITEMS: Final = frozenset({"share", "duration", "pack_days", "discount", "interval", "frequency", "dose", "vial_mg"})
"""Entries of cost items whose numbers may bear the name of an item."""


def of_other_items(facts: Facts) -> Iterator[Doubt]:
    """Yield shares, durations and the like of one cost item whose address bears the name of another item's drug.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    items = facts.scenario.file.costs
    words = {key: _words_of_item(facts, key) for key in items}
    for use in facts.uses:
        keys = use.place.split(".")
        if keys[0] != "costs" or keys[-1] not in OF_ITEMS:
            continue
        named = words_of(" ".join(use.address.split(".")[-2:]).replace("_", " "))
        drugs = {key for key in items if key != keys[1] and named & _words_of_drug(items[key])}
        alike = words_of(keys[1].replace("_", " "))
        others = sorted(key for key in drugs if not named & words[keys[1]] and not alike & words[key])
        if others:
            labels = ", ".join(items[key].label for key in others)
            text = f"it bears the name of {labels}"
            yield use.place, f"{use.address} is used for {items[keys[1]].label}, but {text}: is it another item's?"


def _words_of_drug(item: AnyCostItem) -> set[str]:
    """Return the words by which the price of an item knows its drug; none where it has no price of a pack or vial."""
    prices = (getattr(item, "price_per_pack", None), getattr(item, "price_per_vial", None))
    return set().union(*(words_of(a.split(".")[-2].replace("_", " ")) for a in prices if a and "." in a))


def _words_of_item(facts: Facts, key: str) -> set[str]:
    """Return the words of an item's name, label and price, and of the strategies that bear it where not all do."""
    item, label = facts.scenario.file.costs[key], facts.scenario.label
    bears = [name for name in facts.scenario.strategies if item.applies_to(name)]
    own = "" if len(bears) == len(facts.scenario.strategies) else " ".join(f"{n} {label(n)}" for n in bears)
    return words_of(f"{key} {item.label} {own}".replace("_", " ")) | _words_of_drug(item)


def of_other_trials(facts: Facts) -> Iterator[Doubt]:
    """Yield shapes of a curve that are of another trial than the landmarks which give the shape of other families.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for name, strategy in facts.scenario.file.strategies.items():
        for endpoint, curve in (("pfs", strategy.pfs), ("os", strategy.os)):
            for family, address in (curve.shape or {}).items():
                other = ".".join(address.split(".")[:2])
                for landmark in (curve.shape_from or [])[:1]:
                    own, within = ".".join(landmark.split(".")[:2]), landmark.split(".", 2)[2:]
                    if own != other and facts.sibling(".".join([other, *within])) is not None:
                        text = f"{address} goes with landmarks of {own} for the other families"
                        yield f"strategies.{name}.{endpoint}.shape.{family}", f"{text}: is it of another trial?"
