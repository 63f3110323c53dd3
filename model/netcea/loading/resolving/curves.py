"""From the curves of a scenario file to curve models: figures fitted, parameters addressed, references checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from netcea.draws import from_real_line
from netcea.errors import Place, did_you_mean
from netcea.loading.resolving.curve_fits import CurveFits
from netcea.loading.resolving.curve_references import (
    check_arms,
    check_crossover,
    check_intervals,
    check_waning,
    refuse_circles,
    refuse_mixed_trials,
)
from netcea.loading.resolving.fitted import FittedCurves
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.table_ends import ends_of_curve, faults_of_points
from netcea.loading.resolving.trials import TrialGroup
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import join_address, split_address
from netcea.quantities.limits import Limits
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import ScenarioFile, TimeOnTreatment
from netcea.survival.base import Distribution
from netcea.survival.curve import TIME_UNITS, Curve, CurveModel, RatioInterval
from netcea.survival.distributions import distribution


@dataclass
class CurveResolver:
    """Turns the curves of one scenario into models; gathers fits and joint estimates on the way."""

    file: ScenarioFile
    numbers: Numbers
    place: Callable[[str], Place]
    """Address in the scenario -> where it stands."""
    trials: Mapping[str, TrialGroup | None]
    """Address of the entry that names a trial -> what stands in the trial's group."""
    fits: CurveFits
    models: dict[str, CurveModel] = field(default_factory=dict)

    def resolve(self) -> None:
        """Resolve every curve of every strategy; none where something is wrong already."""
        check_arms(self.file, self.numbers, self._wrong)
        if self.numbers.faults.problems:
            return
        for name, strategy in self.file.strategies.items():
            base = f"strategies.{name}"
            self._curve(f"{base}.pfs", strategy.pfs, "pfs")
            self._curve(f"{base}.os", strategy.os, "os")
            self._time_on_treatment(base, strategy.time_on_treatment)
        refuse_circles(self.models, self._wrong)
        refuse_mixed_trials(self.file, self._wrong)

    def _time_on_treatment(self, base: str, treatment: TimeOnTreatment) -> None:
        address = f"{base}.time_on_treatment"
        given = {"time_ratio": treatment.time_ratio, "curve": treatment.curve}
        for what, needed in given.items():
            rule = "pfs_time_ratio" if what == "time_ratio" else what
            if treatment.rule == rule and needed is None:
                self._wrong(f"{address}.rule", repr(rule), f"{address}.{what} to go with it")
            elif treatment.rule != rule and needed is not None:
                self._wrong(f"{address}.{what}", f"{what} with rule: {treatment.rule}", f"rule: {rule}")
        if treatment.rule == "none" and treatment.stops_at is not None:
            self._wrong(f"{address}.stops_at", "stops_at where nobody is treated", "a rule other than none")
        if treatment.rule == "pfs_time_ratio" and treatment.time_ratio is not None:
            self.models[address] = CurveModel(
                address, None, {}, relative_to=f"{base}.pfs", acceleration_factor=treatment.time_ratio
            )
        elif treatment.rule == "curve" and treatment.curve is not None:
            self._curve(address, treatment.curve, "time_on_treatment")

    # ---------------------------------------------------------------- one curve
    def _curve(self, address: str, curve: Curve, endpoint: str) -> None:
        if endpoint != "os" and curve.background_mortality != "none":
            self._wrong(
                f"{address}.background_mortality",
                repr(curve.background_mortality),
                "none: background mortality belongs to overall survival alone",
            )
        model = self._origin(address, curve, endpoint)
        if model is None:
            return
        waning = curve.waning
        towards = None
        if waning is not None:
            if waning.towards is None:  # `relative_to`, which is checked already
                towards = f"strategies.{curve.relative_to}.{endpoint}"
            else:
                towards = self._reference(f"{address}.waning.towards", waning.towards, endpoint)
            check_waning(address, waning, self.numbers, self._wrong)
        removed = curve.without_crossover
        if removed is not None:
            check_crossover(address, removed, self.file, self._wrong)
        self.models[address] = replace(
            model,
            ratio_with_crossover=None if removed is None else removed.hazard_ratio_observed,
            ratio_without_crossover=None if removed is None else removed.hazard_ratio,
            waning_starts=None if waning is None else waning.starts,
            waning_ends=None if waning is None else waning.ends,
            waning_towards=towards,
            background_mortality=curve.background_mortality,
        )

    def _origin(self, address: str, curve: Curve, endpoint: str) -> CurveModel | None:
        if curve.relative_to is not None:
            reference = self._reference(f"{address}.relative_to", curve.relative_to, endpoint)
            check_intervals(address, curve.hazard_ratios or [], self.numbers, self._wrong)
            return CurveModel(
                address,
                None,
                {},
                relative_to=reference,
                hazard_ratio=curve.hazard_ratio,
                hazard_ratios=tuple(RatioInterval(i.hazard_ratio, i.until) for i in curve.hazard_ratios or []),
                acceleration_factor=curve.acceleration_factor,
            )
        if curve.trial is not None:
            return self._from_trial(address, curve)
        if curve.fit is not None:
            return self._from_fit(address, curve)
        if curve.median is not None:
            return self._from_median(address, curve)
        if curve.figures is not None:
            return self._from_figures(address, curve)
        return self._from_parameters(address, curve)

    def _from_parameters(self, address: str, curve: Curve) -> CurveModel | None:
        family = self._structured(address, curve)
        if family is None:
            return None
        given, expected = dict(curve.parameters or {}), [p.name for p in family.parameters]
        if set(given) != set(expected):
            for name in sorted(set(given) ^ set(expected)):
                found = f"the unknown parameter '{name}'" if name in given else f"no parameter '{name}'"
                self._wrong(f"{address}.parameters", found, ", ".join(expected), did_you_mean(name, expected))
            return None
        self._check_ranges(address, family, given)
        for name, number in given.items():
            quantity = self.numbers.quantities.get(number)
            if quantity and curve.time_unit != "years" and UNITS[quantity.unit].dimension in ("duration", "frequency"):
                self._wrong(
                    f"{address}.time_unit",
                    f"{curve.time_unit}, while {name} has the unit '{quantity.unit}'",
                    "time_unit: years: a number with a unit of time is converted already",
                    "give it the unit 'parameter' to read it in time_unit",
                )
                return None
        return CurveModel(
            address, family, {name: given[name] for name in expected}, time_factor=TIME_UNITS[curve.time_unit]
        )

    def _from_fit(self, address: str, curve: Curve) -> CurveModel | None:
        """Take the parameters that were estimated from the patients of an arm."""
        model = FittedCurves(self.numbers).curve(address, curve, self.place(f"{address}.fit"))
        if model is not None and model.distribution is not None:
            self._check_ranges(address, model.distribution, model.parameters)
        return model

    def _check_ranges(self, address: str, family: Distribution, given: Mapping[str, str]) -> None:
        """Keep and check the range of every parameter that is named, and what a shape can be."""
        for parameter in family.parameters:
            number = given[parameter.name]
            quantity = self.numbers.quantities.get(number)
            if quantity is None:
                continue
            path = (*split_address(address), "parameters", parameter.name)
            limits = Limits.of_parameter(
                parameter.real_line, quantity.unit, join_address(path), name=f"{family.name}.{parameter.name}"
            )
            self.numbers.limit(number, limits)
            if parameter.name in family.shape_parameters:
                self.numbers.check_limits(number, path, family.name)

    def _from_median(self, address: str, curve: Curve) -> CurveModel | None:
        family = self._family(address, curve.distribution or "")
        if family is None or curve.median is None:
            return None
        if family.with_median is None:
            self._wrong(f"{address}.distribution", repr(family.name), "a family with a median and a shape")
            return None
        shape = (curve.shape or {}).get(curve.distribution or "exponential")
        if not family.shape_parameters:
            return CurveModel(address, family, {}, median=curve.median)
        if shape is not None:
            return CurveModel(address, family, {family.shape_parameters[0]: shape}, median=curve.median)
        return self._moved(address, curve, family)

    # ---------------------------------------------------------------- references
    def _reference(self, address: str, strategy: str, endpoint: str) -> str:
        if strategy not in self.file.strategies:
            known = list(self.file.strategies)
            self._wrong(
                address, repr(strategy), f"one of the strategies {', '.join(known)}", did_you_mean(strategy, known)
            )
        return f"strategies.{strategy}.{endpoint}"

    # ---------------------------------------------------------------- helpers
    def _family(self, address: str, name: str) -> Distribution | None:
        try:
            return distribution(name)
        except (KeyError, ValueError, TypeError):
            self._wrong(f"{address}.distribution", repr(name), "a family without further structure")
            return None

    def _wrong(self, address: str, found: str, expected: str = "", suggestion: str = "") -> None:
        self.numbers.wrong(self.place(address), found, expected, suggestion)

    # ---------------------------------------------------------------- structure
    def _structured(self, address: str, curve: Curve) -> Distribution | None:
        """Return the family with its structure: knots, breaks, the family of those not cured, a table."""
        name = curve.distribution or ""
        try:
            if name == "royston_parmar":
                return distribution(name, knots=curve.knots, scale=curve.scale)
            if name == "piecewise_exponential":
                return distribution(name, breaks=curve.breaks)
            if name in ("mixture_cure", "non_mixture_cure"):
                return distribution(name, base=distribution(curve.base or ""))
            if name in ("kaplan_meier", "tabulated"):
                return self._table(address, curve)
            return distribution(name)
        except (ValueError, TypeError) as error:
            self._wrong(address, f"a {name} that cannot be made: {error}", "a structure that fits the family")
            return None

    def _table(self, address: str, curve: Curve) -> Distribution | None:
        used_by = f"{address}.table"
        kind = Kind(table="survival_table")
        found = self.numbers.table(curve.table or "", kind, lambda: self.place(used_by))
        if found is None:
            return None
        if faults_of_points(found[1], may_end=curve.distribution == "kaplan_meier", numbers=self.numbers):
            return None
        horizon = self.file.settings.horizon_years * TIME_UNITS[curve.time_unit]
        self.numbers.warnings.extend(ends_of_curve(address, curve, found[1], horizon))
        times, survival = found[1]["time"], found[1]["survival"]
        if curve.distribution == "tabulated":
            return distribution("tabulated", times=times, survival=survival)
        tail = distribution(curve.tail or "")
        return distribution("kaplan_meier", times=times, survival=survival, tail=tail, tail_from=curve.tail_from)

    # ---------------------------------------------------------------- fits
    def _from_trial(self, address: str, curve: Curve) -> CurveModel | None:
        """Fit the arms of a trial together, with one shape, and take this curve's."""
        trial, family = curve.trial or "", curve.distribution or "exponential"
        group = self.trials[f"{address}.trial"]
        if group is None:
            return None
        imposed = (curve.shape or {}).get(family)
        key = f"{trial}.{family}" + (f".{imposed}" if imposed else "")
        fit = self.fits.trial(address, key, group, family, imposed)
        if fit is None:
            return None
        arm = next(arm for arm in fit.arms if arm.arm == curve.arm)
        parameters = {name: f"{key}.{fitted}" for name, fitted in arm.parameters.items()}
        model = distribution(family)
        if imposed is not None:
            parameters |= dict.fromkeys(model.shape_parameters, imposed)
        return CurveModel(address, model, parameters, hazard_ratio=arm.hazard_ratio and f"{key}.{arm.hazard_ratio}")

    def _moved(self, address: str, curve: Curve, family: Distribution) -> CurveModel | None:
        """Fit the family to another trial's two landmarks; the engine moves it in time until it has the median."""
        landmarks = curve.shape_from or []
        if not landmarks:
            self._wrong(f"{address}.shape", f"no shape.{family.name} and no shape_from", "one of both")
            return None
        key = f"{landmarks[0].rpartition('.')[0]}.{family.name}"
        if not self.fits.figures(f"{address}.shape_from", key, family.name, landmarks, None):
            return None
        parameters = {p.name: f"{key}.{p.name}" for p in family.parameters}
        joint = self.fits.joint[key]
        estimates = {
            p.name: from_real_line(np.array(x), p.real_line)
            for p, x in zip(family.parameters, joint.estimates, strict=True)
        }
        own = float(family.quantile(np.array(0.5), estimates))
        if not np.isfinite(own):
            self._wrong(
                f"{address}.shape_from", f"a {family.name} that never falls to one half", "a curve with a median"
            )
            return None
        return CurveModel(address, family, parameters, median=curve.median, moved_to_median=own)

    def _from_figures(self, address: str, curve: Curve) -> CurveModel | None:
        family = self._family(address, curve.distribution or "")
        if family is None:
            return None
        key = f"{address}.{family.name}"
        figures = curve.figures or []
        for missing in set(curve.through or []) - set(figures):
            self._wrong(f"{address}.through", missing, f"one of the figures {', '.join(figures)}")
            return None
        if not self.fits.figures(f"{address}.figures", key, family.name, figures, curve.through):
            return None
        return CurveModel(address, family, {p.name: f"{key}.{p.name}" for p in family.parameters})
