"""Fits of published figures on behalf of a scenario: figures looked up, fits kept with their reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.errors import MISSES, NOT_DRAWN, ModelWarning, Place
from netcea.fitting import Figure, FigureFit, NotIdentified, SummaryFit, Trial
from netcea.fitting.published_figures import TooFew
from netcea.fitting.refit import Refit, figure_slopes
from netcea.fitting.report import FigureReport, FitReport
from netcea.fitting.trial import RATIO
from netcea.loading.resolving.cached_fits import (
    Family,
    curve_again,
    curve_fit,
    landmarks_of_one_curve,
    trial_again,
    trial_fit,
)
from netcea.loading.resolving.curve_entries import entry_at
from netcea.loading.resolving.fits_together import KeptFit, fits_together, stated_correlation
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.published import error_of, published_figure
from netcea.loading.resolving.trials import TrialGroup, odd_signs, published_trial
from netcea.plain_number import read
from netcea.plausibility.implausible import CODE
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import split_address
from netcea.quantities.limits import Limits
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import JointEstimate, LopsidedFigure

if TYPE_CHECKING:
    from netcea.loading.resolving.trial_correlations import Matrix


UNLIKELY: Final = 0.01
"""Probability of a chi-square so high, below which a fit is said to miss its figures."""


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
    kept: dict[str, KeptFit] = field(default_factory=dict)
    """Of each fit of which the covariance is known, how its parameters follow its figures."""
    _of_trials: dict[str, SummaryFit] = field(default_factory=dict)

    def trial(self, address: str, key: str, group: TrialGroup, family: Family, fixed: str | None) -> SummaryFit | None:
        """Fit a trial's arms, keep the joint estimate and the report; None after noting why it cannot be done.

        Parameters
        ----------
        address : str
            Of the curve.
        key : str
            Of what is fitted: a start of addresses for its parameters.
        group : TrialGroup
            The trial.
        family : str or Distribution
            Of the curves, by its name or with its structure.
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
            fit = trial_fit(family, trial, correlation, shape, with_covariance=self.covariances)
        except NotIdentified as error:
            values = ", ".join(f"{read(self.numbers.quantities[f'{group.address}.{n}'].value)}" for n in group.figures)
            found = f"{group.address} (medians, hazard ratios and further figures {values})"
            if not group.further:
                found = f"{group.address} (medians and hazard ratio {values})"
            name = family if isinstance(family, str) else family.name
            if isinstance(error, TooFew):
                expected = "a family with fewer parameters, or more figures of the trial"
                self._wrong(f"{address}.distribution", f"{name} with {found}: {error}", expected)
            else:
                self._wrong(f"{address}.trial", f"{found} with {name}: {error}", "figures that one family can meet")
            return None
        self.trials[group.address] = group.arms
        self._of_trials[key] = fit
        self._keep(
            key,
            fit,
            correlation,
            partial(trial_again, family, trial, correlation, shape, tuple(fit.real_line.tolist())),
        )
        return fit

    def _correlation(self, group: TrialGroup, trial: Trial, used_by: str) -> Matrix | None:
        """Return the correlation that inputs/ gives, or else the one that is worked out, and say so; None: a fault."""
        address = f"{group.address}.correlation"
        if group.correlation is not None:
            stated = tuple(map(tuple, group.correlation.correlation or []))
            if address not in {warning.address for warning in self.warnings}:
                odd = odd_signs(group.figures, group.ratios, stated)
                self.warnings += [ModelWarning(CODE, address, f"{words}: is a minus sign missing?") for words in odd]
            return stated
        from netcea.loading.resolving.trial_correlations import worked_out

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
        self, used_by: str, key: str, family: Family, addresses: Sequence[str], through: Sequence[str] | None
    ) -> bool:
        """Fit one curve and keep the joint estimate and the report; False after noting why it cannot be done.

        Parameters
        ----------
        used_by : str
            Address of the entry that names the figures.
        key : str
            Of what is fitted: a start of addresses for its parameters.
        family : str or Distribution
            Of the curve, by its name or with its structure.
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
        figures = self._published(used_by, addresses)
        if figures is None:
            return False
        met = None if through is None else tuple(list(addresses).index(address) for address in through)
        try:
            correlation = stated_correlation(self.numbers, addresses) or landmarks_of_one_curve(
                figures, strict=used_by.endswith(".shape_from")
            )
            fit = curve_fit(family, figures, met, correlation)
        except NotIdentified as error:
            name = family if isinstance(family, str) else family.name
            self._wrong(used_by, f"{name}: {error}", "figures that determine the curve")
            return False
        self._keep(key, fit, correlation, partial(curve_again, family, met, correlation, tuple(fit.real_line.tolist())))
        return True

    def _published(self, used_by: str, addresses: Sequence[str]) -> tuple[Figure, ...] | None:
        """Return figures that were looked up, in the model's units; None after noting what is wrong with one."""
        figures = []
        for address in addresses:
            quantity = self._quantity(address, used_by)
            if quantity is None:
                return None
            limited = "landmark" if UNITS[quantity.unit].dimension == "proportion" else "median"
            self.numbers.check_limits(address, (*split_address(used_by), limited))
            if any(not limits.allows(quantity.value) for limits in self.numbers.limits[address]):
                return None
            self._log_error(address, used_by)
            figure = published_figure(self.numbers, address)
            if figure is None:
                self._wrong(used_by, f"{address} without at_months", "a landmark survival with its time")
                return None
            figures.append(figure)
        return tuple(figures)

    def limits(self) -> dict[str, tuple[Limits, ...]]:
        """Return the range of every parameter that was fitted, by its address."""
        return {
            address: (Limits.of_parameter(scale, "parameter", address, closed=False),)
            for joint in self.joint.values()
            for address, scale in zip(joint.addresses, joint.scales, strict=True)
        }

    def _log_error(self, address: str, used_by: str) -> None:
        """Note a figure whose uncertainty has no standard error."""
        quantity = self.numbers.quantities[address]
        if error_of(quantity, 1.0)[0] is None:
            self._wrong(
                used_by,
                f"{address} with uncertainty '{quantity.uncertainty.family}'",
                "a 95% interval, normal or log_normal: the fit needs its standard error",
            )

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
        self._note_misfit(key, fit)
        if known and self.covariances and fit.influence is not None:
            self.kept[key] = KeptFit(refit, fit)
        self.joint[key] = JointEstimate(addresses, fit.scales, fit.real_line, covariance, lopsided=lopsided)
        self.reports[key] = FitReport(
            address=key,
            family=fit.family,
            parameters=tuple(fit.estimates.items()),
            figures=tuple(self._figure_report(item) for item in fit.figures),
            note=fit.note,
        )

    def _note_misfit(self, key: str, fit: SummaryFit) -> None:
        """Note a curve that misses its figures by more than chance, and the figure that it misses most."""
        p = fit.probability
        if p is None or p >= UNLIKELY:
            return
        misses = [(abs(item.miss_in_standard_errors or 0.0), item.figure.address) for item in fit.figures if item.used]
        far, worst = max(misses)
        message = (
            f"a {fit.family.replace('_', ' ')} misses the published figures by more than chance: chi-square "
            f"{read(fit.chi_square, 3)}, {fit.degrees_of_freedom} degrees of freedom, P {read(p, 1)}; {worst} by "
            f"{read(far, 2)} standard errors"
        )
        self.warnings.append(ModelWarning(MISSES, key, message))

    def draw_together(self) -> None:
        """Draw as one what was fitted to the same figures: one trial's arms in two families, an arm's own curve."""
        for keys, joint, refit in fits_together(self.kept, self.joint, self.warnings):
            for key in keys:
                del self.joint[key], self.refits[key]
            self.joint[joint.name], self.refits[joint.name] = joint, refit

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
        ratio = "hazard ratio" if between == RATIO else f"hazard ratio, {between}"
        what = ratio if figure.kind == "hazard_ratio" else quantity.figure_words
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
        self.numbers.wrong(self.place(entry_at(address)), found, expected, suggestion)

    def _quantity(self, address: str, used_by: str) -> Quantity | None:
        return self.numbers.quantity(address, Kind(), lambda: self.place(entry_at(used_by)))

    def _model_value(self, address: str) -> float:
        return self.numbers.quantities[address].value * self.numbers.factors[address]
