"""What of a report could depend on a confidential price, decided by what its columns and entries are; never by values.

Prices enter a model through costs alone, and costs, net benefit and their means are straight lines in each price.

1. What has no cost in it (life years, QALYs, severity, fits) is shown.
2. Costs and net benefit themselves are left to the comparison of public prices with drugs for free: a line that is the
   same at both ends is the same between them, so their own equality is their structure.
3. Everything else that is made of costs is hidden, whatever its value: order, dominance, ICERs and what they are
   called, the optimal strategy, probabilities, values of information, thresholds that are solved for.

Only names in `SHOWN` belong to 1 or 2. A column or an entry that is not named here is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from netcea.reporting.table import Cell, Column, Table
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.scenario.scenario import Scenario

WITHOUT_COSTS: Final = frozenset(
    """
    format analysis digest marking name confidential sha256 draws external only_fitted patients people study
    technologies strategy strategies scenario label source rationale versus what weighted items pack
    threshold thresholds qalys life_years severity_weight severity_weight_at_means weight share
    established_practice qalys_general_population qalys_current_care absolute_shortfall proportional_shortfall
    weight_absolute weight_proportional next_boundary distance_absolute distance_proportional
    qalys_for_higher_weight qalys_for_lower_weight median_pfs median_os alive_at_horizon
    discounting category state item unit measure endpoint figure published low high modelled verdict status address
    fit family parameters miss_in_standard_errors used meets_rounding note limit cycles share_of_cycles first_year
    assumption bias why direction tags fault value distribution price_year price_type factor citation code message
    quantity bounds reason uncertain share_of_losses by_mean_qalys addresses share_of_draws mean_cycles
    sampled_mean sd sampled_sd z z_mean agrees searched_from searched_to severity costs_and_qalys drug kind basis notes
    order x y values is_group moves trial step step_number by case_of sets starts_with change_in_qalys
    crossings floors fits comparisons limits moments warnings ledger beside tests figures pairwise incremental
    ages mean_age age qalys_over_ages weight_over_ages probability_of_weight probabilities is_base weights
    moved cut_off flips_at standing weight_below weight_above choices flips by_age
    weighted_pairwise weighted_incremental net_health_benefit costs_by_item undiscounted_costs_by_item intervals
    comparator in_the_model expert_judgements resolves informs design timing collected_by proposed
    role experts when how blinded interests about question answer agrees follow_up at_years
    subgroup everybody subgroups prespecified evidence same_as_all gap numbers_by_status
    year eligible uptake starting starting_without starting_with technology test_threshold counted elsewhere
    world years categories per_patient
    rule element
    contributions quantities not_moved prices steps solutions without bases studies evppi estimates
    """.split()  # noqa: SIM905 - a list of words, to be read as one
)
"""Names of columns and entries that no cost goes into, and of lists whose length does not depend on one."""
LINES_IN_PRICES: Final = frozenset(
    """
    costs nmb nhb increment discounted undiscounted
    costs_without costs_with net_budget_impact drugs_without drugs_with net_drug_budget
    """.split()  # noqa: SIM905 - a list of words, to be read as one
)
"""Names of what is a straight line in each price."""
SHOWN: Final = WITHOUT_COSTS | LINES_IN_PRICES
WHOLE: Final = frozenset(
    """
    scenario options versions settings severity fits comparisons limits moments severity_probabilities drug
    qalys_by_state life_years_by_state undiscounted_qalys_by_state undiscounted_life_years_by_state tags addresses
    """.split()  # noqa: SIM905 - a list of words, to be read as one
)
"""Entries of a record below which there is no cost."""
_TOTALS: Final = frozenset({"technologies", "strategy", "costs", "qalys", "life_years", "severity_weight"})
_ASKED: Final = frozenset(
    {"quantity", "address", "unit", "value", "searched_from", "searched_to", "threshold", "severity", "weighted"}
)
_SOLVED: Final = frozenset({"drug", "costs_and_qalys", "threshold", "severity", "severity_weight", "weighted"})
ONLY: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("base_case", "weighted", "incremental", "weighted_incremental", "incremental_of_means"), _TOTALS),
    **dict.fromkeys(("threshold_values", "threshold_values_screen"), _ASKED),
    **dict.fromkeys(("price", "price_screen", "price_without", "severity_price", "solutions"), _SOLVED | {"left_out"}),
    "without": frozenset({"kind", "items", "label"}),
    "evpi": frozenset({"basis", "people"}),
    "evppi": frozenset({"name", "label", "kind", "addresses", "is_group", "estimates"}),
    "estimates": frozenset(),
    "studies": frozenset({"name", "study", "label", "basis", "patients", "notes"}),
    "ledger": frozenset(
        """
        assumption bias why scenario direction severity_weight weight fault address source
        """.split()  # noqa: SIM905 - a list of words, to be read as one
    ),
    "tests": frozenset({"name", "source", "direction", "severity_weight", "fault"}),
    "managed_access_value": frozenset({"label", "study", "basis", "patients", "timing", "collected_by", "note"}),
}
"""Table or list -> the names that are shown in it, where rows are chosen, or compared with others, by their costs,
or values (of information) are made of them."""
SHARES: Final = frozenset({"absolute_increment", "share_of_absolute_increment"})
"""Shown of QALYs and life years, not of costs."""
ROWS_BY_RANK: Final = frozenset({"studies_best", "evppi_largest", "price_without_screen"})
"""Tables whose rows are chosen by value: left out."""
FIGURES: Final = frozenset({"pfs", "os", "time_on_treatment", "hazards", "occupancy", "severity"})
"""Figures that no cost goes into."""
PAIRS: Final = frozenset({"pairwise", "weighted_pairwise"})
"""Tables and lists that compare two strategies, and no others."""
OF_A_PAIR: Final = frozenset({"icer", "weighted_icer", "label"})
MONEY: Final = re.compile(
    r"£|GBP|cost|ICER|NHB|NMB|net (health|monetary)|cheap|dear|sav(e|ing)|pric|discount|free|optimal|decision|EV[PS]"
    r"|sensitive|probabilit|benefit|chang(e|es) nothing",
    re.IGNORECASE,
)
"""What sentences that could depend on a price are about."""
_BEFORE: Final = re.compile(r"^(low_|high_|weighted_|undiscounted_|incremental_|deterministic_|mean_)+")
_AFTER: Final = re.compile(r"(_at)?_\d[\d.e+]*$")


@dataclass(frozen=True)
class Redaction:
    """What is hidden of one scenario's report.

    Attributes
    ----------
    strategies : frozenset of str
        All, by their names.
    priced : frozenset of str
        Names and labels of strategies that bear a confidential price.
    stated : frozenset of str
        Tables, figures and entries at prices that they state themselves, whatever the confidential ones are.
    """

    strategies: frozenset[str]
    priced: frozenset[str]
    stated: frozenset[str] = frozenset()

    @classmethod
    def of(cls, scenario: Scenario, stated: Collection[str] = ()) -> Redaction:
        """Return what is hidden of reports of a scenario.

        Parameters
        ----------
        scenario : Scenario
            With confidential prices.
        stated : collection of str
            Tables, figures and entries that state their prices themselves.
        """
        priced = priced_strategies(scenario)
        names = priced | {scenario.label(name) for name in priced}
        return cls(frozenset(scenario.strategies), frozenset(names), frozenset(stated))

    # -------------------------------------------------------------------------------------------------- tables
    def table(self, table: Table) -> Table:
        """Return a table without what could depend on a price.

        Parameters
        ----------
        table : Table
            As the analysis made it.
        """
        if table.name in WHOLE or table.name in self.stated:
            return table
        rows = tuple(
            tuple(
                cell if self._keeps(table, column, row) else CONFIDENTIAL
                for cell, column in zip(row, table.columns, strict=True)
            )
            for row in table.rows
        )
        return replace(table, rows=rows, note="" if MONEY.search(table.note) else table.note)

    def _keeps(self, table: Table, column: Column, row: tuple[Cell, ...]) -> bool:
        """Say whether a cell of a row is shown."""
        found = dict(zip([c.name for c in table.columns], row, strict=True))
        name = _bare(column.name)
        if column.name == "measure" or table.name == "outcomes":
            return True
        if "measure" in found:
            return not MONEY.search(str(found["measure"]))
        if table.name in PAIRS and name in OF_A_PAIR:
            return self._apart(found.get("technologies"), found.get("versus"))
        if name in SHARES:
            return not table.name.startswith("costs_by_")
        return _shown(column.name, table.name) or column.name in self.strategies

    def _apart(self, one: object, other: object) -> bool:
        """Say whether neither of two strategies bears a confidential price."""
        return bool(one and other) and not {str(one), str(other)} & self.priced

    # -------------------------------------------------------------------------------------------------- records
    def record(self, value: Any, key: str = "") -> Any:
        """Return what results.json holds without what could depend on a price.

        Parameters
        ----------
        value : JSON
            A record, or a part of one.
        key : str
            The entry that holds it.
        """
        if key in WHOLE or key in self.stated:
            return value
        if isinstance(value, dict):
            return {name: self._entry(value, name, key) for name in value}
        if isinstance(value, list) and (any(isinstance(item, dict) for item in value) or (not value and key in SHOWN)):
            return [self.record(item, key) for item in value]
        return value if _bare(key) in SHOWN else CONFIDENTIAL

    def _entry(self, group: dict[str, Any], name: str, key: str) -> Any:
        """Return one entry of a group that stands below `key`."""
        value = group[name]
        if isinstance(value, dict | list):  # other scenarios may have other cost items
            there = replace(self, priced=self.strategies) if name in ("beside", "ledger") else self
            return there.record(value, name)
        return value if self._keeps_entry(group, name, key) else CONFIDENTIAL

    def _keeps_entry(self, group: dict[str, Any], name: str, key: str) -> bool:
        """Say whether a number or a text of a group is shown."""
        if "measure" in group:
            return name in ("measure", "strategy") or not MONEY.search(_words(group["measure"]))
        if key in PAIRS and name in OF_A_PAIR:
            return self._apart(group.get("strategy"), group.get("versus"))
        if name == "value" and "standard_error" in group:  # a value of information: 0 at two prices is not 0 between
            return False
        if name == "message":
            return not MONEY.search(str(group[name]))
        if name == "label" and "icer" in group:  # what an ICER is called
            return False
        return _shown(name, key)

    def lines(self, lines: Collection[str]) -> Iterator[str]:
        """Yield the sentences that speak of nothing that could depend on a price.

        Parameters
        ----------
        lines : collection of str
            Of a report.
        """
        return (line for line in lines if "lines" in self.stated or not MONEY.search(line))

    def keeps_figure(self, name: str) -> bool:
        """Say whether a figure is drawn.

        Parameters
        ----------
        name : str
            Of the figure.
        """
        return name in FIGURES or name in self.stated


def _bare(name: str) -> str:
    """Return a name without which end, weight or threshold it is for.

    >>> _bare("low_weighted_nhb_25000"), _bare("nhb_at_25000"), _bare("weighted"), _bare("incremental_qalys")
    ('nhb', 'nhb', 'weighted', 'qalys')
    """
    if name in SHOWN:
        return name
    return _BEFORE.sub("", _AFTER.sub("", name))


def _shown(name: str, where: str) -> bool:
    """Say whether a name is shown in a table or list."""
    return name in ONLY[where] if where in ONLY else _bare(name) in SHOWN


def _words(name: object) -> str:
    return str(name).replace("_", " ").replace("nhb", "NHB")


def priced_strategies(scenario: Scenario) -> frozenset[str]:
    """Return the strategies whose cost items name a confidential price; all where it stands elsewhere.

    Parameters
    ----------
    scenario : Scenario
        With price layers.
    """
    secret = set(scenario.prices.secret)
    items = [(item, secret & set(_texts(item.model_dump()))) for item in scenario.file.costs.values()]
    if secret - set().union(*(named for _, named in items)):
        return frozenset(scenario.strategies)
    return frozenset(s for s in scenario.strategies if any(named and item.applies_to(s) for item, named in items))


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a block."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
