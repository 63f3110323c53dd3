"""Results that are not redacted: they are marked, and no input of a confidential layer stands in them."""

import json
from itertools import product

import openpyxl
import pytest
from click.testing import CliRunner

from helpers.price_layers import DISCOUNT, LIST_PRICE, OTHER, PRICE, SECRET, everything, leaks, written
from helpers.sample_of import mostly_slow
from netcea.cli.main import main

RATIO = "survival.cabinet_pnet.os_nejm.hazard_ratio"
RUNS = {
    "run": ["--no-ledger"],
    "one-way": [],
    "two-way": ["--axis", RATIO, "--axis", "costs.unit.ct_scan=50:150:2"],
    "threshold": ["--draws", "30"],
    "psa": ["--draws", "40", "--keep-draws", "csv", "--bcea"],
    "voi": ["--draws", "100"],
    "severity": ["--draws", "40", "--age-sd", "9"],
    "budget": [],
}


def netcea(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def trace_sheet(folder):
    """The member of the Excel file that holds the trace of cabozantinib."""
    path = folder / "results.xlsx"
    if not path.is_file():
        return ""
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    return f"results.xlsx/xl/worksheets/sheet{names.index('Trace cabozantinib') + 1}.xml"


@pytest.mark.parametrize(
    ("address", "command"), mostly_slow(product((DISCOUNT, PRICE), RUNS), [(DISCOUNT, "psa"), (PRICE, "two-way")])
)
def test_no_input_of_a_layer_is_written_or_printed(tmp_path, command, address):
    value = SECRET if address == DISCOUNT else round(LIST_PRICE * (1 - SECRET), 6)
    path, out = written(tmp_path, {address: value}), tmp_path / "out"
    done = netcea(command, "pnet", *RUNS[command], "--prices", path, "--out", out)
    assert done.exit_code == 0, done.output
    found = leaks({"screen": done.output.encode(), **everything(out)}, SECRET)
    net = f"{LIST_PRICE * (1 - SECRET):.7g}"  # a result of the first cycle: everybody is given one pack
    assert not [leak for leak in found if leak not in {("tables/trace_cabozantinib.csv", net), (trace_sheet(out), net)}]
    assert "CONFIDENTIAL: contains results at confidential prices" in " ".join(done.stdout.split())
    assert "A reader can solve for the price of Cabozantinib" in done.stderr
    for name in ("run.json", "results.json"):
        record = json.loads((out / name).read_text(encoding="utf-8"))
        assert record["marking"].startswith("CONFIDENTIAL")
        assert [layer["name"] for layer in record["prices"]] == ["own"]
        assert set(record["prices"][0]) == {"name", "confidential", "sha256"}
    assert address not in json.loads((out / "inputs.json").read_text(encoding="utf-8"))["numbers"]
    again = netcea("show", out)
    assert "CONFIDENTIAL" in again.output
    assert not leaks({"show": again.output.encode()}, SECRET)


def test_results_are_those_of_the_price(tmp_path):
    path = written(tmp_path, {DISCOUNT: SECRET})
    ours = json.loads(netcea("run", "pnet", "--no-ledger", "--no-files", "--json", "--prices", path).stdout)
    theirs = json.loads(
        netcea("run", "pnet", "--no-ledger", "--no-files", "--json", "--set", f"{DISCOUNT}={SECRET}").stdout
    )
    assert ours["pairwise"] == theirs["pairwise"]
    assert ours["digest"] != theirs["digest"]


def test_the_ladder_starts_at_the_public_price_and_names_no_discount(tmp_path):
    """The same ladder whatever the confidential price or discount is, and as without one."""
    ladders = []
    for address, value in ((None, 0), (DISCOUNT, SECRET), (PRICE, 1234.56)):
        prices = [] if address is None else ["--prices", written(tmp_path, {address: value})]
        done = netcea("threshold", "pnet", "--json", "--no-files", *prices)
        found = json.loads(done.stdout)["results"]["prices"][0]
        assert found["drug"]["discount_now"] == 0.0
        assert found["drug"]["list_price"] == LIST_PRICE
        ladders.append(found["point_estimates"])
    assert ladders[0] == ladders[1] == ladders[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["one-way", "pnet", "--address", DISCOUNT, "--bounds", f"{DISCOUNT}=0:1"],
        ["two-way", "pnet", "--axis", f"{DISCOUNT}=0:1:3", "--axis", RATIO],
        ["threshold", "pnet", "--address", DISCOUNT],
    ],
)
def test_a_confidential_price_is_not_moved(tmp_path, arguments):
    done = netcea(*arguments, "--prices", written(tmp_path, {DISCOUNT: SECRET}), "--no-files")
    assert (done.exit_code, "a confidential price" in done.output) == (2, True)
    assert not leaks({"screen": done.output.encode()}, SECRET)


def test_rows_of_ones_own_cannot_hold_it(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{DISCOUNT}\n0.1\n0.2\n", encoding="utf-8")
    done = netcea("psa", "pnet", "--parameters", rows, "--prices", written(tmp_path, {DISCOUNT: SECRET}), "--no-files")
    assert (done.exit_code, "a confidential price layer sets" in done.output) == (2, True)


def test_psa_again_needs_the_layers(tmp_path):
    path, out = written(tmp_path, {DISCOUNT: SECRET}), tmp_path / "out"
    assert (
        netcea("psa", "pnet", "--draws", "40", "--no-figures", "--prices", path, "--out", out, "--quiet").exit_code == 0
    )
    assert netcea("psa", out, "--from", "--no-files").exit_code == 2
    assert netcea("psa", out, "--from", "--no-files", "--prices", path).exit_code == 0


def test_diff_says_that_the_price_differs_and_not_by_how_much(tmp_path):
    outs = []
    for number, secret in enumerate((SECRET, OTHER)):
        path = written(tmp_path, {DISCOUNT: secret})
        outs.append(tmp_path / f"{number}")
        done = netcea(
            "run",
            "pnet",
            "--no-ledger",
            "--no-figures",
            "--no-workbook",
            "--quiet",
            "--prices",
            path,
            "--out",
            outs[-1],
        )
        assert done.exit_code == 0
    found = netcea("diff", *outs)
    assert found.exit_code == 0, found.output
    assert not leaks({"screen": found.output.encode()}, SECRET)
    assert DISCOUNT in found.output


@pytest.mark.slow
def test_a_live_workbook_is_marked_and_holds_the_price_as_an_input(tmp_path):
    out = tmp_path / "model.xlsx"
    done = netcea("export", "pnet", "--prices", written(tmp_path, {DISCOUNT: SECRET}), "-o", out)
    assert done.exit_code == 0, done.output
    assert "CONFIDENTIAL" in done.stderr
    book = openpyxl.load_workbook(out)
    assert book["Cover"]["A3"].value == "CONFIDENTIAL"
    cells = [cell.value for row in book["Inputs"].iter_rows() for cell in row]
    assert SECRET in cells
    book.close()
