"""Tables of value of information."""

from __future__ import annotations

import math

from netcea.analyses.voi.result import Estimate, StudyValue, VoiResult
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table

KINDS = {True: "group", False: "single"}


def evpi_table(result: VoiResult) -> Table:
    """Return the expected value of perfect information on each basis, per patient and for the population."""
    columns = (
        Column("basis", "At a threshold of"),
        Column("evpi", "EVPI per patient", "£", "pounds"),
        Column("standard_error", "Standard error", "£", "pounds"),
        Column("people", "Patients reached (discounted)", "", "count"),
        Column("population_evpi", "Population EVPI", "£", "pounds"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (basis.label, evpi.value, evpi.standard_error, _known(result.people), _times(evpi.value, result.people))
        for basis, evpi in zip(result.bases, result.evpi, strict=True)
    )
    note = "What it is worth to know every uncertain number exactly: the most that any research can be worth."
    return Table("evpi", "Expected value of perfect information", columns, rows, note)


def evppi_table(result: VoiResult) -> Table:
    """Return the expected value of perfect information on single sources and groups, on each basis."""
    columns = [Column("name", "What would be known"), Column("kind", "Kind"), Column("addresses", "Addresses")]
    for basis in result.bases:
        columns += [
            Column(f"evppi_{basis.name}", f"EVPPI at {basis.label}", "£", "pounds"),
            Column(f"standard_error_{basis.name}", "Standard error", "£", "pounds"),
            Column(f"method_{basis.name}", "Method"),
            Column(f"fit_{basis.name}", "Fit"),
        ]
    rows = []
    for partial in result.partial:
        cells: list[Cell] = [plain(partial.label), KINDS[partial.is_group], "; ".join(partial.addresses)]
        for estimate in partial.estimates:
            cells += [estimate.value, estimate.standard_error, estimate.method, estimate.fit_check]
        rows.append(tuple(cells))
    return Table("evppi", "Expected value of partial perfect information, per patient", tuple(columns), tuple(rows))


def evppi_on_screen(result: VoiResult, most: int = 10) -> Table:
    """Return the largest of single sources, and every group: 0 where a value cannot be told from it."""
    columns = (
        Column("name", "What would be known"),
        *(Column(f"evppi_{b.name}", _short(b.label), "", "pounds") for b in result.bases),
    )
    singles = [p for p in result.partial if not p.is_group and any(_told_from_zero(e) for e in p.estimates)]
    groups = [p for p in result.partial if p.is_group]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            ("Group: " if p.is_group else "") + plain(p.label),
            *(e.value if _told_from_zero(e) else 0.0 for e in p.estimates),
        )
        for p in (*singles[:most], *groups)
    )
    left = max(len(singles) - most, 0)
    none = sum(not p.is_group for p in result.partial) - len(singles)
    note = "£ per patient; £0 where the value is within two standard errors of 0."
    if left + none:
        note += f" tables/evppi.csv has all: {left} smaller ones and {none} not distinguishable from 0 are not shown."
    return Table("evppi_largest", "Expected value of partial perfect information (EVPPI)", columns, rows, note)


def studies_table(result: VoiResult) -> Table:
    """Return what studies would be worth, by size and basis."""
    columns = (
        Column("study", "Study"),
        Column("basis", "At a threshold of"),
        Column("patients", "Patients", "", "count"),
        Column("evsi", "EVSI per patient", "£", "pounds"),
        Column("standard_error", "Standard error", "£", "pounds"),
        Column("evppi", "EVPPI (its limit)", "£", "pounds"),
        Column("population_evsi", "Population EVSI", "£", "pounds"),
        Column("cost", "Cost of the study", "£", "pounds"),
        Column("net_benefit", "Expected net benefit of sampling", "£", "pounds"),
        Column("best_size", "Best size", "", "count"),
        Column("notes", "Notes"),
    )
    return Table(
        "studies",
        "Expected value of sample information",
        columns,
        tuple(row for study in result.studies for row in _study_rows(study)),
    )


def studies_on_screen(result: VoiResult) -> Table:
    """Return each study at its best size, or its largest, on the bases where it is worth anything."""
    full = studies_table(result)
    names = ("study", "basis", "patients", "evsi", "population_evsi", "cost", "net_benefit")
    headings = ("Study", "At a threshold of", "Patients", "EVSI", "Population EVSI", "Cost", "Net benefit")
    at = [[c.name for c in full.columns].index(name) for name in names]
    rows: list[tuple[Cell, ...]] = []
    for study in result.studies:
        if float(study.evsi[-1]) > 2.0 * float(study.standard_error[-1]):
            chosen = study.best_size if study.best_size is not None else int(study.patients[-1])
            row = list(_study_rows(study))[[int(n) for n in study.patients].index(chosen)]
            rows.append(tuple(_short(row[i]) if names[k] == "basis" else row[i] for k, i in enumerate(at)))
    columns = tuple(
        Column(full.columns[i].name, heading, "", full.columns[i].format)
        for i, heading in zip(at, headings, strict=True)
    )
    worthless = len(result.studies) - len(rows)
    note = f"{worthless} more (study, threshold) have a value not distinguishable from 0." if worthless else ""
    return Table(
        "studies_best",
        "Expected value of sample information (EVSI), at the best of the sample sizes (£)",
        columns,
        tuple(rows),
        note,
    )


def evpi_curve_table(result: VoiResult) -> Table:
    """Return EVPI over thresholds."""
    columns = (
        Column("threshold", "Threshold", "£/QALY", "pounds"),
        Column("evpi", "EVPI per patient", "£", "pounds"),
        Column("population_evpi", "Population EVPI", "£", "pounds"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (float(t), float(v), _times(float(v), result.people))
        for t, v in zip(result.thresholds, result.evpi_curve, strict=True)
    )
    return Table("evpi_curve", "EVPI by threshold", columns, rows)


def _study_rows(study: StudyValue) -> list[tuple[Cell, ...]]:
    return [
        (
            plain(study.label),
            study.basis.label,
            float(n),
            float(study.evsi[i]),
            float(study.standard_error[i]),
            study.evppi.value,
            _known(float(study.population[i])),
            None if study.cost is None else float(study.cost[i]),
            None if study.net_benefit is None else float(study.net_benefit[i]),
            None if study.best_size is None else float(study.best_size),
            plain("; ".join(study.notes)),
        )
        for i, n in enumerate(study.patients)
    ]


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _times(value: float, people: float) -> float | None:
    return _known(value * people)


def _short(label: Cell) -> str:
    return str(label).replace(" (where the decision switches)", ": switch")


def _told_from_zero(estimate: Estimate) -> bool:
    return estimate.value > 2.0 * estimate.standard_error
