"""The scenarios that a workbook was made from, found again and loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netcea.errors import InputError, Place, Problem, ProblemCollector
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, read_draft
from netcea.loading.reading.project import locate, package_project, project_around, real, shown, split_step
from netcea.scenario.scenario import Scenario
from netcea.version import __version__
from netcea.workbook.provenance import Provenance, Source

EXPORT_AGAIN = "export again with `netcea export`, and repeat the changes there"
MOST_NAMED = 3
"""Scenarios that a problem names."""


@dataclass(frozen=True)
class Base:
    """A scenario that can be selected in the workbook, with its file and its draft before it was checked."""

    path: Path
    draft: DraftScenario
    scenario: Scenario


def load_bases(
    provenance: Provenance, named: str, trusted: Sequence[Path], workbook: Path, shown_as: str
) -> list[Base]:
    """Load what a workbook was made from.

    Parameters
    ----------
    provenance : Provenance
    named : str
        File of the first scenario, where the user said it; else it is looked for in the project around the workbook,
        in the one around the current folder, and in the one that comes with netcea.
    trusted : sequence of Path
        Folders outside these projects that scenarios may be read from.
    workbook : Path
    shown_as : str

    Raises
    ------
    InputError
        A file that is not there, or that is not what it was when the workbook was made.
    """
    root, first = _root(provenance, named, workbook, trusted, shown_as)
    faults = ProblemCollector()
    found: list[Base] = []
    others: list[str] = []
    for source in provenance.sources:
        path = first if source is provenance.sources[0] else _found(source, root, trusted)
        if path is None:
            faults.add(_missing(source, shown_as))
            continue
        try:
            draft = read_draft(str(path), source.sets, trusted, found[0].draft.inputs if found else None)
            found.append(Base(path, draft, resolve(draft)))
        except InputError as error:
            faults.problems.extend(error.problems)
            continue
        digest = found[-1].scenario.digest
        if digest != source.digest and provenance.version == __version__:
            others.append(f"{shown(path)} ({source.digest[:12]}, now {digest[:12]})")
    if others:
        named = ", ".join(others[:MOST_NAMED]) + (f" and {len(others) - MOST_NAMED} more" * (len(others) > MOST_NAMED))
        what = f"a workbook made when scenarios had other digests: {named}"
        expected = "the files, inputs/ and --set as they were then, and no confidential prices"
        faults.add(Place(shown_as).problem(what, expected, EXPORT_AGAIN))
    faults.raise_if_any()
    return found


def other_version(provenance: Provenance) -> list[str]:
    """Return a note where another version of netcea made the workbook: no hindrance, but not as it was."""
    if provenance.version == __version__:
        return []
    made = (
        f"The workbook was made by netcea {provenance.version}, this is {__version__}: it was compared with what this"
    )
    return [f"{made} version writes, and its scenarios could not be checked by their digests."]


def _root(
    provenance: Provenance, named: str, workbook: Path, trusted: Sequence[Path], shown_as: str
) -> tuple[Path, Path]:
    """Return the folder of the project and the file of the first scenario."""
    source = provenance.sources[0]
    if named:
        path, project = locate(named)
        return project.root, _after(path, split_step(named)[1] or split_step(source.file)[1])
    around = [project_around(workbook.parent), project_around(Path.cwd()), package_project()]
    roots = [project.root for project in around if project is not None]
    there = [(root, path) for root in roots for path in [_found(source, root, trusted)] if path is not None]
    if not there:
        raise InputError(_missing(source, shown_as))
    for root, path in there:
        try:
            if resolve(read_draft(str(path), source.sets, trusted)).digest == source.digest:
                return root, path
        except InputError:
            continue
    return there[0]


def _found(source: Source, root: Path, trusted: Sequence[Path]) -> Path | None:
    """Return a scenario's file: below the root of its project, or in a trusted folder; nowhere else."""
    file, step = split_step(source.file)
    inside = root / file
    if inside.is_file() and real(inside).is_relative_to(real(root)):
        return _after(inside, step)
    beside = (folder / Path(file).name for folder in trusted)
    return next((_after(path, step) for path in beside if path.is_file()), None)


def _after(path: Path, step: str) -> Path:
    """Return how a scenario after a step of its waterfall is named."""
    return path.with_name(f"{path.name}@{step}") if step else path


def _missing(source: Source, shown_as: str) -> Problem:
    return Place(shown_as).problem(
        f"a workbook made from {source.file!r}, which is not in this project",
        "the scenario it was made from",
        "name it: --scenario FILE; a folder outside the project: --trust DIR",
    )
