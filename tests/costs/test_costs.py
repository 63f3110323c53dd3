"""A category of costs is one class: those there are, and one that is made here and shows wherever costs do."""

from __future__ import annotations

import csv
import gzip
import json
from typing import Annotated, ClassVar, Literal, Union, get_args

import openpyxl
import pytest
from click.testing import CliRunner
from pydantic import Field

from helpers.bars import bars_and_totals, legend_of
from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened
from netcea import run
from netcea.analyses.base_case.figures.costs import costs
from netcea.analyses.base_case.tables import TABLES
from netcea.cli.main import main
from netcea.costs import AnyCostItem
from netcea.costs.adverse_events import TimedEvent
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.costs.drug_acquisition import OF_ALL, OF_STRATEGY
from netcea.loading import load
from netcea.quantities.addresses import Money
from netcea.reporting.figures import style
from netcea.scenario.scenario import ScenarioFile
from netcea.workbook.export import live_workbook

KINDS = get_args(get_args(AnyCostItem)[0])


class Toy(CostItem):
    """A fee at the start, and the same for each year alive."""

    category: ClassVar[Category] = Category("toy", "Toys and games", "#999933", 45)

    kind: Literal["toy"]
    fee: Money

    def accrue(self, exposure):
        fee = exposure.value(self.fee)
        yield Accrual("progression_free", fee, exposure.at_start())
        for state, stream in exposure.person_time("alive").items():
            yield Accrual(state, fee, stream)


FUN = "costs.fun={kind: toy, label: Fun and games, strategies: [cabozantinib], fee: costs.unit.ct_scan%s}"


@pytest.fixture(scope="module", autouse=True)
def registered():
    """The one line of registration: a class more in the union."""
    field = ScenarioFile.model_fields["costs"]
    before = field.annotation
    field.annotation = dict[str, Annotated[Union[(*KINDS, Toy)], Field(discriminator="kind")]]
    ScenarioFile.model_rebuild(force=True)
    yield
    field.annotation = before
    ScenarioFile.model_rebuild(force=True)


@pytest.fixture(scope="module")
def toy():
    return run("pnet", [FUN % ""], ledger=False)


def netcea(*arguments):
    found = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.output


def expected(toy, strategy):
    """Fee x (1 + discounted years at the rate of costs), which is that of QALYs."""
    fee = toy.scenario.quantities["costs.unit.ct_scan"].value * toy.scenario.factors["costs.unit.ct_scan"]
    return fee * (1.0 + toy.case.strategies[strategy].life_years)


# ------------------------------------------------------------------------------------ those there are
def test_every_class_says_what_it_is():
    categories = [kind.category for kind in KINDS] + [TimedEvent.category]
    assert [c.name for c in categories[:-1]] == [get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS]
    shown = [*categories, OF_ALL]
    for part in ("name", "label", "order", "colour"):
        assert len({getattr(c, part) for c in shown}) == len(shown), part
    palette = {value for name, value in vars(style).items() if name.isupper() and isinstance(value, str)}
    assert {c.colour for c in shown} <= palette


def test_drugs_of_all_strategies_stand_apart_in_figures():
    drug = next(kind for kind in KINDS if kind.category.name == "drug_acquisition")
    assert drug.model_construct(strategies="all").shown_as() == OF_ALL
    assert drug.model_construct(strategies=["a"]).shown_as() == OF_STRATEGY
    others = next(kind for kind in KINDS if kind.category.name == "end_of_life")
    assert others.model_construct(strategies="all").shown_as() == others.category


# ------------------------------------------------------------------------------------ one more
def test_it_is_paid(toy):
    plain = run("pnet", ledger=False)
    for strategy, factor in (("cabozantinib", 1.0), ("best_supportive_care", 0.0)):
        more = toy.case.strategies[strategy].costs - plain.case.strategies[strategy].costs
        assert more == pytest.approx(factor * expected(toy, strategy), rel=1e-9)
    assert expected(toy, "cabozantinib") > 100.0


def test_it_is_in_the_tables_at_its_place(toy):
    rows = [row for row in TABLES["costs_by_category_and_state"](toy).rows if row[0] == "Discounted"]
    categories = list(dict.fromkeys(row[1] for row in rows))
    monitoring, later = (categories.index(label) for label in ("Monitoring and care", "Subsequent treatment"))
    assert categories[monitoring + 1 : later] == ["Toys and games"]
    assert sum(row[3] for row in rows if row[1] == "Toys and games") == pytest.approx(expected(toy, "cabozantinib"))
    assert any(row[1:3] == ("Toys and games", "Fun and games") for row in TABLES["costs_by_item"](toy).rows)
    assert any(row[2] == "fun" for row in TABLES["outcomes"](toy).rows)


def test_it_is_in_the_figure_whose_bars_are_its_totals(toy):
    figure = costs(toy)
    labels = list(legend_of(figure))
    assert labels[labels.index("Monitoring and care") + 1] == "Toys and games"
    assert legend_of(figure)["Toys and games"] == Toy.category.colour
    for strategy, (parts, printed) in zip(toy.case.strategies.values(), bars_and_totals(figure), strict=True):
        assert sum(parts.values()) == pytest.approx(strategy.costs, rel=1e-9)
        assert printed == f"£{strategy.costs:,.0f}"
    assert bars_and_totals(figure)[0][0][Toy.category.colour] == pytest.approx(expected(toy, "cabozantinib"))


def test_it_is_in_every_file_of_a_run(toy, tmp_path):
    netcea("run", "pnet", "--set", FUN % "", "--no-ledger", "--no-figures", "--out", tmp_path)
    assert "Toys and games" in (tmp_path / "tables" / "costs_by_category_and_state.csv").read_text(encoding="utf-8")
    assert "Fun and games" in (tmp_path / "tables" / "costs_by_item.csv").read_text(encoding="utf-8")
    trace = (tmp_path / "tables" / "trace_cabozantinib.csv").read_text(encoding="utf-8")
    assert "costs_fun" in trace.splitlines()[0]
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    items = [i for i in results["strategies"]["cabozantinib"]["costs_by_item"] if i["item"] == "fun"]
    assert sum(i["costs"] for i in items) == pytest.approx(expected(toy, "cabozantinib"))
    book = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx")))
    assert "Toys and games" in {cell.value for row in book["Costs"] for cell in row}


def test_it_is_on_the_screen(tmp_path):
    shown = netcea("run", "pnet", "--set", FUN % "", "--no-ledger", "--no-figures", "--no-workbook", "--out", tmp_path)
    assert "Toys and games" in shown


def test_it_is_a_column_of_the_draws(tmp_path):
    netcea("psa", "pnet", "--set", FUN % "", "--draws", 20, "--keep-draws", "csv", "--no-figures", "--out", tmp_path)
    [path] = [p for p in tmp_path.rglob("*.csv*") if p.name.startswith("draws")]
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    start = "strategies.cabozantinib.costs"
    for row in rows:
        assert float(row[f"{start}.toy"]) > 0.0
        assert sum(float(v) for k, v in row.items() if k.startswith(f"{start}.")) == pytest.approx(float(row[start]))


def test_it_is_checked():
    arguments = ["check", "pnet", "--set", FUN % ", payer: patient", "--json"]
    for perspective, code in (("NHS and PSS", 0), ("societal", 1)):
        found = CliRunner().invoke(main, [*arguments, "--set", f"decision_problem.perspective={perspective}"])
        assert found.exit_code == code
        assert "costs.fun.payer" in found.output


@needs_office
def test_it_is_in_the_live_workbook_which_equals_python(tmp_path):
    scenario = load("pnet", sets=[FUN % "", "settings.horizon_years=5"])
    workbook = live_workbook([scenario])
    with Office() as office:
        path = opened(office, workbook, tmp_path)
        all_equal(scenario, workbook, office)
        assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    book = openpyxl.load_workbook(path)
    assert "Fun and games" in {cell.value for cell in book["Costs"]["A"]}
    assert "Fun and games" in {cell.value for cell in book["Results"]["A"]}
