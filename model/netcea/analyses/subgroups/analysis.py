"""Results by subgroup: each a change of inputs on top of the scenario, judged as it is.

What has no evidence is a row too, without numbers: a subgroup is never given those of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from netcea.analyses.analysis import Analysis
from netcea.analyses.base_case.result import JudgedTotals
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import Effect, effects_of
from netcea.analyses.shared.judge import judge_totals
from netcea.analyses.shared.totals import totals_of
from netcea.analyses.subgroups.record import SubgroupsRecord
from netcea.analyses.subgroups.result import SubgroupResult, SubgroupsResult
from netcea.analyses.waterfall.analysis import words_of
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError, ModelError, Problem
from netcea.reporting.report import Report
from netcea.scenario.scenario import Related, Scenario
from netcea.scenario.subgroup_options import Subgroup, SubgroupsOptions

EVERYBODY: Final = "All patients"
STATUSES: Final = ("published", "derived", "assumption", "unverified")
PATIENTS: Final = "patients"
"""Unit of what a trial counts of its arms."""


@dataclass(frozen=True)
class Described:
    """A subgroup that can be run.

    Attributes
    ----------
    subgroup : Subgroup
    scenario : Scenario
        With its inputs.
    patients : float or None
        Of the trials whose figures are its own.
    """

    subgroup: Subgroup
    scenario: Scenario
    patients: float | None


class Subgroups(Analysis[SubgroupsOptions, SubgroupResult, SubgroupsResult]):
    """Costs, QALYs and ICER by subgroup, with the status of the evidence that each rests on."""

    name: ClassVar = "subgroups"
    options = SubgroupsOptions
    record = SubgroupsRecord

    def parts(self, scenario: Scenario, options: SubgroupsOptions) -> Sequence[tuple[Any, ...]]:
        """Return all patients, then each subgroup with its inputs, or why it has none.

        Raises
        ------
        InputError
            The scenario came from another process, without its files.
        """
        if scenario.related is None and any(one.gap is None for one in options.subgroups):
            found = "a scenario without its files, such as one of a batch"
            raise InputError(Problem(found=found, expected="a run of its own (netcea subgroups)"))
        return [("", None), *((_described(scenario, n, one), one) for n, one in enumerate(options.subgroups))]

    def work(
        self,
        scenario: Scenario,
        options: SubgroupsOptions,  # noqa: ARG002 - see parts
        found: Described | str,
        subgroup: Subgroup | None,
    ) -> SubgroupResult:
        """Evaluate a subgroup; say why not, where there is nothing to evaluate."""
        if subgroup is None:
            case, effect = _judged(scenario)
            return SubgroupResult(EVERYBODY, "", **_results(case, effect), sets=scenario.source)
        said: dict[str, Any] = {"prespecified": subgroup.prespecified, "same_as_all": subgroup.same_as_all}
        said["sets"] = words_of(subgroup)
        if subgroup.gap is not None:
            return SubgroupResult(subgroup.label, subgroup.by, **said, gap=" ".join(subgroup.gap.split()))
        if not isinstance(found, Described):
            return SubgroupResult(subgroup.label, subgroup.by, **said, fault=found)
        try:
            case, effect = _judged(found.scenario)
        except (InputError, ModelError) as error:
            return SubgroupResult(subgroup.label, subgroup.by, **said, fault=_first_line(error))
        said |= {"patients": found.patients, "numbers_by_status": by_status(scenario, found.scenario)}
        return SubgroupResult(subgroup.label, subgroup.by, **said, **_results(case, effect))

    def summarise(
        self, scenario: Scenario, options: SubgroupsOptions, values: Iterable[SubgroupResult]
    ) -> SubgroupsResult:
        """Put the subgroups together."""
        everybody, *subgroups = values
        return SubgroupsResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            everybody=everybody,
            subgroups=tuple(subgroups),
        )

    def report(self, result: SubgroupsResult) -> Report:
        """Return the tables, a figure and JSON."""
        from netcea.analyses.subgroups.report import report

        return report(result)


def by_status(everybody: Scenario, some: Scenario) -> dict[str, int]:
    """Return status -> how many numbers in use by some patients differ from those of all.

    Parameters
    ----------
    everybody, some : Scenario
        All patients, and those told apart.
    """
    own = Counter(q.status for address, q in some.quantities.items() if everybody.quantities.get(address) != q)
    return {status: own[status] for status in STATUSES if own[status]}


def _described(scenario: Scenario, number: int, subgroup: Subgroup) -> Described | str:
    """Return a subgroup with its inputs, or why it has no result."""
    if subgroup.gap is not None:
        return subgroup.gap
    if scenario.related is None:
        raise TypeError("a scenario from another process has no subgroups that can be run")
    try:
        changed = _changed(scenario.related, number, subgroup)
    except InputError as error:
        return _first_line(error)
    return Described(subgroup, changed, _patients(scenario, changed))


def _changed(related: Related, number: int, subgroup: Subgroup) -> Scenario:
    if subgroup.scenario is not None:
        return related.named(f"analyses.subgroups.subgroups.{number}.scenario", subgroup.scenario).load()
    return related.changed(subgroup.set or {})


def _patients(everybody: Scenario, some: Scenario) -> float | None:
    """Return how many patients the trials counted whose ratios are the subgroup's own; None where they do not say."""
    if some.related is None:
        return None
    own = {a.rpartition(".")[0] for a in some.quantities if a not in everybody.quantities and a.startswith("survival.")}
    counts = some.related.trial_record(f"{group}." for group in own).counts
    found = [q.value for a, q in counts.items() if q.unit == PATIENTS and a.rpartition(".")[0] in own]
    return sum(found) if found else None


def _judged(scenario: Scenario) -> tuple[JudgedTotals, Effect]:
    row = base_case(scenario)
    return judge_totals(scenario, row, simulate(scenario, row)), effects_of(scenario, totals_of(scenario, row))[0]


def _results(case: JudgedTotals, effect: Effect) -> dict[str, Any]:
    return {"digest": case.digest, "effect": effect, "strategies": case.strategies, "incremental": case.incremental}


def _first_line(error: InputError | ModelError) -> str:
    return " ".join(str(error.problems[0] if isinstance(error, InputError) else error).split())
