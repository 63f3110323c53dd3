"""From the curves of a scenario file to curve models: figures fitted, parameters addressed, references checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from netcea.addresses import Kind
from netcea.errors import did_you_mean
from netcea.loading.numbers import Numbers
from netcea.loading.tree import Place
from netcea.quantities import CorrelationTable, Quantity
from netcea.scenario import JointEstimate, ScenarioFile
from netcea.survival.curve import Curve, CurveModel
from netcea.survival.distribution import Distribution
from netcea.survival.distributions import distribution
from netcea.survival.fitting.report import FitReport
from netcea.units import UNITS

TIME_UNITS = {"years": 1.0, "months": 12.0, "weeks": 365.25 / 7.0, "days": 365.25}


@dataclass
class CurveResolver:
    """Turns the curves of one scenario into models; gathers fits and joint estimates on the way."""

    file: ScenarioFile
    numbers: Numbers
    place: Callable[[str], Place]
    """Address in the scenario -> where it stands."""
    models: dict[str, CurveModel] = field(default_factory=dict)
    joint: dict[str, JointEstimate] = field(default_factory=dict)
    fits: dict[str, FitReport] = field(default_factory=dict)

    def resolve(self) -> None:
        """Resolve every curve of every strategy."""
        for name, strategy in self.file.strategies.items():
            base = f"strategies.{name}"
            self._curve(f"{base}.pfs", strategy.pfs, "pfs")
            self._curve(f"{base}.os", strategy.os, "os")
            treatment = strategy.time_on_treatment
            address = f"{base}.time_on_treatment"
            given = {"pfs_time_ratio": treatment.time_ratio, "curve": treatment.curve}
            for rule, needed in given.items():
                what = "time_ratio" if rule == "pfs_time_ratio" else "curve"
                if (treatment.rule == rule) != (needed is not None):
                    self._wrong(address, f"rule: {treatment.rule}" + ("" if needed is None else f" with {what}"),
                                f"{what} with rule: {rule}, and only with it")  # fmt: skip
            if treatment.rule == "none" and treatment.stops_at is not None:
                self._wrong(f"{address}.stops_at", "stops_at where nobody is treated", "a rule other than none")
            if treatment.rule == "pfs_time_ratio" and treatment.time_ratio is not None:
                self.models[address] = CurveModel(
                    address, None, {}, relative_to=f"{base}.pfs", acceleration_factor=treatment.time_ratio
                )
            elif treatment.rule == "curve" and treatment.curve is not None:
                self._curve(address, treatment.curve, "time_on_treatment")
        self._refuse_circles()
        self._refuse_mixed_trials()

    # ---------------------------------------------------------------- one curve
    def _curve(self, address: str, curve: Curve, endpoint: str) -> None:
        if endpoint != "os" and curve.background_mortality != "none":
            self._wrong(f"{address}.background_mortality", repr(curve.background_mortality),
                        "none: background mortality belongs to overall survival alone")  # fmt: skip
        origin = self._origin(address, curve, endpoint)
        if origin is None:
            return
        waning = curve.waning
        towards = None
        if waning is not None:
            towards = self._reference(f"{address}.waning.towards", waning.towards or curve.relative_to or "", endpoint)
            self._check_waning(address, waning.starts, waning.ends)
        self.models[address] = CurveModel(
            **{"address": address, **origin},
            waning_starts=None if waning is None else waning.starts,
            waning_ends=None if waning is None else waning.ends,
            waning_towards=towards,
            background_mortality=curve.background_mortality,
        )

    def _origin(self, address: str, curve: Curve, endpoint: str) -> dict[str, object] | None:
        if curve.relative_to is not None:
            reference = self._reference(f"{address}.relative_to", curve.relative_to, endpoint)
            return {
                "distribution": None, "parameters": {}, "relative_to": reference,
                "hazard_ratio": curve.hazard_ratio, "acceleration_factor": curve.acceleration_factor,
            }  # fmt: skip
        if curve.trial is not None:
            return self._from_trial(address, curve)
        if curve.median is not None:
            return self._from_median(address, curve)
        if curve.figures is not None:
            return self._from_figures(address, curve)
        return self._from_parameters(address, curve)

    def _from_parameters(self, address: str, curve: Curve) -> dict[str, object] | None:
        family = self._structured(address, curve)
        if family is None:
            return None
        given, expected = dict(curve.parameters or {}), [p.name for p in family.parameters]
        if set(given) != set(expected):
            for name in sorted(set(given) ^ set(expected)):
                found = f"the unknown parameter '{name}'" if name in given else f"no parameter '{name}'"
                self._wrong(f"{address}.parameters", found, ", ".join(expected), did_you_mean(name, expected))
            return None
        return {
            "distribution": family, "parameters": {name: given[name] for name in expected},
            "time_factor": TIME_UNITS[curve.time_unit],
        }  # fmt: skip

    def _from_median(self, address: str, curve: Curve) -> dict[str, object] | None:
        family = self._family(address, curve.distribution or "")
        if family is None or curve.median is None:
            return None
        if family.with_median is None:
            self._wrong(f"{address}.distribution", repr(family.name), "a family with a median and a shape")
            return None
        shape = (curve.shape or {}).get(curve.distribution or "exponential")
        if not family.shape_parameters:
            return {"distribution": family, "parameters": {}, "median": curve.median}
        if shape is not None:
            return {"distribution": family, "parameters": {family.shape_parameters[0]: shape}, "median": curve.median}
        return self._moved(address, curve, family)

    # ---------------------------------------------------------------- references
    def _reference(self, address: str, strategy: str, endpoint: str) -> str:
        if strategy not in self.file.strategies:
            known = list(self.file.strategies)
            self._wrong(address, repr(strategy), f"one of the strategies {', '.join(known)}", did_you_mean(strategy, known))
        return f"strategies.{strategy}.{endpoint}"

    def _check_waning(self, address: str, starts: str, ends: str) -> None:
        begin, end = self.numbers.quantities.get(starts), self.numbers.quantities.get(ends)
        if begin and end and self._model_value(starts) > self._model_value(ends):
            self._wrong(f"{address}.waning", f"waning from {begin.value:g} {begin.unit} to {end.value:g} {end.unit}",
                        "starts at or before ends")  # fmt: skip

    def _refuse_circles(self) -> None:
        for address in self.models:
            seen = [address]
            queue = [address]
            while queue:
                model = self.models.get(queue.pop())
                for reference in (model.relative_to, model.waning_towards) if model else ():
                    if reference == address:
                        self._wrong(address, f"a curve that comes back to itself: {' -> '.join([*seen, reference])}",
                                    "references that end in a curve of its own")  # fmt: skip
                        return
                    if reference is not None and reference not in seen:
                        seen.append(reference)
                        queue.append(reference)

    def _refuse_mixed_trials(self) -> None:
        """Both arms of a trial are fitted together, so they share one family and one shape."""
        first: dict[str, tuple[str, Curve]] = {}
        for name, strategy in self.file.strategies.items():
            for endpoint, curve in (("pfs", strategy.pfs), ("os", strategy.os)):
                if curve.trial is None:
                    continue
                address = f"strategies.{name}.{endpoint}"
                other, standard = first.setdefault(curve.trial, (address, curve))
                if (curve.distribution, curve.shape) != (standard.distribution, standard.shape):
                    self._wrong(f"{address}.distribution", repr(curve.distribution),
                                f"{standard.distribution!r} as in {other}: both arms of a trial are fitted together",
                                f"set {other}.distribution too")  # fmt: skip

    # ---------------------------------------------------------------- helpers
    def _family(self, address: str, name: str) -> Distribution | None:
        try:
            return distribution(name)
        except KeyError:
            self._wrong(f"{address}.distribution", repr(name), "a family without further structure")
            return None

    def _wrong(self, address: str, found: str, expected: str = "", suggestion: str = "") -> None:
        self.numbers.wrong(self.place(address), address, found, expected, suggestion)

    def _quantity(self, address: str, used_by: str, kind: Kind | None = None) -> Quantity | None:
        return self.numbers.quantity(address, kind or Kind(), self.place(used_by), used_by)

    def _model_value(self, address: str) -> float:
        return self.numbers.quantities[address].value * self.numbers.factors[address]
