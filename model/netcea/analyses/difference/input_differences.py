"""Which inputs differ between two scenarios, by address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from netcea.loading.messages.block_fields import Format
from netcea.plain_number import read, typed
from netcea.reporting.json_text import plain
from netcea.scenario.inputs_record import InputsRecord, nested
from netcea.scenario.scenario import ScenarioFile

DifferenceKind: TypeAlias = Literal[
    "choice", "number", "table", "uncertainty", "source or status", "words", "analysis", "only in A", "only in B"
]
"""only in A, only in B: a number that a choice brings in."""
MOVING: Final = ("choice", "number", "table", "uncertainty")
"""Kinds that can move a base case: an interval is a weight where figures are fitted."""
RECORDS: Final = ("managed_access", "expert_validation", "engagement", "program_review")
WORDS: Final = ("name", "rationale", "direction", "tags", "format", "decision_problem", "assumptions", *RECORDS)
"""Choices of a scenario that say something and change nothing."""
LAST_WORDS: Final = (
    "label",
    "published",
    "met_by",
    "value_set_exemption",
    "value_set_exemptions",
    "combined_view_weight",
)
"""Ends of addresses that change no base case: what is called how, or shown beside."""
POINT: Final = ("value", "unit", "at_months", "price_year", "index")
"""Parts of a number that move its point estimate."""

Where: TypeAlias = Callable[[str], str]


@dataclass(frozen=True)
class InputDifference:
    """One input that differs.

    Attributes
    ----------
    address : str
    kind : DifferenceKind
    a, b : str
        What stands on each side, in words; empty where nothing does.
    number_a, number_b : float or None
        The number itself, or the one that the choice names.
    unit_a, unit_b : str
    where_a, where_b : str
        File and line, as far as known.
    """

    address: str
    kind: DifferenceKind
    a: str
    b: str
    number_a: float | None = None
    number_b: float | None = None
    unit_a: str = ""
    unit_b: str = ""
    where_a: str = ""
    where_b: str = ""

    @property
    def moves(self) -> bool:
        """Say whether it can move a base case."""
        return self.kind in MOVING


def input_differences(
    a: InputsRecord, b: InputsRecord, where_a: Where = lambda _: "", where_b: Where = lambda _: ""
) -> list[InputDifference]:
    """Return every input that differs: choices, then numbers, then tables, each in order of address."""
    found = [*_choices(a, b), *_numbers(a, b), *_tables(a, b)]
    return [_placed(difference, where_a, where_b) for difference in found]


def _placed(difference: InputDifference, where_a: Where, where_b: Where) -> InputDifference:
    return replace(
        difference,
        where_a=where_a(difference.address) if difference.a else "",
        where_b=where_b(difference.address) if difference.b else "",
    )


def _choices(a: InputsRecord, b: InputsRecord) -> Iterator[InputDifference]:
    one_tree, other_tree = nested(a.choices), nested(b.choices)
    for address, one, other in _unequal(one_tree, other_tree, ""):
        said, tree = (other, other_tree) if one is None else (one, one_tree)
        if (one is None or other is None) and is_default(address, said, tree):
            continue  # recorded by a program that did not have this entry yet
        yield InputDifference(
            address,
            _kind_of_choice(address),
            in_words(one, a),
            in_words(other, b),
            a.number(one),
            b.number(other),
            a.unit(one),
            b.unit(other),
        )


def _unequal(a: Mapping[str, Any], b: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield what differs between two trees: a group that only one has, or that is of another kind, as a whole."""
    for key in sorted({*a, *b}):
        one, other = a.get(key), b.get(key)
        address = f"{above}.{key}" if above else key
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict) and one.get("kind") == other.get("kind"):
            yield from _unequal(one, other, address)
        else:
            yield address, one, other


def is_default(address: str, value: Any, tree: Mapping[str, Any]) -> bool:
    """Say whether a choice is what the format takes where nothing is said.

    Parameters
    ----------
    address : str
        Of the choice.
    value : object
        What stands there, as a record has it.
    tree : mapping
        The choices around it, which decide between blocks that are told apart by `kind`.

    Examples
    --------
    >>> is_default("settings.crossing", "cap_pfs", {}), is_default("settings.crossing", "raise_os", {})
    (True, False)
    """
    *above, last = address.split(".")
    entry = Format(ScenarioFile, tree).fields(tuple(above)).get(last)
    if entry is None or entry.is_required():
        return False
    default = plain(entry.get_default(call_default_factory=True))
    return bool(_said(default) == _said(value))


def _said(value: Any) -> Any:
    """Return a value without what is null: a record leaves it out."""
    if isinstance(value, Mapping):
        return {key: _said(item) for key, item in value.items() if item is not None}
    return value


def _kind_of_choice(address: str) -> DifferenceKind:
    first, _, _ = address.partition(".")
    last = address.rpartition(".")[2]
    if first in WORDS or last in LAST_WORDS:
        return "words"
    return "analysis" if first == "analyses" else "choice"


def _numbers(a: InputsRecord, b: InputsRecord) -> Iterator[InputDifference]:
    for address in sorted({*a.numbers, *b.numbers}):
        one, other = a.numbers.get(address), b.numbers.get(address)
        if one == other:
            continue
        values = (a.number(address), b.number(address), a.unit(address), b.unit(address))
        if one is None or other is None:
            kind: DifferenceKind = "only in B" if one is None else "only in A"
            yield InputDifference(address, kind, _number(a, address), _number(b, address), *values)
        elif any(one.get(part) != other.get(part) for part in POINT):
            yield InputDifference(address, "number", _point(one), _point(other), *values)
        elif one.get("uncertainty") != other.get("uncertainty"):
            words = [_compact(side.get("uncertainty")) for side in (one, other)]
            yield InputDifference(address, "uncertainty", words[0], words[1], *values)
        else:
            parts = [key for key in sorted({*one, *other}) if one.get(key) != other.get(key)]
            words = ["; ".join(f"{key}: {_compact(side.get(key, 'none'))}" for key in parts) for side in (one, other)]
            yield InputDifference(address, "source or status", words[0], words[1], *values)


def _tables(a: InputsRecord, b: InputsRecord) -> Iterator[InputDifference]:
    for address in sorted({*a.tables} & {*b.tables}):
        if a.tables[address] != b.tables[address]:
            words = [f"table with SHA-256 {side.tables[address][:12]}" for side in (a, b)]
            yield InputDifference(address, "table", words[0], words[1])


def in_words(value: Any, record: InputsRecord) -> str:
    """Return a choice as it is read: an address with its number, a list with commas."""
    if value is None:
        return ""
    if isinstance(value, str):
        number = record.number(value)
        return f"{value}{_below(value, record)}" if number is None else f"{value} ({_number(record, value)})"
    if isinstance(value, list) and value and all(isinstance(item, str | float | int) for item in value):
        return ", ".join(in_words(item, record) for item in value)
    return _compact(value)


def _below(address: str, record: InputsRecord) -> str:
    """Return the numbers in use below an address, such as a trial's medians and hazard ratio."""
    start = f"{address}."
    found = [a for a in record.numbers if a.startswith(start)] if "." in address and " " not in address else []
    words = ", ".join(f"{a.removeprefix(start)} {_number(record, a)}" for a in found)
    return f" ({words})" if words else ""


def _number(record: InputsRecord, address: str) -> str:
    found = record.numbers.get(address)
    return "" if found is None else _point(found)


def _point(number: Mapping[str, Any]) -> str:
    """Return value and unit, and what else moves the point estimate."""
    more = "".join(f", {number[key]}" for key in ("price_year", "index") if number.get(key))
    at = f", at {read(number['at_months'])} months" if number.get("at_months") else ""
    return f"{read(number['value'], 10)} {number['unit']}{more}{at}"


def _compact(value: Any) -> str:
    """Return a value on one line, without the signs of JSON where they help nobody."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return typed(value, 10)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{key}: {f'({_compact(item)})' if isinstance(item, Mapping) else _compact(item)}"
            for key, item in value.items()
            if item is not None and item not in ([], {})
        )
    if isinstance(value, list):
        return "; ".join(_compact(item) for item in value) if value else "none"
    return json.dumps(value, ensure_ascii=False)
