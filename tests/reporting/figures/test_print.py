"""What is printed: its size, its trials, its second scales, its fallbacks."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import netcea
from helpers.figure_checks import words
from netcea import load
from netcea.analyses.base_case.figures.costs import costs, costs_by_category
from netcea.analyses.shared.price_steps import is_price_alone, own_prices
from netcea.batch.forest import _price_steps
from netcea.cli.main import main
from netcea.reporting.figures import glyphs
from netcea.reporting.figures.axes import name_axes
from netcea.reporting.figures.files import figure_bytes
from netcea.reporting.figures.glyphs import named, replacements
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import page
from netcea.reporting.figures.style import BLUE, styled

DISCOUNT = "costs.drug.cabozantinib.discount"


def test_a_picture_is_16_cm_wide_at_300_dots_an_inch():
    with styled():
        image = Image.open(io.BytesIO(figure_bytes(page("Title", "", 2.0).figure)["png"]))
    assert image.info["dpi"] == pytest.approx((300.0, 300.0), abs=0.1)
    assert image.width / image.info["dpi"][0] * 2.54 == pytest.approx(16.0, abs=0.02)


def test_the_trial_of_each_mark_is_named():
    result = netcea.run("pnet", ledger=False)
    figure = result.figure("os")
    legend = {t.get_text() for one in figure.legends for t in one.get_texts()}
    assert "CABINET, pancreatic cohort: used for the curve" in legend
    assert "CABINET, pancreatic cohort: not used for the curve" in legend
    assert "RADIANT-3 (another trial): not used for the curve, with 95% interval" in legend
    marks = {line.get_marker() for line in figure.axes[0].lines} - {"None", "|", "_"}
    assert {"o", "D"} <= marks


def test_what_hides_all_other_costs_is_left_out_of_a_second_panel():
    result = netcea.run("pnet", ledger=False)
    figure = costs(result)
    assert len(figure.axes) == 2
    rest = {
        name: sum(v for c, v in costs_by_category(result, name).items() if c.name != "drug_of_strategy")
        for name in result.case.strategies
    }
    drawn = {}
    for bar in figure.axes[1].patches:
        row = round(bar.get_y() + bar.get_height() / 2)
        drawn[row] = drawn.get(row, 0.0) + bar.get_width()
    assert list(drawn.values()) == pytest.approx(list(rest.values()))
    assert all(f"£{value:,.0f}" in words(figure) for value in rest.values())
    cheap = netcea.run(load("pnet", {DISCOUNT: 0.8}), ledger=False)
    assert len(costs(cheap).axes) == 1


def test_steps_of_the_price_alone_are_told_from_other_changes():
    base = load("pnet")
    assert own_prices(base) == {"costs.drug.cabozantinib.price_per_pack", DISCOUNT}
    assert is_price_alone(load("scenarios/sensitivity/pnet_price_minus_50_percent.yaml"), base)
    assert not is_price_alone(base, base)
    assert not is_price_alone(load("pnet", {DISCOUNT: 0.5, "settings.horizon_years": 20}), base)
    assert not is_price_alone(load("pnet", {DISCOUNT: 0.5, "costs.drug.lanreotide.discount": 0.5}), base)
    assert not is_price_alone(load("scenarios/sensitivity/pnet_os_exponential.yaml"), base)


def test_the_ledger_leaves_steps_of_the_price_to_the_ladder():
    said = words(netcea.run("pnet").figure("ledger"))
    assert "Left out: 9 steps of the price alone" in said
    assert "below list price" not in said
    assert "Somatostatin analogue at half its price" in said
    assert "Scenarios that test the assumptions: pNET base case" in said


def _steps_of(**variants):
    """Return what the forest of a batch leaves out: variants of pNET, each with its changes."""
    scenarios = {"base": load("pnet")} | {name: load("pnet", changes) for name, changes in variants.items()}
    units = [SimpleNamespace(variant=name, scenario=scenario) for name, scenario in scenarios.items()]
    lines = [SimpleNamespace(variant=name, base="" if name == "base" else "base") for name in scenarios]
    return _price_steps(SimpleNamespace(units=units), lines)


def test_a_batch_leaves_steps_of_the_price_out_unless_it_is_about_prices():
    half, horizon = {DISCOUNT: 0.5}, {"settings.horizon_years": 20}
    assert _steps_of(half=half, horizon=horizon) == {"half"}
    assert _steps_of(half=half, both=half | horizon, horizon=horizon) == set()
    assert _steps_of(half=half, quarter={DISCOUNT: 0.25}) == set()
    assert _steps_of(horizon=horizon) == set()


def test_labels_without_room_beside_their_mark_stand_apart_with_a_stroke():
    with styled():
        axes = page("Title", "", 3.0).whole()
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(0.0, 1.0)
        x = np.linspace(0.4, 0.6, 40)
        curves = [(np.array([at, at]), np.array([0.3, 0.7])) for at in x]
        place_labels(axes, [Label(0.5, 0.5, "31.1 months", BLUE)], curves)
        assert len(axes.lines) == 1
        place_labels(axes, [Label(0.9, 0.9, "free", BLUE)], curves)
        assert len(axes.lines) == 1


def test_names_of_axes_are_wrapped():
    with styled():
        axes = page("Title", "", 3.0).whole()
        name_axes(axes, up="Hazard ratio (below 1: " + 3 * "a very long name of an arm " + "better)")
    assert 1 <= axes.get_ylabel().count("\n") <= 1


def test_what_stands_for_a_label_is_said_once(monkeypatch, tmp_path):
    monkeypatch.setattr(glyphs, "_of_the_system", tuple)
    glyphs._fonts_of.cache_clear()
    label = "strategies.cabozantinib.label=卡博替尼"
    done = CliRunner().invoke(
        main, ["run", "pnet", "--set", label, "--no-ledger", "--quiet", "--out", str(tmp_path / "o")]
    )
    glyphs._fonts_of.cache_clear()
    assert done.exit_code == 0, done.output
    assert done.output.count("No font of this machine") == 1
    assert "卡博替尼 as cabozantinib" in done.output
    svg = (tmp_path / "o" / "figures" / "pfs.svg").read_text(encoding="utf-8")
    assert "cabozantinib" in svg


def test_nothing_is_said_of_letters_that_are_drawn():
    with replacements() as found, named({"Καβο": "cabo"}):
        assert glyphs.drawable("Καβο: 5 €") == "Καβο: 5 €"
    assert found == {}
