"""What the steps of a scenario's waterfall set, and which of them is asked for: ``NAME@STEP``."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from netcea.errors import InputError, Place, did_you_mean
from netcea.loading.merging.override import Override, overrides_of
from netcea.loading.merging.scenario_files import read_chain
from netcea.loading.merging.tree import Tree
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.reading.project import Project, split_step
from netcea.quantities.key_path import KeyPath, join_address
from netcea.scenario.waterfall import WaterfallOptions, WaterfallStep

BLOCK: Final[KeyPath] = ("analyses", "waterfall")
STEPS: Final[KeyPath] = (*BLOCK, "steps")


def waterfall_of(tree: Tree) -> WaterfallOptions:
    """Return the waterfall of a scenario that has not been checked.

    Parameters
    ----------
    tree : Tree
        What its files say.

    Raises
    ------
    InputError
        With every entry of the block that is wrong.
    """
    raw = tree.get(BLOCK) if tree.holds(BLOCK) else {}
    try:
        return WaterfallOptions.model_validate(raw)
    except ValidationError as error:
        problems = problems_of(error, WaterfallOptions, raw, lambda path: tree.place((*BLOCK, *path)))
        raise InputError(problems) from None


def number_of(waterfall: WaterfallOptions, asked: str, place: Place) -> int:
    """Return after how many steps a state is that somebody asked for.

    Parameters
    ----------
    waterfall : WaterfallOptions
        Whose steps.
    asked : str
        A number, 0 for none, or a party: the state after the last of its steps.
    place : Place
        Where it was asked for.

    Raises
    ------
    InputError
        There is no such step, and no such party.

    Examples
    --------
    >>> step = {"label": "Discounting", "by": "Committee", "reason": "1.5%", "set": {"a": 1}}
    >>> number_of(WaterfallOptions(steps=[step]), "committee", Place())
    1
    """
    steps = waterfall.steps
    if asked.isdecimal() and int(asked) <= len(steps):
        return int(asked)
    wanted = asked.strip().casefold()
    after = {waterfall.by.casefold(): 0} | {step.by.casefold(): n for n, step in enumerate(steps, 1)}
    if steps and wanted in after:
        return after[wanted]
    parties = list(dict.fromkeys([waterfall.by, *(step.by for step in steps)]))
    expected = f"a number of steps from 0 to {len(steps)}, or one of {', '.join(parties)}"
    if not steps:
        expected = "a scenario with steps (analyses.waterfall.steps)"
    raise place.error(f"@{asked}", expected, did_you_mean(asked, parties) if steps else "")


def overrides_of_step(tree: Tree, project: Project, number: int, step: WaterfallStep) -> list[Override]:
    """Return what a step sets.

    Parameters
    ----------
    tree : Tree
        Says where it stands.
    project : Project
        Whose scenarios it may name.
    number : int
        From 0.
    step : WaterfallStep
        The step.

    Raises
    ------
    InputError
        It names no scenario of the project that extends the same file.
    """
    at: KeyPath = (*STEPS, number)
    if step.scenario is not None:
        return _of_a_scenario(tree, project, (*at, "scenario"), step.scenario)
    places = ((address, tree.place((*at, "set", address))) for address in step.set or {})
    return [Override(address, (step.set or {})[address], place) for address, place in places]


def _of_a_scenario(tree: Tree, project: Project, at: KeyPath, named: str) -> list[Override]:
    """Return what a scenario sets, and those that it extends."""
    place = tree.place(at)
    path = (project.scenarios if place.path is None else place.path.parent) / named
    if not path.is_file() or not project.holds(path):
        siblings = sorted(f"{p.parent.name}/{p.name}" for p in path.parent.glob("*.yaml"))
        expected = "a scenario file of this project, relative to the file that names it"
        raise place.error(repr(named), expected, did_you_mean(named, siblings))
    chain = read_chain(path, project, known=tree.file)
    if not chain[-1].path.samefile(tree.file.path):
        found = f"{named!r}, which extends {chain[-1].shown_as}"
        raise place.error(found, f"a scenario that extends {tree.file.shown_as}")
    for file in chain[:-1]:
        if split_step(str(file.data["extends"]))[1]:
            hint = "set what it changes, one step each"
            raise place.error(f"{named!r}, which extends a scenario after some steps", "one without steps", hint)
    found_sets = [override for file in reversed(chain[:-1]) for override in overrides_of(file)]
    if not found_sets:
        raise place.error(f"{named!r}, which changes nothing", "a scenario with `set`")
    return [override for override in found_sets if not override.touches(join_address(STEPS))]
