"""A scenario with its strategies in another order, under other names, or with a copy of one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from netcea.scenario.scenario import Scenario
from netcea.verification.perturbed import Perturbed

OF_OTHERS: Final = frozenset({"arm", "trial", "fit", "label", "name"})
"""Keys whose words are not strategies, though they may be the same words."""


def reordered(here: Perturbed) -> Scenario:
    """Return the scenario with its strategies in reverse order.

    Parameters
    ----------
    here : Perturbed
        The scenario.
    """

    def change(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "strategies": dict(reversed(data["strategies"].items()))}

    return here.rewritten(change)


def renamed(here: Perturbed, names: Mapping[str, str]) -> Scenario:
    """Return the scenario with its strategies under other names, wherever it names them.

    Parameters
    ----------
    here : Perturbed
        The scenario.
    names : mapping of str -> str
        Of every strategy, what it is called afterwards.
    """

    def change(data: dict[str, Any]) -> dict[str, Any]:
        costs = {name: _with_names(item, names) for name, item in data["costs"].items()}
        return {**_with_names({key: part for key, part in data.items() if key != "costs"}, names), "costs": costs}

    return here.rewritten(change)


def _with_names(node: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a file in which every key and word that is a strategy's name is its new one."""
    if isinstance(node, dict):
        return {
            names.get(key, key): value if key in OF_OTHERS else _with_names(value, names) for key, value in node.items()
        }
    if isinstance(node, list):
        return [_with_names(value, names) for value in node]
    return names.get(node, node) if isinstance(node, str) else node


def with_copy(here: Perturbed, name: str) -> tuple[Scenario, str]:
    """Return the scenario with one more strategy that has everything one of them has, and what it is called.

    Parameters
    ----------
    here : Perturbed
        The scenario.
    name : str
        Of the strategy to be copied.
    """
    copy = f"{name}_copy"
    while copy in here.scenario.strategies:
        copy += "_copy"

    def change(data: dict[str, Any]) -> dict[str, Any]:
        data = _beside(data, name, copy)
        twin = data["strategies"][copy]
        data["strategies"][copy] = {**twin, "label": f"{twin['label']} (copy)"}
        return data

    return here.rewritten(change), copy


def _beside(node: Any, name: str, copy: str) -> Any:
    """Return a part of a file in which, beside every key and in every list with a name, there is its copy."""
    if isinstance(node, dict):
        found = {
            key: value if key == "costs" and isinstance(value, dict) and name in value else _beside(value, name, copy)
            for key, value in node.items()
        }
        if "costs" in node and isinstance(node["costs"], dict):
            found["costs"] = {key: _beside(item, name, copy) for key, item in node["costs"].items()}
        if name in node:
            found[copy] = deepcopy(found[name])
        return found
    if isinstance(node, list):
        return [*(_beside(value, name, copy) for value in node), *([copy] if name in node else [])]
    return node
