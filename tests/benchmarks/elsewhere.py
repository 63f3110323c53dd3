"""What other programs took on other machines: to know the size of things; no ratio is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """A figure that was recorded on another machine."""

    recorded: str
    program: str
    work: str
    found: str


RECORDED = (
    Elsewhere("2026-11", "base R 4.2.2, vectorised", "common workload, 10,000 rows x 480 months", "0.654 s, 132 MB"),
    Elsewhere("2026-11", "hesim 0.5.6 (C++)", "common workload, 10,000 rows x 480 months", "36.8 s, 5,900 MB"),
    Elsewhere("2026-11", "voi 1.0.3 (R), gam", "EVPPI, 10,000 draws, 1 quantity", "0.080 s"),
    Elsewhere("2026-11", "voi 1.0.3 (R), gam", "EVPPI, 10,000 draws, 2 quantities", "0.135 s"),
    Elsewhere("2026-11", "voi 1.0.3 (R), gam", "EVPPI, 10,000 draws, 3 quantities", "1.66 s"),
    Elsewhere("2026-11", "flexsurv 2.3.2 (R)", "maximum likelihood, 300 patients, 7 families", "0.153 s"),
    Elsewhere("2026-11", "flexsurv 2.3.2 (R)", "maximum likelihood, 300 patients, 9 splines", "1.80 s"),
)


def lines() -> Iterator[str]:
    """Yield the list, with its warning."""
    yield "Recorded elsewhere, on other machines: not comparable with the seconds above"
    for one in RECORDED:
        yield f"  {one.recorded}  {one.program:<26} {one.work:<48} {one.found}"
