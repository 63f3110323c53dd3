"""A scenario under each method pack of its inputs/: thresholds, weight, ICER and net health benefit side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netcea.checking.reference_case.counterfactuals import refusal
from netcea.checking.reference_case.effects import Results, tried
from netcea.checking.reference_case.in_force import PACKS, said
from netcea.checking.reference_case.rules import PACK
from netcea.checking.reference_case.standing import Standing
from netcea.checking.reference_case.value_sets import move_to


@dataclass(frozen=True)
class PackResults:
    """A scenario under one method pack.

    Attributes
    ----------
    pack, value_set, valid_from : str
    own : bool
        Whether it is the scenario's own.
    words : str
        What moved with the pack, or why there are no results.
    alone : str
        What the pack alone is refused with, where utilities and norms have to move with it.
    results : Results or None
    """

    pack: str
    value_set: str
    valid_from: str
    own: bool
    words: str
    alone: str
    results: Results | None


def by_pack(standing: Standing) -> Iterator[PackResults]:
    """Yield the scenario under each method pack, its own first among them as inputs/ has them.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    """
    for pack in standing.inputs.raw(PACKS):
        yield _under(standing, str(pack))


def _under(standing: Standing, pack: str) -> PackResults:
    file = standing.scenario.file
    value_set, since = (said(standing, pack, what) for what in ("value_set", "valid_from"))
    own = pack == file.decision.method_pack
    changes: dict[str, object] = {PACK: pack}
    words = "as the scenario stands" if own else "thresholds and severity rules of the pack"
    alone = ""
    if value_set != standing.scenario.method_pack.value_set and not own:
        alone = refusal(standing, changes) or "accepted for the reason in utilities.value_set_exemption; not shown here"
        move = move_to(standing, value_set)
        if move.why_not:
            return PackResults(pack, value_set, since, own, f"refused: {move.why_not}", alone, None)
        changes |= move.changes
        words = f"moved together: {move.words}"
    found = tried(lambda: standing.related.changed(changes, brief=True))
    if isinstance(found, str):
        return PackResults(pack, value_set, since, own, f"refused: {found}", alone, None)
    return PackResults(pack, value_set, since, own, words, alone, found)
