"""Acceptability, frontier, expected loss: against BCEA and dampack on their own data, slow loops, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers.reference_cases import cea, costs_and_effects
from netcea.decision.acceptability import (
    QUADRANTS,
    acceptability_curves,
    ellipse,
    probability_best,
    probability_cost_effective,
    quadrants,
    running_mean,
    switch_points,
)


def slow(costs, qalys, threshold):
    """One draw after another."""
    wins, losses = np.zeros(len(costs)), np.zeros(len(costs))
    for draw in range(costs.shape[1]):
        benefit = [threshold * qalys[s, draw] - costs[s, draw] for s in range(len(costs))]
        best = max(benefit)
        winners = [s for s, b in enumerate(benefit) if b == best]
        for s in winners:
            wins[s] += 1 / len(winners)
        losses += [best - b for b in benefit]
    return wins / costs.shape[1], losses / costs.shape[1]


# ------------------------------------------------------------------------------------ numbers of others
@pytest.mark.parametrize(("name", "n"), [("smoking", 4), ("vaccine", 2)])
def test_bcea(name, n):
    reference = cea()[f"bcea_{name}"]
    costs, effects = costs_and_effects(f"bcea_{name}", range(1, n + 1))
    thresholds = np.array(reference["wtp"], dtype=float)
    found = acceptability_curves(costs, effects, thresholds)
    assert found.evpi == pytest.approx(np.array(reference["EVPI"]), rel=1e-9, abs=1e-9)
    assert (found.optimal + 1).tolist() == reference["best"]
    if n == 4:
        assert found.ceaf == pytest.approx(np.array(reference["multi_ceaf"]), abs=1e-12)
    ref = reference["ref"] - 1
    others = [i for i in range(n) if i != ref]
    for k, threshold in enumerate(thresholds):
        for j, other in enumerate(others):
            pair = probability_cost_effective(costs[ref] - costs[other], effects[ref] - effects[other], threshold)
            assert pair == pytest.approx(np.atleast_2d(reference["CEAC_ref_vs_comparator"])[k][j], abs=1e-12)


def test_dampack():
    """dampack tells ties within 1e-5 relative and breaks them at random (R's max.col): such draws alone may differ."""
    reference = cea()["dampack_psa"]
    costs, effects = costs_and_effects("dampack_example_psa", ["Chemo", "Radio", "Surgery"])
    thresholds = np.array(reference["wtp"], dtype=float)
    found = acceptability_curves(costs, effects, thresholds)
    theirs = np.array(reference["ceac"]["Proportion"]).reshape(-1, 3).T
    loss = np.array(reference["expected_loss"]["Expected_Loss"]).reshape(-1, 3).T
    exact = 0
    for k, threshold in enumerate(thresholds):
        benefit = np.sort(threshold * effects - costs, axis=0)
        near = np.mean(benefit[-1] - benefit[-2] <= 1e-5 * np.abs(benefit).max(axis=0))
        assert np.abs(found.ceac[:, k] - theirs[:, k]).max() <= near + 1e-12
        if near == 0.0:
            exact += 1
            assert found.evpi[k] == pytest.approx(reference["evpi"]["EVPI"][k], rel=1e-9)
            assert found.expected_loss[:, k] == pytest.approx(loss[:, k], rel=1e-9)
        else:
            assert found.evpi[k] == pytest.approx(reference["evpi"]["EVPI"][k], rel=1e-6)
    assert exact >= 2


# ------------------------------------------------------------------------------------ properties
money = st.floats(-1e5, 1e5).map(lambda x: round(x, 2))
health = st.floats(-5, 5).map(lambda x: round(x, 3))
shapes = st.tuples(st.integers(2, 4), st.integers(1, 30))


@settings(max_examples=60)
@given(shapes.flatmap(lambda s: st.tuples(hnp.arrays(float, s, elements=money), hnp.arrays(float, s, elements=health))))
def test_equal_to_a_slow_loop(arrays):
    costs, qalys = arrays
    thresholds = np.array([0.0, 20_000.0, 35_000.0])
    found = acceptability_curves(costs, qalys, thresholds)
    for k, threshold in enumerate(thresholds):
        wins, losses = slow(costs, qalys, threshold)
        assert found.ceac[:, k] == pytest.approx(wins, abs=1e-12)
        assert found.expected_loss[:, k] == pytest.approx(losses, abs=1e-6)
    assert found.ceac.sum(axis=0) == pytest.approx(1.0)  # U17
    assert found.evpi == pytest.approx(found.expected_loss.min(axis=0), abs=1e-6)
    assert (found.expected_loss >= 0.0).all()
    assert probability_best(costs, qalys, 20_000.0) == pytest.approx(found.ceac[:, 1])


def test_ties_are_shared():
    same = np.zeros((3, 5))
    assert acceptability_curves(same, same, np.array([1.0])).ceac[:, 0] == pytest.approx(1 / 3)


def test_quadrants_add_up_to_one():
    random = np.random.default_rng(1)
    found = quadrants(random.normal(size=999), random.normal(size=999))
    assert tuple(found) == QUADRANTS
    assert sum(found.values()) == pytest.approx(1.0)


def test_the_ellipse_holds_its_share_of_normal_draws():
    random = np.random.default_rng(2)
    z = random.normal(size=(2, 200_000))
    x, y = 0.1 + 0.3 * z[0], 5e4 + 2e4 * (0.6 * z[0] + 0.8 * z[1])
    found = ellipse(x, y, 0.95)
    assert found.centre == pytest.approx((x.mean(), y.mean()))
    inverse = np.linalg.inv(np.cov(x, y))
    centred = found.line - np.array(found.centre)
    distance = np.einsum("pi,ij,pj->p", centred, inverse, centred)
    assert distance == pytest.approx(np.full(len(distance), -2 * np.log(0.05)), rel=1e-6)  # chi-squared of 2, 95%
    both = np.stack([x, y], axis=1) - np.array(found.centre)
    inside = np.einsum("pi,ij,pj->p", both, inverse, both) <= -2 * np.log(0.05)
    assert inside.mean() == pytest.approx(0.95, abs=0.002)


def test_an_ellipse_without_spread_is_a_point():
    found = ellipse(np.full(10, 0.5), np.full(10, 3.0))
    assert np.allclose(found.line, [0.5, 3.0])


def test_switch_points_are_where_the_best_mean_changes():
    costs, qalys = np.array([0.0, 9.0, 10.0, 40.0]), np.array([1.0, 1.1, 1.5, 2.0])
    points = switch_points(costs, qalys)
    assert points.tolist() == [20.0, 60.0]
    for point in points:
        best = [int(np.argmax((point + e) * qalys - costs)) for e in (-1e-6, 1e-6)]
        assert best[0] != best[1]
    assert len(switch_points(np.array([1.0, 0.0]), np.array([1.0, 2.0]))) == 0


def test_running_mean_is_the_mean_of_the_first_draws():
    values = np.random.default_rng(3).normal(1e9, 2.0, 5000)  # far from 0: sums of squares must not cancel
    points = np.array([2, 10, 777, 5000])
    mean, mcse = running_mean(values, points)
    for i, n in enumerate(points):
        assert mean[i] == pytest.approx(values[:n].mean(), rel=1e-12)
        assert mcse[i] == pytest.approx(values[:n].std(ddof=1) / np.sqrt(n), rel=1e-6)
