"""Confidential prices where windows of time and perspectives stand: redacted files are the same whatever the secret."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from helpers.price_layers import DISCOUNT, OTHER, PRICE, SECRET, everything, layers, leaks, written
from netcea.cli.main import main
from netcea.confidential.price_points import labels_of
from netcea.loading.load import load

END = "survival.relative_effect.os_effect_ends.month_36"
WINDOWS = f"costs.cabozantinib.windows=[{{ends: {END}}}, {{starts: {END}, discount: {DISCOUNT}}}]"
ELSEWHERE = "costs.cabozantinib.discount=null"
"""So that the secret stands in a window alone."""
SOCIETAL = "decision_problem.perspective=societal"


def redacted(folder, values, *sets, more=()):
    """Files and screen of a redacted run."""
    folder.mkdir()
    prices = written(folder, values, salt="9f86d081884c7d65")
    arguments = ["run", "pnet", "--prices", prices, "--redact", "--out", folder / "out", "--no-figures", *more]
    for item in sets:
        arguments += ["--set", item]
    answer = CliRunner().invoke(main, [*map(str, arguments)])
    assert answer.exit_code == 0, answer.output
    return everything(folder / "out"), answer.output


BY_DISCOUNT, BY_PRICE = ({DISCOUNT: SECRET}, {DISCOUNT: OTHER}), ({PRICE: 2000 * SECRET}, {PRICE: 2000 * OTHER})
LITTLE = ("--no-ledger", "--no-traces", "--no-workbook")


@pytest.mark.parametrize(
    ("sets", "secrets", "more"),
    [
        pytest.param((ELSEWHERE, WINDOWS), BY_DISCOUNT, (), marks=pytest.mark.slow),
        pytest.param((ELSEWHERE, WINDOWS), BY_DISCOUNT, LITTLE, marks=pytest.mark.slow),
        ((WINDOWS, SOCIETAL), BY_PRICE, LITTLE),
        pytest.param((SOCIETAL,), BY_DISCOUNT, LITTLE, marks=pytest.mark.slow),
    ],
    ids=["everything", "in a window alone", "price, societal", "discount, societal"],
)
def test_two_secrets_give_the_same_results(sets, secrets, more, tmp_path):
    (one, said), (two, _) = (redacted(tmp_path / str(i), values, *sets, more=more) for i, values in enumerate(secrets))
    differing = {name for name in {*one, *two} if one.get(name) != two.get(name)}
    assert not {name for name in differing if name.endswith(".csv")}
    for values, files in zip(secrets, (one, two), strict=True):
        assert leaks(files, *values.values()) == []
    if SOCIETAL in sets:
        shown = " ".join(said.split())
        assert "OUTSIDE THE REFERENCE CASE" in shown, "the label does not depend on a price"
        assert "With costs of NHS and PSS alone" not in shown, "what it costs does"


def test_a_price_of_a_window_is_known_by_its_item():
    scenario = load("pnet", [ELSEWHERE, WINDOWS], (), layers({DISCOUNT: SECRET}))
    assert labels_of(scenario) == {"costs.drug.cabozantinib": "Cabozantinib, Cabozantinib after crossover"}
