"""What the data of a managed access plan would be worth: each collection beside its study, or its group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from netcea.analyses.voi.result import Estimate, StudyValue, VoiResult
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, ColumnOf, Table, columns_of, finite, table_of
from netcea.scenario.managed_access import DataCollection

NAME: Final = "managed_access_value"
NOT_VALUED: Final = "not valued: it informs no number that value of information knows"
NOT_DRAWN: Final = "not valued: this scenario does not draw what it informs"


@dataclass(frozen=True)
class CollectionValue:
    """What a collection of data is worth on one basis.

    Attributes
    ----------
    collection : DataCollection
    basis : str
        What a QALY is worth; empty where nothing is valued.
    limit : Estimate or None
        EVPPI of what it informs: the most that it could be worth.
    study : StudyValue or None
        None where it is no study.
    size : int
        Index of the study's size.
    note : str
        Why nothing is valued.
    """

    collection: DataCollection
    basis: str = ""
    limit: Estimate | None = None
    study: StudyValue | None = None
    size: int = 0
    note: str = ""


def collection_values(result: VoiResult) -> Iterator[CollectionValue]:
    """Yield the value of each collection of the scenario's managed access plan on each basis.

    Parameters
    ----------
    result : VoiResult
        Of the scenario.
    """
    record = result.scenario.file.managed_access
    for collection in record.collections if record is not None else ():
        found = list(_values(result, collection))
        linked = collection.study is not None or collection.group is not None
        yield from found or [CollectionValue(collection, note=NOT_DRAWN if linked else NOT_VALUED)]


def _values(result: VoiResult, collection: DataCollection) -> Iterator[CollectionValue]:
    for study in result.studies:
        if study.name == collection.study:
            size = _size(study, collection, chosen=not result.scenario.prices.redacted)
            yield CollectionValue(collection, study.basis.label, study.evppi, study, size)
    for partial in result.partial:
        if partial.is_group and partial.name == collection.group:
            for basis, estimate in zip(result.bases, partial.estimates, strict=True):
                yield CollectionValue(collection, basis.label, estimate)


def _size(study: StudyValue, collection: DataCollection, *, chosen: bool) -> int:
    """Return the size that the plan has; else the best one, where it may be told, or the largest."""
    sizes = [int(n) for n in study.patients]
    wanted = collection.patients if collection.patients is not None else study.best_size if chosen else None
    return sizes.index(wanted) if wanted in sizes else len(sizes) - 1


def managed_access_table(result: VoiResult) -> Table:
    """Return each collection of a managed access plan, on each basis: its size, EVSI and the most it could be worth."""
    of_study: tuple[ColumnOf[CollectionValue], ...] = (
        (Column("patients", "Patients", "", "count"), lambda v: _at(v, "patients")),
        (Column("evsi", "EVSI per patient", "£", "pounds"), lambda v: _at(v, "evsi")),
        (Column("standard_error", "Standard error", "£", "pounds"), lambda v: _at(v, "standard_error")),
        (Column("population_evsi", "Population EVSI", "£", "pounds"), lambda v: _finite(_at(v, "population"))),
        (Column("cost", "Cost of the study", "£", "pounds"), lambda v: _at(v, "cost")),
        (
            Column("net_benefit", "Expected net benefit of sampling", "£", "pounds"),
            lambda v: _finite(_at(v, "net_benefit")),
        ),
    )
    return table_of(
        NAME,
        "What the data of managed access would be worth",
        collection_values(result),
        (
            (Column("label", "Data"), lambda v: plain(v.collection.label)),
            (Column("study", "Study"), lambda v: plain(v.study.label) if v.study else v.collection.group or ""),
            (Column("basis", "At a threshold of"), lambda v: v.basis),
            (Column("evppi", "EVPPI (its limit)", "£", "pounds"), lambda v: v.limit.value if v.limit else None),
            (Column("finding", "Is it told from 0?"), _finding),
            *columns_of(lambda v: v if v.study is not None else None, of_study),
            (Column("timing", "Timing"), lambda v: plain(v.collection.timing)),
            (Column("collected_by", "Collected by"), lambda v: plain(v.collection.collected_by)),
            Column("note", "Note"),
        ),
        "EVPPI: what perfect information on the same quantities is worth; EVSI: what a study of so many patients is. "
        "Patients: the plan's, or the size of the highest net benefit, or the largest. £ per patient of the "
        "population, unless it says population.",
    )


def _finding(value: CollectionValue) -> str:
    if value.limit is None:
        return ""
    told = value.study.told_from_zero if value.study is not None else value.limit.told_from_zero
    return "told from 0" if told else "not distinguishable from 0"


def _at(value: CollectionValue, name: str) -> float | None:
    found = None if value.study is None else getattr(value.study, name)
    return None if found is None else float(found[value.size])


def _finite(value: float | None) -> float | None:
    return None if value is None else finite(value)
