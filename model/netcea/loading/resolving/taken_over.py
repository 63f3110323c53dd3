"""What a part of a scenario resolves to, worked out once for all scenarios with the same part and the same numbers.

Scenarios of a ledger differ from their base case in a few choices or numbers. A part whose blocks are the same objects,
and of whose numbers none is changed, resolves to the same; what it asks inputs/ for is noted while it is worked out. A
part with a fault is never kept: each scenario says for itself what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, NamedTuple, TypeVar, cast

from netcea.loading.merging.inputs import Asked
from netcea.loading.resolving.numbers import Numbers

T = TypeVar("T")
MOST_KEPT: Final = 4000
"""Parts that are kept for one folder of inputs/."""


class _Part(NamedTuple):
    """A part of a scenario that was resolved without a fault.

    Attributes
    ----------
    made_of : sequence of object
        Blocks, so that their identities stay theirs.
    asked : Asked
        Addresses of inputs/ that it was made of.
    numbers : Numbers
        What was looked up.
    result : object
        What it resolves to.
    """

    made_of: Sequence[object]
    asked: Asked
    numbers: Numbers
    result: Any


def taken_over(
    numbers: Numbers, made_of: Sequence[object], words: tuple[Hashable, ...], work: Callable[[Numbers], T]
) -> T:
    """Return what a part of a scenario resolves to, with what it looks up added to the scenario's numbers.

    Parameters
    ----------
    numbers : Numbers
        Of the scenario.
    made_of : sequence of object
        Blocks that it depends on, which never change.
    words : tuple
        What kind of part it is, and all else that it depends on beside numbers and the price year.
    work : callable (Numbers) -> T
        Resolves it: looks up in what it is handed, and asks nothing else.
    """
    inputs, key = numbers.inputs, (*map(id, made_of), *words, numbers.price_year)
    part = cast("_Part | None", inputs.worked_out.get(key))
    if part is not None and not inputs.as_on_disk(part.asked):
        return work(numbers)
    if part is None:
        part = _worked_out(numbers, made_of, work)
        if part is None:
            return work(numbers)
        if inputs.as_on_disk(part.asked):
            if len(inputs.worked_out) >= MOST_KEPT:
                inputs.worked_out.clear()
            inputs.worked_out[key] = part
    inputs.note(part.asked.at)
    numbers.take_over(part.numbers)
    return cast("T", part.result)


def _worked_out(numbers: Numbers, made_of: Sequence[object], work: Callable[[Numbers], Any]) -> _Part | None:
    """Return a part by itself; None where something is wrong with it, or with what it asks for."""
    asked: set[str] = set()
    alone = Numbers(numbers.inputs.noting(asked), numbers.price_year, numbers.place)
    result = work(alone)
    return None if alone.faults.problems else _Part(made_of, Asked.of(asked), alone, result)
