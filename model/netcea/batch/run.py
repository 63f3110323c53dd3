"""Run a batch: load every variant, do what is not done yet, put everything on one table."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.analyses.registry import ANALYSES
from netcea.batch.file import Batch
from netcea.batch.store import Store
from netcea.batch.units import BASE_CASE, Made, Unit, finished, key_of, make
from netcea.batch.variants import Variant, at_prices, shown_path, variants_of
from netcea.blocks import Block
from netcea.confidential.layers import Layers, refuse_touching
from netcea.errors import InputError, Problem
from netcea.execution.workers import Done, Task, completed
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, read_draft
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override, parse_command_line
from netcea.loading.option_values import options_with
from netcea.scenario.scenario import Scenario

if TYPE_CHECKING:
    from netcea.batch.table import Line

NAMES: Final = {"base_case": BASE_CASE, "one_way": "one-way", "two_way": "two-way"}
"""Block of a batch -> name of the analysis where they differ."""
SEEDED: Final = ("psa", "voi")


@dataclass(frozen=True)
class Asked:
    """What the command line asks on top of the batch file.

    Attributes
    ----------
    sets : tuple of str
        ``ADDRESS=VALUE`` for every variant, last.
    trusted : tuple of Path
    draws, seed : int or None
    figures : bool or None
    workers : int
    scheduler : str
    prices : mapping of name -> Layers
        Sets of price layers: every variant is run at list prices and at each.
    """

    sets: tuple[str, ...] = ()
    trusted: tuple[Path, ...] = ()
    draws: int | None = None
    seed: int | None = None
    figures: bool | None = None
    workers: int = 1
    scheduler: str = ""
    prices: Mapping[str, Layers] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """A variant or unit that could not be run, and why."""

    variant: str
    analysis: str
    reason: str


@dataclass(frozen=True)
class BatchResult:
    """Everything a batch yields.

    Attributes
    ----------
    batch : Batch
    variants : tuple of Variant
    roots : mapping of variant -> name of its complete scenario's file
    units : tuple of Unit
        In the order of the file.
    rows : mapping of unit's folder -> its line of the table
    failures : tuple of Failure
    prices : mapping of name -> Layers
    done_now : int
        Units that were done in this run; the others had been done before.
    """

    batch: Batch
    variants: tuple[Variant, ...]
    roots: dict[str, str]
    units: tuple[Unit, ...]
    rows: dict[str, dict[str, Any]]
    failures: tuple[Failure, ...]
    done_now: int
    prices: Mapping[str, Layers] = field(default_factory=dict)


class StoppedError(Exception):
    """A result could not be written or no worker be reached: what is finished stays."""


@dataclass
class _Plan:
    units: list[Unit] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    roots: dict[str, str] = field(default_factory=dict)


def run_batch(
    batch: Batch, store: Store, wanted: Asked, advance: Callable[[int], Callable[[], None]] | None = None
) -> tuple[BatchResult, list[Line]]:
    """Run a batch into its folder; return what was done and the lines of its table.

    Parameters
    ----------
    batch : Batch
    store : Store
    wanted : Asked
    advance : function, optional
        Called with the number of units to do; returns what is called when one is done.

    Raises
    ------
    InputError
        The file is wrong as a whole: unknown options, addresses that no scenario has, names that occur twice; or
        the folder is not ours. A scenario that fails is no error.
    StoppedError
        In the middle, with the reason.
    """
    variants = at_prices(variants_of(batch), list(wanted.prices))
    grid = planned(batch, variants, wanted)
    store.begin(batch.file.name)
    if wanted.seed is not None:
        batch = replace(batch, file=batch.file.model_copy(update={"seed": wanted.seed}))
    with store.locked():
        try:
            return _locked_run(batch, store, wanted, variants, grid, advance)
        except InputError as error:
            raise StoppedError(str(error)) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise StoppedError(f"{where}{error.strerror or error}") from error


def _locked_run(
    batch: Batch,
    store: Store,
    wanted: Asked,
    variants: Sequence[Variant],
    grid: _Plan,
    advance: Callable[[int], Callable[[], None]] | None,
) -> tuple[BatchResult, list[Line]]:
    rows: dict[str, dict[str, Any]] = {}
    left = []
    for unit in grid.units:
        row = store.row(unit)
        if row is None:
            left.append(unit)
        else:
            rows[unit.folder] = row
    step = advance(len(left)) if advance is not None else _nothing
    failed = _do(left, store, wanted, rows, step)
    failures = [*grid.failures, *(Failure(u.variant, u.analysis, failed[u.folder]) for u in left if u.folder in failed)]
    store.sweep({unit.folder: unit for unit in grid.units}, failed)
    from netcea.batch.report import write_summary

    result = BatchResult(
        batch, tuple(variants), grid.roots, tuple(grid.units), rows, tuple(failures), len(left), wanted.prices
    )
    return result, write_summary(result, store.folder)


def _nothing() -> None:
    pass


def planned(batch: Batch, variants: Sequence[Variant], wanted: Asked) -> _Plan:
    """Load every variant and return its units; one that does not load becomes a failure, and the rest go on."""
    grid = _Plan()
    inputs: Inputs | None = None
    sets = parse_command_line(wanted.sets)
    options_faults: dict[str, InputError] = {}
    made: Counter[tuple[str, int, str]] = Counter()
    nowhere: Counter[Problem] = Counter()
    for variant in variants:
        try:
            merged = read_draft(str(variant.path), (), wanted.trusted, inputs)
            inputs = inputs or merged.inputs
            changed = _changed(merged, variant, sets, wanted.prices.get(variant.prices))
            made.update((o.place.file, o.place.line, o.address) for o in (*variant.sets, *sets))
            nowhere.update(changed.faults)
            scenario = resolve(changed)
        except InputError as error:
            grid.failures.append(Failure(variant.name, "", str(error)))
            continue
        grid.roots[variant.name] = Path(merged.files[0]).stem
        for field_name in batch.given:
            name = NAMES.get(field_name, field_name)
            try:
                options = options_of(batch, scenario, field_name, wanted)
            except InputError as error:
                options_faults[field_name] = error
                continue
            figures = batch.file.figures if wanted.figures is None else wanted.figures
            key = key_of(scenario, name, options, figures=figures)
            grid.units.append(Unit(variant.name, name, key, scenario, options, figures))
    problems = [p for p, count in nowhere.items() if count == made[p.file, p.line, p.address]]  # no scenario has them
    problems += [p for error in options_faults.values() for p in error.problems]
    if problems:
        raise InputError(problems)
    return grid


def _changed(merged: DraftScenario, variant: Variant, sets: Sequence[Override], prices: Layers | None) -> DraftScenario:
    """Return a scenario with the changes of a variant, its price layers, then those of the command line."""
    changed = merged.with_sets(variant.sets)
    if not prices:
        return changed.with_sets(sets)
    made = prices.below(changed, sets)
    refuse_touching(variant.sets, made.secret)
    return made


def options_of(batch: Batch, scenario: Scenario, field_name: str, wanted: Asked) -> Block | None:
    """Return the options of an analysis: the scenario's, then the batch's, then the command line's."""
    if field_name == "base_case":
        return None
    name = NAMES.get(field_name, field_name)
    standing: Block = getattr(scenario.file.analyses, ANALYSES[name].field)
    changes = dict(batch.given[field_name])
    if name in SEEDED:
        seed = batch.file.seed if wanted.seed is None else wanted.seed
        if seed is not None and ("seed" not in changes or wanted.seed is not None):
            changes["seed"] = seed
        if wanted.draws is not None:
            changes["draws"] = wanted.draws
        if name == "psa":
            changes.setdefault("keep_draws", "no")
    return options_with(standing, **changes)


def _do(
    units: Sequence[Unit], store: Store, wanted: Asked, rows: dict[str, dict[str, Any]], step: Callable[[], None]
) -> dict[str, str]:
    """Do units, each kept as soon as it is finished; return those that failed, and why."""
    by_key = {unit.folder: unit for unit in units}
    counts = {unit.folder: len(_parts(unit)) for unit in units if unit.heavy}
    ready = dict.fromkeys(counts, 0)
    begun = {name: time.perf_counter() for name in counts}
    failed: dict[str, tuple[int, str]] = {}

    def close(unit: Unit, made: Made) -> None:
        store.keep(unit, made)
        rows[unit.folder] = dict(made.row)
        step()

    for name, unit in by_key.items():
        for index in range(counts.get(name, 0)):
            ready[name] += store.part(unit, index).is_file()
    for name in [name for name, count in counts.items() if ready[name] == count]:
        close(by_key[name], _collected(by_key[name], store, counts[name], begun[name]))
    tasks = _tasks([unit for unit in units if unit.folder not in rows], store, counts)
    with closing(completed(tasks, wanted.workers, wanted.scheduler)) as finished_tasks:  # no process outlives an error
        for done in finished_tasks:
            name, _, part = done.key.partition("#")
            unit = by_key[name]
            if done.error:
                if name not in failed:
                    step()
                failed[name] = min(failed.get(name, (int(part or 0), done.error)), (int(part or 0), done.error))
            elif not part:
                close(unit, done.value)
            else:
                store.keep_part(unit, int(part), done.value)
                ready[name] += 1
                if ready[name] == counts[name]:
                    close(unit, _collected(unit, store, counts[name], begun[name]))
    return {name: reason for name, (_, reason) in failed.items()}


def _tasks(units: Sequence[Unit], store: Store, counts: dict[str, int]) -> Iterator[Task]:
    """Yield what is to be done: whole units, and the missing parts of long ones."""
    for unit in units:
        if unit.folder not in counts:
            yield Task(unit.folder, make, (unit,))
            continue
        for index, part in enumerate(_parts(unit)):
            if not store.part(unit, index).is_file():
                yield Task(f"{unit.folder}#{index}", _work, (unit.analysis, unit.scenario, unit.options, part))


def _parts(unit: Unit) -> list[tuple[Any, ...]]:
    return ANALYSES[unit.analysis].parts(unit.scenario, unit.options) if unit.options is not None else []


def _work(analysis: str, scenario: Scenario, options: Block, part: tuple[Any, ...]) -> Any:
    return ANALYSES[analysis].work(scenario, options, part)


def _collected(unit: Unit, store: Store, count: int, begun: float) -> Made:
    """Return a long unit whose parts are all on disk."""
    if unit.options is None:
        msg = "a base case has no parts"
        raise ValueError(msg)
    result = ANALYSES[unit.analysis].summarise(unit.scenario, unit.options, store.parts(unit, count))
    return finished(unit, result, begun)


def listing(batch: Batch, prices: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Yield (variant, file, analyses) of what a batch would run."""
    analyses = ", ".join(NAMES.get(name, name) for name in batch.given)
    for variant in at_prices(variants_of(batch), prices):
        yield variant.name, shown_path(variant), analyses


__all__ = ["Asked", "BatchResult", "Done", "Failure", "listing", "planned", "run_batch"]
