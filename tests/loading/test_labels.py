"""Labels: what tables and figures call something can be seen."""

import pytest

import netcea
from netcea.errors import InputError


@pytest.mark.parametrize("label", ["", " ", "\u200b"])
@pytest.mark.parametrize("address", ["strategies.cabozantinib.label", "costs.end_of_life.label"])
def test_an_empty_label_is_refused(address, label):
    with pytest.raises(InputError) as refused:
        netcea.load("pnet", {address: label})
    assert [problem.address for problem in refused.value.problems] == [address]


def test_any_script_is_a_label():
    scenario = netcea.load("pnet", {"strategies.cabozantinib.label": "卡博替尼 🙂"})
    assert scenario.file.strategies["cabozantinib"].label == "卡博替尼 🙂"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Same", "Same"),
        ("Same", "SAME"),
        ("Same", " Same "),
        ("Best care", "Best  care"),
        ("Best care", "Best\u00a0care"),
        ("Same", "Sa\u200bme"),
        ("A", "\uff21"),
    ],
)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("strategies.cabozantinib.label", "strategies.best_supportive_care.label"),
        ("costs.cabozantinib.label", "costs.end_of_life.label"),
    ],
)
def test_labels_that_read_alike_are_refused(first, second, one, other):
    with pytest.raises(InputError) as refused:
        netcea.load("pnet", {first: one, second: other})
    (problem,) = refused.value.problems
    assert problem.address == second
    assert f"reads like the label of {first.removesuffix('.label')}" in problem.found


def test_a_strategy_may_be_called_as_its_drug_is():
    scenario = netcea.load("pnet", {"strategies.best_supportive_care.label": "End of life care"})
    assert scenario.file.strategies["cabozantinib"].label == scenario.file.costs["cabozantinib"].label


@pytest.mark.parametrize("key", ["name", "rationale", "direction", "tags", "format"])
def test_what_a_file_says_of_itself_cannot_be_set(key):
    for value in ("x", ["x"], 5):
        with pytest.raises(InputError, match="which every file says of itself"):
            netcea.load("pnet", {key: value})
