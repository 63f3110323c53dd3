"""What is wrong with an override that leads nowhere: a misspelt choice, a misspelt number, an entry of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from netcea.errors import Problem, addresses_below, did_you_mean
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override
from netcea.loading.merging.scenario_files import HEADER
from netcea.loading.merging.tree import Tree
from netcea.loading.messages.block_fields import Format
from netcea.loading.messages.hints import show
from netcea.quantities.key_path import KeyPath, join_address, split_address
from netcea.scenario.scenario import ScenarioFile

NOT_SET: Final = ("format", *HEADER)
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
    return _not_to_be_set(override, inputs) or _no_entry(override, path, tree, inputs if suggest else None)


def _no_entry(override: Override, path: KeyPath, tree: Tree, inputs: Inputs | None) -> Problem | None:
    """Return the problem of a name that the block above it does not have; without `inputs` without a suggestion."""
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
            return _no_such(override, above, key, allowed.named, inputs)
        if not allowed.open:
            found = f"'{key}' below {join_address(above)}"
            return override.problem(found, "nothing below it: it is a single value", f"set {join_address(above)}")
        if isinstance(node, Mapping) and key not in node and length < len(path) - 1:
            return _no_such(override, above, key, list(node), inputs)
    return None


def _not_to_be_set(override: Override, inputs: Inputs) -> Problem | None:
    """Return the problem of what a file says of itself, or of numbers that stand nested in a group of choices."""
    top = split_address(override.address)[0]
    if top in NOT_SET:
        hint = f"write `{top}:` in a scenario file of your own that extends this one"
        return override.problem(f"'{top}', which every file says of itself", _ANYTHING, hint)
    numbers = [(address, value) for address, value in leaves(override) if inputs.exists(address)]
    if not numbers:
        return None
    address, value = numbers[0]
    below = inputs.below(address)
    found = f"a group for '{override.address}' with {address} in it, which stands in inputs/"
    written = f"{address}={show(value)}" if override.place.file.startswith("--set") else f"{address}: {show(value)}"
    hint = addresses_below(below) if below else f"write {written}"
    return override.problem(found, "the dotted address of each number, with its value", hint)


def leaves(override: Override) -> Iterator[tuple[str, object]]:
    """Yield the dotted address and the value of everything inside a group that was set.

    Parameters
    ----------
    override : Override
        Of any address.
    """
    waiting: list[tuple[str, object]] = [(override.address, override.value)]
    while waiting:
        address, value = waiting.pop(0)
        if isinstance(value, Mapping):
            waiting += [(join_address((address, str(key))), item) for key, item in value.items()]
        elif address != override.address:
            yield address, value


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
    import difflib

    close = difflib.get_close_matches(str(path[0]), tops, n=1) if path[0] not in tops else []
    hint = f"did you mean '{join_address((close[0], *path[1:]))}'?" if close else ""
    of_group = group_as_a_number(override, inputs)
    if of_group:
        return of_group[0]
    return override.problem(_NOTHING, _ANYTHING, hint or inputs.suggestion(override.address))


def group_as_a_number(override: Override, inputs: Inputs) -> list[Problem]:
    """Return the problem of a single value for a group of numbers; none where it is a number's, or a whole group.

    Parameters
    ----------
    override : Override
        Of an address of inputs/.
    inputs : Inputs
        Which know what stands below it.
    """
    below = [] if isinstance(override.value, Mapping) else inputs.below(override.address)
    found = f"{show(override.value)} for '{override.address}', a group of numbers"
    return [override.problem(found, "the address of one of them", addresses_below(below))] if below else []


def _no_such(override: Override, above: KeyPath, key: str, known: Sequence[str], inputs: Inputs | None) -> Problem:
    found = f"'{key}', which {join_address(above)} does not have"
    hint = "" if inputs is None else did_you_mean(key, known) or inputs.suggestion(override.address)
    return override.problem(found, f"one of {', '.join(known)}", hint)
