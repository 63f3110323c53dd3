"""PDF files of one figure: lines and texts of a page, by pypdf."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.errors import Place
from netcea.evidence.vector.shapes import IDENTITY, Drawing, Label, Matrix, Pen, lines_of, moved, product
from netcea.evidence.vector.svg import WIDTH_OF_LETTER

if TYPE_CHECKING:
    from pypdf import PdfReader

INSTALL: Final = "install it with `pip install netcea[pdf]`, or save the figure as SVG"
DEEPEST: Final = 12


def read_pdf(data: bytes, place: Place, page: int = 1) -> Drawing:
    """Return what a page of a PDF file draws.

    Parameters
    ----------
    data : bytes
        Of the file.
    place : Place
        Of the file, for messages.
    page : int
        From 1.

    Raises
    ------
    InputError
        No PDF; no such page; pypdf is not installed.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise place.error("a PDF file", "pypdf, which reads it", INSTALL) from None
    try:
        reader = PdfReader(io.BytesIO(data))
        count = len(reader.pages)
        if not 1 <= page <= count:
            raise place.error(f"page {page}", f"a page from 1 to {count}")
        return _Reader(reader).drawing(page - 1)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise place.error(f"damaged PDF ({error})", "a PDF file of a figure") from None


class _State:
    """What `q` keeps and `Q` brings back."""

    def __init__(self) -> None:
        self.matrix: Matrix = IDENTITY
        self.stroke = "#000000"
        self.fill = "#000000"
        self.dashed = False
        self.size = 12.0

    def copy(self) -> _State:
        other = _State()
        other.__dict__.update(self.__dict__)
        return other


class _Reader:
    def __init__(self, reader: PdfReader) -> None:
        self.reader = reader
        self.found = Drawing()
        self.state, self.kept = _State(), list[_State]()
        self.pen = Pen()
        self.text: Matrix = IDENTITY
        self.line: Matrix = IDENTITY
        self.texts: list[tuple[str, float, float, float, float]] = []

    def drawing(self, number: int) -> Drawing:
        page = self.reader.pages[number]
        height = float(page.mediabox.height)
        self.state.matrix = (1.0, 0.0, 0.0, -1.0, 0.0, height)  # y down, as everywhere else
        self._run(page.get_contents(), page.get("/Resources"), 0)
        return self.found

    def _run(self, contents: Any, resources: Any, depth: int) -> None:
        if contents is None or depth > DEEPEST:
            return
        from pypdf.generic import ContentStream

        for operands, operator in ContentStream(contents, self.reader).operations:
            name = operator.decode("latin-1")
            if name == "Do":
                self._object(operands[0], resources, depth)
            elif (act := _ACTS.get(name)) is not None:
                act(self, operands)

    def _object(self, name: Any, resources: Any, depth: int) -> None:
        found = (resources.get_object() if resources else {}).get("/XObject", {})
        target = found.get_object().get(name) if found else None
        target = target.get_object() if target is not None else None
        if target is None or target.get("/Subtype") != "/Form":
            return
        kept = self.state.copy()
        matrix = [float(x) for x in target.get("/Matrix", IDENTITY)]
        self.state.matrix = product((matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]), kept.matrix)
        self._run(target, target.get("/Resources", resources), depth + 1)
        self.state = kept

    # ------------------------------------------------------------------------------------------ state
    def save(self, _: Sequence[Any]) -> None:
        self.kept.append(self.state.copy())

    def restore(self, _: Sequence[Any]) -> None:
        if self.kept:
            self.state = self.kept.pop()

    def concat(self, x: Sequence[Any]) -> None:
        self.state.matrix = product(_six(x), self.state.matrix)

    def dash(self, x: Sequence[Any]) -> None:
        self.state.dashed = bool(len(x[0]))

    def stroke_colour(self, x: Sequence[Any]) -> None:
        self.state.stroke = _colour(x) or self.state.stroke

    def fill_colour(self, x: Sequence[Any]) -> None:
        self.state.fill = _colour(x) or self.state.fill

    # ------------------------------------------------------------------------------------------ paths
    def move(self, x: Sequence[Any]) -> None:
        self.pen.move(float(x[0]), float(x[1]))

    def go(self, x: Sequence[Any]) -> None:
        self.pen.line(float(x[0]), float(x[1]))

    def curve(self, x: Sequence[Any]) -> None:
        points = [(float(a), float(b)) for a, b in zip(x[::2], x[1::2], strict=True)]
        self.pen.curve(points[:-1], points[-1])

    def rectangle(self, x: Sequence[Any]) -> None:
        left, low, width, height = (float(value) for value in x)
        self.pen.move(left, low)
        for corner in ((left + width, low), (left + width, low + height), (left, low + height)):
            self.pen.line(*corner)
        self.pen.close()

    def close(self, _: Sequence[Any]) -> None:
        self.pen.close()

    def paint(self, *, stroked: bool) -> None:
        colour = self.state.stroke if stroked else self.state.fill
        self.found.lines += lines_of(self.pen, self.state.matrix, colour, dashed=self.state.dashed, filled=not stroked)
        self.pen = Pen()

    def close_and_paint(self, x: Sequence[Any]) -> None:
        self.close(x)
        self.paint(stroked=True)

    # ------------------------------------------------------------------------------------------ texts
    def begin(self, _: Sequence[Any]) -> None:
        self.text = self.line = IDENTITY

    def font(self, x: Sequence[Any]) -> None:
        self.state.size = float(x[1])

    def place_text(self, x: Sequence[Any]) -> None:
        self.text = self.line = _six(x)

    def next_line(self, x: Sequence[Any]) -> None:
        self.text = self.line = product((1.0, 0.0, 0.0, 1.0, float(x[0]), float(x[1])), self.line)

    def show(self, x: Sequence[Any]) -> None:
        parts = x[0] if isinstance(x[0], list) else [x[0]]
        words = "".join(_words(part) for part in parts if not isinstance(part, int | float))
        size, matrix = self.state.size, product(self.text, self.state.matrix)
        width = WIDTH_OF_LETTER * size * len(words)
        corners = moved(np.array([[0.0, 0.36 * size], [width, 0.36 * size], [0.0, size]]), matrix)
        if words.strip():
            low, high = corners[:2].min(axis=0), corners[:2].max(axis=0)
            height = float(np.hypot(*(corners[2] - corners[0]))) / 0.64
            self._label(words, float(low[0]), float(high[0]), float(corners[:2, 1].mean()), height)
        self.text = product((1.0, 0.0, 0.0, 1.0, width, 0.0), self.text)

    def _label(self, words: str, left: float, right: float, y: float, height: float) -> None:
        """Add a text; letters that follow each other on a line are one text."""
        last = self.found.labels[-1] if self.found.labels else None
        joins = last is not None and abs(last.y - y) < 0.1 * height and -0.6 * height < left - last.right < 0.6 * height
        if last is not None and joins and last.height == height:
            self.found.labels[-1] = Label(last.text + words, last.left, right, y, height)
        else:
            self.found.labels.append(Label(words, left, right, y, height))


def _six(x: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in x)
    return (a, b, c, d, e, f)


def _words(part: Any) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else str(part)


def _colour(x: Sequence[Any]) -> str:
    values = [float(v) for v in x if isinstance(v, int | float) or hasattr(v, "as_numeric")]
    if len(values) == 4:
        c, m, y, k = values
        values = [(1.0 - c) * (1.0 - k), (1.0 - m) * (1.0 - k), (1.0 - y) * (1.0 - k)]
    if len(values) == 1:
        values *= 3
    return "#" + "".join(f"{round(255 * min(max(v, 0.0), 1.0)):02x}" for v in values) if len(values) == 3 else ""


_ACTS: Final[dict[str, Callable[[_Reader, Sequence[Any]], None]]] = {
    "q": _Reader.save,
    "Q": _Reader.restore,
    "cm": _Reader.concat,
    "d": _Reader.dash,
    "m": _Reader.move,
    "l": _Reader.go,
    "c": _Reader.curve,
    "v": _Reader.curve,
    "y": _Reader.curve,
    "re": _Reader.rectangle,
    "h": _Reader.close,
    "BT": _Reader.begin,
    "Tf": _Reader.font,
    "Tm": _Reader.place_text,
    "Td": _Reader.next_line,
    "TD": _Reader.next_line,
    "Tj": _Reader.show,
    "TJ": _Reader.show,
    **dict.fromkeys(("RG", "G", "K", "SC", "SCN"), _Reader.stroke_colour),
    **dict.fromkeys(("rg", "g", "k", "sc", "scn"), _Reader.fill_colour),
    **dict.fromkeys(("S", "B", "B*"), lambda reader, _: reader.paint(stroked=True)),
    **dict.fromkeys(("f", "F", "f*", "n"), lambda reader, _: reader.paint(stroked=False)),
    **dict.fromkeys(("s", "b", "b*"), _Reader.close_and_paint),
}
