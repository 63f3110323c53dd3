"""Results to report: one of the model itself, and ones made by hand with every kind of ICER."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from netcea import run
from netcea.analyses.base_case.result import (
    BaseCaseResult,
    Binding,
    Case,
    LedgerEntry,
    LedgerTest,
    NetBenefit,
    StrategyResult,
)
from netcea.decision.incremental import fully_incremental, pairwise, weighted
from netcea.decision.net_benefit import incremental_nhb, incremental_nmb
from netcea.decision.severity import shortfall
from netcea.errors import ModelWarning

EVIL = '=HYPERLINK("http://x","a")'
THRESHOLDS = (25_000.0, 35_000.0)
Totals = dict[str, tuple[float, float]]
"""Strategy -> costs, QALYs."""


@pytest.fixture(scope="session")
def real() -> BaseCaseResult:
    """The pNET base case as the model gives it, without its ledger."""
    return run("pnet", ledger=False)


def strategy(label: str, costs: float, qalys: float) -> StrategyResult:
    items = {
        ("cabozantinib", "progression_free"): 0.75 * costs,
        ("adverse_events.any_grade3plus", "progression_free"): 500.0,
    }
    items["end_of_life", "dead"] = costs - sum(items.values())
    states = {"progression_free": 0.4 * qalys, "adverse_events.any_grade3plus": -0.007}
    states["progressed"] = qalys - sum(states.values())
    years = {"progression_free": 0.5 * qalys, "progressed": 0.9 * qalys}
    return StrategyResult(
        label=label,
        costs=costs,
        qalys=qalys,
        life_years=sum(years.values()),
        undiscounted_costs=costs,
        undiscounted_qalys=qalys,
        undiscounted_life_years=sum(years.values()),
        costs_by_item=items,
        undiscounted_costs_by_item=items,
        qalys_by_state=states,
        undiscounted_qalys_by_state=states,
        life_years_by_state=years,
        undiscounted_life_years_by_state=years,
        median_pfs=13.8,
        median_os=float("inf"),
        alive_at_horizon=0.001,
    )


def case_of(real: BaseCaseResult, totals: Totals, labels: dict[str, str] | None = None, **changes: object) -> Case:
    """Return a judged case with these totals; the first strategy is the intervention, the last the comparator."""
    names = list(totals)
    made = {n: strategy((labels or {}).get(n, n.capitalize()), *totals[n]) for n in names}
    costs, qalys = [s.costs for s in made.values()], [s.qalys for s in made.values()]
    years = [s.life_years for s in made.values()]
    rows = pairwise(names, costs, qalys, names[-1], years)
    frontier = fully_incremental(names, costs, qalys, years)
    severity = shortfall(12.0, made[names[-1]].qalys, real.scenario.method_pack.severity)
    w = severity.severity_weight
    benefits = tuple(
        NetBenefit(
            r.strategy,
            t,
            incremental_nmb(r.incremental_costs, r.incremental_qalys, t),
            incremental_nhb(r.incremental_costs, r.incremental_qalys, t),
            incremental_nmb(r.incremental_costs, r.incremental_qalys, t, w),
            incremental_nhb(r.incremental_costs, r.incremental_qalys, t, w),
        )
        for r in rows
        for t in THRESHOLDS
    )
    return replace(
        real.case,
        intervention=names[0],
        comparator=names[-1],
        established_practice=names[-1],
        strategies=made,
        incremental=tuple(frontier),
        pairwise=tuple(rows),
        weighted_incremental=tuple(weighted(frontier, w)),
        weighted_pairwise=tuple(weighted(rows, w)),
        net_health_benefit=benefits,
        severity=severity,
        **changes,
    )


@pytest.fixture(scope="session")
def made(real: BaseCaseResult) -> Callable[..., BaseCaseResult]:
    """Make a result from totals by strategy, with a ledger, limits that bind and a warning."""

    def make(totals: Totals, labels: dict[str, str] | None = None, **changes: object) -> BaseCaseResult:
        case = case_of(real, totals, labels, **changes)
        names = list(totals)
        tests = (
            LedgerTest("price halved", "a.yaml", "for", 21_000.0, "", -4_000.0, 0.3),
            LedgerTest("worse", "b.yaml", "against", None, "dominated", None, -0.6),
            LedgerTest("broken", "c.yaml", None, None, "", None, float("nan"), fault="found x; expected y"),
        )
        return replace(
            real,
            case=case,
            beside=(replace(case, name="no effect on survival"),),
            comparisons=(),
            fits=(),
            ledger=(
                LedgerEntry("Price is the list price.", "costs.drug", "against", "It is public.", tests),
                LedgerEntry("Untested.", "settings", "unclear", "Why not.", ()),
            ),
            bindings=(
                Binding(names[0], "floor", 52, 0.1, 36.03, -1e-6, -6e-7, -0.003),
                Binding(names[0], "crossing", 3, 0.006, 0.5, 0.01, 0.02, 1234.5),
            ),
            traces=dict(zip(names, real.traces.values(), strict=False)),
        )

    return make


CASES: dict[str, Totals] = {
    "plain": {"drug": (114_000.0, 2.459), "care": (31_000.0, 2.357)},
    "dominated": {"drug": (114_000.0, 2.300), "care": (31_000.0, 2.357)},
    "dominant": {"drug": (21_000.0, 2.459), "care": (31_000.0, 2.357)},
    "cheaper and worse": {"drug": (21_000.0, 2.200), "care": (31_000.0, 2.357)},
    "equal": {"drug": (31_000.0, 2.357), "care": (31_000.0, 2.357)},
    "three": {"drug": (114_000.0, 2.459), "other": (60_000.0, 2.360), "care": (31_000.0, 2.357)},
    "three, one dominated": {"drug": (114_000.0, 2.459), "other": (60_000.0, 2.350), "care": (31_000.0, 2.357)},
}


@pytest.fixture(params=CASES)
def any_case(request: pytest.FixtureRequest, made: Callable[..., BaseCaseResult]) -> BaseCaseResult:
    """Every kind of ICER in turn."""
    return made(CASES[request.param])


@pytest.fixture
def with_warning(made: Callable[..., BaseCaseResult]) -> BaseCaseResult:
    """A result whose every text is hostile."""
    warning = ModelWarning("unverified", "@SUM(1)", "+1+1\x1b[31m")
    labels = {"drug": EVIL, "care": "-2+3|cmd"}
    result = made(CASES["plain"], labels, name="@name\t", rationale="=1+1", warnings=(warning,), source="=a.yaml")
    entry = replace(result.ledger[0], assumption="+assumption", why="\t=1", address="@x")
    return replace(result, ledger=(entry,))
