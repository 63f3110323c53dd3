"""What is drawn in a figure: lines and texts on a page, whatever the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from netcea.arrays import Array

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Line:
    """A line of straight pieces.

    Attributes
    ----------
    points : Array (point, 2)
        x to the right, y down. [page units]
    stroke : str
        Colour, as the file writes it.
    dashed, closed, filled : bool
    """

    points: Array
    stroke: str
    dashed: bool = False
    closed: bool = False
    filled: bool = False

    @property
    def low(self) -> Array:
        """Left and upper edge, Array (2,). [page units]."""
        return np.asarray(self.points.min(axis=0), dtype=np.float64)

    @property
    def high(self) -> Array:
        """Right and lower edge, Array (2,). [page units]."""
        return np.asarray(self.points.max(axis=0), dtype=np.float64)

    @property
    def size(self) -> Array:
        """Width and height, Array (2,). [page units]."""
        return np.asarray(self.high - self.low, dtype=np.float64)

    @property
    def middle(self) -> Array:
        """Of its edges, Array (2,). [page units]."""
        return np.asarray((self.high + self.low) / 2.0, dtype=np.float64)


@dataclass(frozen=True)
class Label:
    """A text.

    Attributes
    ----------
    text : str
    left, right, y : float
        Its ends and its middle. [page units]
    height : float
        Of its letters. [page units]
    """

    text: str
    left: float
    right: float
    y: float
    height: float

    @property
    def x(self) -> float:
        """Its middle. [page units]."""
        return (self.left + self.right) / 2.0


@dataclass
class Drawing:
    """All of a page.

    Attributes
    ----------
    lines : list of Line
    labels : list of Label
    """

    lines: list[Line] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def product(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies `first` and then `then`.

    Parameters
    ----------
    first, then : Matrix
        x' = a x + c y + e, y' = b x + d y + f.

    Examples
    --------
    >>> product((2.0, 0.0, 0.0, 2.0, 0.0, 0.0), (1.0, 0.0, 0.0, 1.0, 5.0, 0.0))
    (2.0, 0.0, 0.0, 2.0, 5.0, 0.0)
    """
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def moved(points: Array, matrix: Matrix) -> Array:
    """Return points after a matrix, Array (point, 2). [page units]

    Parameters
    ----------
    points : Array (point, 2)
        [any]
    matrix : Matrix
    """
    a, b, c, d, e, f = matrix
    x, y = points[:, 0], points[:, 1]
    return np.column_stack([a * x + c * y + e, b * x + d * y + f])


class Pen:
    """Makes lines of straight pieces out of the commands of a path.

    Attributes
    ----------
    subpaths : list of (list of points, closed)
    """

    CURVE = 8
    """Straight pieces of a curved one."""

    def __init__(self) -> None:
        self.subpaths: list[tuple[list[tuple[float, float]], bool]] = []
        self.at = (0.0, 0.0)

    def move(self, x: float, y: float) -> None:
        """Begin a line."""
        self.subpaths.append(([(x, y)], False))
        self.at = (x, y)

    def line(self, x: float, y: float) -> None:
        """Go straight on."""
        if not self.subpaths or self.subpaths[-1][1]:
            self.move(*self.at)
        self.subpaths[-1][0].append((x, y))
        self.at = (x, y)

    def curve(self, control: Sequence[tuple[float, float]], end: tuple[float, float]) -> None:
        """Go on in a Bezier curve of any degree."""
        points = np.array([self.at, *control, end])
        for t in np.linspace(0.0, 1.0, self.CURVE + 1)[1:]:
            left = points
            while len(left) > 1:
                left = (1.0 - t) * left[:-1] + t * left[1:]
            self.line(float(left[0, 0]), float(left[0, 1]))

    def close(self) -> None:
        """Go back to where the line began."""
        if self.subpaths:
            points, _ = self.subpaths[-1]
            points.append(points[0])
            self.subpaths[-1] = (points, True)
            self.at = points[0]


def lines_of(pen: Pen, matrix: Matrix, stroke: str, *, dashed: bool, filled: bool) -> Iterable[Line]:
    """Yield the lines of a path on the page.

    Parameters
    ----------
    pen : Pen
        With its subpaths.
    matrix : Matrix
        To the page.
    stroke : str
    dashed, filled : bool
    """
    for points, closed in pen.subpaths:
        if len(points) > 1:
            yield Line(moved(np.array(points, dtype=np.float64), matrix), stroke, dashed, closed, filled)
