"""From pydantic's errors to problems a health economist can act on."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from netcea.errors import BlockError, Problem, did_you_mean
from netcea.loading.hints import show, type_hint
from netcea.loading.tree import KeyPath, Place, join_address, split_address
from netcea.quantities.addresses import Kind
from netcea.quantities.descriptions import descriptions

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
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
}


def problems_of(
    error: ValidationError, block: type[BaseModel], raw: Any, address: str, place: Callable[[KeyPath], Place]
) -> Iterator[Problem]:
    """Yield one problem for each error.

    Parameters
    ----------
    error : ValidationError
    block : type
        What was validated against, for suggestions.
    raw : object
        What was validated.
    address : str
        Address of `raw`; empty for a whole file.
    place : callable
        Key path below `raw` -> where it stands.
    """
    for item in error.errors(include_url=False):
        location = _location(item["loc"], raw, missing=item["type"] == "missing")
        full = ".".join(part for part in (address, join_address(location)) if part)
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, BlockError):
            for fault in cause.problems:
                where = place((*location, *(split_address(fault.address) if fault.address else ())))
                below = ".".join(part for part in (full, fault.address) if part)
                yield replace(fault, file=where.file, line=where.line, address=below)
        elif cause is not None:
            yield _of_block(str(cause), block, raw, location, full, place)
        else:
            found, expected, suggestion = _words(item, block, raw, location)
            if item["type"].startswith("union_tag") and "kind" in (_value_at(raw, location) or {}):
                location, full = (*location, "kind"), f"{full}.kind"
            where = place(location)
            yield Problem(where.file, where.line, full, found, expected, suggestion)


def _of_block(
    message: str, block: type[BaseModel], raw: Any, location: KeyPath, address: str, place: Callable[[KeyPath], Place]
) -> Problem:
    """Return the problem of entries that do not go together, placed at the entry that the message is about.

    A message may start with the entry's name and a colon. Otherwise it stands at the first entry of the block that it
    names, or whose value it names.
    """
    name, colon, rest = message.partition(": ")
    entries = _value_at(raw, location)
    entries = entries if isinstance(entries, Mapping) else {}
    if colon and name in _fields(block, raw, location):
        where = place((*location, name))
        found = show(entries[name]) if entries.get(name) is not None else f"no '{name}'"
        below = ".".join(part for part in (address, name) if part)
        return Problem(where.file, where.line, below, found, suggestion=rest)
    named = [key for word in re.findall(r"\w+", message) for key in entries if word in (key, entries[key])]
    above = place(location)
    places = [place((*location, key)) for key in named] or [above]
    where = next((item for item in places if item.file != above.file), places[0])  # what was set, where something was
    return Problem(where.file, where.line, address, suggestion=message)


def _value_at(raw: Any, path: KeyPath) -> Any:
    node = raw
    for key in path:
        if not isinstance(node, Mapping | list) or not _has(node, key):
            return None
        node = _inside(node, key)
    return node


def _location(loc: tuple[str | int, ...], raw: Any, *, missing: bool) -> KeyPath:
    """Drop the names that pydantic adds for unions; the last key of a missing entry is kept."""
    path: list[str | int] = []
    node = raw
    for index, key in enumerate(loc):
        if isinstance(node, Mapping | list) and _has(node, key):
            node = _inside(node, key)
            path.append(key)
        elif missing and index == len(loc) - 1:
            path.append(key)
    return tuple(path)


Words: TypeAlias = tuple[str, str, str]
"""What was found, what was expected, a suggestion."""


def _words(item: Any, block: type[BaseModel], raw: Any, location: KeyPath) -> Words:
    kind, context = item["type"], item.get("ctx", {})
    found = show(item.get("input"))
    if kind == "missing":
        return "nothing", f"'{location[-1]}'{_description(block, raw, location)}", ""
    if kind == "extra_forbidden":
        known = sorted(_fields(block, raw, location[:-1]))
        hint = did_you_mean(str(location[-1]), known)
        return f"the unknown key '{location[-1]}'", f"one of {', '.join(known)}" if known else "", hint
    if kind == "literal_error":
        choices = [choice.strip(" '") for choice in str(context["expected"]).replace(" or ", ", ").split(",")]
        text = item["input"] if isinstance(item["input"], str) else ""
        return found, f"one of {', '.join(choices)}", did_you_mean(text, choices)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _kind_words(item, block, location)
    wanted = _kind_of(block, raw, location)
    if wanted is not None and kind in ("string_type", "string_pattern_mismatch"):
        number = isinstance(item["input"], int | float)
        hint = "a scenario names numbers; to change one, set its own address" if number else ""
        return found, f"{wanted}, such as {wanted.example}", hint
    if kind in EXPECTED:
        return found, EXPECTED[kind] + _description(block, raw, location), type_hint(kind, item["input"])
    if kind in BOUNDS:
        counted = f"{context.get('actual_length', 0)} entries" if kind in ("too_short", "too_long") else found
        percent = kind == "less_than_equal" and context["le"] == 1 and 1 < item["input"] <= 100
        hint = f"{item['input']:g}% is {item['input'] / 100:g}" if percent else ""
        return counted, BOUNDS[kind].format(**context) + _unit_of(location), hint
    return found, _plain(item["msg"]), ""


def _kind_words(item: Any, block: type[BaseModel], location: KeyPath) -> Words:
    tags = sorted(_tags(block, location))
    given = item["input"].get("kind", "") if isinstance(item["input"], Mapping) else ""
    return (
        f"kind {given!r}" if given else "no 'kind'",
        f"kind: one of {', '.join(tags)}",
        did_you_mean(str(given), tags),
    )


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _unit_of(location: KeyPath) -> str:
    """Return the unit that a field's name ends in, in brackets."""
    last = str(location[-1]) if location else ""
    return next((f" ({unit})" for unit in ("years", "days") if last.endswith(f"_{unit}")), "")


def _kind_of(block: type[BaseModel], raw: Any, location: KeyPath) -> Kind | None:
    """Return what an address at this place must lead to; None where no address belongs."""
    for length in range(len(location), 0, -1):
        field = _fields(block, raw, location[: length - 1]).get(str(location[length - 1]))
        if field is not None:
            inside = (*field.metadata, *_metadata(field.annotation))
            return next((item for item in inside if isinstance(item, Kind)), None)
    return None


def _metadata(annotation: Any) -> tuple[Any, ...]:
    """Return what is annotated anywhere inside a type."""
    own = tuple(getattr(annotation, "__metadata__", ()))
    return (*own, *(item for argument in get_args(annotation) for item in _metadata(argument)))


def _description(block: type[BaseModel], raw: Any, location: KeyPath) -> str:
    if not location:
        return ""
    found = _block_at(block, raw, location[:-1])
    text = "" if found is None else descriptions(found).get(str(location[-1]), "").split("\n")[0].rstrip(".")
    return f" ({text})" if text else ""


def _fields(block: type[BaseModel], raw: Any, path: KeyPath) -> dict[str, Any]:
    """Return the fields of the block that stands at a path."""
    found = _block_at(block, raw, path)
    return dict(found.model_fields) if found is not None else {}


@dataclass(frozen=True)
class Below:
    """What can stand below a place of a file: fields with names, or (open) entries of any name."""

    named: tuple[str, ...] = ()
    open: bool = False


def fields_at(block: type[BaseModel], raw: Any, path: KeyPath) -> Below:
    """Return what the format allows below a path, whether something stands there or not."""
    annotation: Any = block
    node = raw
    for key in path:
        node = _inside(node, key) if isinstance(node, Mapping | list) and _has(node, key) else None
        annotation = _step(annotation, int(key) if str(key).isdigit() else key, node)
    models = _models(annotation)
    if len(models) > 1 and isinstance(node, Mapping):
        models = [m for m in models if node.get("kind") in get_args(m.model_fields["kind"].annotation)] or models
    named = tuple(dict.fromkeys(name for model in models for name in model.model_fields))
    return Below(named, _is_open(annotation))


def _is_open(annotation: Any) -> bool:
    """Say whether a type has entries of any name: a dict, a list, or one of several with such a one."""
    if get_origin(annotation) in (dict, list):
        return True
    return any(_is_open(argument) for argument in get_args(annotation))


def _tags(block: type[BaseModel], path: KeyPath) -> list[str]:
    annotation: Any = block
    for key in path:
        annotation = _step(annotation, key, None)
    return [
        str(get_args(m.model_fields["kind"].annotation)[0]) for m in _models(annotation) if "kind" in m.model_fields
    ]


def _block_at(block: type[BaseModel], raw: Any, path: KeyPath) -> type[BaseModel] | None:
    annotation: Any = block
    node = raw
    for key in path:
        node = _inside(node, key) if isinstance(node, Mapping | list) and _has(node, key) else None
        annotation = _step(annotation, key, node)
    models = _models(annotation)
    if len(models) > 1 and isinstance(node, Mapping):
        models = [m for m in models if node.get("kind") in get_args(m.model_fields["kind"].annotation)]
    return models[0] if models else None


def _has(node: Any, key: str | int) -> bool:
    return key in node if isinstance(node, Mapping) else isinstance(key, int) and key < len(node)


def _inside(node: Any, key: str | int) -> Any:
    return node[key]


def _step(annotation: Any, key: str | int, node: Any) -> Any:
    for model in _models(annotation):
        if isinstance(key, str) and key in model.model_fields:
            return model.model_fields[key].annotation
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType, Annotated):
        for argument in get_args(annotation):
            found = _step(argument, key, node)
            if found is not None:
                return found
    if origin is dict:
        return get_args(annotation)[1]
    if origin is list:
        return get_args(annotation)[0]
    return None


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        return [model for argument in get_args(annotation) for model in _models(argument)]
    return []
