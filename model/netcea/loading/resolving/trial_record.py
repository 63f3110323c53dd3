"""What the files of inputs/ hold of trials beside the numbers in use: counts, and times of patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from netcea.errors import InputError
from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.tables import content_of
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import DataTable
from netcea.quantities.units import UNITS
from netcea.scenario.trial_record import ObservedArm, TrialRecord

COUNTS: Final = ("patients", "deaths")
"""Units of what a trial counts."""
FOLLOW_UP: Final = "follow_up"
ENDPOINTS: Final = ("pfs", "os", "ttd")


def trial_record(inputs: Inputs, addresses: Iterable[str]) -> TrialRecord:
    """Return what the files in which some numbers stand hold of their trials; what cannot be read is left out.

    Parameters
    ----------
    inputs : Inputs
        Where they stand.
    addresses : iterable of str
        Of numbers of a trial: ``survival.<file>.<...>``.
    """
    files = dict.fromkeys(".".join(address.split(".")[:2]) for address in addresses)
    nodes = [(address, _node(inputs, address)) for file in files for address in inputs.below(file)]
    counts = {address: node for address, node in nodes if isinstance(node, Quantity) and _is_count(address, node)}
    tables = [(address, node) for address, node in nodes if isinstance(node, DataTable)]
    return TrialRecord(counts, tuple(arm for address, node in tables for arm in _arms(inputs, address, node)))


def _node(inputs: Inputs, address: str) -> object:
    try:
        return inputs.node(address)
    except (InputError, KeyError):
        return None


def _is_count(address: str, quantity: Quantity) -> bool:
    return quantity.unit in COUNTS or address.rpartition(".")[2].startswith(FOLLOW_UP)


def _arms(inputs: Inputs, address: str, node: DataTable) -> Iterator[ObservedArm]:
    """Yield each arm of a table of patients' times whose name says the endpoint and whose column says the unit."""
    endpoint = next((e for e in ENDPOINTS if e in address.rpartition(".")[2].split("_")), "")
    unit = next((u for u in UNITS if u in node.columns.get("time", "").split()), "")
    if node.kind != "patient_times" or not endpoint or UNITS.get(unit, UNITS["ratio"]).dimension != "duration":
        return
    try:
        content = content_of(inputs, address, node)
    except InputError:
        return
    arms = np.array(content["arm"])
    times, events = np.array(content["time"], dtype=float), np.array(content["event"], dtype=float)
    for arm in dict.fromkeys(content["arm"]):
        of_it = arms == arm
        yield ObservedArm(address, endpoint, arm, times[of_it] * UNITS[unit].to_model, events[of_it], node.note)
