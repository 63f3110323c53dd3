"""Where the severity weight changes: by the age of the cohort, and by the QALYs of established practice.

Both the general population's QALYs and the model's depend on the age, which moves them in steps too: norms and life
tables are read at completed years. QALYs minus those at which a cut-off is met are therefore worked out at every half
year, every whole year and the moment before it, and every change of sign is narrowed
(`netcea.analyses.shared.root_finding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.analyses.severity.ages import AgeDistribution
from netcea.analyses.severity.at_ages import AtAges
from netcea.analyses.severity.result import Choice, Flip
from netcea.analyses.shared.effects import Effect
from netcea.analyses.shared.root_finding import Root, brackets, narrowed
from netcea.arrays import Array
from netcea.engine.point_estimates import base_case
from netcea.plain_number import read
from netcea.scenario.method_pack import SeverityRules
from netcea.scenario.scenario import Scenario

Indices: TypeAlias = NDArray[np.intp]

PIECES: Final = 8
"""Into which a bracket is cut: the general population is worked out age by age."""
WITHIN: Final = 1e-7
"""How closely a mean age is found. [years]"""
NEXT_TO: Final = 1e-6
"""How far below and above an age the model is run. [years]"""


def age_flips(at: AtAges, practices: Sequence[str], distribution: AgeDistribution | None = None) -> tuple[Flip, ...]:
    """Return the ages at which the severity weight changes, rising for each practice.

    Parameters
    ----------
    at : AtAges
        On a grid of ages.
    practices : sequence of str
        Strategies that may be established practice.
    distribution : AgeDistribution, optional
        Of patients who differ in age: their mean age is what moves, and every age with it.
    """
    f = at.beyond()
    places = [at.totals.strategies.index(practice) for practice in practices]
    found = [(s, k, *ends) for s in places for k in range(f.shape[1]) for ends in brackets(f[s, k])]
    if not found:
        return ()
    s, k, low, high = (np.array(column) for column in zip(*found, strict=True))

    if distribution is None:
        roots = _narrowed(at, f, s, k, low, high)
    else:
        roots = [_among_means(at, distribution, f, *place) for place in zip(s, k, low, high, strict=True)]
    beside = np.array([root.at + side for root in roots for side in (-NEXT_TO, NEXT_TO)])
    sides = AtAges.of(at.scenario, beside, distribution)
    made = [_at_age(sides, at.totals.strategies[s[i]], int(k[i]), i, root) for i, root in enumerate(roots)]
    if distribution is not None:
        made = [replace(flip, moved="mean age at the start", ages=distribution.label) for flip in made]
    return tuple(sorted(made, key=lambda flip: (practices.index(flip.established_practice), flip.flips_at)))


def _narrowed(at: AtAges, f: Array, s: Indices, k: Indices, low: Indices, high: Indices) -> list[Root]:
    """Return the roots between places of the grid, of strategies and cut-offs, all brackets side by side."""

    def evaluate(ages: Array, bracket: Array) -> Array:
        unique, which = np.unique(ages, return_inverse=True)
        values = AtAges.of(at.scenario, unique).beyond()
        return np.asarray(values[s[bracket], k[bracket], which], dtype=np.float64)

    scale = np.ptp(f, axis=2)[s, k]
    return narrowed(at.ages[low], at.ages[high], f[s, k, low], f[s, k, high], scale, evaluate, PIECES)


def _among_means(at: AtAges, distribution: AgeDistribution, f: Array, s: int, k: int, low: int, high: int) -> Root:
    """Return one root between two mean ages, where every value is that of many ages, by Brent's method."""
    from scipy.optimize import brentq

    def beyond(mean: float) -> float:
        return float(AtAges.of(at.scenario, np.array([mean]), distribution).beyond()[s, k, 0])

    found = float(brentq(beyond, float(at.ages[low]), float(at.ages[high]), xtol=WITHIN))
    return Root(found, float(f[s, k, low]), float(f[s, k, high]), bool(f[s, k, low] < 0.0), jump=False)


def _at_age(sides: AtAges, practice: str, cut_off: int, number: int, root: Root) -> Flip:
    scenario, row = sides.scenario, 2 * number
    rules = scenario.method_pack.severity
    effects = sides.effects(practice)
    return Flip(
        "age at the start",
        practice,
        scenario.file.settings.discounting,
        root.at,
        float(base_case(scenario)[scenario.file.population.start_age][0, 0]),
        cut_off_words(rules, cut_off, absolute=sides.cut_off_is_absolute(cut_off, row)),
        effects[row],
        effects[row + 1],
    )


def qalys_flips(scenario: Scenario, choices: Sequence[Choice]) -> tuple[Flip, ...]:
    """Return the QALYs of established practice at which the severity weight changes, rising for each choice.

    Parameters
    ----------
    scenario : Scenario
    choices : sequence of Choice
        Each with its general population.
    """
    rules, found = scenario.method_pack.severity, []
    for choice in choices:
        q = choice.shortfall.qalys_general_population
        for k in reversed(range(len(rules.absolute))):
            by_absolute, by_proportional = q - rules.absolute[k], q - q * rules.proportional[k]
            if max(by_absolute, by_proportional) > 0.0:
                found.append(
                    Flip(
                        "QALYs of established practice",
                        choice.established_practice,
                        choice.discounting,
                        max(by_absolute, by_proportional),
                        choice.shortfall.qalys_current_care,
                        cut_off_words(rules, k, absolute=by_absolute > by_proportional),
                        with_weight(choice.effect, rules.weights[k + 1]),
                        with_weight(choice.effect, rules.weights[k]),
                    )
                )
    return tuple(found)


def with_weight(effect: Effect, weight: float) -> Effect:
    """Return an effect with another severity weight.

    Parameters
    ----------
    effect : Effect
    weight : float

    Notes
    -----
    Weighted NHB is w Q - C / L, which is NHB + (w - 1) Q.
    """
    more = weight * effect.incremental_qalys - effect.incremental_qalys
    return replace(
        effect,
        severity_weight=weight,
        weighted_icer=None if effect.icer is None else effect.icer / weight,
        weighted_nhb=tuple(nhb + more for nhb in effect.nhb),
    )


def cut_off_words(rules: SeverityRules, cut_off: int, *, absolute: bool) -> str:
    """Return a cut-off in words.

    Parameters
    ----------
    rules : SeverityRules
    cut_off : int
        Its number, from 0.
    absolute : bool
        Whether it is that of the absolute shortfall.

    Examples
    --------
    >>> rules = SeverityRules((12.0, 18.0), (0.85, 0.95), (1.0, 1.2, 1.7))
    >>> cut_off_words(rules, 0, absolute=False), cut_off_words(rules, 1, absolute=True)
    ('proportional shortfall 0.85', 'absolute shortfall 18 QALYs')
    """
    if absolute:
        return f"absolute shortfall {read(rules.absolute[cut_off])} QALYs"
    return f"proportional shortfall {read(rules.proportional[cut_off])}"
