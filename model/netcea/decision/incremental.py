"""Fully incremental and pairwise analysis: dominance, extended dominance, ICERs and what to call them.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.2.14-17 and 4.10.8 (fully incremental analysis), 6.3.9 (a
technology that costs less and yields less).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal, TypeAlias

from annotated_types import Ge

Label: TypeAlias = Literal["", "dominant", "dominated", "extendedly dominated", "cost saved per QALY lost", "equal"]

COST_TOLERANCE: Final = 1e-6
"""Costs closer than this are the same. [GBP]"""
QALY_TOLERANCE: Final = 1e-9
"""QALYs closer than this are the same. [QALYs] (0.03 seconds of full health)"""
COST_DECIMALS: Final = 6
QALY_DECIMALS: Final = 9
"""To which costs and QALYs are put in order: what rounding makes of equal sums is no order, in any program."""
ICER_TOLERANCE: Final = 1e-12
"""An ICER falls along the frontier when by more than this share of itself: rounding dominates nothing."""


@dataclass(frozen=True)
class IncrementalRow:
    """One strategy in a table of incremental analysis; ``pandas.DataFrame(rows)`` is the table.

    Attributes
    ----------
    strategy : str
        Its name.
    versus : str or None
        The strategy it is compared with; None for the first of the frontier.
    costs : float
        Total. [GBP]
    qalys : float
        Total, never weighted. [QALYs]
    life_years : float or None
        Total. [years]
    incremental_costs, incremental_qalys, incremental_life_years : float or None
        Against `versus`. [GBP], [QALYs], [years]
    icer : float or None
        [GBP/QALY]; never negative; None where `label` says what it is instead.
    label : str
        Empty for a plain ICER (and for the first of the frontier); 'dominant', 'dominated', 'extendedly
        dominated', 'equal' (neither costs nor QALYs differ); 'cost saved per QALY lost' beside the ICER of a
        strategy that is cheaper and less effective.
    """

    strategy: str
    versus: str | None
    costs: float
    qalys: float
    life_years: float | None
    incremental_costs: float | None
    incremental_qalys: float | None
    incremental_life_years: float | None
    icer: Annotated[float, Ge(0)] | None
    label: Label


def fully_incremental(
    names: Sequence[str], costs: Sequence[float], qalys: Sequence[float], life_years: Sequence[float] | None = None
) -> list[IncrementalRow]:
    """Fully incremental analysis: strategies in order of cost, each against the one it displaces.

    A strategy is dominated when another costs no more and yields no fewer QALYs (and differs in one of them):
    of equal QALYs the dearer, of equal costs the less effective. It is extendedly dominated when it lies
    above a line between two others, that is when its ICER exceeds that of a more effective one. The rest is
    the efficiency frontier, along which ICERs do not fall.

    Parameters
    ----------
    names : sequence of str
        Of the strategies, all different.
    costs : sequence of float
        Totals. [GBP]
    qalys : sequence of float
        Totals, unweighted. [QALYs]
    life_years : sequence of float, optional
        Totals. [years]

    Returns
    -------
    list of IncrementalRow
        Rows of the frontier are against the one before on the frontier; dominated ones against the most
        effective strategy that dominates them; extendedly dominated ones against the frontier's strategy
        before them; one of two equal strategies (the later name) against the other. Ties in cost (to 6 decimals) are
        in order of falling QALYs (to 9), then of name, so that the result does not depend on the order given.

    Raises
    ------
    ValueError
        Two strategies of one name, columns of different lengths, or a total that is not a finite number.

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 4.2.14-17, 4.10.8.

    Examples
    --------
    B costs 9 for half a QALY more, C 10 for two: C's ICER of (10 - 0) / (3 - 1) is lower than B's of 18.

    >>> for row in fully_incremental("ABCD", [0, 9, 10, 11], [1, 1.5, 3, 2.5]):
    ...     print(row.strategy, row.versus, row.icer, row.label or "-")
    A None None -
    B A None extendedly dominated
    C A 5.0 -
    D C None dominated
    """
    rows = sorted(_totals(names, costs, qalys, life_years), key=_place)
    undominated: list[IncrementalRow] = []
    judged: dict[str, IncrementalRow] = {}
    for row in rows:
        label, dominator = _dominance(row, rows)
        if dominator is None:
            undominated.append(row)
        else:
            judged[row.strategy] = _against(row, dominator, None, label)
    frontier = _frontier(undominated)
    before: IncrementalRow | None = None
    for row in undominated:
        if before is None:
            judged[row.strategy] = row
        elif row in frontier:
            judged[row.strategy] = _against(row, before, _ratio(row, before), "")
        else:
            judged[row.strategy] = _against(row, before, None, "extendedly dominated")
        if row in frontier:
            before = row
    return [judged[row.strategy] for row in rows]


def pairwise(
    names: Sequence[str],
    costs: Sequence[float],
    qalys: Sequence[float],
    comparator: str,
    life_years: Sequence[float] | None = None,
) -> list[IncrementalRow]:
    """Pairwise analysis: each other strategy against the comparator, in the order given.

    Parameters
    ----------
    names : sequence of str
        Of the strategies, all different.
    costs : sequence of float
        Totals. [GBP]
    qalys : sequence of float
        Totals, unweighted. [QALYs]
    comparator : str
        One of the names.
    life_years : sequence of float, optional
        Totals. [years]

    Returns
    -------
    list of IncrementalRow
        What each is called is said by `compare`.

    Raises
    ------
    ValueError
        The comparator is not among the names; or as `fully_incremental`.

    Examples
    --------
    >>> for row in pairwise("ABC", [10, 4, 12], [2, 1.5, 2], "A"):
    ...     print(row.strategy, row.icer, row.label)
    B 12.0 cost saved per QALY lost
    C None dominated
    """
    rows = _totals(names, costs, qalys, life_years)
    if comparator not in names:
        raise ValueError(f"found comparator {comparator!r}; expected one of {', '.join(names)}")
    reference = rows[list(names).index(comparator)]
    return [
        _against(row, reference, *compare(row.costs - reference.costs, row.qalys - reference.qalys))
        for row in rows
        if row is not reference
    ]


def compare(incremental_costs: float, incremental_qalys: float) -> tuple[float | None, Label]:
    """ICER, never negative, and what it is called.

    More costs and more QALYs: a plain ICER, with an empty label. Less of both: 'cost saved per QALY lost',
    where a high number is good. Otherwise no ICER: 'dominant', 'dominated' (also when only one of the two
    differs), or 'equal'. Costs within `COST_TOLERANCE` and QALYs within `QALY_TOLERANCE` do not differ.

    Parameters
    ----------
    incremental_costs : float
        Costs minus the comparator's. [GBP]
    incremental_qalys : float
        QALYs minus the comparator's. [QALYs]

    Returns
    -------
    icer : float or None
        Incremental costs / incremental QALYs. [GBP/QALY]
    label : str
        Empty beside a plain ICER.

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 6.3.9 (costs and QALYs both lower).

    Examples
    --------
    >>> compare(10.0, 0.5), compare(-10.0, -0.5), compare(10.0, 0.0), compare(0.0, 0.5), compare(0.0, 0.0)
    ((20.0, ''), (20.0, 'cost saved per QALY lost'), (None, 'dominated'), (None, 'dominant'), (None, 'equal'))
    """
    dearer, cheaper = incremental_costs > COST_TOLERANCE, incremental_costs < -COST_TOLERANCE
    better, worse = incremental_qalys > QALY_TOLERANCE, incremental_qalys < -QALY_TOLERANCE
    if dearer and better:
        return incremental_costs / incremental_qalys, ""
    if cheaper and worse:
        return incremental_costs / incremental_qalys, "cost saved per QALY lost"
    if dearer or worse:
        return None, "dominated"
    return None, "dominant" if cheaper or better else "equal"


def weighted(rows: Iterable[IncrementalRow], weight: float) -> list[IncrementalRow]:
    """Rows with incremental QALYs (losses too) times a severity weight; totals and labels stay.

    Parameters
    ----------
    rows : iterable of IncrementalRow
        Unweighted.
    weight : float
        The severity weight, 1 or more. [1]

    Returns
    -------
    list of IncrementalRow
        Incremental QALYs times the weight, ICERs divided by it.

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 6.2.12-21.

    Examples
    --------
    >>> row = weighted(pairwise("AB", [0, 6], [1, 2], "A"), 1.2)[0]
    >>> row.incremental_qalys, row.icer, row.qalys
    (1.2, 5.0, 2.0)
    """
    return [
        replace(
            row,
            incremental_qalys=None if row.incremental_qalys is None else weight * row.incremental_qalys,
            icer=None if row.icer is None else row.icer / weight,
        )
        for row in rows
    ]


def _totals(
    names: Sequence[str], costs: Sequence[float], qalys: Sequence[float], life_years: Sequence[float] | None
) -> list[IncrementalRow]:
    years = [None] * len(names) if life_years is None else [float(x) for x in life_years]
    lengths = {"costs": len(costs), "qalys": len(qalys), "life_years": len(years)}
    if set(lengths.values()) != {len(names)}:
        raise ValueError(f"found {lengths}; expected one of each for {len(names)} strategies")
    if len(set(names)) < len(names):
        raise ValueError(f"found strategies {', '.join(names)}; expected different names")
    for name, cost, qaly in zip(names, costs, qalys, strict=True):
        if not (math.isfinite(cost) and math.isfinite(qaly)):
            raise ValueError(f"{name}: found costs {cost} and QALYs {qaly}; expected finite numbers")
    return [
        IncrementalRow(name, None, float(c), float(q), y, None, None, None, None, "")
        for name, c, q, y in zip(names, costs, qalys, years, strict=True)
    ]


def _place(row: IncrementalRow) -> tuple[float, float, str]:
    """Return what strategies are put in order by."""
    return round(row.costs, COST_DECIMALS), -round(row.qalys, QALY_DECIMALS), row.strategy


def _dominance(row: IncrementalRow, rows: list[IncrementalRow]) -> tuple[Label, IncrementalRow | None]:
    """Return what is said of a row for another's sake, and that other; ('', None) when nothing is.

    `rows` are in their final order, so of two equal strategies the first stays.
    """
    found: list[tuple[Label, IncrementalRow]] = []
    earlier = True
    for other in rows:
        if other is row:
            earlier = False
            continue
        _, label = compare(row.costs - other.costs, row.qalys - other.qalys)
        if label == "dominated" or (label == "equal" and earlier):
            found.append((label, other))
    return max(found, key=lambda pair: (pair[0] == "dominated", -_place(pair[1])[1]), default=("", None))


def _frontier(rows: list[IncrementalRow]) -> list[IncrementalRow]:
    """Return the lower convex hull of undominated rows, which rise in cost and QALYs."""
    hull: list[IncrementalRow] = []
    for row in rows:
        while len(hull) > 1 and _ratio(hull[-1], hull[-2]) > _ratio(row, hull[-1]) * (1.0 + ICER_TOLERANCE):
            hull.pop()
        hull.append(row)
    return hull


def _ratio(row: IncrementalRow, versus: IncrementalRow) -> float:
    return (row.costs - versus.costs) / (row.qalys - versus.qalys)


def _against(row: IncrementalRow, versus: IncrementalRow, icer: float | None, label: Label) -> IncrementalRow:
    years = None if row.life_years is None or versus.life_years is None else row.life_years - versus.life_years
    return replace(
        row,
        versus=versus.strategy,
        incremental_costs=row.costs - versus.costs,
        incremental_qalys=row.qalys - versus.qalys,
        incremental_life_years=years,
        icer=icer,
        label=label,
    )
