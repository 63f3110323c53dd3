"""What the selector calls scenarios: their names, and what was changed on the command line where names are alike."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from netcea.scenario.scenario import Scenario
from netcea.survival.family_names import FAMILIES, family_words
from netcea.workbook.source_words import table_words

ON_THE_COMMAND_LINE: Final = "--set "
"""How the place of a change begins that no file holds."""
ENDPOINTS: Final = {"pfs": "PFS", "os": "OS"}
IS_A_NUMBER: Final = re.compile(r"[-+£$€]?[\d.,\s/:-]*\d%?")


def titles_of(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return a title for each scenario, no two alike."""
    names = [s.file.name for s in scenarios]
    found: list[str] = []
    for scenario, name in zip(scenarios, names, strict=True):
        changed = changes_in_words(scenario) if names.count(name) > 1 else ""
        title = f"{name}; {changed}" if changed else name
        if title.casefold() in (t.casefold() for t in found):
            title = f"{title} [{PurePath(scenario.source).stem}]"
        title = f"Scenario {title}" if IS_A_NUMBER.fullmatch(title.strip()) else title  # a cell would make one of it
        text, number = title, 2
        while text.casefold() in (t.casefold() for t in found):
            text, number = f"{title} ({number})", number + 1
        found.append(text)
    return tuple(found)


def changes_in_words(scenario: Scenario) -> str:
    """Return what the command line changed: strategies with the same change together."""
    who: dict[tuple[str, str], list[str]] = {}
    for change in scenario.changes:
        if change.where.startswith(ON_THE_COMMAND_LINE):
            parts = change.address.split(".")
            of_strategy = parts[0] == "strategies" and len(parts) > 2
            what = " ".join(ENDPOINTS.get(p, p) for p in (parts[2:] if of_strategy else parts[-2:]))
            label = scenario.label(parts[1]) if of_strategy and parts[1] in scenario.strategies else ""
            who.setdefault((what, _value(change.value)), []).append(label)
    words = []
    for (what, value), labels in who.items():
        all_of_them = set(labels) >= set(map(scenario.label, scenario.strategies))
        named = [] if all_of_them else [label for label in labels if label]
        words.append(f"{' and '.join(named)}{' ' if named else ''}{what} {value}".replace("_", " "))
    return ", ".join(words)


def _value(text: str) -> str:
    """Return a value of JSON in short."""
    value = json.loads(text)
    if value is None:
        return "none"
    if not isinstance(value, str):
        return text
    return family_words(value) if value in FAMILIES else table_words(value) or value
