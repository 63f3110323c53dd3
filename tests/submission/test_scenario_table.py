"""The table of scenario analysis (B.3.11) has the columns of NICE's template, and the figures of the ledger."""

import pytest

from netcea.submission.blocks import TableBlock
from netcea.submission.sections.b3_11_scenarios import CAPTION, scenarios

COLUMNS = (
    "scenario",
    "before",
    "after",
    "why",
    "incremental_costs",
    "incremental_qalys",
    "icer",
    "change_in_icer",
    "nhb",
    "change_in_nhb",
    "severity_weight",
    "weighted_icer",
    "weighted_nhb",
    "change_in_weighted_nhb",
)


@pytest.fixture(scope="module")
def table(submission):
    (found,) = (b for b in scenarios(submission) if isinstance(b, TableBlock) and b.caption == CAPTION)
    return found.table


def test_it_has_the_template_s_columns_weighted_beside_unweighted(table):
    assert tuple(column.name for column in table.columns)[: len(COLUMNS)] == COLUMNS


def test_each_scenario_has_its_increments_once(table, submission):
    tests = {t.name: t for entry in submission.results["base_case"].ledger for t in entry.tests if not t.fault}
    rows = {row[0]: dict(zip(COLUMNS, row, strict=False)) for row in table.rows}
    assert len(rows) == len(table.rows)
    assert set(tests) <= set(rows)
    for name, test in tests.items():
        assert rows[name]["incremental_costs"] == test.incremental_costs
        assert rows[name]["incremental_qalys"] == test.incremental_qalys
        assert rows[name]["weighted_nhb"] == test.weighted_nhb
