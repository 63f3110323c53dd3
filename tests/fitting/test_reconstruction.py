"""Patients from a clicked curve: exact where the curve says everything, numbers at risk met, no event invented."""

import numpy as np
import pytest

from helpers.digitised_trials import CLICKED, Trial, clicks, errors, quantiles, rebuilt, sample, simulate, steps
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.patients import Patients
from netcea.fitting.reconstruction.audit import audit_arm, audit_ratio, distances
from netcea.fitting.reconstruction.clicks import levels_of
from netcea.fitting.reconstruction.counts import Interval, State, count_between
from netcea.fitting.reconstruction.digitised_curve import NotACurveError, digitised_curve
from netcea.fitting.reconstruction.monotone import never_rising
from netcea.fitting.reconstruction.reconstruct import reconstruct

LINE = np.linspace(1.0, 20.0, 20)


def a_trial(seed=3, n=120, censored=0.4, every=6.0, family="weibull"):
    return simulate(np.random.default_rng(seed), family, n, censored, every)


def at_risk(patients, times):
    return [(patients.time >= t).sum() for t in times]


def both(curve):
    return reconstruct(curve.time, curve.survival, (curve.at_risk_times, curve.at_risk), curve.events, curve.pattern)


class TestExact:
    @pytest.mark.parametrize("seed", [1, 2, 3, 4])
    @pytest.mark.parametrize("clicked", ["steps", "corners"])
    def test_a_curve_without_noise_gives_its_deaths_back(self, seed, clicked):
        trial = a_trial(seed)
        found = rebuilt(clicks(np.random.default_rng(0), trial, clicked, 0.0), trial).patients
        died = np.sort(trial.time[trial.event == 1.0])
        assert found.n == len(trial.time)
        assert found.time[found.event == 1.0] == pytest.approx(died)
        assert errors(trial, found).curve < 0.002

    @pytest.mark.parametrize("seed", [1, 2, 3, 4])
    def test_and_when_patients_were_censored(self, seed):
        """The height of a step is S d / n, so that each says how many are at risk."""
        trial = a_trial(seed)
        found = rebuilt(clicks(np.random.default_rng(0), trial, "steps", 0.0), trial).patients
        died = steps(trial.time, trial.event)[0]
        assert at_risk(found, died) == at_risk(trial, died)

    def test_tied_deaths(self):
        """Months as whole numbers: several deaths at one step, and on the times of the numbers at risk."""
        random = np.random.default_rng(5)
        time, event = np.ceil(random.exponential(12.0, 200)), (random.uniform(size=200) < 0.7).astype(float)
        times = np.arange(0.0, time.max(), 6.0)
        trial = Trial(time, event, (times, np.array([float((time >= t).sum()) for t in times])))
        found = rebuilt(clicks(random, trial, "steps", 0.0), trial, pattern="steps").patients
        assert sorted(found.time[found.event == 1.0]) == pytest.approx(sorted(time[event == 1.0]))
        assert at_risk(found, times) == at_risk(trial, times)

    def test_without_numbers_at_risk_a_total_of_events_says_how_many_were_censored(self):
        trial = a_trial(7, n=200, family="exponential")
        points = clicks(np.random.default_rng(0), trial, "steps", 0.002)
        bare = Trial(trial.time, trial.event, (np.zeros(1), np.array([200.0])))
        total = int(trial.event.sum())
        found = rebuilt(points, bare, events=total)
        assert found.patients.events == total
        assert not found.censoring_assumed
        assert errors(trial, found.patients).curve < 0.01

    def test_with_neither_nobody_is_taken_for_censored_and_it_is_said(self):
        t = np.linspace(0.0, 20.0, 41)
        found = both(digitised_curve(t, np.exp(-0.05 * t), patients=100, pattern="anywhere"))
        assert found.censoring_assumed
        assert (found.patients.time[found.patients.event == 0.0] == 20.0).all()
        assert found.patients.events == pytest.approx(100 * (1.0 - np.exp(-1.0)), abs=1.0)


class TestPatterns:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize("noise", [0.0, 0.004, 0.008])
    @pytest.mark.parametrize(
        ("clicked", "pattern"), [("steps", "steps"), ("corners", "corners"), ("150 points", "anywhere")]
    )
    def test_where_clicks_were_made_is_found_out(self, clicked, pattern, noise, seed):
        trial = a_trial(seed, n=200)
        points = clicks(np.random.default_rng(seed), trial, clicked, noise)
        assert rebuilt(points, trial).levels.pattern == pattern

    def test_the_noise_of_clicks_is_found_out(self):
        trial = a_trial(2, n=300)
        for noise in (0.002, 0.01):
            points = clicks(np.random.default_rng(1), trial, "300 points", noise)
            assert rebuilt(points, trial).levels.noise == pytest.approx(noise, rel=0.35)

    def test_the_users_word_holds(self):
        trial = a_trial(2)
        points = clicks(np.random.default_rng(1), trial, "steps", 0.002)
        assert rebuilt(points, trial, pattern="anywhere").levels.pattern == "anywhere"

    def test_levels_never_rise(self):
        trial = a_trial(4)
        for clicked in CLICKED:
            levels = rebuilt(clicks(np.random.default_rng(1), trial, clicked, 0.01, 0.01), trial).levels
            assert (np.diff(levels.survival) <= 0.0).all()
            assert levels.survival[0] == 1.0

    def test_tilted_levels_are_a_regression(self):
        """Moves for one standard error of the last level: its covariances over that error, by the inverse matrix."""
        trial = a_trial(4)
        t, s = clicks(np.random.default_rng(1), trial, "100 points", 0.01)
        levels = levels_of(np.append(0.0, t[1:]), np.append(1.0, s[1:]), trial.at_risk)
        n = len(levels.click_variance)
        whole = np.diag(1.0 / levels.click_variance + 1.0 / levels.drop_variance)
        for i in range(n - 1):
            whole[i, i] += levels.factor[i + 1] ** 2 / levels.drop_variance[i + 1]
            whole[i, i + 1] = whole[i + 1, i] = -levels.factor[i + 1] / levels.drop_variance[i + 1]
        covariance = np.linalg.inv(whole)
        moves, error = levels.tilted(np.eye(n)[-1])
        assert error == pytest.approx(covariance[-1, -1] ** 0.5, rel=1e-6)
        assert moves[1:] == pytest.approx(covariance[-1] / error, rel=1e-6, abs=1e-12)


class TestCounting:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize("clicked", ["steps", "corners"])
    def test_a_click_at_a_step_is_an_event(self, clicked, seed):
        trial = a_trial(seed, n=300, every=3.0)
        found = rebuilt(clicks(np.random.default_rng(seed), trial, clicked, 0.01), trial).patients
        died = np.sort(trial.time[trial.event == 1.0])
        assert found.time[found.event == 1.0] == pytest.approx(died)
        assert errors(trial, found).curve < 0.004

    def test_where_steps_are_of_several_deaths_heights_are_believed(self):
        """Whole months: a step of each month, of 3.4 deaths on average; 44 clicks are not 44 deaths."""
        random = np.random.default_rng(5)
        time, event = np.ceil(random.exponential(12.0, 200)), (random.uniform(size=200) < 0.75).astype(float)
        times = np.arange(0.0, time.max(), 6.0)
        trial = Trial(time, event, (times, np.array([float((time >= t).sum()) for t in times])))
        found = rebuilt(clicks(random, trial, "steps", 0.004), trial).patients
        assert len(np.unique(time[event == 1.0])) < 60
        assert found.events == pytest.approx(event.sum(), rel=0.1)

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_events_along_a_curve_are_put_where_it_steps(self, seed):
        """A curve of 40 patients has few heights: with 400 points its median is found to the distance of two."""
        trial = a_trial(seed, n=40, censored=0.2, every=6.0)
        found = rebuilt(clicks(np.random.default_rng(seed), trial, "400 points", 0.004), trial).patients
        medians = [kaplan_meier(x.time, x.event).median for x in (trial, found)]
        assert medians[1] == pytest.approx(medians[0], abs=2.0 * trial.time.max() / 400)
        assert at_risk(found, trial.at_risk[0]) == trial.at_risk[1].tolist()


class TestNumbersAtRisk:
    @pytest.mark.parametrize("seed", range(8))
    def test_are_met_exactly_whatever_the_clicks(self, seed):
        trial = a_trial(seed, n=50 + 40 * seed, censored=0.1 * seed, every=3.0)
        random = np.random.default_rng(seed)
        for clicked in ("steps", "100 points"):
            found = rebuilt(clicks(random, trial, clicked, 0.01, 0.01), trial).patients
            assert at_risk(found, trial.at_risk[0]) == trial.at_risk[1].tolist()

    def test_a_drop_that_is_censoring_is_not_death(self):
        """83 patients, 44 then 29 at risk over months 30-36 with one death: not 38 deaths, and 54%, not 13%."""
        random = np.random.default_rng(3)
        died = np.concatenate([np.sort(random.uniform(1.0, 29.0, 36)), [33.1], [39.0, 44.0]])
        lost = np.concatenate([random.uniform(20.0, 29.0, 3), random.uniform(30.0, 36.0, 14), np.linspace(37, 50, 27)])
        time = np.concatenate([died, lost])
        event = np.concatenate([np.ones(len(died)), np.zeros(len(lost))])
        times = np.arange(0.0, 49.0, 6.0)
        trial = Trial(time, event, (times, np.array([float((time >= t).sum()) for t in times])))
        assert (len(time), trial.at_risk[1][5], trial.at_risk[1][6]) == (83, 44, 29)
        truth = kaplan_meier(time, event).at(36.0)
        assert truth == pytest.approx(0.55, abs=0.01)
        for clicked in CLICKED:
            for noise in (0.002, 0.01):
                found = rebuilt(clicks(random, trial, clicked, noise), trial).patients
                between = (found.event == 1.0) & (found.time >= 30.0) & (found.time < 36.0)
                assert between.sum() <= 3
                assert kaplan_meier(found.time, found.event).at(36.0) == pytest.approx(truth, abs=0.02)
                assert found.events == pytest.approx(39, abs=3)

    def test_a_flat_curve_has_no_events(self):
        curve = digitised_curve(LINE, np.ones(20), (np.array([0.0, 5.0, 10.0]), np.array([50.0, 20.0, 5.0])))
        found = both(curve).patients
        assert found.events == 0
        assert at_risk(found, [0.0, 5.0, 10.0]) == [50, 20, 5]

    def test_a_total_that_the_curve_denies_is_not_met(self):
        curve = digitised_curve(LINE, np.ones(20), (np.array([0.0, 5.0, 10.0]), np.array([50.0, 20.0, 5.0])), None, 30)
        assert both(curve).patients.events < 6

    def test_a_total_within_the_error_of_the_clicks_is_met(self):
        trial = a_trial(3, n=300)
        points = clicks(np.random.default_rng(1), trial, "100 points", 0.01)
        free = rebuilt(points, trial).patients.events
        for total in (free - 2, free + 2):
            found = rebuilt(points, trial, events=total)
            assert found.patients.events == total
            assert abs(found.moved) <= 3.0

    @pytest.mark.parametrize(
        ("survival", "numbers"),
        [
            (np.zeros(20), [50.0, 0.0, 0.0]),  # everybody dies at once
            (np.zeros(20), [50.0, 50.0, 50.0]),  # and yet they are at risk
            (np.ones(20), [50.0, 0.0, 0.0]),
            (np.linspace(1.0, 0.0, 20), [50.0, 50.0, 50.0]),
            (np.linspace(1.0, 0.0, 20), [1.0, 1.0, 0.0]),
            (np.linspace(1.0, 0.9, 20), [50.0, 5.0, 1.0]),
        ],
    )
    def test_what_cannot_be_ends_and_meets_the_numbers(self, survival, numbers):
        times = np.array([0.0, 5.0, 10.0])
        for events in (None, 0, int(numbers[0])):
            found = both(digitised_curve(LINE, np.append(1.0, survival[1:]), (times, np.array(numbers)), None, events))
            assert at_risk(found.patients, times) == numbers

    def test_numbers_that_do_not_span_the_curve(self):
        """From after the start, to before its end, and beyond it."""
        trial = a_trial(5, n=150, every=4.0)
        points = clicks(np.random.default_rng(1), trial, "steps", 0.003)
        times, numbers = trial.at_risk
        late = Trial(trial.time, trial.event, (times[1:4], numbers[1:4]))
        assert at_risk(rebuilt(points, late, patients=150).patients, times[:4]) == numbers[:4].tolist()
        end = float(trial.time.max())
        beyond = Trial(trial.time, trial.event, (np.append(times, end + 4.0), np.append(numbers, 0.0)))
        found = rebuilt(points, beyond).patients
        assert at_risk(found, beyond.at_risk[0]) == beyond.at_risk[1].tolist()

    def test_patients_at_risk_after_the_last_click_stay_until_then(self):
        t = np.linspace(0.5, 10.0, 20)
        curve = digitised_curve(t, np.exp(-t / 30.0), (np.array([0.0, 11.0]), np.array([60.0, 40.0])))
        assert at_risk(both(curve).patients, [11.0]) == [40]

    def test_counts_add_up(self):
        interval = Interval(0.0, np.array([1.0, 2.0, 3.0]), np.array([0.9, 0.8, 0.8]), 0.001, at_ends=True)
        found = count_between(interval, State(20, 1.0), 9)
        assert found.events.tolist() == [2, 1, 0]  # 2 / 20, then with two gone 2 / 16 is too far
        assert found.censored.sum() == 6
        assert found.end.at_risk == 11


class TestRepairs:
    def clean(self, t, s, **options):
        return digitised_curve(np.asarray(t, float), np.asarray(s, float), **{"patients": 100, **options})

    def said(self, curve):
        return [str(one) for one in curve.repairs]

    def test_a_clean_curve_needs_none(self):
        assert self.clean(np.append(0.0, LINE), np.append(1.0, 1.0 - LINE / 50.0)).repairs == ()

    def test_every_slip_is_said_with_its_size(self):
        t = np.array([0.0, 1.0, 2.0, 2.0, 3.0, 4.0, 3.9, 5.0, 6.0])
        s = np.array([1.02, 0.95, 0.9, 0.9, 0.92, 0.8, 0.79, 0.7, 0.6])
        assert self.said(self.clean(t, s)) == [
            "clicked twice, used once: 1 point",
            "times that go back, put in order: 1 point, by 0.1 at most",
            "survival outside 0 to 1: 1 point, by 0.02 at most",
            "survival that rises: 1 point, by 0.02 at most",
        ]

    def test_a_start_is_added_or_moved(self):
        assert self.said(self.clean(LINE, 1.0 - LINE / 50.0)) == ["start at (0, 1) added: 1 point"]
        early = self.clean(np.append(-0.2, LINE), np.append(1.0, 1.0 - LINE / 50.0))
        assert (early.time[0], early.survival[0]) == (0.0, 1.0)
        assert self.said(early) == ["time before 0: 1 point, by 0.2 at most"]

    def test_clicks_from_right_to_left(self):
        one, other = self.clean(LINE, 1.0 - LINE / 50.0), self.clean(LINE[::-1], 1.0 - LINE[::-1] / 50.0)
        assert one.time.tolist() == other.time.tolist()
        assert one.survival.tolist() == other.survival.tolist()

    def test_percent_and_fraction_are_told_apart(self):
        s = 1.0 - LINE / 50.0
        one, other = self.clean(LINE, s), self.clean(LINE, 100.0 * s)
        assert (one.survival_unit, other.survival_unit) == ("fraction", "percent")
        assert other.survival == pytest.approx(one.survival)

    @pytest.mark.parametrize(
        ("t", "s", "options", "message"),
        [
            ([1, 2, 3], [0.9, 0.8, 0.7], {}, "3 different points"),
            ([1, 1, 1, 1, 1, 1], [0.9] * 6, {}, "1 different points"),
            (LINE, LINE / 50.0, {}, "as the highest survival"),
            (LINE, 1.0 - LINE[::-1] / 50.0, {}, "a curve that rises"),
            (LINE, 12.0 - LINE / 5.0, {}, "about 100 (percent)"),
            (LINE, np.where(LINE == 9.0, -0.4, 1.0 - LINE / 50.0), {}, "found -0.4; expected 0 to 1"),
            (LINE, np.where(LINE == 9.0, 1.0, 1.0 - LINE / 22.0), {}, "survival that rises by"),
            (LINE - 5.0, 1.0 - LINE / 50.0, {}, "found -4; expected 0 or more"),
            (np.where(LINE == 9.0, np.nan, LINE), 1.0 - LINE / 50.0, {}, "expected a number"),
            (0.0 * LINE, 1.0 - LINE / 50.0, {}, "0 as the last time"),
            (LINE, 1.0 - LINE / 50.0, {"patients": None}, "no number of patients"),
            (LINE, 1.0 - LINE / 50.0, {"events": 101}, "101 events of 100 patients"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([0, 5, 10], [100, 40, 41])}, "41 after 40"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([0, 5, 10], [90, 50, 41])}, "the same number"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([5, 10], [101, 41])}, "at the start"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([0, 10, 5], [100, 50, 41])}, "times from 0 that rise"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([0, 5], [100, 50.5])}, "a whole number"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([0, 60, 120], [100, 50, 20])}, "the same unit of time"),
            (LINE, 1.0 - LINE / 50.0, {"at_risk": ([0, 0.5, 1, 1.5], [100, 50, 20, 9])}, "the same unit of time"),
        ],
    )
    def test_refused(self, t, s, options, message):
        if "at_risk" in options:
            options = {**options, "at_risk": tuple(np.asarray(x, float) for x in options["at_risk"])}
        with pytest.raises(NotACurveError) as error:
            self.clean(t, s, **options)
        assert message in "".join(
            f"found {one.found}; expected {one.expected} {one.suggestion}" for one in error.value.slips
        )

    def test_never_rising_is_the_nearest(self):
        random = np.random.default_rng(1)
        values = np.sort(random.uniform(size=30))[::-1] + random.normal(0.0, 0.1, 30)
        found = never_rising(values)
        assert (np.diff(found) <= 1e-12).all()
        for _ in range(50):
            other = np.minimum.accumulate(found + random.normal(0.0, 0.02, 30))
            assert ((other - values) ** 2).sum() >= ((found - values) ** 2).sum()


class TestAudit:
    def arm(self):
        trial = a_trial(2, n=200)
        curve = digitised_curve(*clicks(np.random.default_rng(1), trial, "steps", 0.003), trial.at_risk, None, None)
        return curve, both(curve).patients

    def failed(self, checks):
        return [one.what for one in checks if not one.passed]

    def test_a_good_reconstruction_passes(self):
        curve, patients = self.arm()
        median = kaplan_meier(patients.time, patients.event).median
        assert self.failed(audit_arm("a", curve, patients, 1.02 * median)) == []

    def test_each_fault_fails_its_own_check(self):
        curve, patients = self.arm()
        late = Patients.of(patients.time * 1.3, patients.event)
        assert self.failed(audit_arm("a", curve, late)) == [
            "curve error (root mean square)",
            "curve error (mean over time)",
            "largest gap from a click",
            "largest difference of numbers at risk",
        ]
        median = kaplan_meier(patients.time, patients.event).median
        assert self.failed(audit_arm("a", curve, patients, 1.2 * median)) == ["median"]
        some = digitised_curve(curve.time, curve.survival, (curve.at_risk_times, curve.at_risk), None, 60)
        assert self.failed(audit_arm("a", some, patients)) == ["events"]

    def test_hazard_ratio(self):
        """Deaths at 1, 2, 3, 4, of treated patients at 1 and 3: r = 2.5616 (see `cox_hazard_ratio`)."""
        arms = {"a": Patients.of([1.0, 3.0], [1, 1]), "b": Patients.of([2.0, 4.0], [1, 1])}
        assert audit_ratio("a", "b", arms, None).reconstructed == pytest.approx(2.5616, abs=1e-4)
        assert audit_ratio("a", "b", arms, 2.4).passed
        assert not audit_ratio("a", "b", arms, 2.2).passed

    def test_a_ratio_that_cannot_be_found_fails(self):
        arms = {"a": Patients.of([1.0, 3.0], [1, 1]), "b": Patients.of([2.0, 4.0], [0, 0])}
        assert not audit_ratio("a", "b", arms, 0.5).passed

    def test_distances_allow_for_a_slip_in_time_alone(self):
        km = kaplan_meier(np.array([5.0, 10.0]), np.array([1.0, 0.0]))
        miss = distances(np.array([4.95, 5.05, 7.0, 10.0]), np.array([0.7, 1.0, 0.7, 0.45]), km)
        assert miss == pytest.approx([0.0, 0.0, 0.2, 0.05])


LIMITS = {"curve": (0.0032, 0.0121), "median": (0.003, 0.019), "events": (0.015, 0.129)}
"""Median and 95% of the errors of the state of the art from pictures."""


def test_errors_in_a_few_simulated_trials():
    found = sample(18, "steps", 20)
    assert all(np.isfinite(one.curve) for one in found)  # none refused
    for what, (middle, far) in LIMITS.items():
        assert quantiles(found, what)[0] <= middle
        assert quantiles(found, what)[1] <= far


@pytest.mark.slow
@pytest.mark.parametrize("clicked", ["steps", "corners"])
def test_errors_in_simulated_trials(clicked):
    found = sample(300, clicked, 20)
    assert all(np.isfinite(one.curve) for one in found)  # none refused
    for what, (middle, far) in LIMITS.items():
        assert quantiles(found, what)[0] <= middle
        assert quantiles(found, what)[1] <= far


@pytest.mark.slow
@pytest.mark.parametrize("sideways", [False, True])
@pytest.mark.parametrize("clicked", CLICKED)
def test_errors_whatever_was_clicked(clicked, sideways):
    found = sample(100, clicked, 21, sideways=sideways)
    assert all(np.isfinite(one.curve) for one in found)  # none refused
    assert quantiles(found, "curve")[0] <= 0.0075
    assert quantiles(found, "curve")[1] <= 0.018
    assert quantiles(found, "events")[0] <= 0.018
    assert quantiles(found, "events")[1] <= 0.129
