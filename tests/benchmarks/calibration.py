"""CPU seconds that can be compared: each is divided by the time of a fixed loop that ran beside it.

A calibrated second is the work that a processor does in one second if it needs `REFERENCE` seconds for the loop:

    calibrated = CPU seconds x REFERENCE / CPU seconds of the loop here and now

What slows the loop slows the measurement beside it: a slower processor, a lower clock, neighbours in its cache. The loop
is pure Python and NumPy, as the program is. A part of it is `exp`, which processors with AVX-512 compute several times
quicker than others while the rest is not: between such machines calibration is rough, within one it is not.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Final

import numpy as np

REFERENCE: Final = 0.033
"""CPU seconds of the loop on the machine whose seconds are the unit: by definition, near to the one of the limits."""
STEPS: Final = 250_000
"""Turns of the pure Python part: a look into a dict, a product, a sum, a call."""
PASSES: Final = 24
"""Passes of the NumPy part over an array of 1 MB: a product and an `exp` each."""
NOISY: Final = 1.25
"""Ratio of the slowest loop to the median one beyond which a machine is called busy."""


def fixed_loop() -> float:
    """Return a number, after work that is always the same."""
    kept: dict[int, float] = {}
    for step in range(STEPS):
        place = step & 1023
        kept[place] = 0.5 * kept.get(place, 0.0) + abs(place - 512)
    numbers = np.linspace(0.0, 5.0, 131_072)
    product, decayed = np.empty_like(numbers), np.empty_like(numbers)
    for turn in range(PASSES):
        np.multiply(numbers, -0.01 * turn, out=product)
        np.exp(product, out=decayed)
    return sum(kept.values()) + float(decayed.sum())


def loop_seconds() -> float:
    """Return the CPU seconds of one fixed loop."""
    start = time.process_time()
    fixed_loop()
    return time.process_time() - start


def calibrated(seconds: float, loops: Sequence[float]) -> float:
    """Return calibrated seconds.

    Parameters
    ----------
    seconds : float
        CPU seconds of what was measured.
    loops : sequence of float
        CPU seconds of the loops that ran beside it.
    """
    return seconds * REFERENCE / statistics.mean(loops)
