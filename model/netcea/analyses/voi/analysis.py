"""Value of information: what it is worth to know everything, some quantities, or what a study would show.

The draws are those of a probabilistic analysis. On each basis (a threshold, with or without the severity weight) the
net monetary benefit of a strategy is threshold x QALYs - costs; with the weight, QALYs gained against the comparator
count that many times. EVPI, EVPPI and EVSI are per patient; a population multiplies them by the patients whom the
decision reaches.

References
----------
Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326 (EVPPI by regression); Strong et al. (2015), Med Decis
Making 35:570-583 (EVSI by regression); Heath et al. (2020), Value in Health 23:1277-1286.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from netcea.analyses.analysis import Analysis
from netcea.analyses.psa.summary import weight_at
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.totals import Totals, joined, totals_of
from netcea.analyses.voi.control import Controls, Prepared, Valued
from netcea.analyses.voi.effects import effects_of
from netcea.analyses.voi.members import nested
from netcea.analyses.voi.record import VoiRecord
from netcea.analyses.voi.result import SWITCH, Basis, Estimate, Partial, VoiResult
from netcea.analyses.voi.studies import study_values
from netcea.arrays import Array
from netcea.decision.acceptability import acceptability_curves, switch_points
from netcea.decision.value_of_information import evpi, evppi, people_reached
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, Problem, did_you_mean
from netcea.execution.progress import stage, steps
from netcea.plain_number import read
from netcea.reporting.report import Report
from netcea.sampling.held import HeldDraws, together
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import Source
from netcea.scenario.options import VoiOptions
from netcea.scenario.scenario import Scenario

CHUNK: Final = 8192
"""Draws of one part."""
HIGHEST_THRESHOLD: Final = 4.0
"""The curve of EVPI reaches this many times the threshold at which the decision switches, or the upper threshold."""
POINTS: Final = 201


@dataclass(frozen=True)
class Drawn:
    """Draws of some rows: every uncertain column, in model units, and the totals.

    Attributes
    ----------
    parameters : mapping of address -> Array (draw,)
    totals : Totals
    held : tuple of HeldDraws
        Draws that were impossible.
    """

    parameters: Mapping[str, Array]
    totals: Totals
    held: tuple[HeldDraws, ...] = ()


class Voi(Analysis[VoiOptions, Drawn, VoiResult]):
    """What it is worth to know everything, some quantities, or what a study would show."""

    name: ClassVar = "voi"
    options = VoiOptions
    record = VoiRecord

    def parts(self, scenario: Scenario, options: VoiOptions) -> list[tuple[int, int]]:
        """Return ranges of draws.

        Raises
        ------
        InputError
            A group that is not the scenario's own names what the scenario does not draw.
        """
        own = scenario.file.analyses.voi.groups
        refuse_unknown(scenario, {n: m for n, m in options.groups.items() if own.get(n) != m}, "option --group")
        return [(start, min(start + CHUNK, options.draws)) for start in range(0, options.draws, CHUNK)]

    def work(self, scenario: Scenario, options: VoiOptions, start: int, stop: int) -> Drawn:
        """Sample and simulate a range of draws."""
        sampler = Sampler(scenario, options.seed)
        draws, held = sampler.held_rows(sampler.drawn(start, stop))
        return Drawn({a: draws[a][:, 0] for a in sampler.uncertain}, totals_of(scenario, draws), held)

    def summarise(self, scenario: Scenario, options: VoiOptions, values: Iterable[Drawn]) -> VoiResult:
        """Return every value of information."""
        totals, parameters, held = _together(values)
        ranked = not scenario.prices.redacted  # rank and switch depend on confidential prices
        switch = _switch(totals, max(scenario.method_pack.thresholds)) if ranked else float("nan")
        bases = bases_of(scenario, totals, switch)
        valued = [Valued.of(totals, basis) for basis in bases]
        effects, prepared = effects_of(scenario), Prepared(parameters)
        with stage("what each source explains"):
            controls = Controls.of(totals, prepared, effects)
        singles = [
            Partial(
                source.name,
                source.label,
                source.addresses,
                is_group=False,
                estimates=_partial(valued, prepared, source.addresses, controls),
            )
            for source in steps(effects.moving, "value of knowing one source")
        ]
        groups = [
            Partial(name, name, members, is_group=True, estimates=_partial(valued, prepared, members, controls))
            for name, members in steps(_groups(effects.moving, options).items(), "value of knowing a group")
        ]
        groups = nested(groups, singles)
        singles.sort(key=lambda partial: (-max(e.finding for e in partial.estimates) if ranked else 0.0, partial.name))
        people = people_of(scenario, options)
        most = max(scenario.method_pack.thresholds)
        top = max(HIGHEST_THRESHOLD * (switch if np.isfinite(switch) else most), 2.0 * most)
        thresholds = np.unique(np.concatenate([np.linspace(0.0, top, POINTS), scenario.method_pack.thresholds]))
        return VoiResult(
            read_first=read_first(scenario),
            scenario=scenario,
            options=options,
            totals=totals,
            bases=bases,
            evpi=tuple(Estimate(*evpi(each.benefit, each.rises)) for each in valued),
            thresholds=thresholds,
            evpi_curve=acceptability_curves(totals.costs, totals.qalys, thresholds).evpi,
            people=people,
            partial=(*singles, *groups),
            without_effect=effects.idle,
            studies=tuple(study_values(scenario, options, parameters, valued, controls, (*singles, *groups), people)),
            switch=switch,
            not_here=_not_here(scenario, options),
            held=held,
        )

    def report(self, result: VoiResult) -> Report:
        """Return tables, figures and JSON."""
        from netcea.analyses.voi.report import report

        return report(result)


def _together(values: Iterable[Drawn]) -> tuple[Totals, dict[str, Array], tuple[HeldDraws, ...]]:
    """Return totals, values of every quantity and what was held of all parts; each column is copied once."""
    totals, held, parts = [], [], []
    for part in values:
        totals.append(part.totals)
        held.append(part.held)
        parts.append(dict(part.parameters))
    parameters = {address: np.concatenate([part.pop(address) for part in parts]) for address in [*parts[0]]}
    return joined(totals), parameters, together(held)


def bases_of(scenario: Scenario, totals: Totals, switch: float) -> tuple[Basis, ...]:
    """Return the thresholds of the method pack, without and with the severity weight, and the switch."""
    names = ("lower", "upper")
    thresholds = sorted(scenario.method_pack.thresholds)
    found = [Basis(name, f"£{t:,.0f}", t, 1.0) for name, t in zip(names, thresholds, strict=False)]
    weight = weight_at(scenario, totals)
    if weight != 1.0:
        found += [
            Basis(f"{b.name}_weighted", f"{b.label}, QALYs x {read(weight)}", b.threshold, weight) for b in found[:]
        ]
    if np.isfinite(switch):
        found.append(Basis(SWITCH, f"£{switch:,.0f} (where the decision switches)", switch, 1.0))
    return tuple(found)


def people_of(scenario: Scenario, options: VoiOptions) -> float:
    """Return the patients whom the decision reaches, later ones discounted; nan without a population."""
    population = options.population
    if population is None:
        return float("nan")
    row = base_case(scenario)

    def value(address: str | None) -> float:
        return 1.0 if address is None else float(row[address][0, 0])

    each_year = value(population.patients_per_year) * value(population.share) * value(population.uptake)
    years = value(population.decision_lasts)
    return people_reached(each_year, years, scenario.file.settings.discount_rate("qalys"))


def _partial(
    valued: Sequence[Valued], prepared: Prepared, addresses: tuple[str, ...], controls: Controls
) -> tuple[Estimate, ...]:
    """Return the value of knowing some quantities, on every basis."""
    known, controlled = prepared.of(addresses), controls.on(valued, addresses)
    pairs = zip(valued, controlled, strict=True)
    return tuple(Estimate.partial(evppi(each.benefit, known, "auto", *taken)) for each, taken in pairs)


def _switch(totals: Totals, near: float) -> float:
    """Return the threshold at which the optimal strategy changes, the one nearest to `near` of several; nan if none."""
    points = switch_points(totals.costs.mean(axis=1), totals.qalys.mean(axis=1))
    return float(min(points, key=lambda point: abs(math.log(point / near)))) if len(points) else float("nan")


def _groups(moving: Iterable[Source], options: VoiOptions) -> dict[str, tuple[str, ...]]:
    """Return group -> addresses that move a result; a source of several quantities is in or out whole."""
    found = {}
    for name, members in options.groups.items():
        inside = [s for s in moving if any(_begins(a, member) for a in s.addresses for member in members)]
        if inside:
            found[name] = tuple(address for source in inside for address in source.addresses)
    return found


def _begins(address: str, beginning: str) -> bool:
    return address == beginning or address.startswith(f"{beginning}.")


def refuse_unknown(scenario: Scenario, groups: Mapping[str, list[str]], source: str) -> None:
    """Refuse groups that name what this scenario does not draw.

    Raises
    ------
    InputError
        With every such member.
    """
    known = Sampler(scenario, 0).uncertain
    expected = "the address, or the beginning of addresses, of uncertain numbers"
    problems = [
        Problem(source, 0, name, repr(member), expected, did_you_mean(member, known))
        for name, members in groups.items()
        for member in members
        if not any(_begins(address, member) for address in known)
    ]
    if problems:
        raise InputError(problems)


def _not_here(scenario: Scenario, options: VoiOptions) -> tuple[str, ...]:
    """Return what groups and studies name that this scenario does not draw, with a suggestion."""
    known = Sampler(scenario, 0).uncertain
    named = [(f"group {name}", member) for name, members in options.groups.items() for member in members]
    named += [(f"study {name}", i.address) for name, study in options.studies.items() for i in study.informs]
    return tuple(
        "; ".join(part for part in (f"{where}: {member}", did_you_mean(member, known)) if part)
        for where, member in named
        if not any(_begins(address, member) for address in known)
    )
