"""A YAML file as plain data, with the line of every key, and every fault of the file at once.

Words are read by YAML 1.2 (:mod:`netcea.loading.reading.scalar`), where ``NO`` is not false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from netcea.errors import InputError, Place
from netcea.loading.reading.project import shown
from netcea.loading.reading.text_file import TextFile, check_characters, read_text
from netcea.loading.reading.yaml_builder import Builder
from netcea.quantities.key_path import KeyPath, join_address


@dataclass(frozen=True)
class YamlFile:
    """What a YAML file holds.

    Attributes
    ----------
    path : Path
    shown_as : str
        Path as the user would type it.
    data : dict
        Dictionaries, lists, text, numbers, booleans and None; shared by all who read the file, so never changed.
    lines : mapping
        1-based line of every key path (of an entry's key, or of a list item); ``()`` is the top.
    sha256 : str
        Of the bytes of the file.
    """

    path: Path
    shown_as: str
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]
    sha256: str

    def line_of(self, key_path: KeyPath) -> int:
        """Line of a key path, or of the nearest one above it that stands in the file.

        Parameters
        ----------
        key_path : KeyPath
            Of an entry.
        """
        while key_path and key_path not in self.lines:
            key_path = key_path[:-1]
        return self.lines[key_path]

    def place(self, key_path: KeyPath = ()) -> Place:
        """Return where a key path stands; its address is the path itself.

        Parameters
        ----------
        key_path : KeyPath
            Of an entry; of the file as a whole when left out.
        """
        return Place(self.shown_as, self.line_of(key_path), self.path, join_address(key_path))


def read_yaml(path: Path, shown_as: str = "") -> YamlFile:
    """Read a YAML file whose top level is a mapping; the same content is built once.

    Parameters
    ----------
    path : Path
        Of the file.
    shown_as : str
        What messages call it; as the user would type it when empty.

    Raises
    ------
    InputError
        Every problem of the file; up to the first one when it is a fault of syntax.
    """
    name = shown_as or shown(path)
    return _built(read_text(path, name), path, name)


@lru_cache(maxsize=512)
def _built(file: TextFile, path: Path, shown_as: str) -> YamlFile:
    builder = Builder(shown_as)
    builder.build(file.text)
    if not builder.incomplete and (builder.documents == 0 or (builder.root is None and not builder.problems)):
        builder.refuse(0, (), "an empty file", "keys and values", "write 'key: value' lines")
    elif not isinstance(builder.root, dict) and not builder.incomplete:
        what = "a list" if isinstance(builder.root, list) else f"the single value {_shortened(builder.root)}"
        builder.refuse(builder.lines[()], (), f"{what} at the top", "keys and values", "write 'key: value' lines")
    if builder.problems:
        raise InputError(sorted(builder.problems, key=lambda problem: problem.line))
    return YamlFile(path, shown_as, builder.root, builder.lines, file.sha256)


def parse_value(text: str, shown_as: str) -> Any:
    """Value given on the command line, by the rules of the files; flow lists and mappings are allowed.

    Parameters
    ----------
    text : str
        YAML.
    shown_as : str
        What messages call the place it comes from.

    Raises
    ------
    InputError
        Every problem of the text.

    Examples
    --------
    >>> parse_value("[0.5, no, {a: 1e3}]", "--set x=...")
    [0.5, 'no', {'a': 1000.0}]
    """
    check_characters(text, shown_as, numbered=False)
    builder = Builder(shown_as, numbered=False)
    builder.build(text)
    if builder.documents == 0 and text.strip():
        builder.refuse(0, (), f"only a comment, {text.strip()!r}", "a value", "put text with # in quotes")
    if builder.problems:
        raise InputError(builder.problems)
    return builder.root


def _shortened(value: Any, most: int = 40) -> str:
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}...'"
