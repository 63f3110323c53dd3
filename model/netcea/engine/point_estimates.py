"""The one row of parameters of a base case: every quantity at its point estimate."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws, from_real_line
from netcea.scenario.scenario import Scenario


def base_case(scenario: Scenario) -> Draws:
    """Return the one row of point estimates.

    Parameters
    ----------
    scenario : Scenario
        Its quantities as published, with their factors; estimates of what was fitted.

    Returns
    -------
    Draws
        One row, in model units.
    """
    values = [quantity.value * scenario.factors[address] for address, quantity in scenario.quantities.items()]
    columns: dict[str, Array] = dict(zip(scenario.quantities, np.array(values).reshape(-1, 1, 1), strict=True))
    for joint in scenario.joint:
        for address, scale, estimate in zip(joint.addresses, joint.scales, joint.estimates, strict=True):
            if address not in columns:  # a number of inputs/ that was estimated with others stands there as published
                columns[address] = from_real_line(np.array([[estimate]]), scale)
    return Draws(1, columns)
