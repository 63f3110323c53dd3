"""The price ladder: text inside and apart, and the numbers of the result in it."""

from functools import cache

import numpy as np
import pytest

from helpers.figure_checks import faults, words
from helpers.sample_of import mostly_slow
from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.analyses.threshold.price_ladder import price_ladder
from netcea.reporting.amounts import amount
from netcea.scenario.options import ThresholdOptions

DISCOUNT = "costs.drug.cabozantinib.discount"
PRICE = "costs.drug.cabozantinib.price_per_pack"
PACK = 5143.0
"""List price of a pack. [GBP]"""


@cache
def threshold(name, draws=0, sets=()):
    return ANALYSES["threshold"].run(load(name, list(sets)), ThresholdOptions(probabilistic_draws=draws))


LADDERS = {
    "pnet": lambda: threshold("pnet"),
    "epnet": lambda: threshold("epnet", 40),
    "dominated": lambda: threshold("epnet_fda_cut", 40),
    "three strategies": lambda: threshold("pnet_comparators"),
    "met at list price": lambda: threshold("epnet", 0, (f"{PRICE}=50",)),
    "cheaper and worse": lambda: threshold("epnet_fda_cut", 0, (f"{PRICE}=1", "costs.unit.end_of_life=1000000")),
}


@pytest.mark.parametrize("case", mostly_slow(LADDERS, ["epnet", "dominated", "three strategies"]))
def test_the_price_ladder_is_legible(case):
    result = LADDERS[case]()
    assert faults(price_ladder(result, result.prices[0])) == []


def test_the_ladder_has_the_icers_and_marks_what_was_solved():
    result = LADDERS["epnet"]()
    whole, near = price_ladder(result, result.prices[0]).axes
    drawn = whole.lines[0]
    assert np.allclose(drawn.get_ydata(), [e.icer for e in result.prices[0].ladder.effects])
    marks = {(m.get_xdata()[0], m.get_ydata()[0]) for m in near.lines if m.get_marker() == "o"}
    solved = {
        (s.discount, s.basis.threshold)
        for ladder in (result.prices[0].ladder, result.prices[0].probabilistic)
        for s in ladder.solutions
        if s.status == "solved"
    }
    assert marks == solved
    assert near.get_ylim() == (0.0, 105_000.0)
    assert whole.get_ylim()[1] > max(e.icer for e in result.prices[0].probabilistic.effects)


def test_the_ladder_says_what_was_found():
    result = LADDERS["epnet"]()
    ladder = result.prices[0].ladder
    said = words(price_ladder(result, result.prices[0]))
    discount = next(s.discount for s in ladder.solutions if s.basis.threshold == 35_000.0 and not s.basis.weighted)
    assert f"£35,000 at a discount of {discount:.2%}, {amount(PACK * (1.0 - discount), 'GBP')} a pack" in said
    left = ladder.without[0]
    assert (
        f"Without background therapy ({left.label}): £25,000 at a discount of {left.solutions[0].discount:.2%}" in said
    )
    assert "Means of 40 draws" in said
    assert "The same price is paid for cabozantinib after crossover." in said
    never = LADDERS["pnet"]()
    said = words(price_ladder(never, never.prices[0]))
    assert f"£25,000 not even when free (ICER £{never.prices[0].ladder.effects[-1].icer:,.0f})" in said
    dominated = LADDERS["dominated"]()
    said = words(price_ladder(dominated, dominated.prices[0]))
    assert "Incremental net health benefit from list price to free" in said
    assert "at list price the intervention is dominated" in said


def test_the_figure_of_the_report_is_drawn():
    report = ANALYSES["threshold"].report(threshold("pnet"))
    assert [report.figure(name).axes != [] for name in report.figures] == [True]
