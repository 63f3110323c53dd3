"""Kernel-smoothed hazards: the kernels' moments, a slow twin, known hazards, too few data."""

import numpy as np
import pytest

from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.smoothed_hazard import boundary_kernel, smoothed_hazard


@pytest.mark.parametrize("at", [0.0, 0.3, 0.9, 1.0, 5.0, 9.0, 9.4, 10.0])
def test_kernels_keep_constants_and_lines_at_both_ends(at):
    events = np.linspace(0.0, 10.0, 200_001)
    weight = boundary_kernel(np.array([at]), events, 1.0, 0.0, 10.0)[0]
    step = events[1] - events[0]
    assert weight.sum() * step == pytest.approx(1.0, abs=1e-3)
    assert (weight * (events - at)).sum() * step == pytest.approx(0.0, abs=1e-3)


def test_inside_it_is_epanechnikovs():
    z = np.linspace(-1.2, 1.2, 13)
    expected = np.where(np.abs(z) <= 1.0, 0.75 * (1.0 - z**2), 0.0)
    assert boundary_kernel(np.array([5.0]), 5.0 - z, 1.0, 0.0, 10.0)[0] == pytest.approx(expected, abs=1e-12)


def test_ends_mirror_each_other():
    events = np.array([0.1, 0.5, 1.1])
    left = boundary_kernel(np.array([0.2]), events, 1.0, 0.0, 10.0)
    right = boundary_kernel(np.array([9.8]), 10.0 - events, 1.0, 0.0, 10.0)
    assert left == pytest.approx(right, abs=1e-12)


def test_equals_a_slow_twin():
    random = np.random.default_rng(1)
    time, event = np.ceil(20.0 * random.random(60)), (random.random(60) < 0.7).astype(float)
    found = smoothed_hazard(kaplan_meier(time, event), bandwidth=3.0)
    i = 50
    t, last = found.times[i], max(at for at in time if (time >= at).sum() >= 10)
    assert found.times[-1] == last - 1.5
    assert 3.0 < t < last - 3.0
    hazard = variance = 0.0
    for at in np.unique(time[event == 1.0]):
        z = (t - at) / 3.0
        if abs(z) <= 1.0 and at <= last:
            weight = 0.75 * (1.0 - z**2) / 3.0
            died, at_risk = ((time == at) & (event == 1.0)).sum(), (time >= at).sum()
            hazard += weight * died / at_risk
            variance += weight**2 * died / at_risk**2
    assert found.hazard[i] == pytest.approx(hazard, rel=1e-12)
    assert found.high[i] == pytest.approx(hazard * np.exp(1.959963984540054 * variance**0.5 / hazard), rel=1e-9)
    assert found.low[i] * found.high[i] == pytest.approx(hazard**2, rel=1e-9)


def test_the_band_holds_a_known_hazard_most_of_the_time():
    random = np.random.default_rng(4)
    inside = []
    for _ in range(60):
        time, censored = 10.0 * random.weibull(1.5, 200), random.uniform(5.0, 20.0, 200)
        found = smoothed_hazard(kaplan_meier(np.minimum(time, censored), (time <= censored).astype(float)))
        i = 40
        true = 0.15 * (found.times[i] / 10.0) ** 0.5
        inside.append(found.low[i] <= true <= found.high[i])
    assert 0.85 <= np.mean(inside) <= 1.0


def test_late_entry_begins_where_enough_are_at_risk():
    time, entry = np.arange(1.0, 61.0), np.concatenate([np.zeros(5), np.full(55, 0.0)])
    entry[5:] = 4.0
    found = smoothed_hazard(kaplan_meier(time, np.ones(60), entry))
    assert found.times[0] >= 4.0
    assert found.fewest_at_risk == 10.0
    assert found.times[-1] == pytest.approx(51.0 - found.bandwidth / 2.0)  # ten are at risk at 51


@pytest.mark.parametrize(
    "data",
    [
        (np.array([1.0, 2.0, 3.0]), np.ones(3)),
        (np.full(30, 5.0), np.ones(30)),
        (np.arange(1.0, 31.0), np.zeros(30)),
        (np.array([0.0]), np.zeros(1)),
    ],
    ids=["three patients", "ties everywhere", "no event", "one patient at 0"],
)
def test_too_few_data_are_not_smoothed(data):
    assert smoothed_hazard(kaplan_meier(*data)) is None


def test_weights_below_one_are_answered():
    found = smoothed_hazard(kaplan_meier(np.arange(1.0, 41.0), np.ones(40), weight=np.full(40, 0.01)))
    assert np.isfinite(found.hazard).all()
