"""The selector finds the scenario that was chosen, whatever it is called."""

from __future__ import annotations

import pytest
import yaml

from helpers import small_project
from helpers.small_project import choices, weibull
from helpers.workbook_values import differences, shown
from netcea.loading import load
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook

NAMES = ("ABC", "abc", "a*", "*", "a~c", "a?c", "12", "=1+1", "50%", "n" * 300)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": weibull(1.1, 2.0)},
        "old": {"pfs": weibull(1.2, 0.6), "os": weibull(1.1, 1.5)},
    }
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6), horizon_years=3), yearly_risk=0.02)
    found = [load(str(path))]
    for number, name in enumerate(NAMES):
        other = path.parent / f"other_{number}.yaml"
        header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear", "name": name}
        other.write_text(
            yaml.safe_dump({**header, "set": {"settings.horizon_years": 1 + number / 10}}), encoding="utf-8"
        )
        found.append(load(str(other)))
    return found, live_workbook(found)


def selected(workbook, title):
    page = workbook.book.sheet("Scenarios")
    page.put(3, 2, title, "input_text")
    return calculated(workbook.book)


def test_each_name_selects_its_own_scenario(made):
    scenarios, workbook = made
    assert len({title.casefold() for title in workbook.variants.titles}) == len(scenarios)
    for scenario, title in zip(scenarios, workbook.variants.titles, strict=True):
        found = selected(workbook, title)
        assert differences(workbook, found, scenario) == []
        assert shown(found, workbook.checks.verdict) == "All checks passed: equal to Python"


@pytest.mark.parametrize("title", ["nobody", "sma", "SMALL", "small ", "?mall"])
def test_a_name_that_nobody_has_is_a_fault(made, title):
    assert str(shown(selected(made[1], title), made[1].checks.verdict)).startswith("FAULT")


def test_no_title_becomes_a_number_in_a_cell(made):
    assert {"Scenario 12", "Scenario 50%"} <= set(made[1].variants.titles)
