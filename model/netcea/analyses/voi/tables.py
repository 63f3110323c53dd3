"""Tables of value of information."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from netcea.analyses.voi.result import Estimate, StudyValue, VoiResult
from netcea.arrays import Array
from netcea.reporting.number_format import plain
from netcea.reporting.screen import part
from netcea.reporting.table import Cell, Column, ColumnOf, Drawn, Table, finite, table_of

NOT_TOLD: Final = "not distinguishable from 0"
NOT_TOLD_SHORT: Final = "n.d."
KINDS = {True: "group", False: "single"}


def evpi_table(result: VoiResult) -> Table:
    """Return the expected value of perfect information on each basis, per patient and for the population."""
    return table_of(
        "evpi",
        "Expected value of perfect information",
        zip(result.bases, result.evpi, strict=True),
        (
            (Column("basis", "At a threshold of"), lambda pair: pair[0].label),
            (Column("evpi", "EVPI per patient", "£", "pounds"), lambda pair: pair[1].drawn),
            (Column("standard_error", "Standard error", "£", "pounds"), lambda pair: pair[1].standard_error),
            (Column("people", "Patients reached (discounted)", "", "count"), lambda _: finite(result.people)),
            (Column("population_evpi", "Population EVPI", "£", "pounds"), lambda pair: _of_all(pair[1], result.people)),
        ),
        "What it is worth to know every uncertain number exactly: the most that any research can be worth.",
    )


def _of_all(estimate: Estimate, people: float) -> Drawn | None:
    """Return a value for all patients reached."""
    return Drawn(estimate.value * people, estimate.standard_error * people) if math.isfinite(people) else None


def evppi_table(result: VoiResult) -> Table:
    """Return the expected value of perfect information on single sources and groups, on each basis."""
    columns = [Column("name", "What would be known"), Column("kind", "Kind"), Column("addresses", "Addresses")]
    for basis in result.bases:
        columns += [
            Column(f"evppi_{basis.name}", f"EVPPI at {basis.label}", "£", "pounds"),
            Column(f"standard_error_{basis.name}", "Standard error", "£", "pounds"),
            Column(f"method_{basis.name}", "Method"),
            Column(f"fit_{basis.name}", "Fit"),
            Column(f"finding_{basis.name}", "Is it told from 0?"),
        ]
    rows = []
    for partial in result.partial:
        cells: list[Cell] = [plain(partial.label), KINDS[partial.is_group], "; ".join(partial.addresses)]
        for estimate in partial.estimates:
            told = "told from 0" if estimate.told_from_zero else NOT_TOLD
            cells += [estimate.drawn, estimate.standard_error, estimate.method, estimate.fit_check, told]
        rows.append(tuple(cells))
    return Table("evppi", "Expected value of partial perfect information, per patient", tuple(columns), tuple(rows))


def evppi_on_screen(result: VoiResult, most: int = 10) -> Table:
    """Return the largest of single sources, and every group; what is not told from 0 is no number."""
    columns = (
        Column("name", "What would be known"),
        *(Column(f"evppi_{b.name}", _short(b.label), "", "pounds") for b in result.bases),
    )
    singles = [p for p in result.partial if not p.is_group and any(e.told_from_zero for e in p.estimates)]
    groups = [p for p in result.partial if p.is_group]
    shown = (*singles[:most], *groups)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (("Group: " if p.is_group else "") + plain(p.label), *map(_told, p.estimates)) for p in shown
    )
    left = max(len(singles) - most, 0)
    none = sum(not p.is_group for p in result.partial) - len(singles)
    note = f"£ per patient. {NOT_TOLD_SHORT}: {NOT_TOLD}, whatever it is."
    if left + none:
        note += f" tables/evppi.csv has all: {left} smaller ones and {none} {NOT_TOLD} are not shown."
    return Table("evppi_largest", "Expected value of partial perfect information (EVPPI)", columns, rows, note)


def _told(estimate: Estimate) -> Cell:
    """Return a value that is told from 0; 0 where it is less than a pound for certain; or that it is not told."""
    if estimate.told_from_zero or estimate.value + 2.0 * estimate.standard_error < 0.5:
        return estimate.drawn
    return NOT_TOLD_SHORT


def studies_table(result: VoiResult) -> Table:
    """Return what studies would be worth, by size and basis."""
    sizes = [(study, size) for study in result.studies for size in range(len(study.patients))]
    return table_of("studies", "Expected value of sample information", sizes, _STUDY)


_STUDY: Final[tuple[ColumnOf[tuple[StudyValue, int]], ...]] = (
    (Column("study", "Study"), lambda at: plain(at[0].label)),
    (Column("basis", "At a threshold of"), lambda at: at[0].basis.label),
    (Column("patients", "Patients", "", "count"), lambda at: float(at[0].patients[at[1]])),
    (
        Column("evsi", "EVSI per patient", "£", "pounds"),
        lambda at: Drawn(float(at[0].evsi[at[1]]), float(at[0].standard_error[at[1]])),
    ),
    (Column("standard_error", "Standard error", "£", "pounds"), lambda at: float(at[0].standard_error[at[1]])),
    (Column("evppi", "EVPPI (its limit)", "£", "pounds"), lambda at: at[0].evppi.drawn),
    (Column("finding", "Is it told from 0?"), lambda at: "told from 0" if at[0].told_from_zero else NOT_TOLD),
    (Column("population_evsi", "Population EVSI", "£", "pounds"), lambda at: finite(float(at[0].population[at[1]]))),
    (Column("cost", "Cost of the study", "£", "pounds"), lambda at: _one_of(at[0].cost, at[1])),
    (
        Column("net_benefit", "Expected net benefit of sampling", "£", "pounds"),
        lambda at: _one_of(at[0].net_benefit, at[1]),
    ),
    (
        Column("best_size", "Best size", "", "count"),
        lambda at: None if at[0].best_size is None else float(at[0].best_size),
    ),
    (Column("notes", "Notes"), lambda at: plain("; ".join(at[0].notes))),
)


def _one_of(array: Array | None, size: int) -> float | None:
    return None if array is None else float(array[size])


def studies_on_screen(result: VoiResult) -> Table:
    """Return each study at its best size, or its largest, on the bases where it is worth anything."""
    shown = []
    for study in result.studies:
        if study.told_from_zero:
            sizes = [int(n) for n in study.patients]
            shown.append((study, sizes.index(study.best_size) if study.best_size is not None else len(sizes) - 1))
    worthless = len(result.studies) - len(shown)
    full = table_of(
        "studies_best",
        "Expected value of sample information (EVSI), at the best of the sample sizes (£)",
        shown,
        _STUDY,
        f"{worthless} more (study, threshold) have a value {NOT_TOLD}." if worthless else "",
    )
    names = ("study", "basis", "patients", "evsi", "population_evsi", "cost", "net_benefit")
    headings = ("Study", "At a threshold of", "Patients", "EVSI", "Population EVSI", "Cost", "Net benefit")
    table = part(full, names, full.title, full.note, headings)
    return replace(table, rows=tuple((row[0], _short(row[1]), *row[2:]) for row in table.rows))


def evpi_curve_table(result: VoiResult) -> Table:
    """Return EVPI over thresholds."""
    columns = (
        Column("threshold", "Threshold", "£/QALY", "pounds"),
        Column("evpi", "EVPI per patient", "£", "pounds"),
        Column("population_evpi", "Population EVPI", "£", "pounds"),
    )
    pairs = zip(result.thresholds.tolist(), result.evpi_curve.tolist(), strict=True)
    rows = tuple((threshold, evpi, finite(evpi * result.people)) for threshold, evpi in pairs)
    return Table("evpi_curve", "EVPI by threshold", columns, rows)


def _short(label: Cell) -> str:
    return str(label).replace(" (where the decision switches)", ": switch")
