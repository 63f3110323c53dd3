"""RC7: whether a systematic review stands behind the numbers of efficacy; by the entry `review` of their sources.

References
----------
NICE health technology evaluations: the manual (PMG36), 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from netcea.checking.findings import ALIGNED, MISSING, ReferenceCaseRow
from netcea.checking.reference_case.standing import Standing
from netcea.quantities.addresses import addresses_in

ENTRY: Final = "review"
"""Of a source in sources.yaml: the systematic review that found it, such as a registration number or a citation."""
NOT_EVIDENCE: Final = frozenset({"waning", "published", "met_by"})
"""Entries of a curve that choose how long an effect lasts, or only show figures beside it."""
MOST: Final = 3
"""Addresses that a row names."""


def efficacy(standing: Standing) -> tuple[str, ...]:
    """Return the addresses of the numbers from which curves of progression-free and overall survival are made.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    """
    return tuple(dict.fromkeys(_efficacy(standing)))


def _efficacy(standing: Standing) -> Iterator[str]:
    quantities = standing.scenario.quantities
    for name, strategy in standing.scenario.file.strategies.items():
        for endpoint, curve in (("pfs", strategy.pfs), ("os", strategy.os)):
            for use in addresses_in(curve, ("strategies", name, endpoint)):
                if NOT_EVIDENCE & set(map(str, use.path)):
                    continue
                if use.kind.is_group:
                    yield from (address for address in quantities if address.startswith(f"{use.address}."))
                else:
                    yield use.address


def synthesis_row(standing: Standing) -> ReferenceCaseRow:
    """Return whether each number of efficacy has a source that a systematic review found.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    """
    sources, reviews = standing.inputs.sources(), dict[str, None]()
    without = []
    for address in efficacy(standing):
        node = standing.inputs.node(address) if standing.inputs.exists(address) else None
        found = [text for key in getattr(node, "source", []) if (text := _review(sources.get(key)))]
        reviews.update(dict.fromkeys(found))
        if node is not None and not found:
            without.append(address)
    if reviews and not without:
        return ReferenceCaseRow("RC7", "Synthesis of evidence", ALIGNED, f"found by {'; '.join(reviews)}")
    if not without:
        return ReferenceCaseRow("RC7", "Synthesis of evidence", MISSING, "no number of efficacy of inputs/ is in use")
    named = ", ".join(without[:MOST]) + (f" and {len(without) - MOST} more" if len(without) > MOST else "")
    text = f"no source of {named} names the systematic review that found it ({ENTRY} in sources.yaml)"
    return ReferenceCaseRow("RC7", "Synthesis of evidence", MISSING, text)


def _review(entry: object) -> str:
    found = entry.get(ENTRY) if isinstance(entry, Mapping) else None
    return " ".join(found.split()) if isinstance(found, str) else ""
