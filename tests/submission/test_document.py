"""The Word document: what it holds, read again with python-docx and as XML."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from netcea.reporting.number_format import known, shown
from netcea.submission.blocks import FigureBlock, Heading, TableBlock, keys_of, parts_of
from netcea.submission.document.breaks import BREAK, breakable
from netcea.submission.document.labels import NOT_HERE
from netcea.submission.document.widths import LONGEST_WORD, PADDING, text_width
from netcea.submission.document.write import document_of
from netcea.submission.sections import blocks_of
from netcea.submission.sections.b3_09_inputs import VARIABLES
from netcea.submission.sections.b3_11_deterministic import deterministic

DATE = dt.date(2026, 11, 30)
BODY = "word/document.xml"


@pytest.fixture(scope="module")
def written(submission):
    return document_of(submission, date=DATE)


@pytest.fixture(scope="module")
def document(written):
    return docx.Document(io.BytesIO(written.data))


@pytest.fixture(scope="module")
def blocks(submission):
    return blocks_of(submission)


@pytest.fixture(scope="module")
def xml(written):
    with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
        return archive.read(BODY).decode()


def text_of(element):
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def captions(document, kind):
    return [p for p in document.paragraphs if p.style.name == "Caption" and text_of(p._p).startswith(f"{kind} ")]


def test_every_table_has_a_caption_before_it_and_a_heading_row(document):
    assert len(document.tables) > 40
    for table in document.tables:
        caption = table._tbl.getprevious()
        assert re.match(r"Table \d+: \S", text_of(caption))
        first, *rest = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert not [row for row in rest if row.trPr.find(qn("w:tblHeader")) is not None]
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_no_table_is_wider_than_its_page(document):
    """Widths of cells beside the section that follows the table."""
    body = document.element.body
    rooms = []
    for properties in body.iter(qn("w:sectPr")):
        size, margin = properties.find(qn("w:pgSz")), properties.find(qn("w:pgMar"))
        rooms.append(int(size.get(qn("w:w"))) - int(margin.get(qn("w:left"))) - int(margin.get(qn("w:right"))))
    section = 0
    for element in body:
        if element.tag == qn("w:tbl"):
            widths = [int(column.get(qn("w:w"))) for column in element.iter(qn("w:gridCol"))]
            assert sum(widths) <= rooms[section] + len(widths)
            assert min(widths) > 200
        section += element.tag == qn("w:p") and element.find(f".//{qn('w:sectPr')}") is not None


def test_numbers_in_tables_are_those_of_the_reports(document, submission):
    """Base case, net benefit, PSA and severity: cell by cell, as the screen shows them."""
    found = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    for analysis, name, caption in (
        ("base_case", "base_case", "Base-case results (fully incremental)"),
        ("base_case", "weighted", "Fully incremental results, unweighted and weighted for severity"),
        ("psa", "probabilistic", "PSA results: deterministic and probabilistic, means with 95% credible intervals"),
        ("budget", "budget", "Budget impact by year"),
    ):
        table = submission.reports[analysis].table(name)
        rows = [[cell.text for cell in row.cells] for row in found[caption].rows][1:]
        assert rows == [[shown(c, k.format) for c, k in zip(r, table.columns, strict=True)] for r in table.rows]


def test_numbers_are_those_of_results_json(document, submission):
    results = submission.reports["base_case"].results
    found = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    table = found["Base-case results (fully incremental)"]
    costs = {row.cells[0].text: row.cells[1].text for row in table.rows[1:]}
    assert costs == {s["label"]: f"£{s['costs']:,.0f}" for s in results["strategies"].values()}
    icer = next(row["icer"] for row in results["pairwise"])
    assert table.rows[-1].cells[7].text == f"£{icer:,.0f}"


def test_cross_references_lead_to_bookmarks(xml):
    bookmarks = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"', xml)
    names = [name for _, name in bookmarks]
    assert len({number for number, _ in bookmarks}) == len(bookmarks)
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 for name in names)
    asked = set(re.findall(r"REF (\S+) \\h", xml)) | set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert len(asked) > 100
    assert asked <= set(names)
    assert NOT_HERE not in xml


def test_what_a_cross_reference_shows_is_what_stands_in_its_bookmark(document):
    body = document.element.body
    inside = {}
    for start in body.iter(qn("w:bookmarkStart")):
        text, node = "", start.getnext()
        while node.tag != qn("w:bookmarkEnd"):
            text += text_of(node)
            node = node.getnext()
        inside[start.get(qn("w:name"))] = text
    for field in body.iter(qn("w:fldSimple")):
        found = re.match(r" REF (\S+) \\h ", field.get(qn("w:instr")))
        if found:
            assert text_of(field) == inside[found[1]]


def test_every_reference_of_the_sections_resolves(blocks):
    known = keys_of(blocks)
    texts = [cell for b in blocks if isinstance(b, TableBlock) for row in b.table.rows for cell in row]
    texts += [b.text for b in blocks if hasattr(b, "text")] + [b.alt for b in blocks if isinstance(b, FigureBlock)]
    asked = {value for text in texts if isinstance(text, str) for kind, value in parts_of(text) if kind == "ref"}
    assert asked
    assert asked <= known


def test_sections_stand_in_the_order_of_the_template(document):
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    numbers = [int(found[1]) for text in headings if (found := re.match(r"B\.3\.(\d+) ", text))]
    assert numbers == list(range(1, 16))
    assert headings.index("Budget impact") > headings.index(
        "B.3.15 Interpretation and conclusions of economic evidence"
    )


def test_every_figure_has_words_and_a_caption(document, blocks):
    figures = [block for block in blocks if isinstance(block, FigureBlock)]
    described = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert len(described) == len(figures) == len(captions(document, "Figure")) > 15
    assert all(len(words) > 30 for words in described)
    ids = [node.get("id") for node in document.element.body.iter(qn("wp:docPr"))]
    assert len(set(ids)) == len(ids)


def test_footer_and_properties(document, submission):
    footer = text_of(document.sections[0].footer._element)
    assert submission.scenario.digest[:12] in footer
    assert "30 November 2026" in footer
    assert "page 1 of 1" in footer
    assert all(section.footer.is_linked_to_previous for section in list(document.sections)[1:])
    properties = document.core_properties
    assert properties.title.endswith("pNET base case")
    assert properties.language == "en-GB"
    assert properties.author == "netcea"
    assert properties.created == properties.modified == dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


def test_every_number_has_a_source_in_the_bibliography(document, submission):
    entries = [p.text for p in document.paragraphs if p.style.name == "Bibliography"]
    assert [int(re.match(r"\[(\d+)\]", entry)[1]) for entry in entries] == list(range(1, len(entries) + 1))
    for citation in submission.scenario.bibliography.values():
        assert any(citation in entry for entry in entries)


def test_the_same_submission_gives_the_same_bytes(submission, written):
    assert document_of(submission, date=DATE).data == written.data


def test_contents_list_every_heading_and_caption(document, blocks):
    listed = [p.text for p in document.paragraphs if p.style.name.lower().startswith(("toc ", "table of figures"))]
    for block in blocks:
        if isinstance(block, Heading) and 0 < block.level <= 3:
            assert block.text in listed
        elif isinstance(block, TableBlock):
            assert any(line.endswith(f": {block.caption}") for line in listed)


def test_the_probabilistic_icer_stands_in_the_document(document, submission):
    """Of the means, unweighted and weighted, to the digits that `netcea psa` shows."""
    tables = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    found = tables["PSA results (fully incremental): means of draws, unweighted and weighted for severity"]
    interval = submission.results["psa"].intervals["", "incremental_costs"]
    assert found.rows[-1].cells[5].text == known(interval.mean, interval.mcse, "pounds")
    summary = submission.reports["psa"].table("summary")
    icer = dict(zip(summary.column("measure"), summary.column("probabilistic"), strict=True))["ICER (£/QALY)"]
    assert [cell.text for cell in found.rows[-1].cells][8:] == [icer, "1", icer]
    assert any(caption.startswith("PSA results: the intervention against") for caption in tables)


def test_text_points_to_the_section_that_it_speaks_of(document):
    body = "\n".join(text_of(p._p) for p in document.paragraphs)
    told = re.search(r"State-transition models of the same inputs stand beside it \((B\.3\.[\d.]+)\)\.", body)
    assert f"{told[1]} Structural uncertainty" in body


def test_what_is_drawn_is_not_called_fixed(document, submission):
    """Every number with a distribution has its interval, in both tables that ask for one."""
    tables = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    utilities = tables["Summary of utility values for cost-effectiveness analysis"]
    inputs = tables["Summary of variables applied in the economic model"]
    drawn = {q.label for q in submission.scenario.quantities.values() if q.is_uncertain}
    for table, column in ((utilities, 2), (inputs, 2)):
        rows = {row.cells[0].text: row.cells[column].text for row in table.rows[1:]}
        assert drawn & set(rows)
        assert all(re.match(r"\S+ to \S+", rows[label]) for label in drawn & set(rows))
    low, _, high = next(r.cells[2].text for r in utilities.rows if r.cells[0].text.startswith("Decrement on")).split()
    assert (float(low), float(high)) == pytest.approx((0.01882, 0.09615), rel=1e-3)  # of a gamma of mean 0.05, SE 0.02


def test_numbers_lead_to_the_section_that_is_about_them(document):
    tables = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    rows = {r.cells[0].text: text_of(r._tr.tc_lst[3]) for r in tables[VARIABLES].rows[1:]}
    assert rows["Discount rate of costs, a year"] == rows["Threshold, lower"] == "B.3.2"
    assert rows["Absolute shortfall for the weight 1.2"] == "B.3.6"
    assert rows["Uptake, year 1"] == "Budget impact"


def test_net_benefit_has_the_headings_of_the_template_and_its_comparator(document, submission):
    tables = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    table = tables["Net health benefit at both thresholds, with and without the severity modifier"]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    case = submission.results["base_case"].case
    money = ["Total costs (£)", "Total QALYs", "Incremental costs (£)", "Incremental QALYs"]
    benefit = ["NHB at £25,000", "NHB at £35,000"]
    assert rows[0] == ["Technologies", *money, *benefit, "Severity weight", *(f"Weighted {name}" for name in benefit)]
    by_label = {case.strategies[name].label: name for name in case.strategies}
    assert [row[0] for row in rows[1:]] == list(by_label)
    for row in rows[1:]:
        found = [b for b in case.net_health_benefit if b.strategy == by_label[row[0]]]
        assert row[5:7] == [shown(b.incremental_nhb, "qalys") for b in found] or (not found and set(row[3:]) == {"-"})
        assert row[8:] == [shown(b.weighted_incremental_nhb, "qalys") for b in found] or not found
    assert "against Placebo / best supportive care" in text_of(table._tbl.getnext())


def test_results_where_curves_cross_stand_weighted_beside_unweighted(document, submission):
    tables = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    table = tables["What is done where PFS is above OS, and what it costs"]
    headings = [cell.text for cell in table.rows[0].cells]
    for threshold in ("£25,000", "£35,000"):
        at = headings.index(f"Weighted incremental NHB at {threshold} (QALYs)")
        assert headings.index(f"Incremental NHB at {threshold} (QALYs)") < at
    remedies = submission.results["structure"].remedies
    assert [row.cells[at].text for row in table.rows[1:]] == [shown(r.weighted_nhb[-1], "qalys") for r in remedies]


def test_words_about_a_figure_are_about_what_it_shows(blocks, submission):
    """And lead to a table that has its numbers, or to none."""
    figures = {block.name: block for block in blocks if isinstance(block, FigureBlock)}
    price = figures["price_ladder"]
    assert price.draw().axes[0].get_ylabel().startswith("ICER")
    assert price.caption.startswith("ICER ")
    assert price.alt.startswith("The ICER ")
    tables = {name: {value for kind, value in parts_of(block.alt) if kind == "ref"} for name, block in figures.items()}
    assert tables["hazards"] == tables["time_on_treatment"] == set()
    assert tables["occupancy"] == {"life_years_by_state"}
    assert tables["contributions"] == {"contributions_largest"}
    assert tables["ceac"] == {"probabilities"}


def test_notes_speak_of_columns_that_are_there(document):
    tables = {text_of(t._tbl.getprevious()).partition(": ")[2]: t for t in document.tables}
    for caption, word, heading in (
        ("Survival model fit to published figures", "miss", "Miss"),
        ("Summary of QALY shortfall analysis", "distance", "To the nearest"),
    ):
        table = tables[caption]
        assert not [cell for cell in table.rows[0].cells if cell.text.startswith(heading)]
        assert word not in text_of(table._tbl.getnext())


def test_each_drug_whose_price_is_looked_for_has_its_figure(submission):
    report, costs = submission.reports["threshold"], submission.scenario.file.costs
    one, other = list(costs)[:2]
    drawn = dict.fromkeys((f"price_ladder_{one}", f"price_ladder_{other}"), report.figures["price_ladder"])
    two = replace(submission, reports={**submission.reports, "threshold": replace(report, figures=drawn)})
    found = [block for block in deterministic(two) if isinstance(block, FigureBlock)]
    captions = [block.caption for block in found if block.name in drawn]
    assert captions == [f"ICER by discount on the list price: {costs[item].label}" for item in (one, other)]


def test_long_addresses_are_broken_after_their_dots_and_nowhere_else(document):
    """A column is at least as wide as the longest part, so that no word processor breaks within one."""
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    addresses = {word for text in texts for word in text.split() if "costs." in word and "_" in word}
    assert addresses
    for word in addresses:
        assert breakable(word.replace(BREAK, "")) == word
        assert BREAK in word
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                size = min((run.font.size.pt for p in cell.paragraphs for run in p.runs if run.font.size), default=8.0)
                for part in re.split(rf"[\\s{BREAK}]", cell.text):
                    if BREAK in cell.text and len(part) <= LONGEST_WORD:
                        assert text_width(part, size) <= cell.width.cm - PADDING + 0.02, (part, cell.text)
