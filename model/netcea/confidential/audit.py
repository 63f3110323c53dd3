"""Can a reader solve for a confidential price from the results that are left visible?

Costs are affine in every price: with the share d_i that is taken off the public price of drug i,

    R(d) = R(0) + sum_i d_i (R(e_i) - R(0))

holds for costs, incremental costs, the ICER (QALYs do not depend on prices) and net benefit, and for their means over
draws. A reader who has the model, the public prices and everything else knows R(0) and every R(e_i). A result that is
shown to so many digits says that R lies between its rounding limits: the lowest and the highest d_i that fit all
visible results, and 0 <= d <= 1, are linear programmes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array

SOLVABLE_WITHIN: Final = 0.05
"""A discount counts as solved when what a reader learns is an interval no wider than this: 5 percentage points."""
NO_EFFECT: Final = 1e-9
"""A result that changes less than this, in its own unit, between list price and free does not depend on a price."""


@dataclass(frozen=True)
class RevealedResult:
    """A result that a reader sees, and what it would be at other prices.

    Attributes
    ----------
    name : str
    shown : float
        As it is written.
    step : float
        To which it is rounded.
    public : float
        At public prices.
    free : mapping of drug -> float
        With one drug for free and all others at public prices.
    """

    name: str
    shown: float
    step: float
    public: float
    free: Mapping[str, float]


@dataclass(frozen=True)
class Finding:
    """What visible results give away of one price.

    Attributes
    ----------
    drug : str
        Address above its price and discount.
    actual : float
        Share off the public price: what is to be kept. For the owner alone.
    low, high : float
        Shares that fit everything that is visible.
    names : tuple of str
        The results that depend on it.
    """

    drug: str
    actual: float
    low: float
    high: float
    names: tuple[str, ...]

    @property
    def solvable(self) -> bool:
        """Say whether a reader learns the discount to within `SOLVABLE_WITHIN`."""
        return bool(self.names) and self.high - self.low <= SOLVABLE_WITHIN


def audit(visible: Sequence[RevealedResult], actual: Mapping[str, float]) -> tuple[Finding, ...]:
    """Return what visible results give away of each confidential price.

    Parameters
    ----------
    visible : sequence of RevealedResult
        What a reader sees.
    actual : mapping of drug -> float
        The share off its public price.

    Examples
    --------
    Costs of £100, of which £80 are the drug's at list price, shown to the pound: 0.5% of £80 and more is given away.

    >>> (found,) = audit([RevealedResult("costs", 72.0, 1.0, 100.0, {"drug": 20.0})], {"drug": 0.35})
    >>> round(found.low, 5), round(found.high, 5)
    (0.34375, 0.35625)
    """
    drugs = sorted(actual)
    slopes = np.array([[v.free[drug] - v.public for drug in drugs] for v in visible]).reshape(len(visible), len(drugs))
    found = []
    shares = np.array([actual[drug] for drug in drugs])
    for at, drug in enumerate(drugs):
        names = tuple(v.name for v, row in zip(visible, slopes, strict=True) if abs(row[at]) > NO_EFFECT)
        low, high = (_end(visible, slopes, shares, at, sign) for sign in (1.0, -1.0)) if names else (0.0, 1.0)
        found.append(Finding(drug, actual[drug], low, high, names))
    return tuple(found)


def _end(visible: Sequence[RevealedResult], slopes: Array, shares: Array, at: int, sign: float) -> float:
    """Return the lowest (sign 1) or highest (-1) share of one drug that fits everything visible.

    What is shown and does not follow from any prices counts as giving everything away.

    Parameters
    ----------
    visible : sequence of RevealedResult
    slopes : Array (result, drug)
        What each result changes by from the public price to none.
    shares : Array (drug,)
        Shares off the public prices.
    at : int
        Which drug.
    sign : float
    """
    from scipy.optimize import linprog

    scale = np.abs(slopes).max(axis=1)
    depends = scale > NO_EFFECT
    rows = slopes[depends] / scale[depends, None]
    centres = np.array([v.shown - v.public for v in visible])[depends] / scale[depends]
    half = np.array([v.step / 2.0 for v in visible])[depends] / scale[depends] + NO_EFFECT
    goal = np.zeros(len(shares))
    goal[at] = sign
    bounds = [(min(0.0, share), max(1.0, share)) for share in shares.tolist()]
    solved = linprog(goal, np.vstack([rows, -rows]), np.concatenate([centres + half, half - centres]), bounds=bounds)
    return float(shares[at] if not solved.success or solved.x is None else solved.x[at])


def verdict(findings: Sequence[Finding], labels: Mapping[str, str]) -> str:
    """Return what the audit found, without a number of a price.

    Parameters
    ----------
    findings : sequence of Finding
        One for each price.
    labels : mapping of str -> str
        Drug -> what it is called.
    """
    solved = [f for f in findings if f.solvable]
    narrowed = [f for f in findings if f.names and not f.solvable]
    if not solved and not narrowed:
        return "What remains does not depend on the confidential prices."
    parts = []
    within = f"{SOLVABLE_WITHIN * 100:.0f} percentage points"
    if solved:
        names = ", ".join(labels.get(f.drug, f.drug) for f in solved)
        results = ", ".join(dict.fromkeys(name for f in solved for name in f.names))
        parts.append(f"A reader can solve for the price of {names} to within {within}, from: {results}.")
    if narrowed:
        names = ", ".join(labels.get(f.drug, f.drug) for f in narrowed)
        more = " alone; with another result, or one of the prices, a reader may" if len(findings) > 1 else ""
        parts.append(f"What is visible depends on the price of {names}, but does not give it to within {within}{more}.")
    return " ".join(parts)
