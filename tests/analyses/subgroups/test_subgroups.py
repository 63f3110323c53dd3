"""Results by subgroup: each what its scenario comes to by itself; what has no evidence has no numbers."""

from dataclasses import replace

import pytest

import netcea
from netcea.analyses.registry import ANALYSES
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.scenario.subgroup_options import Subgroup

GUT = "scenarios/sensitivity/epnet_subgroup_gastrointestinal.yaml"


@pytest.fixture(scope="module")
def epnet():
    return load("epnet")


@pytest.fixture(scope="module")
def found(epnet):
    return netcea.subgroups(epnet)


def run(scenario, *subgroups):
    asked = options_with(scenario.file.analyses.subgroups, subgroups=list(subgroups))
    return ANALYSES["subgroups"].run(scenario, asked)


def one(label="Older", **given):
    return {"label": label, "by": "age", **given}


class TestResults:
    def test_a_subgroup_is_what_its_scenario_comes_to_by_itself(self, found):
        gut = found.subgroups[0]
        case = netcea.run(GUT, ledger=False).case
        assert (gut.subgroup, gut.by) == ("Gastrointestinal NET", "site")
        assert gut.effect.icer == pytest.approx(case.against_comparator().icer, rel=1e-12)
        assert gut.effect.weighted_nhb == pytest.approx([case.nhb(t, weighted=True) for t in case.thresholds])
        assert gut.effect.nhb == pytest.approx([case.nhb(t) for t in case.thresholds])
        assert {name: totals.costs for name, totals in gut.strategies.items()} == {
            name: pytest.approx(totals.costs) for name, totals in case.strategies.items()
        }
        assert gut.digest == case.digest

    def test_all_patients_are_the_base_case(self, epnet, found):
        case = netcea.run(epnet, ledger=False).case
        assert found.base.icer == pytest.approx(case.against_comparator().icer, rel=1e-12)
        assert found.everybody.digest == epnet.digest

    def test_by_what_is_set_as_by_a_scenario(self, epnet, found):
        trial = "survival.cabinet_subgroups.lung_thymic"
        curves = {f"strategies.{s}.pfs.trial": trial for s in ("cabozantinib", "best_supportive_care")}
        by_hand = run(epnet, one(set=curves)).subgroups[0]
        assert by_hand.effect == found.subgroups[1].effect
        assert by_hand.numbers_by_status == found.subgroups[1].numbers_by_status
        assert by_hand.sets.startswith("strategies.cabozantinib.pfs.trial = survival.cabinet_subgroups.lung_thymic; ")

    def test_a_subgroup_stands_on_what_was_changed(self, epnet):
        changed = netcea.load("epnet", ["settings.horizon_years=10"])
        gut = netcea.subgroups(changed).subgroups[0]
        case = netcea.run(GUT, ["settings.horizon_years=10"], ledger=False).case
        assert gut.effect.icer == pytest.approx(case.against_comparator().icer, rel=1e-12)
        assert gut.effect.icer != netcea.subgroups(epnet).subgroups[0].effect.icer


class TestEvidence:
    def test_own_numbers_are_counted_by_status(self, found):
        by_name = {row.subgroup: row for row in found.subgroups}
        assert by_name["Gastrointestinal NET"].numbers_by_status == {"published": 5, "assumption": 1}
        assert by_name["Gastrointestinal NET"].evidence == "5 published, 1 assumption"
        patients = [row.patients for row in found.subgroups]
        assert patients == [116.0, 49.0, None, 24.0, None, None]

    def test_a_changed_number_is_an_own_number_with_its_status(self, epnet):
        age = {"population.cohorts.epnet.start_age": 72}
        assert run(epnet, one(set=age)).subgroups[0].numbers_by_status == {"published": 1}

    def test_what_has_no_evidence_has_no_numbers_and_says_so(self, found):
        gaps = [row for row in found.subgroups if row.effect is None]
        assert [row.subgroup for row in gaps] == [
            "Unknown primary and other sites",
            "Grade 1 and 2 tumours",
            "After one earlier systemic treatment",
        ]
        assert {row.evidence for row in gaps} == {"none: an unverified gap"}
        said = [line for line in found.report.lines if "unverified gap" in line]
        assert len(said) == 3
        table = next(t for t in found.report.tables if t.name == "subgroups")
        assert all(
            cell is None for row in table.rows[3:4] for cell, c in zip(row, table.columns, strict=True) if c.unit
        )

    def test_pancreas_has_gaps_only(self):
        found = netcea.subgroups("pnet")
        assert all(row.gap and row.effect is None for row in found.subgroups)
        assert not found.report.figures

    def test_a_scenario_without_subgroups_says_what_to_write(self, epnet):
        assert "analyses.subgroups.subgroups" in run(epnet).report.lines[0]


class TestFaults:
    def test_a_subgroup_that_cannot_be_combined_is_a_row_with_the_reason_and_no_gap(self, epnet):
        bad = run(epnet, one(set={"settings.horizon_years": -1}), one("Later", set={"no.where": 1}))
        assert [(row.effect, row.gap) for row in bad.subgroups] == [(None, ""), (None, "")]
        assert "settings.horizon_years" in bad.subgroups[0].fault
        assert "no.where" in bad.subgroups[1].fault
        assert not [line for line in bad.report.lines if "unverified gap" in line]
        assert [line.startswith("Later cannot be run: ") for line in bad.report.lines][-1]

    def test_a_scenario_without_its_files_is_refused_in_words(self, epnet):
        with pytest.raises(InputError, match="a run of its own"):
            netcea.subgroups(replace(epnet, related=None))

    @pytest.mark.parametrize("change", [{"no.where": 1}, {"settings.horizon_years": -1}])
    def test_what_a_subgroup_of_the_file_sets_is_checked_when_it_is_loaded(self, change):
        with pytest.raises(InputError) as error:
            load("epnet", {"analyses.subgroups.subgroups": [one(set=change)]})
        assert error.value.problems[0].address == next(iter(change))

    @pytest.mark.parametrize("given", [{}, {"scenario": "x.yaml", "gap": "y"}, {"set": {"a.b": 1}, "gap": "y"}])
    def test_exactly_one_of_scenario_set_and_gap(self, given):
        with pytest.raises(ValueError, match="one of scenario, set and gap"):
            Subgroup.model_validate(one(**given))

    def test_a_misspelt_file_is_a_fault_of_the_file(self):
        with pytest.raises(InputError) as error:
            load("epnet", {"analyses.subgroups.subgroups": [one(scenario="sensitivity/epnet_subgroup_gut.yaml")]})
        problem = error.value.problems[0]
        assert problem.address == "analyses.subgroups.subgroups.0.scenario"
        assert "a scenario file of this project" in problem.expected
        assert "epnet_subgroup_" in problem.suggestion


def test_the_table_has_costs_qalys_and_both_weights(found):
    table = next(t for t in found.report.tables if t.name == "subgroups")
    names = [column.name for column in table.columns]
    wanted = {"costs_intervention", "qalys_comparator", "icer", "nhb_25000", "weighted_icer", "weighted_nhb_35000"}
    assert wanted <= set(names)
    gut = dict(zip(names, table.rows[1], strict=True))
    assert gut["costs_intervention"] - gut["costs_comparator"] == pytest.approx(gut["incremental_costs"])
    assert gut["weighted_icer"].value == pytest.approx(gut["icer"].value / gut["severity_weight"])


def test_its_record_follows_its_schema(found):
    from netcea.cli.schemas import results_schema

    jsonschema = pytest.importorskip("jsonschema")
    import json

    jsonschema.validate(json.loads(found.as_json()), results_schema("subgroups"))
