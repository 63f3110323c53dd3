"""Inputs that differ, in the groups in which they change together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netcea.analyses.difference.input_differences import InputDifference
from netcea.scenario.inputs_record import InputsRecord
from netcea.uncertainty.families import FAMILIES


@dataclass(frozen=True)
class ChangeGroup:
    """Inputs that change together.

    Attributes
    ----------
    label : str
        What tables call it.
    members : tuple of InputDifference
    why : str
        Why they are together; empty for a single one.
    """

    label: str
    members: tuple[InputDifference, ...]
    why: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the members."""
        return tuple(member.address for member in self.members)


def groups_at_first(differences: Sequence[InputDifference], a: InputsRecord, b: InputsRecord) -> list[ChangeGroup]:
    """Return one group for each input that can move a base case; those that are one change share a group.

    Two places that go from one and the same address to another are one change (both arms of a trial); so are numbers
    that were estimated together, and proportions that add up to 1.
    """
    members: dict[tuple[object, ...], list[InputDifference]] = {}
    for difference in differences:
        if difference.moves:
            members.setdefault(_key(difference, a, b), []).append(difference)
    return [merged(found, _why(key), a, b) for key, found in members.items()]


def _key(difference: InputDifference, a: InputsRecord, b: InputsRecord) -> tuple[object, ...]:
    address = difference.address
    if difference.kind == "choice":
        one, other = a.choices.get(address), b.choices.get(address)
        if _is_address(one) and _is_address(other):
            return "same switch", one, other
    uncertainty: Mapping[str, Any] = {**a.numbers.get(address, {}), **b.numbers.get(address, {})}.get("uncertainty", {})
    for name, entries in uncertainty.items():
        if name in FAMILIES and FAMILIES[name].group_field:
            return name, address.rpartition(".")[0], entries[FAMILIES[name].group_field]
    return "single", address


def _is_address(value: object) -> bool:
    return isinstance(value, str) and "." in value and " " not in value


def _why(key: tuple[object, ...]) -> str:
    if key[0] == "same switch":
        return "the same change in several places"
    return FAMILIES[str(key[0])].together if key[0] in FAMILIES else ""


def merged(members: Iterable[InputDifference], why: str, a: InputsRecord, b: InputsRecord) -> ChangeGroup:
    """Return one group of some inputs."""
    found = tuple(members)
    label = label_of(found[0], a, b)
    if len(found) == 1:
        return ChangeGroup(label, found)
    places = "place" if why.startswith("the same") else "input"
    return ChangeGroup(f"{label}, and {len(found) - 1} more {places}{'s' if len(found) > 2 else ''}", found, why)


def label_of(difference: InputDifference, a: InputsRecord, b: InputsRecord) -> str:
    """Return what tables call an input: a number's own label, a choice's address in words."""
    for record in (b, a):
        label = record.numbers.get(difference.address, {}).get("label")
        if label:
            return str(label)
    words = in_plain_words(difference.address, {**a.choices, **b.choices})
    return words[:1].upper() + words[1:]


def in_plain_words(address: str, choices: Mapping[str, Any] | None = None) -> str:
    """Return an address in words.

    >>> in_plain_words("strategies.new.os.hazard_ratio")
    'new: OS hazard ratio'
    >>> in_plain_words("settings.horizon_years")
    'horizon years'
    """
    first, *rest = address.split(".")
    if not rest:
        return _words([first])
    if first == "adverse_events" and rest[0] == "events" and len(rest) > 1:
        first, rest = f"{first}.{rest[0]}", rest[1:]
    if first in ("strategies", "costs", "adverse_events.events"):
        named = (choices or {}).get(f"{first}.{rest[0]}.label") or _words([rest[0]])
        return f"{named}: {_words(rest[1:])}" if len(rest) > 1 else str(named)
    return _words(rest)


def _words(parts: Iterable[str]) -> str:
    short = {"os": "OS", "pfs": "PFS", "ttd": "TTD", "qalys": "QALYs", "ae": "AE"}
    return " ".join(short.get(word, word) for part in parts for word in part.split("_"))


def together_where_needed(
    groups: Sequence[ChangeGroup], loads: Callable[[ChangeGroup], bool], a: InputsRecord, b: InputsRecord
) -> list[ChangeGroup]:
    """Return groups of which each can be changed alone, as far as that is possible.

    Those that cannot are put together with the others that cannot: first below the same group of the scenario, then
    ever higher up; what still cannot be changed alone at the end stays as one group.
    """
    found = list(groups)
    depth = max((difference.address.count(".") for group in found for difference in group.members), default=0)
    for level in range(depth, -1, -1):
        failing = [group for group in found if not loads(group)]
        if len(failing) < 2:
            break
        by_place: dict[tuple[str, ...], list[ChangeGroup]] = {}
        for group in failing:
            by_place.setdefault(tuple(group.addresses[0].split(".")[:level]), []).append(group)
        joined = {
            id(part): merged([m for p in parts for m in p.members], "only together", a, b)
            for parts in by_place.values()
            if len(parts) > 1
            for part in parts[:1]
        }
        gone = {id(part) for parts in by_place.values() if len(parts) > 1 for part in parts[1:]}
        found = [joined.get(id(group), group) for group in found if id(group) not in gone]
    return found


def by_section(groups: Sequence[ChangeGroup]) -> list[ChangeGroup]:
    """Return one group for each section of the scenario and of inputs/, where there are too many to read."""
    sections: dict[str, list[InputDifference]] = {}
    for group in groups:
        sections.setdefault(group.addresses[0].partition(".")[0], []).extend(group.members)
    return [
        ChangeGroup(
            f"{_words([name])} ({len(members)} input{'s' if len(members) > 1 else ''})",
            tuple(members),
            "too many to show one by one" if len(members) > 1 else "",
        )
        for name, members in sections.items()
    ]
