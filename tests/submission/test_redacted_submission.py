"""A redacted submission: nothing depends on the secret, and what depends on a price is nowhere to be read."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest

from helpers.price_layers import DISCOUNT, EVEROLIMUS, OTHER, SECRET, layers, leaks
from netcea.analyses.registry import ANALYSES
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.reporting.number_format import pounds
from netcea.scenario.price_layers import CONFIDENTIAL, MARKING, REDACTED
from netcea.submission.document.write import document_of
from netcea.submission.redacted import redacted_submission
from netcea.submission.sections import blocks_of
from netcea.submission.submission import Submission

OPTIONS = {
    "base_case": {"ledger": False, "workbook": False},
    "psa": {"draws": 40, "keep_draws": "no"},
    "one_way": {},
    "threshold": {},
    "budget": {},
}


def gathered(scenario):
    """The analyses that are quick."""
    results = {}
    for name, options in OPTIONS.items():
        analysis = ANALYSES[name]
        results[name] = analysis.run(scenario, options_with(analysis.standing(scenario), **options))
    reports = {name: result.report for name, result in results.items()}
    return Submission(scenario, reports, {} if scenario.prices.redacted else results)


def redacted(values, reveal=(), name="pnet"):
    def at(some):
        return load(name, (), (), some)

    return redacted_submission(
        lambda some: gathered(at(some)), lambda some: gathered(at(some)).reports["base_case"], layers(values), reveal
    )


@pytest.fixture(scope="module")
def hidden():
    return redacted({DISCOUNT: SECRET})


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(data):
    return re.sub(r"<[^>]+>", " ", parts_of(data)["word/document.xml"].decode())


def test_nothing_depends_on_the_secret(hidden):
    one, other = (document_of(found[0]).data for found in (hidden, redacted({DISCOUNT: OTHER})))
    assert one == other
    assert not leaks(parts_of(one), SECRET)


def test_no_result_goes_further(hidden):
    submission = hidden[0]
    assert submission.redacted
    assert submission.results == {}
    assert submission.verification is submission.reference_case is None


def test_hidden_numbers_are_not_in_the_document(hidden):
    """Neither at public prices nor with the drug for free: costs and increments."""
    reports = {name: report for name, report in hidden[0].reports.items() if name != "threshold"}  # at stated prices
    words = words_of(document_of(replace(hidden[0], reports=reports)).data)
    public = load("pnet", (), (), layers({DISCOUNT: SECRET}, redacted=False).at(()))
    for found in (public, public.related.changed({DISCOUNT: 1.0})):
        case = ANALYSES["base_case"].run(found, options_with(ANALYSES["base_case"].standing(found), ledger=False)).case
        row = case.against_comparator()
        assert pounds(row.incremental_costs) not in words
        assert pounds(case.strategies["cabozantinib"].costs) not in words
    assert CONFIDENTIAL in words
    assert f"{case.strategies['cabozantinib'].qalys:,.3f}" in words


def test_it_is_marked_on_every_page(hidden):
    document = docx.Document(io.BytesIO(document_of(hidden[0]).data))
    assert REDACTED in "".join(p.text for p in document.sections[0].header.paragraphs)


def test_figures_that_depend_on_costs_are_left_out(hidden):
    names = {block.name for block in blocks_of(hidden[0]) if hasattr(block, "draw")}
    assert "os" in names
    assert not names & {"plane", "ceac", "tornado", "costs", "budget"}


def test_a_revealed_result_stands_rounded(hidden):
    _, found, revealed = redacted({DISCOUNT: SECRET}, ["incremental_costs=5000"])
    assert [one.name for one in revealed] == ["incremental_costs"]
    assert revealed[0].shown % 5000 == 0
    shown = redacted({DISCOUNT: SECRET}, ["incremental_costs=5000"])[0]
    table = shown.table("base_case", "revealed")
    assert table.rows == (("incremental_costs", revealed[0].shown, 5000.0),)
    assert found.hidden.values


def test_several_strategies_and_drugs():
    submission, found, _ = redacted({DISCOUNT: SECRET, EVEROLIMUS: 211.7}, name="pnet_comparators")
    words = words_of(document_of(submission).data)
    assert "dominated)" not in words
    assert set(found.labels) == {"costs.drug.cabozantinib", "costs.drug.everolimus"}


def test_a_confidential_run_is_marked_everywhere():
    scenario = load("pnet", (), (), layers({DISCOUNT: SECRET}, redacted=False))
    submission = gathered(scenario)
    assert submission.mark == "CONFIDENTIAL"
    document = docx.Document(io.BytesIO(document_of(submission).data))
    assert MARKING in "".join(p.text for p in document.sections[0].header.paragraphs)
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert any(c.startswith("Table") and c.endswith("[CONFIDENTIAL]") for c in captions)
    assert all(c.endswith("[CONFIDENTIAL]") for c in captions if c.startswith("Figure"))
    assert not leaks(parts_of(document_of(submission).data), SECRET)
