"""Every family of uncertainty against scipy's distribution, and against what a calculator says."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from netcea.quantities.quantity import Quantity
from netcea.sampling.streams import stream
from netcea.uncertainty.drawn_family import DrawnFamily
from netcea.uncertainty.families import FAMILIES, Uncertainty
from netcea.uncertainty.halves import Halves
from netcea.uncertainty.quadrature import normal_nodes

N = 20_000
Z = stats.norm.ppf(0.975)


def quantity(value, unit="number", **uncertainty):
    return Quantity.model_validate(
        {"value": value, "unit": unit, "uncertainty": uncertainty, "source": ["x"], "status": "published"}
    )


TRUTH = {
    "normal": (quantity(5.0, "years", normal={"se": 2.0}), stats.norm(5.0, 2.0)),
    "log_normal": (quantity(0.5, "ratio", log_normal={"se_log": 0.3}), stats.lognorm(0.3, scale=0.5)),
    "beta": (quantity(0.2, "proportion", beta={"se": 0.1}), stats.beta(3.0, 12.0)),
    "gamma": (quantity(100.0, "years", gamma={"se_relative": 0.5}), stats.gamma(4.0, scale=25.0)),
    "uniform": (quantity(0.5, "proportion", uniform={"low": 0.2, "high": 0.9}), stats.uniform(0.2, 0.7)),
    "ci95 log": (
        quantity(0.5, "ratio", ci95={"low": 0.25, "high": 1.0, "scale": "log"}),
        stats.lognorm(math.log(2.0) / Z, scale=0.5),
    ),
    "ci95 identity": (
        quantity(1.0, "years", ci95={"low": 0.0, "high": 2.0, "scale": "identity"}),
        stats.norm(1.0, 1.0 / Z),
    ),
}
LOPSIDED = {
    "split": quantity(8.4, "months", split_log_normal={"low": 7.6, "high": 12.7}),
    "centred": quantity(8.4, "months", centred_log_normal={"low": 7.6, "high": 12.7}),
}
"""Published intervals that are lopsided around their point estimate."""
SURVIVAL = quantity(0.6, "proportion", ci95={"low": 0.5, "high": 0.7, "scale": "complementary_log_log"})


@pytest.mark.parametrize("name", TRUTH)
def test_a_family_is_the_distribution_that_it_is_called(name):
    q, truth = TRUTH[name]
    p = np.array([1e-9, 0.025, 0.3, 0.5, 0.975, 1 - 1e-9])
    assert q.quantile(p) == pytest.approx(truth.ppf(p), rel=1e-9, abs=1e-12)
    assert q.at_deviate(stats.norm.ppf(p)) == pytest.approx(truth.ppf(p), rel=1e-6, abs=1e-9)
    assert q.distribution.mean(q.value) == pytest.approx(truth.mean(), rel=1e-9)
    assert q.distribution.sd(q.value) == pytest.approx(truth.std(), rel=1e-9)
    assert q.distribution.limits == pytest.approx(truth.support())
    drawn = q.distribution.draw(q.value, stream(1, name), N)
    assert stats.kstest(drawn, truth.cdf).pvalue > 1e-4


@pytest.mark.parametrize("name", LOPSIDED)
def test_a_lopsided_interval_is_drawn_as_published(name):
    q = LOPSIDED[name]
    median = 8.4 if name == "split" else math.sqrt(7.6 * 12.7)
    assert q.quantile(np.array([0.025, 0.5, 0.975])) == pytest.approx([7.6, median, 12.7], rel=1e-9)
    fine = stats.norm.ppf((np.arange(2_000_000) + 0.5) / 2_000_000)
    spread = np.where(fine < 0, math.log(median / 7.6), math.log(12.7 / median)) / Z
    truth = median * np.exp(spread * fine)
    assert q.distribution.mean(q.value) == pytest.approx(truth.mean(), rel=1e-5)
    assert q.distribution.sd(q.value) == pytest.approx(truth.std(), rel=1e-3)
    assert q.at_deviate(fine[::1000]) == pytest.approx(truth[::1000], rel=1e-9)
    drawn = q.distribution.draw(q.value, stream(1, name), N)
    assert stats.ks_2samp(drawn, truth).pvalue > 1e-4
    assert q.distribution.limits == (0.0, math.inf)
    assert q.interval == (7.6, 12.7)
    given = q.uncertainty.given
    assert given.published_interval == (7.6, 12.7)
    assert given.log_standard_error == pytest.approx(math.log(12.7 / 7.6) / (2 * Z))
    halves = given.log_halves(8.4)
    assert halves.offset + halves.error(np.array([-Z, Z])) == pytest.approx(np.log([7.6 / 8.4, 12.7 / 8.4]))


@pytest.mark.parametrize(("name", "q"), [*((n, q) for n, (q, _) in TRUTH.items()), *LOPSIDED.items(), ("s", SURVIVAL)])
def test_a_deviate_is_found_again(name, q):
    z = np.array([-3.0, -0.5, 0.0, 1.2, 3.0])
    assert q.distribution.deviate_of(q.value, q.at_deviate(z)) == pytest.approx(z, abs=1e-9), name


def test_how_halves_of_two_figures_go_together_is_what_sampling_gives():
    one, other = Halves(0.1, 0.05, 0.2), Halves(-0.2, 0.3, 0.1)
    for r in (-0.6, 0.0, 0.9):
        w = np.linalg.cholesky([[1.0, r], [r, 1.0]]) @ np.random.default_rng(3).standard_normal((2, 2_000_000))
        x, y = one.offset + one.error(w[0]), other.offset + other.error(w[1])
        assert (one.mean, other.mean) == pytest.approx((x.mean(), y.mean()), abs=5e-4)
        assert one.covariance(other, r) == pytest.approx(np.cov(x, y)[0, 1], abs=2e-4)
        assert one.covariance(one, 1.0) == pytest.approx(x.var(), rel=5e-3)


def test_a_value_far_from_the_centre_of_its_interval_is_doubted():
    """Phi(log(7.6 / 8.4) / 0.131) = 22%; 8.9 to 17.0 around 13.8: 0.8% and 10%."""
    (doubt,) = doubts_of(8.4, 7.6, 12.7)
    assert "22% of draws fall below 7.6, where 2.5% should; `split_log_normal: {low, high}` keeps" in doubt
    assert "its median at the centre, 9.82" in doubt
    (doubt,) = doubts_of(13.8, 8.9, 17.0)
    assert "10% of draws fall above 17" in doubt
    assert not doubts_of(13.8, 9.2, 18.5)
    assert not doubts_of(0.38, 0.25, 0.59)
    (doubt,) = doubts_of(1.0, 0.9, 2.0, "identity")
    assert "split" not in doubt


def doubts_of(value, low, high, scale="log"):
    given = quantity(value, "months", ci95={"low": low, "high": high, "scale": scale}).uncertainty.given
    return list(given.doubts(value))


@pytest.mark.parametrize("family", ["split_log_normal", "centred_log_normal"])
def test_a_lopsided_interval_that_cannot_be_is_refused(family):
    with pytest.raises(ValidationError, match="expected an interval above 0: its logarithm is used"):
        quantity(1.0, "months", **{family: {"low": 0.0, "high": 2.0}})
    for value in (0.5, 2.0, 3.0):
        with pytest.raises(ValidationError, match=r"not inside its interval 0\.5 to 2; expected a value between"):
            quantity(value, "months", **{family: {"low": 0.5, "high": 2.0}})
    elsewhere = FAMILIES[family](low=0.5, high=2.0).elsewhere(10.0)
    assert "low: 5, high: 20" in elsewhere
    assert FAMILIES[family](low=0.5, high=2.0).elsewhere(-1.0) == "{uniform: {low: LOW, high: HIGH}}"


def test_a_survival_probability_is_normal_on_the_complementary_log_log_scale():
    drawn = SURVIVAL.distribution.draw(SURVIVAL.value, stream(1, "s"), N)
    assert np.all((drawn > 0) & (drawn < 1))
    deviate = np.log(-np.log(drawn)) - math.log(-math.log(0.6))
    se = (math.log(-math.log(0.5)) - math.log(-math.log(0.7))) / (2 * Z)
    assert stats.kstest(deviate / se, "norm").pvalue > 1e-4
    assert SURVIVAL.uncertainty.given.log_standard_error == pytest.approx(se)
    moments = (SURVIVAL.distribution.mean(0.6), SURVIVAL.distribution.sd(0.6))
    assert (drawn.mean(), drawn.std()) == pytest.approx(moments, rel=0.02)
    assert SURVIVAL.distribution.limits == (0.0, 1.0)


def test_members_of_a_dirichlet_are_beta_alone_and_one_together():
    members = [quantity(x, "proportion", dirichlet={"group": "g", "effective_n": 20.0}) for x in (0.2, 0.3, 0.5)]
    random = stream(1, "g")
    values = members[0].distribution.combined([m.distribution.draw(m.value, random, N) for m in members])
    assert np.abs(np.sum(values, axis=0) - 1.0).max() < 1e-12
    for member, drawn in zip(members, values, strict=True):
        truth = stats.beta(20 * member.value, 20 * (1 - member.value))
        assert stats.kstest(drawn, truth.cdf).pvalue > 1e-4
        assert member.distribution.mean(member.value) == pytest.approx(truth.mean())
        assert member.distribution.sd(member.value) == pytest.approx(truth.std())
        assert not member.is_uncertain
        assert member.is_drawn


def test_one_of_several_holds_as_often_as_its_probability():
    members = [quantity(x, "proportion", one_of={"group": "g"}) for x in (0.2, 0.3, 0.5, 0.0)]
    random = stream(1, "g")
    drawn = [m.distribution.draw(m.value, random, N) for m in members]
    for member, waits in zip(members[:3], drawn, strict=False):
        assert stats.kstest(waits, stats.expon(scale=1.0 / member.value).cdf).pvalue > 1e-4
        p = np.array([0.025, 0.5, 0.975])
        assert member.quantile(p) == pytest.approx(stats.expon(scale=1.0 / member.value).ppf(p), rel=1e-12)
    values = members[0].distribution.combined(drawn)
    assert np.sum(values, axis=0).tolist() == [1.0] * N
    assert not values[3].any()
    for member, held in zip(members, values, strict=True):
        sd = member.distribution.sd(member.value)
        assert held.mean() == pytest.approx(member.distribution.mean(member.value), abs=4.0 * sd / math.sqrt(N))
        assert sd == pytest.approx(math.sqrt(member.value * (1.0 - member.value)))
        assert not member.is_uncertain
        assert member.is_drawn
        assert member.words == "one of the alternatives 'g'"


@pytest.mark.parametrize(
    ("found", "low", "high", "text"),
    [
        (quantity(1.0, normal={"se": 0.1}), 0.804, 1.196, "normal, mean 1, SE 0.1"),
        (quantity(2.0, log_normal={"se_log": 0.2}), 1.351, 2.960, "log-normal, median 2, SE of the logarithm 0.2"),
        (
            quantity(0.5, ci95={"low": 0.4, "high": 0.6, "scale": "log"}),
            0.4,
            0.6,
            "published 95% interval, normal on the log scale",
        ),
        (
            LOPSIDED["split"],
            7.6,
            12.7,
            "split log-normal, median 8.4, SE of the logarithm 0.0511 below and 0.211 above",
        ),
        (LOPSIDED["centred"], 7.6, 12.7, "log-normal centred on its interval, median 9.824, SE of the logarithm 0.131"),
        (SURVIVAL, 0.5, 0.7, "published 95% interval, normal on the complementary log-log scale"),
        (quantity(1.0, uniform={"low": 0.0, "high": 2.0}), 0.05, 1.95, "uniform, 0 to 2"),
        (quantity(0.1, beta={"effective_n": 100.0}), None, None, "beta, mean 0.1, alpha 10, beta 90"),
        (quantity(5.0, gamma={"se_relative": 0.2}), None, None, "gamma, mean 5, SE 1"),
        (
            quantity(0.1, dirichlet={"group": "g", "effective_n": 50.0}),
            None,
            None,
            "Dirichlet, with the group 'g', 50 patients",
        ),
        (
            quantity(0.1, joint={"block": "b", "scale": "log"}),
            None,
            None,
            "drawn together with the block 'b', log scale",
        ),
        (quantity(0.1, fixed="list price"), None, None, "fixed: list price"),
    ],
)
def test_words_and_interval(found, low, high, text):
    assert found.words == text
    assert found.interval == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


@pytest.mark.parametrize("uncertainty", [{"fixed": "list price"}, {"joint": {"block": "b", "scale": "log"}}])
def test_what_is_not_drawn_has_no_distribution(uncertainty):
    found = quantity(0.1, **uncertainty)
    assert not found.is_uncertain
    assert not found.is_drawn
    doubts = list(found.uncertainty.given.doubts(found.value))
    assert not doubts
    with pytest.raises(ValueError, match=f"'{next(iter(uncertainty))}' has no distribution of its own"):
        found.quantile(np.array([0.5]))


SIZES = (5e-324, 1e-308, 1e-160, 1e-30, 1e-10, 0.5, 1.0, 9.0, 1000.0, 1e30, 1e160, 1e308)
AROUND = {
    "gamma": ({"se": 1.0}, {"se_relative": 1.0}),
    "normal": ({"se": 1.0}, {"se_relative": 1.0}),
    "log_normal": ({"se_log": 1.0},),
    "beta": ({"se": 1.0}, {"effective_n": 1.0}),
    "uniform": ({"low": -1.0, "high": 1.0},),
}


@pytest.mark.parametrize(("family", "block"), [(name, block) for name, blocks in AROUND.items() for block in blocks])
def test_a_size_beyond_arithmetic_is_refused_and_any_other_is_drawn(family, block):
    kept = 0
    for value in SIZES:
        for size in SIZES:
            scaled = {name: size * entry for name, entry in block.items()}
            try:
                found = quantity(value, "proportion" if family == "beta" else "years", **{family: scaled})
            except ValidationError as error:
                assert "found" in str(error)  # noqa: PT017 - which of both happens is what is tested
                continue
            kept += 1
            given = found.uncertainty.given
            assert isinstance(given, DrawnFamily)
            assert np.isfinite([given.mean(value), given.sd(value)]).all()
            assert np.isfinite(found.quantile(np.array([0.025, 0.5, 0.975]))).all(), (value, scaled)
            assert np.isfinite(given.draw(value, np.random.default_rng(1), 100)).all(), (value, scaled)
    assert kept


def test_a_small_fixed_number_is_none_of_these():
    assert quantity(1e-200, fixed="known").value == 1e-200
    with pytest.raises(ValidationError, match="found 1e-200; expected 0, or a size of 1e-30 to 1e"):
        quantity(1e-200, gamma={"se": 1.0})


def test_standard_errors_of_the_logarithm_are_what_fits_are_given():
    errors = {name: q.uncertainty.given.log_standard_error for name, (q, _) in TRUTH.items()}
    assert errors["log_normal"] == 0.3
    assert errors["ci95 log"] == pytest.approx(math.log(2.0) / Z)
    assert {errors[name] for name in ("normal", "gamma", "beta", "uniform", "ci95 identity")} == {None}
    assert quantity(1.0, fixed="known").uncertainty.given.log_standard_error == 0.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "found no distribution; expected exactly one of normal, log_normal, beta"),
        ({"fixed": "x", "beta": {"se": 0.1}}, "found beta and fixed"),
        ({"fixed": "  "}, "found no reason; expected why the number is not uncertain"),
        ({"beta": {}}, "found neither; expected one of se, effective_n"),
        ({"normal": {"se": 1.0, "se_relative": 0.1}}, "found both; expected one of se, se_relative"),
        ({"uniform": {"low": 2.0, "high": 1.0}}, "found low 2 and high 1; expected low below high"),
        ({"ci95": {"low": 0.0, "high": 1.0, "scale": "log"}}, "expected an interval above 0 on the log scale"),
        (
            {"ci95": {"low": 0.1, "high": 1.0, "scale": "complementary_log_log"}},
            "found 0.1 to 1; expected an interval between 0 and 1",
        ),
    ],
)
def test_entries_that_do_not_go_together_are_refused(given, message):
    with pytest.raises(ValidationError, match=message):
        Uncertainty.model_validate(given)


def test_the_registry_knows_every_family_by_its_name():
    assert [(name, family.name) for name, family in FAMILIES.items()] == [(name, name) for name in FAMILIES]
    assert set(Uncertainty.model_fields) == set(FAMILIES)
    folder = Path(__import__("netcea.uncertainty").uncertainty.__file__).parent
    assert {f"{name}.py" for name in FAMILIES} <= {path.name for path in folder.iterdir()}


def test_a_family_keeps_to_the_names_that_every_family_has():
    """No entry of a family may hide what the program asks of it."""
    asked = {name for name in dir(DrawnFamily) if not name.startswith("__")}
    for family in FAMILIES.values():
        assert not asked & set(family.model_fields), family


def test_quadrature_is_exact_for_polynomials():
    z, weights = normal_nodes(5)
    moments = [float(np.vecdot(z**k, weights)) for k in range(10)]
    assert moments == pytest.approx([1, 0, 1, 0, 3, 0, 15, 0, 105, 0], abs=1e-10)
