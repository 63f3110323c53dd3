"""Units of a dose that go together: mg per m2 with a body surface, mg per kg with a weight, mg with neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.errors import Place, Problem
from netcea.plain_number import read
from netcea.quantities.key_path import join_address
from netcea.quantities.quantity import Quantity
from netcea.scenario.scenario import ScenarioFile

SIZES: Final[Mapping[str, tuple[str, str]]] = {
    "mg/m2": ("m2", "a body surface in m2"),
    "mg/kg": ("kg", "a weight in kg"),
}
"""Unit of a dose -> unit of the body size that goes with it, and its words."""
DOSES: Final = ("mg", *SIZES)


def dose_unit_faults(
    file: ScenarioFile, quantities: Mapping[str, Quantity], place: Callable[[str], Place]
) -> Iterator[Problem]:
    """Yield doses, vials and body sizes whose units do not go together.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    quantities : mapping of address -> Quantity
        The numbers that were looked up.
    place : callable
        Address in the scenario -> where it stands.
    """
    for name, item in file.costs.items():
        if not isinstance(item, DrugAcquisition):
            continue
        for number, (window, phase) in enumerate(item.phases()):
            if phase.dose not in quantities or (number and not {"dose", "vial_mg"} & window.different.keys()):
                continue
            units = {
                field: quantities[address].unit
                for field in ("vial_mg", "dose", "body_size_mean", "body_size_sd")
                if (address := getattr(phase, field)) in quantities
            }
            for field, expected in _wrong(units):
                address = getattr(phase, field)
                found = f"{address}, {read(quantities[address].value)} {units[field]}, with a dose in {units['dose']}"
                of_window = ("windows", number) if field in window.different else ()
                yield place(join_address(("costs", name, *of_window, field))).problem(found, expected)


def _wrong(units: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the field whose unit does not fit, and what was expected of it."""
    dose = units["dose"]
    if dose not in DOSES:
        yield "dose", f"a dose in one of {', '.join(DOSES)}"
        return
    if units.get("vial_mg", "mg") != "mg":
        yield "vial_mg", "the content of a vial in mg"
    unit, words = SIZES.get(dose, ("", "no body size, or a dose in mg/m2 or mg/kg"))
    for field in ("body_size_mean", "body_size_sd"):
        if field in units and units[field] != unit:
            yield field, words
    if unit and "body_size_mean" not in units:
        yield "dose", f"{words} beside it (body_size_mean, body_size_sd), or a dose in mg"
