"""What a study that has not been done would be worth: EVSI over its size, its population value, its net benefit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from netcea.analyses.shared.medians import survival_at
from netcea.analyses.voi.control import Controls, Valued
from netcea.analyses.voi.members import no_less_than_members
from netcea.analyses.voi.result import Estimate, Partial, StudyValue
from netcea.arrays import Array
from netcea.decision.value_of_information import StudyData, evsi
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.execution.progress import steps
from netcea.plain_number import read
from netcea.scenario.options import InformedQuantity, Study, VoiOptions
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves


def study_values(
    scenario: Scenario,
    options: VoiOptions,
    parameters: Mapping[str, Array],
    valued: Sequence[Valued],
    controls: Controls,
    partial: Sequence[Partial],
    people: float,
) -> Iterator[StudyValue]:
    """Yield the value of every study on every basis; a study of numbers that are not in use is left out.

    Parameters
    ----------
    scenario : Scenario
    options : VoiOptions
    parameters : mapping of address -> Array (draw,)
        In model units.
    valued : sequence of Valued
        Net monetary benefit on each basis.
    controls : Controls
        What independent sources explain of it.
    partial : sequence of Partial
        EVPPI of single sources and groups: what a study informs is worth no less than those in it.
    people : float
        Patients whom the decision reaches.
    """
    for name, study in steps(options.studies.items(), "value of studies"):
        if all(informed.address in parameters for informed in study.informs):
            yield from _values(scenario, name, study, parameters, valued, controls, partial, people)


def event_probability(scenario: Scenario, informed: InformedQuantity) -> float:
    """Return the share of a trial's patients with an event by the end of follow-up, by the model's own curves."""
    row, decision = base_case(scenario), scenario.file.decision
    grid = Grid.of(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    years = float(row[informed.follow_up or ""][0, 0])
    treated, control = (
        1.0 - survival_at(curves, f"strategies.{strategy}.{informed.endpoint}", years)
        for strategy in (decision.intervention, decision.comparator)
    )
    return informed.allocation * treated + (1.0 - informed.allocation) * control


def _values(
    scenario: Scenario,
    name: str,
    study: Study,
    parameters: Mapping[str, Array],
    valued: Sequence[Valued],
    controls: Controls,
    partial: Sequence[Partial],
    people: float,
) -> Iterator[StudyValue]:
    row = base_case(scenario)
    sizes = np.array(sorted(study.patients))
    designs, notes = [], []
    for informed in study.informs:
        if informed.data == "hazard_ratio":
            share = event_probability(scenario, informed)
            months = 12.0 * float(row[informed.follow_up or ""][0, 0])
            notes.append(
                f"{share:.0%} of patients have an event ({informed.endpoint.upper()}) within {read(months)} months"
            )
            designs.append(StudyData("hazard_ratio", event_share=share, allocation=informed.allocation))
        elif informed.data == "proportion":
            designs.append(StudyData("proportion"))
        else:
            designs.append(StudyData("mean", sd=float(row[informed.sd or ""][0, 0])))
    columns = np.stack([parameters[informed.address] for informed in study.informs], axis=1)
    cost = _cost(study, row, sizes)
    known = [informed.address for informed in study.informs]
    benefits = [each.benefit for each in valued]
    taken, rises = zip(*controls.on(valued, known), strict=True)
    values = evsi(benefits, columns, designs, [int(n) for n in sizes], taken, rises)
    limits = no_less_than_members(tuple(Estimate.partial(found.evppi) for found in values), known, partial)
    for each, found, limit in zip(valued, values, limits, strict=True):
        population = found.value * people
        net = None if cost is None or not np.isfinite(people) else population - cost
        value, error = found.value, found.standard_error
        study_value = StudyValue(
            name, study.label, each.basis, sizes, value, error, limit, population, cost, net, None, tuple(notes)
        )
        yield replace(study_value, best_size=_best_size(study_value))


def _best_size(study: StudyValue) -> int | None:
    """Return the size with the highest net benefit; None where it is not above 0, or the value not told from 0."""
    if study.net_benefit is None or not study.told_from_zero or not float(study.net_benefit.max()) > 0.0:
        return None
    return int(study.patients[int(np.argmax(study.net_benefit))])


def _cost(study: Study, row: Draws, sizes: Array) -> Array | None:
    if study.fixed_cost is None and study.cost_per_patient is None:
        return None
    fixed = 0.0 if study.fixed_cost is None else float(row[study.fixed_cost][0, 0])
    each = 0.0 if study.cost_per_patient is None else float(row[study.cost_per_patient][0, 0])
    return fixed + each * sizes.astype(np.float64)
