"""No table is read beyond its ends in silence: life tables, norms, curves; rows at one time count once."""

import math

import pytest

import netcea
from helpers.small_project import Number, choices, exponential, write
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError, ModelError


def project(folder, curve=None, rows=(), **settings):
    os = exponential(0.4)
    path = write(
        folder,
        choices(
            {"new": {"pfs": curve or exponential(1.0), "os": os}, "old": {"pfs": exponential(1.5), "os": os}},
            **settings,
        ),
    )
    inside = folder / "inputs" / "test"
    (inside / "points.csv").write_text("time,survival\n" + "".join(f"{t},{s}\n" for t, s in rows), encoding="utf-8")
    columns = "columns: {time: months, survival: share}"
    text = f"points: {{file: points.csv, kind: survival_table, {columns}, source: [netcea_assumptions], status: published}}\n"
    (inside / "tables.yaml").write_text(text, encoding="utf-8")
    return str(path)


def km(tail_from=24):
    tail = {"tail": "exponential", "tail_from": tail_from, "parameters": {"rate": Number(0.1, "parameter")}}
    return {"distribution": "kaplan_meier", "table": "test.tables.points", "time_unit": "months", **tail}


TABULATED = {"distribution": "tabulated", "table": "test.tables.points", "time_unit": "months"}


def with_ages(path, first, last, risk=0.01):
    table = netcea_folder(path) / "inputs" / "test" / "flat.csv"
    table.write_text("age,qx_male,qx_female\n" + "".join(f"{a},{risk},{risk}\n" for a in range(first, last + 1)))
    return path


def netcea_folder(path):
    from pathlib import Path

    return Path(path).parents[1]


def problems(path, sets=()):
    with pytest.raises(InputError) as caught:
        netcea.load(path, sets)
    return str(caught.value)


def warnings(path, sets=()):
    return [w.message for w in netcea.load(path, sets).warnings if w.code == "table_end"]


def test_a_life_table_that_ends_early_is_refused(tmp_path):
    found = problems(with_ages(project(tmp_path), 0, 69))
    assert "flat.csv:71  age" in found
    assert "the last age 69, at which 90% of people of the cohort's age and sexes live" in found  # 0.99^10


def test_a_life_table_of_which_nobody_is_left_is_complete(tmp_path):
    assert not warnings(with_ages(project(tmp_path), 0, 69, risk=0.5))  # 0.1%


@pytest.mark.parametrize(("first", "last", "line"), [(61, 100, 2), (0, 59, 61)])
def test_a_life_table_without_the_age_at_the_start_is_refused(first, last, line, tmp_path):
    found = problems(with_ages(project(tmp_path), first, last))
    assert f"flat.csv:{line}  age" in found
    assert f"ages {first} to {last}, while the cohort is 60 at the start" in found


def test_a_row_of_another_age_than_the_table_is_no_result(tmp_path):
    scenario = netcea.load(with_ages(project(tmp_path), 55, 100))
    with pytest.raises(
        ModelError, match=r"age is 50 at the start of a row; test\.life_tables\.flat has ages 55 to 100"
    ):
        netcea.one_way(
            scenario,
            addresses=["test.numbers.population_start_age"],
            bounds={"test.numbers.population_start_age": {"low": 50.0, "high": 60.0}},
        )


@pytest.mark.parametrize(
    ("keep", "words"), [(range(16, 91), "ends at age 90"), (range(61, 101), None), (range(16, 60), None)]
)
def test_norms_that_do_not_have_the_ages(keep, words, tmp_path):
    path = with_ages(project(tmp_path), 0, 100)
    norms = netcea_folder(path) / "inputs" / "utilities" / "eq5d_norms_by_age_sex.csv"
    header, *rows = norms.read_text(encoding="utf-8").splitlines(keepends=True)
    norms.write_text(header + "".join(row for row in rows if int(row.split(",")[0]) in keep), encoding="utf-8")
    if words is None:
        assert "while the cohort is 60 at the start" in problems(path)
    else:
        (found,) = warnings(path)
        assert words in found
        assert "for 73% of the general population" in found  # 0.99^31


ANCHOR = "test.numbers.utilities_anchor_age"


def with_anchor(folder, age, keep=None):
    """A project whose utilities were measured at an age; norms of `keep` only."""
    data = choices({name: {"pfs": exponential(1.0), "os": exponential(0.4)} for name in ("new", "old")})
    data["utilities"] |= {
        "age_adjustment": "multiplicative",
        "anchor_age": Number(age, "years", {"normal": {"se": 1.0}}),
    }
    path = write(folder, data)
    if keep:
        norms = folder / "inputs" / "utilities" / "eq5d_norms_by_age_sex.csv"
        header, *rows = norms.read_text(encoding="utf-8").splitlines(keepends=True)
        norms.write_text(header + "".join(row for row in rows if int(row.split(",")[0]) in keep), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("age", "keep"), [(39.5, range(40, 101)), (90.0, range(16, 90))])
def test_an_anchor_age_that_the_norms_do_not_have_is_refused_from_every_door(age, keep, tmp_path):
    found = problems(with_anchor(tmp_path / "file", age, keep))
    assert "numbers.yaml:" in found
    assert f"{ANCHOR}.value\n  found {age:g} years, while" in found
    assert f"has the norms of ages {keep[0]} to {keep[-1]}; expected an age that the norms have" in found
    path = with_anchor(tmp_path / "set", 60.0, keep)
    assert f"found {age:g} years, while" in problems(path, [f"{ANCHOR}={age}"])
    with pytest.raises(ModelError, match=rf"the anchor age of utilities is {age:g} in a row"):
        netcea.one_way(
            netcea.load(path), addresses=[ANCHOR], bounds={ANCHOR: {"low": min(age, 60), "high": max(age, 60)}}
        )


def test_an_anchor_age_beyond_open_ends_is_warned_of(tmp_path):
    path = with_anchor(tmp_path, 12.0)
    (found,) = warnings(path)
    assert "12 years, while" in found
    assert found.endswith("has the norms of ages 16 to 100: state utilities are divided by the norm at 16")
    scenarios = [netcea.load(path, [f"{ANCHOR}={age}"]) for age in (12, 16)]
    low, first = (simulate(scenario, base_case(scenario)) for scenario in scenarios)
    assert low.strategies["new"].total("qalys") == first.strategies["new"].total("qalys")
    assert not warnings(path, [f"{ANCHOR}=60"])


def test_the_shipped_tables_are_complete():
    assert not warnings("pnet")
    assert not warnings("epnet")


def test_a_kaplan_meier_curve_that_ends_before_its_tail(tmp_path):
    (found,) = warnings(project(tmp_path, km(24), [(0, 1.0), (6, 0.8), (18, 0.5)]))
    assert (
        "ends at 18 months, tail_from is 24: survival stays at 0.5 between the two, which adds up to 3 months" in found
    )


@pytest.mark.parametrize("rows", [[(0, 1.0), (6, 0.8), (24, 0.5)], [(0, 1.0), (6, 0.8), (18, 0.0)]])
def test_a_kaplan_meier_curve_that_reaches_its_tail_or_zero(rows, tmp_path):
    assert not warnings(project(tmp_path, km(24), rows))


def test_a_tabulated_curve_that_ends_before_the_horizon(tmp_path):
    """Halved each year: after 24 months a quarter is alive, with log 2 / 12 a month until 120."""
    (found,) = warnings(project(tmp_path, TABULATED, [(0, 1.0), (12, 0.5), (24, 0.25)]))
    rate = math.log(2) / 12
    assert f"{rate:.3g} per month, goes on to the horizon" in found
    assert f"adds {0.25 * (1 - 2**-8) / rate:.3g} months of life" in found
    assert not warnings(project(tmp_path / "b", TABULATED, [(0, 1.0), (12, 0.5), (24, 0.25)], horizon_years=2))


def test_curves_that_begin_late(tmp_path):
    first = warnings(project(tmp_path / "a", km(24), [(6, 0.5), (24, 0.4)]))
    assert "begins at 6 months with a survival of 0.5: nothing happens between 0 and then" in first[0]
    second = warnings(project(tmp_path / "b", TABULATED, [(6, 0.5), (120, 0.4)]))
    assert "its hazard is constant between 0 and then" in second[0]


@pytest.mark.parametrize("curve", [km(24), TABULATED])
def test_of_two_rows_at_one_time_the_lower_counts(curve, tmp_path):
    twice = [(0, 1.0), (6, 1.0), (6, 0.9), (6, 0.8), (24, 0.5), (120, 0.4)]
    once = [(0, 1.0), (6, 0.8), (24, 0.5), (120, 0.4)]
    found = []
    for name, rows in (("twice", twice), ("once", once)):
        scenario = netcea.load(project(tmp_path / name, curve, rows))
        found.append(simulate(scenario, base_case(scenario)).totals("qalys").tolist())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("curve", "rows", "place", "words"),
    [
        (TABULATED, [(0, 1.0), (12, 0.5), (24, 0.0)], "points.csv:4  survival", "take kaplan_meier"),
        (km(24), [(0, 1.0)], "points.csv:2  time", "no time after 0"),
    ],
)
def test_rows_of_which_no_curve_can_be_made(curve, rows, place, words, tmp_path):
    found = problems(project(tmp_path, curve, rows))
    assert place in found
    assert words in found
