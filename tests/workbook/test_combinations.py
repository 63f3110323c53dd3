"""Options and numbers typed together: what `netcea import` makes of them gives the workbook's results, or both refuse.

Every option of Choices by itself, and combinations at random, of which each number lies within what its cell takes.
"""

from __future__ import annotations

import numpy as np
import pytest

from helpers.workbook_values import bounds_with, differences, exported, settable, shown, typed_into
from netcea.errors import InputError, ModelError
from netcea.loading.merging.draft import read_draft
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.ratios_of_curves import followed
from netcea.workbook.reading.compared import CellChange, Compared
from netcea.workbook.reading.equivalent_scenario import scenario_of
from netcea.workbook.reading.interpreted import interpret
from netcea.workbook.sheets import choices, inputs

MANY = 100
PARTS = 4
FEW = (5, 29, 40)
"""Seeds of combinations in the default tests: a curve without its ratio, two treatments, a value set."""


class Opened:
    """A workbook that was worked out, and the scenario it was made from."""

    def __init__(self, name):
        self.workbook = exported(name)
        self.found = calculated(self.workbook.book)
        self.draft = read_draft(name, [], [], None, None)
        self.choices = [c for c in self.workbook.variants.all_choices if len(c.options) > 1]
        self.numbers = settable(self.workbook)

    def scenario(self, numbers, chosen):
        """The scenario that `netcea import` makes of what was typed."""
        rows, of_choices = self.workbook.inputs.rows, self.workbook.inputs.choices.rows
        changes = [CellChange("Inputs", rows[a], inputs.YOURS, Cell(v, "n", "")) for a, v in numbers.items()]
        changes += [CellChange("Choices", of_choices[a], choices.YOURS, Cell(o, "s", "")) for a, o in chosen.items()]
        compared = Compared("m.xlsx", changes)
        meaning = interpret(self.workbook, compared)
        assert compared.problems == []
        return scenario_of(self.workbook, meaning, self.draft, "m.xlsx")[0]

    def answer(self, numbers, chosen):
        """What is wrong where the cells and Python do not agree: '' where they do."""
        with typed_into(self.workbook, self.found, numbers, chosen):
            verdict = str(shown(self.found, self.workbook.checks.verdict))
            try:
                wrong = differences(self.workbook, self.found, self.scenario(numbers, chosen))
            except (InputError, ModelError) as error:
                refused = verdict.startswith(("FAULT", "Not"))
                return "" if refused else f"Python refuses, the cells do not: {verdict}: {error}"
        if wrong:
            return f"{verdict}: {wrong}"
        return "" if verdict.startswith("Inputs were changed") else f"the light is wrong: {verdict}"

    def at_random(self, seed):
        """Up to three options, then up to five numbers, each within what its cell takes then, at times at an end."""
        dice = np.random.default_rng(seed)
        picked = [self.choices[i] for i in dice.choice(len(self.choices), dice.integers(0, 4), replace=False)]
        chosen = {c.address: c.options[dice.integers(len(c.options))] for c in picked}
        numbers = {}
        for address in map(str, dice.choice(self.numbers, dice.integers(1, 6), replace=False)):
            between = bounds_with(self.workbook, self.found, address, numbers, chosen)
            if between is not None:
                numbers[address] = self.number(dice, address, *between)
        return numbers, chosen

    def number(self, dice, address, low, high):
        standing = self.workbook.variants.values(address)[0]
        ends = max(low, -3 * abs(standing) - 1), min(high, 3 * abs(standing) + 1)
        if dice.random() < 0.15:
            return ends[dice.integers(2)]
        value = standing * dice.uniform(0.7, 1.4) + (0.05 if standing == 0 else 0.0)
        return float(min(max(value, low), high))


@pytest.fixture(scope="module")
def pnet():
    return Opened("pnet")


@pytest.fixture(scope="module")
def epnet():
    return Opened("epnet")


def combinations(opened, seeds):
    wrong = {}
    for seed in seeds:
        numbers, chosen = opened.at_random(seed)
        answer = opened.answer(numbers, chosen)
        if answer:
            wrong[seed] = numbers, chosen, answer
    return wrong


def options(opened, choices):
    wrong = {}
    for choice in choices:
        for number, option in enumerate(choice.options):
            if number != choice.taken[0]:
                answer = opened.answer({}, {choice.address: option})
                if answer:
                    wrong[choice.address, option] = answer
    return wrong


def test_a_few_combinations(pnet):
    assert combinations(pnet, FEW) == {}


def test_options_of_curves(pnet):
    """Those that go with some others and not with the rest."""
    parts = ("strategies.cabozantinib.os.waning", "strategies.best_supportive_care.os.background_mortality")
    assert options(pnet, [c for c in pnet.choices if c.address in parts]) == {}


def test_a_hazard_ratio_follows_the_curve_that_is_chosen(pnet):
    """A Gompertz curve has the ratio that was estimated with it, not the Weibull's that the scenario has."""
    curve = pnet.workbook.variants.curves["strategies.cabozantinib.pfs"]
    gompertz = next(option for option in curve.origin.options if option.startswith("Gompertz"))
    chosen = {curve.origin.address: gompertz}
    row = pnet.workbook.inputs.choices.rows[curve.ratio.address]
    with typed_into(pnet.workbook, pnet.found, {}, chosen):
        assert str(pnet.found.value("Choices", row, choices.LIVE)).startswith("of the fit: Gompertz, ")
        assert differences(pnet.workbook, pnet.found, pnet.scenario({}, chosen)) == []
        verdict = str(shown(pnet.found, pnet.workbook.checks.verdict))
    assert verdict.startswith("Inputs were changed (1)")
    chosen[curve.ratio.address] = curve.ratio.options[curve.ratio.taken[0]]
    with pytest.raises(InputError, match="hazard_ratio"):
        pnet.scenario({}, chosen)
    with typed_into(pnet.workbook, pnet.found, {}, chosen):
        assert str(shown(pnet.found, pnet.workbook.checks.verdict)).startswith("FAULT in 1")


def test_a_ratio_that_goes_with_a_curve_stays():
    assert followed([(0,), (1, 2)], 1, 2) == 2


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("cohort", ["pnet", "epnet"])
def test_combinations_at_random(cohort, part, request):
    assert combinations(request.getfixturevalue(cohort), range(part, MANY, PARTS)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("cohort", ["pnet", "epnet"])
def test_every_option(cohort, part, request):
    opened = request.getfixturevalue(cohort)
    assert options(opened, opened.choices[part::PARTS]) == {}
