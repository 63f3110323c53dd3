"""Seeded modelling faults are told, and no shipped scenario gives a false alarm."""

from __future__ import annotations

import re
from inspect import unwrap
from pathlib import Path

import pytest

from helpers.sample_of import mostly_slow
from netcea import load
from netcea.errors import InputError
from netcea.plausibility.implausible import CODE
from plausibility.further_faults import MORE
from plausibility.legitimate import LEGITIMATE
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


def told_of(faults):
    """Return each fault with what is told of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return [(fault, doubts(fault.scenario, fault.sets)) for fault in faults]


@pytest.fixture(scope="module")
def found():
    return told_of(FAULTS)


def missed_of(found):
    return [fault.name for fault, told in found if "" not in told and not any(fault.at in a for a in told)]


def test_every_third_seeded_fault_is_told_where_it_is():
    assert not missed_of(told_of(FAULTS[::3]))


@pytest.mark.slow
def test_every_seeded_fault_is_told_where_it_is(found):
    assert not missed_of(found)
    assert len(FAULTS) >= 79


@pytest.mark.slow
def test_most_are_told_without_what_they_replace(found, monkeypatch):
    """As where the number was typed into a model of one's own: nothing to compare it with."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(unwrap(load).__globals__, "replaced_by", lambda *_: {})
    missed = [f.name for f in FAULTS if not doubts(f.scenario, f.sets)]
    assert len(missed) <= len(FAULTS) * (79 - FEWEST_OF_79) / 79 / 2, missed


@pytest.mark.slow
def test_few_are_refused(found):
    """What is refused is no test of a warning."""
    assert sum("" in told for _, told in found) <= 12


TRUE_ALARMS = {"epnet_utilities_5l_norms_3l.yaml": "is above the general population's at 66"}
"""Utilities of one value set beside norms of another, which is what the scenario is to show."""


@pytest.mark.parametrize("group", mostly_slow(range(6), [0]))
def test_no_shipped_scenario_gives_a_false_alarm(group):
    told = {path.name: doubts(str(path)) for path in SHIPPED[group::6]}
    for name, words in TRUE_ALARMS.items():
        if name in told:
            assert [words in message for message in told.pop(name).values()] == [True]
    assert not {name: messages for name, messages in told.items() if messages}


def test_every_fifth_further_fault_names_the_slip():
    told_of_some = told_of(MORE[::5])
    assert not [fault.name for fault, told in told_of_some if "" not in told and not named(fault, told)]
    assert sum("" not in told for _, told in told_of_some) >= 30


@pytest.mark.slow
def test_every_further_fault_names_the_slip():
    further = told_of(MORE)
    missed = [fault.name for fault, told in further if "" not in told and not named(fault, told)]
    assert not missed
    assert sum("" not in told for _, told in further) >= 160


@pytest.mark.slow
def test_most_further_faults_are_named_without_what_they_replace(monkeypatch):
    """As where the number was typed into a model of one's own; it has the fault's place, or that of another number."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(unwrap(load).__globals__, "replaced_by", lambda *_: {})
    found = [(fault, doubts(fault.scenario, fault.sets)) for fault in MORE]
    possible = [(fault, told) for fault, told in found if "" not in told]
    assert sum(bool(told) for _, told in possible) >= 0.9 * len(possible)
    assert sum(named(fault, told) for fault, told in possible) >= 0.85 * len(possible)


def named(fault, told):
    """Whether a warning at the fault's place names the slip."""
    return any(fault.at in address and re.search(fault.words, message) for address, message in told.items())


@pytest.mark.parametrize("group", mostly_slow(range(4), [0]))
def test_what_reviewers_try_is_no_doubt(group, monkeypatch):
    monkeypatch.chdir(ROOT)
    told = {f"{fault.scenario} {fault.name}": doubts(fault.scenario, fault.sets) for fault in LEGITIMATE[group::4]}
    assert not {name: messages for name, messages in told.items() if messages}
    assert len(LEGITIMATE) >= 120
