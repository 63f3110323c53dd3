"""`netcea fit --summaries`: figures from CSV, YAML and memory, what is found and written, what is refused."""

import math

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.small_project import choices, exponential
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.summary_fits import fit_summaries
from netcea.fitting.candidates import Candidate
from netcea.loading import load

CSV = """arm,figure,value,low,high,time,failed,versus
old,median,6.1,5.0,7.4,,,
old,survival,27%,18%,37%,12,,
new,median,12.7,10.4,15.5,,,
new,survival,30%,21%,39%,24,,
new,survival,16,9,25,48,,
new,restricted_mean,8.7,7.9,9.5,12,,
new,quantile,5.1,3.8,6.8,,0.25,
new,hazard_ratio,0.55,0.42,0.72,,,old
"""
ROWS = [
    {"figure": "median", "value": 10.0, "low": 8.0, "high": 12.5},
    {"figure": "survival", "value": 0.3, "low": 0.2, "high": 0.4, "time": 20.0},
    {"figure": "survival", "value": 0.1, "low": 0.05, "high": 0.17, "time": 40.0},
]
WEIBULL = [Candidate("weibull")]


@pytest.fixture
def figures(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def errors_of(rows, **more):
    with pytest.raises(InputError) as caught:
        fit_summaries(rows, families=WEIBULL, **more)
    return caught.value.problems


class TestFound:
    @pytest.mark.slow
    def test_all_families_and_what_they_miss(self, figures):
        found = fit_summaries(figures, "mine", "pfs", patients={"old": 100, "new": 100}, follow_up=30.0)
        names = {fit.family for fit in found.fitted("all arms together")}
        assert names >= {"exponential", "weibull", "log_normal", "generalised_gamma", "royston_parmar_odds_1"}
        assert len(names) + len(found.refused("all arms together")) == 13
        table = found.frame("misfit")
        row = table[(table["family"] == "weibull") & (table["figure"] == "median") & (table["arm"] == "new")].iloc[0]
        assert (row["published"], row["low"], row["high"]) == (12.7, 10.4, 15.5)
        se = math.log(15.5 / 10.4) / (2 * 1.959963985)
        assert row["miss"] == pytest.approx(math.log(row["fitted"] / 12.7) / se, rel=1e-6)
        overall = found.frame("choosing")
        weibull = overall[overall["family"] == "weibull"].iloc[0]
        assert (weibull["degrees_of_freedom"], weibull["figures"]) == (5, 8)
        assert 0.0 < weibull["p"] < 1.0
        assert any("no AIC" in sentence for sentence in found.sentences)
        assert any("percent" in sentence for sentence in found.sentences)

    def test_without_patients_families_of_other_hazards_are_named(self, figures):
        found = fit_summaries(figures, families=[*WEIBULL, Candidate("log_normal")])
        refused = {one.name: one.reason for one in found.refused("all arms together")}
        assert "median follow-up" in refused["log_normal"]
        assert "weibull" not in refused

    def test_arms_without_a_ratio_are_fitted_by_themselves(self, tmp_path):
        rows = [{**row, "arm": arm} for arm in ("a", "b") for row in ROWS]
        found = fit_summaries(rows, families=WEIBULL)
        assert list(found.fits) == ["a", "b"]
        alone = fit_summaries(ROWS, families=WEIBULL)
        assert found.fitted("b")[0].real_line.tolist() == alone.fitted("all")[0].real_line.tolist()

    def test_one_answer_whatever_the_form(self, tmp_path):
        (tmp_path / "f.yaml").write_text(yaml.safe_dump({"figures": ROWS}), encoding="utf-8")
        pd.DataFrame(ROWS).to_csv(tmp_path / "f.csv", index=False)
        frame = pd.DataFrame(ROWS)
        forms = [ROWS, frame, tmp_path / "f.yaml", tmp_path / "f.csv", {"figures": ROWS}]
        lines = [fit_summaries(form, families=WEIBULL).fitted("all")[0].real_line.tolist() for form in forms]
        assert all(line == lines[0] for line in lines)
        assert netcea.fit(frame, families=WEIBULL).data.name == "values in memory"

    def test_landmarks_of_one_arm_are_correlated_unless_a_correlation_is_given(self):
        usual = fit_summaries(ROWS, families=WEIBULL).fitted("all")[0]
        apart = fit_summaries({"figures": ROWS, "correlation": np.eye(3).tolist()}, families=WEIBULL).fitted("all")[0]
        assert usual.covariance != pytest.approx(apart.covariance, rel=0.02)

    @pytest.mark.parametrize(
        ("row", "scale"),
        [
            ({"figure": "restricted_mean", "value": 9.0, "low": 8.0, "high": 10.0, "time": 12.0}, "identity"),
            ({"figure": "median", "value": 10.0, "low": 5.0, "high": 20.0}, "log"),
            ({"figure": "survival", "value": 0.5, "low": 0.4, "high": 0.6, "time": 12.0}, "identity"),
            ({"figure": "survival", "value": 0.5, "low": 0.3, "high": 0.673, "time": 12.0}, "complementary-log-log"),
            ({"figure": "median", "value": 10.0, "low": 5.0, "high": 20.0, "scale": "identity"}, "identity"),
        ],
    )
    def test_the_scale_is_that_on_which_the_interval_is_symmetric(self, row, scale):
        found = fit_summaries([row], families=[Candidate("exponential")])
        assert found.frame("misfit")["scale"].tolist() == [scale]

    def test_its_figures_and_folder(self, figures, tmp_path):
        found = fit_summaries(figures, "mine", "pfs", families=WEIBULL)
        folder = found.write(tmp_path / "out", figures=False)
        assert {path.name for path in (folder / "tables").iterdir()} == {"misfit.csv", "choosing.csv", "estimates.csv"}
        assert set(found.figures) == {"fits_old", "fits_new", "extrapolation_old", "extrapolation_new"}
        assert found.figure("fits_new").axes


class TestWritten:
    def test_a_scenario_takes_the_fit(self, figures, tmp_path):
        together = {"fit": "survival.mine.pfs", "distribution": "weibull"}
        strategies = {
            "new": {"pfs": {**together, "arm": "new"}, "os": exponential(0.05)},
            "old": {"pfs": {**together, "arm": "old"}, "os": exponential(0.05)},
        }
        path = small_project.write(tmp_path, choices(strategies))
        found = fit_summaries(figures, "mine", "pfs", families=[*WEIBULL, Candidate("gompertz")], source="mhra_2025")
        found.write_inputs(tmp_path / "inputs")
        scenario = load(str(path))
        fit = next(one for one in found.fitted("all arms together") if one.family == "weibull")
        (joint,) = scenario.joint
        order = [fit.names.index(address.rpartition(".")[2]) for address in joint.addresses]
        assert joint.estimates == pytest.approx(fit.real_line[order], rel=1e-12)
        assert joint.covariance == pytest.approx(fit.covariance[np.ix_(order, order)], rel=1e-12)
        curve = scenario.curves["strategies.new.pfs"]
        assert (curve.time_factor, curve.hazard_ratio) == (12.0, "survival.mine.pfs.weibull.hazard_ratio")
        written = yaml.safe_load((tmp_path / "inputs" / "survival" / "mine.yaml").read_text("utf8"))
        said = written["pfs"]["weibull"]["fitted"]
        assert said["degrees_of_freedom"] == 5
        assert len(said["figures"]) == 8
        assert "aic" not in said

    def test_families_without_a_likelihood_are_not_averaged_by_aic(self, figures, tmp_path):
        average = {"fit": "survival.mine.pfs", "distribution": {"average": "aic", "of": ["weibull", "gompertz"]}}
        strategies = {
            "new": {"pfs": {**average, "arm": "new"}, "os": exponential(0.05)},
            "old": {"pfs": {**average, "arm": "old"}, "os": exponential(0.05)},
        }
        path = small_project.write(tmp_path, choices(strategies))
        found = fit_summaries(figures, "mine", "pfs", families=[*WEIBULL, Candidate("gompertz")], source="mhra_2025")
        found.write_inputs(tmp_path / "inputs")
        with pytest.raises(InputError) as caught:
            load(str(path))
        problem = caught.value.problems[0]
        assert problem.address.endswith("pfs.distribution.average")
        assert "no likelihood" in problem.found

    def test_without_an_interval_nothing_is_drawn(self, tmp_path):
        path = small_project.write(
            tmp_path,
            choices(
                {
                    "new": {
                        "pfs": {"fit": "survival.mine.pfs", "arm": "all", "distribution": "exponential"},
                        "os": exponential(0.05),
                    },
                    "old": {"pfs": exponential(2.0), "os": exponential(0.05)},
                }
            ),
        )
        bare = [{"figure": "median", "value": 10.0}]
        fit_summaries(bare, "mine", "pfs", families=[Candidate("exponential")], source="mhra_2025").write_inputs(
            tmp_path / "inputs"
        )
        scenario = load(str(path))
        rate = scenario.quantities["survival.mine.pfs.all.exponential.rate"]
        assert not rate.is_drawn
        assert "without an interval" in rate.words


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(main, ["fit", *map(str, arguments), "--time-unit", "months", "--name", "mine"])

    def test_screen(self, figures):
        shown = self.run("--summaries", figures, "--no-files")
        assert shown.exit_code == 0
        assert "8 published figures" in shown.output
        assert "weibull" in shown.output
        assert "no AIC" in shown.output
        assert "log_normal (hazards of a log_normal are not in proportion" in " ".join(shown.output.split())

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (["--bootstrap", "100"], "--bootstrap"),
            (["--event", "died"], "--event"),
            (["--follow-up", "soon"], "--follow-up"),
            (["--patients", "nobody=3"], "the arm 'nobody'"),
        ],
    )
    def test_options_that_do_not_go_with_figures(self, figures, more, said):
        shown = self.run("--summaries", figures, "--no-files", *more)
        assert shown.exit_code == 2
        assert said in shown.output

    def test_no_data(self):
        shown = self.run()
        assert shown.exit_code == 2
        assert "--summaries FILE" in shown.output


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "address", "words"),
        [
            ({"figure": "mean"}, "figures.0.figure", "median"),
            ({"value": -1.0, "low": None, "high": None}, "value", "above 0"),
            ({"low": 11.0}, "low", "an interval around"),
            ({"low": None}, "low", "both ends"),
            ({"time": 3.0}, "time", "has no time"),
            ({"figure": "survival", "value": 0.4, "low": 0.3, "high": 0.5}, "time", "the time of a survival"),
            ({"figure": "quantile"}, "failed", "the failed of a quantile"),
            ({"figure": "quantile", "failed": 1.5}, "failed", "between 0 and 1"),
            ({"figure": "hazard_ratio"}, "versus", "the versus of a hazard_ratio"),
            ({"figure": "hazard_ratio", "versus": "all"}, "versus", "another arm"),
            ({"figure": "restricted_mean", "time": 9.0}, "value", "below 9"),
            ({"se": 0.1}, "se", "not both"),
            ({"scale": "complementary_log_log"}, "scale", "of survival"),
            ({"colour": 1.0}, "colour", "colour"),
        ],
    )
    def test_by_its_place(self, change, address, words):
        row = {key: value for key, value in {**ROWS[0], **change}.items() if value is not None}
        problems = errors_of([row])
        assert any(problem.address.endswith(address) for problem in problems)
        assert any(words in str(problem) for problem in problems)

    def test_every_row_at_once_with_its_line(self, tmp_path):
        path = tmp_path / "f.csv"
        path.write_text("figure,value,low,high\nmedian,10,8,12.5\nmean,3,,\nmedian,x,,\n", encoding="utf-8")
        with pytest.raises(InputError) as caught:
            fit_summaries(path)
        assert [problem.line for problem in caught.value.problems] == [4]
        path.write_text("figure,value,low,high\nmedian,10,8,12.5\nmean,3,,\nmedian,10,11,9\n", encoding="utf-8")
        with pytest.raises(InputError) as caught:
            fit_summaries(path)
        assert [problem.line for problem in caught.value.problems] == [3, 4]

    def test_figures_that_no_family_can_meet(self):
        rows = [{**ROWS[0], "value": 10.0}, {**ROWS[1], "value": 0.8, "low": 0.7, "high": 0.9}]
        (problem,) = errors_of(rows)
        assert "survival does not fall" in problem.found

    @pytest.mark.parametrize("rows", [[], {"figures": []}, {"figures": [], "patients": {}}])
    def test_no_figure(self, rows):
        (problem,) = errors_of(rows)
        assert "at least one published figure" in problem.expected

    def test_a_correlation_of_another_size(self):
        (problem,) = errors_of({"figures": ROWS, "correlation": [[1.0]]})
        assert "3 rows of 3 numbers" in problem.expected
