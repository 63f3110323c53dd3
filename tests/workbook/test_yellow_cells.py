"""Every yellow cell of Inputs at its lowest, its highest and an odd value: equal to Python, or refused by both."""

from __future__ import annotations

import pytest

from helpers.workbook_values import bounds, differences, exported, settable, shown, typed, typed_into
from netcea.errors import InputError, ModelError
from netcea.loading import load
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets import inputs as columns

PARTS = 8
LARGE = 1e300
TEXT_FOR_A_NUMBER = "Typed into Inputs: text in place of a number (cells)"


@pytest.fixture(scope="module")
def pnet():
    workbook = exported("pnet")
    return workbook, calculated(workbook.book)


@pytest.fixture(scope="module")
def epnet():
    workbook = exported("epnet")
    return workbook, calculated(workbook.book)


def tried(workbook, found, address):
    """Values to type: both ends, where there are any, and an odd one."""
    between, standing = bounds(workbook, found, address), workbook.inputs.variants.values(address)[0]
    if between is None:
        return []
    low, high = between
    ends = (low if low > -LARGE else standing - 3 * abs(standing) - 1, high if high < LARGE else 50 * abs(standing) + 3)
    odd = standing * 1.37 + 0.0123
    return [
        value
        for value in (*ends, odd if low < odd < high else (standing + max(low, ends[0])) / 2)
        if low <= value <= high
    ]


def judged(workbook, found, name, address, value):
    verdict = str(shown(found, workbook.checks.verdict))
    try:
        wrong = differences(workbook, found, load(name, sets={address: value}))
    except (InputError, ModelError) as error:
        return "" if verdict.startswith(("FAULT", "Not")) else f"Python refuses, the cells do not: {verdict}: {error}"
    if wrong:
        return f"{verdict}: {wrong}"
    return "" if verdict.startswith("Inputs were changed") else f"the light is wrong: {verdict}"


def tried_part(workbook, name, part, parts=PARTS):
    """Type each value in place of the one before, so that what follows is worked out once a value."""
    made, found = workbook
    values = {address: tried(made, found, address) for address in settable(made)[part::parts]}
    wrong, last = {}, {}
    for address, value in ((address, value) for address, several in values.items() for value in several):
        cell = (made.inputs.page.name, made.inputs.rows[address], columns.YOURS)
        found.type_in({**last, cell: value})
        last = {cell: None}
        answer = judged(made, found, name, address, value)
        if answer:
            wrong[address, value] = answer
    found.type_in(last)
    return wrong


@pytest.mark.parametrize(
    "sets",
    [
        {
            "survival.relative_effect.os_effect_ends.month_24": 24,
            "survival.relative_effect.os_effect_ends.month_60": 12,
        },
        {"decision.method_packs.nice-2026-03.threshold_lower": 40_000},
        {"decision.method_packs.nice-2026-03.severity.weight_1_2": 1.8},
        {"settings.cycle_days": 14},
        {"settings.horizon_years": 45},
        {"costs.drug.lanreotide.pack_days": 14},
        {"survival.cabinet_pnet.pfs_nejm.hazard_ratio": 1.5},
    ],
)
def test_what_goes_past_the_rules_of_cells_turns_the_light_red(waning, sets):
    """Pasted values are not held up by the rules of cells."""
    found = calculated(waning.book)
    for address, value in sets.items():
        between = bounds(waning, found, address)
        inside = between is not None and between[0] <= value <= between[1]
        assert not inside or len(sets) > 1
    with typed(waning, sets):
        found = calculated(waning.book)
    assert str(shown(found, waning.checks.verdict)).startswith("FAULT")


@pytest.mark.parametrize("value", ["50%", "1200", "0,5", " ", "£5", True])
def test_what_is_no_number_turns_the_light_red(value, waning):
    """Excel takes text such as "50%" for a number in some formulas and not in others, LibreOffice in none."""
    found = calculated(waning.book)
    with typed_into(waning, found, {"costs.drug.cabozantinib.discount": value}):
        assert str(shown(found, waning.checks.verdict)).startswith("FAULT")
        row = next(r for (r, c), cell in waning.checks.page.cells.items() if cell.value == TEXT_FOR_A_NUMBER)
        assert found.value("Checks", row, 2) == 1.0


@pytest.fixture(scope="module")
def waning():
    return live_workbook([load("scenarios/sensitivity/pnet_os_waning_24_to_60_months.yaml"), load("pnet")])


def test_a_figure_that_nothing_follows_is_said(tmp_path):
    """Gompertz curves are solved by Python: a typed hazard ratio changes nothing here, and Python's result much."""
    workbook = live_workbook([load("scenarios/sensitivity/pnet_pfs_gompertz.yaml"), load("pnet")])
    ratio = "survival.cabinet_pnet.pfs_nejm.hazard_ratio"
    assert bounds(workbook, calculated(workbook.book), ratio) is None
    row = workbook.inputs.rows[ratio]
    with typed(workbook, {ratio: 0.4}):
        found = calculated(workbook.book)
    assert str(shown(found, workbook.checks.verdict)).startswith("Not what Python gives: 1 typed")
    assert str(found.value("Inputs", row, columns.USED)).startswith("no: feeds an estimate that netcea solves")
    page = workbook.book.sheet("Scenarios")
    page.put(3, 2, workbook.variants.titles[1], "input_text")
    with typed(workbook, {ratio: 0.4}):
        found = calculated(workbook.book)
    assert str(shown(found, workbook.checks.verdict)).startswith("Inputs were changed")
    assert found.value("Inputs", row, columns.USED) == "yes"
    assert differences(workbook, found, load("pnet", sets={ratio: 0.4})) == []


LANDMARKS, TRIAL = "survival.radiant3.os_placebo_landmarks", "survival.cabinet_pnet.pfs_nejm"
FOLLOWED = {
    "log_normal": ("os", {f"{LANDMARKS}.month_12": 0.71, f"{LANDMARKS}.month_60": 0.27}),
    "log_logistic": ("os", {f"{LANDMARKS}.month_12": 0.71, f"{LANDMARKS}.month_60": 0.27}),
    "exponential": ("pfs", {f"{TRIAL}.median_placebo": 5.1, f"{TRIAL}.median_cabozantinib": 11.9}),
}


@pytest.mark.parametrize("family", FOLLOWED)
def test_estimates_follow_their_figures_where_there_is_a_closed_form(family):
    endpoint, sets = FOLLOWED[family]
    strategies = ("best_supportive_care",) if endpoint == "os" else ("best_supportive_care", "cabozantinib")
    chosen = {f"strategies.{name}.{endpoint}.distribution": family for name in strategies}
    workbook = live_workbook([load("pnet", sets=chosen)])
    with typed(workbook, sets):
        found = calculated(workbook.book)
    assert differences(workbook, found, load("pnet", sets={**chosen, **sets})) == []
    assert differences(workbook, found, load("pnet", sets=chosen)) != []
    assert str(shown(found, workbook.checks.verdict)).startswith("Inputs were changed (2)")


def test_a_sample_of_cells(pnet):
    assert tried_part(pnet, "pnet", 3, 30) == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_of_pnet(pnet, part):
    assert tried_part(pnet, "pnet", part) == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_of_epnet(epnet, part):
    assert tried_part(epnet, "epnet", part) == {}
