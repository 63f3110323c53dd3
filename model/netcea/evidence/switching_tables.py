"""Tables and sentences of a trial adjusted for switching."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.fitting.switching.estimate import Estimate
from netcea.fitting.switching.methods import METHODS, NoEstimate
from netcea.fitting.switching.resampled import Bootstrapped
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table

if TYPE_CHECKING:
    from netcea.evidence.adjusted_trial import AdjustedTrial


def methods(found: AdjustedTrial) -> Table:
    """Return, for each method, the hazard ratio had nobody switched, psi and what it assumes; or why there is none."""
    columns = (
        Column("method", "Method"),
        Column("hazard_ratio", "Hazard ratio", "", "number"),
        Column("low", "95% from", "", "number"),
        Column("high", "95% to", "", "number"),
        Column("interval_from", "Interval from"),
        Column("bootstrap_low", "Bootstrap, 2.5%", "", "number"),
        Column("bootstrap_high", "Bootstrap, 97.5%", "", "number"),
        Column("psi", "psi", "log", "number"),
        Column("psi_low", "psi, 95% from", "log", "number"),
        Column("psi_high", "psi, 95% to", "log", "number"),
        Column("psi_treated", "psi, treatment's arm", "log", "number"),
        Column("roots", "Every root"),
        Column("assumes", "Assumes"),
        Column("note", "Note"),
    )
    rows = tuple(_row(found, name, one) for name, one in found.estimates.items())
    note = (
        "Hazard ratio of the arms had nobody switched, by Cox. psi: logarithm of the factor by which time on the other "
        "treatment passes; below 0 where that treatment lengthens life."
    )
    return Table("methods", f"{found.endpoint}: hazard ratio without switching, by method", columns, rows, note)


def _row(found: AdjustedTrial, name: str, one: Estimate | NoEstimate) -> tuple[Cell, ...]:
    method = METHODS[name]
    if isinstance(one, NoEstimate):
        return (method.label, *(None,) * 3, "", *(None,) * 6, "", method.assumption, f"no estimate: {one.reason}")
    again = found.bootstraps.get(name)
    interval = again.interval if isinstance(again, Bootstrapped) else (None, None)
    low, high = one.psi_interval or (None, None)
    note = one.note
    if isinstance(again, Bootstrapped) and again.failed:
        note = "; ".join(
            filter(None, (note, f"{again.failed:,} of {again.replicates:,} replicates without an estimate"))
        )
    if isinstance(again, NoEstimate):
        note = "; ".join(filter(None, (note, f"no bootstrap: {again.reason}")))
    roots = ", ".join(read(root, 6) for root in one.roots) if len(one.roots) > 1 else ""
    return (
        method.label,
        one.hazard_ratio,
        *one.interval,
        one.interval_from,
        *interval,
        one.psi,
        _finite(low),
        _finite(high),
        one.psi_treated,
        roots,
        method.assumption,
        note,
    )


def _finite(x: float | None) -> float | None:
    return x if x is not None and np.isfinite(x) else None


def switching(found: AdjustedTrial) -> Table:
    """Return who switched in each arm, and when."""
    columns = (
        Column("arm", "Arm"),
        Column("patients", "Patients", "", "count"),
        Column("deaths", "Deaths", "", "count"),
        Column("progressed", "Progressed", "", "count"),
        Column("switched", "Switched", "", "count"),
        Column("share", "Switched", "", "percent"),
        Column("median_switch", "Median time to switching, of those who do", found.time_unit, "number"),
        Column("share_of_time", "Share of follow-up after switching", "", "percent"),
    )
    patients, rows = found.patients, []
    for number, arm in enumerate(found.data.arms):
        of = patients.treated == number
        switched = patients.switched & of
        after = np.where(switched, patients.time - np.where(switched, patients.switch, 0.0), 0.0)
        rows.append(
            (
                arm,
                float(of.sum()),
                float(patients.event[of].sum()),
                float(np.isfinite(patients.progression[of]).sum()),
                float(switched.sum()),
                float(switched.sum() / of.sum()),
                float(np.median(patients.switch[switched])) if switched.any() else None,
                float(after[of].sum() / patients.time[of].sum()),
            )
        )
    return Table("switching", "Who switched", columns, tuple(rows))


TABLES: Final[Mapping[str, Callable[[AdjustedTrial], Table]]] = {"methods": methods, "switching": switching}


def on_screen(found: AdjustedTrial) -> list[Table]:
    """Return what is printed: few columns of the methods, and who switched."""
    whole = methods(found)
    shown: tuple[str, ...] = ("method", "hazard_ratio", "low", "high", "interval_from", "psi", "note")
    if found.bootstraps:
        shown = ("method", "hazard_ratio", "bootstrap_low", "bootstrap_high", "psi", "note")
    at = [[column.name for column in whole.columns].index(name) for name in shown]
    few = Table(
        whole.name,
        whole.title,
        tuple(whole.columns[k] for k in at),
        tuple(tuple(row[k] for k in at) for row in whole.rows),
        whole.note,
    )
    return [switching(found), few]


def sentences(found: AdjustedTrial) -> list[str]:
    """Return what to know before choosing: how far methods differ, which gave none, what intervals leave out."""
    adjusting = {
        name: one for name, one in found.estimates.items() if isinstance(one, Estimate) and METHODS[name].adjusts
    }
    said = []
    if adjusting:
        lowest, highest = (choose(adjusting, key=lambda name: adjusting[name].log_ratio) for choose in (min, max))
        itt = found.estimates.get("itt")
        beside = f"; intention to treat {read(itt.hazard_ratio, 3)}" if isinstance(itt, Estimate) else ""
        said.append(
            f"Hazard ratio without switching from {read(adjusting[lowest].hazard_ratio, 3)} ({METHODS[lowest].label}) "
            f"to {read(adjusting[highest].hazard_ratio, 3)} ({METHODS[highest].label}){beside}."
        )
    none = [METHODS[name].label for name, one in found.estimates.items() if isinstance(one, NoEstimate)]
    if none:
        said.append(f"No estimate, for the reasons in the table: {', '.join(none)}.")
    if not found.bootstraps:
        said.append(
            "Intervals of two-stage estimates and of weights take what was estimated on the way as known: a bootstrap "
            "(--bootstrap 500) counts it."
        )
    return said
