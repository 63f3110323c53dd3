"""Scenario files with everything they extend, merged; overrides laid where they belong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from netcea.errors import InputError, Problem, ProblemCollector, did_you_mean
from netcea.loading.hints import show
from netcea.loading.inputs import Inputs, Override
from netcea.loading.problems import fields_at, problems_of
from netcea.loading.project import Project, bare_name, find_by_name, locate, package_project, real, shown
from netcea.loading.tree import KeyPath, Place, Tree, join_address, split_address
from netcea.loading.yaml_file import YamlFile, parse_value, read_yaml
from netcea.scenario.price_layers import PriceLayer
from netcea.scenario.scenario import FORMAT, ScenarioFile, ScenarioHeader

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers

_FILES: dict[tuple[Path, int, int], YamlFile] = {}
"""Scenario files read by this process: (path, time of change, size) -> content."""


@dataclass(frozen=True)
class Merged:
    """A scenario before it is checked: its choices, its inputs, and who said what.

    Attributes
    ----------
    tree : Tree
        The complete file with all overrides of choices.
    inputs : Inputs
        The numbers with all overrides of numbers.
    header : mapping
        name, rationale, direction, tags of the file that was named.
    files : tuple of str
        The files in the order of `extends`, the complete one first.
    sets : tuple of (address, value, place)
        What was set, in order.
    project : Project
    source : str
        The file as the user named it.
    faults : tuple of Problem
        Overrides that lead nowhere; kept, so that they are reported with everything else that is wrong.
    layers : tuple of PriceLayer
        Price layers that were laid over, in their order.
    public : mapping of address -> float
        What confidential layers replaced.
    redacted : bool
    """

    tree: Tree
    inputs: Inputs
    header: Mapping[str, Any]
    files: tuple[str, ...]
    sets: tuple[Override, ...]
    project: Project
    source: str
    faults: tuple[Problem, ...] = ()
    layers: tuple[PriceLayer, ...] = ()
    public: Mapping[str, float] = field(default_factory=dict)
    redacted: bool = False

    @property
    def secret(self) -> dict[str, str]:
        """Address -> hash of the confidential layer that sets it, where nothing public has replaced it since."""
        found: dict[str, str] = {}
        for override in self.sets:
            changed = override.address
            for known in [a for a in found if changed in (a, f"{a}.value") or a.startswith(f"{changed}.")]:
                del found[known]
            if override.secret:
                found[changed] = override.secret
        return found

    def with_sets(self, sets: Sequence[Override]) -> Merged:
        """Return this scenario with more overrides on top."""
        return _apply_sets(self, sets)


def read_merged(
    name: str,
    command_line: Sequence[str] | Mapping[str, object] = (),
    trusted: Sequence[Path] = (),
    inputs: Inputs | None = None,
    prices: Layers | None = None,
) -> Merged:
    """Read a scenario file, what it extends, its `set`, and the command line's ``ADDRESS=VALUE``.

    Parameters
    ----------
    name : str
        A file, or a bare name.
    command_line : sequence of str
        ``ADDRESS=VALUE``, applied last, in order.
    trusted : sequence of Path
        Folders outside the scenario's own project that `extends` may read from.
    inputs : Inputs, optional
        What was read of the same inputs/ before, to be shared.
    prices : Layers, optional
        Price layers, laid over what the scenario sets and below the command line.

    Raises
    ------
    InputError
        With every problem found.
    """
    path, project = locate(name)
    chain = _chain(path, project, trusted)
    root = chain[-1]
    root_place = Place(root.shown_as, 1, root.path)
    places = {key: Place(root.shown_as, line, root.path) for key, line in root.lines.items()}
    tree = Tree(root.data, {(): root_place, **places}).copy()
    tree.data.setdefault("format", None)
    header = _header(chain)
    files = tuple(file.shown_as for file in reversed(chain))
    shared = inputs is not None and inputs.folder == project.inputs
    numbers = inputs.with_overrides([]) if inputs is not None and shared else Inputs(project.inputs)
    merged = Merged(tree, numbers, header, files, (), project, shown(path))
    sets = [override for file in reversed(chain[:-1]) for override in _sets_of(file)]
    merged, last = merged.with_sets(sets), parse_command_line(command_line)
    return prices.below(merged, last) if prices else merged.with_sets(last)


def overlay(base: Merged, path: Path) -> Merged:
    """Return `base` changed by what a sensitivity scenario sets, whatever `base` itself changed."""
    if not base.project.holds(path):
        raise InputError(
            Problem(
                shown(path),
                found=f"a file outside the project {real(base.project.root).name}",
                expected="a scenario of the same project",
            )
        )
    chain = _chain(path, base.project, ())
    sets = [override for file in reversed(chain[:-1]) for override in _sets_of(file)]
    header = _header(chain)
    return replace(base.with_sets(sets), header=header, source=shown(path))


def _header(chain: Sequence[YamlFile]) -> dict[str, Any]:
    """Return what the named file says of itself; nothing of it is inherited (a variant is no base case)."""
    own = {key: chain[0].data.get(key) for key in ("name", "rationale", "direction", "tags")}
    return own if len(chain) == 1 or own["tags"] is not None else {**own, "tags": []}


def parse_command_line(items: Iterable[str] | Mapping[str, object]) -> list[Override]:
    """Return the overrides of ``--set ADDRESS=VALUE``, or of a mapping; all faults at once."""
    if isinstance(items, Mapping):
        return [Override(str(a), value, Place(f"changes[{str(a)!r}]"), {}) for a, value in items.items()]
    faults = ProblemCollector()
    overrides = []
    for item in items:
        address, equals, text = item.partition("=")
        place = Place(f"--set {item}")
        if not equals or not address.strip():
            faults.add(
                Problem(
                    place.file,
                    found=repr(item),
                    expected="ADDRESS=VALUE",
                    suggestion="for example settings.horizon_years=20",
                )
            )
            continue
        try:
            overrides.append(Override(address.strip(), parse_value(text, place.file), place, {}))
        except InputError as error:
            faults.problems.extend(replace(problem, address=address.strip()) for problem in error.problems)
    faults.raise_if_any()
    return overrides


def _chain(path: Path, project: Project, trusted: Sequence[Path]) -> list[YamlFile]:
    """Return the named file, then what it extends, up to the complete one."""
    chain: list[YamlFile] = []
    seen: list[Path] = []
    while True:
        here = real(path)
        if here in seen:
            names = " -> ".join(shown(p) for p in [*seen, here])
            file = chain[-1]
            raise InputError(
                Problem(
                    file.shown_as,
                    file.lines.get(("extends",), 1),
                    "extends",
                    names,
                    "a chain that ends in a complete scenario",
                    "this one comes back to itself",
                )
            )
        seen.append(here)
        file = _read(path)
        chain.append(file)
        _check_format(file)
        if "extends" not in file.data:
            return chain
        _check_header(file)
        path = _extended(file, str(file.data["extends"]), project, trusted)


def _read(path: Path) -> YamlFile:
    try:
        status = path.stat()
    except OSError:
        return read_yaml(path, shown(path))  # which says what is wrong
    key = (path, status.st_mtime_ns, status.st_size)
    if key not in _FILES:
        _FILES[key] = read_yaml(path, shown(path))
    return _FILES[key]


def _extended(file: YamlFile, named: str, project: Project, trusted: Sequence[Path]) -> Path:
    line = file.lines.get(("extends",), 1)
    if bare_name(named):
        for home in (project, package_project()):
            found = find_by_name(named, home)
            if found is not None:
                return found
        known = sorted({p.stem for home in (project, package_project()) for p in home.scenarios.rglob("*.yaml")})
        raise InputError(
            Problem(file.shown_as, line, "extends", repr(named), "a scenario file", did_you_mean(named, known))
        )
    path = Path(named) if Path(named).is_absolute() else file.path.parent / named
    inside = project.holds(path) or real(path).parent == real(file.path).parent
    if not inside and not any(real(path).is_relative_to(real(folder)) for folder in trusted):
        raise InputError(
            Problem(
                file.shown_as,
                line,
                "extends",
                f"{named!r}, a file outside the project {real(project.root).name}",
                "a file of the same project",
                f"if you trust it, name its folder: --trust {shown(real(path).parent)}",
            )
        )
    if not path.is_file():
        siblings = sorted(p.name for p in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
        raise InputError(
            Problem(
                file.shown_as,
                line,
                "extends",
                f"{named!r}, which is {'a folder' if path.is_dir() else 'not a file'}",
                "a scenario file, relative to this one",
                did_you_mean(path.name, siblings),
            )
        )
    return path


def _check_format(file: YamlFile) -> None:
    given = file.data.get("format")
    line = file.lines.get(("format",), 1)
    if given == FORMAT and not isinstance(given, bool):
        return
    if given is None:
        problem = Problem(file.shown_as, 1, "format", "no format", f"format: {FORMAT} as the first entry")
    elif isinstance(given, int) and given < FORMAT:
        problem = Problem(
            file.shown_as,
            line,
            "format",
            f"{given}, an old format",
            f"{FORMAT}",
            "CHANGELOG.md says what changed; adapt the file, then raise its format",
        )
    elif isinstance(given, int) and given > FORMAT:
        problem = Problem(
            file.shown_as,
            line,
            "format",
            f"{given}, newer than this netcea",
            f"{FORMAT}",
            "install a newer netcea (pip install --upgrade netcea)",
        )
    else:
        problem = Problem(file.shown_as, line, "format", show(given), f"{FORMAT}")
    raise InputError(problem)


def _check_header(file: YamlFile) -> None:
    def place(location: KeyPath) -> Place:
        for length in range(len(location), 0, -1):
            if location[:length] in file.lines:
                return Place(file.shown_as, file.lines[location[:length]], file.path)
        return Place(file.shown_as, 1, file.path)

    try:
        ScenarioHeader.model_validate(file.data)
    except ValidationError as error:
        problems = list(problems_of(error, ScenarioHeader, file.data, "", place))
        if file.lines.get(("extends",)) and not isinstance(file.data["extends"], str):
            hint = "if the file is complete, it has no `extends`"
            problems = [replace(p, suggestion=hint) if p.address == "extends" else p for p in problems]
        complete = set(ScenarioFile.model_fields) - set(ScenarioHeader.model_fields)
        problems = [
            replace(p, suggestion=f"a file that extends another changes it under `set:` ({p.address}....: value)")
            if p.address in complete
            else p
            for p in problems
        ]
        raise InputError(problems) from None


def _sets_of(file: YamlFile) -> list[Override]:
    overrides = []
    for address, value in (file.data.get("set") or {}).items():
        base = ("set", address)
        inner = {
            key[2:]: Place(file.shown_as, line, file.path)
            for key, line in file.lines.items()
            if key[:2] == base and len(key) > len(base)
        }
        place = Place(file.shown_as, file.lines.get(base, 1), file.path)
        overrides.append(Override(str(address), value, place, inner))
    return overrides


def _apply_sets(merged: Merged, sets: Sequence[Override]) -> Merged:
    tree = merged.tree.copy()
    numbers = list(merged.inputs.overrides)
    faults = list(merged.faults)
    for override in sets:
        path = split_address(override.address)
        place = override.place
        if "" in path:
            faults.append(
                Problem(
                    place.file,
                    place.line,
                    override.address,
                    f"the address '{override.address}'",
                    "names separated by single dots",
                )
            )
        elif merged.inputs.exists(path):
            if path[0] in tree.data and _stands(tree, path):
                faults.append(
                    Problem(
                        place.file,
                        place.line,
                        override.address,
                        "an address of both the scenario and inputs/",
                        "names that differ",
                    )
                )
            numbers.append(override)
        elif _looks_like_input(merged.inputs, path):
            faults.append(_unknown(merged, override))
        else:
            problem = _unknown_choice(merged, override, tree)
            if problem is None:
                tree.set(path, override.value, place, override.inner)
            else:
                faults.append(problem)
    inputs = merged.inputs.with_overrides(numbers)
    return replace(merged, tree=tree, inputs=inputs, sets=(*merged.sets, *sets), faults=tuple(faults))


def _unknown_choice(merged: Merged, override: Override, tree: Tree) -> Problem | None:
    """Return what is wrong with an address of the scenario; None where something stands there, or could."""
    path, place = split_address(override.address), override.place
    if path[0] not in ScenarioFile.model_fields:
        return _unknown(merged, override)
    for length in range(1, len(path)):
        above, key = path[:length], str(path[length])
        node = _standing(tree, above)
        shape = fields_at(ScenarioFile, tree.data, above)
        if isinstance(node, list):
            known = [str(index) for index in range(len(node))]
            if key in known:
                continue
            expected = f"{join_address(above)}.0 to .{len(node) - 1}" if node else "no entry: the list is empty"
            return Problem(
                place.file,
                place.line,
                override.address,
                f"no entry {key} in the list",
                expected,
                f"or set {join_address(above)} as a whole",
            )
        if shape.named:
            if key in shape.named:
                continue
            return _no_such(merged, override, above, key, shape.named)
        if not shape.open:
            return Problem(
                place.file,
                place.line,
                override.address,
                f"'{key}' below {join_address(above)}",
                "nothing below it: it is a single value",
                f"set {join_address(above)}",
            )
        if isinstance(node, Mapping) and key not in node and length < len(path) - 1:
            return _no_such(merged, override, above, key, list(node))
    return None


def _no_such(merged: Merged, override: Override, above: KeyPath, key: str, known: Sequence[str]) -> Problem:
    place = override.place
    hint = did_you_mean(key, known) or merged.inputs.suggestion(override.address)
    return Problem(
        place.file,
        place.line,
        override.address,
        f"'{key}', which {join_address(above)} does not have",
        f"one of {', '.join(known)}",
        hint,
    )


def explained(problems: Iterable[Problem], sets: Sequence[Override]) -> Iterator[Problem]:
    """Yield problems; what is missing below a group that was set is missing because `set` replaces the group."""
    groups = {override.address: override.value for override in sets if isinstance(override.value, Mapping)}
    for problem in problems:
        above, _, key = problem.address.rpartition(".")
        if above in groups and problem.found == "nothing" and key not in groups[above]:
            entry = f"{above}.{next(iter(groups[above]), key)}"
            yield replace(problem, suggestion=f"`set` replaces '{above}' as a whole; to change one entry, set {entry}")
        else:
            yield problem


def _standing(tree: Tree, path: KeyPath) -> Any:
    try:
        return tree.get(path)
    except KeyError:
        return None


def _stands(tree: Tree, path: KeyPath) -> bool:
    try:
        tree.get(path)
    except KeyError:
        return False
    return True


def _looks_like_input(inputs: Inputs, path: KeyPath) -> bool:
    """Say whether an unknown address starts like a file of inputs/: then it is a misspelt number, not a new choice."""
    return inputs.prefix_of(path) is not None


def _unknown(merged: Merged, override: Override) -> Problem:
    path = split_address(override.address)
    tops = sorted(ScenarioFile.model_fields)
    close = difflib.get_close_matches(str(path[0]), tops, n=1) if path[0] not in tops else []
    hint = f"did you mean '{join_address((close[0], *path[1:]))}'?" if close else ""
    hint = hint or merged.inputs.suggestion(override.address)
    return Problem(
        override.place.file,
        override.place.line,
        override.address,
        "an address that nothing has",
        "an address of the scenario (strategies..., settings...) or of a number in inputs/",
        hint,
    )
