"""RC8 to RC10: quality of life by EQ-5D, from patients, valued by the UK public; by what inputs/ says of each utility.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.3.1-4.3.6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from netcea.checking.findings import ALIGNED, JUSTIFIED, MISSING, UNJUSTIFIED, ReferenceCaseRow
from netcea.checking.reference_case.standing import Standing, UsedUtility

EQ5D: Final = "EQ-5D"
PATIENTS: Final = re.compile(r"\b(patient|carer|parent)s?\b", re.IGNORECASE)
OTHERS: Final = re.compile(r"\b(clinician|physician|doctor|expert|prox(y|ie))s?\b", re.IGNORECASE)
UK: Final = re.compile(r"\b(UK|United Kingdom|England|English)\b")


def health_rows(standing: Standing) -> Iterator[ReferenceCaseRow]:
    """Yield how the utilities in use stand to the three rules of quality of life.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.

    Notes
    -----
    A utility of 0 is nobody's answer and is left out. One that departs, or of which inputs/ says nothing, may have a
    reason in `utilities.value_set_exemptions`, or all of them one in `utilities.value_set_exemption`.
    """
    used = standing.utilities
    of_measure, by_whom = (
        ("Measure of health", "by what {} was measured"),
        ("Source of quality of life", "who answered {}"),
    )
    yield _row("RC8", of_measure, used, lambda u: (_measure(u), EQ5D in _measure(u)))
    yield _row("RC9", by_whom, used, lambda u: (u.respondents, _by_patients(u)))
    yield _valuation(standing)


def _measure(used: UsedUtility) -> str:
    return used.instrument or used.value_set


def _by_patients(used: UsedUtility) -> bool:
    return bool(PATIENTS.search(used.respondents)) and not OTHERS.search(used.respondents)


def _valuation(standing: Standing) -> ReferenceCaseRow:
    """Return the row of value sets: that of the method pack, for every utility, the norms and severity together."""
    scenario, pack = standing.scenario, standing.scenario.method_pack
    wanted, norms = pack.value_set, scenario.severity_norms.value_set
    of_another = wanted and any(not _same(u.value_set, wanted) for u in standing.utilities)
    extra = [f"{pack.name} is of {wanted}"] if of_another else []
    extra += [] if not pack.applies else [f"{pack.name}: {pack.applies}"]
    if scenario.file.utilities.by_strategy:
        extra.append(f"by strategy: {', '.join(map(scenario.label, scenario.file.utilities.by_strategy))}")

    def of_pack(value_set: str) -> bool:
        if wanted:
            return _same(value_set, wanted) and value_set.startswith(EQ5D)
        return value_set.startswith(EQ5D) and bool(UK.search(value_set))

    of_norms = UsedUtility(
        "", scenario.file.population.norms, "", "", norms, scenario.file.utilities.value_set_exemption.strip()
    )
    everything = (*standing.utilities, of_norms)
    words = ("Valuation", "the value set of {}")
    return _row("RC10", words, everything, lambda u: (u.value_set, of_pack(u.value_set)), extra, reasons=True)


def _row(
    rule: str,
    words: tuple[str, str],
    used: Sequence[UsedUtility],
    judged: Callable[[UsedUtility], tuple[str, bool]],
    extra: Sequence[str] = (),
    *,
    reasons: bool = False,
) -> ReferenceCaseRow:
    """Return a row by what inputs/ says of each utility: what it is, and whether that is the reference case."""
    met: dict[str, list[str]] = {}
    texts, states = [], []
    for one in used:
        said, holds = judged(one)
        if holds:
            met.setdefault(said, []).append(one.address)
            continue
        states.append(JUSTIFIED if one.reason else UNJUSTIFIED if said else MISSING)
        text = f"{one.address} is of {said}" if said else f"inputs/ does not say {words[1].format(one.address)}"
        given = one.reason if reasons else "reason given, see RC10"
        texts.append(f"{text}: {given}" if one.reason else text)
    if not used:
        return ReferenceCaseRow(rule, words[0], MISSING, "no utility above 0 is in use")
    worst = next((state for state in (UNJUSTIFIED, MISSING, JUSTIFIED) if state in states), ALIGNED)
    aligned = [f"{said} ({', '.join(dict.fromkeys(where))})" for said, where in met.items()]
    return ReferenceCaseRow(rule, words[0], worst, "; ".join([*dict.fromkeys(texts), *aligned, *extra]))


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
