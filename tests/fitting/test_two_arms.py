"""Both arms of a trial from two medians and a ratio: the evidence's own numbers, exactness, covariance, refusals."""

import math
import subprocess
import sys

import numpy as np
import pytest

from helpers.processes import PATIENCE
from netcea.fitting.cox import cox_limit, expected_score
from netcea.fitting.summaries import SUMMARY_FAMILIES, Figure, NotIdentified, fit_trial
from netcea.survival.distributions import distribution

CORRELATION = np.array([[1.0, 0.015, 0.408], [0.015, 1.0, -0.506], [0.408, -0.506, 1.0]])
ERRORS = (0.1726, 0.1783, 0.3196)
TRIALS = {  # placebo, cabozantinib, ratio, median follow-up, share treated
    "pNET": (4.4, 13.8, 0.23, 13.8, 64 / 95),
    "epNET": (3.9, 8.4, 0.38, 10.2, 134 / 203),
}


def fitted(family, trial="pNET", errors=ERRORS, correlation=CORRELATION, fixed_shape=None, unit=1.0):
    m0, m1, ratio, follow_up, share = TRIALS[trial] if isinstance(trial, str) else trial
    figures = (
        Figure("median", m0 / unit, errors[0]),
        Figure("median", m1 / unit, errors[1]),
        Figure("hazard_ratio", ratio, errors[2]),
    )
    return fit_trial(family, *figures, correlation, follow_up / unit, share, fixed_shape)


def arms_of(fit, fixed_shape=None):
    """Parameters of each arm, built here from the names alone; with a hazard ratio, H1 = ratio x H0."""
    model = distribution(fit.family)
    result = []
    for arm in ("placebo", "cabozantinib"):
        given = {name: fixed_shape for name in model.shape_parameters if fixed_shape is not None}
        for p in model.parameters:
            for name in (p.name, f"{p.name}_{arm}", f"{p.name}_placebo"):
                if name in fit.estimates and p.name not in given:
                    given[p.name] = fit.estimates[name]
        result.append({name: np.array(value) for name, value in given.items()})
    ratio = fit.estimates.get("hazard_ratio", 1.0)
    return model, [
        (lambda t: model.cumulative_hazard(t, result[0]), lambda t: model.hazard(t, result[0])),
        (lambda t: ratio * model.cumulative_hazard(t, result[1]), lambda t: ratio * model.hazard(t, result[1])),
    ]


class TestEvidence:
    @pytest.mark.parametrize(("trial", "shape", "implied"), [("pNET", 1.29, 0.32), ("epNET", 1.26, 0.46)])
    def test_shape_and_implied_ratio(self, trial, shape, implied):
        assert round(fitted("weibull", trial).estimates["shape"], 2) == shape
        exponential = fitted("exponential", trial).figures[2]
        assert round(exponential.modelled, 2) == implied
        assert not exponential.used
        assert exponential.miss_in_standard_errors == pytest.approx(
            math.log(exponential.modelled / TRIALS[trial][2]) / ERRORS[2], rel=1e-12
        )

    def test_shapes_of_the_other_readings_lie_between_084_and_130(self):
        readings = [(3.3, 13.8, 0.22), (3.0, 11.4, 0.27), (4.2, 8.5, 0.40), (3.2, 8.3, 0.45)]
        shapes = [fitted("weibull", (*reading, 12.0, 0.67)).estimates["shape"] for reading in readings]
        assert [round(min(shapes), 2), round(max(shapes), 2)] == [0.84, 1.30]

    def test_survival_figures_imply_the_shapes_the_design_calls_impossible(self):
        pnet, epnet = (fitted("weibull", (*f, 12.0, 0.67)) for f in ((31.1, 40.0, 0.95), (19.7, 21.9, 0.86)))
        assert [round(fit.estimates["shape"], 2) for fit in (pnet, epnet)] == [0.20, 1.42]
        assert "hardly determine the shape" in pnet.note
        assert fitted("weibull").note == ""

    def test_log_standard_error_of_the_shape_when_figures_are_independent(self):
        # about 0.3 in the design
        spread = fitted("weibull", correlation=np.eye(3)).covariance[0, 0]
        d, log_ratio = math.log(13.8 / 4.4), math.log(0.23)
        by_hand = (ERRORS[2] / log_ratio) ** 2 + (ERRORS[0] ** 2 + ERRORS[1] ** 2) / d**2
        assert spread == pytest.approx(by_hand, rel=1e-8)
        assert math.sqrt(spread) == pytest.approx(0.3, abs=0.02)


class TestExactness:
    @pytest.mark.parametrize("trial", TRIALS)
    @pytest.mark.parametrize("family", SUMMARY_FAMILIES)
    def test_medians_and_ratio(self, family, trial):
        fit = fitted(family, trial)
        model, ((h0, rate0), (h1, rate1)) = arms_of(fit)
        m0, m1, ratio, follow_up, share = TRIALS[trial]
        assert float(h0(np.array(m0))) == pytest.approx(math.log(2), rel=1e-10)
        assert float(h1(np.array(m1))) == pytest.approx(math.log(2), rel=1e-10)
        limit = cox_limit(
            expected_score(
                lambda t: (np.exp(-h0(t)), np.exp(-h1(t))),
                lambda t: (np.exp(-h0(t)) * rate0(t), np.exp(-h1(t)) * rate1(t)),
                share,
                2 * follow_up,
            )
        )
        expected = m0 / m1 if family == "exponential" else ratio
        assert limit == pytest.approx(expected, rel=1e-10)
        reported = [item.modelled for item in fit.figures]
        assert reported == pytest.approx([m0, m1, expected], rel=1e-10)
        assert fit.names[0] in (*model.shape_parameters, "rate_placebo")

    @pytest.mark.parametrize("family", [f for f in SUMMARY_FAMILIES if f != "exponential"])
    def test_a_fixed_shape_meets_the_medians_and_reports_the_ratio(self, family):
        fit = fitted(family, fixed_shape=1.0 if family != "gompertz" else 0.02)
        _, ((h0, _), (h1, _)) = arms_of(fit, 1.0 if family != "gompertz" else 0.02)
        assert [float(h0(np.array(4.4))), float(h1(np.array(13.8)))] == pytest.approx([math.log(2)] * 2, rel=1e-10)
        assert [item.used for item in fit.figures] == [True, True, False]
        assert "not used" in fit.note
        if distribution(family).proportional_hazards:
            t = np.array(5.0)
            assert fit.figures[2].modelled == pytest.approx(float(h1(t) / h0(t)), rel=1e-10)

    def test_shape_1_is_the_exponential(self):
        weibull, exponential = fitted("weibull", fixed_shape=1.0), fitted("exponential")
        assert weibull.figures[2].modelled == pytest.approx(exponential.figures[2].modelled, rel=1e-12)
        assert weibull.estimates["scale_placebo"] == pytest.approx(1 / exponential.estimates["rate_placebo"], rel=1e-12)
        assert weibull.covariance == pytest.approx(exponential.covariance, rel=1e-8)

    @pytest.mark.parametrize("family", SUMMARY_FAMILIES)
    def test_does_not_depend_on_the_unit_of_time(self, family):
        months, years = fitted(family), fitted(family, unit=12.0)
        assert [f.modelled for f in years.figures[:2]] == pytest.approx([4.4 / 12, 13.8 / 12], rel=1e-10)
        factor = 12.0 if family == "gompertz" else 1.0
        assert years.estimates[years.names[0]] / (12.0 if family == "exponential" else factor) == pytest.approx(
            months.estimates[months.names[0]], rel=1e-8
        )
        correlations = [f.covariance / np.outer(*[np.sqrt(np.diag(f.covariance))] * 2) for f in (months, years)]
        kept = np.ix_([0, 2], [0, 2]) if family == "weibull_ph" else np.s_[:]  # its scale is a rate^shape
        assert correlations[1][kept] == pytest.approx(correlations[0][kept], abs=1e-4)

    def test_a_harmful_treatment(self):
        fit = fitted("weibull", (13.8, 4.4, 1 / 0.23, 13.8, 0.5))
        assert fit.estimates["shape"] == pytest.approx(fitted("weibull").estimates["shape"], rel=1e-12)
        assert fit.figures[2].modelled == pytest.approx(1 / 0.23, rel=1e-10)


class TestCovariance:
    @pytest.mark.parametrize(
        ("family", "n"),
        [
            ("exponential", 2000),
            ("weibull", 2000),
            ("weibull_ph", 2000),
            ("gompertz", 600),
            pytest.param("log_logistic", 300, marks=pytest.mark.slow),
        ],
    )
    def test_delta_method_against_monte_carlo(self, family, n):
        errors = tuple(error / 10 for error in ERRORS)
        fit = fitted(family, errors=errors)
        random = np.random.default_rng(9)
        y = (
            np.log([4.4, 13.8, 0.23])
            + random.standard_normal((n, 3)) @ np.linalg.cholesky(np.outer(errors, errors) * CORRELATION).T
        )
        refits = np.array([fitted(family, (*np.exp(row), 13.8, 64 / 95)).real_line for row in y])
        scale = np.sqrt(np.diag(fit.covariance))
        found = np.cov(refits.T) / np.outer(scale, scale)
        assert found == pytest.approx(fit.covariance / np.outer(scale, scale), abs=5 / math.sqrt(n))
        middle = (refits.mean(axis=0) - fit.real_line) / scale
        assert middle == pytest.approx(np.zeros(len(scale)), abs=5 / math.sqrt(n))

    @pytest.mark.parametrize("family", SUMMARY_FAMILIES)
    def test_gives_back_the_figures_standard_errors(self, family):
        # the published uncertainty of a median survives the way to parameters and back
        fit = fitted(family)
        arm = distribution(family)
        values = dict(zip(fit.names, fit.real_line, strict=True))

        def log_median(theta):
            natural = {
                name: np.array(math.exp(x) if scale == "log" else x)
                for name, scale, x in zip(fit.names, fit.scales, theta, strict=True)
            }
            own = {
                p.name: natural[p.name] if p.name in natural else natural[f"{p.name}_placebo"] for p in arm.parameters
            }
            return math.log(float(arm.quantile(np.array(0.5), own)))

        theta, step = np.array(list(values.values())), 1e-6
        slope = [
            (log_median(theta + step * unit) - log_median(theta - step * unit)) / (2 * step)
            for unit in np.eye(len(theta))
        ]
        assert math.sqrt(slope @ fit.covariance @ slope) == pytest.approx(ERRORS[0], rel=1e-4)

    def test_a_ratio_known_exactly(self):
        fit = fitted("weibull", errors=(0.17, 0.18, 0.0), correlation=np.eye(3))
        assert fit.covariance[2] == pytest.approx(np.zeros(3), abs=1e-15)
        assert fit.covariance[0, 0] == pytest.approx((0.17**2 + 0.18**2) / math.log(13.8 / 4.4) ** 2, rel=1e-8)

    def test_an_unknown_error_makes_the_covariance_unknown(self):
        assert np.all(np.isnan(fitted("weibull", errors=(0.17, 0.18, None)).covariance))

    def test_an_unknown_error_of_a_ratio_that_is_not_used_does_not(self):
        expected = fitted("exponential").covariance
        assert fitted("exponential", errors=(*ERRORS[:2], None)).covariance == pytest.approx(expected, rel=1e-8)


class TestRefusals:
    @pytest.mark.parametrize(
        ("family", "trial", "match"),
        [
            ("generalised_gamma", "pNET", "not identified"),
            ("royston_parmar", "pNET", "not identified"),
            ("weibull", (13.8, 4.4, 0.23, 13.8, 0.5), "longer median"),
            ("gompertz", (13.8, 4.4, 0.23, 13.8, 0.5), "longer median"),
            ("log_normal", (13.8, 4.4, 0.23, 13.8, 0.5), "no shape"),
            ("weibull", (4.4, 4.4, 0.23, 13.8, 0.5), "longer median"),
            ("weibull", (4.4, 4.4, 1.0, 13.8, 0.5), "longer median"),
            ("weibull", (math.nan, 4.4, 0.5, 13.8, 0.5), "median is nan"),
            ("weibull", (4.4, 13.8, 0.0, 13.8, 0.5), "hazard ratio is 0"),
            ("log_normal", (4.4, 13.8, 0.23, 0.0, 0.5), "follow-up"),
            ("log_normal", (4.4, 13.8, 0.23, 13.8, 1.0), "share"),
        ],
    )
    def test_with_the_reason(self, family, trial, match):
        with pytest.raises(NotIdentified, match=match):
            fitted(family, trial)

    def test_a_shape_that_is_not_above_0(self):
        with pytest.raises(NotIdentified, match="the shape is fixed at -1"):
            fitted("weibull", fixed_shape=-1.0)

    def test_figures_in_another_order(self):
        median, ratio = Figure("median", 4.4, 0.1), Figure("hazard_ratio", 0.2, 0.1)
        with pytest.raises(NotIdentified, match="placebo first"):
            fit_trial("weibull", ratio, median, median, np.eye(3), 13.8)

    def test_correlations_that_contradict_each_other(self):
        wrong = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]])
        with pytest.raises(NotIdentified, match="contradict"):
            fitted("weibull", correlation=wrong)


@pytest.mark.parametrize("family", ["weibull", "exponential"])
def test_the_base_case_does_without_scipy(family):
    code = f"""
import sys, numpy as np
from netcea.fitting.summaries import Figure, fit_trial
fit_trial({family!r}, Figure("median", 4.4, 0.2), Figure("median", 13.8, 0.2), Figure("hazard_ratio", 0.23, 0.3),
          np.eye(3), 13.8)
assert "scipy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
