"""Loss of accrued benefit: survival itself moves to the other strategy's until both curves meet."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array


def gain_lost(own: Array, other: Array, share: Array) -> Array:
    """Cumulative hazard of a curve whose survival, and not only its hazard, moves to another's.

    Parameters
    ----------
    own, other : Array (draw, edge)
        Cumulative hazards without waning, and of the curve towards which it wanes. [1]
    share : Array (draw, edge)
        What is left of the effect at each edge, 1 to 0. [share]

    Returns
    -------
    Array (draw, edge)
        [1]

    Notes
    -----
    S(t) = w(t) S_own(t) + (1 - w(t)) S_other(t), and never more than before: nobody rises from the dead. Where the own
    curve is below the other's, it stays where it is until the other comes down to it.

    References
    ----------
    NICE PMG36, 4.2.24: among alternatives for the effect beyond the evidence, that it is lost.

    Examples
    --------
    Hazards of 1 and 2; half of the effect is left after a year, nothing after two.

    >>> t = np.arange(4.0)[np.newaxis]
    >>> h = gain_lost(t, 2.0 * t, np.array([[1.0, 0.5, 0.0, 0.0]]))
    >>> np.exp(-h).round(4).tolist(), round(float(np.exp(-1.0) + np.exp(-2.0)) / 2.0, 4)
    ([[1.0, 0.2516, 0.0183, 0.0025]], 0.2516)
    """
    with np.errstate(divide="ignore"):
        mixed = -np.log(share * np.exp(-own) + (1.0 - share) * np.exp(-other))
    h = np.where(share >= 1.0, own, np.where(share <= 0.0, other, mixed))
    return np.asarray(np.maximum.accumulate(h, axis=1), dtype=np.float64)
