"""A scenario in which some inputs are as in another scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netcea.analyses.difference.input_differences import InputDifference
from netcea.loading.merged import Merged
from netcea.loading.tree import KeyPath, Tree, split_address


def switched(base: Merged, other: Merged, members: Iterable[InputDifference], bring: Iterable[str] = ()) -> Merged:
    """Return a scenario in which some inputs are as in another.

    Parameters
    ----------
    base, other : Merged
    members : iterable of InputDifference
        What is taken from the other: choices, numbers, tables.
    bring : iterable of str
        Numbers that only the other uses: those that it changed, or that stand in another folder, come along.
    """
    tree, numbers = base.tree.copy(), []
    for member in members:
        if member.kind == "choice":
            tree = _with(tree, other.tree, split_address(member.address))
        else:
            numbers.append(member.address)
    touched = [o.address for o in other.inputs.overrides]
    elsewhere = other.inputs.folder != base.inputs.folder
    brought = [
        address
        for address in sorted(bring)
        if base.inputs.exists(split_address(address))
        and (elsewhere or any(t == address or t.startswith(f"{address}.") for t in touched))
    ]
    return replace(base, tree=tree, inputs=base.inputs.with_nodes_of(other.inputs, [*numbers, *brought]))


def _with(tree: Tree, other: Tree, path: KeyPath) -> Tree:
    """Return a tree that has at a path what another has there, or nothing if that has nothing."""
    try:
        value = other.get(path)
    except KeyError:
        return Tree(_without(tree.data, path), tree.places)
    inner = {
        key[len(path) :]: place
        for key, place in other.places.items()
        if len(key) > len(path) and key[: len(path)] == path
    }
    tree.set(path, value, other.place(path), inner)
    return tree


def _without(node: dict[str, object], path: KeyPath) -> dict[str, object]:
    """Return a group without what stands at a path.

    >>> _without({"a": {"b": 1, "c": 2}}, ("a", "b"))
    {'a': {'c': 2}}
    """
    key, rest = str(path[0]), path[1:]
    inner = node.get(key)
    if not rest:
        return {name: value for name, value in node.items() if name != key}
    return {**node, key: _without(inner, rest)} if isinstance(inner, dict) else node
