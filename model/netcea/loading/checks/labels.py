"""Two labels that read alike: tables and figures would show two strategies, or two costs, as one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from netcea.errors import Problem
from netcea.loading.merging.draft import DraftScenario
from netcea.scenario.scenario import ScenarioFile


def label_faults(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    """Yield every label that reads like an earlier one of the same kind.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    draft : DraftScenario
        Says where entries stand.
    """
    labels = {
        "strategies": {name: strategy.label for name, strategy in file.strategies.items()},
        "costs": {name: item.label for name, item in file.costs.items()},
        "adverse_events.events": {name: event.label for name, event in file.adverse_events.events.items()},
    }
    for group, named in labels.items():
        first: dict[str, str] = {}
        for name, label in named.items():
            other = first.setdefault(as_read(label), name)
            if other != name:
                found = f"{label!r}, which reads like the label of {group}.{other}"
                address = f"{group}.{name}.label"
                expected = "a label of its own: tables and figures tell them apart by it"
                yield draft.place(address).problem(found, expected)


@lru_cache(maxsize=4096)  # the scenarios of a ledger share their labels
def as_read(label: str) -> str:
    r"""Return a label without what readers do not tell apart: capitals, spaces, what has no width.

    Parameters
    ----------
    label : str
        Of a strategy, a cost or an event.

    Examples
    --------
    >>> as_read(" Best\u00a0supportive  CARE\u200b") == as_read("best supportive care")
    True
    """
    plain = unicodedata.normalize("NFKC", label).casefold()
    seen = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    return " ".join(seen.split())
