"""Patient data in, fits out: columns found, faults told by line, tables and figures, the file of inputs/."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.small_project import choices, weibull
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.summaries import mean_times
from netcea.survival import exponential, gompertz
from netcea.survival import weibull as weibull_family

LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"
FEW = [Candidate("exponential"), Candidate("weibull")]


def lung():
    with LUNG.open(encoding="utf8") as file:
        return list(csv.DictReader(file))


def written(folder, text, name="data.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path):
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": weibull(1.2, 2.5)},
        "old": {"pfs": weibull(1.2, 0.6), "os": weibull(1.2, 2.0)},
    }
    return small_project.write(tmp_path / "project", choices(strategies, utilities=(0.8, 0.6))).parent.parent


class TestReading:
    def test_columns_of_usual_names_in_any_order(self, tmp_path):
        path = written(tmp_path, "group;id;Event;Time\na;1;1;2,5\nb;2;0;3\na;3;0;4\n")
        found = fit(path, families=FEW)
        assert dict(found.data.columns) == {"time": "Time", "event": "Event", "arm": "group"}
        assert list(found.fits) == ["a", "b"]
        assert found.data.arms["a"].time.tolist() == [2.5, 4.0]

    def test_columns_that_are_named(self, tmp_path):
        path = written(tmp_path, "os_m,dead_yn,from,w\n5,yes,1,2\n9,no,0,1\n")
        found = fit(path, time="os_m", event="dead_yn", entry="from", weight="w", families=FEW)
        data = found.data.arms["all"]
        assert (data.time.tolist(), data.event.tolist()) == ([5, 9], [1, 0])
        assert (data.entry.tolist(), data.weight.tolist()) == ([1, 0], [2, 1])

    def test_r_codes_of_events(self, tmp_path):
        path = written(tmp_path, "time,status\n5,2\n9,1\n")
        with pytest.raises(InputError, match="--event-value"):
            fit(path, families=FEW)
        assert fit(path, event_value="2", families=FEW).data.arms["all"].event.tolist() == [1, 0]

    def test_parquet_is_the_same(self, tmp_path):
        pytest.importorskip("pyarrow")
        frame = pd.DataFrame({"time": [2.0, 3.0, 4.0], "event": [1, 1, 0], "arm": ["a", "b", "a"]})
        frame.to_parquet(tmp_path / "d.parquet")
        frame.to_csv(tmp_path / "d.csv", index=False)
        a, b = (fit(tmp_path / name, families=FEW) for name in ("d.parquet", "d.csv"))
        assert a.fitted("a")[0].log_likelihood == b.fitted("a")[0].log_likelihood
        assert list(a.fits) == list(b.fits)

    def test_parquet_that_lacks_a_number(self, tmp_path):
        pytest.importorskip("pyarrow")
        pd.DataFrame({"time": [2.0, None], "event": [1, 1]}).to_parquet(tmp_path / "d.parquet")
        with pytest.raises(InputError, match=r"found None|found nan"):
            fit(tmp_path / "d.parquet", families=FEW)

    def test_frames_and_columns_in_memory(self):
        frame = pd.DataFrame({"time": [2.0, 3.0, 4.0], "event": [True, True, False], "arm": ["a", "b", "a"]})
        a, b = fit(frame, families=FEW), fit(frame.to_dict("list"), families=FEW)
        assert list(a.fits) == ["a", "b"]
        assert a.data.sha256 == b.data.sha256

    @pytest.mark.parametrize(
        ("text", "messages"),
        [
            ("time,event\n5,1\n-2,1\n", ["data.csv:3  time\n  found -2", "expected 0 or more"]),
            ("time,event\n5,1\nsoon,1\n", ["data.csv:3  time\n  found 'soon'", "expected a number"]),
            ("time,event\n5,1\n,1\n", ["data.csv:3  time\n  found an empty cell"]),
            ("time,event\n5,1\n0,1\n", ["data.csv:3  time\n  found 0", "more than 0, because it has an event"]),
            ("time,event\n5,maybe\n", ["data.csv:2  event\n  found 'maybe'"]),
            ("time,event,entry\n5,1,6\n", ["data.csv:2  entry\n  found 6", "a time before its own event"]),
            ("time,event,weight\n5,1,-1\n", ["data.csv:2  weight\n  found -1", "above 0"]),
            ("months_of_it,event\n5,1\n", ["no column of time among months_of_it, event"]),
            ("time,event\n", ["a header without rows"]),
            ("", ["an empty file"]),
            ("5,1\n6,0\n", ["no header"]),
            ("time,event\n5,1,3\n", ["3 cells"]),
        ],
    )
    def test_bad_data(self, tmp_path, text, messages):
        with pytest.raises(InputError) as error:
            fit(written(tmp_path, text), families=FEW)
        for message in messages:
            assert message in str(error.value)

    def test_no_such_file(self, tmp_path):
        with pytest.raises(InputError, match=r"nothing\.csv"):
            fit(tmp_path / "nothing.csv")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"time_unit": "fortnights"}, "one of years, months, weeks, days"),
            ({"name": "a.b"}, "letters, digits"),
            ({"time": "tim"}, "no column 'tim'"),
            ({"families": None, "arm": "nobody"}, "no column 'nobody'"),
        ],
    )
    def test_bad_options(self, options, message):
        with pytest.raises(InputError, match=message):
            fit({"time": [1.0], "event": [1]}, **{"families": FEW, **options})

    def test_arms_have_names_that_an_address_can_have(self, project, tmp_path):
        rows = "".join(f"{t},1,{arm}\n" for t in (1, 2, 4) for arm in ("0", '"Drug A/B, 10 mg"', "fitted"))
        path = written(tmp_path, f"time,event,arm\n{rows}")
        found = fit(path, "odd", source="mhra_2025", families=FEW)
        assert list(found.fits) == ["arm_0", "Drug_A_B_10_mg", "arm_fitted"]
        found.write_inputs(project / "inputs")
        found.write(tmp_path / "out")
        assert (tmp_path / "out" / "figures" / "fits_Drug_A_B_10_mg.png").is_file()
        for arm in found.fits:
            curve = {"fit": "survival.odd.os", "arm": arm, "distribution": "weibull"}
            header = {"format": 1, "extends": "small.yaml", "name": "x", "rationale": "y", "direction": "unclear"}
            scenario = project / "scenarios" / "x.yaml"
            scenario.write_text(yaml.safe_dump({**header, "set": {"strategies.new.os": curve}}), encoding="utf-8")
            shape = f"survival.odd.os.{arm}.weibull.shape"
            assert netcea.load(str(scenario)).quantities[shape].value == found.fitted(arm)[1].estimates["shape"]

    def test_arms_that_cannot_be_told_apart(self):
        with pytest.raises(InputError, match="'a b' and 'a_b'"):
            fit({"time": [1.0, 2.0], "event": [1, 1], "arm": ["a b", "a_b"]}, families=FEW)

    def test_many_faults_are_listed_and_counted(self, tmp_path):
        path = written(tmp_path, "time,event\n" + "-1,1\n" * 4000)
        with pytest.raises(InputError) as error:
            fit(path, families=FEW)
        assert error.value.count == 4000
        assert len(error.value.listed) < 60


class TestData:
    def test_all_censored_ties_and_one_patient_are_answered(self):
        for columns in (
            {"time": [5.0, 6.0], "event": [0, 0]},
            {"time": [5.0] * 30, "event": [1] * 30},
            {"time": [5.0], "event": [1]},
            {"time": [5.0, 0.0], "event": [1, 0]},
        ):
            found = fit(columns)
            assert len(found.fits["all"]) == len(candidates())
            assert len(found.sentences) == 3
            assert all("all, " in sentence for sentence in found.sentences)
            for name in found.tables:
                found.table(name)
            for name in found.figures:
                found.figure(name)

    @pytest.mark.slow
    def test_100_000_rows(self, tmp_path):
        random = np.random.default_rng(3)
        time = np.round(10.0 * random.weibull(1.3, 100_000), 2) + 0.01
        rows = "\n".join(f"{t:.2f},{int(t < 20)}" for t in np.minimum(time, 20.0))
        found = fit(written(tmp_path, f"time,event\n{rows}\n"), families=FEW)
        assert found.fitted("all")[1].estimates["shape"] == pytest.approx(1.3, rel=0.01)


class TestWhatItSays:
    def test_ranks_and_order(self):
        found = fit(LUNG, time_unit="days")
        for arm, chosen in found.summaries.items():
            aic = [one.fit.aic for one in chosen]
            assert aic == sorted(aic)
            assert [one.rank_aic for one in chosen] == list(range(1, len(chosen) + 1))
            assert sorted(one.rank_bic for one in chosen) == list(range(1, len(chosen) + 1))
            assert len(chosen) + len(found.refused(arm)) == len(candidates())

    def test_survival_at_years_is_the_curves(self):
        found = fit(LUNG, time_unit="days", families=FEW)
        one = next(one for one in found.summaries["male"] if one.fit.name == "weibull")
        shape, scale = one.fit.estimates.values()
        assert one.survival[0] == pytest.approx(np.exp(-((365.25 / scale) ** shape)), rel=1e-12)
        assert one.hazards[1] == pytest.approx(365.25 * shape / scale * (730.5 / scale) ** (shape - 1), rel=1e-12)
        assert one.median == pytest.approx(scale * np.log(2) ** (1 / shape) / 365.25, rel=1e-12)
        assert one.restricted_mean == pytest.approx(one.mean, rel=1e-9)

    def test_means(self):
        assert mean_times(exponential(rate=0.5), [2.0, 7.0]) == pytest.approx(
            ((1 - np.exp(-1)) / 0.5, (1 - np.exp(-3.5)) / 0.5, 2.0), rel=1e-12
        )
        curve = weibull_family(shape=0.6, scale=3.0)
        assert mean_times(curve, [5.0])[0] == pytest.approx(curve.restricted_mean(5.0), rel=1e-10)
        assert mean_times(gompertz(shape=-0.5, rate=0.2), [5.0])[-1] == np.inf

    def test_frames_and_figures_by_name(self):
        found = netcea.fit(LUNG, time_unit="days", families=FEW)
        assert found.frame("choosing")["family"].tolist() == ["weibull", "exponential"] * 2
        assert found.frame("estimates").shape[0] == 6
        km = found.frame("kaplan_meier")
        assert km[km["arm"] == "male"]["at_risk"].iloc[0] == 138
        of_arms = ("fits", "extrapolation", "hazard", "hazard_extrapolation")
        between = ("hazard_ratio_female", "schoenfeld_female", "quantiles_female")
        assert set(found.figures) == {
            *(f"{name}_{arm}" for name in of_arms for arm in ("male", "female")),
            "log_cumulative_hazard",
            *between,
        }
        with pytest.raises(InputError, match="did you mean 'choosing'"):
            found.table("chosing")

    def test_left_truncated_kaplan_meier(self):
        # at risk at 3: entered before 3 and not gone; R's survfit(Surv(entry, time, event) ~ 1)
        found = fit({"time": [2.0, 3.0, 5.0], "event": [1, 1, 1], "entry": [0.0, 1.0, 4.0]}, families=FEW)
        km = found.kaplan_meier["all"]
        assert km.at_risk.tolist() == [2.0, 1.0, 1.0]
        assert km.survival.tolist() == [0.5, 0.0, 0.0]


class TestFile:
    def test_every_number_with_its_covariance(self, project):
        found = fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025")
        path = found.write_inputs(project / "inputs")
        data = yaml.safe_load(path.read_text(encoding="utf-8"))["os"]
        assert data["fitted"]["arms"]["male"]["patients"] == 138
        assert data["fitted"]["sha256"] == found.data.sha256
        for fitted in found.fitted("female"):
            group = data["female"][fitted.name]
            assert {name: group[name]["value"] for name in fitted.names} == fitted.estimates
            assert group["covariance"]["covariance"] == fitted.covariance.tolist()
            assert group["fitted"]["aic"] == fitted.aic
            assert all(group[name]["source"] == ["mhra_2025"] for name in fitted.names)
        refused = data["fitted"]["arms"]["male"]["refused"]
        assert refused == {one.name: one.reason for one in found.refused("male")}

    def test_endpoints_stand_side_by_side_and_are_not_lost(self, project):
        inputs = project / "inputs"
        both = [fit(LUNG, "lung", e, time_unit="days", source="mhra_2025", families=FEW) for e in ("os", "pfs")]
        path, _ = (one.write_inputs(inputs) for one in both)
        assert list(yaml.safe_load(path.read_text(encoding="utf-8"))) == ["os", "pfs"]
        before = path.read_bytes()
        with pytest.raises(InputError, match="--overwrite"):
            both[0].write_inputs(inputs)
        assert path.read_bytes() == before
        both[0].write_inputs(inputs, overwrite=True)
        assert path.read_bytes() == before

    def test_another_file_of_that_name_is_left_alone(self, project):
        path = project / "inputs" / "survival" / "lung.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("os: {}\n", encoding="utf-8")
        with pytest.raises(InputError, match="give another --name"):
            fit(LUNG, "lung", source="mhra_2025", families=FEW).write_inputs(project / "inputs")
        assert path.read_text(encoding="utf-8") == "os: {}\n"

    @pytest.mark.parametrize(("source", "message"), [((), "no number goes in without"), ("mhra_2052", "mhra_2025")])
    def test_a_source_is_needed(self, project, source, message):
        with pytest.raises(InputError, match=message):
            fit(LUNG, "lung", source=source, families=FEW).write_inputs(project / "inputs")
        assert not (project / "inputs" / "survival" / "lung.yaml").exists()


class TestCommand:
    def run(self, monkeypatch, folder, *arguments):
        monkeypatch.chdir(folder)
        return CliRunner().invoke(main, ["fit", *map(str, arguments)])

    def test_writes_and_says_how_to_refer(self, project, monkeypatch):
        options = ("--name", "lung", "--time-unit", "days", "--source", "mhra_2025")
        found = self.run(monkeypatch, project, LUNG, *options)
        assert found.exit_code == 0, found.output
        assert "time from 'time', event from 'event', arm from 'group'" in found.output
        assert "os: {fit: survival.lung.os, arm: male, distribution: " in found.output
        assert "Not fitted: non_mixture_cure_weibull" in found.output
        folder = project / "reports" / "fit_lung_os"
        assert {path.name for path in (folder / "tables").iterdir()} == {
            "choosing.csv",
            "differences.csv",
            "estimates.csv",
            "hazard_ratios.csv",
            "kaplan_meier.csv",
        }
        assert (folder / "figures" / "fits_male.png").stat().st_size > 10_000
        again = self.run(monkeypatch, project, LUNG, *options)
        assert again.exit_code == 2
        assert "--overwrite" in again.output
        assert self.run(monkeypatch, project, LUNG, *options, "--overwrite", "--no-figures").exit_code == 0

    @pytest.mark.slow
    def test_prints_alone(self, tmp_path, monkeypatch):
        found = self.run(monkeypatch, tmp_path, LUNG, "--name", "lung", "--time-unit", "days", "--no-files")
        assert found.exit_code == 0, found.output
        assert list(tmp_path.iterdir()) == []

    def test_bad_input_is_told_and_nothing_written(self, project, monkeypatch):
        path = written(project, "time,event\n-1,1\n")
        options = ("--name", "x", "--time-unit", "days", "--source", "mhra_2025")
        found = self.run(monkeypatch, project, path, *options)
        assert found.exit_code == 2
        assert "data.csv:2  time" in found.output
        assert "Traceback" not in found.output
        assert not (project / "inputs" / "survival" / "x.yaml").exists()
        assert not (project / "reports").exists()

    def test_without_a_project(self, tmp_path, monkeypatch):
        options = ("--name", "x", "--time-unit", "days", "--source", "mhra_2025")
        found = self.run(monkeypatch, tmp_path, LUNG, *options)
        assert found.exit_code == 2
        assert "netcea init" in found.output


def test_the_file_is_described_by_the_schema_of_inputs(project):
    jsonschema = pytest.importorskip("jsonschema")
    found = CliRunner().invoke(main, ["schema", "inputs"])
    path = fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025").write_inputs(project / "inputs")
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), json.loads(found.output))
