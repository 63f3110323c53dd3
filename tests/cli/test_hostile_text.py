"""Nothing that stands in a file, a name, a path or a digest acts on the terminal: not of any command."""

import ast
import json
import re
import shutil
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from netcea.cli.main import main
from netcea.loading.init import make_working_copy
from netcea.reporting.csv_tables import csv_text, table_text
from netcea.reporting.html import table_html
from netcea.reporting.number_format import plain, safe_text
from netcea.reporting.table import Column, Table
from netcea.visible_text import visible, visible_lines

HOSTILE = "x\x1b]0;owned\x07\x1b[2J\u202eevil\u200b\u2028y\x9b31m"
"""Sets the title, clears the screen, turns the direction of writing, hides a space, ends a line, begins a C1 sequence."""
QUOTED = json.dumps(HOSTILE)
"""The same as YAML in double quotes: the file itself is plain ASCII."""
COMMANDS = Path(__file__).parents[2] / "model" / "netcea"


def acts(character):
    """Whether a character is of a kind that nobody sees."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_every_character_that_acts_is_escaped_and_no_other_letter():
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if acts(character):
            assert visible(character).isascii(), hex(code)
            assert visible(character).startswith("\\"), hex(code)
            assert character == "\n" or visible_lines(character) == visible(character)
    for text in ("Café £5 – ≥ 3", "日本 العربية हिन्दी", "🙂❤️", "plain \\x1b stays"):
        assert visible(text) == text
        assert visible(visible(text)) == text


def assert_harmless(result, code):
    assert result.exit_code == code, (result.output, result.exception)
    found = sorted({hex(ord(c)) for c in result.stdout + result.stderr if acts(c) and c != "\n"})
    assert not found, found
    assert "Traceback" not in result.output


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A working copy with a scenario whose words are hostile, and a run of it."""
    folder = tmp_path_factory.mktemp("hostile") / "copy"
    list(make_working_copy(folder))
    for path in (folder / "scenarios").rglob("*.yaml"):  # `list` and `check` go through all of them
        if (
            "sensitivity" in path.parts and "fda_cut" not in path.name and "no_effect" not in path.name
        ) or "probabilistic" in path.parts:
            path.unlink()
    scenario = folder / "scenarios" / "hostile.yaml"
    scenario.write_text(
        "format: 1\nextends: pnet.yaml\nrationale: " + QUOTED + "\nname: " + QUOTED + "\ndirection: for\nset:\n"
        "  analyses.base_case.beside: []\n  assumptions: []\n"
        f"  strategies.cabozantinib.label: {QUOTED}\n"
        f"  costs.drug.cabozantinib.price_per_pack.label: {QUOTED}\n"
        f"  costs.drug.cabozantinib.price_per_pack.note: {QUOTED}\n"
        f"  costs.consultant_later.label: {QUOTED}\n",
        encoding="utf-8",
    )
    shutil.copy(scenario, scenario.with_name("f\x1b[31m\u202e.yaml"))
    return folder


@pytest.fixture
def call(project, monkeypatch):
    monkeypatch.chdir(project)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def finished(project):
    """A folder of results with a tampered digest and version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        result = CliRunner().invoke(
            main, ["run", "scenarios/hostile.yaml", "--no-ledger", "--no-figures", "--out", "reports/r"]
        )
        assert_harmless(result, 0)
        assert "\\x1b]0;owned\\x07" in result.output
    for name in ("run.json", "results.json", "inputs.json"):
        path = project / "reports" / "r" / name
        record = json.loads(path.read_text())
        if "digest" in record:
            record["digest"] = HOSTILE + record["digest"][40:]
        path.write_text(json.dumps(record))
    return Path("reports/r")


@pytest.mark.parametrize("name", ["scenarios/hostile.yaml", "scenarios/f\x1b[31m\u202e.yaml"])
@pytest.mark.parametrize("command", [("check",), ("run", "--no-ledger", "--no-files"), ("one-way", "--no-files")])
def test_commands_on_a_scenario(call, name, command):
    result = call(command[0], name, *command[1:])
    assert_harmless(result, result.exit_code if command[0] == "check" else 0)
    assert "\\u202e" in result.output


def test_list(call):
    result = call("list")
    assert_harmless(result, 0)
    assert any("hostile" in line and "\\x1b" in line for line in result.output.splitlines())


@pytest.mark.parametrize("command", [("show",), ("show", "--json"), ("runs",), ("runs", "--json")])
def test_earlier_results(call, finished, command):
    where = str(finished) if command[0] == "show" else "reports"
    result = call(command[0], where, *command[1:])
    assert_harmless(result, result.exit_code)
    if "--json" in command and result.exit_code == 0:
        json.loads(result.stdout)


def test_diff(call, finished):
    assert_harmless(call("diff", "scenarios/hostile.yaml", "pnet"), 0)
    result = call("diff", str(finished), "pnet")
    assert_harmless(result, result.exit_code)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", f"no{HOSTILE}"),
        ("run", "pnet", "--set", f"costs.{HOSTILE}=1"),
        ("run", "pnet", "--set", f"settings.horizon_years={HOSTILE}"),
        ("run", "pnet", "--set", f"strategies.cabozantinib.pfs.distribution={HOSTILE}"),
        ("run", "pnet", f"--{HOSTILE}"),
        (f"--{HOSTILE}",),
        (HOSTILE,),
        ("show", HOSTILE),
        ("runs", HOSTILE),
        ("diff", HOSTILE, "pnet"),
        ("batch", HOSTILE),
        ("import", HOSTILE),
        ("psa", "pnet", "--draws", HOSTILE),
        ("schema", "results", HOSTILE),
    ],
)
def test_messages_of_what_is_wrong(call, arguments):
    assert_harmless(call(*arguments), 2)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("scenarios/key.yaml", f"format: 1\nextends: pnet.yaml\nname: x\nrationale: x\ndirection: for\n{QUOTED}: 1\n"),
        ("scenarios/twice.yaml", f"{QUOTED}: 1\n{QUOTED}: 2\n"),
        (
            "scenarios/set.yaml",
            f"format: 1\nextends: pnet.yaml\nname: x\nrationale: x\ndirection: for\nset: {{{QUOTED}: {QUOTED}}}\n",
        ),
        ("scenarios/extends.yaml", f"format: 1\nextends: {QUOTED}\nname: x\nrationale: x\ndirection: for\n"),
    ],
)
@pytest.mark.parametrize("command", ["run", "check"])
def test_messages_of_files(call, project, file, text, command):
    path = project / file
    path.write_text(text, encoding="utf-8")
    try:
        assert_harmless(call(command, file), 2)
    finally:
        path.unlink()


def test_nothing_is_printed_past_the_one_function():
    """Commands print through `say`; consoles come from `console_of`; what waits makes its text visible by itself."""
    for path in COMMANDS.rglob("*.py"):
        if path.name in {"say.py", "progress.py", "cluster.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"click.echo", "click.secho", "print", "sys.stdout.write", "sys.stderr.write"}, (
                    path
                )
                assert called != "Console", path


def test_tables_hold_text_that_neither_acts_nor_computes():
    table = Table(
        "t", HOSTILE, (Column("a", HOSTILE), Column("b", "=1+1")), (("\t=HYPERLINK(1)", "<b>\u202e"),), HOSTILE
    )
    text = table_text(table)
    assert not {c for c in text if acts(c) and c != "\n"}
    assert "'=1+1" in text
    assert re.search(r"'\s*'?=HYPERLINK", text)
    html = table_html(table)
    assert "<b>" not in html
    assert not {c for c in html if acts(c)}
    assert csv_text(["\u200b=1"], []) == "\\u200b=1\n"
    assert [safe_text(plain(start + "x"))[0] for start in "=+-@\t"] == ["'"] * 4 + [" "]
