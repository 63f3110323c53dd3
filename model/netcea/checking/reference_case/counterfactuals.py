"""A scenario under the reference case: for each departure the changes that undo it, or why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netcea.checking.findings import ALIGNED, ReferenceCaseRow
from netcea.checking.reference_case.in_force import PACKS, later_pack
from netcea.checking.reference_case.rules import HORIZON, PACK, PERSPECTIVE, RATE, RATES, SEVERITY
from netcea.checking.reference_case.standing import Standing
from netcea.checking.reference_case.value_sets import move_to
from netcea.costs.payer import NHS
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import join_address
from netcea.quantities.price_types import PAID_BY_NHS, PRICE_WORDS
from netcea.scenario.comparators import modelled
from netcea.scenario.drug_prices import DrugPrice, drug_prices
from netcea.scenario.scenario import RelatedScenario, Scenario

OLDEST: Final = 110
"""Age to which the horizon is lengthened: there the general population's QALYs end, too. [years]"""
HEALTH: Final = ("RC8", "RC9", "RC10")
SEVERITY_ENTRIES: Final = ("absolute", "proportional")
CANNOT: Final[Mapping[str, str]] = {
    "RC1": "nothing to run: the decision problem is words, and changes no result",
    "RC3": "not run: no utility that is lost to adverse events is named by the scenario",
    "RC7": "not run: what a systematic review would have found besides is not known",
    "RC14": "nothing to run: results at the point estimates do not depend on it",
    "RC15": "not run: no time at which the effect ends is named; a scenario with one belongs into the bias ledger",
    "RC16": "nothing to run: results do not depend on it",
}
"""Rule -> why nothing is run under it."""


@dataclass(frozen=True)
class Counterfactual:
    """A scenario as a rule of the reference case has it.

    Attributes
    ----------
    rule : str
        Rules that it sets right, such as 'RC13'.
    words : str
        What is changed; or why nothing can be run.
    changes : mapping of address -> value
        As ``--set`` takes them; empty where a file is laid over the scenario, or where nothing can be run.
    load : callable, optional
        Loads it; None where nothing can be run.
    bound : bool
        Whether it is a bound in place of the reference case, and not part of it.
    """

    rule: str
    words: str
    changes: Mapping[str, object] = field(default_factory=dict)
    load: Callable[[], Scenario] | None = field(default=None, compare=False, repr=False)
    bound: bool = False


def counterfactuals(standing: Standing, rows: Iterable[ReferenceCaseRow]) -> Iterator[Counterfactual]:
    """Yield what is run for each rule that is not met, and the sentence where nothing can be.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    rows : iterable of ReferenceCaseRow
        How it stands to each.
    """
    departs = [row.rule for row in rows if row.state != ALIGNED]
    for rule in departs:
        if rule in CANNOT:
            yield Counterfactual(rule, CANNOT[rule])
        elif rule in MAKERS:
            yield from MAKERS[rule](standing)
    health = [rule for rule in departs if rule in HEALTH]
    if health:
        yield from _health(standing, "/".join(health))


def all_together(standing: Standing, found: Iterable[Counterfactual]) -> Counterfactual | None:
    """Return all that can be set right by changes at once; None where that is not more than one rule.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    found : iterable of Counterfactual
        One by one.
    """
    parts = [one for one in found if one.changes and not one.bound]
    rules = dict.fromkeys(one.rule for one in parts)
    if len(rules) < 2:
        return None
    changes = {address: value for one in parts for address, value in one.changes.items()}
    return _changed(standing, ", ".join(rules), "all of these together", changes)


def _changed(
    standing: Standing, rule: str, words: str, changes: Mapping[str, object], *, bound: bool = False
) -> Counterfactual:
    return Counterfactual(rule, words, changes, lambda: standing.related.changed(changes, brief=True), bound)


def _comparators(standing: Standing) -> Iterator[Counterfactual]:
    """Yield each scenario that is named for comparators that are left out, and who is in none."""
    problem, done = standing.scenario.file.decision_problem, set[str]()
    for number, left_out in enumerate(problem.not_modelled):
        if not left_out.scenario:
            yield Counterfactual("RC2", f"{left_out.comparator}: not run, no scenario has it. {left_out.reason}")
        elif left_out.scenario not in done:
            done.add(left_out.scenario)
            named = [c.comparator for c in problem.not_modelled if c.scenario == left_out.scenario]
            other = standing.related.named(f"decision_problem.not_modelled.{number}.scenario", left_out.scenario)
            yield _with_comparators(named, other)
    if not problem.not_modelled:
        yield Counterfactual("RC2", "not run: comparators that are named and not modelled have no scenario")


def _with_comparators(named: Sequence[str], other: RelatedScenario) -> Counterfactual:
    """Return the scenario that is named for comparators; a bound, where it does not have them all as strategies."""
    words = " and ".join(named)
    try:
        scenario = other.load()
    except InputError as error:
        return Counterfactual("RC2", f"{words}: not run, {other.source} cannot be: {why(error)}")
    labels = [strategy.label for strategy in scenario.file.strategies.values()]
    if all(modelled(comparator, labels) for comparator in named):
        return Counterfactual("RC2", f"with {words} ({other.source})", {}, lambda: scenario)
    text = f"{words} is no strategy of the scenario named for it, {other.source}; no comparison with it"
    return Counterfactual("RC2", text, {}, lambda: scenario, bound=True)


def _perspective(standing: Standing) -> Iterator[Counterfactual]:
    yield _changed(standing, "RC4", f"costs of {NHS} alone", {PERSPECTIVE: NHS})


def _horizon(standing: Standing) -> Iterator[Counterfactual]:
    file = standing.scenario.file
    years = OLDEST - float(base_case(standing.scenario)[file.population.start_age][0, 0])
    if years <= file.settings.horizon_years:
        yield Counterfactual("RC6", f"not run: the horizon reaches age {OLDEST} already")
    else:
        yield _changed(standing, "RC6", f"horizon of {read(years)} years, to age {OLDEST}", {HORIZON: years})


def _equity(standing: Standing) -> Iterator[Counterfactual]:
    later = later_pack(standing)
    if later:
        yield _changed(standing, "RC11", f"{later}, each at its own thresholds", {PACK: later})
    if standing.scenario.method_pack.severity == SEVERITY:
        return
    pack = f"{PACKS}.{standing.scenario.method_pack.name}.severity"
    changes = dict[str, object](zip(_entries("weight", ("1_0", "1_2", "1_7")), SEVERITY.weights, strict=True))
    for scale in SEVERITY_ENTRIES:
        changes |= dict(zip(_entries(scale, ("1_2", "1_7")), getattr(SEVERITY, scale), strict=True))
    named = {f"{pack}.{entry}": value for entry, value in changes.items()}
    yield _changed(standing, "RC11", "severity weights and cut-offs of the manual", named)


def _entries(start: str, ends: Iterable[str]) -> list[str]:
    return [f"{start}_{end}" for end in ends]


def _prices(standing: Standing) -> Iterator[Counterfactual]:
    """Yield the scenario without discounts, and at prices that the NHS pays in place of list prices."""
    prices = drug_prices(standing.scenario).values()
    discounts = list(dict.fromkeys(d for price in prices for d in price.discounts))
    if discounts:
        words = f"without the discounts {', '.join(discounts)}"
        yield _changed(standing, "RC12", words, dict.fromkeys(discounts, 0.0))
    for price in prices:
        if not price.paid_by_nhs:
            yield _paid(standing, price)


def _paid(standing: Standing, price: DrugPrice) -> Counterfactual:
    """Return the scenario at a price of the same drug that the NHS pays, if inputs/ has one."""
    inputs, group = standing.inputs, price.address.rpartition(".")[0]
    others = (a for a in inputs.below(group) if inputs.exists(a) and a != price.address)
    paid = next((a for a in others if getattr(inputs.node(a), "price_type", "") in PAID_BY_NHS), "")
    if not paid:
        return Counterfactual(
            "RC12",
            f"{price.address}: not run, inputs/ has no price that the NHS pays for it "
            "(netcea threshold: which price would meet each threshold)",
        )
    places = [
        join_address(use.path)
        for name in price.items
        for use in addresses_in(standing.scenario.file.costs[name], ("costs", name))
        if use.address == price.address
    ]
    kind = PRICE_WORDS[getattr(inputs.node(paid), "price_type", "")]
    return _changed(standing, "RC12", f"{paid} ({kind}) for {price.address}", dict.fromkeys(places, paid))


def _discounting(standing: Standing) -> Iterator[Counterfactual]:
    costs, qalys, later = RATES
    changes: dict[str, object] = {costs: RATE, qalys: RATE, later: []}
    yield _changed(standing, "RC13", f"{RATE:.1%} for costs and QALYs, for all time", changes)


def _health(standing: Standing, rules: str) -> Iterator[Counterfactual]:
    """Yield the scenario by utilities of the method pack's value set, and without losses that are of another one."""
    wanted = standing.scenario.method_pack.value_set
    if not wanted:
        yield Counterfactual(rules, f"not run: {standing.scenario.method_pack.name} is of no value set")
        return
    departing = [u for u in standing.utilities if u.value_set != wanted]
    states = [u for u in departing if u.place.startswith("utilities.")]
    if any(u.value_set for u in states) or standing.scenario.severity_norms.value_set != wanted:
        move = move_to(standing, wanted)
        if move.why_not:
            yield Counterfactual(rules, f"not run: {move.why_not}")
        else:
            yield _changed(standing, rules, move.words, move.changes)
    losses = list(dict.fromkeys(u.address for u in departing if u not in states))
    if losses:
        words = f"none of {wanted} in inputs/ for {', '.join(losses)}; as a bound, nothing is lost"
        yield _changed(standing, rules, words, dict.fromkeys(losses, 0.0), bound=True)
    unsaid = dict.fromkeys(u.address for u in states if not u.value_set)
    if unsaid or not departing:
        which = f"the value set of {', '.join(unsaid)}" if unsaid else "who answered, or by what it was measured"
        yield Counterfactual(
            rules, f"not run: inputs/ does not say {which}, so that there is nothing to take in its place"
        )


MAKERS: Final[Mapping[str, Callable[[Standing], Iterator[Counterfactual]]]] = {
    "RC2": _comparators,
    "RC4": _perspective,
    "RC6": _horizon,
    "RC11": _equity,
    "RC12": _prices,
    "RC13": _discounting,
}
"""Rule -> what is run where it is not met."""


def refusal(standing: Standing, changes: Mapping[str, object]) -> str:
    """Return why a scenario cannot be so; empty where it can.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    changes : mapping of address -> value
        As ``--set`` takes them.
    """
    try:
        standing.related.changed(changes, brief=True)
    except InputError as error:
        return why(error)
    return ""


def why(error: InputError) -> str:
    """Return why a scenario cannot be, without the place: that is where netcea itself changed it.

    Parameters
    ----------
    error : InputError
        Of loading it.
    """
    first = error.problems[0]
    texts = (f"{first.address}: found {first.found}", f"expected {first.expected}", first.suggestion)
    return " ".join("; ".join(text for text in texts if text).split())
