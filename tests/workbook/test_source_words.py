"""Options, fitted parameters and spreads in words that a person would give, and nothing empty on paper."""

from __future__ import annotations

import io

import openpyxl
import pytest

from netcea.loading import load
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets.draw_layout import ADDRESS, HOW
from netcea.workbook.sheets.inputs import LABEL
from netcea.workbook.source_words import SourceWords

FEW = ["settings.horizon_years=3"]
FIT = "survival.cabinet_pnet.pfs_nejm"


@pytest.fixture(scope="module")
def made():
    return live_workbook([load("pnet", FEW), load("pnet_pfs_gompertz", FEW)], live_draws=5)


def test_a_fit_is_called_by_its_family_its_trial_and_what_its_figures_have_in_common():
    words = SourceWords([load("pnet")])
    assert words.fit(f"{FIT}.weibull") == "Weibull, CABINET, pancreatic cohort (central review, NEJM, pNET)"
    assert words.group("survival.radiant3.os_placebo_landmarks") == "RADIANT-3 (placebo)"
    assert words.group("survival.nobody.os") == "nobody.os", "without labels its address"


def test_no_option_and_no_label_is_an_address(made):
    options = [option for choice in made.variants.all_choices for option in choice.options]
    labels = [str(made.inputs.page.value(row, LABEL)) for row in made.inputs.rows.values()]
    assert [text for text in (*options, *labels) if "_" in text] == []
    curve = made.variants.curves["strategies.cabozantinib.pfs"]
    assert curve.origin.options[1].startswith("Gompertz: CABINET, pancreatic cohort")


def test_spreads_that_stay_as_exported_say_so(made):
    page = made.book.sheet("Draw")
    words = {page.value(row, ADDRESS): str(page.value(row, HOW)) for row in range(1, page.last_row + 1)}
    assert words[f"{FIT}.gompertz.shape"].endswith("; spread as exported")
    assert not words[f"{FIT}.weibull.shape"].endswith("as exported"), "it follows its figures"


def test_live_tables_that_are_off_have_their_head_alone_on_paper(made):
    book = openpyxl.load_workbook(io.BytesIO(made.as_bytes()))
    for name, page in (("One-way live", made.one_way.page), ("PSA live", made.live.page)):
        (area,) = book[name].print_area.split(",")
        last = int(area.rpartition("$")[2])
        assert page.charts
        assert last < page.tables[0].first - 20
