"""What options and rows are called: labels of inputs/, and what tells those apart whose words are alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from netcea.scenario.scenario import Scenario

NAME: Final = re.compile(r"[A-Za-z_][\w.]*\.[\w.]+")
"""A defined name: an address."""
ADDRESS: Final = re.compile(r"[\w.-]+")
LONGEST: Final = 100
"""Letters of an entry of a block."""
NOT_HERE: Final = "none"
"""What stands for an entry that one block has and another has not."""


def labels_of(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Return address -> label of its number, in the first scenario that uses it."""
    found: dict[str, str] = {}
    for scenario in scenarios:
        for address, quantity in scenario.quantities.items():
            if quantity.label:
                found.setdefault(address, quantity.label)
    return found


def called(address: str, labels: Mapping[str, str]) -> str:
    """Return the label of an address; without one, its last part in words.

    >>> called("a.os.hazard_ratio", {"a.os.hazard_ratio": "Hazard ratio, OS"}), called("norms.uk_2014", {})
    ('Hazard ratio, OS', 'uk 2014')
    """
    return labels.get(address) or last_part(address)


def last_part(address: str) -> str:
    """Return the last part of an address in words.

    >>> last_part("survival.relative_effect.month_36")
    'month 36'
    """
    return spaced(address.rpartition(".")[2])


def spaced(name: str) -> str:
    """Return a name of the scenario file in words.

    >>> spaced("mid_cycle")
    'mid cycle'
    """
    return name.replace("_", " ")


def details_of(block: Any, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the entries of a block in words, those that are left out too."""
    if block is None or not hasattr(block, "model_dump"):
        return {}
    return dict(_entries("", block.model_dump(mode="json"), labels))


def _entries(name: str, value: Any, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [entry for key, inner in value.items() for entry in _entries(f"{name} {key}".strip(), inner, labels)]
    return [(spaced(name), _entry(value, labels))]


def _entry(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return " and ".join(_entry(one, labels) for one in value) or NOT_HERE
    if isinstance(value, str):
        found = called(value, labels) if ADDRESS.fullmatch(value) else value
        return found if len(found) <= LONGEST else f"{found[:LONGEST]}..."
    if isinstance(value, Mapping):
        return ", ".join(f"{spaced(key)} {_entry(inner, labels)}" for key, inner in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOT_HERE if value is None else str(value)


def told_apart(words: Sequence[str], details: Sequence[Callable[[], Mapping[str, str]]]) -> list[str]:
    """Return words of options, no two alike: where they are, with the entries that differ from those of the first.

    >>> told_apart(["per pack", "per pack"], [lambda: {"share": "0.2"}, lambda: {"share": "0.3"}])
    ['per pack', 'per pack; share: 0.3']
    >>> told_apart(["one", "one"], [dict, dict])
    ['one', 'one (2)']
    """
    made = list(words)
    for alike in (text for text, number in Counter(words).items() if number > 1):
        first, *others = (at for at, text in enumerate(words) if text == alike)
        standing = details[first]()
        for at in others:
            its = details[at]()
            own = [(key, its.get(key, NOT_HERE)) for key in dict.fromkeys((*standing, *its))]
            differ = [f"{key}: {value}" for key, value in own if value != standing.get(key, NOT_HERE)]
            made[at] = "; ".join([alike, *([", ".join(differ)] if differ else [])])
    found: list[str] = []
    for text in made:
        unlike, number = text, 2
        while unlike in found:
            unlike, number = f"{text} ({number})", number + 1
        found.append(unlike)
    return found


def names_in_words(formula: str, words: Mapping[str, str]) -> str:
    """Return a formula with what numbers are called in place of their names.

    >>> names_in_words("a.days.model/(a.share)", {"a.days": "days of a pack", "a.share": "share taken"})
    'days of a pack / share taken'
    """
    plain = NAME.sub(lambda found: words.get(found[0].removesuffix(".model"), found[0]), formula)
    return re.sub(r"\s*([/*])\s*", r" \1 ", re.sub(r"\(([^()/*+-]*)\)", r"\1", plain))


def unique_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return address -> label, no two alike: where they are, with the parts of their addresses that differ.

    >>> list(unique_labels({"packs.a.lower": "Lower", "packs.b.lower": "Lower", "x": "X"}).values())
    ['Lower (a)', 'Lower (b)', 'X']
    """
    counts = Counter(label.casefold() for label in labels.values())
    found = dict(labels)
    for alike in (text for text, number in counts.items() if number > 1):
        members = [address for address, label in labels.items() if label.casefold() == alike]
        parts = [address.split(".") for address in members]
        same_length = len({len(p) for p in parts}) == 1
        differ = [at for at in range(len(parts[0])) if len({p[at] for p in parts}) > 1] if same_length else []
        for address, own in zip(members, parts, strict=True):
            apart = ", ".join(spaced(own[at]) for at in differ) or address
            found[address] = f"{labels[address]} ({apart})"
    return found
