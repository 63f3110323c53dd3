"""What tables call the numbers of a scenario."""

from __future__ import annotations

from netcea.scenario.scenario import Scenario


def label_of(scenario: Scenario, address: str) -> str:
    """Return what tables call a number: its label, or its address.

    Parameters
    ----------
    scenario : Scenario
        That uses it, or does not.
    address : str
        Of the number.
    """
    quantity = scenario.quantities.get(address)
    return (quantity.label if quantity is not None else "") or address
