"""How a reviewer finds things: sections in their order, one population, names that tell apart, pages that print."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from itertools import takewhile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.workbook.calculation.graph import references
from netcea.workbook.calculation.syntax import Reference, parse
from netcea.workbook.export import live_workbook
from netcea.workbook.option_words import unique_labels
from netcea.workbook.sections import SECTIONS, section_of
from netcea.workbook.sheets import choices as of_choices
from netcea.workbook.sheets import inputs as of_inputs
from netcea.workbook.variants import variants_of

OTHERS = (
    "pnet_os_lifelong_ratio",
    "pnet_pfs_fda",
    "pnet_fda_cut",
    "pnet_crossover_no_dispensing",
    "pnet_crossover_no_adverse_events",
    "pnet_somatostatin_analogue_none",
    "pnet_utilities_swinburn",
    "pnet_adverse_events_by_term",
    "pnet_method_pack_nice_2022",
)
A4 = 11.69
"""Width of a page in landscape. [inches]"""
READABLE = 0.55
"""Least scale of a printed page."""


@pytest.fixture(scope="module")
def made():
    base = load("pnet", sets=["settings.horizon_years=5"])
    scenarios = [base, *(load(name, sets=["settings.horizon_years=5"]) for name in OTHERS)]
    return live_workbook(scenarios, one_way=ANALYSES["one_way"].run(base, quiet=True))


@pytest.fixture(scope="module")
def file(made):
    return openpyxl.load_workbook(BytesIO(made.as_bytes()), data_only=True)


def column(page, number, first):
    return [page.value(row, number) for row in range(first, page.last_row + 1)]


def test_inputs_stand_in_the_order_of_a_submission(made):
    inputs = made.inputs
    titles = [title for title, _ in SECTIONS]
    headed = [words for words in column(inputs.page, of_inputs.ADDRESS, of_inputs.FIRST) if words in titles]
    assert headed == [title for title in titles if title in headed]
    assert headed[:3] == titles[:3]
    assert "Others" not in headed
    current, found = -1, {}
    for row in range(of_inputs.FIRST, inputs.page.last_row + 1):
        words = inputs.page.value(row, of_inputs.ADDRESS)
        if words in titles:
            current = titles.index(words)
        else:
            found[words] = current
    assert found == {address: section_of(address) for address in made.variants.numbers}


@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("settings.horizon_years", 0),
        ("population.cohorts.mine.start_age", 0),
        ("survival.trial.os.hazard_ratio", 1),
        ("strategies.new.os.curve", 1),
        ("adverse_events.trial.any", 2),
        ("utilities", 3),
        ("utilities.states.free", 3),
        ("costs.unit.scan", 4),
        ("decision.method_packs.nice.severity.weight_1_2", 5),
        ("decision.budget_impact.uptake.year_1", 6),
        ("decision.method_packs.nice.threshold_lower", 7),
        ("something_else", 8),
    ],
)
def test_each_address_has_its_section(address, section):
    assert section_of(address) == section


def test_a_live_value_stands_in_the_unit_of_its_input(made):
    address = "survival.cabinet_pnet.os_nejm.median_placebo"
    row, page = made.inputs.rows[address], made.inputs.page
    assert page.value(row, of_inputs.UNIT) == "months"
    assert of_inputs.UNIT == of_inputs.LIVE + 1
    assert page.value(row, of_inputs.BASE) == made.variants.base.quantities[address].value


def test_another_population_is_refused(made):
    variants = variants_of([load("pnet"), load("epnet"), load("pnet_discount_0")])
    assert variants.refused == (("epNET base case", "another population"),)
    assert not [address for address in variants.numbers if "epnet" in address]


def test_every_number_is_of_a_scenario_that_can_be_selected(made):
    used = set()
    for scenario in made.variants.scenarios:
        used |= set(scenario.quantities)
    settings_or_fits = {a for a in made.inputs.rows if made.inputs.quantity(a) is None}
    assert set(made.inputs.rows) - settings_or_fits <= used
    assert not [a for a in made.inputs.rows if "epnet" in a]
    cited = {key for s in made.variants.scenarios for key in s.bibliography}
    assert set(takewhile(bool, column(made.book.sheet("Sources"), 1, 4))) == cited


def test_no_two_rows_options_or_titles_are_called_the_same(made):
    inputs, choices = made.inputs, made.inputs.choices
    for page, rows, label in (
        (inputs.page, inputs.rows, of_inputs.LABEL),
        (choices.page, choices.rows, of_choices.LABEL),
    ):
        words = Counter(str(page.value(row, label)).casefold() for row in rows.values())
        assert [text for text, number in words.items() if number > 1] == []
    every = [*made.variants.titles, *(option for choice in made.variants.all_choices for option in choice.options)]
    assert [text for text in every if text.endswith("(2)")] == []
    for choice in made.variants.all_choices:
        assert len({option.casefold() for option in choice.options}) == len(choice.options)


def test_headings_of_a_trace_are_told_apart_and_none_is_left_blank(made):
    for trace in made.traces.values():
        headings = [trace.page.value(5, number) for number in range(1, trace.page.last_column + 1)]
        assert None not in headings
        assert len(set(headings)) == len(headings)


def test_steps_of_a_trace_can_be_folded_and_every_column_stands_after_what_it_needs(made):
    """LibreOffice leaves first rows of columns as they were before an edit where what they need stands to the right."""
    for trace in made.traces.values():
        assert {"progression_free", "progressed", "dead", "qalys_progressed"} <= set(trace.results)
        steps = {number for key, number in trace.columns.items() if key not in trace.results}
        assert trace.page.grouped_columns == steps
        for fill in trace.page.cells.fills:
            for node in references(parse(fill.text)):
                if isinstance(node, Reference) and node.title in ("", trace.page.name):
                    assert node.last_column <= fill.column, fill.text


def test_labels_that_are_alike_are_told_apart_by_their_addresses():
    labels = {"a.old.x": "X", "a.new.x": "x", "b": "Y", "c.d": "Z", "e": "Z"}
    assert unique_labels(labels) == {
        "a.old.x": "X (old)",
        "a.new.x": "x (new)",
        "b": "Y",
        "c.d": "Z (c.d)",
        "e": "Z (e)",
    }


@pytest.mark.parametrize(
    ("name", "headings"), [("Inputs", "$5:$5"), ("Choices", "$5:$5"), ("Checks", "$1:$6"), ("One-way", "$12:$12")]
)
def test_what_is_printed_can_be_read(file, name, headings):
    sheet = file[name]
    setup, margins = sheet.page_setup, sheet.page_margins
    assert (setup.orientation, str(setup.paperSize), setup.fitToWidth, setup.fitToHeight) == ("landscape", "9", 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == headings
    for area in sheet.print_area.split(","):
        first, _, last, _ = range_boundaries(area.rpartition("!")[2])
        letters = [get_column_letter(number) for number in range(first, last + 1)]
        inches = sum(sheet.column_dimensions[letter].width * 7 + 5 for letter in letters) / 96
        assert (A4 - margins.left - margins.right) / inches >= READABLE


def test_pages_of_inputs_end_at_sections(made):
    page = made.inputs.page
    titles = [title for title, _ in SECTIONS]
    assert page.page_breaks
    for row in page.page_breaks:
        assert page.value(row + 1, of_inputs.ADDRESS) in titles


def test_formats_show_no_point_without_a_digit(made):
    for page in made.book.pages:
        for place, cell in page.cells.items():
            if cell.kind == "n" and cell.value is not None:
                assert ".#" not in page.format_of(place), (page.name, place)
