"""The sections of Document B, each a function of a `Submission` that returns blocks; in the order of the template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from netcea.submission.blocks import Block, keys_of
from netcea.submission.checklists.section import checklist_blocks
from netcea.submission.sections.b3_01_published import appendix_g, published_studies
from netcea.submission.sections.b3_02_economic_analysis import economic_analysis
from netcea.submission.sections.b3_03_clinical import clinical_parameters
from netcea.submission.sections.b3_04_utilities import health_effects
from netcea.submission.sections.b3_05_costs import costs, prices
from netcea.submission.sections.b3_06_severity import severity
from netcea.submission.sections.b3_07_uncertainty import uncertainty
from netcea.submission.sections.b3_08_managed_access import managed_access
from netcea.submission.sections.b3_09_inputs import inputs, traced
from netcea.submission.sections.b3_10_base_case import base_case
from netcea.submission.sections.b3_11_deterministic import deterministic
from netcea.submission.sections.b3_11_probabilistic import probabilistic
from netcea.submission.sections.b3_11_scenarios import scenarios
from netcea.submission.sections.b3_12_subgroups import subgroups
from netcea.submission.sections.b3_14_validation import tests, validation
from netcea.submission.sections.budget import budget
from netcea.submission.sections.narrative import appendix_j, interpretation, not_captured

if TYPE_CHECKING:
    from netcea.submission.submission import Submission

SECTIONS: Final[dict[str, Callable[[Submission], Sequence[Block]]]] = {
    "B.3.1": published_studies,
    "B.3.2": economic_analysis,
    "B.3.3": clinical_parameters,
    "B.3.4": health_effects,
    "B.3.5": costs,
    "B.3.6": severity,
    "B.3.7": uncertainty,
    "B.3.8": managed_access,
    "B.3.9": inputs,
    "B.3.10": base_case,
    "B.3.11.1": probabilistic,
    "B.3.11.2": deterministic,
    "B.3.11.4": scenarios,
    "B.3.12": subgroups,
    "B.3.13": not_captured,
    "B.3.14": validation,
    "B.3.15": interpretation,
    "Budget impact": budget,
    "Appendix G": appendix_g,
    "Appendix J": appendix_j,
    "Appendix K": prices,
    "Appendix L": traced,
    "Appendix M": tests,
}
"""Section -> the function that returns its blocks, in the order in which they are printed."""


def blocks_of(submission: Submission) -> list[Block]:
    """Return the blocks of every section, and the checklists, which point to them.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    blocks = [block for section in SECTIONS.values() for block in section(submission)]
    return [*blocks, *checklist_blocks(submission, keys_of(blocks))]
