"""What a number may be: by its unit, at its place, as a curve's parameter; the words of a refusal."""

import numpy as np
import pytest

from netcea.errors import Place
from netcea.quantities.limits import Limits, any_outside, ends_of, limits_at, problems_of


@pytest.mark.parametrize(
    ("limits", "value", "slip"),
    [
        (Limits.of_parameter("log", "parameter", "os.rate"), -3.2, "exp(-3.2) = 0.0408"),
        (Limits.of_parameter("logit", "parameter", "os.cure_fraction"), -1.0, "1 / (1 + exp(1)) = 0.269"),
        (Limits.of_unit("ratio"), -0.5, "exp(-0.5) = 0.607"),
        (Limits.of_unit("proportion"), 12.0, "12% is 0.12"),
        (limits_at(("x", "os", "shape", "weibull"), "parameter"), -0.1, "exp(-0.1) = 0.905"),
        (Limits.of_unit("GBP"), -3.0, ""),
    ],
)
def test_a_refusal_says_what_the_value_may_be_instead(limits, value, slip):
    (problem,) = problems_of([limits], value, Place("here"))
    assert problem.suggestion.endswith(slip)
    assert bool(problem.suggestion) == bool(slip)


def test_limits_of_a_place_are_in_the_numbers_own_unit():
    assert limits_at(("costs", "x", "pack_days"), "days").low == pytest.approx(0.1)
    assert limits_at(("costs", "x", "pack_days"), "weeks").low == pytest.approx(0.1 / 7.0)
    assert limits_at(("costs", "x", "price_per_pack"), "GBP") is None
    assert limits_at(("strategies", "x", "os", "parameters", "sdlog"), "parameter", "log_normal").high == 20.0


def test_what_is_not_finite_is_outside():
    every = Limits.of_parameter("identity", "parameter", "x")
    assert every.outside(np.array([np.nan, np.inf, -1e300])).tolist() == [True, True, False]
    closed, estimated = (Limits.of_parameter("logit", "parameter", "x", closed=c) for c in (True, False))
    ends = np.array([0.0, 1.0])
    assert closed.outside(ends).tolist() == [False, False]
    assert estimated.outside(ends).tolist() == [True, True]


def test_several_limits_hold_together():
    both = (Limits.of_unit("ratio"), Limits("ratio", 0.001, 1000.0, used_as="x"))
    assert ends_of(both) == (0.001, 1000.0, False)
    assert any_outside(both, np.array([0.0, 5e-4, 1.0, 2000.0])).tolist() == [True, True, False, True]
    assert [p.found for p in problems_of(both, -1.0, Place())] == ["-1"]  # told once, by the unit
