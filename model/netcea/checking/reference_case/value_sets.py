"""How a scenario moves to another value set: utilities of the states, norms and severity together, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from netcea.checking.reference_case.standing import Standing
from netcea.loading.merging.inputs import Inputs
from netcea.scenario.scenario import Scenario

BEST_FIRST: Final = ("published", "derived", "assumption", "unverified")
"""Status of norms, in the order in which they are taken."""


class Move(NamedTuple):
    """What has to be set for a value set; or why there is no way to it.

    Attributes
    ----------
    changes : mapping of address -> value
        As ``--set`` takes them.
    words : str
        What they are.
    why_not : str
        Empty where there is a way.
    """

    changes: Mapping[str, object]
    words: str = ""
    why_not: str = ""


def move_to(standing: Standing, value_set: str) -> Move:
    """Return what moves the utilities of the states and the norms to a value set.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    value_set : str
        Such as EQ-5D-3L UK (MVH TTO).

    Notes
    -----
    Taken are the numbers of the same names in a group of inputs/ that stands beside that of the utilities in use and is
    of the value set, and the norms of the value set, published ones first. A utility of no stated value set stays.
    """
    scenario, inputs = standing.scenario, standing.inputs
    changes: dict[str, object] = {}
    taken: list[str] = []
    of_states = [u for u in standing.utilities if u.place.startswith("utilities.") and u.value_set != value_set]
    wanted = [u for u in of_states if u.value_set]
    unsaid = dict.fromkeys(u.address for u in of_states if not u.value_set)
    for group in dict.fromkeys(_group(u.address) for u in wanted):
        used = [u for u in wanted if _group(u.address) == group]
        names = {u.address.rpartition(".")[2] for u in used}
        beside = next(_groups_beside(inputs, group, names, value_set), "")
        if not beside:
            return Move({}, why_not=f"inputs/ has no utilities of {value_set} beside {group}")
        changes.update({u.place: f"{beside}.{u.address.rpartition('.')[2]}" for u in used})
        taken.append(f"{beside} ({_statuses(inputs, [f'{beside}.{name}' for name in sorted(names)])})")
    norms = norms_of(scenario, inputs, value_set)
    if not norms:
        return Move({}, why_not=f"inputs/ has no norms of {value_set}")
    if norms != scenario.file.population.norms:
        changes["population.norms"] = norms
        taken.append(f"{norms} ({_statuses(inputs, [norms])})")
    changes |= {"utilities.value_set": value_set, "utilities.value_set_exemption": ""}
    stays = f"; {', '.join(unsaid)} stays: inputs/ does not say the value set" if unsaid else ""
    return Move(changes, f"utilities, norms and severity by {value_set}: {', '.join(taken)}{stays}")


def norms_of(scenario: Scenario, inputs: Inputs, value_set: str) -> str:
    """Return the address of norms of a value set: those in use if they are, else the best of inputs/; empty: none.

    Parameters
    ----------
    scenario : Scenario
        Whose norms are in use.
    inputs : Inputs
        Of its project.
    value_set : str
        Such as EQ-5D-3L UK (MVH TTO).
    """
    own = scenario.file.population.norms
    if scenario.severity_norms.value_set == value_set:
        return own
    found = [a for a in inputs.below(_group(own)) if inputs.origin(a, "value_set") == value_set]
    found.sort(key=lambda address: BEST_FIRST.index(_status(inputs, address)))
    return found[0] if found else ""


def _groups_beside(inputs: Inputs, group: str, names: set[str], value_set: str) -> Iterator[str]:
    """Yield the groups beside one that hold numbers of the same names, all of a value set."""
    numbers = inputs.below(_group(group))
    for other in dict.fromkeys(map(_group, numbers)):
        wanted = [f"{other}.{name}" for name in sorted(names)]
        if other != group and all(a in numbers and inputs.origin(a, "value_set") == value_set for a in wanted):
            yield other


def _statuses(inputs: Inputs, addresses: list[str]) -> str:
    return ", ".join(sorted({_status(inputs, address) for address in addresses}, key=BEST_FIRST.index))


def _status(inputs: Inputs, address: str) -> str:
    return str(getattr(inputs.node(address), "status", BEST_FIRST[-1]))


def _group(address: str) -> str:
    return address.rpartition(".")[0]
