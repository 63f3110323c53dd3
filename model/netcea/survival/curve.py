"""A strategy's survival curve: how the scenario file describes it, and what it becomes.

`Curve` is the block of a scenario file. `CurveModel` is the curve after loading: a distribution with the addresses of
its parameters, and the adjustments in their fixed order - hazard ratio or acceleration factor relative to another
strategy's curve, treatment-effect waning, one background-mortality mechanism. A hazard ratio is one for all time, or
one for each interval of time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple, Self, TypeAlias

from pydantic import Field, PositiveFloat, model_validator

from netcea.blocks import Block, refused
from netcea.quantities.addresses import (
    AnyParameter,
    Duration,
    Figure,
    FitAddress,
    Landmark,
    Ratio,
    ShapeParameter,
    SurvivalTable,
    TrialFigures,
)
from netcea.quantities.key_path import join_address
from netcea.survival.averaging import Averaging
from netcea.survival.base import Distribution
from netcea.survival.waning_choice import Since, Waning

DistributionName: TypeAlias = Literal[
    "exponential",
    "weibull",
    "weibull_ph",
    "gompertz",
    "log_normal",
    "log_logistic",
    "gamma",
    "generalised_gamma",
    "royston_parmar",
    "piecewise_exponential",
    "mixture_cure",
    "non_mixture_cure",
    "kaplan_meier",
    "tabulated",
]
BackgroundMortality: TypeAlias = Literal["none", "hazard_floor", "excess"]
TimeUnit: TypeAlias = Literal["years", "months", "weeks", "days"]
TIME_UNITS: Final[Mapping[TimeUnit, float]] = {"years": 1.0, "months": 12.0, "weeks": 365.25 / 7.0, "days": 365.25}
"""Unit -> how many make a year."""


RATIOS: Final = ("hazard_ratio", "hazard_ratios", "acceleration_factor")
"""What may change another strategy's curve, one of them."""
AVERAGED: Final = ("fit", "trial", "figures")
"""Origins of which families can be averaged."""
ENDS_SOMEWHERE: Final = "the time at which every interval but the last ends (a duration in inputs/)"
LAST_IS_OPEN: Final = "no 'until' in the last interval, which has no end"


class WithoutCrossover(Block):
    """An observed curve that contains crossover to another strategy's treatment, taken to what it had been without.

    Its hazard is multiplied by ``hazard_ratio_observed / hazard_ratio``: while the effect lasts, the other strategy's
    curve stays what was observed, and this one's becomes worse by what crossover hid.
    """

    hazard_ratio_observed: Ratio
    """The other strategy's hazard over this one's as the trial observed it, crossover included (intention to treat)."""
    hazard_ratio: Ratio
    """The same had nobody crossed over; the `hazard_ratio` of the strategy that is relative to this curve."""


class IntervalRatio(Block):
    """The hazard ratio of one interval of time, of `hazard_ratios`."""

    until: Duration | None = None
    """Time at which the interval ends (a duration in inputs/); it begins where the one before ends, the first at the
    start. The last has none: it never ends."""
    hazard_ratio: Ratio
    """The hazard over the other strategy's in this interval."""


class Curve(Block):
    """One survival curve of one strategy. Give exactly one origin: see each field."""

    distribution: DistributionName | Averaging | None = None
    """The family, in full; or several that are averaged: `average: aic`, or `weights` with their `reason`."""
    trial: TrialFigures | None = None
    """Origin 1: a trial's medians, hazard ratios and further figures in inputs/; its arms are fitted together."""
    fit: FitAddress | None = None
    """Origin 7: an endpoint that `netcea fit` has fitted to patients; the parameters of `distribution` for `arm`."""
    arm: str | None = None
    """Which arm of `trial` or of `fit` this curve is, by the name that inputs/ gives it."""
    median: Duration | None = None
    """Origin 2: the median, with `shape` (numbers of inputs/) or `shape_from` (another trial's landmarks)."""
    shape: dict[DistributionName, ShapeParameter] | None = None
    """Family -> its shape parameter, to go with `median` or imposed on the arms of `trial`. A family that is not
    listed takes `shape_from`, so that `distribution` can be changed alone."""
    shape_from: Annotated[list[Landmark], Field(min_length=2, max_length=2)] | None = None
    """Two landmark survivals of another trial; its curve is moved in time until it has `median`."""
    figures: Annotated[list[Figure], Field(min_length=1)] | None = None
    """Origin 3: published medians, quantiles, landmark survivals and restricted means through which the curve goes."""
    through: list[Figure] | None = None
    """Those of `figures` that are met exactly when there are more figures than parameters."""
    parameters: dict[str, AnyParameter] | None = None
    """Origin 4: the distribution's own parameters, as published."""
    time_unit: TimeUnit = "years"
    """Unit of time of `parameters`, `knots`, `breaks`."""
    table: SurvivalTable | None = None
    """Origin 5: a table of inputs/ (time in `time_unit`, survival), for kaplan_meier and tabulated."""
    relative_to: str | None = None
    """Origin 6: another strategy's curve of the same endpoint, changed by one of the next three."""
    hazard_ratio: Ratio | None = None
    hazard_ratios: Annotated[list[IntervalRatio], Field(min_length=2)] | None = None
    """In place of hazard_ratio, one that changes with time: a ratio for each interval, in order of time. Waning, if
    there is any, is laid on the hazard that follows from them."""
    acceleration_factor: Ratio | None = None
    """Time runs slower by this factor (above 1: longer survival)."""
    without_crossover: WithoutCrossover | None = None
    """Removes crossover from an observed curve to which another strategy's is relative."""
    waning: Waning | None = None
    background_mortality: BackgroundMortality = "none"
    """Overall survival only: none, hazard_floor (never below the population's hazard), excess (added to it). A curve of
    a `fit` of relative survival, or relative to one, has `excess` and no other."""
    relative_survival: bool = False
    """This curve describes relative survival (excess hazard); `excess` needs it. Of a `fit` the fit itself says so."""
    published: list[Figure] | None = None
    """Published medians and landmark survivals shown beside the curve; nothing is fitted to them."""
    met_by: str = ""
    """The scenario whose curve meets those of `published` that this one misses, if there is one."""
    knots: list[float] | None = None
    """royston_parmar: knots on the logarithm of time."""
    scale: Literal["hazard", "odds", "normal"] | None = None
    """royston_parmar: the scale of the spline."""
    internal_knots: Annotated[int, Field(ge=1)] | None = None
    """royston_parmar of a `fit`: how many internal knots, in place of `knots`."""
    breaks: list[PositiveFloat] | None = None
    """piecewise_exponential: times at which the rate changes."""
    base: DistributionName | None = None
    """Cure models: the distribution of those not cured."""
    tail: DistributionName | None = None
    """kaplan_meier: the distribution whose hazard continues the curve; its parameters stand in `parameters`."""
    tail_from: PositiveFloat | None = None
    """kaplan_meier: the time at which the tail takes over."""

    @property
    def family(self) -> DistributionName | None:
        """The family, if it is one; None for an average, and for a curve relative to another."""
        return None if isinstance(self.distribution, Averaging) else self.distribution

    @property
    def averaging(self) -> Averaging | None:
        """The families that are averaged, if several are."""
        return self.distribution if isinstance(self.distribution, Averaging) else None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = {
            "trial": self.trial,
            "median": self.median,
            "figures": self.figures,
            "table": self.table,
            "parameters": self.parameters if self.table is None else None,
            "relative_to": self.relative_to,
            "fit": self.fit,
        }
        given = [name for name, origin in origins.items() if origin is not None]
        if len(given) != 1:
            msg = f"a curve has exactly one origin of {', '.join(origins)} (found {', '.join(given) or 'none'})"
            raise ValueError(msg)
        for holds, name, problem in (*self._rules(given[0]), *self._rules_of_structure()):
            if not holds:
                msg = f"{name}: {problem}"
                raise ValueError(msg)
        self._check_intervals()
        return self

    def _check_intervals(self) -> None:
        """Raise BlockError where an interval other than the last has no end, or the last has one."""
        intervals = self.hazard_ratios or []
        for number, interval in enumerate(intervals, 1):
            if (interval.until is None) == (number == len(intervals)):
                continue
            until = join_address(("hazard_ratios", number - 1, "until"))
            if interval.until is None:
                raise refused(f"no 'until' in interval {number} of {len(intervals)}", ENDS_SOMEWHERE, address=until)
            hint = "leave it out, or add the ratio that holds from then on as another interval"
            raise refused(interval.until, LAST_IS_OPEN, address=until, suggestion=hint)

    def _rules(self, origin: str) -> Iterator[tuple[bool, str, str]]:
        """Yield whether each rule of an origin holds, the entry it is about, and what is wrong where it does not."""
        relative = origin == "relative_to"
        missing = "a curve relative to another has none of its own" if relative else "missing"
        yield (self.distribution is None) == relative, "distribution", missing
        yield from self._rules_of_averages(origin)
        yield (self.arm is not None) == (origin in ("trial", "fit")), "arm", "goes with trial and fit, always"
        if origin == "median" and self.averaging is None:
            has_shape = self.family in (self.shape or {}) or self.shape_from is not None
            needed = f"needs shape.{self.family} or shape_from"
            yield self.family == "exponential" or has_shape, "median", needed
        elif origin != "median":
            yield self.shape is None or origin == "trial", "shape", "goes with median or trial"
            yield self.shape_from is None, "shape_from", "goes with median"
        yield self.through is None or origin == "figures", "through", "goes with figures"
        ratios = {name: getattr(self, name) for name in RATIOS}
        given = [name for name, ratio in ratios.items() if ratio is not None]
        needed = f"relative_to needs one of {', '.join(RATIOS)}" if relative else "goes with relative_to"
        yield len(given) == (1 if relative else 0), given[-1] if given else "hazard_ratio", needed
        removed = self.without_crossover is None or not relative
        yield removed, "without_crossover", "goes with a curve of its own, to which the other strategy's is relative"
        towards = self.waning is None or relative or self.waning.towards is not None
        yield towards, "waning", "say towards which strategy the hazard moves"

    def _rules_of_averages(self, origin: str) -> Iterator[tuple[bool, str, str]]:
        """Yield the same of families that are averaged."""
        averaging = self.averaging
        if averaging is None:
            return
        several = "families are averaged that were fitted to the same data: of a fit, of a trial or of figures"
        yield origin in AVERAGED, "distribution", several
        by_fit = f"average: {averaging.average} needs a fit; curves through published figures have stated weights"
        yield averaging.average is None or origin == "fit", "distribution", by_fit

    def _rules_of_structure(self) -> Iterator[tuple[bool, str, str]]:
        """Yield the same of a family's structure, and of background mortality."""
        structures = {
            "knots": ("royston_parmar", self.knots),
            "scale": ("royston_parmar", self.scale),
            "internal_knots": ("royston_parmar", self.internal_knots),
            "breaks": ("piecewise_exponential", self.breaks),
            "table": ("kaplan_meier, tabulated", self.table),
            "base": ("mixture_cure, non_mixture_cure", self.base),
            "tail": ("kaplan_meier", self.tail),
            "tail_from": ("kaplan_meier", self.tail_from),
        }
        placed = ("knots", "breaks") if self.fit is not None else ("internal_knots",)
        words = "is the fit's own" if self.fit is not None else "goes with fit"
        for name, (families, structure) in structures.items():
            belongs = self.family is not None and self.family in families.split(", ")
            yield structure is None or belongs, name, f"goes with {families}"
            if name in placed:
                yield structure is None, name, words
            else:
                yield structure is not None or not belongs, name, f"{self.family} needs it"
        excess = self.background_mortality == "excess"
        twice = (
            "excess needs a curve tagged relative_survival: true; added to all-cause survival it would count "
            "background deaths twice"
        )
        known_later = self.fit is not None or self.relative_to is not None  # by the fit, or the other curve
        yield not excess or self.relative_survival or known_later, "background_mortality", twice
        needed = "a relative survival needs background_mortality: excess"
        yield excess or not self.relative_survival or known_later, "relative_survival", needed


class RatioInterval(NamedTuple):
    """A hazard ratio that holds until a time.

    Attributes
    ----------
    hazard_ratio : str
        Address. [ratio]
    until : str or None
        Address of the time at which it ceases to hold; None for the last. [years]
    """

    hazard_ratio: str
    until: str | None


@dataclass(frozen=True)
class CurveModel:
    """A curve ready for the engine. Parameters are addresses of columns of draws.

    Attributes
    ----------
    address : str
        Where the scenario defines it (``strategies.new.os``).
    distribution : Distribution or None
        None for a curve relative to another strategy's.
    parameters : mapping of str -> str
        Parameter of the distribution -> address of its column.
    time_factor : float
        Multiply years by this before the distribution sees them. [unit of time / year]
    median : str or None
        Address of the median that completes the shape parameters, or towards which the curve is moved in time.
    moved_to_median : float or None
        `parameters` are complete (another trial's), and time is rescaled until the median is `median`. The value is
        that trial's median at the point estimates: it serves draws whose curve never falls to one half. [years]
    relative_to : str or None
        Address of the curve this one is relative to.
    hazard_ratio, acceleration_factor : str or None
        Addresses of what its hazard is multiplied by, or its time divided by.
    ratio_with_crossover, ratio_without_crossover : str or None
        Addresses of what its hazard is multiplied by, and divided by, where crossover is removed from it.
    hazard_ratios : tuple of RatioInterval
        What its hazard is multiplied by in each interval of time, in place of `hazard_ratio`; empty where it is one.
    waning_starts, waning_ends, waning_towards : str or None
        Addresses of two times, and of the curve whose hazard is taken on.
    waning_since : {'baseline', 'end_of_treatment', ...}
        From when both times count; see `Waning.since`.
    waning_treatment, waning_stops : str or None
        Addresses of the curve of the strategy's treatment, and of the time at which everybody stops.
    waning_loses_gain : bool
        The survival, and not the hazard, moves to the other strategy's.
    background_mortality : {'none', 'hazard_floor', 'excess'}
        What the population's hazard does to it.
    relative_survival : bool
        Its hazard is in excess of the population's; then `background_mortality` is 'excess'.

    Examples
    --------
    >>> CurveModel("strategies.new.pfs", None, {}, relative_to="strategies.old.pfs", hazard_ratio="a.b").time_factor
    1.0
    """

    address: str
    distribution: Distribution | None
    parameters: Mapping[str, str]
    time_factor: float = 1.0
    median: str | None = None
    moved_to_median: float | None = None
    relative_to: str | None = None
    hazard_ratio: str | None = None
    hazard_ratios: tuple[RatioInterval, ...] = ()
    acceleration_factor: str | None = None
    ratio_with_crossover: str | None = None
    ratio_without_crossover: str | None = None
    waning_starts: str | None = None
    waning_ends: str | None = None
    waning_towards: str | None = None
    waning_since: Since = "baseline"
    waning_treatment: str | None = None
    waning_stops: str | None = None
    waning_loses_gain: bool = False
    background_mortality: BackgroundMortality = "none"
    relative_survival: bool = False

    @property
    def every_ratio(self) -> tuple[str, ...]:
        """Addresses of the hazard ratio, or of the ratio of each interval."""
        return tuple(a for a in (self.hazard_ratio, *(i.hazard_ratio for i in self.hazard_ratios)) if a is not None)

    @property
    def estimated(self) -> frozenset[str]:
        """Addresses of the numbers that the curve is made of before its effect wanes: parameters, median and ratios.

        Examples
        --------
        >>> sorted(CurveModel("a", None, {}, relative_to="b", hazard_ratios=(RatioInterval("r", "t"),)).estimated)
        ['r', 't']
        """
        ends = (interval.until for interval in self.hazard_ratios)
        crossover = (self.ratio_with_crossover, self.ratio_without_crossover)
        found = (*self.parameters.values(), self.median, *self.every_ratio, *ends, self.acceleration_factor, *crossover)
        return frozenset(address for address in found if address is not None)
