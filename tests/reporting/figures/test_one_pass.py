"""A figure drawn once for both kinds of file: its dots are matplotlib's own, and its lines lie where the dots are."""

import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from PIL import Image

from netcea.reporting.figures.files import PNG_DPI, figure_bytes
from netcea.reporting.figures.letters import SIZE, laid_out
from netcea.reporting.figures.one_pass import drawn
from netcea.reporting.figures.png import png_bytes
from netcea.reporting.figures.style import HOUSE_FONT, styled

ABOUT = {"Date": None, "Creator": "netcea"}
SVG = "{http://www.w3.org/2000/svg}"


def _everything(*, dots: bool = False) -> Figure:
    """Return a figure with all that figures are made of, each cut to its panel or beyond it."""
    figure = Figure(figsize=(4.0, 3.0), facecolor="white")
    axes = figure.add_axes((0.2, 0.25, 0.7, 0.6))
    x = np.linspace(0.0, 3.0, 50)
    axes.plot(x, np.exp(-x), dashes=(5, 3), linewidth=1.8, label="Curve")
    axes.plot(x[::10], np.exp(-x[::10]) + 0.1, "D", markersize=6.0, clip_on=False)
    axes.fill_between(x, 0.0, np.exp(-2.0 * x), alpha=0.4, hatch="///")
    axes.scatter(x, 0.5 + 0.4 * np.sin(9.0 * x), s=9.0, alpha=0.5, rasterized=dots)
    axes.pcolormesh([2.0, 2.5, 4.0], [0.6, 0.8, 1.0], [[0.0, 1.0], [2.0, 3.0]])
    axes.set(xlim=(0.0, 3.0), ylim=(0.0, 1.0), xlabel="Time (years)", ylabel="Alive, £ − ≥ 50%")
    axes.text(1.0, 0.7, "Typ: AV\nfrei", size=9.0, style="italic", bbox={"facecolor": "white", "alpha": 0.7})
    axes.text(-0.1, 0.9, "Cut to the panel", clip_on=True)
    figure.text(0.02, 0.93, "Title", weight="bold", size=13.0)
    figure.legend(loc="lower right")
    return figure


def _pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=float)


@pytest.mark.parametrize("dots", [False, True])
def test_dots_are_those_that_matplotlib_draws_by_itself(dots: bool) -> None:
    with styled():
        found, _ = drawn(_everything(dots=dots), PNG_DPI, ABOUT)
        reference = io.BytesIO()
        _everything().savefig(reference, format="png", dpi=PNG_DPI)
    apart = np.abs(found[..., :3].astype(float) - _pixels(reference.getvalue())).max(axis=2)
    assert (apart > 64.0).mean() < 0.002
    assert apart.mean() < 0.5


@styled()
def test_a_cloud_of_dots_is_one_picture_in_the_lines() -> None:
    (_, lines), (_, without) = drawn(_everything(dots=True), PNG_DPI, ABOUT), drawn(_everything(), PNG_DPI, ABOUT)
    assert lines.count(b"<image") == 1
    assert b"<image" not in without
    assert lines.count(b"<use") < without.count(b"<use")


@pytest.mark.parametrize("angle", [0.0, 90.0])
def test_letters_of_the_lines_lie_where_the_dots_are(angle: float) -> None:
    with styled():
        figure = Figure(figsize=(3.0, 2.0), facecolor="white")
        figure.text(0.4, 0.3, "Lg AV", size=20.0, rotation=angle)
        dots, lines = drawn(figure, PNG_DPI, ABOUT)
    inked = np.argwhere(dots[..., 0] < 128) * 72.0 / PNG_DPI
    points = np.concatenate(list(_outlines(ET.fromstring(lines))))  # noqa: S314 - our own
    assert np.allclose(points.min(axis=0)[::-1], inked.min(axis=0), atol=1.0)
    assert np.allclose(points.max(axis=0)[::-1], inked.max(axis=0), atol=1.0)


def _outlines(svg: ET.Element):
    """Yield the points of each letter that is used [points from the upper left]."""
    known = {
        path.get("id"): np.array(re.findall(r"-?[\d.]+", path.get("d")), dtype=float).reshape(-1, 2)
        for path in svg.findall(f".//{SVG}path")
        if path.get("id")
    }
    for group in svg.findall(f".//{SVG}g[@transform]"):
        moves = dict(re.findall(r"(\w+)\(([^)]*)\)", group.get("transform")))
        size = np.array(moves["scale"].split(), dtype=float)
        turn = np.radians(float(moves.get("rotate", "0")))
        turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        for use in group.findall(f"{SVG}use"):
            outline = known[use.get("{http://www.w3.org/1999/xlink}href")[1:]] + [float(use.get("x", "0")), 0.0]
            yield outline * size @ turned + np.array(moves["translate"].split(), dtype=float)


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("text", ["Costs (£)", "To AV, Ty 1.5", "−£1,234 ≥ ½", "Καβο Ж", " a "])
def test_a_line_is_as_long_as_matplotlib_has_it(text: str, weight: str) -> None:
    properties = FontProperties(family=[HOUSE_FONT], weight=weight, size=SIZE)
    line = laid_out(text, properties)
    expected = text_to_path.get_text_width_height_descent(text, properties, False)
    assert (line.width, line.height, line.descent) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("text", ["e\u0301", "سرطان", "卡博替尼", "क्ष", "a\u200db", "", "a\nb"])
def test_what_needs_more_than_widths_is_left_to_matplotlib(text: str) -> None:
    assert laid_out(text, FontProperties(family=[HOUSE_FONT])) is None


@styled()
def test_text_that_matplotlib_lays_out_is_drawn_in_both() -> None:
    figure = Figure(figsize=(3.0, 1.0), facecolor="white")
    figure.text(0.1, 0.3, "e\u0301", size=30.0)
    dots, lines = drawn(figure, PNG_DPI, ABOUT)
    assert (dots[..., 0] < 128).sum() > 100
    assert b"<use" in lines


def test_a_png_file_holds_its_pixels_and_says_what_it_is() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    for opaque in (False, True):
        if opaque:
            pixels[..., 3] = 255
        read = Image.open(io.BytesIO(png_bytes(pixels, 150.0, {"Software": "netcea", "Description": "Preis: 价格"})))
        read.load()
        assert np.array_equal(np.asarray(read.convert("RGBA")), pixels)
        assert read.info["Software"] == "netcea"
        assert read.info["Description"] == "Preis: 价格"
        assert read.info["dpi"] == pytest.approx((150.0, 150.0), abs=0.02)
        assert read.mode == ("RGB" if opaque else "RGBA")


@styled()
def test_the_figure_is_as_it_was_and_gives_the_same_bytes_again() -> None:
    figure = _everything()
    before = figure.dpi
    first = figure_bytes(figure)
    assert figure.dpi == before
    assert figure_bytes(figure) == first
