"""Averages of families in a scenario: weights, what was not fitted, curves that share a family, and faults."""

import json
import math

import pytest
import yaml

import netcea
from helpers import relative_trial
from helpers.averaged_project import FIT, lung, project
from helpers.made import assert_same
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.sampling.sampler import sample
from netcea.survival.averaging import weights_by

OS = "strategies.{}.os.distribution"
NEW, OLD = OS.format("new"), OS.format("old")


def criteria(arm, what="aic"):
    return {fitted.name: getattr(fitted, what) for fitted in lung().fitted(arm)}


def akaike(values):
    least = min(values.values())
    relative = {name: math.exp(-(value - least) / 2.0) for name, value in values.items()}
    return {name: x / sum(relative.values()) for name, x in relative.items()}


def weights(scenario, address=NEW):
    start = f"{address}.weights."
    return {a.removeprefix(start): q.value for a, q in scenario.quantities.items() if a.startswith(start)}


def faults(path, sets=()):
    with pytest.raises(InputError) as caught:
        load(path, sets)
    return [(p.address, p.found, p.expected, p.suggestion) for p in caught.value.problems]


class TestWeights:
    @pytest.mark.parametrize("rule", ["aic", "bic"])
    def test_by_a_criterion_by_hand(self, rule, tmp_path):
        scenario = load(project(tmp_path, {"average": rule}))
        standard = ("exponential", "weibull", "log_normal", "gompertz")
        for address, arm in ((NEW, "female"), (OLD, "male")):
            known = {name: x for name, x in criteria(arm, rule).items() if name in standard}
            assert weights(scenario, address) == pytest.approx(akaike(known), rel=1e-12)

    def test_of_named_families(self, tmp_path):
        scenario = load(project(tmp_path, {"average": "aic", "of": ["weibull", "royston_parmar:odds:2"]}))
        both = {name: criteria("female")[name] for name in ("weibull", "royston_parmar_odds_2")}
        assert weights(scenario) == pytest.approx(akaike(both), rel=1e-12)
        family = scenario.curves["strategies.new.os"].distribution
        assert list(family.components) == ["weibull", "royston_parmar_odds_2"]

    def test_stated(self, tmp_path):
        stated = {"weights": {"weibull": 0.4, "log_normal": 0.6}, "reason": "elicited from three clinicians"}
        scenario = load(project(tmp_path, stated))
        assert weights(scenario) == {"weibull": 0.4, "log_normal": 0.6}
        quantity = scenario.quantities[f"{NEW}.weights.weibull"]
        assert (quantity.status, quantity.unit) == ("assumption", "proportion")
        assert "three clinicians" in quantity.note

    def test_of_rounded_weights_the_shares_count(self, tmp_path):
        thirds = {"weights": dict.fromkeys(("weibull", "log_normal", "gompertz"), 0.333), "reason": "equal"}
        assert weights(load(project(tmp_path, thirds)))["weibull"] == pytest.approx(1.0 / 3.0, abs=1e-15)

    def test_a_criterion_far_from_the_best_has_no_weight(self):
        assert weights_by([1000.0, 1e6]) == [1.0, 0.0]
        assert weights_by([7.0, 7.0, 7.0]) == pytest.approx([1 / 3] * 3)

    def test_they_are_numbers_with_source_and_note(self, tmp_path):
        quantity = load(project(tmp_path, {"average": "aic"})).quantities[f"{NEW}.weights.weibull"]
        assert quantity.source == ["mhra_2025"]
        assert quantity.status == "derived"
        assert f"AIC {criteria('female')['weibull']:.2f}" in quantity.note
        assert quantity.uncertainty.family == "one_of"


class TestFamiliesLeftOut:
    def test_standard_families_that_were_not_fitted_are_named(self, tmp_path):
        scenario = load(project(tmp_path, {"average": "aic"}))
        assert set(scenario.averages[0].left_out) == {"log_logistic", "gamma", "generalised_gamma"}
        line = next(line.message for line in netcea.run(scenario, ledger=False).read_first if line.code == "averaging")
        assert "AIC weights" in line
        assert "Left out, because not fitted: log-logistic (it was not fitted to female)" in line

    def test_a_named_family_has_to_be_there(self, tmp_path):
        ((at, found, expected, _), *_) = faults(project(tmp_path, {"average": "aic", "of": ["weibull", "gamma"]}))
        assert at == "strategies.new.os.distribution"
        assert found == "gamma, which was not fitted to female"
        assert "weibull" in expected

    def test_the_reason_of_one_that_could_not_be_fitted_is_said(self, tmp_path):
        path = project(tmp_path, {"average": "aic"})
        file = tmp_path / "inputs" / "survival" / "lung.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("refused: {}", "refused: {gamma: the likelihood has no maximum}"), encoding="utf-8"
        )
        assert load(path).averages[0].left_out["gamma"] == "the likelihood has no maximum"


class TestShared:
    def test_arms_are_apart_unless_it_is_said(self, tmp_path):
        scenario = load(project(tmp_path, {"average": "aic"}))
        assert [average.curves for average in scenario.averages] == [("strategies.new.os",), ("strategies.old.os",)]

    def test_together_they_have_the_sum_of_the_criteria(self, tmp_path):
        two = ["weibull", "log_normal"]
        scenario = load(project(tmp_path, {"average": "aic", "of": two, "together": "both"}))
        (average,) = scenario.averages
        assert average.curves == ("strategies.new.os", "strategies.old.os")
        sums = {name: criteria("female")[name] + criteria("male")[name] for name in two}
        assert weights(scenario) == pytest.approx(akaike(sums), rel=1e-12)
        own = (scenario.curves[f"strategies.{name}.os"].parameters["weibull_weight"] for name in ("new", "old"))
        assert set(own) == {f"{NEW}.weights.weibull"}

    def test_arms_of_one_model_always_are(self, tmp_path):
        scenario = load(project(tmp_path, {"average": "bic", "of": ["weibull", "log_normal"]}, f"{FIT}.joint"))
        (average,) = scenario.averages
        assert len(average.curves) == 2
        known = {fitted.name: fitted.bic for fitted in lung().joint.fits if fitted.name in ("weibull", "log_normal")}
        assert weights(scenario) == pytest.approx(akaike(known), rel=1e-12)  # once, not for each arm

    def test_they_must_average_the_same(self, tmp_path):
        different = {"new": {"average": "aic", "together": "both"}, "old": {"average": "bic", "together": "both"}}
        ((at, found, expected, hint),) = faults(project(tmp_path, different))
        assert at == OLD
        assert found.startswith("BIC weights")
        assert "as in strategies.new.os" in expected
        assert hint == "or another name for `together`"


BAD = {
    "nothing": ({}, "distribution", "neither average nor weights"),
    "both": ({"average": "aic", "weights": {"weibull": 0.5, "gompertz": 0.5}, "reason": "x"}, "distribution", "both"),
    "no sum": ({"weights": {"weibull": 0.5, "gompertz": 0.6}, "reason": "x"}, "weights", "0.5 + 0.6 = 1.1"),
    "negative": ({"weights": {"weibull": 1.5, "gompertz": -0.5}, "reason": "x"}, "weights.weibull", "1.5"),
    "one": ({"weights": {"weibull": 1.0}, "reason": "x"}, "weights", "1 family"),
    "one of": ({"average": "aic", "of": ["weibull"]}, "of", "one entry"),
    "twice": ({"average": "aic", "of": ["weibull", "weibull"]}, "of.1", "weibull twice"),
    "unknown": ({"average": "aic", "of": ["weibul", "gompertz"]}, "of.0", "'weibul'"),
    "unknown weight": ({"weights": {"weibul": 0.5, "gompertz": 0.5}, "reason": "x"}, "weights.weibul", "'weibul'"),
    "no reason": ({"weights": {"weibull": 0.5, "gompertz": 0.5}}, "reason", "no reason"),
    "a word": ("aic", "", "'aic'"),
    "another rule": ({"average": "dic"}, "average", "'dic'"),
    "a text": ({"weights": {"weibull": "a", "gompertz": 0.5}, "reason": "x"}, "weights.weibull", "'a'"),
    "a list": (["weibull", "gompertz"], "", "a list"),
    "a table": ({"average": "aic", "of": ["tabulated", "weibull"]}, "of.0", "'tabulated'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_with_its_address(case, tmp_path):
    given, at, found = BAD[case]
    path = project(tmp_path, "weibull")
    told = faults(path, {NEW: given})
    hits = [problem for problem in told if problem[0] in (f"{NEW}.{at}".rstrip("."), NEW) and found in problem[1]]
    assert hits, told
    assert len(told) <= 2, told
    by_file = tmp_path / "file"
    by_file.mkdir()
    in_file = faults(project(by_file, {"new": given, "old": "weibull"}))
    assert [problem[1:] for problem in in_file] == [problem[1:] for problem in told]


def test_every_fault_at_once(tmp_path):
    told = faults(project(tmp_path, "weibull"), {NEW: {"weights": {"weibul": 0.5, "gompertz": 0.9}}})
    assert {address.removeprefix(NEW) for address, *_ in told} == {".weights.weibul", ".weights", ".reason"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"parameters": {"shape": "a.b", "scale": "a.c"}, "fit": None, "arm": None}, "fitted to the same data"),
        ({"scale": "odds"}, "scale"),
    ],
)
def test_an_average_goes_with_a_fit(change, found, tmp_path):
    sets = {f"strategies.new.os.{entry}": value for entry, value in change.items()}
    told = faults(project(tmp_path, {"average": "aic"}), sets)
    assert any(found in json.dumps(problem) for problem in told), told


def test_one_family_is_left(tmp_path):
    path = project(tmp_path, {"average": "aic"})
    file = tmp_path / "inputs" / "survival" / "lung.yaml"
    text = file.read_text(encoding="utf-8")
    for family in ("exponential", "log_normal", "gompertz"):
        text = text.replace(f"    {family}:\n", f"    {family}_elsewhere:\n")
    file.write_text(text, encoding="utf-8")
    told = faults(path)
    assert told[0][1:3] == ("weibull fitted to survival.lung.os, arm female", "two families or more to average")


def test_a_family_in_place_of_the_average_and_back(tmp_path):
    path = project(tmp_path, {"average": "aic"})
    plain = load(path, {NEW: "weibull", OLD: "weibull"})
    assert plain.averages == ()
    assert not any("weights" in address for address in plain.quantities)
    again = load(project_of("weibull", tmp_path), {NEW: {"average": "aic"}, OLD: {"average": "aic"}})
    mine, its = (netcea.run(scenario, ledger=False).case.against_comparator() for scenario in (again, load(path)))
    assert mine == its


def project_of(distribution, folder):
    other = folder / "other"
    other.mkdir()
    return project(other, distribution)


def test_a_fit_without_a_likelihood_has_no_weights_by_a_criterion(tmp_path):
    path = project(tmp_path, {"average": "aic", "of": ["weibull", "log_normal"]})
    file = tmp_path / "inputs" / "survival" / "lung.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    for arm in ("female", "male"):
        for family in ("weibull", "log_normal"):
            for entry in ("log_likelihood", "aic", "bic"):
                data["os"][arm][family]["fitted"].pop(entry)
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    (told, *_) = faults(path)
    assert told[0] == f"{NEW}.average"
    assert told[1].startswith(f"aic, while weibull of {FIT} was fitted to figures")
    assert "`weights`" in told[2]
    stated = {"weights": {"weibull": 0.5, "log_normal": 0.5}, "reason": "no criterion"}
    assert weights(load(path, {NEW: stated, OLD: stated})) == {"weibull": 0.5, "log_normal": 0.5}


def test_an_average_of_relative_survival_has_the_population_beside_it(tmp_path):
    path = relative_trial.fitted_project(tmp_path)
    average = {"average": "aic", "of": ["weibull", "mixture_cure:weibull"]}
    sets = {f"strategies.{arm}.os.{entry}": x for arm in ("new", "old") for entry, x in (("base", None),)}
    scenario = load(str(path), {**sets, **{OS.format(arm): average for arm in ("new", "old")}})
    assert {scenario.curves[f"strategies.{arm}.os"].background_mortality for arm in ("new", "old")} == {"excess"}
    assert_same(scenario, base_case(scenario))
    assert_same(scenario, sample(scenario, 3, 1))
