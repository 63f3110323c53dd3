"""Numbers of inputs/ with uncertainties of their own whose errors are correlated: tables of correlations beside them.

A median and a hazard ratio that a trial published come from the same patients. Each has its interval; a table of
correlations, which stands in their group or in one above it, says how their errors go together, on the scales of their
intervals (the logarithm of medians and ratios). Where a scenario draws two or more of them, they are drawn together.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

import numpy as np

from netcea.errors import NOT_DRAWN, ModelWarning
from netcea.loading.merging.inputs import block_of
from netcea.loading.resolving.numbers import Numbers
from netcea.plain_number import read
from netcea.quantities.tables import CorrelationTable
from netcea.scenario.scenario import CorrelatedNumbers


def correlated_numbers(numbers: Numbers, used_by_fits: frozenset[str]) -> tuple[CorrelatedNumbers, ...]:
    """Return the numbers in use that tables of correlations say are drawn together; note the tables as used.

    Tables that share a number make one block: what no table states follows from the numbers that they share.

    Parameters
    ----------
    numbers : Numbers
        All in use.
    used_by_fits : frozenset of str
        Figures of which a fit's parameters are drawn in their place.

    Returns
    -------
    tuple of CorrelatedNumbers
        In order of table; no number is in two of them.
    """
    drawn = {a for a, quantity in numbers.quantities.items() if quantity.is_uncertain} - used_by_fits
    blocks: list[CorrelatedNumbers] = []
    for address in sorted(_tables_above(numbers, drawn)):
        if "correlation" not in numbers.inputs.raw(address):
            continue  # a covariance is that of a joint block: see `correlations_not_drawn`
        table = numbers.correlation(address, partial(numbers.inputs.place, address))
        if table is None or table.correlation is None:
            continue
        names = [f"{address.rpartition('.')[0]}.{name}" for name in table.names]
        _note_strangers(numbers, address, names)
        kept = [i for i, name in enumerate(names) if name in drawn]
        matrix = np.array(table.correlation)[np.ix_(kept, kept)]
        new = CorrelatedNumbers(tuple(names[i] for i in kept), matrix, (address,))
        shared = [block for block in blocks if set(block.addresses) & set(new.addresses)]
        for block in shared:
            _note_stated_twice(numbers, address, block, new)
            new = block.joined(new)
        blocks = [*(block for block in blocks if block not in shared), new]
    return tuple(blocks)


def correlations_not_drawn(numbers: Numbers, used_by_fits: frozenset[str]) -> Iterator[ModelWarning]:
    """Yield tables of covariances beside numbers in use that are drawn as if they were independent.

    Parameters
    ----------
    numbers : Numbers
        All in use, with the tables that were looked up.
    used_by_fits : frozenset of str
        Figures of which a fit's parameters are drawn in their place.
    """
    drawn = {a for a, quantity in numbers.quantities.items() if quantity.is_uncertain} - used_by_fits
    for table, together in sorted(_tables_above(numbers, drawn).items()):
        message = (
            f"the covariances of {', '.join(together)} are not drawn: each has an uncertainty of its own; to "
            f"draw them together, give each `joint: {{block: {table.rpartition('.')[2]}, scale: ...}}`, give the table "
            "their `correlation` instead, or state rank correlations at analyses.psa.correlations"
        )
        yield ModelWarning(NOT_DRAWN, table, message)


def _tables_above(numbers: Numbers, drawn: set[str]) -> dict[str, list[str]]:
    """Return tables that nothing has used and that name two numbers or more which are drawn, with these numbers."""
    found: dict[str, list[str]] = {}
    for above in sorted({above for address in drawn for above in groups_of(address)}):
        try:
            beside = numbers.inputs.raw(above)
        except KeyError:
            continue
        for key, raw in beside.items():
            table = f"{above}.{key}"
            if block_of(raw) is not CorrelationTable or table in numbers.correlations:
                continue
            names = raw.get("names")
            together = [f"{above}.{name}" for name in names if f"{above}.{name}" in drawn] if _is_list(names) else []
            if len(together) > 1:
                found[table] = together
    return found


def groups_of(address: str) -> Iterator[str]:
    """Yield the groups of a number within its file, the innermost first.

    Parameters
    ----------
    address : str
        Of the number.

    Yields
    ------
    str
        Address of a group.
    """
    above = address.rpartition(".")[0]
    while above.count(".") >= 1:
        yield above
        above = above.rpartition(".")[0]


def _is_list(names: object) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _note_strangers(numbers: Numbers, table: str, names: list[str]) -> None:
    """Note names of a table at which inputs/ has nothing."""
    for i, name in enumerate(names):
        if not numbers.inputs.exists(name):
            place = numbers.inputs.place(f"{table}.names.{i}")
            numbers.wrong(place, f"{name}, which inputs/ does not have", "a number of the table's group, or below it")


def _note_stated_twice(numbers: Numbers, table: str, one: CorrelatedNumbers, other: CorrelatedNumbers) -> None:
    """Note a pair to which two tables give different correlations."""
    shared = [address for address in one.addresses if address in other.addresses]
    for first, second in combinations(shared, 2):
        stated = [block.between(first, second) for block in (one, other)]
        if stated[0] != stated[1]:
            found = (
                f"{read(stated[1])} between {first} and {second}, where {', '.join(one.tables)} has {read(stated[0])}"
            )
            numbers.wrong(numbers.inputs.place(table), found, "one correlation of a pair")
