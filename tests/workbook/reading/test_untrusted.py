"""Files that somebody made to do harm: refused by what is wrong with them, before anything is unpacked or allocated."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

import pytest

from netcea.errors import InputError
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.reading import untrusted
from netcea.workbook.reading.opened import open_workbook
from netcea.workbook.reading.untrusted import MAIN_TYPE, MOST_PARTS, open_archive, read_bytes

TYPES = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{MAIN_TYPE}"/></Types>'
MAIN = (
    '<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="a"/></sheets>'
    "<definedNames><definedName name='x'>One!$A$1</definedName></definedNames></workbook>"
)
RELATIONS = (
    '<Relationships><Relationship Id="a" Type="t/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="b" Type="t/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    '<Relationship Id="c" Type="t/styles" Target="styles.xml"/></Relationships>'
)
STRINGS = "<sst><si><t>text</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si></sst>"
STYLES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
SHEET = "<worksheet><sheetData>{}</sheetData>{}</worksheet>"
PARTS = {
    "[Content_Types].xml": TYPES,
    "xl/workbook.xml": MAIN,
    "xl/_rels/workbook.xml.rels": RELATIONS,
    "xl/sharedStrings.xml": STRINGS,
    "xl/styles.xml": STYLES,
    "xl/worksheets/sheet1.xml": SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>', ""),
}


def archive(parts=(), without=(), kind=zipfile.ZIP_DEFLATED):
    """Return a small workbook with some parts instead of, beside, or without its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as file:
        for name, content in {**PARTS, **dict(parts)}.items():
            if name not in without:
                file.writestr(name, content)
    return out.getvalue()


def sheet(rows, after=""):
    """Return the sheet of a workbook with these rows."""
    made = archive({"xl/worksheets/sheet1.xml": SHEET.format(rows, after)})
    return open_workbook(made, "m.xlsx").sheet("One")


def said(data):
    with pytest.raises(InputError) as refused:
        open_workbook(data, "m.xlsx").sheet("One")
    return str(refused.value)


def test_the_small_workbook_is_one():
    book = open_workbook(archive(), "m.xlsx")
    assert (book.titles, book.names) == (("One",), {"x": "One!$A$1"})
    assert book.sheet("One").cells == {(1, 1): Cell(1, "n", "")}


def with_link():
    out = io.BytesIO(archive())
    with zipfile.ZipFile(out, "a") as file:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    return out.getvalue()


def with_password():
    data = bytearray(archive())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def claiming(field, value):
    """Return a workbook whose last entry in the list of parts claims something else."""
    data = bytearray(archive(kind=zipfile.ZIP_STORED))
    at = data.rfind(b"PK\x01\x02")
    data[at + field : at + field + 4] = value.to_bytes(4, "little")
    return bytes(data)


def many_parts():
    return archive({f"xl/media/{i}.png": "" for i in range(MOST_PARTS)})


def long_directory():
    data = bytearray(archive())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (10**8).to_bytes(4, "little")
    return bytes(data)


LAUGHS = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><sst/>'
HOSTILE = {
    "nothing": (b"", "no .xlsx or is damaged"),
    "text": (b"a,b\n1,2\n", "no .xlsx or is damaged"),
    "encrypted": (b"\xd0\xcf\x11\xe0rest", "encrypted"),
    "cut": (archive()[:400], "damaged"),
    "cut inside": (archive()[:-30], "damaged"),
    "password": (with_password(), "with a password"),
    "no workbook": (archive(without=["xl/workbook.xml"]), "not an Excel workbook"),
    "no types": (archive(without=["[Content_Types].xml"]), "not an Excel workbook"),
    "other types": (archive({"[Content_Types].xml": TYPES.replace("sheet.main", "template.main")}), "content types"),
    "macro types": (archive({"[Content_Types].xml": TYPES.replace("sheet.main", "macroEnabled.main")}), "macros"),
    "macros": (archive({"xl/vbaProject.bin": "x"}), "macros"),
    "old macros": (archive({"xl/macrosheets/sheet1.xml": "<x/>"}), "macros"),
    "external links": (archive({"xl/externalLinks/externalLink1.xml": "<x/>"}), "links to other workbooks"),
    "embedded": (archive({"xl/embeddings/a.bin": "x"}), "other files in it"),
    "nested": (archive({"xl/media/a.zip": archive()}), "another archive inside"),
    "absolute": (archive({"/etc/passwd": "x"}), "outside the archive"),
    "above": (archive({"xl/../../x": "x"}), "outside the archive"),
    "drive": (archive({"C:/x": "x"}), "outside the archive"),
    "same name": (archive({"XL/Workbook.xml": "<x/>"}), "parts of the same name"),
    "link": (with_link(), "a link in place of a part"),
    "many parts": (many_parts(), "too many parts"),
    "long directory": (long_directory(), "too many parts"),
    "other packing": (archive(kind=zipfile.ZIP_BZIP2), "packed as no spreadsheet program does"),
    "bomb": (archive({"xl/media/a.png": bytes(20_000_000)}), "300 times its size"),
    "claims a lot": (claiming(24, 2**32 - 2), "unpacks to more than 400 MB"),
    "claims little": (claiming(24, 10), "cannot be read"),
    "entities": (archive({"xl/sharedStrings.xml": LAUGHS}), "document type or entities"),
    "entities in a part that is not read": (archive({"xl/theme/theme1.xml": LAUGHS}), "document type or entities"),
    "external document type": (
        archive({"xl/styles.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><styleSheet/>'}),
        "document type",
    ),
    "UTF-16": (archive({"xl/sharedStrings.xml": LAUGHS.encode("utf-16")}), "document type or entities"),
    "other encoding": (archive({"xl/styles.xml": '<?xml version="1.0" encoding="cp1252"?><a/>'}), "not in UTF-8"),
    "no XML": (archive({"xl/workbook.xml": "<workbook"}), "cannot be read"),
    "deep": (archive({"xl/workbook.xml": "<a>" * 100 + "</a>" * 100}), "within one another"),
    "sheet elsewhere": (
        archive({"xl/_rels/workbook.xml.rels": RELATIONS.replace("worksheets/sheet1.xml", "../../../etc/passwd")}),
        "lies outside of it",
    ),
    "sheet on the web": (
        archive(
            {
                "xl/_rels/workbook.xml.rels": RELATIONS.replace(
                    '"worksheets/sheet1.xml"', '"//x/y" TargetMode="External"'
                )
            }
        ),
        "lies outside of it",
    ),
    "a name twice": (
        archive(
            {"xl/workbook.xml": MAIN.replace("</definedNames>", "<definedName name='X'>1</definedName></definedNames>")}
        ),
        "a name that is defined twice",
    ),
    "a title twice": (
        archive({"xl/workbook.xml": MAIN.replace("</sheets>", '<sheet name="ONE" sheetId="2" r:id="a"/></sheets>')}),
        "sheets of the same name",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name):
    data, words = HOSTILE[name]
    assert words in said(data)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "One!A1 twice"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "the cell 'A2' in row 1"),
        ('<row r="9999999"><c><v>1</v></c></row>', "where no sheet has any"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "where no sheet has any"),
        ('<row r="0x10"><c><v>1</v></c></row>', "in place of a whole number"),
        ('<row r="1"><c t="s"><v>2</v></c></row>', "text number 2 of 2"),
        ('<row r="1"><c t="s"><v>-1</v></c></row>', "in place of a whole number"),
        ('<row r="1"><c t="q"><v>1</v></c></row>', "unknown kind 'q'"),
        ('<row r="1"><c><v>1_000</v></c></row>', "the number '1_000'"),
        ('<row r="1"><c><v>nan</v></c></row>', "the number 'nan'"),
        (f'<row r="1"><c><v>{"9" * 5000}</v></c></row>', "the number '999"),
        (f'<row r="1"><c><f>{"1+" * 5000}1</f></c></row>', "a formula of 10,001 letters"),
        ('<row r="1"><c><f t="shared" si="0"/></c></row>', "shares a formula that is nowhere"),
    ],
)
def test_cells_that_no_program_writes(rows, words):
    with pytest.raises(InputError) as refused:
        sheet(rows)
    assert words in str(refused.value)
    assert "xl/worksheets/sheet1.xml" in str(refused.value)


def test_far_cells_and_large_areas_take_no_memory():
    found = sheet(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )
    assert list(found.cells) == [(1048576, 16384)]
    assert found.merged == ["A1:XFD1048576"]


def test_shared_formulas_are_written_out_only_so_far(monkeypatch):
    monkeypatch.setattr("netcea.workbook.reading.sheet_cells.MOST_OF_SHARED", 1000)
    rows = f'<row r="1"><c><f t="shared" si="0">{"A1+" * 100}1</f></c><c><f t="shared" si="0"/></c></row>'
    assert sheet(rows).cells[1, 2].value == f"={'B1+' * 100}1"
    with pytest.raises(InputError, match="more than 1,000 letters"):
        sheet(
            rows + '<row><c><f t="shared" si="0"/></c><c><f t="shared" si="0"/></c><c><f t="shared" si="0"/></c></row>'
        )


def test_elements_are_counted_over_all_parts(monkeypatch):
    monkeypatch.setattr(untrusted, "MOST_ELEMENTS", 60)
    assert len(sheet('<row r="1">' + "<c/>" * 5 + "</row>").cells) == 5
    with pytest.raises(InputError, match="more than 60 elements"):
        sheet('<row r="1">' + "<c/>" * 60 + "</row>")


def test_what_cells_hold():
    rows = (
        '<row r="3"><c r="B3" t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
        '<row><c s="1"><v>45000</v></c><c t="inlineStr"><is><t>a</t></is></c><c t="str"><f>"x"</f><v>x</v></c>'
        '<c><f t="array" ref="D4">A1</f><v>2</v></c><c s="9"><v>-1.5E-3</v></c><c/></row>'
    )
    found = sheet(rows)
    kinds = {place: (cell.value, cell.kind) for place, cell in found.cells.items()}
    assert str(kinds.pop((4, 1))[0]) == "2023-03-15 00:00:00"
    assert kinds == {
        (3, 2): ("text", "s"),
        (3, 3): ("rich", "s"),
        (3, 4): (True, "b"),
        (3, 5): ("#N/A", "e"),
        (4, 2): ("a", "s"),
        (4, 3): ('="x"', "f"),
        (4, 4): ("{=A1}", "f"),
        (4, 5): (-0.0015, "n"),
        (4, 6): (None, "n"),
    }
    assert found.shown == {(4, 3): "x", (4, 4): 2}


def test_a_part_whose_content_is_damaged():
    data = archive()
    at = data.index(zlib.compress(PARTS["xl/worksheets/sheet1.xml"].encode(), 6)[2:10])
    assert "cannot be read, in xl/worksheets/sheet1.xml" in said(data[: at + 4] + b"\xff" * 8 + data[at + 12 :])


def test_sheets_are_not_unpacked_before_they_are_needed():
    made = archive({"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row r='x'/></sheetData></worksheet>"})
    assert open_archive(made, "m.xlsx").names
    assert open_workbook(made, "m.xlsx").titles == ("One",)
    said(made)


def test_only_ordinary_files_of_a_limited_size(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="no such file"):
        read_bytes(tmp_path / "m.xlsx", "m.xlsx")
    with pytest.raises(InputError, match="a folder"):
        read_bytes(tmp_path, "m.xlsx")
    (tmp_path / "m.xlsx").write_bytes(archive())
    monkeypatch.setattr(untrusted, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="a file of more than"):
        read_bytes(tmp_path / "m.xlsx", "m.xlsx")
