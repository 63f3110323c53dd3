"""The budget by formula is that of `netcea budget`, whatever is typed or chosen, and its own parts agree."""

from __future__ import annotations

import json

import openpyxl
import pytest
from click.testing import CliRunner

from helpers.office import Office, needs_office
from helpers.opened import opened
from helpers.small_project import Number, choices, exponential, loaded, per_year
from helpers.workbook_values import shown, typed_into
from netcea.analyses.registry import ANALYSES
from netcea.cli.main import main
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.loading import load
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets.budget_impact import ABOVE, IMPACT, STATUS, TITLE, UPTAKE
from netcea.workbook.sheets.costs_by_year import CATEGORY, FIRST, STRATEGY
from netcea.workbook.sheets.input_descriptions import FOR_THE_BUDGET
from netcea.workbook.sheets.inputs import USED
from netcea.workbook.structural_choices import TECHNOLOGY_ELSEWHERE

UP = "decision.budget_impact.uptake.year_{}"
PATIENTS = "population.cohorts.eligible_per_year_england"
DRUG = "costs.drug.cabozantinib"
SHORT = ["settings.horizon_years=7.4"]
THREE = [
    *SHORT,
    f"analyses.budget.uptake=[{UP.format(1)}, {UP.format(2)}]",
    f"analyses.budget.market.everolimus={UP.format(1)}",
    f"analyses.budget.market.sunitinib={UP.format(5)}",
    f"analyses.budget.displaced.everolimus={UP.format(2)}",
    f"analyses.budget.displaced.sunitinib={UP.format(3)}",
]
"""A market of two strategies, of whom others are displaced: shares of 0.2 and 0.8, and of 0.4 and 0.6."""


def budget(scenario):
    return ANALYSES["budget"].run(scenario)


def differences(workbook, found, scenario):
    """Return numbers of the sheet that are not those of the analysis: by year, by category, and per patient."""
    result, page = budget(scenario), workbook.book.sheet(TITLE)
    rows = {str(page.value(row, 1)): row for row in range(1, page.last_row + 1)}
    wanted = {}
    for year in result.years:
        at = {"costs_without": IMPACT - 2, "costs_with": IMPACT - 1, "net_budget_impact": IMPACT, "uptake": UPTAKE}
        at |= {"drugs_without": IMPACT + 1, "drugs_with": IMPACT + 2, "net_drug_budget": IMPACT + 3}
        wanted |= {(row, 1 + year.year): getattr(year, name) for name, row in at.items()}
        for category in result.categories:
            for words, field in ((", without the technology", "costs_without"), (": net", "net_budget_impact")):
                row = rows[f"{category.category}{words}"]
                wanted[row, 1 + year.year] = getattr(category, field)[year.year - 1]
    here = {place: found.value(TITLE, *place) for place in wanted}
    return [
        (place, here[place], value)
        for place, value in wanted.items()
        if here[place] != pytest.approx(value, rel=1e-9, abs=1e-6)
    ]


@pytest.fixture(scope="module")
def made():
    workbook = live_workbook([load("pnet", SHORT)])
    return workbook, calculated(workbook.book)


@pytest.mark.parametrize(
    ("name", "sets"),
    [
        ("epnet", []),
        ("pnet", ["adverse_events.timing=on_treatment", "costs.crossover.of=progressions", *SHORT]),
        ("pnet", ["analyses.budget.technology_elsewhere=counted", "settings.horizon_years=2.3"]),
        ("pnet", ["settings.cycle_days=366", "settings.half_cycle_correction=start"]),
        ("pnet_comparators", THREE),
    ],
)
def test_the_sheet_is_netcea_budget(name, sets):
    scenario = load(name, sets)
    workbook = live_workbook([scenario])
    found = calculated(workbook.book)
    assert differences(workbook, found, scenario) == []
    assert shown(found, workbook.checks.verdict) == "All checks passed: equal to Python"


CHANGES = (
    {UP.format(1): 0.55, UP.format(4): 1.0, PATIENTS: 411.0},
    {f"{DRUG}.discount": 0.37, f"{DRUG}.pack_days": 28.0, "settings.cycle_days": 40.0},
    {"survival.cabinet_pnet.os_nejm.hazard_ratio": 0.8, "costs.unit.ct_scan": 900.0, "settings.horizon_years": 6.6},
    {"settings.discount_rate_costs": 0.0, "population.cohorts.pnet.combined_view_weight": 0.0},
)


@pytest.mark.parametrize("numbers", CHANGES, ids=[next(iter(numbers)) for numbers in CHANGES])
def test_it_follows_what_is_typed(made, numbers):
    workbook, found = made
    scenario = load("pnet", [*SHORT, *(f"{address}={value}" for address, value in numbers.items())])
    with typed_into(workbook, found, numbers):
        assert differences(workbook, found, scenario) == []
        assert str(shown(found, workbook.checks.verdict)).startswith("Inputs were changed")


def test_the_technologys_drug_elsewhere_is_a_choice(made):
    workbook, found = made
    scenario = load("pnet", [*SHORT, "analyses.budget.technology_elsewhere=counted"])
    with typed_into(workbook, found, {}, {TECHNOLOGY_ELSEWHERE: "counted"}):
        assert differences(workbook, found, scenario) == []
    assert differences(workbook, found, load("pnet", SHORT)) == []


def test_costs_by_year_are_the_models_undiscounted_costs(made):
    workbook, found = made
    page, scenario = workbook.book.sheet("Costs by year"), load("pnet", SHORT)
    total = next(c for c in range(1, 40) if page.value(FIRST - 1, c) == "Cost, all years (£)")
    whole = simulate(scenario, base_case(scenario)).strategies
    for strategy, outcomes in whole.items():
        rows = [
            r
            for r in range(FIRST, page.last_row + 1)
            if str(page.value(r, STRATEGY)).startswith(scenario.label(strategy))
        ]
        assert len({page.value(row, CATEGORY) for row in rows}) > 4
        mine = sum(found.value(page.name, row, total) for row in rows)
        assert mine == pytest.approx(float(outcomes.total("undiscounted_costs")[0]), rel=1e-9)


def test_the_ladder_is_the_budget_at_each_discount(made):
    workbook, found = made
    page = workbook.book.sheet(TITLE)
    top = next(row for row in range(1, page.last_row) if str(page.value(row, 1)).startswith("Discount (all other"))
    for step in (0, 3, 10):
        result = budget(load("pnet", [*SHORT, f"{DRUG}.discount={step / 10}"]))
        here = [found.value(TITLE, top + 1 + step, column) for column in range(2, 7)]
        assert here == pytest.approx([year.net_budget_impact for year in result.years], rel=1e-9)
    with typed_into(workbook, found, {f"{DRUG}.discount": 0.5}):  # it does not matter which discount is live
        again = [found.value(TITLE, top + 4, column) for column in range(2, 7)]
        wanted = budget(load("pnet", [*SHORT, f"{DRUG}.discount=0.3"]))
        assert again == pytest.approx([year.net_budget_impact for year in wanted.years], rel=1e-9)


def test_the_discount_that_meets_the_test_meets_it(made):
    workbook, found = made
    page, many = workbook.book.sheet(TITLE), {PATIENTS: 3000.0}
    row = next(r for r in range(1, page.last_row) if str(page.value(r, 1)).startswith("Discount at which a year"))
    with typed_into(workbook, found, many):
        assert [found.value(TITLE, ABOVE, c) for c in range(2, 7)] == ["no", "yes", "yes", "yes", "yes"]
        discounts = [found.value(TITLE, row, column) for column in range(2, 7)]
    assert discounts[0] == "list price"
    for year in (2, 5):
        at = budget(load("pnet", [*SHORT, f"{PATIENTS}=3000", f"{DRUG}.discount={discounts[year - 1]!r}"]))
        assert at.years[year - 1].net_budget_impact == pytest.approx(2e7, rel=1e-9)


def three(folder, **block):
    lives = {"pfs": exponential(0.4), "os": exponential(0.2)}
    items = {
        f"of_{name}": per_year(cost, "alive", strategies=[name]) for name, cost in zip("xab", (30, 20, 10), strict=True)
    }
    patient = {"travel": per_year(7.0, "alive", payer="patient")}
    whole = choices({"x": lives, "a": lives, "b": lives}, items | patient, horizon_years=4, cycle_days=91.0)
    return loaded(folder, {**whole, "analyses": {"budget": block}})


BLOCK = {
    "population": {
        "people": Number(1_000_000, "patients"),
        "incidence": Number(0.00004, "per year"),
        "prevalence": Number(0.0001, "proportion"),
        "eligible": [Number(0.5, "proportion"), Number(0.8, "proportion")],
    },
    "uptake": [Number(0.5, "proportion"), Number(1.0, "proportion"), Number(0.3, "proportion")],
    "market": {"a": Number(0.25, "proportion"), "b": Number(0.75, "proportion")},
}


def test_prevalence_incidence_and_a_market_without_a_drug_of_its_own(tmp_path):
    scenario = three(tmp_path, **BLOCK)
    workbook = live_workbook([scenario])
    found = calculated(workbook.book)
    assert differences(workbook, found, scenario) == []
    page = workbook.book.sheet(TITLE)
    words = [str(page.value(row, 1)) for row in range(1, page.last_row + 1)]
    assert not [text for text in words if "list and other prices" in text or "payer's test" in text]
    assert shown(found, workbook.checks.verdict) == "All checks passed: equal to Python"


def test_shares_that_cannot_be_are_a_fault_and_show_nothing(tmp_path):
    workbook = live_workbook([three(tmp_path, **BLOCK)])
    found = calculated(workbook.book)
    share = next(a for a in workbook.inputs.rows if workbook.variants.values(a) == [0.75])
    with typed_into(workbook, found, {share: 0.5}):
        assert str(shown(found, workbook.checks.verdict)).startswith("FAULT")
        assert "netcea refuses" in str(found.value(TITLE, *STATUS))
        assert found.value(TITLE, IMPACT, 2) == ""


def test_a_scenario_of_other_numbers_shows_nothing_and_is_no_fault():
    other = load("pnet", [*SHORT, f"analyses.budget.uptake=[{UP.format(2)}]"])
    workbook = live_workbook([load("pnet", SHORT), other])
    found = calculated(workbook.book)
    found.type_in({("Scenarios", 3, 2): workbook.variants.titles[1]})
    assert str(found.value(TITLE, *STATUS)).startswith("Nothing: the selected scenario")
    assert found.value(TITLE, IMPACT, 2) == ""
    assert shown(found, workbook.checks.verdict) == "All checks passed: equal to Python"


def test_without_a_block_there_is_no_sheet(tmp_path):
    workbook = live_workbook([three(tmp_path)])
    assert not {TITLE, "Costs by year"} & {page.name for page in workbook.book.pages}
    assert TECHNOLOGY_ELSEWHERE not in workbook.variants.choices


def test_inputs_say_that_the_budget_alone_uses_them(made):
    workbook, _ = made
    inputs = workbook.inputs
    assert inputs.page.value(inputs.rows[UP.format(1)], USED) == FOR_THE_BUDGET
    assert inputs.page.value(inputs.rows[f"{DRUG}.discount"], USED) == "yes"


def test_what_is_typed_comes_back_as_a_scenario(made, tmp_path):
    workbook, _ = made
    workbook.save(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book["Inputs"][f"E{workbook.inputs.rows[UP.format(2)]}"] = 0.45
    book["Choices"][f"E{workbook.inputs.choice_rows[TECHNOLOGY_ELSEWHERE]}"] = "counted"
    book.save(tmp_path / "changed.xlsx")
    ran = CliRunner().invoke(main, ["import", str(tmp_path / "changed.xlsx"), "--json", "--no-files"])
    assert ran.exit_code == 0, ran.output
    said = json.dumps(json.loads(ran.stdout))
    assert UP.format(2) in said
    assert "technology_elsewhere" in said


@needs_office
def test_libreoffice_has_the_same_numbers(made, tmp_path):
    workbook, _ = made
    scenario = load("pnet", [*SHORT, f"{UP.format(3)}=0.7", f"{DRUG}.discount=0.2"])
    with Office() as office:
        opened(office, workbook, tmp_path)
        rows = workbook.inputs.rows
        office.change({f"Inputs!E{rows[UP.format(3)]}": 0.7, f"Inputs!E{rows[f'{DRUG}.discount']}": 0.2})
        here = office.range(f"'{TITLE}'!B{IMPACT}:F{IMPACT}")[0]
        verdict = office.value(workbook.checks.verdict)
    assert here == pytest.approx([year.net_budget_impact for year in budget(scenario).years], rel=1e-9)
    assert verdict.startswith("Inputs were changed")
