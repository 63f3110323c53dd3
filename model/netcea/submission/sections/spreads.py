"""How uncertain numbers of inputs/ are: standard errors of what is sampled, quantiles where none was published."""

from __future__ import annotations

import numpy as np

from netcea.quantities.quantity import Quantity
from netcea.submission.submission import Submission


def standard_errors_of(submission: Submission) -> dict[str, float]:
    """Return the standard deviation of what is sampled, by address: that of the estimate.

    Parameters
    ----------
    submission : Submission
        With a probabilistic analysis; nothing without.
    """
    table = submission.table("psa", "moments")
    if table is None:
        return {}
    return {
        str(address): float(sd)
        for address, sd in zip(table.column("address"), table.column("sd"), strict=True)
        if isinstance(sd, float)
    }


def quantiles_of(quantity: Quantity) -> tuple[float | None, float | None]:
    """Return the 2.5% and 97.5% quantiles of what is drawn; nothing of what is fixed. [`unit`].

    Parameters
    ----------
    quantity : Quantity
        Of which no interval was published.
    """
    if not quantity.is_uncertain:
        return None, None
    low, high = sorted(quantity.quantile(np.array([0.025, 0.975])).tolist())
    return low, high
