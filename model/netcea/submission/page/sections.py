"""The sections of the page, in order: what each shows, of which tables, behind which heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Part:
    """Tables of an analysis in a section.

    Attributes
    ----------
    analysis : str
        Its name.
    tables : tuple of str
        Names of tables; all that the screen shows where there are none.
    folded : bool
        Whether they stand behind a line that opens them.
    sentences : bool
        Whether the analysis' sentences stand below them; always where all tables of the screen do.
    """

    analysis: str
    tables: tuple[str, ...] = ()
    folded: bool = False
    sentences: bool = False


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Attributes
    ----------
    name : str
        Its identity in the page.
    title : str
    words : str
        A sentence below the heading.
    parts : tuple of Part
        Tables, in order.
    short : str
        What the list of sections calls it; the title where there is none.
    """

    name: str
    title: str
    words: str
    parts: tuple[Part, ...]
    short: str = ""


SECTIONS: Final = (
    Section(
        "results",
        "Results",
        "Point estimates per patient, discounted, at the prices of this run. The full incremental analysis stands "
        "first; unweighted QALYs and QALYs weighted for severity stand side by side.",
        (
            Part("base_case", ("revealed", "base_case", "weighted", "net_health_benefit", "pairwise", "beside")),
            Part("base_case", ("summary_by_strategy",)),
        ),
    ),
    Section("panel", "Change a price", "", ()),
    Section(
        "parts",
        "Costs, QALYs and life years taken apart",
        "By category, item and health state, discounted and not.",
        (
            Part("base_case", ("costs_by_category_and_state", "qalys_by_state", "life_years_by_state")),
            Part("base_case", ("costs_by_item", "costs_by_payer"), folded=True),
        ),
        "Taken apart",
    ),
    Section(
        "severity",
        "Severity",
        "QALY shortfall of established practice against the general population, the weight that it brings, and how far "
        "that is from another.",
        (Part("base_case", ("severity",)), Part("severity", folded=True)),
    ),
    Section(
        "survival",
        "Survival",
        "The model's curves after every adjustment, with what was published and, where inputs/ holds the times of "
        "patients, what was observed. One slider reads all curves at a time.",
        (Part("base_case", ("modelled_and_published", "fits", "bindings"), folded=True),),
    ),
    Section(
        "one_way",
        "What the result is most sensitive to",
        "Each number alone at its low and its high value.",
        (
            Part("one_way", ("one_way_largest", "variance_largest"), sentences=True),
            Part("one_way", ("one_way", "variance", "not_moved"), folded=True),
        ),
        "Sensitivity",
    ),
    Section(
        "uncertainty",
        "Uncertainty of the probabilistic analysis",
        "At the prices of this run. Plane and acceptability curves stand with the panel: they follow what is typed.",
        (
            Part("psa", ("incremental_of_means", "summary"), sentences=True),
            Part("psa", ("totals", "probabilities", "severity", "contributions_largest")),
            Part("psa", ("contributions", "limits", "held_draws", "moments", "curves", "convergence"), folded=True),
        ),
        "Uncertainty",
    ),
    Section(
        "price",
        "Price and threshold",
        "At which price the ICER meets each threshold of the method pack.",
        (Part("threshold"),),
        "Threshold prices",
    ),
    Section(
        "ledger",
        "Assumptions and bias ledger",
        "Every assumption, whom it favours, the scenarios that test it, and what they do to the result.",
        (Part("base_case", ("ledger",)),),
        "Assumptions",
    ),
    Section(
        "further",
        "Further analyses and checks",
        "",
        (
            Part("base_case", ("prior_therapy", "managed_access", "expert_validation")),
            Part("subgroups", folded=True),
            Part("structure", folded=True),
            Part("switching", folded=True),
            Part("budget", folded=True),
            Part("voi", folded=True),
            Part("reference_case", folded=True),
            Part("verify", folded=True),
            Part("base_case", ("warnings",)),
        ),
        "Further",
    ),
    Section(
        "inputs",
        "Inputs and sources",
        "Every number that the model uses, as published, with its uncertainty, status and source.",
        (Part("base_case", ("inputs",), folded=True), Part("base_case", ("sources",))),
        "Inputs",
    ),
)
"""In the order of the page."""
