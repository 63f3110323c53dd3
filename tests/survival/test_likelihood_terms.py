"""What a likelihood needs of each family: equal to its hazards, with derivatives that equal differences."""

import numpy as np
import pytest

from netcea.draws import from_real_line
from netcea.survival.distributions import FAMILIES, distribution
from netcea.survival.jets import variables

CASES = {
    "exponential": (distribution("exponential"), [-1.0]),
    "weibull": (distribution("weibull"), [0.3, 1.2]),
    "weibull_ph": (distribution("weibull_ph"), [-0.4, -1.0]),
    "gompertz": (distribution("gompertz"), [0.05, -2.0]),
    "gompertz, falling": (distribution("gompertz"), [-0.3, -1.0]),
    "gompertz, almost exponential": (distribution("gompertz"), [1e-9, -1.0]),
    "log_normal": (distribution("log_normal"), [1.0, -0.2]),
    "log_logistic": (distribution("log_logistic"), [0.4, 1.1]),
    "gamma": (distribution("gamma"), [0.5, -0.7]),
    "gamma, shape below 1": (distribution("gamma"), [-0.7, -1.7]),
    "generalised_gamma": (distribution("generalised_gamma"), [1.2, -0.3, 1.4]),
    "generalised_gamma, Q below 0": (distribution("generalised_gamma"), [1.2, 0.3, -0.9]),
    "generalised_gamma, Q 0": (distribution("generalised_gamma"), [1.2, 0.1, 0.0]),
    "generalised_gamma, between its formulas": (distribution("generalised_gamma"), [1.2, 0.1, 0.04]),
    **{
        f"royston_parmar, {scale}": (
            distribution("royston_parmar", knots=[-1.0, 0.5, 1.3, 2.5], scale=scale),
            [-1.0, 1.1, 0.05, -0.06],
        )
        for scale in ("hazard", "odds", "normal")
    },
    "piecewise_exponential": (distribution("piecewise_exponential", breaks=[1.0, 4.0]), [-1.0, -2.0, -0.5]),
    "mixture_cure": (distribution("mixture_cure", base=distribution("weibull")), [-0.5, 0.3, 1.2]),
    "non_mixture_cure": (distribution("non_mixture_cure", base=distribution("gamma")), [0.5, 0.3, -1.0]),
}
TIMES = np.array([0.02, 0.4, 0.999, 1.0, 2.2, 4.0, 7.5, 20.0])
TABLES = {"kaplan_meier", "tabulated"}


def terms(family, theta):
    return family.likelihood_terms(TIMES, variables(theta))


def whole(array):
    return np.broadcast_to(array, (*np.shape(array)[:-1], len(TIMES)))


def test_every_family_that_has_parameters_has_a_case():
    assert {name.split(",")[0] for name in CASES} | TABLES == set(FAMILIES)


def test_tables_are_not_fitted():
    table = distribution("tabulated", times=[0.0, 1.0], survival=[1.0, 0.5])
    with pytest.raises(TypeError, match="not fitted to patients"):
        table.likelihood_terms(TIMES, [])


@pytest.mark.parametrize("name", CASES)
class TestTerms:
    def test_are_the_hazards(self, name):
        family, theta = CASES[name]
        natural = {
            p.name: np.array([[from_real_line(np.array(x), p.real_line)]])
            for p, x in zip(family.parameters, theta, strict=True)
        }
        h, log_hazard = terms(family, theta)
        t = TIMES[None]
        np.testing.assert_allclose(whole(h.value), family.cumulative_hazard(t, natural)[0], rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(
            np.exp(whole(log_hazard.value)), np.broadcast_to(family.hazard(t, natural), t.shape)[0], rtol=1e-10
        )

    @pytest.mark.parametrize("which", [0, 1])
    def test_derivatives_equal_differences(self, name, which):
        family, theta = CASES[name]
        theta = np.array(theta)
        at = terms(family, theta)[which]
        curve = np.zeros((len(theta), len(theta), 1)) if at.curve is None else at.curve
        for j in range(len(theta)):
            step = np.zeros(len(theta))
            step[j] = 1e-5
            up, down = (terms(family, theta + sign * step)[which] for sign in (1.0, -1.0))
            scale = 1.0 + np.abs(whole(at.value))
            np.testing.assert_allclose(
                whole(at.slope)[j] / scale, (whole(up.value) - whole(down.value)) / 2e-5 / scale, atol=3e-8
            )
            change = (whole(up.slope) - whole(down.slope)) / 2e-5
            assert np.abs(whole(curve)[j] - change).max() / (1.0 + np.abs(change).max()) < 1e-5
