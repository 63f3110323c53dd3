"""Labels in any script: columns meet on the screen, figures have no boxes, sheets and files have names that are allowed."""

from __future__ import annotations

import csv
import io
import warnings

import openpyxl
import pytest
from matplotlib.text import Text
from rich.cells import cell_len

import netcea
from helpers.sample_of import mostly_slow
from netcea.reporting.figures import glyphs
from netcea.reporting.figures.glyphs import HOUSE_FONT, drawable, font_of, named, names_of
from netcea.reporting.figures.text import text_width
from netcea.reporting.screen import rendered_reports
from netcea.reporting.sheet_cells import sheet_title
from netcea.visible_text import cut_to_utf16, display_width, visible
from netcea.workbook.sheets.trace import sheet_name

LABELS = {
    "Chinese": ("卡博替尼", "最佳支持治疗"),
    "Arabic": ("كابوزانتينيب", "أفضل رعاية داعمة"),
    "Greek": ("Καβοζαντινίμπη", "Καλύτερη υποστηρικτική φροντίδα"),
    "accents": ("Cabozante\u0301nib a\u0323\u0302", "Soins e\u0301tendus"),
    "emoji": ("💊 Cabo 👩\u200d⚕️", "🙂 care"),
    "mixed": ("卡博替尼 💊", "كابوزانتينيب care"),
}
UTF16_LONG = "💊" * 20


@pytest.fixture(scope="module", params=mostly_slow(LABELS, ["Arabic", "accents", "mixed"]))
def result(request):
    new, old = LABELS[request.param]
    changes = {"strategies.cabozantinib.label": new, "strategies.best_supportive_care.label": old}
    return netcea.run(netcea.load("pnet", changes), ledger=False, beside=[])


def test_columns_meet_on_the_screen(result):
    lines = rendered_reports([result.report], width=100).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("Technologies"))
    rows = lines[first : first + 4]  # heading, rule, two strategies
    assert {result.scenario.label(name).split()[0] for name in result.scenario.strategies} <= set(
        " ".join(rows[2:]).split()
    )
    assert len({cell_len(row) for row in rows}) == 1, rows


def test_figures_have_no_boxes_and_no_warnings(result):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("pfs", "costs", "plane", "occupancy"):
            figure = result.figure(name)
            figure.canvas.draw()
            for text in figure.findobj(Text):
                for character in text.get_text().replace("\n", ""):
                    assert character.isascii() or character in glyphs.JOINERS or font_of(character), text
    words = {text.get_text() for text in result.figure("costs").findobj(Text)}
    label = result.scenario.label("cabozantinib")
    assert any(
        label.replace("e\u0301", "é") in word or "cabozantinib" in word or "Cabozanténib" in word for word in words
    )


def test_files_and_sheets(result, tmp_path):
    folder = tmp_path / "out"
    result.write(folder, figures=False)
    label = result.scenario.label("cabozantinib")
    table = (folder / "tables" / "base_case.csv").read_text(encoding="utf-8")
    assert visible(label) in {row[0] for row in csv.reader(io.StringIO(table))}
    assert all(path.name.isascii() for path in folder.rglob("*"))
    book = openpyxl.load_workbook(folder / "results.xlsx")
    assert visible(label) in {cell.value for row in book["Base case"].iter_rows() for cell in row}
    assert visible(label) in result._repr_html_()


def test_a_label_without_a_font_is_shown_as_its_name_and_other_text_without_the_character(monkeypatch):
    monkeypatch.setattr(glyphs, "_of_the_system", tuple)
    glyphs._fonts_of.cache_clear()
    scenario = netcea.load("pnet", {"strategies.cabozantinib.label": "卡博替尼"})
    with named(names_of(scenario)):
        assert drawable("卡博替尼 against 最佳 care") == "cabozantinib against care"
    assert drawable("卡博替尼") == "?"
    assert drawable("Καβοζαντινίμπη à 5 €") == "Καβοζαντινίμπη à 5 €"
    glyphs._fonts_of.cache_clear()


def test_a_font_of_the_system_that_has_the_characters_is_taken(monkeypatch):
    """The house font stands for one of the system, and another without Greek for the house font."""
    from matplotlib import font_manager

    latin = next(font.fname for font in font_manager.fontManager.ttflist if font.name == "cmr10")
    whole = font_manager.findfont(font_manager.FontProperties(family=[HOUSE_FONT]))
    monkeypatch.setattr(glyphs, "_has", lambda path, c: (path == whole and c != "é") or c == "é")
    monkeypatch.setattr(font_manager, "findfont", lambda *_, **__: latin)
    monkeypatch.setattr(glyphs, "_of_the_system", lambda: (("Other", whole),))
    glyphs._fonts_of.cache_clear()
    assert glyphs._fonts_of("Κ") == ("Other", whole)
    assert glyphs._fonts_of("é") == (HOUSE_FONT, latin)
    glyphs._fonts_of.cache_clear()


def test_text_from_right_to_left_does_not_turn_the_sentence_round():
    result = netcea.run(netcea.load("pnet", {"strategies.cabozantinib.label": "كابوزانتينيب"}), ledger=False, beside=[])
    texts = [t.get_text() for t in result.figure("pfs").findobj(Text) if "hazard ratio" in t.get_text()]
    assert texts
    assert all(text.startswith("\u200e") for text in texts)


def test_text_that_has_to_be_shaped_is_a_name_where_matplotlib_does_not_shape(monkeypatch):
    monkeypatch.setattr(glyphs, "_shapes", lambda: False)
    glyphs._fonts_of.cache_clear()
    with named({"كابوزانتينيب": "cabozantinib"}):
        assert drawable("كابوزانتينيب: 5") == "cabozantinib: 5"
    glyphs._fonts_of.cache_clear()


@pytest.mark.parametrize("title", [sheet_title(UTF16_LONG, []), sheet_name(UTF16_LONG, [])])
def test_titles_of_sheets_count_as_excel_counts(title):
    assert 29 <= len(title.encode("utf-16-le")) // 2 <= 31
    for name in (sheet_title, sheet_name):
        other = name(UTF16_LONG, [name(UTF16_LONG, [])])
        assert len(other.encode("utf-16-le")) // 2 <= 31
        assert other.endswith(" 2")


def test_a_cut_keeps_a_letter_with_its_accents():
    assert cut_to_utf16("ae\u0301\u0323", 2) == "a"
    assert cut_to_utf16("ae\u0301\u0323", 4) == "ae\u0301\u0323"


def test_widths_are_those_of_terminals():
    for new, old in LABELS.values():
        for text in (new, old):
            if "\u200d" not in text:
                assert display_width(text) == cell_len(text), text
    assert text_width("e\u0301") == pytest.approx(text_width("e"))


def test_joiners_stay_between_what_they_join_only():
    assert visible("نمی\u200cخواهم 👩\u200d⚕️") == "نمی\u200cخواهم 👩\u200d⚕️"
    for text in ("a\u200db", "\u200d日", "日\u200d", "日\u200d\u200d本", "a\u200c日"):
        assert "\u200d" not in visible(text)
        assert "\u200c" not in visible(text)
