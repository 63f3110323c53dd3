"""What answers may rest on: the scenario, and the reports of what was run. Nothing else is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from netcea.checking.findings import ReferenceCaseRow
from netcea.costs.cost_item import Cost
from netcea.quantities.quantity import Quantity
from netcea.reporting.table import Cell, Table
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.scenario.scenario import Assumption, Scenario, ScenarioFile
from netcea.submission.checklists.answer import Found, Place, missing
from netcea.submission.submission import Submission
from netcea.verification.verdict import Outcome

COMMANDS: Final = {
    "base_case": "netcea run",
    "one_way": "netcea one-way",
    "verify": "netcea verify",
    "reference_case": "netcea check --reference-case",
}
"""Report -> the command that makes it, where that is not `netcea` and its name."""
WHAT: Final = {
    "base_case": "base case",
    "psa": "probabilistic analysis",
    "one_way": "one-way analysis",
    "severity": "severity analysis",
    "structure": "structural cross-check",
    "voi": "value of information",
    "verify": "verification",
    "reference_case": "check against the reference case",
}
"""Report -> what it is called."""
IN_DOCUMENT: Final = {"ledger": "assumptions"}
"""Table of a report -> the key of the document's own that has it, where that is another."""
OF_PRICES: Final = ("verify", "one_way", "voi")
"""Reports whose rows are chosen or ordered by results: what could depend on a confidential price even by its place."""
TABLES: Final[Mapping[Outcome, str]] = {
    "fail": "failed",
    "explained": "explained",
    "pass": "passed",
    "not applicable": "not_applicable",
}
"""Outcome of a test -> the table of the verification that has it; the worst first."""


def section(number: str) -> Place:
    """Return a section of Document B as a place.

    Parameters
    ----------
    number : str
        Such as 'B.3.2'.
    """
    last = int(number.rpartition(".")[2])
    return Place(number, f"b3_{last:02d}")


@dataclass(frozen=True)
class Evidence:
    """A submission, asked for what answers need.

    Attributes
    ----------
    submission : Submission
    """

    submission: Submission

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.submission.scenario

    @property
    def file(self) -> ScenarioFile:
        """What its file says."""
        return self.submission.scenario.file

    @property
    def quantities(self) -> Mapping[str, Quantity]:
        """Every number that it uses, by its address."""
        return self.submission.scenario.quantities

    def has(self, analysis: str) -> bool:
        """Say whether an analysis was run.

        Parameters
        ----------
        analysis : str
            Its name.
        """
        return analysis in self.submission.reports and not (self.submission.redacted and analysis in OF_PRICES)

    def table(self, analysis: str, name: str) -> Table | None:
        """Return a table of a report; None where it is not there or empty.

        Parameters
        ----------
        analysis : str
            Whose.
        name : str
            Of the table.
        """
        return self.submission.table(analysis, name) if self.has(analysis) else None

    def place(self, analysis: str, name: str) -> Place:
        """Return where a table of a report is.

        Parameters
        ----------
        analysis : str
            Whose.
        name : str
            Of the table.
        """
        found = self.table(analysis, name)
        return Place(f"{found.title if found else name} ({analysis}, table {name})", IN_DOCUMENT.get(name, name))

    @property
    def scenario_results(self) -> Place:
        """Where the results of the scenarios of the bias ledger are; in the document apart from its assumptions."""
        return Place(self.place("base_case", "ledger").words, "scenario_analysis")

    def not_run(self, *analyses: str) -> Found:
        """Return that analyses are missing, why, and which commands run them.

        Parameters
        ----------
        *analyses : str
            Their names.
        """
        lacking = [name for name in analyses if not self.has(name)] or list(analyses)
        hidden = [WHAT.get(name, name) for name in lacking if name in self.submission.reports]
        if self.submission.redacted and hidden:
            return missing(f"Hidden in this redacted run, since it could depend on a price: {', '.join(hidden)}.")
        words = []
        for name in lacking:
            reason = self.submission.not_run.get(name, "")
            command = COMMANDS.get(name, f"netcea {name.replace('_', '-')}")
            words.append(f"{WHAT.get(name, name)}{f' ({reason})' if reason else ''}: {command}")
        return missing(f"Not in this submission: {'; '.join(words)}.")

    # ------------------------------------------------------------------------------------------ the reference case
    def rule(self, name: str) -> ReferenceCaseRow | None:
        """Return how the scenario stands to a rule of the reference case; None where that was not looked at.

        Parameters
        ----------
        name : str
            Such as 'RC7'. Of a redacted run its message may be hidden.
        """
        return self._rules.get(name)

    @cached_property
    def _rules(self) -> Mapping[str, ReferenceCaseRow]:
        table = self.table("reference_case", "rules")
        names = ("rule", "element", "state", "message")
        rows = (row for row in rows_of(table) if CONFIDENTIAL not in (row["rule"], row["state"]))
        return {str(row["rule"]): ReferenceCaseRow(*(str(row[n]) for n in names)) for row in rows}

    # ------------------------------------------------------------------------------------------------ verification
    @cached_property
    def verdicts(self) -> Mapping[str, tuple[Outcome, str]]:
        """Outcome of each test of the verification and what was found, by the test's name; empty without one."""
        found: dict[str, tuple[Outcome, str]] = {}
        for outcome, name in TABLES.items():
            for row in rows_of(self.table("verify", name)):
                found[str(row["test"])] = (outcome, str(row["found"]))
        return found

    # ------------------------------------------------------------------------------------------------- the scenario
    @cached_property
    def ledger(self) -> tuple[Assumption, ...]:
        """Entries of the bias ledger."""
        return tuple(self.file.assumptions)

    def ledger_on(self, *beginnings: str) -> tuple[Assumption, ...]:
        """Return the entries of the bias ledger about addresses that begin so.

        Parameters
        ----------
        *beginnings : str
            Such as 'settings.'.
        """
        return tuple(e for e in self.ledger if any(f"{e.address}.".startswith(f"{b}.") for b in beginnings))

    def numbers(self, *beginnings: str) -> dict[str, Quantity]:
        """Return the numbers in use whose addresses begin so.

        Parameters
        ----------
        *beginnings : str
            Such as 'survival'.
        """
        return {a: q for a, q in self.quantities.items() if any(f"{a}.".startswith(f"{b}.") for b in beginnings)}

    @property
    def costs(self) -> Mapping[str, Cost]:
        """Every cost that counts, by its name."""
        return self.file.all_costs()


def rows_of(table: Table | None) -> Iterator[dict[str, Cell]]:
    """Yield the rows of a table by the names of its columns; none where there is no table.

    Parameters
    ----------
    table : Table or None
        Of a report.
    """
    if table is not None:
        names = [column.name for column in table.columns]
        yield from (dict(zip(names, row, strict=True)) for row in table.rows)


def number(cell: Cell) -> float:
    """Return a cell as a number; 0 where it holds none.

    Parameters
    ----------
    cell : str, float, Icer or None
        Of a table.
    """
    return float(cell) if isinstance(cell, int | float) else 0.0


def visible(text: str) -> str:
    """Return a text of a report; nothing where a redacted run hides it.

    Parameters
    ----------
    text : str
        Of a cell.
    """
    return "" if text == CONFIDENTIAL else text
