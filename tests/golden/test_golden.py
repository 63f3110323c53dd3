"""Every scenario gives its golden table, to half a unit of the last decimal that the table shows."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

from helpers.made import loaded

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("update_golden", HERE / "update.py")
update = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(update)
FILES = update.scenario_files()


def test_there_is_one_table_for_each_scenario():
    wanted = {update.golden_file(scenario) for scenario in FILES}
    assert set(HERE.rglob("*.csv")) == wanted, "python tests/golden/update.py writes them"
    assert len(FILES) > 100


@pytest.mark.parametrize("scenario", FILES, ids=lambda path: path.stem)
def test_golden(scenario):
    path = update.golden_file(scenario)
    with path.open(encoding="utf-8", newline="") as lines:
        stored = list(csv.DictReader(lines))
    found = update.rows(scenario, lambda file: loaded(file, ()))
    assert list(stored[0]) == update.HEADER
    assert [row["strategy"] for row in stored] == [row["strategy"] for row in found]
    for old, new in zip(stored, found, strict=True):
        for name, cell in old.items():
            where = f"{path.name}, {old['strategy']}, {name}"
            if name in update.DECIMALS and cell:
                half = 0.5 * 10.0 ** -update.DECIMALS[name]
                assert new[name] is not None, where
                assert abs(new[name] - float(cell)) <= half * (1 + 1e-6), f"{where}: {new[name]!r}, golden {cell}"
            else:
                assert cell == ("" if new[name] is None else str(new[name])), where


def test_tables_are_written_as_the_command_writes_them():
    """Nobody edited one by hand."""
    for scenario in FILES:
        lines = update.golden_file(scenario).read_text(encoding="utf-8").splitlines()
        assert lines[0] == ",".join(update.HEADER)
        for line in lines[1:]:
            for name, cell in zip(update.HEADER, line.split(","), strict=True):
                if name in update.DECIMALS and cell:
                    assert cell == f"{float(cell):.{update.DECIMALS[name]}f}"
