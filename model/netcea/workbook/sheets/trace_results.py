"""What a trace comes to: curves, states, life years, QALYs and costs; all other columns are steps that lead to them.

Columns stand in the order in which they are worked out, each to the right of what it needs: where they did not,
LibreOffice, which works out long columns in several threads, left the first row of some as it was before an edit.
"""

from __future__ import annotations

from collections.abc import Iterator

from netcea.cohort.utilities import STATES
from netcea.costs.adverse_events import TimedEvent
from netcea.costs.payer import payers_of
from netcea.workbook.variants import Variants


def results_of(variants: Variants, strategy: str) -> Iterator[str]:
    """Yield the keys of the columns that are no steps, those alone that a strategy has whatever is chosen."""
    yield from ("cycle", "time_years")
    yield from (f"{c.endpoint}_curve" for c in variants.curves.values() if c.strategy == strategy)
    yield from ("progression_free", "progressed", "dead", "alive", "on_treatment")
    yield from ("discount_costs", "discount_qalys")
    yield from (f"{what}_{state}" for what in ("life_years", "qalys") for state in STATES)
    events = [f"{TimedEvent.category.name}.{name}" for name in _events(variants, strategy)]
    yield from (f"qalys_{event}" for event in events)
    yield from (f"costs_{name}" for name in (*_items(variants, strategy), *events))


def _items(variants: Variants, strategy: str) -> Iterator[str]:
    """Yield the cost items that a strategy bears under an option, and that count from a perspective."""
    perspectives = variants.choices["decision_problem.perspective"].values
    counted = {payer for perspective in perspectives for payer in payers_of(perspective)}
    for address, choice in variants.choices.items():
        borne = (item for item in choice.values if item is not None) if address.startswith("costs.") else ()
        if any(item.payer in counted and item.applies_to(strategy) for item in borne):
            yield address.removeprefix("costs.")


def _events(variants: Variants, strategy: str) -> Iterator[str]:
    """Yield the adverse events that a strategy has itself."""
    start = "adverse_events.events."
    for address, choice in variants.choices.items():
        events = (event for event in choice.values if event is not None) if address.startswith(start) else ()
        if any(strategy in event.incidence for event in events):
            yield address.removeprefix(start)
