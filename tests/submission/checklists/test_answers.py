"""Answers come from evidence: with it taken away, or made worse, they change."""

from dataclasses import replace

import pytest

import netcea
from helpers.price_layers import DISCOUNT, SECRET, layers
from netcea.checking.reference_case.report import report as of_reference_case
from netcea.confidential.same_files import Hidden
from netcea.loading.load import load
from netcea.submission.blocks import TableBlock, keys_of, parts_of
from netcea.submission.checklists.answer import STATES
from netcea.submission.checklists.checklist import Checklist, checklists
from netcea.submission.checklists.report import report
from netcea.submission.checklists.section import checklist_blocks
from netcea.submission.redacted import same_submission
from netcea.submission.sections import SECTIONS
from netcea.submission.submission import Submission
from netcea.verification.report import report as of_verification
from netcea.verification.verdict import Verdict
from netcea.verification.verify import Verification, names

ANALYSES = {"base_case": netcea.run, "one_way": netcea.one_way, "psa": netcea.psa, "structure": netcea.structure}
OPTIONS = {"psa": {"draws": 20, "keep_draws": "no"}, "structure": {"draws": 0}, "base_case": {"workbook": False}}
FROM_THE_SCENARIO_ALONE = {
    "cheers_2022": "1 3 4 5 6 7 8 15 18 21 25 27 28",
    "advishe": "A1 B1 C1 D1 D2",
    "tech_ver": "P6 P7 E17 U23-U26",
    "philips": "S1.1 S1.2 S1.3 S2.1 S2.2 S2.3 S3.1 S3.2 S3.4 S4.2 S5.1 S5.2 S5.3 S7.2 S8.1 D1.6 D2a.1 D2a.2 D2a.3 D2a.4 "
    "D2b.2 D2b.4 D2c.2 D2d.2 D4c.1 C2.3",
}
"""Items that need no analysis: for these the scenario itself is changed below."""


def verification_of(scenario, **outcomes):
    verdicts = [Verdict(t, "what must hold", outcomes.get(t, "pass"), "looked at", {}) for t in names()]
    return of_verification(Verification(scenario, 100, 1, tuple(verdicts)))


def submission_of(scenario, **outcomes):
    reports = {name: run(scenario, **OPTIONS.get(name, {})).report for name, run in ANALYSES.items()}
    reports["reference_case"] = of_reference_case(netcea.reference_case(scenario))
    return Submission(scenario, reports | {"verify": verification_of(scenario, **outcomes)})


def without(submission, *analyses):
    return replace(submission, reports={n: r for n, r in submission.reports.items() if n not in analyses})


def found_in(submission):
    return {(c.instrument.name, a.item.id): a.found for c in checklists(submission) for a in c.answers}


@pytest.fixture(scope="module")
def submission():
    return submission_of(load("pnet"))


@pytest.fixture(scope="module")
def found(submission):
    return found_in(submission)


def changed(found, submission, *changes):
    """Items whose answer a change of the scenario alters; reports stay."""
    other = replace(submission, scenario=load("pnet", changes))
    return {item for item, answer in found_in(other).items() if answer != found[item]}


def test_every_item_has_an_answer_in_words(found):
    assert len(found) == 171
    assert all(answer.words.strip() for answer in found.values())
    assert all(not a.reply for a in found.values() if a.state != "answered")
    assert all(a.reply and a.places for a in found.values() if a.state == "answered")


def test_every_place_is_one(found, submission):
    """A table that exists, an address of the scenario or of inputs/, or a section."""
    tables = {table.name for report in submission.reports.values() for table in report.tables}
    file = submission.scenario.file.model_dump()
    for item, answer in found.items():
        for place in answer.places:
            if ", table " in place.words:
                assert place.words.rpartition("table ")[2].rstrip(")") in tables, (item, place)
            elif "." in place.words and not place.words.startswith(("B.3.", "scenarios/", "inputs/")):
                part = file
                for name in place.words.split("."):
                    part = part[name] if isinstance(part, dict) and name in part else None
                assert part is not None or place.words in submission.scenario.quantities, (item, place)


@pytest.mark.parametrize("analysis", [*ANALYSES, "reference_case", "verify"])
def test_an_analysis_that_is_taken_away_is_missed(analysis, found, submission):
    fewer = found_in(without(submission, analysis))
    lost = {item for item in found if fewer[item] != found[item]}
    assert lost
    newly = {item for item in lost if fewer[item].state == "missing"}
    assert newly, lost
    command = {"base_case": "run", "reference_case": "check --reference-case"}.get(analysis, analysis.replace("_", "-"))
    assert all(f"netcea {command}" in fewer[item].words for item in newly)


def test_without_any_analysis_only_what_the_scenario_says_stays(found, submission):
    alone = found_in(without(submission, *submission.reports))
    same = {item for item in found if alone[item] == found[item]}
    expected = {(name, item) for name, ids in FROM_THE_SCENARIO_ALONE.items() for item in ids.split()}
    assert same - expected == set()


def test_the_reason_why_an_analysis_did_not_run_is_given(submission):
    fewer = replace(without(submission, "psa"), not_run={"psa": "the draws did not fit"})
    assert "the draws did not fit" in found_in(fewer)["philips", "D4d.1"].words


def test_a_failed_test_is_no_and_a_fault(submission):
    worse = replace(
        submission, reports=submission.reports | {"verify": verification_of(submission.scenario, E6="fail")}
    )
    answers = found_in(worse)
    assert answers["tech_ver", "E6"].reply == "no"
    assert answers["advishe", "C2"].reply == "no"  # the worst of several
    assert answers["philips", "C1.1"].reply == "no"
    assert [fault.partition(":")[0] for fault in report(worse).faults] == ["TECH-VER E6"]
    assert not report(submission).faults


def test_a_test_that_contradicts_a_topic_makes_it_no(submission):
    assert found_in(submission)["tech_ver", "P6"].reply != "no"
    verdicts = verification_of(submission.scenario, P6="fail")
    found = found_in(replace(submission, reports=submission.reports | {"verify": verdicts}))["tech_ver", "P6"]
    assert found.reply == "no"
    assert found.words.startswith("P6 failed")


def test_an_explained_test_says_so(submission):
    other = replace(
        submission, reports=submission.reports | {"verify": verification_of(submission.scenario, R21="explained")}
    )
    assert found_in(other)["tech_ver", "R21"].reply == "explained"


@pytest.mark.parametrize(
    ("change", "items"),
    [
        ("settings.discount_rate_costs=0.06", ["cheers_2022 10", "philips D2c.3"]),
        ("settings.half_cycle_correction=start", ["philips D2a.3", "philips D2a.4"]),
        ("decision_problem.perspective=societal", ["cheers_2022 8", "philips S2.1", "philips S1.3"]),
        ("settings.price_year=2021/22", ["cheers_2022 15", "cheers_2022 6", "tech_ver E17"]),
        ("decision_problem.intervention=Another drug", ["philips S1.1", "philips S1.2", "cheers_2022 3"]),
        ("decision_problem.not_modelled=[]", ["cheers_2022 7", "philips S5.2", "philips S5.3"]),
        ("population.cohorts.pnet.start_age=50", ["cheers_2022 5"]),
        (
            "assumptions=[]",
            ["philips S3.1", "philips S4.1", "philips S7.2", "tech_ver P6", "philips D2a.1", "philips D2b.2"],
        ),
        ("strategies.cabozantinib.time_on_treatment.rule=none", ["philips S5.1", "philips S7.2"]),
    ],
)
def test_a_change_of_the_scenario_changes_what_is_said_of_it(change, items, found, submission):
    moved = {" ".join(item) for item in changed(found, submission, change)}
    assert set(items) <= moved


def test_a_scenario_without_a_rationale_does_not_justify_its_scope(submission):
    scenario = submission.scenario
    silent = replace(scenario, file=scenario.file.model_copy(update={"rationale": " "}))
    assert found_in(replace(submission, scenario=silent))["philips", "S2.3"].reply == "no"


def test_a_shorter_horizon_is_no_lifetime(submission):
    scenario = load("pnet", ["settings.horizon_years=5"])
    short = replace(submission, scenario=scenario, reports={"base_case": netcea.run(scenario, ledger=False).report})
    answers = found_in(short)
    assert answers["philips", "S7.1"].reply == "no"
    assert answers["philips", "S7.3"].reply == "explained"  # the bias ledger says why


def test_departures_from_the_reference_case_answer_no_or_in_part(submission):
    scenario = load("pnet", ["settings.discount_rate_costs=0.06"])
    linted = of_reference_case(netcea.reference_case(scenario))
    other = replace(submission, scenario=scenario, reports=submission.reports | {"reference_case": linted})
    assert found_in(other)["cheers_2022", "10"].reply == "no"
    assert found_in(submission)["cheers_2022", "10"].reply == "yes"


def test_counts_add_up(submission):
    for one in checklists(submission):
        assert sum(one.counts.values()) == len(one.answers)
        assert set(one.counts) == set(STATES)
        assert f"{len(one.answers)} items" in one.counted
        assert len(one.open) >= one.counts["for a person"] + one.counts["missing"]


def test_tables_and_record_hold_every_item(submission):
    made = report(submission)
    for one in checklists(submission):
        assert made.table(one.instrument.name).column("item") == [a.item.id for a in one.answers]
    record = made.results["results"]["checklists"]
    assert [one["name"] for one in record] == [one.instrument.name for one in checklists(submission)]
    assert record[0]["items"][9]["words"].startswith("Costs 3.5%")


def test_the_appendix_points_to_what_the_document_has(submission):
    blocks = list(checklist_blocks(submission, {"assumptions", "b3_09"}))
    assert {"checklists", "checklists_cheers_2022", "philips"} <= keys_of(blocks)
    texts = [str(cell) for b in blocks if isinstance(b, TableBlock) for row in b.table.rows for cell in row]
    pointed = {key for text in texts for kind, key in parts_of(text) if kind == "ref"}
    assert pointed == {"assumptions", "b3_09"}


@pytest.mark.slow
def test_places_lead_to_blocks_of_the_document_that_is_written(submission):
    """What answers point to is there under the very key, but for the bibliography."""
    written = keys_of([block for section in SECTIONS.values() for block in section(submission)])
    keys = {place.key for a in found_in(submission).values() for place in a.places if place.key}
    assert keys - written <= {"sources"}


@pytest.mark.slow
def test_a_redacted_run_says_the_same_at_every_price():
    """Redacted runs are made at public prices and with the drug free: what is shown is the same at both ends."""
    ends = [layers({DISCOUNT: SECRET}).at(drugs) for drugs in ((), ("costs.drug.cabozantinib",))]
    made = [submission_of(load("pnet", (), (), end)) for end in ends]
    assert all(one.redacted for one in made)
    tables = [[one.table() for one in checklists(each)] for each in made]
    assert tables[0] == tables[1]
    answers = found_in(made[0])
    assert "redacted" in answers["tech_ver", "P1"].words
    assert answers["cheers_2022", "8"].reply == "yes"
    assert all(isinstance(one, Checklist) and one.marking for one in checklists(made[0]))
    assert [t.rows for t in report(made[0]).tables] == [t.rows for t in report(made[1]).tables]
    whole = found_in(same_submission(made, Hidden()))  # what `netcea report --redact` makes of both
    assert whole["philips", "D1.1"].reply == "no"  # rules that no price moves are still told
    assert "redacted" in whole["tech_ver", "P1"].words
    assert all("confidential" not in answer.words for answer in whole.values())


def test_figures_outside_of_their_published_interval_are_counted(submission):
    table = submission.table("base_case", "modelled_and_published")
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    outside = [r for r in rows if r["low"] is not None and not r["low"] <= r["modelled"] <= r["high"]]
    assert len(outside) == 2
    assert "2 lie outside of the published interval" in found_in(submission)["advishe", "D4"].words


def test_answers_about_results_of_scenarios_point_to_their_results(submission):
    """The table of assumptions has none."""
    found = found_in(submission)
    for item in (("advishe", "D3"), ("cheers_2022", "24"), ("cheers_2022", "20")):
        keys = {place.key for place in found[item].places}
        assert "scenario_analysis" in keys
        assert "assumptions" not in keys
    assert "assumptions" in {place.key for place in found["cheers_2022", "17"].places}
