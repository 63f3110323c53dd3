"""Digitised curves in, fits out: files as people have them, messages, the audit, what is written."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.digitised_trials import steps
from helpers.small_project import choices, weibull
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate

RADIANT_4 = Path(__file__).parents[2] / "inputs" / "survival" / "radiant4_pfs_digitised.csv"
"""Patients digitised from figure 2A of RADIANT-4 (kmdata, MIT licence, copyright 2021 Robert Redd)."""
FEW = [Candidate("exponential"), Candidate("weibull")]
TIMES = np.arange(0.0, 31.0, 3.0)
LINE = [(float(t), 1.0 - 0.02 * t) for t in range(11)]


def radiant_4():
    """Arm -> times, events."""
    with RADIANT_4.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return {
        arm: tuple(np.array([float(row[key]) for row in rows if row["arm"] == arm]) for key in ("time", "event"))
        for arm in ("everolimus", "placebo")
    }


def points(arm, noise=0.0, seed=1):
    """Points at the feet of the steps of an arm, in percent, with error."""
    time, event = radiant_4()[arm]
    at, level = steps(time, event)
    t, s = np.append(np.append(0.0, at), time.max()), np.append(np.append(1.0, level), level[-1])
    return t, 100.0 * s + np.random.default_rng(seed).normal(0.0, 100.0 * noise, len(s))


def at_risk(arm):
    return [int((radiant_4()[arm][0] >= t).sum()) for t in TIMES]


def written(folder, text, name="curve.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line(folder, head="time,survival\n", cell="{:.1f},{:.2f}\n", name="curve.csv"):
    return written(folder, head + "".join(cell.format(t, s) for t, s in LINE), name)


@pytest.fixture
def radiant(tmp_path):
    """Files of both arms as a digitiser writes them (no header, decimal commas), and a row for each arm at risk."""
    for arm in ("everolimus", "placebo"):
        rows = "".join(f"{t:.4f}; {s:.3f}\n".replace(".", ",") for t, s in zip(*points(arm, 0.005), strict=True))
        written(tmp_path, rows, f"{arm}.csv")
    rows = "".join(f"{arm},{','.join(map(str, at_risk(arm)))}\n" for arm in ("everolimus", "placebo"))
    written(tmp_path, f"Number at risk,{','.join(f'{t:.0f}' for t in TIMES)}\n{rows}", "at_risk.csv")
    return tmp_path


@pytest.fixture
def project(tmp_path):
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": weibull(1.2, 2.5)},
        "old": {"pfs": weibull(1.2, 0.6), "os": weibull(1.2, 2.0)},
    }
    return small_project.write(tmp_path / "project", choices(strategies, utilities=(0.8, 0.6))).parent.parent


class TestRadiant4:
    """The published figures of its digitised data: medians 11.3 and 4.0, hazard ratio 0.56 (unstratified)."""

    @pytest.mark.parametrize("noise", [0.0, 0.005, 0.01])
    def test_medians_events_and_hazard_ratio_come_back(self, noise):
        curves = {arm: points(arm, noise) for arm in ("everolimus", "placebo")}
        frame = pd.concat(pd.DataFrame({"time": t, "survival": s, "arm": arm}) for arm, (t, s) in curves.items())
        risk = pd.concat(pd.DataFrame({"time": TIMES, "at_risk": at_risk(arm), "arm": arm}) for arm in curves)
        found = fit(
            frame,
            "radiant_4",
            "pfs",
            at_risk=risk,
            medians={"everolimus": 11.3, "placebo": 4.0},
            hazard_ratios={("everolimus", "placebo"): 0.56},
            families=FEW,
        )
        checks = {(one.arm, one.what): one.reconstructed for one in found.data.reconstructed.checks}
        assert checks["everolimus", "median"] == pytest.approx(11.3, rel=0.015)
        assert checks["placebo", "median"] == pytest.approx(4.0, rel=0.015)
        assert checks["everolimus versus placebo", "hazard ratio"] == pytest.approx(0.56, abs=0.01)
        for arm, n in (("everolimus", 205), ("placebo", 97)):
            patients = found.data.arms[arm]
            assert patients.n == n
            assert patients.events == pytest.approx(radiant_4()[arm][1].sum(), abs=6 if noise else 0)
            assert [(patients.time >= t).sum() for t in TIMES] == at_risk(arm)

    def test_fits_are_those_of_the_patients(self):
        time, event = radiant_4()["placebo"]
        t, s = points("placebo", 0.005)
        own = fit({"time": time, "event": event}, families=FEW).fitted("all")
        other = fit(
            {"time": t, "survival": s}, at_risk={"time": TIMES, "at_risk": at_risk("placebo")}, families=FEW
        ).fitted("all")
        for a, b in zip(own, other, strict=True):
            assert b.curve().survival(6.0) == pytest.approx(a.curve().survival(6.0), abs=0.02)


class TestFiles:
    @pytest.mark.parametrize(
        ("head", "cell"),
        [
            ("time,survival\n", "{:.1f},{:.2f}\n"),
            ("Survival Probability;Months\n", "{1:.2f};{0:.1f}\n"),
            ("# from a digitiser\nx,y\n", "{:.1f},{:.2f}\n"),
            ("", "{:.1f}\t{:.2f}\n"),
            ("", "{1:.2f}, {0:.1f}\n"),
            ("a,b\n", "{1:.2f},{0:.1f}\n"),
            ("time,percent\n", "{0:.1f},{1:.0%}\n"),
        ],
    )
    def test_any_order_any_header(self, tmp_path, head, cell):
        found = fit(line(tmp_path, head, cell), patients=50, families=FEW)
        curve = found.data.reconstructed.curves["all"]
        assert curve.time == pytest.approx([t for t, _ in LINE])
        assert curve.survival == pytest.approx([s for _, s in LINE])

    def test_decimal_commas(self, tmp_path):
        path = written(tmp_path, "".join(f"{t:.1f};{s:.2f}\n".replace(".", ",") for t, s in LINE))
        assert fit(path, patients=50, families=FEW).data.reconstructed.curves["all"].time[1] == 1.0

    def test_arms_in_a_column(self, tmp_path):
        rows = "".join(f"{t},{s:.2f},{arm}\n" for arm in ("new", "old") for t, s in LINE)
        path = written(tmp_path, f"time,survival,arm\n{rows}")
        found = fit(path, patients={"new": 50, "old": 100}, families=FEW)
        assert {arm: one.n for arm, one in found.data.arms.items()} == {"new": 50, "old": 100}

    @pytest.mark.parametrize(
        "text",
        [
            "time,at_risk,arm\n0,50,new\n5,40,new\n0,100,old\n5,90,old\n",
            "Time;new;old\n0;50;100\n5;40;90\n",
            "Treatment,0,5\nnew,50,40\nold,100,90\n",
            ",0,5\nNEW,50,40\nOld,100,90\n",
            "time,new,old\n0,50,100\n5,40,90\n8,,70\n",
        ],
    )
    def test_numbers_at_risk_in_every_layout(self, tmp_path, text):
        for arm in ("new", "old"):
            line(tmp_path, name=f"{arm}.csv")
        paths = {arm: tmp_path / f"{arm}.csv" for arm in ("new", "old")}
        found = fit(paths, at_risk=written(tmp_path, text, "at_risk.csv"), families=FEW)
        for arm, numbers in {"new": [50, 40], "old": [100, 90]}.items():
            assert found.data.reconstructed.curves[arm].at_risk[:2].tolist() == numbers
            assert [(found.data.arms[arm].time >= t).sum() for t in (0.0, 5.0)] == numbers

    @pytest.mark.parametrize(
        ("text", "messages"),
        [
            ("time,survival\n0,1\n1,soon\n", ["curve.csv:3  survival\n  found 'soon'; expected a number"]),
            ("time,survival\n0,1\n1,\n2,0.5\n", ["curve.csv:3  survival\n  found an empty cell"]),
            ("time,survival\n0,1\n1,0.9,7\n", ["curve.csv:3", "3 cells; expected 2"]),
            ("time,survival\n", ["a header without rows"]),
            ("", ["an empty file"]),
            ("time,survival\n0,1\n1,0.9\n2,0.8\n", ["3 different points"]),
            ("time,survival\n" + "".join(f"{t},{s - 0.6 * (t == 4)}\n" for t, s in LINE), ["rises by"]),
            ("time,survival\n" + "".join(f"{t},{s - 1.6 * (t == 4)}\n" for t, s in LINE), ["curve.csv:6", "0 to 1"]),
            ("1,2\n2,2\n3,2\n", ["--time COLUMN --survival COLUMN"]),
            ("a,b,c\n1,2,3\n", ["no column of time and survival among a, b, c"]),
        ],
    )
    def test_bad_curves(self, tmp_path, text, messages):
        with pytest.raises(InputError) as error:
            fit(written(tmp_path, text), patients=50, families=FEW)
        for message in messages:
            assert message in str(error.value)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("time,at_risk\n0,50\n5,40\n8,41\n", "at_risk.csv:4  at_risk\n  found 41 after 40"),
            ("time,at_risk\n0,50\n60,40\n90,11\n", "at_risk.csv:4  time\n  found patients at risk at 90"),
            ("time,at_risk\n0,50\n5,x\n", "at_risk.csv:3  at_risk\n  found 'x'"),
            ("lower,upper\n1,10\n11,20\n", "columns time and at_risk (and arm), or time and one column for each arm"),
            ("time,lower,upper\n0,1,10\n3,11,20\n", "or the layout: columns time and at_risk"),
            ("time,at_risk\n0,50.5\n", "a whole number of patients"),
        ],
    )
    def test_bad_numbers_at_risk(self, tmp_path, text, message):
        with pytest.raises(InputError) as error:
            fit(line(tmp_path), at_risk=written(tmp_path, text, "at_risk.csv"), families=FEW)
        assert message in str(error.value)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({}, "--patients N"),
            ({"patients": {"nobody": 50}}, "expected one of all"),
            ({"patients": 50.5}, "a whole number"),
            ({"patients": 50, "clicked": "step"}, "did you mean 'steps'"),
            ({"patients": 50, "survival_unit": "share"}, "one of fraction, percent"),
            ({"patients": 50, "medians": 0.0}, "a time after 0"),
            ({"patients": 50, "hazard_ratios": {("a", "b"): 0.5}}, "expected one of all"),
            ({"patients": 50, "survival": "suvival"}, "did you mean 'survival'"),
            ({"patients": 50, "event": "event"}, "points of a curve, not patients"),
            ({"patients": 50, "total_events": 60}, "60 events of 50 patients"),
        ],
    )
    def test_bad_options(self, tmp_path, options, message):
        with pytest.raises(InputError) as error:
            fit(line(tmp_path), **options, families=FEW)
        assert message in str(error.value)

    def test_100_000_rows_are_no_curve(self):
        t = np.linspace(0.0, 20.0, 100_000)
        with pytest.raises(InputError, match="are these patients, not a curve"):
            fit({"time": t, "survival": np.exp(-t / 10.0)}, patients=100)


class TestAudit:
    def test_it_fails_loudly_and_names_what_fails(self, tmp_path):
        with pytest.raises(InputError) as error:
            fit(line(tmp_path), patients=50, total_events=30, medians=5.0, families=FEW)
        assert "audit of the reconstruction\n  found all: events 10, 30 published (limit: 2 events)" in str(error.value)
        assert "median not reached, 5 published (limit: 5%)" in str(error.value)
        assert error.value.count == 2

    def test_unless_it_is_kept_and_then_says_so(self, tmp_path):
        found = fit(line(tmp_path), patients=50, medians=5.0, keep_failed=True, families=FEW)
        assert found.frame("audit")["verdict"].tolist().count("BEYOND") == 1
        assert any("FAILED (1 of 6 checks" in sentence for sentence in found.sentences)

    def test_standard_errors_are_said_to_leave_the_reconstruction_out(self, tmp_path):
        found = fit(line(tmp_path), patients=50, families=FEW)
        assert any("as if they had been observed" in sentence for sentence in found.sentences)


class TestWritten:
    def options(self, radiant):
        return [
            *("everolimus=everolimus.csv", "placebo=placebo.csv", "--at-risk", "at_risk.csv"),
            *("--name", "radiant_4", "--endpoint", "pfs", "--time-unit", "months", "--figure", "2A"),
            *("--median", "everolimus=11.3", "--median", "placebo=4.0", "--digitiser", "J. Doe"),
            *("--hazard-ratio", "everolimus/placebo=0.56"),
        ]

    def test_file_and_folder(self, radiant, project, monkeypatch):
        monkeypatch.chdir(radiant)
        monkeypatch.setattr("netcea.fitting.maximum_likelihood.candidates", lambda: FEW)
        more = ["--project", str(project), "--source", "mhra_2025", "--out", "out", "--no-figures"]
        found = CliRunner().invoke(main, ["fit", *self.options(radiant), *more])
        assert found.exit_code == 0, found.output
        assert re.search("everolimus: [0-9]+ clicks in percent, taken for the feet of steps", found.output)
        assert "Audit of the reconstruction: passed." in found.output
        path = project / "inputs" / "survival" / "radiant_4.yaml"
        data = yaml.safe_load(path.read_text(encoding="utf-8"))["pfs"]
        said = data["fitted"]["reconstructed"]
        assert (said["status"], said["digitiser"], said["figure"], said["passed"]) == (
            "reconstructed",
            "J. Doe",
            "2A",
            True,
        )
        assert "as if the patients had been observed" in said["standard_errors"]
        ratio = said["hazard_ratios"][0]
        assert ratio["published"] == 0.56
        assert ratio["reconstructed"] == pytest.approx(0.56, abs=0.01)
        assert "reconstructed patients" in data["placebo"]["weibull"]["shape"]["note"]
        with (radiant / "out" / "tables" / "reconstructed_patients.csv").open(encoding="utf8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 302
        again = fit(radiant / "out" / "tables" / "reconstructed_patients.csv", families=FEW)
        estimates = again.fitted("placebo")[1].estimates
        assert data["placebo"]["weibull"]["shape"]["value"] == pytest.approx(estimates["shape"], rel=1e-6)
        self.schema_and_scenario(project, path)

    def schema_and_scenario(self, project, path):
        jsonschema = pytest.importorskip("jsonschema")
        schema = CliRunner().invoke(main, ["schema", "inputs"])
        jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), json.loads(schema.output))
        curve = {"fit": "survival.radiant_4.pfs", "arm": "placebo", "distribution": "weibull"}
        head = {"format": 1, "extends": "small.yaml", "name": "x", "rationale": "y", "direction": "unclear"}
        scenario = project / "scenarios" / "x.yaml"
        scenario.write_text(yaml.safe_dump({**head, "set": {"strategies.old.pfs": curve}}), encoding="utf-8")
        assert netcea.load(str(scenario)).quantities["survival.radiant_4.pfs.placebo.weibull.shape"].value > 0.0

    def test_figures(self, radiant):
        found = fit(radiant / "placebo.csv", patients=97, families=FEW, keep_failed=True)
        assert "reconstruction_all" in found.figures
        axes = found.figure("reconstruction_all").axes[0]
        assert len(axes.get_lines()[1].get_xdata()) == len(found.data.reconstructed.curves["all"].time)

    def test_a_failed_audit_writes_nothing(self, radiant, project, monkeypatch):
        monkeypatch.chdir(radiant)
        options = [word.replace("=0.56", "=0.86") for word in self.options(radiant)]
        more = ["--project", str(project), "--source", "mhra_2025", "--out", "out"]
        found = CliRunner().invoke(main, ["fit", *options, *more])
        assert found.exit_code == 2
        assert "everolimus versus placebo: hazard ratio 0.55" in found.output
        assert "0.86 published (limit: 10% either way)" in found.output
        assert not (project / "inputs" / "survival" / "radiant_4.yaml").exists()
        assert not (radiant / "out").exists()

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--patients", "x"], "found 'x'; expected a number, or ARM=NUMBER"),
            (["--patients", "a=1", "--patients", "2"], "ARM=VALUE, each arm once"),
            (["--patients", "97", "--hazard-ratio", "0.5"], "TREATED/REFERENCE=RATIO"),
            (["--patients", "97", "--at-risk", "nothing.csv"], "no such file"),
        ],
    )
    def test_bad_options(self, radiant, monkeypatch, words, message):
        monkeypatch.chdir(radiant)
        options = ["placebo.csv", "--name", "x", "--time-unit", "months", "--no-files"]
        found = CliRunner().invoke(main, ["fit", *options, *words])
        assert found.exit_code == 2
        assert message in found.output
        assert "Traceback" not in found.output
