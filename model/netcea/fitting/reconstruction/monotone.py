"""The nearest curve that never rises."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array


def never_rising(values: Array) -> Array:
    """Nearest values, by least squares, that never rise: pool adjacent violators.

    Parameters
    ----------
    values : Array (point,)
        In their order. [any]

    Returns
    -------
    Array (point,)
        [as given]

    References
    ----------
    Barlow, Bartholomew, Bremner and Brunk (1972), Statistical inference under order restrictions, 1.2.

    Examples
    --------
    >>> never_rising(np.array([1.0, 0.7, 0.8, 0.5])).tolist()
    [1.0, 0.75, 0.75, 0.5]
    """
    sums: list[float] = []
    counts: list[int] = []
    for value in values.tolist():
        total, count = value, 1
        while sums and sums[-1] / counts[-1] < total / count:
            total, count = total + sums.pop(), count + counts.pop()
        sums.append(total)
        counts.append(count)
    return np.repeat(np.array(sums) / np.array(counts), counts) if sums else np.zeros(0)
