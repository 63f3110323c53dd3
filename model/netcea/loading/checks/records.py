"""What a scenario says for its readers: names in it lead to studies, groups, strategies, sources and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from netcea.errors import InputError, Problem, did_you_mean
from netcea.loading.checks.choices import checked_blocks, file_faults
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import Override
from netcea.plain_number import read
from netcea.quantities.key_path import KeyPath
from netcea.scenario.managed_access import DataCollection
from netcea.scenario.options import VoiOptions
from netcea.scenario.scenario import ScenarioFile

SUBGROUPS: Final[KeyPath] = ("analyses", "subgroups", "subgroups")


def record_faults(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    """Yield what leads nowhere in the decision problem by prior therapy, managed access, validation and subgroups.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    draft : DraftScenario
        Says where entries stand.
    """
    yield from _sources(file, draft)
    yield from _studies(file, draft)
    yield from _landmarks(file, draft)
    for index, subgroup in enumerate(file.analyses.subgroups.subgroups):
        if subgroup.scenario is not None:
            yield from file_faults(f"analyses.subgroups.subgroups.{index}.scenario", subgroup.scenario, draft)
        elif subgroup.set is not None:
            yield from _set_faults(subgroup.set, (*SUBGROUPS, index, "set"), draft)


def _set_faults(changes: Mapping[str, Any], at: KeyPath, draft: DraftScenario) -> Iterator[Problem]:
    """Yield addresses that lead nowhere, and entries that cannot be; numbers are checked when the subgroup is run."""
    changed = draft.with_sets([Override(a, value, draft.tree.place((*at, a))) for a, value in changes.items()])
    faults = changed.faults[len(draft.faults) :]
    yield from faults
    if not faults:
        try:
            checked_blocks(changed)
        except InputError as error:
            yield from error.problems


def named_sources(file: ScenarioFile) -> Iterator[tuple[str, str]]:
    """Yield address and key of every source that a scenario itself names.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    """
    therapy, at = file.decision_problem.prior_therapy, "decision_problem.prior_therapy"
    if therapy is None:
        return
    yield from ((f"{at}.source.{i}", key) for i, key in enumerate(therapy.source))
    for n, line in enumerate(therapy.lines):
        for m, comparator in enumerate(line.comparators):
            yield from ((f"{at}.lines.{n}.comparators.{m}.source.{i}", key) for i, key in enumerate(comparator.source))


def _sources(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    named = list(named_sources(file))
    known = draft.inputs.sources() if named else {}
    for address, key in named:
        if key not in known:
            yield draft.place(address).problem(repr(key), "a key of sources.yaml", did_you_mean(key, list(known)))


def _studies(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    collections = file.managed_access.collections if file.managed_access is not None else []
    for index, collection in enumerate(collections):
        yield from _linked(collection, f"managed_access.collections.{index}", file.analyses.voi, draft)


def _linked(collection: DataCollection, at: str, voi: VoiOptions, draft: DraftScenario) -> Iterator[Problem]:
    """Yield a study or a group that value of information does not have, or a size that the study does not."""
    for name, known in (("study", list(voi.studies)), ("group", list(voi.groups))):
        named = getattr(collection, name)
        if named is not None and named not in known:
            of = "studies" if name == "study" else "groups"
            expected = (
                f"one of analyses.voi.{of}: {', '.join(known)}" if known else f"analyses.voi.{of}, which are none"
            )
            yield draft.place(f"{at}.{name}").problem(repr(named), expected, did_you_mean(named, known))
    study = voi.studies.get(collection.study or "")
    if study is not None and collection.patients is not None and collection.patients not in study.patients:
        expected = f"one of the sizes of {collection.study}: {', '.join(map(read, study.patients))}"
        hint = f"or add it to analyses.voi.studies.{collection.study}.patients"
        yield draft.place(f"{at}.patients").problem(read(collection.patients), expected, hint)


def _landmarks(file: ScenarioFile, draft: DraftScenario) -> Iterator[Problem]:
    reviews = file.expert_validation.reviews if file.expert_validation is not None else []
    known = list(file.strategies)
    given = {f"analyses.sweep.landmarks.{n}": landmark for n, landmark in enumerate(file.analyses.sweep.landmarks)}
    for n, review in enumerate(reviews):
        for m, judgement in enumerate(review.judgements):
            if judgement.landmark is not None:
                given[f"expert_validation.reviews.{n}.judgements.{m}.landmark"] = judgement.landmark
    for address, landmark in given.items():
        if landmark.strategy not in known:
            expected, hint = f"one of the strategies {', '.join(known)}", did_you_mean(landmark.strategy, known)
            yield draft.place(f"{address}.strategy").problem(repr(landmark.strategy), expected, hint)
