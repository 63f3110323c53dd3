"""`netcea.digitise`: Kaplan-Meier curves out of a vector figure, for `netcea fit`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netcea.errors import Place
from netcea.evidence.vector.axes import Axis, NoAxisError, through, x_axis, y_axis
from netcea.evidence.vector.panel import FoundCurve, curves_of
from netcea.evidence.vector.pdf import read_pdf
from netcea.evidence.vector.shapes import Drawing
from netcea.evidence.vector.svg import read_svg
from netcea.loading.reading.project import shown
from netcea.loading.reading.python_value import path_of
from netcea.loading.reading.text_file import read_bytes
from netcea.plain_number import read
from netcea.storage.atomic import atomic_write_text

Calibration = Sequence[tuple[float, float]]
"""Two or more places on the page and what stands there."""
PERCENT = 1.5
"""A highest tick of the axis of survival above which it is in percent."""


@dataclass(frozen=True, eq=False)
class DigitisedFigure:
    """What was found in a figure.

    Attributes
    ----------
    name, sha256 : str
        Of the file.
    curves : tuple of FoundCurve
    x, y : Axis
        Of times and survival.
    """

    name: str
    sha256: str
    curves: tuple[FoundCurve, ...]
    x: Axis
    y: Axis

    @property
    def sentences(self) -> list[str]:
        """What was found, and how the axes were placed."""
        ticks = "tick marks" if self.x.at_ticks and self.y.at_ticks else "the middles of labels, for want of tick marks"
        ends = [read(x) for axis in (self.x, self.y) for x in (axis.low, axis.high)]
        placed = f"axes from {ends[0]} to {ends[1]} and from {ends[2]} to {ends[3]}, placed by {ticks}"
        said = [f"{self.name}: {placed}."]
        for curve in self.curves:
            at_risk = f", numbers at risk at {len(curve.at_risk)} times" if curve.at_risk else ""
            said.append(
                f"{curve.name}: {len(curve.time):,} corners to {read(float(curve.time[-1]), 4)}, survival there "
                f"{read(float(curve.survival[-1]), 3)}; {len(curve.censored):,} censoring marks{at_risk}."
            )
        return said

    def write(self, folder: str | Path) -> list[Path]:
        """Write curve.csv (arm, time, survival), censored.csv (arm, time) and at_risk.csv (arm, time, at_risk).

        Parameters
        ----------
        folder : str or Path
            Made where it is not there; the last two files only where the figure has them.

        Returns
        -------
        list of Path
            Of what was written.
        """
        place = path_of(folder, "folder", "a folder")
        place.mkdir(parents=True, exist_ok=True)
        tables: dict[str, tuple[str, list[tuple[str, tuple[float, ...]]]]] = {
            "curve.csv": ("arm,time,survival", [(c.name, pair) for c in self.curves for pair in _pairs(c)]),
            "censored.csv": ("arm,time", [(c.name, (float(t),)) for c in self.curves for t in c.censored]),
            "at_risk.csv": ("arm,time,at_risk", [(c.name, pair) for c in self.curves for pair in c.at_risk]),
        }
        written = []
        for name, (header, rows) in tables.items():
            if rows:
                lines = [",".join((_quoted(arm), *map(repr, numbers))) for arm, numbers in rows]
                atomic_write_text(place / name, "\n".join([header, *lines]) + "\n")
                written.append(place / name)
        return written


def _pairs(curve: FoundCurve) -> list[tuple[float, float]]:
    return list(zip(curve.time.tolist(), curve.survival.tolist(), strict=True))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def digitise(
    figure: str | Path, *, x_at: Calibration = (), y_at: Calibration = (), arms: Sequence[str] = (), page: int = 1
) -> DigitisedFigure:
    """Read the Kaplan-Meier curves of a vector figure: one panel, as SVG or PDF.

    Parameters
    ----------
    figure : path
        SVG or PDF.
    x_at, y_at : sequence of (place, value)
        Two or more places on the page and what stands there, in place of tick labels. [page units, unit of the axis]
    arms : sequence of str
        Names of the curves, from the top down at their ends; those of the legend when left out.
    page : int
        Of a PDF file.

    Returns
    -------
    DigitisedFigure

    Raises
    ------
    InputError
        No such figure; no axes; no curve; other names than curves.
    """
    path = path_of(figure, "figure", "an SVG or PDF file")
    place = Place(shown(path))
    data = read_bytes(path, shown(path))
    drawing = read_pdf(data, place, page) if data.startswith(b"%PDF") else read_svg(data, place)
    if not drawing.lines:
        hint = "a picture inside a file has no coordinates: digitise it by hand, and fit the points"
        raise place.error("no lines", "a vector figure", hint)
    x, y = _axes(drawing, place, x_at, y_at)
    if y.high > PERCENT:
        y = Axis(y.first / 100.0, y.each / 100.0, y.low / 100.0, y.high / 100.0, y.at_ticks)
    curves = curves_of(drawing, x, y)
    if not curves:
        expected = "a line that begins at 100% with time 0 and never rises"
        raise place.error(f"{len(drawing.lines):,} lines, none of them a survival curve", expected)
    if arms:
        if len(arms) != len(curves):
            found = ", ".join(curve.name for curve in curves)
            raise Place("--arm").error(f"{len(arms)} names", f"{len(curves)}, one for each curve ({found})")
        curves = [
            FoundCurve(name, c.stroke, c.time, c.survival, c.censored, c.at_risk)
            for name, c in zip(arms, curves, strict=True)
        ]
    return DigitisedFigure(path.name, hashlib.sha256(data).hexdigest(), tuple(curves), x, y)


def _axes(drawing: Drawing, place: Place, x_at: Calibration, y_at: Calibration) -> tuple[Axis, Axis]:
    found = []
    for words, given, look in (("x", x_at, x_axis), ("y", y_at, y_axis)):
        try:
            found.append(through(list(given)) if given else look(drawing))
        except NoAxisError as error:
            low, high = (f(np.concatenate([line.points for line in drawing.lines]), axis=0) for f in (np.min, np.max))
            k = 0 if words == "x" else 1
            extent = f"the drawing goes from {read(float(low[k]), 4)} to {read(float(high[k]), 4)}"
            hint = f"name two places: --{words}-at PLACE=VALUE twice; {extent}"
            what = "times" if words == "x" else "survival"
            raise place.error(f"no axis of {what} ({error})", "two or more tick labels", hint) from None
    return found[0], found[1]
