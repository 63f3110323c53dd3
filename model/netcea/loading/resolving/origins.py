"""What inputs/ says of where a number comes from: its value set, its trial, its data cut."""

from __future__ import annotations

from typing import Literal, TypeAlias

from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.numbers import Numbers

Origin: TypeAlias = Literal["value_set", "instrument", "trial", "data_cut", "applies"]


def origin(inputs: Inputs, address: str, what: Origin) -> str:
    """Return what a number's own entry says, or else the `about` of the nearest group above it; empty: not stated.

    Parameters
    ----------
    inputs : Inputs
        Overrides applied.
    address : str
        Of a number or a table.
    what : {'value_set', 'instrument', 'trial', 'data_cut', 'applies'}
        What is asked.
    """
    return inputs.origin(address, what)


def trial_names(numbers: Numbers) -> dict[str, str]:
    """Return address -> the trial, or the cohort of one, of each number that inputs/ says it of.

    Parameters
    ----------
    numbers : Numbers
        What was looked up.
    """
    found = {address: origin(numbers.inputs, address, "trial") for address in sorted(numbers.quantities)}
    return {address: trial for address, trial in found.items() if trial}
