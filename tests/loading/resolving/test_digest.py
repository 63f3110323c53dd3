"""The digest of a scenario: defaults do not enter it, everything else does."""

import types
import typing

import pytest
from pydantic import BaseModel, create_model

from netcea import load
from netcea.analyses.difference.input_differences import input_differences, is_default
from netcea.batch.units import key_of
from netcea.blocks import beyond_defaults
from netcea.loading.checks.choices import checked_blocks
from netcea.loading.merging.draft import read_draft
from netcea.loading.reading.project import package_project
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.provenance import digest_of
from netcea.quantities.fitted import FittedEndpoint, FittedFamily
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable
from netcea.scenario.inputs_record import InputsRecord, record_of
from netcea.scenario.options import Analyses, PsaOptions
from netcea.scenario.scenario import ScenarioFile

IN_A_DIGEST = (ScenarioFile, Quantity, CorrelationTable, FittedEndpoint, FittedFamily)


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.mark.parametrize(
    "written",
    [
        "settings.crossing=cap_pfs",
        "settings.half_cycle_correction=trapezium",
        "settings.later_discount_rates=[]",
        "analyses.psa.draws=10000",
        "analyses.severity={draws: 1000}",
        "strategies.best_supportive_care.time_on_treatment={rule: none}",
        "decision_problem.perspective=NHS and PSS",
        "costs.cabozantinib.vial_sharing=false",
    ],
)
def test_what_is_written_as_the_default_is_left_out(pnet, written):
    assert load("pnet", [written]).digest == pnet.digest


@pytest.mark.parametrize(
    "written",
    [
        "settings.crossing=raise_os",
        "settings.half_cycle_correction=start",
        "settings.later_discount_rates=[{from_year: 30, costs: 0.015, qalys: 0.015}]",
        "analyses.psa.draws=9999",
        "analyses.severity.draws=999",
        "costs.cabozantinib.payer=society",
        "costs.cabozantinib.label=Cabozantinib, oral",
        "population.cohorts.pnet.start_age.range=[40, 80]",
    ],
)
def test_what_is_not_the_default_moves_the_digest(pnet, written):
    assert load("pnet", [written]).digest != pnet.digest


def test_a_new_entry_moves_no_digest_unless_it_is_used():
    """The same file, read by a program of which blocks have gained entries."""
    draft = read_draft("pnet")
    file = checked_blocks(draft)
    numbers = Numbers(draft.inputs, file.settings.price_year, draft.place)
    more = create_model("Analyses", __base__=Analyses, added=(PsaOptions, PsaOptions(draws=7)))
    later = create_model("ScenarioFile", __base__=ScenarioFile, analyses=(more, more()), also=(list[str], []))
    again, used = later.model_validate(draft.tree.data), later.model_validate({**draft.tree.data, "also": ["x"]})
    before, after, other = (digest_of(one, numbers, {}) for one in (file, again, used))
    assert before == after != other


def every_file():
    return sorted(p for p in package_project().scenarios.rglob("*.yaml") if "batches" not in p.parts)


def test_nothing_but_defaults_is_left_out():
    """What is left can be read again and is the same block: two that differ never agree in it."""
    for path in every_file():
        file = checked_blocks(read_draft(str(path)))
        assert ScenarioFile.model_validate(beyond_defaults(file)) == file, path


def test_numbers_can_be_read_again_from_what_enters_a_digest(pnet):
    for quantity in pnet.quantities.values():
        assert Quantity.model_validate(beyond_defaults(quantity)) == quantity


def members(annotation):
    """Types of which one is meant, where there are several."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [found for argument in typing.get_args(annotation) for found in members(argument)]
    if typing.get_origin(annotation) is typing.Annotated:
        return members(typing.get_args(annotation)[0])
    return [annotation]


def inside(annotation):
    yield annotation
    for argument in typing.get_args(annotation):
        if not isinstance(argument, str | int | float):
            yield from inside(argument)


def blocks(start):
    found, waiting = set(), [start]
    while waiting:
        block = waiting.pop()
        if block not in found:
            found.add(block)
            annotations = [part for field in block.model_fields.values() for part in inside(field.annotation)]
            waiting += [part for part in annotations if isinstance(part, type) and issubclass(part, BaseModel)]
    return found


@pytest.mark.parametrize("start", IN_A_DIGEST)
def test_blocks_that_can_stand_in_one_place_are_told_apart_by_an_entry_without_a_default(start):
    for block in blocks(start):
        for name, field in block.model_fields.items():
            for part in inside(field.annotation):
                several = [one for one in members(part) if isinstance(one, type) and issubclass(one, BaseModel)]
                assert len(several) < 2 or all(one.model_fields["kind"].is_required() for one in several), (block, name)


@pytest.mark.parametrize("start", IN_A_DIGEST)
def test_no_default_equals_a_value_of_another_type(start):
    """`true` equals 1: an entry of which both are values must have neither as its default."""
    for block in blocks(start):
        for name, field in block.model_fields.items():
            kinds = {one for one in members(field.annotation) if one in (bool, int, float)}
            assert bool not in kinds or kinds == {bool}, (block, name)


def test_keys_of_a_batch_do_not_hold_defaults_either(pnet):
    more = create_model("PsaOptions", __base__=PsaOptions, added=(int, 3))
    keys = [key_of(pnet, "psa", one, figures=True) for one in (PsaOptions(), more(), more(added=4), PsaOptions(seed=2))]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_record_of_a_program_with_fewer_entries_differs_in_nothing(pnet):
    record = record_of(pnet)
    left_out = {"settings.crossing", "analyses.psa.sampling", "costs.cabozantinib.vial_sharing", "analyses.voi.draws"}
    assert left_out <= set(record.choices)
    fewer = InputsRecord({a: v for a, v in record.choices.items() if a not in left_out}, record.numbers, record.tables)
    assert input_differences(fewer, record) == input_differences(record, fewer) == []
    other = InputsRecord({**record.choices, "settings.crossing": "raise_os"}, record.numbers, record.tables)
    assert [found.address for found in input_differences(fewer, other)] == ["settings.crossing"]


def test_what_has_no_default_is_none():
    assert not is_default("settings.horizon_years", 40.0, {})
    assert not is_default("settings.nothing_of_this_name", None, {})
