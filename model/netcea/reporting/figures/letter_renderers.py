"""Renderers of matplotlib that draw text as outlines of letters: dots, and lines of an SVG file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import rgb2hex
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from netcea.reporting.figures.letters import SIZE, Letter, Line, laid_out

POINTS: Final = 72.0
"""An inch."""
_SEGMENTS: Final = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3)}
"""Code of a segment of an outline -> its letter in an SVG file, and how many points it has."""


class Pixels(RendererAgg):
    """Dots, with text as filled outlines."""

    def __init__(self, width: float, height: float, dpi: float) -> None:
        begin: Any = super().__init__
        begin(width, height, dpi)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Draw a line of text; what the house font cannot do alone is left to matplotlib."""
        line = None if ismath else laid_out(s, prop)
        if line is None:
            by_matplotlib: Any = super()
            by_matplotlib.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        look = self.new_gc()
        look.copy_properties(gc)
        look.set_linewidth(0.0)
        look.set_snap(False)
        colour = gc.get_rgb()
        if gc.get_forced_alpha():
            colour = (*colour[:3], gc.get_alpha())
        scale = prop.get_size_in_points() / SIZE * self.dpi / POINTS
        place = Affine2D().scale(scale).rotate_deg(angle).translate(x, self.height - y)
        draw: Any = self.draw_path
        draw(look, line.path, place, colour)

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text [dots]."""
        scale = self.dpi / POINTS
        width, height, descent = measured(s, prop, ismath)
        return width * scale, height * scale, descent * scale


class Lines(RendererSVG):
    """An SVG file, in which every letter stands once, however often it is used."""

    def __init__(
        self, width: float, height: float, file: io.StringIO, dpi: float, about: Mapping[str, str | None]
    ) -> None:
        begin: Any = super().__init__
        begin(width, height, file, image_dpi=dpi, metadata=dict(about))
        self.file = file
        self.known: set[str] = set()

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Draw a line of text; what the house font cannot do alone is left to matplotlib."""
        line = None if ismath else laid_out(s, prop)
        cut = gc.get_clip_rectangle() is not None or gc.get_clip_path()[0] is not None
        if line is None or cut or gc.get_url() is not None:
            by_matplotlib: Any = super()
            by_matplotlib.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        writer: Any = self.writer
        writer.comment(s)  # which also ends the tag that is open
        self.file.write(self._text(gc, (x, y), line, prop.get_size_in_points() / SIZE, angle))

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text [points]."""
        return measured(s, prop, ismath)

    def _text(self, gc: Any, at: tuple[float, float], line: Line, scale: float, angle: float) -> str:
        opacity = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        look = f"fill: {rgb2hex(gc.get_rgb())}" + ("" if opacity == 1 else f"; opacity: {_number(opacity)}")
        turned = f" rotate({_number(-angle)})" if angle else ""
        place = f"translate({_number(at[0])} {_number(at[1])}){turned} scale({_number(scale)} {_number(-scale)})"
        new = {letter.name: letter for letter, _ in line.letters if letter.name not in self.known}
        self.known.update(new)
        defined = "".join(f'<path id="{name}" d="{_outline(letter)}"/>\n' for name, letter in new.items())
        used = "".join(
            f'<use xlink:href="#{letter.name}"' + (f' x="{_number(start)}"/>\n' if start else "/>\n")
            for letter, start in line.letters
        )
        definitions = f"<defs>\n{defined}</defs>\n" if defined else ""
        return f'<g style="{look}" transform="{place}">\n{definitions}{used}</g>\n'


def measured(s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
    """Return width, height and descent of a line of text [points]."""
    line = None if ismath else laid_out(s, prop)
    if line is None:
        width, height, descent = text_to_path.get_text_width_height_descent(s, prop, ismath)
        return float(width), float(height), float(descent)
    scale = prop.get_size_in_points() / SIZE
    return line.width * scale, line.height * scale, line.descent * scale


@lru_cache(maxsize=4096)
def _outline(letter: Letter) -> str:
    """Return an outline as an SVG file has it."""
    found: list[str] = []
    at, codes, points = 0, letter.codes.tolist(), letter.vertices.tolist()
    while at < len(codes):
        if codes[at] not in _SEGMENTS:
            found.append("z")
            at += 1
            continue
        sign, n = _SEGMENTS[codes[at]]
        found.append(sign + " ".join(f"{_number(x)} {_number(y)}" for x, y in points[at : at + n]))
        at += n
    return "".join(found)


def _number(value: float) -> str:
    """Return a number in at most six decimals.

    >>> _number(0.09), _number(12.0), _number(-0.0)
    ('0.09', '12', '0')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
