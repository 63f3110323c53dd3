"""The merged content of scenario files, with the place of every entry; and overrides.

Precedence, written once: the file that `extends` names (and what that extends), then `set` of the extending file, then
``--set`` of the command line in their order. A later value replaces an earlier one whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where an entry stands: a file as the user would type it and a line, or the command line."""

    file: str
    line: int = 0
    path: Path | None = None
    """The real file, for paths relative to it."""


@dataclass
class Tree:
    """Nested dicts and lists, and where each entry came from."""

    data: dict[str, Any]
    places: dict[KeyPath, Place] = field(default_factory=dict)

    def copy(self) -> Tree:
        """Return an independent copy: `set` never changes a group in place, so the content can be shared."""
        return Tree(self.data, dict(self.places))

    def place(self, path: KeyPath) -> Place:
        """Return the place of an entry, or of the nearest entry above it."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return Place("")

    def get(self, path: KeyPath) -> Any:
        """Return what stands at a path; KeyError where nothing does."""
        node: Any = self.data
        for key in path:
            if isinstance(node, Mapping) and key in node:
                node = node[str(key)]
            elif isinstance(node, list) and str(key).isdigit() and int(key) < len(node):
                node = node[int(key)]
            else:
                raise KeyError(path)
        return node

    def set(self, path: KeyPath, value: Any, place: Place, inner: Mapping[KeyPath, Place] | None = None) -> None:
        """Replace what stands at a path, whole; make the groups above it where they are missing.

        Raises
        ------
        KeyError
            Something above it is neither a group nor a list that reaches so far.
        """
        self.data = _replaced(self.data, path, value)
        for key in [known for known in self.places if known[: len(path)] == path]:
            del self.places[key]
        self.places[path] = place
        for key, inner_place in (inner or {}).items():
            self.places[(*path, *key)] = inner_place


def _replaced(node: Any, path: KeyPath, value: Any) -> Any:
    """Return a node with another value at a path; groups along the path are copied, the rest is shared."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(node, list):
        if not str(key).isdigit() or int(key) >= len(node):
            raise KeyError(path)
        items = list(node)
        items[int(key)] = _replaced(items[int(key)], rest, value)
        return items
    if not isinstance(node, dict):
        raise KeyError(path)
    inner = node.get(str(key))
    if rest and not isinstance(inner, dict | list):
        inner = {}
    return {**node, str(key): _replaced(inner, rest, value)}


def split_address(address: str) -> KeyPath:
    """Return the key path of a dotted address.

    >>> split_address("strategies.new.os")
    ('strategies', 'new', 'os')
    """
    return tuple(address.split("."))


def join_address(path: KeyPath) -> str:
    """Return the dotted address of a key path."""
    return ".".join(str(key) for key in path)
