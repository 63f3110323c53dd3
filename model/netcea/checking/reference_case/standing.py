"""What the rules of the reference case look at: a scenario, its inputs/, its tests, its verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from netcea.checking.findings import ALIGNED, JUSTIFIED, UNJUSTIFIED, ReferenceCaseRow
from netcea.checking.reference_case.validation import NOT_VALIDATED, Validation
from netcea.loading.load import Related
from netcea.loading.merging.inputs import Inputs
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import join_address
from netcea.scenario.scenario import Scenario

TYPED: Final = ("--set", "changes[")
"""With what the place of a change begins that was made on the command line, or in Python."""


class UsedUtility(NamedTuple):
    """A utility at one place of use, and what inputs/ says of it; empty where it says nothing.

    Attributes
    ----------
    place, address : str
        Where the scenario names it, and where it is defined.
    instrument, respondents, value_set : str
        By what and by whom it was answered, by which values it became a utility.
    reason : str
        Why the scenario says that it may depart.
    """

    place: str
    address: str
    instrument: str
    respondents: str
    value_set: str
    reason: str


class LedgerTests(NamedTuple):
    """The scenarios of the bias ledger.

    Attributes
    ----------
    number : int
        Those that can be laid over the scenario.
    without_benefit : tuple of Scenario
        Those tagged ``no_further_benefit``, laid over it.
    """

    number: int = 0
    without_benefit: tuple[Scenario, ...] = ()


NO_TESTS: Final = LedgerTests()


@dataclass(frozen=True)
class Standing:
    """A scenario before the rules.

    Attributes
    ----------
    scenario : Scenario
        As loaded, in this process.
    tests : LedgerTests
        Of its bias ledger.
    validation : Validation
        What a record of its verification says.
    """

    scenario: Scenario
    tests: LedgerTests = NO_TESTS
    validation: Validation = NOT_VALIDATED

    @property
    def related(self) -> Related:
        """The way to its files."""
        if not isinstance(self.scenario.related, Related):
            raise TypeError("a scenario from another process has no files to be looked at")
        return self.scenario.related

    @property
    def inputs(self) -> Inputs:
        """The numbers of its project, with everything that was set."""
        return self.related.draft.inputs

    def reason(self, *addresses: str) -> str:
        """Return why the scenario departs at some addresses; empty where it does not say.

        Parameters
        ----------
        *addresses : str
            Of what departs.

        Notes
        -----
        A base case says it in its bias ledger, another scenario in its rationale; what the command line changed on top
        has no reason.
        """
        file = self.scenario.file
        typed = [c.address for c in self.scenario.changes if c.where.startswith(TYPED)]
        if any(_touches(changed, address) for changed in typed for address in addresses):
            return ""
        of_ledger = [e.why for e in file.assumptions if any(_touches(e.address, a) for a in addresses)]
        if "base_case" in file.tags:
            return of_ledger[0].strip() if of_ledger else ""
        return file.rationale.strip()

    def row(self, rule: str, element: str, message: str, *departs_at: str) -> ReferenceCaseRow:
        """Return a row: aligned, or a departure at some addresses with its reason or without.

        Parameters
        ----------
        rule, element, message : str
            Of the row.
        *departs_at : str
            Addresses of what departs; none where nothing does.
        """
        if not departs_at:
            return ReferenceCaseRow(rule, element, ALIGNED, message)
        reason = self.reason(*departs_at)
        text = f"{message}. Reason given: {reason}" if reason else message
        return ReferenceCaseRow(rule, element, JUSTIFIED if reason else UNJUSTIFIED, text)

    @cached_property
    def utilities(self) -> tuple[UsedUtility, ...]:
        """Every utility in use that is not 0: states, then losses by adverse events."""
        return tuple(self._utilities())

    def _utilities(self) -> Iterator[UsedUtility]:
        file = self.scenario.file
        reasons: Mapping[str, str] = {e.address: e.reason.strip() for e in file.utilities.value_set_exemptions}
        of_all = file.utilities.value_set_exemption.strip()
        for block, name in ((file.utilities, "utilities"), (file.adverse_events, "adverse_events")):
            for use in addresses_in(block, (name,)):
                if use.kind.dimensions != ("utility",) or self.scenario.quantities[use.address].value == 0.0:
                    continue
                yield UsedUtility(
                    place=join_address(use.path),
                    address=use.address,
                    instrument=self.inputs.origin(use.address, "instrument"),
                    respondents=self.inputs.origin(use.address, "respondents"),
                    value_set=self.inputs.origin(use.address, "value_set"),
                    reason=reasons.get(use.address) or of_all,
                )


def _touches(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
