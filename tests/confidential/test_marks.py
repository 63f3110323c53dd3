"""A confidential run is marked in everything that is made of it: every file, the screen, frames, figures, notebooks."""

import gzip
import json
import zipfile
from io import BytesIO

import openpyxl
import pytest
from click.testing import CliRunner
from PIL import Image

import netcea
from helpers.price_layers import DISCOUNT, OTHER, SECRET, layers, written
from netcea.analyses.base_case.analysis import evaluate
from netcea.cli.main import main
from netcea.loading.load import load
from netcea.scenario.price_layers import MARKING

MARK = "CONFIDENTIAL"
SMALL = ("--no-ledger",)
BATCH = """\
format: 1
name: two
rationale: A small batch
scenarios: [pnet]
analyses:
  base_case: {ledger: false, workbook: false}
  psa: {draws: 30, keep_draws: 'no'}
"""
AXES = ("--axis", "survival.cabinet_pnet.os_nejm.hazard_ratio=0.9:1:2", "--axis", "costs.unit.ct_scan=50:150:2")


def command(*arguments):
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done


def unmarked(folder):
    """Every file below a folder that does not say what it is; an Excel file says it in itself and on every sheet."""
    return [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file() and not is_marked(p)]


def is_marked(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        return MARK.encode() in gzip.decompress(data)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return MARK in pq.read_schema(path).names
    if path.suffix == ".png":
        with Image.open(path) as picture:
            return picture.info["Description"] == MARKING
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(data)) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            return all(MARK.encode() in book.read(name) for name in [*sheets, "docProps/core.xml"])
    return MARK.encode() in data


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    return written(tmp_path_factory.mktemp("layers"), {DISCOUNT: SECRET})


@pytest.fixture(scope="module")
def whole(tmp_path_factory, prices):
    """A base case with everything that it can write."""
    out = tmp_path_factory.mktemp("whole") / "run"
    done = command("run", "pnet", *SMALL, "--prices", prices, "--out", out)
    assert MARK in done.stdout
    return out


def test_every_file_of_a_base_case(whole):
    assert unmarked(whole) == []
    assert {path.suffix for path in whole.rglob("*")} >= {".csv", ".json", ".xlsx", ".png", ".svg"}
    book = openpyxl.load_workbook(whole / "results.xlsx", read_only=True)
    assert {sheet["A1"].value for sheet in book.worksheets} == {MARKING}
    assert book.properties.subject == MARKING
    book.close()


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(("one-way", "pnet", "--no-figures"), marks=pytest.mark.slow),
        ("two-way", "pnet", *AXES),
        pytest.param(("threshold", "pnet", "--draws", 20, "--no-figures"), marks=pytest.mark.slow),
        pytest.param(
            ("psa", "pnet", "--draws", 30, "--keep-draws", "csv", "--bcea", "--no-figures"), marks=pytest.mark.slow
        ),
        ("psa", "pnet", "--draws", 30, "--keep-draws", "parquet", "--no-figures"),
        pytest.param(("voi", "pnet", "--draws", 100), marks=pytest.mark.slow),
        pytest.param(("psa", "pnet", "--draws", 30), marks=pytest.mark.slow),
    ],
)
def test_every_file_of_an_analysis(tmp_path, prices, asked):
    if "parquet" in asked:
        pytest.importorskip("pyarrow")
    assert MARK in command(*asked, "--prices", prices, "--out", tmp_path / "out").stdout
    assert unmarked(tmp_path / "out") == []


def test_what_is_made_of_a_run_afterwards(tmp_path, whole):
    found = command("diff", whole, "pnet", "--out", tmp_path / "diff")
    assert MARK in found.stdout
    assert unmarked(tmp_path / "diff") == []
    compared = json.loads(command("diff", "pnet", whole, "--json").stdout)
    assert compared["marking"] == compared["b"]["marking"] == MARKING
    assert "marking" not in compared["a"]
    assert MARK in command("show", whole).stdout
    assert json.loads(command("show", whole, "--json").stdout)["marking"] == MARKING
    assert MARK in command("runs", whole.parent).stdout
    assert json.loads(command("runs", whole.parent, "--json").stdout)[0]["marking"] == MARKING


def test_folders_of_runs_compared(tmp_path, whole):
    command("run", "pnet", *SMALL, "--no-figures", "--no-workbook", "--out", tmp_path / "public" / "run", "--quiet")
    found = command("diff", tmp_path / "public", whole.parent, "--out", tmp_path / "diff")
    assert MARK in found.stdout
    assert unmarked(tmp_path / "diff") == []


def test_a_mark_that_was_cut_off_one_record_stands_in_the_other(tmp_path, prices):
    out = tmp_path / "run"
    command("run", "pnet", *SMALL, "--no-figures", "--no-workbook", "--prices", prices, "--out", out, "--quiet")
    saved = json.loads((out / "results.json").read_text(encoding="utf-8"))
    saved.pop("marking")
    (out / "results.json").write_text(json.dumps(saved), encoding="utf-8")
    assert MARK in command("diff", out, "pnet").stdout


def test_draws_shown_again_and_brought_as_rows(tmp_path, prices):
    out, again = tmp_path / "psa", tmp_path / "again"
    command(
        "psa", "pnet", "--draws", 30, "--keep-draws", "csv", "--no-figures", "--prices", prices, "--out", out, "--quiet"
    )
    command("psa", out, "--from", "--no-figures", "--prices", prices, "--out", again, "--quiet")
    assert unmarked(again) == []
    rows = out / "draws.csv.gz"
    command("psa", "pnet", "--parameters", rows, "--prices", prices, "--no-files", "--quiet")  # the mark is no number


def test_redacted_draws_are_not_shown_again(tmp_path, prices):
    """What is hidden is no number: said at once, with and without the layers, whatever they hold."""
    out, other = tmp_path / "psa", written(tmp_path, {DISCOUNT: OTHER})
    asked = ("psa", "pnet", "--draws", 30, "--keep-draws", "csv", "--no-figures", "--quiet")
    command(*asked, "--redact", "--prices", prices, "--out", out)
    said = []
    for given in ((), ("--prices", prices), ("--prices", other)):
        done = CliRunner().invoke(main, ["psa", str(out), "--from", "--no-files", *map(str, given)])
        assert done.exit_code == 2
        said.append(done.output)
    assert "redacted results" in said[0]
    assert said[0] == said[1] == said[2]


def test_every_file_of_a_batch_and_of_one_that_goes_on(tmp_path, prices):
    file = tmp_path / "two.yaml"
    file.write_text(BATCH, encoding="utf-8")
    for _ in range(2):
        done = command(
            "batch", file, "--prices", f"own={prices}", "--out", tmp_path / "out", "--no-figures", "--workers", 1
        )
        assert MARK in done.stdout
        assert (tmp_path / "out" / "pnet__own" / "psa" / "increments.csv.gz").is_file()
        left = [name for name in unmarked(tmp_path / "out") if not name.startswith("pnet/")]
        assert [name for name in left if name not in ("timings.csv", "batch.json")] == []


def test_in_python(prices):
    from netcea.confidential.layers import read_layers

    result = netcea.run(netcea.load("pnet", prices=read_layers([prices])), ledger=False)
    for name in result.tables:
        frame = result.frame(name)
        assert frame.attrs["marking"] == MARKING
        assert set(frame["marking"]) <= {MARK}
        assert MARK in frame.to_csv()[:2000] or frame.empty
    assert MARK in repr(result)
    assert MARK in result._repr_html_()
    assert MARK in [text.get_text() for text in result.figure("plane").texts]
    assert json.loads(result.as_json())["marking"] == MARKING


def test_nothing_is_marked_without_confidential_prices():
    result = netcea.run("pnet", ledger=False)
    assert "marking" not in result.frame("pairwise").columns
    assert MARK not in result.as_json() + repr(result) + result._repr_html_()
    assert MARK not in [text.get_text() for text in result.figure("plane").texts]


def test_redacted_frames_hold_no_number_in_place_of_a_hidden_one():
    report = netcea.run(load("pnet", (), (), layers({DISCOUNT: SECRET}).at(())), ledger=False)
    frame = report.frame("pairwise")
    assert frame["icer"].isna().all()
    assert frame["incremental_qalys"].notna().all()
    assert evaluate(load("pnet")).against_comparator().icer > 0


@pytest.mark.slow
def test_a_live_workbook(tmp_path, prices):
    command("export", "pnet", "--prices", prices, "-o", tmp_path / "model.xlsx")
    assert unmarked(tmp_path) == []
