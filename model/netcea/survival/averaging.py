"""The families of a curve that are averaged: which ones, and by which weights."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal, Self, TypeAlias

import numpy as np
from pydantic import Field, FiniteFloat, model_validator

from netcea.blocks import Block
from netcea.errors import BlockError, Problem
from netcea.plain_number import read
from netcea.survival.family_text import family_fault
from netcea.uncertainty.family import ROUNDING

Criterion: TypeAlias = Literal["aic", "bic"]
STANDARD: Final = ("exponential", "weibull", "gompertz", "log_normal", "log_logistic", "gamma", "generalised_gamma")
"""Families that are averaged where none are named: those of NICE DSU Technical Support Document 14."""


class Averaging(Block):
    """Several families in place of one: the curve is the weighted mean of their survival.

    In probabilistic analysis each draw has one of them, chosen with the weights as probabilities.
    """

    average: Criterion | None = None
    """aic, bic: weights exp(-difference / 2) from the information criteria of a `fit`, over their sum."""
    of: Annotated[list[str], Field(min_length=2)] | None = None
    """Families that are averaged by a criterion; splines as royston_parmar:SCALE:KNOTS, cure models as
    mixture_cure:weibull. The seven standard ones when left out, those of them that were fitted."""
    weights: dict[str, Annotated[FiniteFloat, Field(ge=0, le=1)]] | None = None
    """Stated weights, family -> weight, in place of `average`; they add up to 1."""
    reason: str = ""
    """Why these weights, or these families; stated weights need it."""
    together: str = ""
    """A name that curves share whose family is the same in each draw; weights are then those of all their fits."""

    @property
    def families(self) -> tuple[str, ...]:
        """The families as texts; the standard ones where none are named."""
        return tuple(self.weights or self.of or STANDARD)

    @property
    def rule(self) -> str:
        """What the weights are by, in words."""
        return f"{self.average.upper()} weights" if self.average is not None else "stated weights"

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        problems = [*self._rule_problems(), *self._family_problems()]
        if problems:
            raise BlockError(problems)
        return self

    def _rule_problems(self) -> Iterator[Problem]:
        if (self.average is None) == (self.weights is None):
            found = "neither average nor weights" if self.average is None else "both average and weights"
            hint = "`average: aic` takes weights from a fit; `weights: {weibull: 0.4, log_normal: 0.6}` states them"
            yield Problem(found=found, expected="one of them", suggestion=hint)
        if self.weights is None:
            return
        if self.of is not None:
            yield Problem(
                address="of", found="families beside weights", expected="weights alone: they name the families"
            )
        if not self.reason.strip():
            expected = "why these weights: model averaging needs weights that are documented (NICE PMG36, 4.7)"
            yield Problem(address="reason", found="no reason", expected=expected)
        if len(self.weights) < 2:
            yield Problem(address="weights", found=f"{len(self.weights)} family", expected="two families or more")
        total = math.fsum(self.weights.values())
        if len(self.weights) > 1 and abs(total - 1.0) > ROUNDING:
            found = f"{' + '.join(map(read, self.weights.values()))} = {read(total)}"
            expected = f"weights that add up to 1 (to {read(ROUNDING)}, for rounding)"
            yield Problem(address="weights", found=found, expected=expected)

    def _family_problems(self) -> Iterator[Problem]:
        named = list(self.weights or self.of or ())
        for number, family in enumerate(named):
            at = f"weights.{family}" if self.weights else f"of.{number}"
            fault = family_fault(family)
            if fault is not None:
                yield Problem(address=at, found=repr(family), expected=fault[0], suggestion=fault[1])
            elif family in named[:number]:
                yield Problem(address=at, found=f"{family} twice", expected="each family once")


def weights_by(criteria: Sequence[float]) -> list[float]:
    """Return the weights that information criteria give: w_k = exp(-d_k / 2) / sum_j exp(-d_j / 2).

    Parameters
    ----------
    criteria : sequence of float
        AIC or BIC of each family, of the same data. [1]

    Returns
    -------
    list of float
        They add up to 1; d_k is the difference from the lowest criterion. [share]

    References
    ----------
    Burnham KP, Anderson DR. Model Selection and Multimodel Inference. 2002, section 2.9 (Akaike weights), 6.4 (BIC).

    Examples
    --------
    >>> [round(w, 4) for w in weights_by([100.0, 102.0])]  # 1 : exp(-1)
    [0.7311, 0.2689]
    """
    values = np.asarray(criteria, dtype=np.float64)
    relative = np.exp(-(values - values.min()) / 2.0)
    return [float(w) for w in relative / math.fsum(relative.tolist())]
