"""What scenarios choose besides curves: settings, population, utilities, treatment, adverse events, cost items."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from netcea.costs.payer import perspective_words
from netcea.scenario.scenario import Scenario
from netcea.workbook.choice import Choice, Option

SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "half_cycle_correction": ("trapezium", "start", "end"),
    "discounting": ("mid_cycle", "cycle_start", "annual"),
    "crossing": ("cap_pfs", "raise_os"),
}
LABELS: Final = {
    "population.start_age": "population.start_age",
    "population.proportion_female": "population.proportion_female",
    "survival.share_of_pfs_events_that_are_deaths": "survival.share_of_pfs_events_that_are_deaths",
    "population.life_table": "life table",
    "population.norms": "norms",
    "decision.method_pack": "method pack",
}
"""Address of a choice of one number or table -> what the sheet calls it."""
LONGEST: Final = 120
"""Letters of an option's text."""
TIMINGS: Final = ("at_start", "on_treatment")


def structural_choices(scenarios: Sequence[Scenario]) -> Mapping[str, Choice]:
    """Return address -> choice, for everything but curves."""
    return {choice.address: choice for choice in _choices(scenarios)}


def _choices(scenarios: Sequence[Scenario]) -> Iterator[Choice]:
    files = [scenario.file for scenario in scenarios]

    def choice(address: str, label: str, contents: Sequence[Any], words: Callable[[Any], str] = str) -> Choice:
        return Choice.of(address, label, [_option(content, words) for content in contents])

    for name, options in SETTINGS.items():
        taken = [getattr(file.settings, name) for file in files]
        yield Choice.among(f"settings.{name}", name.replace("_", " "), options, taken)
    for address, label in LABELS.items():
        block, _, name = address.partition(".")
        yield choice(address, label, [getattr(getattr(file, block), name) for file in files])
    yield choice("utilities", "utilities", [file.utilities for file in files], _utilities)
    perspectives = [file.decision_problem.perspective for file in files]
    yield choice("decision_problem.perspective", "whose costs count", perspectives, perspective_words)
    for strategy in scenarios[0].strategies:
        rules = [_treatment(file.strategies[strategy].time_on_treatment) for file in files]
        label = f"time on treatment, {scenarios[0].label(strategy)}"
        yield choice(f"strategies.{strategy}.time_on_treatment.rule", label, rules, _treatment_words)
    timings = [file.adverse_events.timing for file in files]
    yield Choice.among("adverse_events.timing", "when adverse events happen", TIMINGS, timings)
    for name, events in _by_name([file.adverse_events.events for file in files]):
        yield choice(f"adverse_events.events.{name}", f"adverse event: {name}", events, _event)
    for name, items in _by_name([file.costs for file in files]):
        yield choice(f"costs.{name}", f"cost: {name}", items, _item)


def _by_name(blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield each name that any scenario has, with what every scenario has of it."""
    for name in dict.fromkeys(name for block in blocks for name in block):
        yield name, [block.get(name) for block in blocks]


def _option(content: Any, words: Callable[[Any], str]) -> Option:
    key = content.model_dump_json() if hasattr(content, "model_dump_json") else json.dumps(content)
    text = "not in this scenario" if content is None else words(content)
    return Option(key, content, text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...")


def _event(event: Any) -> str:
    sources = sorted({a.split(".")[1] for a in event.incidence.values()})
    cost, years = (a.rpartition(".")[2] for a in (event.unit_cost, event.duration))
    return f"{event.label}: incidence of {', '.join(sources)}; {cost}, {years}".replace("_", " ")


def _treatment(rule: Any) -> tuple[str, str]:
    """Return what says who is on treatment (a curve, until progression, nobody), and when everybody stops."""
    kind = rule.rule if rule.rule in ("none", "until_progression") else "curve"
    return kind, rule.stops_at or ""


def _treatment_words(taken: tuple[str, str]) -> str:
    return taken[0].replace("_", " ") + (f", stops at {taken[1]}" if taken[1] else "")


def _utilities(block: Any) -> str:
    parts = [block.by.replace("_", " ")]
    parts += [value.rpartition(".")[0].rpartition(".")[2] for value in (block.progression_free,) if value]
    if block.on_treatment_disutility:
        parts.append(f"on treatment: {block.on_treatment_disutility.rpartition('.')[2]}")
    parts += [f"own utilities of {strategy.replace('_', ' ')}" for strategy in block.by_strategy]
    parts.append("age-adjusted" if block.age_adjustment == "multiplicative" else "not age-adjusted")
    return ", ".join(parts)


def _item(item: Any) -> str:
    extra = [getattr(item, name) for name in ("of", "method", "occasions", "during") if getattr(item, name, None)]
    return ", ".join([item.kind, *map(str, extra)]).replace("_", " ")
