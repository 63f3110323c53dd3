"""The numbers: sources, status, uncertainty, utilities, costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.submission.checklists.answer import (
    Found,
    Place,
    Reply,
    listed,
    missing,
    no,
    not_applicable,
    partly,
    whether,
    yes,
)
from netcea.submission.checklists.evidence import Evidence, rows_of, section
from netcea.submission.checklists.topics.decision import of_rule

UNSURE = ("assumption", "unverified")
MOST = 4
"""Numbers that an answer names."""


def statuses(numbers: Mapping[str, Quantity]) -> str:
    """Return how many numbers are of each status, in words.

    Parameters
    ----------
    numbers : mapping of address -> Quantity
        Of a scenario.
    """
    n = Counter(q.status for q in numbers.values())
    return ", ".join(f"{n[s]} {s}" for s in ("published", "derived", "assumption", "unverified") if n[s]) or "none"


def parameters(evidence: Evidence) -> Found:
    """Return whether every number is listed with value, range, distribution and source."""
    if evidence.table("base_case", "inputs") is None:
        return evidence.not_run("base_case")
    without = [a for a, q in evidence.quantities.items() if not set(q.source) & set(evidence.scenario.bibliography)]
    words = f"{len(evidence.quantities)} numbers with value, unit, 95% range or the reason why they are fixed, "
    words += f"distribution, status and source: {statuses(evidence.quantities)}; "
    words += f"{len(evidence.scenario.bibliography)} sources."
    where = (section("B.3.9"), evidence.place("base_case", "inputs"), evidence.place("base_case", "sources"))
    return no(f"{words} Without a source: {', '.join(without[:MOST])}.", *where) if without else yes(words, *where)


def distributions(evidence: Evidence) -> Found:
    """Return which families of distributions are used, and whether draws stay where their numbers can be."""
    if "U7-U11" not in evidence.verdicts:
        return evidence.not_run("verify")
    families = Counter(q.uncertainty.family.replace("_", " ") for q in evidence.quantities.values())
    listed = ", ".join(f"{n} {family}" for family, n in sorted(families.items()))
    outcome, found = evidence.verdicts["U7-U11"]
    words = f"By family: {listed}. {found}."
    return whether(outcome != "fail", words, section("B.3.9"), evidence.place("base_case", "inputs"))


def standard_errors(evidence: Evidence) -> Found:
    """Return whether spreads are those of means: draws within published intervals as often as they should be."""
    if "X3" not in evidence.verdicts or "U20-U21" not in evidence.verdicts:
        return evidence.not_run("verify")
    (one, intervals), (two, moments) = evidence.verdicts["X3"], evidence.verdicts["U20-U21"]
    published = sum(q.uncertainty.family in ("ci95", "split_log_normal") for q in evidence.quantities.values())
    words = f"{published} spreads are published 95% intervals of means, ratios or medians. {intervals}; {moments}. "
    words += "Spreads that inputs/ states as a distribution are taken as they are."
    reply: Reply = "no" if "fail" in (one, two) else "partly"
    where = (section("B.3.9"), evidence.place("base_case", "inputs"), evidence.place("verify", "passed"))
    return Found("answered", words, reply, where)


def data_quality(evidence: Evidence) -> Found:
    """Return how many numbers are published, derived, assumed, unverified."""
    weak = {a: q for a, q in evidence.quantities.items() if q.status in UNSURE}
    words = f"By status, each with a note where it is not published: {statuses(evidence.quantities)}."
    words += " No risk of bias of a study is recorded; the bias ledger says whom each assumption favours."
    named = [q.label or a for a, q in weak.items()]
    words += listed("Assumed or unverified, among others", named[:MOST])
    return partly(words, section("B.3.9"), evidence.place("base_case", "inputs"), evidence.place("base_case", "ledger"))


def important_parameters(evidence: Evidence) -> Found:
    """Return what the numbers that move the result most rest on."""
    table = evidence.table("one_way", "one_way")
    if table is None:
        return evidence.not_run("one_way")
    first = [str(row["address"]) for row in rows_of(table)][:LARGEST]
    numbers = {a: evidence.quantities[a] for a in first if a in evidence.quantities}
    if not numbers:
        return missing("The one-way analysis names no single number.", evidence.place("one_way", "one_way"))
    weak = [q.label or a for a, q in numbers.items() if q.status in UNSURE]
    words = f"Of the {len(numbers)} numbers that move the result most: {statuses(numbers)}."
    words += listed("Assumed or unverified", weak)
    return (partly if weak else yes)(words, section("B.3.11"), evidence.place("one_way", "one_way"))


LARGEST = 10
"""Numbers of the one-way analysis that count as important."""


def review(evidence: Evidence) -> Found:
    """Return whether a systematic review stands behind the numbers of efficacy."""
    return of_rule(evidence, "RC7", Place("inputs/sources.yaml, entry review"))


def source_choices(evidence: Evidence) -> Found:
    """Return which choices between sources the ledger gives reasons for and tests."""
    table = evidence.table("base_case", "ledger")
    if table is None:
        return evidence.not_run("base_case") if not evidence.has("base_case") else no("There is no bias ledger.")
    on_numbers = [e for e in evidence.ledger if e.address in evidence.quantities or _group(evidence, e.address)]
    tested = [e for e in on_numbers if e.tested_by]
    words = f"{len(on_numbers)} entries of the bias ledger are about numbers, with the reason; other sources or values "
    words += f"are run for {len(tested)} of them."
    reply = yes if on_numbers and len(tested) == len(on_numbers) else partly
    return reply(words, section("B.3.9"), evidence.place("base_case", "ledger")) if on_numbers else no(words)


def _group(evidence: Evidence, address: str) -> bool:
    return any(a.startswith(f"{address}.") for a in evidence.quantities)


# --------------------------------------------------------------------------------------------------------- utilities
def utilities(evidence: Evidence) -> Found:
    """Return whether utilities are of the instrument that the reference case asks for."""
    return of_rule(evidence, "RC8", section("B.3.4"), Place("utilities"))


def utility_sources(evidence: Evidence) -> Found:
    """Return which sources utilities come from."""
    used = evidence.numbers("utilities")
    if not used:
        return missing("No utility of inputs/ is in use.", Place("utilities"))
    without = [a for a, q in used.items() if not set(q.source) & set(evidence.scenario.bibliography)]
    sources = dict.fromkeys(s for q in used.values() for s in q.source)
    words = f"{len(used)} utilities and losses of {', '.join(sources)}: {statuses(used)}."
    where = (section("B.3.4"), evidence.place("base_case", "inputs"))
    return no(f"{words} Without a source: {', '.join(without)}.", *where) if without else yes(words, *where)


def valuation(evidence: Evidence) -> Found:
    """Return who was asked and whose values turned answers into utilities."""
    asked, valued = of_rule(evidence, "RC9"), of_rule(evidence, "RC10", section("B.3.4"))
    if "missing" in (asked.state, valued.state):
        return asked
    worst = max((asked.reply, valued.reply), key=("yes", "partly", "no").index)
    return Found("answered", f"{asked.words} {valued.words}", worst, valued.places)


# ------------------------------------------------------------------------------------------------------------- costs
def costs(evidence: Evidence) -> Found:
    """Return which costs there are and by what they are valued."""
    table = evidence.table("base_case", "costs_by_item")
    if table is None:
        return evidence.not_run("base_case")
    kinds = Counter(cost.category.label for cost in evidence.costs.values())
    listed = ", ".join(f"{n} {kind.lower()}" for kind, n in kinds.items())
    money = _money(evidence)
    words = f"{len(evidence.costs)} costs ({listed}), valued by {len(money)} prices and unit costs: {statuses(money)}."
    where = (section("B.3.5"), evidence.place("base_case", "costs_by_item"))
    return (partly if any(q.status in UNSURE for q in money.values()) else yes)(words, *where)


def _money(evidence: Evidence) -> dict[str, Quantity]:
    return {a: q for a, q in evidence.quantities.items() if UNITS[q.unit].dimension == "money"}


def cost_sources(evidence: Evidence) -> Found:
    """Return whether every price, unit cost and frequency has a source."""
    used = evidence.numbers("costs") | _money(evidence)
    if not used:
        return missing("No cost of inputs/ is in use.", Place("costs"))
    without = [a for a, q in used.items() if not set(q.source) & set(evidence.scenario.bibliography)]
    sources = dict.fromkeys(s for q in used.values() for s in q.source)
    words = f"{len(used)} numbers of {len(sources)} sources: {statuses(used)}."
    where = (section("B.3.5"), evidence.place("base_case", "inputs"), evidence.place("base_case", "sources"))
    return no(f"{words} Without a source: {', '.join(without)}.", *where) if without else yes(words, *where)


def price_year(evidence: Evidence) -> Found:
    """Return currency and price year, and how prices of other years are brought to it."""
    settings, money = evidence.file.settings, _money(evidence)
    others = {a: q for a, q in money.items() if q.price_year != settings.price_year}
    uprated = [a for a in others if evidence.scenario.factors.get(a, 1.0) != 1.0 and others[a].index]
    words = f"{settings.currency}, prices of {settings.price_year}; {len(others)} of {len(money)} prices are of other "
    words += f"years, {len(uprated)} of them uprated by {', '.join(evidence.scenario.price_indices) or 'no index'}, "
    words += "the rest as they stand. Nothing is converted from other currencies."
    return yes(words, section("B.3.5"), Place("settings.price_year"), evidence.place("base_case", "inputs"))


def inflation(evidence: Evidence) -> Found:
    """Return what the price index does to costs of other years: factors above 1 where it rose."""
    money = _money(evidence)
    indexed = {a: evidence.scenario.factors.get(a, 1.0) for a, q in money.items() if q.index}
    if not indexed:
        return not_applicable("No price of this scenario is uprated.")
    year = evidence.file.settings.price_year
    moved = {a: f for a, f in indexed.items() if money[a].price_year != year}
    wrong = [a for a, f in moved.items() if (f > 1.0) != (money[a].price_year < year) and f != 1.0]
    words = f"{len(moved)} prices of other years are multiplied by what the index rose, "
    words += f"by {min(moved.values(), default=1.0):.3f} to {max(moved.values(), default=1.0):.3f}."
    words += listed("Against the course of years", wrong)
    return whether(not wrong, words, Place("settings.price_year"), evidence.place("base_case", "inputs"))
