"""A scenario before it is checked: its choices, its numbers, and who set what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from netcea.errors import MOST_LISTED, Place, Problem
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override, overrides_of, parse_command_line
from netcea.loading.merging.scenario_files import header_of, read_chain
from netcea.loading.merging.steps import STEPS, number_of, overrides_of_step, waterfall_of
from netcea.loading.merging.tree import Tree
from netcea.loading.merging.unknown_addresses import group_as_a_number, unknown_address, wrong_choice
from netcea.loading.reading.project import Project, locate, real, shown, split_step
from netcea.loading.reading.yaml_file import YamlFile
from netcea.quantities.key_path import split_address
from netcea.scenario.price_layers import Prices
from netcea.scenario.waterfall import WaterfallOptions

NOT_SHOWN: Final = "a value that is not shown here"


class PriceTransform(Protocol):
    """Prices to be laid over a draft, below the last overrides; handed in by whoever has read them."""

    def below(self, draft: DraftScenario, last: Sequence[Override], /) -> DraftScenario:
        """Return the draft with the prices, and the overrides on top.

        Parameters
        ----------
        draft : DraftScenario
            What the scenario's own files say.
        last : sequence of Override
            What is laid on top of the prices.
        """
        ...


@dataclass(frozen=True)
class DraftScenario:
    """A scenario before it is checked: its choices, its numbers, and who set what.

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
    sets : tuple of Override
        What was set, in order.
    project : Project
    path : str
        The file, as the user would type it; with a step of its waterfall.
    faults : tuple of Problem
        Overrides that lead nowhere; kept, so that they are reported with everything else that is wrong.
    prices : Prices
        Price layers that were laid over, and what confidential ones replaced.
    combined : bool
        Whether it is another scenario with the changes of this one; see `overlay`.
    extends_base : bool
        Of such a one: whether its file extends that of this one, so that without changes it is what the file says.
    unchanged : tuple of Override
        Those of `sets` that say what stood there before.
    below : DraftScenario or None
        What it was before the last of `sets` were laid on top, all together.
    """

    tree: Tree
    inputs: Inputs
    header: Mapping[str, Any]
    files: tuple[str, ...]
    sets: tuple[Override, ...]
    project: Project
    path: str
    faults: tuple[Problem, ...] = ()
    prices: Prices = field(default_factory=Prices)
    combined: bool = False
    extends_base: bool = False
    unchanged: tuple[Override, ...] = ()
    below: DraftScenario | None = field(default=None, repr=False)

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

    def place(self, address: str) -> Place:
        """Return where a choice stands.

        Parameters
        ----------
        address : str
            Dotted address in the scenario.
        """
        return self.tree.place(split_address(address))

    def file_named_at(self, address: str, name: str) -> Path:
        """Return the scenario file that an entry names, relative to the file that the entry stands in.

        Parameters
        ----------
        address : str
            Of the entry that names the file.
        name : str
            Path, as the entry has it.
        """
        path = self.place(address).path
        return (path.parent if path is not None else self.project.scenarios) / name

    def with_sets(self, sets: Sequence[Override]) -> DraftScenario:
        """Return this scenario with more overrides on top.

        Parameters
        ----------
        sets : sequence of Override
            In their order; the last one wins.
        """
        tree, numbers, faults = self.tree, list(self.inputs.overrides), list(self.faults)
        for override in sets:
            path = split_address(override.address)
            if "" in path:
                found = f"the address '{override.address}'"
                faults.append(override.problem(found, "names separated by single dots"))
            elif self.inputs.exists(override.address):
                if path[0] in tree.data and tree.holds(path):
                    found = "an address of both the scenario and inputs/"
                    faults.append(override.problem(found, "names that differ"))
                wrong = group_as_a_number(override, self.inputs)
                faults += wrong
                numbers += [] if wrong else [override]
            elif self.inputs.knows_file_of(override.address):  # a misspelt number, not a new choice
                faults.append(unknown_address(override, self.inputs, suggest=len(faults) < MOST_LISTED))
            elif (problem := wrong_choice(override, tree, self.inputs, suggest=len(faults) < MOST_LISTED)) is not None:
                faults.append(problem)
            else:
                tree = tree.with_value(path, override.value, override.place, override.inner)
        unchanged = (*self.unchanged, *(override for override in sets if self._says_the_same(override)))
        return replace(
            self,
            tree=tree,
            inputs=self.inputs.with_overrides(numbers),
            sets=(*self.sets, *sets),
            faults=tuple(faults),
            unchanged=unchanged,
            below=self,
        )

    def without(self, override: Override) -> DraftScenario | None:
        """Return this scenario without one of the overrides laid on top last; None where it is not one of them.

        Parameters
        ----------
        override : Override
            Of `sets`.
        """
        if self.below is None:
            return None
        last = self.sets[len(self.below.sets) :]
        left = [other for other in last if other is not override]
        return self.below.with_sets(left) if len(left) < len(last) else None

    def _says_the_same(self, override: Override) -> bool:
        """Say whether an override puts what stands there already; of a confidential price nothing is said."""
        if any(override.touches(address) for address in self.secret):
            return False
        path, number = split_address(override.address), self.inputs.exists(override.address)
        try:
            standing = self.inputs.raw(override.address) if number else self.tree.get(path)
        except KeyError:
            return False
        if number and isinstance(standing, Mapping) and not isinstance(override.value, Mapping):
            standing = standing.get("value")
        same_kind = isinstance(standing, bool) == isinstance(override.value, bool)
        return same_kind and bool(standing == override.value)

    def without_values(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield problems; those about a confidential number, or its place, say nothing of its value.

        Parameters
        ----------
        problems : iterable of Problem
            What a check found.
        """
        secret = self.secret
        for problem in problems:
            about = any(problem.address == a or problem.address.startswith(f"{a}.") for a in secret)
            if secret and (about or problem.file.startswith("--prices")):
                hint = "run the scenario at list price to see what is wrong"
                expected = "a price that this scenario can take"
                yield replace(problem, found=NOT_SHOWN, expected=expected, suggestion=hint)
            else:
                yield problem


def read_draft(
    name: str,
    sets: Sequence[str] | Mapping[str, object] = (),
    trusted: Sequence[Path] = (),
    inputs: Inputs | None = None,
    prices: PriceTransform | None = None,
    known: YamlFile | None = None,
) -> DraftScenario:
    """Read a scenario file, what it extends, its `set`, and the command line's ``ADDRESS=VALUE``.

    Parameters
    ----------
    name : str
        A file, or a bare name; with a step of its waterfall, such as ``mine@3``, the scenario after that step.
    sets : sequence of str, or mapping of address -> value
        ``ADDRESS=VALUE``, applied last, in order.
    trusted : sequence of Path
        Folders outside the scenario's own project that `extends` may read from.
    inputs : Inputs, optional
        What was read of the same inputs/ before, to be shared.
    prices : PriceTransform, optional
        Prices, laid over what the scenario sets and below the command line.
    known : YamlFile, optional
        A complete file that was read already, and stays as it was.

    Raises
    ------
    InputError
        With every problem found.
    """
    path, project = locate(name)
    chain = read_chain(path, project, trusted, known)
    header = header_of(chain)
    shared = inputs is not None and inputs.folder == project.inputs
    complete = DraftScenario(
        tree=Tree.of(chain[-1]),
        inputs=inputs.with_overrides([]) if inputs is not None and shared else Inputs(project.inputs),
        header=header,
        files=tuple(file.shown_as for file in reversed(chain)),
        sets=(),
        project=project,
        path=shown(path),
    )
    draft, last = laid_over(complete, chain), parse_command_line(sets)
    step = split_step(name)[1]
    draft = after_step(draft, step, Place(name)) if step else draft
    return prices.below(draft, last) if prices else draft.with_sets(last)


def overlay(base: DraftScenario, path: Path) -> DraftScenario:
    """Return `base` changed by what a sensitivity scenario sets, whatever `base` itself changed.

    Parameters
    ----------
    base : DraftScenario
        The scenario that is changed.
    path : Path
        A scenario file of the same project.

    Raises
    ------
    InputError
        It lies elsewhere, or cannot be read.
    """
    if not base.project.holds(path):
        outside = f"a file outside the project {real(base.project.root).name}"
        raise Place(shown(path)).error(outside, "a scenario of the same project")
    chain = read_chain(path, base.project, known=base.tree.file)
    if len(chain) == 1:
        found = "a complete scenario, of which nothing can be laid over this one"
        hint = "give a file that says with `extends` and `set` what it changes, or run the complete scenario by itself"
        raise Place(shown(path), 1).error(found, "a scenario that extends another", hint)
    changed = laid_over(base, chain)
    extends_base = chain[-1] is base.tree.file
    return replace(changed, header=header_of(chain), path=shown(path), combined=True, extends_base=extends_base)


def after_step(draft: DraftScenario, asked: str, place: Place) -> DraftScenario:
    """Return the scenario after some of its steps, named after the last of them.

    Parameters
    ----------
    draft : DraftScenario
        What its files say.
    asked : str
        See `number_of`.
    place : Place
        Where it was asked for.

    Raises
    ------
    InputError
        There is no such step, or a step names no scenario.
    """
    waterfall = waterfall_of(draft.tree)
    number = number_of(waterfall, asked, place)
    if number == 0:
        return draft
    step = waterfall.steps[number - 1]
    name = f"Step {number} ({step.by}): {step.label}; {draft.header.get('name')}"
    header: dict[str, Any] = {"name": name, "rationale": step.reason, "direction": None, "tags": []}
    return replace(with_steps(draft, waterfall, range(number)), header=header, path=f"{draft.path}@{number}")


def with_steps(draft: DraftScenario, waterfall: WaterfallOptions, numbers: Iterable[int]) -> DraftScenario:
    """Return the scenario with some steps on top, in the order given; it has no steps of its own then.

    Parameters
    ----------
    draft : DraftScenario
        What its files say.
    waterfall : WaterfallOptions
        Its own, or one that was given in its place.
    numbers : iterable of int
        Of steps, from 0.

    Raises
    ------
    InputError
        A step names no scenario of the project that extends the same file.
    """
    changed = draft
    for number in numbers:
        changed = changed.with_sets(overrides_of_step(draft.tree, draft.project, number, waterfall.steps[number]))
    if not draft.tree.holds(STEPS):
        return changed
    return replace(changed, tree=changed.tree.with_value(STEPS, [], draft.tree.place(STEPS)))


def laid_over(draft: DraftScenario, chain: Sequence[YamlFile]) -> DraftScenario:
    """Return a scenario with what files of a chain set, from the one that extends the complete file to the named one.

    Parameters
    ----------
    draft : DraftScenario
        The complete scenario, or a changed one.
    chain : sequence of YamlFile
        The named file, then what it extends.
    """
    changed, sets = draft, list[Override]()
    for file in reversed(chain[:-1]):
        asked = split_step(str(file.data["extends"]))[1]
        if asked:
            changed, sets = after_step(changed.with_sets(sets), asked, file.place(("extends",))), []
        sets += overrides_of(file)
    made = changed.with_sets(sets)
    return made if changed is draft else replace(made, header=draft.header, path=draft.path)
