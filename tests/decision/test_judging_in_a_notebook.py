"""The judging functions with plain numbers, lists and arrays, without a scenario."""

import math

import numpy as np
import pandas as pd
import pytest

import netcea.decision
from netcea.decision import (
    SeverityRules,
    acceptability_curves,
    ellipse,
    fully_incremental,
    incremental_nhb,
    incremental_nmb,
    nhb,
    nmb,
    pairwise,
    probability_best,
    probability_cost_effective,
    quadrants,
    severity_weight,
    switch_points,
)
from netcea.decision.value_of_information import evpi, evppi

COSTS, QALYS = [[0.0, 1.0, 2.0], [10.0, 12.0, 9.0]], [[1.0, 1.1, 0.9], [1.5, 1.2, 1.9]]


def test_names_are_public():
    assert sorted(netcea.decision.__all__) == netcea.decision.__all__
    assert all(hasattr(netcea.decision, name) for name in netcea.decision.__all__)


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        (nmb, (10_000.0, 1.5, 25_000.0)),
        (nhb, (10_000.0, 1.5, 25_000.0)),
        (incremental_nmb, (10_000.0, 1.5, 25_000.0, 1.2)),
        (incremental_nhb, (10_000.0, 1.5, 25_000.0, 1.2)),
    ],
)
def test_net_benefit_of_numbers_lists_and_arrays(function, numbers):
    costs, qalys, *rest = numbers
    one = function(costs, qalys, *rest)
    assert type(one) is float
    for made in (list, tuple, np.array):
        found = function(made([costs, costs]), made([qalys, qalys]), *rest)
        assert isinstance(found, np.ndarray)
        assert found.tolist() == [one, one]
    assert function(costs, qalys, threshold=[25_000.0, 25_000.0], **({"severity_weight": 1.2} if rest[1:] else {}))[
        1
    ] == pytest.approx(one)


def test_lists_are_arrays():
    costs, qalys = np.array(COSTS), np.array(QALYS)
    ours, theirs = (
        acceptability_curves(COSTS, QALYS, [0, 25]),
        acceptability_curves(costs, qalys, np.array([0.0, 25.0])),
    )
    assert np.array_equal(ours.ceac, theirs.ceac)
    assert np.array_equal(ours.expected_loss, theirs.expected_loss)
    assert np.array_equal(probability_best(COSTS, QALYS, 25), probability_best(costs, qalys, 25.0))
    dc, dq = (costs[1] - costs[0]).tolist(), (qalys[1] - qalys[0]).tolist()
    assert probability_cost_effective(dc, dq, 25) == probability_cost_effective(np.array(dc), np.array(dq), 25.0)
    assert quadrants(dq, dc) == quadrants(np.array(dq), np.array(dc))
    assert np.array_equal(ellipse(dq, dc).line, ellipse(np.array(dq), np.array(dc)).line)
    assert np.array_equal(switch_points([0, 10], [1, 2]), switch_points(np.array([0.0, 10.0]), np.array([1.0, 2.0])))
    benefit = 25.0 * qalys - costs
    assert evpi(benefit.tolist()) == evpi(benefit)
    many = np.tile(benefit, 20)
    assert evppi(many.tolist(), many[:1].T.tolist()) == evppi(many, many[:1].T)
    rules = SeverityRules((12.0, 18.0), (0.85, 0.95), (1.0, 1.2, 1.7))
    assert severity_weight([10, 20], [2, 1], rules).tolist() == [1.0, 1.7]
    assert float(severity_weight(10, 1.5, rules)) == 1.2


def test_rows_are_a_table():
    rows = fully_incremental(["A", "B"], np.array([0.0, 9.0]), pd.Series([1.0, 1.5]), life_years=[2, 3])
    table = pd.DataFrame(rows)
    assert table["icer"].tolist()[1] == 18.0
    assert table["incremental_life_years"].tolist()[1] == 1.0


@pytest.mark.parametrize(
    ("names", "costs", "qalys", "message"),
    [
        (["A", "A"], [0.0, 1.0], [1.0, 2.0], "found strategies A, A; expected different names"),
        (["A", "B"], [0.0], [1.0, 2.0], "'costs': 1, 'qalys': 2, .* expected one of each for 2 strategies"),
        (["A", "B"], [0.0, math.nan], [1.0, 2.0], "B: found costs nan and QALYs 2.0; expected finite numbers"),
    ],
)
def test_totals_refused(names, costs, qalys, message):
    with pytest.raises(ValueError, match=message):
        fully_incremental(names, costs, qalys)
    with pytest.raises(ValueError, match=message):
        pairwise(names, costs, qalys, "A")
