"""Probabilistic results made by hand, each of a kind that could spoil a figure."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from netcea.analyses.psa.result import Contribution, Convergence, Curves, Interval, PsaResult
from netcea.analyses.shared.totals import Totals
from netcea.decision import icer_error
from netcea.scenario.options import PsaOptions

THRESHOLDS = (25_000.0, 35_000.0)
GRID = np.linspace(0.0, 100_000.0, 101)
TWO = {"cabozantinib": "Cabozantinib", "bsc": "Placebo / best supportive care"}
FOUR = {
    "cabozantinib": "Cabozantinib 60 mg once daily until progression or unacceptable toxicity ($x_1$)",
    "bsc": "Placebo / best supportive care, with a somatostatin analogue for $every_patient$ & <others>",
    "everolimus": "Everolimus (RADIANT-3, anchored through placebo by the method of Bucher)",
    "sunitinib": "Sunitinib",
}
LABELS = (
    "Hazard ratio, OS, NEJM, pNET",
    "PFS: Weibull fitted to published figures",
    "Share of progressions followed by capecitabine",
    "Utility, progression-free, CLARINET",
    "Oncology outpatient, follow-up consultant visit, in the first weeks of treatment, all of $England_2$",
)


def made_scenario(labels: dict[str, str], name: str = "pNET base case", established: str = "bsc"):
    return SimpleNamespace(
        file=SimpleNamespace(
            name=name,
            decision=SimpleNamespace(intervention="cabozantinib", comparator="bsc", established_practice=established),
        ),
        strategies=tuple(labels),
        label=lambda strategy: labels[strategy],
        method_pack=SimpleNamespace(thresholds=THRESHOLDS),
    )


def made_totals(labels, costs, qalys, weight=None) -> Totals:
    costs, qalys = np.asarray(costs, dtype=float), np.asarray(qalys, dtype=float)
    weight = np.ones(costs.shape[1]) if weight is None else np.asarray(weight, dtype=float)
    return Totals(tuple(labels), "cabozantinib", "bsc", costs, qalys, 1.4 * qalys, weight)


def curves_of(totals: Totals, grid=GRID) -> Curves:
    """Acceptability by definition, one threshold at a time."""
    nmb = [threshold * totals.qalys - totals.costs for threshold in grid]
    best = [(n == n.max(axis=0)) / (n == n.max(axis=0)).sum(axis=0) for n in nmb]
    ceac = np.array([b.mean(axis=1) for b in best]).T
    loss = np.array([(n.max(axis=0) - n).mean(axis=1) for n in nmb]).T
    optimal = loss.argmin(axis=0)
    index = np.arange(len(grid))
    names = tuple(totals.strategies[i] for i in optimal)
    return Curves(np.asarray(grid), ceac, loss, names, ceac[optimal, index], loss[optimal, index])


def convergence_of(totals: Totals, points: int = 100) -> Convergence:
    values = totals.incremental_nhb(THRESHOLDS[0])
    draws = np.unique(np.linspace(2, totals.n, min(points, totals.n - 1)).astype(int))
    return Convergence(
        draws.astype(float),
        np.array([values[:n].mean() for n in draws]),
        np.array([values[:n].std(ddof=1) / np.sqrt(n) for n in draws]),
        np.array([(values[:n] > 0).mean() for n in draws]),
        "draws",
    )


def made_contributions(n: int, size: float) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(
            f"a.{i}",
            LABELS[i % len(LABELS)],
            (f"a.{i}",),
            2000.0 * size * (-0.8) ** i,
            size * (-0.75) ** i,
            0.9 * size * (-0.75) ** i - 0.01 * size,
            0.1,
        )
        for i in range(n)
    )


def made_result(scenario, totals: Totals, deterministic: Totals, *, grid=GRID, contributions=None):
    gain, extra = totals.increment("qalys"), totals.increment("costs")
    values = {
        "incremental_costs": (deterministic.increment("costs"), extra),
        "incremental_qalys": (deterministic.increment("qalys"), gain),
    } | {f"incremental_nhb_{t:.0f}": (deterministic.incremental_nhb(t), totals.incremental_nhb(t)) for t in THRESHOLDS}
    intervals = {
        ("", name): Interval(
            float(point[0]),
            float(v.mean()),
            float(v.std(ddof=1) / np.sqrt(len(v))),
            *(float(q) for q in np.quantile(v, [0.025, 0.975])),
        )
        for name, (point, v) in values.items()
    }
    probability = {}
    for threshold in THRESHOLDS:
        column = curves_of(totals, [threshold]).ceac[:, 0]
        for weighted in (False, True):
            probability |= {
                (name, threshold, weighted): float(p) for name, p in zip(totals.strategies, column, strict=True)
            }
    contributions = made_contributions(30, 0.01) if contributions is None else contributions
    rest = [
        intervals["", name].mean - intervals["", name].deterministic - sum(getattr(c, key) for c in contributions)
        for name, key in (("incremental_qalys", "incremental_qalys"), ("incremental_nhb_25000", "incremental_nhb"))
    ]
    weights, counts = np.unique(totals.severity_weight, return_counts=True)
    return PsaResult(
        scenario=scenario,
        options=PsaOptions(draws=totals.n),
        deterministic=deterministic,
        totals=totals,
        intervals=intervals,
        probability_cost_effective=probability,
        quadrants={
            "north_east": float(((extra > 0) & (gain > 0)).mean()),
            "south_east": float(((extra <= 0) & (gain > 0)).mean()),
            "south_west": float(((extra <= 0) & (gain <= 0)).mean()),
            "north_west": float(((extra > 0) & (gain <= 0)).mean()),
        },
        severity_probabilities={float(w): float(c / totals.n) for w, c in zip(weights, counts, strict=True)},
        severity_weight_at_means=float(weights[counts.argmax()]),
        icer_mcse=icer_error(extra, gain),
        curves=curves_of(totals, grid),
        convergence=convergence_of(totals),
        contributions=contributions,
        remainder=Contribution("remainder", "Interactions and Monte Carlo error", (), 0.0, *rest, 0.0),
        moments=(),
        limits=(),
    )


def sampled(labels, means, spreads, n=1500, seed=3, **more) -> PsaResult:
    """Return a result with normal totals: strategy -> mean and spread of costs and of QALYs."""
    random = np.random.default_rng(seed)
    shared = random.standard_normal((2, n))
    costs = [
        c + s * (random.standard_normal(n) + 0.5 * shared[0]) for (c, _), (s, _) in zip(means, spreads, strict=True)
    ]
    qalys = [
        q + s * (random.standard_normal(n) + 0.5 * shared[1]) for (_, q), (_, s) in zip(means, spreads, strict=True)
    ]
    weight = np.where(np.asarray(qalys[1]) < means[1][1] - 0.3, 1.2, 1.0) if more.pop("severe", False) else None
    point = np.array(means, dtype=float).T[:, :, np.newaxis]
    return made_result(
        made_scenario(labels), made_totals(labels, costs, qalys, weight), made_totals(labels, *point), **more
    )


def two():
    return sampled(TWO, [(150_000, 3.9), (66_000, 3.8)], [(18_000, 0.3), (5_000, 0.3)], severe=True)


def four():
    means = [(150_000, 3.90), (66_000, 3.80), (66_500, 3.92), (67_500, 4.1)]
    return sampled(FOUR, means, [(18_000, 0.3), (3_000, 0.2), (4_000, 0.2), (4_000, 0.2)], severe=True)


def eight():
    labels = TWO | {f"option_{i}": f"Option {i} with a name of some length" for i in range(6)}
    means = [(20_000, 4.1), (10_000, 3.8)] + [(12_000 + 1500 * i, 3.9 + 0.05 * i) for i in range(6)]
    return sampled(labels, means, [(1_500, 0.1)] * 8, n=800)


def dominant():
    """Cheaper and better in every draw."""
    return sampled(TWO, [(60_000, 4.5), (70_000, 3.8)], [(800, 0.05), (800, 0.05)])


def one_quadrant():
    return sampled(TWO, [(90_000, 4.8), (60_000, 3.8)], [(1_500, 0.08), (1_000, 0.08)], contributions=())


def worse_and_cheaper():
    return sampled(TWO, [(50_000, 3.5), (60_000, 3.8)], [(1_500, 0.03), (1_000, 0.03)])


def no_spread():
    """Every draw the same."""
    return sampled(
        TWO, [(90_000, 4.0), (60_000, 3.8)], [(0, 0), (0, 0)], n=50, contributions=made_contributions(2, 0.0)
    )


def identical():
    """Two strategies with the same costs and QALYs in every draw."""
    return sampled(TWO, [(60_000, 3.8), (60_000, 3.8)], [(0, 0), (0, 0)], n=50)


def few_draws():
    return sampled(TWO, [(150_000, 3.9), (66_000, 3.8)], [(18_000, 0.3), (5_000, 0.3)], n=2)


def wide_range():
    """Thresholds far below where the decision switches."""
    means = [(150_000, 3.90), (66_000, 3.80)]
    return sampled(TWO, means, [(18_000, 0.3), (5_000, 0.3)], grid=np.linspace(0.0, 4e6, 201))


CASES = {
    f.__name__: f
    for f in (two, four, eight, dominant, one_quadrant, worse_and_cheaper, no_spread, identical, few_draws, wide_range)
}
