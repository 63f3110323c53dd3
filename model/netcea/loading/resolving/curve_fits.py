"""Fits of published figures on behalf of a scenario: figures looked up, fits kept with their reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from netcea.errors import NOT_DRAWN, ModelWarning, Place
from netcea.fitting import (
    SUMMARY_FAMILIES,
    Figure,
    FigureFit,
    NotIdentified,
    SummaryFit,
    Trial,
    fit_curve,
    fit_trial,
    landmark_correlation,
)
from netcea.fitting.refit import Refit, figure_slopes, with_figures
from netcea.fitting.report import FigureReport, FitReport
from netcea.fitting.trial import RATIO
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.trials import TrialGroup, published_trial
from netcea.plain_number import read
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import split_address
from netcea.quantities.limits import Limits
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import MONTHS_PER_YEAR, UNITS
from netcea.scenario.scenario import JointEstimate, LopsidedFigure

if TYPE_CHECKING:
    from netcea.loading.resolving.trial_correlations import Matrix


@lru_cache(maxsize=256)
def _trial_fit(
    family: str, trial: Trial, correlation: Matrix, fixed_shape: float | None, *, with_covariance: bool
) -> SummaryFit:
    """See `fit_trial`: scenarios of one run mostly share their fits."""
    return fit_trial(family, trial, np.array(correlation), fixed_shape, with_covariance=with_covariance)


def _trial_again(
    family: str, trial: Trial, correlation: Matrix, fixed_shape: float | None, figures: tuple[Figure, ...]
) -> SummaryFit:
    return fit_trial(family, with_figures(trial, figures), np.array(correlation), fixed_shape, with_covariance=False)


def _curve_again(
    family: str, exact: tuple[int, ...] | None, correlation: Matrix | None, figures: tuple[Figure, ...]
) -> SummaryFit:
    through = None if exact is None else list(exact)
    return fit_curve(family, figures, through, None if correlation is None else np.array(correlation))


def _landmark_correlation(figures: tuple[Figure, ...], *, strict: bool) -> Matrix | None:
    """Return the correlations of landmarks of one Kaplan-Meier curve; None where they are not, unless `strict`."""
    if any(figure.kind != "survival_at" or not figure.se for figure in figures):
        return None
    try:
        return tuple(map(tuple, landmark_correlation(figures).tolist()))
    except NotIdentified:
        if strict:
            raise
        return None


@lru_cache(maxsize=256)
def _curve_fit(family: str, figures: tuple[Figure, ...], exact: tuple[int, ...] | None, *, strict: bool) -> SummaryFit:
    """See `fit_curve`; landmarks are of one Kaplan-Meier curve where their variance rises, which `strict` demands."""
    return _curve_again(family, exact, _landmark_correlation(figures, strict=strict), figures)


@dataclass
class CurveFits:
    """Fits the figures that curves name; each set of figures once."""

    numbers: Numbers
    place: Callable[[str], Place]
    """Address in the scenario -> where it stands."""
    covariances: bool = True
    """Whether to compute the covariance of what is fitted; a base case does without."""
    joint: dict[str, JointEstimate] = field(default_factory=dict)
    reports: dict[str, FitReport] = field(default_factory=dict)
    refits: dict[str, Refit] = field(default_factory=dict)
    """Of each fit, what makes it again at other figures."""
    trials: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Address of a trial -> its arms."""
    warnings: list[ModelWarning] = field(default_factory=list)
    _of_trials: dict[str, SummaryFit] = field(default_factory=dict)

    def trial(self, address: str, key: str, group: TrialGroup, family: str, fixed: str | None) -> SummaryFit | None:
        """Fit a trial's arms, keep the joint estimate and the report; None after noting why it cannot be done.

        Parameters
        ----------
        address : str
            Of the curve.
        key : str
            Of what is fitted: a start of addresses for its parameters.
        group : TrialGroup
            The trial.
        family : str
            Of the curves.
        fixed : str or None
            Address of a shape that is given; None where it is fitted too.
        """
        if key in self._of_trials:
            return self._of_trials[key]
        if fixed is not None and self._quantity(fixed, f"{address}.shape") is None:
            return None
        for name in group.figures:
            self._log_error(f"{group.address}.{name}", address)
        try:
            trial = published_trial(self.numbers, group)
            shape = None if fixed is None else self._model_value(fixed)
            correlation = self._correlation(group, trial, address)
            if correlation is None:
                return None
            fit = _trial_fit(family, trial, correlation, shape, with_covariance=self.covariances)
        except NotIdentified as error:
            if family in SUMMARY_FAMILIES:
                values = ", ".join(
                    f"{read(self.numbers.quantities[f'{group.address}.{n}'].value)}" for n in group.figures
                )
                self._wrong(
                    f"{address}.trial",
                    f"{group.address} (medians and hazard ratio {values}) with {family}: {error}",
                    "figures that one family can meet",
                )
            else:
                self._wrong(f"{address}.distribution", f"{family}: {error}", f"one of {', '.join(SUMMARY_FAMILIES)}")
            return None
        self.trials[group.address] = group.arms
        self._of_trials[key] = fit
        self._keep(key, fit, correlation, partial(_trial_again, family, trial, correlation, shape))
        return fit

    def _correlation(self, group: TrialGroup, trial: Trial, used_by: str) -> Matrix | None:
        """Return the correlation that inputs/ gives, or else the one that is worked out, and say so; None: a fault."""
        if group.correlation is not None:
            return tuple(map(tuple, group.correlation.correlation or []))
        from netcea.loading.resolving.trial_correlations import worked_out

        address = f"{group.address}.correlation"
        try:
            found = worked_out(trial)
        except NotIdentified as error:
            found_none = f"{group.address}, whose correlation cannot be worked out: {error}"
            self._wrong(f"{used_by}.trial", found_none, f"a table of correlations at {address}")
            return None
        if len(trial.figures) > 1 and address not in {warning.address for warning in self.warnings}:
            message = (
                f"the correlation of {', '.join(group.figures)} is not in inputs/ and was worked out: "
                f"{found.replicates:,} simulated trials, seed {found.seed}; `netcea check --correlations` prints it, "
                "to be put into inputs/"
            )
            self.warnings.append(ModelWarning("worked_out", address, message))
        return found.correlation

    def figures(
        self, used_by: str, key: str, family: str, addresses: Sequence[str], through: Sequence[str] | None
    ) -> bool:
        """Fit one curve and keep the joint estimate and the report; False after noting why it cannot be done.

        Parameters
        ----------
        used_by : str
            Address of the entry that names the figures.
        key : str
            Of what is fitted: a start of addresses for its parameters.
        family : str
            Of the curve.
        addresses : sequence of str
            Of the figures.
        through : sequence of str or None
            Of those that the curve meets exactly; None where the fit decides.
        """
        if key in self.joint:
            fitted = [item.address for item in self.reports[key].figures]
            if fitted != list(addresses):
                self._wrong(used_by, ", ".join(addresses), f"{', '.join(fitted)} as elsewhere, or a group of their own")
            return fitted == list(addresses)
        figures = []
        for address in addresses:
            quantity = self._quantity(address, used_by)
            if quantity is None:
                return False
            is_median = UNITS[quantity.unit].dimension == "duration"
            self.numbers.check_limits(address, (*split_address(used_by), "median" if is_median else "landmark"))
            if any(not limits.allows(quantity.value) for limits in self.numbers.limits[address]):
                return False
            value, error = self._model_value(address), self._log_error(address, used_by)
            if is_median:
                halves = quantity.uncertainty.given.log_halves(quantity.value)
                figures.append(Figure("median", value, error, address=address, halves=halves))
            elif quantity.at_months is None:
                self._wrong(used_by, f"{address} without at_months", "a landmark survival with its time")
                return False
            else:
                time = quantity.at_months / MONTHS_PER_YEAR
                figures.append(Figure("survival_at", value, error, time, address))
        exact = None if through is None else [list(addresses).index(address) for address in through]
        try:
            strict = used_by.endswith(".shape_from")
            met = None if exact is None else tuple(exact)
            fit = _curve_fit(family, tuple(figures), met, strict=strict)
        except NotIdentified as error:
            self._wrong(used_by, f"{family}: {error}", "figures that determine the curve")
            return False
        correlation = _landmark_correlation(tuple(figures), strict=False)
        self._keep(key, fit, correlation, partial(_curve_again, family, met, correlation))
        return True

    def limits(self) -> dict[str, tuple[Limits, ...]]:
        """Return the range of every parameter that was fitted, by its address."""
        return {
            address: (Limits.of_parameter(scale, "parameter", address, closed=False),)
            for joint in self.joint.values()
            for address, scale in zip(joint.addresses, joint.scales, strict=True)
        }

    def _log_error(self, address: str, used_by: str) -> float | None:
        quantity = self.numbers.quantities[address]
        error = quantity.uncertainty.given.log_standard_error
        if error is None:
            self._wrong(
                used_by,
                f"{address} with uncertainty '{quantity.uncertainty.family}'",
                "a 95% interval, or log_normal: the fit needs its standard error on the log scale",
            )
        return error

    def _keep(
        self, key: str, fit: SummaryFit, correlation: Matrix | None, again: Callable[[tuple[Figure, ...]], SummaryFit]
    ) -> None:
        addresses = tuple(f"{key}.{name}" for name in fit.names)
        # a figure that is fixed has no standard error: the fit is taken as exact
        known = bool(np.all(np.isfinite(fit.covariance)))
        covariance = fit.covariance if known else np.zeros_like(fit.covariance)
        figures, used = zip(*((item.figure, item.used) for item in fit.figures), strict=True)
        refit = Refit(figures, used, correlation, again)
        lopsided = self._lopsided(key, refit, fit) if known and self.covariances else ()
        self.refits[key] = refit
        self.joint[key] = JointEstimate(addresses, fit.scales, fit.real_line, covariance, lopsided=lopsided)
        self.reports[key] = FitReport(
            address=key,
            family=fit.family,
            parameters=tuple(fit.estimates.items()),
            figures=tuple(self._figure_report(item) for item in fit.figures),
            note=fit.note,
        )

    def _lopsided(self, key: str, refit: Refit, fit: SummaryFit) -> tuple[LopsidedFigure, ...]:
        """Return the figures whose halves differ, with what they do to the parameters; note those that are weighed."""
        used = [i for i, is_used in enumerate(refit.used) if is_used]
        bent = [i for i in used if refit.figures[i].halves is not None]
        if not bent:
            return ()
        if len(used) != len(fit.names):
            for address in (refit.figures[i].address for i in bent):
                message = (
                    f"{key} weighs more figures than it has parameters: of the interval of {address} its width counts, "
                    "and not that its halves differ"
                )
                self.warnings.append(ModelWarning(NOT_DRAWN, address, message))
            return ()
        slopes = figure_slopes(refit, used)
        back = np.linalg.inv(slopes)
        return tuple(
            LopsidedFigure(f.address, slopes[:, at], back[at] / f.error, f.error, f.halves)
            for at, f in ((used.index(i), refit.figures[i]) for i in bent)
            if f.halves is not None
        )

    def _figure_report(self, item: FigureFit) -> FigureReport:
        figure = item.figure
        quantity = self.numbers.quantities[figure.address]
        between = figure.address.rpartition(".")[2].removeprefix(f"{RATIO}_").replace("_versus_", " v ")
        words = {
            "median": "median",
            "hazard_ratio": "hazard ratio" if between == RATIO else f"hazard ratio, {between}",
            "restricted_mean": "restricted mean",
        }
        what = words.get(figure.kind) or f"survival at {read(quantity.at_months or 0.0)} months"
        factor = self.numbers.factors[figure.address]
        return FigureReport(
            figure.address,
            what,
            quantity.value,
            item.modelled / factor,
            quantity.unit,
            item.miss_in_standard_errors,
            item.used,
        )

    def _wrong(self, address: str, found: str, expected: str = "", suggestion: str = "") -> None:
        self.numbers.wrong(self.place(address), found, expected, suggestion)

    def _quantity(self, address: str, used_by: str) -> Quantity | None:
        return self.numbers.quantity(address, Kind(), lambda: self.place(used_by))

    def _model_value(self, address: str) -> float:
        return self.numbers.quantities[address].value * self.numbers.factors[address]
