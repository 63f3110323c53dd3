"""What was set is shown as addresses and values: no JSON, no page of it, nothing that acts on a terminal."""

from __future__ import annotations

import json

from click.testing import CliRunner

from netcea.cli.main import main
from netcea.reporting.changes import MOST_LINES, change_lines, changes_shown

GROUP = {"value": 1e6, "unit": "GBP", "uncertainty": {"fixed": "as offered"}, "source": ["a", "b"], "range": None}


def lines(value):
    return change_lines("costs.drug.a", json.dumps(value))


def test_every_kind_of_value_without_the_signs_of_json():
    assert lines(0.35) == ["costs.drug.a = 0.35"]
    assert lines(True) == ["costs.drug.a = true"]
    assert lines(None) == ["costs.drug.a = none"]
    assert lines("annual") == ["costs.drug.a = annual"]
    assert lines([]) == ["costs.drug.a = an empty list"]
    assert lines(["x", 2]) == ["costs.drug.a = x; 2"]
    assert lines(GROUP) == [
        "costs.drug.a.value = 1000000",
        "costs.drug.a.unit = GBP",
        "costs.drug.a.uncertainty.fixed = as offered",
        "costs.drug.a.source = a; b",
        "costs.drug.a.range = none",
    ]
    assert not any(sign in text for text in lines(GROUP) for sign in '{}["]')


def test_a_record_that_somebody_else_wrote_stands_as_text():
    assert change_lines("x", "not { json") == ["x = not { json"]
    assert change_lines("x", "[" * 5000) == [f"x = {'[' * 119}…"]
    assert "\x1b" not in "".join(change_lines("x", '"\\u001b[31m"'))


def test_a_new_strategy_is_not_a_page():
    changes = [
        (f"costs.item_{i}", json.dumps({f"k{j}": j for j in range(7)}), f"scenarios/a.yaml:{i}") for i in range(9)
    ]
    found = changes_shown(changes)
    assert found[0] == "Changed by scenarios/a.yaml:"
    assert found[1] == "  costs.item_0: a group of k0, k1, k2, k3, k4, k5, k6  (line 0)"
    assert len(changes_shown(changes * 9)) <= MOST_LINES + 1


def test_of_a_run_and_of_its_folder_again(tmp_path):
    out = tmp_path / "out"
    sets = (
        "--set",
        "settings.horizon_years=20",
        "--set",
        "strategies.cabozantinib.os.waning={starts: survival.relative_effect.os_effect_ends.month_24, ends: survival.relative_effect.os_effect_ends.month_36}",
    )
    ran = CliRunner().invoke(main, ["run", "pnet", "--no-figures", "--no-ledger", "--out", str(out), *sets])
    again = CliRunner().invoke(main, ["show", str(out)])
    for found in (ran, again):
        assert found.exit_code == 0, found.output
        text = found.stdout
        assert "Changed by --set:\n  settings.horizon_years = 20\n" in text
        assert "  strategies.cabozantinib.os.waning.starts = survival.relative_effect.os_effect_ends.month_24" in text
        assert "{" not in text
    listed = CliRunner().invoke(main, ["runs", str(tmp_path)]).stdout
    assert "{" not in listed
