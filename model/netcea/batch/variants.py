"""From a batch file to its variants: every scenario, and every combination of the values of its grids."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from netcea.batch.file import Batch, BatchScenario, Grid, Steps
from netcea.errors import MOST_LISTED, InputError, Place, Problem, did_you_mean
from netcea.loading.merging.override import Override
from netcea.loading.reading.project import bare_name, find_by_name, shown
from netcea.plain_number import typed
from netcea.quantities.key_path import KeyPath
from netcea.visible_text import ascii_name


@dataclass(frozen=True)
class Variant:
    """A scenario of a batch, with the changes that the batch makes.

    Attributes
    ----------
    name : str
        Of its folder; unique.
    label : str
        What tables call it; empty: the scenario's own name.
    path : Path
    sets : tuple of Override
        From the file's `set`, then its grid.
    grid : str
        Name of the grid; empty for a scenario as it is.
    prices : str
        Name of the set of price layers; empty for list prices.
    """

    name: str
    label: str
    path: Path
    sets: tuple[Override, ...]
    grid: str = ""
    prices: str = ""


def variants_of(batch: Batch) -> list[Variant]:
    """Return every variant, in the order of the file.

    Raises
    ------
    InputError
        Patterns that match nothing, names that occur twice, grids of unknown scenarios: all at once; too many runs.
    """
    problems: list[Problem] = []
    plain: list[Variant] = []
    for index, entry in enumerate(batch.file.scenarios):
        plain += _scenarios(batch, index, entry, problems)
    grids = {name: _varied(batch, name, plain, problems) for name in batch.file.grids}
    count = len(plain) + sum(_size(batch.file.grids[name]) * len(chosen) for name, chosen in grids.items())
    check_runs(batch, count)
    found = list(plain)
    for name, chosen in grids.items():
        for variant in chosen:
            found += _combinations(
                batch, name, variant, {a: _values(v) for a, v in batch.file.grids[name].axes.items()}
            )
    place = Place(batch.yaml.shown_as, address="scenarios")
    expected, hint = "a name of its own for each", "give one of them a `label`"
    problems += [
        place.problem(f"two variants that would be called '{twice}'", expected, hint)
        for twice in _repeated(variant.name.lower() for variant in found)
    ]
    if problems:
        raise InputError(problems)
    return found


def _varied(batch: Batch, name: str, plain: Sequence[Variant], problems: list[Problem]) -> list[Variant]:
    """Return the scenarios that a grid varies, and note the names of it that no scenario has."""
    grid, known = batch.file.grids[name], sorted({variant.name for variant in plain})
    for i, wanted in enumerate(grid.scenarios):
        if wanted not in known:
            place = batch.place(("grids", name, "scenarios", i))
            hint = did_you_mean(wanted, known) if len(problems) < MOST_LISTED else ""
            address, expected = f"grids.{name}.scenarios.{i}", "the name of a scenario of this batch"
            problems.append(Problem(place.file, place.line, address, repr(wanted), expected, hint))
    wanted_names = set(grid.scenarios)
    return [v for v in plain if not wanted_names or v.name in wanted_names]


def _size(grid: Grid) -> int:
    return prod(len(axis) for axis in grid.axes.values())


def check_runs(batch: Batch, variants: int, prices: int = 0) -> int:
    """Return how many runs a batch makes; more than it allows are refused before any is prepared.

    Raises
    ------
    InputError
        More than `most_runs`.
    """
    analyses, most = len(batch.given), batch.file.most_runs
    runs = variants * analyses * (1 + prices)
    if runs > most:
        at = f", prices: {1 + prices}" if prices else ""
        found = f"{runs:,} runs (variants: {variants:,}, analyses: {analyses}{at})"
        hint = f"give grids fewer values, or ask for them: `most_runs: {runs}` or --most-runs {runs}"
        raise Place(batch.yaml.shown_as, address="grids").error(found, f"at most {most:,} runs", hint)
    return runs


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def at_prices(variants: Iterable[Variant], names: Sequence[str]) -> list[Variant]:
    """Return every variant at list prices and at each named set of price layers.

    Raises
    ------
    InputError
        A variant of the batch is already called so.
    """
    found = []
    for variant in variants:
        found.append(variant)
        for name in names:
            label = f"{variant.label or variant.name}, prices: {name}"
            found.append(replace(variant, name=f"{variant.name}__{name}", label=label, prices=name))
    twice = _repeated(variant.name for variant in found)
    if twice:
        raise InputError(
            Problem(
                "--prices",
                0,
                "",
                f"two variants that would be called '{twice[0]}'",
                "a set of prices with another name",
            )
        )
    return found


def _values(axis: list[Any] | Steps) -> list[Any]:
    return axis.values() if isinstance(axis, Steps) else axis


def _scenarios(batch: Batch, index: int, entry: str | BatchScenario, problems: list[Problem]) -> Iterator[Variant]:
    block = entry if isinstance(entry, BatchScenario) else BatchScenario(scenario=entry)
    paths = _paths(batch, block.scenario)
    place = batch.place(("scenarios", index))
    if not paths:
        problems.append(
            Problem(
                place.file,
                place.line,
                f"scenarios.{index}",
                repr(block.scenario),
                "a scenario, a folder of scenarios or a pattern that matches some",
            )
        )
    if block.label and len(paths) > 1:
        problems.append(
            Problem(
                place.file,
                place.line,
                f"scenarios.{index}.label",
                f"one label for {len(paths)} scenarios",
                "no label, or one scenario",
            )
        )
    sets = tuple(
        _override(batch, ("scenarios", index, "set", address), address, value) for address, value in block.set.items()
    )
    for path in paths:
        name = file_name(block.label) if block.label else path.stem
        yield Variant(name, block.label, path, sets)


def _paths(batch: Batch, named: str) -> list[Path]:
    """Return the scenario files that an entry names, in order of name; a complete file before its variants."""
    if bare_name(named) and "*" not in named:
        found = find_by_name(named, batch.project)
        return [found] if found is not None else _folder(batch.yaml.path.parent / named)
    path = batch.yaml.path.parent / named
    if path.is_dir():
        return _folder(path)
    if "*" in named or "?" in named:
        folder = path.parent
        return sorted(p for p in folder.glob(path.name) if p.is_file()) if folder.is_dir() else []
    return [path] if path.is_file() else []


def _folder(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else []


def _combinations(batch: Batch, grid: str, variant: Variant, axes: dict[str, list[Any]]) -> Iterator[Variant]:
    for values in product(*axes.values()):
        pairs = list(zip(axes, values, strict=True))
        words = ", ".join(f"{_last(address)} = {_text(value)}" for address, value in pairs)
        name = "_".join([variant.name, grid, *(f"{_last(a)}-{_text(v)}" for a, v in pairs)])
        sets = tuple(_override(batch, ("grids", grid, "axes", a), a, v) for a, v in pairs)
        yield Variant(
            file_name(name), f"{variant.label or variant.name}: {words}", variant.path, (*variant.sets, *sets), grid
        )


def _override(batch: Batch, path: KeyPath, address: str, value: Any) -> Override:
    return Override(address, value, batch.place(path), {})


def _last(address: str) -> str:
    return address.rpartition(".")[2]


def _text(value: Any) -> str:
    return typed(value) if isinstance(value, float) else value if isinstance(value, str) else json.dumps(value)


def file_name(text: str) -> str:
    """Return text as the name of a folder, without what a name may not hold.

    >>> file_name("Base: half the price = 0.5")
    'Base_half_the_price_0.5'
    >>> file_name("新药"), file_name("旧疗法")
    ('581ccf', '1e02f8')
    """
    return ascii_name(text, "_.-").strip("_.")[:120]


def shown_path(variant: Variant) -> str:
    """Return the scenario's file as the user would type it."""
    return shown(variant.path)
