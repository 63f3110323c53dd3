"""Every fault of a YAML file, with its line and words; and round trips."""

import hashlib
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netcea.errors import InputError
from netcea.loading.reading import yaml_builder, yaml_file
from netcea.loading.reading.scalar import parse_scalar
from netcea.loading.reading.text_file import MAX_BYTES
from netcea.loading.reading.yaml_builder import MAX_DEPTH
from netcea.loading.reading.yaml_file import YamlFile, parse_value, read_yaml

quick = settings(max_examples=25)


def read(folder: Path, content: str | bytes) -> YamlFile:
    yaml_file._built.cache_clear()  # tests change the parser, which decides nothing that is kept
    path = folder / "pnet.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path, "scenarios/pnet.yaml")


def faults(folder: Path, content: str | bytes) -> list[str]:
    with pytest.raises(InputError) as raised:
        read(folder, content)
    assert all(problem.file == "scenarios/pnet.yaml" for problem in raised.value.problems)
    return [f"{p.line} {p.address} | {p.found} | {p.suggestion}" for p in raised.value.problems]


def test_data_lines_and_digest(tmp_path):
    text = "# head\nname: pNET\nos:\n  knots: [1, 2.5]\n  steps:\n    - at: 3\n      no: yes\n"
    text += "    -\n      at: 4\nlast:\n"
    file = read(tmp_path, text)
    assert file.data == {
        "name": "pNET",
        "os": {"knots": [1, 2.5], "steps": [{"at": 3, "no": "yes"}, {"at": 4}]},
        "last": None,
    }
    assert file.lines == {
        (): 2,
        ("name",): 2,
        ("os",): 3,
        ("os", "knots"): 4,
        ("os", "knots", 0): 4,
        ("os", "knots", 1): 4,
        ("os", "steps"): 5,
        ("os", "steps", 0): 6,
        ("os", "steps", 0, "at"): 6,
        ("os", "steps", 0, "no"): 7,
        ("os", "steps", 1): 9,
        ("os", "steps", 1, "at"): 9,
        ("last",): 10,
    }
    assert file.line_of(("os", "steps", 1, "missing", 0)) == 9
    assert file.sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfa: \xc2\xa3\r\nb: 2\r\n", "a: £\rb: 2", "%YAML 1.2\n---\na: £\nb: 2\n..."]
)
def test_byte_order_mark_line_ends_and_one_document(tmp_path, content):
    file = read(tmp_path, content)
    assert file.data == {"a": "£", "b": 2}


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "NO", "12:30:45", "1_000", "2024-01-31", "1,5", "1e", "-", ".", "tRUE", "0x", "1 000"],
)
def test_text_stays_text(word):
    assert parse_scalar(word) == word


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("Null", None),
        ("12", 12),
        ("-0", 0),
        ("+7", 7),
        ("1e5", 1e5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5E-3", -0.0015),
        ("0.0", 0.0),
        ("0e9", 0.0),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
    ],
)
def test_words_with_a_value(word, value):
    assert parse_scalar(word) == value
    assert type(parse_scalar(word)) is type(value)
    assert math.isnan(parse_scalar(".nan"))


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("0123", "leading zero"),
        ("-00.5", "leading zero"),
        ("01e2", "leading zero"),
        ("0x1F", "another base"),
        ("0o14", "another base"),
        ("0b101", "another base"),
        ("1e999", "too large"),
        ("1e-999", "too small"),
        ("9" * 6000, "too large"),
    ],
)
def test_numbers_that_people_misread(tmp_path, word, found):
    (fault,) = faults(tmp_path, f"a:\n  b: [1, {word}]\n")
    assert fault.startswith("2 a.b.1 | ")
    assert found in fault
    assert read(tmp_path, f"a: '{word}'").data == {"a": word}


# (text, the start of "line address | found", a word of the suggestion)
FAULTS = {
    "duplicate": ("a: 1\nb: 2\na: 3", "3 a | the key 'a' again (first in line 1)", "rename"),
    "duplicate quoted": ("a: 1\n'a': 3", "2 a | the key 'a' again (first in line 1)", "rename"),
    "duplicate deep": ("x:\n  - {b: 1, b: 2}", "2 x.0.b | the key 'b' again (first in line 2)", "rename"),
    "number as key": ("a:\n  1: x", "2 a.1 | the key 1, which is not text", "'1' in quotes"),
    "null as key": ("null: x", "1 null | the key null, which is not text", "quotes"),
    "true as key": ("true: x", "1 true | the key true, which is not text", "quotes"),
    "octal as key": ("010: x", "1 010 | the key 010, which is not text", "quotes"),
    "no key": ("a: 1\n? \n", "2  | a key without a name", "name the key"),
    "list as key": ("[a, b]: x", "1  | a list or mapping as a key", "quotes"),
    "template": ("a: {{name}}", "1 a | a list or mapping as a key", "quotes"),
    "anchor": ("a: &x 1", "1 a | the anchor &x", "remove"),
    "anchor on a list": ("a:\n  - &x [1]", "2 a.0 | the anchor &x", "remove"),
    "alias": ("a: 1\nb: *x", "2 b | the alias *x", "write the value out"),
    "alias as key": ("*x : 1", "1  | the alias *x", "write the value out"),
    "merge": ("a:\n  <<: {b: 1}", "2 a.<< | the merge key <<", "write the entries out"),
    "python tag": (
        "a: !!python/object/apply:os.system [ls]",
        "1 a | the tag !!python/object/apply:os.system",
        "remove",
    ),
    "standard tag": ("a: !!str 1", "1 a | the tag !!str", "remove"),
    "own tag": ("a: !x {b: 1}", "1 a | the tag !x", "remove"),
    "empty tag": ("a: ! 1", "1 a | the tag !", "remove"),
    "undefined tag": ("a: !u!x 1", "1 a | a tag", "remove"),
    "documents": ("a: 1\n---\nb: 2", "2  | a second document", "---"),
    "tab": ("a:\n\tb: 1", "2  | a tab used as indentation", "two spaces"),
    "tab on a blank line": ("a: |\n  x\n\t\nc: 1", "3  | a tab used as indentation", "two spaces"),
    "tab in text before": ("a: |\n  y\n  \tx\nb: @x", "4 b | text that starts with one of", "quotes"),
    "tab in a flow": ("a: {\n\tb: 1}", "2  | a tab used as indentation", "two spaces"),
    "tab after spaces": ("a:\n  b: 1\n  \tc: 1", "3  | a tab used as indentation", "two spaces"),
    "second colon": ("a: 1\nb: c: d", "2  | a second ':'", "quotes"),
    "indented": ("a: 1\n  b: 2", "2  | a second ':' or a key that is indented too far", "align"),
    "outdented": ("a:\n  b: 1\n c: 2", "3  | a line that does not fit", "indentation"),
    "dash": ("a: - 1", "1 a | a '-' on the line of its key", "new line"),
    "open bracket": ("b:\n  a: [1, 2\nc: 3", "2 b.a", "close the bracket"),
    "open brace": ("a: {b: 2\nc: 3", "1 a", "close the brace"),
    "open quote": ("a: 1\nb: 'x\nc: d\n", "2 b | a quote that is never closed", "close it"),
    "quote over documents": ("a: 'x\n---\n'", "1 a | '---' or '...' inside quotes", "close"),
    "no colon": ("a: 1\nb\n", "2  | a line without ':'", "add ': '"),
    "at sign": ("a: @x", "1 a | text that starts with one of", "quotes"),
    "backslash": ('a: 1\nb: "C:\\Users"', "2 b | a backslash in double quotes", "single quotes"),
    "escape": ('a: 1\nb: "C:\\data"', "2 b | a backslash in double quotes", "single quotes"),
    "star": ("a: * b", "1 a | text that starts with * or &", "quotes"),
    "block text": ("a: | x\n  b", "1 a | text after", "new line"),
    "stray bracket": ("a: ]", "1 a | a bracket or comma", "quotes"),
    "version": ("%YAML 3.0\n---\na: 1", "1  | another version of YAML", "%YAML"),
    "empty": ("", "0  | an empty file", "key: value"),
    "comment only": ("# x\n", "0  | an empty file", "key: value"),
    "document without content": ("---\n", "0  | an empty file", "key: value"),
    "list": ("\n- a\n", "2  | a list at the top", "key: value"),
    "word": ("abc", "1  | the single value 'abc' at the top", "key: value"),
    "NUL": ("a: 1\nb: \0", "2  | a NUL character in column 4", "delete"),
    "bell": ("a: 1\nb: x\x07", "2  | the invisible character U+0007 in column 5", "delete"),
    "line separator": ("a: x\u2028y", "1  | the invisible character U+2028", "delete"),
    "deep": ("a: " + "[" * 100_000, "1 a.0.0.0 | more than 40 levels", "bracket"),
    "deep braces": ("x: 1\na: " + "{a: " * 3000, "2 a.a.a.a | more than 40 levels", "bracket"),
    "deep block": ("\n".join(" " * i + "a:" for i in range(500)), "41 a.a.a.a | more than 40 levels", "bracket"),
    "Latin-1": (b"a: 1\nb: caf\xe9\n", "2  | byte 0xE9 at byte 7 of the line, which is not UTF-8", "is 'é'"),
    "UTF-16": ("a: 1".encode("utf-16"), "0  | UTF-16 text", "UTF-8"),
    "UTF-16 without mark": ("a: 1".encode("utf-16-le"), "0  | UTF-16 text", "UTF-8"),
    "workbook": (b"PK\x03\x04....", "0  | a zip archive or an Excel workbook", "CSV"),
    "large": (b"a: 1\n" + b"#" * MAX_BYTES, "0  | a larger file", "right file"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(tmp_path, fault):
    content, start, suggestion = FAULTS[fault]
    first, *_ = faults(tmp_path, content)
    assert first.startswith(start)
    assert suggestion in first.split(" | ", 2)[2]


class _Shallow(yaml.SafeLoader):
    """A parser whose own limit strikes before any event of what is nested, with words of its own."""

    def __init__(self, stream):
        if stream.count("[") + stream.count("{") > 100:
            raise yaml.YAMLError("this parser reads shallow files only")
        super().__init__(stream)


@pytest.mark.parametrize("fault", ["deep", "deep braces"])
def test_the_limit_of_nesting_is_ours_whatever_the_parser_s(tmp_path, monkeypatch, fault):
    monkeypatch.setattr(yaml_builder, "_LOADER", _Shallow)
    test_faults(tmp_path, fault)
    assert "does not fit" in faults(tmp_path, "a: '" + "[" * 101 + "'\nb: 1")[0]


def test_faults_with_the_python_parser(tmp_path, monkeypatch):
    monkeypatch.setattr(yaml_builder, "_LOADER", yaml.SafeLoader)
    for content, start, _ in FAULTS.values():
        if len(content) > 10**4:
            continue
        first, *_ = faults(tmp_path, content)
        assert first.split(" ")[0] == start.split(" ")[0], content
    assert read(tmp_path, "a: [1, 'x']").data == {"a": [1, "x"]}


def test_all_problems_at_once(tmp_path):
    found = faults(tmp_path, "a: 0123\nb: {a: 1, a: 0x1}\na: &x 2\n\tc: 3\n")
    assert [fault.split(" | ")[0] for fault in found] == ["1 a", "2 b.a", "2 b.a", "3 a", "4 "]


def test_forty_levels_are_read(tmp_path):
    depth = MAX_DEPTH - 1
    value = read(tmp_path, "a: " + "[" * depth + "]" * depth).data["a"]
    assert json.dumps(value).count("[") == depth


def test_tabs_inside_text_are_text(tmp_path):
    file = read(tmp_path, "a: 'x\ty\n\tz'\nb: |\n  q\n  \tx\n \nc:\t2\t# note\n")
    assert file.data == {"a": "x\ty z", "b": "q\n\tx\n", "c": 2}


def test_many_bad_lines_are_counted(tmp_path):
    found = faults(tmp_path, b"a: \xe9\n" * 25)
    assert len(found) == 11
    assert any("15 more lines" in fault for fault in found)


@pytest.mark.parametrize(
    ("name", "found", "suggestion"),
    [
        ("pent.yaml", "no such file", "did you mean 'pnet.yaml'?"),
        ("zzz", "no such file", "check the path"),
        ("no/pnet.yaml", "no folder", "check the path"),
        ("pnet.yaml/x", "no folder", "check the path"),
        ("folder", "a folder", "name a file"),
        ("a\0b", "an error", ""),
        ("x" * 300, "an error", ""),
    ],
)
def test_missing_files_and_folders(tmp_path, name, found, suggestion):
    (tmp_path / "pnet.yaml").write_text("a: 1")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as raised:
        read_yaml(tmp_path / name, "shown")
    (problem,) = raised.value.problems
    assert problem.found.startswith(found)
    assert suggestion in problem.suggestion


@pytest.mark.skipif(os.name != "posix", reason="pipes and users of POSIX")
def test_pipe_and_permission(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="a device or a pipe"):
        read_yaml(tmp_path / "pipe", "pipe")
    code = (
        "import os, sys, pathlib\n"
        "from netcea.errors import InputError\n"
        "from netcea.loading.reading.yaml_file import read_yaml\n"
        "path = pathlib.Path('secret.yaml'); path.write_text('a: 1'); path.chmod(0)\n"
        "os.getuid() == 0 and os.setuid(65534)\n"
        "try: read_yaml(path, 'secret.yaml')\n"
        "except InputError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "secret.yaml\n  found a file you may not read" in done.stdout


def test_values_of_the_command_line():
    assert parse_value("0.5", "--set") == 0.5
    assert parse_value("", "--set") is None
    assert parse_value("{kind: weibull, knots: [1, 2]}", "--set") == {"kind": "weibull", "knots": [1, 2]}
    for text, found in [
        ("0123", "leading zero"),
        ("[1", "not closed"),
        ("{a: 1, a: 2}", "the key 'a' again"),
        ("# x", "only a comment"),
        ("a\0", "NUL"),
        ("\udce9", "U+DCE9"),
        ("!!int 1", "the tag !!int"),
    ]:
        with pytest.raises(InputError) as raised:
            parse_value(text, "--set x")
        assert found in str(raised.value)
        assert all(p.line == 0 and p.file == "--set x" for p in raised.value.problems)


texts = st.text(
    st.characters(
        min_codepoint=32,
        max_codepoint=0x1FFFF,
        exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"],
        exclude_characters="\ufeff",
    ),
    max_size=12,
)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
trees = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@quick
@given(st.dictionaries(texts, trees, max_size=4))
def test_round_trip_of_json(tmp_path, data):
    file = read(tmp_path, json.dumps(data, ensure_ascii=False))
    assert file.data == data
    assert set(file.lines.values()) == {1}
    assert parse_value(json.dumps(data, ensure_ascii=False, indent=1), "") == data


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


words = st.from_regex(r"[a-z][a-z_]{0,8}( [a-z]+)?", fullmatch=True)
plain = st.recursive(
    numbers | words | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@quick
@given(st.dictionaries(words, plain, max_size=4))
def test_round_trip_of_a_yaml_dump(tmp_path, data):
    assert read(tmp_path, yaml.dump(data, Dumper=_Dumper)).data == data


@quick
@given(st.binary(max_size=60) | st.text("ab:-[]{},&*!|>'\"%@\n\t #?0.1~\\xU<", max_size=40).map(str.encode))
@example(b'a: "\\U99999999"')
@example(b"? ? ? a")
@example(b"%YAML 1" + b"9" * 50 + b".1\n---\na: 1")
def test_random_bytes_raise_nothing_else(tmp_path, content):
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_builder, "_LOADER", loader)
            try:
                assert isinstance(read(tmp_path, content).data, dict)
            except InputError:
                continue
