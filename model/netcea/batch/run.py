"""Run a batch: load every variant, do what is not done yet, put everything on one table."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcea.analyses.analysis import PartReader
from netcea.analyses.registry import ANALYSES
from netcea.batch.file import Batch
from netcea.batch.result import BatchRequest, BatchResult, Failure
from netcea.batch.store import Store
from netcea.batch.units import Made, Unit, finished, key_of, make
from netcea.batch.variants import Variant, at_prices, check_runs, shown_path, variants_of
from netcea.blocks import Block
from netcea.confidential.layers import Layers, refuse_touching
from netcea.errors import InputError, ModelError, Problem
from netcea.execution.task import Done, Task, perform
from netcea.execution.workers import completed
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, read_draft
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override, parse_command_line
from netcea.loading.option_values import options_with
from netcea.scenario.scenario import Scenario
from netcea.storage.array_file import DamagedError

if TYPE_CHECKING:
    from netcea.batch.table import Line


class StoppedError(Exception):
    """A result could not be written or no worker be reached: what is finished stays."""


@dataclass
class _Plan:
    units: list[Unit] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    roots: dict[str, str] = field(default_factory=dict)


def run_batch(
    batch: Batch, store: Store, wanted: BatchRequest, advance: Callable[[int], Callable[[], None]] | None = None
) -> tuple[BatchResult, list[Line]]:
    """Run a batch into its folder; return what was done and the lines of its table.

    Parameters
    ----------
    batch : Batch
    store : Store
    wanted : BatchRequest
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
    variants = _at_all_prices(batch, list(wanted.prices))
    grid = planned(batch, variants, wanted)
    store.begin(batch.file.name, grid.units)
    if wanted.seed is not None:
        batch = replace(batch, file=batch.file.model_copy(update={"seed": wanted.seed}))
    with store.locked() as runs:
        try:
            return _locked_run(batch, store, wanted, variants, grid, runs, advance)
        except InputError as error:
            raise StoppedError(str(error)) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise StoppedError(f"{where}{error.strerror or error}") from error


def _locked_run(
    batch: Batch,
    store: Store,
    wanted: BatchRequest,
    variants: Sequence[Variant],
    grid: _Plan,
    runs: Sequence[str],
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
    store.sweep({unit.folder: unit for unit in grid.units}, failed, runs)
    from netcea.batch.report import write_summary

    result = BatchResult(
        batch, tuple(variants), grid.roots, tuple(grid.units), rows, tuple(failures), len(left), wanted.prices
    )
    return result, write_summary(result, store.folder)


def _nothing() -> None:
    pass


def planned(batch: Batch, variants: Sequence[Variant], wanted: BatchRequest) -> _Plan:
    """Load every variant and return its units; one that does not load becomes a failure, and the rest go on."""
    grid = _Plan()
    inputs: Inputs | None = None
    sets = parse_command_line(wanted.sets)
    options_faults: dict[str, InputError] = {}
    made: Counter[tuple[str, int, str]] = Counter()
    nowhere: dict[tuple[str, int, str], list[Problem]] = {}
    for variant in variants:
        try:
            merged = read_draft(str(variant.path), (), wanted.trusted, inputs)
            inputs = inputs or merged.inputs
            changed = _changed(merged, variant, sets, wanted.prices.get(variant.prices))
            made.update((o.place.file, o.place.line, o.address) for o in (*variant.sets, *sets))
            for fault in changed.faults:
                nowhere.setdefault((fault.file, fault.line, fault.address), []).append(fault)
            scenario = resolve(changed)
        except InputError as error:
            grid.failures.append(Failure(variant.name, "", str(error)))
            continue
        grid.roots[variant.name] = Path(merged.files[0]).stem
        figures = batch.file.figures if wanted.figures is None else wanted.figures
        for name in batch.given:
            try:
                options = options_of(batch, scenario, name, wanted, figures=figures)
            except InputError as error:
                options_faults[name] = error
                continue
            key = key_of(scenario, name, options, figures=figures)
            alone = replace(scenario, related=None)  # any process finds the same: nothing but the variant itself
            grid.units.append(Unit(variant.name, name, key, alone, options, figures))
    problems = [faults[0] for place, faults in nowhere.items() if len(faults) == made[place]]  # no scenario has them
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


def options_of(batch: Batch, scenario: Scenario, name: str, wanted: BatchRequest, *, figures: bool) -> Block:
    """Return the options of an analysis: the scenario's, then the batch's, then the command line's."""
    analysis = ANALYSES[name]
    changes = {**analysis.in_batch(figures=figures), **batch.given[name]}
    if "draws" in analysis.options.model_fields:
        seed = batch.file.seed if wanted.seed is None else wanted.seed
        if seed is not None and ("seed" not in changes or wanted.seed is not None):
            changes["seed"] = seed
        if wanted.draws is not None:
            changes["draws"] = wanted.draws
    found: Block = options_with(analysis.standing(scenario), **changes)
    return found


def _do(
    units: Sequence[Unit], store: Store, wanted: BatchRequest, rows: dict[str, dict[str, Any]], step: Callable[[], None]
) -> dict[str, str]:
    """Do units, each kept as soon as it is finished; return those that failed, and why."""
    by_key = {unit.folder: unit for unit in units}
    long = {unit.folder: _LongUnit.of(unit, store) for unit in units if unit.heavy}
    failed: dict[str, tuple[int, str]] = {}

    def close(unit: Unit, done: Done, part: int = 0) -> None:
        name = unit.folder
        if not done.error:
            store.keep(unit, done.value)
            rows[name] = dict(done.value.row)
        if name not in failed:
            step()
        if done.error:
            failed[name] = min(failed.get(name, (part, done.error)), (part, done.error))

    for name in [name for name, found in long.items() if found.is_whole]:
        close(by_key[name], long[name].outcome())
    tasks = _tasks([unit for unit in units if unit.folder not in rows | failed], long)
    with closing(completed(tasks, wanted.workers, wanted.scheduler)) as finished_tasks:  # no process outlives an error
        for done in finished_tasks:
            name, _, part = done.key.partition("#")
            unit = by_key[name]
            if done.error or not part:
                close(unit, done, int(part or 0))
                continue
            long[name].keep(int(part), done.value)
            if long[name].is_whole:
                close(unit, long[name].outcome())
    return {name: reason for name, (_, reason) in failed.items()}


def _tasks(units: Sequence[Unit], long: Mapping[str, _LongUnit]) -> Iterator[Task]:
    """Yield what is to be done: whole units, and the missing parts of long ones."""
    for unit in units:
        if unit.folder not in long:
            yield Task(unit.folder, make, (unit,))
            continue
        for index, part in enumerate(long[unit.folder].parts):
            if index not in long[unit.folder].ready:
                yield Task(f"{unit.folder}#{index}", _work, (unit.analysis, unit.scenario, unit.options, part))


@dataclass
class _LongUnit:
    """A unit that is done in parts, which lie on disk as data; one that is damaged is done again."""

    unit: Unit
    store: Store
    parts: Sequence[tuple[Any, ...]]
    begun: float
    ready: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, unit: Unit, store: Store) -> _LongUnit:
        found = cls(unit, store, ANALYSES[unit.analysis].parts(unit.scenario, unit.options), time.perf_counter())
        for index in range(len(found.parts)):
            if store.read_part(unit, index):
                with suppress(DamagedError, InputError, ModelError):
                    found.part(index)
                    found.ready.add(index)
        return found

    @cached_property
    def read(self) -> PartReader:
        return ANALYSES[self.unit.analysis].parts_from_bytes(self.unit.scenario, self.unit.options)

    @property
    def is_whole(self) -> bool:
        return len(self.ready) == len(self.parts)

    def part(self, index: int) -> Any:
        return self.read(self.store.read_part(self.unit, index), *self.parts[index])

    def keep(self, index: int, data: bytes) -> None:
        self.store.keep_part(self.unit, index, data)
        self.ready.add(index)

    def outcome(self) -> Done:
        """Return what became of the unit, all of whose parts are on disk."""
        return perform(Task(self.unit.folder, self._joined, ()))

    def _joined(self) -> Made:
        """Return the unit; its parts are read one at a time."""
        unit = self.unit
        try:
            values = map(self.part, range(len(self.parts)))
            result = ANALYSES[unit.analysis].summarise(unit.scenario, unit.options, values)
        except DamagedError as error:  # somebody changed it meanwhile
            found, hint = f"a part that was damaged while the batch was at work ({error})", "the same command goes on"
            raise InputError(Problem(found=found, expected="parts as they were written", suggestion=hint)) from None
        return finished(unit, result, self.begun)


def _work(analysis: str, scenario: Scenario, options: Block, part: tuple[Any, ...]) -> bytes:
    """Do one part of a long unit, and return what it yielded as data."""
    chosen = ANALYSES[analysis]
    return chosen.part_as_bytes(chosen.work(scenario, options, *part))


def _at_all_prices(batch: Batch, prices: Sequence[str]) -> list[Variant]:
    own = variants_of(batch)
    check_runs(batch, len(own), len(prices))
    return at_prices(own, prices)


def runs_of(batch: Batch, prices: Sequence[str] = ()) -> int:
    """Return how many runs a batch makes; those that are done already are counted too."""
    return len(_at_all_prices(batch, prices)) * len(batch.given)


@dataclass(frozen=True)
class Listed:
    """A variant that a batch would run.

    Attributes
    ----------
    variant, file : str
        Its name, and its scenario as the user would type it.
    analyses : tuple of str
    fault : str
        Why it cannot be run; empty where it can.
    """

    variant: str
    file: str
    analyses: tuple[str, ...]
    fault: str = ""


def listing(batch: Batch, wanted: BatchRequest) -> Iterator[Listed]:
    """Yield what a batch would run, each variant with the changes of the command line, and what is wrong with it.

    Parameters
    ----------
    batch : Batch
        As read.
    wanted : BatchRequest
        What the command line asks on top of it.
    """
    analyses, sets = tuple(batch.given), parse_command_line(wanted.sets)
    inputs: Inputs | None = None
    for variant in _at_all_prices(batch, list(wanted.prices)):
        fault = ""
        try:
            merged = read_draft(str(variant.path), (), wanted.trusted, inputs)
            inputs = inputs or merged.inputs
            resolve(_changed(merged, variant, sets, wanted.prices.get(variant.prices)), brief=True)
        except InputError as error:
            fault = str(error)
        yield Listed(variant.name, shown_path(variant), analyses, fault)
