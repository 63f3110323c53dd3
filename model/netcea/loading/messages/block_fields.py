"""What the format of a block allows at a place of a file, whether something stands there or not."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from netcea.quantities.addresses import Kind
from netcea.quantities.descriptions import descriptions
from netcea.quantities.key_path import KeyPath
from netcea.quantities.units import UNITS
from netcea.scenario.option_texts import Absent, Why
from netcea.scenario.scalar import index_in_list


class Below(NamedTuple):
    """What can stand below a place of a file: fields with names, or (open) entries of any name."""

    named: tuple[str, ...] = ()
    open: bool = False


class Format(NamedTuple):
    """The format of a block, beside what was written.

    Attributes
    ----------
    block : type
        The pydantic model.
    raw : Any
        What was written; it decides between blocks that are told apart by `kind`.
    """

    block: type[BaseModel]
    raw: Any

    def value(self, path: KeyPath) -> Any:
        """Return what stands at a path; None where nothing does.

        Parameters
        ----------
        path : KeyPath
            Key path below `raw`.
        """
        node = self.raw
        for key in path:
            if not has(node, key):
                return None
            node = node[key]
        return node

    def below(self, path: KeyPath) -> Below:
        """Return what the format allows below a path.

        Parameters
        ----------
        path : KeyPath
            Key path below `raw`.
        """
        annotation, node = self._at(path)
        blocks = _blocks(annotation)
        blocks = _of_kind(blocks, node) or blocks
        named = tuple(dict.fromkeys(name for block in blocks for name in block.model_fields))
        return Below(named, _is_open(annotation))

    def fields(self, path: KeyPath) -> dict[str, Any]:
        """Return the fields of the block at a path; none where no single block belongs.

        Parameters
        ----------
        path : KeyPath
            Key path below `raw`.
        """
        found = self._block(path)
        return dict(found.model_fields) if found is not None else {}

    def kinds(self, path: KeyPath) -> list[str]:
        """Return what `kind` of a block at a path can be.

        Parameters
        ----------
        path : KeyPath
            Key path below `raw`.
        """
        kinds = [block.model_fields.get("kind") for block in _blocks(self._at(path)[0])]
        return [str(get_args(kind.annotation)[0]) for kind in kinds if kind is not None]

    def leads_to(self, path: KeyPath) -> Kind | None:
        """Return what an address at a path must lead to; None where no address belongs.

        Parameters
        ----------
        path : KeyPath
            Key path below `raw`.
        """
        for length in range(len(path), 0, -1):
            field = self.fields(path[: length - 1]).get(str(path[length - 1]))
            if field is not None:
                inside = (*field.metadata, *_metadata(field.annotation))
                return next((item for item in inside if isinstance(item, Kind)), None)
        return None

    def why(self, path: KeyPath, value: Any, *, low: bool) -> str:
        """Return why a field has its upper limit, or its lower one; empty where it does not say.

        Parameters
        ----------
        path : KeyPath
            Key path of the field, or of an entry of it, below `raw`.
        value : object
            That lies beyond the limit.
        low : bool
            Whether it is the lower one.
        """
        for length in range(len(path), 0, -1):
            field = self.fields(path[: length - 1]).get(str(path[length - 1]))
            if field is not None:
                inside = (*field.metadata, *_metadata(field.annotation))
                return next((item.of(value) for item in inside if isinstance(item, Why) and item.low == low), "")
        return ""

    def says_absent(self, path: KeyPath) -> tuple[bool, str]:
        """Return whether nothing may stand at a path, and what its field says to do where there is none.

        Parameters
        ----------
        path : KeyPath
            Key path of the field below `raw`.
        """
        field = self.fields(path[:-1]).get(str(path[-1])) if path else None
        if field is None:
            return False, ""
        inside = (*field.metadata, *_metadata(field.annotation))
        words = next((item.words for item in inside if isinstance(item, Absent)), "")
        return type(None) in get_args(field.annotation), words

    def unit(self, path: KeyPath) -> str:
        """Return the unit in which a number at a path is wanted; empty where that is not known.

        Parameters
        ----------
        path : KeyPath
            Key path of the number below `raw`.
        """
        for length in range(len(path) - 1, -1, -1):
            above = self.value(path[:length])
            given = above.get("unit") if isinstance(above, Mapping) else None
            if isinstance(given, str) and given in UNITS:
                return given
        last = str(path[-1]) if path else ""
        return next((unit for unit in ("years", "days") if last.endswith(f"_{unit}")), "")

    def description(self, path: KeyPath) -> str:
        """Return the first line on a field in brackets, as the schema has it; empty where there is none.

        Parameters
        ----------
        path : KeyPath
            Key path of the field below `raw`.
        """
        found = self._block(path[:-1]) if path else None
        text = "" if found is None else descriptions(found).get(str(path[-1]), "").split("\n")[0].rstrip(".")
        return f" ({text})" if text else ""

    def _block(self, path: KeyPath) -> type[BaseModel] | None:
        annotation, node = self._at(path)
        return next(iter(_of_kind(_blocks(annotation), node)), None)

    def _at(self, path: KeyPath) -> tuple[Any, Any]:
        """Return the type that belongs at a path, and what stands there."""
        annotation: Any = self.block
        node = self.raw
        for key in path:
            node = node[key] if has(node, key) else None
            annotation = _step(annotation, key if (at := index_in_list(key)) is None else at)
        return annotation, node


def has(node: Any, key: str | int) -> bool:
    """Say whether a group or a list has an entry.

    Parameters
    ----------
    node : object
        What may be a group or a list.
    key : str or int
        Name, or index of a list.
    """
    if isinstance(node, list):
        return isinstance(key, int) and key < len(node)
    return isinstance(node, Mapping) and key in node


def _of_kind(blocks: list[type[BaseModel]], node: Any) -> list[type[BaseModel]]:
    """Return those of several blocks that have the `kind` that stands there."""
    if len(blocks) < 2 or not isinstance(node, Mapping):
        return blocks
    return [block for block in blocks if node.get("kind") in get_args(block.model_fields["kind"].annotation)]


def _step(annotation: Any, key: str | int) -> Any:
    """Return the type of an entry of a type; None where it has no such entry."""
    for block in _blocks(annotation):
        if isinstance(key, str) and key in block.model_fields:
            return block.model_fields[key].annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType, Annotated):
        return next((found for found in (_step(argument, key) for argument in arguments) if found is not None), None)
    if origin is dict:
        return arguments[1]
    return arguments[0] if origin is list else None


def _blocks(annotation: Any) -> list[type[BaseModel]]:
    """Return the blocks that a type allows."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        return [block for argument in get_args(annotation) for block in _blocks(argument)]
    return []


def _is_open(annotation: Any) -> bool:
    """Say whether a type has entries of any name: a dict, a list, or one of several with such a one."""
    return get_origin(annotation) in (dict, list) or any(map(_is_open, get_args(annotation)))


def _metadata(annotation: Any) -> tuple[Any, ...]:
    """Return what is annotated anywhere inside a type."""
    own = tuple(getattr(annotation, "__metadata__", ()))
    return (*own, *(item for argument in get_args(annotation) for item in _metadata(argument)))
