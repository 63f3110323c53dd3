"""A company's template: its styles, page and header are taken; what is none is refused with one message."""

import datetime as dt
import io
import re
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt

from netcea.errors import InputError
from netcea.submission.document.looks import OWN, STYLES, TABLE_STYLE
from netcea.submission.document.package import about
from netcea.submission.document.write import document_of
from netcea.submission.wanted import Wanted, check


@pytest.fixture
def template(tmp_path):
    made = docx.Document()
    made.styles["Heading 1"].font.name = "Courier New"
    made.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(7)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.header.paragraphs[0].text = "A company's header"
    made.add_paragraph("Text of the template")
    path = tmp_path / "company.docx"
    made.save(path)
    return path


def test_styles_page_and_header_are_the_template_s(submission, template):
    made = document_of(submission, template=template)
    document = docx.Document(io.BytesIO(made.data))
    assert document.styles["Heading 1"].font.name == "Courier New"
    assert document.styles["Table Text"].font.size == Pt(7)
    assert {round(s.page_width.cm + s.page_height.cm, 1) for s in document.sections} == {49.5}
    header = "\n".join(p.text for p in document.sections[0].header.paragraphs)
    assert "A company's header" in header
    assert "pNET base case" in header
    assert "Text of the template" not in "\n".join(p.text for p in document.paragraphs)
    used = {p.style.name for table in document.tables for row in table.rows[1:] for p in row.cells[0].paragraphs}
    assert used == {"Table Text"}


def test_what_the_template_has_not_is_said_and_made(submission, template):
    made = document_of(submission, template=template)
    assert {"Table Heading", TABLE_STYLE} <= set(made.missing_styles)
    assert not {"Table Text", "Heading 1", "Caption"} & set(made.missing_styles)
    names = {style.name for style in docx.Document(io.BytesIO(made.data)).styles}
    assert {*OWN, *STYLES} - {"Normal"} <= {*names, *(name.title() for name in names)} | {
        n.lower() for n in names
    } | names


def test_without_a_template_no_style_is_missing(submission):
    assert document_of(submission).missing_styles == ()


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in members.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"PK\x03\x04 torn",
        archive(readme_dot_txt="no document"),
        archive(**{"[Content_Types]_dot_xml": "<Types/>", "word__document_dot_xml": "<broken"}),
        archive(**{"[Content_Types]_dot_xml": "wordprocessingml.template", "word__document_dot_xml": "<a/>"}),
    ],
)
def test_what_is_no_word_document_is_one_message(submission, tmp_path, data):
    path = tmp_path / "template.docx"
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        document_of(submission, template=path)
    assert error.value.count == 1
    assert str(path) in str(error.value)
    assert "expected a Word document (.docx) with styles" in str(error.value)


@pytest.mark.parametrize(
    ("name", "kind"), [("Heading 1", WD_STYLE_TYPE.CHARACTER), ("Figure", WD_STYLE_TYPE.TABLE), ("TableText", None)]
)
def test_a_style_of_another_kind_or_id_stays_and_netcea_adds_its_own(submission, tmp_path, name, kind):
    made = docx.Document()
    if name in [style.name for style in made.styles]:
        made.styles[name].delete()
    made.styles.add_style(name, kind or WD_STYLE_TYPE.PARAGRAPH)
    made.save(tmp_path / "template.docx")
    document = docx.Document(io.BytesIO(document_of(submission, template=tmp_path / "template.docx").data))
    ids = [style.style_id for style in document.styles]
    assert len(ids) == len(set(ids))
    assert document.styles[name].type == (kind or WD_STYLE_TYPE.PARAGRAPH)
    assert any(style.name.startswith("netcea ") and style.name != TABLE_STYLE for style in document.styles)


@pytest.mark.parametrize(("size", "margin"), [((21.0, 29.7), 10.5), ((21.0, 29.7), 8.0), ((5.0, 5.0), 0.5)])
def test_pages_without_room_are_refused(tmp_path, size, margin):
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = map(Cm, size)
    section.left_margin = section.right_margin = Cm(margin)
    made.save(tmp_path / "template.docx")
    with pytest.raises(InputError, match=r"between their margins[^;]*; expected at least 10 x 10 cm; change size"):
        check(Wanted(tmp_path / "template.docx"))


def test_a_page_with_units_is_read(submission, tmp_path):
    docx.Document().save(tmp_path / "full.docx")
    with zipfile.ZipFile(tmp_path / "full.docx") as old, zipfile.ZipFile(tmp_path / "units.docx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, re.sub(rb'w:left="\d+"', b'w:left="30mm"', data) if name == "word/document.xml" else data
            )
    made = docx.Document(io.BytesIO(document_of(submission, template=tmp_path / "units.docx").data))
    assert {round(section.left_margin.mm) for section in made.sections} == {30}


def test_properties_are_no_longer_than_a_file_holds():
    made = docx.Document()
    about(made, title="t" * 300, author="a", subject="s" * 5000, keywords="k" * 256, date=dt.date(2026, 11, 30))
    found = made.core_properties
    assert max(map(len, (found.title, found.subject, found.keywords))) <= 255
    assert found.author == "a"


def test_a_template_that_is_not_there_is_said(submission, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        document_of(submission, template=tmp_path / "none.docx")


def test_a_document_without_lists_will_do(submission, tmp_path):
    """Word writes numbering.xml only where there is a list."""
    bare, full = tmp_path / "bare.docx", tmp_path / "full.docx"
    docx.Document().save(full)
    with zipfile.ZipFile(full) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/numbering.xml":
                continue
            if name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
                data = re.sub(rb"<(Override|Relationship) [^>]*numbering[^>]*/>", b"", data)
            new.writestr(name, data)
    made = document_of(submission, template=bare)
    assert len(docx.Document(io.BytesIO(made.data)).tables) > 40
