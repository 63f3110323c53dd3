"""What goes with a log-normal number that is moved: by hand, from the table of correlations of inputs/."""

from __future__ import annotations

import math


def with_partners(scenario, address, value):
    """Address -> value of a number at a value, and of those that inputs/ correlates with it at their conditional means."""
    found = {address: float(value)}
    for block in scenario.correlated:
        if address in block.addresses:
            own = scenario.quantities[address]
            z = math.log(value / own.value) / own.uncertainty.given.log_standard_error
            for other in set(block.addresses) - {address}:
                quantity = scenario.quantities[other]
                away = block.between(address, other) * z * quantity.uncertainty.given.log_standard_error
                found[other] = quantity.value * math.exp(away)
    return found
