"""What scenarios of a project share is worked out once: the same blocks, addresses and faults as each has alone."""

from __future__ import annotations

import pytest

from netcea import load
from netcea.checking.report import _addresses
from netcea.errors import InputError
from netcea.loading.checks.choices import _KnownBlocks, checked_blocks
from netcea.loading.load import resolve
from netcea.loading.merging.draft import overlay, read_draft
from netcea.quantities import addresses
from netcea.quantities.addresses import addresses_in
from netcea.scenario.scenario import ScenarioFile

SETS = (
    [],
    ["settings.horizon_years=20"],
    ["strategies.cabozantinib.label=Another"],
    ["costs.end_of_life.label=Another"],
    ["utilities.age_adjustment=none"],
    ["analyses.psa.draws=77", "decision.method_pack=nice-2022"],
)


def data_of(draft):
    return {**draft.tree.data, **{key: value for key, value in draft.header.items() if value is not None}}


def test_known_blocks_make_the_file_that_validation_of_everything_makes():
    known = _KnownBlocks()
    drafts = [read_draft("pnet", sets) for sets in SETS]
    first = known.validated(data_of(drafts[0]))
    for draft in (*drafts, *reversed(drafts)):
        found = known.validated(data_of(draft))
        assert found == ScenarioFile.model_validate(data_of(draft))
        assert (found.settings is first.settings) == (draft.tree.data["settings"] is drafts[0].tree.data["settings"])
    assert known.validated(data_of(drafts[1])).costs["end_of_life"] is first.costs["end_of_life"]


@pytest.mark.parametrize(
    "wrong", ["settings.horizon_years=-1", "strategies.cabozantinib.pfs.arm=3", "costs.end_of_life.payer={a: 1}"]
)
def test_a_bad_entry_beside_known_blocks_is_told_as_it_is_without_them(wrong):
    checked_blocks(read_draft("pnet"))
    draft = read_draft("pnet", [wrong])
    with pytest.raises(InputError) as beside:
        checked_blocks(draft)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("netcea.loading.checks.choices._KNOWN", _KnownBlocks())
        with pytest.raises(InputError) as alone:
            checked_blocks(draft)
    assert str(beside.value) == str(alone.value)


def test_addresses_of_known_blocks_are_those_of_new_ones(monkeypatch):
    found = [addresses_in(checked_blocks(read_draft("pnet", sets))) for sets in (*SETS, *SETS)]
    monkeypatch.setattr(addresses, "MOST_KEPT", -1)
    assert [addresses_in(checked_blocks(read_draft("pnet", sets))) for sets in (*SETS, *SETS)] == found


def test_an_override_of_what_a_group_says_of_itself_is_seen_beside_inputs_that_are_shared():
    base = load("pnet")
    inputs = base.related.draft.inputs
    groups = {a: a.rpartition(".")[0] for a in base.trial_names}
    address, group = next((a, g) for a, g in groups.items() if "trial" in inputs.raw(g).get("about", {}))
    assert base.related.changed([f"{group}.about.trial=Another"]).trial_names[address] == "Another"
    assert base.related.changed([]).trial_names[address] == base.trial_names[address] != "Another"


@pytest.mark.slow
def test_a_scenario_laid_over_its_own_base_uses_what_it_uses_alone():
    draft = read_draft("pnet")
    compared = 0
    for path in sorted(draft.project.scenarios.glob("sensitivity/pnet_*.yaml")):
        alone = read_draft(str(path), inputs=draft.inputs, known=draft.tree.file)
        if alone.tree.file is draft.tree.file:
            over = overlay(draft, path)
            assert _addresses(resolve(over, brief=True)) == _addresses(resolve(alone, brief=True)), path.name
            compared += 1
    assert compared > 50
