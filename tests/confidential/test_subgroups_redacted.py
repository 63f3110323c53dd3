"""Subgroups and managed access in redacted runs: the evidence is shown, what is made of costs is not."""

import json

from confidential.test_no_dependence import GRID, assert_holds, published, rows_of, shown_there
from netcea.reporting.redaction import Redaction
from netcea.reporting.table import Column, Table


def test_subgroups_hold_at_every_price(tmp_path, monkeypatch):
    files = published("epnet_comparators", "subgroups", GRID[2], tmp_path / "out")
    assert_holds(files, shown_there("epnet_comparators", "subgroups", GRID[2], tmp_path / "there", monkeypatch))
    head, everybody, gut, *_ = rows_of(files["tables/subgroups.csv"])
    shown = dict(zip(head, gut, strict=True))
    assert shown["Own numbers"] == "5 published, 1 assumption"
    assert shown["Patients in the trial"] == "116.0"
    assert shown["ICER (£/QALY)"] == shown["Weighted ICER (£/QALY)"] == "confidential"
    assert float(shown["Incremental QALYs"]) != float(dict(zip(head, everybody, strict=True))["Incremental QALYs"])
    record = json.loads(files["results.json"])["results"]
    assert record["subgroups"][2]["gap"].startswith("About a quarter")
    assert record["subgroups"][0]["effect"]["icer"] == "confidential"


def test_what_data_are_worth_is_hidden_even_where_it_is_nothing():
    hide = Redaction(frozenset({"new", "old"}), frozenset({"new"}))
    names = ("label", "patients", "evppi", "evsi", "population_evsi", "finding", "collected_by")
    columns = tuple(Column(name, name) for name in names)
    row = ("OS", 50.0, 0.0, 0.0, 0.0, "not distinguishable from 0", "nobody")
    (found,) = hide.table(Table("managed_access_value", "", columns, (row,))).rows
    assert found == ("OS", 50.0, "confidential", "confidential", "confidential", "confidential", "nobody")
    (study,) = hide.table(Table("studies", "", (Column("study", ""), Column("evppi", "")), (("A", 0.0),))).rows
    assert study == ("A", "confidential")
