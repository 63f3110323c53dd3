"""From addresses to checked numbers: quantities of the right dimension, tables, correlations; all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from netcea.errors import InputError, Problem, ProblemCollector, did_you_mean
from netcea.loading.csv_file import Table
from netcea.loading.hints import show
from netcea.loading.inputs import NOT_NUMBERS, Inputs
from netcea.loading.limits import limits_of
from netcea.loading.project import real
from netcea.loading.tables import check_rows
from netcea.loading.tree import Place, join_address, split_address
from netcea.quantities.addresses import Kind, Path
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable, DataTable
from netcea.quantities.units import UNITS

COLUMN_TYPES: Mapping[str, Mapping[str, type]] = {
    "life_table": {"age": int, "qx_male": float, "qx_female": float},
    "survival_table": {"time": float, "survival": float},
    "price_index": {"price_year": str, "index": float},
}
"""Kind of table -> the columns it must have; norms name their own column."""


@dataclass
class Numbers:
    """Looks numbers up for a scenario, remembers what was used, and gathers what is wrong.

    Attributes
    ----------
    inputs : Inputs
    price_year : str
        The scenario's; money of other years is uprated to it.
    price_year_place : Place
        Where the scenario says so.
    faults : ProblemCollector
    quantities : dict of address -> Quantity
        What was used, as published.
    factors : dict of address -> float
        Published unit and price year to model unit and price year.
    tables : dict of address -> (DataTable, Table)
    """

    inputs: Inputs
    price_year: str
    price_year_place: Place = field(default_factory=lambda: Place(""))
    faults: ProblemCollector = field(default_factory=ProblemCollector)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)
    tables: dict[str, tuple[DataTable, Table]] = field(default_factory=dict)
    others: dict[str, object] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)

    def quantity(self, address: str, kind: Kind, place: Place, used_by: str) -> Quantity | None:
        """Return a quantity of one of the kind's dimensions, or None after noting what is wrong."""
        node = self._node(address, kind, place, used_by)
        if node is None:
            return None
        if not isinstance(node, Quantity):
            self._wrong(address, kind, place, used_by, f"'{address}', a table")
            return None
        dimension = UNITS[node.unit].dimension
        if kind.dimensions and dimension not in kind.dimensions:
            self._wrong(address, kind, place, used_by, f"{address}, whose unit is '{node.unit}'")
            return None
        if address not in self.quantities:
            factor = UNITS[node.unit].to_model * self._uprating(address, node)
            self._check_sources(address, node)
            self.quantities[address] = node
            self.factors[address] = factor
        return node

    def check_limits(self, address: str, used_as: Path) -> None:
        """Note a number that is possible in its unit, but not at the place that names it."""
        limits, quantity = limits_of(used_as), self.quantities.get(address)
        if limits is None or quantity is None:
            return
        factor = UNITS[quantity.unit].to_model
        low, high = limits[0] / factor, limits[1] / factor
        where = f"{address}.value"
        if not low <= quantity.value <= high and where not in self._missing:
            self._missing.add(where)
            use = join_address(used_as)
            self.wrong(
                self.inputs.place(where),
                where,
                f"{quantity.value:g} {quantity.unit}, used as {use}",
                f"{low:.4g} to {high:.6g} {quantity.unit}",
            )

    def table(self, address: str, kind: Kind, place: Place, used_by: str) -> tuple[DataTable, Table] | None:
        """Return a table of inputs/ with its content, or None after noting what is wrong."""
        if address in self.tables:
            return self.tables[address]
        node = self._node(address, kind, place, used_by)
        if node is None:
            return None
        if not isinstance(node, DataTable) or node.kind != kind.table:
            is_a = f"a table of kind {node.kind}" if isinstance(node, DataTable) else "a number"
            what = f"'{address}', {is_a}"
            self._wrong(address, kind, place, used_by, what)
            return None
        if id(node) in self.inputs.sound:
            content = self.inputs.sound[id(node)][1]
        else:
            try:
                content = self._read(address, node)
            except InputError as error:
                self.faults.problems.extend(error.problems)
                return None
            faults = list(check_rows(node, content))
            if faults:
                self.faults.problems.extend(faults)
                return None
            self._check_sources(address, node)
            if not self.faults.problems:
                self.inputs.sound[id(node)] = (node, content)
        self.tables[address] = (node, content)
        return self.tables[address]

    def correlation(self, address: str, place: Place, used_by: str) -> CorrelationTable | None:
        """Return a table of correlations, or None after noting what is wrong."""
        node = self._node(address, Kind(), place, used_by)
        if isinstance(node, CorrelationTable):
            if address not in self.others:
                self._check_sources(address, node)
            self.others[address] = node.model_dump()
            return node
        if node is not None:
            self._wrong(address, Kind(), place, used_by, "something other than a table of correlations")
        return None

    def wrong(self, place: Place, address: str, found: str, expected: str = "", suggestion: str = "") -> None:
        """Note a fault."""
        self.faults.add(Problem(place.file, place.line, address, found, expected, suggestion))

    def _node(self, address: str, kind: Kind, place: Place, used_by: str) -> object | None:
        try:
            return self.inputs.node(address)
        except KeyError:
            if address not in self._missing:
                self._missing.add(address)
                standing = self.inputs.exists(split_address(address))
                if standing and not isinstance(self.inputs.raw(address), Mapping):
                    where = self.inputs.place(address)
                    self.wrong(
                        where, address, show(self.inputs.raw(address)), "{value, unit, uncertainty, source, status}"
                    )
                else:
                    what = "a group of numbers" if standing else "which inputs/ does not have"
                    self.wrong(
                        place, used_by, f"'{address}', {what}", str(kind), self._hint(address, standing=standing)
                    )
        except InputError as error:
            self.faults.problems.extend(p for p in error.problems if p not in self.faults.problems)
        return None

    def _hint(self, address: str, *, standing: bool) -> str:
        if standing:
            return f"it holds {', '.join(key for key in self.inputs.raw(address) if key not in NOT_NUMBERS)}"
        try:
            return self.inputs.suggestion(address)
        except InputError as error:
            self.faults.problems.extend(p for p in error.problems if p not in self.faults.problems)
            return ""

    def _wrong(self, address: str, kind: Kind, place: Place, used_by: str, found: str) -> None:
        where = self.inputs.place(address)
        self.wrong(place, used_by, found, str(kind), f"defined at {where.file}:{where.line}")

    def _uprating(self, address: str, quantity: Quantity) -> float:
        """Return the factor from the quantity's price year to the scenario's; 1 for what is never uprated."""
        if not quantity.index or quantity.price_year == self.price_year:
            return 1.0
        found = self.table(
            f"costs.price_index.{quantity.index}", Kind(table="price_index"), self.inputs.place(address), address
        )
        if found is None:
            return 1.0
        table = found[1]
        index = dict(zip(table["price_year"], table["index"], strict=True))
        years = (
            (quantity.price_year, self.inputs.place(f"{address}.price_year"), f"{address}.price_year"),
            (self.price_year, self.price_year_place, "settings.price_year"),
        )
        for year, place, where in years:
            if year not in index:
                key = f"{where} {quantity.index}"
                if key not in self._missing:
                    self._missing.add(key)
                    self.wrong(
                        place,
                        where,
                        f"price year {year}, which the price index {quantity.index} does not have",
                        f"one of {', '.join(index)}",
                        f"or add it to inputs/costs/{quantity.index}.csv",
                    )
                return 1.0
        return float(index[self.price_year]) / float(index[quantity.price_year])

    def _check_sources(self, address: str, node: Quantity | DataTable | CorrelationTable) -> None:
        """Note sources that sources.yaml does not have: no number goes in without one."""
        try:
            known = self.inputs.sources()
        except InputError as error:
            self.faults.problems.extend(p for p in error.problems if p not in self.faults.problems)
            return
        for key in node.source:
            if key not in known:
                self.wrong(
                    self.inputs.place(f"{address}.source"),
                    f"{address}.source",
                    repr(key),
                    "a key of inputs/sources.yaml",
                    did_you_mean(key, list(known)),
                )

    def _read(self, address: str, node: DataTable) -> Table:
        place = self.inputs.place(f"{address}.file")
        folder = (place.path or self.inputs.folder / "x").parent
        path = folder / node.file
        inside = real(path).is_relative_to(real(self.inputs.folder))
        if not inside or FilePath(node.file).name != node.file:
            raise InputError(
                Problem(
                    place.file,
                    place.line,
                    f"{address}.file",
                    repr(node.file),
                    "a file name in the same folder of inputs/",
                )
            )
        columns: dict[str, type] = dict(COLUMN_TYPES.get(node.kind, {}))
        if node.kind == "utility_norms":
            columns = {"age": int, "sex": str, **{name: float for name in node.columns if name not in ("age", "sex")}}
        elif node.kind == "patient_times":
            columns = {"time": float, "event": int, "arm": str}
        return self.inputs.csv(path, columns)
