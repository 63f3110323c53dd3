"""The report of `netcea severity`."""

from __future__ import annotations

import math
from functools import partial
from itertools import groupby
from typing import Final

from netcea.analyses.severity.figure import severity_figure
from netcea.analyses.severity.record import record_of
from netcea.analyses.severity.result import Choice, Flip, SeverityResult
from netcea.analyses.severity.tables import (
    by_age_table,
    choice_words,
    choices_screen,
    choices_table,
    flip_words,
    flips_screen,
    flips_table,
    possible_weights,
    price_table,
)
from netcea.plain_number import read
from netcea.reporting.number_format import fixed, plain, pounds
from netcea.reporting.report import Report
from netcea.sampling.held import sentences

NO_AGES: Final = (
    "No distribution of ages was given (--age-sd, or --youngest and --oldest): QALYs of the general population are "
    "those at the mean age, where NICE asks for the same age and sex distribution as the patients' (PMG36, 6.2.14)."
)


def report(result: SeverityResult) -> Report:
    """Return tables of choices, flips and prices, the figure of shortfall by age, sentences and JSON."""
    prices = (price_table(result),) if result.solutions else ()
    flips = (flips_table(result), flips_screen(result)) if result.flips else ()
    return Report(
        analysis="severity",
        title=f"{result.scenario.file.name}: severity weight under other choices and over draws",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(choices_table(result), choices_screen(result), *flips, *prices, by_age_table(result)),
        on_screen=tuple(t.name for t in (choices_screen(result), *flips[1:], *prices)),
        lines=tuple(_sentences(result)),
        figures={"severity": partial(severity_figure, result)},
    )


def _sentences(result: SeverityResult) -> list[str]:
    found = [*_by_choice(result), *_by_age(result), *_by_draw(result), *_by_price(result)]
    if len({choice.ages for choice in result.choices}) == 1:
        found.append(NO_AGES)
    return found + sentences(result.scenario, result.held, result.options.draws)


def _by_choice(result: SeverityResult) -> list[str]:
    base = result.base
    others = [c for c in result.choices if c.effect.severity_weight != base.effect.severity_weight]
    said = f"The weight is {read(base.effect.severity_weight)} by the scenario's own choices"
    if not others:
        return [f"{said}, and by the {len(result.choices) - 1} others."]
    return [f"{said}; {len(others)} of {len(result.choices) - 1} others have another: {_listed(result, others)}."]


def _listed(result: SeverityResult, choices: list[Choice]) -> str:
    """Return choices in words, those of one practice and weight together."""

    def key(choice: Choice) -> tuple[str, float]:
        return choice.established_practice, choice.effect.severity_weight

    parts = []
    for (practice, weight), group in groupby(sorted(choices, key=key), key):
        mine = list(group)
        which = [choice_words(c) for c in mine]
        every = len(mine) == sum(c.established_practice == practice for c in result.choices)
        where = "in every row" if every else f"in {len(mine)} rows" if len(mine) > 2 else "; ".join(which)
        parts.append(f"{read(weight)} with {plain(result.scenario.label(practice))} as established practice ({where})")
    return ", ".join(parts)


def _by_age(result: SeverityResult) -> list[str]:
    base = result.base
    mine = [
        flip
        for flip in result.flips
        if (flip.established_practice, flip.discounting) == (base.established_practice, base.discounting)
    ]
    ages = [flip for flip in mine if flip.moved == "age at the start"]
    labels = list(dict.fromkeys(choice.ages for choice in result.choices))[1:]
    low, high = result.options.search_from, result.options.search_to
    found = [_steps(ages, "By age at the start", f"at every age from {read(low)} to {read(high)} years")]
    for label in labels:
        means = [flip for flip in mine if flip.ages == label]
        never = f"at every mean age from {read(low)} to {read(high)} years ({label})"
        found.append(_steps(means, f"By mean age ({label}; all ages move alike)", never))
    return found


def _steps(flips: list[Flip], start: str, never: str) -> str:
    """Return how the weight changes with age, in a sentence."""
    if not flips:
        return f"The weight is the same {never}."
    steps = [f"{read(flip.above.severity_weight)} from {flip_words(flip)}" for flip in flips]
    return f"{start} the weight is {read(flips[0].below.severity_weight)}, {', '.join(steps)}."


def _by_draw(result: SeverityResult) -> list[str]:
    if not result.options.draws:
        return []
    pairs = zip(result.weights, result.base.probabilities, strict=True)
    shares = [f"{read(weight)} in {fixed(100 * share, 1)}%" for weight, share in pairs if share > 0.0]
    error = max(math.sqrt(share * (1.0 - share) / result.options.draws) for share in result.base.probabilities)
    words = f" (Monte Carlo standard error {fixed(100 * error, 1)}%)" if error > 0.0 else ""
    return [f"Over {result.options.draws:,} draws the weight is {', '.join(shares)}{words}."]


def _by_price(result: SeverityResult) -> list[str]:
    """Say at which prices the weight decides: between those of the lowest and the highest weight that is possible."""
    said, weights = [], possible_weights(result)
    possible = [price for price in result.solutions if price.severity_weight in weights]
    for (drug, threshold), group in groupby(possible, lambda p: (p.drug, p.threshold)):
        known = [p for p in group if p.pack_price is not None and p.status != "not even when free"]
        if len(known) > 1:
            ends = " to ".join(
                f"£{fixed(p.pack_price or 0.0, 2)} a pack ({read(p.severity_weight)})" for p in (known[0], known[-1])
            )
            said.append(f"At {pounds(threshold)} per QALY the weight decides at prices of {plain(drug)} from {ends}.")
    return said
