"""What text is a number is the same at every door: files, options with values in them, plain options, tables."""

import pytest
from click.testing import CliRunner

from helpers.batch_runs import write_batch
from netcea.cli.main import main
from netcea.confidential.revealed import steps_of
from netcea.errors import InputError
from netcea.loading import load
from netcea.loading.reading.scalar import parse_scalar
from netcea.scenario.option_texts import read_axes, read_bounds
from netcea.scenario.scalar import NotDecimalError, decimal_number, whole_number
from netcea.storage.delimited.numbers import number

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
