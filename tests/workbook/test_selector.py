"""The selector over all scenarios of a cohort: results, every column of every trace, and every light of Checks."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened
from helpers.worked_out import WorkedOut
from netcea import load
from netcea.workbook.export import live_workbook

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
IN_LIBREOFFICE = int(os.environ.get("NETCEA_SCENARIOS_IN_LIBREOFFICE", "3"))
"""Scenarios of a cohort tried there too: NETCEA_SCENARIOS_IN_LIBREOFFICE=1000 python -m pytest tests/workbook/test_selector.py -m slow"""
BASES = ("pnet", "epnet")


@cache
def with_every_scenario(base):
    paths = sorted(p for part in ("sensitivity", "probabilistic") for p in (SCENARIOS / part).glob(f"{base}_*.yaml"))
    workbook = live_workbook([load(base), *(load(str(path)) for path in paths)])
    assert len(workbook.variants.scenarios) + len(workbook.variants.refused) == 1 + len(paths)
    return workbook


def of_most_options(variants, number):
    """Return places of scenarios that between them take the most options of all choices."""
    taken = {
        place: {(choice.address, choice.taken[place]) for choice in variants.all_choices}
        for place in range(1, len(variants.scenarios))
    }
    seen, found = {(choice.address, choice.taken[0]) for choice in variants.all_choices}, []
    while taken and len(found) < number:
        best = max(taken, key=lambda place: (len(taken[place] - seen), -place))
        seen |= taken.pop(best)
        found.append(best)
    return found


def move(workbook, sheets, places):
    variants = workbook.variants
    for place in places:
        sheets.change({"Scenarios!B3": variants.titles[place]})
        all_equal(variants.scenarios[place], workbook, sheets, errors=False)  # Checks counts them
        assert sheets.value(workbook.checks.verdict).startswith("All checks passed"), variants.titles[place]
    assert sheets.errors() == []


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_what_does_not_fit_has_other_strategies_cycles_or_rates(base):
    for name, reason in with_every_scenario(base).variants.refused:
        assert any(words in reason for words in ("strategies", "cycles", "discount rates")), (name, reason)


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_it_moves_the_workbook_through_every_scenario_and_back(base):
    workbook = with_every_scenario(base)
    sheets = WorkedOut(workbook)
    before = sheets.of_formulas()
    move(workbook, sheets, range(len(workbook.variants.scenarios)))
    sheets.change({"Scenarios!B3": workbook.variants.titles[0]})
    assert sheets.of_formulas() == before


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_it_moves_libreoffice_through_those_that_differ_most(base, tmp_path):
    workbook = with_every_scenario(base)
    with Office() as office:
        opened(office, workbook, tmp_path)
        move(workbook, office, of_most_options(workbook.variants, IN_LIBREOFFICE))
