"""What each input that differs moved: changed alone from A, and changed last on the way to B."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcea.analyses.difference.change_groups import ChangeGroup, by_section, groups_at_first, together_where_needed
from netcea.analyses.difference.input_differences import InputDifference
from netcea.analyses.difference.switched import switched
from netcea.analyses.shared.totals import totals_of
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.execution.progress import steps
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario
from netcea.scenario.inputs_record import InputsRecord

MOST: Final = 20
"""Changes that are shown one by one; more are shown by section."""
MOST_TRIED: Final = 60
"""Changes that are tried one by one."""
NOTHING: Final = 1e-9
"""A change that moves no increment by more than this moved nothing. [GBP], [QALYs]"""


@dataclass(frozen=True)
class Effect:
    """How far the increments of intervention against comparator moved.

    Attributes
    ----------
    costs, qalys, life_years : float
        [GBP], [QALYs], [years]
    weighted_qalys : float
        Of incremental QALYs times the severity weight, which may move too.
    """

    costs: float = 0.0
    qalys: float = 0.0
    life_years: float = 0.0
    weighted_qalys: float = 0.0

    def nhb(self, threshold: float, *, weighted: bool = False) -> float:
        """Return how far incremental net health benefit moved [QALYs].

        >>> Effect(costs=5_000.0, qalys=0.5).nhb(25_000.0)
        0.3
        """
        return (self.weighted_qalys if weighted else self.qalys) - self.costs / threshold

    def plus(self, other: Effect, times: float = 1.0) -> Effect:
        """Return this and so many times another."""
        return Effect(
            self.costs + times * other.costs,
            self.qalys + times * other.qalys,
            self.life_years + times * other.life_years,
            self.weighted_qalys + times * other.weighted_qalys,
        )

    @property
    def is_nothing(self) -> bool:
        """Say whether nothing moved."""
        return all(abs(x) <= NOTHING for x in (self.costs, self.qalys, self.life_years, self.weighted_qalys))


@dataclass(frozen=True)
class ChangeEffect:
    """What one group of inputs moved.

    Attributes
    ----------
    group : ChangeGroup
    alone : Effect or None
        A with this change, minus A.
    last : Effect or None
        B, minus B without this change.
    fault : str
        Why it cannot be changed alone; empty where it can.
    """

    group: ChangeGroup
    alone: Effect | None
    last: Effect | None
    fault: str = ""

    @property
    def mean(self) -> Effect | None:
        """Return the mean of both orders."""
        if self.alone is None or self.last is None:
            return None
        return Effect().plus(self.alone, 0.5).plus(self.last, 0.5)


@dataclass(frozen=True)
class Attribution:
    """What moved the result from A to B.

    Attributes
    ----------
    total : Effect
        B minus A.
    changes : tuple of ChangeEffect
        Those that moved something, the largest first.
    without_effect : tuple of str
        Addresses of those that moved nothing in either order.
    by_section : bool
        Whether there were too many to be shown one by one.
    """

    total: Effect
    changes: tuple[ChangeEffect, ...]
    without_effect: tuple[str, ...]
    by_section: bool

    def interaction(self, order: str) -> Effect:
        """Return what no change explains in an order ('alone', 'last', 'mean'): the total minus their sum."""
        rest = self.total
        for change in self.changes:
            found: Effect | None = getattr(change, order)
            rest = rest.plus(found or Effect(), -1.0)
        return rest


def attribute(
    a: DraftScenario,
    b: DraftScenario,
    record_a: InputsRecord,
    record_b: InputsRecord,
    differences: Sequence[InputDifference],
) -> Attribution:
    """Return what each input that differs moved.

    Parameters
    ----------
    a, b : DraftScenario
        Two scenarios that load.
    record_a, record_b : InputsRecord
        What went into each.
    differences : sequence of InputDifference
        Between them.
    """
    variants = _Variants(
        a,
        b,
        frozenset(d.address for d in differences if d.kind == "only in A"),
        frozenset(d.address for d in differences if d.kind == "only in B"),
    )
    groups = groups_at_first(differences, record_a, record_b)
    sections = len(groups) > MOST_TRIED
    if sections:
        groups = by_section(groups)
    groups = together_where_needed(groups, lambda group: not variants.fault(group), record_a, record_b)
    effects = [variants.effect(group) for group in steps(groups, "inputs that differ, each changed alone and last")]
    moved = [e for e in effects if e.fault or not _is_nothing(e)]
    if len(moved) > MOST:
        sections = True
        moved = [
            variants.effect(group) for group in steps(by_section([e.group for e in moved]), "sections that differ")
        ]
    moved.sort(key=lambda e: -abs(e.mean.nhb(_SCALE)) if e.mean else 0.0)
    still = tuple(a for e in effects if not e.fault and _is_nothing(e) for a in e.group.addresses)
    return Attribution(variants.total, tuple(moved), still, sections)


_SCALE: Final = 30_000.0
"""Puts costs and QALYs on one scale, for the order of rows only. [GBP/QALY]"""


def _is_nothing(effect: ChangeEffect) -> bool:
    return all(part is not None and part.is_nothing for part in (effect.alone, effect.last))


class _Variants:
    """Runs A with some changes and B without them; each once."""

    def __init__(self, a: DraftScenario, b: DraftScenario, only_a: frozenset[str], only_b: frozenset[str]) -> None:
        self._a, self._b, self._only_a, self._only_b = a, b, only_a, only_b
        self._done: dict[tuple[bool, frozenset[str]], Effect | str] = {}
        self._zero = (increments(a), increments(b))
        self.total = self._zero[1].plus(self._zero[0], -1.0)

    def fault(self, group: ChangeGroup) -> str:
        """Return why a group cannot be changed alone; empty where it can."""
        for backwards in (False, True):
            found = self._run(group, backwards=backwards)
            if isinstance(found, str):
                return found
        return ""

    def effect(self, group: ChangeGroup) -> ChangeEffect:
        """Return what a group moved."""
        alone, last = (self._run(group, backwards=backwards) for backwards in (False, True))
        if isinstance(alone, str) or isinstance(last, str):
            return ChangeEffect(
                group,
                alone if isinstance(alone, Effect) else None,
                last if isinstance(last, Effect) else None,
                self.fault(group),
            )
        return ChangeEffect(group, alone, last)

    def _run(self, group: ChangeGroup, *, backwards: bool) -> Effect | str:
        key = (backwards, frozenset(group.addresses))
        if key not in self._done:
            base, other = (self._b, self._a) if backwards else (self._a, self._b)
            bring = self._only_a if backwards else self._only_b
            try:
                found = increments(switched(base, other, group.members, bring))
            except InputError as error:
                self._done[key] = error.problems[0].found or str(error.problems[0])
            else:
                self._done[key] = self._zero[1].plus(found, -1.0) if backwards else found.plus(self._zero[0], -1.0)
        return self._done[key]


def increments(merged: DraftScenario) -> Effect:
    """Return the increments of a scenario's base case.

    Raises
    ------
    InputError
        It does not load.
    """
    scenario = resolve(merged, brief=True)
    totals = totals_of(scenario, base_case(scenario))
    qalys = float(totals.increment("qalys")[0])
    return Effect(
        float(totals.increment("costs")[0]),
        qalys,
        float(totals.increment("life_years")[0]),
        qalys * float(totals.severity_weight[0]),
    )
