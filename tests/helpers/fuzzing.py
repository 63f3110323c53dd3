"""Seeded mutations of what a user writes: scenarios, inputs, tables, price layers, batch files and options.

``PYTHONPATH=model:tests python -m helpers.fuzzing --cases 5000 --seed 1`` tries many and prints each
case that is not answered as it should be.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import shutil
import signal
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import yaml
from click.testing import CliRunner, Result

from helpers.malformed_project import HEADER, MINE, PNET, ROOT, copy_project
from netcea.cli.main import main

SECONDS = 20
"""After so long a case counts as hanging; most take a tenth of a second."""
BATCH, LAYER = "scenarios/batches/fuzzed.yaml", "own.secret.yaml"
LONG = "x" * 20_000
SCALARS = (
    "0",
    "-0.0",
    "1",
    "-1",
    "2",
    "0.5",
    "1e-3",
    "1.0e+308",
    "-1.0e+308",
    "1.0e-308",
    "5e-324",
    "1.0e-12",
    "1.0e+6",
    "1.0e+10",
    "1.0e+30",
    "1.0e+100",
    "0.999999",
    "1.0000001",
    "99",
    "-0.01",
    "9" * 400,
    "-" + "9" * 30,
    ".nan",
    ".inf",
    "-.inf",
    "nan",
    "inf",
    "1e999",
    "1_000",
    "0x10",
    "0o17",
    "1:30",
    "50%",
    "'0.5'",
    "1,5",
    "null",
    "~",
    "''",
    "true",
    "no",
    "2024-01-01",
    "2024/25",
    "1900/01",
    "9999/00",
    "[]",
    "{}",
    "[1, 2]",
    "[null]",
    "{a: 1}",
    "{1: 2}",
    "{[1]: 2}",
    "[[[[[[1]]]]]]",
    "x",
    LONG,
    "'\\0'",
    '"\\0\\e[2J"',
    '"\\u202e\\ud800"',
    "é€日本🙂",
    "../../x",
    "/etc/passwd",
    "/dev/zero",
    "*a",
    "&a [*a]",
    "!!python/object/apply:os.getcwd []",
    "!!float x",
    "!!binary YQ==",
    "<<",
    "{<<: {a: 1}}",
    "|",
    "@",
    "- a",
)
"""YAML that nobody expects, each on one line."""
CELLS = (
    "",
    "nan",
    "inf",
    "-1",
    "0",
    "1e308",
    "1e-308",
    "1e999",
    "x",
    '"',
    "=1+1",
    "1;2",
    "0.5",
    "101",
    "1,1",
    "\x00",
    "é",
    "9" * 400,
)
WORDS = (
    "",
    "0",
    "1",
    "-1",
    "2",
    "5",
    "0.05",
    "0.3",
    "1e-9",
    "1e-308",
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "-inf",
    "x",
    "é€日本",
    "1_0",
    "٣",
    "9" * 400,
    "=",
    ":",
    "1:2",
    "2:1",
    "1:1",
    "0:1",
    "0:1e308",
    "nan:nan",
    ":1",
    "1:",
    "1:2:3",
    "-1:0",
    "[1]",
    "{a: 1}",
    "null",
    "true",
    "2024-01-01",
    LONG,
    "x\n- y",
)
"""What is typed after an option; no system lets a null character through."""
OPTIONS = {
    "run": ("--set", "--prices", "--reveal"),
    "check": ("--set",),
    "psa": ("--set", "--draws", "--seed", "--sampling", "--until-mcse", "--parameters", "--keep-draws"),
    "one-way": ("--set", "--address", "--bounds"),
    "threshold": ("--set", "--address", "--bounds", "--ladder-step", "--draws", "--seed"),
    "two-way": ("--set", "--axis", "--axis"),
    "batch": ("--set", "--draws", "--seed", "--most-runs", "--prices"),
}
ALWAYS = {
    "run": ("--no-ledger", "--no-files", "--no-figures", "--no-workbook", "--no-traces", "--json"),
    "check": ("--json",),
    "psa": ("--draws", "20", "--no-explain", "--no-files", "--no-figures", "--json"),
    "one-way": ("--no-files", "--no-figures", "--json"),
    "threshold": ("--no-files", "--no-figures", "--json"),
    "two-way": ("--axis", "settings.horizon_years=10:20:2", "--no-files", "--no-figures", "--json"),
    "batch": ("--list", "--json"),
    "diff": ("--json",),
}
BATCH_TEXT = """\
format: 1
name: fuzzed
rationale: a test
scenarios: [../pnet.yaml]
grids:
  ladder:
    axes:
      costs.drug.cabozantinib.discount: {first: 0.1, last: 1.0, step: 0.3}
      settings.horizon_years: [10, 20]
seed: 1
figures: false
analyses:
  base_case: {}
  psa: {draws: 20, explain: false}
"""
LAYER_TEXT = """\
format: 1
name: own
salt: "9f86d081884c7d65"
confidential: true
set:
  costs.drug.cabozantinib.discount: 0.3
  costs.drug.everolimus.price_per_pack: 1500
"""
MINE_TEXT = HEADER + "set:\n  settings.horizon_years: 20\n"


@dataclass(frozen=True)
class Case:
    """What is changed and what is typed.

    Attributes
    ----------
    said : str
        The mutations, in words.
    arguments : list of str
        What the user types.
    files : dict
        Path -> content of every file that is changed or added.
    """

    said: str
    arguments: list[str]
    files: dict[str, bytes] = field(default_factory=dict)


class Project:
    """A small copy of the project that is put back in order after each case."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_project(folder)
        (folder / BATCH).parent.mkdir()
        for path in (ROOT / "scenarios" / "sensitivity").glob("pnet_*.yaml"):
            shutil.copy(path, folder / "scenarios" / "sensitivity")
        self.scenarios = sorted(p.relative_to(folder).as_posix() for p in folder.glob("scenarios/sensitivity/pnet_*"))
        for name, text in ((BATCH, BATCH_TEXT), (LAYER, LAYER_TEXT), (MINE, MINE_TEXT)):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        self.inputs = sorted(p.relative_to(folder).as_posix() for p in (folder / "inputs").rglob("*.yaml"))
        self.tables = sorted(p.relative_to(folder).as_posix() for p in (folder / "inputs").rglob("*.csv"))
        self.numbers = [
            address for name in self.inputs for address in _numbers(yaml.safe_load(self.text(name)), _address(name))
        ]
        self.choices = list(_paths(yaml.safe_load(self.text(PNET)), ()))
        self.names = self._names()

    def text(self, name: str) -> str:
        """Return a file's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def _names(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*"))

    @contextlib.contextmanager
    def changed(self, case: Case) -> Iterator[None]:
        """Write the files of a case, and put back what was there."""
        before = {name: (self.folder / name).read_bytes() for name in case.files if (self.folder / name).exists()}
        try:
            for name, data in case.files.items():
                (self.folder / name).write_bytes(data)
            yield
        finally:
            for name in case.files:
                (self.folder / name).unlink()
            for name, data in before.items():
                (self.folder / name).write_bytes(data)

    def written(self) -> list[str]:
        """Return what stands in the folder and was not there at first."""
        return sorted(set(self._names()) - set(self.names))


def _address(file: str) -> tuple[str, ...]:
    return tuple(file.removeprefix("inputs/").removesuffix(".yaml").split("/"))


def _numbers(node: object, way: tuple[str, ...]) -> Iterator[str]:
    if isinstance(node, dict):
        if "value" in node:
            yield ".".join(way)
        for key, child in node.items():
            yield from _numbers(child, (*way, str(key)))


def _paths(node: object, way: tuple[str, ...]) -> Iterator[str]:
    if way:
        yield ".".join(way)
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _paths(child, (*way, str(key)))


# ---------------------------------------------------------------------------------------------- mutations
def mutated(project: Project, seed: int) -> Case:
    """Return the case of a seed: one or two mutations and a command."""
    chance = random.Random(seed)
    kinds = {_scenario: 4, _set: 4, _inputs: 4, _table: 2, _layer: 2, _batch: 2, _options: 4, _extends: 1}
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    return kind(project, chance)


def _command(chance: random.Random, scenario: str) -> list[str]:
    command = chance.choice(("check", "run", "run", "psa", "psa", "one-way", "threshold", "two-way", "diff"))
    return [command, *([PNET] if command == "diff" else []), scenario, *ALWAYS[command]]


def _scenario(project: Project, chance: random.Random) -> Case:
    name = PNET if chance.random() < 0.4 else chance.choice(project.scenarios)
    said, text = _yaml(project, project.text(name), chance)
    return Case(f"{name}: {said}", _command(chance, name), {name: _encoded(text)})


def _inputs(project: Project, chance: random.Random) -> Case:
    name = chance.choice(project.inputs)
    said, text = _yaml(project, project.text(name), chance)
    return Case(f"{name}: {said}", _command(chance, PNET), {name: _encoded(text)})


def _set(project: Project, chance: random.Random) -> Case:
    entries = [
        f"{_any_address(project, chance)}: {_any_value(project, chance)}" for _ in range(chance.choice((1, 1, 2, 3)))
    ]
    text = HEADER + "set:\n" + "".join(f"  {entry}\n" for entry in entries)
    return Case(f"{MINE}: {_short('; '.join(entries))}", _command(chance, MINE), {MINE: _encoded(text)})


def _layer(project: Project, chance: random.Random) -> Case:
    if chance.random() < 0.5:
        said, text = _yaml(project, LAYER_TEXT, chance)
    else:
        said = f"{chance.choice(project.numbers)}: {_any_value(project, chance)}"
        text = LAYER_TEXT + f"  {said}\n"
    more = ["--prices", LAYER, *chance.choice(([], ["--redact"], ["--redact", "--reveal", "icer=1000"]))]
    command = chance.choice(("run", "psa", "threshold", "one-way"))
    return Case(f"{LAYER}: {_short(said)}", [command, PNET, *ALWAYS[command], *more], {LAYER: _encoded(text)})


def _batch(project: Project, chance: random.Random) -> Case:
    said, text = _yaml(project, BATCH_TEXT, chance)
    return Case(f"{BATCH}: {said}", ["batch", BATCH, *ALWAYS["batch"]], {BATCH: _encoded(text)})


def _options(project: Project, chance: random.Random) -> Case:
    command = chance.choice([*OPTIONS, "one-way", "threshold"])
    option = chance.choice(OPTIONS[command])
    word = chance.choice(WORDS)
    if option in ("--set", "--bounds", "--address", "--prices", "--axis"):
        word = "=".join([_any_address(project, chance), word][: 1 if option == "--address" else 2])
    if option == "--reveal":
        word = chance.choice(("icer", "costs", "incremental_nhb", "x")) + "=" + word
    target = BATCH if command == "batch" else PNET
    return Case(f"{option} {_short(word)}", [command, target, *ALWAYS[command], option, word])


def _extends(project: Project, chance: random.Random) -> Case:
    length = chance.choice((1, 2, 10, 60, 400))
    last = chance.choice(("pnet.yaml", "f0.yaml", f"f{length - 1}.yaml", "mine.yaml", "nothing.yaml", ".", "../inputs"))
    files = {}
    for at in range(length):
        parent = f"f{at + 1}.yaml" if at + 1 < length else last
        text = (
            HEADER.replace("pnet.yaml", parent).replace("mine", f"f{at}")
            + f"set:\n  settings.horizon_years: {at + 1}\n"
        )
        files[f"scenarios/f{at}.yaml"] = text.encode()
    return Case(
        f"{length} files that extend one another, the last {last}", _command(chance, "scenarios/f0.yaml"), files
    )


def _table(project: Project, chance: random.Random) -> Case:
    name = chance.choice(project.tables)
    lines = project.text(name).splitlines()
    number = chance.randrange(1, len(lines))
    cells = lines[number].split(",")
    column = chance.randrange(len(cells))
    kind = chance.choice(
        ("cell", "cell", "header", "row", "swap", "column", "cut", "long", "twice", "end", "encoding", "copy")
    )
    if kind == "cell":
        cells[column] = chance.choice(CELLS)
        lines[number] = ",".join(cells)
    elif kind == "header":
        head = lines[0].split(",")
        head[column] = chance.choice((*CELLS, head[0]))
        lines[0] = ",".join(head)
    elif kind == "row":
        del lines[number]
    elif kind == "swap":
        lines[number - 1], lines[number] = lines[number], lines[number - 1]
    elif kind == "column":
        lines = [",".join(c for at, c in enumerate(line.split(",")) if at != column) for line in lines]
    elif kind == "cut":
        lines = lines[: chance.choice((0, 1, 2, number))]
    elif kind == "long":
        lines[number] += ",1" * chance.choice((1, 10_000))
    elif kind == "twice":
        lines += lines[1:]
    elif kind == "copy":
        value = chance.choice(CELLS)
        rows = [line.split(",") for line in lines[1:]]
        lines = [lines[0], *(",".join([*row[:column], value, *row[column + 1 :]]) for row in rows)]
    end = chance.choice(("\r\n", "\r", "\n\n", "\x85")) if kind == "end" else "\n"
    text = end.join(lines) + end
    data = text.encode(chance.choice(("utf-16", "utf-8-sig"))) if kind == "encoding" else text.encode()
    return Case(
        f"{name}:{number + 1}, column {column + 1}: {kind} {_short(lines[number] if number < len(lines) else '')}",
        _command(chance, PNET),
        {name: data},
    )


def _any_address(project: Project, chance: random.Random) -> str:
    group = chance.choice(project.numbers).rpartition(".")[0]
    kind = chance.choices(
        (project.numbers, project.choices, [group], ["", "x", "a..b", ".", "é", LONG]), (6, 6, 1, 0.5)
    )[0]
    found: str = chance.choice(kind)
    return found


def _any_value(project: Project, chance: random.Random) -> str:
    return _any_address(project, chance) if chance.random() < 0.25 else chance.choice(SCALARS)


def _yaml(project: Project, text: str, chance: random.Random) -> tuple[str, str]:
    """Change one or two places of a YAML file, its text otherwise kept."""
    said = []
    for _ in range(chance.choice((1, 1, 1, 2))):
        try:
            pairs = list(_pairs(yaml.compose(text)))
        except (yaml.YAMLError, RecursionError, ValueError):
            break
        if not pairs:
            break
        values = [pair for pair in pairs if pair[0].value == "value"]
        way = chance.choice(values if values and chance.random() < 0.4 else pairs)
        done, text = _at(project, text, way, pairs, chance)
        said.append(done)
    return "; ".join(said), text


def _at(project: Project, text: str, pair, pairs, chance: random.Random) -> tuple[str, str]:
    key, value = pair
    where = f"line {key.start_mark.line + 1} {key.value}"
    kind = chance.choice(("value",) * 6 + ("delete", "twice", "rename", "swap", "own name"))
    begin, end = value.start_mark.index, value.end_mark.index
    if isinstance(value, yaml.CollectionNode) and not value.flow_style:
        end = text.rfind("\n", 0, end)
    whole = text[key.start_mark.index : end]
    if kind == "value":
        new = _any_value(project, chance)
    elif kind == "swap":
        new = _flow(chance.choice(pairs)[1])
    elif kind == "own name":
        new = key.value
    elif kind == "rename":
        new = chance.choice(("x", "''", "1", "null", "value", "[1]", "é", LONG, chance.choice(pairs)[0].value))
        return f"{where}: {kind} {_short(new)}", text[: key.start_mark.index] + new + text[key.end_mark.index :]
    else:
        comma = "," if text[end : end + 1] in (",", "}") else "\n" + " " * key.start_mark.column
        new = "" if kind == "delete" else whole + comma + (" " if comma == "," else "") + whole
        return f"{where}: {kind}", text[: key.start_mark.index] + new + text[end:]
    return f"{where}: {kind} {_short(new)}", text[:begin] + new + text[end:]


def _pairs(node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Yield (key, value) of all mappings inside a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key, value
            yield from _pairs(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _pairs(value)


def _flow(node) -> str:
    """Return a node in one line."""
    if isinstance(node, yaml.ScalarNode):
        return json.dumps(node.value) if node.style or "\n" in node.value else node.value
    if isinstance(node, yaml.SequenceNode):
        return "[" + ", ".join(map(_flow, node.value)) + "]"
    return "{" + ", ".join(f"{_flow(key)}: {_flow(value)}" for key, value in node.value) + "}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:100]}... ({len(text):,} characters)"


# ---------------------------------------------------------------------------------------------- verdicts
class Hanging(BaseException):
    """A case takes longer than anybody would wait."""


@contextlib.contextmanager
def at_most(seconds: int = SECONDS) -> Iterator[None]:
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise Hanging(f"not answered within {seconds} s")

    earlier = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, earlier)


def fault_of(project: Project, case: Case) -> str:
    """Run a case; return what is wrong with the answer, empty if nothing. The project is the current folder."""
    with project.changed(case):
        try:
            with at_most():
                ran = CliRunner().invoke(main, case.arguments)
        except Hanging as error:
            return str(error)
        written = project.written()
    found = list(faults(ran))
    added = sorted(set(written) - set(case.files))
    return "; ".join([*found, f"wrote {added}"] if added else found)


def faults(ran: Result) -> Iterator[str]:
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        assert ran.exc_info is not None
        yield "".join(traceback.format_exception(*ran.exc_info)[-4:])
    elif ran.exit_code == 0:
        yield from _not_finite(ran.stdout)
    elif ran.exit_code == 1:
        if not ran.output.strip():
            yield "exit code 1 and nothing said"
    elif ran.exit_code == 2:
        yield from _not_told(ran)
    else:
        yield f"exit code {ran.exit_code}"


def _not_finite(text: str) -> Iterator[str]:
    found: list[str] = []

    def number(word: str) -> float:
        if not math.isfinite(float(word)):
            found.append(word)
        return float(word)

    try:
        json.loads(text, parse_constant=number, parse_float=number)
    except ValueError as error:
        yield f"exit code 0, but no JSON: {error}"
    if found:
        yield f"exit code 0, but {len(found)} numbers such as {found[0][:20]}"


def _not_told(ran: Result) -> Iterator[str]:
    if ran.stdout:
        yield f"exit code 2, but printed {ran.stdout[:200]!r}"
    if "Traceback" in ran.stderr:
        yield "a traceback is shown"
    by_click = "\nError: " in ran.stderr and "Usage: " in ran.stderr
    if not by_click and not ("found" in ran.stderr and "expected" in ran.stderr and "nothing was run" in ran.stderr):
        yield f"exit code 2, but neither what was found nor what was expected: {ran.stderr[:500]!r}"
    if len(ran.stderr) > 100_000:
        yield f"a message of {len(ran.stderr):,} characters"


@click.command()
@click.option("--cases", default=1000, show_default=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="Seed of the first; the others follow.")
def many(cases: int, seed: int) -> None:
    """Try many mutations and print those that are not answered as they should be."""
    warnings.simplefilter("error")
    faulty = 0
    with tempfile.TemporaryDirectory() as temporary:
        project = Project(Path(temporary) / "project")
        os.chdir(project.folder)
        for number in range(seed, seed + cases):
            case = mutated(project, number)
            fault = fault_of(project, case)
            if fault:
                faulty += 1
                click.echo(f"seed {number}: {case.said}\n  {' '.join(map(_short, case.arguments))}\n  {fault}\n")
        os.chdir("/")
    click.echo(f"{cases:,} cases, {faulty:,} of them not answered as they should be")
    raise SystemExit(faulty > 0)


if __name__ == "__main__":
    many()
