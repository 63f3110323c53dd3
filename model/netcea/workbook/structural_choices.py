"""What scenarios choose besides curves: settings, population, utilities, treatment, adverse events, cost items."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from netcea.costs.payer import NHS, payers_of, perspective_words
from netcea.scenario.scenario import Scenario
from netcea.workbook.choice import Choice, Option
from netcea.workbook.option_words import called, details_of, labels_of, last_part, spaced
from netcea.workbook.source_words import in_common, table_words

SETTINGS: Final[dict[str, dict[str, str]]] = {
    "half_cycle_correction": {"trapezium": "trapezium", "start": "start", "end": "end"},
    "discounting": {"mid_cycle": "mid-cycle", "cycle_start": "start of the cycle", "annual": "by whole years"},
    "crossing": {"cap_pfs": "PFS is capped at OS", "raise_os": "OS is raised to PFS"},
}
"""Name of a setting -> option -> what it is called."""
OF_SETTINGS: Final = {
    "half_cycle_correction": "Half-cycle correction",
    "discounting": "Moment to which a cycle is discounted",
    "crossing": "Where PFS exceeds OS",
}
"""Name of a setting -> what the sheet calls it."""
PRICE_YEAR: Final = "settings.price_year"
LABELS: Final = {
    "population.start_age": "Age at the start",
    "population.proportion_female": "Proportion female",
    "survival.share_of_pfs_events_that_are_deaths": "Share of PFS events that are deaths",
    "population.life_table": "Life table",
    "population.norms": "Utility norms of the general population",
    "decision.method_pack": "Method pack",
}
"""Address of a choice of one number or table -> what the sheet calls it."""
TECHNOLOGY_ELSEWHERE: Final = "analyses.budget.technology_elsewhere"
OF_TECHNOLOGY_ELSEWHERE: Final = {"left_out": "left out of the budget", "counted": "counted"}
TIMINGS: Final = {"at_start": "at the start", "on_treatment": "spread over time on treatment"}


def structural_choices(scenarios: Sequence[Scenario]) -> Mapping[str, Choice]:
    """Return address -> choice, for everything but curves."""
    return {choice.address: choice for choice in _choices(scenarios)}


def _choices(scenarios: Sequence[Scenario]) -> Iterator[Choice]:
    files = [scenario.file for scenario in scenarios]

    labels = labels_of(scenarios)

    def choice(address: str, label: str, contents: Sequence[Any], words: Callable[[Any], str]) -> Choice:
        return Choice.of(address, label, [_option(content, words, labels) for content in contents])

    def named(address: Any) -> str:
        return labels.get(str(address)) or table_words(str(address))

    for name, options in SETTINGS.items():
        taken = [getattr(file.settings, name) for file in files]
        yield Choice.among(f"settings.{name}", OF_SETTINGS[name], options, taken)
    taken = [file.settings.price_year for file in files]
    yield Choice.among(PRICE_YEAR, "Price year of costs", {year: year for year in price_years(scenarios)}, taken)
    for address, label in LABELS.items():
        block, _, name = address.partition(".")
        yield choice(address, label, [getattr(getattr(file, block), name) for file in files], named)
    yield choice("utilities", "Utilities", [file.utilities for file in files], partial(_utilities, labels))
    perspectives = [file.decision_problem.perspective for file in files]
    yield choice("decision_problem.perspective", "Whose costs count", perspectives, perspective_words)
    budgets = [file.analyses.budget for file in files]
    if budgets[0].population is not None and budgets[0].uptake and all(NHS in payers_of(p) for p in perspectives):
        label, taken = "Other strategies' costs for the technology's drug", [b.technology_elsewhere for b in budgets]
        yield Choice.among(TECHNOLOGY_ELSEWHERE, label, OF_TECHNOLOGY_ELSEWHERE, taken)
    for strategy in scenarios[0].strategies:
        rules = [_treatment(file.strategies[strategy].time_on_treatment) for file in files]
        label = f"{scenarios[0].label(strategy)}: who is on treatment"
        yield choice(f"strategies.{strategy}.time_on_treatment.rule", label, rules, _treatment_words)
    timings = [file.adverse_events.timing for file in files]
    yield Choice.among("adverse_events.timing", "When adverse events happen", TIMINGS, timings)
    for name, events in _by_name([file.adverse_events.events for file in files]):
        yield choice(
            f"adverse_events.events.{name}", f"Adverse event: {_label(events)}", events, partial(_event, labels)
        )
    for name, items in _by_name([file.costs for file in files]):
        yield choice(f"costs.{name}", f"Cost: {_label(items)}", items, _item)


def _label(blocks: Sequence[Any]) -> str:
    """Return what the first block that there is calls itself."""
    return str(next(block.label for block in blocks if block is not None))


def price_years(scenarios: Sequence[Scenario]) -> list[str]:
    """Return the price years that every index in use has, in the order of its table, with those of the scenarios."""
    indices = {index.address: index for scenario in scenarios for index in scenario.price_indices.values()}
    years = dict.fromkeys(year for index in indices.values() for year in index.values)
    common = [year for year in years if all(year in index.values for index in indices.values())]
    return list(dict.fromkeys([*common, *(scenario.file.settings.price_year for scenario in scenarios)]))


def _by_name(blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield each name that any scenario has, with what every scenario has of it."""
    for name in dict.fromkeys(name for block in blocks for name in block):
        yield name, [block.get(name) for block in blocks]


def _option(content: Any, words: Callable[[Any], str], labels: Mapping[str, str]) -> Option:
    key = content.model_dump_json() if hasattr(content, "model_dump_json") else json.dumps(content)
    text = "not in this scenario" if content is None else words(content)
    return Option(key, content, text, partial(details_of, content, labels))


def _event(labels: Mapping[str, str], event: Any) -> str:
    common = in_common([labels[a] for a in event.incidence.values() if a in labels])
    which = [part for part in common if part != event.label]
    sources = sorted({spaced(a.split(".")[1]) for a in event.incidence.values()})
    return f"{event.label}: incidence of {', '.join(which or sources)}; {called(event.unit_cost, labels)}"


def _treatment(rule: Any) -> tuple[str, str]:
    """Return what says who is on treatment (a curve, until progression, nobody), and when everybody stops."""
    kind = rule.rule if rule.rule in ("none", "until_progression") else "curve"
    return kind, rule.stops_at or ""


def _treatment_words(taken: tuple[str, str]) -> str:
    return spaced(taken[0]) + (f", stops at {last_part(taken[1])}" if taken[1] else "")


def _utilities(labels: Mapping[str, str], block: Any) -> str:
    parts = [f"by {block.by.replace('_', ' ')}"]
    parts += [labels.get(value) or last_part(value.rpartition(".")[0]) for value in (block.progression_free,) if value]
    if block.on_treatment_disutility:
        parts.append(called(block.on_treatment_disutility, labels))
    parts += [f"own utilities of {strategy.replace('_', ' ')}" for strategy in block.by_strategy]
    parts.append("age-adjusted" if block.age_adjustment == "multiplicative" else "not age-adjusted")
    return "; ".join(parts)


def _item(item: Any) -> str:
    names = ("of", "method", "occasions", "during")
    extra = {name: str(getattr(item, name)) for name in names if getattr(item, name, None)}
    if "of" in extra:
        extra["of"] = f"share of {extra['of']}"
    return ", ".join([item.kind, *extra.values()]).replace("_", " ")
