"""Data cuts: numbers of one trial that were read at different times must not be mixed in one analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcea.errors import ModelWarning
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.origins import origin
from netcea.loading.resolving.trials import FOLLOW_UP
from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.scenario.scenario import BESIDE_THE_MODEL, ScenarioFile

MOST: Final = 3
"""Numbers of a cut that a warning names."""
DESCRIBES: Final = (FOLLOW_UP, "patients_")
"""Figures of a trial that describe it and are no result."""


def data_cut_warnings(file: ScenarioFile, numbers: Numbers) -> Iterator[ModelWarning]:
    """Yield a warning for each trial of which numbers of several data cuts are in use.

    A number of which inputs/ states no trial or no cut is left out, as is what is only shown beside a curve
    (`published`) or belongs to analyses of other data (`analyses`).

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    numbers : Numbers
        What was looked up.
    """
    trials: dict[str, dict[str, list[str]]] = {}
    for address in sorted(_in_use(file, numbers)):
        if address.rpartition(".")[2].startswith(DESCRIBES):
            continue
        trial, cut = origin(numbers.inputs, address, "trial"), origin(numbers.inputs, address, "data_cut")
        if trial and cut:
            trials.setdefault(trial, {}).setdefault(cut, []).append(address)
    for trial, cuts in trials.items():
        if len(cuts) > 1:
            parts = [f"{cut}: {_words(addresses, numbers)}" for cut, addresses in cuts.items()]
            fewest = min(cuts.values(), key=len)
            message = (
                f"data cuts of {trial} are mixed, which the evidence forbids: {'; '.join(parts)}. "
                "Take every number of the trial from one cut, or say why not in the scenario's rationale"
            )
            yield ModelWarning("data_cuts", fewest[0], message)


def _in_use(file: ScenarioFile, numbers: Numbers) -> set[str]:
    """Return the addresses of numbers and tables on which results rest."""
    found: set[str] = set()
    for use in addresses_in(file):
        if use.path[0] in BESIDE_THE_MODEL or "published" in use.path:
            continue
        if use.kind.is_group:
            found |= {address for address in numbers.quantities if address.startswith(f"{use.address}.")}
        else:
            found.add(use.address)
    return found


def _value(address: str, numbers: Numbers) -> str:
    quantity = numbers.quantities.get(address)
    if quantity is None:
        return address
    unit = "" if quantity.unit in ("proportion", "ratio", "parameter") else f" {quantity.unit}"
    return f"{address} ({read(quantity.value)}{unit})"


def _words(addresses: list[str], numbers: Numbers) -> str:
    """Return the first numbers of a cut with their values."""
    curves_first = sorted(addresses, key=lambda address: not address.startswith("survival."))
    named = [_value(address, numbers) for address in curves_first[:MOST]]
    more = len(addresses) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
