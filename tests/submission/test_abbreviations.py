"""The list of abbreviations: every one that the document's tables use is explained, by the text or by a person."""

import io
import re
from dataclasses import replace

import docx
import pytest

from helpers.small_project import choices, exponential, loaded
from netcea.errors import InputError
from netcea.reporting.table import Column, Table
from netcea.submission.abbreviations import GENERAL, abbreviation_blocks, abbreviations
from netcea.submission.blocks import TO_BE_COMPLETED, Paragraph, TableBlock, cite, parts_of, ref
from netcea.submission.document.write import document_of

SHORT = re.compile(r"(?<![\w-])[a-z]{0,2}[A-Z]{2,}s?(?![\w-])")
WORDS = {"OUTSIDE"}
"""In capitals, and no abbreviations."""


def table_of(*cells, note="", headings=("What", "Of it")):
    columns = tuple(Column(f"c{n}", heading) for n, heading in enumerate(headings))
    return TableBlock(Table("made", "Made", columns, (cells,), note), "A table")


def test_what_occurs_is_listed_and_nothing_else():
    blocks = [table_of("INHB low", "mean QALYs"), Paragraph("Of the NHS.")]
    found = dict(abbreviations(blocks, {}, {}))
    assert found == {name: GENERAL[name] for name in ("INHB", "NHS", "QALY")}


def test_headings_notes_and_captions_count_but_marks_do_not():
    found = abbreviations(
        [table_of("a", cite("AIC"), note="an EVPI", headings=("x", "OS")), Paragraph(ref("PFS"))], {}, {}
    )
    assert [short for short, _ in found] == ["EVPI", "OS"]


def test_a_project_says_its_own_and_may_say_the_general_otherwise():
    found = dict(abbreviations([table_of("ABCD and OS", "")], {"ABCD": "A disease", "OS": "Of all causes"}, {}))
    assert found == {"ABCD": "A disease", "OS": "Of all causes"}


def test_what_nobody_explains_is_a_persons_and_a_name_is_its_sources():
    found = dict(abbreviations([table_of("XYZQ, STUDYX", "1")], {}, {"a_2020": "The STUDYX trial"}))
    assert found["XYZQ"].startswith(TO_BE_COMPLETED)
    assert ("cite", "a_2020") in [*parts_of(found["STUDYX"])]


def test_codes_ordinary_words_paragraphs_and_initials_in_captions_are_none():
    made = replace(table_of("RC10, TA123, DRUG-5X, NEVER", "never"), caption="After Smith XQ")
    made = replace(made, table=replace(made.table, note="Jones QX"))
    blocks = [made, Paragraph("XYZQ")]
    assert abbreviations(blocks, {}, {}) == []
    assert abbreviation_blocks(blocks, {}, {}) == []


def test_the_document_explains_every_abbreviation_of_its_tables(submission):
    document = docx.Document(io.BytesIO(document_of(submission).data))
    tables = {table.rows[0].cells[0].text: table for table in document.tables}
    listed = [row.cells[0].text for row in tables["Abbreviation"].rows[1:]]
    assert {"INHB", "ICER", "QALY", "pNET", "OS"} <= set(listed)
    assert listed == sorted(listed, key=lambda short: (short.lower(), short))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert {word.removesuffix("s") for word in SHORT.findall(text)} - WORDS <= set(listed)
    words = [row.cells[1].text for row in tables["Abbreviation"].rows[1:]]
    assert not [line for line in words if line.startswith(TO_BE_COMPLETED)]


def test_a_project_without_the_file_has_none_and_an_entry_without_words_is_refused(tmp_path):
    scenario = choices(
        {
            "new": {"pfs": exponential(1.0), "os": exponential(0.5)},
            "old": {"pfs": exponential(1.0), "os": exponential(0.5)},
        }
    )
    assert loaded(tmp_path / "a", scenario).abbreviations == {}
    (tmp_path / "b" / "inputs").mkdir(parents=True)
    (tmp_path / "b" / "inputs" / "abbreviations.yaml").write_text("ABC: A disease\nDEF:\n")
    with pytest.raises(InputError) as raised:
        loaded(tmp_path / "b", scenario)
    (problem,) = raised.value.problems
    assert (problem.line, problem.address, problem.found) == (2, "DEF", "no text")
