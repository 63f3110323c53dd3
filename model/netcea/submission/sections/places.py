"""Which section of the document is about a number of inputs/."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

SECTION_OF: Final[Mapping[str, str]] = {
    "population.cohorts.eligible*": "budget_impact",
    "population.*": "b3_02",
    "mortality.*": "b3_02",
    "survival.*": "b3_03",
    "utilities.*": "b3_04",
    "adverse_events.*": "b3_04",
    "costs.*": "b3_05",
    "decision.budget_impact.*": "budget_impact",
    "decision.value_of_information.*": "b3_07",
    "decision.method_packs.*.severity.*": "b3_06",
    "decision.*": "b3_02",
}
"""Pattern of an address -> the section that is about it; the first that fits holds."""


def section_of(address: str) -> str:
    """Return the key of the section that is about a number; empty where none is.

    Parameters
    ----------
    address : str
        Of inputs/.

    Examples
    --------
    >>> section_of("decision.method_packs.a.severity.weight_1_2"), section_of("decision.method_packs.a.threshold_lower")
    ('b3_06', 'b3_02')
    >>> section_of("decision.budget_impact.uptake.year_1"), section_of("elsewhere.number")
    ('budget_impact', '')
    """
    return next((key for pattern, key in SECTION_OF.items() if fnmatchcase(address, pattern)), "")
