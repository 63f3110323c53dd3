"""What people do with a workbook before they send it back: taken, or refused in one sentence with the cell."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from helpers.office import Office, needs_office
from helpers.opened import opened_again
from netcea import load
from netcea.cli.main import main
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.compared import WORDS, CellChange, compare
from netcea.workbook.reading.interpreted import interpret
from netcea.workbook.reading.typed_formulas import settled
from netcea.workbook.sheets import inputs as columns

PRICE = "costs.drug.cabozantinib.price_per_pack"
DISCOUNT = "costs.drug.cabozantinib.discount"
RATIO = "survival.cabinet_pnet.os_nejm.hazard_ratio"
SCAN = "costs.unit.ct_scan"
HALF_CYCLE = "settings.half_cycle_correction"

THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
THREAD = (
    f'<ThreadedComments xmlns="{THREADED}"><threadedComment ref="E9" personId="{{0}}" id="{{1}}"><text>why?</text>'
    "</threadedComment></ThreadedComments>"
)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A workbook of few cycles, and its file, which holds what every formula comes to."""
    workbook = live_workbook([load("pnet", ["settings.horizon_years=3"])])
    path = tmp_path_factory.mktemp("short") / "m.xlsx"
    workbook.save(path)
    return workbook, path


def yellow(workbook, address):
    return f"E{workbook.inputs.rows[address]}"


def read(path, *more):
    """Import a file; return what was found, as other programs are told."""
    ran = CliRunner().invoke(main, ["import", str(path), "--json", *(more or ("--no-files",))])
    assert "Traceback" not in ran.output
    return ran.exit_code, json.loads(ran.stdout) if ran.exit_code < 2 else ran.output


def said(book, workbook):
    """Everything that is said of a workbook of openpyxl: problems and what stands beside the model."""
    found = compare(workbook.book, opened_again(book), "m.xlsx")
    if not found.problems:
        interpret(workbook, found)
    return [str(problem) for problem in found.problems], found.beside


# ------------------------------------------------------------------------------------------------ what is taken


def test_what_a_reviewer_does_besides_is_taken(short, tmp_path, monkeypatch):
    """A sheet of notes with formulas and a chart, another chart, comments, colours, filters, protection, words, all at
    once, and formulas where numbers were; saved by a program that drops what formulas came to."""
    workbook, path = short
    book = openpyxl.load_workbook(path)
    inputs = book["Inputs"]
    notes = book.create_sheet("My notes", 1)
    notes["A1"], notes["B2"] = "why?", "=Results!B6*2"
    chart = BarChart()
    chart.add_data(Reference(notes, min_col=1, min_row=1, max_row=2))
    notes.add_chart(chart, "D4")
    book["Results"].add_chart(BarChart(), "P4")
    inputs[yellow(workbook, DISCOUNT)] = "=0.5*0.8"
    inputs[yellow(workbook, PRICE)] = "=SUM(4000,200)"
    inputs[yellow(workbook, SCAN)] = 100
    inputs[yellow(workbook, SCAN)].number_format = "0%"
    inputs[yellow(workbook, SCAN)].fill = PatternFill("solid", fgColor="FF0000")
    inputs[yellow(workbook, RATIO)] = 2.5
    inputs[yellow(workbook, RATIO)].comment = Comment("outside of its interval", "a reviewer")
    book["Results"]["B7"].comment = Comment("is this right?", "a reviewer")
    inputs.auto_filter.ref = "A5:V80"
    inputs.column_dimensions["A"].width = 99
    inputs.column_dimensions["B"].hidden = True
    inputs.row_dimensions[9].hidden = True
    inputs.protection.sheet = book["Results"].protection.sheet = book.security.lockStructure = True
    book["Costs"].sheet_state = "hidden"
    book.move_sheet("Inputs", 5)
    inputs.cell(workbook.inputs.rows[PRICE], columns.NOTE).value = "checked against the price list"
    book["Checks"].title = "Checked"
    book.remove(book["Sources"])
    book.save(tmp_path / "c.xlsx")
    with zipfile.ZipFile(tmp_path / "c.xlsx", "a") as archive:  # comments as Excel has had them since 2019
        archive.writestr("xl/threadedComments/threadedComment1.xml", THREAD)
        archive.writestr("xl/persons/person.xml", f'<personList xmlns="{THREADED}"/>')
    monkeypatch.chdir(tmp_path)
    code, found = read("c.xlsx", "--output", "mine.yaml")
    assert code == 0, found
    assert load("mine.yaml").quantities[RATIO].value == 2.5
    text = Path("mine.yaml").read_text(encoding="utf-8")
    assert re.search(r"# .* is fixed now and is not\W+drawn; to draw it, add --set\W", text), text
    assert found["set"] == {"settings.horizon_years": 3, DISCOUNT: 0.4, PRICE: 4200.0, SCAN: 100.0, RATIO: 2.5}
    assert (found["agrees"], found["results_in_the_file"], found["results_compared"]) == (True, False, 40)
    wording = "\n".join(found["notes"])
    for words in (
        f"Inputs!{yellow(workbook, DISCOUNT)} holds the formula =0.5*0.8: taken as 0.4",
        f"Inputs!{yellow(workbook, PRICE)} holds the formula =SUM(4000,200): taken as 4200",
        "Not read: the sheet My notes",
        "Not read: the sheet Sources, which was deleted",
        "(the text 'checked against the price list', where netcea wrote",
    ):
        assert words in wording
    assert wording.count("is a value that its uncertainty ci95 cannot have") == 1, "said once, with what it needs"


def test_a_formula_is_what_the_file_says_it_comes_to(short):
    row = short[0].inputs.rows[PRICE]

    def typed(text, shown=None):
        return settled(CellChange("Inputs", row, 5, Cell(text, "f", ""), shown))

    assert typed("=D22*0.9", 3.5)[0].content == Cell(3.5, "n", "")
    assert "taken as 3.5" in typed("=D22*0.9", 3.5)[1]
    for text, shown in (("=D22*0.9", None), ("=A1", "text"), ("=A1", True), ("=1/0", None), ("=NOSUCH(1)", None)):
        assert typed(text, shown) == (CellChange("Inputs", row, 5, Cell(text, "f", ""), shown), "")
    for text in ("=" + "(" * 150, "=" + "1+" * 4000 + "1", "=9^9^9^9", "={1,2}", "=1+", '="a"', "=RAND("):
        assert typed(text)[1] == "", text


def test_no_formula_reads_words_that_may_be_edited(short):
    """Labels, notes, sources and titles are for readers."""
    texts = [cell.value for page in short[0].book.pages for cell in page.cells.values() if cell.kind == "f"]
    letters = {sheet: "".join(map(get_column_letter, numbers)) for sheet, numbers in WORDS.items()}
    areas = "|".join(rf"{sheet}!\$?[{among}]\$?\d" for sheet, among in letters.items())
    of_words = re.compile(rf"{areas}|!\$?[A-Z]+\$?[12](?!\d)")
    assert of_words.search(f"Inputs!${get_column_letter(columns.NOTE)}$9")
    assert [text for text in texts if of_words.search(text) and not text.startswith("=SUMPRODUCT(ISERROR(")] == []


# ------------------------------------------------------------------------------------------------ what is refused


TEXTS = {
    "50%": "type 0.5",
    "1,234.5": "type 1234.5, without thousands separators",
    "£1,200": "type 1200, the number alone",
    "1.234,5": "type 1234.5, without thousands separators",
    " 1200 ": "type 1200 again",
    "1\u00a0200": "type 1200, without thousands separators",
    " ": "only numbers can be tried here",
    "n/a": "only numbers can be tried here",
}


def test_what_is_no_number_is_one_sentence_with_its_cell(short):
    workbook, path = short
    book = openpyxl.load_workbook(path)
    typed = dict.fromkeys([*TEXTS, datetime(2024, 5, 1), "=D9*2", True])  # noqa: DTZ001
    pounds = [a for a in workbook.inputs.rows if (q := workbook.inputs.quantity(a)) and q.unit.startswith("GBP")]
    addresses = [DISCOUNT, *pounds][: len(typed)]
    for address, value in zip(addresses, typed, strict=True):
        book["Inputs"][yellow(workbook, address)] = value
    book["Choices"][f"E{workbook.inputs.choice_rows[HALF_CYCLE]}"] = "trapezium "
    problems, _ = said(book, workbook)
    assert len(problems) == len(typed) + 1
    for address, value, hint in zip(addresses, typed, TEXTS.values(), strict=False):
        (mine,) = [p for p in problems if f"Inputs!{yellow(workbook, address)}  {address}" in p]
        assert hint in mine, value
    assert "did you mean 'trapezium'" in problems[-1]


def swapped(book):
    """Sort two rows of Inputs the other way round."""
    sheet = book["Inputs"]  # rows of one section
    rows = [[sheet.cell(r, c).value for c in range(1, 23)] for r in (10, 11)]
    for number, row in zip((11, 10), rows, strict=True):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value


def relabelled_and_inserted(book):
    book["Inputs"]["B8"] = "mine"
    book["Inputs"].insert_rows(30)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swapped, ["Inputs!11:11", "found row 10", "undo what was sorted or moved"]),
        (relabelled_and_inserted, ["Inputs!30:30", "1 row inserted"]),
        (lambda b: b["Inputs"].cell(9, 1).__setattr__("value", "my address"), ["Inputs!A9", "'my address'"]),
        (lambda b: b["Inputs"].cell(9, columns.UNIT).__setattr__("value", "weeks"), ["Inputs!G9", "'weeks'"]),
        (
            lambda b: b["Inputs"].cell(9, columns.BASE).__setattr__("value", 5),
            ["Inputs!C9", "type the number into Inputs!E9"],
        ),
    ],
)
def test_one_cause_is_one_sentence(change, words, short):
    workbook, path = short
    book = openpyxl.load_workbook(path)
    change(book)
    problems, _ = said(book, workbook)
    assert len(problems) == 1, problems
    for word in words:
        assert word in problems[0]


# ------------------------------------------------------------------------------------------------ other results


def edited(path, to, sheet, pattern, new):
    """Change the XML of one sheet, as a program would that does not calculate."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == f"xl/worksheets/sheet{sheet}.xml":
                content, found = re.subn(pattern, new, content)
                assert found == 1
            after.writestr(part, content)
    to.write_bytes(out.getvalue())
    return to


def number_of(workbook, name):
    return [page.name for page in workbook.book.pages].index(name) + 1


def test_a_file_that_was_not_calculated_says_which_cell_it_does_not_know_of(short, tmp_path):
    workbook, path = short
    cell = yellow(workbook, PRICE)
    pattern = rf'<c r="{cell}"( s="\d+")/>'.encode()
    new = rf'<c r="{cell}"\1><v>4000</v></c>'.encode()
    code, found = read(edited(path, tmp_path / "c.xlsx", number_of(workbook, "Inputs"), pattern, new))
    assert code == 1
    assert found["set"][PRICE] == 4000.0
    assert found["cause"].startswith(f"it was not calculated after Inputs!{cell} changed: recalculate it")
    assert 0.01 < found["largest_relative_difference"] < 1.0


def test_a_result_that_its_formula_does_not_come_to_is_named_where_it_begins(short, tmp_path):
    """A value below an intact formula, on a sheet of which results are made."""
    workbook, path = short
    at = workbook.traces["cabozantinib"]
    column = get_column_letter(at.columns["alive"])
    pattern = rf'(<c r="{column}40"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>)[^<]*'.encode()
    sheet = number_of(workbook, at.page.name)
    results = number_of(workbook, "Results")
    first = edited(path, tmp_path / "b.xlsx", sheet, pattern, rb"\g<1>0.5")
    cell = workbook.results.cells["costs.cabozantinib"].rpartition("!")[2].replace("$", "").encode()
    of_costs = rb'(<c r="' + cell + rb'"[^>]*><f>[^<]*</f><v>)[^<]*'
    code, found = read(edited(first, tmp_path / "c.xlsx", results, of_costs, rb"\g<1>5"))
    assert code == 1
    assert f"that begins at {at.page.name}!{column}40, where the file has the number 0.5" in found["cause"]


@needs_office
@pytest.mark.slow
def test_what_libreoffice_makes_of_a_reviewer_s_work_is_taken(short, tmp_path):
    """Sheets inserted, moved, hidden and protected, a formula, a note, a filter, through LibreOffice itself."""
    workbook, path = short
    discount, price = (f"Inputs!{yellow(workbook, address)}" for address in (DISCOUNT, PRICE))
    with Office() as office:
        office.open(path)
        office.work("insert_sheet", "Mine", 1)
        office.change({"Mine!A1": 4000.0, discount: "=0.5*0.8", price: "=Mine.A1+100"})
        office.work("annotate", price, "see my sheet")
        office.work("paint", discount, 0xFF0000)
        office.work("hide_sheet", "Costs")
        office.work("move_sheet", "Inputs", 0)
        office.work("protect_sheet", "Results")
        office.save(tmp_path / "taken.xlsx")
        office.work("insert_row", "Costs", 8)
        office.save(tmp_path / "inserted.xlsx")
        office.work("rename_sheet", "Utilities", "My utilities")
        office.save(tmp_path / "renamed.xlsx")
    code, found = read(tmp_path / "taken.xlsx")
    assert code == 0, found
    assert found["set"] == {"settings.horizon_years": 3, DISCOUNT: 0.4, PRICE: 4100.0}
    assert (found["agrees"], found["results_in_the_file"]) == (True, True)
    assert f"{price} holds the formula" in "\n".join(found["notes"])
    code, refusal = read(tmp_path / "inserted.xlsx")
    assert (code, refusal.count("found ")) == (2, 1), refusal
    assert "Costs!8:8" in refusal
    code, refusal = read(tmp_path / "renamed.xlsx")
    assert (code, refusal.count("found ")) == (2, 2), refusal
    assert "one named 'My utilities' with its title" in refusal
