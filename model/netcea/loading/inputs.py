"""The folder of numbers: files read when first named, every node checked when first used."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from netcea.errors import InputError, Problem, did_you_mean
from netcea.loading.csv_file import Table, read_table
from netcea.loading.problems import problems_of
from netcea.loading.project import real, shown
from netcea.loading.tree import KeyPath, Place, Tree, join_address, split_address
from netcea.loading.yaml_file import YamlFile, read_yaml
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable, DataTable

NODE_KINDS: Final[dict[str, type[BaseModel]]] = {"value": Quantity, "file": DataTable, "names": CorrelationTable}
"""The key by which a node of inputs/ is known -> its block; any other mapping is a group of nodes."""

NOT_NUMBERS: Final = frozenset({"about", "arms"})
"""Entries of a group that are no nodes: what it says of itself, and the arms of a trial."""


@dataclass(frozen=True)
class Override:
    """A number changed by a scenario or on the command line.

    Attributes
    ----------
    address : str
    value : Any
    place : Place
    inner : mapping of key path -> Place
    secret : str
        Hash of the confidential price layer that it comes from: its value is never shown. Empty: not confidential.
    """

    address: str
    value: Any
    place: Place
    inner: Mapping[KeyPath, Place]
    secret: str = ""


@dataclass
class _Read:
    """What was read of a folder, without overrides."""

    index: dict[KeyPath, Path] = field(default_factory=dict)
    files: dict[KeyPath, YamlFile] = field(default_factory=dict)
    tables: dict[tuple[Path, tuple[str, ...]], Table] = field(default_factory=dict)
    trees: dict[KeyPath, Tree] = field(default_factory=dict)
    nodes: dict[str, BaseModel] = field(default_factory=dict)
    sound: dict[int, tuple[BaseModel, Table]] = field(default_factory=dict)


@dataclass
class Inputs:
    """The inputs/ of a project, with overrides laid over it.

    Attributes
    ----------
    folder : Path
    overrides : list of Override
        In their order; a plain number replaces `value` and keeps the rest of the quantity.
    """

    folder: Path
    overrides: list[Override] = field(default_factory=list)
    _read: _Read = field(default_factory=_Read)
    _trees: dict[KeyPath, Tree] = field(default_factory=dict)
    _nodes: dict[str, BaseModel] = field(default_factory=dict)

    @property
    def sound(self) -> dict[int, tuple[BaseModel, Table]]:
        """Tables that were checked and found sound, by the identity of their node, which is kept beside them."""
        return self._read.sound

    def with_overrides(self, overrides: list[Override]) -> Inputs:
        """Return inputs with these overrides in place of the present ones; what was read so far is shared."""
        return Inputs(self.folder, overrides, self._read)

    def with_nodes_of(self, other: Inputs, addresses: Iterable[str]) -> Inputs:
        """Return inputs in which some nodes are those of another folder, or of the same one with other overrides.

        Tables bring their content; sources that only the other folder knows are known too.
        """
        taken = list(addresses)
        read = self._read
        if other.folder != self.folder:
            sources = replace(self._sources_file(), data={**other.sources(), **self.sources()})
            read = replace(read, files={**read.files, (): sources})
        standing = [Override(address, other.raw(address), other.place(address), {}) for address in taken]
        made = Inputs(self.folder, [*self.overrides, *standing], read)
        for address in taken:
            node = other.node(address)
            made._nodes[address] = node
            if id(node) in other.sound:
                made.sound[id(node)] = other.sound[id(node)]
        return made

    def files(self) -> Mapping[KeyPath, Path]:
        """Return address prefix -> file, for every YAML file but sources.yaml."""
        index = self._read.index
        if not index:
            if not self.folder.is_dir():
                raise InputError(
                    Problem(
                        found=f"no folder {shown(self.folder)}",
                        expected="inputs/ beside scenarios/",
                        suggestion="`netcea init DIR` makes a working copy",
                    )
                )
            if not real(self.folder).is_relative_to(real(self.folder.parent)):
                raise InputError(
                    Problem(
                        shown(self.folder),
                        found="a link that leads out of the project",
                        expected="the folder itself",
                        suggestion="copy what it leads to",
                    )
                )
            for path in sorted(self.folder.rglob("*.yaml")):
                relative = path.relative_to(self.folder)
                if len(relative.parts) > 1:
                    index[(*relative.parts[:-1], relative.stem)] = path
        return index

    def prefix_of(self, path: KeyPath) -> KeyPath | None:
        """Return the part of an address that names a file, if there is such a file."""
        files = self.files()
        return next((path[:length] for length in range(2, len(path) + 1) if path[:length] in files), None)

    def file(self, prefix: KeyPath) -> YamlFile:
        """Return a file as read."""
        files = self._read.files
        if prefix not in files:
            path = self.files()[prefix]
            if not real(path).is_relative_to(real(self.folder)):
                raise InputError(
                    Problem(shown(path), found="a link that leads out of inputs/", expected="a file inside inputs/")
                )
            try:
                files[prefix] = read_yaml(path, shown(path))
            except InputError as error:
                raise InputError(
                    replace(p, address=join_address((*prefix, *filter(None, [p.address])))) for p in error.problems
                ) from None
        return files[prefix]

    def sources(self) -> Mapping[str, Any]:
        """Return the bibliography, sources.yaml."""
        return self._sources_file().data

    def _sources_file(self) -> YamlFile:
        files = self._read.files
        if () not in files:
            path = self.folder / "sources.yaml"
            files[()] = read_yaml(path, shown(path))
        return files[()]

    def csv(self, path: Path, columns: Mapping[str, type]) -> Table:
        """Return a CSV file of the folder as read."""
        key = (path, tuple(columns))
        if key not in self._read.tables:
            self._read.tables[key] = read_table(path, shown(path), columns)
        return self._read.tables[key]

    def tree(self, prefix: KeyPath) -> Tree:
        """Return a file's content with its overrides."""
        if prefix not in self._trees:
            tree = self._as_read(prefix)
            mine = [o for o in self.overrides if split_address(o.address)[: len(prefix)] == prefix]
            if mine:
                tree = tree.copy()
                for override in mine:
                    _apply(tree, split_address(override.address)[len(prefix) :], override)
            self._trees[prefix] = tree
        return self._trees[prefix]

    def _as_read(self, prefix: KeyPath) -> Tree:
        """Return a file's content without overrides."""
        trees = self._read.trees
        if prefix not in trees:
            yaml = self.file(prefix)
            places = {key: Place(yaml.shown_as, line, yaml.path) for key, line in yaml.lines.items()}
            trees[prefix] = Tree(yaml.data, {(): Place(yaml.shown_as, 1, yaml.path), **places})
        return trees[prefix]

    def _overridden(self, address: str) -> bool:
        """Say whether an override touches an address, what is above it or what is below it."""
        return any(
            o.address == address or o.address.startswith(f"{address}.") or address.startswith(f"{o.address}.")
            for o in self.overrides
        )

    def exists(self, path: KeyPath) -> bool:
        """Say whether something stands at an address, before overrides."""
        prefix = self.prefix_of(path)
        if prefix is None:
            return False
        try:
            self._as_read(prefix).get(path[len(prefix) :])
        except KeyError:
            return False
        return True

    def place(self, address: str) -> Place:
        """Return where an address is defined."""
        path = split_address(address)
        prefix = self.prefix_of(path)
        return Place(shown(self.folder)) if prefix is None else self.tree(prefix).place(path[len(prefix) :])

    def raw(self, address: str) -> Any:
        """Return what stands at an address, overrides applied; KeyError where nothing does."""
        path = split_address(address)
        prefix = self.prefix_of(path)
        if prefix is None:
            raise KeyError(address)
        return self.tree(prefix).get(path[len(prefix) :])

    def node(self, address: str) -> BaseModel:
        """Return the checked node at an address: Quantity, DataTable or CorrelationTable.

        Raises
        ------
        KeyError
            Nothing stands there, or a group.
        InputError
            What stands there is not valid.
        """
        nodes = self._nodes if self._overridden(address) else self._read.nodes
        if address not in nodes:
            nodes[address] = self._validated(address)
        return nodes[address]

    def _validated(self, address: str) -> BaseModel:
        raw = self.raw(address)
        block = block_of(raw)
        if block is None:
            raise KeyError(address)
        try:
            return block.model_validate(raw)
        except ValidationError as error:
            path = split_address(address)
            prefix = self.prefix_of(path) or ()
            tree = self.tree(prefix)

            def place(location: KeyPath) -> Place:
                return tree.place((*path[len(prefix) :], *location))

            raise InputError(problems_of(error, block, raw, address, place)) from None

    def all_addresses(self) -> Iterator[tuple[str, Any]]:
        """Yield every node of every file: address, raw content. Reads everything."""
        for prefix in self.files():
            yield from _nodes_below(self.tree(prefix).data, prefix)

    def suggestion(self, address: str) -> str:
        """Return a did-you-mean for an address that does not exist."""
        numbers = [known for known, _ in self.all_addresses()]
        known = [*numbers, *sorted({number.rpartition(".")[0] for number in numbers})]
        hint = did_you_mean(address, known)
        if hint:
            return hint
        close = difflib.get_close_matches(str(split_address(address)[-1]), [n.rpartition(".")[2] for n in numbers], n=1)
        full = next((number for number in numbers if close and number.endswith(f".{close[0]}")), "")
        return f"an address is given in full, such as {full}" if full else ""


def block_of(raw: Any) -> type[BaseModel] | None:
    """Return the block that a node of inputs/ must satisfy; None for a group."""
    if not isinstance(raw, Mapping):
        return None
    for key, block in NODE_KINDS.items():
        if key in raw:
            return block
    # a quantity that lacks its value is a faulty quantity, not a group
    return Quantity if {"unit", "uncertainty", "status"} & set(raw) else None


def _nodes_below(raw: Any, path: KeyPath) -> Iterator[tuple[str, Any]]:
    if not isinstance(raw, Mapping) or block_of(raw) is not None:
        yield join_address(path), raw
    else:
        for key, child in raw.items():
            if key not in NOT_NUMBERS:
                yield from _nodes_below(child, (*path, str(key)))


def _apply(tree: Tree, path: KeyPath, override: Override) -> None:
    """Lay one override over a file: a plain value replaces `value` of a quantity."""
    standing = tree.get(path) if path else tree.data
    if isinstance(standing, Mapping) and "value" in standing and not isinstance(override.value, Mapping):
        path = (*path, "value")
    tree.set(path, override.value, override.place, override.inner)
