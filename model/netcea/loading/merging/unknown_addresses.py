"""What is wrong with an override that leads nowhere: a misspelt choice, a misspelt number, an entry of a list."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

from netcea.errors import Problem, did_you_mean
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override
from netcea.loading.merging.tree import Tree
from netcea.loading.messages.block_fields import Format
from netcea.quantities.key_path import KeyPath, join_address, split_address
from netcea.scenario.scenario import ScenarioFile

_NOTHING: Final = "an address that nothing has"
_ANYTHING: Final = "an address of the scenario (strategies..., settings...) or of a number in inputs/"


def wrong_choice(override: Override, tree: Tree, inputs: Inputs, *, suggest: bool = True) -> Problem | None:
    """Return what is wrong with an address of the scenario; None where something stands there, or could.

    Parameters
    ----------
    override : Override
        Of an address that is none of inputs/.
    tree : Tree
        The choices so far.
    inputs : Inputs
        For suggestions.
    suggest : bool
        Whether to look for what may have been meant, which takes time.
    """
    path = split_address(override.address)
    if path[0] not in ScenarioFile.model_fields:
        return unknown_address(override, inputs, suggest=suggest)
    for length in range(1, len(path)):
        above, key = path[:length], str(path[length])
        node = tree.get(above) if tree.holds(above) else None
        allowed = Format(ScenarioFile, tree.data).below(above)
        if isinstance(node, list):
            if key in map(str, range(len(node))):
                continue
            expected = f"{join_address(above)}.0 to .{len(node) - 1}" if node else "no entry: the list is empty"
            hint = f"or set {join_address(above)} as a whole"
            return override.problem(f"no entry {key} in the list", expected, hint)
        if allowed.named:
            if key in allowed.named:
                continue
            return _no_such(override, above, key, allowed.named, inputs if suggest else None)
        if not allowed.open:
            found = f"'{key}' below {join_address(above)}"
            return override.problem(found, "nothing below it: it is a single value", f"set {join_address(above)}")
        if isinstance(node, Mapping) and key not in node and length < len(path) - 1:
            return _no_such(override, above, key, list(node), inputs if suggest else None)
    return None


def unknown_address(override: Override, inputs: Inputs, *, suggest: bool = True) -> Problem:
    """Return the problem of an address that neither the scenario nor inputs/ has.

    Parameters
    ----------
    override : Override
        That leads nowhere.
    inputs : Inputs
        For suggestions.
    suggest : bool
        Whether to look for what may have been meant, which takes time.
    """
    path = split_address(override.address)
    if not suggest:
        return override.problem(_NOTHING, _ANYTHING)
    tops = sorted(ScenarioFile.model_fields)
    close = difflib.get_close_matches(str(path[0]), tops, n=1) if path[0] not in tops else []
    hint = f"did you mean '{join_address((close[0], *path[1:]))}'?" if close else ""
    return override.problem(_NOTHING, _ANYTHING, hint or inputs.suggestion(override.address))


def _no_such(override: Override, above: KeyPath, key: str, known: Sequence[str], inputs: Inputs | None) -> Problem:
    found = f"'{key}', which {join_address(above)} does not have"
    hint = "" if inputs is None else did_you_mean(key, known) or inputs.suggestion(override.address)
    return override.problem(found, f"one of {', '.join(known)}", hint)
