"""A drug's cost in windows of time: by hand, against the slow model, in a scenario as users write it, in every analysis."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.made import Made, assert_made_same
from helpers.small_project import choices, exponential
from netcea.cli.main import main
from netcea.costs.administration import Administration
from netcea.costs.drug_acquisition import DrugAcquisition, DrugWindow
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError
from netcea.loading import load

MONTH = 30.4375
NUMBERS = """\
pack:      {value: 100, unit: GBP, price_year: 2024/25, uncertainty: {fixed: list price}, source: [netcea_assumptions], status: assumption, note: a}
vial:      {value: 300, unit: GBP, price_year: 2024/25, uncertainty: {fixed: list price}, source: [netcea_assumptions], status: assumption, note: a}
days_30:   {value: 30, unit: days, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
week:      {value: 7, unit: days, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
weeks_4:   {value: 4, unit: weeks, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
weeks_6:   {value: 6, unit: weeks, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
month_6:   {value: 6, unit: months, uncertainty: {uniform: {low: 5, high: 7}}, source: [netcea_assumptions], status: assumption, note: a}
month_24:  {value: 24, unit: months, uncertainty: {fixed: contract}, source: [netcea_assumptions], status: assumption, note: a}
rebate:    {value: 0.4, unit: proportion, uncertainty: {uniform: {low: 0.3, high: 0.5}}, source: [netcea_assumptions], status: assumption, note: a}
vial_mg:   {value: 100, unit: mg, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
loading:   {value: 400, unit: mg, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
dose:      {value: 200, unit: mg, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
per_m2:    {value: 200, unit: mg/m2, uncertainty: {fixed: label}, source: [netcea_assumptions], status: assumption, note: a}
infusion:  {value: 50, unit: GBP, price_year: 2024/25, uncertainty: {fixed: tariff}, source: [netcea_assumptions], status: assumption, note: a}
"""
TABLETS = """\
kind: drug_acquisition
label: Tablets
strategies: [new]
during: alive
price_per_pack: test.drug.pack
pack_days: test.drug.days_30
"""
VIALS = """\
kind: drug_acquisition
label: Infusions
strategies: [new]
during: alive
method: per_administration
price_per_vial: test.drug.vial
vial_mg: test.drug.vial_mg
dose: test.drug.dose
interval: test.drug.weeks_4
"""


def project(folder, drug, **more):
    """A project in which nobody dies or progresses, without discounting, three years long."""
    never = {"pfs": exponential(0.0), "os": exponential(0.0)}
    tree = choices(
        {"new": never, "old": never},
        costs={"drug": yaml.safe_load(drug), **more},
        horizon_years=3,
        discount_rate_costs=0.0,
        discount_rate_qalys=0.0,
    )
    path = small_project.write(folder, tree)
    (folder / "inputs" / "test" / "drug.yaml").write_text(NUMBERS, encoding="utf-8")
    return str(path)


def cost(path, item="drug"):
    scenario = load(path)
    costs = simulate(scenario, base_case(scenario)).strategies["new"].costs
    return sum(float(column[0]) for (name, _), column in costs.items() if name == item)


# ------------------------------------------------------------------------------------------------ by hand
@pytest.mark.parametrize(
    ("windows", "packs"),
    [
        ("", 37),  # 1095.75 days
        ("windows:\n  - {ends: test.drug.month_6}", 7),  # days 0, 30 ... 180: a pack of day 180 is paid in full
        ("windows:\n  - {starts: test.drug.month_6}", 30),
        ("windows:\n  - {starts: test.drug.month_6, ends: test.drug.month_24}", 18),
        ("windows:\n  - {ends: test.drug.month_6}\n  - {starts: test.drug.month_24}", 19),
        ("windows:\n  - {ends: test.drug.month_6}\n  - {starts: test.drug.month_6}", 37),
        # a rebate after two years: packs of days 750 to 1080 at 60%
        (
            "windows:\n  - {ends: test.drug.month_24}\n  - {starts: test.drug.month_24, discount: test.drug.rebate}",
            25 + 12 * 0.6,
        ),
        # a window at its own pace begins anew at day 730.5: 53 weeks before day 1095.75
        ("windows:\n  - {starts: test.drug.month_24, pack_days: test.drug.week}", 53),
    ],
)
def test_packs_are_those_of_the_windows(windows, packs, tmp_path):
    assert cost(project(tmp_path, TABLETS + windows)) == pytest.approx(100.0 * packs, rel=1e-12)


def test_a_loading_phase_has_its_own_dose_and_pace(tmp_path):
    """Four vials a week for six weeks, then two every four weeks from week 6: 6 x 4, and 38 x 2 before day 1095.75."""
    phases = """\
windows:
  - {ends: test.drug.weeks_6, dose: test.drug.loading, interval: test.drug.week}
  - {starts: test.drug.weeks_6, interval: test.drug.weeks_4}
"""
    administration = {
        "kind": "administration",
        "label": "Infusion",
        "strategies": ["new"],
        "during": "alive",
        "unit_cost": "test.drug.infusion",
    }
    weekly = {**administration, "label": "Weekly", "interval": "test.drug.week", "ends": "test.drug.weeks_6"}
    later = {**administration, "label": "Four-weekly", "interval": "test.drug.weeks_4", "starts": "test.drug.weeks_6"}
    path = project(tmp_path, VIALS + phases, weekly=weekly, later=later)
    four_weekly = math.ceil((1095.75 - 42.0) / 28.0)
    assert cost(path) == pytest.approx(300.0 * (6 * 4 + four_weekly * 2), rel=1e-12)
    assert (cost(path, "weekly"), cost(path, "later")) == pytest.approx((50.0 * 6, 50.0 * four_weekly), rel=1e-12)


def test_person_time_is_cut_at_the_limits(tmp_path):
    path = project(
        tmp_path, TABLETS + "method: per_time\nwindows:\n  - {starts: test.drug.month_6, ends: test.drug.month_24}"
    )
    assert cost(path) == pytest.approx(100.0 / 30.0 * 18 * MONTH, rel=1e-12)


# ------------------------------------------------------------------------------------------------ the slow model
def window(made, **fields):
    return DrugWindow.model_construct(**{name: made.number(x) for name, x in fields.items()})


@pytest.mark.parametrize(
    ("method", "discounting"), [*product(("per_pack", "per_time", "per_administration"), ("mid_cycle", "annual"))]
)
def test_as_the_slow_model(method, discounting):
    made = Made(sets=["settings.horizon_years=6", f"settings.discounting={discounting}"])
    vials = {"price_per_vial": 300.0, "vial_mg": 100.0, "dose": 250.0, "interval": 14 / 365.25}
    packs = {"price_per_pack": 100.0, "pack_days": 21 / 365.25}
    own = vials if method == "per_administration" else packs
    pace = "interval" if method == "per_administration" else "pack_days"
    for during in ("on_treatment", "progressed", "alive"):
        lists = {
            "first": [{"ends": 0.5}],
            "two": [{"ends": 0.5}, {"starts": 0.5, "discount": 0.3, "share": 0.6}],
            "apart": [{"starts": 0.1, "ends": 0.4}, {"starts": 1.0, "ends": 14 * 21 / 365.25}, {"starts": 2.0}],
            "own pace": [{"ends": 0.31, pace: 7 / 365.25}, {"starts": 0.31, pace: 28 / 365.25}],
            "after the horizon": [{"ends": 7.0}, {"starts": 7.0, pace: 7 / 365.25}],
        }
        for name, windows in lists.items():
            made.cost(
                f"{name} {during}",
                DrugAcquisition,
                method=method,
                during=during,
                discount=0.1,
                windows=[window(made, **fields) for fields in windows],
                **own,
            )
        made.cost(
            f"visit {during}", Administration, during=during, unit_cost=9.0, interval=28 / 365.25, starts=0.3, ends=2.0
        )
        made.cost(
            f"first {during}", Administration, during=during, unit_cost=9.0, interval=0.1, starts=0.3, occasions="first"
        )
    assert_made_same(made)


def test_draws_in_which_windows_swap_or_overlap_pay_no_time_twice():
    made = Made(sets=["settings.horizon_years=4"])
    made.values |= {"made.a": 0.5, "made.b": 1.0, "made.c": 1.5}
    windows = [
        DrugWindow.model_construct(ends="made.a"),
        DrugWindow.model_construct(starts="made.b", ends="made.c", discount=made.number(0.5)),
        window(made, starts="made.c", pack_days=10 / 365.25),
    ]
    for method in ("per_pack", "per_time"):
        made.cost(
            method, DrugAcquisition, method=method, during="alive", price_per_pack=1.0, pack_days=0.05, windows=windows
        )
    columns = {"made__a": [0.5, 1.2, 2.0, 9.0], "made__b": [1.0, 1.0, 0.5, 0.0], "made__c": [1.5, 1.1, 1.0, 0.0]}
    assert_made_same(made, **columns)


# ------------------------------------------------------------------------------------------------ what is refused
AFTER = "windows:\n  - {ends: test.drug.month_24}\n  - "


@pytest.mark.parametrize(
    ("drug", "words"),
    [
        (TABLETS + AFTER + "{starts: test.drug.month_6}", ["windows.1.starts", "after one that lasts until 24 months"]),
        (
            TABLETS + "windows:\n  - {starts: test.drug.month_24, ends: test.drug.month_6}",
            ["windows.0.ends", "from 24 months to 6 months", "a time after 24 months"],
        ),
        (
            TABLETS + "windows:\n  - {starts: test.drug.month_24}\n  - {starts: test.drug.month_6}",
            ["windows.0.ends", "no 'ends' in window 1 of 2"],
        ),
        (TABLETS + AFTER + "{ends: test.drug.month_6}", ["windows.1.starts", "no 'starts' in window 2 of 2"]),
        (TABLETS + "windows:\n  - {dose: test.drug.dose}", ["windows.0.dose", "what per_pack uses"]),
        (TABLETS + "windows:\n  - {milligram_intensity: test.drug.rebate}", ["price_follows_milligrams"]),
        (TABLETS + "windows:\n  - {from: test.drug.month_6}", ["windows.0.from", "unknown", "starts"]),
        (TABLETS + "windows:\n  - {ends: 6}", ["windows.0.ends", "a duration"]),
        (TABLETS + "windows: []", ["windows", "at least one entry"]),
        (VIALS + "windows:\n  - {dose: test.drug.per_m2}", ["windows.0.dose", "mg/m2", "a body surface in m2"]),
    ],
)
def test_what_cannot_be_meant_is_refused(drug, words, tmp_path):
    path = project(tmp_path, drug)
    with pytest.raises(InputError) as refusal:
        load(path)
    for word in (*words, "small.yaml:"):
        assert word in str(refusal.value), str(refusal.value)


# ------------------------------------------------------------------------------------------------ every analysis
def called(*arguments):
    answer = CliRunner().invoke(main, [*map(str, arguments)])
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.fixture
def rebate(tmp_path):
    """A rebate after 24 months, of strategies that differ."""
    tree = choices(
        {
            "new": {
                "pfs": exponential(0.3),
                "os": exponential(0.2),
                "time_on_treatment": {"rule": "until_progression"},
            },
            "old": {"pfs": exponential(0.6), "os": exponential(0.3)},
        },
        utilities=(0.8, 0.6),
        costs={
            "drug": yaml.safe_load(
                TABLETS.replace("alive", "on_treatment")
                + AFTER
                + "{starts: test.drug.month_24, discount: test.drug.rebate, price_per_pack: test.drug.pack}"
            )
        },
    )
    path = small_project.write(tmp_path, tree)
    (tmp_path / "inputs" / "test" / "drug.yaml").write_text(NUMBERS, encoding="utf-8")
    return path


def test_every_command_takes_it(rebate, tmp_path):
    price, share = "test.drug.pack", "test.drug.rebate"
    one = ("--no-files",)
    assert share in called("one-way", rebate, *one)
    assert price in called("two-way", rebate, "--axis", f"{price}=50:200:3", "--axis", f"{share}=0:1:3", *one)
    assert "Tablets" in called("threshold", rebate, *one)
    called("psa", rebate, "--draws", "256", *one)
    assert share in called("voi", rebate, "--draws", "1024", *one)
    other = rebate.with_name("other.yaml")
    text = {
        "format": 1,
        "extends": "small.yaml",
        "name": "without",
        "rationale": "a test",
        "direction": "unclear",
        "set": {"costs.drug.windows": None},
    }
    other.write_text(yaml.safe_dump(text), encoding="utf-8")
    assert "windows" in called("diff", rebate, other)
    batch = rebate.with_name("batch.yaml")
    plan = {"format": 1, "name": "both", "rationale": "a test", "scenarios": ["small.yaml", "other.yaml"]}
    batch.write_text(yaml.safe_dump({**plan, "analyses": {"base_case": {}, "one_way": {}}}), encoding="utf-8")
    assert "without" in called("batch", batch, "--out", tmp_path / "both")


def test_the_price_ladder_moves_each_window_by_itself(rebate):
    """The rebate of the later window is a discount of its own: its ladder is linear, its ends are the model's."""
    from netcea.analyses.threshold.price import drugs_of, ladder_of

    scenario = load(str(rebate))
    drugs = drugs_of(scenario)
    assert [(drug.price, drug.discount) for drug in drugs] == [
        ("test.drug.pack", None),
        ("test.drug.pack", "test.drug.rebate"),
    ]
    ladder = ladder_of(scenario, drugs[1], 0.5)
    costs = [effect.incremental_costs for effect in ladder.effects]
    wanted = [netcea.one_way(str(rebate), {"test.drug.rebate": d}).base.incremental_costs for d in (0.0, 0.5, 1.0)]
    assert costs == pytest.approx(wanted, rel=1e-9)
    assert np.diff(costs)[0] < 0.0


@pytest.mark.parametrize(("ends", "twice"), [("month_24", True), ("month_6", False)])
def test_a_drug_in_two_items_is_counted_twice_only_where_their_windows_overlap(ends, twice, tmp_path):
    first = {**yaml.safe_load(TABLETS), "label": "Tablets again", "windows": [{"ends": f"test.drug.{ends}"}]}
    path = project(tmp_path, TABLETS + "windows:\n  - {starts: test.drug.month_6}", again=first)
    said = " ".join(warning.message for warning in load(path).warnings)
    assert ("counted twice" in said) is twice
