"""The arms of a trial from medians and ratios: the evidence's own numbers, exactness, covariance, more arms, refusals."""

import math
import subprocess
import sys

import numpy as np
import pytest

from helpers.processes import PATIENCE
from helpers.sample_of import mostly_slow
from netcea.fitting import SUMMARY_FAMILIES, Figure, HazardRatio, NotIdentified, Trial, fit_trial
from netcea.fitting.cox import cox_limit, expected_score
from netcea.fitting.trial_curves import TrialCurves
from netcea.survival.distributions import distribution

CORRELATION = np.array([[1.0, 0.015, 0.408], [0.015, 1.0, -0.506], [0.408, -0.506, 1.0]])
ERRORS = (0.1726, 0.1783, 0.3196)
TRIALS = {  # median of the placebo arm, of the other, ratio, median follow-up, share treated
    "pNET": (4.4, 13.8, 0.23, 13.8, 64 / 95),
    "epNET": (3.9, 8.4, 0.38, 10.2, 134 / 203),
}


def fitted(family, trial="pNET", errors=ERRORS, correlation=CORRELATION, fixed_shape=None, unit=1.0):
    return fit_trial(family, two_arms(trial, errors, unit), correlation, fixed_shape)


def two_arms(trial="pNET", errors=ERRORS, unit=1.0):
    m0, m1, ratio, follow_up, share = TRIALS[trial] if isinstance(trial, str) else trial
    medians = tuple(Figure("median", m / unit, se) for m, se in zip((m0, m1), errors, strict=False))
    ratios = (HazardRatio("drug", "placebo", Figure("hazard_ratio", ratio, errors[2])),)
    return Trial(("placebo", "drug"), medians, ratios, (1.0 - share, share), follow_up / unit)


def arms_of(fit, fixed_shape=None):
    """Parameters of each arm, built here from the names alone; with a hazard ratio, H1 = ratio x H0."""
    model = distribution(fit.family)
    result = []
    for arm in ("placebo", "drug"):
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
                lambda t: (np.exp(-h0(t)), np.exp(-h1(t))), lambda t: (rate0(t), rate1(t)), share, 2 * follow_up
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
            ("weibull", 600),
            *(
                pytest.param(family, n, marks=pytest.mark.slow)
                for family, n in (
                    ("exponential", 2000),
                    ("weibull", 2000),
                    ("weibull_ph", 2000),
                    ("gompertz", 600),
                    ("log_logistic", 300),
                )
            ),
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

    @pytest.mark.parametrize("arms", [("placebo", "drug"), ("drug", "placebo")])
    @pytest.mark.parametrize("family", ["log_normal", "log_logistic", "gamma"])
    def test_implicit_derivatives_are_those_of_fits_to_other_figures(self, family, arms):
        medians = {"placebo": Figure("median", 4.4, 0.17), "drug": Figure("median", 13.8, 0.18)}
        ratio = HazardRatio("drug", "placebo", Figure("hazard_ratio", 0.23, 0.32))
        curves = TrialCurves(
            distribution(family), Trial(arms, tuple(medians[a] for a in arms), (ratio,), (31, 64), 13.8), None
        )
        y = np.array([figure.working for figure in curves.trial.figures])

        def slope(i, step=1e-3):
            low2, low, high, high2 = (curves.placed(y + k * step * np.eye(3)[i]) for k in (-2, -1, 1, 2))
            return (low2 - 8 * low + 8 * high - high2) / (12 * step)

        expected = np.array([slope(i) for i in range(3)]).T
        assert curves.slopes(curves.placed(y), y) == pytest.approx(expected, rel=1e-9, abs=1e-10)

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
            ("generalised_gamma", "pNET", "parameters of a generalised_gamma for 2 arms: 4; figures: 3.*add 1 figure"),
            ("royston_parmar", "pNET", "needs its structure"),
            ("weibull", (13.8, 4.4, 0.23, 13.8, 0.5), "longer median"),
            ("gompertz", (13.8, 4.4, 0.23, 13.8, 0.5), "longer median"),
            ("log_normal", (13.8, 4.4, 0.23, 13.8, 0.5), "no shape"),
            ("weibull", (4.4, 4.4, 0.23, 13.8, 0.5), "longer median"),
            ("weibull", (4.4, 4.4, 1.0, 13.8, 0.5), "longer median"),
            ("weibull", (math.nan, 4.4, 0.5, 13.8, 0.5), "median is nan"),
            ("weibull", (4.4, 13.8, 0.0, 13.8, 0.5), "hazard ratio is 0"),
            ("log_normal", (4.4, 13.8, 0.23, 0.0, 0.5), "follow-up"),
            ("log_normal", (4.4, 13.8, 0.23, 13.8, 1.0), "patients: 0, 1"),
        ],
    )
    def test_with_the_reason(self, family, trial, match):
        with pytest.raises(NotIdentified, match=match):
            fitted(family, trial)

    def test_a_shape_that_is_not_above_0(self):
        with pytest.raises(NotIdentified, match="the shape is fixed at -1"):
            fitted("weibull", fixed_shape=-1.0)

    def test_correlations_that_contradict_each_other(self):
        wrong = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]])
        with pytest.raises(NotIdentified, match="contradict"):
            fitted("weibull", correlation=wrong)


def arms(names, medians, ratios, patients=100.0, errors=0.1):
    """A trial: medians by arm (None: not reached), ratios by (arm, versus)."""
    figures = tuple(None if m is None else Figure("median", m, errors) for m in medians)
    found = tuple(HazardRatio(*pair, Figure("hazard_ratio", r, errors)) for pair, r in ratios.items())
    return Trial(tuple(names), figures, found, (patients,) * len(names), 12.0)


def curves_of(fit, shape=None):
    """Cumulative hazard of each arm, from what the fit says that it is made of."""
    model = distribution(fit.family)
    found = {}
    for arm in fit.arms:
        values = {name: np.array(fit.estimates[fitted]) for name, fitted in arm.parameters.items()}
        values |= {name: np.array(shape) for name in model.shape_parameters if name not in values}
        ratio = fit.estimates[arm.hazard_ratio] if arm.hazard_ratio else 1.0
        found[arm.arm] = lambda t, values=values, ratio=ratio: (
            ratio * float(model.cumulative_hazard(np.array(t), values))
        )
    return found


class TestMoreArms:
    @pytest.mark.parametrize("family", SUMMARY_FAMILIES)
    def test_three_medians_and_one_ratio_are_met_exactly(self, family):
        fit = fit_trial(family, arms("abc", (4.4, 9.0, 13.8), {("c", "a"): 0.23}))
        curves = curves_of(fit)
        assert [curves[arm](m) for arm, m in zip("abc", (4.4, 9.0, 13.8), strict=True)] == pytest.approx(
            [math.log(2)] * 3, rel=1e-10
        )
        pair = fit_trial(family, arms("ac", (4.4, 13.8), {("c", "a"): 0.23}))
        for t in (1.0, 5.0, 30.0):  # the third arm has no say in the shape
            assert [curves[arm](t) for arm in "ac"] == pytest.approx(
                [curves_of(pair)[arm](t) for arm in "ac"], rel=1e-9
            )

    @pytest.mark.parametrize(
        "family", mostly_slow([f for f in SUMMARY_FAMILIES if f != "exponential"], ["gompertz", "log_normal"])
    )
    def test_more_figures_than_parameters_are_weighed(self, family):
        """Figures of known curves give the curves back; a figure that is wrong pulls the less, the less sure it is."""
        shape, medians = {"gompertz": 0.03}.get(family, 1.3), (4.0, 7.0, 12.0)
        at = arms("abc", medians, {("b", "a"): 0.6, ("c", "a"): 0.3})
        true = [item.modelled for item in fit_trial(family, at, fixed_shape=shape).figures]
        whole = arms("abc", true[:3], {("b", "a"): true[3], ("c", "a"): true[4]})
        fit = fit_trial(family, whole)
        assert fit.estimates[fit.names[0]] == pytest.approx(shape, rel=1e-5)
        assert "none is met exactly" in fit.note

        def pulled(se):
            wrong = HazardRatio("c", "a", Figure("hazard_ratio", true[4] * 1.2, se))
            trial = Trial(whole.arms, whole.medians, (whole.hazard_ratios[0], wrong), whole.patients, whole.follow_up)
            return abs(math.log(fit_trial(family, trial).figures[4].modelled / true[4]))

        assert 0.0 < pulled(0.4) < pulled(0.1) < pulled(0.02) < math.log(1.2)

    def test_weighed_fit_of_a_weibull_by_hand(self):
        """log(scale) = log(m) - g / shape is linear in 1 / shape = v: weighted least squares has a closed form."""
        errors = (0.2, 0.15, 0.1, 0.3, 0.25)
        trial = Trial(
            ("a", "b", "c"),
            tuple(Figure("median", m, se) for m, se in zip((4.0, 7.5, 12.0), errors, strict=False)),
            tuple(
                HazardRatio(arm, "a", Figure("hazard_ratio", r, se))
                for arm, r, se in (("b", 0.55, errors[3]), ("c", 0.2, errors[4]))
            ),
            (100.0, 100.0, 100.0),
            12.0,
        )
        fit = fit_trial("weibull", trial)

        def misses(shape, places):
            ratios = [shape * (places[0] - places[1]), shape * (places[0] - places[2])]
            return (np.array([*places, *ratios]) - [f.working for f in trial.figures]) / errors

        def best(shape):  # for a shape the log medians follow from a linear equation
            design = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [shape, -shape, 0], [shape, 0, -shape]], float)
            weights = 1 / np.array(errors)
            y = np.array([f.working for f in trial.figures])
            places = np.linalg.lstsq(design * weights[:, None], y * weights, rcond=None)[0]
            return float(np.sum(misses(shape, places) ** 2))

        shapes = fit.estimates["shape"] * np.array([0.999, 1.0, 1.001])
        lower, at, upper = (best(shape) for shape in shapes)
        assert at < min(lower, upper)
        found = np.sum([item.miss_in_standard_errors**2 for item in fit.figures])
        assert found == pytest.approx(at, rel=1e-8)

    def test_a_ratio_between_two_arms_that_are_not_the_reference(self):
        fit = fit_trial("weibull", arms("abc", (4.4, 9.0, 13.8), {("c", "b"): 0.5}))
        assert fit.estimates["shape"] == pytest.approx(math.log(2) / math.log(13.8 / 9.0), rel=1e-12)
        assert fit.names == ("shape", "scale_a", "hazard_ratio_b_versus_a", "hazard_ratio_c_versus_a")

    @pytest.mark.parametrize("family", SUMMARY_FAMILIES)
    def test_the_ratio_the_other_way_round_is_the_same_trial(self, family):
        one = fit_trial(family, two_arms())
        trial = two_arms()
        turned = HazardRatio("placebo", "drug", Figure("hazard_ratio", 1 / 0.23, ERRORS[2]))
        other = fit_trial(family, Trial(trial.arms, trial.medians, (turned,), trial.patients, trial.follow_up))
        for name in ("placebo", "drug"):
            for t in (2.0, 20.0):
                assert curves_of(other)[name](t) == pytest.approx(curves_of(one)[name](t), rel=1e-8)


class TestFewerFigures:
    @pytest.mark.parametrize(("family", "shape"), [("exponential", None), ("weibull", 1.2), ("gompertz", 0.02)])
    def test_an_arm_whose_median_was_not_reached_is_placed_by_its_ratio(self, family, shape):
        fit = fit_trial(family, arms("ab", (4.4, None), {("b", "a"): 0.4}), fixed_shape=shape)
        curves = curves_of(fit, shape)
        assert curves["a"](4.4) == pytest.approx(math.log(2), rel=1e-10)
        for t in (1.0, 9.0):
            assert curves["b"](t) / curves["a"](t) == pytest.approx(0.4, rel=1e-9)
        assert all(item.used for item in fit.figures)

    def test_by_the_limit_of_cox_where_hazards_are_not_proportional(self):
        fit = fit_trial("log_normal", arms("ab", (4.4, None), {("b", "a"): 0.4}), fixed_shape=0.9)
        assert fit.figures[1].modelled == pytest.approx(0.4, rel=1e-9)

    @pytest.mark.parametrize("family", SUMMARY_FAMILIES)
    def test_one_arm_with_an_imposed_shape(self, family):
        shape = None if family == "exponential" else {"gompertz": 0.02}.get(family, 1.4)
        fit = fit_trial(family, arms("a", (9.0,), {}), fixed_shape=shape)
        assert curves_of(fit, shape)["a"](9.0) == pytest.approx(math.log(2), rel=1e-10)
        assert len(fit.names) == 1
        assert fit.note == ""

    @pytest.mark.parametrize(
        ("family", "trial", "match"),
        [
            ("weibull", arms("a", (9.0,), {}), "impose a shape"),
            (
                "weibull",
                arms("ab", (4.4, None), {("b", "a"): 0.4}),
                "parameters of a weibull for 2 arms: 3; figures: 2",
            ),
            ("exponential", arms("ab", (4.4, None), {}), "figures: 1"),
            ("exponential", arms("abcd", (4.4, 8.0, None, None), {("c", "d"): 0.4, ("b", "a"): 0.4}), "figures: 3"),
            ("exponential", arms("abc", (4.4, None, None), {("b", "c"): 0.4}), "figures: 2"),
            ("weibull", arms("abcd", (4.4, 8.0, None, None), {("b", "a"): 0.5, ("c", "d"): 0.4}), "figures: 4"),
        ],
    )
    def test_too_few(self, family, trial, match):
        with pytest.raises(NotIdentified, match=match):
            fit_trial(family, trial)


def test_arms_that_nothing_places():
    ratios = {("b", "a"): 0.5, ("d", "c"): 0.4, ("e", "d"): 0.4, ("e", "c"): 0.2}
    with pytest.raises(NotIdentified, match="places c, d, e"):
        fit_trial("weibull", arms("abcde", (4.4, 8.0, None, None, None), ratios))


@pytest.mark.parametrize("family", ["weibull", "exponential"])
def test_the_base_case_does_without_scipy(family):
    code = f"""
import sys
from netcea.fitting import Figure, HazardRatio, Trial, fit_trial
ratio = HazardRatio("drug", "placebo", Figure("hazard_ratio", 0.23, 0.3))
medians = Figure("median", 4.4, 0.2), Figure("median", 13.8, 0.2)
fit_trial({family!r}, Trial(("placebo", "drug"), medians, (ratio,), (31, 64), 13.8))
assert "scipy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
