"""What the numbers rest on: status, source, use, plausible range, distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from netcea.checking.findings import Finding, Level
from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.inputs import Inputs
from netcea.loading.messages.hints import show
from netcea.loading.reading.project import shown
from netcea.loading.reading.yaml_file import read_yaml
from netcea.plain_number import read
from netcea.plausibility.implausible import CODE as IMPLAUSIBLE
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import Scenario

EXTREME: Final = 3.3
"""Standard normal deviate that one of a thousand draws exceeds, on one side or the other."""
CUSTOMS: Final[Mapping[str, str]] = {
    "ratio": "a ratio is sampled on the log scale",
    "money": "a cost is sampled as gamma or log-normal",
}
"""Dimension of a unit -> what is expected of its distribution."""
OF_WARNINGS: Final[Mapping[str, Level]] = {
    "worked_out": "note",
    "relative_survival": "note",
    "value_sets": "warning",
    "data_cuts": "warning",
    "no_effect": "warning",
    IMPLAUSIBLE: "warning",
}
"""Warnings of loading that are findings -> how grave they are; a rule of its own has the others."""


def check_numbers(merged: DraftScenario, scenario: Scenario) -> Iterator[Finding]:
    """Yield findings on the numbers that a scenario uses."""
    base_case = "base_case" in scenario.file.tags
    for address, quantity in sorted(scenario.quantities.items()):
        place = _place(merged, address)
        for level, rule, message in _findings(quantity, base_case=base_case):
            yield Finding(level, rule, address, place.file, place.line, message)
    for warning in scenario.warnings:
        if warning.code in OF_WARNINGS:
            place = _place(merged, warning.address)
            level = OF_WARNINGS[warning.code]
            yield Finding(level, warning.code, warning.address, place.file, place.line, warning.message)
    for exemption in scenario.file.utilities.value_set_exemptions:
        if exemption.address in scenario.value_sets:
            place, of = merged.place("utilities.value_set_exemptions"), scenario.value_sets[exemption.address]
            message = f"valued by {of!r}, beside {scenario.file.utilities.value_set!r}: {exemption.reason}"
            if of != scenario.file.utilities.value_set:
                yield Finding("note", "value_sets", exemption.address, place.file, place.line, message)


def _place(merged: DraftScenario, address: str) -> Place:
    """Return where a number stands, or else a choice."""
    return merged.inputs.place(address) if merged.inputs.exists(address) else merged.place(address)


def _findings(quantity: Quantity, *, base_case: bool) -> Iterator[tuple[Level, str, str]]:
    """Yield level, rule and message."""
    value = f"{read(quantity.value)} {quantity.unit}"
    if quantity.status == "unverified":
        text = "a base case holds no unverified number" if base_case else "unverified"
        yield "error" if base_case else "warning", "unverified", f"{value}: {text}. {quantity.note}"
    elif quantity.status == "assumption":
        yield "note", "assumption", f"{value}: {quantity.note}"
    if quantity.range is not None and not quantity.range[0] <= quantity.value <= quantity.range[1]:
        low, high = quantity.range
        yield "warning", "range", f"{value} lies outside its plausible range {read(low)} to {read(high)}"
    for doubt in _doubts(quantity):
        yield "warning", "spread", doubt


def _doubts(quantity: Quantity) -> Iterator[str]:
    """Yield what is odd about a distribution: it reaches impossible values, is unusual for the unit, or too wide."""
    unit, family = UNITS[quantity.unit], quantity.uncertainty.given
    if quantity.is_uncertain and _reaches_beyond(quantity, unit.low, unit.high):
        distribution = quantity.distribution
        instead = f"; {distribution.instead}" if distribution.instead else ""
        yield (
            f"a {family.name.replace('_', '-')} distribution with standard "
            f"error {read(distribution.sd(quantity.value))} "
            f"reaches values that the unit '{quantity.unit}' does not allow{instead}"
        )
    if unit.dimension in family.unusual_for:
        yield f"{CUSTOMS[unit.dimension]}; found {family.name}"
    yield from family.doubts(quantity.value)


def _reaches_beyond(quantity: Quantity, low: float, high: float) -> bool:
    """Say whether one draw of a thousand lies outside what the unit allows."""
    lowest, highest = quantity.distribution.limits
    if low <= lowest and highest <= high:
        return False
    ends = quantity.at_deviate(np.array([-EXTREME, EXTREME]))
    return bool(ends.min() < low or ends.max() > high)


def check_sources(inputs: Inputs) -> Iterator[Problem]:
    """Yield a problem for each faulty number and each source that sources.yaml does not have, in all of inputs/."""

    def problem(address: str, found: str, expected: str, suggestion: str = "") -> Problem:
        place = inputs.place(address)
        return Problem(place.file, place.line, address, found, expected, suggestion)

    try:
        known = inputs.sources()
    except InputError as error:
        yield from error.problems
        return
    for address, _ in inputs.all_addresses():
        try:
            node = inputs.node(address)
        except InputError as error:
            yield from error.problems
        except KeyError:
            yield problem(address, show(inputs.raw(address)), "{value, unit, uncertainty, source, status}")
        else:
            for key in getattr(node, "source", []):
                if key not in known:
                    hint = did_you_mean(key, list(known))
                    yield problem(f"{address}.source", repr(key), "a key of inputs/sources.yaml", hint)


def unused(inputs: Inputs, used: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Yield the numbers of inputs/ that no scenario of the project uses, and the sources that no number names.

    Parameters
    ----------
    inputs : Inputs
    used : mapping of scenario file -> addresses it uses
    """
    addresses = set().union(*used.values()) if used else set()
    named: set[str] = set()
    for address, raw in inputs.all_addresses():
        place = inputs.place(address)
        named.update(raw.get("source", []) if isinstance(raw, Mapping) else [])
        if address not in addresses:
            yield Finding("note", "unused", address, place.file, place.line, "no scenario of this project uses it")
    path = inputs.folder / "sources.yaml"
    file = read_yaml(path, shown(path))
    for key in file.data:
        if key not in named:
            yield Finding(
                "note", "unused", key, file.shown_as, file.lines.get((key,), 0), "no number names this source"
            )
