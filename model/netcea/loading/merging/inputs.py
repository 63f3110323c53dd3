"""The numbers of a project with overrides laid over them; every node checked when first used."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from netcea.errors import InputError, Place, did_you_mean
from netcea.loading.merging.override import Override
from netcea.loading.merging.tree import Tree
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.reading.csv_file import Table
from netcea.loading.reading.inputs_folder import InputsFolder
from netcea.loading.reading.project import real, shown
from netcea.plain_number import read
from netcea.quantities.fit_keys import FITTED
from netcea.quantities.key_path import KeyPath, join_address, split_address
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable, DataTable
from netcea.uncertainty.families import Uncertainty
from netcea.uncertainty.family import Family

NODE_KINDS: Final[dict[str, type[BaseModel]]] = {"value": Quantity, "file": DataTable, "names": CorrelationTable}
"""The key by which a node of inputs/ is known -> its block; any other mapping is a group of nodes."""

ABOUT: Final = "about"
"""Entry of a group in which it says of itself where its numbers come from."""
NOT_NUMBERS: Final = frozenset({ABOUT, "arms", FITTED})
"""Entries of a group that are no nodes: what it says of itself, the arms of a trial, and what a fit says of itself."""


class Asked(NamedTuple):
    """Addresses of inputs/ that something was made of.

    Attributes
    ----------
    at : frozenset of str
        Of nodes, groups and entries.
    above : frozenset of str
        The same, and every group above them.
    """

    at: frozenset[str]
    above: frozenset[str]

    @classmethod
    def of(cls, addresses: Iterable[str]) -> Asked:
        """Return addresses with those above them.

        Parameters
        ----------
        addresses : iterable of str
            Of nodes, groups and entries.
        """
        at = frozenset(addresses)
        above, found = at, set(at)
        while above:
            above = frozenset(address.rpartition(".")[0] for address in above) - found - {""}
            found |= above
        return cls(at, frozenset(found))


class Inputs:
    """The inputs/ of a project, with overrides laid over it.

    Parameters
    ----------
    folder : Path
        ``inputs/`` of a project.
    overrides : sequence of Override
        In their order; a plain number replaces `value` and keeps the rest of the quantity.
    """

    def __init__(self, folder: Path, overrides: Sequence[Override] = ()) -> None:
        self.folder = folder
        self.overrides = tuple(overrides)
        self._on_disk = InputsFolder(folder)
        self._trees: dict[KeyPath, Tree] = {}
        self._own_nodes: dict[str, BaseModel] = {}
        self._shared_nodes: dict[str, BaseModel] = {}  # what no override touches is the same with others
        self._own_tables: dict[str, Table] = {}
        self._shared_tables: dict[str, Table] = {}
        self._own_origins: dict[tuple[str, str], str] = {}
        self._shared_origins: dict[tuple[str, str], str] = {}
        paths = [split_address(override.address) for override in self.overrides]
        self._above_changes = {join_address(path[:length]) for path in paths for length in range(1, len(path) + 1)}
        self._in_changes = tuple(f"{override.address}." for override in self.overrides)
        self._changed = {override.address for override in self.overrides}
        self._says_about = any(ABOUT in path for path in paths)
        self._brought_from: tuple[Inputs, ...] = ()
        self.fixed_now: dict[str, str] = {}  # address -> why a number that was looked up is not uncertain any more
        self.worked_out: dict[Hashable, Any] = {}  # see `taken_over`: the same with other overrides
        self._asked: set[str] | None = None  # to which every address that is asked for is added

    def with_overrides(self, overrides: Sequence[Override]) -> Inputs:
        """Return inputs with these overrides in place of the present ones; what was read so far is shared.

        Parameters
        ----------
        overrides : sequence of Override
            In their order.
        """
        made = Inputs(self.folder, overrides)
        made._share_with(self)
        made._brought_from = self._brought_from
        return made

    def with_nodes_of(self, other: Inputs, addresses: Iterable[str]) -> Inputs:
        """Return inputs in which some nodes are those of another folder, or of the same one with other overrides.

        The files of tables may lie in the other folder; sources that only it knows are known too.

        Parameters
        ----------
        other : Inputs
            Whose nodes they are.
        addresses : iterable of str
            Of the nodes.
        """
        made = Inputs(self.folder, [*self.overrides, *(other.as_override(address) for address in addresses)])
        made._share_with(self)
        made._brought_from = (*self._brought_from, other)
        return made

    def _share_with(self, other: Inputs) -> None:
        """Share what is read of the folder with inputs that have other overrides."""
        self._on_disk, self._shared_nodes = other._on_disk, other._shared_nodes
        self._shared_tables, self._shared_origins = other._shared_tables, other._shared_origins
        self.worked_out = other.worked_out

    def noting(self, asked: set[str]) -> Inputs:
        """Return the same inputs, which note every address that they are asked for.

        Parameters
        ----------
        asked : set of str
            To which the addresses are added.
        """
        made = copy(self)
        made.__dict__["_asked"] = asked
        return made

    def note(self, addresses: Iterable[str]) -> None:
        """Note addresses as asked for, where that is noted.

        Parameters
        ----------
        addresses : iterable of str
            Of nodes, groups and entries.
        """
        if self._asked is not None:
            self._asked.update(addresses)

    def as_on_disk(self, asked: Asked) -> bool:
        """Say whether at some addresses stands what the folder has: nothing is laid over, and nothing brought.

        Parameters
        ----------
        asked : Asked
            The addresses.
        """
        if self._brought_from:
            return False
        return asked.at.isdisjoint(self._above_changes) and asked.above.isdisjoint(self._changed)

    def _touched(self, address: str) -> bool:
        """Say whether an override changes an address, what is above it or what is below it."""
        return address in self._above_changes or address.startswith(self._in_changes)

    def as_override(self, address: str) -> Override:
        """Return what stands at an address as an override that puts it there.

        Parameters
        ----------
        address : str
            Of a node.
        """
        return Override(address, self.raw(address), self.place(address))

    # ---------------------------------------------------------------- what stands where
    def exists(self, address: str) -> bool:
        """Say whether something stands at an address, before overrides.

        Parameters
        ----------
        address : str
            Of a node, a group or an entry.
        """
        path = split_address(address)
        found = self._on_disk.file_of(path)
        return found is not None and Tree.of(found[1]).holds(path[len(found[0]) :])

    def knows_file_of(self, address: str) -> bool:
        """Say whether an address starts like a file of inputs/, whether or not something stands there.

        Parameters
        ----------
        address : str
            Of a number, perhaps misspelt.
        """
        return self._on_disk.file_of(split_address(address)) is not None

    def raw(self, address: str) -> Any:
        """Return what stands at an address, overrides applied; KeyError where nothing does.

        Parameters
        ----------
        address : str
            Of a node, a group or an entry.
        """
        self.note((address,))
        found = self._standing(split_address(address))
        if found is None:
            raise KeyError(address)
        tree, path = found
        return tree.get(path)

    def down_to(self, address: str) -> list[Any]:
        """Return its file's content, the groups below it and what stands at an address; nothing where nothing does.

        Parameters
        ----------
        address : str
            Of a node, a group or an entry.
        """
        self.note((address,))
        found = self._standing(split_address(address))
        nodes: list[Any] = [] if found is None else [found[0].data]
        for key in () if found is None else found[1]:
            if not isinstance(nodes[-1], Mapping) or key not in nodes[-1]:
                return []
            nodes.append(nodes[-1][key])
        return nodes

    def origin(self, address: str, what: str) -> str:
        """Return what a number's own entry says, or else the `about` of the nearest group above it; empty: not stated.

        Parameters
        ----------
        address : str
            Of a number or a table.
        what : str
            The entry that is asked for, such as `trial`.
        """
        path = split_address(address)
        self.note((address, *(join_address((*path[:length], ABOUT)) for length in range(1, len(path)))))
        origins = self._own_origins if self._says_about or self._touched(address) else self._shared_origins
        if (address, what) not in origins:
            nodes = self.down_to(address)
            said = (*nodes[-1:], *(group.get(ABOUT) for group in reversed(nodes[:-1])))
            texts = (node.get(what) for node in said if isinstance(node, Mapping))
            origins[address, what] = next((" ".join(t.split()) for t in texts if isinstance(t, str) and t.strip()), "")
        return origins[address, what]

    def place(self, address: str) -> Place:
        """Return where an address is defined.

        Parameters
        ----------
        address : str
            Of a node, a group or an entry.
        """
        self.note((address,))
        return self._place(split_address(address))

    def sources(self) -> Mapping[str, Any]:
        """Return the bibliography, sources.yaml."""
        own = self._on_disk.sources.data
        for other in self._brought_from:
            own = {**other.sources(), **own}
        return own

    def abbreviations(self) -> Mapping[str, str]:
        """Return what abbreviations stand for, abbreviations.yaml; nothing without one.

        Raises
        ------
        InputError
            An entry that is no text.
        """
        file = self._on_disk.abbreviations
        own = {} if file is None else file.data
        wrong = [key for key, words in own.items() if not isinstance(words, str) or not words.strip()]
        if file is not None and wrong:
            raise InputError([file.place((key,)).problem("no text", "what it stands for, in words") for key in wrong])
        for other in self._brought_from:
            own = {**other.abbreviations(), **own}
        return own

    def holds(self, path: Path) -> bool:
        """Say whether a file lies in the folder, or in that of a node that was brought, links followed.

        Parameters
        ----------
        path : Path
            Of a file that inputs/ names.
        """
        inside = real(path).is_relative_to(self._on_disk.real_folder)
        return inside or any(other.holds(path) for other in self._brought_from)

    def _place(self, path: KeyPath) -> Place:
        found = self._standing(path)
        if found is None:
            return Place(shown(self.folder), address=join_address(path))
        tree, inside = found
        return replace(tree.place(inside), address=join_address(path))

    def _standing(self, path: KeyPath) -> tuple[Tree, KeyPath] | None:
        """Return the file of an address with its overrides, and the path in it; None where no file is named so."""
        found = self._on_disk.file_of(path)
        if found is None:
            return None
        prefix, file = found
        if prefix not in self._trees:
            tree = Tree.of(file)
            for override in self.overrides:
                changed = split_address(override.address)
                if changed[: len(prefix)] == prefix:
                    tree = _with_override(tree, changed[len(prefix) :], override)
            self._trees[prefix] = tree
        return self._trees[prefix], path[len(prefix) :]

    # ---------------------------------------------------------------- checked nodes
    def node(self, address: str) -> BaseModel:
        """Return the checked node at an address: Quantity, DataTable or CorrelationTable.

        Parameters
        ----------
        address : str
            Of a number or a table.

        Raises
        ------
        KeyError
            Nothing stands there, or a group.
        InputError
            What stands there is not valid.
        """
        self.note((address,))
        nodes = self._own_nodes if self._touched(address) else self._shared_nodes
        if address not in nodes:
            nodes[address] = self._validated(address)
        return nodes[address]

    def content(self, address: str, read: Callable[[], Table]) -> Table:
        """Return what the file of a table holds, as it was when it was first asked for.

        Parameters
        ----------
        address : str
            Of the table.
        read : callable
            Reads the file.
        """
        self.note((address,))
        tables = self._own_tables if self._touched(address) else self._shared_tables
        if address not in tables:
            tables[address] = read()
        return tables[address]

    def _validated(self, address: str) -> BaseModel:
        raw = self.raw(address)
        block = block_of(raw)
        if block is None:
            raise KeyError(address)
        if block is Quantity:
            raw = self._without_a_lost_uncertainty(address, raw)
        try:
            return block.model_validate(raw)
        except ValidationError as error:

            def place(location: KeyPath) -> Place:
                return self._place((*split_address(address), *location))

            raise InputError(problems_of(error, block, raw, place)) from None

    def _without_a_lost_uncertainty(self, address: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a number, fixed where the value that was set last is one that its uncertainty cannot have."""
        last = next((o for o in reversed(self.overrides) if _sets_value_or_uncertainty(o, address)), None)
        if last is None or last.secret or isinstance(last.value, Mapping) or last.address.startswith(f"{address}.unc"):
            return raw
        lost = lost_uncertainty(raw)
        if lost is None:
            return raw
        where = f"{last.place.file}:{last.place.line}" if last.place.line else last.place.file
        hint = lost.elsewhere(float(raw["value"]))
        self.fixed_now[address] = (
            f"{read(raw['value'])}, set by {where}, is a value that its "
            f"uncertainty {lost.name} cannot have: the number is "
            f"fixed now and is not drawn; to draw it, add --set '{address}.uncertainty={hint}'"
        )
        return {**raw, "uncertainty": {"fixed": f"its uncertainty {lost.name} cannot have this value, set by {where}"}}

    # ---------------------------------------------------------------- all of them
    def all_addresses(self) -> Iterator[tuple[str, Any]]:
        """Yield every node of every file: address, raw content. Reads everything."""
        for prefix in self._on_disk.files:
            self.note((join_address(prefix),))
            found = self._standing(prefix)
            if found is not None:
                yield from _nodes_below(found[0].data, prefix)

    def below(self, address: str) -> list[str]:
        """Return the addresses of the numbers and tables of a group, before overrides; none for a number.

        Parameters
        ----------
        address : str
            Of a group of a file, of a file, or of a folder.
        """
        path = split_address(address)
        found = self._on_disk.file_of(path)
        if found is not None:
            groups = [(path, _entry(Tree.of(found[1]), path[len(found[0]) :]))]
        else:
            inside = [prefix for prefix in self._on_disk.files if prefix[: len(path)] == path]
            groups = [(prefix, self._on_disk.file(prefix).data) for prefix in inside]
        nodes = (node for start, raw in groups if isinstance(raw, Mapping) for node, _ in _nodes_below(raw, start))
        return [node for node in nodes if node != address]

    def suggestion(self, address: str) -> str:
        """Return a did-you-mean for an address that does not exist.

        Parameters
        ----------
        address : str
            As it was misspelt.
        """
        numbers = [known for known, _ in self.all_addresses()]
        known = [*numbers, *sorted({number.rpartition(".")[0] for number in numbers})]
        hint = did_you_mean(address, known)
        if hint:
            return hint
        import difflib

        close = difflib.get_close_matches(str(split_address(address)[-1]), [n.rpartition(".")[2] for n in numbers], n=1)
        full = next((number for number in numbers if close and number.endswith(f".{close[0]}")), "")
        return f"an address is given in full, such as {full}" if full else ""


def _entry(tree: Tree, path: KeyPath) -> Any:
    """Return what stands at a path of a file; None where nothing does."""
    return tree.get(path) if tree.holds(path) else None


def block_of(raw: Any) -> type[BaseModel] | None:
    """Return the block that a node of inputs/ must satisfy; None for a group.

    Parameters
    ----------
    raw : object
        What stands at an address.
    """
    if not isinstance(raw, Mapping):
        return None
    for key, block in NODE_KINDS.items():
        if key in raw:
            return block
    # a quantity that lacks its value is a faulty quantity, not a group
    return Quantity if {"unit", "uncertainty", "status"} & set(raw) else None


def lost_uncertainty(raw: Mapping[str, Any]) -> Family | None:
    """Return the uncertainty that a number of this value cannot have; None where it can, or is at fault otherwise.

    Parameters
    ----------
    raw : mapping
        What stands at the number's address.
    """
    value = raw.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        given = Uncertainty.model_validate(raw.get("uncertainty")).given
    except ValidationError:
        return None
    return given if not given.group_field and given.why_not(float(value)) else None


def _sets_value_or_uncertainty(override: Override, address: str) -> bool:
    return override.touches(address) and (
        not override.address.startswith(f"{address}.")
        or override.address.removeprefix(f"{address}.").partition(".")[0] in ("value", "uncertainty")
    )


def _nodes_below(raw: Any, path: KeyPath) -> Iterator[tuple[str, Any]]:
    if not isinstance(raw, Mapping) or block_of(raw) is not None:
        yield join_address(path), raw
    else:
        for key, child in raw.items():
            if key not in NOT_NUMBERS:
                yield from _nodes_below(child, (*path, str(key)))


def _with_override(tree: Tree, path: KeyPath, override: Override) -> Tree:
    """Lay one override over a file: a plain value replaces `value` of a quantity."""
    standing = tree.get(path) if path else tree.data
    if isinstance(standing, Mapping) and "value" in standing and not isinstance(override.value, Mapping):
        path = (*path, "value")
    return tree.with_value(path, override.value, override.place, override.inner)
