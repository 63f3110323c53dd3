"""JSON as netcea writes it: plain types, null for what is not finite, the same bytes each time; and its schema.

The types of a record are frozen dataclasses. Their JSON schema is made from them: the text of each field is what the
class' documentation says under Attributes.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from netcea.errors import InputError, Problem
from netcea.quantities.descriptions import describe

R = TypeVar("R")
_PLAIN: Final = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """Return a record as JSON can hold it: dictionaries, lists, text and finite numbers; null for the others.

    >>> plain({"median": float("inf"), "draws": (1, 2)})
    {'median': None, 'draws': [1, 2]}
    """
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else None
    if kind in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(kind):
        return {name: plain(getattr(value, name)) for name in _fields(kind)}
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="json"))
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


@cache
def _fields(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record))


def extended(record: type[R], found: Any, **more: Any) -> R:
    """Return a record that has everything an instance of its base class has, and more."""
    return record(**shared_fields(type(found), found), **more)


def shared_fields(base: type, found: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, as another instance has them: to make a record of them."""
    return {field.name: getattr(found, field.name) for field in dataclasses.fields(base)}


def text_of(value: Any) -> str:
    """Return a record as the text of a file."""
    return json.dumps(plain(value), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def schema_of(record: type) -> dict[str, Any]:
    """Return the JSON schema of a record: a dataclass of dataclasses, blocks, numbers and text."""
    from pydantic import TypeAdapter

    for block in _classes(record, {}):
        if issubclass(block, BaseModel):
            describe(block)
    schema = TypeAdapter(record).json_schema(mode="serialization", ref_template="#/$defs/{model}")
    known = {cls.__name__: cls for cls in _classes(record, {}) if dataclasses.is_dataclass(cls)}
    for name, definition in ({record.__name__: schema} | schema.get("$defs", {})).items():
        if name in known:
            _document(known[name], definition)
    return schema


def read_as(record: type[R], saved: object, where: str) -> R:
    """Return what a file of results holds as the type that wrote it.

    Raises
    ------
    InputError
        It is something else: with the first entry that does not fit.
    """
    from pydantic import TypeAdapter

    try:
        return TypeAdapter(record).validate_json(json.dumps(saved))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        address = ".".join(map(str, first["loc"]))
        expected = f"{record.__name__} as netcea writes it"
        raise InputError(Problem(where, 0, address, first["msg"].lower(), expected)) from None


def _classes(annotation: Any, seen: dict[type, None]) -> dict[type, None]:
    """Return the dataclasses and blocks that a type is made of."""
    if isinstance(annotation, type) and annotation not in seen:
        if issubclass(annotation, BaseModel):
            seen[annotation] = None
        if not dataclasses.is_dataclass(annotation):
            return seen
        seen[annotation] = None
        for hint in _hints(annotation).values():
            _classes(hint, seen)
    for argument in getattr(annotation, "__args__", ()):
        _classes(argument, seen)
    return seen


def _hints(cls: type) -> dict[str, Any]:
    from typing import get_type_hints

    return get_type_hints(cls, include_extras=False)


def _document(cls: type, definition: dict[str, Any]) -> None:
    """Put what a class says of itself and of its attributes into its definition; nothing else may stand in it."""
    text = textwrap.dedent(f"    {cls.__doc__ or ''}")
    definition["description"] = " ".join(text.split("\n\n")[0].split())
    definition["additionalProperties"] = False
    words = attribute_texts(cls)
    for name, entry in definition.get("properties", {}).items():
        entry.setdefault("description", words.get(name, name.replace("_", " ")))


def attribute_texts(cls: type) -> dict[str, str]:
    """Return attribute -> what the numpydoc section Attributes of a class and its bases says of it.

    >>> from netcea.errors import ModelWarning
    >>> attribute_texts(ModelWarning)["code"]
    'A stable short name: crossing, floor, unverified, reference_case ...'
    """
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        section = re.search(r"Attributes\n\s*-+\n(.*?)(?:\n\n\s*\w+\n\s*---|\Z)", base.__doc__ or "", re.DOTALL)
        if section is None:
            continue
        names: list[str] = []
        for line in textwrap.dedent(section[1]).splitlines():
            if line and not line.startswith(" "):
                names = [name.strip() for name in line.partition(" : ")[0].split(",")]
                found |= dict.fromkeys(names, line.partition(" : ")[2] if "{" in line else "")
            elif line.strip():
                found |= {name: f"{found[name]} {line.strip()}".strip() for name in names}
    return {name: words for name, words in found.items() if words}
