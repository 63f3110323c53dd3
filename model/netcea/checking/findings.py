"""What a check can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Level: TypeAlias = Literal["error", "warning", "note"]
ALIGNED: Final = "aligned"
JUSTIFIED: Final = "justified deviation"
UNJUSTIFIED: Final = "unjustified deviation"
MISSING: Final = "missing"
"""How a scenario can stand to an element of the reference case."""


@dataclass(frozen=True)
class Finding:
    """One finding of `netcea check`.

    Attributes
    ----------
    level : {'error', 'warning', 'note'}
        An error makes the command exit with 1.
    rule : str
        Stable name: unverified, assumption, derived, unsourced, unused, range, spread, reference_case.RC13 ...
    address : str
    file : str
    line : int
    message : str
    """

    level: Level
    rule: str
    address: str
    file: str
    line: int
    message: str


@dataclass(frozen=True)
class ReferenceCaseRow:
    """How the scenario stands to one element of NICE's reference case.

    Attributes
    ----------
    rule : str
        RC1 to RC16.
    element : str
    state : {'aligned', 'justified deviation', 'unjustified deviation', 'missing', 'not applicable'}
    message : str
    """

    rule: str
    element: str
    state: str
    message: str


@dataclass(frozen=True)
class CheckReport:
    """All findings on one scenario.

    Attributes
    ----------
    scenario : str
    source, inputs_folder, project : str
        As of `Scenario`.
    digest : str
    findings : tuple of Finding
    reference_case : tuple of ReferenceCaseRow
    """

    scenario: str
    source: str
    inputs_folder: str
    digest: str
    findings: tuple[Finding, ...]
    reference_case: tuple[ReferenceCaseRow, ...]
    project: str = ""

    @property
    def failed(self) -> bool:
        """Whether a rule failed."""
        return any(finding.level == "error" for finding in self.findings)
