"""A scenario in which some inputs are as in another scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netcea.analyses.difference.input_differences import InputDifference
from netcea.loading.merging.draft import DraftScenario
from netcea.quantities.key_path import split_address


def switched(
    base: DraftScenario, other: DraftScenario, members: Iterable[InputDifference], bring: Iterable[str] = ()
) -> DraftScenario:
    """Return a scenario in which some inputs are as in another.

    Parameters
    ----------
    base, other : DraftScenario
    members : iterable of InputDifference
        What is taken from the other: choices, numbers, tables.
    bring : iterable of str
        Numbers that only the other uses: those that it changed, or that stand in another folder, come along.
    """
    tree, numbers = base.tree, []
    for member in members:
        if member.kind == "choice":
            tree = tree.with_entry_of(other.tree, split_address(member.address))
        else:
            numbers.append(member.address)
    touched = [o.address for o in other.inputs.overrides]
    elsewhere = other.inputs.folder != base.inputs.folder
    brought = [
        address
        for address in sorted(bring)
        if base.inputs.exists(address)
        and (elsewhere or any(t == address or t.startswith(f"{address}.") for t in touched))
    ]
    return replace(base, tree=tree, inputs=base.inputs.with_nodes_of(other.inputs, [*numbers, *brought]))
