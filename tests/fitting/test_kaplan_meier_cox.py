"""Kaplan-Meier and Cox against R's survival; Cox's limit against proportional hazards, quadrature, a big trial."""

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from netcea.fitting.cox import cox_hazard_ratio, cox_limit, expected_score
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.survival.distributions import distribution

HERE = Path(__file__).parents[1]
RECORDS = {
    r["group"]: r for r in json.loads((HERE / "reference_data/kaplan_meier_lung.json").read_text("utf8"))["records"]
}
INPUTS = HERE.parent / "inputs" / "survival"


def patients(path, arm, treated):
    with path.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    time, event = (np.array([float(row[name]) for row in rows]) for name in ("time", "event"))
    return time, event, np.array([row[arm] for row in rows]) == treated


def lung():
    return patients(HERE / "reference_data" / "lung.csv", "group", "male")


class TestKaplanMeier:
    @pytest.mark.parametrize("group", ["ALL", "male", "female"])
    def test_equals_survfit(self, group):
        time, event, male = lung()
        of = {"ALL": np.ones(len(male), bool), "male": male, "female": ~male}[group]
        found, record = kaplan_meier(time[of], event[of]), RECORDS[group]
        assert found.times.tolist() == record["time"]
        assert found.at_risk.tolist() == record["n_risk"]
        assert found.events.tolist() == record["n_event"]
        assert found.survival == pytest.approx(record["surv"], rel=1e-13)
        assert found.median == record["quantiles"][1]
        # survfit gives the standard error of log S; ours is that of log(-log S)
        inner = (found.survival > 0) & (found.survival < 1)
        expected = np.array(record["std_err_cumhaz_scale"], float)[inner] / -np.log(found.survival[inner])
        assert found.log_log_se[inner] == pytest.approx(expected, rel=1e-12)

    def test_between_and_before_events(self):
        found = kaplan_meier(np.array([2.0, 3.0, 3.0, 5.0]), np.array([1.0, 1.0, 0.0, 0.0]))
        assert [found.at(t) for t in (0.0, 1.99, 2.0, 2.5, 3.0, 9.0)] == [1.0, 1.0, 0.75, 0.75, 0.5, 0.5]
        assert found.median == 3.0
        assert math.isnan(found.log_log_se_at(1.0))
        assert found.log_log_se_at(2.0) == pytest.approx(math.sqrt(1 / (4 * 3)) / -math.log(0.75))

    def test_median_that_is_not_reached_is_infinite(self):
        assert kaplan_meier(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0])).median == math.inf

    def test_landmarks_of_the_stored_radiant4_placebo_arm(self):
        # inputs/survival/radiant4.yaml stores these, with 1.26 as the shape
        time, event, placebo = patients(INPUTS / "radiant4_os_digitised.csv", "arm", "placebo")
        found = kaplan_meier(time[placebo], event[placebo])
        for month, survival, low, high in ((12, 0.8213, 0.7247, 0.8866), (24, 0.5966, 0.4502, 0.7158)):
            s, se = found.at(month), found.log_log_se_at(month)
            interval = [s ** math.exp(1.959964 * se), s ** math.exp(-1.959964 * se)]
            assert [s, *interval] == pytest.approx([survival, low, high], abs=5.1e-5)


class TestCox:
    def test_equals_coxph_with_ties(self):
        time, event, male = lung()
        log_ratio, se = cox_hazard_ratio(time, event, male.astype(float))
        record = RECORDS["COX_LOGRANK"]
        assert record["ties"] == "efron"
        assert log_ratio == pytest.approx(
            record["coef"]["groupmale"], abs=1e-8
        )  # coxph stops at 1e-9 of its likelihood
        assert se**2 == pytest.approx(record["var"][0][0], rel=1e-8)

    @pytest.mark.parametrize(
        ("endpoint", "ratio", "low", "high"), [("os", 0.656, 0.406, 1.059), ("pfs", 0.558, 0.406, 0.766)]
    )
    def test_radiant4_digitised(self, endpoint, ratio, low, high):
        time, event, treated = patients(INPUTS / f"radiant4_{endpoint}_digitised.csv", "arm", "everolimus")
        log_ratio, se = cox_hazard_ratio(time, event, treated.astype(float))
        found = np.exp([log_ratio, log_ratio - 1.959964 * se, log_ratio + 1.959964 * se])
        assert found == pytest.approx([ratio, low, high], abs=5.1e-4)

    @pytest.mark.parametrize("ties", ["efron", "breslow"])
    def test_ties_by_hand(self, ties):
        # times 1 (both arms die, 2 v 2 at risk) and 2 (an untreated patient dies, 1 v 1 at risk).
        # Breslow's score with r = exp(beta): 1 - 2 r/(1 + r) - r/(1 + r) = 0, r = 1/2. Efron's has the same root here.
        time, event, treated = np.array([1.0, 1, 2, 3]), np.array([1.0, 1, 1, 0]), np.array([1.0, 0, 0, 1])
        log_ratio, se = cox_hazard_ratio(time, event, treated, ties)
        assert math.exp(log_ratio) == pytest.approx(0.5, rel=1e-10)
        assert se == pytest.approx((3 * (1 / 3) * (2 / 3)) ** -0.5, rel=1e-10)

    def test_ties_differ(self):
        time, event, male = lung()
        time = np.ceil(time / 100.0)
        assert (
            abs(cox_hazard_ratio(time, event, male * 1.0)[0] - cox_hazard_ratio(time, event, male * 1.0, "breslow")[0])
            > 1e-3
        )

    @pytest.mark.parametrize(
        ("event", "treated"),
        [
            ([1, 1, 1, 1], [1, 1, 1, 1]),  # one arm
            ([0, 0, 0, 0], [1, 0, 1, 0]),  # no event
            ([1, 1, 1, 1], [1, 1, 0, 0]),  # the arms do not overlap: each has events, yet the ratio is infinite
            ([1, 0, 1, 0], [1, 0, 1, 0]),
        ],
    )
    def test_refuses_what_has_no_maximum(self, event, treated):
        with pytest.raises(ValueError, match="no finite maximum"):
            cox_hazard_ratio(np.arange(1.0, 5.0), np.array(event, float), np.array(treated, float))


def two_curves(family, shape, medians=(4.4, 13.8)):
    model = distribution(family)
    shapes = {model.shape_parameters[0]: np.array(shape)} if model.shape_parameters else {}
    arms = [model.with_median(np.array(m), shapes) for m in medians]

    def survival(t):
        return tuple(model.survival(t, arm) for arm in arms)

    def hazard(t):
        return tuple(model.hazard(t, arm) for arm in arms)

    return model, arms, survival, hazard


class TestLimit:
    @pytest.mark.parametrize("share", [0.2, 0.5, 0.67])
    @pytest.mark.parametrize("last", [0.5, 27.6, 300.0])
    def test_is_the_ratio_where_hazards_are_proportional(self, share, last):
        for shape in (0.5, 1.0, 1.29, 3.0):
            _, _, survival, hazard = two_curves("weibull", shape)
            found = cox_limit(expected_score(survival, hazard, share, last))
            assert found == pytest.approx((4.4 / 13.8) ** shape, rel=1e-10)

    @pytest.mark.parametrize(
        ("family", "shape"),
        [
            ("log_normal", 0.84),
            ("log_normal", 6.0),
            ("log_logistic", 0.5),
            ("log_logistic", 2.05),
            *(
                pytest.param(*case, marks=pytest.mark.slow)
                for case in (
                    ("log_normal", 0.3),
                    ("log_logistic", 8.0),
                    ("gamma", 0.3),
                    ("gamma", 1.54),
                    ("gamma", 8.0),
                )
            ),
        ],
    )
    def test_equals_adaptive_quadrature(self, family, shape):
        _, _, survival, hazard = two_curves(family, shape)
        share, last = 0.67, 27.6

        def expected(beta):
            def integrand(log_t):
                t = np.array(math.exp(log_t))
                (s0, s1), (h0, h1) = survival(t), hazard(t)
                f0, f1 = s0 * h0, s1 * h1
                at_risk = share * s1 * math.exp(beta)
                everybody = at_risk + (1 - share) * s0
                weight = at_risk / everybody if everybody > 0 else 0.0
                return float((1 - t / last) * t * (share * f1 - weight * (share * f1 + (1 - share) * f0)))

            edges = [-90.0, -40.0, -20.0, -8.0, -2.0, 0.0, *np.log([2.0, 3.5, 4.4, 6.0, 9.0, 13.8, 20.0, last])]
            return sum(quad(integrand, a, b, limit=200, epsabs=1e-14)[0] for a, b in pairwise(edges))

        truth = math.exp(brentq(expected, -12.0, 1.0, xtol=1e-12))
        assert cox_limit(expected_score(survival, hazard, share, last)) == pytest.approx(truth, rel=1e-6)

    def test_is_what_a_huge_trial_finds(self):
        model, arms, survival, hazard = two_curves("log_normal", 0.84)
        n, last, share = 12_000, 27.6, 2 / 3
        random = np.random.default_rng(11)
        treated = (np.arange(n) % 3 > 0).astype(float)
        p = random.uniform(size=n)
        failing = np.where(treated == 1, model.quantile(p, arms[1]), model.quantile(p, arms[0]))
        censored = random.uniform(0, last, n)
        time, event = np.minimum(failing, censored), (failing <= censored) * 1.0
        found, se = cox_hazard_ratio(np.round(time, 2), event, treated)
        limit = math.log(cox_limit(expected_score(survival, hazard, share, last)))
        assert se < 0.035
        assert abs(found - limit) < 3 * se
        assert abs(found - math.log(4.4 / 13.8)) > 5 * se  # the naive ratio of medians is not the limit
