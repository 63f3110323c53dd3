"""Fits of published figures on behalf of a scenario: figures looked up, fits kept with their reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from netcea.errors import Place
from netcea.fitting.report import FigureReport, FitReport
from netcea.fitting.summaries import (
    SUMMARY_FAMILIES,
    Figure,
    FigureFit,
    FigureKind,
    NotIdentified,
    SummaryFit,
    fit_curve,
    fit_trial,
    landmark_correlation,
)
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import split_address
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable
from netcea.quantities.units import MONTHS_PER_YEAR, UNITS
from netcea.scenario.scenario import JointEstimate

KINDS: Final[tuple[FigureKind, ...]] = ("median", "median", "hazard_ratio")


@lru_cache(maxsize=256)
def _trial_fit(
    family: str,
    figures: tuple[Figure, ...],
    correlation: tuple[tuple[float, ...], ...],
    follow_up: float,
    share_treated: float,
    fixed_shape: float | None,
    *,
    spread: bool,
) -> SummaryFit:
    """See `fit_trial`: scenarios of one run mostly share their fits."""
    return fit_trial(
        family,
        figures[0],
        figures[1],
        figures[2],
        np.array(correlation),
        follow_up,
        share_treated,
        fixed_shape,
        spread=spread,
    )


@lru_cache(maxsize=256)
def _curve_fit(
    family: str, figures: tuple[Figure, ...], exact: tuple[int, ...] | None, *, one_curve: bool
) -> SummaryFit:
    """See `fit_curve`."""
    correlation = landmark_correlation(figures) if one_curve else None
    return fit_curve(family, figures, None if exact is None else list(exact), correlation)


def check_trial(numbers: Numbers, trial: str, place: Place) -> CorrelationTable | None:
    """Look up a trial's medians, hazard ratio, follow-up and their correlations; None after noting what is wrong."""
    kind = Kind(trial=True)
    if not numbers.inputs.exists(trial):
        numbers.quantity(trial, kind, place)  # which says what is wrong
        return None
    if not numbers.inputs.exists(f"{trial}.median_placebo"):
        numbers.wrong(place, f"'{trial}', which is none", str(kind), f"such as {kind.example}")
        return None
    figures = [
        numbers.quantity(f"{trial}.{name}", kind, place)
        for name, kind in (
            ("median_placebo", Kind(("duration",))),
            ("median_cabozantinib", Kind(("duration",))),
            ("hazard_ratio", Kind(("ratio",))),
            ("follow_up_median", Kind(("duration",))),
        )
    ]
    correlation = numbers.correlation(f"{trial}.correlation", place)
    if correlation is None or any(figure is None for figure in figures):
        return None
    for name in ("median_placebo", "median_cabozantinib", "hazard_ratio", "follow_up_median"):
        numbers.check_limits(f"{trial}.{name}", (*split_address(place.address), name))
    return correlation


@dataclass
class CurveFits:
    """Fits the figures that curves name; each set of figures once."""

    numbers: Numbers
    place: Callable[[str], Place]
    """Address in the scenario -> where it stands."""
    spread: bool = True
    """Whether to compute the covariance of what is fitted; a base case does without."""
    joint: dict[str, JointEstimate] = field(default_factory=dict)
    reports: dict[str, FitReport] = field(default_factory=dict)

    def trial(
        self, address: str, key: str, trial: str, family: str, correlation: CorrelationTable, fixed: str | None
    ) -> bool:
        """Fit a trial's arms and keep the joint estimate and the report; False after noting why it cannot be done."""
        if key in self.joint:
            return True
        if fixed is not None and self._quantity(fixed, f"{address}.shape") is None:
            return False
        expected = ["median_placebo", "median_cabozantinib", "hazard_ratio"]
        if correlation.names != expected or correlation.correlation is None:
            self._wrong(f"{address}.trial", f"correlations of {', '.join(correlation.names)}", ", ".join(expected))
            return False
        figures = [
            Figure(
                kind,
                self._model_value(f"{trial}.{name}"),
                self._log_error(f"{trial}.{name}", address),
                address=f"{trial}.{name}",
            )
            for name, kind in zip(expected, KINDS, strict=True)
        ]
        try:
            fit = _trial_fit(
                family,
                tuple(figures),
                tuple(map(tuple, correlation.correlation)),
                self._model_value(f"{trial}.follow_up_median"),
                self._share_treated(trial),
                None if fixed is None else self._model_value(fixed),
                spread=self.spread,
            )
        except NotIdentified as error:
            if family in SUMMARY_FAMILIES:
                values = ", ".join(f"{self.numbers.quantities[f'{trial}.{name}'].value:g}" for name in expected)
                self._wrong(
                    f"{address}.trial",
                    f"{trial} (medians and hazard ratio {values}) with {family}: {error}",
                    "figures that one family can meet",
                )
            else:
                self._wrong(f"{address}.distribution", f"{family}: {error}", f"one of {', '.join(SUMMARY_FAMILIES)}")
            return False
        self._keep(key, fit)
        return True

    def _share_treated(self, trial: str) -> float:
        """Return the share of the trial's patients on cabozantinib; two thirds (2:1) where numbers are missing."""
        counts = []
        for arm in ("placebo", "cabozantinib"):
            try:
                node = self.numbers.inputs.node(f"{trial}.patients_{arm}")
            except KeyError:
                return 2.0 / 3.0
            counts.append(float(getattr(node, "value", 0.0)))
        return counts[1] / (counts[0] + counts[1])

    def figures(
        self, used_by: str, key: str, family: str, addresses: Sequence[str], through: Sequence[str] | None
    ) -> bool:
        """Fit one curve and keep the joint estimate and the report; False after noting why it cannot be done."""
        if key in self.joint:
            return True
        figures = []
        for address in addresses:
            quantity = self._quantity(address, used_by)
            if quantity is None:
                return False
            value, error = self._model_value(address), self._log_error(address, used_by)
            if UNITS[quantity.unit].dimension == "duration":
                figures.append(Figure("median", value, error, address=address))
            elif quantity.at_months is None:
                self._wrong(used_by, f"{address} without at_months", "a landmark survival with its time")
                return False
            else:
                time = quantity.at_months / MONTHS_PER_YEAR
                figures.append(Figure("survival_at", value, error, time, address))
        exact = None if through is None else [list(addresses).index(address) for address in through]
        try:
            one_curve = used_by.endswith(".shape_from") and all(figure.se for figure in figures)
            fit = _curve_fit(family, tuple(figures), None if exact is None else tuple(exact), one_curve=one_curve)
        except NotIdentified as error:
            self._wrong(used_by, f"{family}: {error}", "figures that determine the curve")
            return False
        self._keep(key, fit)
        return True

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

    def _keep(self, key: str, fit: SummaryFit) -> None:
        addresses = tuple(f"{key}.{name}" for name in fit.names)
        # a figure that is fixed has no standard error: the fit is taken as exact
        known = bool(np.all(np.isfinite(fit.covariance)))
        covariance = fit.covariance if known else np.zeros_like(fit.covariance)
        self.joint[key] = JointEstimate(addresses, fit.scales, fit.real_line, covariance)
        self.reports[key] = FitReport(
            address=key,
            family=fit.family,
            parameters=tuple(fit.estimates.items()),
            figures=tuple(self._figure_report(item) for item in fit.figures),
            note=fit.note,
        )

    def _figure_report(self, item: FigureFit) -> FigureReport:
        figure = item.figure
        quantity = self.numbers.quantities[figure.address]
        words = {"median": "median", "hazard_ratio": "hazard ratio", "restricted_mean": "restricted mean"}
        what = words.get(figure.kind) or f"survival at {quantity.at_months:g} months"
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
        return self.numbers.quantity(address, Kind(), self.place(used_by))

    def _model_value(self, address: str) -> float:
        return self.numbers.quantities[address].value * self.numbers.factors[address]
