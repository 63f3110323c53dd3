"""Slides: what they show, that nothing overflows, that they say where it comes from and obey redaction."""

import datetime as dt
import io
import sys
from dataclasses import replace

import pytest

import netcea
from helpers.price_layers import DISCOUNT, SECRET, layers
from netcea.checking.reference_case.report import report as of_reference_case
from netcea.confidential.same_files import Hidden
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.reporting.table import Column, Table
from netcea.submission.blocks import FigureBlock, Paragraph, TableBlock
from netcea.submission.slides.contents import SLIDES, slides_of
from netcea.submission.slides.fit import SIZES, lines_of, row_heights, table_fit, text_height
from netcea.submission.slides.slide import HIDDEN, chosen, turned
from netcea.submission.slides.write import HEIGHT, INSTALL, WIDTH, check_installed, slides_bytes
from netcea.submission.submission import Submission

pptx = pytest.importorskip("pptx")
DATE = dt.date(2026, 11, 30)
ANALYSES = {
    "base_case": lambda s: netcea.run(s, workbook=False),
    "one_way": netcea.one_way,
    "psa": lambda s: netcea.psa(s, draws=50, keep_draws="no"),
    "threshold": netcea.threshold,
    "severity": lambda s: netcea.severity(s, draws=0),
}


def submission_of(scenario):
    results = {name: run(scenario) for name, run in ANALYSES.items()}
    reports = {name: result.report for name, result in results.items()}
    reports["reference_case"] = of_reference_case(netcea.reference_case(scenario))
    not_run = {"structure": "it was not asked for"}
    return Submission(scenario, reports, {} if scenario.prices.redacted else results, not_run=not_run)


@pytest.fixture(scope="module")
def submission():
    return submission_of(load("pnet"))


@pytest.fixture(scope="module")
def written(submission):
    return slides_bytes(submission, author="A company", date=DATE)


def opened(data):
    return pptx.Presentation(io.BytesIO(data))


def texts(slide):
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def test_every_slide_is_there_with_title_footer_and_notes(submission, written):
    slides = list(opened(written).slides)
    assert len(slides) == len(SLIDES) + 1
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[1:] == [slide.title for slide in slides_of(submission)]
    assert len(set(titles)) == len(titles)
    digest = submission.scenario.digest
    for number, slide in enumerate(slides, 1):
        words = list(texts(slide))
        assert any(digest[:12] in text and text.endswith(f"| {number}") for text in words)
        assert digest in slide.notes_slide.notes_text_frame.text
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in slides)
    assert "Source: psa, table probabilistic, draws 50, seed 1." in notes


def test_numbers_are_those_of_the_run(submission, written):
    shown = {text for slide in opened(written).slides for text in texts(slide)}
    base = submission.results["base_case"].report.headline
    assert f"£{base.icer:,.0f}" in shown
    assert f"{base.incremental_nhb:.3f}" in shown


def test_pictures_have_alternative_text_and_tables_a_heading_row(written):
    pictures, tables = 0, 0
    for slide in opened(written).slides:
        for shape in slide.shapes:
            if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE:
                pictures += 1
                assert len(shape._element.nvPicPr.cNvPr.get("descr")) > 40
            if shape.has_table:
                tables += 1
                assert shape.table.first_row
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
    assert pictures >= 7
    assert tables >= 9


def test_everything_lies_on_its_slide_and_nothing_on_something_else(written):
    made = opened(written)
    assert (made.slide_width, made.slide_height) == (round(WIDTH * 360_000), round(HEIGHT * 360_000))
    for slide in made.slides:
        boxes = [(s.name, s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
        for name, left, top, right, bottom in boxes:
            assert left >= 0, name
            assert top >= 0, name
            assert right <= made.slide_width + 9, name
            assert bottom <= made.slide_height, name
        solid = [box for box in boxes if box[0].startswith(("Figure", "Table"))]
        for one in solid:
            for other in solid:
                apart = (
                    one[3] <= other[1] + 9 or other[3] <= one[1] + 9 or one[4] <= other[2] + 9 or other[4] <= one[2] + 9
                )
                assert one == other or apart, (one, other)


def test_the_same_run_and_date_give_the_same_bytes_and_the_file_says_what_it_is(submission, written):
    assert slides_bytes(submission, author="A company", date=DATE) == written
    found = opened(written).core_properties
    assert found.author == "A company"
    assert submission.scenario.digest in found.keywords
    assert found.created.date() == DATE


def test_what_was_not_run_is_said(submission):
    fewer = replace(submission, reports={"base_case": submission.reports["base_case"]}, not_run={"psa": "no draws"})
    words = [p.text for slide in slides_of(fewer) for p in slide.parts if isinstance(p, Paragraph)]
    assert any("no draws" in text for text in words)
    assert "Not verified." in words
    assert slides_bytes(fewer, date=DATE)


def test_a_confidential_run_is_marked_on_every_slide():
    scenario = load("pnet", (), (), layers({DISCOUNT: SECRET}, redacted=False))
    data = slides_bytes(replace(submission_of(scenario), results={}), date=DATE)
    for slide in opened(data).slides:
        assert any(text.startswith("CONFIDENTIAL") for text in texts(slide))
        assert "CONFIDENTIAL" in slide.notes_slide.notes_text_frame.text


def test_a_redacted_run_shows_the_same_at_both_ends_of_the_price():
    """Made at public prices and with the drug free, and put together: nothing of what costs are made of is left."""
    redacted = pytest.importorskip("netcea.submission.redacted")
    ends = [layers({DISCOUNT: SECRET}).at(drugs) for drugs in ((), ("costs.drug.cabozantinib",))]
    made = [submission_of(load("pnet", (), (), end)) for end in ends]
    whole = redacted.same_submission(made, Hidden())
    shown = [text for slide in opened(slides_bytes(whole, date=DATE)).slides for text in texts(slide)]
    assert HIDDEN in shown
    assert "confidential" in shown
    assert shown.count("REDACTED") == len(SLIDES) + 1
    alone = [{t for slide in opened(slides_bytes(one, date=DATE)).slides for t in texts(slide)} for one in made]
    assert not set(shown) & (alone[0] ^ alone[1])


def test_slides_without_python_pptx_are_refused_before_anything_is_run(monkeypatch):
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(InputError, match=r"netcea\[slides\]"):
        check_installed()
    assert "netcea[slides]" in INSTALL


# ---------------------------------------------------------------------------------------------------------- fitting
def test_lines_are_counted_as_words_wrap():
    assert lines_of("", 5.0, 12.0) == 1
    assert lines_of("word " * 30, 5.0, 12.0) > lines_of("word " * 30, 10.0, 12.0) > 1
    assert lines_of("unbreakable" * 20, 3.0, 12.0) > 5


def test_letters_are_made_smaller_until_a_table_fits_then_rows_are_left_out():
    few = [["A", "B"], *([["words of a cell", "1"]] * 3)]
    many = [["A", "B"], *([["many words in every cell of this table " * 6, "1"]] * 60)]
    size, widths, kept = table_fit(few, [False, True], (30.0, 12.0))
    assert (size, kept) == (SIZES[0], 3)
    assert sum(widths) == pytest.approx(30.0)
    size, widths, kept = table_fit(many, [False, True], (30.0, 12.0))
    assert size == SIZES[-1]
    assert 0 < kept < 60
    assert sum(row_heights(many[: kept + 1], widths, size)) <= 12.0 < sum(row_heights(many[: kept + 2], widths, size))


def test_a_row_that_is_left_out_is_named_on_the_slide(submission, monkeypatch):
    from netcea.submission.slides import write
    from netcea.submission.slides.slide import Slide

    columns = (Column("a", "A"), Column("b", "B"))
    long = Table("long_one", "", columns, (("many words in every cell " * 12, "x"),) * 60)
    monkeypatch.setattr(write, "slides_of", lambda _: [Slide("One", (TableBlock(long, "Long"),))])
    slide = list(opened(slides_bytes(submission, date=DATE)).slides)[-1]
    assert any("more rows: table long_one" in text for text in texts(slide))


def test_text_height_grows_with_text_and_letters():
    assert text_height(["a b c"] * 4, 5.0, 12.0) > text_height(["a b c"], 5.0, 12.0)
    assert text_height(["a b c"], 5.0, 18.0) > text_height(["a b c"], 5.0, 12.0)


def test_tables_are_cut_and_turned():
    columns = (Column("a", "A"), Column("b", "B", "£", "pounds"))
    found = Table("one", "One", columns, (("x", 1.0), ("y", 2.0)), "note", total_last=True)
    assert chosen(found, ("b",), 1).rows == ((1.0,),)
    assert turned(found, "What").rows == (("A", "x"), ("B (£)", "£1"))


def test_figures_are_drawn_by_the_report(submission):
    figures = [p for slide in slides_of(submission) for p in slide.parts if isinstance(p, FigureBlock)]
    assert {"os", "pfs", "plane", "ceac", "tornado", "price_ladder", "costs", "severity"} == {f.name for f in figures}
    assert len(next(f for f in figures if f.name == "tornado").draw().axes[0].patches) <= 20


def test_with_more_than_two_strategies_the_draws_are_compared_fully_incrementally():
    """And every table against a comparator says against which."""
    scenario = load("pnet_comparators")
    psa = netcea.psa(scenario, draws=40, keep_draws="no")
    base = netcea.run(scenario, ledger=False, workbook=False)
    slides = {
        slide.title: slide for slide in slides_of(Submission(scenario, {"base_case": base.report, "psa": psa.report}))
    }
    [found] = [part for part in slides["Probabilistic analysis"].parts if isinstance(part, TableBlock)]
    assert found.table.column("technologies") == psa.report.table("incremental_of_means").column("technologies")
    assert "dominated" in {icer.label for icer in found.table.column("icer") if icer}
    captions = [part.caption for part in slides["Base case, fully incremental"].parts if isinstance(part, TableBlock)]
    assert any("against Placebo / best supportive care" in caption for caption in captions)
