"""A published 95% confidence interval in place of a distribution: its width is the standard error on its scale."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final, Literal, NamedTuple, Self

import numpy as np
from pydantic import model_validator

from netcea.arrays import Array
from netcea.blocks import Bounds, refused
from netcea.errors import Problem
from netcea.plain_number import read, typed
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.drawn_family import ByDeviate
from netcea.uncertainty.family import outside
from netcea.uncertainty.log_normal import LogNormal
from netcea.uncertainty.normal import HALF_WIDTH, Normal

OFTEN: Final = 3.0 * 0.025
"""Share of draws beyond one end of a published interval above which the interval is not what is drawn."""


class Ci95(Bounds, ByDeviate):
    """A published 95% confidence interval, and the scale on which it is symmetric.

    Notes
    -----
    On the interval's scale the number is normal around its value, which stays the point estimate, with the standard
    error (g(high) - g(low)) / 3.92. g(x) is x (identity), log x (log: the number is log-normal), or log(-log x)
    (complementary_log_log: x(z) = exp(log(value) exp(se z)) is a survival probability and stays one).

    References
    ----------
    Cochrane Handbook for Systematic Reviews of Interventions, version 6, sections 6.3.1 and 6.3.2.
    Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. 2nd ed. 2002, section 1.4.

    Examples
    --------
    >>> round(Ci95(low=0.45, high=2.00, scale="log").standard_error(), 3)  # log(2 / 0.45) / 3.92
    0.381
    """

    scale: Literal["log", "identity", "complementary_log_log"]
    """log for ratios and medians; complementary_log_log for survival probabilities."""

    name: ClassVar[str] = "ci95"

    @model_validator(mode="after")
    def _on_its_scale(self) -> Self:
        if self.scale == "log" and self.low <= 0:
            raise refused(read(self.low), "an interval above 0 on the log scale", address="low")
        if self.scale == "complementary_log_log" and not (self.low > 0 and self.high < 1):
            expected = "an interval between 0 and 1 for a survival probability"
            raise refused(f"{read(self.low)} to {read(self.high)}", expected, address="low")
        return self

    def standard_error(self) -> float:
        """Return the width of the interval on its scale / 3.92.

        Returns
        -------
        float
            [1; on the identity scale the number's unit]
        """
        to_scale = SCALES[self.scale].to_scale
        return abs(to_scale(self.high) - to_scale(self.low)) / (2.0 * HALF_WIDTH)

    @property
    def on_scale(self) -> ByDeviate:
        """The distribution around the value with this standard error: normal, log-normal, or of a survival."""
        return _on_scale(self.scale, self.standard_error())

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return the value moved by se z on the interval's scale."""
        return self.on_scale.at_deviate(value, z)

    def mean(self, value: float) -> float:
        """Return the mean: the value on the identity scale, else above or below it."""
        return self.on_scale.mean(value)

    def sd(self, value: float) -> float:
        """Return the standard deviation: the standard error on the identity scale."""
        return self.on_scale.sd(value)

    @property
    def limits(self) -> tuple[float, float]:
        """All that the scale can hold. [the number's unit]."""
        return self.on_scale.limits

    @property
    def published_interval(self) -> tuple[float, float]:
        """The interval itself. [the number's unit]."""
        return self.low, self.high

    @property
    def log_standard_error(self) -> float | None:
        """Standard error of the logarithm or of the complementary log-log; None on the identity scale. [1]."""
        return self.on_scale.log_standard_error

    def plain_standard_error(self, value: float) -> float | None:
        """Return the standard error on the identity scale; None on the others."""
        return self.on_scale.plain_standard_error(value)

    def refusals(self, value: float) -> Iterable[Problem]:
        """Refuse a value outside its interval."""
        return outside(value, self.name, self.low, self.high)

    def doubts(self, value: float) -> Iterator[str]:
        """Yield that draws lie beyond an end far more often than published, because the value is off centre."""
        to_scale = SCALES[self.scale].to_scale
        try:
            away = [(to_scale(end) - to_scale(value)) / self.standard_error() for end in (self.low, self.high)]
        except ValueError:  # a value that the scale does not have is refused elsewhere
            return
        for end, z in zip((self.low, self.high), away, strict=True):
            beyond = math.erfc(abs(z) / math.sqrt(2.0)) / 2.0
            if beyond > OFTEN:
                side = "below" if end == self.low else "above"
                instead = ""
                if self.scale == "log":
                    centre = read(math.sqrt(self.low * self.high), 3)
                    instead = (
                        f"; `split_log_normal: {{low, high}}` keeps both ends and the value as the median, "
                        f"`centred_log_normal: {{low, high}}` has its median at the centre, {centre}"
                    )
                yield (
                    f"{typed(value)} is far from the centre of its interval {typed(self.low)} to {typed(self.high)}: "
                    f"{beyond:.0%} of draws fall {side} {typed(end)}, where 2.5% should{instead}"
                )

    def elsewhere(self, value: float) -> str:
        """Return the interval around another value that is as wide on its scale."""
        possible = {"log": value > 0.0, "complementary_log_log": 0.0 < value < 1.0}
        if not possible.get(self.scale, True):
            return super().elsewhere(value)
        low, high = sorted(self.at_deviate(value, np.array([-HALF_WIDTH, HALF_WIDTH])).tolist())
        return f"{{ci95: {{low: {typed(low, 4)}, high: {typed(high, 4)}, scale: {self.scale}}}}}"

    def interval(self, value: float) -> tuple[float, float]:
        """Return the interval itself."""
        return self.low, self.high

    def words(self, value: float) -> str:
        """Return the scale on which it is normal."""
        return f"published 95% interval, normal on the {SCALES[self.scale].words}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return the formula of the distribution on the interval's scale."""
        words = f"95% interval, {self.scale.replace('_', '-')} (se, low, high)"
        made = self.on_scale.draw_formula(value, cells)
        possible = cells.between(cells.second, cells.third)
        return DrawFormula(words, (*made.parameters, self.low, self.high), made.text, possible)


@dataclass(frozen=True)
class Survival(ByDeviate):
    """A survival probability whose complementary log-log is normal; not a family of its own in YAML.

    Attributes
    ----------
    se : float
        Standard error of log(-log S). [1]

    Examples
    --------
    >>> Survival(se=1.0).at_deviate(0.5, np.array([0.0, math.log(2.0)])).round(12).tolist()  # 0.5, 0.5^2
    [0.5, 0.25]
    """

    se: float

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return exp(log(value) exp(se z)): more hazard, less survival."""
        return np.asarray(np.exp(math.log(value) * np.exp(self.se * z)), dtype=np.float64)

    @property
    def limits(self) -> tuple[float, float]:
        """From 0 to 1. [proportion]."""
        return 0.0, 1.0

    @property
    def log_standard_error(self) -> float:
        """Standard error of the complementary log-log. [1]."""
        return self.se

    def words(self, value: float) -> str:
        """Return median and standard error."""
        return f"survival, median {read(value)}, SE of its complementary log-log {read(self.se, 3)}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return exp(log(centre) exp(se z))."""
        text = f"EXP(LN({cells.centre})*EXP({cells.first}*{cells.deviate}))"
        return DrawFormula("survival (se of its complementary log-log)", (self.se,), text)


class Scale(NamedTuple):
    """A scale on which an interval is symmetric.

    Attributes
    ----------
    words : str
    to_scale : callable (x) -> float
    distribution : callable (standard error) -> ByDeviate
    """

    words: str
    to_scale: Callable[[float], float]
    distribution: Callable[[float], ByDeviate]


SCALES: Final[Mapping[str, Scale]] = {
    "log": Scale("log scale", math.log, lambda se: LogNormal(se_log=se)),
    "identity": Scale("own scale", float, lambda se: Normal(se=se)),
    "complementary_log_log": Scale("complementary log-log scale", lambda x: math.log(-math.log(x)), Survival),
}


@lru_cache(maxsize=1024)
def _on_scale(scale: str, standard_error: float) -> ByDeviate:
    """Return the distribution with a standard error on a scale: scenarios by the hundred have the same intervals."""
    return SCALES[scale].distribution(standard_error)
