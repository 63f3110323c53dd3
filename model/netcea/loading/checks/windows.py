"""Windows of time that follow each other: those in which a drug is paid, and the limits of other costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.errors import Place, Problem
from netcea.plain_number import read
from netcea.quantities.key_path import join_address
from netcea.quantities.quantity import Quantity
from netcea.scenario.scenario import ScenarioFile


def window_faults(
    file: ScenarioFile, quantities: Mapping[str, Quantity], factors: Mapping[str, float], place: Callable[[str], Place]
) -> Iterator[Problem]:
    """Yield windows of a drug that overlap, are out of order, or end before they start.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    quantities : mapping of address -> Quantity
        The numbers that were looked up.
    factors : mapping of address -> float
        Own unit to years.
    place : callable
        Address in the scenario -> where it stands.
    """
    times = _Times(quantities, factors)
    for name, item in file.costs.items():
        if isinstance(item, DrugAcquisition):
            for path, found, expected in _of_drug(item, times):
                hint = "list windows in order of time; they may share a limit, and leave time between them unpaid"
                yield place(join_address(("costs", name, *path))).problem(found, expected, hint)


class _Times:
    """Times of windows, in years and in words; those that could not be looked up are None."""

    def __init__(self, quantities: Mapping[str, Quantity], factors: Mapping[str, float]) -> None:
        self._quantities, self._factors = quantities, factors

    def years(self, address: str | None) -> float | None:
        """Return a time [years]."""
        quantity = self._quantities.get(address or "")
        return None if quantity is None or address is None else quantity.value * self._factors[address]

    def words(self, address: str | None) -> str:
        """Return a time as the file has it."""
        quantity = self._quantities[address or ""]
        return f"{read(quantity.value)} {quantity.unit}"


def _of_drug(item: DrugAcquisition, times: _Times) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with windows: where, what was found, what was expected."""
    reached, until = 0.0, ""
    for number, window in enumerate(item.windows or []):
        starts, ends = times.years(window.starts), times.years(window.ends)
        if starts is not None and starts < reached:
            found = f"a window from {times.words(window.starts)}, after one that lasts until {until}"
            yield ("windows", number, "starts"), found, f"a start at {until} or later"
        first = 0.0 if starts is None else starts
        if ends is not None and ends <= first:
            begins = "the start" if starts is None else times.words(window.starts)
            found = f"a window from {begins} to {times.words(window.ends)}"
            yield ("windows", number, "ends"), found, f"a time after {begins}"
        if ends is not None and ends > reached:
            reached, until = ends, times.words(window.ends)
