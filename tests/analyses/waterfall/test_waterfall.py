"""Steps of a waterfall, on top of one another and alone: equal to runs with the same changes, and adding up."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers.figure_checks import faults, words
from netcea import load
from netcea.analyses.difference.analysis import difference
from netcea.cli.main import main
from netcea.errors import InputError

ROOT = Path(__file__).resolve().parents[3]
ILLUSTRATION = str(ROOT / "docs" / "waterfall_illustration.yaml")
AGE, DISCOUNT = "population.cohorts.pnet.start_age", "costs.drug.cabozantinib.discount"
SETS = (
    {"settings.horizon_years": 10, "settings.discount_rate_qalys": 0.015},
    {DISCOUNT: 0.5},
    {AGE: 70.0},
    {DISCOUNT: 0.9},
)
PARTIES = ("company", "Assessment group", "assessment group", "committee")


def step(number, **given):
    made = {"label": f"change {number}", "by": PARTIES[number % 4], "reason": "a test", "set": SETS[number % 4]}
    return {key: value for key, value in {**made, **given}.items() if value is not None}


STEPS = [step(number) for number in range(4)]


def effect_of(scenario, changes=None):
    return netcea.run(scenario, changes, ledger=False).case


def assert_same(effect, case):
    pair = case.against_comparator()
    assert effect.incremental_costs == pytest.approx(pair.incremental_costs, rel=1e-12)
    assert effect.incremental_qalys == pytest.approx(pair.incremental_qalys, rel=1e-12)
    assert effect.icer == pytest.approx(pair.icer, rel=1e-12)
    assert effect.severity_weight == case.severity.severity_weight


@pytest.fixture(scope="module")
def found():
    return netcea.waterfall("pnet", steps=STEPS)


class TestStates:
    def test_the_last_state_is_a_run_with_all_changes(self, found):
        assert_same(found.steps[-1].after, effect_of("pnet", {k: v for one in SETS for k, v in one.items()}))

    def test_each_alone_is_a_run_with_its_change(self, found):
        for one, sets in zip(found.steps, SETS, strict=True):
            assert_same(one.alone, effect_of("pnet", sets))

    def test_it_starts_at_the_scenario(self, found):
        assert_same(found.base, effect_of("pnet"))
        assert found.steps[0].after == found.steps[0].alone
        assert found.steps[3].after != found.steps[3].alone

    def test_changes_add_up_on_top_of_one_another(self, found):
        for name in ("costs", "qalys", "icer"):
            parts = [getattr(change, name) for change in found.cumulative]
            assert sum(parts) == pytest.approx(getattr(found.total, name), rel=1e-9)
        for name in ("nhb", "weighted_nhb"):
            for i in (0, 1):
                parts = [getattr(change, name)[i] for change in found.cumulative]
                assert sum(parts) == pytest.approx(getattr(found.total, name)[i], rel=1e-9)

    def test_alone_they_leave_an_interaction(self, found):
        alone = sum(change.nhb[0] for change in found.alone)
        assert found.interaction.nhb[0] == pytest.approx(found.total.nhb[0] - alone, rel=1e-9)
        assert abs(found.interaction.nhb[0]) > 0.1  # the last step replaces the second
        assert found.interaction.icer is None

    def test_another_order_has_other_changes_and_the_same_end(self, found):
        other = netcea.waterfall("pnet", steps=[STEPS[2], STEPS[0], STEPS[1], STEPS[3]])
        assert other.states[-1].icer == pytest.approx(found.states[-1].icer, rel=1e-12)
        assert abs(other.cumulative[0].nhb[0] - found.cumulative[2].nhb[0]) > 1e-5

    def test_parties(self, found):
        assert [one.case_of for one in found.steps] == ["company", "", "assessment group", "committee"]

    def test_another_method_pack_is_judged_at_the_thresholds_of_the_scenario(self):
        result = netcea.waterfall("pnet", steps=[step(0, set={"decision.method_pack": "nice-2022"})])
        assert result.total.is_nothing
        assert result.other_thresholds == (1,)
        assert any("other thresholds" in line for line in result.report.lines)

    def test_a_severity_weight_that_flips_is_said(self):
        result = netcea.waterfall("epnet", steps=[step(0, set={"population.cohorts.epnet.start_age": 72.0})])
        assert (result.base.severity_weight, result.steps[0].after.severity_weight) == (1.2, 1.0)
        assert any("from 1.2 to 1 with step 1" in line for line in result.report.lines)
        assert "from 1.2 to 1 with step 1" in words(result.figure("waterfall_nhb"))


class TestNamedStates:
    """NAME@STEP is a scenario wherever one is named."""

    def test_each_is_what_the_waterfall_has(self):
        found = netcea.waterfall(ILLUSTRATION)
        for number, one in enumerate(found.steps, 1):
            assert_same(one.after, effect_of(f"{ILLUSTRATION}@{number}"))

    @pytest.mark.parametrize(("named", "number"), [("company", 1), ("Assessment Group", 5), ("committee", 8)])
    def test_a_party_is_the_state_after_its_last_step(self, named, number):
        scenario = load(f"{ILLUSTRATION}@{named}")
        assert scenario.file.name.startswith(f"Step {number} (")
        assert scenario.source.endswith(f"@{number}")
        assert scenario.file.analyses.waterfall.steps == []
        assert scenario.digest == load(f"{ILLUSTRATION}@{number}").digest

    def test_none_is_the_scenario_itself(self):
        assert load(f"{ILLUSTRATION}@0").digest == load(ILLUSTRATION).digest

    def test_changes_come_on_top(self):
        assert load(f"{ILLUSTRATION}@8", {"settings.horizon_years": 30}).file.settings.horizon_years == 30
        assert load(f"{ILLUSTRATION}@8").file.settings.horizon_years == 20

    def test_two_are_explained(self):
        found = netcea.waterfall(ILLUSTRATION)
        explained = difference(f"{ILLUSTRATION}@assessment group", f"{ILLUSTRATION}@committee")
        assert explained.attribution.total.costs == pytest.approx(
            found.steps[7].after.incremental_costs - found.steps[4].after.incremental_costs, rel=1e-9
        )
        assert {one.address for one in explained.inputs if one.moves} == {
            "settings.horizon_years",
            "strategies.cabozantinib.os.waning.ends",
            "costs.drug.cabozantinib.share_of_tablets_taken",
        }

    def test_a_file_can_extend_one(self, tmp_path):
        path = tmp_path / "more.yaml"
        header = {"format": 1, "name": "more", "rationale": "a test", "direction": "unclear"}
        path.write_text(yaml.safe_dump({**header, "extends": f"{ILLUSTRATION}@7", "set": {DISCOUNT: 0.5}}))
        assert_same(
            netcea.waterfall(f"{ILLUSTRATION}@7", steps=[step(0, set={DISCOUNT: 0.5})]).states[-1],
            netcea.run(netcea.loading.load(str(path), (), (ROOT / "docs",)), ledger=False).case,
        )

    @pytest.mark.parametrize(
        ("named", "expected"),
        [
            (f"{ILLUSTRATION}@9", "a number of steps from 0 to 8, or one of company, assessment group, committee"),
            (f"{ILLUSTRATION}@comittee", "did you mean 'committee'"),
            ("pnet@1", "a scenario with steps"),
        ],
    )
    def test_what_is_not_there(self, named, expected):
        with pytest.raises(InputError, match=expected):
            load(named)

    def test_a_run_has_a_folder_of_its_own(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        ran = CliRunner().invoke(main, ["run", f"{ILLUSTRATION}@committee", "--no-figures", "--no-ledger", "--quiet"])
        assert ran.exit_code == 0, ran.output
        assert (tmp_path / "reports" / "waterfall_illustration_step_8" / "results.json").is_file()


BAD = [
    (step(0, set={"settings.horizon_yers": 20}), "horizon_years", 9),
    (step(0, set={"costs.drug.cabozantinib.discont": 0.1}), r"costs\.drug\.cabozantinib\.discount", 9),
    (step(0, set={"settings.horizon_years": -1}), "above 0", 9),
    (step(0, set=None, scenario="none.yaml"), "a scenario file of this project", 9),
    (step(0, set=None, scenario=str(ROOT / "scenarios/sensitivity/epnet_os_no_effect.yaml")), "extends .*pnet.yaml", 9),
    (step(0, scenario="sensitivity/pnet_os_no_effect.yaml"), "one of set and scenario", 8),
    (step(0, set=None), "one of set and scenario", 8),
    (step(0, set={}), "at least one entry", 9),
    (step(0, reason=None), "reason", 8),
    (step(0, by=None), "'by'", 8),
    (step(0, lable="x"), "did you mean 'label'", 9),
    (step(0, set={"decision.comparator": "cabozantinib"}), "as before the step", 8),
]


def written(path, steps):
    """Write a complete scenario's variant with steps from line 8 on, each key on a line of its own."""
    lines = ["format: 1", "extends: pnet", "name: bad", "rationale: a test", "direction: unclear", "set:"]
    lines += ["  analyses.waterfall.steps:", *(f"  - {json.dumps(s, indent=1)}".replace("\n", "\n    ") for s in steps)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


class TestRefusals:
    @pytest.mark.parametrize(("bad", "expected", "line"), BAD, ids=[words for _, words, _ in BAD])
    def test_a_bad_step_is_refused_where_it_stands(self, bad, expected, line, tmp_path):
        with pytest.raises(InputError, match=expected) as caught:
            load(written(tmp_path / "bad.yaml", [bad]))
        (problem,) = caught.value.problems
        assert problem.file.endswith("bad.yaml")
        assert line <= problem.line < 17

    def test_all_at_once(self, tmp_path):
        bad = [step(0, set={"settings.horizon_yers": 20}), step(1), step(2, set={"costs.drug.cabozantinib.discont": 1})]
        path = written(tmp_path / "bad.yaml", bad)
        with pytest.raises(InputError) as caught:
            load(path)
        assert len(caught.value.problems) == 2
        ran = CliRunner().invoke(main, ["waterfall", path, "--no-files"])
        assert ran.exit_code == 2
        assert "2 problems; nothing was run" in ran.output

    def test_a_number_that_cannot_be_is_said_by_check_and_refused_by_the_run(self, tmp_path):
        path = written(tmp_path / "bad.yaml", [step(0), step(1, set={AGE: 119.0}), step(2, set={DISCOUNT: 0.1})])
        with pytest.raises(InputError, match="0 to 109 years") as caught:
            netcea.waterfall(path)
        assert len(caught.value.problems) == 1  # of three states, said once
        errors = [found for found in netcea.check(path).findings if found.level == "error"]
        assert errors
        assert all("start_age" in found.message for found in errors)

    def test_steps_given_in_python_are_refused_too(self):
        with pytest.raises(InputError, match="did you mean 'horizon_years'"):
            netcea.waterfall("pnet", steps=[step(0, set={"settings.horizon_yers": 20})])


class TestReport:
    def test_tables(self, found):
        frame = found.frame("waterfall")
        assert list(frame["step_number"]) == [0, 1, 2, 3, 4]
        after = [state.icer for state in found.states]
        assert list(frame["change_in_icer"])[1:] == pytest.approx([b - a for a, b in pairwise(after)], rel=1e-9)
        alone = found.frame("waterfall_one_at_a_time")
        assert list(alone["step"])[-3:] == ["Sum of the changes one at a time", "Interaction", "All changes together"]
        nhb = list(alone["change_in_nhb_25000"])
        assert sum(nhb[1:5]) == pytest.approx(nhb[5], rel=1e-9)
        assert nhb[5] + nhb[6] == pytest.approx(nhb[7], rel=1e-9)

    def test_files(self, found, tmp_path):
        found.write(tmp_path / "out")
        assert (tmp_path / "out" / "figures" / "waterfall_icer.svg").is_file()
        record = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["results"]
        assert len(record["steps"]) == len(record["cumulative"]) == len(record["alone"]) == 4

    def test_no_step_is_said(self):
        found = netcea.waterfall("pnet")
        assert found.steps == ()
        assert "There is no step" in found.report.lines[0]
        assert found.figures == ()

    def test_what_changes_nothing_is_said(self):
        found = netcea.waterfall("pnet", steps=[step(0), step(0)])
        assert any("step 2 (change 0) changes nothing" in line for line in found.report.lines)

    def test_what_a_step_warns_of_is_said(self):
        mixed = step(0, set=None, scenario="sensitivity/pnet_pfs_fda.yaml")
        found = netcea.waterfall("pnet", steps=[step(1), mixed])
        assert [bool(one.warnings) for one in found.steps] == [False, True]
        assert any("Warning after step 2" in line and "data cuts" in line for line in found.report.lines)

    @pytest.mark.parametrize("measure", ["icer", "nhb"])
    def test_figures_hold_long_labels_and_many_steps(self, measure):
        long = "A change that takes a label of several lines, since it is about many things at once and about more"
        made = [step(n, label=f"{long} {n}", by=f"the group at the university {n // 3}") for n in range(10)]
        figure = netcea.waterfall("epnet", steps=made).figure(f"waterfall_{measure}")
        assert faults(figure) == []
        assert "10. A change" in words(figure)

    def test_no_waterfall_of_icers_where_there_is_none(self):
        worse = step(0, set={"survival.cabinet_pnet.os_nejm.hazard_ratio": 3.0})
        found = netcea.waterfall("pnet", steps=[worse, step(1)])
        assert [one.after.label for one in found.steps] == ["dominated", "dominated"]
        assert found.total.icer is None
        assert found.total.nhb[0] != 0.0
        assert "no ICER that could be subtracted" in words(found.figure("waterfall_icer"))
        assert "Committee" not in words(found.figure("waterfall_nhb"))
        assert faults(found.figure("waterfall_icer")) == []

    def test_a_redacted_report_names_the_steps_and_hides_what_costs_go_into(self, tmp_path):
        layer = tmp_path / "own.secret.yaml"
        layer.write_text(f'format: 1\nname: own\nsalt: "{"0f1e2d3c" * 4}"\nset: {{{DISCOUNT}: 0.37}}\n')
        asked = [
            "waterfall",
            ILLUSTRATION,
            "--prices",
            str(layer),
            "--redact",
            "--quiet",
            "--out",
            str(tmp_path / "out"),
        ]
        assert CliRunner().invoke(main, asked).exit_code == 0
        lines = (tmp_path / "out" / "tables" / "waterfall.csv").read_text(encoding="utf-8").splitlines()
        assert lines[2].startswith("1,Dispensing left out of crossover's cost,company,confidential,0.105")
        assert not (tmp_path / "out" / "figures").exists()
