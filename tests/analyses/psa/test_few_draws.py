"""A probabilistic analysis of a handful of draws is one: no false alarm, no value that is not finite."""

import csv
import json
import math
import warnings
from itertools import product

import pytest
from click.testing import CliRunner

from helpers.sample_of import mostly_slow
from helpers.small_project import Number, choices, exponential, loaded
from netcea.analyses.psa.moment_checks import FEWEST
from netcea.analyses.registry import ANALYSES
from netcea.cli.main import main
from netcea.loading import load
from netcea.scenario.options import PsaOptions


def psa(*arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return CliRunner().invoke(main, ["psa", "pnet", *map(str, arguments)])


def numbers_in(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from numbers_in(item)
    elif isinstance(value, float):
        yield value


@pytest.mark.parametrize(
    ("draws", "sampling"),
    mostly_slow(product((2, 3, 10), ("pseudo_random", "sobol")), [(2, "pseudo_random"), (3, "sobol")]),
)
def test_every_output_of_few_draws_is_finite(tmp_path, draws, sampling):
    ran = psa("--draws", draws, "--sampling", sampling, "--bcea", "--out", tmp_path / "o")
    assert ran.exit_code == 0, ran.output
    assert f"Fewer than {FEWEST} draws" in " ".join(ran.output.split())
    assert not {"nan", "inf", "-inf"} & set(ran.output.lower().replace(",", " ").split())
    for path in (tmp_path / "o").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = {cell.lower() for row in csv.reader(file) for cell in row}
        assert not {"nan", "inf", "-inf"} & cells, path.name
    text = (tmp_path / "o" / "results.json").read_text(encoding="utf-8")
    assert all(map(math.isfinite, numbers_in(json.loads(text))))
    again = CliRunner().invoke(main, ["psa", str(tmp_path / "o"), "--from", "--no-files"])
    assert again.exit_code == 0, again.output


@pytest.mark.parametrize("seed", mostly_slow(range(1, 8), [1]))
def test_moments_of_few_draws_raise_no_false_alarm(seed):
    for draws in (2, 20, FEWEST - 1, FEWEST):
        found = ANALYSES["psa"].run(load("pnet"), PsaOptions(draws=draws, seed=seed, explain=False, keep_draws="no"))
        assert found.faults == ()
        assert bool(found.moments) is (draws >= FEWEST)


def test_rows_of_ones_own_are_counted_in_words(tmp_path):
    file = tmp_path / "p.csv"
    for rows, words in ((0, "found no row"), (1, "found one row")):
        file.write_text("costs.unit.ct_scan\n" + "100\n" * rows, encoding="utf-8")
        ran = psa("--parameters", file, "--no-files")
        assert ran.exit_code == 2
        assert words in ran.output


def test_one_entry_is_one(tmp_path):
    file = tmp_path / "b.yaml"
    file.write_text(
        "format: 1\nname: b\nrationale: r\nscenarios: []\nanalyses: {base_case: {}}\ngrids: {g: {axes: {}}}\n",
        encoding="utf-8",
    )
    ran = CliRunner().invoke(main, ["batch", str(file), "--list"])
    assert ran.exit_code == 2
    assert ran.output.count("found no entry; expected at least one entry") == 2


def test_where_nothing_is_uncertain_no_standard_error_is_made_of_rounding(tmp_path):
    strategies = {n: {"pfs": exponential(1.0), "os": exponential(0.3)} for n in ("new", "old")}
    costs = {"a": {"kind": "one_off", "strategies": ["new"], "unit_cost": Number(100.1, "GBP")}}
    found = ANALYSES["psa"].run(loaded(tmp_path, choices(strategies, costs)), PsaOptions(draws=1000, keep_draws="no"))
    assert {interval.mcse for interval in found.intervals.values()} == {0.0}
    assert {str(cell) for cell in found.report.table("summary").column("mcse")} <= {"£0", "0", "-", "0.000"}
