"""Incremental analysis against dampack, brute force over budgets, and the words for every quadrant."""

import itertools
import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcea.decision.incremental import compare, fully_incremental, pairwise, weighted

DAMPACK = json.loads((Path(__file__).parents[1] / "reference_data" / "dampack_icers.json").read_text("utf8"))
STATUS = {"": "ND", "dominated": "D", "extendedly dominated": "ED"}
POINTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=9)


def table(points):
    names = [f"s{i}" for i in range(len(points))]
    return fully_incremental(names, [c for c, _ in points], [q for _, q in points])


def check_against_dampack(example):
    given_, expected = example["input"], example["result"]
    rows = {row.strategy: row for row in fully_incremental(given_["strategy"], given_["cost"], given_["effect"])}
    for name, icer, status in zip(expected["Strategy"], expected["ICER"], expected["Status"], strict=True):
        assert STATUS[rows[name].label] == status, name
        if status == "ND" and isinstance(icer, (int, float)):
            assert rows[name].icer == pytest.approx(icer, rel=1e-12)
        else:
            assert rows[name].icer is None


@pytest.mark.parametrize("name", [name for name in DAMPACK if name != "source"])
def test_dampack_examples(name):
    check_against_dampack(DAMPACK[name])


@pytest.mark.parametrize("name", ["hund_strat", "psa_cdiff"])
def test_dampack_data_sets(name):
    """Their inputs are dampack's (GPL), so they are not copied here."""
    folder = os.environ.get("NETCEA_REFERENCE", "")
    path = Path(folder) / "cea.json"
    if not folder or not path.is_file():
        pytest.skip("set NETCEA_REFERENCE to a folder with dampack's tables (cea.json)")
    check_against_dampack(json.loads(path.read_text("utf8"))["dampack_icers"][name])


@given(POINTS)
def test_frontier_is_what_some_threshold_would_buy(points):
    """The frontier is what has most net benefit at some threshold: the linear programme, by force."""
    slopes = {(c1 - c0) / (q1 - q0) for c0, q0 in points for c1, q1 in points if q1 != q0 and (c1 - c0) * (q1 - q0) > 0}
    ordered = sorted(slopes)
    middles = [(a + b) / 2 for a, b in itertools.pairwise(ordered)]
    thresholds = [1e-6, *ordered, *middles, 1e6]
    bought = set()
    for threshold in thresholds:
        best = max(threshold * q - c for c, q in points)
        ties = {p for p in points if threshold * p[1] - p[0] >= best - 1e-7}
        bought |= ties
    # at threshold 1e-6 QALYs only decide between equal costs, and at 1e6 costs between equal QALYs
    kept = {(row.costs, row.qalys) for row in table(points) if row.label == ""}
    assert kept == {p for p in bought if not any(dominates(o, p) for o in points)}


def dominates(other, point):
    return other != point and other[0] <= point[0] and other[1] >= point[1]


@given(POINTS)
def test_dominance_by_its_definition(points):
    for row in table(points):
        point = (row.costs, row.qalys)
        assert (row.label == "dominated") == any(dominates(other, point) for other in points)
        if row.label == "dominated":
            assert row.incremental_costs >= 0.0
            assert row.incremental_qalys <= 0.0


@given(POINTS)
def test_icers_rise_along_the_frontier_and_none_is_negative(points):
    rows = table(points)
    assert [row.costs for row in rows] == sorted(row.costs for row in rows)
    frontier = [row for row in rows if row.label == ""]
    assert frontier[0].versus is None
    assert frontier[0].icer is None
    icers = [row.icer for row in frontier[1:]]
    assert all(icer > 0.0 for icer in icers)
    assert all(b >= a * (1 - 1e-11) for a, b in itertools.pairwise(icers))
    for before, row in itertools.pairwise(frontier):
        assert row.versus == before.strategy
        assert row.icer == (row.costs - before.costs) / (row.qalys - before.qalys)
    for row in rows:
        if row.label:
            assert row.icer is None
            assert row.versus is not None


@settings(max_examples=50)
@given(POINTS, st.randoms(use_true_random=False))
def test_order_given_does_not_matter(points, random):
    names = [f"s{i}" for i in range(len(points))]
    rows = list(zip(names, points, strict=True))
    random.shuffle(rows)
    shuffled = fully_incremental([n for n, _ in rows], [p[0] for _, p in rows], [p[1] for _, p in rows])
    assert shuffled == table(points)


def test_equal_strategies_are_named_and_not_lost():
    rows = fully_incremental(["b", "a", "c"], [5.0, 5.0, 9.0], [1.0, 1.0, 2.0], [2.0, 2.0, 3.0])
    assert [(r.strategy, r.versus, r.label) for r in rows] == [("a", None, ""), ("b", "a", "equal"), ("c", "a", "")]
    assert rows[2].incremental_life_years == 1.0


def test_rounding_is_neither_dominance_nor_an_icer():
    rows = fully_incremental(["a", "b"], [5.0, 5.0 + 1e-9], [1.0, 1.0 - 1e-12])
    assert rows[1].label == "equal"
    for step in range(1, 60):
        line = [0.1 * step * i for i in range(4)]
        assert [row.label for row in fully_incremental("abcd", line, [0.7 * x for x in line])] == [""] * 4


def test_extended_dominance_through_an_extendedly_dominated_strategy():
    rows = {r.strategy: r for r in fully_incremental("ABCD", [0.0, 5.0, 6.0, 10.0], [0.0, 2.0, 1.0, 10.0])}
    assert rows["B"].label == "extendedly dominated"
    assert (rows["C"].label, rows["C"].versus) == ("dominated", "B")
    assert rows["D"].icer == 1.0


@pytest.mark.parametrize(
    ("costs", "qalys", "icer", "label"),
    [
        (30_000.0, 1.5, 20_000.0, ""),
        (-30_000.0, -1.5, 20_000.0, "cost saved per QALY lost"),
        (-1.0, 1.0, None, "dominant"),
        (0.0, 1.0, None, "dominant"),
        (-1.0, 0.0, None, "dominant"),
        (1.0, -1.0, None, "dominated"),
        (1.0, 0.0, None, "dominated"),
        (1.0, 1e-15, None, "dominated"),
        (0.0, -1.0, None, "dominated"),
        (0.0, 0.0, None, "equal"),
        (1e-9, -1e-12, None, "equal"),
    ],
)
def test_words_of_every_quadrant(costs, qalys, icer, label):
    assert compare(costs, qalys) == (icer, label)
    row = pairwise(["new", "old"], [costs, 0.0], [qalys, 0.0], "old")[0]
    assert (row.icer, row.label, row.versus) == (icer, label, "old")


@given(st.floats(-1e6, 1e6), st.floats(-50.0, 50.0))
def test_never_a_negative_icer(costs, qalys):
    icer, _ = compare(costs, qalys)
    assert icer is None or (icer > 0.0 and math.isfinite(icer))


def test_pairwise_keeps_the_order_given_and_the_comparator_out():
    rows = pairwise(["a", "b", "c"], [3.0, 1.0, 2.0], [3.0, 1.0, 2.0], "b", [4.0, 1.5, 2.0])
    assert [row.strategy for row in rows] == ["a", "c"]
    assert [row.incremental_life_years for row in rows] == [2.5, 0.5]
    with pytest.raises(ValueError, match="'d'; expected one of a, b, c"):
        pairwise(["a", "b", "c"], [3.0, 1.0, 2.0], [3.0, 1.0, 2.0], "d")


def test_weight_multiplies_increments_only_losses_too():
    rows = pairwise(["gain", "loss", "old"], [12.0, -12.0, 0.0], [3.0, 1.0, 2.0], "old")
    gain, loss = weighted(rows, 1.2)
    assert (gain.qalys, gain.incremental_qalys, gain.icer) == (3.0, 1.2, pytest.approx(10.0))
    assert (loss.qalys, loss.incremental_qalys, loss.icer) == (1.0, -1.2, pytest.approx(10.0))
    assert (gain.label, loss.label) == ("", "cost saved per QALY lost")
    assert (gain.incremental_costs, loss.incremental_costs) == (12.0, -12.0)
    first = weighted(fully_incremental(["a"], [1.0], [1.0]), 1.7)[0]
    assert (first.icer, first.incremental_qalys) == (None, None)


@pytest.mark.parametrize("noise", [0.0, 1e-10, -1e-10])
def test_rounding_errors_of_costs_order_nothing(noise):
    """Sums of the same amounts in another order, in another program: the strategy with more QALYs comes first."""
    rows = fully_incremental(["a", "b", "c"], [100.0, 100.0 + noise, 50.0], [1.0, 2.0, 0.5])
    assert [(row.strategy, row.versus, row.label) for row in rows] == [
        ("c", None, ""),
        ("b", "c", ""),
        ("a", "b", "dominated"),
    ]


@pytest.mark.parametrize("noise", [0.0, 1e-13, -1e-13])
def test_rounding_errors_of_qalys_choose_no_dominator(noise):
    rows = fully_incremental(["a", "b", "c"], [10.0, 10.0, 20.0], [2.0, 2.0 + noise, 1.0])
    assert [(row.strategy, row.versus, row.label) for row in rows] == [
        ("a", None, ""),
        ("b", "a", "equal"),
        ("c", "a", "dominated"),
    ]
