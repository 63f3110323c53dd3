"""Results of a scenario under the reference case beside its own: what each departure does to ICER and NHB."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netcea.analyses.shared.frontier import Judged
from netcea.analyses.shared.judge import judge_totals
from netcea.checking.reference_case.counterfactuals import Counterfactual, why
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError, ModelError
from netcea.reporting.table import Icer
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class Results:
    """What the intervention comes to at the point estimates.

    Attributes
    ----------
    versus : str
        With what it is compared: the comparator; of more than two strategies the one before it on the frontier.
    incremental_costs, incremental_qalys : float
        Unweighted. [GBP], [QALYs]
    icer, weighted_icer : Icer
        [GBP/QALY]
    severity_weight : float
    thresholds : tuple of (float, float)
        Of the method pack. [GBP/QALY]
    nhb, weighted_nhb : tuple of (float, float)
        Incremental net health benefit at each threshold, against the best other strategy. [QALYs]
    """

    versus: str
    incremental_costs: float
    incremental_qalys: float
    icer: Icer
    weighted_icer: Icer
    severity_weight: float
    thresholds: tuple[float, ...]
    nhb: tuple[float, ...]
    weighted_nhb: tuple[float, ...]


@dataclass(frozen=True)
class Effect:
    """A scenario under a rule of the reference case.

    Attributes
    ----------
    rule, words : str
        As of the counterfactual; words say why where nothing was run.
    changes : mapping of address -> value
        What was set.
    bound : bool
        Whether it is a bound in place of the reference case.
    results : Results or None
        None where nothing was run.
    nhb, weighted_nhb : tuple of float
        Change of net health benefit at each threshold, from the scenario to the reference case. [QALYs]
    """

    rule: str
    words: str
    changes: Mapping[str, object] = field(default_factory=dict)
    bound: bool = False
    results: Results | None = None
    nhb: tuple[float, ...] = ()
    weighted_nhb: tuple[float, ...] = ()


def results_of(scenario: Scenario) -> Results:
    """Return what the intervention of a scenario comes to at its point estimates.

    Parameters
    ----------
    scenario : Scenario
        Any.

    Raises
    ------
    ModelError
        It breaks a rule of the model.
    """
    row = base_case(scenario)
    judged = Judged.of(judge_totals(scenario, row, simulate(scenario, row)))
    thresholds = scenario.method_pack.thresholds
    return Results(
        versus=judged.versus,
        incremental_costs=judged.row.incremental_costs or 0.0,
        incremental_qalys=judged.row.incremental_qalys or 0.0,
        icer=Icer.of(judged.row),
        weighted_icer=Icer(judged.weighted_icer, judged.row.label),
        severity_weight=judged.severity_weight,
        thresholds=thresholds,
        nhb=tuple(judged.nhb(t) for t in thresholds),
        weighted_nhb=tuple(judged.nhb(t, weighted=True) for t in thresholds),
    )


def effect_of(found: Counterfactual, own: Results) -> Effect:
    """Return a counterfactual with its results, or with the reason why there are none.

    Parameters
    ----------
    found : Counterfactual
        A scenario as a rule has it.
    own : Results
        Of the scenario itself.
    """
    if found.load is None:
        return Effect(found.rule, found.words)
    made = tried(found.load)
    if isinstance(made, str):
        return Effect(found.rule, f"{found.words}: not run, {made}", found.changes, found.bound)
    return Effect(
        found.rule,
        found.words,
        found.changes,
        found.bound,
        made,
        tuple(after - before for after, before in zip(made.nhb, own.nhb, strict=True)),
        tuple(after - before for after, before in zip(made.weighted_nhb, own.weighted_nhb, strict=True)),
    )


def tried(load: Callable[[], Scenario]) -> Results | str:
    """Return the results of a scenario, or why there are none.

    Parameters
    ----------
    load : callable
        Loads it.
    """
    try:
        return results_of(load())
    except InputError as error:
        return why(error)
    except ModelError as error:
        return str(error)
