"""Tests of what is decided: ICERs and net benefit by plain arithmetic, who is favoured, what knowing is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from netcea.analyses.shared.judge import judge_totals
from netcea.analyses.shared.totals import general_population_qalys, summed
from netcea.arrays import Array
from netcea.decision.incremental import weighted
from netcea.decision.net_benefit import incremental_nhb, incremental_nmb
from netcea.decision.severity import severity_weight
from netcea.decision.value_of_information.evppi import evppi
from netcea.decision.value_of_information.perfect import evpi
from netcea.plain_number import read
from netcea.reporting.number_format import pounds, shown
from netcea.verification.perturbed import Perturbed, near, total
from netcea.verification.sampled import sample
from netcea.verification.slow_model.mortality import general_population
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

KNOWN: Final = 3
"""Numbers of the sample about which information is valued: those that go most with net benefit."""
STEPS: Final = 200
"""QALYs of current care, from none to those of the general population, at which severity weights are looked at."""
EXACT: Final = 20.0
"""QALYs of a general population for which some of these lie on the cut-offs exactly."""
A_BIT: Final = 1e-9
"""By which rounding may miss a cut-off."""
APART: Final = 3.0
"""Standard errors by which one value of information may seem above another that holds it."""


@black_box("X12", "ICERs, net monetary and net health benefit are those of plain arithmetic, with and without severity")
def plain_arithmetic(here: Perturbed) -> Found:
    """Work every comparison with the comparator out again."""
    found = judge_totals(here.scenario, here.base, here.outcomes)
    weights, comparator = here.scenario.method_pack.severity.weights, here.scenario.file.decision.comparator
    faults: list[str] = []
    of_weights = [(weight, weighted(found.pairwise, weight)) for weight in weights]
    for factor, rows in ((1.0, found.pairwise), (found.severity.severity_weight, found.weighted_pairwise), *of_weights):
        for row in rows:
            if row.strategy == comparator:
                continue
            costs, qalys = (_increment(here, m, row.strategy) for m in ("costs", "qalys"))
            expected = costs / (factor * qalys) if qalys and costs * qalys > 0.0 else None
            if (row.icer is None) != (expected is None) or not near(row.icer or 0.0, expected or 0.0):
                faults.append(f"ICER of {row.strategy} at weight {read(factor)}: {row.icer}, {expected} by arithmetic")
    for one in found.net_health_benefit:
        if one.strategy != comparator:
            faults += _unlike(here, one.strategy, one.threshold, found.severity.severity_weight, one)
    n = (len(weights) + 2) * len(found.pairwise) + 4 * len(found.net_health_benefit)
    return holds(faults, f"{n} figures at thresholds of {', '.join(map(pounds, here.scenario.method_pack.thresholds))}")


def _increment(here: Perturbed, measure: str, strategy: str) -> float:
    comparator = here.scenario.file.decision.comparator
    return total(here.outcomes, measure, strategy) - total(here.outcomes, measure, comparator)


def _unlike(here: Perturbed, strategy: str, threshold: float, weight: float, stated: object) -> Iterator[str]:
    """Yield net benefits that are not those of the increments."""
    costs, qalys = (_increment(here, m, strategy) for m in ("costs", "qalys"))
    for start, factor in (("", 1.0), ("weighted_", weight)):
        for name, expected in (
            ("nmb", factor * qalys * threshold - costs),
            ("nhb", factor * qalys - costs / threshold),
        ):
            value = getattr(stated, f"{start}incremental_{name}")
            if not near(value, expected, 1e-8):
                yield f"{start}{name} of {strategy} at {pounds(threshold)}: {read(value, 8)}, {read(expected, 8)}"
    for factor in here.scenario.method_pack.severity.weights:
        expected = factor * qalys * threshold - costs
        for name, value in (
            ("NMB", incremental_nmb(costs, qalys, threshold, factor)),
            ("NHB in money", incremental_nhb(costs, qalys, threshold, factor) * threshold),
        ):
            if not near(value, expected, 1e-8):
                yield f"{name} of {strategy} at weight {read(factor)}: {read(value, 8)}, not {read(expected, 8)}"


@black_box("X2", "The severity weight follows from the shortfall, with the method pack's cut-offs")
def severity_follows(here: Perturbed) -> Found:
    """Work the shortfalls and the weight out again, with the general population of the slow model."""
    stated = judge_totals(here.scenario, here.base, here.outcomes).severity
    row = {address: float(column[0, 0]) for address, column in here.base.columns.items()}
    population = general_population(here.scenario, row)[0]
    current = total(here.outcomes, "qalys", here.scenario.file.decision.established_practice)
    absolute, proportional = population - current, 1.0 - current / population
    expected = _weight(here, population, current)
    sampled = float(summed(here.scenario, here.base, here.outcomes).severity_weight[0])
    figures = {"absolute shortfall": absolute, "proportional shortfall": proportional, "weight": expected}
    pairs = {
        "QALYs of the general population": (stated.qalys_general_population, population),
        "QALYs of the general population of a row": (
            float(general_population_qalys(here.scenario, here.base)[0]),
            population,
        ),
        "absolute shortfall": (stated.absolute_shortfall, absolute),
        "proportional shortfall": (stated.proportional_shortfall, proportional),
        "severity weight": (stated.severity_weight, expected),
        "severity weight of a row": (sampled, expected),
    }
    faults = [
        f"{what}: {read(x, 8)}, {read(y, 8)} worked out again" for what, (x, y) in pairs.items() if not near(x, y)
    ]
    rules, steps = here.scenario.method_pack.severity, np.arange(STEPS) / STEPS
    for q in (population, EXACT):
        wrong = [x for x in q * steps if not near(float(severity_weight(q, x, rules)), _weight(here, q, float(x)))]
        faults += [f"of {read(q, 4)} QALYs, {read(x, 4)} with current care have another weight" for x in wrong[:1]]
    words = f"a shortfall of {absolute:.2f} QALYs, {proportional:.1%}: a weight of {read(expected)}"
    return holds(faults, words, figures)


def _weight(here: Perturbed, population: float, current: float) -> float:
    """Return the highest weight whose cut-off, of either shortfall, is reached; exactly on a cut-off it is."""
    rules, absolute = here.scenario.method_pack.severity, population - current
    share = absolute / population
    pairs = zip(rules.weights[1:], rules.absolute, rules.proportional, strict=True)
    return max((1.0, *(w for w, a, p in pairs if absolute >= a - A_BIT or share >= p - A_BIT)))


@black_box("U16-U18", "It is known how often the sample favours the intervention")
def who_is_favoured(here: Perturbed) -> Found:
    """Count quadrants, and rows of positive net benefit."""
    totals = here.once(sample).totals
    costs, qalys = (totals.increment(m) for m in ("costs", "qalys"))
    quadrants = {
        "dearer, more QALYs": (costs > 0) & (qalys > 0),
        "dearer, no more QALYs": (costs > 0) & (qalys <= 0),
        "not dearer, more QALYs": (costs <= 0) & (qalys > 0),
        "not dearer, no more QALYs": (costs <= 0) & (qalys <= 0),
    }
    figures = {name: float(np.mean(rows)) for name, rows in quadrants.items()}
    for threshold in here.scenario.method_pack.thresholds:
        figures[f"favoured at {pounds(threshold)}"] = float(np.mean(qalys * threshold - costs > 0.0))
    words = "; ".join(f"{name}: {shown(share, 'percent')}" for name, share in figures.items() if share > 0.0)
    off = abs(sum(figures[name] for name in quadrants) - 1.0)
    return holds([f"quadrants add up to 1 but for {read(off, 3)}"] if off > 1e-12 else [], words, figures)


@black_box("U23-U26", "Knowing everything is worth at least as much as knowing something, and more is worth no less")
def information_in_order(here: Perturbed) -> Found:
    """Value the numbers that go most with net benefit, one by one and together."""
    held = here.once(sample)
    threshold = min(here.scenario.method_pack.thresholds)
    benefit = held.totals.qalys * threshold - held.totals.costs
    perfect, own = evpi(benefit)[0], float(np.mean(benefit.max(axis=0)) - benefit.mean(axis=1).max())
    faults = [] if near(perfect, own, 1e-8) else [f"EVPI is {pounds(perfect)}, {pounds(own)} counted from the rows"]
    columns = _most_telling(here, benefit)
    figures = {"EVPI": own}
    if not columns:
        return not_applicable("Nothing is drawn by itself.")
    of_all = evppi(benefit, np.column_stack(list(columns.values())), "spline")
    figures["all together"] = of_all.value
    slack = APART * of_all.standard_error + 1e-6 * float(np.std(benefit)) + 1e-9
    for address, column in columns.items():
        one = evppi(benefit, column[:, np.newaxis], "spline")
        figures[address] = one.value
        if one.value > of_all.value + slack + APART * one.standard_error:
            faults.append(f"{address} alone is worth {pounds(one.value)}, with others {pounds(of_all.value)}")
    faults += [f"{name} is worth less than nothing" for name, value in figures.items() if value < -1e-9]
    if of_all.value > own + slack:
        faults.append(f"{pounds(of_all.value)} for {len(columns)} numbers, {pounds(own)} for everything")
    if not faults and own == 0.0:
        return explained(
            f"no row of the sample has another best strategy at {pounds(threshold)}: knowing is worth nothing"
        )
    words = f"{pounds(own)} a patient for everything, {pounds(of_all.value)} for {', '.join(columns)} together"
    return holds(
        faults, f"{words}, less for each alone (no study is planned here, so that EVSI is left to netcea voi)", figures
    )


def _most_telling(here: Perturbed, benefit: Array) -> dict[str, Array]:
    """Return the draws of the numbers whose ranks go most with the first two strategies' net benefit."""
    decision, names = here.scenario.file.decision, list(here.scenario.strategies)
    gain = benefit[names.index(decision.intervention)] - benefit[names.index(decision.comparator)]
    draws = here.once(sample).draws
    drawn = {a: c[:, 0] for a, c in draws.columns.items() if len(c) == draws.n and float(np.ptp(c)) > 0.0}
    strength = {a: abs(float(np.corrcoef(np.argsort(np.argsort(c)), gain)[0, 1])) for a, c in drawn.items()}
    most = sorted(strength, key=lambda a: -strength[a] if np.isfinite(strength[a]) else 0.0)[:KNOWN]
    return {address: drawn[address] for address in most}
