"""What text is a number is the same at every door: files, options with values in them, plain options, tables."""

import pytest
from click.testing import CliRunner

from helpers.batch_runs import write_batch
from helpers.malformed_project import ROOT
from netcea.cli.main import main
from netcea.confidential.revealed import steps_of
from netcea.errors import InputError
from netcea.loading import load
from netcea.loading.reading.scalar import parse_scalar
from netcea.scenario.number_hints import number_hint
from netcea.scenario.option_texts import read_axes, read_bounds
from netcea.scenario.scalar import NotDecimalError, decimal_number, whole_number
from netcea.storage.delimited.numbers import number
from netcea.workbook.reading.interpreted import _instead_of_text

NUMBERS = {
    "50": 50,
    " 50 ": 50,
    "+50": 50,
    "-3": -3,
    ".5": 0.5,
    "1e2": 100.0,
    "5.": 5.0,
    "0": 0,
    "0.50": 0.5,
    "-0.0": 0.0,
}
NO_NUMBERS = (
    "1_0",
    "1_0.5",
    "\u0661\u0662",
    "\u00b2",
    "\uff15",
    "1e5000",
    "-1e5000",
    "1e-5000",
    "0x10",
    "0b1",
    "0o7",
    "010",
    "nan",
    "NaN",
    "inf",
    "-Infinity",
    ".inf",
    "5%",
    "1,5",
    "1.2.3",
    "--5",
    "1e",
    "5 0",
    "five",
    "",
    " ",
)
ADDRESS = "costs.drug.cabozantinib.discount"


def netcea(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_one_at_every_door(text):
    value = NUMBERS[text]
    assert decimal_number(text) == value
    assert type(decimal_number(text)) is type(value)
    assert parse_scalar(text.strip()) == value
    assert number(text) == value
    low, high = sorted((value, 1000))
    assert read_bounds("--bounds", [f"a={text}:1e3"], {}) == {"a": {"low": low, "high": high}}
    assert read_axes("--axis", [f"a={text}:1000", "b"], [])[0]["low"] == value


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_none_is_none_at_every_door(text):
    for read in (decimal_number, whole_number):
        with pytest.raises(NotDecimalError):
            read(text)
    assert number(text) is None
    for read, given in (
        (read_bounds, [f"a={text}:2000"]),
        (read_bounds, [f"a=-2000:{text}"]),
        (read_axes, [f"a={text}:2000", "b"]),
        (read_axes, [f"a=0:1:{text}", "b"]),
    ):
        with pytest.raises(InputError):
            read("--option", given, {})
    with pytest.raises(InputError):
        steps_of([f"icer={text}"])
    with pytest.raises(InputError) as raised:
        load("pnet", [f"settings.horizon_years={text}"])
    assert "settings.horizon_years" in str(raised.value)
    for arguments in (
        ("psa", "pnet", "--draws"),
        ("psa", "pnet", "--until-mcse"),
        ("threshold", "pnet", "--ladder-step"),
    ):
        ran = netcea(*arguments, text, "--no-files", "--quiet")
        assert ran.exit_code == 2
        assert "expected a" in ran.output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1_0", "write 10: numbers have no underscores"),
        ("1_0.5", "write 10.5: numbers have no underscores"),
        ("\u0661\u0662", "write it with the digits 0-9"),
        ("5%", "write 0.05"),
        ("0x10", "another base than ten"),
        ("nan", "not finite"),
        ("1e5000", "too large for a number"),
    ],
)
def test_options_say_how_to_write_it(text, words):
    ran = netcea("psa", "pnet", "--draws", text, "--no-files")
    assert ran.exit_code == 2
    assert words in " ".join(ran.output.split())
    ran = netcea("one-way", "pnet", "--bounds", f"{ADDRESS}={text}:2000", "--no-files")
    assert ran.exit_code == 2
    assert words in " ".join(ran.output.split())


@pytest.mark.parametrize("option", ["--draws", "--seed", "--workers", "--most-runs"])
def test_whole_numbers_of_a_batch(tmp_path, option):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    for text in ("1_0", "\u0661\u0662", "1e2", "5.0", "nan"):
        ran = netcea("batch", file, "--list", option, text)
        assert ran.exit_code == 2
        assert "expected a whole number" in " ".join(ran.output.split())
    assert netcea("batch", file, "--list", option, " +5 ").exit_code == 0


def test_a_grid_has_numbers_as_files_have_them(tmp_path):
    for text in ("1_0", "\u0661\u0662", "0x10", "nan"):
        file = tmp_path / "b.yaml"
        file.write_text(
            "format: 1\nname: b\nrationale: r\nscenarios: [pnet]\nanalyses: {base_case: {ledger: false, traces: false}}\n"
            f"grids: {{g: {{axes: {{settings.horizon_years: [{text}]}}}}}}\n",
            encoding="utf-8",
        )
        ran = netcea("batch", file, "--out", tmp_path / "o", "--quiet")
        assert ran.exit_code in (1, 2)  # 1: a variant that cannot be run, beside one that was
        assert "  found " in ran.output
        assert "\\n" not in ran.output
        assert not isinstance(ran.exception, AttributeError | TypeError | ValueError)


def test_an_entry_of_a_list_has_digits_of_one_script():
    for key in ("\u00b2", "\u0660", "00", "-1", "0.5", "9" * 30):
        with pytest.raises(InputError, match=r"no entry|separated by single dots|does not have|nothing below it"):
            load("pnet", [f"costs.cabozantinib.strategies.{key}=cabozantinib"])


# ------------------------------------------------------------------------------------------------ how to write it

SPELLINGS = {
    "45%": "write 0.45",
    "45 %": "write 0.45",
    "45 per cent": "write 0.45",
    "45,5%": "write 0.455",
    "£5,143.00": "write 5143.00, the number alone",
    "GBP 5143": "write 5143, the number alone",
    "5143 GBP": "write 5143, the number alone",
    "$5143": "write the amount in GBP, the number alone",
    "5143 €": "write the amount in GBP, the number alone",
    "5,143": "write 5143, without thousands separators (or 5.143 if the comma is a decimal one)",
    "5 143": "write 5143, without thousands separators",
    "5\u00a0143": "write 5143, without thousands separators",
    "5'143'000": "write 5143000, without thousands separators",
    "5.143,50": "write 5143.50, without thousands separators",
    "0,45": "write 0.45: numbers have a decimal point",
    "0,035": "write 0.035: numbers have a decimal point",
    "5k": "write 5000",
    "1.2 million": "write 1200000",
    "\u221248 %": "write -0.48",
    "\uff14\uff18": "write it with the digits 0-9",
}
"""Texts without a unit of time, and the answer wherever a number stands whose unit is not known there."""
BY_UNIT = [
    ("48 months", "months", "write 48, the number alone: the unit is months"),
    ("48 mths", "months", "write 48, the number alone: the unit is months"),
    ("4 years", "months", "write 48: 4 years are 48 months"),
    ("4y", "months", "write 48: 4 years are 48 months"),
    ("6 months", "years", "write 0.5: 6 months are 0.5 years"),
    ("2 per week", "per year", "write 104.357: 2 per week are 104.357 per year"),
    ("45%", "months", "the unit here is months, not a percentage"),
    ("£48", "months", "the unit here is months, not GBP"),
    ("48 months", "GBP", "the unit here is GBP, not months"),
    ("5000 GBP", "GBP", "write 5000, the number alone"),
    ("50000 GBP/QALY", "GBP/QALY", "write 50000, the number alone: the unit is GBP/QALY"),
    ("48 months", "", "write the number alone, in the unit that inputs/ gives it"),
    ("48 furlongs", "months", ""),
    ("lifetime", "years", ""),
    ("12:30", "months", ""),
]
PRICE = "costs.drug.cabozantinib.price_per_pack"
MONTHS = "survival.relative_effect.os_effect_ends.month_36"


@pytest.mark.parametrize(("text", "unit", "hint"), BY_UNIT)
def test_a_number_with_a_unit_is_answered_in_the_unit_that_is_wanted(text, unit, hint):
    assert number_hint(text, unit) == hint


@pytest.mark.parametrize("text", SPELLINGS)
def test_the_answer_is_the_same_from_every_door(text, tmp_path):
    hint = SPELLINGS[text]
    assert number_hint(text) == hint
    address = ADDRESS if "%" in text or "per cent" in text else PRICE
    doors = {
        "--set": lambda: load("pnet", [f"{address}={text}"]),
        "a mapping": lambda: load("pnet", {f"{address}.value": text}),
        "a setting": lambda: load("pnet", [f"settings.discount_rate_costs={text}"]),
        "--bounds": lambda: read_bounds("--bounds", [f"{ADDRESS}={text}:2000000"], {}),
        "--axis": lambda: read_axes("--axis", [f"{ADDRESS}=0:{text}", "b"], []),
        "--reveal": lambda: steps_of([f"icer={text}"]),
    }
    for door, read in doors.items():
        with pytest.raises(InputError) as raised:
            read()
        said = " ".join(str(raised.value).split())
        assert hint in said, (door, said)
    ran = netcea("psa", "pnet", "--until-mcse", text, "--no-files")
    assert ran.exit_code == 2
    assert hint in " ".join(ran.output.split())


def test_files_options_and_cells_give_the_unit_the_same_answer(tmp_path):
    hint = "write 48: 4 years are 48 months"
    scenario = tmp_path / "s.yaml"
    scenario.write_text(
        f"format: 1\nextends: {ROOT}/scenarios/pnet.yaml\nname: n\ndirection: unclear\nrationale: r\nset:\n  {MONTHS}: 4 years\n",
        encoding="utf-8",
    )
    batch = tmp_path / "b.yaml"
    batch.write_text(
        "format: 1\nname: b\nrationale: r\nscenarios: [pnet]\nanalyses: {base_case: {ledger: false, traces: false}}\n"
        f"grids: {{g: {{axes: {{{MONTHS}: [4 years]}}}}}}\n",
        encoding="utf-8",
    )
    for arguments in (
        ("run", "pnet", "--no-files", "--set", f"{MONTHS}=4 years"),
        ("run", scenario, "--no-files", "--trust", ROOT / "scenarios"),
        ("batch", batch, "--out", tmp_path / "o"),
    ):
        ran = netcea(*arguments)
        assert ran.exit_code in (1, 2)
        assert hint in " ".join(ran.output.split()), ran.output
    assert hint.replace("write", "type") in _instead_of_text("4 years", "months")


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("settings.half_cycle_correction=none", "without a correction write start"),
        ("settings.half_cycle_correction=no", "without a correction write start"),
        ("settings.half_cycle_correction=null", "without a correction write start"),
        ("settings.half_cycle_correction=False", "without a correction write start"),
        ("settings.discounting=off", "set discount_rate_costs and discount_rate_qalys to 0"),
        ("strategies.cabozantinib.os.background_mortality=off", "write none"),
        ("strategies.cabozantinib.os.background_mortality=null", "write none"),
        ("strategies.cabozantinib.time_on_treatment.rule=No", "write none"),
        ("strategies.cabozantinib.os.waning=none", "write null, or leave it out"),
        ("strategies.cabozantinib.time_on_treatment.stops_at=none", "write null, or leave it out"),
        ("analyses.psa.keep_draws=none", "write no"),
        ("analyses.base_case.ledger=off", "write false"),
    ],
)
def test_words_for_nothing_are_answered_with_the_word_of_the_choice(change, hint):
    for changes in ([change], {change.partition("=")[0]: parse_scalar(change.partition("=")[2])}):
        with pytest.raises(InputError) as raised:
            load("pnet", changes)
        assert hint in " ".join(str(raised.value).split())
