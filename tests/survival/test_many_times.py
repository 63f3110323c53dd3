"""At the edges of a model's cycles: dear families from few times, and no row that depends on its neighbours."""

import numpy as np
import pytest

from netcea.survival.distributions import FAMILIES, distribution
from netcea.survival.in_log_time import MANY, cumulative_hazard_in_log_time

MONTHLY = np.arange(481)[np.newaxis] / 12
KNOTS = [-1.5, 0.0, 0.7, 1.6]
POINTS = {"times": [0.5, 1.0, 2.0, 5.0], "survival": [0.9, 0.7, 0.5, 0.2]}
STRUCTURES = {
    "royston_parmar": [{"knots": KNOTS, "scale": scale} for scale in ("hazard", "odds", "normal")],
    "piecewise_exponential": [{"breaks": [0.5, 1.0, 3.0]}],
    "mixture_cure": [{"base": distribution(base)} for base in ("weibull", "generalised_gamma")],
    "non_mixture_cure": [{"base": distribution("gamma")}],
    "kaplan_meier": [{**POINTS, "tail": distribution("generalised_gamma"), "tail_from": 3.0}],
    "tabulated": [POINTS],
}
EVERY = [distribution(name, **structure) for name in FAMILIES for structure in STRUCTURES.get(name, [{}])]
RANGES = {"Q": (-2.5, 2.5), "cure_fraction": (0.02, 0.98), "mu": (-1.0, 2.0), "meanlog": (-1.0, 2.0)}
IN_GOMPERTZ = {"shape": (-0.3, 0.3), "rate": (0.1, 1.0)}


def drawn(family, rows, seed=4):
    """Parameter -> Array (rows, 1): a wide range, with rows that are steep, flat, and on either side of Q = 0."""
    random, found = np.random.default_rng(seed), {}
    for parameter in family.parameters:
        low, high = RANGES.get(parameter.name, (0.2, 4.0))
        if family.name == "gompertz":
            low, high = IN_GOMPERTZ[parameter.name]
        if parameter.name.startswith("gamma"):
            low, high = {"gamma0": (-2.0, 0.0), "gamma1": (0.8, 1.3)}.get(parameter.name, (-0.02, 0.02))
        found[parameter.name] = random.uniform(low, high, (rows, 1))
    for name, edge in (("sigma", [0.02, 0.1]), ("Q", [0.0, 0.03, -0.01]), ("shape", [0.05, 900.0])):
        if name in found and family.name != "gompertz":
            found[name][: len(edge), 0] = edge
    return found


def one_by_one(family, t, parameters):
    """The cumulative hazard at so few times at once that each is worked out by itself."""
    parts = [family.cumulative_hazard(t[:, i : i + MANY - 1], parameters) for i in range(0, t.shape[1], MANY - 1)]
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("name", ["gamma", "generalised_gamma"])
def test_from_few_times_is_the_same_as_time_by_time(name):
    family = distribution(name)
    parameters = drawn(family, 20)
    found, expected = family.cumulative_hazard(MONTHLY, parameters), one_by_one(family, MONTHLY, parameters)
    usual = (expected > 1e-250) & np.isfinite(expected)
    np.testing.assert_allclose(found[usual], expected[usual], rtol=5e-13, atol=0.0)
    np.testing.assert_allclose(np.exp(-found), np.exp(-expected), rtol=0.0, atol=3e-14)
    assert np.array_equal(found[~usual], expected[~usual])
    assert not np.array_equal(found, expected)


@pytest.mark.parametrize("family", EVERY, ids=lambda family: f"{family!r}{getattr(family, 'scale', '')}")
def test_a_row_does_not_depend_on_its_neighbours(family):
    rows = 9
    parameters = drawn(family, rows)
    together = np.broadcast_to(family.cumulative_hazard(MONTHLY, parameters), (rows, 481))
    for chosen in ([0], [8], [3, 4], [5, 1, 7, 2], [8, 7, 6, 5, 4, 3, 2, 1, 0]):
        some = {name: column[chosen] for name, column in parameters.items()}
        assert np.array_equal(
            np.broadcast_to(family.cumulative_hazard(MONTHLY, some), (len(chosen), 481)), together[chosen]
        )


def test_few_times_are_worked_out():
    asked = []

    def weibull(x, shape):
        asked.append(x.size)
        return np.exp(shape * x)

    daily = np.arange(14_611)[np.newaxis] / 365.25
    found = cumulative_hazard_in_log_time(weibull, daily, np.array([[1.3]]))
    np.testing.assert_allclose(found, daily**1.3, rtol=1e-13)
    assert sum(asked) < 200


def test_where_it_is_not_smooth_each_time_is_worked_out():
    def kinked(x, slope):
        return np.exp(np.where(x > slope, 2.0 * x, x + slope))

    h = cumulative_hazard_in_log_time(kinked, MONTHLY, np.array([[0.3], [100.0]]))
    expected = kinked(np.log(np.maximum(MONTHLY, 1e-300)), np.array([[0.3], [100.0]]))
    np.testing.assert_allclose(h[:, 1:], expected[:, 1:], rtol=1e-12)


@pytest.mark.parametrize("t", [np.linspace(9.0, 1.0, 99)[np.newaxis], np.linspace(1.0, 9.0, 198).reshape(2, 99)])
def test_times_that_fall_or_are_a_rows_own(t):
    family, parameters = distribution("gamma"), {"shape": np.array([[1.5], [0.7]]), "rate": np.array([[0.3], [0.6]])}
    assert np.array_equal(family.cumulative_hazard(t, parameters), one_by_one(family, t, parameters))


@pytest.mark.parametrize("family", EVERY, ids=lambda family: f"{family!r}{getattr(family, 'scale', '')}")
def test_a_stretched_curve_is_there_sooner(family):
    parameters, factor = drawn(family, 5), np.array([[0.4], [0.9], [1.0], [1.7], [6.0]])
    others = family.stretched(factor, parameters)
    if family.name in ("royston_parmar", "piecewise_exponential", "kaplan_meier", "tabulated"):
        assert others is None
        return
    assert list(others) == [parameter.name for parameter in family.parameters]
    t = np.array([[0.0, 0.2, 1.0, 5.0]])
    expected = family.cumulative_hazard(factor * t, parameters)
    np.testing.assert_allclose(family.cumulative_hazard(t, others), expected, rtol=1e-11, atol=1e-300)
