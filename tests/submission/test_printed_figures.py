"""Figures of the document have the dots that print needs, whatever their own size."""

import io

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from netcea.submission.blocks import FigureBlock
from netcea.submission.document.figures import WIDEST_FIGURE, figure_png


@pytest.mark.parametrize("inches", [8.0, 6.0, 10.0])
def test_a_figure_has_250_dots_an_inch_where_it_is_printed(inches):
    """Its pixels over the inches of the page."""
    data, ratio = figure_png(FigureBlock("one", lambda: plt.figure(figsize=(inches, 4.0)), "One", "A figure"))
    plt.close("all")
    dots = Image.open(io.BytesIO(data)).width / (WIDEST_FIGURE / 2.54)
    assert 250.0 <= dots < 255.0
    assert ratio == 4.0 / inches
