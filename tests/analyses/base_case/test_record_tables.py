"""Tables of what a scenario says for its readers, and experts' survival beside the model's."""

import json

import pytest

import netcea
from netcea.analyses.base_case.experts import BEYOND, expert_comparisons
from netcea.loading.load import load

YEARS = "survival.radiant3.os_placebo_landmarks"
LANDMARK = {"strategy": "best_supportive_care", "at": "decision.value_of_information.trial_follow_up"}


def with_landmark(**given):
    judgement = {"about": "extrapolation", "question": "Alive at two years?", "answer": "x", "landmark": given}
    review = {"role": "Oncologist", "when": "2026-03", "how": "elicitation", "blinded": True, "judgements": [judgement]}
    return {"expert_validation": {"reviews": [review]}}


def table(result, name):
    return next(found for found in result.report.tables if found.name == name)


@pytest.fixture(scope="module")
def pnet():
    return netcea.run("pnet", ledger=False, traces=False, workbook=False)


def test_prior_therapy_says_who_and_where_each_comparator_is(pnet):
    found = table(pnet, "prior_therapy")
    assert len(found.rows) == 4 + 5 + 1
    assert set(found.column("in_the_model")) == {"left out", "strategy: Placebo / best supportive care"}
    assert [bool(reason) for reason in found.column("reason")] == [
        p == "left out" for p in found.column("in_the_model")
    ]
    assert "Earlier systemic treatments, median: 3 (published)" in found.note


def test_managed_access_names_what_each_study_informs(pnet):
    found = table(pnet, "managed_access")
    assert found.note.startswith("Managed access is not proposed.")
    assert found.column("informs")[0] == "Hazard ratio, OS, NEJM, pNET"
    assert found.column("patients")[:2] == ["50, 100, 200, 400, 800"] * 2
    assert found.column("study")[2:] == ["not valued", "group: crossover and subsequent treatment"]


def test_no_expert_is_a_sentence_and_no_row(pnet):
    found = table(pnet, "expert_validation")
    assert not found.rows
    assert found.note.startswith("No clinical expert has judged this model")


def test_where_nothing_is_said_the_table_says_so():
    bare = {"decision_problem.prior_therapy": None, "managed_access": None, "expert_validation": None}
    result = netcea.run("pnet", bare, ledger=False, traces=False, workbook=False)
    for name, block in (("prior_therapy", "decision_problem.prior_therapy"), ("managed_access", "managed_access")):
        assert (table(result, name).rows, block in table(result, name).note) == ((), True)


class TestLandmarks:
    def test_survival_of_the_model_stands_beside_what_experts_gave(self):
        inside = with_landmark(**LANDMARK, low=f"{YEARS}.month_60", high=f"{YEARS}.month_12")
        result = netcea.run("pnet", inside, ledger=False, workbook=False)
        (found,) = result.experts
        trace = result.traces["best_supportive_care"]
        alive = 1.0 - trace.edges["dead"]
        before = int(2.0 * 365.25 / 28)
        assert alive[before] >= found.modelled >= alive[before + 1]
        assert (found.at_years, found.low, found.high) == (2.0, 0.355, 0.82)
        assert found.agrees == "yes"
        row = dict(zip([c.name for c in table(result, "expert_validation").columns], _only(result), strict=True))
        assert (row["technologies"], row["blinded"], row["modelled"]) == (
            "Placebo / best supportive care",
            "yes",
            found.modelled,
        )
        (recorded,) = json.loads(result.as_json())["expert_judgements"]
        assert recorded["modelled"] == pytest.approx(found.modelled)

    def test_outside_is_no_agreement(self):
        (found,) = expert_comparisons(load("pnet", with_landmark(**LANDMARK, low=f"{YEARS}.month_12")))
        assert (found.agrees, found.high) == ("no", None)

    def test_beyond_the_horizon_nothing_is_compared(self):
        scenario = load("pnet", {"settings.horizon_years": 1, **with_landmark(**LANDMARK, low=f"{YEARS}.month_12")})
        (found,) = expert_comparisons(scenario)
        assert (found.agrees, found.modelled) == (BEYOND, None)


def _only(result):
    (row,) = table(result, "expert_validation").rows
    return row
