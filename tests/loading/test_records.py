"""What a scenario says for its readers: prior therapy, managed access, experts; what is wrong is told where it stands."""

import re
from pathlib import Path

import pytest

import netcea
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.reading.yaml_file import read_yaml
from netcea.scenario.comparators import place_of, places_by_line
from netcea.scenario.expert_validation import ExpertReview, ExpertValidation
from netcea.scenario.managed_access import DataCollection, ManagedAccess
from netcea.scenario.prior_therapy import LineComparator, PriorTherapy
from netcea.scenario.subgroup_options import Subgroup, SubgroupsOptions

THERAPY = "decision_problem.prior_therapy"
COLLECTION = {"label": "OS", "resolves": "x", "design": "y", "timing": "z", "collected_by": "w"}
JUDGED = {"about": "results", "question": "Is it plausible?", "answer": "Yes", "model_agrees": "yes"}
REVIEW = {"role": "Oncologist", "when": "2026-03-17", "how": "interview", "blinded": True, "judgements": [JUDGED]}
LANDMARK = {
    "strategy": "best_supportive_care",
    "at": "survival.cabinet_pnet.pfs_nejm.follow_up_median",
    "low": "survival.radiant3.os_placebo_landmarks.month_60",
    "high": "survival.radiant3.os_placebo_landmarks.month_12",
}


def problems(changes):
    with pytest.raises(InputError) as error:
        load("pnet", changes)
    return {p.address: p for p in error.value.problems}


def judged(**landmark):
    judgement = {"about": "extrapolation", "question": "How many are alive?", "answer": "Some"}
    return {**REVIEW, "judgements": [{**judgement, "landmark": {**LANDMARK, **landmark}}]}


@pytest.mark.parametrize("name", ["pnet", "epnet"])
class TestShipped:
    def test_every_comparator_of_every_line_is_a_strategy_or_left_out_for_a_reason(self, name):
        file = load(name).file
        found = list(places_by_line(file))
        assert len(file.decision_problem.prior_therapy.lines) == 3
        assert all(bool(place.strategy) != bool(place.reason) for _, _, place in found)
        known = {c.comparator for c in file.decision_problem.not_modelled} | set(file.decision_problem.comparators)
        assert {named.comparator for _, named, _ in found} == known

    def test_no_clinical_expert_has_judged_it_and_it_says_so(self, name):
        record = load(name).file.expert_validation
        assert not record.reviews
        assert record.not_done.startswith("No clinical expert has judged this model")

    def test_every_study_of_value_of_information_is_in_the_managed_access_plan(self, name):
        file = load(name).file
        assert {c.study for c in file.managed_access.collections} - {None} == set(file.analyses.voi.studies)
        assert not file.managed_access.proposed

    def test_its_sources_are_in_the_bibliography(self, name):
        assert {"nice_ta449", "nice_ta539", "cabometyxhcp_2025"} <= set(load(name).bibliography)


def test_blocks_move_no_result_and_no_digest_where_there_are_none():
    bare = {THERAPY: None, "managed_access": None, "expert_validation": None, "analyses.subgroups": {}}
    without, whole = netcea.run("pnet", bare, ledger=False).case, netcea.run("pnet", ledger=False).case
    assert without.incremental == whole.incremental
    assert without.digest != whole.digest
    assert load("pnet", [f"{key}=null" for key in list(bare)[:3]] + ["analyses.subgroups={}"]).digest == without.digest


class TestPlaces:
    def test_a_reason_of_its_own_goes_before_that_of_the_scope(self):
        file = load("pnet").file
        own = place_of(file, LineComparator(comparator="Sunitinib", reason="Had already"))
        assert (own.reason, own.scenario) == ("Had already", "sensitivity/pnet_comparators.yaml")
        assert place_of(file, LineComparator(comparator="Sunitinib")).reason == "As everolimus"
        assert place_of(file, LineComparator(comparator="best supportive care")).strategy.startswith("Placebo")
        nothing = place_of(file, LineComparator(comparator="Interferon"))
        assert (nothing.strategy, nothing.reason) == ("", "")

    def test_a_strategy_is_a_strategy_in_a_scenario_that_has_it(self):
        file = load("pnet_comparators").file
        assert place_of(file, LineComparator(comparator="Everolimus")).strategy == "Everolimus"


class TestFaults:
    def test_a_source_that_sources_yaml_does_not_have(self):
        found = problems({f"{THERAPY}.source": ["chan_2026"]})[f"{THERAPY}.source.0"]
        assert (found.found, found.expected) == ("'chan_2026'", "a key of sources.yaml")
        assert "chan_2025" in found.suggestion

    def test_a_line_without_comparators(self):
        assert f"{THERAPY}.lines.0.comparators" in problems({f"{THERAPY}.lines.0.comparators": []})

    def test_a_study_a_size_and_a_group_that_are_not_there(self):
        at = "managed_access.collections"
        wrong = [
            {**COLLECTION, "study": "survival_trail"},
            {**COLLECTION, "study": "survival_trial", "patients": 300},
            {**COLLECTION, "group": "utility"},
        ]
        found = problems({at: wrong})
        assert "survival_trial" in found[f"{at}.0.study"].suggestion
        assert "50, 100, 200, 400, 800" in found[f"{at}.1.patients"].expected
        assert "utilities" in found[f"{at}.2.group"].suggestion
        assert len(found) == 3

    @pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u200b"])
    def test_what_has_to_be_said_cannot_be_blank(self, blank):
        step = {"label": "a", "by": "b", "reason": blank, "set": {"settings.horizon_years": 20}}
        at = "managed_access.collections"
        found = problems(
            {
                at: [{**COLLECTION, "timing": blank}, {**COLLECTION, "design": blank}],
                "managed_access.statement": blank,
                f"{THERAPY}.eligibility": blank,
                "analyses.waterfall.steps": [step],
            }
        )
        said = {f"{at}.0.timing", f"{at}.1.design", "managed_access.statement", f"{THERAPY}.eligibility"}
        assert {problem.found for problem in found.values()} == {f"{blank!r}, of which nothing can be seen"}
        assert said | {"analyses.waterfall.steps.0.reason"} == set(found)

    def test_a_median_number_of_treatments_is_a_count(self):
        found = problems({f"{THERAPY}.treatments_before": "costs.drug.cabozantinib.price_per_pack"})
        (problem,) = found.values()
        assert "a count" in problem.expected

    def test_line_and_file_are_named(self, tmp_path):
        path = tmp_path / "scenarios" / "wrong.yaml"
        netcea_files(tmp_path)
        text = path.with_name("pnet.yaml").read_text(encoding="utf-8")
        path.write_text(text.replace("study: utility_study", "study: utilities_study"), encoding="utf-8")
        with pytest.raises(InputError) as error:
            load(str(path))
        (problem,) = error.value.problems
        line = next(n for n, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "utilities_" in row)
        assert (problem.file.endswith("wrong.yaml"), problem.line) == (True, line)

    def test_a_landmark_of_a_strategy_that_is_not_there(self):
        at = "expert_validation.reviews.0.judgements.0.landmark.strategy"
        found = problems({"expert_validation": {"reviews": [judged(strategy="best_care")]}})
        assert "best_supportive_care" in found[at].suggestion

    def test_a_landmark_must_be_numbers_of_inputs(self):
        at = "expert_validation.reviews.0.judgements.0.landmark"
        found = problems({"expert_validation": {"reviews": [judged(low="survival.no.where", at="costs.unit.ct_scan")]}})
        assert {f"{at}.low", f"{at}.at"} == set(found)


def netcea_files(folder):
    from netcea.loading.init import make_working_copy

    list(make_working_copy(folder))


class TestBlocks:
    def test_a_record_of_experts_says_something(self):
        with pytest.raises(ValueError, match="reviews, or in words what has not been done"):
            ExpertValidation.model_validate({"reviews": [], "not_done": " "})

    @pytest.mark.parametrize("when", ["2026-13", "17 March 2026", "2026-02-30", "2026"])
    def test_a_day_is_a_day(self, when):
        with pytest.raises(ValueError, match="a day or a month"):
            ExpertReview.model_validate({**REVIEW, "when": when})

    @pytest.mark.parametrize("when", ["2026-03", "2026-03-17"])
    def test_a_month_is_enough(self, when):
        assert ExpertReview.model_validate({**REVIEW, "when": when}).when == when

    @pytest.mark.parametrize("given", [{"model_agrees": None}, {"landmark": LANDMARK, "model_agrees": "yes"}])
    def test_agreement_is_said_or_worked_out(self, given):
        with pytest.raises(ValueError, match="agreement with a landmark is worked out"):
            ExpertReview.model_validate({**REVIEW, "judgements": [{**JUDGED, **given}]})

    def test_what_is_proposed_collects_something(self):
        with pytest.raises(ValueError, match="what is collected"):
            ManagedAccess.model_validate({"proposed": True, "statement": "x"})

    @pytest.mark.parametrize("given", [{"patients": 50}, {"study": "a", "group": "b"}])
    def test_a_size_belongs_to_a_study_and_a_study_says_what_it_informs(self, given):
        with pytest.raises(ValueError, match=r"the study that|one of them"):
            DataCollection.model_validate({**COLLECTION, **given})


class TestBesideTheModel:
    def test_numbers_of_records_are_no_inputs_of_the_model(self):
        """One-way leaves them out, verification knows why nothing moves, the workbook says that no formula uses them."""
        from netcea.analyses.shared.varied_quantities import varied_quantities
        from netcea.workbook.sheets.input_descriptions import ELSEWHERE

        scenario = load("pnet")
        address = "population.cohorts.pnet.treatments_before_median"
        assert address in scenario.quantities
        assert address not in {q.address for q in varied_quantities(scenario, (), {})}
        assert ("decision_problem",) in ELSEWHERE

    def test_setting_one_warns_that_no_result_moves(self):
        found = load("pnet", ["population.cohorts.pnet.treatments_before_median=4"])
        (warning,) = [w for w in found.warnings if w.code == "no_effect"]
        assert "decision_problem.prior_therapy.treatments_before names it" in warning.message


def test_a_blank_model_has_them_as_comments_that_can_be_filled_in(tmp_path):
    from netcea.loading.init import make_blank_model

    list(make_blank_model(tmp_path))
    path = tmp_path / "scenarios" / "base.yaml"
    assert load(str(path)).file.expert_validation.not_done.startswith("No clinical expert")
    text = path.read_text(encoding="utf-8")
    for block in ("  # prior_therapy:", "# analyses:", "# managed_access:"):
        start = text.index(f"\n{block}") + 1
        end = next(
            n for n in range(start, len(text) + 1) if text[n:].startswith(("\n\n", "\nsettings")) or n == len(text)
        )
        lines = text[start:end].split("\n")
        text = text[:start] + "\n".join(line.replace("# ", "", 1) for line in lines) + text[end:]
    path.write_text(text, encoding="utf-8")
    file = load(str(path)).file
    assert [c.comparator for c in file.decision_problem.prior_therapy.lines[0].comparators][1] == "Another drug"
    assert file.managed_access.collections[0].collected_by.startswith("Who collects")
    found = netcea.subgroups(str(path))
    assert [bool(row.effect) for row in found.subgroups] == [True, False]


def test_the_examples_of_the_documentation_are_valid(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "decision_problem.md").read_text(encoding="utf-8")
    found = {}
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)):
        path = tmp_path / f"{number}.yaml"
        path.write_text(block, encoding="utf-8")
        found |= read_yaml(path).data
    therapy = PriorTherapy.model_validate(found["decision_problem"]["prior_therapy"])
    experts = ExpertValidation.model_validate(found["expert_validation"])
    access = ManagedAccess.model_validate(found["managed_access"])
    groups = SubgroupsOptions.model_validate(found["analyses"]["subgroups"])
    assert therapy.lines[0].comparators[0].comparator == "Another drug"
    assert experts.experts == 3
    assert [bool(c.study) for c in access.collections] == [True, False]
    assert len(groups.subgroups) == 3
    for block in (therapy, therapy.lines[0], therapy.lines[0].comparators[0], experts, experts.reviews[0], access):
        left_out = set(type(block).model_fields) - block.model_fields_set
        assert not left_out, left_out
    every = {name for one in groups.subgroups for name in one.model_fields_set}
    assert every == set(Subgroup.model_fields)
    assert {n for c in access.collections for n in c.model_fields_set} == set(DataCollection.model_fields)
    judged = experts.reviews[0].judgements
    assert {n for one in judged for n in one.model_fields_set} == set(type(judged[0]).model_fields)
