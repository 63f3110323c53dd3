"""Waning as users write it: what is refused, what is warned of, and that every analysis takes it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.small_project import Number, choices, exponential, weibull
from netcea.checking.report import check_scenario
from netcea.cli.main import main
from netcea.engine.simulate import simulate
from netcea.engine.waning_in_favour import waning_in_favour
from netcea.errors import InputError
from netcea.sampling.sampler import sample
from netcea.workbook.export import live_workbook
from netcea.workbook.formulas.formula import NotInFormulasError

WANING = "strategies.new.os.waning"
ADDRESS = "test.numbers.strategies_new_os_waning_"
KM = "time,survival\n0,1\n12,0.6\n30,0\n"


def project(folder, *, new=None, treatment=None, pfs=None, old=None, **waning):
    """A scenario file whose OS of 'new' fades from 2 to 8 months."""
    starts = Number(2.0, "months", {"ci95": {"low": 1.0, "high": 3.0, "scale": "log"}})
    fades = {"starts": starts, "ends": Number(8.0, "months"), **waning}
    ratio = Number(0.6, "ratio", {"ci95": {"low": 0.4, "high": 0.9, "scale": "log"}})
    new = new or {"relative_to": "old", "hazard_ratio": ratio}
    strategies = {
        "new": {
            "pfs": pfs or weibull(1.1, 0.9),
            "os": {**new, "waning": fades},
            "time_on_treatment": treatment or {"rule": "until_progression"},
        },
        "old": {"pfs": weibull(1.2, 0.6), "os": old or weibull(1.2, 2.5)},
    }
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6), horizon_years=5), yearly_risk=0.02)
    (folder / "inputs" / "test" / "km.csv").write_text(KM, encoding="utf-8")
    columns = "columns: {time: months, survival: share}"
    table = f"km: {{file: km.csv, kind: survival_table, {columns}, source: [netcea_assumptions], status: published}}\n"
    (folder / "inputs" / "test" / "tables.yaml").write_text(table, encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------ refused
@pytest.mark.parametrize(
    ("more", "sets", "found"),
    [
        ({}, ["since=end_of_treatment"], ["no time is given at which everybody stops", "median_time_on_treatment"]),
        ({"treatment": {"rule": "none"}}, ["since=discontinuation"], ["nobody's treatment ends", "rule: none"]),
        ({"treatment": {"rule": "none"}}, ["since=end_of_treatment"], ["nobody's treatment ends"]),
        ({}, ["since=progression"], ["progression", "end_of_treatment"]),
        ({}, ["accrued_gain=some"], ["some", "kept", "lost"]),
        ({}, [f"ends={ADDRESS}starts", f"starts={ADDRESS}ends"], ["8 months to 2 months"]),
    ],
)
def test_what_cannot_be_is_refused_at_every_door(more, sets, found, tmp_path):
    path = project(tmp_path, **more)
    sets = [f"{WANING}.{item}" for item in sets]
    with pytest.raises(InputError) as error:
        netcea.load(str(path), sets)
    asked = [word for item in sets for word in ("--set", item)]
    told = CliRunner().invoke(main, ["run", str(path), *asked, "--out", str(tmp_path / "out")])
    assert told.exit_code == 2, (told.output, told.exception)
    assert "Traceback" not in told.output
    assert not (tmp_path / "out").exists()
    for words in (str(error.value), told.output):
        assert all(word in " ".join(words.split()) for word in found), words


@pytest.mark.parametrize(
    ("rule", "since", "fine"),
    [
        ("until_progression", "discontinuation", False),
        ("until_progression", "mean_time_on_treatment", False),
        ("until_progression", "end_of_treatment", True),
        ("curve", "discontinuation", True),
        ("curve", "median_time_on_treatment", True),
    ],
)
def test_progression_free_survival_wanes_where_it_outlasts_treatment(rule, since, fine, tmp_path):
    fades = {"starts": Number(1.0, "months"), "ends": Number(6.0, "months"), "towards": "old", "since": since}
    treatment = {"rule": rule, "stops_at": Number(0.5, "years")}
    if rule == "curve":
        treatment["curve"] = weibull(1.0, 0.4)
    path = project(tmp_path, pfs={**weibull(1.1, 0.9), "waning": fades}, treatment=treatment)
    if fine:
        netcea.run(str(path))
        return
    with pytest.raises(InputError) as error:
        netcea.load(str(path))
    assert len(error.value.problems) == 1
    assert "no progression-free survival left to wane" in str(error.value)
    assert str(path.name) in str(error.value)


def test_a_treatment_curve_does_not_wane_since_its_own_end(tmp_path):
    fades = {
        "starts": Number(1.0, "months"),
        "ends": Number(6.0, "months"),
        "towards": "old",
        "since": "discontinuation",
    }
    path = project(tmp_path, treatment={"rule": "curve", "curve": {**weibull(1.0, 0.4), "waning": fades}})
    with pytest.raises(InputError, match="time on treatment itself"):
        netcea.load(str(path))


# ------------------------------------------------------------------------------------------------ warned of
def test_waning_of_a_harm_is_said_in_check_and_before_every_run(tmp_path):
    path = project(tmp_path, new={"relative_to": "old", "hazard_ratio": Number(1.3, "ratio")})
    report = check_scenario(str(path))
    (finding,) = [f for f in report.findings if f.rule == "waning"]
    assert (finding.address, finding.line > 0) == (WANING, True)
    assert "OS of new wanes in its favour: before waning its hazard is above that of old from 0 to 8 months" in (
        finding.message
    )
    told = CliRunner().invoke(main, ["check", str(path)])
    assert "Effects that wane in the strategy's favour (1)" in told.output
    lines = [line for line in netcea.run(str(path)).read_first if line.code == "waning"]
    assert [line.message for line in lines] == [f"{finding.message}."]


@pytest.mark.parametrize("since", ["baseline", "discontinuation"])
def test_equal_hazards_and_an_effect_are_no_harm(since, tmp_path):
    for number, ratio in enumerate((1.0, 1.0 + 1e-9, 0.6)):
        folder = tmp_path / str(number)
        path = project(folder, new={"relative_to": "old", "hazard_ratio": Number(ratio, "ratio")}, since=since)
        assert list(waning_in_favour(netcea.load(str(path)))) == []


def test_from_when_to_when_hazards_cross(tmp_path):
    """A Weibull hazard of 0.3 x 2 t against 0.5: above from 10 months on, and the effect counts until 24."""
    own = {"distribution": "weibull_ph", "time_unit": "years"}
    own["parameters"] = {"shape": Number(2.0, "ratio"), "scale": Number(0.3, "parameter")}
    times = {"starts": Number(6.0, "months"), "ends": Number(24.0, "months")}
    path = project(tmp_path, new=own, old=exponential(0.5), towards="old", **times)
    (harm,) = waning_in_favour(netcea.load(str(path)))
    ((start, end),) = harm.spans
    assert 12 * start == pytest.approx(10.0, abs=12 * 28 / 365.25)
    assert (12 * end, 12 * harm.counts_until) == pytest.approx((24.0, 24.0))


def test_the_base_cases_wane_no_harm_and_the_other_cut_does():
    for cohort in ("pnet", "epnet"):
        assert list(waning_in_favour(netcea.load(cohort))) == []
        assert [h.strategy for h in waning_in_favour(netcea.load(f"{cohort}_os_fda"))] == ["cabozantinib"]


# ------------------------------------------------------------------------------------------------ every analysis
@pytest.mark.parametrize("since", ["mean_time_on_treatment", "discontinuation"])
def test_every_analysis_takes_it(since, tmp_path):
    path = str(project(tmp_path, since=since))
    ends = f"{ADDRESS}ends"
    asked = {
        "psa": ["--draws", "1100", "--no-files", "--json"],
        "one-way": ["--no-files", "--json"],
        "threshold": ["--address", ends, "--bounds", f"{ends}=2:60", "--no-files", "--json"],
        "voi": ["--draws", "1100", "--no-files", "--json"],
        "sweep": ["--family", "weibull", "--no-files", "--json"],
        "diff": [path, "--set-b", f"{WANING}.accrued_gain=lost", "--json"],
    }
    for command, options in asked.items():
        told = CliRunner().invoke(main, [command, path, *options])
        assert told.exit_code == 0, (command, told.output)
        if command in ("one-way", "voi"):
            assert f"{ADDRESS}starts" in told.output
        if command in ("threshold", "diff"):
            assert (ends if command == "threshold" else "accrued_gain") in told.output


@pytest.mark.parametrize("gain", ["kept", "lost"])
@pytest.mark.parametrize("since", ["median_time_on_treatment", "discontinuation"])
def test_rows_do_not_depend_on_blocks(since, gain, tmp_path):
    scenario = netcea.load(str(project(tmp_path, since=since, accrued_gain=gain)))
    draws = sample(scenario, 60, seed=3)
    together = simulate(scenario, draws)
    apart = simulate(scenario, draws, block_rows=7)
    for measure in ("costs", "qalys"):
        mine, its = (getattr(found.strategies["new"], measure) for found in (together, apart))
        assert all(np.array_equal(mine[key], its[key]) for key in mine)


def test_a_later_end_of_the_effect_gains_more_and_a_lost_gain_less(tmp_path):
    path = str(project(tmp_path, since="discontinuation"))

    def gained(*sets):
        found = netcea.run(path, [f"{WANING}.{s}" if "numbers" not in s else s for s in sets])
        return found.case.against_comparator().incremental_life_years

    later = [gained(f"{ADDRESS}ends={months}") for months in (2.0, 8.0, 14.0, 40.0)]
    assert later == sorted(later)
    assert gained("accrued_gain=lost") < gained()
    assert gained("since=baseline") < gained("since=median_time_on_treatment")


# ------------------------------------------------------------------------------------------------ the workbook refuses
def test_a_table_that_ends_with_nobody_is_not_in_formulas(tmp_path):
    table = {"distribution": "kaplan_meier", "table": "test.tables.km", "time_unit": "months", "tail": "exponential"}
    table |= {"tail_from": 30, "parameters": {"rate": Number(0.1, "parameter")}}
    path = project(tmp_path, old=table, since="discontinuation")
    scenario = netcea.load(str(path))
    with pytest.raises(NotInFormulasError, match="a table ends with nobody left"):
        live_workbook([scenario])
    told = CliRunner().invoke(main, ["export", str(path), "--output", str(tmp_path / "m.xlsx")])
    assert told.exit_code == 2, (told.output, told.exception)
    assert not (tmp_path / "m.xlsx").exists()
    other = netcea.load(str(path), [f"{WANING}.since=baseline"])
    assert "nobody left" in dict(live_workbook([other, scenario]).variants.refused)["small"]


def test_the_entries_are_in_the_schema():
    schema = json.dumps(json.loads(CliRunner().invoke(main, ["schema", "scenario"]).output))
    assert "median_time_on_treatment" in schema
    assert "accrued_gain" in schema
