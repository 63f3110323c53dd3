"""Relative survival beside survival from all causes: the data, the general population, every family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from netcea.fitting.summaries import LANDMARK_YEARS
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms

ALL_CAUSES = "all causes"
RELATIVE = "relative survival"


def relative_survival_table(found: FitsOfArms) -> Table:
    """Return survival at landmarks of the data, the general population and every family, all causes and relative."""
    columns = (
        Column("arm", "Arm"),
        Column("curve", "Curve"),
        Column("survival", "Survival from"),
        Column("deaths", "Deaths while at risk", "patients", "number"),
        Column("survival_end", "S at the end of the data", "", "percent"),
        *(Column(f"survival_{read(y)}", f"S({read(y)} y)", "", "percent") for y in LANDMARK_YEARS),
        Column("median", "Median", "years", "years"),
    )
    rows = [row for arm in found.fits for row in _rows(found, arm)]
    note = (
        "Relative survival is what is left of survival when the general population's mortality is taken away; all "
        "causes: the average over patients of the general population's survival times relative survival. Kaplan-Meier "
        f"is empty beyond the data. {what_numbers_are(found)}"
    )
    return Table(
        "relative_survival",
        f"{found.in_words}: with the general population's mortality and without",
        columns,
        tuple(rows),
        note,
    )


def _rows(found: FitsOfArms, arm: str) -> Iterator[tuple[Cell, ...]]:
    patients, km, people = found.data.arms[arm], found.kaplan_meier[arm], found.people(arm)
    last = float(patients.time.max())
    times = np.array([last, *(y * found.per_year for y in LANDMARK_YEARS)])
    seen = [float(km.at(t)) if t <= last else None for t in times]
    events = float((patients.weight * patients.event).sum())
    half = float(km.median) / found.per_year if np.isfinite(km.median) else None
    yield (arm, "Kaplan-Meier", ALL_CAUSES, events, *seen, half)
    if people is not None:
        yield (
            arm,
            "general population",
            ALL_CAUSES,
            expected(found, arm),
            *people.survival(times / found.per_year).tolist(),
            None,
        )
    for one in found.summaries[arm]:
        if people is not None:
            shown = found.shown(arm, one.fit)
            yield (arm, one.fit.name, ALL_CAUSES, None, *np.asarray(shown.survival(times)).tolist(), one.median)
        curve = one.fit.curve()
        median = float(np.asarray(curve.median)) / found.per_year
        yield (arm, one.fit.name, RELATIVE, None, *np.asarray(curve.survival(times)).tolist(), median)


def expected(found: FitsOfArms, arm: str) -> float | None:
    """Return deaths expected of the general population in the patients' time at risk; None where nobody knows."""
    patients = found.data.arms[arm]
    known = patients.background is not None and patients.background.cumulative is not None
    return patients.expected if known else None


def what_numbers_are(found: FitsOfArms) -> str:
    """Say what curves of relative survival are shown as, and what the likelihood has."""
    if found.matched is None:
        return ""
    known = all(expected(found, arm) is not None for arm in found.fits)
    constant = (
        "Log-likelihoods are less the expected deaths, so that they compare with those of fits to all causes."
        if known
        else "Log-likelihoods are without the expected deaths, which nobody stated: they compare among themselves."
    )
    whole = all(found.people(arm) is not None for arm in found.fits)
    shown = "Survival, hazards and means are of all causes" if whole else "Survival, hazards and means are relative"
    return f"Relative survival: hazards in excess of {found.matched.of.of_what}. {shown}. {constant}"


def relative_sentences(found: FitsOfArms) -> list[str]:
    """Return what the fits are in excess of, and how many of the deaths were expected anyway."""
    if found.matched is None:
        return []
    arms = []
    for arm, patients in found.data.arms.items():
        events, of = float((patients.weight * patients.event).sum()), expected(found, arm)
        if of is not None:
            few = ", fewer than expected: are they healthier than those they are matched to?" if events < of else ""
            arms.append(
                f"{arm}, {read(of, 3)} of {read(events, 4)} deaths were expected of the general population{few}"
            )
    said = f"; {'; '.join(arms)}" if arms else ""
    return [f"What is fitted: relative survival, hazards in excess of {found.matched.of.of_what}{said}."]
