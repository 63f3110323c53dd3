"""How well a fitted curve meets the figures it was fitted to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FigureReport:
    """One published figure beside the model's.

    Attributes
    ----------
    address : str
        The figure in inputs/.
    what : str
        median, landmark survival, hazard ratio, restricted mean.
    published, modelled : float
        In the published unit.
    unit : str
    miss_in_standard_errors : float or None
        (modelled - published) / standard error on the working scale (log, complementary log-log).
    used : bool
        Whether the fit was made to meet it.
    """

    address: str
    what: str
    published: float
    modelled: float
    unit: str
    miss_in_standard_errors: float | None
    used: bool


@dataclass(frozen=True)
class FitReport:
    """One fit: which curve, which family, which parameters, what it misses."""

    address: str
    family: str
    parameters: tuple[tuple[str, float], ...]
    figures: tuple[FigureReport, ...]
    note: str = ""
