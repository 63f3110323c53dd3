"""Method packs: the decision maker's rules, dated. Data only; their numbers are inputs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class SeverityRules:
    """Cut-offs of shortfall and the weights of QALYs they lead to.

    Attributes
    ----------
    absolute : tuple of float
        Rising cut-offs of absolute shortfall. [QALYs]
    proportional : tuple of float
        Rising cut-offs of proportional shortfall, as many.
    weights : tuple of float
        Rising weights, one more than cut-offs: below the first, from the first on, ... Exactly on a cut-off
        takes the higher weight.
    """

    absolute: tuple[float, ...]
    proportional: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.absolute) == len(self.proportional) == len(self.weights) - 1 > 0:
            raise ValueError("expected cut-offs on both scales, as many, and one weight more than cut-offs")
        for rising in (self.absolute, self.proportional, self.weights):
            if any(after <= before for before, after in pairwise(rising)):
                raise ValueError(f"found {rising}; expected rising numbers")


@dataclass(frozen=True)
class MethodPack:
    """The rules that hold from a date on.

    Attributes
    ----------
    name : str
    thresholds : tuple of float
        Rising. [GBP/QALY]
    discount_rate_costs, discount_rate_qalys : float
        [per year]
    severity : SeverityRules
    valid_from : str
        Date, or year.
    source, note : str
    value_set : str
        Of utilities, norms and severity together, such as EQ-5D-3L UK (MVH TTO); empty where the pack asks for none.
    applies : str
        To which topics, where that is not all.
    """

    name: str
    thresholds: tuple[float, ...]
    discount_rate_costs: float
    discount_rate_qalys: float
    severity: SeverityRules
    valid_from: str = ""
    source: str = ""
    note: str = ""
    value_set: str = ""
    applies: str = ""
