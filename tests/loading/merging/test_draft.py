"""Overrides in their order, prices between a scenario and the command line, and what a message may show."""

from dataclasses import replace

import pytest

from netcea.errors import InputError, Place, Problem
from netcea.loading import load, read_draft, resolve
from netcea.loading.merging.draft import NOT_SHOWN
from netcea.loading.merging.override import Override, parse_command_line
from netcea.scenario.price_layers import PriceLayer, Prices

PRICE = "costs.drug.cabozantinib.price_per_pack"
HORIZON = "settings.horizon_years"


class Halved:
    """Prices as loading knows them: something that lies below the last overrides."""

    def __init__(self, secret=""):
        self.secret = secret

    def below(self, draft, last):
        raw = {**draft.inputs.raw(PRICE), "value": 1000.0}
        laid = draft.with_sets([Override(PRICE, raw, Place("--prices half"), secret=self.secret)])
        layers = (PriceLayer("half", bool(self.secret), "0" * 64),)
        return replace(laid, prices=Prices(layers, public={PRICE: 5143.0})).with_sets(last)


def test_prices_come_in_as_a_transform_below_the_command_line():
    assert load("pnet", (), (), Halved()).quantities[PRICE].value == 1000.0
    assert load("pnet", [f"{PRICE}=7"], (), Halved()).quantities[PRICE].value == 7.0
    scenario = load("pnet", (), (), Halved("hash"))
    assert scenario.prices.secret == {PRICE: "hash"}
    assert scenario.prices.public == {PRICE: 5143.0}


def test_a_public_value_on_top_of_a_secret_one_is_no_secret():
    draft = Halved("hash").below(read_draft("pnet"), [])
    assert draft.secret == {PRICE: "hash"}
    for changed in (PRICE, f"{PRICE}.value", "costs.drug.cabozantinib"):
        assert not draft.with_sets([Override(changed, 1.0, Place("x"))]).secret, changed


def test_what_is_said_of_a_secret_number_does_not_hold_it():
    draft = Halved("hash").below(read_draft("pnet"), [])
    told = [
        Problem("a.yaml", 1, f"{PRICE}.value", "1000", "less"),
        Problem("--prices half", 0, "elsewhere", "1000", "less"),
        Problem("a.yaml", 2, HORIZON, "0", "more"),
    ]
    first, second, third = draft.without_values(told)
    assert (first.found, second.found, third) == (NOT_SHOWN, NOT_SHOWN, told[2])
    assert list(read_draft("pnet").without_values(told)) == told


def test_the_last_override_wins_and_those_that_lead_nowhere_are_told_with_the_rest():
    draft = read_draft("pnet", [f"{HORIZON}=20", f"{HORIZON}=10", "settings.horizont=3", "a..b=1", "costs.drug.x.y=1"])
    assert draft.tree.get(("settings", "horizon_years")) == 10
    assert [problem.address for problem in draft.faults] == ["settings.horizont", "a..b", "costs.drug.x.y"]
    with pytest.raises(InputError) as raised:
        resolve(draft.with_sets(parse_command_line(["settings.cycle_days=0"])))
    assert {"settings.horizont", "a..b", "settings.cycle_days"} <= {p.address for p in raised.value.problems}


def test_what_was_read_is_shared_and_stays_as_it_was():
    before = read_draft("pnet")
    resolve(read_draft("pnet", [f"{PRICE}=1", f"{HORIZON}=10", "strategies.cabozantinib.label=x"]))
    after = read_draft("pnet")
    assert after.tree.data is before.tree.data
    assert after.tree.data["settings"]["horizon_years"] != 10
    assert after.inputs.raw(PRICE)["value"] == 5143.0


def test_a_file_of_the_same_size_written_at_once_is_read_anew(tmp_path):
    path = tmp_path / "mine.yaml"
    text = "format: 1\nextends: pnet\nname: mine\nrationale: a test\ndirection: unclear\nset: {settings.horizon_years: %d}\n"
    for years in (10, 20, 10):
        path.write_text(text % years)
        assert load(str(path)).file.settings.horizon_years == years
