"""The models of one scenario at its point estimates: survival, QALYs, costs, and mortality after progression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.medians import survival_at
from netcea.analyses.shared.totals import summed
from netcea.analyses.structure.result import Compared, Courses, MortalityAt, QalyPart, StrategyInModel, StructureModel
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure
from netcea.engine.grid import Grid
from netcea.engine.outcomes import Outcomes
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import Structure, account, exposures, simulate
from netcea.engine.state_transition import implied_rises
from netcea.engine.structures import StateTransition
from netcea.errors import ModelError
from netcea.scenario.options import StructureOptions
from netcea.scenario.scenario import Scenario

TIMES: Final = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0)
"""At which mortality after progression is shown. [years]"""
LOSSES: Final = "adverse_events"
FEWEST: Final = 1e-6
"""Progressed share of the cohort of which mortality is still shown. [share]"""


@dataclass(frozen=True)
class Model:
    """One model: its name, what it assumes of mortality after progression, and how it follows the strategies."""

    name: str
    label: str
    assumes: str
    structure: Structure


def models_of(scenario: Scenario) -> tuple[Model, ...]:
    """Return the models that are compared, partitioned survival first.

    Parameters
    ----------
    scenario : Scenario
    """
    versus = scenario.label(scenario.file.decision.comparator)
    implied = f"that which partitioned survival implies for {versus}, by time since the start, whatever the treatment"
    constant = f"constant, with as many years after progression for {versus} as in partitioned survival"
    weibull = f"Weibull since progression, nearest to how many are progressed over time with {versus}"
    return (
        Model("partitioned_survival", "Partitioned survival", "none: what PFS and OS leave over", exposures),
        Model("clock_forward", "Clock-forward", implied, StateTransition("start").exposures),
        Model(
            "clock_forward_pooled",
            "Clock-forward, strategies pooled",
            "that which partitioned survival implies for all strategies taken together, by time since the start",
            StateTransition("start", "pooled").exposures,
        ),
        Model("clock_reset", "Clock-reset, exponential", constant, StateTransition("progression").exposures),
        Model(
            "clock_reset_weibull",
            "Clock-reset, Weibull",
            weibull,
            StateTransition("progression", family="weibull").exposures,
        ),
    )


def compared(scenario: Scenario, options: StructureOptions) -> Compared:
    """Run every model at the point estimates.

    Parameters
    ----------
    scenario : Scenario
    options : StructureOptions

    Raises
    ------
    ModelError
        A model breaks a rule of its own.
    """
    grid, row = Grid.of(scenario), base_case(scenario)
    follow_up = None if options.follow_up is None else float(row[options.follow_up][0, 0])
    observed = None if follow_up is None else observed_share(grid.time.edges, follow_up)
    followed = {model.name: _followed(model, grid, row) for model in models_of(scenario)}
    found = tuple(_model(scenario, model, grid, row, (followed[model.name], observed)) for model in models_of(scenario))
    decision = scenario.file.decision
    constant = followed["clock_reset"][decision.comparator].occupancy.audit["hazard_after_progression"]
    courses = _courses(followed, grid, float(constant[0]))
    return Compared(
        found,
        _mortality(courses),
        _parts(scenario, followed, observed),
        courses,
        follow_up,
        _parameters(followed, decision.comparator),
    )


def observed_share(edges: Array, follow_up: float) -> Array:
    """Return the share of each cycle before the end of follow-up, Array (N,). [share]

    >>> observed_share(np.array([0.0, 1.0, 2.0, 3.0]), 1.25).tolist()
    [1.0, 0.25, 0.0]
    """
    return np.asarray(np.clip((follow_up - edges[:-1]) / np.diff(edges), 0.0, 1.0), dtype=np.float64)


def refuse_broken(label: str, outcomes: Outcomes) -> None:
    """Refuse outcomes that break a rule of the model: states that add up, no negative flow, nothing undefined.

    Parameters
    ----------
    label : str
        Of the model.
    outcomes : Outcomes

    Raises
    ------
    ModelError
        With the strategy.
    """
    for name, found in outcomes.strategies.items():
        if np.any(found.audit["violations"] != 0.0):
            raise ModelError(
                f"{label}: strategy '{name}' breaks a rule of the model: a negative flow or an undefined sum"
            )


def _followed(model: Model, grid: Grid, row: Draws) -> dict[str, BlockExposure]:
    return {one.strategy: one for one in model.structure(grid, row)}


def _model(
    scenario: Scenario, model: Model, grid: Grid, row: Draws, found: tuple[Mapping[str, BlockExposure], Array | None]
) -> StructureModel:
    followed, observed = found
    outcomes = simulate(scenario, row, structure=lambda _grid, _block: iter(followed.values()))
    refuse_broken(model.label, outcomes)
    totals = summed(scenario, row, outcomes)
    strategies = []
    for name, exposure in followed.items():
        states = exposure.occupancy
        free, progressed = (grid.person_time(x)[0] for x in (states.progression_free, states.progressed))
        years, qalys = free + progressed, sum(_qalys(scenario, exposure).values())
        at_two, at_five = (_alive(exposure, t) for t in (2.0, 5.0))
        strategies.append(
            StrategyInModel(
                name,
                float(free.sum()),
                float(progressed.sum()),
                float(years.sum()),
                at_two,
                at_five,
                float(totals.of("costs", name)[0]),
                float(totals.of("qalys", name)[0]),
                None if observed is None else float(years @ observed),
                None if observed is None else float(qalys @ observed),
            )
        )
    effect = effects_of(scenario, totals)[0]
    gained = float(totals.increment("life_years")[0])
    return StructureModel(model.name, model.label, model.assumes, gained, effect, tuple(strategies))


def _alive(exposure: BlockExposure, years: float) -> float | None:
    if years > exposure.grid.time.horizon_years:
        return None
    return survival_at(exposure.curves, f"strategies.{exposure.strategy}.os", years)


def _qalys(scenario: Scenario, exposure: BlockExposure) -> dict[str, Array]:
    """Return discounted QALYs of each cycle by health state, and what adverse events take, each Array (N,)."""
    n = exposure.grid.time.n_cycles
    found = {"progression_free": np.zeros(n), "progressed": np.zeros(n), LOSSES: np.zeros(n)}
    accrued = account(scenario, exposure)
    for gain in accrued.gains:
        found[gain.state] = found[gain.state] + float(gain.level[0]) * gain.stream.per_cycle()[0][0]
    for _, lost in accrued.losses:
        found[LOSSES] = found[LOSSES] - float(lost.amount[0]) * lost.stream.per_cycle()[0][0]
    return found


def _parts(
    scenario: Scenario, followed: Mapping[str, Mapping[str, BlockExposure]], observed: Array | None
) -> tuple[QalyPart, ...]:
    """Return what the gain in QALYs is made of: by state, and after progression by what moves it."""
    decision = scenario.file.decision
    gained = {}
    for name in ("partitioned_survival", "clock_forward"):
        new, old = (_qalys(scenario, followed[name][s]) for s in (decision.intervention, decision.comparator))
        gained[name] = {state: new[state] - old[state] for state in new}
    whole, common = gained["partitioned_survival"], gained["clock_forward"]
    rows = (
        ("progression_free", "Progression-free: longer, and by the utility of that state", whole["progression_free"]),
        (
            "progressions",
            "After progression: who progresses and when, at the comparator's mortality after progression",
            common["progressed"],
        ),
        (
            "mortality_after_progression",
            "After progression: mortality after progression other than the comparator's",
            whole["progressed"] - common["progressed"],
        ),
        (LOSSES, "Adverse events", whole[LOSSES]),
        ("total", "Incremental QALYs", np.asarray(sum(whole.values()))),
    )
    return tuple(_part(name, label, gain, observed) for name, label, gain in rows)


def _part(name: str, label: str, gain: Array, observed: Array | None) -> QalyPart:
    total = float(gain.sum())
    if observed is None:
        return QalyPart(name, label, None, None, total)
    return QalyPart(name, label, float(gain @ observed), float(gain @ (1.0 - observed)), total)


def _courses(followed: Mapping[str, Mapping[str, BlockExposure]], grid: Grid, constant: float) -> Courses:
    partitioned = followed["partitioned_survival"]
    implied = {}
    for name, exposure in partitioned.items():
        states = exposure.occupancy
        rises = implied_rises(states.progressed, states.progressions)[0]
        implied[name] = np.where(states.progressed[0, 1:] >= FEWEST, rises / grid.time.lengths, np.nan)
    population = next(iter(partitioned.values())).curves.population_hazard[0] / grid.time.lengths
    states_of = {(m, s): one.occupancy for m, by_strategy in followed.items() for s, one in by_strategy.items()}
    return Courses(
        grid.time.edges,
        {key: states.alive[0] for key, states in states_of.items()},
        {key: states.progressed[0] for key, states in states_of.items()},
        implied,
        population,
        constant,
    )


def _mortality(courses: Courses) -> tuple[MortalityAt, ...]:
    edges = courses.edges
    rows = []
    for years in (t for t in TIMES if t <= edges[-1]):
        cycle = int(np.clip(np.searchsorted(edges, years, side="left") - 1, 0, len(edges) - 2))
        implied = {name: _number(hazard[cycle]) for name, hazard in courses.implied.items()}
        progressed = {
            s: float(share[cycle + 1]) for (m, s), share in courses.progressed.items() if m == "partitioned_survival"
        }
        rows.append(MortalityAt(years, float(courses.population[cycle]), implied, progressed))
    return tuple(rows)


def _number(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None


def _parameters(followed: Mapping[str, Mapping[str, BlockExposure]], comparator: str) -> dict[str, float]:
    """Return what was estimated or bound in each state-transition model."""
    found: dict[str, float] = {}
    for model, names in PARAMETERS.items():
        audit = followed[model][comparator].occupancy.audit
        found |= {f"{model}.{name}": float(np.ravel(audit[name])[0]) for name in names}
    return found


PARAMETERS: Final[Mapping[str, Sequence[str]]] = {
    "clock_forward": ("held_cycles", "below_population_cycles"),
    "clock_reset": ("hazard_after_progression",),
    "clock_reset_weibull": ("shape", "scale_years"),
}
"""Model -> what of its audit is written."""
