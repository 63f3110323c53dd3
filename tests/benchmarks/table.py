"""The table that is printed: what, measured, unit, limit, peers beside it, ratio, verdict."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from benchmarks.calibration import NOISY, REFERENCE
from benchmarks.row import Row, spread

WIDTH = 58
HEAD = f"{'':<{WIDTH}} {'measured':>10} {'unit':<9} {'spread':>6} {'ratio':>7} {'limit':>7}  verdict"


def lines_of(row: Row) -> Iterator[str]:
    """Yield the lines of a row: the measurement, then each of its peers with its ratio."""
    if not row.samples:
        yield f"  {row.name:<{WIDTH - 2}} {'':>10} {row.unit:<9} {'':>6} {'':>7} {_limit(row, ''):>7}  {row.verdict()}"
        return
    yield _line(row.name, row.samples, row, "", 2)
    for peer, samples in row.peers.items():
        yield _line(f"/ {peer}", samples, row, peer, 4)


def _line(name: str, samples: Sequence[float], row: Row, peer: str, indent: int) -> str:
    ratio = f"{row.ratio(peer):.2f}" if peer else ""
    verdict = row.verdict() if peer == row.against else ""
    middle = f"{number(statistics.median(samples)):>10} {row.unit:<9} {spread(samples):>6.0%}"
    return f"{' ' * indent}{name:<{WIDTH - indent}} {middle} {ratio:>7} {_limit(row, peer):>7}  {verdict}".rstrip()


def _limit(row: Row, peer: str) -> str:
    return f"{row.limit:g}" if row.limit is not None and peer == row.against else ""


def number(x: float) -> str:
    """Write a number with three or more digits.

    Examples
    --------
    >>> number(0.0613), number(1.2345), number(63.21), number(1103.4)
    ('0.061', '1.23', '63.2', '1,103')
    """
    places = 3 if x < 1 else 2 if x < 10 else 1 if x < 100 else 0
    return f"{x:,.{places}f}"


def closing(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what stands below the table: how steady the machine was, how many limits are kept, what was not run."""
    loops = [loop for row in rows for loop in row.loops]
    if loops:
        usual = statistics.median(loops)
        yield (
            f"The fixed loop took {1e3 * usual:.0f} ms of CPU (median of {len(loops)}; {1e3 * min(loops):.0f} to "
            f"{1e3 * max(loops):.0f}); calibrated seconds are those of a machine on which it takes {1e3 * REFERENCE:.0f} ms."
        )
        if max(loops) > NOISY * usual:
            yield "!! The loop's time varied: the machine was busy with something else, and figures are less certain."
    yield (
        "NumPy computes powers and exponentials several times quicker with AVX-512 than without: ratios to its bare calls "
        "are of machines of one kind."
    )
    judged = [row for row in rows if row.limit is not None and row.samples]
    kept = sum(row.verdict() == "reached" for row in judged)
    yield f"{kept} of {len(judged)} limits reached."
    for words, chosen in (
        ("FAULT, nothing measured", [row for row in rows if row.fault]),
        ("not run", [row for row in rows if row.skipped]),
    ):
        for row in chosen:
            yield f"  {words}: {row.name} ({row.fault or row.skipped})"
