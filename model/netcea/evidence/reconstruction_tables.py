"""Tables of reconstructed patients: the audit, numbers at risk, repairs, the patients themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netcea.reporting.table import Cell, Column, Table

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms
    from netcea.fitting.reconstruction.reconstructed import Reconstructed

NOTE: Final = (
    "Standard errors of fits treat these patients as if they had been observed: the error of the reconstruction is not "
    "in them."
)


def audit(found: FitsOfArms) -> Table:
    """Return what the reconstructed patients should give back, what they give, and the limits."""
    columns = (
        Column("arm", "Arm"),
        Column("what", "Check"),
        Column("published", "Published", "", "number"),
        Column("reconstructed", "Reconstructed", "", "number"),
        Column("limit", "Limit"),
        Column("verdict", "Verdict"),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.arm, one.what, one.published, one.reconstructed, one.limit, "within" if one.passed else "BEYOND")
        for one in _reconstructed(found).checks
    ]
    title = f"{found.label}: audit of the reconstruction (time in {found.time_unit})"
    return Table("audit", title, columns, tuple(rows), NOTE)


def numbers_at_risk(found: FitsOfArms) -> Table:
    """Return numbers at risk as published and as reconstructed."""
    columns = (
        Column("arm", "Arm"),
        Column("time", "Time", found.time_unit, "number"),
        Column("published", "Published", "patients", "number"),
        Column("reconstructed", "Reconstructed", "patients", "number"),
    )
    rows: list[tuple[Cell, ...]] = []
    for arm, curve in _reconstructed(found).curves.items():
        patients = found.data.arms[arm]
        for t, n in zip(curve.at_risk_times.tolist(), curve.at_risk.tolist(), strict=True):
            rows.append((arm, t, n, float((patients.time >= t).sum())))
    return Table("numbers_at_risk", f"{found.label}: numbers at risk", columns, tuple(rows))


def repairs(found: FitsOfArms) -> Table:
    """Return what was mended in the clicks, how the curve was clicked, and how noisy the clicks are."""
    columns = (
        Column("arm", "Arm"),
        Column("what", "Repair"),
        Column("points", "Points", "", "count"),
        Column("largest", "Largest change", "", "number"),
    )
    rows: list[tuple[Cell, ...]] = [
        (arm, one.what, float(one.points), one.largest)
        for arm, curve in _reconstructed(found).curves.items()
        for one in curve.repairs
    ]
    return Table("repairs", f"{found.label}: what was mended in the clicks", columns, tuple(rows))


def patients_table(found: FitsOfArms) -> Table:
    """Return the reconstructed patients: time, event, arm."""
    columns = (Column("time", "Time", "", "number"), Column("event", "Event", "", "count"), Column("arm", "Arm"))
    rows: list[tuple[Cell, ...]] = [
        (t, e, arm)
        for arm, patients in found.data.arms.items()
        for t, e in zip(patients.time.tolist(), patients.event.tolist(), strict=True)
    ]
    return Table(
        "reconstructed_patients",
        f"{found.label}: reconstructed patients (time in {found.time_unit})",
        columns,
        tuple(rows),
        NOTE,
    )


def _reconstructed(found: FitsOfArms) -> Reconstructed:
    whole = found.data.reconstructed
    if whole is None:
        raise ValueError("these patients were not reconstructed")
    return whole


RECONSTRUCTION_TABLES: Final[dict[str, Callable[[FitsOfArms], Table]]] = {
    "audit": audit,
    "numbers_at_risk": numbers_at_risk,
    "repairs": repairs,
    "reconstructed_patients": patients_table,
}
"""Name -> function."""


def reconstruction_sentences(found: FitsOfArms) -> list[str]:
    """Return how each arm was clicked, what was mended, and whether the audit was passed; none where nothing was."""
    whole = found.data.reconstructed
    if whole is None:
        return []
    lines = []
    for arm, curve in whole.curves.items():
        one = whole.arms[arm]
        where = {
            "steps": "the feet of steps",
            "corners": "tops and feet of steps",
            "anywhere": "points anywhere on the curve",
        }
        lines.append(
            f"{arm}: {len(curve.time) - 1:,} clicks in {curve.survival_unit}, taken for {where[one.levels.pattern]}; a "
            f"click is off by {100.0 * one.levels.noise:.2f}% of survival (standard error)."
        )
        lines += [f"{arm}: repaired: {repair}." for repair in curve.repairs]
        if one.censoring_assumed:
            lines.append(
                f"{arm}: no numbers at risk and no total of events: nobody is taken for censored before the end, so "
                "that events are too many and standard errors too small."
            )
    failed = len(whole.failed)
    verdict = "passed" if not failed else f"FAILED ({failed} of {len(whole.checks)} checks beyond their limits)"
    return [*lines, f"Audit of the reconstruction: {verdict}. {NOTE}"]
