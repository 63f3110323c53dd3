"""What can be switched in a workbook: the numbers and choices in which its scenarios differ, each option once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from netcea.cohort.timeline import timeline
from netcea.engine.point_estimates import base_case
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel
from netcea.workbook.titles import titles_of

ENDPOINTS = ("pfs", "os", "time_on_treatment")


@dataclass
class Choice:
    """A choice that cells hold: its options, and which of them each scenario takes.

    Attributes
    ----------
    address, label : str
    options : list of str
        As the drop-down shows them.
    contents : list
        What each option is.
    taken : list of int
        For each scenario the number of its option, from 0.
    """

    address: str
    label: str
    options: list[str] = field(default_factory=list)
    contents: list[Any] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)

    def add(self, key: str, content: Any, words: str) -> None:
        """Take an option for the next scenario; the same key is the same option."""
        keys = [known for known, _ in self.contents]
        if key not in keys:
            text = words
            number = 2
            while text in self.options:
                text, number = f"{words} ({number})", number + 1
            self.options.append(text)
            self.contents.append((key, content))
            keys.append(key)
        self.taken.append(keys.index(key))

    @property
    def values(self) -> list[Any]:
        """Return what each option is."""
        return [content for _, content in self.contents]


@dataclass(frozen=True)
class Origin:
    """Where a curve comes from, before its ratio: a family with its parameters, or another strategy's curve."""

    model: CurveModel


@dataclass(frozen=True)
class Slot:
    """One curve of one strategy, with everything about it that can be switched.

    Attributes
    ----------
    address, strategy, endpoint : str
    origin : Choice
        Of CurveModel.
    ratio : Choice
        Of the address of a hazard ratio, or ''.
    waning : Choice
        Of (starts, ends, towards), or ().
    background : Choice
        Of 'none', 'hazard_floor', 'excess'.
    """

    address: str
    strategy: str
    endpoint: str
    origin: Choice
    ratio: Choice
    waning: Choice
    background: Choice

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return all four."""
        return self.origin, self.ratio, self.waning, self.background


@dataclass(frozen=True)
class Variants:
    """Scenarios that fit one workbook, and in what they differ.

    Attributes
    ----------
    scenarios : tuple of Scenario
        The one that is exported first.
    titles : tuple of str
        What the selector calls them; no two are alike.
    refused : tuple of (name, reason)
    cycles : int
        Rows of the traces.
    slots : mapping of address -> Slot
    choices : mapping of address -> Choice
        All others: settings, cost items, utilities, adverse events, tables.
    numbers : mapping of address -> list of float
        For each scenario the number in the unit of inputs/; nan where it does not use it.
    """

    scenarios: tuple[Scenario, ...]
    titles: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    cycles: int
    slots: dict[str, Slot]
    choices: dict[str, Choice]
    numbers: dict[str, list[float]]

    @property
    def base(self) -> Scenario:
        """The scenario that is exported."""
        return self.scenarios[0]


SETTINGS: dict[str, tuple[str, ...]] = {
    "half_cycle_correction": ("trapezium", "start", "end"),
    "discounting": ("mid_cycle", "cycle_start", "annual"),
    "crossing": ("cap_pfs", "raise_os"),
}
NUMBERS_OF_SETTINGS = ("horizon_years", "cycle_days", "discount_rate_costs", "discount_rate_qalys")
ADDRESSES = ("population.start_age", "population.proportion_female", "survival.share_of_pfs_events_that_are_deaths")
"""Choices of one number each."""
LONGEST = 120
"""Letters of an option's text."""
TIMINGS = ("at_start", "on_treatment")


def variants_of(scenarios: Sequence[Scenario], cycles: int | None = None) -> Variants:
    """Return what scenarios differ in; those that do not fit the first one's sheets are refused with the reason."""
    base = scenarios[0]
    rows = cycles or n_cycles(base)
    fitting, refused = [base], []
    for scenario in scenarios[1:]:
        reason = misfit(base, scenario, rows)
        if reason:
            refused.append((scenario.file.name, reason))
        else:
            fitting.append(scenario)
    slots: dict[str, Slot] = {}
    for strategy in base.strategies:
        for endpoint in ENDPOINTS:
            address = f"strategies.{strategy}.{endpoint}"
            if any(address in s.curves for s in fitting):
                slots[address] = _slot(fitting, strategy, endpoint)
    return Variants(
        tuple(fitting), titles_of(fitting), tuple(refused), rows, slots, _choices(fitting), _numbers(fitting)
    )


def _choices(scenarios: Sequence[Scenario]) -> dict[str, Choice]:
    """Return every choice but those of curves."""
    base = scenarios[0]
    found = [
        _fixed(f"settings.{name}", name.replace("_", " "), options, [getattr(s.file.settings, name) for s in scenarios])
        for name, options in SETTINGS.items()
    ]
    found += [_choice(scenarios, address, address, partial(_part, address=address)) for address in ADDRESSES]
    found += [
        _choice(scenarios, address, label, partial(_part, address=address))
        for address, label in (
            ("population.life_table", "life table"),
            ("population.norms", "norms"),
            ("decision.method_pack", "method pack"),
        )
    ]
    found.append(_choice(scenarios, "utilities", "utilities", lambda s: s.file.utilities, _utilities))
    for strategy in base.strategies:
        address, label = f"strategies.{strategy}.time_on_treatment.rule", f"time on treatment, {base.label(strategy)}"
        found.append(_choice(scenarios, address, label, partial(_treatment, strategy=strategy), _treatment_words))
    timings = [s.file.adverse_events.timing for s in scenarios]
    found.append(_fixed("adverse_events.timing", "when adverse events happen", TIMINGS, timings))
    for name in dict.fromkeys(event for s in scenarios for event in s.file.adverse_events.events):
        address = f"adverse_events.events.{name}"
        found.append(_choice(scenarios, address, f"adverse event: {name}", partial(_event, name=name), _event_words))
    for name in dict.fromkeys(item for s in scenarios for item in s.file.costs):
        found.append(_choice(scenarios, f"costs.{name}", f"cost: {name}", partial(_cost, name=name), _item))
    return {choice.address: choice for choice in found}


def n_cycles(scenario: Scenario) -> int:
    """Return how many cycles a scenario has."""
    settings = scenario.file.settings
    return timeline(settings.horizon_years, settings.cycle_days).n_cycles


def misfit(base: Scenario, other: Scenario, rows: int) -> str:
    """Return why a scenario does not fit the sheets of another; empty if it does."""
    if other.strategies != base.strategies:
        return f"other strategies: {', '.join(other.label(s) for s in other.strategies)}"
    mine, its = base.file.decision, other.file.decision
    if (mine.intervention, mine.comparator, mine.established_practice) != (
        its.intervention,
        its.comparator,
        its.established_practice,
    ):
        return "another intervention, comparator or established practice"
    if n_cycles(other) > rows:
        return f"{n_cycles(other)} cycles; these sheets have {rows} (export it by itself)"
    return ""


def _choice(
    scenarios: Sequence[Scenario],
    address: str,
    label: str,
    content: Callable[[Scenario], Any],
    words: Callable[[Any], str] = str,
) -> Choice:
    choice = Choice(address, label)
    for scenario in scenarios:
        found = content(scenario)
        text = "not in this scenario" if found is None else words(found)
        dump = found.model_dump_json() if hasattr(found, "model_dump_json") else json.dumps(found)
        choice.add(dump, found, text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...")
    return choice


def _fixed(address: str, label: str, options: Sequence[str], taken: Sequence[str]) -> Choice:
    """Return a choice with all options that there are, whether a scenario takes them or not."""
    return Choice(address, label, list(options), [(o, o) for o in options], [options.index(t) for t in taken])


def _event(scenario: Scenario, name: str) -> Any:
    return scenario.file.adverse_events.events.get(name)


def _event_words(event: Any) -> str:
    sources = sorted({a.split(".")[1] for a in event.incidence.values()})
    cost, years = (a.rpartition(".")[2] for a in (event.unit_cost, event.duration))
    return f"{event.label}: incidence of {', '.join(sources)}; {cost}, {years}".replace("_", " ")


def _cost(scenario: Scenario, name: str) -> Any:
    return scenario.file.costs.get(name)


def _treatment_words(taken: tuple[str, str]) -> str:
    return taken[0].replace("_", " ") + (f", stops at {taken[1]}" if taken[1] else "")


def _part(scenario: Scenario, address: str) -> Any:
    group, name = address.split(".")
    return getattr(getattr(scenario.file, group), name)


def _treatment(scenario: Scenario, strategy: str) -> tuple[str, str]:
    rule = scenario.file.strategies[strategy].time_on_treatment
    kind = rule.rule if rule.rule in ("none", "until_progression") else "curve"
    return kind, rule.stops_at or ""


def _utilities(block: Any) -> str:
    parts = [block.by.replace("_", " ")]
    parts += [value.rpartition(".")[0].rpartition(".")[2] for value in (block.progression_free,) if value]
    if block.on_treatment_disutility:
        parts.append(f"on treatment: {block.on_treatment_disutility.rpartition('.')[2]}")
    parts.append("age-adjusted" if block.age_adjustment == "multiplicative" else "not age-adjusted")
    return ", ".join(parts)


def _item(item: Any) -> str:
    extra = [getattr(item, name) for name in ("method", "occasions", "during") if getattr(item, name, None)]
    return ", ".join([item.kind.replace("_", " "), *(str(e).replace("_", " ") for e in extra)])


def _slot(scenarios: Sequence[Scenario], strategy: str, endpoint: str) -> Slot:
    address = f"strategies.{strategy}.{endpoint}"
    origin = Choice(f"{address}.curve", f"{endpoint}: curve")
    ratio = Choice(f"{address}.hazard_ratio", f"{endpoint}: hazard ratio")
    waning = Choice(f"{address}.waning", f"{endpoint}: waning of the effect")
    background = Choice(f"{address}.background_mortality", f"{endpoint}: background mortality")
    for kind in ("none", "hazard_floor", "excess"):
        background.options.append(kind)
        background.contents.append((kind, kind))
    for scenario in scenarios:
        model = scenario.curves.get(address)
        if model is None:
            origin.add("none", None, "none")
            ratio.add("", "", "none")
            waning.add(json.dumps(()), (), "none")
            background.taken.append(0)
            continue
        origin.add(_origin_key(model), model, _origin_words(model))
        ratio.add(model.hazard_ratio or "", model.hazard_ratio or "", model.hazard_ratio or "none")
        fades = (model.waning_starts, model.waning_ends, model.waning_towards) if model.waning_starts else ()
        waning.add(json.dumps(fades), fades, _waning_words(fades))
        background.taken.append(background.options.index(model.background_mortality))
    return Slot(address, strategy, endpoint, origin, ratio, waning, background)


def _waning_words(fades: tuple[Any, ...]) -> str:
    if not fades:
        return "none"
    short = [str(a).rpartition(".")[2] for a in fades[:2]]
    return f"at once at {short[0]}" if fades[0] == fades[1] else f"from {short[0]} to {short[1]}"


def _origin_key(model: CurveModel) -> str:
    d = model.distribution
    structure = {} if d is None else {**d.constants, **{k: v.tolist() for k, v in d.tables.items()}}
    return json.dumps(
        [
            None if d is None else d.name,
            structure,
            dict(model.parameters),
            model.time_factor,
            model.median,
            model.moved_to_median is not None,
            model.relative_to,
            model.acceleration_factor,
        ]
    )


def _origin_words(model: CurveModel) -> str:
    if model.distribution is None:
        how = f"time x {model.acceleration_factor.rpartition('.')[2]}" if model.acceleration_factor else "with a ratio"
        return f"relative to {(model.relative_to or '').split('.')[1]}, {how}"
    sources = sorted(
        {a.rpartition(".")[0] for a in (*model.parameters.values(), *([model.median] if model.median else []))}
    )
    short = [s.replace("survival.", "") for s in sources]
    return f"{model.distribution.name.replace('_', ' ')}: {'; '.join(short)}"


def _numbers(scenarios: Sequence[Scenario]) -> dict[str, list[float]]:
    """Return address -> its number in each scenario: of inputs/ in its unit, of a fit in model units, of settings."""
    found: dict[str, list[float]] = {}
    n = len(scenarios)
    for i, scenario in enumerate(scenarios):
        columns = base_case(scenario).columns
        for address, column in columns.items():
            quantity = scenario.quantities.get(address)
            value = quantity.value if quantity is not None else float(column[0, 0])
            found.setdefault(address, [np.nan] * n)[i] = value
        for name in NUMBERS_OF_SETTINGS:
            found.setdefault(f"settings.{name}", [np.nan] * n)[i] = getattr(scenario.file.settings, name)
    return found
