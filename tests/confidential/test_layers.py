"""Layer files: what they may hold, that no message shows a value, and what wins."""

import hashlib
import itertools
import json

import pytest

from helpers.price_layers import DISCOUNT, EVEROLIMUS, OTHER, PRICE, SALT, SECRET, layers, text_of, written
from netcea.analyses.base_case.analysis import evaluate
from netcea.confidential.layers import read_layers
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.scenario.inputs_record import record_of


def icer(prices=None, sets=(), name="pnet"):
    return evaluate(load(name, sets, (), prices)).against_comparator().icer


def test_a_layer_does_what_set_does(tmp_path):
    prices = read_layers([written(tmp_path, {DISCOUNT: SECRET})])
    assert icer(prices) == icer(sets=[f"{DISCOUNT}={SECRET}"]) != icer()
    prices = read_layers([written(tmp_path, {PRICE: 1234.5678})])
    assert icer(prices) == icer(sets=[f"{PRICE}=1234.5678"])


def test_an_open_layer_is_shown_and_needs_no_salt(tmp_path):
    prices = read_layers([written(tmp_path, {DISCOUNT: 0.25}, salt="", confidential=False)])
    scenario = load("pnet", (), (), prices)
    assert [(c.address, c.value) for c in scenario.changes] == [(DISCOUNT, "0.25")]
    assert not scenario.prices.marking
    assert scenario.quantities[DISCOUNT].value == 0.25


def test_later_layers_win_and_the_public_price_is_that_of_open_ones(tmp_path):
    for number, (value, confidential) in enumerate([(0.1, False), (SECRET, True), (OTHER, True)]):
        text = text_of({DISCOUNT: value}, name=f"layer{number}", confidential=confidential)
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    paths = [tmp_path / f"{number}.yaml" for number in range(3)]
    prices = read_layers(paths)
    scenario = load("pnet", (), (), prices)
    assert scenario.quantities[DISCOUNT].value == OTHER
    assert scenario.prices.public[DISCOUNT] == 0.1
    assert load("pnet", (), (), prices.at(())).quantities[DISCOUNT].value == 0.1
    assert load("pnet", (), (), prices.at(["costs.drug.cabozantinib"])).quantities[DISCOUNT].value == 1.0
    open_last = load("pnet", (), (), read_layers([paths[1], paths[0]]))
    assert open_last.quantities[DISCOUNT].value == 0.1
    assert not open_last.prices.secret


@pytest.mark.parametrize("address", [DISCOUNT, f"{DISCOUNT}.value", "costs.drug.cabozantinib"])
def test_set_of_a_secret_number_is_refused_without_its_value(tmp_path, address):
    prices = read_layers([written(tmp_path, {DISCOUNT: SECRET})])
    with pytest.raises(InputError, match="confidential price layer") as refused:
        load("pnet", [f"{address}={OTHER}"], (), prices)
    assert str(OTHER) not in str(refused.value)


def test_what_a_scenario_keeps_of_a_secret(tmp_path):
    scenario = load("pnet", (), (), read_layers([written(tmp_path, {DISCOUNT: SECRET})]))
    assert [c.value for c in scenario.changes] == ['"confidential"']
    record = json.dumps(record_of(scenario).as_json())
    assert str(SECRET) not in record
    assert scenario.prices.secret[DISCOUNT] in record
    assert "CONFIDENTIAL" in scenario.prices.marking


def test_the_digest_holds_the_hash_in_place_of_the_value():
    one, two = (load("pnet", (), (), layers({DISCOUNT: value})).digest for value in (SECRET, OTHER))
    assert one == two
    assert load("pnet", (), (), layers({DISCOUNT: SECRET}, sha256="1" * 64)).digest != one
    assert load("pnet").digest != one


def test_the_hash_is_not_found_by_trying_discounts(tmp_path):
    """Without the salt none of a thousand discounts gives it; with it, the right one does."""
    record = read_layers([written(tmp_path, {DISCOUNT: 0.35})]).records[0]

    def tried(salt, value):
        return hashlib.sha256(json.dumps(["own", salt, [[DISCOUNT, value]]]).encode()).hexdigest()

    guesses = [step / 1000 for step in range(1001)]
    assert record.sha256 not in {tried("", guess) for guess in guesses}
    assert record.sha256 in {tried(SALT, guess) for guess in guesses}


def test_the_same_content_has_the_same_hash_however_it_is_written(tmp_path):
    one = read_layers([written(tmp_path, {DISCOUNT: 0.5, EVEROLIMUS: 100})]).records
    two = read_layers([written(tmp_path, {EVEROLIMUS: 100.0, DISCOUNT: "5e-1"})]).records
    other = read_layers([written(tmp_path, {DISCOUNT: 0.5, EVEROLIMUS: 100}, salt="another salt 0123")]).records
    assert one == two != other


def test_a_secret_price_is_certain(tmp_path):
    """No draw is made around it, and its range is not kept."""
    scenario = load("pnet", (), (), read_layers([written(tmp_path, {"costs.unit.ct_scan": 123.45678})]))
    quantity = scenario.quantities["costs.unit.ct_scan"]
    assert (quantity.value, quantity.uncertainty.family, quantity.range) == (123.45678, "fixed", None)


def test_an_unused_price_is_a_warning(tmp_path):
    scenario = load("pnet", (), (), read_layers([written(tmp_path, {EVEROLIMUS: 1.5, DISCOUNT: 0.2})]))
    assert [w.address for w in scenario.warnings if w.code == "unused_price"] == [EVEROLIMUS]
    assert list(scenario.prices.secret) == [DISCOUNT]


FAULTS = {
    "salt: ''": text_of({DISCOUNT: SECRET}, salt=""),
    "too short": text_of({DISCOUNT: SECRET}, salt="short"),
    "repeats": text_of({DISCOUNT: SECRET}, salt="a" * 32),
    "number as salt": text_of({DISCOUNT: SECRET}).replace(f'"{SALT}"', "1234567890123456"),
    "no number": text_of({DISCOUNT: f"'{SECRET}'"}),
    "a percentage": text_of({DISCOUNT: f"{SECRET}%"}),
    "impossible": text_of({DISCOUNT: 10 * SECRET}),
    "negative": text_of({DISCOUNT: -SECRET}),
    "not finite": text_of({DISCOUNT: ".inf"}),
    "no such number": text_of({"costs.drug.cabozantinb.discount": SECRET}),
    "a group": text_of({"costs.drug.cabozantinib": SECRET}),
    "no price": text_of({"costs.drug.cabozantinib.pack_days": SECRET}),
    "not of costs": text_of({"settings.horizon_years": SECRET}),
    "twice": text_of({DISCOUNT: SECRET}) + f"  {DISCOUNT}: {SECRET}\n",
    "no space": text_of({DISCOUNT: SECRET}).replace(f"{DISCOUNT}: ", f"{DISCOUNT}:"),
    "value as key": text_of({f"{DISCOUNT}={SECRET}": 1}),
    "value as top key": text_of({DISCOUNT: SECRET}) + f"{SECRET}: 1\n",
    "a tab": text_of({DISCOUNT: SECRET}) + f"\t{DISCOUNT}: {SECRET}\n",
    "a list": f"- {SECRET}\n",
    "a text": f"{SECRET}\n",
    "unclosed": text_of({DISCOUNT: SECRET}) + f"x: [{SECRET}\n",
    "an alias": text_of({DISCOUNT: SECRET}) + f"x: *a{SECRET}\n",
    "other format": text_of({DISCOUNT: SECRET}).replace("format: 1", f"format: {SECRET}"),
    "no name": text_of({DISCOUNT: SECRET}).replace("name: own", f"name: [{SECRET}]"),
    "neither true nor false": text_of({DISCOUNT: SECRET}, confidential=SECRET),
    "empty": "",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_problems_and_no_message_shows_a_value(tmp_path, fault):
    path = tmp_path / "own.secret.yaml"
    path.write_text(FAULTS[fault], encoding="utf-8")
    with pytest.raises(InputError) as found:
        load("pnet", (), (), read_layers([path]))
    text = str(found.value)
    assert "own.secret.yaml" in text
    for digits in ("32718293", "2718293", SALT):
        assert digits not in text, text


def test_problems_of_all_files_at_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(text_of({DISCOUNT: "x"}, salt=""), encoding="utf-8")
    with pytest.raises(InputError) as found:
        read_layers([tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "c.yaml"])
    assert len(found.value.problems) == 5


@pytest.mark.parametrize("folder", ["inputs", "inputs/costs", "scenarios"])
def test_a_confidential_layer_in_a_published_folder_is_refused(tmp_path, folder):
    for name in ("inputs/costs", "scenarios"):
        (tmp_path / name).mkdir(parents=True)
    path = written(tmp_path / folder, {DISCOUNT: SECRET})
    with pytest.raises(InputError, match="published"):
        read_layers([path])


def test_two_layers_of_one_name_are_refused(tmp_path):
    path = written(tmp_path, {DISCOUNT: SECRET})
    with pytest.raises(InputError, match="two layers named 'own'"):
        read_layers([path, path])


def test_a_fault_that_a_secret_causes_says_nothing_of_it(tmp_path, monkeypatch):
    """Whatever a check of the loaded scenario says about a secret number, its value does not get out."""
    from netcea.loading.resolving import numbers
    from netcea.quantities.limits import Limits

    def tight(path, unit, _family=""):
        return Limits(unit, 0.0, 1e-9, used_as="here") if path[-1] == "discount" else None

    monkeypatch.setattr(numbers, "limits_at", tight)
    with pytest.raises(InputError) as found:
        load("pnet", (), (), read_layers([written(tmp_path, {DISCOUNT: SECRET})]))
    assert all(spelling not in str(found.value) for spelling in ("0.327", "32.7"))
    assert DISCOUNT in str(found.value)


def test_no_representation_shows_a_value(tmp_path):
    found = read_layers([written(tmp_path, {DISCOUNT: SECRET})])
    for thing in (found, found.layers[0], found.records):
        assert not any(s in text for s, text in itertools.product(("0.327", SALT), (repr(thing), str(thing))))
