"""Families that are averaged for some curves of a scenario, with their weights, as loading found them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

AverageRule: TypeAlias = Literal["aic", "bic", "stated"]


class AveragedFamily(NamedTuple):
    """One of the families of an average.

    Attributes
    ----------
    family : str
        As a text: weibull, royston_parmar:odds:2.
    name : str
        In full, as parameters of the averaged curve begin.
    weight_address : str
        Of its weight, which is a number of the scenario.
    weight : float
        Point estimate. [share]
    criterion : float or None
        AIC or BIC, summed over the fits; None where weights are stated.
    """

    family: str
    name: str
    weight_address: str
    weight: float
    criterion: float | None


@dataclass(frozen=True)
class FamilyAverage:
    """Families that are averaged for one curve, or for several that have the same one in each draw.

    Attributes
    ----------
    address : str
        Of the weights: in the scenario, below the first of the curves.
    curves : tuple of str
        Addresses of the curves.
    rule : {'aic', 'bic', 'stated'}
        Where the weights are from.
    reason : str
        Why, as the scenario has it; may be empty where the rule says it.
    families : tuple of AveragedFamily
    left_out : mapping of str -> str
        Standard family that could not be fitted -> the reason.
    """

    address: str
    curves: tuple[str, ...]
    rule: AverageRule
    reason: str
    families: tuple[AveragedFamily, ...]
    left_out: Mapping[str, str]

    @property
    def rule_words(self) -> str:
        """What the weights are by."""
        return "stated weights" if self.rule == "stated" else f"{self.rule.upper()} weights"
