"""Fits of relative survival in scenarios: one background mechanism, against the slow model; two are refused."""

import math

import numpy as np
import pytest
import yaml

import netcea
from helpers import relative_trial
from helpers.made import assert_same
from helpers.relative_trial import CURVES as CURED
from helpers.relative_trial import OF, RISK, another, slow_expected
from helpers.relative_trial import fitted_project as project
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.evidence.relative_options import table_of
from netcea.evidence.relative_survival import RelativeSurvival
from netcea.loading import load
from netcea.sampling.sampler import sample
from netcea.survival.evaluate import Curves


class TestScenarios:
    def test_inputs_say_so(self, tmp_path):
        project(tmp_path)
        written = yaml.safe_load((tmp_path / "inputs" / "survival" / "mine.yaml").read_text("utf8"))
        said = written["os"]["fitted"]
        assert said["relative_survival"] is True
        assert said["background"]["matched_by"] == "age_and_sex_of_each_patient"
        assert said["background"]["life_table"] == "simulated"
        assert said["background"]["sha256"] == OF.digest
        assert 0.0 < said["background"]["expected_events"] < 100.0
        assert "relative_survival" not in written["all_causes"]["fitted"]
        assert "in excess of" in written["os"]["new"]["weibull"]["shape"]["note"]

    def test_base_case_and_random_rows_equal_the_slow_model(self, tmp_path):
        scenario = load(str(project(tmp_path)))
        assert {scenario.curves[f"strategies.{name}.os"].background_mortality for name in CURED} == {"excess"}
        assert_same(scenario, base_case(scenario))
        assert_same(scenario, sample(scenario, 3, 1))

    def test_an_average_of_families_equals_the_slow_model(self, tmp_path):
        def average():
            return {"weights": {"weibull": 0.3, "mixture_cure:weibull": 0.7}, "reason": "a test"}

        sets = {
            f"strategies.{name}.os": {"fit": "survival.mine.os", "arm": curve["arm"], "distribution": average()}
            for name, curve in CURED.items()
        }
        scenario = load(str(another(project(tmp_path), "averaged", sets)))
        assert {scenario.curves[f"strategies.{name}.os"].background_mortality for name in CURED} == {"excess"}
        assert_same(scenario, base_case(scenario))
        assert_same(scenario, sample(scenario, 3, 1))

    def test_a_result_says_whose_mortality_it_has(self, tmp_path):
        path = project(tmp_path)
        told = [w.message for w in load(str(path)).warnings if w.code == "relative_survival"]
        assert len(told) == 1
        assert "survival.mine.os is relative survival, in excess of simulated" in told[0]
        assert "test.life_tables.flat" in told[0]
        table, digest = table_of("test.life_tables.flat", tmp_path / "inputs")
        again = RelativeSurvival(table, "test.life_tables.flat", digest)
        relative_trial.fit(
            relative_trial.trial(), "same", relative_survival=again, **relative_trial.COLUMNS
        ).write_inputs(tmp_path / "inputs")
        sets = {f"strategies.{name}.os": {**curve, "fit": "survival.same.os"} for name, curve in CURED.items()}
        same = load(str(another(path, "same", sets)))
        messages = [w.message for w in same.warnings if w.code == "relative_survival"]
        assert [("another" in m) for m in (*told, *messages)] == [True, False]

    def test_survival_is_the_population_s_times_relative_survival(self, tmp_path):
        """By hand: a cured share at 5 years of those aged 60, half of them women."""
        scenario = load(str(project(tmp_path)))
        family = yaml.safe_load((tmp_path / "inputs/survival/mine.yaml").read_text("utf8"))["os"]["new"]
        cured, shape, scale = (
            family["mixture_cure_weibull"][name]["value"] for name in ("cure_fraction", "shape", "scale")
        )
        grid, row = Grid.of(scenario), base_case(scenario)
        curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
        years = float(grid.time.edges[65])
        relative = cured + (1 - cured) * math.exp(-((12 * years / scale) ** shape))
        people = sum(0.5 * math.exp(-slow_expected(60.0, sex, None, years)[1]) for sex in RISK)
        assert curves.survival_at_edges("strategies.new.os")[0, 65] == pytest.approx(people * relative, rel=1e-4)

    def test_a_strategy_relative_to_it_has_the_population_too(self, tmp_path):
        ratio = {"relative_to": "old", "hazard_ratio": "test.numbers.strategies_new_os_hazard_ratio"}
        path = project(tmp_path, new={**ratio, "hazard_ratio": relative_trial.small_project.Number(0.7, "ratio")})
        scenario = load(str(path))
        model = scenario.curves["strategies.new.os"]
        assert (model.background_mortality, model.relative_survival) == ("excess", True)
        assert_same(scenario, base_case(scenario))

    def test_every_analysis_takes_it(self, tmp_path):
        path = project(tmp_path)
        scenario = load(str(path))
        moved = netcea.one_way(scenario).frame("one_way")
        assert (
            sum("mixture_cure_weibull" in address for address in moved["address"]) == 2
        )  # one direction of each block
        drawn = netcea.psa(scenario, draws=50).frame("summary").set_index("measure")
        low, _, high = drawn.loc["Incremental life years", "interval"].partition(" to ")
        assert 0.0 < float(low) < float(high)
        swept = netcea.sweep(scenario, families=["weibull", "mixture_cure:weibull"], endpoints=["os"]).frame("sweep")
        assert swept["fault"].tolist() == ["", ""]
        assert not any("general population" in reason for reason in swept["implausible"])
        weibull = load(str(path), sets=[f"strategies.{name}.os.{x}" for name in CURED
                                                 for x in ("distribution=weibull", "base=null")])  # fmt: skip
        alone = netcea.run(weibull).frame("pairwise")
        assert swept["incremental_qalys"][0] == pytest.approx(float(alone["incremental_qalys"].iloc[0]), rel=1e-9)

    def test_the_draws_keep_the_population_s_hazard(self, tmp_path):
        scenario = load(str(project(tmp_path)))
        rows = sample(scenario, 40, 1)
        grid = Grid.of(scenario)
        hazard = grid.population_hazard(rows)
        curves = Curves(scenario.curves, rows, grid.time.edges, hazard)
        rise = np.diff(curves.hazard_at_edges("strategies.new.os"))
        assert np.all(rise >= hazard)
        assert np.ptp(rise[:, 5]) > 0.0


REFUSED = [
    ("a floor", {"strategies.old.os": {**CURED["old"], "background_mortality": "hazard_floor"}}, "counted twice"),
    ("nothing", {"strategies.old.os": {**CURED["old"], "background_mortality": "none"}}, "nobody dies of other causes"),
    ("not relative", {"strategies.old.os": {**CURED["old"], "relative_survival": False}}, "false, while"),
    (
        "a floor on a ratio",
        {"strategies.new.os": {"relative_to": "old", "hazard_ratio": "survival.r.ratio", "background_mortality": "hazard_floor"}},
        "strategies.old.os",
    ),
    (
        "excess on all causes",
        {"strategies.old.os": {**CURED["old"], "fit": "survival.mine.all_causes", "background_mortality": "excess"}},
        "all causes",
    ),
    (
        "all causes that claim to be relative",
        {"strategies.old.os": {**CURED["old"], "fit": "survival.mine.all_causes", "relative_survival": True}},
        "fit again with --relative-survival",
    ),
    ("progression", {"strategies.old.pfs": CURED["old"]}, "life tables know deaths"),
]  # fmt: skip


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refused")
    path = project(folder)
    (folder / "inputs" / "survival" / "r.yaml").write_text(
        "ratio: {value: 0.7, unit: ratio, uncertainty: {fixed: a test}, source: [netcea_assumptions], "
        "status: assumption, note: a test}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(("name", "sets", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_two_mechanisms_are_refused(name, sets, words, scenario_file):
    other = another(scenario_file, name.replace(" ", "_"), sets)
    with pytest.raises(InputError) as caught:
        load(str(other))
    assert words in str(caught.value)
    assert str(other.name) in str(caught.value)


def test_waning_towards_another_kind_is_refused(scenario_file):
    waning = {"starts": "survival.w.time", "ends": "survival.w.time", "towards": "old"}
    (scenario_file.parent.parent / "inputs" / "survival" / "w.yaml").write_text(
        "time: {value: 2, unit: years, uncertainty: {fixed: a test}, source: [netcea_assumptions], "
        "status: assumption, note: a test}\n",
        encoding="utf-8",
    )
    all_causes = {**CURED["new"], "fit": "survival.mine.all_causes", "waning": waning}
    with pytest.raises(InputError, match="of relative survival"):
        load(str(another(scenario_file, "waning", {"strategies.new.os": all_causes})))
