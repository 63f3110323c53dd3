"""The choices of a draft as checked blocks; the names in them lead to strategies and files that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from netcea.blocks import Block
from netcea.errors import InputError, Problem, did_you_mean
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import Override
from netcea.loading.merging.unknown_addresses import leaves
from netcea.loading.messages.block_problems import problems_of
from netcea.scenario.scenario import ScenarioFile

BY_NAME: Final = frozenset({"strategies", "costs"})
"""Groups of a scenario whose blocks have names of their own."""
MOST_KNOWN: Final = 2000
"""Blocks that are kept."""


def checked_blocks(draft: DraftScenario) -> ScenarioFile:
    """Return the choices of a draft as blocks.

    Parameters
    ----------
    draft : DraftScenario
        What is checked.

    Raises
    ------
    InputError
        With every entry that is wrong, and every fault of the numbers that the draft names.
    """
    data = {**draft.tree.data, **{key: value for key, value in draft.header.items() if value is not None}}
    try:
        return _KNOWN.validated(data)
    except ValidationError as error:
        problems = problems_of(error, ScenarioFile, data, draft.tree.place)
        faults = [*draft.faults, *_with_replaced_groups(problems, draft.sets), *_faults_of_numbers(draft)]
        raise InputError(faults) from None


@dataclass
class _KnownBlocks:
    """Blocks that were validated, by the entries that they were made of: scenarios of a project share most of them."""

    entries: dict[int, tuple[object, object]] = field(default_factory=dict)
    """Identity of an entry, which never changes -> the entry, so that its identity stays its own, and its block."""

    def validated(self, data: Mapping[str, Any]) -> ScenarioFile:
        """Return the file as blocks; only what is new is validated, beside what concerns several blocks."""
        try:
            file = ScenarioFile.model_validate({key: self._known(key, value) for key, value in data.items()})
        except ValidationError:
            return ScenarioFile.model_validate(data)  # which says it of the entries as they stand
        if len(self.entries) > MOST_KNOWN:
            self.entries.clear()
        for key in data:
            block = getattr(file, key)
            for entry, made in self._parts(key, data[key], block):
                self.entries.setdefault(id(entry), (entry, made))
        return file

    def _known(self, key: str, entry: Any) -> Any:
        """Return an entry with blocks in place of what was validated."""
        if key in BY_NAME and isinstance(entry, dict):
            return {name: self._block(item) for name, item in entry.items()}
        return self._block(entry)

    def _block(self, entry: Any) -> Any:
        found = self.entries.get(id(entry))
        return entry if found is None else found[1]

    @staticmethod
    def _parts(key: str, entry: Any, block: Any) -> Iterator[tuple[object, object]]:
        """Yield entries and the blocks that they became."""
        if key in BY_NAME:
            yield from ((entry[name], item) for name, item in block.items())
        elif isinstance(block, Block):
            yield entry, block


_KNOWN: Final = _KnownBlocks()


def _with_replaced_groups(problems: Iterable[Problem], sets: Sequence[Override]) -> Iterator[Problem]:
    """Yield problems; what is missing below a group that was set is missing because `set` replaces the group."""
    groups = [override for override in sets if isinstance(override.value, Mapping)]
    for problem in problems:
        over = next((o for o in reversed(groups) if problem.address.startswith(f"{o.address}.")), None)
        given = {address for address, _ in leaves(over)} if over is not None else set()
        lost = problem.found == "nothing" and problem.address not in given
        if over is not None and lost:
            entry = next(iter(sorted(given)), problem.address)
            hint = f"`set` replaces '{over.address}' as a whole; to change one entry, set {entry}"
            yield replace(problem, suggestion=hint)
        else:
            yield problem


def _faults_of_numbers(draft: DraftScenario) -> Iterator[Problem]:
    """Yield the faults of the numbers that a faulty scenario names, so that they are seen at once."""
    for address in sorted(set(_possible_addresses(draft.tree.data))):
        if draft.inputs.exists(address):
            try:
                draft.inputs.node(address)
            except KeyError:
                continue
            except InputError as error:
                yield from error.problems


def _possible_addresses(node: object) -> Iterator[str]:
    """Yield every text of a tree that could be an address."""
    if isinstance(node, str) and "." in node and " " not in node:
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _possible_addresses(child)


def strategy_faults(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    """Yield every place that names a strategy which the scenario does not have, or compares one with itself.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    draft : DraftScenario
        Says where entries stand.
    """
    known = list(file.strategies)
    for address, strategy in _named_strategies(file):
        if strategy not in known:
            expected = f"one of the strategies {', '.join(known)}"
            yield draft.place(address).problem(repr(strategy), expected, did_you_mean(strategy, known))
    if file.decision.comparator == file.decision.intervention:
        found = f"{file.decision.comparator!r}, which is the intervention"
        expected = "another strategy, with which the intervention is compared"
        yield draft.place("decision.comparator").problem(found, expected)


def _named_strategies(file: ScenarioFile) -> Iterator[tuple[str, str]]:
    """Yield address and strategy of every place that names one."""
    for role in ("intervention", "comparator", "established_practice"):
        yield f"decision.{role}", getattr(file.decision, role)
    for name, item in file.costs.items():
        for index, strategy in enumerate(item.strategies if item.strategies != "all" else ()):
            yield f"costs.{name}.strategies.{index}", strategy
    for strategy in file.utilities.by_strategy:
        yield f"utilities.by_strategy.{strategy}", strategy
    for name, treatment in file.subsequent_treatments().items():
        if treatment.adverse_events_of is not None:
            yield f"costs.{name}.adverse_events_of", treatment.adverse_events_of
    for name, event in file.adverse_events.events.items():
        for strategy in event.incidence:
            yield f"adverse_events.events.{name}.incidence.{strategy}", strategy


def beside_faults(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    """Yield scenarios to be shown beside the base case that are no files of the project.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    draft : DraftScenario
        Says where entries stand.
    """
    for index, named in enumerate(file.analyses.base_case.beside):
        yield from file_faults(f"analyses.base_case.beside.{index}", named, draft)


def file_faults(address: str, named: str, draft: DraftScenario) -> Iterator[Problem]:
    """Yield that an entry names no scenario file of the project, where it does not.

    Parameters
    ----------
    address : str
        Of the entry.
    named : str
        Path, relative to the file in which the entry stands.
    draft : DraftScenario
        Says where entries stand.
    """
    path = draft.file_named_at(address, named)
    if not path.is_file() or not draft.project.holds(path):
        siblings = sorted(f"{Path(named).parent.as_posix()}/{p.name}" for p in path.parent.glob("*.yaml"))
        expected = "a scenario file of this project, relative to the file that names it"
        yield draft.place(address).problem(repr(named), expected, did_you_mean(named, siblings))
