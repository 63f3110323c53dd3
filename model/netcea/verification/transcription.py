"""Transcription: numbers of the scenario beside a table of published values, typed a second time."""

from __future__ import annotations

import math

from netcea.plain_number import read
from netcea.uncertainty.ci95 import Ci95
from netcea.verification.perturbed import Perturbed
from netcea.verification.published import NAME, Published
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable


@black_box("X6", "Numbers are what was published, digit for digit")
def transcribed(here: Perturbed) -> Found:
    """Compare every number that a table of published values has."""
    known = here.published
    if known is None:
        return not_applicable(
            f"No table of published values: {NAME} in inputs/, or --published FILE (address, value, low, high, source)."
        )
    faults: list[str] = []
    changed, compared = [], 0
    set_by_user = {change.address.removesuffix(".value") for change in here.scenario.changes}
    for address, quantity in here.scenario.quantities.items():
        published = known.get(address)
        if published is None:
            continue
        compared += 1
        wrong = []
        if not _same(quantity.value, published.value):
            wrong.append(f"{address} is {read(quantity.value)}, published {read(published.value)} ({published.place})")
        interval = quantity.uncertainty.given
        if isinstance(interval, Ci95) and not _same_interval(interval, published):
            wrong.append(
                f"{address} has an interval from {read(interval.low)} to {read(interval.high)}, published "
                f"{read(published.low)} to {read(published.high)} ({published.place})"
            )
        if wrong and any(address == a or address.startswith(f"{a}.") for a in set_by_user):
            changed += wrong
        else:
            faults += wrong
    figures = {"compared": float(compared), "numbers of the scenario": float(len(here.scenario.quantities))}
    if not compared:
        return not_applicable("The table of published values has none of the scenario's numbers.")
    if changed and not faults:
        return explained(f"{'; '.join(changed[:4])}: the scenario changes them", figures)
    others = len(here.scenario.quantities) - compared
    return holds(faults, f"{compared} numbers as they were published; {others} are assumed or worked out", figures)


def _same(used: float, stated: float) -> bool:
    return math.isclose(used, stated, rel_tol=1e-9, abs_tol=1e-12)


def _same_interval(used: Ci95, stated: Published) -> bool:
    return math.isnan(stated.low) or (_same(used.low, stated.low) and _same(used.high, stated.high))
