"""What other programs took on other machines: to know the size of things, and in what order ours is."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.calibration import REFERENCE
from benchmarks.row import Row


@dataclass(frozen=True)
class Elsewhere:
    """A figure that was recorded on another machine.

    Attributes
    ----------
    recorded, program, work, found : str
    seconds : float
        Wall seconds, where the same work is a row of ours, named `row`; 0 where it is none. [s]
    row : str
    """

    recorded: str
    program: str
    work: str
    found: str
    seconds: float = 0.0
    row: str = ""

    def ratio(self, rows: Sequence[Row]) -> str:
        """Say what our row took here, CPU seconds as they were, and as a share of it: an order of magnitude."""
        own = next((row for row in rows if row.name == self.row and row.loops), None)
        if own is None or not self.seconds:
            return ""
        here = own.measured * statistics.median(own.loops) / REFERENCE
        return f"; here {here:.2g} s, {here / self.seconds:.2f} x"


FITTED = "maximum likelihood, 300 patients, "

RECORDED = (
    Elsewhere("2026-11", "base R 4.2.2, vectorised", "common workload, 10,000 rows x 480 months", "0.654 s, 132 MB"),
    Elsewhere("2026-11", "hesim 0.5.6 (C++)", "common workload, 10,000 rows x 480 months", "36.8 s, 5,900 MB"),
    Elsewhere("2026-11", "voi 1.0.3 (R), gam", "EVPPI, 10,000 draws, 1 quantity", "0.080 s"),
    Elsewhere("2026-11", "voi 1.0.3 (R), gam", "EVPPI, 10,000 draws, 2 quantities", "0.135 s"),
    Elsewhere("2026-11", "voi 1.0.3 (R), gam", "EVPPI, 10,000 draws, 3 quantities", "1.66 s"),
    *(
        Elsewhere("2026-11", "flexsurv 2.3.2 (R)", f"{FITTED}{words}", f"{seconds:.3g} s", seconds, f"{FITTED}{words}")
        for words, seconds in (("7 families", 0.153), ("9 splines", 1.80), ("families and splines", 1.953))
    ),
)


def lines(rows: Sequence[Row] = ()) -> Iterator[str]:
    """Yield the list, with its warning, and beside the same work of ours how long that took.

    Parameters
    ----------
    rows : sequence of Row
        Measured just now.
    """
    yield "Recorded elsewhere, on other machines: an order of magnitude, not a comparison"
    for one in RECORDED:
        yield f"  {one.recorded}  {one.program:<26} {one.work:<48} {one.found}{one.ratio(rows)}"
