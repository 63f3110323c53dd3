"""What Python hands over is answered as `--set` answers it: numbers of numpy are numbers, the rest is refused."""

import datetime as dt
import decimal
import enum
import fractions
import pathlib

import numpy as np
import pytest

import netcea
from netcea.errors import InputError, Place
from netcea.loading.reading.python_value import plain_value, whole_number

DISCOUNT = "costs.drug.cabozantinib.discount"
HORIZON = "settings.horizon_years"
LABEL = "strategies.cabozantinib.label"
FLAG = "costs.cabozantinib.price_follows_milligrams"


class Unlike(enum.Enum):
    A = 0.2


class Hostile:
    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("address", "value", "text"),
    [
        (DISCOUNT, np.float64(0.25), "0.25"),
        (DISCOUNT, np.float32(0.25), "0.25"),
        (DISCOUNT, np.int64(1), "1"),
        (DISCOUNT, np.array(0.25), "0.25"),
        (DISCOUNT, decimal.Decimal("0.25"), "0.25"),
        (DISCOUNT, fractions.Fraction(1, 4), "0.25"),
        ("settings.cycle_days", decimal.Decimal(7), "7"),
        (HORIZON, np.int8(20), "20"),
        (FLAG, np.bool_(True), "true"),
        (LABEL, np.str_("New"), "New"),
        (LABEL, pathlib.PurePosixPath("new"), "new"),
        (LABEL, dt.date(2026, 3, 1), "2026-03-01"),
        ("costs.cabozantinib.strategies", ("cabozantinib",), "[cabozantinib]"),
        ("costs.cabozantinib.strategies", np.array(["cabozantinib"]), "[cabozantinib]"),
    ],
)
def test_a_value_of_python_is_what_its_text_is(address, value, text):
    from_python, from_text = netcea.load("pnet", {address: value}), netcea.load("pnet", [f"{address}={text}"])
    assert from_python.digest == from_text.digest
    assert from_python.changes[0].value == from_text.changes[0].value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (np.bool_(False), "false"),
        (float("nan"), ".nan"),
        (np.float64("inf"), ".inf"),
        (decimal.Decimal("NaN"), ".nan"),
        (None, "null"),
        ("0.3", "'0.3'"),
        ([0.3], "[0.3]"),
        (np.array([0.1, 0.2]), "[0.1, 0.2]"),
        ({"value": 0.3}, "{value: 0.3}"),
        ({"value": np.float64(0.3)}, "{value: 0.3}"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (-1, "-1"),
        (np.int64(7), "7"),
    ],
)
@pytest.mark.parametrize("address", [DISCOUNT, HORIZON, FLAG, "settings.cycle_days"])
def test_what_set_refuses_python_refuses_in_the_same_words(address, value, text):
    try:
        netcea.load("pnet", [f"{address}={text}"])
    except InputError as error:
        from_text = [(p.address, p.found, p.expected, p.suggestion) for p in error.problems]
        with pytest.raises(InputError) as raised:
            netcea.load("pnet", {address: value})
        assert [(p.address, p.found, p.expected, p.suggestion) for p in raised.value.problems] == from_text
        assert {p.file for p in raised.value.problems} <= {f"changes['{address}']", "scenarios/pnet.yaml"}
    else:
        netcea.load("pnet", {address: value})


def deep(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1: 2}, "the key 1, which is not text"),
        ({"value": {None: 1}}, "the key None, which is not text"),
        ({0.3}, "expected a number, text"),
        (b"0.3", "expected a number, text"),
        (1 + 2j, "expected a number, text"),
        (object, "expected a number, text"),
        (Hostile(), "found Hostile <Hostile>"),
        (Unlike.A, "expected a number, text"),
        (iter([1]), "expected a number, text"),
        ([1, {"a": {2}}], "at 1.a"),
        (10**400, "too large for a number"),
        (decimal.Decimal("1e400"), "too large for a number"),
        (decimal.Decimal("1e-400"), "too small for a number"),
        (fractions.Fraction(10**400), "too large for a number"),
        (decimal.Decimal("sNaN"), "for a number"),
        ("a\x00b", "NUL"),
        ("\ud800", "U+D800"),
        (deep(100), "more than 50 deep"),
    ],
)
def test_what_no_file_can_hold_is_refused(value, words):
    for address in (DISCOUNT, HORIZON, LABEL):
        with pytest.raises(InputError) as raised:
            netcea.run("pnet", {address: value})
        assert words in str(raised.value)
        assert f"changes['{address}']" in str(raised.value)


def test_a_list_that_holds_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(InputError, match="deep"):
        netcea.load("pnet", {LABEL: value})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (5, "found int 5"),
        (b"x=1", "found bytes"),
        ([1], "changes[0]"),
        ([(DISCOUNT, 0.3)], "expected ADDRESS=VALUE"),
        ([None, b"a=1"], "changes[1]"),
        ({1: 2, None: 3}, "changes[None]"),
        (DISCOUNT, "expected ADDRESS=VALUE"),
    ],
)
def test_changes_that_are_none(changes, words):
    loaded = netcea.load("pnet")
    for call in (
        lambda: netcea.load("pnet", changes),
        lambda: netcea.run("pnet", changes),
        lambda: netcea.run(loaded, changes),
    ):
        with pytest.raises(InputError) as raised:
            call()
        assert words in str(raised.value)


def test_changes_in_every_form():
    base, changed = netcea.load("pnet"), netcea.load("pnet", [f"{DISCOUNT}=0.25"])
    for none in (None, (), [], {}, np.array([], dtype=str)):
        assert netcea.load("pnet", none).digest == base.digest
    for one in (f"{DISCOUNT}=0.25", (f"{DISCOUNT}=0.25",), np.array([f"{DISCOUNT}=0.25"]), {np.str_(DISCOUNT): 0.25}):
        assert netcea.load("pnet", one).digest == changed.digest


def test_options_of_analyses_are_plain_too():
    options = {"draws": np.int64(20), "seed": np.array(3), "explain": np.bool_(False), "keep_draws": "no"}
    assert netcea.psa("pnet", **options).totals.n == 20
    for wrong in ({"draws": 20.0}, {"draws": True}, {"draws": {1: 2}}, {"parameters": 5}, {"until_mcse": float("nan")}):
        with pytest.raises(InputError, match="option --"):
            netcea.psa("pnet", **{**options, **wrong})
    for workers in (0, -1, "2", 1.5, None, True, float("nan")):
        with pytest.raises(InputError, match="workers"):
            netcea.psa("pnet", None, workers, **options)


def test_rows_are_counted_in_whole_numbers():
    loaded = netcea.load("pnet")
    assert netcea.sample(loaded, np.int64(3), np.int64(1)).n == 3
    for n, seed in ((0, 1), (-1, 1), ("3", 1), (2.5, 1), (True, 1), (10**12, 1), (3, -1), (3, None), (3, 10**40)):
        with pytest.raises(InputError, match="a whole number from"):
            netcea.sample(loaded, n, seed)


def test_plain_values_stay_what_they_are():
    value = {"a": [1, 2.5, True, None, "x", {"b": []}]}
    assert plain_value(value, Place("changes")) == value


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda loaded: netcea.verify(loaded, draws=1),
            "draws\n  found 1; expected a whole number from 100 to 200,000",
        ),
        (lambda loaded: netcea.verify(loaded, seed=-1), "seed\n  found -1; expected a whole number from 0"),
        (lambda loaded: netcea.verify(loaded, seed="x"), "seed\n  found 'x'; expected a whole number"),
        (lambda loaded: netcea.verify(loaded, published=5), "published\n  found int 5; expected a file, as text"),
        (lambda loaded: netcea.fit({"time": [1.0], "event": [1]}, seed="x"), "seed\n  found 'x'; expected a whole"),
        (lambda loaded: netcea.fit({"time": [1.0], "event": [1]}, bootstrap=60.5), "bootstrap\n  found 60.5"),
        (lambda loaded: netcea.fit(None), "data\n  found NoneType None; expected a file"),
        (lambda loaded: netcea.fit({"time": [1.0], "event": [1]}, families=["weibul"]), "'weibul'; expected"),
        (lambda loaded: netcea.adjust_switching(7), "data\n  found int 7; expected a file"),
        (lambda loaded: netcea.digitise(7), "figure\n  found int 7; expected an SVG or PDF file"),
        (lambda loaded: netcea.run(loaded, workers=0), "workers\n  found 0; expected a whole number of at least 1"),
    ],
)
def test_arguments_of_another_kind_are_answered_with_their_name(loaded, call, words):
    with pytest.raises(InputError) as error:
        call(loaded)
    assert words in str(error.value)


def test_a_whole_number_of_numpy_is_one():
    assert whole_number(np.int64(300), Place("draws"), 1, 300) == 300
    for wrong in (True, 2.0, "2", None, 301, 0):
        with pytest.raises(InputError, match="a whole number from 1 to 300"):
            whole_number(wrong, Place("draws"), 1, 300)


@pytest.fixture(scope="module")
def loaded():
    return netcea.load("pnet")
