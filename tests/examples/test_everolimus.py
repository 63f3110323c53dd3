"""The second model: it runs, rests on numbers that can be traced, and shares nothing with the first but the program."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml
from click.testing import CliRunner

from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened
from netcea.analyses.base_case.analysis import case_alone
from netcea.cli.main import main
from netcea.fitting.cox import cox_hazard_ratio
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.loading import load
from netcea.reporting.number_format import fixed
from netcea.workbook.export import live_workbook

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "everolimus"
INPUTS = EXAMPLE / "inputs"
BASE = EXAMPLE / "scenarios" / "base.yaml"
VARIANTS = sorted((EXAMPLE / "scenarios" / "sensitivity").glob("*.yaml"))
EVIDENCE = yaml.safe_load((ROOT / "tests" / "reference_data" / "evidence" / "evidence.yaml").read_text("utf8"))
ELSEWHERE = re.compile(r"cabozantinib|cabinet|pnet", re.IGNORECASE)


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETCEA_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@cache
def base_case(path=BASE):
    return case_alone(load(str(path)))


def increments(path=BASE):
    """Incremental costs, life years and QALYs of a scenario."""
    ours, theirs = (base_case(path).case.strategies[s] for s in ("everolimus", "best_supportive_care"))
    return tuple(getattr(ours, what) - getattr(theirs, what) for what in ("costs", "life_years", "qalys"))


def nodes(folder):
    """Address -> raw node of every number and table below a folder of inputs."""

    def walk(node, path):
        if isinstance(node, dict) and ({"value", "file"} & node.keys()):
            yield ".".join(path), node
        elif isinstance(node, dict):
            for key, child in node.items():
                yield from walk(child, (*path, str(key)))

    return {
        address: node
        for path in sorted(folder.rglob("*.yaml"))
        if path.name != "sources.yaml"
        for address, node in walk(
            yaml.safe_load(path.read_text("utf8")), path.relative_to(folder).with_suffix("").parts
        )
    }


NODES = nodes(INPUTS)


# ------------------------------------------------------------------------------------------------ of its own
def test_nothing_of_it_leads_outside():
    for path in (BASE, *VARIANTS):
        scenario = load(str(path))
        assert Path(scenario.project, scenario.inputs_folder).resolve() == INPUTS
        named = yaml.safe_load(path.read_text("utf8")).get("extends")
        assert named is None or (path.parent / named).resolve() == BASE
    for path in EXAMPLE.rglob("*"):
        assert not path.is_symlink()


def test_another_drug_is_named_in_the_bibliography_alone():
    for path in EXAMPLE.rglob("*.yaml"):
        if path.name != "sources.yaml":
            assert not ELSEWHERE.search(path.read_text("utf8")), path
    assert not ELSEWHERE.search((EXAMPLE / "README.md").read_text("utf8"))


def test_every_scenario_is_in_the_ledger_or_says_what_it_is_for():
    ledger = {name for entry in load(str(BASE)).file.assumptions for name in entry.tested_by}
    apart = {path.stem for path in VARIANTS} - {Path(name).stem for name in ledger}
    assert apart == {"ten_years_at_5_percent"}
    assert all((BASE.parent / name).is_file() for name in ledger)
    assert all(entry.tested_by for entry in load(str(BASE)).file.assumptions)


# ------------------------------------------------------------------------------------------------ its numbers
@pytest.mark.parametrize(
    ("address", "value", "interval"),
    [
        ("survival.radiant4.pfs.median_everolimus", "pfs.median_months.0", ""),
        ("survival.radiant4.pfs.median_placebo", "pfs.median_months.1", ""),
        ("survival.radiant4.pfs.hazard_ratio", "pfs.hazard_ratio.value", "pfs.hazard_ratio.ci95"),
        ("survival.radiant4.pfs.patients_everolimus", "patients.0", ""),
        ("survival.radiant4.pfs.patients_placebo", "patients.1", ""),
        ("survival.radiant4.os.hazard_ratio_interim", "os_hazard_ratio.value", "os_hazard_ratio.ci95"),
    ],
)
def test_published_figures_are_those_of_the_evidence(address, value, interval):
    def evidence(place):
        node = EVIDENCE["other_trials"]["radiant4_epnet"]
        for key in place.split("."):
            node = node[int(key)] if isinstance(node, list) else node[key]
        return node

    assert NODES[address]["value"] == evidence(value)
    if interval:
        found = NODES[address]["uncertainty"]["ci95"]
        assert [found["low"], found["high"]] == evidence(interval)


def test_what_both_models_take_from_one_source_is_the_same():
    ours, same = nodes(ROOT / "inputs"), 0
    for address, node in NODES.items():
        if address in ours and node["source"] != ["assumptions"]:
            for key in ("value", "unit", "price_year", "index", "status", "file", "value_set"):
                assert node.get(key) == ours[address].get(key), address
            same += 1
    assert same > 50
    for path in INPUTS.rglob("*.csv"):
        twins = list((ROOT / "inputs").rglob(path.name))
        assert [twin.read_bytes() for twin in twins] == [path.read_bytes()]


def patients(endpoint, arm=None):
    with (INPUTS / "survival" / f"radiant4_{endpoint}_digitised.csv").open(encoding="utf8") as file:
        rows = [row for row in csv.DictReader(file) if arm in (None, row["arm"])]
    treated = np.array([row["arm"] == "everolimus" for row in rows], float)
    return *(np.array([float(row[name]) for row in rows]) for name in ("time", "event")), treated


@pytest.mark.parametrize("address", [a for a in NODES if "landmarks" in a])
def test_landmarks_are_those_of_the_digitised_patients(address):
    group, arm = address.split(".")[2:4]
    time, event, _ = patients(group.removesuffix("_landmarks"), arm)
    found, node = kaplan_meier(time, event), NODES[address]
    at, error = found.at(node["at_months"]), found.log_log_se_at(node["at_months"])
    low, high = (at ** math.exp(z * error) for z in (1.959964, -1.959964))
    interval = node["uncertainty"]["ci95"]
    assert [node["value"], interval["low"], interval["high"]] == pytest.approx([at, low, high], abs=5.1e-5)
    assert f"({int(event.sum())} events, {int((time >= node['at_months']).sum())} of {len(time)}" in node["note"]


def test_ratios_medians_and_follow_up_are_those_of_the_digitised_patients():
    for endpoint, address in (("os", "os.hazard_ratio"), ("pfs", "pfs_digitised.hazard_ratio")):
        log_ratio, error = cox_hazard_ratio(*patients(endpoint))
        node = NODES[f"survival.radiant4.{address}"]
        interval = node["uncertainty"]["ci95"]
        expected = np.exp(log_ratio + 1.959964 * error * np.array([0.0, -1.0, 1.0]))
        assert [node["value"], interval["low"], interval["high"]] == pytest.approx(expected, abs=5.1e-4)
    for arm in ("placebo", "everolimus"):
        time, event, _ = patients("pfs", arm)
        node = NODES[f"survival.radiant4.pfs_digitised.median_{arm}"]
        assert node["value"] == kaplan_meier(time, event).median
        assert node["uncertainty"]["log_normal"]["se_log"] == round(event.sum() ** -0.5, 3)
    time, event, _ = patients("pfs")
    for trial in ("pfs", "pfs_digitised"):
        assert NODES[f"survival.radiant4.{trial}.follow_up_median"]["value"] == kaplan_meier(time, 1 - event).median


def test_spreads_of_published_medians_follow_their_rule():
    """1/sqrt(events), the events those that the interval of the hazard ratio implies, split as the patients."""
    n0, n1 = (NODES[f"survival.radiant4.pfs.patients_{arm}"]["value"] for arm in ("placebo", "everolimus"))
    interval = NODES["survival.radiant4.pfs.hazard_ratio"]["uncertainty"]["ci95"]
    error = math.log(interval["high"] / interval["low"]) / 3.92
    share = n1 / (n0 + n1)
    events = 1 / (error**2 * share * (1 - share))
    for arm, part in (("placebo", 1 - share), ("everolimus", share)):
        stated = NODES[f"survival.radiant4.pfs.median_{arm}"]["uncertainty"]["log_normal"]["se_log"]
        assert stated == pytest.approx((events * part) ** -0.5, abs=2e-3)


# ------------------------------------------------------------------------------------------------ its results
def test_the_readme_says_what_the_model_says():
    text = (EXAMPLE / "README.md").read_text("utf8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ") and "£" in line]
    assert len(rows) == 3
    paths = (BASE, *(BASE.parent / "sensitivity" / f"{name}.yaml" for name in ("os_no_effect", "list_price")))
    for cells, path in zip(rows, paths, strict=True):
        costs, life_years, qalys = increments(path)
        found = [load(str(path)).file.name, f"£{costs:,.0f}", fixed(life_years, 3), fixed(qalys, 3)]
        assert [cell.strip(" *") for cell in cells] == [*found, f"£{costs / qalys:,.0f}"]


def test_it_is_near_the_published_model():
    path = next(p for p in VARIANTS if p.stem == "ten_years_at_5_percent")
    published = EVIDENCE["external_results"]["canada_everolimus_gi_lung"]["incremental"]
    _, life_years, qalys = increments(path)
    assert life_years == pytest.approx(published["life_years"], rel=0.15)
    assert qalys == pytest.approx(published["qalys"], rel=0.15)
    assert f"gains {life_years:.3f} and {qalys:.3f}" in (EXAMPLE / "README.md").read_text("utf8")


def test_the_published_figures_of_pfs_are_met():
    met = {
        c.address.rpartition(".")[2]: (c.published, c.modelled) for c in base_case().comparisons if c.status == "fitted"
    }
    for name in ("median_placebo", "median_everolimus", "hazard_ratio"):
        assert met[name][1] == pytest.approx(met[name][0], rel=1e-3), name


@pytest.mark.parametrize("path", VARIANTS, ids=lambda p: p.stem)
def test_a_scenario_does_what_its_direction_says(path):
    """For or against: the ICER and the net health benefit at the lower threshold agree; unclear: they hardly move."""
    (costs0, _, qalys0), (costs, _, qalys) = increments(), increments(path)
    change = (qalys - costs / 25_000) - (qalys0 - costs0 / 25_000)
    direction = load(str(path)).file.direction
    if direction == "unclear":
        assert abs(change) < 0.005
    else:
        assert (change > 0, costs / qalys < costs0 / qalys0) == (direction == "for",) * 2


def test_the_correlation_is_worked_out_and_said():
    warnings = [w for w in base_case().case.warnings if w.code == "worked_out"]
    assert [w.address for w in warnings] == ["survival.radiant4.pfs.correlation"]
    found = run("run", BASE, "--no-files", "--no-ledger")
    assert "was worked out" in " ".join(found.stdout.split())


# ------------------------------------------------------------------------------------------------ its commands
def test_check_passes():
    found = run("check", BASE)
    assert found.exit_code == 0, found.output
    assert "0 errors, 0 warnings; of the reference case" in found.stdout
    assert "no unjustified departure" in " ".join(found.stdout.split())
    assert "Unverified" not in found.stdout
    (report,) = json.loads(run("check", BASE, "--json").stdout)
    unused = {f["address"] for f in report["findings"] if f["rule"] == "unused"}
    assert all("nice-2022" in a or a.startswith("survival.radiant4.digitised_") for a in unused), unused


def test_its_files_speak_of_no_other_drug(tmp_path):
    found = run("run", BASE, "--out", tmp_path / "out", "--no-figures", "--no-workbook", "--no-ledger")
    assert found.exit_code == 0, found.output
    assert not ELSEWHERE.search(found.stdout)
    written = [p for p in (tmp_path / "out").rglob("*") if p.suffix in (".csv", ".json", ".md")]
    assert len(written) > 10
    for path in written:
        if path.name not in ("sources.csv", "results.json", "inputs.csv"):  # these cite, or record the sources
            assert not ELSEWHERE.search(path.read_text("utf8")), path


def test_list_in_its_folder(monkeypatch):
    monkeypatch.chdir(EXAMPLE)
    listed = {line.split()[0] for line in run("list").stdout.splitlines()}
    assert listed == {"base", *(path.stem for path in VARIANTS)}
    monkeypatch.chdir(ROOT)
    assert not {"os_each_arm_its_own", "list_price"} & {line.split()[0] for line in run("list").stdout.splitlines()}


def test_psa(tmp_path):
    found = run("psa", BASE, "--draws", 100, "--no-figures", "--out", tmp_path / "psa")
    assert found.exit_code == 0, found.output
    assert "Every invariant of the model holds" in found.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["psa", "--draws", "500"],
        ["one-way"],
        ["threshold", "--draws", "100"],
        ["voi", "--draws", "1000"],
        ["two-way", "--axis", "costs.drug.everolimus.discount", "--axis", "survival.radiant4.os.hazard_ratio"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_analysis_with_its_figures(tmp_path, arguments):
    found = run(arguments[0], BASE, *arguments[1:], "--out", tmp_path / "out")
    assert found.exit_code == 0, found.output
    figures = list((tmp_path / "out").rglob("*.svg"))
    assert figures
    for path in figures:
        assert not ELSEWHERE.search(path.read_text("utf8")), path


@pytest.mark.slow
def test_the_ladder_does_not_call_the_price_paid_a_list_price(tmp_path):
    found = run("threshold", BASE, "--out", tmp_path / "out")
    assert "list price" not in found.stdout
    assert "full price" in found.stdout
    svg = next((tmp_path / "out" / "figures").glob("*.svg")).read_text("utf8")
    assert "list price" not in svg


@pytest.mark.slow
def test_export_and_import(tmp_path, monkeypatch):
    monkeypatch.chdir(EXAMPLE)
    found = run("export", "base", "-o", tmp_path / "model.xlsx")
    assert found.exit_code == 0, found.output
    assert "Nothing was changed" in run("import", tmp_path / "model.xlsx").stdout
    cover = openpyxl.load_workbook(tmp_path / "model.xlsx")["Cover"]
    assert cover["A2"].value == "Everolimus 10 mg once daily: a cost-effectiveness model, complete in formulas"
    assert not [c.value for row in cover for c in row if isinstance(c.value, str) and ELSEWHERE.search(c.value)]


@pytest.mark.slow
@needs_office
def test_the_workbook_is_python_s(tmp_path):
    """Both arms of its trial follow their figures by formula, under the names that inputs/ gives them."""
    scenario = load(str(BASE))
    workbook = live_workbook([scenario])
    with Office() as office:
        opened(office, workbook, tmp_path)
        all_equal(scenario, workbook, office)


@pytest.mark.slow
def test_the_batch_in_a_working_copy(tmp_path, monkeypatch):
    shutil.copytree(EXAMPLE, tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    found = run("batch", "sensitivity", "--draws", "50")
    assert found.exit_code == 0, found.output
    assert "0 failed" in found.stdout
    assert run("diff", "base", "list_price").exit_code == 0
