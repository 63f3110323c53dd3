"""The reference case: every state of every rule, what departures do when run by hand, and the method packs."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from helpers.malformed_project import ROOT, copy_project
from netcea.analyses.shared.judge import evaluate
from netcea.checking.reference_case.counterfactuals import all_together, counterfactuals
from netcea.checking.reference_case.effects import effect_of, results_of
from netcea.checking.reference_case.packs import by_pack
from netcea.checking.reference_case.rules import reference_case
from netcea.checking.reference_case.standing import LedgerTests, Standing
from netcea.checking.reference_case.validation import validation_of
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading import load

ALIGNED, JUSTIFIED, UNJUSTIFIED, MISSING = "aligned", "justified deviation", "unjustified deviation", "missing"
ANY = "utilities.adverse_events.decrements.any_grade3plus"
CLARINET, PACK = "utilities.state_utilities.clarinet", "decision.method_packs.nice-2026-03"
NO_EXEMPTION = {"utilities.value_set_exemptions": []}
NOTHING_LOST = {ANY: 0}
LOW_RATE = {"settings.discount_rate_costs": 0.015, "settings.discount_rate_qalys": 0.015}
HIGH_WEIGHT = {f"{PACK}.severity.weight_1_7": 2.0}
SOCIETAL = {"decision_problem.perspective": "societal", "costs.end_of_life.payer": "family"}
DISCOUNT = {"costs.drug.lanreotide.discount": 0.5}


def rows(standing):
    return {row.rule: row for row in reference_case(standing)}


def row(rule, changes=(), name="pnet"):
    return rows(Standing(load(name, changes)))[rule]


@pytest.mark.parametrize(
    ("rule", "state", "changes"),
    [
        ("RC1", ALIGNED, {}),
        ("RC1", MISSING, {"decision_problem.population": " "}),
        ("RC2", JUSTIFIED, {}),
        ("RC2", ALIGNED, {"decision_problem.not_modelled": [], "decision_problem.prior_therapy": None}),
        ("RC2", MISSING, {"decision_problem.not_modelled": []}),  # comparators of lines of prior therapy
        ("RC2", MISSING, {"decision_problem.comparators": ["Placebo / best supportive care", "Surgery"]}),
        (
            "RC2",
            UNJUSTIFIED,
            {
                "decision_problem.not_modelled": [{"comparator": "Surgery", "reason": " "}],
                "decision_problem.prior_therapy": None,
            },
        ),
        ("RC3", ALIGNED, {}),
        ("RC3", MISSING, NOTHING_LOST),
        ("RC4", ALIGNED, {}),
        ("RC4", ALIGNED, {"costs.end_of_life.payer": "family"}),
        ("RC4", UNJUSTIFIED, SOCIETAL),
        ("RC5", ALIGNED, {}),
        ("RC6", ALIGNED, {}),
        ("RC6", UNJUSTIFIED, {"settings.horizon_years": 5}),
        ("RC7", MISSING, {}),
        ("RC8", JUSTIFIED, {}),
        ("RC8", ALIGNED, NOTHING_LOST),
        ("RC8", UNJUSTIFIED, {f"{CLARINET}.about.instrument": "vignettes"}),
        ("RC8", MISSING, {f"{ANY}.value_set": "", **NO_EXEMPTION}),
        ("RC9", JUSTIFIED, {}),
        ("RC9", ALIGNED, NOTHING_LOST),
        ("RC9", UNJUSTIFIED, {f"{CLARINET}.about.respondents": "12 clinicians in place of their patients"}),
        ("RC9", MISSING, NO_EXEMPTION),
        ("RC10", JUSTIFIED, {}),
        ("RC10", ALIGNED, NOTHING_LOST),
        ("RC10", UNJUSTIFIED, NO_EXEMPTION),
        ("RC10", MISSING, {f"{ANY}.value_set": "", **NO_EXEMPTION}),
        ("RC11", ALIGNED, {}),
        ("RC11", UNJUSTIFIED, HIGH_WEIGHT),
        ("RC11", UNJUSTIFIED, {"decision.method_pack": "nice-2022"}),
        ("RC12", JUSTIFIED, {}),
        ("RC12", UNJUSTIFIED, DISCOUNT),
        ("RC12", ALIGNED, {"costs.drug.cabozantinib.price_per_pack.price_type": "contract"}),
        ("RC12", MISSING, {"costs.drug.cabozantinib.price_per_pack.price_type": ""}),
        ("RC13", ALIGNED, {}),
        ("RC13", UNJUSTIFIED, LOW_RATE),
        ("RC13", UNJUSTIFIED, {"settings.later_discount_rates": [{"from_year": 30, "costs": 0.015}]}),
        ("RC14", MISSING, {}),
        ("RC15", MISSING, {}),
        ("RC16", MISSING, {}),
    ],
)
def test_states_that_the_inputs_decide(rule, state, changes):
    assert row(rule, changes).state == state


def test_the_scenarios_word_alone_aligns_nothing():
    """It says EQ-5D of all utilities; inputs/ says nothing of its states."""
    said = {f"{CLARINET}.about": {"note": "nothing"}}
    found = rows(Standing(load("pnet", {**said, **NOTHING_LOST})))
    assert {found[rule].state for rule in ("RC8", "RC9", "RC10")} == {MISSING}
    assert f"does not say the value set of {CLARINET}.progression_free" in found["RC10"].message


def test_rates_of_a_method_pack_that_was_changed_are_not_the_manuals():
    pack = {f"{PACK}.discount_rate_costs": 0.015, f"{PACK}.discount_rate_qalys": 0.015}
    assert row("RC13", {**LOW_RATE, **pack}).state == UNJUSTIFIED


@pytest.mark.parametrize(
    ("rule", "changes"),
    [("RC4", SOCIETAL), ("RC6", {"settings.horizon_years": 5}), ("RC11", HIGH_WEIGHT), ("RC13", LOW_RATE)],
)
def test_a_departure_of_a_scenarios_own_file_has_its_rationale_and_one_of_the_command_line_none(rule, changes):
    typed = load("pnet", changes)
    written = replace(typed, changes=(), file=typed.file.model_copy(update={"tags": [], "rationale": "to see it"}))
    assert rows(Standing(written))[rule].state == JUSTIFIED
    assert "Reason given: to see it" in rows(Standing(written))[rule].message
    other = replace(written, changes=typed.changes)
    assert rows(Standing(other))[rule].state == UNJUSTIFIED


def test_the_ledger_gives_the_reason_of_a_base_case():
    typed = load("pnet", LOW_RATE)
    entry = typed.file.assumptions[0].model_copy(update={"address": "settings.discount_rate_costs", "why": "cured"})
    written = replace(typed, changes=(), file=typed.file.model_copy(update={"assumptions": [entry]}))
    assert rows(Standing(written))["RC13"].state == JUSTIFIED
    assert "Reason given: cured" in rows(Standing(written))["RC13"].message


def test_a_review_behind_every_source_of_efficacy(tmp_path):
    folder = copy_project(tmp_path / "project")
    path = folder / "inputs" / "sources.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^(\w+:)\n", r"\1\n  review: PROSPERO 1\n", text), encoding="utf-8")
    found = rows(Standing(load(str(folder / "scenarios" / "pnet.yaml"))))["RC7"]
    assert (found.state, found.message) == (ALIGNED, "found by PROSPERO 1")
    path.write_text(text.replace("\nmhra_2025:\n", "\nmhra_2025:\n  review: PROSPERO 1\n"), encoding="utf-8")
    found = rows(Standing(load(str(folder / "scenarios" / "pnet.yaml"))))["RC7"]
    assert found.state == MISSING
    assert "survival.radiant3.os_shape" in found.message
    assert "pfs_nejm" not in found.message


def test_a_method_pack_that_was_replaced():
    found = row("RC11", name="pnet_method_pack_nice_2022")
    assert found.state == JUSTIFIED
    assert "nice-2022, its thresholds too, was replaced by nice-2026-03" in found.message
    assert row("RC11", name="pnet_utilities_5l").state == ALIGNED
    since = {"decision.method_packs.nice-2022.about.valid_from": "soon", "decision.method_pack": "nice-2022"}
    assert row("RC11", since).state == ALIGNED


def test_uncertainty_needs_scenarios():
    assert rows(Standing(load("pnet"), LedgerTests(3)))["RC14"].state == ALIGNED


def test_a_tag_is_believed_only_where_the_effect_ends():
    def of(name):
        return rows(Standing(load("pnet"), LedgerTests(1, (load(name),))))["RC15"]

    assert of("pnet_os_ratio_to_12_months").state == ALIGNED
    lifelong = of("pnet_os_lifelong_ratio")
    assert lifelong.state == MISSING
    assert "keep a benefit when treatment has stopped" in lifelong.message


# ------------------------------------------------------------------------------------------------ RC16
def record(folder, scenario, analysis="verify", **counts):
    folder.mkdir(exist_ok=True)
    head = {"name": "x", "source": "x.yaml", "inputs_folder": "inputs", "changes": []}
    made = {"analysis": analysis, "scenario": head, "digest": scenario, "versions": {"netcea": "1"}}
    counts = {"passed": 50, "failed": 0, "explained": 2, **counts}
    (folder / "results.json").write_text(json.dumps({**made, "results": counts}), encoding="utf-8")
    return folder


def test_a_record_of_the_verification_of_this_very_scenario(tmp_path, monkeypatch):
    pnet = load("pnet")

    def state(folders=()):
        return rows(Standing(pnet, validation=validation_of(pnet, folders)))["RC16"].state

    mine, other = record(tmp_path / "a", pnet.digest), record(tmp_path / "b", "0" * 64)
    assert state([mine]) == state([other, mine / "results.json"]) == ALIGNED
    assert state([other]) == MISSING
    assert state([record(tmp_path / "c", pnet.digest, failed=1)]) == UNJUSTIFIED
    (tmp_path / "reports").mkdir()
    record(tmp_path / "reports" / "pnet_verify", pnet.digest)
    monkeypatch.chdir(tmp_path)
    assert state() == ALIGNED
    (tmp_path / "reports" / "pnet_verify" / "results.json").write_text("nonsense", encoding="utf-8")
    assert state() == MISSING


def reviewed(blinded, **judgement):
    judged = {"about": "results", "question": "Is it plausible?", "answer": "No", "model_agrees": "no", **judgement}
    review = {"role": "Oncologist", "experts": 2, "when": "2026-03", "how": "survey", "blinded": blinded}
    return {"expert_validation": {"reviews": [{**review, "judgements": [judged]}]}}


def test_clinical_experts_stand_beside_the_tests(tmp_path):
    def found(changes):
        scenario = load("pnet", changes)
        verified = validation_of(scenario, [record(tmp_path / "a", scenario.digest)])
        return rows(Standing(scenario, validation=verified))["RC16"]

    assert "no clinical expert has judged it, and expert_validation says so" in found({}).message
    assert "has no record of clinical experts" in found({"expert_validation": None}).message
    contradicted = found(reviewed(blinded=True))
    assert contradicted.state == UNJUSTIFIED
    assert "2 clinical experts, 2 of them blinded to results, judged 1 things" in contradicted.message
    assert "nothing was done about: Is it plausible?" in contradicted.message
    answered = found(reviewed(blinded=False, follow_up="The horizon was shortened"))
    assert (answered.state, "2 clinical experts, 0 of them blinded" in answered.message) == (ALIGNED, True)
    assert row("RC16", reviewed(blinded=True)).state == MISSING


def test_a_comparator_of_one_line_alone_needs_a_reason_too():
    line = {"patients": "After one", "comparators": [{"comparator": "Interferon"}]}
    therapy = {"eligibility": "one treatment", "lines": [line]}
    lost = row("RC2", {"decision_problem.prior_therapy": therapy})
    assert (lost.state, lost.message) == (MISSING, "no strategy, and not left out for a reason: Interferon")
    line["comparators"][0]["reason"] = "Not used in England"
    told = row("RC2", {"decision_problem.prior_therapy": therapy})
    assert (told.state, "Interferon" in told.message) == (JUSTIFIED, True)
    assert "comparators by prior therapy in 3 lines" in row("RC1").message
    assert "not by prior therapy" in row("RC1", {"decision_problem.prior_therapy": None}).message


@pytest.mark.parametrize("broken", [{"analysis": "psa"}, {"failed": "none"}])
def test_what_was_named_and_is_no_verification_is_refused(broken, tmp_path):
    pnet = load("pnet")
    with pytest.raises(InputError):
        validation_of(pnet, [record(tmp_path / "a", pnet.digest, **broken)])
    with pytest.raises(InputError):
        validation_of(pnet, [tmp_path / "nothing"])


# ------------------------------------------------------------------------------------------------ effects
def by_hand(name, changes):
    """ICER, weight, NHB and weighted NHB at both thresholds, against the comparator, of two strategies."""
    case = evaluate(load(name, changes))
    plain, weighted = case.pairwise[0], case.weighted_pairwise[0]
    benefit = case.net_health_benefit
    return (
        plain.icer,
        weighted.icer,
        case.severity.severity_weight,
        *(b.incremental_nhb for b in benefit),
        *(b.weighted_incremental_nhb for b in benefit),
    )


def figures(found):
    return (found.icer.value, found.weighted_icer.value, found.severity_weight, *found.nhb, *found.weighted_nhb)


def effects(name, changes, rule):
    standing = Standing(load(name, changes))
    own = results_of(standing.scenario)
    found = counterfactuals(standing, reference_case(standing))
    return own, [effect_of(one, own) for one in found if rule in one.rule.split("/")]


RATES = {f"settings.discount_rate_{m}": 0.035 for m in ("costs", "qalys")}
BACK = {f"utilities.{n}": f"{CLARINET}.{n}" for n in ("progression_free", "decrement_on_progression")}
EQ5D = {"utilities.value_set": "EQ-5D-3L UK (MVH TTO)", "utilities.value_set_exemption": ""}
VIGNETTES = {f"utilities.{n}": f"utilities.state_utilities.swinburn.{n}" for n in BACK}


@pytest.mark.parametrize(
    ("rule", "name", "changes", "undone"),
    [
        ("RC13", "pnet", LOW_RATE, {}),
        ("RC13", "epnet", {"settings.later_discount_rates": [{"from_year": 3, "qalys": 0.015}]}, {}),
        ("RC6", "epnet", {"settings.horizon_years": 5}, {"settings.horizon_years": 44}),
        ("RC4", "epnet", SOCIETAL, {"costs.end_of_life.payer": "family"}),
        ("RC11", "epnet", {f"{PACK}.severity.weight_1_2": 1.5}, {}),
        ("RC11", "epnet_method_pack_nice_2022", {}, {"decision.method_pack": "nice-2026-03"}),
        ("RC12", "pnet", DISCOUNT, {}),
        ("RC10", "pnet_utilities_swinburn", {}, {**BACK, **EQ5D}),
    ],
)
def test_the_effect_of_a_departure_is_a_run_without_it(rule, name, changes, undone):
    own, found = effects(name, changes, rule)
    effect = next(one for one in found if one.results)
    base = name.partition("_")[0]
    expected = by_hand(name if undone and not changes else base, undone)
    assert figures(own) == pytest.approx(by_hand(name, changes), rel=1e-12)
    assert figures(effect.results) == pytest.approx(expected, rel=1e-12)
    assert figures(own) != pytest.approx(expected, rel=1e-6)
    changed = [after - before for before, after in zip(figures(own)[3:], expected[3:], strict=True)]
    assert [*effect.nhb, *effect.weighted_nhb] == pytest.approx(changed, abs=1e-12)


def test_all_departures_together_are_the_base_case():
    standing = Standing(load("epnet", {**LOW_RATE, **DISCOUNT}))
    found = list(counterfactuals(standing, reference_case(standing)))
    own = results_of(standing.scenario)
    together = effect_of(all_together(standing, found), own)
    assert together.rule == "RC12, RC13"
    assert figures(together.results) == pytest.approx(by_hand("epnet", {}), rel=1e-12)
    alone = Standing(load("epnet", LOW_RATE))
    assert all_together(alone, list(counterfactuals(alone, reference_case(alone)))) is None


def test_comparators_that_are_left_out_come_in():
    own, found = effects("pnet", {}, "RC2")
    with_them, lutetium, chemotherapy = found
    case = evaluate(load("pnet_comparators"))
    mine = case.strategies["cabozantinib"]
    benefit = min(
        (mine.qalys - other.qalys) - (mine.costs - other.costs) / 25_000.0
        for name, other in case.strategies.items()
        if name != "cabozantinib"
    )
    assert with_them.results.nhb[0] == pytest.approx(benefit, rel=1e-12)
    assert with_them.results.icer.label == "dominated"
    assert with_them.nhb[0] == pytest.approx(benefit - own.nhb[0], abs=1e-12)
    assert lutetium.bound
    assert "is no strategy of the scenario named for it" in lutetium.words
    assert chemotherapy.results is None
    assert "no scenario has it" in chemotherapy.words


def test_a_list_price_gives_way_to_one_that_the_nhs_pays():
    found = counterfactuals(standing := Standing(load("pnet_comparators_list_price")), reference_case(standing))
    paid = {a: v for one in found if one.rule == "RC12" for a, v in one.changes.items()}
    assert paid["costs.everolimus.price_per_pack"] == "costs.drug.everolimus.price_per_pack"
    assert paid["costs.sunitinib.price_per_pack"] == "costs.drug.sunitinib.price_per_pack"
    _, effects_of_price = effects("pnet", {}, "RC12")
    assert [e.results for e in effects_of_price] == [None]
    assert "has no price that the NHS pays" in effects_of_price[0].words


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_every_departure_of_a_base_case_is_run_or_says_why_not(name):
    standing = Standing(load(name))
    found = list(reference_case(standing))
    own = results_of(standing.scenario)
    effects = [effect_of(one, own) for one in counterfactuals(standing, found)]
    said = {rule for effect in effects for rule in effect.rule.split("/")}
    assert said == {row.rule for row in found if row.state != ALIGNED}
    assert all(effect.results or "no" in effect.words for effect in effects)
    bound = next(effect for effect in effects if "RC10" in effect.rule)
    assert bound.bound
    assert figures(bound.results) == pytest.approx(by_hand(name, NOTHING_LOST), rel=1e-12)


# ------------------------------------------------------------------------------------------------ method packs
@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_method_packs_side_by_side(name):
    found = {one.pack: one for one in by_pack(Standing(load(name)))}
    assert list(found) == ["nice-2022", "nice-2026-03", "nice-2026-08-5l"]
    expected = [f"{name}_method_pack_nice_2022", name, f"{name}_utilities_5l"]
    for pack, scenario in zip(found.values(), expected, strict=True):
        assert figures(pack.results) == pytest.approx(by_hand(scenario, {}), rel=1e-12)
    assert [one.results.thresholds for one in found.values()] == [(20e3, 30e3), (25e3, 35e3), (25e3, 35e3)]
    assert [one.own for one in found.values()] == [False, True, False]
    alone = found["nice-2026-08-5l"].alone
    assert "expected one value set for utilities, norms and severity" in alone
    assert "change decision.method_pack, population.norms, utilities.value_set and the utilities together" in alone
    assert "utilities.norms.uk_5l_assumed (assumption)" in found["nice-2026-08-5l"].words
    assert not found["nice-2022"].alone


def test_a_5l_scenario_goes_back_to_3l():
    found = {one.pack: one for one in by_pack(Standing(load("pnet_utilities_5l")))}
    assert figures(found["nice-2026-03"].results) == pytest.approx(by_hand("pnet", {}), rel=1e-12)


def test_a_pack_whose_value_set_inputs_has_not_is_refused():
    changes = {"utilities.state_utilities.clarinet_5l.about.value_set": "another"}
    found = {one.pack: one for one in by_pack(Standing(load("pnet", changes)))}["nice-2026-08-5l"]
    assert found.results is None
    assert "refused: inputs/ has no utilities of EQ-5D-5L UK (Rowen 2026) beside" in found.words
    norms = {"utilities.norms.uk_5l_assumed.value_set": "another"}
    found = {one.pack: one for one in by_pack(Standing(load("pnet", norms)))}["nice-2026-08-5l"]
    assert "refused: inputs/ has no norms of EQ-5D-5L UK (Rowen 2026)" in found.words


def test_a_utility_of_no_stated_value_set_stays_under_every_pack_and_is_named():
    low = "utilities.state_utilities.on_treatment_disutility.low"
    standing = Standing(load("pnet_utilities_on_treatment_0_03"))
    five = {one.pack: one for one in by_pack(standing)}["nice-2026-08-5l"]
    assert f"{low} stays" in five.words
    changes = {"utilities.on_treatment_disutility": low}
    assert figures(five.results) == pytest.approx(by_hand("pnet_utilities_5l", changes), rel=1e-12)
    health = [one for one in counterfactuals(standing, reference_case(standing)) if "RC10" in one.rule]
    assert [one.bound for one in health] == [True, False]
    assert f"not run: inputs/ does not say the value set of {low}" in health[1].words


def test_a_reason_to_mix_value_sets_mixes_none_in_the_table():
    found = {one.pack: one for one in by_pack(Standing(load("pnet", {"utilities.value_set_exemption": "a reason"})))}
    five = found["nice-2026-08-5l"]
    assert figures(five.results) == pytest.approx(by_hand("pnet_utilities_5l", {}), rel=1e-12)
    assert "accepted for the reason" in five.alone


# ------------------------------------------------------------------------------------------------ the command
@pytest.fixture
def called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments, code=0):
        answer = CliRunner().invoke(main, ["check", str(ROOT / "scenarios" / "pnet.yaml"), *arguments])
        assert answer.exit_code == code, answer.output
        return answer

    return call


@pytest.mark.slow
def test_the_command(called, tmp_path):
    text = called("--reference-case", "--out", "made").stdout
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "nice-2022        from 2022" in text
    assert " Of 16 rules: 9 aligned, 5 justified deviation, 2 missing." in text
    assert (tmp_path / "made" / "tables" / "method_packs.csv").is_file()
    saved = json.loads((tmp_path / "made" / "results.json").read_text(encoding="utf-8"))["results"]
    assert [row["rule"] for row in saved["rules"]] == [f"RC{n}" for n in range(1, 17)]
    departs = called("--reference-case", "--json", "--set", "settings.discount_rate_costs=0.015", code=1)
    assert "FAILED: departs without a reason in RC13" in departs.stderr
    found = json.loads(departs.stdout)["results"]["effects"]
    assert next(e for e in found if e["rule"] == "RC13")["changes"]["settings.discount_rate_costs"] == 0.035


def test_options_that_do_not_go_together(called):
    assert "--out goes with --reference-case" in called("--out", "made", code=2).output
    assert "one at a time" in called("--reference-case", "--checklists", code=2).output
    assert "nowhere" in called("--verified", "nowhere", code=2).output
