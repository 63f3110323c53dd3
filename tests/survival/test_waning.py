"""Waning: sudden ends split a cycle, fading is linear, and what happens after the end is the other's hazard."""

import numpy as np
import pytest

from netcea.survival.moments import Moments, from_rises, hazard_at, hazard_at_own_times, rise_in_cycles
from netcea.survival.waning import cycles_of_effect, own_weights, waned

EDGES = np.arange(0.0, 10.5, 0.5)
OWN, OTHER = 0.3, 0.8
"""Constant hazards. [per year]"""


def curve(starts, ends):
    """Cumulative hazard of a constant hazard that wanes towards another, each row with its own times."""
    starts, ends = (np.array(x, float).reshape(-1, 1) for x in (starts, ends))
    weight, sudden = own_weights(starts, ends, EDGES)
    last = cycles_of_effect(weight)
    own, other = (rate * EDGES[np.newaxis] for rate in (OWN, OTHER))
    return waned(own[:, : last + 1], other, weight, sudden, EDGES, lambda t: (OWN * t, OTHER * t))


@pytest.mark.parametrize("end", [0.0, 0.2, 0.5, 3.0, 3.3, 9.75, 10.0, 25.0])
def test_a_sudden_end_is_exact_wherever_it_falls(end):
    expected = OWN * np.minimum(EDGES, end) + OTHER * np.maximum(EDGES - end, 0.0)
    assert curve(end, end)[0] == pytest.approx(expected, abs=1e-12)


def test_fading_is_linear_in_time():
    """In the limit of short cycles the hazard is a straight line; at the end the mean of both was added."""
    found = curve(2.0, 6.0)[0]
    at_end = found[EDGES == 6.0][0]
    assert at_end == pytest.approx(2.0 * OWN + 4.0 * (OWN + OTHER) / 2.0, rel=1e-12)
    assert found[EDGES >= 6.0] - at_end == pytest.approx(OTHER * (EDGES[EDGES >= 6.0] - 6.0), abs=1e-12)


def test_rows_do_not_depend_on_the_rows_beside_them():
    times = ([1.0, 3.3, 4.0, 30.0], [1.0, 3.3, 7.0, 30.0])
    together = curve(*times)
    for row, (starts, ends) in enumerate(zip(*times, strict=True)):
        assert together[row] == pytest.approx(curve(starts, ends)[0], abs=1e-12)


def test_hazards_between_edges():
    rises = np.random.default_rng(1).uniform(0.0, 1.0, (3, 20))
    hazard = from_rises(rises)
    assert rise_in_cycles(hazard) == pytest.approx(rises)
    t = np.array([0.0, 0.25, 4.9, 10.0, 12.0])
    shared = hazard_at(hazard, Moments.between(EDGES, t))
    assert shared == pytest.approx(hazard_at_own_times(EDGES, hazard, t[np.newaxis]), rel=1e-14)
    inside = t <= EDGES[-1]
    for row in range(3):
        assert shared[row, inside] == pytest.approx(np.interp(t[inside], EDGES, hazard[row]), rel=1e-12)
        assert shared[row, -1] == pytest.approx(hazard[row, -1] + 4.0 * rises[row, -1], rel=1e-12)


def test_moments_that_are_the_first_edges_are_known_as_such():
    assert Moments.between(EDGES, EDGES[:4]).edges_from_start
    assert not Moments.between(EDGES, EDGES[1:4]).edges_from_start
