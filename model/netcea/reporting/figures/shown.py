"""A figure that shows itself in a notebook, without pyplot and whatever backend is set."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from matplotlib.figure import Figure

from netcea.reporting.figures.style import styled

NOTEBOOK_DPI: Final = 100
"""Dots per inch on the screen of a notebook."""


class ShownFigure(Figure):
    """A matplotlib figure which a notebook shows when it stands last in a cell.

    Figures are made without pyplot (nothing stays open), so a notebook knows of none of them by itself.
    """

    @styled()
    def _repr_png_(self) -> bytes:
        image = BytesIO()
        self.savefig(image, format="png", dpi=NOTEBOOK_DPI)
        return image.getvalue()
