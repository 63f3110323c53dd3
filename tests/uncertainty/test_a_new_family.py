"""To add a family of uncertainty is one class and one line: a toy one, defined here, is found in every place."""

from __future__ import annotations

import csv
import json
import math
from typing import ClassVar

import jsonschema
import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from pydantic.fields import FieldInfo
from scipy import special, stats

from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, exponential, write
from netcea import load
from netcea.analyses.psa.moment_checks import expected_of
from netcea.analyses.shared.varied_quantities import varied_quantities
from netcea.blocks import Block, PositiveFloat
from netcea.cli.main import main
from netcea.cli.schemas import inputs_schema
from netcea.errors import InputError, Problem
from netcea.quantities.quantity import Quantity
from netcea.sampling.sampler import Sampler
from netcea.uncertainty.draw_formula import DrawFormula
from netcea.uncertainty.drawn_family import ByDeviate
from netcea.uncertainty.families import FAMILIES, Uncertainty, uncertainty_block
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets import inputs as columns


class LogitNormal(Block, ByDeviate):
    """A logit-normal distribution whose median is the value, a proportion."""

    se_logit: PositiveFloat
    """Standard error of the logit."""

    name: ClassVar[str] = "logit_normal"

    def at_deviate(self, value, z):
        return special.expit(special.logit(value) + self.se_logit * z)

    @property
    def limits(self):
        return 0.0, 1.0

    def refusals(self, value):
        if not 0 < value < 1:
            yield Problem(address="value", found=f"{value:g}", expected="a median between 0 and 1")

    def doubts(self, value):
        if self.se_logit > 3:
            yield "the standard error of the logit is above 3: is it a standard deviation?"

    def words(self, value):
        return f"logit-normal, median {value:g}, SE of the logit {self.se_logit:.3g}"

    def draw_formula(self, value, cells):
        logit = f"LN({cells.centre}/(1-{cells.centre}))+{cells.first}*{cells.deviate}"
        return DrawFormula("logit-normal (se of the logit)", (self.se_logit,), f"1/(1+EXP(-({logit})))")


def let_quantities_take(block):
    Quantity.model_fields["uncertainty"] = FieldInfo.from_annotation(block)
    Quantity.model_rebuild(force=True)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(FAMILIES, "logit_normal", LogitNormal)
    let_quantities_take(uncertainty_block(FAMILIES))
    yield
    let_quantities_take(Uncertainty)


SHARE = "test.numbers.costs_care_share"
PRICE = "test.numbers.costs_care_unit_cost"
MEDIAN, SE = 0.3, 0.8


def project(folder, median=MEDIAN, name="logit_normal", **entries):
    share = Number(median, "proportion", {name: entries or {"se_logit": SE}})
    price = Number(0.5, "GBP", {"logit_normal": {"se_logit": 4.0}})
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    care = {"kind": "one_off", "strategies": ["new"], "share": share, "unit_cost": price}
    return str(write(folder, choices(strategies, {"care": care}, horizon_years=3)))


def at(z):
    return float(special.expit(special.logit(MEDIAN) + SE * z))


def run(*arguments):
    found = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exc_info
    return found


def test_it_is_read_and_faults_are_said(tmp_path):
    assert load(project(tmp_path / "a")).quantities[SHARE].uncertainty.given == LogitNormal(se_logit=SE)
    for folder, more, message in (
        ("b", {"median": 1.0}, "found 1; expected a median between 0 and 1"),
        ("c", {"se": 0.1}, "found the unknown key 'se'; expected one of se_logit"),
        ("d", {"se_logit": -1.0}, "found -1.0; expected a number above 0"),
        ("e", {"name": "logit_norml", "se_logit": 0.1}, "did you mean 'logit_normal'?"),
    ):
        with pytest.raises(InputError) as refused:
            load(project(tmp_path / folder, **more))
        assert message in str(refused.value)


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_it_is_sampled(tmp_path, method):
    drawn = Sampler(load(project(tmp_path)), 1, method).rows(0, 20_000)[SHARE][:, 0]
    logits = (special.logit(drawn) - special.logit(MEDIAN)) / SE
    assert stats.kstest(logits, "norm").pvalue > 1e-4


def test_its_moments_are_checked(tmp_path):
    scenario = load(project(tmp_path))
    expected = expected_of(scenario)[SHARE]
    fine = special.expit(special.logit(MEDIAN) + SE * stats.norm.ppf((np.arange(1e6) + 0.5) / 1e6))
    assert (expected.mean, expected.sd) == pytest.approx((fine.mean(), fine.std()), rel=1e-5)
    done = run("psa", scenario.path, "--draws", 2000, "--no-figures", "--workers", 1, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    with next((tmp_path / "out").rglob("moments.csv")).open(encoding="utf-8") as file:
        assert SHARE in file.read()


def test_one_way_analysis_moves_it_between_its_quantiles(tmp_path):
    moved = {q.address: q for q in varied_quantities(load(project(tmp_path)), [], {})}[SHARE]
    assert (moved.low, moved.high) == pytest.approx((at(-1.959964), at(1.959964)), rel=1e-6)


def test_the_table_of_inputs_has_its_words(tmp_path):
    assert run("run", project(tmp_path), "--no-figures", "--out", tmp_path / "out").exit_code == 0
    with next((tmp_path / "out").rglob("inputs.csv")).open(encoding="utf-8") as file:
        text = next(row for row in csv.reader(file) if SHARE in row)
    assert "logit-normal, median 0.3, SE of the logit 0.8" in text


def test_the_check_lists_it(tmp_path):
    found = json.loads(run("check", project(tmp_path), "--json").stdout)[0]["findings"]
    said = {finding["message"] for finding in found if finding["address"] == PRICE and finding["rule"] == "spread"}
    assert said == {
        "a cost is sampled as gamma or log-normal; found logit_normal",
        "the standard error of the logit is above 3: is it a standard deviation?",
    }


def test_the_schema_of_inputs_has_it(tmp_path):
    schema = inputs_schema()
    assert schema["$defs"]["LogitNormal"]["properties"]["se_logit"]["exclusiveMinimum"] == 0
    number = {"value": 0.3, "unit": "proportion", "source": ["x"], "status": "published"}
    check = jsonschema.Draft202012Validator(schema)
    assert check.is_valid({"n": {**number, "uncertainty": {"logit_normal": {"se_logit": 0.8}}}})
    assert not check.is_valid({"n": {**number, "uncertainty": {"logit_normal": {"se_logit": -1}}}})


def row_of(sheet, address):
    return next(row[0].row for row in sheet.iter_rows() for cell in row if cell.value == address)


def test_the_workbook_has_its_formula_and_its_words(tmp_path):
    live_workbook([load(project(tmp_path))]).save(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    draw = row_of(book["Draw"], SHARE)
    cells = [book["Draw"].cell(draw, column).value for column in (1, 2, 6, 9)]
    logit = f"LN(Draw!$E${draw}/(1-Draw!$E${draw}))+Draw!$F${draw}*Draw!$D${draw}"
    assert cells == [SHARE, "logit-normal (se of the logit)", SE, f'=IFERROR(1/(1+EXP(-({logit}))),"none")']
    row = row_of(book["Inputs"], SHARE)
    wanted = (columns.LOW, columns.HIGH, columns.DISTRIBUTION)
    low, high, words = (book["Inputs"].cell(row, column).value for column in wanted)
    assert (low, high) == pytest.approx((at(-1.959964), at(1.959964)), rel=1e-6)
    assert words == "logit-normal (se_logit 0.8)"


@needs_office
def test_the_workbook_draws_it_as_python_does(tmp_path):
    workbook = live_workbook([load(project(tmp_path))])
    workbook.save(tmp_path / "m.xlsx")
    draw = row_of(openpyxl.load_workbook(tmp_path / "m.xlsx")["Draw"], SHARE)
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for z in (-1.2, 0.0, 2.0):
            office.change({f"Draw!C{draw}": z})
            assert office.value(f"Draw!I{draw}") == pytest.approx(at(z), rel=1e-12)
        assert not math.isnan(office.value(workbook.results.cells["costs.new"]))
