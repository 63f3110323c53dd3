"""What is live in a workbook, as entries of a scenario's `set`: whole choices turned back into YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from netcea.scenario.scenario import Scenario, TimeOnTreatment
from netcea.survival.curve import Curve, RatioInterval
from netcea.workbook.choice import Choice, CurveChoices
from netcea.workbook.variants import Variants

Sets: TypeAlias = dict[str, Any]
GROUPS: Final = ("adverse_events.events.", "costs.")
RULE: Final = ".rule"
CROSSOVER: Final = ("hazard_ratio_observed", "hazard_ratio")


@dataclass(frozen=True)
class Live:
    """The selected scenario, the option of every choice that is live, and every number.

    Attributes
    ----------
    variants : Variants
    selected : int
        Number of the scenario, from 0.
    options : mapping of address of a choice -> number of its option, from 0
    numbers : mapping of address -> float
        In the unit of inputs/.
    """

    variants: Variants
    selected: int
    options: dict[str, int]
    numbers: dict[str, float]

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that is selected."""
        return self.variants.scenarios[self.selected]

    def key(self, choice: Choice) -> str:
        """Return what tells the live option from others."""
        return choice.keys[self.options[choice.address]]

    def content(self, choice: Choice) -> Any:
        """Return what the live option is."""
        return choice.values[self.options[choice.address]]

    def moved(self, choice: Choice) -> bool:
        """Say whether another option is live than the selected scenario takes."""
        return self.options[choice.address] != choice.taken[self.selected]

    def taker(self, choice: Choice) -> Scenario | None:
        """Return a scenario that takes the live option, the selected one before others."""
        option, scenarios = self.options[choice.address], self.variants.scenarios
        if choice.taken[self.selected] == option:
            return self.scenario
        return next((s for s, taken in zip(scenarios, choice.taken, strict=True) if taken == option), None)


def sets_of_choices(live: Live) -> dict[str, tuple[Any, str]]:
    """Return address -> (value, address of the choice it comes from), for what differs from the selected scenario."""
    found: dict[str, tuple[Any, str]] = {}
    for sets, moved in (*_of_strategies(live), *_of_groups(live), *_of_others(live)):
        found.update({address: (value, moved.address) for address, value in sets.items()})
    return found


def _of_strategies(live: Live) -> Iterator[tuple[Sets, Choice]]:
    for curve in live.variants.curves.values():
        moved = [choice for choice in curve.choices if live.moved(choice)]
        if moved and curve.endpoint != "time_on_treatment":
            yield _curve_sets(live, curve), moved[0]
    for address, choice in live.variants.choices.items():
        if address.endswith(RULE):
            of_treatment = live.variants.curves.get(address.removesuffix(RULE))
            moved = [c for c in (choice, *(of_treatment.choices if of_treatment is not None else ())) if live.moved(c)]
            if moved:
                yield _treatment_sets(live, choice, of_treatment), moved[0]


def _of_groups(live: Live) -> Iterator[tuple[Sets, Choice]]:
    """Yield cost items and adverse events; `set` takes one away only with the group as a whole."""
    for group in GROUPS:
        choices = [c for a, c in live.variants.choices.items() if a.startswith(group)]
        moved = [c for c in choices if live.moved(c)]
        gone = [c for c in moved if live.content(c) is None]
        if gone:
            left = {c.address.removeprefix(group): live.content(c) for c in choices}
            yield {group.removesuffix("."): {n: _given(b) for n, b in left.items() if b is not None}}, gone[0]
        else:
            yield from ((_differences(live, choice), choice) for choice in moved)


def _of_others(live: Live) -> Iterator[tuple[Sets, Choice]]:
    for address, choice in live.variants.choices.items():
        if live.moved(choice) and not address.startswith(GROUPS) and not address.endswith(RULE):
            yield _differences(live, choice), choice


def _at(scenario: Scenario, address: str) -> Any:
    node: Any = scenario.file
    for key in address.split("."):
        node = node.get(key) if isinstance(node, Mapping) else getattr(node, key)
    return node


def _given(block: Any) -> Any:
    """Return a block as it would stand in a file: without what it leaves out."""
    return block.model_dump(mode="json", exclude_unset=True) if hasattr(block, "model_dump") else block


def _differences(live: Live, choice: Choice) -> Sets:
    """Return what to set so that a block becomes the live one: its entries, or the whole if it is of another kind."""
    address, new = choice.address, live.content(choice)
    old = _at(live.scenario, address)
    if old is None or not hasattr(old, "model_dump"):
        return {address: _given(new)}
    if getattr(old, "kind", None) != getattr(new, "kind", None):
        return {address: _given(new)}
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return {f"{address}.{key}": value for key, value in after.items() if value != before[key]}


RELATIVE: Final = {"background_mortality": "excess", "relative_survival": True}
"""What a fit of relative survival brings with it, whether or not the scenario says so."""


def _curve_sets(live: Live, curve: CurveChoices) -> Sets:
    taker = live.taker(curve.origin)
    if taker is None:
        return {}
    old, block = (getattr(s.file.strategies[curve.strategy], curve.endpoint) for s in (live.scenario, taker))
    new = _curve(live, curve, block)
    before = old.model_dump(mode="json")
    relative = [s.curves[curve.address].relative_survival for s in (live.scenario, taker)]
    if relative[0]:
        before |= RELATIVE
    said = set() if relative[0] == relative[1] else set(RELATIVE)  # what a fit does not say for another one
    changed = {key: value for key, value in new.items() if value != before[key] or key in said}
    return {f"{curve.address}.{key}": value for key, value in changed.items()}


def _curve(live: Live, curve: CurveChoices, block: Curve) -> dict[str, Any]:
    """Return the block of a curve with the live ratio, waning and background mortality."""
    new = block.model_dump(mode="json")
    if block.trial is None:  # its ratio is estimated with the curve
        new |= _ratios(live.content(curve.ratio))
    ratios = live.content(curve.crossover)
    new["without_crossover"] = dict(zip(CROSSOVER, ratios, strict=True)) if ratios else None
    new["waning"] = None
    fades = live.content(curve.waning)
    if fades:
        towards = fades.towards.split(".")[1]
        plain = towards == block.relative_to
        new["waning"] = {
            "starts": fades.starts,
            "ends": fades.ends,
            "towards": None if plain else towards,
            "since": fades.since,
            "accrued_gain": "lost" if fades.loses_gain else "kept",
        }
        own = block.waning.model_dump(mode="json") if block.waning else None
        if own and {**own, "towards": own["towards"] or block.relative_to} == {**new["waning"], "towards": towards}:
            new["waning"] = own
    new["background_mortality"] = live.content(curve.background)
    new["relative_survival"] = new["background_mortality"] == "excess"
    return new


def _ratios(intervals: Sequence[RatioInterval]) -> dict[str, Any]:
    """Return the entries of a hazard ratio, or of one that changes with time; None where there is none.

    >>> _ratios((RatioInterval("a.early", "a.month_6"), RatioInterval("a.late", None)))["hazard_ratios"][1]
    {'until': None, 'hazard_ratio': 'a.late'}
    """
    one = intervals[0].hazard_ratio if len(intervals) == 1 else None
    several = [{"until": i.until, "hazard_ratio": i.hazard_ratio} for i in intervals] if len(intervals) > 1 else None
    return {"hazard_ratio": one, "hazard_ratios": several}


def _treatment_sets(live: Live, choice: Choice, curve: CurveChoices | None) -> Sets:
    """Return who is on treatment: a rule, or a curve of its own that another scenario has."""
    kind, stops_at = live.content(choice)
    address = choice.address.removesuffix(RULE)
    strategy = address.split(".")[1]
    old = live.scenario.file.strategies[strategy].time_on_treatment
    new = TimeOnTreatment(rule="none").model_dump(mode="json")
    if kind != "curve":
        new["rule"] = kind
    else:
        taker = live.taker(curve.origin) if curve is not None else None
        block = taker.file.strategies[strategy].time_on_treatment if taker is not None else old
        new = block.model_dump(mode="json")
        if curve is not None and block.curve is not None:
            new["curve"] = _curve(live, curve, block.curve)
    new["stops_at"] = stops_at or None
    before = old.model_dump(mode="json")
    return {f"{address}.{key}": value for key, value in new.items() if value != before[key]}
