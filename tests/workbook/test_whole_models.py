"""Whole workbooks of models that scenarios/ does not have: every family, vials, utilities by time to death, waning."""

from __future__ import annotations

import pytest
import yaml

from helpers import small_project
from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from helpers.opened import read_again
from helpers.small_project import Number, choices, exponential, loaded, per_year, weibull
from netcea.loading import load
from netcea.survival.distributions import FAMILIES
from netcea.workbook.export import live_workbook
from netcea.workbook.formulas.formula import NotInFormulasError


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


def with_parameters(family, structure=None, **values):
    return {
        "distribution": family,
        "parameters": {n: Number(v, "parameter") for n, v in values.items()},
        "time_unit": "months",
        **(structure or {}),
    }


CURVES = {
    "exponential": with_parameters("exponential", rate=0.05),
    "weibull": with_parameters("weibull", shape=1.3, scale=15.0),
    "weibull_ph": with_parameters("weibull_ph", shape=0.8, scale=0.08),
    "gompertz": with_parameters("gompertz", shape=-0.02, rate=0.04),
    "log_normal": with_parameters("log_normal", meanlog=2.6, sdlog=1.1),
    "log_logistic": with_parameters("log_logistic", shape=1.6, scale=14.0),
    "gamma": with_parameters("gamma", shape=1.7, rate=0.1),
    "generalised_gamma": with_parameters("generalised_gamma", mu=2.7, sigma=0.9, Q=-0.6),
    "royston_parmar": with_parameters(
        "royston_parmar", {"knots": [0.0, 2.0, 3.5], "scale": "odds"}, gamma0=-4.2, gamma1=1.5, gamma2=0.04
    ),
    "royston_parmar, normal, five knots": with_parameters(
        "royston_parmar",
        {"knots": [0.0, 1.0, 2.0, 2.8, 3.5], "scale": "normal"},
        gamma0=-2.4,
        gamma1=0.8,
        gamma2=0.01,
        gamma3=0.01,
        gamma4=-0.01,
    ),
    "cure of a generalised gamma": with_parameters(
        "mixture_cure", {"base": "generalised_gamma"}, cure_fraction=0.1, mu=2.6, sigma=0.9, Q=0.7
    ),
    "piecewise_exponential": with_parameters(
        "piecewise_exponential", {"breaks": [6.0, 24.0]}, rate0=0.09, rate1=0.04, rate2=0.02
    ),
    "mixture_cure": with_parameters("mixture_cure", {"base": "weibull"}, cure_fraction=0.12, shape=1.2, scale=14.0),
    "non_mixture_cure": with_parameters(
        "non_mixture_cure", {"base": "log_logistic"}, cure_fraction=0.1, shape=1.4, scale=12.0
    ),
    "tabulated": {"distribution": "tabulated", "table": "test.curve.points", "time_unit": "months"},
    "kaplan_meier": {
        "distribution": "kaplan_meier",
        "table": "test.curve.points",
        "time_unit": "months",
        "tail": "weibull",
        "tail_from": 20.0,
        "parameters": {"shape": Number(1.1, "parameter"), "scale": Number(20.0, "parameter")},
    },
}
TABLE = "time,survival\n0,1\n3,0.9\n6,0.72\n12,0.5\n24,0.22\n36,0.1\n60,0.04\n"
PACKS = {
    "kind": "drug_acquisition",
    "method": "per_pack",
    "during": "progression_free",
    "price_per_pack": Number(400, "GBP"),
    "pack_days": Number(30, "days"),
}
"""At moments of their own: every family stands on the sheet of dispensings too."""
BOTH = {"costs": {"monitoring": per_year(1500, "progression_free"), "care": per_year(4000, "progressed")}}


def project(folder, tree, sets=(), **more):
    """Write a project with the table of a curve and load its scenario."""
    path = small_project.write(folder, tree, yearly_risk=0.01, **more)
    (folder / "inputs" / "test" / "points.csv").write_text(TABLE, encoding="utf-8")
    table = {
        "file": "points.csv",
        "kind": "survival_table",
        "columns": {"time": "months", "survival": "proportion"},
        "source": ["netcea_assumptions"],
        "status": "assumption",
        "note": "a test",
    }
    (folder / "inputs" / "test" / "curve.yaml").write_text(yaml.safe_dump({"points": table}), encoding="utf-8")
    return load(str(path), list(sets))


def assert_equal(scenario, office, folder):
    workbook = live_workbook([scenario])
    path = folder / "m.xlsx"
    workbook.save(path)
    office.open(path)
    assert office.errors() == []
    assert differences(expected(scenario), workbook.results.cells, office.values) == []
    assert trace_differences(scenario, workbook, office.range) == ([], [])
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    cells = (cell for sheet in read_again(workbook) for row in sheet.iter_rows() for cell in row)
    assert max(len(str(cell.value)) for cell in cells if cell.data_type == "f") < 8192, "what Excel takes"
    return workbook


def test_every_family_is_here():
    assert set(FAMILIES) <= set(CURVES)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("family", CURVES)
def test_a_model_of_every_family(family, office, tmp_path):
    """As PFS; as OS with a hazard floor; relative to another strategy's, whose effect wanes."""
    tree = choices(
        {
            "new": {
                "pfs": CURVES[family],
                "os": {
                    "relative_to": "old",
                    "hazard_ratio": Number(0.7, "ratio"),
                    "waning": {"starts": Number(1.0, "years"), "ends": Number(3.0, "years")},
                },
            },
            "old": {"pfs": weibull(1.2, 0.6), "os": {**CURVES[family], "background_mortality": "hazard_floor"}},
        },
        utilities=(0.8, 0.6),
        costs={**BOTH["costs"], "packs": PACKS},
    )
    assert_equal(project(tmp_path, tree), office, tmp_path)


BANDS = [
    {"within": Number(0.083, "years"), "utility": Number(0.4, "utility")},
    {"within": Number(0.5, "years"), "utility": Number(0.6, "utility")},
    {"within": Number(20.0, "years"), "utility": Number(0.65, "utility")},
]


def by_time_to_death(tree, **more):
    tree["utilities"] = {
        "by": "time_to_death",
        "bands": BANDS,
        "beyond": Number(0.78, "utility"),
        "value_set": "EQ-5D-3L UK (MVH TTO)",
        **more,
    }
    return tree


@needs_office
@pytest.mark.parametrize(
    ("crossing", "adjusted"), [("raise_os", "multiplicative"), pytest.param("cap_pfs", "none", marks=pytest.mark.slow)]
)
def test_utilities_by_time_to_death(crossing, adjusted, office, tmp_path):
    """The last band ends after the horizon, where the last cycle's hazard goes on; PFS is above OS in one strategy."""
    strategies = {
        "new": {"pfs": weibull(1.3, 3.0), "os": weibull(1.0, 2.0)},
        "old": {"pfs": exponential(1.2), "os": {**exponential(0.4), "background_mortality": "hazard_floor"}},
    }
    tree = choices(strategies, crossing=crossing, **BOTH)
    scenario = project(tmp_path, by_time_to_death(tree, age_adjustment=adjusted))
    assert_equal(scenario, office, tmp_path)


def vial_item(**more):
    return {
        "kind": "drug_acquisition",
        "method": "per_administration",
        "during": "progression_free",
        "price_per_vial": Number(300, "GBP"),
        "vial_mg": Number(50, "mg"),
        "interval": Number(21, "days"),
        **more,
    }


SIZE = {"body_size_mean": Number(74.0, "kg"), "body_size_sd": Number(15.0, "kg")}


@needs_office
@pytest.mark.parametrize(
    "dose",
    [
        {"dose": Number(1.3, "mg/kg"), **SIZE},
        pytest.param({"dose": Number(1.3, "mg/kg"), "vial_sharing": True, **SIZE}, marks=pytest.mark.slow),
        pytest.param({"dose": Number(110, "mg")}, marks=pytest.mark.slow),
    ],
    ids=["whole vials for each size", "shared vials", "one dose for all"],
)
def test_vials(dose, office, tmp_path):
    strategies = {
        "new": {"pfs": weibull(1.3, 1.0), "os": weibull(1.0, 2.0)},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    costs = {"vials": vial_item(strategies=["new"], **dose)}
    scenario = project(tmp_path, choices(strategies, costs=costs, utilities=(0.8, 0.6)))
    workbook = assert_equal(scenario, office, tmp_path)
    if "body_size_mean" in dose:
        address = next(a for a in workbook.inputs.rows if a.endswith("body_size_mean"))
        office.change({f"Inputs!E{workbook.inputs.rows[address]}": 92.0})
        changed = load(str(tmp_path / "scenarios" / "small.yaml"), [f"{address}=92"])
        assert differences(expected(changed), workbook.results.cells, office.values) == []


@needs_office
@pytest.mark.slow
def test_the_selector_changes_between_kinds_of_utilities(office, tmp_path):
    strategies = {
        "new": {"pfs": weibull(1.3, 1.0), "os": weibull(1.0, 2.0)},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    scenario = project(tmp_path, by_time_to_death(choices(strategies, **BOTH)))
    other = tmp_path / "scenarios" / "by_state.yaml"
    states = {
        "by": "state",
        "progression_free": "test.numbers.utilities_beyond",
        "value_set": "EQ-5D-3L UK (MVH TTO)",
        "progressed": "test.numbers.utilities_bands_0_utility",
        "age_adjustment": "none",
    }
    other.write_text(
        yaml.safe_dump(
            {
                "format": 1,
                "extends": "small.yaml",
                "name": "by state",
                "rationale": "a test",
                "direction": "unclear",
                "set": {"utilities": states},
            }
        ),
        encoding="utf-8",
    )
    second = load(str(other))
    workbook = live_workbook([scenario, second])
    workbook.save(tmp_path / "m.xlsx")
    office.open(tmp_path / "m.xlsx")
    for each in (second, scenario):
        office.change({"Scenarios!B3": each.file.name})
        assert differences(expected(each), workbook.results.cells, office.values) == []


LATER = {
    "kind": "subsequent_treatment",
    "strategies": ["old"],
    "share": Number(0.4, "proportion"),
    "of": "patients",
    "duration": Number(6, "months"),
    "method": "per_pack",
    "price_per_pack": Number(5000, "GBP"),
    "pack_days": Number(30, "days"),
    "share_of_tablets_taken": Number(0.9, "proportion"),
    "first_dispensing": Number(225, "GBP"),
    "later_dispensings": Number(15, "GBP"),
    "adverse_events_of": "new",
    "disutility": "on_treatment",
}
WITHOUT = {
    "of progressions": {"of": "progressions"},
    "no waste": {"method": "per_time"},
    "no dispensing": {"first_dispensing": None, "later_dispensings": None},
    "no events": {"adverse_events_of": None},
    "no disutility": {"disutility": "none"},
}


@needs_office
def test_what_a_subsequent_treatment_brings_with_it(office, tmp_path):
    """Each part by the selector, then a share that is larger than those who progress, which Checks calls a fault."""
    strategies = {
        "new": {"pfs": weibull(1.3, 1.0), "os": weibull(1.0, 2.0), "time_on_treatment": {"rule": "until_progression"}},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    tree = choices(strategies, costs={"later": LATER, **BOTH["costs"]}, utilities=(0.8, 0.6), discount_rate_qalys=0.015)
    tree["utilities"] |= {"on_treatment_disutility": Number(0.05, "utility"), "age_adjustment": "multiplicative"}
    tree["adverse_events"]["events"]["bad"] = {
        "label": "bad",
        "incidence": {"new": Number(0.6, "proportion"), "old": Number(0.2, "proportion")},
        "decrement": Number(0.1, "utility"),
        "duration": Number(28, "days"),
        "unit_cost": Number(900, "GBP"),
    }
    scenarios = [project(tmp_path, tree)]
    for name, without in WITHOUT.items():
        header = {"format": 1, "extends": "small.yaml", "name": name, "rationale": "a test", "direction": "unclear"}
        path = tmp_path / "scenarios" / f"{name.replace(' ', '_')}.yaml"
        sets = {f"costs.later.{key}": value for key, value in without.items()}
        path.write_text(yaml.safe_dump({**header, "set": sets}), encoding="utf-8")
        scenarios.append(load(str(path)))
    assert len({expected(each)["icer.new"] for each in scenarios}) == len(scenarios), "each moves the result"
    workbook = live_workbook(scenarios)
    workbook.save(tmp_path / "m.xlsx")
    office.open(tmp_path / "m.xlsx")
    assert office.errors() == []
    for each in (*scenarios[1:], scenarios[0]):
        office.change({"Scenarios!B3": each.file.name})
        assert differences(expected(each), workbook.results.cells, office.values) == []
        assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    address = next(a for a in workbook.inputs.rows if a.endswith("later_share"))
    office.change({f"Inputs!E{workbook.inputs.rows[address]}": 0.95})
    assert office.value(workbook.checks.verdict).startswith("FAULT")


@needs_office
@pytest.mark.slow
def test_three_strategies_at_weekly_cycles(office, tmp_path):
    strategies = {
        "new": {"pfs": weibull(1.3, 1.0), "os": weibull(1.0, 2.0), "time_on_treatment": {"rule": "until_progression"}},
        "middle": {"pfs": CURVES["gamma"], "os": CURVES["log_normal"]},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    scenario = loaded(tmp_path, choices(strategies, utilities=(0.8, 0.6), cycle_days=7, **BOTH))
    assert_equal(scenario, office, tmp_path)


def test_a_generalised_gamma_for_which_spreadsheets_have_too_few_digits_is_refused(tmp_path):
    strategies = {
        "new": {"pfs": with_parameters("generalised_gamma", mu=2.7, sigma=0.9, Q=0.0005), "os": weibull(1.0, 4.0)},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    scenario = project(tmp_path, choices(strategies, horizon_years=2))
    with pytest.raises(NotInFormulasError, match="too few digits"):
        live_workbook([scenario])
    assert live_workbook([load(scenario.path, [f"{a}=0" for a in scenario.quantities if a.endswith("_Q")])])
