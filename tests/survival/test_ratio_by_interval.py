"""Hazard ratios by interval: in closed form, against the slow model, with waning, in a scenario as users write it."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.made import Made, assert_made_same
from helpers.small_project import choices, exponential, weibull
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading import load
from netcea.sampling.sampler import sample
from netcea.sampling.sources import sources_of
from netcea.survival.ratio_by_interval import by_interval, in_order

DRUG, BSC = "strategies.cabozantinib.os", "strategies.best_supportive_care.os"
EFFECT = """\
first_half_year:
  value: 1.4
  unit: ratio
  uncertainty: {log_normal: {se_log: 0.2}}
  source: [netcea_assumptions]
  status: assumption
  note: early deaths on treatment
until_two_years:
  value: 0.6
  unit: ratio
  uncertainty: {log_normal: {se_log: 0.1}}
  source: [netcea_assumptions]
  status: assumption
  note: the plateau
afterwards:
  value: 0.9
  unit: ratio
  uncertainty: {log_normal: {se_log: 0.15}}
  source: [netcea_assumptions]
  status: assumption
  note: little is left of the effect
month_6: {value: 6, unit: months, uncertainty: {fixed: read off}, source: [netcea_assumptions], status: assumption, note: a}
month_24: {value: 24, unit: months, uncertainty: {fixed: read off}, source: [netcea_assumptions], status: assumption, note: a}
"""
SCENARIO = """\
format: 1
extends: small.yaml
name: a hazard ratio by interval
rationale: the curves cross
direction: unclear
set:
  strategies.new.os:
    relative_to: old
    hazard_ratios:
      - {until: test.effect.month_6, hazard_ratio: test.effect.first_half_year}
      - {until: test.effect.month_24, hazard_ratio: test.effect.until_two_years}
      - {hazard_ratio: test.effect.afterwards}
"""
RATIOS = [f"test.effect.{name}" for name in ("first_half_year", "until_two_years", "afterwards")]


@pytest.fixture
def project(tmp_path):
    """A project whose `changed.yaml` has the ratio of three intervals on an exponential of 0.4 a year."""
    tree = choices(
        {
            "new": {"pfs": exponential(1.0), "os": weibull(1.0, 3.0)},
            "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
        },
        utilities=(0.8, 0.6),
    )
    path = small_project.write(tmp_path, tree)
    (tmp_path / "inputs" / "test" / "effect.yaml").write_text(EFFECT, encoding="utf-8")
    (path.parent / "changed.yaml").write_text(SCENARIO, encoding="utf-8")
    return path.parent / "changed.yaml"


def written(project, old, new):
    text = project.read_text(encoding="utf-8")
    assert text.count(old) == 1
    project.write_text(text.replace(old, new), encoding="utf-8")
    return str(project)


# ------------------------------------------------------------------------------------------------ the function
def test_a_cycle_that_holds_an_end_is_split_there():
    t = np.array([[0.0, 0.4, 0.5, 0.51, 2.0, 7.3]])
    ends = [np.array([[0.5], [1.0]]), np.array([[2.0], [1.0]])]
    ratios = [np.array([[1.4]]), np.array([[0.6], [0.5]]), np.array([[0.9]])]
    found = by_interval(0.4 * t, t, ratios, ends, [0.4 * e for e in ends])
    first = 0.4 * (1.4 * np.minimum(t, 0.5) + 0.6 * np.clip(t - 0.5, 0.0, 1.5) + 0.9 * np.maximum(t - 2.0, 0.0))
    second = 0.4 * (1.4 * np.minimum(t, 1.0) + 0.9 * np.maximum(t - 1.0, 0.0))
    assert found == pytest.approx(np.concatenate([first, second]), abs=1e-15)


def test_one_ratio_in_every_interval_is_one_ratio():
    t = np.linspace(0.0, 9.0, 40)[np.newaxis]
    h = t**1.3
    ends = [np.array([[1.05]]), np.array([[4.4]])]
    same = by_interval(h, t, [np.array([[0.7]])] * 3, ends, [e**1.3 for e in ends])
    assert same == pytest.approx(0.7 * h, rel=1e-14)


def test_draws_that_swap_two_ends_leave_an_empty_interval():
    ends = in_order([np.array([[1.0], [3.0]]), np.array([[2.0], [2.0]]), np.array([[1.5], [9.0]])])
    assert [e[:, 0].tolist() for e in ends] == [[1.0, 3.0], [2.0, 3.0], [2.0, 9.0]]


@pytest.mark.parametrize("end", [0.5, 2.0])
def test_where_nobody_is_left_nobody_comes_back(end):
    """The other curve ends at one year, before or after the ratio changes."""
    t = np.array([[0.0, 0.75, 1.0, 3.0]])
    h = np.where(t < 1.0, t, np.inf)
    at_end = np.array([[end if end < 1.0 else np.inf]])
    found = by_interval(h, t, [np.array([[2.0]]), np.array([[0.5]])], [np.array([[end]])], [at_end])
    assert found[0, :2] == pytest.approx([0.0, 1.5 if end > 0.75 else 1.125])
    assert np.isposinf(found[0, 2:]).all()


# ------------------------------------------------------------------------------------------------ the slow model
@pytest.mark.parametrize("background", ["none", "hazard_floor"])
@pytest.mark.parametrize(
    "waning", [{}, {"waning_starts": 2.0, "waning_ends": 2.0}, {"waning_starts": 0.7, "waning_ends": 3.0}]
)
def test_as_the_slow_model(background, waning):
    """With waning laid on the ratio of the interval, sudden and slow, and ends on and off the edges of cycles."""
    made = Made(sets=["settings.horizon_years=8"])
    for address in (DRUG, BSC):
        made.model(address, background_mortality=background)
    intervals = [(0.51, 1.5), (13 * 28 / 365.25, 0.6), (4.0, 0.8), (50.0, 0.7), (None, 1.1)]
    fades = waning or {"waning_starts": None, "waning_ends": None, "waning_towards": None}
    towards = {"waning_towards": BSC} if waning else {}
    made.model(DRUG, hazard_ratio=None, hazard_ratios=intervals, **fades, **towards)
    assert_made_same(made)


def test_relative_to_a_curve_whose_ratio_changes_and_to_one_that_wanes():
    made = Made("pnet_comparators", sets=["settings.horizon_years=8"])
    third = next(f"strategies.{n}.os" for n in made.scenario.strategies if f"strategies.{n}.os" not in (DRUG, BSC))
    plain = {"waning_starts": None, "waning_ends": None, "waning_towards": None, "distribution": None}
    made.model(DRUG, hazard_ratio=None, hazard_ratios=[(0.7, 0.5), (None, 1.2)], **plain)
    made.model(third, relative_to=DRUG, acceleration_factor=1.3, hazard_ratio=None, **plain)
    assert_made_same(made)
    made.model(DRUG, hazard_ratio=0.6, waning_starts=1.0, waning_ends=3.0, waning_towards=BSC)
    made.model(third, relative_to=DRUG, acceleration_factor=None, hazard_ratios=[(1.9, 0.5), (None, 1.2)])
    assert_made_same(made)


def test_rows_whose_ends_differ_and_swap():
    made = Made(sets=["settings.horizon_years=8"])
    made.values |= {"made.a": 1.0, "made.b": 2.0, "made.r": 1.0}
    intervals = [("made.a", 0.6), ("made.b", "made.r"), (None, 0.9)]
    none = {"waning_starts": None, "waning_ends": None, "waning_towards": None}
    made.model(DRUG, hazard_ratio=None, hazard_ratios=intervals, **none)
    columns = {"made__a": [1.0, 0.0, 3.0, 20.0], "made__b": [2.0, 0.0, 1.0, 30.0], "made__r": [0.3, 3.0, 2.0, 1.0]}
    assert_made_same(made, **columns)


# ------------------------------------------------------------------------------------------------ as users write it
def test_a_scenario_gives_the_survival_of_the_closed_form(project):
    trace = netcea.run(str(project), ledger=False).traces["new"]
    t, s = trace.edges["time_years"], trace.edges["os_curve"]
    h = 0.4 * (1.4 * np.minimum(t, 0.5) + 0.6 * np.clip(t - 0.5, 0.0, 1.5) + 0.9 * np.maximum(t - 2.0, 0.0))
    assert s == pytest.approx(np.exp(-h), abs=1e-12)


def test_every_ratio_is_compared_with_the_curves(project):
    found = {c.address: c for c in netcea.run(str(project), ledger=False).comparisons if "hazard ratio" in c.what}
    assert list(found) == RATIOS
    assert [c.what.removeprefix("hazard ratio ") for c in found.values()] == [
        "from 0 to 6 months",
        "from 6 to 24 months",
        "from 24 to 120 months",
    ]
    assert [c.modelled for c in found.values()] == pytest.approx([1.4, 0.6, 0.9], rel=1e-9)


def test_every_ratio_moves_alone_is_drawn_and_can_be_solved_for(project):
    tornado = netcea.one_way(str(project))
    assert {moved.quantity.address for moved in tornado.moved} == set(RATIOS)
    scenario = load(str(project))
    draws = sample(scenario, 64, seed=1)
    assert all(np.std(draws[address]) > 0.0 for address in RATIOS)
    assert {source.name for source in sources_of(scenario)} == set(RATIOS)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "until: test.effect.month_24",
            "until: test.effect.month_6",
            [
                "strategies.new.os.hazard_ratios.1.until",
                "from 6 months to 6 months",
                "a time after 6 months",
                "in order",
            ],
        ),
        ("- {hazard_ratio: test.effect.afterwards}", "", ["hazard_ratios.1.until", "no 'until' in the last interval"]),
        (
            "until: test.effect.month_24, ",
            "",
            ["hazard_ratios.1.until", "no 'until' in interval 2 of 3", "every interval"],
        ),
        (
            "relative_to: old",
            "relative_to: old\n    hazard_ratio: test.effect.afterwards",
            ["one of hazard_ratio, hazard_"],
        ),
        ("relative_to: old", "distribution: exponential", ["hazard_ratios"]),
        (
            "hazard_ratio: test.effect.until_two_years",
            "hazard_ratio: test.effect.month_6",
            ["a ratio", "unit is 'months'"],
        ),
        ("hazard_ratio: test.effect.until_two_years", "ratio: test.effect.afterwards", ["hazard_ratio"]),
        ("until: test.effect.month_24", "until: 24", ["hazard_ratios.1.until", "duration"]),
    ],
)
def test_what_cannot_be_meant_is_refused(project, old, new, words):
    path = written(project, old, new)
    with pytest.raises(InputError) as refusal:
        load(path)
    for word in (*words, "changed.yaml"):
        assert word in str(refusal.value), str(refusal.value)
    answer = CliRunner().invoke(main, ["run", path, "--no-files"])
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


def test_times_that_descend_are_refused_on_the_command_line(project):
    with pytest.raises(InputError, match="from 6 months to 3 months"):
        load(str(project), ["test.effect.month_24=3"])


# ------------------------------------------------------------------------------------------------ every analysis
def called(*arguments):
    answer = CliRunner().invoke(main, [*map(str, arguments)])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_every_command_takes_it(project, tmp_path):
    """One-way, two-way, threshold, probabilistic, value of information, a comparison of scenarios and a batch."""
    early, later = RATIOS[:2]
    out = ("--no-files",)
    assert early in called("one-way", project, "--address", early, *out)
    assert later in called("two-way", project, "--axis", f"{early}=0.8:2:3", "--axis", f"{later}=0.4:1:3", *out)
    assert later in called("threshold", project, "--address", later, "--bounds", f"{later}=0.3:1.5", *out)
    called("psa", project, "--draws", "256", *out)
    assert early in called("voi", project, "--draws", "1024", *out)
    base = project.with_name("small.yaml")
    assert "hazard_ratios" in called("diff", base, project)
    batch = project.with_name("batch.yaml")
    batch.write_text(
        yaml.safe_dump(
            {
                "format": 1,
                "name": "both",
                "rationale": "a test",
                "scenarios": ["small.yaml", "changed.yaml"],
                "analyses": {"base_case": {}, "one_way": {}},
            }
        ),
        encoding="utf-8",
    )
    assert "a hazard ratio by interval" in called("batch", batch, "--out", tmp_path / "both")
