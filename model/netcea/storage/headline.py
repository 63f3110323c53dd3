"""What a run came to, in one line: of the index of runs, and of the small record of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Headline:
    """What a run came to.

    Attributes
    ----------
    of : str
        'point estimates' or 'means of draws'.
    incremental_costs, incremental_qalys : float
        Intervention against comparator. [GBP], [QALYs]
    icer : float or None
    label : str
        What the ICER is called where it is not a plain one.
    threshold : float
        The lower one. [GBP/QALY]
    incremental_nhb : float
        [QALYs]
    icer_mcse : float or None
        Monte Carlo standard error of an ICER of draws; inf where they do not tell it, None without draws. [GBP/QALY]
    severity_weight : float or None
        Of the point estimates, or by the mean QALYs of the draws; None where an earlier version did not record it.
    weighted_incremental_nhb : float or None
        With incremental QALYs times that weight. [QALYs]
    """

    of: str
    incremental_costs: float
    incremental_qalys: float
    icer: float | None
    label: str
    threshold: float
    incremental_nhb: float
    icer_mcse: float | None = None
    severity_weight: float | None = None
    weighted_incremental_nhb: float | None = None

    @property
    def weighted_icer(self) -> float | None:
        """The ICER with incremental QALYs times the severity weight; None where there is none. [GBP/QALY]"""
        return None if self.icer is None or self.severity_weight is None else self.icer / self.severity_weight
