from __future__ import annotations

import csv
import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from netcea.analyses.base_case.evidence_tables import meets
from netcea.analyses.base_case.tables import TABLES
from netcea.reporting.csv_tables import heading, table_text
from netcea.reporting.number_format import safe_text, shown, starts_like_formula
from netcea.reporting.report import write_report_into, write_tables
from netcea.reporting.table import Icer, Table, as_frame

CASES = {
    "plain": {"drug": (114_000.0, 2.459), "care": (31_000.0, 2.357)},
    "dominated": {"drug": (114_000.0, 2.300), "care": (31_000.0, 2.357)},
    "dominant": {"drug": (21_000.0, 2.459), "care": (31_000.0, 2.357)},
    "cheaper and worse": {"drug": (21_000.0, 2.200), "care": (31_000.0, 2.357)},
    "equal": {"drug": (31_000.0, 2.357), "care": (31_000.0, 2.357)},
}


def words(table: Table, name: str) -> list[str]:
    kind = next(column.format for column in table.columns if column.name == name)
    return [shown(cell, kind) for cell in table.column(name)]


@pytest.mark.parametrize(
    ("case", "pairwise", "incremental"),
    [
        ("plain", "£813,725", ["-", "£813,725"]),
        ("dominated", "(dominated)", ["-", "(dominated)"]),
        ("dominant", "(dominant)", ["-", "(dominated)"]),
        ("cheaper and worse", "£63,694 saved per QALY lost", ["-", "£63,694"]),
        ("equal", "(equal)", ["-", "(equal)"]),
    ],
)
def test_each_kind_of_icer_is_called_by_its_name(made, case, pairwise, incremental):
    result = made(CASES[case])
    assert words(TABLES["pairwise"](result), "icer") == [pairwise]
    assert words(TABLES["base_case"](result), "icer_incremental") == incremental
    assert words(TABLES["beside"](result), "icer")[0] == pairwise


def test_extended_dominance_and_order_of_cost(made):
    totals = {"drug": (114_000.0, 2.459), "other": (60_000.0, 2.360), "care": (31_000.0, 2.357)}
    table = TABLES["base_case"](made(totals))
    assert table.column("technologies") == ["Care", "Other", "Drug"]
    assert words(table, "icer_incremental") == ["-", "(ext dominated)", "£813,725"]
    assert [column.title for column in table.columns] == [
        "Technologies",
        "Total costs (£)",
        "Total LYG",
        "Total QALYs",
        "Incremental costs (£)",
        "Incremental LYG",
        "Incremental QALYs",
        "ICER versus baseline (£/QALY)",
        "ICER incremental (£/QALY)",
    ]


def test_no_icer_is_negative_anywhere(any_case):
    for make in TABLES.values():
        table = make(any_case)
        for column in table.columns:
            if column.format == "icer":
                for cell in table.column(column.name):
                    assert cell is None or (isinstance(cell, Icer) and (cell.value is None or cell.value >= 0))
                    assert "-£" not in shown(cell, "icer")


@pytest.mark.parametrize("name", TABLES)
def test_each_table_says_what_it_is(name, made, real):
    for result in (made(CASES["plain"]), real):
        table = TABLES[name](result)
        assert table.name == name
        assert table.title
        assert all(column.heading for column in table.columns)
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert (TABLES[name].__doc__ or "").startswith("Return")


@pytest.mark.parametrize("name", TABLES)
def test_frames_are_typed_and_documented(name, real):
    table = TABLES[name](real)
    frame = as_frame(table)
    assert list(frame.attrs["columns"]) == list(frame.columns)
    assert len(frame) == len(table.rows)
    for column in table.columns:
        wanted = "string" if column.format == "text" else "float64"
        assert frame[column.name].dtype == pd.Series([], dtype=wanted).dtype
    pd.testing.assert_frame_equal(frame, real.frame(name))


def test_totals_are_sums_of_parts_and_equal_the_results(real):
    for name, total in (
        ("costs_by_category_and_state", "costs"),
        ("costs_by_item", "costs"),
        ("qalys_by_state", "qalys"),
        ("life_years_by_state", "life_years"),
    ):
        frame = as_frame(TABLES[name](real))
        key = frame.columns[1]
        for discounting, prefix in (("Discounted", ""), ("Undiscounted", "undiscounted_")):
            block = frame[frame["discounting"] == discounting]
            parts, totals = block[block[key] != "Total"], block[block[key] == "Total"]
            for strategy, found in real.case.strategies.items():
                wanted = getattr(found, prefix + total)
                assert parts[strategy].sum() == pytest.approx(wanted, rel=1e-12)
                assert totals[strategy].item() == pytest.approx(wanted, rel=1e-12)
            assert parts["increment"].sum() == pytest.approx(totals["increment"].item(), rel=1e-9)
            assert parts["share_of_absolute_increment"].sum() == pytest.approx(1.0)
            assert totals["absolute_increment"].item() == pytest.approx(np.abs(parts["increment"]).sum())


def test_outcomes_add_up(real):
    frame = as_frame(TABLES["outcomes"](real))
    sums = frame.groupby(["strategy", "measure"])["discounted"].sum()
    for strategy, found in real.case.strategies.items():
        for measure in ("costs", "qalys", "life_years"):
            assert sums[strategy, measure] == pytest.approx(getattr(found, measure), rel=1e-12)


def test_items_of_the_same_label_are_added_not_lost(real):
    costs = {name: item.model_copy(update={"label": "Same"}) for name, item in real.scenario.file.costs.items()}
    file = real.scenario.file.model_copy(update={"costs": costs})
    same = replace(real, scenario=replace(real.scenario, file=file))
    table = TABLES["costs_by_item"](same)
    total = table.column("cabozantinib")[table.column("category").index("Total")]
    assert total == pytest.approx(real.case.strategies["cabozantinib"].costs)


def test_a_published_figure_is_met_to_its_rounding():
    assert meets(13.8, 13.849)
    assert not meets(13.8, 13.851)
    assert meets(40.0, 40.4)
    assert not meets(0.23, 0.32)


def test_csv_files_are_the_same_each_time_and_hold_full_precision(real, tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        write_report_into(real.report, tmp_path / name, figures=False)
    first, second = (sorted((tmp_path / name / "tables").iterdir()) for name in "ab")
    traces = [f"trace_{s}" for s in real.traces]
    assert [p.name for p in first] == [f"{name}.csv" for name in sorted([*TABLES, "sources", *traces])]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert all(b"\r" not in p.read_bytes() for p in first)
    rows = list(csv.DictReader((tmp_path / "a" / "tables" / "base_case.csv").read_text(encoding="utf-8").splitlines()))
    assert float(rows[-1]["Total costs (£)"]) == real.case.strategies["cabozantinib"].costs
    with (tmp_path / "a" / "tables" / "trace_cabozantinib.csv").open(encoding="utf-8") as file:
        trace = list(csv.reader(file))
    assert trace[0][:3] == ["cycle", "time_years [years]", "pfs_curve [share]"]
    assert float(trace[2][2]) == real.traces["cabozantinib"].edges["pfs_curve"][1]


def test_text_stays_text_in_csv(with_warning, tmp_path):
    number = re.compile(r"-?[0-9.]+(e[-+]?[0-9]+)?")
    for path in write_tables(with_warning.report, tmp_path):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert number.fullmatch(cell) or not starts_like_formula(cell), (path.name, cell)
                    assert "\x1b" not in cell


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\rx", "  =1", "\uff1d1", "a;=1", "a\n@b"])
def test_whatever_begins_like_a_formula_gets_an_apostrophe(text):
    found = safe_text(text)
    assert found != text
    assert not starts_like_formula(found)
    assert not re.search(r"[;\n]\s*[=+\-@]", found)


def test_labels_in_csv(made):
    table = TABLES["pairwise"](made(CASES["cheaper and worse"]))
    row = next(csv.DictReader(table_text(table).splitlines()))
    assert row["ICER (£/QALY)"].endswith("(cost saved per QALY lost)")
    assert heading(table.columns[2]) == "Incremental costs (£)"
    summary = table_text(TABLES["summary_by_strategy"](made(CASES["plain"])))
    assert "not reached" in summary
    assert "Alive at the horizon (share)" in summary


def test_inputs_lists_every_quantity_once(real):
    table = TABLES["inputs"](real)
    assert table.column("address") == list(real.scenario.quantities)
    assert all(math.isfinite(value) for value in table.column("value"))
