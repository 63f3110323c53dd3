from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from netcea.cli.schemas import results_schema
from netcea.reporting.report import results_text

SCHEMA = results_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def results(result):
    return json.loads(result.as_json())


def as_text(several):
    return results_text([result.report for result in several])


def test_the_schema_is_one_and_describes_every_property():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def visit(node: object, where: str) -> None:
        if isinstance(node, dict):
            for name, found in (node.get("properties") or {}).items():
                assert "description" in found, f"{where}.{name}"
            if node.get("type") == "object" and "properties" in node:
                assert node.get("title"), where
                assert "additionalProperties" in node, where
            for key, value in node.items():
                visit(value, f"{where}.{key}")
        elif isinstance(node, list):
            for item in node:
                visit(item, where)

    visit(SCHEMA["$defs"], "")


def test_results_are_valid(real, any_case, with_warning):
    for result in (real, any_case, with_warning):
        VALIDATOR.validate(json.loads(as_text([result])))
    VALIDATOR.validate(json.loads(as_text([real, any_case])))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda x: x.pop("digest"),
        lambda x: x.update(unknown=1),
        lambda x: x["pairwise"][0].update(icer=-1.0),
        lambda x: x["pairwise"][0].update(label="great"),
    ],
)
def test_the_schema_refuses_what_is_not_a_result(real, spoil):
    made = results(real)
    spoil(made)
    assert not VALIDATOR.is_valid(made)


def test_numbers_are_the_results_own_at_full_precision(real):
    read = json.loads(as_text([real]))
    for name, found in real.case.strategies.items():
        for measure in ("costs", "qalys", "life_years", "undiscounted_costs"):
            assert read["strategies"][name][measure] == getattr(found, measure)
        assert sum(part["costs"] for part in read["strategies"][name]["costs_by_item"]) == pytest.approx(found.costs)
        assert sum(read["strategies"][name]["qalys_by_state"].values()) == pytest.approx(found.qalys)
    assert read["pairwise"][0]["icer"] == real.case.pairwise[0].icer
    assert read["digest"] == real.case.digest
    assert [b["strategy"] for b in read["audit"]["floors"]] == [b.strategy for b in real.bindings]


def test_the_same_result_gives_the_same_bytes(real, tmp_path):
    for name in "ab":
        real.write(tmp_path / name, figures=False)
    assert (tmp_path / "a/results.json").read_bytes() == (tmp_path / "b/results.json").read_bytes()
    assert (tmp_path / "a/results.json").read_bytes().isascii()


def test_what_is_not_finite_is_null(made):
    result = made({"drug": (5e4, 2.0), "care": (2e4, 1.5)})
    assert results(result)["strategies"]["drug"]["median_os"] is None
    nan = replace(result.case.strategies["drug"], median_pfs=float("nan"))
    case = replace(result.case, strategies={**result.case.strategies, "drug": nan})
    assert "NaN" not in as_text([replace(result, case=case)])


def test_a_test_of_the_ledger_that_failed_changed_nothing_known(made):
    tests = results(made({"drug": (5e4, 2.0), "care": (2e4, 1.5)}))["ledger"][0]["tests"]
    assert [test["change_in_nhb"] for test in tests] == [0.3, -0.6, None]
