"""Rules across costs: whose drug it is, what is charged twice, what a day, a year, an administration comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from netcea.costs.administration import Administration
from netcea.costs.cost_item import CostItem
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.end_of_life import EndOfLife
from netcea.costs.resource_use import ResourceUse
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.plausibility.facts import Doubt, Facts
from netcea.plausibility.labelled import LABELLED, kind_of
from netcea.plausibility.ranges import (
    CARE_PER_YEAR,
    DRUG_PER_DAY,
    OWN_DRUG_PER_DAY,
    PER_ADMINISTRATION,
    YEARLY_INFLATION,
    Range,
)
from netcea.plausibility.slips import as_text
from netcea.quantities.units import DAYS_PER_YEAR, UNITS

OLD: Final = 5
"""Years after which a price without an index is out of date."""
SPREAD_OF_SIZES: Final = (0.03, 0.5)
"""Lowest and highest standard deviation of weight or body surface over its mean."""
OVERLAPS: Final = {
    "alive": {"alive", "progression_free", "progressed", "on_treatment"},
    "progression_free": {"alive", "progression_free", "on_treatment"},
    "progressed": {"alive", "progressed"},
    "on_treatment": {"alive", "progression_free", "on_treatment"},
}
"""Time in which a cost accrues -> times that share some of it."""


def drug_prices(facts: Facts) -> Iterator[Doubt]:
    """Yield drugs whose list price for a day is that of a tablet or a milligram, of pence, or of many packs.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for _, item in _items(facts, DrugAcquisition, SubsequentTreatment):
        price, lasts = facts.value(item.price_per_pack), facts.value(item.pack_days)
        if price is not None and lasts is not None and lasts > 0.0 and item.price_per_pack:
            own = isinstance(item, DrugAcquisition) and item.strategies != "all" and item.during == "on_treatment"
            wanted = OWN_DRUG_PER_DAY if own else DRUG_PER_DAY
            days = lasts * DAYS_PER_YEAR
            yield from _per_day(item.price_per_pack, price, days, wanted)


def _per_day(address: str, price: float, days: float, wanted: Range) -> Iterator[Doubt]:
    if wanted.low <= price / days <= wanted.high or price == 0.0:
        return
    text = (
        f"{as_text(price, 'GBP')} for {days:.3g} days is {as_text(price / days, 'GBP')} a day: implausible for "
        f"{wanted.words}, GBP {wanted.low:g} to {wanted.high:,.0f} ({wanted.source})"
    )
    if price / days < wanted.low:
        tablet = f"it looks like a price per tablet; a pack of {days:.3g} would be {as_text(price * days, 'GBP')}"
        tablet = tablet if wanted.low <= price <= wanted.high else "it looks like a price per milligram"
        yield address, f"{text}; {tablet}; or the pack lasts too long"
    else:
        yield address, f"{text}; in pence it would be {as_text(price / 100, 'GBP')}; or the pack lasts too short"


def whose_drug(facts: Facts) -> Iterator[Doubt]:
    """Yield treated strategies without a drug of their own, drugs that nobody takes, and drugs of another strategy.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    items = dict(_items(facts, DrugAcquisition))
    for name, strategy in facts.scenario.file.strategies.items():
        own = {key: item for key, item in items.items() if item.strategies != "all" and item.applies_to(name)}
        if facts.treated(name):
            yield from _without_cost(facts, name, own)
        for key, item in own.items():
            if item.during == "on_treatment" and not facts.treated(name):
                text = f"{item.label} is paid on treatment, but nobody given {strategy.label} is ever on treatment"
                yield f"costs.{key}.strategies", f"{text}: it is never charged; is it another strategy's drug?"
    for key, item in items.items():
        yield from _of_another(facts, key, item)


def _without_cost(facts: Facts, name: str, own: Mapping[str, DrugAcquisition]) -> Iterator[Doubt]:
    """Yield a treated strategy none of whose own drugs costs anything."""
    prices = [facts.value(item.price_per_pack or item.price_per_vial) for item in own.values()]
    if not any(price is None or price > 0.0 for price in prices):
        label = facts.scenario.label(name)
        yield f"strategies.{name}.time_on_treatment", f"{label} is a treatment without a drug cost of its own"


def _of_another(facts: Facts, key: str, item: DrugAcquisition) -> Iterator[Doubt]:
    """Yield a drug that bears the name of the intervention, and is charged to another strategy."""
    label = facts.scenario.label(facts.intervention)
    words = {word for word in re.findall(r"[a-z]{5,}", f"{facts.intervention} {label}".lower())}
    named = f"{key} {item.label} {item.price_per_pack} {item.price_per_vial}".lower()
    others = [other for other in facts.scenario.strategies if other != facts.intervention and item.applies_to(other)]
    charged = [other for other in others if facts.treated(other) or item.during != "on_treatment"]
    charged = charged or (others if item.strategies == "all" or not item.applies_to(facts.intervention) else [])
    for other in charged:
        own = re.findall(r"[a-z]{5,}", f"{other} {facts.scenario.label(other)}".lower())
        if any(re.search(rf"(^|[^a-z]){word}", named) for word in words) and not words & set(own):
            text = f"{item.label} bears the name of {label} and is charged to {facts.scenario.label(other)}"
            yield f"costs.{key}.strategies", f"{text}, which does not have it; subsequent treatment is a kind of its own"


def counted_twice(facts: Facts) -> Iterator[Doubt]:
    """Yield the same price, or the same care, that a strategy pays twice at a time.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    items = list(facts.scenario.file.costs.items())
    for (first, one), (second, other) in combinations(items, 2):
        if one.kind == other.kind and _shared(facts, one, other) and _same_time(facts, one, other):
            same = _same_cost(facts, one, other)
            if same:
                text = f"{other.label} and {one.label} (costs.{first}) charge {same} to the same patients at the same time"
                yield f"costs.{second}", f"{text}: counted twice?"


def _shared(facts: Facts, one: CostItem, other: CostItem) -> bool:
    return any(one.applies_to(name) and other.applies_to(name) for name in facts.scenario.strategies)


def _same_time(facts: Facts, one: CostItem, other: CostItem) -> bool:
    """Say whether two items accrue at the same time at least in part."""
    times = getattr(one, "during", "alive"), getattr(other, "during", "alive")
    if times[1] not in OVERLAPS.get(times[0], {times[0]}):
        return False
    if {getattr(one, "occasions", "all"), getattr(other, "occasions", "all")} == {"first", "later"}:
        return False
    starts = [facts.value(getattr(item, "starts", None), 0.0) or 0.0 for item in (one, other)]
    ends = [facts.value(getattr(item, "ends", None), 1e9) or 1e9 for item in (one, other)]
    return max(starts) < min(ends)


def _same_cost(facts: Facts, one: CostItem, other: CostItem) -> str:
    """Say what two items of one kind both charge; nothing where it differs."""
    if isinstance(one, EndOfLife):
        return "the cost of the end of life"
    for name in ("price_per_pack", "price_per_vial", "unit_cost"):
        address = getattr(one, name, None)
        if address is None or getattr(other, name, None) is None:
            continue
        values = facts.value(address), facts.value(getattr(other, name))
        if values[0] is not None and values[0] == values[1] and values[0] > 0.0:
            return as_text(values[0], "GBP")
    if isinstance(one, DrugAcquisition) and isinstance(other, DrugAcquisition) and one.label == other.label:
        return "a drug of the same name"
    return ""


def dispensing(facts: Facts) -> Iterator[Doubt]:
    """Yield administrations that are charged much more or less often than the drugs of the strategy are given.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    drugs = [item for _, item in _items(facts, DrugAcquisition)]
    for _, item in _items(facts, Administration):
        interval = facts.value(item.interval)
        given = [
            facts.value(drug.pack_days or drug.interval)
            for drug in drugs
            if drug.during == item.during and _shared(facts, item, drug)
        ]
        known = [x for x in given if x is not None and x > 0.0]
        if interval is None or not known or item.occasions == "first":
            continue
        nearest = min(known, key=lambda x: abs(x - interval))
        if not 0.4 <= interval / nearest <= 2.5:
            days = f"{interval * DAYS_PER_YEAR:.3g} days, the drug every {nearest * DAYS_PER_YEAR:.3g}"
            yield item.interval, f"{item.label} is charged every {days}: they should be the same"


def care(facts: Facts) -> Iterator[Doubt]:
    """Yield a year of care in a state that costs too little or too much, and care that only some strategies pay.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    per_year: dict[str, float] = {}
    complete: dict[str, bool] = {}
    for key, item in _items(facts, ResourceUse):
        parts = (facts.value(item.unit_cost), facts.value(item.frequency), facts.value(item.share, 1.0))
        complete[item.during] = complete.get(item.during, True) and None not in parts
        cost = 1.0
        for part in parts:
            cost *= part or 0.0
        if item.ends is None:
            per_year[item.during] = per_year.get(item.during, 0.0) + cost
        kind = kind_of(item.label, key)
        if kind is LABELLED[0]:
            yield f"costs.{key}.kind", f"{item.label} is charged over time: `kind: end_of_life` charges it once per death"
        if item.strategies != "all" and item.during != "on_treatment" and len(item.strategies) < len(facts.scenario.strategies):
            text = f"{item.label} is charged by health state, but only to {', '.join(item.strategies)}"
            yield f"costs.{key}.strategies", f"{text}: others in the same state need the same care"
    for during, cost in per_year.items():
        if complete[during] and cost > 0.0 and not CARE_PER_YEAR.low <= cost <= CARE_PER_YEAR.high:
            usual = f"GBP {CARE_PER_YEAR.low:g} to {CARE_PER_YEAR.high:,.0f} would be usual ({CARE_PER_YEAR.source})"
            yield (
                "costs",
                f"a year of care in the state {during} costs {as_text(cost, 'GBP')}; {usual}: look at the units of the "
                "frequencies, and at costs per visit, cycle and month",
            )


def for_some_only(facts: Facts) -> Iterator[Doubt]:
    """Yield costs of death that only some strategies pay, though everybody dies.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    paying = {name for _, item in _items(facts, EndOfLife) for name in facts.scenario.strategies if item.applies_to(name)}
    missing = [facts.scenario.label(name) for name in facts.scenario.strategies if name not in paying]
    if paying and missing:
        yield "costs", f"the end of life costs nothing with {', '.join(missing)}, though everybody dies"


def infusions(facts: Facts) -> Iterator[Doubt]:
    """Yield administrations that need implausibly many vials or cost implausibly much, and odd spreads of body size.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for _, item in _items(facts, DrugAcquisition):
        price, vial, dose = (facts.value(a) for a in (item.price_per_vial, item.vial_mg, item.dose))
        mean, sd = facts.value(item.body_size_mean, 1.0), facts.value(item.body_size_sd)
        if mean is not None and sd is not None and not SPREAD_OF_SIZES[0] <= sd / mean <= SPREAD_OF_SIZES[1]:
            usual = f"{SPREAD_OF_SIZES[0]:.0%} to {SPREAD_OF_SIZES[1]:.0%} of it would be usual"
            yield str(item.body_size_sd), f"a standard deviation of {sd:g} around a body size of {mean:g}; {usual}"
        if None in (price, vial, dose, mean) or not vial or not price:
            continue
        vials = (dose or 0.0) * (mean or 1.0) / vial
        cost = vials * price
        if not 0.02 <= vials <= 30.0:
            yield str(item.dose), f"one administration needs {vials:.3g} vials: look at the units of dose and vial"
        elif not PER_ADMINISTRATION.low <= cost <= PER_ADMINISTRATION.high:
            usual = f"GBP {PER_ADMINISTRATION.low:g} to {PER_ADMINISTRATION.high:,.0f} would be usual"
            yield str(item.price_per_vial), f"the vials of one administration cost {as_text(cost, 'GBP')}; {usual}"


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
        if UNITS[quantity.unit].dimension != "money" or facts.quantity(address) is None:
            continue
        year, factor = _year(quantity.price_year), facts.scenario.factors[address]
        if now is None or year is None:
            continue
        years = now - year
        if quantity.index and not _plausible_rise(factor, years):
            if (quantity.index, year) not in told:
                told.add((quantity.index, year))
                yield (
                    f"costs.price_index.{quantity.index}",
                    f"from {quantity.price_year} to {facts.scenario.file.settings.price_year} costs rise {factor:.3g} times; "
                    "1% to 7% a year would be usual (NHS cost inflation index): look for a misplaced decimal point",
                )
        elif not quantity.index and abs(years) >= OLD and address not in drugs:
            text = f"a price of {quantity.price_year} is used in {facts.scenario.file.settings.price_year} as it is"
            yield address, f"{text}: is the year right, or is `index` missing?"
        elif abs(years) > 15:
            yield address, f"a price of {quantity.price_year}, {abs(years)} years away: is the year right?"


def _plausible_rise(factor: float, years: int) -> bool:
    low, high = (rise ** max(abs(years), 1) for rise in YEARLY_INFLATION)
    return low <= (factor if years >= 0 else 1.0 / factor) <= high


def _year(text: str) -> int | None:
    found = re.match(r"(\d{4})", text)
    return int(found.group(1)) if found else None


def decision(facts: Facts) -> Iterator[Doubt]:
    """Yield an intervention that is no treatment, or that is the established practice severity is measured against.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    chosen = facts.scenario.file.decision
    label = facts.scenario.label
    if not facts.treated(chosen.intervention):
        text = f"{label(chosen.intervention)} is appraised, but nobody is on treatment"
        hint = "are intervention and comparator swapped?" if facts.treated(chosen.comparator) else "see time_on_treatment"
        yield "decision.intervention", f"{text}: {hint}"
    if chosen.established_practice == chosen.intervention:
        text = f"severity is measured against {label(chosen.intervention)}, which is appraised"
        yield "decision.established_practice", f"{text}; it is measured against what is used now"


def _items(facts: Facts, *kinds: type[CostItem]) -> Iterator[tuple[str, object]]:
    """Yield cost items of some kinds, by their name."""
    for name, item in facts.scenario.file.costs.items():
        if isinstance(item, kinds):
            yield name, item


