"""What scenarios choose for each curve: family and parameters, hazard ratio, waning, background mortality."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from netcea.plain_number import read
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel, RatioInterval
from netcea.survival.family_names import family_words
from netcea.workbook.choice import Choice, CurveChoices, Fades, Option
from netcea.workbook.option_words import called, last_part, spaced
from netcea.workbook.source_words import SourceWords

ENDPOINTS: Final = {"pfs": "PFS", "os": "OS", "time_on_treatment": "time on treatment"}
"""Name -> what it is called."""
BACKGROUNDS: Final = {
    "none": "none",
    "hazard_floor": "hazard floor: at least the population's hazard",
    "excess": "excess: added to the population's hazard",
}
"""Option -> what it is called."""


def curve_choices(scenarios: Sequence[Scenario]) -> Mapping[str, CurveChoices]:
    """Return address of a curve -> what scenarios choose for it."""
    return {choices.address: choices for choices in _curves(scenarios)}


def _curves(scenarios: Sequence[Scenario]) -> Iterator[CurveChoices]:
    words_of = SourceWords(scenarios)
    for strategy in scenarios[0].strategies:
        who = scenarios[0].label(strategy)
        for endpoint in ENDPOINTS:
            address = f"strategies.{strategy}.{endpoint}"
            models = [s.curves.get(address) for s in scenarios]
            words = f"{who}: {ENDPOINTS[endpoint]}"
            if any(models):
                yield CurveChoices(
                    address,
                    strategy,
                    endpoint,
                    Choice.of(
                        f"{address}.curve", f"{words}, curve", [_origin(m, scenarios[0], words_of) for m in models]
                    ),
                    Choice.of(
                        f"{address}.hazard_ratio", f"{words}, hazard ratio", [_ratio(m, words_of) for m in models]
                    ),
                    Choice.of(
                        f"{address}.without_crossover", f"{words}, crossover", [_crossover(m, words_of) for m in models]
                    ),
                    Choice.of(f"{address}.waning", f"{words}, waning of the effect", map(_waning, models)),
                    Choice.among(
                        f"{address}.background_mortality",
                        f"{words}, background mortality",
                        BACKGROUNDS if endpoint == "os" else {"none": "none"},
                        ["none" if model is None else model.background_mortality for model in models],
                    ),
                )


def _origin(model: CurveModel | None, base: Scenario, words_of: SourceWords) -> Option:
    """Return the family with its parameters, or the other strategy's curve."""
    if model is None:
        return Option("none", None, "none")
    if model.distribution is None:
        of, factor = model.relative_to or "", model.acceleration_factor
        how = f"time x {called(factor, words_of.labels)}" if factor else "with a ratio"
        parts = of.split(".")
        who = base.label(parts[1]) if parts[1] in base.strategies else parts[1]
        return Option(_key(model), model, f"relative to {ENDPOINTS[parts[2]]} of {who}, {how}")
    addresses = (*model.parameters.values(), *([model.median] if model.median else []))
    family = model.distribution.name
    words = f"{family_words(family)}: {words_of.origin(family, addresses)}"
    return Option(_key(model), model, words, partial(_details, model, words_of.labels))


def _details(model: CurveModel, labels: Mapping[str, str]) -> dict[str, str]:
    """Return what tells two curves of a family from the same sources apart."""
    numbers = {name: labels.get(address, address) for name, address in model.parameters.items()}
    median = "none" if model.median is None else labels.get(model.median, model.median)
    family = model.distribution
    constants = {} if family is None else {name: read(value) for name, value in family.constants.items()}
    return {**numbers, "median": median, "time": f"x {read(model.time_factor)}", **constants}


def _key(model: CurveModel) -> str:
    family = model.distribution
    structure: dict[str, Any] = {}
    if family is not None:
        structure = {**family.constants, **{name: table.tolist() for name, table in family.tables.items()}}
    return json.dumps(
        [
            None if family is None else family.name,
            structure,
            dict(model.parameters),
            model.time_factor,
            model.median,
            model.moved_to_median is not None,
            model.relative_to,
            model.acceleration_factor,
        ]
    )


def _ratio(model: CurveModel | None, words_of: SourceWords) -> Option:
    """Return the hazard ratio as intervals: one without an end, those of a ratio that changes, or none."""
    if model is None or not model.every_ratio:
        return Option("", (), "none")
    if model.hazard_ratio is not None:
        return Option(
            model.hazard_ratio, (RatioInterval(model.hazard_ratio, None),), _number(model.hazard_ratio, words_of)
        )
    intervals = model.hazard_ratios
    names = [_number(interval.hazard_ratio, words_of) for interval in intervals]
    ends = [f" until {last_part(interval.until)}" if interval.until else "" for interval in intervals]
    words = ", then ".join(f"{name}{end}" for name, end in zip(names, ends, strict=True))
    return Option(json.dumps(intervals), intervals, words)


def _number(address: str, words_of: SourceWords) -> str:
    """Return what a number is called: its label, or for one that is fitted its fit."""
    return words_of.labels.get(address) or f"of the fit: {words_of.fit(address.removesuffix('.hazard_ratio'))}"


def _crossover(model: CurveModel | None, words_of: SourceWords) -> Option:
    """Return the ratios with and without crossover, where it is removed from the curve."""
    if model is None or model.ratio_with_crossover is None or model.ratio_without_crossover is None:
        return Option(json.dumps(()), (), "as observed")
    ratios = (model.ratio_with_crossover, model.ratio_without_crossover)
    return Option(json.dumps(ratios), ratios, f"removed: {' over '.join(_number(a, words_of) for a in ratios)}")


def _waning(model: CurveModel | None) -> Option:
    """Return when the effect fades and from when on that counts, towards which curve, and what becomes of the gain."""
    if model is None or not model.waning_starts:
        return Option(json.dumps(()), (), "none")
    fades = Fades(
        model.waning_starts,
        model.waning_ends or "",
        model.waning_towards,
        model.waning_since,
        loses_gain=model.waning_loses_gain,
    )
    starts, ends = (last_part(address) for address in (fades.starts, fades.ends))
    words = f"at once at {starts}" if starts == ends else f"from {starts} to {ends}"
    if fades.since != "baseline":
        words += f" since {spaced(fades.since)}"

    def details() -> dict[str, str]:
        return {"starts": fades.starts, "ends": fades.ends, "towards": fades.towards or "none"}

    return Option(json.dumps(fades), fades, f"{words}, gain lost" if fades.loses_gain else words, details)
