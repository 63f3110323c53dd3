"""What the numbers rest on: status, source, use, plausible range, spread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netcea.checking.findings import Finding, Level
from netcea.errors import InputError, Problem, did_you_mean
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.inputs import Inputs
from netcea.loading.messages.hints import show
from netcea.loading.reading.project import shown
from netcea.loading.reading.yaml_file import read_yaml
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import Scenario


def check_numbers(merged: DraftScenario, scenario: Scenario) -> Iterator[Finding]:
    """Yield findings on the numbers that a scenario uses."""
    base_case = "base_case" in scenario.file.tags
    for address, quantity in sorted(scenario.quantities.items()):
        place = merged.inputs.place(address)

        def finding(
            level: Level, rule: str, message: str, file: str = place.file, line: int = place.line, at: str = address
        ) -> Finding:
            return Finding(level, rule, at, file, line, message)

        value = f"{quantity.value:g} {quantity.unit}"
        if quantity.status == "unverified":
            level: Level = "error" if base_case else "warning"
            text = "a base case holds no unverified number" if base_case else "unverified"
            yield finding(level, "unverified", f"{value}: {text}. {quantity.note}")
        elif quantity.status == "assumption":
            yield finding("note", "assumption", f"{value}: {quantity.note}")
        if quantity.range is not None and not quantity.range[0] <= quantity.value <= quantity.range[1]:
            low, high = quantity.range
            yield finding("warning", "range", f"{value} lies outside its plausible range {low:g} to {high:g}")
        yield from (finding("warning", "spread", text) for text in _spread_faults(quantity))


def _spread_faults(quantity: Quantity) -> Iterator[str]:
    """Yield what is odd about a distribution: the wrong family, or a spread that reaches impossible values."""
    unit, spread = UNITS[quantity.unit], quantity.uncertainty
    if spread.normal is not None:
        error = spread.normal.standard_error(quantity.value)
        if quantity.value - 3.3 * error < unit.low or quantity.value + 3.3 * error > unit.high:
            yield (
                f"a normal distribution with standard error {error:g} reaches values that the unit "
                f"'{quantity.unit}' does not allow; a beta, gamma or log-normal does not"
            )
    if unit.dimension == "ratio" and spread.family in ("normal", "gamma"):
        yield f"a ratio is sampled on the log scale; found {spread.family}"
    if unit.dimension == "money" and spread.log_normal is None and spread.gamma is None and spread.fixed is None:
        yield f"a cost is sampled as gamma or log-normal; found {spread.family}"
    for member in (spread.normal, spread.gamma):
        relative = member.standard_error(quantity.value) / abs(quantity.value) if member and quantity.value else 0.0
        if relative > 1.0:
            yield f"the standard error is {relative:.1f} times the value: is it a standard deviation?"


def check_sources(inputs: Inputs) -> Iterator[Problem]:
    """Yield a problem for each faulty number and each source that sources.yaml does not have, in all of inputs/."""
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
            continue
        except KeyError:
            place = inputs.place(address)
            yield Problem(
                place.file, place.line, address, show(inputs.raw(address)), "{value, unit, uncertainty, source, status}"
            )
            continue
        for key in getattr(node, "source", []):
            if key not in known:
                place = inputs.place(f"{address}.source")
                yield Problem(
                    place.file,
                    place.line,
                    f"{address}.source",
                    repr(key),
                    "a key of inputs/sources.yaml",
                    did_you_mean(key, list(known)),
                )


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
