"""A model that still holds placeholders says so first, in every output."""

import re

import pytest
from click.testing import CliRunner

import netcea
from netcea.analyses.read_first.registry import READ_FIRST, read_first
from netcea.cli.main import main
from netcea.loading import load
from netcea.workbook.export import live_workbook


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank") / "model"
    assert CliRunner().invoke(main, ["init", str(folder), "--blank"]).exit_code == 0
    return folder / "scenarios" / "base.yaml"


def test_it_is_the_first_sentence_of_every_analysis(base):
    scenario = load(str(base))
    first = read_first(scenario)[0]
    assert next(iter(READ_FIRST)) == first.code == "placeholders"
    held = sum("placeholder" in number.source for number in scenario.quantities.values())
    assert held > 10
    assert first.message.startswith(f"{held} numbers are still placeholders of a blank model (")
    for report in (netcea.run(scenario).report, netcea.psa(scenario, draws=20).report):
        assert report.read_first[0] == first


def test_it_stands_on_the_screen_and_on_the_cover_of_the_workbook(base):
    said = " ".join(CliRunner().invoke(main, ["run", str(base), "--no-files"]).output.split())
    assert re.search(r"Read first - \d+ numbers are still placeholders", said)
    cover = live_workbook([load(str(base))]).book.pages[0]
    assert any("still placeholders" in str(cell[0]) for cell in cover.cells.values())


def test_a_number_that_was_filled_in_counts_no_more(base):
    path = base.parent.parent / "inputs" / "population" / "cohort.yaml"
    before = path.read_text(encoding="utf-8")
    all_held = read_first(load(str(base)))[0].message
    path.write_text(before.replace("source: [placeholder]", "source: [mine]", 1), encoding="utf-8")
    sources = base.parent.parent / "inputs" / "sources.yaml"
    sources.write_text(sources.read_text(encoding="utf-8") + "\nmine:\n  title: Mine\n", encoding="utf-8")
    fewer = read_first(load(str(base)))[0].message
    assert int(fewer.split()[0]) == int(all_held.split()[0]) - 1


def test_a_model_without_placeholders_says_nothing_of_them():
    assert all(line.code != "placeholders" for line in read_first(load("pnet")))
