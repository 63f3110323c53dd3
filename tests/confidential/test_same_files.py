"""What is the same in files of several runs: nothing of another run than the public one is ever written."""

import csv
import gzip
import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcea.confidential.same_files import Hidden, same_cells, same_folders, same_leaves
from netcea.confidential.same_workbook import same_workbooks, with_sheet

LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-10, 10, width=16) | st.sampled_from(["a", "b", ""])
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner))


def flat(node):
    if isinstance(node, dict):
        return [leaf for value in node.values() for leaf in flat(value)]
    return [leaf for item in node for leaf in flat(item)] if isinstance(node, list) else [node]


@settings(max_examples=300)
@given(TREES, TREES, TREES)
def test_leaves_come_from_the_public_run_or_are_blank(public, free, there):
    merged = same_leaves([public, free, there], Hidden())
    assert all(leaf == "confidential" or leaf in flat(public) for leaf in flat(merged))
    assert same_leaves([public, public], Hidden()) == public


@settings(max_examples=300)
@given(TREES, TREES)
def test_what_differs_between_public_runs_hides_whatever_the_secret_run_holds(public, free):
    """A secret run equal to either end gives the same file: it does not show which."""
    assert same_leaves([public, free, public], Hidden()) == same_leaves([public, free, free], Hidden())


def test_lists_of_numbers_are_one_leaf():
    assert same_leaves([{"curve": [0.0, 1.0]}, {"curve": [0.0, 2.0]}], Hidden()) == {"curve": "confidential"}
    assert same_leaves([[1, "a"], [1, "b"]], Hidden()) == [1, "confidential"]


def test_cells_rows_and_shapes():
    hidden = Hidden()
    first = [["item", "costs", "qalys"], ["a", "10.5", "2"], ["b", "3", "1"]]
    other = [["item", "costs", "qalys"], ["a", "9.5", "2"], ["c", "3", "1"]]
    assert same_cells([first, other], hidden) == [
        first[0],
        ["a", "confidential", "2"],
        ["confidential", "confidential", "confidential"],
    ]
    assert hidden.values == 4
    assert same_cells([first, other[:2]], Hidden()) is None
    assert same_cells([first, [["item", "other", "qalys"], *other[1:]]], Hidden()) is None


def folders_of(tmp_path, *contents):
    made = []
    for number, files in enumerate(contents):
        folder = tmp_path / str(number)
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        made.append(folder)
    (tmp_path / "out").mkdir()
    return made, tmp_path / "out"


def test_draws_are_hidden_by_column(tmp_path):
    def draws(costs):
        return gzip.compress(f"draw,costs,qalys\n1,10.0,2.5\n2,{costs},1.5\n".encode(), mtime=0)

    folders, out = folders_of(tmp_path, {"draws.csv.gz": draws(7.25)}, {"draws.csv.gz": draws(3.125)})
    same_folders(folders, out)
    rows = list(csv.reader(io.StringIO(gzip.decompress((out / "draws.csv.gz").read_bytes()).decode())))
    assert rows == [["draw", "costs", "qalys"], ["1", "confidential", "2.5"], ["2", "confidential", "1.5"]]


def test_parquet_is_hidden_by_column(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

    def draws(cost):
        out = io.BytesIO()
        pq.write_table(pa.table({"costs": [1.0, cost], "qalys": [2.0, 3.0]}), out)
        return out.getvalue()

    folders, out = folders_of(tmp_path, {"draws.parquet": draws(7.0)}, {"draws.parquet": draws(8.0)})
    same_folders(folders, out)
    assert pq.read_table(out / "draws.parquet").to_pydict() == {"costs": ["confidential"] * 2, "qalys": [2.0, 3.0]}


def test_other_files_are_kept_where_their_bytes_are_the_same(tmp_path):
    folders, out = folders_of(tmp_path, {"a.png": b"1", "b.png": b"1", "c.svg": b"1"}, {"a.png": b"1", "b.png": b"2"})
    hidden = same_folders(folders, out)
    assert [p.name for p in out.iterdir()] == ["a.png"]
    assert hidden.dropped == ["b.png", "c.svg"]


def book(cells, *, extra=0, formula=False, comment=""):
    made = openpyxl.Workbook()
    made.properties.title = f"secret {cells}"
    sheet = made.active
    for row in cells:
        sheet.append(row)
    if formula:
        sheet["D1"] = "=1+1"
    if comment:
        sheet["A1"].comment = openpyxl.comments.Comment(comment, "x")
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(sheet, min_col=2, min_row=1, max_row=2))
    sheet.add_chart(chart, "F1")
    other = made.create_sheet("Other")
    for _ in range(1 + extra):
        other.append(["x"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_excel_files_keep_values_that_are_the_same_and_nothing_else():
    public = book([["a", 10.0, 2.0], ["b", 1.0, 1.0]], formula=True, comment="12.5")
    other = book([["a", 7.0, 2.0], ["c", 1.0, 1.0]], extra=1, formula=True, comment="12.5")
    data, hidden, dropped = same_workbooks([public, other])
    found = openpyxl.load_workbook(io.BytesIO(with_sheet(data, [("Audit", "words")])))
    assert found.sheetnames == ["Redaction", "Sheet"]
    assert [[c.value for c in row] for row in found["Sheet"].iter_rows()] == [
        ["a", "confidential", 2, "confidential"],
        ["confidential", "confidential", "confidential", None],
    ]
    assert dropped == ["pictures of Sheet", "sheet Other"]
    assert hidden == 5
    assert not found["Sheet"]._charts
    assert found["Sheet"]["A1"].comment is None
    assert "7.0" not in str(found.properties)


def test_json_of_the_same_bytes(tmp_path):
    content = json.dumps({"a": [1, 2.5, None], "b": {"c": "x"}}).encode()
    folders, out = folders_of(tmp_path, {"x.json": content}, {"x.json": content})
    assert same_folders(folders, out).values == 0
    assert json.loads((out / "x.json").read_text(encoding="utf-8")) == json.loads(content)
