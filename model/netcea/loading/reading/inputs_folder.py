"""The folder of numbers as it stands on disk: which file holds which addresses; a file is read when first named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from netcea.errors import InputError, Place
from netcea.loading.reading.project import real, shown
from netcea.loading.reading.yaml_file import YamlFile, read_yaml
from netcea.quantities.key_path import KeyPath, join_address


@dataclass
class InputsFolder:
    """``inputs/`` of a project, without changes; a file that was read stays as it was read.

    Attributes
    ----------
    folder : Path
    """

    folder: Path
    _files: dict[KeyPath, YamlFile] = field(default_factory=dict)
    _prefixes: dict[KeyPath, KeyPath | None] = field(default_factory=dict)

    @cached_property
    def real_folder(self) -> Path:
        """Where the folder lies, links followed."""
        return real(self.folder)

    @cached_property
    def files(self) -> Mapping[KeyPath, Path]:
        """Start of an address -> the YAML file that it names, for every one but sources.yaml.

        Raises
        ------
        InputError
            There is no such folder, or it is a link that leads out of the project.
        """
        if not self.folder.is_dir():
            hint = "`netcea init DIR` makes a working copy"
            raise Place().error(f"no folder {shown(self.folder)}", "inputs/ beside scenarios/", hint)
        if not self.real_folder.is_relative_to(real(self.folder.parent)):
            place = Place(shown(self.folder))
            raise place.error("a link that leads out of the project", "the folder itself", "copy what it leads to")
        index: dict[KeyPath, Path] = {}
        for path in sorted(self.folder.rglob("*.yaml")):
            relative = path.relative_to(self.folder)
            if len(relative.parts) > 1:
                index[(*relative.parts[:-1], relative.stem)] = path
        return index

    @cached_property
    def sources(self) -> YamlFile:
        """The bibliography, sources.yaml."""
        return read_yaml(self.folder / "sources.yaml")

    @cached_property
    def abbreviations(self) -> YamlFile | None:
        """What abbreviations of the project stand for, abbreviations.yaml; None without one."""
        path = self.folder / "abbreviations.yaml"
        return read_yaml(path) if path.is_file() else None

    def file_of(self, path: KeyPath) -> tuple[KeyPath, YamlFile] | None:
        """Return the file that an address starts with, and which part of the address names it.

        Parameters
        ----------
        path : KeyPath
            Of the address.

        Raises
        ------
        InputError
            Every problem of the file, or that it lies elsewhere.
        """
        if path not in self._prefixes:
            starts = (path[:length] for length in range(2, len(path) + 1))
            self._prefixes[path] = next((start for start in starts if start in self.files), None)
        prefix = self._prefixes[path]
        return None if prefix is None else (prefix, self.file(prefix))

    def file(self, prefix: KeyPath) -> YamlFile:
        """Return a file by the start of its addresses, a key of `files`.

        Parameters
        ----------
        prefix : KeyPath
            A key of `files`.
        """
        if prefix not in self._files:
            path = self.files[prefix]
            if not real(path).is_relative_to(self.real_folder):
                raise Place(shown(path)).error("a link that leads out of inputs/", "a file inside inputs/")
            try:
                self._files[prefix] = read_yaml(path)
            except InputError as error:
                raise InputError(
                    replace(p, address=join_address((*prefix, *filter(None, [p.address])))) for p in error.problems
                ) from None
        return self._files[prefix]
