"""What scenarios choose for each curve: family and parameters, hazard ratio, waning, background mortality."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel, RatioInterval
from netcea.workbook.choice import Choice, CurveChoices, Option

ENDPOINTS: Final = ("pfs", "os", "time_on_treatment")
BACKGROUNDS: Final = ("none", "hazard_floor", "excess")


def curve_choices(scenarios: Sequence[Scenario]) -> Mapping[str, CurveChoices]:
    """Return address of a curve -> what scenarios choose for it."""
    return {choices.address: choices for choices in _curves(scenarios)}


def _curves(scenarios: Sequence[Scenario]) -> Iterator[CurveChoices]:
    for strategy in scenarios[0].strategies:
        for endpoint in ENDPOINTS:
            address = f"strategies.{strategy}.{endpoint}"
            models = [s.curves.get(address) for s in scenarios]
            if any(models):
                yield CurveChoices(
                    address,
                    strategy,
                    endpoint,
                    Choice.of(f"{address}.curve", f"{endpoint}: curve", map(_origin, models)),
                    Choice.of(f"{address}.hazard_ratio", f"{endpoint}: hazard ratio", map(_ratio, models)),
                    Choice.of(f"{address}.without_crossover", f"{endpoint}: crossover", map(_crossover, models)),
                    Choice.of(f"{address}.waning", f"{endpoint}: waning of the effect", map(_waning, models)),
                    Choice.among(
                        f"{address}.background_mortality",
                        f"{endpoint}: background mortality",
                        BACKGROUNDS,
                        ["none" if model is None else model.background_mortality for model in models],
                    ),
                )


def _origin(model: CurveModel | None) -> Option:
    """Return the family with its parameters, or the other strategy's curve."""
    if model is None:
        return Option("none", None, "none")
    if model.distribution is None:
        how = f"time x {model.acceleration_factor.rpartition('.')[2]}" if model.acceleration_factor else "with a ratio"
        return Option(_key(model), model, f"relative to {(model.relative_to or '').split('.')[1]}, {how}")
    addresses = (*model.parameters.values(), *([model.median] if model.median else []))
    sources = "; ".join(s.replace("survival.", "") for s in sorted({a.rpartition(".")[0] for a in addresses}))
    return Option(_key(model), model, f"{model.distribution.name.replace('_', ' ')}: {sources}")


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


def _ratio(model: CurveModel | None) -> Option:
    """Return the hazard ratio as intervals: one without an end, those of a ratio that changes, or none."""
    if model is None or not model.every_ratio:
        return Option("", (), "none")
    if model.hazard_ratio is not None:
        return Option(model.hazard_ratio, (RatioInterval(model.hazard_ratio, None),), model.hazard_ratio)
    intervals = model.hazard_ratios
    names = [interval.hazard_ratio.rpartition(".")[2] for interval in intervals]
    ends = [f" until {interval.until.rpartition('.')[2]}" if interval.until else "" for interval in intervals]
    words = ", then ".join(f"{name}{end}" for name, end in zip(names, ends, strict=True))
    return Option(json.dumps(intervals), intervals, words)


def _crossover(model: CurveModel | None) -> Option:
    """Return the ratios with and without crossover, where it is removed from the curve."""
    if model is None or model.ratio_with_crossover is None or model.ratio_without_crossover is None:
        return Option(json.dumps(()), (), "as observed")
    ratios = (model.ratio_with_crossover, model.ratio_without_crossover)
    return Option(json.dumps(ratios), ratios, f"removed: {' over '.join(ratios)}")


def _waning(model: CurveModel | None) -> Option:
    """Return when the effect fades, and towards which curve."""
    if model is None or not model.waning_starts:
        return Option(json.dumps(()), (), "none")
    fades = (model.waning_starts, model.waning_ends, model.waning_towards)
    starts, ends = (str(address).rpartition(".")[2] for address in fades[:2])
    return Option(json.dumps(fades), fades, f"at once at {starts}" if starts == ends else f"from {starts} to {ends}")
