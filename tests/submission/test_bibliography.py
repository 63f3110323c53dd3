"""Sources are numbered as they are cited, and lead to the web."""

import pytest

import netcea
from netcea.errors import InputError
from netcea.reporting.table import Column, Table
from netcea.submission.bibliography import Bibliography
from netcea.submission.blocks import Paragraph, TableBlock, cite

TABLE = Table("one", "One", (Column("a", "A"),), ((f"as {cite('meng_2017')}",),), f"note {cite('alava_2022')}")


@pytest.fixture(scope="module")
def scenario():
    return netcea.load("pnet")


def test_every_source_of_the_scenario_is_there_once(scenario):
    found = Bibliography.of(scenario)
    assert [source.key for source in found.sources] == list(scenario.bibliography)
    assert [source.number for source in found.sources] == list(range(1, len(scenario.bibliography) + 1))


def test_what_is_cited_first_comes_first_in_text_cells_and_notes(scenario):
    blocks = [Paragraph(f"see {cite('chan_2025, cheers_2022')}"), TableBlock(TABLE, f"caption {cite('chan_2025')}")]
    found = Bibliography.of(scenario, blocks)
    assert [source.key for source in found.sources][:4] == ["chan_2025", "cheers_2022", "meng_2017", "alava_2022"]
    assert found.cite("meng_2017,chan_2025,meng_2017") == "[1, 3]"
    assert len(found.sources) == len(scenario.bibliography) + 1  # and the checklist's paper


def test_links_lead_to_doi_and_full_text(scenario):
    found = {source.key: source.links for source in Bibliography.of(scenario).sources}
    assert "https://doi.org/10.1056/NEJMoa2403991" in found["chan_2025"]
    assert all(link.startswith("https://") for links in found.values() for link in links)


@pytest.mark.parametrize(
    "ask", [lambda b, s: b.number("chan_2026"), lambda b, s: Bibliography.of(s, [Paragraph(cite("chan_2026"))])]
)
def test_an_unknown_source_is_told_with_the_nearest(ask, scenario):
    with pytest.raises(InputError, match="chan_2025"):
        ask(Bibliography.of(scenario), scenario)
