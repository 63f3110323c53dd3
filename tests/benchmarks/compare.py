"""Two runs side by side: both, the ratio, and whether it is more than the samples' spread."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.record import Record, heading
from benchmarks.row import Row, Samples, spread
from benchmarks.table import WIDTH, number

HEAD = f"{'':<{WIDTH}} {'A':>10} {'B':>10} {'unit':<9} {'B / A':>7} {'spread A, B':>12}"


def lines(a: Record, b: Record) -> Iterator[str]:
    """Yield the comparison: measurements, then ratios to peers, then what only one run has."""
    yield f"A: {a.about['date']}; {heading(a.about)}"
    yield f"B: {b.about['date']}; {heading(b.about)}"
    differing = [
        what for what in ("machine", "python", "numpy", "scipy", "numba", "seconds") if a.about[what] != b.about[what]
    ]
    if differing:
        yield f"!! Not the same {', '.join(differing)}: compare ratios to peers rather than seconds."
    if a.about["reference_loop_seconds"] != b.about["reference_loop_seconds"]:
        yield "!! Calibrated by different units: seconds cannot be compared, ratios to peers can."
    yield ""
    yield HEAD
    others = {row.name: row for row in b.rows}
    for row in a.rows:
        yield from _both(row, others.get(row.name))
    named = {row.name for row in a.rows}
    for row in b.rows:
        if row.name not in named:
            yield f"{row.name:<{WIDTH}} only in B"


def _both(a: Row, b: Row | None) -> Iterator[str]:
    if b is None:
        yield f"{a.name:<{WIDTH}} only in A"
        return
    missing = [f"{which}: {row.verdict() or 'no samples'}" for which, row in (("A", a), ("B", b)) if not row.samples]
    if missing:
        yield f"{a.name:<{WIDTH}} {'; '.join(missing)}"
        return
    yield _line(a.name, a.samples, b.samples, a.unit)
    for peer in a.peers:
        if peer in b.peers:
            yield _line(f"  ratio to {peer}", a.ratios(peer), b.ratios(peer), "")


def _line(name: str, a: Samples, b: Samples, unit: str) -> str:
    before, after = (Row("", "", "", samples=samples).measured for samples in (a, b))
    spreads = f"{spread(a):.0%}, {spread(b):.0%}"
    middle = f"{number(before):>10} {number(after):>10} {unit:<9} {after / before:>7.3f} {spreads:>12}"
    return f"{name:<{WIDTH}} {middle}  {apart(a, b)}".rstrip()


def apart(a: Samples, b: Samples) -> str:
    """Say which is less, if every sample of one is below every sample of the other.

    Examples
    --------
    >>> apart((1.0, 1.2), (0.8, 0.9)), apart((1.0, 1.2), (1.1, 1.3)), apart((1.0,), (2.0,))
    ('less', 'within the spread', '(one sample each)')
    """
    if len(a) == len(b) == 1:
        return "" if a == b else "(one sample each)"
    if max(b) < min(a):
        return "less"
    return "more" if min(b) > max(a) else "within the spread"
