"""Seeded modelling faults are told, and no shipped scenario gives a false alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcea import load
from netcea.errors import InputError
from netcea.plausibility.implausible import CODE
from plausibility.seeded_faults import FAULTS

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    path
    for folder in (ROOT / "scenarios", ROOT / "examples" / "everolimus" / "scenarios")
    for path in folder.rglob("*.yaml")
    if "batches" not in path.parts
)
FEWEST_OF_79 = 70


def doubts(name, sets=()):
    """The addresses and messages of what is implausible; a refusal is told at no address."""
    try:
        return {w.address: w.message for w in load(name, sets).warnings if w.code == CODE}
    except InputError as error:
        return {"": str(error)}


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return [(fault, doubts(fault.scenario, fault.sets)) for fault in FAULTS]


def test_every_seeded_fault_is_told_where_it_is(found):
    missed = [fault.name for fault, told in found if "" not in told and not any(fault.at in a for a in told)]
    assert not missed
    assert len(FAULTS) >= 79


@pytest.mark.slow
def test_most_are_told_without_what_they_replace(found, monkeypatch):
    """As where the number was typed into a model of one's own: nothing to compare it with."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(load.__globals__, "replaced_by", lambda *_: {})
    missed = [f.name for f in FAULTS if not doubts(f.scenario, f.sets)]
    assert len(missed) <= len(FAULTS) * (79 - FEWEST_OF_79) / 79 / 2, missed


def test_few_are_refused(found):
    """What is refused is no test of a warning."""
    assert sum("" in told for _, told in found) <= 12


@pytest.mark.parametrize("group", range(6))
def test_no_shipped_scenario_gives_a_false_alarm(group):
    told = {path.name: doubts(str(path)) for path in SHIPPED[group::6]}
    assert not {name: messages for name, messages in told.items() if messages}
