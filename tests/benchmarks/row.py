"""A row of the table: samples of one measurement, of its peers beside it, its limit, and the verdict."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Samples = tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes
    ----------
    group, name, unit : str
    limit : float or None
        What should not be exceeded: by the measurement, or by its ratio to the peer `against`.
    against : str
        The peer whose ratio the limit is of; empty where the limit is of the measurement itself.
    samples : tuple of float
        What was measured, in the unit; seconds are calibrated.
    peers : mapping of name -> tuple of float
        The same work by others, one sample right after each of ours, in the same process.
    loops : tuple of float
        CPU seconds of the fixed loop beside each sample.
    wall : tuple of float
        Wall seconds of each sample, as they were. [s]
    fault : str
        Why nothing was measured though it should have been.
    skipped : str
        Why it was not to be measured here.
    """

    group: str
    name: str
    unit: str
    limit: float | None = None
    against: str = ""
    samples: Samples = ()
    peers: Mapping[str, Samples] = field(default_factory=dict)
    loops: Samples = ()
    wall: Samples = ()
    fault: str = ""
    skipped: str = ""

    @property
    def measured(self) -> float:
        """Median of the samples."""
        return statistics.median(self.samples)

    def ratio(self, peer: str) -> float:
        """Median of the ratios to a peer, each of two samples that ran one after the other."""
        return statistics.median(self.ratios(peer))

    def ratios(self, peer: str) -> Samples:
        """Ratio of each sample to the one of a peer that ran beside it."""
        return tuple(own / other for own, other in zip(self.samples, self.peers[peer], strict=True))

    @property
    def judged(self) -> Samples:
        """What the limit is of: samples, or their ratios to a peer."""
        return self.ratios(self.against) if self.against else self.samples

    def verdict(self) -> str:
        """Say whether the limit is kept, and if not, how many times it is exceeded."""
        if self.fault:
            return f"FAULT: {self.fault}"
        if self.skipped:
            return f"not run: {self.skipped}"
        if self.limit is None:
            return ""
        share = statistics.median(self.judged) / self.limit
        return "reached" if share <= 1.0 else f"missed by {share:.2f} x"


def spread(samples: Sequence[float]) -> float:
    """Return the range of samples as a share of their median: 0 for a single one."""
    return (max(samples) - min(samples)) / statistics.median(samples)
