"""The curves of one arm or several in one family: which parameters are whose, what they are, where to look for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from netcea.arrays import Array
from netcea.draws import from_real_line
from netcea.fitting.curve_figures import CurveJet, jets_of, kinks_of
from netcea.fitting.numerics import real
from netcea.fitting.published_figures import ArmCurve, NotIdentified
from netcea.fitting.summary_starts import points_of
from netcea.fitting.trial import ratio_name
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.jets import variables
from netcea.survival.parameter import Parameter


@dataclass(frozen=True)
class ArmCurves:
    """One curve for each arm in one family: all parameters in common but one that tells the arms apart.

    Attributes
    ----------
    model : Distribution
        With its structure.
    arms : tuple of str
        The reference arm first.
    fixed : mapping of str -> float
        Parameters that are given; they are not estimated. [as the family says]

    Raises
    ------
    NotIdentified
        When it is made: a parameter that the family does not have, or cannot be; nothing left to estimate.

    Notes
    -----
    Under proportional hazards, and in families without one location (mixture cure), every other arm has a hazard ratio
    to the reference arm; elsewhere a location of its own.

    Examples
    --------
    >>> from netcea.survival.distributions import distribution
    >>> ArmCurves(distribution("weibull"), ("old", "new"), {}).names
    ('shape', 'scale_old', 'hazard_ratio')
    >>> ArmCurves(distribution("log_normal"), ("old", "new"), {}).names
    ('meanlog_old', 'sdlog', 'meanlog_new')
    >>> ArmCurves(distribution("gamma"), ("all",), {"shape": 2.0}).names
    ('rate',)
    """

    model: Distribution
    arms: tuple[str, ...]
    fixed: Mapping[str, float]

    def __post_init__(self) -> None:
        known = {p.name: p for p in self.model.parameters}
        for name, value in self.fixed.items():
            if name not in known:
                expected = ", ".join(known)
                raise NotIdentified(f"a {self.model.name} has no parameter {name!r}; expected one of {expected}")
            if not np.isfinite(value) or (known[name].real_line == "log" and value <= 0.0):
                raise NotIdentified(f"{name} is fixed at {read(value)}; expected a number above 0")
            if known[name].real_line == "logit" and not 0.0 < value < 1.0:
                raise NotIdentified(f"{name} is fixed at {read(value)}; expected a share between 0 and 1")
        if not self.names:
            raise NotIdentified("every parameter is fixed: nothing is left to fit")

    # ------------------------------------------------------------------------------------------ parameters
    @property
    def free(self) -> tuple[Parameter, ...]:
        """Parameters of the family that are estimated."""
        return tuple(p for p in self.model.parameters if p.name not in self.fixed)

    @property
    def by_ratio(self) -> bool:
        """Whether other arms have a hazard ratio to the reference arm, and not a location of their own."""
        return len(self.model.location) != 1 or self.model.proportional_hazards or self.location in self.fixed

    @property
    def location(self) -> str:
        """The parameter that tells the arms apart where they have one of their own."""
        return self.model.location[0] if self.model.location else ""

    @property
    def proportional(self) -> bool:
        """Whether hazards of the arms are in proportion."""
        return self.by_ratio or self.model.proportional_hazards

    @cached_property
    def curves(self) -> tuple[ArmCurve, ...]:
        """Which parameters make the curve of each arm."""
        if len(self.arms) == 1:
            return (ArmCurve(self.arms[0], {p.name: p.name for p in self.free}, None),)
        reference = self.arms[0]
        found = []
        for arm in self.arms:
            of = reference if self.by_ratio else arm
            own = {p.name: f"{p.name}_{of}" if p.name == self.location else p.name for p in self.free}
            ratio = ratio_name(arm, reference, self.arms) if self.by_ratio and arm != reference else None
            found.append(ArmCurve(arm, own, ratio))
        return tuple(found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that are estimated."""
        every = [name for arm in self.curves for name in (*arm.parameters.values(), arm.hazard_ratio) if name]
        return tuple(dict.fromkeys(every))

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """The real line of each."""
        lines = {p.name: p.real_line for p in self.free}
        of: dict[str, str] = {name: lines[p] for arm in self.curves for p, name in arm.parameters.items()}
        return tuple(of.get(name, "log") for name in self.names)

    # ------------------------------------------------------------------------------------------ at an estimate
    def at(self, theta: Array) -> dict[str, CurveJet]:
        """Return the curve of every arm.

        Parameters
        ----------
        theta : Array (parameter,)
            In the order of `names`. [real line]

        Returns
        -------
        dict of str -> CurveJet
            Arm -> its curve.
        """
        jets = dict(zip(self.names, variables(theta), strict=True))
        values = dict(zip(self.names, zip(theta.tolist(), self.scales, strict=True), strict=True))
        given = {p.name: real(self.fixed[p.name], p.real_line) for p in self.model.parameters if p.name in self.fixed}
        constant = dict(zip(given, jets_of(list(given.values()), len(theta)), strict=True))
        kinks, found = kinks_of(self.model), {}
        for arm in self.curves:
            at = {p: from_real_line(np.array(values[name][0]), values[name][1]) for p, name in arm.parameters.items()}
            at |= {name: np.array(value) for name, value in self.fixed.items()}
            own = {p: jets[name] for p, name in arm.parameters.items()} | constant
            line = tuple(own[p.name] for p in self.model.parameters)
            ratio = None if arm.hazard_ratio is None else jets[arm.hazard_ratio]
            found[arm.arm] = CurveJet(self.model, at, line, ratio, kinks)
        return found

    # ------------------------------------------------------------------------------------------ where to begin
    def starts(self, medians: Mapping[str, float], lowest: float) -> list[Array]:
        """Points from which to look for the estimate.

        Parameters
        ----------
        medians : mapping of str -> float
            About, of every arm. [unit of time]
        lowest : float
            The lowest survival that a figure gives. [share]

        Returns
        -------
        list of Array (parameter,)
            In the order of `names`. [real line]
        """
        points = {arm: points_of(self.model, median, lowest) for arm, median in medians.items()}
        reference = self.arms[0]
        return [
            self._start([points[arm][i] for arm in self.arms], [medians[a] / medians[reference] for a in self.arms])
            for i in range(len(points[reference]))
        ]

    def _start(self, points: Sequence[Mapping[str, float]], longer: Sequence[float]) -> Array:
        values: dict[str, float] = {}
        for arm, point, times in zip(self.curves, points, longer, strict=True):
            for parameter, name in arm.parameters.items():
                values.setdefault(name, point[parameter])
            if arm.hazard_ratio is not None:
                values[arm.hazard_ratio] = -float(np.log(times))
        return np.array([values[name] for name in self.names])
