"""What a reader can solve for, against intervals that can be worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcea.confidential.audit import SOLVABLE_WITHIN, RevealedResult, audit, verdict

NUMBERS = st.floats(0.0, 1.0)


def shown(value, step):
    return round(value / step) * step


def test_one_price_and_one_result():
    """£100 with £80 of the drug: shown as £72 to the pound, the discount is (100 - 72 -+ 0.5) / 80."""
    (found,) = audit([RevealedResult("costs", 72.0, 1.0, 100.0, {"drug": 20.0})], {"drug": 0.35})
    assert (found.low, found.high) == pytest.approx((27.5 / 80, 28.5 / 80), abs=1e-6)
    assert found.solvable
    assert verdict([found], {"drug": "Drug X"}).startswith("A reader can solve for the price of Drug X")


def test_several_results_are_taken_together():
    """Each alone leaves an interval of 0.125; both leave what they have in common."""
    results = [
        RevealedResult("a", 70.0, 10.0, 100.0, {"drug": 20.0}),
        RevealedResult("b", 60.0, 10.0, 100.0, {"drug": 0.0}),
    ]
    alone = [audit([result], {"drug": 0.36})[0] for result in results]
    (both,) = audit(results, {"drug": 0.36})
    assert [(f.low, f.high) for f in alone] == [
        pytest.approx((25 / 80, 35 / 80), abs=1e-6),
        pytest.approx((0.35, 0.45), abs=1e-6),
    ]
    assert (both.low, both.high) == pytest.approx((0.35, 0.4375), abs=1e-6)


def test_one_result_does_not_determine_two_prices_and_two_do():
    one = RevealedResult("costs", 60.0, 0.1, 100.0, {"a": 60.0, "b": 60.0})
    found = audit([one], {"a": 0.5, "b": 0.5})
    assert [(f.low, f.high) for f in found] == [pytest.approx((0.0, 1.0), abs=1e-6)] * 2
    assert not any(f.solvable for f in found)
    assert "does not give it" in verdict(found, {})
    two = RevealedResult("other", 90.0, 0.1, 100.0, {"a": 80.0, "b": 100.0})
    assert all(f.solvable for f in audit([one, two], {"a": 0.5, "b": 0.5}))


def test_a_result_that_bounds_one_price_by_the_possible_range_of_the_other():
    """100 - 40 a - 40 b = 30 with both at most 1: 40 a + 40 b = 70, so each is at least 0.75."""
    found = audit([RevealedResult("costs", 30.0, 1e-6, 100.0, {"a": 60.0, "b": 60.0})], {"a": 0.9, "b": 0.85})
    assert [(f.low, f.high) for f in found] == [pytest.approx((0.75, 1.0), abs=1e-5)] * 2


def test_prices_that_the_scenario_does_not_use():
    found = audit([RevealedResult("costs", 72.0, 1.0, 100.0, {})], {})
    assert found == ()
    assert verdict(found, {}) == "What remains does not depend on the confidential prices."


def test_nothing_visible_and_what_does_not_depend_on_a_price():
    assert verdict(audit([], {"drug": 0.3}), {}) == "What remains does not depend on the confidential prices."
    found = audit([RevealedResult("qalys", 2.0, 0.1, 2.0, {"drug": 2.0})], {"drug": 0.3})
    assert not found[0].names
    assert not found[0].solvable


def test_a_shown_value_that_no_price_gives_counts_as_solved():
    assert audit([RevealedResult("costs", 500.0, 1.0, 100.0, {"drug": 20.0})], {"drug": 0.3})[0].solvable


@settings(max_examples=60)
@given(NUMBERS, NUMBERS, st.floats(1.0, 5e4), st.floats(1.0, 5e4), st.sampled_from([0.001, 1.0, 100.0, 1e4]))
def test_the_truth_lies_in_the_interval_and_coarser_steps_tell_less(a, b, slope_a, slope_b, step):
    """Whatever is shown, the actual discounts fit it; the interval of one result alone holds that of both."""

    def visible(step, x, y, name):
        value = 1e5 - x * a - y * b
        return RevealedResult(name, shown(value, step), step, 1e5, {"a": 1e5 - x, "b": 1e5 - y})

    one, two = visible(step, slope_a, slope_b, "one"), visible(step, slope_b, slope_a, "two")
    alone, both = audit([one], {"a": a, "b": b}), audit([one, two], {"a": a, "b": b})
    for narrow, wide in zip(both, alone, strict=True):
        assert narrow.low - 1e-5 <= narrow.actual <= narrow.high + 1e-5
        assert wide.low - 1e-5 <= narrow.low
        assert narrow.high <= wide.high + 1e-5


def test_the_limit_is_five_percentage_points():
    assert SOLVABLE_WITHIN == 0.05
    for step, solvable in ((0.05 * 80 - 0.01, True), (0.05 * 80 + 0.01, False)):
        (found,) = audit([RevealedResult("costs", 72.0, step, 100.0, {"drug": 20.0})], {"drug": 0.35})
        assert found.solvable is solvable
