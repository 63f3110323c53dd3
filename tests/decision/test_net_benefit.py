"""Net benefit: by hand, its two scales, and its agreement with the ICER."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.decision.incremental import compare
from netcea.decision.net_benefit import incremental_nhb, incremental_nmb, nhb, nmb

MONEY, HEALTH = st.floats(-1e5, 1e5), st.floats(-10.0, 10.0)


@given(MONEY, HEALTH, st.floats(1.0, 1e5))
def test_two_scales_of_one_number(costs, qalys, threshold):
    assert nmb(costs, qalys, threshold) == pytest.approx(threshold * nhb(costs, qalys, threshold), abs=1e-6)
    assert incremental_nmb(costs, qalys, threshold) == nmb(costs, qalys, threshold)
    assert incremental_nhb(costs, qalys, threshold) == nhb(costs, qalys, threshold)


@given(st.floats(1.0, 1e5), st.floats(0.01, 10.0), st.floats(1.0, 1e5))
def test_positive_exactly_where_the_icer_is_below_the_threshold(costs, qalys, threshold):
    icer, _ = compare(costs, qalys)
    if abs(icer - threshold) > 1e-6 * threshold:
        assert (incremental_nmb(costs, qalys, threshold) > 0.0) == (icer < threshold)
    lost, _ = compare(-costs, -qalys)
    if abs(lost - threshold) > 1e-6 * threshold:
        assert (incremental_nmb(-costs, -qalys, threshold) > 0.0) == (lost > threshold)


def test_weight_multiplies_qalys_only():
    assert incremental_nmb(10_000.0, 0.5, 20_000.0, 1.7) == pytest.approx(7_000.0)
    assert incremental_nhb(10_000.0, -0.5, 20_000.0, 1.2) == pytest.approx(-1.1)


def test_draws_and_thresholds():
    costs, qalys = np.array([[1000.0], [3000.0]]), np.array([[0.1], [0.1]])
    found = incremental_nmb(costs, qalys, np.array([20_000.0, 35_000.0]), np.array([[1.0], [1.2]]))
    assert found == pytest.approx(np.array([[1000.0, 2500.0], [-600.0, 1200.0]]))
