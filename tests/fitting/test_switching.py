"""Methods of adjusting for switching: published estimates, trials of known truth, refusals."""

import csv
import os
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from netcea.fitting.cox import cox_hazard_ratio
from netcea.fitting.cox_regression import cox_regression
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.counterfactual import as_randomised, untreated
from netcea.fitting.switching.iterative import iterative_parameter_estimation
from netcea.fitting.switching.log_rank import log_rank
from netcea.fitting.switching.methods import METHODS, NoEstimate, estimates
from netcea.fitting.switching.naive import censored_at_switch, intention_to_treat
from netcea.fitting.switching.pooled_logistic import pooled_logistic
from netcea.fitting.switching.rank_preserving import rank_preserving
from netcea.fitting.switching.resampled import bootstrap
from netcea.fitting.switching.step_roots import crossings
from netcea.fitting.switching.switchers import Switchers, Visits
from netcea.fitting.switching.two_stage import g_estimation, two_stage
from netcea.fitting.switching.weighting import censoring_weights, inverse_probability

REFERENCE = os.environ.get("NETCEA_REFERENCE", "")


def records(name):
    """Return the rows of a data set that may not be copied here."""
    path = Path(REFERENCE) / "switching" / name
    if not REFERENCE or not path.exists():
        pytest.skip("NETCEA_REFERENCE is not set: the data sets of rpsftm and trtswitch are read from there")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def immdef():
    rows = records("switching_immdef.csv")
    time, treated, xo = (np.array([float(r[k]) for r in rows]) for k in ("progyrs", "imm", "xoyrs"))
    switched = np.array([r["xo"] == "1" for r in rows]) & (treated == 0.0) & (xo < time)
    event, cutoff = (np.array([float(r[k]) for r in rows]) for k in ("prog", "censyrs"))
    return Switchers.of(time, event, treated, np.where(switched, xo, np.inf), cutoff=cutoff)


def shilong():
    by = defaultdict(list)
    for row in records("switching_shilong.csv"):
        by[row["id"]].append(row)
    last = [max(rows, key=lambda r: float(r["tstop"])) for rows in by.values()]

    def number(key):
        return np.array([float(r[key]) if r[key] not in ("", "NA") else np.nan for r in last])

    def says(key):
        return np.array([r[key] in ("TRUE", "True") for r in last])

    def levels(key):
        return {f"{key} {v}": np.array([float(r[key] == v) for r in last]) for v in sorted({r[key] for r in last})[1:]}

    progressed, at = says("pd"), number("dpd")
    before = [
        max((r for r in rows if not p or float(r["tstart"]) <= t), key=lambda r: float(r["tstop"]))
        for rows, p, t in zip(by.values(), progressed, at, strict=True)
    ]
    return Switchers.of(
        number("tstop"),
        number("event"),
        [float(r["bras.f"] == "MTA") for r in last],
        np.where(says("co"), number("dco"), np.inf),
        cutoff=number("dcut"),
        progression=np.where(progressed, at, np.inf),
        covariates={
            "agerand": number("agerand"),
            **levels("sex.f"),
            "tt_Lnum": number("tt_Lnum"),
            "rmh": number("rmh_alea.c"),
            **levels("pathway.f"),
        },
        later={key: [float(r[key]) for r in before] for key in ("ps", "ttc", "tran")},
    )


class TestPublished:
    """rpsftm 1.2.8 on immdef, trtswitch on immdef and shilong: what their documentation prints."""

    def test_rank_preserving(self):
        found = rank_preserving(immdef())
        assert f"{found.psi:.6f}" == "-0.181177"
        assert [f"{x:.6f}" for x in found.psi_interval] == ["-0.349656", "0.002048"]
        assert f"{found.hazard_ratio:.6f}" == "0.761099"
        assert [f"{x:.6f}" for x in found.interval] == ["0.575477", "1.006595"]
        assert found.roots == (found.psi,)

    def test_iterative(self):
        found = iterative_parameter_estimation(immdef())
        assert f"{found.psi:.6f}" == "-0.182931"
        assert f"{found.hazard_ratio:.6f}" == "0.765790"
        assert found.interval == pytest.approx((0.582678, 1.006446), abs=6e-7)

    def test_two_stage(self):
        found = two_stage(shilong(), offset=1.0)
        assert (f"{found.psi:.6f}", f"{found.psi_treated:.6f}") == ("-1.067653", "-0.983747")
        assert f"{found.hazard_ratio:.6f}" == "0.912582"
        assert found.interval == pytest.approx((0.6357, 1.3101), abs=5e-5)

    def test_log_rank(self):
        from scipy import special

        trial = immdef()
        z = log_rank(trial.time, trial.event, trial.treated)
        assert round(2.0 * special.ndtr(-abs(z)), 4) == 0.0556


class TestCox:
    def test_one_covariate_is_the_ratio_of_two_arms(self):
        random = np.random.default_rng(3)
        time, event = np.ceil(random.exponential(8.0, 150)), random.integers(0, 2, 150).astype(float)
        treated = random.integers(0, 2, 150).astype(float)
        found = cox_regression(time, event, treated[:, np.newaxis])
        log_ratio, se = cox_hazard_ratio(time, event, treated)
        assert found.log_ratios[0] == pytest.approx(log_ratio, abs=1e-10)
        assert np.sqrt(found.covariance[0, 0]) == pytest.approx(se, rel=1e-9)

    def test_rows_of_a_patient_are_the_patient(self):
        random = np.random.default_rng(4)
        time, event, x = random.exponential(5.0, 60), random.integers(0, 2, 60).astype(float), random.normal(size=60)
        whole = cox_regression(time, event, x[:, np.newaxis])
        cut = time / 3.0
        halves = cox_regression(
            np.concatenate([cut, time]),
            np.concatenate([np.zeros(60), event]),
            np.concatenate([x, x])[:, np.newaxis],
            np.concatenate([np.zeros(60), cut]),
            patient=np.concatenate([np.arange(60)] * 2),
        )
        assert halves.log_ratios == pytest.approx(whole.log_ratios, abs=1e-10)
        assert halves.robust == pytest.approx(whole.robust, rel=1e-8)

    def test_a_weight_of_two_is_two_patients_without_ties(self):
        time, event, x = (
            np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
            np.array([1.0, 1, 0, 1, 1]),
            np.array([0.2, 1, 0.4, 0, 0.7]),
        )
        weighted = cox_regression(time, event, x[:, np.newaxis], weight=np.array([1.0, 1, 2, 1, 1]))
        twice = [0, 1, 2, 2, 3, 4]  # the third is censored: no tie of deaths
        doubled = cox_regression(time[twice], event[twice], x[twice][:, np.newaxis])
        assert weighted.log_ratios == pytest.approx(doubled.log_ratios, abs=1e-10)
        assert weighted.covariance == pytest.approx(doubled.covariance, rel=1e-9)

    def test_martingale_residuals_add_up_to_nothing(self):
        random = np.random.default_rng(5)
        time, event = np.ceil(random.exponential(6.0, 80)), random.integers(0, 2, 80).astype(float)
        found = cox_regression(time, event, random.normal(size=(80, 2)))
        assert found.martingale.sum() == pytest.approx(0.0, abs=1e-9)

    @pytest.mark.parametrize(
        ("event", "x", "words"),
        [
            ([0, 0, 0, 0], [0, 1, 0, 1], "no death"),
            ([1, 0, 1, 0], [1, 0, 1, 0], "no finite maximum|positive definite|singular"),
            ([1, 1, 1, 0], [1, 1, 1, 1], "positive definite|singular"),
        ],
    )
    def test_refuses(self, event, x, words):
        with pytest.raises(NotIdentified, match=words):
            cox_regression(np.arange(1.0, 5.0), np.array(event, float), np.array(x, float)[:, np.newaxis])


def trial(n, seed, psi=-0.5):
    """Return a trial of known psi, with noisy records of prognosis at monthly visits, and the same without switching."""
    random = np.random.default_rng(seed)
    treated = (np.arange(n) % 2).astype(float)
    frailty = random.normal(size=n)
    alone = random.weibull(1.2, n) * 12.0 * np.exp(-0.5 * frailty)
    progression = alone * random.uniform(0.2, 0.6, n)
    stretch = np.where(treated == 1.0, np.exp(-psi), 1.0)
    cutoff = random.uniform(24.0, 40.0, n)
    end, switch = alone * stretch, np.full(n, np.inf)
    progression = progression * stretch
    rows = []
    for i in range(n):
        t = 0.0
        while t < min(end[i], cutoff[i]):
            seen = frailty[i] + 0.5 * random.normal()
            rows.append((i, t, seen))
            free = treated[i] == 0.0 and switch[i] == np.inf and t >= progression[i]
            if free and random.random() < 1.0 / (1.0 + np.exp(1.0 + seen)):
                switch[i], end[i] = t, t + (alone[i] - t) * np.exp(-psi)
            t += 1.0 if t >= progression[i] or t + 1.0 < progression[i] else progression[i] - t
    time, event = np.minimum(end, cutoff), (end <= cutoff).astype(float)
    rows = [row for row in rows if row[1] < time[row[0]]]
    whose, start = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    last = np.append(whose[1:] != whose[:-1], True)
    stop = np.where(last, time[whose], np.append(start[1:], 0.0))
    visits = Visits(whose, start, stop, np.array([[r[2]] for r in rows]), ("seen",))
    kept = alone * stretch
    without = Switchers.of(
        np.minimum(kept, cutoff), (kept <= cutoff).astype(float), treated, np.full(n, np.inf), cutoff=cutoff
    )
    return (
        Switchers.of(
            time,
            event,
            treated,
            np.where(switch < time, switch, np.inf),
            cutoff=cutoff,
            progression=np.where(progression < time, progression, np.inf),
            visits=visits,
        ),
        without,
    )


@cache
def large():
    return trial(1000, 1)


class TestKnownTruth:
    def test_intention_to_treat_hides_an_effect(self):
        switching, without = large()
        assert intention_to_treat(switching).log_ratio > intention_to_treat(without).log_ratio + 0.15

    def test_rank_preserving_finds_it(self):
        switching, without = large()
        found = rank_preserving(switching)
        assert found.psi == pytest.approx(-0.5, abs=0.15)
        assert found.psi_interval[0] < -0.5 < found.psi_interval[1]
        assert found.log_ratio == pytest.approx(intention_to_treat(without).log_ratio, abs=0.1)

    def test_true_times_come_back_at_the_true_psi(self):
        switching, without = large()
        found = as_randomised(switching, -0.5, recensor=False)
        dead = (switching.event == 1.0) & (without.event == 1.0)
        assert found.time[dead] == pytest.approx(without.time[dead], rel=1e-9)

    @pytest.mark.slow
    def test_methods_on_average(self):
        found = {name: [] for name in ("truth", "itt", "rpsft", "g", "cox", "logistic", "censored")}
        for seed in range(8):
            switching, without = trial(1000, seed)
            found["truth"].append(intention_to_treat(without).log_ratio)
            found["itt"].append(intention_to_treat(switching).log_ratio)
            found["rpsft"].append(rank_preserving(switching, interval=False).log_ratio)
            found["g"].append(g_estimation(switching, interval=False).log_ratio)
            found["cox"].append(inverse_probability(switching).log_ratio)
            found["logistic"].append(inverse_probability(switching, "logistic").log_ratio)
            found["censored"].append(censored_at_switch(switching).log_ratio)
        mean = {name: float(np.mean(values)) for name, values in found.items()}
        assert abs(mean["itt"] - mean["truth"]) > 0.2
        assert abs(mean["censored"] - mean["truth"]) > 0.5
        for name, within in (("rpsft", 0.05), ("g", 0.12), ("logistic", 0.12), ("cox", 0.17)):
            assert mean[name] == pytest.approx(mean["truth"], abs=within), name

    @pytest.mark.parametrize("model", ["cox", "logistic"])
    def test_what_tells_nothing_weighs_nothing(self, model):
        switching, _ = trial(200, 2)
        told = replace(switching.visits, covariates=np.zeros_like(switching.visits.covariates))
        rows = censoring_weights(replace(switching, visits=told), model, from_progression=False)
        assert rows.weight == pytest.approx(1.0, abs=1e-9)
        assert rows.event.sum() == (switching.event * ~switching.switched).sum()

    def test_weights_of_an_arm_in_which_nobody_switches(self):
        switching, _ = large()
        rows = censoring_weights(switching)
        assert (rows.weight[switching.treated[rows.patient] == 1.0] == 1.0).all()
        assert rows.weight.max() > 2.0

    def test_every_root_is_told(self):
        grid = np.linspace(-1.0, 1.0, 41)
        found = crossings(lambda x: x * (x - 0.5) * (x + 0.5), grid, grid * (grid - 0.5) * (grid + 0.5), 1e-9)
        assert [round(one.nearer(0.0), 3) for one in found] == [-0.5, -0.0, 0.5]

    def test_no_effect_no_adjustment(self):
        """At psi = 0 counterfactual times are the observed ones, re-censored at the data cut: as they were."""
        switching, _ = trial(100, 3)
        for recensor in (True, False):
            found = untreated(switching, 0.0, recensor=recensor)
            assert found.time == pytest.approx(switching.time, rel=1e-12)
            assert (found.event == switching.event).all()

    def test_bootstrap(self):
        switching, _ = trial(200, 5)
        first, again = (bootstrap(switching, "itt", 60, seed=4) for _ in range(2))
        assert first == again
        assert first.standard_error == pytest.approx(intention_to_treat(switching).standard_error, rel=0.35)


class TestRefusals:
    def test_every_method_is_answered(self):
        nobody = Switchers.of([5.0, 6.0, 7.0, 8.0], [1, 1, 1, 0], [0, 1, 0, 1], [np.inf] * 4)
        found = estimates(nobody)
        assert list(found) == list(METHODS)
        assert found["rpsft"] == NoEstimate("nobody switches: there is nothing to adjust")

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"time": [-1.0, 6.0]}, "time of patient 1: found -1"),
            ({"switch": [7.0, np.inf]}, "switch of patient 1: found 7"),
            ({"progression": [9.0, np.inf]}, "progression of patient 1: found 9"),
            ({"cutoff": [4.0, 9.0]}, "cutoff of patient 1: found 4"),
            ({"treated": [2, 1]}, "treated of patient 1: found 2"),
            ({"event": [1, 3]}, "event of patient 2: found 3"),
        ],
    )
    def test_values_that_cannot_be(self, changed, words):
        given = {"time": [5.0, 6.0], "event": [1, 0], "treated": [0, 1], "switch": [2.0, np.inf], **changed}
        with pytest.raises(ValueError, match=words):
            Switchers.of(**given)

    def test_recensoring_needs_the_data_cut(self):
        few = Switchers.of([5.0, 6.0, 3.0], [1, 1, 1], [0, 1, 0], [2.0, np.inf, np.inf])
        with pytest.raises(NotIdentified, match="data cut"):
            rank_preserving(few)

    def test_all_who_progress_switch(self):
        few = Switchers.of(
            [5.0, 6.0, 3.0, 8.0], [1, 1, 1, 1], [0, 1, 0, 1], [2.0, np.inf, 1.0, np.inf], progression=[2, 3, 1, 4]
        )
        with pytest.raises(NotIdentified, match="nobody to compare"):
            two_stage(few, recensor=False)

    def test_separated(self):
        with pytest.raises(NotIdentified, match="no finite maximum"):
            pooled_logistic(np.array([0.0, 0, 1, 1]), np.column_stack([np.ones(4), [0.0, 1, 2, 3]]), np.arange(4))
