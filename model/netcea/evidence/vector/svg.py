"""SVG files: paths, lines, markers and texts on the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np

from netcea.errors import Place
from netcea.evidence.vector.shapes import IDENTITY, Drawing, Label, Matrix, Pen, lines_of, moved, product

_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMANDS: Final = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)")
_TRANSFORM: Final = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_TAKES: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
_STYLED: Final = ("stroke", "fill", "stroke-dasharray", "font-size", "text-anchor", "display", "visibility")
WIDTH_OF_LETTER: Final = 0.55
"""Of the size of letters, where a file does not say how long a text is."""
DEEPEST: Final = 64
"""Elements in elements."""


def read_svg(data: bytes, place: Place) -> Drawing:
    """Return what an SVG file draws.

    Parameters
    ----------
    data : bytes
        Of the file.
    place : Place
        Of the file, for messages.

    Raises
    ------
    InputError
        No SVG.
    """
    if b"<!ENTITY" in data:
        raise place.error("an SVG file with entities of its own", "plain SVG", "save it again without them")
    try:
        root = ET.fromstring(data, ET.XMLParser(target=ET.TreeBuilder(insert_comments=True)))  # noqa: S314 - no entities
    except ET.ParseError as error:
        raise place.error(f"damaged XML ({error})", "an SVG file") from None
    if _tag(root) != "svg":
        raise place.error(f"an XML file of <{_tag(root)}>", "an SVG file")
    return _Reader(root).drawing()


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class _Reader:
    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.ids = {key: e for e in root.iter() if (key := e.get("id")) is not None}
        self.rules = list(_rules(root))
        self.found = Drawing()

    def drawing(self) -> Drawing:
        self._walk(self.root, IDENTITY, {}, 0)
        return self.found

    def _walk(self, element: ET.Element, matrix: Matrix, above: Mapping[str, str], depth: int) -> None:
        tag = _tag(element)
        if depth > DEEPEST or tag in ("defs", "clipPath", "style", "metadata", "symbol", "marker", "pattern", "mask"):
            return
        style = {**above, **self._style(element)}
        if style.get("display") == "none" or style.get("visibility") == "hidden":
            return
        here = product(_matrix(element.get("transform", "")), matrix)
        words = _drawn_text(element) if tag == "g" else ""
        if words:
            self._text_of_shapes(element, words, here, style, depth)
            return
        if tag == "text":
            self._text(element, here, style)
            return
        if tag == "use":
            self._use(element, here, style, depth)
            return
        self._shape(element, tag, here, style)
        for child in element:
            self._walk(child, here, style, depth + 1)

    def _style(self, element: ET.Element) -> dict[str, str]:
        found: dict[str, str] = {}
        classes = (element.get("class") or "").split()
        for selector, declared in self.rules:
            if selector in (_tag(element), *(f".{name}" for name in classes)):
                found |= declared
        found |= {name: element.get(name, "") for name in _STYLED if element.get(name) is not None}
        return found | _declared(element.get("style", ""))

    def _use(self, element: ET.Element, matrix: Matrix, style: Mapping[str, str], depth: int) -> None:
        href = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "href"), "")
        target = self.ids.get(href.removeprefix("#"))
        if target is None:
            return
        shift: Matrix = (1.0, 0.0, 0.0, 1.0, _length(element.get("x")), _length(element.get("y")))
        here = product(shift, matrix)
        if _tag(target) == "symbol":
            for child in target:
                self._walk(child, here, style, depth + 1)
            return
        self._walk(target, here, style, depth + 1)

    def _shape(self, element: ET.Element, tag: str, matrix: Matrix, style: Mapping[str, str]) -> None:
        pen = Pen()
        draw = _SHAPES.get(tag)
        if draw is None:
            return
        draw(element, pen)
        stroke, fill = _colour(style.get("stroke", "none")), _colour(style.get("fill", "black"))
        dashed = style.get("stroke-dasharray", "none") not in ("none", "")
        if stroke != "none" or fill != "none":
            drawn = stroke if stroke != "none" else fill
            self.found.lines += lines_of(pen, matrix, drawn, dashed=dashed, filled=stroke == "none")

    def _text(self, element: ET.Element, matrix: Matrix, style: Mapping[str, str]) -> None:
        spans = [child for child in element.iter() if _tag(child) == "tspan" and (child.text or "").strip()]
        own = "".join(element.itertext()).strip()
        for node in spans if len([s for s in spans if s.get("y") or s.get("x")]) > 1 else [element]:
            words = own if node is element else (node.text or "").strip()
            near = {**style, **self._style(node)}
            at = next((n for n in (node, *spans, element) if n.get("x") is not None), element)
            x, y = _length(at.get("x")), _length(at.get("y"))
            size = _length(near.get("font-size", "12"))
            width = _length(node.get("textLength") or element.get("textLength"))
            self._label(words, (x, y), (width or WIDTH_OF_LETTER * size * len(words), size), near, matrix)

    def _label(
        self, words: str, at: tuple[float, float], extent: tuple[float, float], style: Mapping[str, str], matrix: Matrix
    ) -> None:
        if not words:
            return
        (x, y), (width, size) = at, extent
        left = x - {"middle": 0.5, "end": 1.0}.get(style.get("text-anchor", "start"), 0.0) * width
        corners = moved(np.array([[left, y - 0.36 * size], [left + width, y - 0.36 * size], [left, y - size]]), matrix)
        low, high = corners[:2].min(axis=0), corners[:2].max(axis=0)
        height = float(np.hypot(*(corners[2] - corners[0]))) / 0.64
        self.found.labels.append(Label(words, float(low[0]), float(high[0]), float(corners[:2, 1].mean()), height))

    def _text_of_shapes(
        self, element: ET.Element, words: str, matrix: Matrix, style: Mapping[str, str], depth: int
    ) -> None:
        """Take a text whose letters are drawn as shapes by what a comment says that it is."""
        kept, self.found = self.found, Drawing()
        for child in element:
            self._walk(child, matrix, style, depth + 1)
        drawn, self.found = self.found, kept
        if drawn.lines:
            low = np.min([line.low for line in drawn.lines], axis=0)
            high = np.max([line.high for line in drawn.lines], axis=0)
            label = Label(words, float(low[0]), float(high[0]), float(low[1] + high[1]) / 2.0, float(high[1] - low[1]))
            self.found.labels.append(label)


def _drawn_text(element: ET.Element) -> str:
    """Return what a group of shapes says, where a comment in it does, as matplotlib writes it."""
    if not (element.get("id") or "").startswith("text"):
        return ""
    comments = [child for child in element if not isinstance(child.tag, str)]
    return (comments[0].text or "").strip() if comments else ""


def _rules(root: ET.Element) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the last part of each selector of the file's own styles, and what it declares."""
    for style in root.iter():
        if _tag(style) == "style":
            for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style.text or ""):
                for selector in selectors.split(","):
                    if selector.split():
                        yield selector.split()[-1], _declared(body)


def _declared(text: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in text.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs if name.strip() in _STYLED}


def _colour(text: str) -> str:
    """Return a colour in one spelling.

    >>> _colour("#FF0000"), _colour("#f00"), _colour("rgb(100%, 0%, 0%)"), _colour("rgb(255,0,0)")
    ('#ff0000', '#ff0000', '#ff0000', '#ff0000')
    """
    text = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        return "#" + "".join(c * 2 for c in text[1:])
    if text.startswith("rgb"):
        parts = re.findall(r"([\d.]+)(%?)", text)[:3]
        values = [round(float(x) * (2.55 if percent else 1.0)) for x, percent in parts]
        return "#" + "".join(f"{min(value, 255):02x}" for value in values)
    return {"black": "#000000", "red": "#ff0000", "blue": "#0000ff", "transparent": "none"}.get(text, text)


def _length(text: str | None) -> float:
    found = _NUMBER.search(text or "")
    return float(found.group()) if found else 0.0


def _matrix(text: str) -> Matrix:
    """Return the matrix of a transform.

    >>> _matrix("translate(2 3) scale(2)")
    (2.0, 0.0, 0.0, 2.0, 2.0, 3.0)
    """
    whole = IDENTITY
    for name, arguments in _TRANSFORM.findall(text):
        x = [float(value) for value in _NUMBER.findall(arguments)]
        whole = product(_one_matrix(name, x), whole)
    return whole


def _one_matrix(name: str, x: list[float]) -> Matrix:
    if name == "matrix" and len(x) == 6:
        return (x[0], x[1], x[2], x[3], x[4], x[5])
    if name == "translate":
        return (1.0, 0.0, 0.0, 1.0, x[0], x[1] if len(x) > 1 else 0.0)
    if name == "scale":
        return (x[0], 0.0, 0.0, x[1] if len(x) > 1 else x[0], 0.0, 0.0)
    if name == "rotate":
        turn = float(np.radians(x[0]))
        cos, sin = float(np.cos(turn)), float(np.sin(turn))
        around: Matrix = (cos, sin, -sin, cos, 0.0, 0.0)
        if len(x) == 3:
            there: Matrix = (1.0, 0.0, 0.0, 1.0, -x[1], -x[2])
            return product(product(there, around), (1.0, 0.0, 0.0, 1.0, x[1], x[2]))
        return around
    slope = float(np.tan(np.radians(x[0]))) if x else 0.0
    return (1.0, 0.0, slope, 1.0, 0.0, 0.0) if name == "skewX" else (1.0, slope, 0.0, 1.0, 0.0, 0.0)


def _draw(text: str, pen: Pen) -> None:
    """Follow the commands of a path."""
    control: tuple[float, float] | None = None
    for command, rest in _COMMANDS.findall(text):
        if command in "Zz":
            pen.close()
            continue
        values = [float(x) for x in _NUMBER.findall(rest)]
        upper, size = command.upper(), _TAKES[command.upper()]
        for k in range(0, len(values) - size + 1, size):
            given = values[k : k + size]
            origin = pen.at if command.islower() else (0.0, 0.0)
            control = _step(pen, "L" if upper == "M" and k else upper, given, origin, control)


def _step(
    pen: Pen, command: str, x: list[float], origin: tuple[float, float], control: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Follow one command; return the last control point of a curve."""
    ox, oy = origin
    if command == "H":
        pen.line(x[0] + ox, pen.at[1])
        return None
    if command == "V":
        pen.line(pen.at[0], x[0] + oy)
        return None
    points = [(x[i] + ox, x[i + 1] + oy) for i in range(0, len(x) - len(x) % 2, 2)]
    if command == "M":
        pen.move(*points[0])
    elif command in "LA":
        pen.line(*(points[-1] if command == "L" else (x[5] + ox, x[6] + oy)))
    else:
        if command in "ST":
            before = control or pen.at
            points.insert(0, (2.0 * pen.at[0] - before[0], 2.0 * pen.at[1] - before[1]))
        pen.curve(points[:-1], points[-1])
        return points[-2]
    return None


def _path(element: ET.Element, pen: Pen) -> None:
    _draw(element.get("d", ""), pen)


def _straight(element: ET.Element, pen: Pen) -> None:
    x1, y1, x2, y2 = (_length(element.get(name)) for name in ("x1", "y1", "x2", "y2"))
    pen.move(x1, y1)
    pen.line(x2, y2)


def _polyline(element: ET.Element, pen: Pen) -> None:
    values = [float(x) for x in _NUMBER.findall(element.get("points", ""))]
    for k, point in enumerate(zip(values[::2], values[1::2], strict=False)):
        (pen.line if k else pen.move)(*point)
    if _tag(element) == "polygon":
        pen.close()


def _rectangle(element: ET.Element, pen: Pen) -> None:
    x, y, w, h = (_length(element.get(name)) for name in ("x", "y", "width", "height"))
    pen.move(x, y)
    for corner in ((x + w, y), (x + w, y + h), (x, y + h)):
        pen.line(*corner)
    pen.close()


def _ellipse(element: ET.Element, pen: Pen) -> None:
    cx, cy = _length(element.get("cx")), _length(element.get("cy"))
    rx, ry = (_length(element.get("r") or element.get(name)) for name in ("rx", "ry"))
    pen.move(cx + rx, cy)
    for turn in np.linspace(0.0, 2.0 * np.pi, 9)[1:-1]:
        pen.line(cx + rx * float(np.cos(turn)), cy + ry * float(np.sin(turn)))
    pen.close()


_SHAPES: Final[Mapping[str, Callable[[ET.Element, Pen], None]]] = {
    "path": _path,
    "line": _straight,
    "polyline": _polyline,
    "polygon": _polyline,
    "rect": _rectangle,
    "circle": _ellipse,
    "ellipse": _ellipse,
}
