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
