"""A strategy's own utilities in cells, and as a choice of the reader."""

from __future__ import annotations

import pytest

from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from helpers.opened import opened
from helpers.small_project import Number, choices, exponential, write
from netcea.loading import load
from netcea.workbook.export import live_workbook


@needs_office
@pytest.mark.slow
def test_cells_are_python_s_and_the_reader_may_choose(tmp_path):
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.4)} for name in ("new", "old")}
    strategies["new"]["time_on_treatment"] = {"rule": "until_progression"}
    tree = choices(strategies, utilities=(0.8, 0.6), horizon_years=8, cycle_days=91)
    own = {"progression_free": Number(0.7, "utility"), "on_treatment_disutility": Number(0.05, "utility")}
    tree["utilities"]["by_strategy"] = {"new": own, "old": {"progressed": Number(0.5, "utility")}}
    tree["utilities"]["age_adjustment"] = "multiplicative"
    path = str(write(tmp_path, tree))
    with_own, of_all = load(path), load(path, {"utilities.by_strategy": {}})
    assert expected(with_own) != expected(of_all)
    workbook = live_workbook([with_own, of_all])
    row, choice = workbook.inputs.choice_rows["utilities"], workbook.variants.choices["utilities"]
    assert "own utilities of new" in choice.options[choice.taken[0]]
    with Office() as office:
        opened(office, workbook, tmp_path)
        assert office.errors() == []
        assert differences(expected(with_own), workbook.results.cells, office.values) == []
        assert trace_differences(with_own, workbook, office.range) == ([], [])
        office.change({f"Choices!E{row}": choice.options[choice.taken[1]]})
        assert differences(expected(of_all), workbook.results.cells, office.values) == []
