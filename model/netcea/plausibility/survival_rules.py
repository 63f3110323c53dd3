"""Rules across numbers of survival: curves against each other, against published figures, trials against themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from netcea.cohort.mortality import life_expectancy
from netcea.plain_number import read
from netcea.plausibility.facts import Curves, Doubt, Facts
from netcea.plausibility.ranges import RANGES
from netcea.plausibility.single import outside
from netcea.plausibility.slips import slip_between
from netcea.plausibility.uses import Use
from netcea.quantities.units import to_model
from netcea.survival.curve import Curve

CROSSED: Final = 0.15
"""Person-time of PFS above OS, over that of OS."""
MISSED: Final = 4.0
"""Standard errors by which a fit may miss a published figure."""
UNEQUAL: Final = 4.0
"""How many times the patients of another arm one has, at most; trials randomise 2:1 or 3:1."""
HARMFUL: Final = 1.25
"""Hazard ratio of OS beyond which longer published medians contradict it; up to there reviewers try it."""
LONGER: Final = 0.1
"""By how much men may outlive women; in every national life table women outlive men. [years]"""
FAR: Final = 0.28
"""Share of patients between a published landmark and the curve."""


def curves(facts: Facts) -> Iterator[Doubt]:
    """Yield curves whose medians are implausible, PFS above OS, treatment beyond PFS.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for name, found in facts.curves.items():
        for endpoint in ("pfs", "os"):
            median, address = found.median(endpoint), f"strategies.{name}.{endpoint}"
            if median is not None:
                wanted = RANGES[f"median {endpoint.upper()} of the curve"]
                yield from outside(Use("", address, address, 12.0 * median, "months", None), wanted, facts)
        share = float(np.maximum(found.pfs - found.os, 0.0).sum() / found.os.sum())
        if share > CROSSED:
            text = f"overall survival lies below progression-free survival, by {share:.0%} of the time alive"
            hint = "look at the units of the medians, and at the hazard ratios of both endpoints"
            yield f"strategies.{name}.os", f"{text}: {hint}"
        if found.mean("treated") > 1.1 * found.mean("pfs"):
            times = (
                f"{read(12 * found.mean('treated'), 3)} months on treatment, "
                f"{read(12 * found.mean('pfs'), 3)} progression-free"
            )
            yield (
                f"strategies.{name}.time_on_treatment",
                f"mean time on treatment is longer than mean PFS: {times}; treatment usually ends at progression",
            )


def between_strategies(facts: Facts) -> Iterator[Doubt]:
    """Yield an intervention that is worse than an untreated comparator, and curves that are the same.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    new, old = facts.curves.get(facts.intervention), facts.curves.get(facts.comparator)
    if new is None or old is None:
        return
    label = facts.scenario.label
    address = f"strategies.{facts.intervention}"
    names = f"{label(facts.intervention)} and {label(facts.comparator)}"
    if not facts.treated(facts.comparator):
        yield from _worse(new, old, address, names)
    file = facts.scenario.file.strategies
    given = file[facts.intervention].pfs, file[facts.comparator].pfs
    if all(curve.trial for curve in given) and (given[0].trial, given[0].arm) == (given[1].trial, given[1].arm):
        yield (
            f"{address}.pfs.arm",
            f"PFS of {names} is that of the same arm, {given[0].arm}: should one be the other arm?",
        )


def _worse(new: Curves, old: Curves, address: str, names: str) -> Iterator[Doubt]:
    for endpoint, least in (("pfs", 0.95), ("os", 0.88)):
        means = 12.0 * new.mean(endpoint), 12.0 * old.mean(endpoint)
        if means[0] < least * means[1]:
            text = f"mean {endpoint.upper()} of {names}: {read(means[0], 3)} and {read(means[1], 3)} months"
            hint = "are the two arms swapped, or is a hazard ratio inverted?"
            yield f"{address}.{endpoint}", f"{text}: shorter than without treatment; {hint}"


def hazard_ratios(facts: Facts) -> Iterator[Doubt]:
    """Yield an effect on OS that exceeds that on PFS, and ratios that contradict published medians.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for name, strategy in facts.scenario.file.strategies.items():
        of_os = facts.value(strategy.os.hazard_ratio)
        of_pfs = _ratio_of_pfs(facts, strategy.pfs)
        address = strategy.os.hazard_ratio or f"strategies.{name}.os"
        if of_os is not None and of_pfs is not None and of_os < 0.9 * of_pfs:
            text = f"the hazard ratio of OS, {read(of_os, 3)}, is a larger effect than that of PFS, {read(of_pfs, 3)}"
            yield address, f"{text}: are they swapped, or a decimal point misplaced?"
        if of_os is not None and of_os > HARMFUL and strategy.os.relative_to is not None:
            yield from _against_medians(facts, name, strategy.os, address, of_os)


def _against_medians(facts: Facts, name: str, curve: Curve, address: str, ratio: float) -> Iterator[Doubt]:
    """Yield a ratio above 1 where the published median is longer than that of the strategy it is relative to."""
    other = facts.scenario.file.strategies[str(curve.relative_to)].os
    own = _median_among(facts, curve.published or [])
    reference = facts.value(other.median) or _median_among(facts, [*(other.figures or []), *(other.published or [])])
    if own is not None and reference is not None and own > reference:
        text = (
            f"a hazard ratio of {read(ratio, 3)} says that {name} shortens survival, but the published medians are "
            f"{read(12 * own, 3)} and {read(12 * reference, 3)} months; inverted it would be {read(1 / ratio, 3)}"
        )
        yield address, text


def _median_among(facts: Facts, figures: Sequence[str]) -> float | None:
    for address in figures:
        quantity = facts.quantity(address)
        if quantity is not None and quantity.figure_kind == "median":
            return facts.value(address)
    return None


def _ratio_of_pfs(facts: Facts, curve: Curve) -> float | None:
    if curve.hazard_ratio is not None:
        return facts.value(curve.hazard_ratio)
    if curve.trial is None or curve.arm in facts.arms(curve.trial)[:1]:
        return None
    return facts.value(f"{curve.trial}.hazard_ratio")


def trials(facts: Facts) -> Iterator[Doubt]:
    """Yield trials whose medians and hazard ratio contradict each other, and fits that miss what they were given.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for trial, arms in facts.scenario.trials.items():
        yield from _sizes(facts, trial, arms)
        if len(arms) != 2:
            continue
        medians = [facts.value(f"{trial}.median_{arm}") for arm in arms]
        ratio = facts.value(f"{trial}.hazard_ratio")
        if ratio is None or medians[0] is None or medians[1] is None:
            continue
        longer = medians[1] / medians[0]
        if (ratio < 0.95 and longer < 0.95) or (ratio > 1.05 and longer > 1.05):
            found = f"{read(12 * medians[0], 3)} ({arms[0]}) and {read(12 * medians[1], 3)} months ({arms[1]})"
            hint = f"the ratio may be inverted ({read(1 / ratio, 3)}), or the medians swapped"
            text = f"a hazard ratio of {read(ratio, 3)} and medians of {found} contradict each other"
            yield f"{trial}.hazard_ratio", f"{text}: {hint}"
    yield from _fits(facts)


def _sizes(facts: Facts, trial: str, arms: Sequence[str]) -> Iterator[Doubt]:
    """Yield an arm that is many times as large as another."""
    found = {arm: facts.sibling(f"{trial}.patients_{arm}") for arm in arms}
    patients = {arm: quantity.value for arm, quantity in found.items() if quantity is not None and quantity.value > 0.0}
    if patients and max(patients.values()) > UNEQUAL * min(patients.values()):
        words = ", ".join(f"{n:,.0f} ({arm})" for arm, n in patients.items())
        largest = max(patients, key=lambda arm: patients[arm])
        yield f"{trial}.patients_{largest}", f"arms of {words} patients: is a digit too many, or too few?"


def _fits(facts: Facts) -> Iterator[Doubt]:
    for fit in facts.scenario.fits:
        for figure in fit.figures:
            miss = figure.miss_in_standard_errors
            if miss is not None and abs(miss) > MISSED and facts.quantity(figure.address) is not None:
                text = (
                    f"{figure.what} of {read(figure.published, 4)} {figure.unit} "
                    f"is {read(figure.modelled, 4)} in the curve"
                )
                away = f"{abs(miss):.1f} standard errors away"
                yield figure.address, f"{text}, {away}: it does not go with the other figures of the fit"
        for name, value in fit.parameters:
            wanted = RANGES.get(f"shape.{fit.family}")
            if name == "shape" and wanted is not None:
                yield from outside(Use("", fit.address, fit.address, value, "parameter", None), wanted, facts)


def landmarks(facts: Facts) -> Iterator[Doubt]:
    """Yield landmarks that do not fall with time, or lie far from the curve they are shown beside.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for name, strategy in facts.scenario.file.strategies.items():
        for endpoint, curve in (("pfs", strategy.pfs), ("os", strategy.os)):
            for figures in (curve.figures, curve.shape_from, curve.published):
                yield from _rising(facts, figures or [])
                yield from _times(facts, figures or [])
            if name in facts.curves and curve.without_crossover is None:  # what is published contains crossover
                yield from _far(facts, facts.curves[name], endpoint, curve.published or [])


def _points(facts: Facts, figures: Sequence[str]) -> list[tuple[float, float, str]]:
    """Return months, survival and address of the landmarks among some figures, by their time."""
    found = [(facts.quantity(address), address) for address in figures]
    landmarks = ((q, address) for q, address in found if q is not None and q.figure_kind == "survival_at")
    return sorted((q.at_months or 0.0, q.value, address) for q, address in landmarks)


def _rising(facts: Facts, figures: Sequence[str]) -> Iterator[Doubt]:
    for (earlier, before, _), (later, after, address) in pairwise(_points(facts, figures)):
        if after > before or later == earlier:
            text = (
                f"survival of {read(after, 3)} at {read(later)} months and "
                f"{read(before, 3)} at {read(earlier)}: a share of those who "
                "died, or a wrong time, in place of survival?"
            )
            yield address, text


def _times(facts: Facts, figures: Sequence[str]) -> Iterator[Doubt]:
    """Yield landmarks at implausible times, and at others than their address says."""
    wanted = RANGES["landmark.months"]
    for months, _, address in _points(facts, figures):
        named = re.search(r"\bmonth_(\d+)$", address)
        if named and months != float(named.group(1)):
            slip = slip_between(months, float(named.group(1)), "months")
            looks = f": it looks like {slip}" if slip else ""
            yield address, f"`at_months` is {read(months)}, the address says {named.group(1)}{looks}"
        yield from outside(Use("", address, address, months, "months", None), wanted, facts)


def _far(facts: Facts, found: Curves, endpoint: str, figures: Sequence[str]) -> Iterator[Doubt]:
    for months, share, address in _points(facts, figures):
        modelled = found.at(endpoint, months / 12.0)
        if abs(modelled - share) > FAR and months / 12.0 <= found.times[-1]:
            text = f"{read(share, 3)} at {read(months)} months is published, the curve has {read(modelled, 3)}"
            hint = "one of them may have a wrong unit, or be a share of those who died"
            yield address, f"{text}: {hint}"
            break
    for address in figures:
        quantity, median = facts.quantity(address), found.median(endpoint)
        if quantity is not None and quantity.figure_kind == "median" and median is not None:
            published = quantity.value * to_model(quantity.unit)
            if not 0.5 <= published / median <= 2.0:
                text = f"a published median of {read(12 * published, 3)} months, {read(12 * median, 3)} in the curve"
                yield address, f"{text}: look at the units of both"


def population(facts: Facts) -> Iterator[Doubt]:
    """Yield a cohort that outlives its tables, and a life table or norms that no population has.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    file = facts.scenario.file
    age = facts.value(file.population.start_age)
    female = facts.value(file.population.proportion_female)
    if age is None or female is None or not 0.0 <= age <= 100.0:
        return
    end = age + file.settings.horizon_years
    if end > 110.0:
        years = read(file.settings.horizon_years)
        text = f"{years} years from an age of {read(age)} end at {read(end)}: nobody lives so long"
        yield "settings.horizon_years", text
    table = facts.scenario.life_table
    for sex in ("male", "female"):
        left, usual = life_expectancy(table, sex, round(age)), 0.9 * max(88.0 - age, 8.0)
        if not 0.6 <= left / usual <= 1.6:
            text = (
                f"a life expectancy of {read(left, 3)} years at {read(age)} "
                f"({sex}); about {read(usual, 3)} would be usual"
            )
            hint = "look at the unit of the table's probabilities (ONS national life tables)"
            yield file.population.life_table, f"{text}: {hint}"
    men, women = (life_expectancy(table, sex, round(age)) for sex in ("male", "female"))
    if men > women + LONGER:
        text = f"at {read(age)} men have {read(men, 3)} years to live, women {read(women, 3)}"
        yield file.population.life_table, f"{text}: are the columns of the two sexes exchanged?"
    norm = float(facts.scenario.severity_norms.at(age, female))
    if not 0.6 <= norm <= 0.95:
        text = (
            f"a mean utility of {read(norm, 3)} in the general population at {read(age)}; 0.75 to 0.9 would be usual "
            "(Hernandez Alava 2022)"
        )
        yield file.population.norms, text
