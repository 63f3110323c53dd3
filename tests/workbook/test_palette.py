"""A strategy has one colour: in figures and in the charts of the live workbook."""

from __future__ import annotations

import pytest

from netcea import load
from netcea.reporting.figures.style import HIGH_COLOUR, LOW_COLOUR, STATE_COLOURS, looks
from netcea.workbook.charts import strategy_colours
from netcea.workbook.export import live_workbook


@pytest.fixture(scope="module")
def made():
    return live_workbook([load("pnet_comparators", sets=["settings.horizon_years=2"])])


def drawn(page, part):
    """Return title of a chart's line or area -> its colour, of the charts in whose title a part stands."""
    found = {}
    for chart, _ in page.charts:
        if part in chart.title.tx.rich.p[0].r[0].t:
            for series in chart.series:
                look = series.graphicalProperties
                colour = look.solidFill or look.ln.solidFill
                found[series.tx.v] = f"#{colour.srgbClr}"
    return found


def test_lines_of_a_strategy_have_the_colour_of_its_figures(made):
    base = made.variants.base
    expected = {
        base.label(name): look.colour for name, look in looks(base.strategies, base.file.decision.comparator).items()
    }
    found = drawn(made.results.page, "survival")
    assert found == {f"{label}: {curve}": colour for label, colour in expected.items() for curve in ("OS", "PFS")}
    assert len(set(expected.values())) == len(base.strategies) == 4
    assert strategy_colours(base) == {name: expected[base.label(name)] for name in base.strategies}


def test_states_have_the_colours_of_their_figure(made):
    found = drawn(made.results.page, "Who is where")
    assert {name.lower().replace("-", "_"): colour for name, colour in found.items()} == STATE_COLOURS


def test_low_and_high_values_are_told_apart():
    assert LOW_COLOUR != HIGH_COLOUR
