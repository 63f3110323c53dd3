"""One curve through published figures: exact where it can be, its covariance, what it misses, what is refused."""

import math

import numpy as np
import pytest

from netcea.fitting import SUMMARY_FAMILIES, Figure, NotIdentified, fit_curve, landmark_correlation
from netcea.survival.distributions import distribution

TWO_PARAMETERS = [family for family in SUMMARY_FAMILIES if family != "exponential"]


def median(value, se=None):
    return Figure("median", value, se)


def landmark(value, time, se=None):
    return Figure("survival_at", value, se, time)


def area(value, time, se=None):
    return Figure("restricted_mean", value, se, time)


def log_log_se(low, high):
    """The standard error on the working scale that a published 95% interval of a survival has."""
    return (math.log(-math.log(low)) - math.log(-math.log(high))) / 3.92


RADIANT3 = [
    landmark(survival, time, log_log_se(low, high))
    for time, survival, low, high in (
        (12, 0.820, 0.759, 0.867),
        (24, 0.640, 0.568, 0.702),
        (36, 0.509, 0.436, 0.577),
        (48, 0.413, 0.343, 0.481),
        (60, 0.355, 0.287, 0.424),
    )
]
ENDS = [RADIANT3[0], RADIANT3[-1]]
PAIRS = {
    "landmarks": ENDS,
    "median and landmark": [median(20.0, 0.2), landmark(0.3, 36.0, 0.1)],
    "median and restricted mean": [median(20.0, 0.2), area(15.0, 24.0, 0.05)],
    "restricted means": [area(10.0, 12.0, 0.02), area(30.0, 60.0, 0.06)],
}


def figures_of(model, parameters, figures):
    """What a curve says of figures, straight from the distribution."""
    given = {name: np.array(value) for name, value in parameters.items()}
    return [
        float(
            model.quantile(np.array(0.5), given)
            if f.kind == "median"
            else model.survival(np.array(f.time), given)
            if f.kind == "survival_at"
            else model.restricted_mean(np.array(f.time), given)
        )
        for f in figures
    ]


class TestExact:
    @pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
    @pytest.mark.parametrize("family", TWO_PARAMETERS)
    def test_two_figures_are_met(self, family, pair):
        fit = fit_curve(family, pair)
        assert figures_of(distribution(family), fit.estimates, pair) == pytest.approx(
            [f.value for f in pair], rel=1e-10
        )
        assert all(item.used and abs(item.miss_on_working_scale) < 1e-10 for item in fit.figures)

    def test_radiant3_shape(self):
        # evidence: 1.03 through 12 and 60 months, all five landmarks 1.04, standard error of the logarithm about 0.10
        fit = fit_curve("weibull", ENDS, correlation=landmark_correlation(ENDS))
        by_hand = math.log(math.log(0.355) / math.log(0.820)) / math.log(60 / 12)
        assert fit.estimates["shape"] == pytest.approx(by_hand, rel=1e-12)
        assert round(fit.estimates["shape"], 2) == 1.03
        assert round(math.sqrt(fit.covariance[0, 0]), 2) == 0.10
        alike = [landmark(f.value, f.time, 0.1) for f in RADIANT3]
        assert round(fit_curve("weibull", alike).estimates["shape"], 2) == 1.04
        # the evidence gives all five the same weight; weighed by their own intervals:
        assert round(fit_curve("weibull", RADIANT3).estimates["shape"], 2) == 1.01

    def test_weibull_by_hand(self):
        fit = fit_curve("weibull", [median(10.0, 0.1), landmark(0.25, 20.0, 0.2)])
        # ln 2 = (10/b)^a and 2 ln 2 = (20/b)^a: a = 1
        assert fit.estimates == pytest.approx({"shape": 1.0, "scale": 10.0 / math.log(2)}, rel=1e-10)

    def test_shapes_do_not_depend_on_the_unit_of_time(self):
        for family in TWO_PARAMETERS:
            months, days = (
                fit_curve(family, [landmark(f.value, f.time * factor, f.se) for f in ENDS]) for factor in (1.0, 30.4375)
            )
            # a Gompertz shape is a rate; a log-normal's location moves by log 30.4375, its scale does not
            name = distribution(family).shape_parameters[0]
            factor = 30.4375 if family == "gompertz" else 1.0
            i = months.names.index(name)
            assert days.estimates[name] * factor == pytest.approx(months.estimates[name], rel=1e-8)
            errors = [math.sqrt(fit.covariance[i, i]) for fit in (months, days)]
            assert errors[1] * factor == pytest.approx(errors[0], rel=1e-4)

    def test_a_fixed_shape_leaves_one_figure(self):
        fit = fit_curve("weibull", [median(10.0, 0.1)], fixed={"shape": 1.0})
        assert fit.names == ("scale",)
        assert fit.estimates["scale"] == pytest.approx(10.0 / math.log(2), rel=1e-10)
        assert fit.covariance == pytest.approx(np.array([[0.01]]), rel=1e-8)


class TestThrough:
    def test_exponential_goes_through_the_figure_that_is_named_and_reports_the_other(self):
        pair = [median(20.0, 0.2), landmark(0.3, 30.0, 0.1)]
        first, second = (fit_curve("exponential", pair, through=[i]) for i in (0, 1))
        assert first.estimates["rate"] == pytest.approx(math.log(2) / 20, rel=1e-12)
        assert second.estimates["rate"] == pytest.approx(-math.log(0.3) / 30, rel=1e-12)
        met, missed = first.figures
        assert (met.used, missed.used) == (True, False)
        assert missed.modelled == pytest.approx(0.5 ** (30 / 20), rel=1e-12)
        assert missed.miss == pytest.approx(0.5**1.5 - 0.3, rel=1e-12)
        working = math.log(1.5 * math.log(2)) - math.log(-math.log(0.3))
        assert missed.miss_on_working_scale == pytest.approx(working, rel=1e-10)
        assert missed.miss_in_standard_errors == pytest.approx(working / 0.1, rel=1e-10)

    def test_exponential_says_when_it_leaves_figures_out(self):
        without_intervals = [figure._replace(se=None) for figure in RADIANT3]
        fit = fit_curve("exponential", without_intervals)
        assert [item.used for item in fit.figures] == [True, False, False, False, False]
        assert "first figure" in fit.note

    def test_exponential_weighs_figures_with_intervals(self):
        # log(-log S) = log t + log rate: a weighted mean of log(-log S) - log t
        fit = fit_curve("exponential", RADIANT3)
        weights = np.array([1.0 / f.se**2 for f in RADIANT3])
        by_hand = (
            sum(w * (f.working - math.log(f.time)) for w, f in zip(weights, RADIANT3, strict=True)) / weights.sum()
        )
        assert math.log(fit.estimates["rate"]) == pytest.approx(by_hand, rel=1e-10)
        assert fit.covariance[0, 0] == pytest.approx(1.0 / weights.sum(), rel=1e-10)
        assert fit.degrees_of_freedom == 4

    def test_two_of_five(self):
        fit = fit_curve("weibull", RADIANT3, through=[0, 4])
        assert fit.estimates == pytest.approx(fit_curve("weibull", ENDS).estimates, rel=1e-10)
        assert [item.used for item in fit.figures] == [True, False, False, False, True]

    @pytest.mark.parametrize("through", [[0, 1, 2], [0, 0], [0, 5], [0, -1], [0], []])
    def test_refuses_what_cannot_be_met(self, through):
        with pytest.raises(NotIdentified):
            fit_curve("weibull", RADIANT3, through=through)


class TestUncertainty:
    @pytest.mark.parametrize(
        "family",
        [f if f in ("weibull", "log_normal") else pytest.param(f, marks=pytest.mark.slow) for f in TWO_PARAMETERS],
    )
    def test_exact_fits_agree_with_refits_of_sampled_figures(self, family):
        errors = np.array([0.03, 0.02])
        correlation = np.array([[1.0, 0.4], [0.4, 1.0]])
        pair = [landmark(0.7, 12.0, errors[0]), landmark(0.3, 40.0, errors[1])]
        fit = fit_curve(family, pair, correlation=correlation)
        random = np.random.default_rng(2)
        y = random.multivariate_normal([f.working for f in pair], np.outer(errors, errors) * correlation, 250)
        refits = [
            fit_curve(family, [landmark(math.exp(-math.exp(x)), f.time) for x, f in zip(row, pair, strict=True)])
            for row in y
        ]
        found = np.cov(np.array([refit.real_line for refit in refits]).T)
        scale = np.sqrt(np.diag(fit.covariance))
        assert found / np.outer(scale, scale) == pytest.approx(fit.covariance / np.outer(scale, scale), abs=0.25)

    def test_weibull_by_hand(self):
        # log shape = log(x1 - x0) - log log 5, x = log(-log S): its variance is that of x1 - x0 over (x1 - x0)^2
        correlation = landmark_correlation(ENDS)
        fit = fit_curve("weibull", ENDS, correlation=correlation)
        a, b = (f.se for f in ENDS)
        x0, x1 = (f.working for f in ENDS)
        variance = (a * a + b * b - 2 * correlation[0, 1] * a * b) / (x1 - x0) ** 2
        assert fit.covariance[0, 0] == pytest.approx(variance, rel=1e-7)

    def test_more_figures_than_parameters_are_weighed(self):
        fit = fit_curve("weibull", RADIANT3)
        # a straight line of log(-log S) on log t, weighted: shape is its slope
        x, y, w = (np.log([f.time for f in RADIANT3]), [f.working for f in RADIANT3], [1 / f.se for f in RADIANT3])
        slope, intercept = np.polyfit(x, y, 1, w=w)
        expected = {"shape": slope, "scale": math.exp(-intercept / slope)}
        assert fit.estimates == pytest.approx(expected, rel=1e-7)
        design = np.array([[f.working, -slope] for f in RADIANT3])  # d/d log shape, d/d log scale
        design[:, 0] = slope * (x - math.log(expected["scale"]))
        by_hand = np.linalg.inv(design.T @ np.diag(np.array(w) ** 2) @ design)
        assert fit.covariance == pytest.approx(by_hand, rel=1e-5)

    def test_correlated_figures_are_weighed_by_their_covariance(self):
        correlation = landmark_correlation(RADIANT3)
        fit = fit_curve("weibull", RADIANT3, correlation=correlation)
        errors = np.array([f.se for f in RADIANT3])
        inverse = np.linalg.inv(np.outer(errors, errors) * correlation)
        design = np.stack([np.log([f.time for f in RADIANT3]), np.ones(5)], axis=1)
        y = np.array([f.working for f in RADIANT3])
        slope, intercept = np.linalg.solve(design.T @ inverse @ design, design.T @ inverse @ y)
        assert fit.estimates == pytest.approx({"shape": slope, "scale": math.exp(-intercept / slope)}, rel=1e-6)

    def test_landmarks_of_one_curve_are_correlated_as_in_simulated_trials(self):
        # nobody censored: S(s) and S(t) are binomial shares of the same patients
        n, times, survivals = 400, (1.0, 3.0), (0.7, 0.35)
        random = np.random.default_rng(4)
        late = random.binomial(n, survivals[1], 20_000) / n
        early = late + random.binomial(np.round(n * (1 - late)).astype(int), (0.7 - 0.35) / (1 - 0.35)) / n
        x = np.log(-np.log(np.stack([early, late])))
        pair = [landmark(s, t, se) for s, t, se in zip(survivals, times, x.std(axis=1), strict=True)]
        assert landmark_correlation(pair)[0, 1] == pytest.approx(np.corrcoef(x)[0, 1], abs=0.02)
        assert landmark_correlation(pair[::-1])[0, 1] == landmark_correlation(pair)[0, 1]

    def test_a_figure_that_is_exact_has_no_part_in_the_spread(self):
        fit = fit_curve("weibull", [median(10.0, 0.0), landmark(0.3, 20.0, 0.1)])
        only_second = fit_curve("weibull", [median(10.0, 1e-9), landmark(0.3, 20.0, 0.1)])
        assert fit.covariance == pytest.approx(only_second.covariance, rel=1e-6, abs=1e-12)

    def test_an_unknown_error_makes_the_covariance_unknown(self):
        assert np.all(np.isnan(fit_curve("weibull", [median(10.0), landmark(0.3, 20.0, 0.1)]).covariance))


class TestRefusals:
    @pytest.mark.parametrize(
        ("family", "figures", "match"),
        [
            ("weibull", [median(20.0, 0.2)], "do not identify"),
            ("generalised_gamma", ENDS, "parameters of a generalised_gamma: 3; figures: 2.*add 1 figure"),
            ("royston_parmar", ENDS, "needs its structure"),
            ("weibull", [median(20.0, 0.2), landmark(0.6, 30.0, 0.1)], "does not fall from 0.5 at 20 to 0.6 at 30"),
            ("weibull", [median(20.0, 0.2), median(21.0, 0.2)], "does not fall"),
            ("weibull", [median(20.0, 0.2), area(30.0, 24.0, 0.1)], "restricted mean is 30; expected between 0 and 24"),
            ("weibull", [median(20.0, 0.2), area(23.999, 24.0, 0.1)], "no curve"),
            ("weibull", [median(20.0, 0.2), area(9.0, 24.0, 0.1)], "no curve"),
            ("weibull", [area(15.0, 24.0, 0.2), area(15.0, 24.0, 0.2)], "do not identify"),
            ("weibull", [median(20.0, 0.2), landmark(82.0, 12.0, 0.1)], "survival is 82; expected between 0 and 1"),
            ("weibull", [median(20.0, 0.2), landmark(0.0, 30.0, 0.1)], "expected between 0 and 1"),
            ("weibull", [median(math.nan, 0.2), landmark(0.3, 30.0, 0.1)], "median is nan"),
            ("weibull", [median(-3.0, 0.2), landmark(0.3, 30.0, 0.1)], "median is -3"),
            ("weibull", [median(20.0, -0.2), landmark(0.3, 30.0, 0.1)], "standard error"),
            ("weibull", [median(20.0, 0.2), Figure("survival_at", 0.3, 0.1)], "needs the time"),
            ("weibull", [median(20.0, 0.2), Figure("hazard_ratio", 0.3, 0.1)], "belongs to a trial"),
            ("weibull", [median(20.0), landmark(0.3, 30.0), landmark(0.2, 40.0)], "without an interval"),
            ("weibull", [median(20.0, 0.0), landmark(0.3, 30.0, 0.1), landmark(0.2, 40.0, 0.1)], "without error"),
        ],
    )
    def test_with_the_reason(self, family, figures, match):
        with pytest.raises(NotIdentified, match=match):
            fit_curve(family, figures)

    @pytest.mark.parametrize(
        ("fixed", "match"),
        [
            ({"shpe": 1.0}, "no parameter 'shpe'"),
            ({"shape": -1.0}, "above 0"),
            ({"shape": 1.0, "scale": 2.0}, "nothing"),
        ],
    )
    def test_wrong_fixed_parameters(self, fixed, match):
        with pytest.raises(NotIdentified, match=match):
            fit_curve("weibull", ENDS, fixed=fixed)

    @pytest.mark.parametrize(
        "correlation", [np.eye(3), [[1.0, 1.2], [1.2, 1.0]], [[1.0, 0.3], [0.2, 1.0]], [[2.0, 0], [0, 1]]]
    )
    def test_wrong_correlations(self, correlation):
        with pytest.raises(NotIdentified, match="correlations"):
            fit_curve("weibull", ENDS, correlation=np.array(correlation))

    @pytest.mark.parametrize(
        "figures",
        [
            [median(3.0, 0.1), ENDS[0]],
            [landmark(0.8, 1.0), ENDS[1]],
            [landmark(0.8, 1.0, 0.5), landmark(0.7, 2.0, 0.1)],
        ],
    )
    def test_landmarks_that_are_not_of_one_curve(self, figures):
        with pytest.raises(NotIdentified):
            landmark_correlation(figures)
