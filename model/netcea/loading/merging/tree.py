"""Entries of a YAML file with values laid over them; every entry still knows where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netcea.errors import Place
from netcea.loading.reading.yaml_file import YamlFile
from netcea.quantities.key_path import KeyPath, join_address
from netcea.scenario.scalar import index_in_list


@dataclass(frozen=True)
class Tree:
    """Nested dicts and lists, and where each entry came from.

    Attributes
    ----------
    data : dict
        The content; never changed in place, so trees share what they have in common.
    file : YamlFile
        Where an entry stands unless something was laid over it.
    laid : mapping of KeyPath -> Place
        What was laid over, and where that stands.
    """

    data: dict[str, Any]
    file: YamlFile
    laid: Mapping[KeyPath, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, file: YamlFile) -> Tree:
        """Return the entries of a file as they stand in it.

        Parameters
        ----------
        file : YamlFile
            Whose entries they are.
        """
        return cls(file.data, file)

    def place(self, path: KeyPath) -> Place:
        """Return the place of an entry, or of the nearest entry above it.

        Parameters
        ----------
        path : KeyPath
            Key path of the entry.
        """
        for length in range(len(path), -1, -1):
            found = self.laid.get(path[:length])
            if found is not None:
                return Place(found.file, found.line, found.path, join_address(path))
        return self.file.place(self._with_positions(path))

    def _with_positions(self, path: KeyPath) -> KeyPath:
        """Return a path with numbers for positions in lists, by which a file knows its lines."""
        found: list[str | int] = []
        node: Any = self.file.data
        for key in path:
            at = index_in_list(key) if isinstance(node, list) else None
            found.append(key if at is None else at)
            try:
                node = node[found[-1]]
            except (KeyError, IndexError, TypeError):
                node = None
        return tuple(found)

    def holds(self, path: KeyPath) -> bool:
        """Say whether something stands at a path.

        Parameters
        ----------
        path : KeyPath
            Key path of the entry.
        """
        try:
            self.get(path)
        except KeyError:
            return False
        return True

    def get(self, path: KeyPath) -> Any:
        """Return what stands at a path; KeyError where nothing does.

        Parameters
        ----------
        path : KeyPath
            Key path; the index of a list may be written as text.
        """
        node: Any = self.data
        for key in path:
            if isinstance(node, Mapping) and key in node:
                node = node[str(key)]
            elif isinstance(node, list) and (at := index_in_list(key)) is not None and at < len(node):
                node = node[at]
            else:
                raise KeyError(path)
        return node

    def with_value(self, path: KeyPath, value: Any, place: Place, inner: Mapping[KeyPath, Place] | None = None) -> Tree:
        """Return a tree in which a value replaces what stands at a path, whole.

        Groups above it are made where they are missing.

        Parameters
        ----------
        path : KeyPath
            Key path of what is replaced.
        value : Any
            What stands there afterwards.
        place : Place
            Where the value stands.
        inner : mapping of KeyPath -> Place
            The same of its own entries, by their paths below `path`.

        Raises
        ------
        KeyError
            Something above it is neither a group nor a list that reaches so far.
        """
        above = {known: at for known, at in self.laid.items() if known[: len(path)] != path}
        below = {(*path, *key): at for key, at in (inner or {}).items()}
        return Tree(_replaced(self.data, path, value), self.file, {**above, path: place, **below})

    def with_entry_of(self, other: Tree, path: KeyPath) -> Tree:
        """Return a tree that has at a path what another has there, or nothing if that has nothing.

        Parameters
        ----------
        other : Tree
            Whose entry is taken.
        path : KeyPath
            Key path in both.
        """
        if not other.holds(path):
            return Tree(_without(self.data, path), self.file, self.laid)
        inner = {
            key[len(path) :]: other.place(key)
            for key in (*other.file.lines, *other.laid)
            if len(key) > len(path) and key[: len(path)] == path
        }
        return self.with_value(path, other.get(path), other.place(path), inner)


def _replaced(node: Any, path: KeyPath, value: Any) -> Any:
    """Return a node with another value at a path; groups along the path are copied, the rest is shared."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(node, list):
        at = index_in_list(key)
        if at is None or at >= len(node):
            raise KeyError(path)
        items = list(node)
        items[at] = _replaced(items[at], rest, value)
        return items
    if not isinstance(node, dict):
        raise KeyError(path)
    inner = node.get(str(key))
    if rest and not isinstance(inner, dict | list):
        inner = {}
    return {**node, str(key): _replaced(inner, rest, value)}


def _without(node: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """Return a group without what stands at a path.

    >>> _without({"a": {"b": 1, "c": 2}}, ("a", "b"))
    {'a': {'c': 2}}
    """
    key, rest = str(path[0]), path[1:]
    inner = node.get(key)
    if not rest:
        return {name: value for name, value in node.items() if name != key}
    return {**node, key: _without(inner, rest)} if isinstance(inner, dict) else node
