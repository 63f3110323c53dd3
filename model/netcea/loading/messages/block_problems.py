"""Errors of a block as problems that a health economist can act on, in place of pydantic's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from netcea.errors import MOST_LISTED, BlockError, Place, Problem, did_you_mean
from netcea.loading.messages.block_fields import Format, has
from netcea.loading.messages.hints import absence_hint, show, type_hint
from netcea.plain_number import read
from netcea.quantities.key_path import KeyPath, split_address

EXPECTED = {
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "dict_type": "a group of entries, indented below its key",
    "model_type": "a group of entries, indented below its key",
    "model_attributes_type": "a group of entries, indented below its key",
    "list_type": "a list",
}
BOUNDS = {
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than": "a number below {lt}",
    "less_than_equal": "a number of at most {le}",
    "too_short": "at least {least}",
    "too_long": "at most {most}",
}
TOGETHER = "entries that go together"
FoundExpectedHint: TypeAlias = tuple[str, str, str]
"""What was found, what was expected, a suggestion."""


def problems_of(
    error: ValidationError, block: type[BaseModel], raw: Any, place: Callable[[KeyPath], Place]
) -> list[Problem]:
    """Return one problem for each error; one for a value that has none of several forms.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    block : type
        What was validated against, for suggestions.
    raw : Any
        What was validated.
    place : callable
        Key path below `raw` -> where it stands, with its full address.
    """
    allowed = Format(block, raw)
    items = error.errors(include_url=False)
    located = [(item, _location(item["loc"], raw, missing=item["type"] == "missing")) for item in items]
    found: list[Problem] = []
    forms: dict[KeyPath, int] = {}
    for number, (item, location) in enumerate(_of_the_kind_that_stands_there(located)):
        problems = list(_problems_of_item(item, allowed, location, place, suggest=number < MOST_LISTED))
        if _is_of_form(item) and location in forms:
            at = forms[location]
            found[at] = _either(found[at], problems[0])
            continue
        if _is_of_form(item):
            forms[location] = len(found)
        found += problems
    return found


def _problems_of_item(
    item: Any, allowed: Format, location: KeyPath, place: Callable[[KeyPath], Place], *, suggest: bool
) -> Iterator[Problem]:
    """Yield the problems of one error of pydantic: several where a block raised them together."""
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, BlockError):
        for fault in cause.problems:
            where = place((*location, *(split_address(fault.address) if fault.address else ())))
            yield replace(fault, file=where.file, line=where.line, address=where.address)
    elif cause is not None:
        yield _of_block(str(cause), allowed, location, place)
    else:
        told = _told(item, allowed, location, suggest=suggest)
        of_kind = item["type"].startswith("union_tag") and "kind" in (allowed.value(location) or {})
        yield place((*location, "kind") if of_kind else location).problem(*told)


def _is_of_form(item: Any) -> bool:
    """Say whether an error is about the form of a value: text, a list, a group, one of several words."""
    return bool(item["type"].endswith("_type") or item["type"] == "literal_error")


def _either(one: Problem, other: Problem) -> Problem:
    """Return the problem of a value that is of neither form that it could have."""
    if one.expected == other.expected:
        return one
    return replace(one, expected=f"{one.expected}, or {other.expected}", suggestion=one.suggestion or other.suggestion)


def _of_the_kind_that_stands_there(located: Sequence[tuple[Any, KeyPath]]) -> Iterator[tuple[Any, KeyPath]]:
    """Yield errors but for those of another form: of text or a block, where a block stands, only the block's."""
    for item, location in located:
        other_form = _is_of_form(item) and isinstance(item["input"], Mapping | list)
        depth = len(location)
        of_block = (
            path[:depth] == location and (len(path) > depth or not _is_of_form(other)) for other, path in located
        )
        if not (other_form and any(of_block)):
            yield item, location


def _of_block(message: str, allowed: Format, location: KeyPath, place: Callable[[KeyPath], Place]) -> Problem:
    """Return the problem of entries that do not go together, placed at the entry that the message is about.

    A message may start with the entry's name and a colon. Otherwise it stands at the first entry of the block that it
    names, or whose value it names.
    """
    name, colon, rest = message.partition(": ")
    entries = allowed.value(location)
    entries = entries if isinstance(entries, Mapping) else {}
    if colon and name in allowed.fields(location):
        found = show(entries[name]) if entries.get(name) is not None else f"no '{name}'"
        return place((*location, name)).problem(found, TOGETHER, rest)
    named = [key for word in re.findall(r"\w+", message) for key in entries if word in (key, entries[key])]
    above = place(location)
    places = [place((*location, key)) for key in named] or [above]
    where = next((item for item in places if item.file != above.file), places[0])  # what was set, where something was
    given = ", ".join(str(key) for key, value in entries.items() if value is not None)
    return replace(where, address=above.address).problem(given or "no entry", TOGETHER, message)


def _location(loc: tuple[str | int, ...], raw: Any, *, missing: bool) -> KeyPath:
    """Drop the names that pydantic adds for unions; the last key of a missing entry is kept."""
    path: list[str | int] = []
    node = raw
    for index, key in enumerate(loc):
        if has(node, key):
            node = node[key]
            path.append(key)
        elif missing and index == len(loc) - 1:
            path.append(key)
    return tuple(path)


def _told(item: Any, allowed: Format, location: KeyPath, *, suggest: bool) -> FoundExpectedHint:
    """Return what an error of pydantic is told as; `suggest`: with what an unknown key may have been meant as."""
    kind = item["type"]
    if kind == "missing":
        return "nothing", f"'{location[-1]}'{allowed.description(location)}", ""
    if kind == "extra_forbidden":
        known = sorted(allowed.fields(location[:-1]))
        expected = f"one of {', '.join(known)}" if known else ""
        hint = did_you_mean(str(location[-1]), known) if suggest else ""
        return f"the unknown key '{location[-1]}'", expected, hint
    if kind == "literal_error":
        choices = [choice.strip(" '") for choice in str(item["ctx"]["expected"]).replace(" or ", ", ").split(",")]
        text = item["input"] if isinstance(item["input"], str) else ""
        expected = f"one of {', '.join(choices)}" if len(choices) > 1 else choices[0]
        nullable, absent = allowed.says_absent(location)
        hint = absence_hint(item["input"], choices, absent, nullable=nullable)
        return show(item["input"]), expected, hint or did_you_mean(text, choices)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _of_kind(item, allowed.kinds(location))
    return _of_value(item, allowed, location)


def _of_value(item: Any, allowed: Format, location: KeyPath) -> FoundExpectedHint:
    """Return the same of a value of another type, or out of bounds."""
    kind, value = item["type"], item.get("input")
    wanted = allowed.leads_to(location)
    if wanted is not None and kind in ("string_type", "string_pattern_mismatch"):
        number = isinstance(value, int | float)
        nullable, absent = allowed.says_absent(location)
        hint = "a scenario names numbers; to change one, set its own address" if number else ""
        hint = hint or absence_hint(value, (), absent, nullable=nullable)
        return show(value), f"{wanted}, such as {wanted.example}", hint
    if kind in EXPECTED:
        nullable, absent = allowed.says_absent(location)
        hint = type_hint(kind, value, allowed.unit(location)) or absence_hint(value, (), absent, nullable=nullable)
        return show(value), EXPECTED[kind] + allowed.description(location), hint
    if kind in BOUNDS:
        context = item.get("ctx", {})
        counted = _entries(context.get("actual_length", 0)) if kind in ("too_short", "too_long") else show(value)
        ends = {"least": _entries(context.get("min_length", 0)), "most": _entries(context.get("max_length", 0))}
        percent = kind == "less_than_equal" and context["le"] == 1 and 1 < value <= 100
        hint = f"{read(value)}% is {read(value / 100)}" if percent else ""
        expected = BOUNDS[kind].format(**_limits_read(context), **ends) + _unit_of(location)
        return counted, expected, hint or allowed.why(location, value, low=kind.startswith(("greater", "too_short")))
    return show(value), str(item["msg"]).removeprefix("Value error, "), ""


def _limits_read(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what pydantic says of a limit, its numbers as people read them."""
    return {name: read(limit, 10) if isinstance(limit, int | float) else limit for name, limit in context.items()}


def _entries(count: int) -> str:
    return {0: "no entry", 1: "one entry"}.get(count, f"{count:,} entries")


def _of_kind(item: Any, kinds: list[str]) -> FoundExpectedHint:
    """Return the same of a block whose `kind` is missing or unknown."""
    given = item["input"].get("kind", "") if isinstance(item["input"], Mapping) else ""
    known = sorted(kinds)
    found = f"kind {given!r}" if given else "no 'kind'"
    return found, f"kind: one of {', '.join(known)}", did_you_mean(str(given), known)


def _unit_of(location: KeyPath) -> str:
    """Return the unit that a field's name ends in, in brackets."""
    last = str(location[-1]) if location else ""
    return next((f" ({unit})" for unit in ("years", "days") if last.endswith(f"_{unit}")), "")
