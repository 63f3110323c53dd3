"""A company's template: its styles, page and header are taken; what is none is refused with one message."""

import io
import re
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt

from netcea.errors import InputError
from netcea.submission.document.looks import OWN, STYLES, TABLE_STYLE
from netcea.submission.document.write import document_of


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
