"""Rules across costs of drugs: whose drug it is, what a day and an administration cost, how often it is dispensed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from netcea.costs.administration import Administration
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.plain_number import read
from netcea.plausibility.facts import Doubt, Facts, words_of
from netcea.plausibility.ranges import DRUG_PER_DAY, OWN_DRUG_PER_DAY, PER_ADMINISTRATION, Range
from netcea.plausibility.single import slip_of
from netcea.plausibility.slips import as_text
from netcea.quantities.units import DAYS_PER_YEAR

SPREAD_OF_SIZES: Final = (0.03, 0.5)
"""Lowest and highest standard deviation of weight or body surface over its mean."""
VIALS: Final = (0.02, 30.0)
"""Fewest and most vials of one administration."""
ROUNDING: Final = 1e-9
OCCASIONS: Final[Mapping[str, str]] = {
    "first": r"\b(first|initial|loading)\b",
    "later": r"\b(later|further|subsequent)\b",
}
"""When an administration takes place -> words of its label that say so."""
AS_OFTEN: Final = (0.4, 2.5)
"""Time between administrations over that between doses of the drug."""


def prices(facts: Facts) -> Iterator[Doubt]:
    """Yield drugs whose list price for a day is that of a tablet or a milligram, of pence, or of many packs.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for item in _paid(facts):
        if not item.price_per_pack:
            continue
        price, lasts = facts.value(item.price_per_pack), facts.value(item.pack_days)
        if price and lasts:
            own = isinstance(item, DrugAcquisition) and item.strategies != "all" and item.during == "on_treatment"
            wanted = OWN_DRUG_PER_DAY if own else DRUG_PER_DAY
            for address, text in _per_day(item.price_per_pack, price, lasts * DAYS_PER_YEAR, wanted):
                slip = slip_of(facts, address)
                yield address, f"{text}; {slip}" if slip else text


def _paid(facts: Facts) -> Iterator[DrugAcquisition | SubsequentTreatment]:
    """Yield items that pay for a drug, and what windows of time make of them."""
    for item in facts.scenario.file.costs.values():
        if isinstance(item, SubsequentTreatment):
            yield item
        elif isinstance(item, DrugAcquisition):
            yield from (phase for _, phase in item.phases())


def _per_day(address: str, price: float, days: float, wanted: Range) -> Iterator[Doubt]:
    """Yield a doubt about a price for a number of days."""
    if wanted.low <= price / days <= wanted.high:
        return
    if price / days > wanted.high:
        pence, year = as_text(price / 100.0, "GBP"), as_text(price / DAYS_PER_YEAR, "GBP")
        hint = f"in pence it would be {pence}, for a year {year} a day; or the pack lasts too short"
    elif price <= wanted.high and days <= wanted.high:
        pack = f"a pack of {read(days, 3)} would be {as_text(price * days, 'GBP')}"
        hint = f"it looks like a price per tablet; {pack}; or per milligram; or the pack lasts too long"
    else:
        hint = "the pack lasts too long"
    usual = f"GBP {read(wanted.low)} to {wanted.high:,.0f} would be usual ({wanted.source})"
    a_day = f"{as_text(price, 'GBP')} for {read(days, 3)} days is {as_text(price / days, 'GBP')} a day"
    yield address, f"{a_day}: implausible for {wanted.words}; {usual}; {hint}"


def owners(facts: Facts) -> Iterator[Doubt]:
    """Yield treated strategies without a drug of their own, drugs that nobody takes, and drugs of another strategy.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    items = _drugs(facts)
    for name, strategy in facts.scenario.file.strategies.items():
        own = {key: item for key, item in items.items() if item.strategies != "all" and item.applies_to(name)}
        if facts.treated(name):
            yield from _without_cost(facts, name, own)
            continue
        for key, item in own.items():
            if item.during == "on_treatment":
                text = f"{item.label} is paid on treatment, but nobody given {strategy.label} is ever on treatment"
                yield f"costs.{key}.strategies", f"{text}: it is never charged; is it another strategy's drug?"
    for key, item in items.items():
        yield from _of_another(facts, key, item)


def _without_cost(facts: Facts, name: str, own: Mapping[str, DrugAcquisition]) -> Iterator[Doubt]:
    """Yield a treated strategy none of whose own drugs costs anything."""
    phases = [phase for item in own.values() for _, phase in item.phases()]
    found = [phase.price_per_pack or phase.price_per_vial for phase in phases]
    confidential = any(address in facts.scenario.prices.secret for address in found)
    if not confidential and not any(facts.value(address) for address in found):
        label = facts.scenario.label(name)
        text = f"{label} is a treatment without a drug cost of its own"
        yield f"strategies.{name}.time_on_treatment", f"{text}: is its item missing, charged to others, or free?"


def _of_another(facts: Facts, key: str, item: DrugAcquisition) -> Iterator[Doubt]:
    """Yield a drug that bears the name of the intervention, and is charged to another strategy."""
    label = facts.scenario.label(facts.intervention)
    words = words_of(f"{facts.intervention} {label}")
    named = words_of(f"{key} {item.label} {item.price_per_pack} {item.price_per_vial}")
    for other in facts.scenario.strategies:
        bears = other != facts.intervention and item.applies_to(other)
        if bears and words & named and not words & words_of(f"{other} {facts.scenario.label(other)}"):
            text = f"{item.label} bears the name of {label} and is charged to {facts.scenario.label(other)}"
            hint = "what follows progression is a `subsequent_treatment`"
            yield f"costs.{key}.strategies", f"{text}, which does not have it; {hint}"


def dispensing(facts: Facts) -> Iterator[Doubt]:
    """Yield administrations that are charged much more or less often than the drugs of the strategy are given.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for item in facts.scenario.file.costs.values():
        if not isinstance(item, Administration) or item.occasions == "first":
            continue
        interval = facts.value(item.interval)
        given = [
            facts.value(drug.pack_days or drug.interval)
            for drug in _drugs(facts).values()
            if drug.during == item.during and facts.shared(item, drug)
        ]
        known = [time for time in given if time]
        if interval is None or not known:
            continue
        nearest = min(known, key=lambda time: abs(time - interval))
        if not AS_OFTEN[0] <= interval / nearest <= AS_OFTEN[1]:
            days = f"{read(interval * DAYS_PER_YEAR, 3)} days, the drug every {read(nearest * DAYS_PER_YEAR, 3)}"
            yield item.interval, f"{item.label} is charged every {days}: they should be the same"


def without_discount(facts: Facts) -> Iterator[Doubt]:
    """Yield drugs whose price stands in inputs/ beside a discount that the item does not name.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for key, item in facts.scenario.file.costs.items():
        if not isinstance(item, DrugAcquisition | SubsequentTreatment) or item.discount or not item.price_per_pack:
            continue
        if isinstance(item, DrugAcquisition) and any(phase.discount for _, phase in item.phases()):
            continue
        discount = facts.sibling(f"{item.price_per_pack.rpartition('.')[0]}.discount")
        if discount is not None and discount.value > 0.0:
            text = f"{item.label} is paid without the discount of {as_text(discount.value, discount.unit)}"
            yield f"costs.{key}.discount", f"{text} that inputs/ has beside its price: was it forgotten?"


def by_state(facts: Facts) -> Iterator[Doubt]:
    """Yield drugs of some strategies that are paid by health state, or again after progression; odd administrations.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for key, item in _drugs(facts).items():
        if item.during != "on_treatment" and not all(map(item.applies_to, facts.scenario.strategies)):
            text = f"{item.label} is paid in the state {item.during}, but only with {', '.join(item.strategies)}"
            yield f"costs.{key}.during", f"{text}: a strategy's own drug is paid `during: on_treatment`"
    own = {
        item.price_per_pack: item
        for item in _drugs(facts).values()
        if item.price_per_pack and item.during == "on_treatment" and item.strategies != "all"
    }
    for key, cost in facts.scenario.file.costs.items():
        drug = own.get(cost.price_per_pack) if isinstance(cost, SubsequentTreatment) else None
        if drug is not None and facts.shared(cost, drug):
            text = f"{cost.label} is {drug.label} again, after progression on it"
            yield f"costs.{key}.strategies", f"{text}: should only other strategies bear it?"
    yield from _odd_administrations(facts)


def _odd_administrations(facts: Facts) -> Iterator[Doubt]:
    """Yield administrations of drugs that nobody takes, and a first one that costs less than later ones."""
    items = {k: item for k, item in facts.scenario.file.costs.items() if isinstance(item, Administration)}
    for key, item in items.items():
        given = [name for name in facts.scenario.strategies if item.applies_to(name) and facts.treated(name)]
        if item.during != "on_treatment" and list(item.strategies) == given:
            text = f"{item.label} is paid in the state {item.during}, but only with {', '.join(given)}"
            yield f"costs.{key}.during", f"{text}: a drug is administered `during: on_treatment`"
        if item.during == "on_treatment" and not given:
            text = f"{item.label} is paid on treatment, but none of its strategies is ever on treatment"
            yield f"costs.{key}.strategies", f"{text}: is it another strategy's?"
        named = next((when for when, words in OCCASIONS.items() if re.search(words, item.label, re.IGNORECASE)), "")
        if named and item.occasions not in (named, "all" if named == "later" else named):
            text = f"{item.label} is charged at {item.occasions} occasions"
            yield f"costs.{key}.occasions", f"{text}: should it be `occasions: {named}`?"
        for later in items.values():
            if (item.occasions, later.occasions) == ("first", "later") and facts.shared(item, later):
                costs = facts.value(item.unit_cost), facts.value(later.unit_cost)
                if costs[0] is not None and costs[1] is not None and costs[0] < costs[1]:
                    text = f"{item.label} costs less than {later.label}"
                    yield f"costs.{key}.occasions", f"{text}: are the first and the later occasions swapped?"


def infusions(facts: Facts) -> Iterator[Doubt]:
    """Yield administrations that need implausibly many vials or cost implausibly much, and odd spreads of body size.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for item in _drugs(facts).values():
        mean, sd = facts.value(item.body_size_mean), facts.value(item.body_size_sd)
        if mean and sd is not None and not _usual_spread(sd, mean):
            usual = f"{SPREAD_OF_SIZES[0]:.0%} to {SPREAD_OF_SIZES[1]:.0%} of it would be usual"
            variance = f"; as a variance it would be {read(sd**0.5, 3)}" if _usual_spread(sd**0.5, mean) else ""
            text = f"a standard deviation of {read(sd)} around a body size of {read(mean)}; {usual}{variance}"
            yield str(item.body_size_sd), text
        for _, phase in item.phases():
            yield from _vials(facts, phase)


def _usual_spread(sd: float, mean: float) -> bool:
    return SPREAD_OF_SIZES[0] <= sd / mean <= SPREAD_OF_SIZES[1]


def _few(vials: float) -> bool:
    return VIALS[0] <= vials <= VIALS[1]


def _vials(facts: Facts, item: DrugAcquisition) -> Iterator[Doubt]:
    """Yield a doubt about the vials of one administration."""
    price, vial, dose = (facts.value(address) for address in (item.price_per_vial, item.vial_mg, item.dose))
    mean = facts.value(item.body_size_mean, 1.0)
    if not price or not vial or not dose or not mean:
        return
    vials = dose * mean / vial
    if not _few(vials):
        grams = [f"{what} in grams" for what, factor in (("a dose", 1e3), ("a vial", 1e-3)) if _few(vials * factor)]
        hint = "; it looks like " + " or ".join(grams) if grams else ""
        yield (
            str(item.dose),
            f"one administration needs {read(vials, 3)} vials: look at the units of dose and vial{hint}",
        )
    elif not PER_ADMINISTRATION.low <= vials * price <= PER_ADMINISTRATION.high:
        usual = f"GBP {read(PER_ADMINISTRATION.low)} to {PER_ADMINISTRATION.high:,.0f} would be usual"
        cost = as_text(vials * price, "GBP")
        yield str(item.price_per_vial), f"the vials of one administration cost {cost}; {usual}"


def after_progression(facts: Facts) -> Iterator[Doubt]:
    """Yield strategies whose subsequent treatments are given to more patients than progress.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    items = [item for item in facts.scenario.file.costs.values() if isinstance(item, SubsequentTreatment)]
    for name in facts.scenario.strategies:
        given = {item.label: _of_progressions(facts, item) for item in items if item.applies_to(name)}
        shares = [share for share in given.values() if share is not None]
        if len(shares) > 1 and sum(shares) > 1.0 + ROUNDING:
            text = f"{' and '.join(given)} add up to {read(sum(shares), 3)} of those who progress"
            yield "costs", f"with {facts.scenario.label(name)}, {text}: a share above 1 counts some patients twice"


def _of_progressions(facts: Facts, item: SubsequentTreatment) -> float | None:
    """Return the share of those who progress that has a treatment, about; None where a number is confidential."""
    share = facts.value(item.share)
    if item.of == "progressions" or share is None:
        return share
    die_first = facts.value(facts.scenario.file.survival.share_of_pfs_events_that_are_deaths)
    return None if die_first is None or die_first >= 1.0 else share / (1.0 - die_first)


def _drugs(facts: Facts) -> dict[str, DrugAcquisition]:
    """Return the items that pay for drugs."""
    return {key: item for key, item in facts.scenario.file.costs.items() if isinstance(item, DrugAcquisition)}
