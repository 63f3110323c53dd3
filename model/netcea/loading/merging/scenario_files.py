"""Scenario files on disk: the one that was named, then what it extends, up to the complete one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.messages.hints import show
from netcea.loading.reading.project import Project, bare_name, find_by_name, package_project, real, shown, split_step
from netcea.loading.reading.yaml_file import YamlFile, read_yaml
from netcea.scenario.scenario import FORMAT, ScenarioFile, ScenarioHeader

LONGEST_CHAIN: Final = 30
"""Files that extend one another: each is read again for every scenario that is built on it."""

HEADER: Final = ("name", "rationale", "direction", "tags")
"""What every file says of itself; nothing of it can be set."""


def read_chain(
    path: Path, project: Project, trusted: Sequence[Path] = (), known: YamlFile | None = None
) -> list[YamlFile]:
    """Return the named file, then what it extends, up to the complete one.

    Parameters
    ----------
    path : Path
        Of the named file.
    project : Project
        The project whose files may be extended.
    trusted : sequence of Path
        Folders outside it that `extends` may read from.
    known : YamlFile, optional
        A complete one that was read already, and stays as it was.

    Raises
    ------
    InputError
        A file cannot be read, has another format, extends what it may not, or the chain is too long or comes back.
    """
    chain: list[YamlFile] = []
    seen: list[Path] = []
    while True:
        if seen and (here := real(path)) in seen:
            names = " -> ".join(shown(p) for p in [*seen, here])
            expected = "a chain that ends in a complete scenario"
            raise chain[-1].place(("extends",)).error(names, expected, "this one comes back to itself")
        if len(seen) == LONGEST_CHAIN:
            expected = f"at most {LONGEST_CHAIN} files, each extending the next"
            raise chain[0].place(("extends",)).error(f"a chain of more than {LONGEST_CHAIN} files", expected)
        file = _known_or_read(path, known)
        chain.append(file)
        _check_format(file)
        if "extends" not in file.data:
            return chain
        _check_header(file)
        if known is not None and _extends(file, known):
            return [*chain, known]
        seen.append(real(path))
        path = _extended(file, project, trusted)


def _extends(file: YamlFile, known: YamlFile) -> bool:
    """Say whether a file extends one that was read already, and was found to be one that it may extend."""
    named, _ = split_step(str(file.data["extends"]))
    try:
        return not bare_name(named) and (file.path.parent / named).samefile(known.path)
    except OSError:  # no such file: said where it is looked for
        return False


def _known_or_read(path: Path, known: YamlFile | None) -> YamlFile:
    return known if known is not None and path.is_file() and path.samefile(known.path) else read_yaml(path)


def header_of(chain: Sequence[YamlFile]) -> dict[str, Any]:
    """Return what the named file says of itself; nothing of it is inherited (a variant is no base case).

    Parameters
    ----------
    chain : sequence of YamlFile
        The named file, then what it extends.
    """
    own = {key: chain[0].data.get(key) for key in HEADER}
    return own if len(chain) == 1 or own["tags"] is not None else {**own, "tags": []}


def _extended(file: YamlFile, project: Project, trusted: Sequence[Path]) -> Path:
    """Return the file that a file extends."""
    (named, _), place = split_step(str(file.data["extends"])), file.place(("extends",))
    if bare_name(named):
        homes = (project, package_project())
        found = next(filter(None, (find_by_name(named, home) for home in homes)), None)
        if found is None:
            known = sorted({p.stem for home in homes for p in home.scenarios.rglob("*.yaml")})
            raise place.error(repr(named), "a scenario file", did_you_mean(named, known))
        return found
    path = Path(named) if Path(named).is_absolute() else file.path.parent / named
    inside = project.holds(path) or real(path).parent == real(file.path).parent
    if not inside and not any(real(path).is_relative_to(real(folder)) for folder in trusted):
        outside = f"{named!r}, a file outside the project {real(project.root).name}"
        hint = f"if you trust it, name its folder: --trust {shown(real(path).parent)}"
        raise place.error(outside, "a file of the same project", hint)
    if not path.is_file():
        siblings = sorted(p.name for p in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
        nothing = f"{named!r}, which is {'a folder' if path.is_dir() else 'not a file'}"
        raise place.error(nothing, "a scenario file, relative to this one", did_you_mean(path.name, siblings))
    return path


def _check_format(file: YamlFile) -> None:
    """Refuse a file that says no format, or another one."""
    given = file.data.get("format")
    if given == FORMAT and not isinstance(given, bool):
        return
    place = file.place(("format",))
    if given is None:
        first = Place(file.shown_as, 1, address="format")
        raise first.error("no format", f"format: {FORMAT} as the first entry")
    if isinstance(given, int) and given < FORMAT:
        hint = "CHANGELOG.md says what changed; adapt the file, then raise its format"
        raise place.error(f"{given}, an old format", f"{FORMAT}", hint)
    if isinstance(given, int) and given > FORMAT:
        hint = "install a newer netcea (pip install --upgrade netcea)"
        raise place.error(f"{given}, newer than this netcea", f"{FORMAT}", hint)
    raise place.error(show(given), f"{FORMAT}")


def _check_header(file: YamlFile) -> None:
    """Refuse a file that extends another and holds more than a header and `set`."""
    try:
        ScenarioHeader.model_validate(file.data)
    except ValidationError as error:
        problems = problems_of(error, ScenarioHeader, file.data, file.place)
        raise InputError(_with_hints(problems, file)) from None


def _with_hints(problems: Iterable[Problem], file: YamlFile) -> Iterator[Problem]:
    """Yield problems of a header with what to do where the file was meant to be a complete one."""
    complete = set(ScenarioFile.model_fields) - set(ScenarioHeader.model_fields)
    for problem in problems:
        if problem.address == "extends" and not isinstance(file.data["extends"], str):
            yield replace(problem, suggestion="if the file is complete, it has no `extends`")
        elif problem.address in complete:
            hint = f"a file that extends another changes it under `set:` ({problem.address}....: value)"
            yield replace(problem, suggestion=hint)
        else:
            yield problem
