"""From addresses to checked numbers: quantities of the right dimension, tables, correlations; all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from netcea.blocks import beyond_defaults
from netcea.errors import InputError, ModelWarning, Place, ProblemCollector, addresses_below, did_you_mean
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.unknown_addresses import leaves
from netcea.loading.messages.hints import show
from netcea.loading.reading.csv_file import Table
from netcea.loading.resolving.tables import content_of
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import KeyPath
from netcea.quantities.limits import Limits, limits_at, limits_of_unit
from netcea.quantities.price_index import PriceIndex, address_of
from netcea.quantities.quantity import Quantity, faults_of_group
from netcea.quantities.tables import CorrelationTable, DataTable
from netcea.quantities.units import UNITS
from netcea.uncertainty.family import Family

Where: TypeAlias = Callable[[], Place]
"""Returns where an entry stands."""


def _in_group(raw: object, of: Family) -> bool:
    """Say whether an entry of inputs/ names the group of a family in its uncertainty."""
    uncertainty = raw.get("uncertainty") if isinstance(raw, Mapping) else None
    own = uncertainty.get(of.name) if isinstance(uncertainty, Mapping) else None
    return isinstance(own, Mapping) and str(own.get(of.group_field)) == of.group_name


@dataclass
class Numbers:
    """Looks numbers up for a scenario, remembers what was used, and gathers what is wrong.

    A place handed in is that of the entry that names the number; its address says what uses it. Most are never told, so
    lookups take what returns it.

    Attributes
    ----------
    inputs : Inputs
    price_year : str
        The scenario's; money of other years is uprated to it.
    place : callable
        Address in the scenario -> where it stands.
    faults : ProblemCollector
    quantities : dict of address -> Quantity
        What was used, as published.
    factors : dict of address -> float
        Published unit and price year to model unit and price year.
    tables : dict of address -> (DataTable, Table)
    correlations : dict of address -> content
        Tables of correlations, as JSON has them.
    fitted : dict of address -> content
        What fits to patients say of themselves, as JSON has it.
    limits : dict of address -> tuple of Limits
        What each number may be: first by its unit, then at the places that use it.
    warnings : list of ModelWarning
        What the reader of a result must know.
    grouped : list of str
        Addresses of the quantities that are drawn in groups.
    """

    inputs: Inputs
    price_year: str
    place: Callable[[str], Place]
    faults: ProblemCollector = field(default_factory=ProblemCollector)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)
    tables: dict[str, tuple[DataTable, Table]] = field(default_factory=dict)
    correlations: dict[str, object] = field(default_factory=dict)
    fitted: dict[str, object] = field(default_factory=dict)
    limits: dict[str, tuple[Limits, ...]] = field(default_factory=dict)
    warnings: list[ModelWarning] = field(default_factory=list)
    grouped: list[str] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    def quantity(self, address: str, kind: Kind, place: Where) -> Quantity | None:
        """Return a quantity of one of the kind's dimensions, or None after noting what is wrong.

        Parameters
        ----------
        address : str
            Of the quantity.
        kind : Kind
            What it must be.
        place : callable
            Returns where it is named; asked where something is wrong.
        """
        node = self.quantities.get(address) or self._node(address, kind, place)
        if node is None:
            return None
        if not isinstance(node, Quantity):
            self._another_kind(address, kind, place, f"'{address}', a table")
            return None
        unit = UNITS[node.unit]
        if kind.dimensions and unit.dimension not in kind.dimensions:
            self._another_kind(address, kind, place, f"{address}, whose unit is '{node.unit}'")
            return None
        if address not in self.quantities:
            self.factors[address] = unit.to_model * (self._uprating(address, node) if node.index else 1.0)
            self._check_sources(address, node)
            self.quantities[address] = node
            self.limits[address] = (limits_of_unit(node.unit),)
            if node.uncertainty.given.group_field:
                self.grouped.append(address)
        return node

    def take_over(self, part: Numbers) -> None:
        """Add what was looked up by itself, as if it had been looked up here.

        Parameters
        ----------
        part : Numbers
            Of the same price year; without faults.
        """
        self.grouped += [address for address in part.grouped if address not in self.quantities]
        self.quantities.update(part.quantities)
        self.factors.update(part.factors)
        for address, limits in part.limits.items():
            known = self.limits.get(address, ())
            self.limits[address] = (*known, *(one for one in limits if one not in known)) if known else limits
        self.tables.update(part.tables)
        self.correlations.update(part.correlations)
        self.fitted.update(part.fitted)
        self.warnings += part.warnings

    def add(self, address: str, quantity: Quantity) -> None:
        """Keep a number that follows from choices and from what fits say of themselves: inputs/ does not have it.

        Parameters
        ----------
        address : str
            Where the scenario has, or could have, it.
        quantity : Quantity
            In a unit without a factor.
        """
        self.quantities[address] = quantity
        self.factors[address] = UNITS[quantity.unit].to_model
        self.limits[address] = (limits_of_unit(quantity.unit),)

    def model_value(self, address: str) -> float:
        """Return a quantity that was looked up, in the model's units.

        Parameters
        ----------
        address : str
            Of a quantity that was looked up.
        """
        return self.quantities[address].value * self.factors[address]

    def check_limits(self, address: str, used_as: KeyPath, family: str = "") -> None:
        """Keep the limits of the place that names a number; note a number that is possible in its unit, but not there.

        Parameters
        ----------
        address : str
            Of a quantity that was looked up.
        used_as : KeyPath
            Key path of the place that names it.
        family : str
            Of the curve whose shape parameter it is; empty elsewhere.
        """
        quantity = self.quantities.get(address)
        limits = limits_at(used_as, quantity.unit, family) if quantity is not None else None
        if limits is not None:
            self.limit(address, limits)

    def limit(self, address: str, limits: Limits) -> None:
        """Keep limits of a number that was looked up; note the number where it breaks them.

        Parameters
        ----------
        address : str
            Of the quantity.
        limits : Limits
            In its own unit.
        """
        if limits not in self.limits[address]:
            self.limits[address] = (*self.limits[address], limits)
        where, value = f"{address}.value", self.quantities[address].value
        if not limits.allows(value) and self._first(where):
            self.faults.add(limits.problem(value, self.inputs.place(where)))

    def table(self, address: str, kind: Kind, place: Where) -> tuple[DataTable, Table] | None:
        """Return a table of inputs/ with its content, or None after noting what is wrong.

        Parameters
        ----------
        address : str
            Of the table.
        kind : Kind
            What it must be.
        place : callable
            Returns where it is named; asked where something is wrong.
        """
        if address in self.tables:
            return self.tables[address]
        node = self._node(address, kind, place)
        if node is None:
            return None
        if not isinstance(node, DataTable) or node.kind != kind.table:
            is_a = f"a table of kind {node.kind}" if isinstance(node, DataTable) else "a number"
            self._another_kind(address, kind, place, f"'{address}', {is_a}")
            return None
        try:
            self.tables[address] = (node, content_of(self.inputs, address, node))
        except InputError as error:
            self.faults.extend(error.problems)
            return None
        self._check_sources(address, node)
        return self.tables[address]

    def correlation(self, address: str, place: Where) -> CorrelationTable | None:
        """Return a table of correlations, or None after noting what is wrong.

        Parameters
        ----------
        address : str
            Of the table.
        place : callable
            Returns where it is named; asked where something is wrong.
        """
        node = self._node(address, Kind(), place)
        if isinstance(node, CorrelationTable):
            if address not in self.correlations:
                self._check_sources(address, node)
            self.correlations[address] = beyond_defaults(node)
            return node
        if node is not None:
            self._another_kind(address, Kind(), place, "something other than a table of correlations")
        return None

    def complete_groups(self) -> None:
        """Look up every member of a group that is drawn together, used or not, and note groups that are not whole."""
        groups: dict[tuple[str, str, str], Family] = {}
        for address in self.grouped:
            family = self.quantities[address].uncertainty.given
            groups.setdefault((address.rpartition(".")[0], family.name, family.group_name), family)
        for (above, *_), family in groups.items():
            members = [f"{above}.{key}" for key, raw in self.inputs.raw(above).items() if _in_group(raw, family)]
            found = {
                a: self.quantities.get(a) or self.quantity(a, Kind(), partial(self.inputs.place, a)) for a in members
            }
            whole = {a: q for a, q in found.items() if q is not None}
            if len(whole) == len(found):
                for address, fault in faults_of_group(whole):
                    where = self.inputs.place(f"{address}.{fault.address}")
                    self.wrong(where, fault.found, fault.expected, fault.suggestion)

    def wrong(self, place: Place, found: str, expected: str = "", suggestion: str = "") -> None:
        """Note a fault.

        Parameters
        ----------
        place : Place
            Where.
        found : str
            What stands there.
        expected : str
            What should.
        suggestion : str
            What to do.
        """
        self.faults.add(place.problem(found, expected, suggestion))

    def _first(self, what: str) -> bool:
        """Say whether something is told for the first time."""
        first = what not in self._told
        self._told.add(what)
        return first

    def _node(self, address: str, kind: Kind, place: Where) -> object | None:
        try:
            return self.inputs.node(address)
        except KeyError:
            if self._first(address):
                self._no_node(address, kind, place)
        except InputError as error:
            self.faults.extend(error.problems)
        return None

    def _no_node(self, address: str, kind: Kind, place: Where) -> None:
        """Note an address at which inputs/ has nothing, a group, or a bare value."""
        if not self.inputs.exists(address):
            try:
                hint = self.inputs.suggestion(address)
            except InputError as error:  # a file of inputs/ that cannot be read
                self.faults.extend(error.problems)
                hint = ""
            self.wrong(place(), f"'{address}', which inputs/ does not have", str(kind), hint)
            return
        try:
            raw = self.inputs.raw(address)
        except KeyError:
            above = next(o for o in reversed(self.inputs.overrides) if address.startswith(f"{o.address}."))
            found = f"no '{address}', because `set` replaces '{above.address}' as a whole"
            entry = next((address for address, _ in leaves(above)), f"{above.address}.NUMBER")
            hint = f"to change one number, set {entry}"
            self.faults.add(above.problem(found, str(kind), hint))
            return
        if isinstance(raw, Mapping):
            hint = addresses_below(self.inputs.below(address))
            self.wrong(place(), f"'{address}', a group of numbers", str(kind), hint)
        else:
            self.wrong(self.inputs.place(address), show(raw), "{value, unit, uncertainty, source, status}")

    def _another_kind(self, address: str, kind: Kind, place: Where, found: str) -> None:
        where = self.inputs.place(address)
        self.wrong(place(), found, str(kind), f"defined at {where.file}:{where.line}")

    def _uprating(self, address: str, quantity: Quantity) -> float:
        """Return the factor from the quantity's price year to the scenario's; 1 for what is never uprated."""
        if not quantity.index or quantity.price_year == self.price_year:
            return 1.0
        table = address_of(quantity.index)
        found = self.tables.get(table) or self.table(
            table, Kind(table="price_index"), lambda: self.inputs.place(address)
        )
        if found is None:
            return 1.0
        index = dict(zip(found[1]["price_year"], found[1]["index"], strict=True))
        for year in (quantity.price_year, self.price_year):
            if year not in index:
                own = year == quantity.price_year
                place = self.inputs.place(f"{address}.price_year") if own else self.place("settings.price_year")
                if self._first(f"{place.address} {quantity.index}"):
                    nothing = f"price year {year}, which the price index {quantity.index} does not have"
                    hint = f"or add it to inputs/costs/{quantity.index}.csv"
                    self.wrong(place, nothing, f"one of {', '.join(index)}", hint)
                return 1.0
        return PriceIndex(table, index).factor(quantity.price_year, self.price_year)

    def _check_sources(self, address: str, node: Quantity | DataTable | CorrelationTable) -> None:
        """Note sources that sources.yaml does not have: no number goes in without one."""
        try:
            known = self.inputs.sources()
        except InputError as error:
            self.faults.extend(error.problems)
            return
        for key in node.source:
            if key not in known:
                place = self.inputs.place(f"{address}.source")
                self.wrong(place, repr(key), "a key of inputs/sources.yaml", did_you_mean(key, list(known)))
