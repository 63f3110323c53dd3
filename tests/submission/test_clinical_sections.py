"""Comparators by prior therapy, managed access, subgroups, clinical experts: what the document prints of them."""

from dataclasses import replace

import pytest

import netcea
from netcea.errors import InputError
from netcea.submission.blocks import FigureBlock, Heading, Paragraph, TableBlock
from netcea.submission.checklists.evidence import Evidence
from netcea.submission.checklists.topics import people
from netcea.submission.sections.b3_02_economic_analysis import economic_analysis
from netcea.submission.sections.b3_05_costs import prices
from netcea.submission.sections.b3_08_managed_access import managed_access
from netcea.submission.sections.b3_12_subgroups import subgroups
from netcea.submission.sections.b3_14_validation import validation
from netcea.submission.submission import Submission
from netcea.workbook.sheets.clinical_record import tables_of

BARE = {"decision_problem.prior_therapy": None, "managed_access": None, "expert_validation": None}
REVIEW = {
    "role": "Oncologist",
    "when": "2026-03",
    "how": "survey",
    "blinded": True,
    "judgements": [{"about": "results", "question": "Plausible?", "answer": "No", "model_agrees": "no"}],
}


def of(name, changes=(), *analyses):
    scenario = netcea.load(name, changes)
    results = {"base_case": netcea.run(scenario, ledger=False, traces=False, workbook=False)}
    results |= {analysis: getattr(netcea, analysis)(scenario) for analysis in analyses}
    return Submission(scenario, {name: found.report for name, found in results.items()}, results)


@pytest.fixture(scope="module")
def epnet():
    return of("epnet", (), "subgroups")


def tables(blocks):
    return {block.key: block.table for block in blocks if isinstance(block, TableBlock)}


def words(blocks):
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph | Heading))


def test_comparators_by_line_stand_with_their_sources(epnet):
    blocks = economic_analysis(epnet)
    table = tables(blocks)["prior_therapy"]
    assert [column.name for column in table.columns] == [
        "patients",
        "comparator",
        "in_the_model",
        "reason",
        "scenario",
        "source",
    ]
    assert "cite:nice_ta449" in str(table.column("source")[0])
    assert "Median number of earlier systemic treatments, epNET: 2 " in words(blocks)
    assert "B.3.2.4" not in words(economic_analysis(of("epnet", BARE)))


def test_managed_access_is_said_with_what_it_would_be_worth(epnet):
    blocks = managed_access(epnet)
    assert "Managed access is not proposed." in words(blocks)
    assert "was not worked out in this run" in words(blocks)
    assert len(tables(blocks)["managed_access"].rows) == 4
    report = netcea.voi("epnet", draws=300).report
    worth = managed_access(replace(epnet, reports={**epnet.reports, "voi": report}))
    assert len(tables(worth)["managed_access_value"].rows) > 4
    assert "was not worked out" not in words(worth)
    assert "To be completed" in words(managed_access(of("epnet", BARE)))


def test_subgroups_are_their_evidence_their_results_and_their_gaps(epnet):
    blocks = subgroups(epnet)
    found = tables(blocks)
    assert list(found) == ["subgroups_evidence", "subgroups_incremental", "subgroups_results"]
    assert len(found["subgroups_evidence"].rows) == 7
    assert found["subgroups_results"].column("subgroup") == [
        "All patients",
        "Gastrointestinal NET",
        "Lung and thymic NET",
        "Grade 3 tumours",
    ]
    assert {"weighted_icer", "nhb_35000"} <= {column.name for column in found["subgroups_results"].columns}
    (figure,) = [block for block in blocks if isinstance(block, FigureBlock)]
    assert figure.draw().axes[0].get_xlabel() == "Incremental net health benefit (QALYs)"


def test_gaps_alone_are_a_table_and_no_result():
    blocks = subgroups(of("pnet", (), "subgroups"))
    assert list(tables(blocks)) == ["subgroups_evidence"]
    assert "no result: a gap" in words(blocks)
    assert "Results are those of one population" in words(subgroups(of("pnet")))


def test_what_no_expert_judged_is_said(submission):
    assert "No clinical expert has judged this model" in words(validation(submission))


def test_experts_stand_in_a_table():
    blocks = validation(of("pnet", {"expert_validation": {"reviews": [REVIEW], "not_done": "Costs"}}))
    table = tables(blocks)["expert_validation"]
    assert table.rows[0][:2] == ("Oncologist", 1)
    assert words(blocks).count("Costs.") == 1
    assert "which clinical experts judged the model" in words(validation(of("pnet", BARE)))


def test_checklists_read_the_record():
    from netcea.submission.checklists.topics.decision import heterogeneity
    from netcea.submission.checklists.topics.people import experts_on_conceptual_model, experts_on_outcomes

    reviewed = Evidence(of("pnet", {"expert_validation": {"reviews": [REVIEW]}}))
    found = experts_on_outcomes(reviewed)
    assert (found.reply, found.judged) == ("partly", True)
    assert "1 expert (Oncologist, 2026-03, blinded to results)" in found.words
    assert experts_on_conceptual_model(reviewed).reply == "no"
    assert experts_on_outcomes(Evidence(of("pnet", BARE))).state == "missing"
    nobody = experts_on_outcomes(Evidence(of("pnet")))
    assert (nobody.reply, "No clinical expert" in nobody.words) == ("no", True)
    assert heterogeneity(Evidence(of("epnet"))).reply == "partly"
    assert "Without evidence: Grade 3 tumours" in heterogeneity(Evidence(of("pnet"))).words


def test_prices_are_headed_by_the_kinds_that_they_are():
    """Appendix K: a list price is called one, a price of the Drug Tariff is not."""
    made = of("pnet")
    table = tables(prices(made))["prices"]
    headings = next(block for block in prices(made) if isinstance(block, TableBlock))
    title = (headings.headings or tuple(column.heading for column in table.columns))[1]
    kinds = {str(row[2]) for row in table.rows}
    assert {"list price", "Drug Tariff"} <= kinds
    assert title == "Price, of the kind beside it"
    types = [number.price_type for number in made.scenario.quantities.values() if number.price_type]
    assert len(kinds) == len(set(types))


def test_prices_that_are_all_list_prices_are_headed_so():
    made = of("pnet")
    quantities = {
        address: number.model_copy(update={"price_type": "list"}) if number.price_type else number
        for address, number in made.scenario.quantities.items()
    }
    case = netcea.run(replace(made.scenario, quantities=quantities), ledger=False, traces=False, workbook=False)
    again = replace(made, scenario=case.scenario, reports={"base_case": case.report})
    (block,) = (block for block in prices(again) if isinstance(block, TableBlock))
    assert (block.headings or tuple(column.heading for column in block.table.columns))[1] == "List price"


TOOK_PART = {
    "who": "Patients",
    "when": "2026-03",
    "how": "A panel",
    "said": "Travel weighs",
    "effect": "A scenario more",
}


@pytest.mark.parametrize(
    ("entry", "topic"), [("engagement", people.engagement), ("program_review", people.experts_on_program)]
)
def test_who_took_part_is_printed_listed_and_answers_the_checklists(entry, topic):
    bare = of("pnet")
    assert topic(Evidence(bare)).state == "missing"
    assert entry not in tables(validation(bare))
    made = of("pnet", {entry: {"occasions": [TOOK_PART]}})
    assert tables(validation(made))[entry].rows == (
        ("Patients", "2026-03", "A panel", "Travel weighs", "A scenario more"),
    )
    found = topic(Evidence(made))
    assert (found.reply, found.judged) == ("yes", True)
    assert "A scenario more" in found.words
    assert entry in {table.name for table in tables_of(made.scenario)}
    nobody = of("pnet", {entry: {"not_done": "Nobody was asked"}})
    assert "Nobody was asked." in words(validation(nobody))
    assert topic(Evidence(nobody)).reply == "no"


@pytest.mark.parametrize(
    "record", [{}, {"occasions": [{**TOOK_PART, "effect": ""}]}, {"occasions": [{**TOOK_PART, "when": "May"}]}]
)
def test_a_record_of_nothing_is_refused(record):
    with pytest.raises(InputError, match="engagement"):
        netcea.load("pnet", {"engagement": record})
