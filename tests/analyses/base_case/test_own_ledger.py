"""A folder of one's own with scenarios of one's own in the ledger: each as it is alone, a bad one refused as before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from netcea import load
from netcea.analyses.base_case.analysis import BaseCase
from netcea.analyses.base_case.result import NOT_APPLICABLE
from netcea.analyses.shared.judge import evaluate
from netcea.errors import InputError
from netcea.scenario.options import BaseCaseOptions

ROOT = Path(__file__).parents[3]
HEADER = "format: 1\nextends: {base}\nname: {name}\nrationale: test\ndirection: unclear\nset:\n"
PRICE = "costs.drug.cabozantinib.price_per_pack.value"
OWN = {
    "cheap": f"  {PRICE}: 4000\n",
    "dear": f"  {PRICE}: 6000\n",
    "short": "  settings.horizon_years: 12\n",
    "bad": f"  {PRICE}: -1\n",
}


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A project of a user, whose base is pnet with a ledger of four scenarios."""
    root = tmp_path_factory.mktemp("mine")
    for folder in ("inputs", "scenarios"):
        shutil.copytree(ROOT / folder, root / folder)
    scenarios = root / "scenarios"
    for name, sets in OWN.items():
        (scenarios / f"{name}.yaml").write_text(HEADER.format(base="mine.yaml", name=name) + sets, encoding="utf-8")
    tested = ", ".join(f"{name}.yaml" for name in OWN)
    entry = f"[{{assumption: a, address: costs, bias: unclear, why: w, tested_by: [{tested}]}}]"
    text = HEADER.format(base="pnet.yaml", name="mine") + f"  assumptions: {entry}\n"
    (scenarios / "mine.yaml").write_text(text, encoding="utf-8")
    return scenarios


def test_each_is_what_it_is_alone_and_a_bad_one_says_why(mine):
    result = BaseCase().run(load(str(mine / "mine.yaml")), BaseCaseOptions(beside=[], traces=False))
    found = {test.name: test for test in result.ledger[0].tests}
    assert list(found) == list(OWN)
    for name in ("cheap", "dear", "short"):
        alone = evaluate(load(str(mine / f"{name}.yaml")))
        assert found[name].icer == alone.against_comparator().icer, name
        assert found[name].severity_weight == alone.severity.severity_weight
    with pytest.raises(InputError) as refused:
        load(str(mine / "bad.yaml"))
    why = " ".join(str(refused.value.problems[0]).split())
    assert found["bad"].fault == f"{NOT_APPLICABLE}: {why}"
