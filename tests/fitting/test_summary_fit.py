"""Curves through any mix of figures in any family: closed forms, a slow twin, derivatives, covariance, refusals."""

import math

import numpy as np
import pytest
from scipy import optimize

from netcea.fitting import Figure, HazardRatio, NotIdentified
from netcea.fitting.arm_curves import ArmCurves
from netcea.fitting.curve_figures import log_hazard_ratio
from netcea.fitting.summary_fit import ArmFigure, Observed, fit_figures
from netcea.survival.distributions import distribution

KNOTS = np.log([5.0, 20.0, 60.0]).tolist()
FAMILIES = {
    **{
        name: distribution(name)
        for name in (
            *("exponential", "weibull", "weibull_ph", "gompertz", "log_normal", "log_logistic", "gamma"),
            "generalised_gamma",
        )
    },
    **{f"spline_{s}": distribution("royston_parmar", knots=KNOTS, scale=s) for s in ("hazard", "odds", "normal")},
    "piecewise_exponential": distribution("piecewise_exponential", breaks=[12.0, 36.0]),
    "mixture_cure": distribution("mixture_cure", base=distribution("weibull")),
    "non_mixture_cure": distribution("non_mixture_cure", base=distribution("weibull")),
}
FIGURES = [
    Figure("median", 20.0, 0.12),
    Figure("quantile", 11.0, 0.10, failed=0.3),
    Figure("survival_at", 0.75, 0.15, 9.0),
    Figure("survival_at", 0.3, 0.10, 36.0),
    Figure("survival_at", 0.2, 0.02, 60.0, plain=True),
    Figure("restricted_mean", 24.0, 1.2, 48.0, plain=True),
]
TOGETHER = [pytest.param(n, marks=pytest.mark.slow if n == "generalised_gamma" else ()) for n in FAMILIES]
OBSERVED = Observed({"old": 100.0, "new": 200.0}, 24.0)


def alone(model, figures, **more):
    return fit_figures(model, [ArmFigure("all", figure) for figure in figures], **more)


def says(model, parameters, figure):
    """What a curve says of a figure on its working scale, straight from the family."""
    given = {name: np.array(value) for name, value in parameters.items()}
    if figure.kind in ("median", "quantile"):
        value = float(model.quantile(np.array(figure.failed or 0.5), given))
    elif figure.kind == "survival_at":
        value = float(model.survival(np.array(figure.time), given))
    else:
        value = float(model.restricted_mean(np.array(figure.time), given))
    return figure._replace(value=value).working


def two_arms(model):
    """Figures of two arms and the ratio between them."""
    items = [
        ArmFigure("old", Figure("median", 12.0, 0.12)),
        ArmFigure("new", Figure("median", 20.0, 0.12)),
        ArmFigure("old", Figure("survival_at", 0.2, 0.12, 30.0)),
        ArmFigure("new", Figure("survival_at", 0.55, 0.12, 18.0)),
        ArmFigure("new", Figure("survival_at", 0.2, 0.12, 60.0)),
        ArmFigure("old", Figure("restricted_mean", 14.0, 0.06, 36.0)),
        HazardRatio("new", "old", Figure("hazard_ratio", 0.6, 0.15)),
    ]
    return fit_figures(model, items, ("old", "new"), observed=OBSERVED), items


class TestClosedForms:
    def test_exponential_through_its_median(self):
        fit = alone(FAMILIES["exponential"], [Figure("median", 10.0, 0.1)])
        assert fit.estimates["rate"] == pytest.approx(math.log(2) / 10, rel=1e-12)
        assert fit.covariance[0, 0] == pytest.approx(0.01, rel=1e-10)

    def test_exponential_through_its_lower_quartile(self):
        fit = alone(FAMILIES["exponential"], [Figure("quantile", 4.0, 0.1, failed=0.25)])
        assert fit.estimates["rate"] == pytest.approx(-math.log(0.75) / 4.0, rel=1e-12)

    def test_exponential_through_its_restricted_mean(self):
        # (1 - exp(-0.05 x 24)) / 0.05, and its slope by the logarithm of the rate
        area = (1 - math.exp(-1.2)) / 0.05
        fit = alone(FAMILIES["exponential"], [Figure("restricted_mean", area, 0.5, 24.0, plain=True)])
        slope = 24 * math.exp(-1.2) - area  # d area / d log rate
        assert fit.estimates["rate"] == pytest.approx(0.05, rel=1e-9)
        assert fit.covariance[0, 0] == pytest.approx((0.5 / slope) ** 2, rel=1e-7)

    def test_weibull_through_two_landmarks(self):
        fit = alone(FAMILIES["weibull"], [Figure("survival_at", 0.7, 0.1, 12.0), Figure("survival_at", 0.3, 0.2, 36.0)])
        shape = math.log(math.log(0.3) / math.log(0.7)) / math.log(3)
        assert fit.estimates["shape"] == pytest.approx(shape, rel=1e-12)
        assert fit.estimates["scale"] == pytest.approx(12 / (-math.log(0.7)) ** (1 / shape), rel=1e-12)
        # log shape = log(y2 - y1) - log log 3
        gap = shape * math.log(3)
        assert fit.covariance[0, 0] == pytest.approx((0.1**2 + 0.2**2) / gap**2, rel=1e-10)

    def test_piecewise_exponential_through_a_landmark_at_each_break(self):
        figures = [Figure("survival_at", s, 0.1, t) for s, t in ((0.8, 12.0), (0.4, 36.0), (0.3, 60.0))]
        rates = [-math.log(0.8) / 12, math.log(0.8 / 0.4) / 24, math.log(0.4 / 0.3) / 24]
        found = alone(FAMILIES["piecewise_exponential"], figures).estimates
        assert list(found.values()) == pytest.approx(rates, rel=1e-10)

    def test_arms_in_proportion_have_the_published_ratio(self):
        items = [
            ArmFigure("old", Figure("median", 12.0, 0.1)),
            HazardRatio("new", "old", Figure("hazard_ratio", 0.6, 0.2)),
        ]
        fit = fit_figures(FAMILIES["exponential"], items, ("old", "new"))
        assert fit.estimates == pytest.approx({"rate_old": math.log(2) / 12, "hazard_ratio": 0.6}, rel=1e-12)
        assert fit.covariance == pytest.approx(np.diag([0.01, 0.04]), rel=1e-9, abs=1e-12)


class TestWeighed:
    @pytest.mark.parametrize("name", FAMILIES)
    def test_equals_least_squares_by_scipy_from_the_family_itself(self, name):
        model = FAMILIES[name]
        fit = alone(model, FIGURES)
        se = np.array([figure.se for figure in FIGURES])
        y = np.array([figure.working for figure in FIGURES])
        names, scales = fit.names, fit.scales
        back = {"log": math.exp, "identity": float, "logit": lambda x: 1 / (1 + math.exp(-x))}

        def misses(theta):
            given = {n: back[s](x) for n, s, x in zip(names, scales, theta, strict=True)}
            return (np.array([says(model, given, figure) for figure in FIGURES]) - y) / se

        twin = optimize.least_squares(misses, fit.real_line + 0.02, x_scale="jac", ftol=1e-14, xtol=1e-14, gtol=1e-14)
        assert fit.chi_square == pytest.approx(float(np.sum(misses(fit.real_line) ** 2)), rel=1e-8)
        assert fit.chi_square <= 2 * twin.cost + 1e-9
        assert fit.real_line == pytest.approx(twin.x, rel=2e-4, abs=2e-4)
        assert fit.covariance == pytest.approx(np.linalg.inv(twin.jac.T @ twin.jac), rel=2e-2, abs=1e-5)
        assert fit.degrees_of_freedom == len(FIGURES) - len(names)

    @pytest.mark.parametrize("name", FAMILIES)
    def test_figures_of_a_curve_give_the_curve_back(self, name):
        model = FAMILIES[name]
        truth = alone(model, FIGURES)
        theirs = [item.figure._replace(value=item.modelled) for item in truth.figures]
        again = alone(model, theirs)
        assert again.chi_square == pytest.approx(0.0, abs=1e-12)
        assert again.real_line == pytest.approx(truth.real_line, rel=1e-4, abs=1e-4)

    def test_misses_are_in_standard_errors_on_each_figures_scale(self):
        item = next(i for i in alone(FAMILIES["weibull"], FIGURES).figures if i.figure.plain and i.figure.time == 48.0)
        assert item.miss_in_standard_errors == pytest.approx((item.modelled - 24.0) / 1.2, rel=1e-12)

    def test_covariance_is_the_spread_over_figures_drawn_again(self):
        figures = [figure for figure in FIGURES if figure.kind != "restricted_mean"]
        fit = alone(FAMILIES["log_normal"], figures)
        random = np.random.default_rng(3)
        small = 0.05  # of the standard errors: where the delta method is exact
        drawn = []
        for _ in range(60):
            moved = [f.at_working(f.working + small * f.se * random.standard_normal()) for f in figures]
            drawn.append(alone(FAMILIES["log_normal"], moved).real_line)
        spread = np.cov(np.array(drawn).T) / small**2
        assert np.sqrt(np.diag(spread)) == pytest.approx(np.sqrt(np.diag(fit.covariance)), rel=0.3)

    def test_influence_is_how_parameters_follow_figures(self):
        fit = alone(FAMILIES["weibull"], FIGURES)
        for i, figure in enumerate(FIGURES):
            step = 1e-4 * figure.se
            ends = []
            for sign in (1.0, -1.0):
                moved = [*FIGURES]
                moved[i] = figure.at_working(figure.working + sign * step)
                ends.append(alone(FAMILIES["weibull"], moved).real_line)
            assert fit.influence[:, i] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=0.05, abs=0.02)

    def test_a_correlation_counts(self):
        pair = [Figure("median", 20.0, 0.1), Figure("survival_at", 0.3, 0.1, 36.0)]
        matrix = np.array([[1.0, -0.6], [-0.6, 1.0]])
        fit, apart = alone(FAMILIES["weibull"], pair, correlation=matrix), alone(FAMILIES["weibull"], pair)
        assert fit.covariance == pytest.approx(fit.influence @ (0.01 * matrix) @ fit.influence.T, rel=1e-8)
        assert fit.covariance != pytest.approx(apart.covariance, rel=0.05)

    def test_survival_on_its_own_scale_falls_where_the_hazard_rises(self):
        """A correlation is of log(-log S): of S itself it has the other sign."""
        plain = [Figure("median", 20.0, 0.1), Figure("survival_at", 0.3, 0.1 * 0.3 * -math.log(0.3), 36.0, plain=True)]
        usual = [Figure("median", 20.0, 0.1), Figure("survival_at", 0.3, 0.1, 36.0)]
        matrix = np.array([[1.0, -0.6], [-0.6, 1.0]])
        found = [alone(FAMILIES["weibull"], pair, correlation=matrix).covariance for pair in (plain, usual)]
        assert found[0] == pytest.approx(found[1], rel=1e-8)


class TestArms:
    @pytest.mark.parametrize("name", TOGETHER)
    def test_every_family_fits_two_arms_together(self, name):
        fit, items = two_arms(FAMILIES[name])
        assert fit.degrees_of_freedom == len(items) - len(fit.names)
        assert {curve.arm for curve in fit.arms} == {"old", "new"}
        assert fit.chi_square < 60

    @pytest.mark.parametrize("name", TOGETHER)
    def test_slopes_are_those_of_differences(self, name):
        fit, items = two_arms(FAMILIES[name])
        curves = ArmCurves(FAMILIES[name], ("old", "new"), {})

        def value(theta, item):
            at = curves.at(theta)
            if isinstance(item, HazardRatio):
                return log_hazard_ratio(at["new"], at["old"], 2 / 3, 24.0, proportional=curves.proportional)
            return at[item.arm].says(item.figure)

        for item in items:
            slope = value(fit.real_line, item)[1]
            for i in range(len(fit.names)):
                step = 1e-5 * np.eye(len(fit.names))[i]
                ends = [value(fit.real_line + sign * step, item)[0] for sign in (1.0, -1.0)]
                assert slope[i] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=2e-5, abs=2e-6), (item, fit.names[i])

    def test_a_ratio_without_proportional_hazards_needs_patients_and_follow_up(self):
        items = [
            *(ArmFigure(arm, Figure("median", m, 0.1)) for arm, m in (("old", 12.0), ("new", 20.0))),
            HazardRatio("new", "old", Figure("hazard_ratio", 0.6, 0.15)),
        ]
        with pytest.raises(NotIdentified, match="patients of each arm and on the median follow-up"):
            fit_figures(FAMILIES["log_normal"], items, ("old", "new"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("family", "figures", "match"),
        [
            ("generalised_gamma", FIGURES[:2], "parameters of a generalised_gamma: 3; figures: 2.*add 1 figure"),
            ("mixture_cure", FIGURES[:1], "add 2 figures"),
            ("piecewise_exponential", [FIGURES[2], FIGURES[0], FIGURES[1]], "rate2|no curve"),
            ("weibull", [Figure("quantile", 9.0, 0.1), FIGURES[0]], "needs the share that has failed"),
            ("weibull", [Figure("quantile", 25.0, 0.1, failed=0.25), FIGURES[0]], "does not fall"),
            ("weibull", [Figure("median", 20.0, 0.1), Figure("median", 20.0, 0.1)], "does not fall"),
            ("weibull", [FIGURES[0], Figure("survival_at", 0.3, None, 36.0), FIGURES[2]], "without an interval"),
        ],
    )
    def test_with_the_reason(self, family, figures, match):
        with pytest.raises(NotIdentified, match=match):
            alone(FAMILIES[family], figures)

    def test_a_figure_of_no_arm(self):
        with pytest.raises(NotIdentified, match="of the arms old, new"):
            fit_figures(FAMILIES["exponential"], [ArmFigure("other", FIGURES[0])], ("old", "new"))

    def test_an_arm_that_nothing_places(self):
        items = [ArmFigure("old", FIGURES[0]), ArmFigure("old", FIGURES[2])]
        with pytest.raises(NotIdentified, match="places new"):
            fit_figures(FAMILIES["exponential"], items, ("old", "new"))
