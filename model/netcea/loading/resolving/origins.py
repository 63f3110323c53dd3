"""What inputs/ says of where a number comes from: its value set, its trial, its data cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from netcea.loading.merging.inputs import Inputs
from netcea.quantities.key_path import join_address, split_address

Origin: TypeAlias = Literal["value_set", "instrument", "trial", "data_cut"]


def origin(inputs: Inputs, address: str, what: Origin) -> str:
    """Return what a number's own entry says, or else the `about` of the nearest group above it; empty: not stated.

    Parameters
    ----------
    inputs : Inputs
        Overrides applied.
    address : str
        Of a number or a table.
    what : {'value_set', 'instrument', 'trial', 'data_cut'}
        What is asked.
    """
    path = split_address(address)
    for end in range(len(path), 0, -1):
        try:
            node = inputs.raw(join_address(path[:end]))
        except KeyError:
            break
        said = node if end == len(path) else node.get("about") if isinstance(node, Mapping) else None
        if isinstance(said, Mapping) and isinstance(said.get(what), str) and said[what].strip():
            return " ".join(said[what].split())
    return ""
