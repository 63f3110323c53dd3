"""Figures as PNG and SVG; the same figure gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from netcea.execution.progress import steps
from netcea.reporting.figures.glyphs import finished, named
from netcea.reporting.figures.page import PRINTED_WIDTH, WIDTH
from netcea.reporting.figures.style import SMALL_SIZE, VERMILLION, styled
from netcea.scenario.price_layers import mark_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRINT_DPI: Final = 300.0
"""Dots per inch of a figure as wide as it is printed."""
PNG_DPI: Final = PRINT_DPI * PRINTED_WIDTH / WIDTH
"""The same, of a figure as wide as it is drawn."""
SVG_METADATA: Final[dict[str, str | None]] = {"Date": None, "Creator": "netcea"}
PNG_METADATA: Final = {"Software": "netcea"}


@styled()
def save_figures(
    figures: Mapping[str, Callable[[], Figure]],
    folder: Path,
    marking: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
) -> list[Path]:
    """Draw figures and write each as PNG and SVG into a folder, which is made if need be; return the files.

    Parameters
    ----------
    figures : mapping of name -> function that draws
    folder : Path
    marking : str
        Of a confidential run; empty for others.
    names : mapping of label -> name
        What stands for a label that no font can draw.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = steps(figures.items(), "drawing figures")
    with named(names):
        return [path for name, draw in drawn for path in save_figure(draw(), folder / name, marking)]


@styled()
def marked(figure: Figure, marking: str) -> Figure:
    """Return a figure that can be drawn anywhere, with the mark of a confidential run at its foot where it is one."""
    finished(figure)
    mark = mark_of(marking)
    if mark:
        figure.text(0.5, 0.0, mark, color=VERMILLION, size=SMALL_SIZE, weight="bold", ha="center", va="bottom")
    return figure


@styled()
def save_figure(figure: Figure, path: Path, marking: str = "") -> list[Path]:
    """Write a figure as PNG and SVG; `path` has no ending. Both show a mark, and say it of themselves."""
    paths = []
    for ending, data in figure_bytes(figure, marking).items():
        paths.append(path.with_name(f"{path.name}.{ending}"))
        paths[-1].write_bytes(data)
    return paths


@styled()
def figure_bytes(figure: Figure, marking: str = "") -> dict[str, bytes]:
    """Return ending -> bytes of a figure: png and svg. Both show a mark, and say it of themselves."""
    from netcea.reporting.figures.one_pass import drawn
    from netcea.reporting.figures.png import png_bytes

    marked(figure, marking)
    about = {"Description": marking} if marking else {}
    pixels, svg = drawn(figure, PNG_DPI, {**SVG_METADATA, **about})
    return {"png": png_bytes(pixels, PRINT_DPI, {**PNG_METADATA, **about}), "svg": svg}
