"""A trial's published figures, arm by arm: medians, hazard ratios between arms, patients, follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from netcea.fitting.published_figures import Figure, NotIdentified, check_figures
from netcea.plain_number import read

RATIO: Final = "hazard_ratio"
MOST_NAMES: Final = 4096
"""Names of figures of which it is kept what they are."""
FURTHER: Final = ("survival_", "restricted_mean_", "quantile_")
"""How names of figures of an arm begin that are no median; the arm follows, then what tells them apart."""


class HazardRatio(NamedTuple):
    """A published hazard ratio: the hazard of an arm over that of another.

    Attributes
    ----------
    arm, versus : str
        Names of arms.
    figure : Figure
        Of kind hazard_ratio.
    """

    arm: str
    versus: str
    figure: Figure


@dataclass(frozen=True)
class Trial:
    """What a trial published of one endpoint.

    Attributes
    ----------
    arms : tuple of str
        Any names; the reference arm first.
    medians : tuple of Figure or None
        Of each arm in turn; None where it was not reached or not published. [unit of time]
    hazard_ratios : tuple of HazardRatio
        Any number, between any two arms.
    patients : tuple of float
        Randomised to each arm, above 0. [patients]
    follow_up : float
        Median follow-up; censoring is taken as uniform from 0 to twice this. [unit of time]
    further : tuple of (str, Figure)
        Arm and figure: quantiles, landmark survivals and restricted means. [unit of time] or 1

    Raises
    ------
    NotIdentified
        When it is made: arms without a name of their own, or figures that no trial can have.

    Examples
    --------
    >>> months = Figure("median", 4.4, 0.17), Figure("median", 13.8, 0.18)
    >>> ratio = HazardRatio("drug", "placebo", Figure("hazard_ratio", 0.23, 0.32))
    >>> trial = Trial(("placebo", "drug"), months, (ratio,), (31, 64), 13.8)
    >>> [figure.value for figure in trial.figures], round(trial.share(ratio), 3)
    ([4.4, 13.8, 0.23], 0.674)
    """

    arms: tuple[str, ...]
    medians: tuple[Figure | None, ...]
    hazard_ratios: tuple[HazardRatio, ...]
    patients: tuple[float, ...]
    follow_up: float
    further: tuple[tuple[str, Figure], ...] = ()

    def __post_init__(self) -> None:
        if not self.arms or len(set(self.arms)) < len(self.arms):
            raise NotIdentified(f"a trial has one arm or more, each with its own name (found {', '.join(self.arms)})")
        if not len(self.arms) == len(self.medians) == len(self.patients):
            raise NotIdentified("a trial has a median, or None, and a number of patients for each arm")
        between = [{ratio.arm, ratio.versus} for ratio in self.hazard_ratios]
        if any(len(pair) < 2 or not pair <= set(self.arms) for pair in between):
            raise NotIdentified(f"a hazard ratio is between two of the arms {', '.join(self.arms)}")
        if any(pair in between[:i] for i, pair in enumerate(between)):
            raise NotIdentified("two hazard ratios between the same two arms")
        if any(arm not in self.arms for arm, _ in self.further):
            raise NotIdentified(f"a figure belongs to one of the arms {', '.join(self.arms)}")
        expected = ["median" for median in self.medians if median is not None], [RATIO for _ in between]
        found = [[f.kind for f in figures] for figures in (self._medians, [r.figure for r in self.hazard_ratios])]
        if found != list(expected) or any(figure.kind in ("median", RATIO) for _, figure in self.further):
            raise NotIdentified("a trial's figures are medians and others of its arms, and hazard ratios between them")
        check_figures(self.figures)
        if not 0.0 < self.follow_up < np.inf:
            raise NotIdentified(f"the median follow-up is {read(self.follow_up)}; expected a time above 0")
        if not all(0.0 < n < np.inf for n in self.patients):
            raise NotIdentified(f"patients: {', '.join(read(n) for n in self.patients)}; expected more than 0 an arm")

    @property
    def _medians(self) -> list[Figure]:
        return [median for median in self.medians if median is not None]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure: the medians in the order of the arms, further ones, then the hazard ratios."""
        return (*self._medians, *(figure for _, figure in self.further), *(r.figure for r in self.hazard_ratios))

    def share(self, ratio: HazardRatio) -> float:
        """Patients of a ratio's arm among those of both its arms.

        Parameters
        ----------
        ratio : HazardRatio
            One of the trial's.

        Returns
        -------
        float
            Between 0 and 1. [share]
        """
        of = dict(zip(self.arms, self.patients, strict=True))
        return of[ratio.arm] / (of[ratio.versus] + of[ratio.arm])


@lru_cache(maxsize=MOST_NAMES)
def ratio_arms(name: str, arms: tuple[str, ...]) -> tuple[str, str] | None:
    """Return which arms a hazard ratio is between, from its name; None where that are none of the trial's.

    Of two arms ``hazard_ratio`` is the second over the first; otherwise ``hazard_ratio_ARM_versus_OTHER``.

    Parameters
    ----------
    name : str
        Of an entry of the trial's group in inputs/.
    arms : tuple of str
        The reference arm first.

    Returns
    -------
    tuple of str, or None
        The arm, and the one it is compared with.

    Examples
    --------
    >>> ratio_arms("hazard_ratio", ("placebo", "drug"))
    ('drug', 'placebo')
    >>> ratio_arms("hazard_ratio_high_versus_low", ("placebo", "low", "high"))
    ('high', 'low')
    >>> ratio_arms("hazard_ratio", ("placebo", "low", "high"))
    """
    if name == RATIO:
        return (arms[1], arms[0]) if len(arms) == 2 else None
    arm, versus, other = name.removeprefix(f"{RATIO}_").partition("_versus_")
    return (arm, other) if versus and arm != other and {arm, other} <= set(arms) else None


@lru_cache(maxsize=MOST_NAMES)
def further_arm(name: str, arms: tuple[str, ...]) -> str:
    """Return the arm of a survival, a restricted mean or a quantile, from its name; empty where it is none of an arm.

    Parameters
    ----------
    name : str
        Of an entry of a trial's group: ``survival_ARM``, ``survival_ARM_month_12``, ``restricted_mean_ARM`` ...
    arms : tuple of str
        Of the trial.

    Returns
    -------
    str
        The longest name of an arm that fits.

    Examples
    --------
    >>> further_arm("survival_low_dose_month_12", ("low", "low_dose")), further_arm("median_low", ("low",))
    ('low_dose', '')
    """
    start = next((start for start in FURTHER if name.startswith(start)), None)
    rest = name.removeprefix(start or "")
    found = [arm for arm in arms if start and (rest == arm or rest.startswith(f"{arm}_"))]
    return max(found, key=len, default="")


def ratio_name(arm: str, versus: str, arms: Sequence[str]) -> str:
    """Name of a hazard ratio between two arms.

    Parameters
    ----------
    arm, versus : str
        The arm, and the one it is compared with.
    arms : sequence of str
        Of the trial, the reference arm first.

    Returns
    -------
    str
        See `ratio_arms`.

    Examples
    --------
    >>> ratio_name("drug", "placebo", ["placebo", "drug"]), ratio_name("high", "low", ["placebo", "low", "high"])
    ('hazard_ratio', 'hazard_ratio_high_versus_low')
    """
    return RATIO if len(arms) == 2 and versus == arms[0] else f"{RATIO}_{arm}_versus_{versus}"
