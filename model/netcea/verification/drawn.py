"""Tests of what is drawn, by formulas written out once more: spreads, correlations, relative effects, intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.plain_number import read
from netcea.plausibility import spread
from netcea.plausibility.facts import Facts
from netcea.quantities.quantity import Quantity
from netcea.reporting.number_format import shown
from netcea.sampling.sampler import Sampler, drawn_groups
from netcea.uncertainty.ci95 import Ci95
from netcea.verification.perturbed import Named, Perturbed
from netcea.verification.sampled import CHANCE, ROUNDING
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

OFF_CENTRE: Final = 0.075
"""Share of draws outside a published interval from which on its value is called off centre; 5% should be."""
NORMAL_95: Final = 3.919927969080108
"""Width of a 95% interval of a normal distribution. [standard errors]"""
STEEP: Final = 0.1
"""By which a rank correlation may miss a stated one where a figure's halves differ."""
MEDIAN: Final = 1.2533141373155003
"""Standard error of a median over that of a mean, of a normal distribution."""

Scale = Callable[[Array], Array]


def _identity(x: Array) -> Array:
    return x


def _cloglog(x: Array) -> Array:
    return np.asarray(np.log(-np.log(x)), dtype=np.float64)


SCALES: Final[Mapping[str, Scale]] = {"log": np.log, "identity": _identity, "complementary_log_log": _cloglog}
"""Name of the scale of an interval -> the function to it."""


def _drawn(here: Perturbed) -> Draws:
    """Return the rows of the sample as they are drawn, before impossible ones are held inside their limits."""
    return Sampler(here.scenario, here.seed).drawn(0, here.draws)


def _own_columns(here: Perturbed) -> Iterator[tuple[str, Quantity, Array]]:
    """Yield numbers of inputs/ that are drawn by themselves, with their draws in the number's unit, Array (row,)."""
    draws = here.once(_drawn)
    for address, quantity in here.scenario.quantities.items():
        column = draws[address][:, 0]
        if quantity.is_uncertain and len(column) == draws.n and float(np.ptp(column)) > 0.0:
            yield address, quantity, column / here.scenario.factors[address]


@black_box("P7", "Draws of relative effects are above 0, with their point estimates in the middle")
def relative_effects(here: Perturbed) -> Found:
    """Look at every ratio by which a curve is made of another."""

    def is_ratio(one: Named) -> bool:
        return one.role.endswith(("hazard_ratio", "acceleration_factor"))

    wanted = set(here.addresses(is_ratio))
    faults, figures = [], {}
    for address, quantity, column in _own_columns(here):
        if address not in wanted:
            continue
        if float(column.min()) <= 0.0:
            faults.append(f"{address}: a draw of {read(float(column.min()), 4)}")
            continue
        logs = np.log(column)
        away = (float(np.median(logs)) - math.log(quantity.value)) / (MEDIAN * float(np.std(logs)) / len(logs) ** 0.5)
        figures[address] = away
        if quantity.uncertainty.family in ("ci95", "log_normal") and abs(away) > CHANCE:
            faults.append(f"{address}: the median of its draws is {read(abs(away), 3)} standard errors from its value")
    if not figures and not faults:
        return not_applicable("No relative effect is drawn by itself: those of a trial come with its curves.")
    return holds(faults, f"{len(figures)} hazard ratios and acceleration factors", figures)


@black_box("U6", "Standard errors are those of means, not the standard deviations between patients")
def errors_of_means(here: Perturbed) -> Found:
    """Ask the rules on spread, without what changes replaced or what is shipped."""
    doubts = list(spread.standard_errors(Facts(here.scenario)))
    drawn = sum(1 for _ in _own_columns(here))
    if doubts:
        words = "; ".join(f"{address}: {text}" for address, text in doubts[:3])
        more = f"; and {len(doubts) - 3} more" if len(doubts) > 3 else ""
        return explained(f"{words}{more}: a doubt by its size, to be answered from the source")
    return holds([], f"{drawn} standard errors are of a size that patients of a trial or of a survey give")


@black_box("X3", "Draws lie in their published 95% intervals as often as they should")
def published_intervals(here: Perturbed) -> Found:
    """Count the draws outside of every published interval, beside the share that follows from value and width."""
    faults: list[str] = []
    lopsided: list[str] = []
    figures: dict[str, float] = {}
    for address, quantity, column in _own_columns(here):
        given = quantity.uncertainty.given
        if not isinstance(given, Ci95):
            continue
        outside = float(np.mean((column < given.low - ROUNDING) | (column > given.high + ROUNDING)))
        expected = _share_outside(given, quantity.value)
        figures[address] = outside
        if abs(outside - expected) > CHANCE * math.sqrt(expected * (1.0 - expected) / len(column)):
            share, stated = (shown(x, "percent") for x in (outside, expected))
            faults.append(f"{address}: {share} of draws lie outside its 95% interval, {stated} by value and width")
        elif expected > OFF_CENTRE:
            lopsided.append(f"{address}: {shown(outside, 'percent')} of draws lie outside its 95% interval")
    if not figures:
        return not_applicable("No number that is drawn by itself has a published 95% interval.")
    if faults or not lopsided:
        return holds(faults, f"5% of the draws of {len(figures)} numbers lie outside of their 95% intervals", figures)
    return explained(
        f"{'; '.join(lopsided[:4])}: the value is not in the middle of its interval, and draws have its "
        f"width around the value; the other {len(figures) - len(lopsided)} lie outside in 5% of rows",
        figures,
    )


def _share_outside(given: Ci95, value: float) -> float:
    """Return the share of a normal distribution, around the value and with the interval's width, that is outside."""
    low, middle, high = sorted(float(SCALES[given.scale](np.array(x))) for x in (given.low, value, given.high))
    error = (high - low) / NORMAL_95
    return sum(math.erfc(abs(end - middle) / error / math.sqrt(2.0)) / 2.0 for end in (low, high))


@black_box("X9", "Draws have the standard errors that inputs/ state, by formulas written out again")
def stated_spreads(here: Perturbed) -> Found:
    """Work means and standard deviations out from what stands in inputs/."""
    faults, checked = [], 0
    for address, quantity, column in _own_columns(here):
        stated = _stated(quantity)
        if stated is None:
            continue
        scale, mean, sd = stated
        values = scale(column)
        checked += 1
        n, found = len(values), float(np.std(values, ddof=1))
        fourth = float(np.mean((values - np.mean(values)) ** 4)) / found**4
        of_mean, of_sd = sd / math.sqrt(n), sd * math.sqrt(max(fourth - 1.0, 0.2) / (4.0 * n))
        if abs(float(np.mean(values)) - mean) > CHANCE * of_mean or abs(found - sd) > CHANCE * of_sd:
            faults.append(
                f"{address}: draws have mean {read(float(np.mean(values)), 4)} and standard deviation "
                f"{read(found, 4)}, stated are {read(mean, 4)} and {read(sd, 4)}"
            )
    if not checked:
        return not_applicable("No number is drawn by itself from a family with a stated standard error.")
    return holds(faults, f"{checked} numbers, on the scale of their family", {"numbers": float(checked)})


def _stated(quantity: Quantity) -> tuple[Scale, float, float] | None:
    """Return the scale on which a number's mean and standard deviation follow from its entries, and both."""
    given: Any = quantity.uncertainty.given
    value, family = quantity.value, quantity.uncertainty.family
    if family == "ci95":
        low, middle, high = (float(SCALES[given.scale](np.array(x))) for x in (given.low, value, given.high))
        return SCALES[given.scale], middle, abs(high - low) / NORMAL_95
    if family == "log_normal":
        return np.log, math.log(value), float(given.se_log)
    if family == "uniform":
        return _identity, (given.low + given.high) / 2.0, (given.high - given.low) / math.sqrt(12.0)
    if family in ("gamma", "normal"):
        return _identity, value, float(given.se if given.se is not None else given.se_relative * abs(value))
    if family == "beta":
        patients = given.effective_n
        of_share = math.sqrt(value * (1.0 - value) / (patients + 1.0)) if patients is not None else given.se
        return _identity, value, float(of_share)
    return None


@black_box("X8", "Numbers are drawn together as inputs/ and the scenario state, and apart where nothing ties them")
def correlations(here: Perturbed) -> Found:
    """Correlate the ranks of every two columns of the sample."""
    draws = here.once(_drawn)
    drawn = {a: c[:, 0] for a, c in draws.columns.items() if len(c) == draws.n and float(np.ptp(c)) > 0.0}
    stated = {pair: r for pair, r in _stated_correlations(here).items() if set(pair) <= set(drawn)}
    if len(drawn) < 2:
        return not_applicable("Fewer than two numbers are drawn.")
    names = list(drawn)
    place = {name: i for i, name in enumerate(names)}
    ranks = np.stack([np.argsort(np.argsort(column, kind="stable"), kind="stable") for column in drawn.values()])
    found = np.arctanh(np.clip(np.corrcoef(ranks), -1.0 + 1e-9, 1.0 - 1e-9))
    error = CHANCE * 1.06 / math.sqrt(draws.n - 3)
    loose = {a for joint in here.scenario.joint if joint.lopsided for a in joint.addresses}
    faults = []
    for (one, other), wanted in stated.items():
        r = float(np.tanh(found[place[one], place[other]]))
        bent = STEEP if {one, other} & loose else 0.0
        close = abs(math.atanh(max(min(wanted, 1.0 - 1e-9), -1.0 + 1e-9)) - math.atanh(r)) <= error
        if not close and abs(r - wanted) > max(bent, 1e-3):
            faults.append(f"{one} and {other}: a rank correlation of {r:.3f}, stated {wanted:.3f}")
    tied = _tied(here, stated)
    apart = [(one, other) for one, other in combinations(names, 2) if tied.get(one, one) != tied.get(other, other)]
    for one, other in apart:
        if abs(found[place[one], place[other]]) > error:
            r = float(np.tanh(found[place[one], place[other]]))
            faults.append(f"{one} and {other}: a rank correlation of {r:.3f}, though nothing ties them")
    words = f"{len(stated)} stated correlations are those of the sample; {len(apart):,} other pairs are independent"
    return holds(faults, words, {"stated": float(len(stated)), "independent": float(len(apart))})


def _stated_correlations(here: Perturbed) -> dict[tuple[str, str], float]:
    """Return pairs of numbers -> Spearman's correlation that tables, joint estimates and the scenario state."""
    found: dict[tuple[str, str], float] = {}
    for table in (*here.scenario.correlated, *here.scenario.correlated_estimates):
        matrix = np.asarray(table.correlation)
        found |= _pairs(table.addresses, matrix)
    for joint in here.scenario.joint:
        sd = np.sqrt(np.diag(joint.covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            found |= _pairs(joint.addresses, joint.covariance / np.outer(sd, sd))
    for pair in here.scenario.file.analyses.psa.correlations:
        found.pop((pair.second, pair.first), None)
        found[pair.first, pair.second] = float(here.base[pair.rank_correlation][0, 0])
    return {pair: r for pair, r in found.items() if math.isfinite(r)}


def _pairs(addresses: tuple[str, ...], deviates: Array) -> dict[tuple[str, str], float]:
    """Return Spearman's correlation of each pair whose deviates have a correlation: 6 / pi asin(r / 2)."""
    return {
        (addresses[i], addresses[k]): 6.0 / math.pi * math.asin(float(np.clip(deviates[i, k], -1.0, 1.0)) / 2.0)
        for i, k in combinations(range(len(addresses)), 2)
    }


def _tied(here: Perturbed, stated: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Return address -> one member of all that it is tied to, directly or through others."""
    first: dict[str, str] = {}

    def of(address: str) -> str:
        while first.get(address, address) != address:
            address = first[address]
        return address

    groups = list(drawn_groups(here.scenario).values())
    for one, other in (*stated, *((m[0], x) for m in groups for x in m[1:])):
        first[of(one)] = of(other)
    return {address: of(address) for address in {a for pair in stated for a in pair} | {x for m in groups for x in m}}
