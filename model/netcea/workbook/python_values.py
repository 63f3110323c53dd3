"""Every number of the sheet Results as Python has it, by the name of its cell."""

from __future__ import annotations

from typing import Final

from netcea.analyses.base_case.result import Case

MEASURES: Final = (
    "costs",
    "life_years",
    "qalys",
    "undiscounted_costs",
    "undiscounted_life_years",
    "undiscounted_qalys",
)
SEVERITY: Final = ("qalys_general_population", "absolute_shortfall", "proportional_shortfall", "severity_weight")
WORDS: Final = {
    "icer": "ICER",
    "label": "what it is called",
    "weighted_icer": "ICER with severity weight",
    "nhb": "NHB",
    "weighted_nhb": "NHB with severity weight",
}
"""What the first part of a name means, where it is not the words themselves."""


def python_values(case: Case) -> dict[str, float | str]:
    """Return name of a cell of Results -> what Python has."""
    found: dict[str, float | str] = {}
    for name, totals in case.strategies.items():
        found |= {f"{measure}.{name}": getattr(totals, measure) for measure in MEASURES}
    for row in case.pairwise:
        name = row.strategy
        found[f"incremental_costs.{name}"] = row.incremental_costs or 0.0
        found[f"incremental_qalys.{name}"] = row.incremental_qalys or 0.0
        found[f"icer.{name}"] = "" if row.icer is None else row.icer
        found[f"label.{name}"] = row.label
    for row in case.weighted_pairwise:
        found[f"weighted_icer.{row.strategy}"] = "" if row.icer is None else row.icer
    thresholds = sorted({benefit.threshold for benefit in case.net_health_benefit})
    for benefit in case.net_health_benefit:
        which = f"{thresholds.index(benefit.threshold)}.{benefit.strategy}"
        found[f"nhb.{which}"] = benefit.incremental_nhb
        found[f"weighted_nhb.{which}"] = benefit.weighted_incremental_nhb
    return found | {name: float(getattr(case.severity, name)) for name in SEVERITY}


def in_words(name: str, label: str) -> str:
    """Return the name of a cell in a reader's words, with the label of the strategy it ends in.

    >>> in_words("weighted_nhb.1.new", "New"), in_words("absolute_shortfall", "")
    ('New: NHB with severity weight at threshold 2', 'Absolute shortfall')
    """
    what, _, _ = name.rpartition(".")
    if not what:
        return name.replace("_", " ").capitalize()
    kind, _, number = what.partition(".")
    threshold = f" at threshold {int(number) + 1}" if number else ""
    return f"{label}: {WORDS.get(kind, kind.replace('_', ' '))}{threshold}".replace("qalys", "QALYs")
