"""A figure as a picture of the size at which it is printed, drawn once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from netcea.submission.blocks import FigureBlock
from netcea.submission.document.lengths import INCH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST_FIGURE: Final = 16.0
"""Two stand on an upright page of A4, and their letters are read without a glass. [cm]"""
DOTS: Final = 250.0
"""Across an inch of print, at the least: a figure that is printed narrower has more. [1 / inch]"""


def figure_png(block: FigureBlock) -> tuple[bytes, float]:
    """Return a figure as a PNG file, and its height over its width.

    Parameters
    ----------
    block : FigureBlock
        Whose figure is drawn.
    """
    from netcea.reporting.figures.one_pass import pixels_of
    from netcea.reporting.figures.png import png_bytes
    from netcea.reporting.figures.style import styled

    with styled():
        figure: Figure = block.draw()
        width, height = (float(size) for size in figure.get_size_inches())
        dpi = math.ceil(DOTS * WIDEST_FIGURE / INCH / width)
        return png_bytes(pixels_of(figure, dpi), dpi, {"Software": "netcea"}), height / width
