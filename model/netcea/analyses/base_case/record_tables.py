"""Tables of what a scenario says for its readers: comparators by prior therapy, experts, data to be collected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netcea.analyses.base_case.experts import ExpertComparison
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.shared.labels import label_of
from netcea.plain_number import read
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, ColumnOf, Table, table_of
from netcea.scenario.comparators import ComparatorPlace, places_by_line
from netcea.scenario.managed_access import DataCollection
from netcea.scenario.scenario import Scenario

NO_RECORD: Final = "The scenario does not say: it has no block `{}`."
NOT_SAID: Final = "not said"


def prior_therapy(result: BaseCaseResult) -> Table:
    """Return the comparators in scope by what patients have had, and where each is in the model."""
    return prior_therapy_of(result.scenario)


def prior_therapy_of(scenario: Scenario) -> Table:
    """Return the comparators in scope of a scenario by what patients have had.

    Parameters
    ----------
    scenario : Scenario
        Any.
    """
    therapy = scenario.file.decision_problem.prior_therapy
    note = NO_RECORD.format("decision_problem.prior_therapy")
    if therapy is not None:
        before = therapy.treatments_before
        words = [f"Patients of the trial: {' '.join(therapy.eligibility.split())}."]
        if before is not None and before in scenario.quantities:
            quantity = scenario.quantities[before]
            words.append(f"Earlier systemic treatments, median: {read(quantity.value)} ({quantity.status}).")
        note = plain(" ".join([*words, " ".join(therapy.one_result.split())]).strip())
    return table_of(
        "prior_therapy",
        "Decision problem by prior therapy",
        list(places_by_line(scenario.file)),
        (
            (Column("patients", "Patients"), lambda row: plain(row[0].patients)),
            (
                Column("share", "Share of the population", "", "percent"),
                lambda row: scenario.quantities[row[0].share].value if row[0].share else None,
            ),
            (Column("comparator", "Comparator in scope"), lambda row: plain(row[1].comparator)),
            (Column("in_the_model", "In the model"), lambda row: _place(row[2])),
            (Column("reason", "Why not"), lambda row: plain(" ".join(row[2].reason.split()))),
            (Column("scenario", "Scenario that has it"), lambda row: plain(row[2].scenario)),
            (Column("evidence", "Evidence on these patients"), lambda row: plain(" ".join(row[0].evidence.split()))),
            (Column("source", "Source"), lambda row: ", ".join(row[1].source)),
        ),
        note,
    )


def _place(place: ComparatorPlace) -> str:
    if place.strategy:
        return f"strategy: {plain(place.strategy)}"
    return "left out" if place.reason else f"left out, {NOT_SAID} why"


def expert_validation(result: BaseCaseResult) -> Table:
    """Return what clinical experts judged, and how the model compares."""
    return expert_validation_of(result.scenario, result.experts)


def expert_validation_of(scenario: Scenario, experts: Sequence[ExpertComparison]) -> Table:
    """Return what clinical experts judged of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Any.
    experts : sequence of ExpertComparison
        Their judgements beside the model.
    """
    record = scenario.file.expert_validation
    note = NO_RECORD.format("expert_validation")
    if record is not None:
        note = plain(" ".join(record.not_done.split()))
    columns: tuple[ColumnOf[ExpertComparison], ...] = (
        (Column("role", "Role"), lambda found: plain(found.role)),
        Column("experts", "Experts", "", "count"),
        Column("when", "When"),
        (Column("how", "How"), lambda found: plain(found.how)),
        (Column("blinded", "Blinded to results"), lambda found: "yes" if found.blinded else "no"),
        (Column("interests", "Interests"), lambda found: plain(found.interests) or NOT_SAID),
        Column("about", "About"),
        (Column("question", "Question"), lambda found: plain(found.question)),
        (Column("answer", "What they said"), lambda found: plain(found.answer)),
        (
            Column("technologies", "Survival of"),
            lambda found: plain(scenario.label(found.strategy)) if found.strategy else "",
        ),
        (Column("endpoint", "Endpoint"), lambda found: found.endpoint.upper()),
        Column("at_years", "At", "years", "years"),
        Column("low", "Lowest they gave", "", "percent"),
        Column("high", "Highest they gave", "", "percent"),
        Column("modelled", "In the model", "", "percent"),
        Column("agrees", "Does the model agree?"),
        (Column("follow_up", "What was done"), lambda found: plain(found.follow_up)),
    )
    return table_of("expert_validation", "Validation by clinical experts", experts, columns, note)


def managed_access(result: BaseCaseResult) -> Table:
    """Return what managed access would collect; what it is worth: `netcea voi`."""
    return managed_access_of(result.scenario)


def managed_access_of(scenario: Scenario) -> Table:
    """Return what managed access of a scenario would collect.

    Parameters
    ----------
    scenario : Scenario
        Any.
    """
    record = scenario.file.managed_access
    note = NO_RECORD.format("managed_access")
    if record is not None:
        proposed = "Managed access is proposed" if record.proposed else "Managed access is not proposed"
        note = plain(f"{proposed}. {' '.join(record.statement.split())} What each is worth: netcea voi.")
    return table_of(
        "managed_access",
        "Data to be collected under managed access",
        record.collections if record is not None else (),
        (
            (Column("label", "Data"), lambda row: plain(row.label)),
            (Column("resolves", "Uncertainty"), lambda row: plain(" ".join(row.resolves.split()))),
            (Column("informs", "Quantities informed"), lambda row: plain(informed(scenario, row))),
            (Column("study", "Study in value of information"), lambda row: plain(study_words(scenario, row))),
            (Column("design", "Design"), lambda row: plain(row.design)),
            (Column("patients", "Patients"), lambda row: sizes(scenario, row)),
            (Column("timing", "Timing"), lambda row: plain(row.timing)),
            (Column("collected_by", "Collected by"), lambda row: plain(row.collected_by)),
        ),
        note,
    )


def informed(scenario: Scenario, collection: DataCollection) -> str:
    """Return the uncertain quantities that data would inform, by their labels; empty where none is named."""
    voi = scenario.file.analyses.voi
    if collection.study in voi.studies:
        return "; ".join(label_of(scenario, one.address) for one in voi.studies[collection.study].informs)
    return "; ".join(label_of(scenario, member) for member in voi.groups.get(collection.group or "", ()))


def study_words(scenario: Scenario, collection: DataCollection) -> str:
    """Return what value of information calls the study, or the group, that data belong to."""
    voi = scenario.file.analyses.voi
    if collection.study in voi.studies:
        return voi.studies[collection.study].label
    return f"group: {collection.group}" if collection.group else "not valued"


def sizes(scenario: Scenario, collection: DataCollection) -> str:
    """Return how many patients, or the sizes for which the study is valued."""
    if collection.patients is not None:
        return read(collection.patients)
    study = scenario.file.analyses.voi.studies.get(collection.study or "")
    return "" if study is None else ", ".join(map(read, study.patients))
