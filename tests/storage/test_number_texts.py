"""Numbers as text: as `repr` writes them, every one."""

from __future__ import annotations

import numpy as np
import pytest

from netcea.storage.number_texts import number_texts

RANDOM = np.random.default_rng(1)
SETS = {
    "any bits": RANDOM.integers(0, 2**64, 20_000, dtype=np.uint64).view(np.float64),
    "every size": 10.0 ** RANDOM.uniform(-8.0, 20.0, 20_000) * RANDOM.choice([-1.0, 1.0], 20_000),
    "shares": RANDOM.random(20_000),
    "whole": np.round(10.0 ** RANDOM.uniform(0.0, 20.0, 5_000)),
    "powers of two": np.ldexp(1.0, np.arange(-1074, 1024)),
    "few digits": np.round(RANDOM.normal(0.0, 1e3, 5_000), 2),
    "ends": np.array(
        [0.0, -0.0, 1e-4, np.nextafter(1e-4, 0), 1e16, np.nextafter(1e16, 0), np.inf, -np.inf, np.nan, 5e-324]
    ),
    "integers": RANDOM.integers(-(2**62), 2**62, 1_000),
    "none": np.zeros(0),
}


@pytest.mark.parametrize("name", SETS)
def test_every_number_is_written_as_repr_writes_it(name):
    assert number_texts(SETS[name]) == [repr(value) for value in SETS[name].tolist()]
