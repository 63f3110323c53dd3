"""Where each number of the page comes from, in words: for a cell of a table, and for a bar of the tornado."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from netcea.blocks import Block
from netcea.costs.adverse_events import TimedEvent
from netcea.quantities.addresses import addresses_in
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import plain
from netcea.scenario.price_layers import CONFIDENTIAL

if TYPE_CHECKING:
    from netcea.reporting.table import Column, Table
    from netcea.scenario.scenario import Scenario

MOST: Final = 8
"""Numbers of inputs/ that one text names."""
ADDRESS: Final = re.compile(r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+$")
SCHEME: Final = re.compile(r"\b[a-z][a-z0-9+.-]*://", re.IGNORECASE)
"""How an address of the network begins: the page names where a source is, and leads nowhere."""
FORMULAS: Final[tuple[tuple[str, str], ...]] = (
    ("incremental_costs", "Total costs less those of the strategy that it is compared with"),
    ("incremental_qalys", "QALYs less those of the strategy that it is compared with, unweighted"),
    ("incremental_life_years", "Life years less those of the strategy that it is compared with"),
    ("weighted_incremental_qalys", "Incremental QALYs times the severity weight"),
    ("weighted_incremental_nhb", "Severity weight x incremental QALYs - incremental costs / threshold"),
    ("weighted_incremental_nmb", "Threshold x severity weight x incremental QALYs - incremental costs"),
    ("weighted_nhb", "Severity weight x incremental QALYs - incremental costs / threshold"),
    ("weighted_icer", "Incremental costs / (severity weight x incremental QALYs)"),
    ("incremental_nhb", "Incremental QALYs - incremental costs / threshold"),
    ("incremental_nmb", "Threshold x incremental QALYs - incremental costs"),
    ("nhb", "Incremental QALYs - incremental costs / threshold"),
    ("icer", "Incremental costs / incremental QALYs; never negative: dominance is named"),
    ("severity_weight", "By the absolute and proportional shortfall of established practice; table severity"),
    ("costs", "Sum of every cost item; table costs_by_item"),
    ("qalys", "Sum over health states, less adverse events; table qalys_by_state"),
    ("life_years", "Sum over health states; table life_years_by_state"),
    ("threshold", "Of the method pack of the scenario"),
)
"""Beginning of a column's name -> how its number is made."""


class Sources:
    """Texts on where numbers come from, each kept once.

    Attributes
    ----------
    texts : list of str
        In the order in which they were first asked for.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.texts: list[str] = []
        self._at: dict[str, int] = {}
        self._items: Mapping[str, tuple[str, ...]] = {
            plain(cost.label): tuple(
                dict.fromkeys(use.address for use in addresses_in(block) if use.address in scenario.quantities)
            )
            for cost in scenario.file.all_costs().values()
            if isinstance(block := cost.event if isinstance(cost, TimedEvent) else cost, Block)
        }

    def number(self, text: str) -> int:
        """Return the number of a text among all.

        Parameters
        ----------
        text : str
            Any.
        """
        clean = without_schemes(text)
        if clean not in self._at:
            self._at[clean] = len(self.texts)
            self.texts.append(clean)
        return self._at[clean]

    def of_row(self, table: Table, row: tuple[object, ...]) -> str:
        """Return where the numbers of a row come from, where the row names an address or a cost item; else nothing.

        Parameters
        ----------
        table : Table
            The table.
        row : tuple of cells
            One of its rows.
        """
        found = dict(zip([column.name for column in table.columns], row, strict=True))
        given = str(found.get("address") or found.get("addresses") or "")
        addresses = [a for a in given.split("; ") if ADDRESS.match(a) and a in self.scenario.quantities]
        if not addresses and "item" in found:
            addresses = list(self._items.get(str(found["item"]), ()))
        return self.of_addresses(addresses)

    def of_number(self, address: str) -> str:
        """Return what a number is, or all numbers of a block that is moved as a whole, with their sources.

        Parameters
        ----------
        address : str
            Of the number, or what the addresses of a block begin with.
        """
        known = self.scenario.quantities
        return self.of_addresses([address] if address in known else [a for a in known if a.startswith(f"{address}.")])

    def of_addresses(self, addresses: list[str]) -> str:
        """Return what some numbers of inputs/ are, with the sources that they name.

        Parameters
        ----------
        addresses : list of str
            Of numbers that the scenario uses.
        """
        lines = list(self._lines(addresses[:MOST]))
        if len(addresses) > MOST:
            lines.append(f"and {len(addresses) - MOST} more: table inputs")
        return "\n".join(lines)

    def _lines(self, addresses: list[str]) -> Iterator[str]:
        scenario = self.scenario
        for address in addresses:
            quantity = scenario.quantities[address]
            hidden = address in scenario.prices.secret
            value = CONFIDENTIAL if hidden else amount(quantity.value, quantity.unit, 4)
            cited = "; ".join(scenario.bibliography.get(key, key) for key in quantity.source)
            yield f"{quantity.label or address}: {value} ({quantity.status}). {cited} [{address}]"

    def of_column(self, table: Table, column: Column, where: str) -> str:
        """Return how the numbers of a column are made, and in which file of the run they stand.

        Parameters
        ----------
        table : Table
            The table.
        column : Column
            One of its columns.
        where : str
            The analysis.
        """
        rule = next((words for name, words in FORMULAS if column.name.startswith(name)), "")
        file = f"{where}: table {table.name}, column {column.name}; run {self.scenario.digest[:12]}"
        return f"{rule}. {file}" if rule else f"Worked out by the model from the inputs below. {file}"


def without_schemes(text: str) -> str:
    """Return text in which nothing is the address of a place that a program could fetch.

    >>> without_schemes("NICE, https://www.nice.org.uk/guidance/ta449")
    'NICE, www.nice.org.uk/guidance/ta449'
    """
    return SCHEME.sub("", text)
