"""Curves that cells cannot hold, alone or beside those of other scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel

BY_PATIENT: Final = (
    "an effect on {address} that wanes since each patient's discontinuation, where a table ends with nobody left; "
    "accrued_gain: lost, or another `since`, can be in formulas"
)


def not_in_formulas(scenario: Scenario) -> str:
    """Return why a curve of a scenario cannot be in formulas; empty if every curve can.

    Parameters
    ----------
    scenario : Scenario
        Resolved.

    Returns
    -------
    str
        The reason.
    """
    for address, model in scenario.curves.items():
        if model.waning_since != "discontinuation" or model.waning_loses_gain:
            continue
        if any(_ends_with_nobody(scenario.curves[other]) for other in _made_of(scenario, address)):
            return BY_PATIENT.format(address=address)
    return ""


def circle(scenarios: Sequence[Scenario], other: Scenario) -> str:
    """Return why the curves of a scenario cannot stand beside those of others: each needs the other's first.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Whose curves fit one workbook.
    other : Scenario
        One more.

    Returns
    -------
    str
        The reason; empty where they can.
    """
    needs: dict[str, set[str]] = {}
    for scenario in (*scenarios, other):
        for address, model in scenario.curves.items():
            needs.setdefault(address, set()).update(_needs(scenario, model))
    left = dict(needs)
    while left:
        free = [address for address, others in left.items() if not others & set(left)]
        if not free:
            return f"curves of which each would need the other's cells first: {', '.join(left)} (export it by itself)"
        for address in free:
            del left[address]
    return ""


def _needs(scenario: Scenario, model: CurveModel) -> Iterator[str]:
    """Yield the curves that a curve needs in cells; those of time on treatment by any rule of its own strategy."""
    yield from (other for other in (model.relative_to, model.waning_towards) if other is not None)
    if model.waning_treatment is not None:
        _, strategy, endpoint = model.address.split(".")
        of_strategy = {f"strategies.{strategy}.time_on_treatment", f"strategies.{strategy}.pfs"}
        yield from (a for a in of_strategy if a in scenario.curves and a != f"strategies.{strategy}.{endpoint}")


def _made_of(scenario: Scenario, address: str) -> set[str]:
    """Return a curve and all those that it is relative to or wanes towards, and so on."""
    found, queue = {address}, [address]
    while queue:
        model = scenario.curves[queue.pop()]
        further = {a for a in (model.relative_to, model.waning_towards) if a is not None} - found
        found |= further
        queue += further
    return found


def _ends_with_nobody(model: CurveModel) -> bool:
    tables = {} if model.distribution is None else model.distribution.tables
    return any((table <= 0.0).any() for name, table in tables.items() if name == "survival")
