"""A figure drawn once, as dots and as lines at the same time: what matplotlib works out is worked out for both.

Places are in points (72 an inch). Dots take them times a factor; lines take them as they are.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.transforms import Affine2D, Bbox, TransformedPath

from netcea.reporting.figures.letter_renderers import POINTS, Lines, Pixels, measured

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Dots = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]


def drawn(figure: Figure, dpi: float, about: Mapping[str, str | None]) -> tuple[Dots, bytes]:
    """Return a figure as pixels and as an SVG file.

    Parameters
    ----------
    figure : Figure
        Drawn in the house style.
    dpi : float
        Dots per inch, also of what an SVG file holds as dots.
    about : mapping of keyword -> text
        What the SVG file says of itself; None keeps it from saying so.

    Returns
    -------
    (array, shape (rows, columns, 4), bytes)
    """
    standing = figure.dpi
    figure.dpi = POINTS
    try:
        width, height = (float(inches) for inches in figure.get_size_inches())
        text = io.StringIO()
        lines = Lines(width * POINTS, height * POINTS, text, dpi, about)
        renderer = _Both(Pixels(width * dpi, height * dpi, dpi), lines)
        figure.draw(renderer)
        renderer.lines.finalize()
    finally:
        figure.dpi = standing
    return np.asarray(renderer.pixels.buffer_rgba()), text.getvalue().encode()


def pixels_of(figure: Figure, dpi: float) -> Dots:
    """Return a figure as pixels alone.

    Parameters
    ----------
    figure : Figure
        Drawn in the house style.
    dpi : float
        Dots per inch.

    Returns
    -------
    array, shape (rows, columns, 4)
    """
    width, height = (float(inches) for inches in figure.get_size_inches())
    standing = figure.dpi
    figure.dpi = dpi
    try:
        renderer = Pixels(width * dpi, height * dpi, dpi)
        figure.draw(renderer)
    finally:
        figure.dpi = standing
    drawn: Any = renderer
    return np.asarray(drawn.buffer_rgba())


class _Both(RendererBase):
    """Hands everything on to dots and to lines; what is to be dots in any file goes to dots of its own."""

    def __init__(self, pixels: Any, lines: Any) -> None:
        super().__init__()
        self.pixels, self.lines = pixels, lines
        self.factor: float = pixels.dpi / POINTS
        self.larger = Affine2D().scale(self.factor)
        self.cloud: Any = None

    def get_canvas_width_height(self) -> tuple[float, float]:
        return float(self.lines.width), float(self.lines.height)

    def points_to_pixels(self, points: Any) -> Any:
        return points

    def get_image_magnification(self) -> float:
        return self.factor

    def option_image_nocomposite(self) -> bool:
        return True

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        return measured(s, prop, ismath)

    def open_group(self, s: str, gid: str | None = None) -> None:
        self.lines.open_group(s, gid)

    def close_group(self, s: str) -> None:
        self.lines.close_group(s)

    def start_rasterizing(self) -> None:
        self.cloud = type(self.pixels)(self.pixels.width, self.pixels.height, self.pixels.dpi)

    def stop_rasterizing(self) -> None:
        cloud, self.cloud = self.cloud, None
        if cloud is None:
            return
        image = np.asarray(cloud.buffer_rgba())
        rows, columns = (np.flatnonzero(image[..., 3].any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return
        inked = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][::-1]
        x, y = float(columns[0]), float(image.shape[0] - 1 - rows[-1])
        self.pixels.draw_image(self.pixels.new_gc(), x, y, np.ascontiguousarray(inked))
        self.lines.draw_image(self.lines.new_gc(), x / self.factor, y / self.factor, inked)

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        self._dots.draw_path(self._enlarged(gc), path, transform + self.larger, rgbFace)
        if self.cloud is None:
            self.lines.draw_path(gc, path, transform, rgbFace)

    def draw_markers(
        self, gc: Any, marker_path: Any, marker_trans: Any, path: Any, trans: Any, rgbFace: Any = None
    ) -> None:
        larger = self.larger
        self._dots.draw_markers(self._enlarged(gc), marker_path, marker_trans + larger, path, trans + larger, rgbFace)
        if self.cloud is None:
            self.lines.draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)

    def draw_path_collection(
        self,
        gc: Any,
        master_transform: Any,
        paths: Any,
        all_transforms: Any,
        offsets: Any,
        offset_trans: Any,
        *looks: Any,
        **more: Any,
    ) -> None:
        larger, parts = self.larger, (paths, all_transforms, offsets)
        self._dots.draw_path_collection(
            self._enlarged(gc), master_transform + larger, *parts, offset_trans + larger, *looks, **more
        )
        if self.cloud is None:
            self.lines.draw_path_collection(gc, master_transform, *parts, offset_trans, *looks, **more)

    def draw_quad_mesh(
        self,
        gc: Any,
        master_transform: Any,
        meshWidth: int,
        meshHeight: int,
        coordinates: Any,
        offsets: Any,
        offsetTrans: Any,
        *looks: Any,
    ) -> None:
        larger, parts = self.larger, (meshWidth, meshHeight, coordinates, offsets)
        self._dots.draw_quad_mesh(
            self._enlarged(gc), (master_transform + larger).frozen(), *parts, offsetTrans + larger, *looks
        )
        if self.cloud is None:
            self.lines.draw_quad_mesh(gc, master_transform, *parts, offsetTrans, *looks)

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        self._dots.draw_image(self._enlarged(gc), x * self.factor, y * self.factor, im)
        if self.cloud is None:
            self.lines.draw_image(gc, x, y, im, transform)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        places = (x * self.factor, y * self.factor)
        self._dots.draw_text(self._enlarged(gc), *places, s, prop, angle, ismath, mtext)
        if self.cloud is None:
            self.lines.draw_text(gc, x, y, s, prop, angle, ismath, mtext)

    @property
    def _dots(self) -> Any:
        return self.cloud or self.pixels

    def _enlarged(self, gc: Any) -> Any:
        """Return how something is drawn, with what it is cut to in dots."""
        rectangle, (path, transform) = gc.get_clip_rectangle(), gc.get_clip_path()
        if rectangle is None and path is None:
            return gc
        larger = GraphicsContextBase()
        larger.copy_properties(gc)
        if rectangle is not None:
            larger.set_clip_rectangle(Bbox(np.asarray(rectangle.get_points()) * self.factor))
        if path is not None:
            larger.set_clip_path(TransformedPath(path, transform + self.larger))
        return larger
