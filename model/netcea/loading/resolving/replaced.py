"""What the numbers of a scenario replaced: those before `set` and `--set`, and those of the shipped inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from netcea.errors import InputError
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.tree import Tree
from netcea.loading.reading.project import package_project, real
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import join_address
from netcea.quantities.quantity import Quantity
from netcea.scenario.scenario import Scenario


def replaced_by(draft: DraftScenario, scenario: Scenario, numbers: Numbers) -> dict[str, Quantity | float]:
    """Return place of use, or address of a number, -> what stood there before the scenario's changes.

    Parameters
    ----------
    draft : DraftScenario
        Its complete file, and what was set on top.
    scenario : Scenario
        What became of it.
    numbers : Numbers
        What was used.

    Returns
    -------
    dict of str -> Quantity or float
        Only what differs; a setting is a plain number.
    """
    if not draft.sets:
        return {}
    plain = draft.inputs.with_overrides([])
    return {**dict(_numbers(plain, numbers)), **dict(_choices(draft, scenario, plain))}


def shipped_at(draft: DraftScenario, numbers: Numbers) -> dict[str, Quantity]:
    """Return address -> the number that the shipped inputs have there, where those of a working copy differ.

    Parameters
    ----------
    draft : DraftScenario
        Its inputs/.
    numbers : Numbers
        What was used.
    """
    folder, shipped = real(draft.inputs.folder), real(package_project().inputs)
    if folder == shipped:
        return {}
    plain, known, found = draft.inputs.with_overrides([]), Inputs(shipped), {}
    differs: dict[Path, bool] = {}
    for address, quantity in numbers.quantities.items():
        path = plain.place(address).path
        if path is None or not real(path).is_relative_to(folder):
            continue
        if path not in differs:
            other = shipped / real(path).relative_to(folder)
            differs[path] = other.is_file() and other.read_bytes() != path.read_bytes()
        before = _quantity(known, address) if differs[path] else None
        if before is not None and before != quantity:
            found[address] = before
    return found


def sibling_of(numbers: Numbers) -> Callable[[str], Quantity | None]:
    """Return how a number of inputs/ is found that the scenario need not use; None where there is none.

    Parameters
    ----------
    numbers : Numbers
        Of the scenario.
    """
    return lambda address: _quantity(numbers.inputs, address)


def _numbers(plain: Inputs, numbers: Numbers) -> Iterator[tuple[str, Quantity]]:
    """Yield the numbers that were overridden where they stand."""
    for address, quantity in numbers.quantities.items():
        if any(override.touches(address) for override in numbers.inputs.overrides):
            before = _quantity(plain, address)
            if before is not None and before != quantity:
                yield address, before


def _choices(draft: DraftScenario, scenario: Scenario, plain: Inputs) -> Iterator[tuple[str, Quantity | float]]:
    """Yield what the complete file has at places that name another number now."""
    complete = Tree.of(draft.tree.file)
    for name, value in complete.data.get("settings", {}).items():
        now = getattr(scenario.file.settings, str(name), value)
        if isinstance(value, int | float) and now != value:
            yield f"settings.{name}", float(value)
    for use in addresses_in(scenario.file):
        if use.kind.table or use.kind.is_group or not complete.holds(use.path):
            continue
        named = complete.get(use.path)
        if isinstance(named, str) and named != use.address:
            before = _quantity(plain, named)
            if before is not None:
                yield join_address(use.path), before


def _quantity(inputs: Inputs, address: str) -> Quantity | None:
    try:
        node = inputs.node(address)
    except (KeyError, InputError):
        return None
    return node if isinstance(node, Quantity) else None
