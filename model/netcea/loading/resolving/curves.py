"""From the curves of a scenario file to curve models: figures fitted, parameters addressed, references checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from netcea.draws import from_real_line
from netcea.errors import Place, did_you_mean
from netcea.loading.resolving.averages import Averages, averaged_model, curve_with
from netcea.loading.resolving.background import settle_background, told
from netcea.loading.resolving.curve_entries import entry_at
from netcea.loading.resolving.curve_fits import CurveFits
from netcea.loading.resolving.curve_references import (
    check_arms,
    check_crossover,
    check_intervals,
    check_waning,
    medians_drawn_apart,
    refuse_circles,
)
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.table_ends import ends_of_curve, faults_of_points
from netcea.loading.resolving.trials import TrialGroup
from netcea.loading.resolving.waning_origin import check_since, treatment_curve
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import join_address, split_address
from netcea.quantities.limits import Limits
from netcea.quantities.units import UNITS
from netcea.scenario.family_average import FamilyAverage
from netcea.scenario.scenario import Strategy, TimeOnTreatment
from netcea.survival.base import Distribution
from netcea.survival.curve import TIME_UNITS, Curve, CurveModel, RatioInterval
from netcea.survival.distributions import distribution, full_name
from netcea.survival.waning_choice import OF_A_TREATMENT_CURVE, Waning


@dataclass
class CurveResolver:
    """Turns the curves of one scenario into models; gathers fits and joint estimates on the way."""

    strategies: Mapping[str, Strategy]
    horizon_years: float
    life_table: str
    """Address of the scenario's life table."""
    numbers: Numbers
    place: Callable[[str], Place]
    """Address in the scenario -> where it stands."""
    trials: Mapping[str, TrialGroup | None]
    """Address of the entry that names a trial -> what stands in the trial's group."""
    fits: CurveFits
    models: dict[str, CurveModel] = field(default_factory=dict)
    averages: dict[str, FamilyAverage] = field(default_factory=dict)
    """Address of a curve whose families are averaged -> which, and their weights."""
    structures: dict[str, tuple[str, dict[str, float]]] = field(default_factory=dict)
    """Of each fit, the curve that first had it, and its knots or breaks."""
    _curves: dict[str, Curve] = field(default_factory=dict)

    def resolve(self) -> None:
        """Resolve every curve of every strategy; none where something is wrong already."""
        check_arms(self.strategies, self.numbers, self._wrong)
        if self.numbers.faults.problems:
            return
        self.averages = Averages(self.strategies, self.numbers, self.place).by_curve()
        for name, strategy in self.strategies.items():
            base = f"strategies.{name}"
            self._curve(f"{base}.pfs", strategy.pfs, "pfs")
            self._curve(f"{base}.os", strategy.os, "os")
            self._time_on_treatment(base, strategy.time_on_treatment)
        refuse_circles(self.models, self._wrong)
        settle_background(self.models, self._curves, self._wrong)
        self.numbers.warnings.extend(told(self._curves, self.models, self.numbers, self.life_table))
        self.fits.draw_together()
        self.fits.warnings.extend(medians_drawn_apart(self.models, self.fits.kept))

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
        self._curves[address] = curve
        if endpoint != "os" and curve.background_mortality != "none":
            self._wrong(
                f"{address}.background_mortality",
                repr(curve.background_mortality),
                "none: background mortality belongs to overall survival alone",
            )
        model = self._origin(address, curve, endpoint)
        if model is None:
            return
        removed = curve.without_crossover
        if removed is not None:
            check_crossover(address, removed, self.strategies, self._wrong)
        self.models[address] = replace(
            model,
            ratio_with_crossover=None if removed is None else removed.hazard_ratio_observed,
            ratio_without_crossover=None if removed is None else removed.hazard_ratio,
            background_mortality=curve.background_mortality,
        )
        if curve.waning is not None:
            self.models[address] = self._waning(self.models[address], curve, curve.waning, endpoint)

    def _waning(self, model: CurveModel, curve: Curve, waning: Waning, endpoint: str) -> CurveModel:
        """Return the curve with its waning: towards what, from when on, and what becomes of the gain."""
        address = model.address
        if waning.towards is None:  # `relative_to`, which is checked already
            towards = f"strategies.{curve.relative_to}.{endpoint}"
        else:
            towards = self._reference(f"{address}.waning.towards", waning.towards, endpoint)
        check_waning(address, waning, self.numbers, self._wrong)
        base = join_address(split_address(address)[:2])
        treatment = self.strategies[base.partition(".")[2]].time_on_treatment
        follows = check_since(address, waning, treatment, self._wrong) and waning.since in OF_A_TREATMENT_CURVE
        return replace(
            model,
            waning_starts=waning.starts,
            waning_ends=waning.ends,
            waning_towards=towards,
            waning_since=waning.since,
            waning_treatment=treatment_curve(base, treatment) if follows else None,
            waning_stops=None if waning.since == "baseline" else treatment.stops_at,
            waning_loses_gain=waning.accrued_gain == "lost",
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
        if curve.averaging is not None:
            return self._average(address, curve, endpoint)
        if curve.trial is not None:
            return self._from_trial(address, curve)
        if curve.fit is not None:
            return self._from_fit(address, curve)
        if curve.median is not None:
            return self._from_median(address, curve)
        if curve.figures is not None:
            return self._from_figures(address, curve)
        return self._from_parameters(address, curve)

    def _average(self, address: str, curve: Curve, endpoint: str) -> CurveModel | None:
        """Resolve each family as if it were the curve's, and average them."""
        average = self.averages.get(address)
        if average is None:
            return None
        models = {one.name: self._origin(address, curve_with(curve, one.family), endpoint) for one in average.families}
        found = {name: model for name, model in models.items() if model is not None}
        return averaged_model(address, average, found) if len(found) == len(models) else None

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
        from netcea.loading.resolving.fitted import FittedCurves

        model = FittedCurves(self.numbers).curve(address, curve, self.place(entry_at(f"{address}.fit")))
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
        family = self._family(address, curve.family or "")
        if family is None or curve.median is None:
            return None
        if family.with_median is None:
            self._wrong(f"{address}.distribution", repr(family.name), "a family with a median and a shape")
            return None
        shape = (curve.shape or {}).get(curve.family or "exponential")
        if not family.shape_parameters:
            return CurveModel(address, family, {}, median=curve.median)
        if shape is not None:
            return CurveModel(address, family, {family.shape_parameters[0]: shape}, median=curve.median)
        return self._moved(address, curve, family)

    # ---------------------------------------------------------------- references
    def _reference(self, address: str, strategy: str, endpoint: str) -> str:
        if strategy not in self.strategies:
            known = list(self.strategies)
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
        self.numbers.wrong(self.place(entry_at(address)), found, expected, suggestion)

    # ---------------------------------------------------------------- structure
    def _structured(self, address: str, curve: Curve, *, in_years: bool = False) -> Distribution | None:
        """Return the family with its structure: knots, breaks, the family of those not cured, a table.

        `in_years`: knots and breaks are taken from `time_unit` to years, as fits of published figures have them.
        """
        name, unit = curve.family or "", TIME_UNITS[curve.time_unit] if in_years else 1.0
        try:
            if name == "royston_parmar":
                return distribution(name, knots=[k - np.log(unit) for k in curve.knots or []], scale=curve.scale)
            if name == "piecewise_exponential":
                return distribution(name, breaks=[b / unit for b in curve.breaks or []])
            if name in ("mixture_cure", "non_mixture_cure"):
                return distribution(name, base=distribution(curve.base or ""))
            if name in ("kaplan_meier", "tabulated"):
                return self._table(address, curve)
            return distribution(name)
        except (ValueError, TypeError) as error:
            self._wrong(address, f"a {name} that cannot be made: {error}", "a structure that fits the family")
            return None

    def _to_figures(self, address: str, curve: Curve) -> tuple[Distribution, str] | None:
        """Return a family that is fitted to published figures, with the name that a fit of it has."""
        name = curve.family or ""
        if name in ("kaplan_meier", "tabulated"):
            self._wrong(f"{address}.distribution", repr(name), "a family: a table is not fitted to figures")
            return None
        family = self._structured(address, curve, in_years=True)
        if family is None:
            return None
        inner = len(family.constants) - (2 if name == "royston_parmar" else 0) if family.constants else None
        full = full_name(name, curve.scale, curve.base, inner)
        known = self.structures.setdefault(f"{curve.trial or address}.{full}", (address, dict(family.constants)))
        if known[1] != dict(family.constants):
            other = known[0]
            found = "knots or breaks other than there"
            self._wrong(address, found, f"those of {other}, whose arm is fitted together with this one")
            return None
        return family, full

    def _table(self, address: str, curve: Curve) -> Distribution | None:
        used_by = f"{address}.table"
        kind = Kind(table="survival_table")
        found = self.numbers.table(curve.table or "", kind, lambda: self.place(entry_at(used_by)))
        if found is None:
            return None
        if faults_of_points(found[1], may_end=curve.family == "kaplan_meier", numbers=self.numbers):
            return None
        horizon = self.horizon_years * TIME_UNITS[curve.time_unit]
        self.numbers.warnings.extend(ends_of_curve(address, curve, found[1], horizon))
        times, survival = found[1]["time"], found[1]["survival"]
        if curve.family == "tabulated":
            return distribution("tabulated", times=times, survival=survival)
        tail = distribution(curve.tail or "")
        return distribution("kaplan_meier", times=times, survival=survival, tail=tail, tail_from=curve.tail_from)

    # ---------------------------------------------------------------- fits
    def _from_trial(self, address: str, curve: Curve) -> CurveModel | None:
        """Fit the arms of a trial together, with one shape, and take this curve's."""
        trial, group = curve.trial or "", self.trials[entry_at(f"{address}.trial")]
        found = self._to_figures(address, curve)
        if group is None or found is None:
            return None
        model, family = found
        imposed = (curve.shape or {}).get(curve.family or "exponential")
        key = f"{trial}.{family}" + (f".{imposed}" if imposed else "")
        fit = self.fits.trial(address, key, group, model if model.name != family else family, imposed)
        if fit is None:
            return None
        arm = next(arm for arm in fit.arms if arm.arm == curve.arm)
        parameters = {name: f"{key}.{fitted}" for name, fitted in arm.parameters.items()}
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
        found = self._to_figures(address, curve)
        if found is None:
            return None
        family, name = found
        key = f"{address}.{name}"
        figures = curve.figures or []
        for missing in set(curve.through or []) - set(figures):
            self._wrong(f"{address}.through", missing, f"one of the figures {', '.join(figures)}")
            return None
        form = family if family.name != name else name
        if not self.fits.figures(f"{address}.figures", key, form, figures, curve.through):
            return None
        return CurveModel(address, family, {p.name: f"{key}.{p.name}" for p in family.parameters})
