"""Person-time in windows near their ends is that of weights over all cycles; a row does not depend on its neighbours."""

import numpy as np
import pytest

from netcea.cohort.timeline import edge_weights, person_time_weights, timeline, window_fraction
from netcea.cohort.windows import person_time_within, windows_alike


@pytest.mark.parametrize("correction", ["trapezium", "start", "end"])
@pytest.mark.parametrize("cycle_days", [7.0, 100.0])
def test_the_same_as_over_all_cycles(cycle_days, correction):
    time, rng = timeline(10.0, cycle_days), np.random.default_rng(1)
    start, end = person_time_weights(time, correction)
    times = np.concatenate([time.edges, [0.0, 0.3, 1.234, 5.0, 9.99, 10.0, 12.0, np.inf]])
    rows = 40
    share, factor = rng.random((rows, time.n_cycles + 1)), rng.random((rows, time.n_cycles))
    for low, high in ((1, rows), (rows, 1), (rows, rows), (1, 1)):
        window = rng.choice(times[:-1], (low, 1)), rng.choice(times, (high, 1))
        found = person_time_within(share, windows_alike(time.edges, *window), start, end, factor)
        weights = edge_weights(start, end, window_fraction(time.edges, *window) * factor)
        assert found == pytest.approx(np.vecdot(share, weights), rel=1e-12, abs=1e-15)
        for row in (0, 7, rows - 1):
            own = [x if len(x) == 1 else x[[row]] for x in window]
            alone = person_time_within(
                share[[row]], windows_alike(time.edges, *own), start, end, np.ascontiguousarray(factor[[row]])
            )
            assert alone[0] == found[row], "to the last bit"
