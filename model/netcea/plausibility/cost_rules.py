"""Rules across other costs: what is charged twice or to some only, what a year of care comes to, years of prices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Final

from netcea.costs import AnyCostItem
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.end_of_life import EndOfLife
from netcea.costs.one_off import OneOff
from netcea.costs.payer import NHS
from netcea.costs.resource_use import ResourceUse
from netcea.plain_number import read
from netcea.plausibility.facts import Doubt, Facts, words_of
from netcea.plausibility.labelled import LABELLED, kind_of
from netcea.plausibility.ranges import CARE_PER_YEAR, YEARLY_INFLATION
from netcea.plausibility.slips import as_text
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS

OLD: Final = 5
"""Years after which a cost without an index is out of date."""
FARTHEST: Final = 15
"""Years that a price may be older than the scenario's price year."""
LATER: Final = 2
"""Years that a price may be later than it."""
OVERLAPS: Final[Mapping[str, frozenset[str]]] = {
    "alive": frozenset({"alive", "progression_free", "progressed", "on_treatment"}),
    "progression_free": frozenset({"alive", "progression_free", "on_treatment"}),
    "progressed": frozenset({"alive", "progressed"}),
    "on_treatment": frozenset({"alive", "progression_free", "on_treatment"}),
    "dead": frozenset({"dead"}),
}
"""Time in which a cost accrues -> times that share some of it."""
ONCE: Final = r"\b(biops|diagnos|genetic|genomic|molecular|baseline|initiation|one.off|staging|surg|screening|start)"
"""What the label of something that is done once begins a word with."""
REPEATED: Final = r"\b(monitor|weekly|monthly|annual|yearly|every|per (week|month|cycle|year))"
"""The same of something that is repeated."""
CARE_PER_DEATH: Final = "about GBP 8,714 (ID6184)"

PRICES: Final[Mapping[str, tuple[str, ...]]] = {
    "drug_acquisition": ("price_per_pack", "price_per_vial"),
    "subsequent_treatment": ("price_per_pack",),
}
"""Kind of cost -> the fields that name what it charges; `unit_cost` of the others."""


def twice(facts: Facts) -> Iterator[Doubt]:
    """Yield the same price, or the same care, that a strategy pays twice at a time.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for (first, one), (second, other) in combinations(facts.scenario.file.costs.items(), 2):
        same = _same_cost(facts, one, other) if one.kind == other.kind else ""
        if same and one.payer == other.payer and facts.shared(one, other) and _same_time(facts, one, other):
            text = f"{other.label} and {one.label} (costs.{first}) both charge {same} to the same patients"
            yield f"costs.{second}", f"{text} at the same time: counted twice?"


def _same_time(facts: Facts, one: AnyCostItem, other: AnyCostItem) -> bool:
    """Say whether two items accrue at the same time at least in part."""
    times = getattr(one, "during", "alive"), getattr(other, "during", "alive")
    if times[1] not in OVERLAPS[times[0]]:
        return False
    if {getattr(one, "occasions", "all"), getattr(other, "occasions", "all")} == {"first", "later"}:
        return False
    spans = (_spans(facts, one), _spans(facts, other))
    return any(max(a[0], b[0]) < min(a[1], b[1]) for a, b in product(*spans))


def _spans(facts: Facts, item: AnyCostItem) -> list[tuple[float, float]]:
    """Return the starts and ends of the stretches of time in which an item accrues."""
    limited = [window for window, _ in item.phases()] if isinstance(item, DrugAcquisition) else [item]
    return [
        (facts.value(getattr(each, "starts", None)) or 0.0, facts.value(getattr(each, "ends", None)) or 1e9)
        for each in limited
    ]


def _same_cost(facts: Facts, one: AnyCostItem, other: AnyCostItem) -> str:
    """Say what two items of one kind both charge; nothing where it differs."""
    if isinstance(one, EndOfLife):
        return "the cost of the end of life"
    for name in PRICES.get(one.kind, ("unit_cost",)):
        cost, again = facts.value(getattr(one, name)), facts.value(getattr(other, name))
        if cost and cost == again:
            return as_text(cost, "GBP")
    if not (isinstance(one, DrugAcquisition) and isinstance(other, DrugAcquisition)):
        return ""
    return "a drug of the same name" if one.label == other.label else _background(facts, one, other)


def _background(facts: Facts, one: DrugAcquisition, other: DrugAcquisition) -> str:
    """Say that a strategy's own drug is, by a word of its name, one that others have in the background."""
    taken = [{name for name in facts.scenario.strategies if item.applies_to(name)} for item in (one, other)]
    if taken[0] == taken[1] or not (taken[0] <= taken[1] or taken[1] <= taken[0]):
        return ""
    few, many = (one, other) if taken[0] < taken[1] else (other, one)
    labels = " ".join(facts.scenario.label(name) for name in min(taken, key=len))
    common = sorted(words_of(f"{few.label} {labels}") & words_of(many.label))
    return f"a drug that is called {common[0]}" if common else ""


def care(facts: Facts) -> Iterator[Doubt]:
    """Yield a year of care in a state that costs too little or too much.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    per_year: dict[str, float] = {}
    for item in _care(facts).values():
        if item.ends is None:
            parts = facts.value(item.unit_cost), facts.value(item.frequency), facts.value(item.share, 1.0)
            cost = float("nan") if None in parts else (parts[0] or 0.0) * (parts[1] or 0.0) * (parts[2] or 0.0)
            per_year[item.during] = per_year.get(item.during, 0.0) + cost
    for during, cost in per_year.items():
        if 0.0 < cost < CARE_PER_YEAR.low or cost > CARE_PER_YEAR.high:
            usual = (
                f"GBP {read(CARE_PER_YEAR.low)} to {CARE_PER_YEAR.high:,.0f} would be usual ({CARE_PER_YEAR.source})"
            )
            hint = "look at the units of the frequencies, and at costs per visit, cycle and month"
            yield "costs", f"a year of care in the state {during} costs {as_text(cost, 'GBP')}; {usual}: {hint}"


def for_some_only(facts: Facts) -> Iterator[Doubt]:
    """Yield care and costs of death that only some strategies pay, and death that is charged over time.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    strategies = facts.scenario.strategies
    for key, item in _care(facts).items():
        if item.during != "on_treatment" and not all(map(item.applies_to, strategies)):
            text = f"{item.label} is charged by health state, but only to {', '.join(item.strategies)}"
            yield f"costs.{key}.strategies", f"{text}: others in the same state need the same care"
    for key, cost in facts.scenario.file.costs.items():
        if not isinstance(cost, EndOfLife) and kind_of(cost.label, key) is LABELLED[0]:
            yield f"costs.{key}.kind", f"{cost.label} is a {cost.kind}: `kind: end_of_life` charges it once, at death"
    items = [item for item in facts.scenario.file.costs.values() if isinstance(item, EndOfLife)]
    missing = [name for name in strategies if not any(item.applies_to(name) for item in items)]
    if items and missing:
        labels = ", ".join(map(facts.scenario.label, missing))
        yield "costs", f"the end of life costs nothing with {labels}, though everybody dies"


def end_of_life(facts: Facts) -> Iterator[Doubt]:
    """Yield a model in which nobody's end of life costs anything.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    items = {key: item for key, item in facts.scenario.file.costs.items() if isinstance(item, EndOfLife)}
    named = any(kind_of(cost.label, key) is LABELLED[0] for key, cost in facts.scenario.file.costs.items())
    if not items and not named:
        yield (
            "costs",
            "the end of life costs nothing, though everybody dies: is an item of `kind: end_of_life` missing?",
        )
    for item in items.values():
        if facts.value(item.unit_cost) == 0.0:
            text = "the end of life costs nothing, though everybody dies"
            yield item.unit_cost, f"{text}: {CARE_PER_DEATH} would be usual"


def once(facts: Facts) -> Iterator[Doubt]:
    """Yield what is done once and is charged over time, what is repeated and charged once, and packs that no drug is.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    packs = {
        address: item.label
        for item in facts.scenario.file.costs.values()
        for name in PRICES.get(item.kind, ())
        if (address := getattr(item, name))
    }
    for key, item in facts.scenario.file.costs.items():
        if isinstance(item, ResourceUse) and item.ends is None and re.search(ONCE, item.label, re.IGNORECASE):
            text = f"{item.label} is charged over time, but looks like something that is done once"
            yield f"costs.{key}.kind", f"{text}: `kind: one_off` charges it once"
        elif isinstance(item, OneOff) and re.search(REPEATED, item.label, re.IGNORECASE):
            text = f"{item.label} is charged once, but looks like something that is repeated"
            yield f"costs.{key}.kind", f"{text}: `kind: resource_use` charges it over time"
        if isinstance(item, ResourceUse | OneOff) and item.unit_cost in packs:
            text = f"{item.label} charges the price of a pack of {packs[item.unit_cost]}"
            yield f"costs.{key}.unit_cost", f"{text}, which is an item of its own: counted twice?"


def _care(facts: Facts) -> dict[str, ResourceUse]:
    """Return the items of care that the NHS pays."""
    items = facts.scenario.file.costs.items()
    return {key: item for key, item in items if isinstance(item, ResourceUse) and item.payer == NHS}


def price_years(facts: Facts) -> Iterator[Doubt]:
    """Yield price indices that rise as no index does, and old costs that are not uprated.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    now = _year(facts.scenario.file.settings.price_year)
    drugs = {use.address for use in facts.uses if use.role.endswith((".price_per_pack", ".price_per_vial"))}
    told = set()
    for address, quantity in sorted(facts.scenario.quantities.items()):
        year = _year(quantity.price_year)
        if now is None or year is None or UNITS[quantity.unit].dimension != "money" or not facts.quantity(address):
            continue
        if quantity.index and (quantity.index, year) not in told:
            told.add((quantity.index, year))
            yield from _index(facts, quantity, facts.scenario.factors[address], now - year)
        away, old = now - year, not quantity.index and address not in drugs
        if away > FARTHEST or away < -LATER or (old and away >= OLD):
            text = f"a price of {quantity.price_year} in a model of {facts.scenario.file.settings.price_year}"
            yield address, f"{text}: is the year right, or is `index` missing?"
        elif old and away > 0 and (beside := _uprated_beside(facts, quantity)):
            text = f"a price of {quantity.price_year} that is not uprated, while others of that year are, by {beside}"
            yield address, f"{text}: is `index` missing?"


def _uprated_beside(facts: Facts, quantity: Quantity) -> str:
    """Return the index of other prices of the same year and the same source; empty where they have none."""
    return next(
        (
            q.index
            for q in facts.scenario.quantities.values()
            if q.index and q.price_year == quantity.price_year and set(q.source) & set(quantity.source)
        ),
        "",
    )


def _index(facts: Facts, quantity: Quantity, factor: float, years: int) -> Iterator[Doubt]:
    """Yield a price index that rises as no index does."""
    low, high = (rise ** max(abs(years), 1) for rise in YEARLY_INFLATION)
    if not low <= (factor if years >= 0 else 1.0 / factor) <= high:
        span = f"from {quantity.price_year} to {facts.scenario.file.settings.price_year}"
        usual = "1% to 7% a year would be usual (NHS cost inflation index): look for a misplaced decimal point"
        yield f"costs.price_index.{quantity.index}", f"{span} costs rise {read(factor, 3)} times; {usual}"


def _year(text: str) -> int | None:
    """Return the first year of a price year."""
    found = re.match(r"(\d{4})", text)
    return int(found.group(1)) if found else None


def decision(facts: Facts) -> Iterator[Doubt]:
    """Yield an intervention that is no treatment, or that is the established practice severity is measured against.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    chosen, label = facts.scenario.file.decision, facts.scenario.label
    if not facts.treated(chosen.intervention):
        text = f"{label(chosen.intervention)} is appraised, but nobody is on treatment"
        swapped = facts.treated(chosen.comparator)
        hint = "are intervention and comparator swapped?" if swapped else "see its time_on_treatment"
        yield "decision.intervention", f"{text}: {hint}"
    if chosen.established_practice == chosen.intervention:
        text = f"severity is measured against {label(chosen.intervention)}, which is appraised"
        yield "decision.established_practice", f"{text}; it is measured against what is used now"
