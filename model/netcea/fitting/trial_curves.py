"""The curves of a trial's arms in one family: their parameters, and what these say of the published figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from netcea.arrays import Array
from netcea.fitting.common_shape import common_shape, score_of, with_median
from netcea.fitting.cox import cox_limit
from netcea.fitting.figure_slopes import parameter_slopes
from netcea.fitting.numerics import jacobian, real
from netcea.fitting.published_figures import ArmCurve, NotIdentified
from netcea.fitting.trial import HazardRatio, Trial, ratio_name
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.parameter import Parameter


@dataclass(frozen=True)
class TrialCurves:
    """One curve for each arm of a trial, with a common shape.

    Attributes
    ----------
    model : Distribution
        With at most one shape, and one location that tells the arms apart.
    trial : Trial
    fixed_shape : float or None
        A shape that is imposed, on its published scale; None: it is estimated where the family has one.

    Raises
    ------
    NotIdentified
        When it is made: a shape that the family cannot have, or too few figures.

    Examples
    --------
    Under proportional hazards the drug's curve is the placebo's with a hazard ratio:

    >>> from netcea.fitting import Figure
    >>> from netcea.survival.distributions import distribution
    >>> ratio = HazardRatio("drug", "placebo", Figure("hazard_ratio", 0.5))
    >>> trial = Trial(("placebo", "drug"), (Figure("median", 1.0), Figure("median", 4.0)), (ratio,), (50, 50), 2.0)
    >>> curves = TrialCurves(distribution("weibull"), trial, None)
    >>> curves.names, np.exp(curves.placed(np.log([1.0, 4.0, 0.5]))).round(3).tolist()
    (('shape', 'scale_placebo', 'hazard_ratio'), [0.5, 2.081, 0.5])
    """

    model: Distribution
    trial: Trial
    fixed_shape: float | None

    def __post_init__(self) -> None:
        given, shape = self.fixed_shape, self._shape_of_family
        if given is not None and shape and (not np.isfinite(given) or (shape.real_line == "log" and given <= 0.0)):
            raise NotIdentified(f"the shape is fixed at {read(given)}; expected a number above 0")
        if len(self.used) < len(self.names):
            hint = ": impose a shape, or give another figure" if self.shape is not None else ""
            raise NotIdentified(
                f"parameters of a {self.model.name} for {len(self.trial.arms)} arms: {len(self.names)}; figures: "
                f"{len(self.used)}: they do not determine it{hint}"
            )

    # ------------------------------------------------------------------------------------------ parameters
    @property
    def _shape_of_family(self) -> Parameter | None:
        return next((p for p in self.model.parameters if p.name in self.model.shape_parameters), None)

    @property
    def shape(self) -> Parameter | None:
        """The common shape where it is estimated; None where it is imposed or the family has none."""
        return self._shape_of_family if self.fixed_shape is None else None

    @property
    def location(self) -> Parameter:
        """The parameter that tells the arms apart."""
        return next(p for p in self.model.parameters if p.name not in self.model.shape_parameters)

    @property
    def by_ratio(self) -> bool:
        """Whether the curves of other arms are the reference arm's with a hazard ratio."""
        return self.shape is not None and self.model.proportional_hazards

    @cached_property
    def arms(self) -> tuple[ArmCurve, ...]:
        """Which parameters make the curve of each arm."""
        arms, location = self.trial.arms, self.location.name
        shape = {self.shape.name: self.shape.name} if self.shape else {}
        return tuple(
            ArmCurve(
                arm,
                {**shape, location: f"{location}_{arms[0] if self.by_ratio else arm}"},
                ratio_name(arm, arms[0], arms) if self.by_ratio and arm != arms[0] else None,
            )
            for arm in arms
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that are estimated."""
        every = [name for arm in self.arms for name in (*arm.parameters.values(), arm.hazard_ratio) if name]
        return tuple(dict.fromkeys(every))

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """The real line of each parameter."""
        lines = {arm.hazard_ratio: "log" for arm in self.arms} | {p.name: p.real_line for p in self.model.parameters}
        return tuple(lines.get(name) or self.location.real_line for name in self.names)

    # ------------------------------------------------------------------------------------------ which figures
    @cached_property
    def used(self) -> list[int]:
        """Which of the trial's figures determine the curves.

        All where a shape is estimated; else the medians, and the ratios of arms without one.
        """
        trial = self.trial
        first = len(trial.figures) - len(trial.hazard_ratios)
        without = {arm for arm, median in zip(trial.arms, trial.medians, strict=True) if median is None}
        ratios = enumerate(trial.hazard_ratios, first)
        return [*range(first), *(i for i, r in ratios if self.shape is not None or without & {r.arm, r.versus})]

    @property
    def direct(self) -> bool:
        """Whether the medians place every arm, and one ratio gives the shape if it is estimated."""
        return None not in self.trial.medians and (self.shape is None or len(self.trial.hazard_ratios) == 1)

    # ------------------------------------------------------------------------------------------ from figures
    def placed(self, y: Array) -> Array:
        """Return the parameters on their real lines that meet every median, and the ratio that gives the shape.

        Parameters
        ----------
        y : Array (figure,)
            Logarithms of the trial's figures, which are as many as `direct` asks for. [log]

        Returns
        -------
        Array (parameter,)
            In the order of `names`. [real line]
        """
        trial, shape = self.trial, self.fixed_shape
        medians = dict(zip(trial.arms, map(float, y), strict=False))
        known: dict[str, float] = {}
        if self.shape is not None:
            ratio, log_ratio = trial.hazard_ratios[0], float(y[-1])
            pair = medians[ratio.versus], medians[ratio.arm]
            shape = common_shape(self.model, pair, log_ratio, trial.share(ratio), trial.follow_up)
            known = {ratio.arm: log_ratio} if ratio.versus == trial.arms[0] else {}
        return self._parameters(shape, medians, known)

    def slopes(self, theta: Array, y: Array) -> Array:
        """Return the derivatives of `placed`: implicit ones where it is the root of Cox's score, else differences.

        Parameters
        ----------
        theta : Array (parameter,)
            What `placed` returned. [real line]
        y : Array (figure,)
            Its argument. [log]

        Returns
        -------
        Array (parameter, figure)
            [real line / log]

        Raises
        ------
        NotIdentified
            The figures do not determine the parameters.
        """
        trial = self.trial
        if self.shape is None or self.by_ratio:
            return jacobian(self.placed, y)
        (ratio,) = trial.hazard_ratios
        curves, medians = self._curves(theta), np.exp(y[:-1]).tolist()
        pair = trial.arms.index(ratio.arm), trial.arms.index(ratio.versus)
        of_arms = [curves[arm] for arm in trial.arms]
        try:
            return parameter_slopes(
                self.model, of_arms, medians, pair, float(y[-1]), trial.share(ratio), trial.follow_up
            )
        except np.linalg.LinAlgError as error:
            raise NotIdentified("the figures do not determine the shape") from error

    def start(self, y: Array) -> Array:
        """Return parameters from which to look for those that meet more figures, or ratios in place of medians.

        Parameters
        ----------
        y : Array (figure,)
            Logarithms of the trial's figures. [log]

        Returns
        -------
        Array (parameter,)
            In the order of `names`. [real line]

        Raises
        ------
        NotIdentified
            An arm with neither a median nor a ratio to an arm that has one.
        """
        trial = self.trial
        medians = (arm for arm, median in zip(trial.arms, trial.medians, strict=True) if median is not None)
        known = dict(zip(medians, map(float, y), strict=False))
        ratios = list(zip(trial.hazard_ratios, y[len(y) - len(trial.hazard_ratios) :], strict=True))
        for ratio, log_ratio in ratios * len(trial.arms):  # a median is longer by 1 / ratio, about
            if ratio.versus in known:
                known.setdefault(ratio.arm, known[ratio.versus] - float(log_ratio))
            elif ratio.arm in known:
                known[ratio.versus] = known[ratio.arm] + float(log_ratio)
        missing = [arm for arm in trial.arms if arm not in known]
        if missing:
            raise NotIdentified(f"neither a median nor a hazard ratio to an arm with one places {', '.join(missing)}")
        usual = {"gompertz": 0.01 / float(np.exp(known[trial.arms[0]])), "log_logistic": 1.3}
        shape = usual.get(self.model.name, 1.0) if self.fixed_shape is None else self.fixed_shape
        return self._parameters(shape, known, {})

    def _parameters(
        self, shape: float | None, log_medians: Mapping[str, float], log_ratios: Mapping[str, float]
    ) -> Array:
        """Return the parameters on their real lines; `log_ratios`: those to the reference arm that are known."""
        reference, *others = self.trial.arms
        shapes = {} if shape is None else dict.fromkeys(self.model.shape_parameters, np.array(shape))
        places = {
            arm: real(float(with_median(self.model, log_median, shapes)[self.location.name]), self.location.real_line)
            for arm, log_median in log_medians.items()
        }
        first = [] if self.shape is None or shape is None else [real(shape, self.shape.real_line)]
        if not self.by_ratio:
            return np.array([*first, *(places[arm] for arm in self.trial.arms)])
        power = self._power(shape or 1.0)
        ratios = [log_ratios.get(arm, (places[arm] - places[reference]) / power) for arm in others]
        return np.array([*first, places[reference], *ratios])

    def _power(self, shape: float) -> float:
        """Return p such that the curve at location x ratio^p has the hazard x ratio (proportional hazards)."""
        return -1.0 / shape if self.model.name == "weibull" else 1.0

    # ------------------------------------------------------------------------------------------ back to figures
    def figures(self, theta: Array) -> Array:
        """Return what parameters say of the trial's figures.

        Parameters
        ----------
        theta : Array (parameter,)
            In the order of `names`. [real line]

        Returns
        -------
        Array (figure,)
            Medians and ratios in the order of `Trial.figures`. [log]
        """
        curves = self._curves(theta)
        medians = [
            np.log(self.model.quantile(np.array(0.5), curves[arm]))
            for arm, median in zip(self.trial.arms, self.trial.medians, strict=True)
            if median is not None
        ]
        ratios = [self._log_ratio(ratio, curves[ratio.versus], curves[ratio.arm]) for ratio in self.trial.hazard_ratios]
        return np.array([*medians, *ratios], dtype=np.float64)

    def _log_ratio(self, ratio: HazardRatio, reference: dict[str, Array], other: dict[str, Array]) -> float:
        if self.model.proportional_hazards:
            t = self.model.quantile(np.array(0.5), reference)
            hazards = [self.model.cumulative_hazard(t, curve) for curve in (reference, other)]
            return float(np.log(hazards[1] / hazards[0]))
        return float(
            np.log(cox_limit(score_of(self.model, reference, other, self.trial.share(ratio), self.trial.follow_up)))
        )

    def _curves(self, theta: Array) -> dict[str, dict[str, Array]]:
        """Return the parameters of each arm's curve on their published scale."""
        values = [float(np.exp(x) if scale == "log" else x) for x, scale in zip(theta, self.scales, strict=True)]
        natural = dict(zip(self.names, values, strict=True))
        imposed = {} if self.fixed_shape is None else dict.fromkeys(self.model.shape_parameters, self.fixed_shape)
        found = {}
        for arm in self.arms:
            curve = imposed | {parameter: natural[name] for parameter, name in arm.parameters.items()}
            if arm.hazard_ratio:
                curve[self.location.name] *= natural[arm.hazard_ratio] ** self._power(natural.get("shape", 1.0))
            found[arm.arm] = {name: np.array(value) for name, value in curve.items()}
        return found
