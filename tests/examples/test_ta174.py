"""The example from patient data to an ICER: its commands on the real data where they are at hand, its parts on made ones.

The data are under the GPL (3 or later): they are read from the folder that NETCEA_REFERENCE names, never copied.
"""

from __future__ import annotations

import csv
import math
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

import netcea
from netcea.fitting.candidates import Candidate
from netcea.loading import load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "ta174"
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
DATA = Path(os.environ.get("NETCEA_REFERENCE", "/nowhere")) / "survival" / "survhe_ta174.csv"
SCENARIOS = ("base", "effect_ends_with_the_data", "no_effect_on_survival")


def commands():
    """Every command of the README, in their order."""
    return [shlex.split(line) for line in re.findall(r"(?m)^    ((?:netcea|python) .*)$", README)]


def run(words, folder):
    words = [str(DATA) if word == "ta174.csv" else word.replace("examples/", f"{ROOT}/examples/") for word in words]
    start = [sys.executable, "-m", "netcea"] if words[0] == "netcea" else [sys.executable]
    done = subprocess.run([*start, *words[1:]], cwd=folder, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


def made_up(path, n=120):
    """Patients whose progression and death are exponential, in the columns of the real file."""
    rng = np.random.default_rng(174)
    rows = []
    for i in range(n):
        treated = i % 2
        progressed, died, left = rng.exponential(40 + 20 * treated), rng.exponential(90), rng.uniform(20, 48)
        seen = min(died, left)
        prog = int(progressed < seen)
        rows.append((i + 1, treated, prog, int(died < left), min(progressed, seen), seen))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["patid", "treat", "prog", "death", "prog_t", "death_t"])
        writer.writerows(rows)
    return rows


def prepared(folder, data):
    for words in (["-m", "netcea", "init", "--blank", "clinic"], [str(EXAMPLE / "prepare.py"), str(data), "clinic"]):
        done = subprocess.run([sys.executable, *words], cwd=folder, check=False, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
    return folder / "clinic"


def fitted(model, families, bootstrap=0):
    both = [
        netcea.fit(
            model / "patients.csv",
            "ta174",
            endpoint,
            time=f"{endpoint}_months",
            event=f"{endpoint}_event",
            source="ta174_patients",
            families=families,
            bootstrap=bootstrap,
        )
        for endpoint in ("pfs", "os")
    ]
    both[0].beside(both[1]).write_inputs(model / "inputs")
    return both


# ------------------------------------------------------------------------------------------------ on made-up patients
class TestParts:
    def test_an_event_of_pfs_is_progression_or_death(self, tmp_path):
        rows = made_up(tmp_path / "made.csv")
        model = prepared(tmp_path, tmp_path / "made.csv")
        with (model / "patients.csv").open(encoding="utf-8") as file:
            patients = list(csv.DictReader(file))
        assert [p["arm"] for p in patients] == ["FC"] * 60 + ["RFC"] * 60
        assert sum(int(p["pfs_event"]) for p in patients) == sum(r[2] == 1 or r[3] == 1 for r in rows)
        assert sum(int(p["os_event"]) for p in patients) == sum(r[3] for r in rows)
        share = yaml.safe_load((model / "inputs/survival/current_care.yaml").read_text(encoding="utf-8"))
        share = share["share_of_pfs_events_that_are_deaths"]
        deaths, events = sum(r[2] == 0 and r[3] == 1 for r in rows), sum(r[2] == 1 or r[3] == 1 for r in rows)
        assert share["value"] == pytest.approx(deaths / events, abs=5e-5)

    def test_every_scenario_runs_and_draws_of_an_arm_go_together(self, tmp_path):
        made_up(tmp_path / "made.csv")
        model = prepared(tmp_path, tmp_path / "made.csv")
        fitted(model, [Candidate("weibull")], bootstrap=50)
        for name in SCENARIOS:
            scenario = load(str(model / "scenarios" / f"{name}.yaml"))
            assert all(quantity.status != "unverified" for quantity in scenario.quantities.values())
            assert math.isfinite(float(netcea.run(scenario).frame("base_case").iloc[-1]["costs"]))
        rows = netcea.sample(load(str(model / "scenarios" / "base.yaml")), n=1_000, seed=1)
        pfs, os_ = (rows[f"survival.ta174.{e}.RFC.weibull.scale"][:, 0] for e in ("pfs", "os"))
        assert abs(np.corrcoef(np.log(pfs), np.log(os_))[0, 1]) > 0.1

    def test_another_file_is_told(self, tmp_path):
        (tmp_path / "other.csv").write_text("time,event\n1,1\n", encoding="utf-8")
        (tmp_path / "clinic" / "inputs").mkdir(parents=True)
        words = [sys.executable, str(EXAMPLE / "prepare.py"), "other.csv", "clinic"]
        done = subprocess.run(words, cwd=tmp_path, check=False, capture_output=True, encoding="utf-8")
        assert done.returncode == 1
        assert "no column treat, prog, death, prog_t, death_t" in done.stderr
        assert list((tmp_path / "clinic" / "inputs").iterdir()) == []

    def test_every_cost_utility_and_age_is_labelled_illustrative(self):
        numbers = [
            number
            for path in (EXAMPLE / "project" / "inputs").rglob("*.yaml")
            if path.name != "sources.yaml"
            for number in yaml.safe_load(path.read_text(encoding="utf-8")).values()
        ]
        assert len(numbers) > 10
        for number in numbers:
            assert number["source"] == ["illustrative"]
            assert number["status"] == "assumption"

    def test_no_patient_of_it_is_in_the_project(self):
        for path in ROOT.rglob("*.csv"):
            with path.open(encoding="utf-8", errors="replace") as file:
                assert "death_t" not in file.readline(), path


# ------------------------------------------------------------------------------------------------ on the real ones
@pytest.mark.slow
@pytest.mark.skipif(
    not DATA.is_file(), reason="survHE's ta174 is not at hand: NETCEA_REFERENCE names no folder with it"
)
def test_the_commands_give_what_the_readme_says(tmp_path):
    output = {words[1] if words[0] == "netcea" else "prepare": run(words, tmp_path) for words in commands()}
    assert list(output) == ["init", "prepare", "fit", "run", "sweep", "psa"]
    assert "810 patients, 296 progressions or deaths" in output["prepare"]
    said = " ".join(README.split())
    counts = re.findall(r"(PFS|OS), (R?FC): (\d+) patients, (\d+) events", output["fit"])
    of = {(endpoint, arm): (n, events) for endpoint, arm, n, events in counts}
    for arm in ("RFC", "FC"):
        assert f"{of['PFS', arm][1]} of {of['PFS', arm][0]} on {arm}" in said
    assert f"{of['OS', 'RFC'][1]} and {of['OS', 'FC'][1]} died" in said
    together = dict(re.findall(r"(?m)^(R?FC) +weibull +weibull +([\d.]+)", output["fit"]))
    assert f"{float(together['RFC']):.2f} in RFC and {float(together['FC']):.2f} in FC" in said
    assert _table(tmp_path / "clinic" / "scenarios") == re.findall(r"(?m)^\| (?!\|)(.+) \|$", _block())
    lowest, highest = re.search(r"ICERs of all: from (£[\d,]+) .* to (£[\d,]+)", output["sweep"]).groups()
    assert f"ICERs from {lowest} to {highest}" in said
    assert "0 of 42 combinations that could be run are plausible" in output["sweep"]
    assert "PFS and OS" in said
    drawn = (tmp_path / "clinic" / "reports" / "psa" / "results.json").read_text(encoding="utf-8")
    assert "survival.ta174.os.RFC.weibull.scale" in drawn


def _block():
    return re.search(r"(?s)<!-- results.*?-->(.*?)<!-- /results -->", README).group(1)


def _table(folder):
    rows = []
    titles = [row.split(" | ")[0] for row in re.findall(r"(?m)^\| (.+) \|$", _block())[1:]]
    for name, title in zip(SCENARIOS, titles, strict=True):
        last = netcea.run(str(folder / f"{name}.yaml")).frame("base_case").iloc[-1]
        costs, years, qalys = (float(last[f"incremental_{what}"]) for what in ("costs", "life_years", "qalys"))
        rows.append(f"{title} | £{costs:,.0f} | {years:.3f} | {qalys:.3f} | £{costs / qalys:,.0f}")
    return rows
