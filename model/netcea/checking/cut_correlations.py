"""Correlations of a data cut's median and hazard ratio: those that inputs/ states, simulated again.

Such a table names the median of the reference arm and the ratio, and its `settings` say what the simulation takes:

- `method`: `METHOD`
- `medians`: the estimate of which the correlation is, `kaplan_meier` or `maximum_likelihood`
- `shape`: address of the shape of both arms' Weibull curves
- `patients`: addresses of the patients of the reference arm and of the other
- `deaths`: addresses of the deaths, to be added, at the cut of the median
- `later_deaths`: the same at the cut of the ratio, where that is a later one
- `replicates`, `seed`
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from netcea.errors import InputError, Problem
from netcea.fitting.cut_correlation import CutResult, DataCut, Together, cut_correlation
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.trial_correlation import REPLICATES
from netcea.loading.merging.inputs import block_of
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.addresses import Kind
from netcea.quantities.tables import CorrelationTable
from netcea.quantities.units import MONTHS_PER_YEAR, Dimension

METHOD: Final = "parametric bootstrap of a data cut"
"""What `settings.method` of such a table says."""
DECIMALS: Final = 3
EXPECTED: Final = (
    "settings {method, medians, shape, patients: [reference, other], deaths: [...], replicates, seed} of addresses"
)
NAMES: Final = 2
"""A median and a ratio."""


def cut_tables(numbers: Numbers) -> Iterator[tuple[str, CorrelationTable]]:
    """Yield the tables that a data cut was simulated for, in order of address.

    Parameters
    ----------
    numbers : Numbers
        Whose inputs/ are gone through.
    """
    for address, raw in sorted(numbers.inputs.all_addresses()):
        if block_of(raw) is CorrelationTable:
            table = numbers.correlation(address, lambda address=address: numbers.inputs.place(address))  # type: ignore[misc]
            if table is not None and table.settings.get("method") == METHOD:
                yield address, table


def checked_cut(numbers: Numbers, address: str, table: CorrelationTable) -> tuple[str, bool]:
    """Return a line or a block of YAML on a table, and whether it is what the simulation gives.

    Parameters
    ----------
    numbers : Numbers
        In which its numbers are looked up.
    address : str
        Of the table.
    table : CorrelationTable
        As it stands.

    Raises
    ------
    InputError
        Its settings are not what the simulation takes, or no such trial can be simulated.
    """
    settings = table.settings
    try:
        if settings["medians"] not in _ESTIMATES:
            raise NotIdentified(f"medians: {settings['medians']}")
        cut = _cut(numbers, address, table)
        found = cut_correlation(cut, int(settings.get("replicates", REPLICATES)), int(settings["seed"]))
    except (KeyError, TypeError, ValueError) as error:
        words = str(error) if isinstance(error, NotIdentified) else f"{type(error).__name__} {error} in its settings"
        place = numbers.inputs.place(f"{address}.settings")
        raise InputError(Problem(place.file, place.line, address, words, EXPECTED)) from None
    chosen = _ESTIMATES[settings["medians"]](found)
    stated = (table.correlation or [[1.0, 0.0]])[0][1], tuple(table.sd or ()), _reported(settings)
    simulated = round(chosen.correlation, DECIMALS), tuple(round(sd, DECIMALS) for sd in chosen.sd), _results(found)
    if stated == simulated:
        return f"{address}: as simulated", True
    return f"{address}: DIFFERS\n{_yaml(chosen, found)}", False


def _cut(numbers: Numbers, address: str, table: CorrelationTable) -> DataCut:
    """Return the trial that a table's settings describe, in years."""
    if len(table.names) != NAMES:
        message = f"{len(table.names)} names; expected a median and a hazard ratio"
        raise NotIdentified(message)
    settings, above = table.settings, address.rpartition(".")[0]
    median, ratio = (f"{above}.{name}" for name in table.names)
    deaths = sum(_value(numbers, a) for a in settings["deaths"])
    later = sum(_value(numbers, a) for a in settings.get("later_deaths", settings["deaths"]))
    reference, other = (_value(numbers, a) for a in settings["patients"])
    figures = _value(numbers, median, "duration"), _value(numbers, ratio, "ratio"), _value(numbers, settings["shape"])
    return DataCut(*figures, (reference, other), deaths, later)


def _value(numbers: Numbers, address: str, *dimensions: Dimension) -> float:
    """Return a number in the model's units; InputError where it is none."""
    numbers.quantity(str(address), Kind(dimensions), lambda: numbers.inputs.place(str(address)))
    numbers.faults.raise_if_any()
    return numbers.model_value(str(address))


def _results(found: CutResult) -> dict[str, Any]:
    """Return what the simulation reports beside the correlation, as `settings` have it."""
    months = {"entry_months": found.entry, "later_months": found.later}
    return {
        **{name: round(years * MONTHS_PER_YEAR, 1) for name, years in months.items()},
        "kaplan_meier_reached": round(found.kaplan_meier.used / found.replicates, DECIMALS),
        "correlation_kaplan_meier": round(found.kaplan_meier.correlation, DECIMALS),
        "correlation_maximum_likelihood": round(found.maximum_likelihood.correlation, DECIMALS),
    }


def _reported(settings: Mapping[str, Any]) -> dict[str, Any]:
    names = ("entry_months", "later_months", "kaplan_meier_reached", *(f"correlation_{name}" for name in _ESTIMATES))
    return {name: settings.get(name) for name in names}


def _yaml(chosen: Together, found: CutResult) -> str:
    """Return the entries of the table that the simulation gives, as they would stand in inputs/."""
    r = f"{chosen.correlation:.{DECIMALS}f}"
    lines = ["correlation:", f"  - [1, {r}]", f"  - [{r}, 1]"]
    lines += [f"sd: [{', '.join(f'{x:.{DECIMALS}f}' for x in chosen.sd)}]", "settings:"]
    lines += [f"  {name}: {value}" for name, value in _results(found).items()]
    return textwrap.indent("\n".join(lines), "    ")


_ESTIMATES: Final[Mapping[str, Callable[[CutResult], Together]]] = {
    "kaplan_meier": lambda found: found.kaplan_meier,
    "maximum_likelihood": lambda found: found.maximum_likelihood,
}
"""What `settings.medians` says -> the estimate in the replicates."""
