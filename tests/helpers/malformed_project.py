"""A small project to break, and how a case says what it breaks and what must be said about it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PNET = "scenarios/pnet.yaml"
MINE = "scenarios/mine.yaml"

Break = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One malformed input.

    Attributes
    ----------
    name : str
    breaks : sequence of callables
        What is done to the copy of the project.
    arguments : sequence of str
        What the user types after `run` or `check`.
    file : str
        The file that the message names, or the start of the command-line option.
    at : str
        Text of the line that the message names; empty where the file as a whole is meant.
    address : str
        The dotted address of the message; empty where there is none.
    words : sequence of str
        What the message says, among other things.
    count : int
        How many problems are reported.
    """

    name: str
    breaks: Sequence[Break]
    arguments: Sequence[str]
    file: str
    at: str
    address: str
    words: Sequence[str]
    count: int = 1


def copy_project(folder: Path, scenarios: Sequence[str] = (PNET,)) -> Path:
    """Copy inputs/ and the small set of scenarios into a folder."""
    shutil.copytree(ROOT / "inputs", folder / "inputs")
    (folder / "scenarios" / "sensitivity").mkdir(parents=True)
    for name in scenarios:
        shutil.copy(ROOT / name, folder / "scenarios")
        for shown in shown_beside(name):
            shutil.copy(ROOT / "scenarios" / shown, folder / "scenarios" / "sensitivity")
    return folder


def shown_beside(scenario: str) -> list[str]:
    """Return the sensitivity scenarios of a base case's analyses: shown beside it, by method of switching, subgroups."""
    text = (ROOT / scenario).read_text(encoding="utf-8")
    block = text[text.index("    beside:") :].split("\n\n")[0]
    return [*re.findall(r"- (sensitivity/\S+)", block), *re.findall(r"scenario: (sensitivity/[^\s}]+)", block)]


def line_of(path: Path, text: str) -> int:
    """Return the first line that holds a text."""
    lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


# ---------------------------------------------------------------------------------------------- ways to break
def edit(file: str, old: str, new: str, after: str = "") -> Break:
    """Replace the first `old` that stands after the text `after`."""

    def apply(project: Path) -> None:
        path = project / file
        text = path.read_text(encoding="utf-8")
        start = text.index(after)
        where = text.index(old, start)
        path.write_text(text[:where] + new + text[where + len(old) :], encoding="utf-8", newline="\n")

    return apply


def write(file: str, content: str | bytes) -> Break:
    """Write a file, whole."""

    def apply(project: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_bytes(data)

    return apply


def folder(file: str) -> Break:
    """Put a folder where a file should be."""

    def apply(project: Path) -> None:
        (project / file).unlink(missing_ok=True)
        (project / file).mkdir()

    return apply


def remove(file: str) -> Break:
    """Delete a file or a folder."""

    def apply(project: Path) -> None:
        path = project / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return apply


def link(file: str, target: str) -> Break:
    """Put a symbolic link to a file outside the project."""

    def apply(project: Path) -> None:
        outside = project.parent / target
        outside.write_text(HEADER, encoding="utf-8")
        (project / file).unlink(missing_ok=True)
        (project / file).symlink_to(outside)

    return apply


HEADER = """\
format: 1
extends: pnet.yaml
name: mine
rationale: a test
direction: unclear
"""


def mine(body: str, header: str = HEADER) -> Break:
    """Write a small scenario that extends the base case."""
    return write(MINE, header + body)


# ---------------------------------------------------------------------------------------------- cases in one line
def set_case(name: str, lines: str, at: str, address: str, *words: str, file: str = MINE, count: int = 1) -> Case:
    """A small scenario with entries under `set`."""
    body = "set:\n" + "".join(f"  {line}\n" for line in lines.splitlines())
    return Case(name, [mine(body)], [MINE], file, at, address, words, count)


def file_case(name: str, text: str, at: str, address: str, *words: str, count: int = 1) -> Case:
    """A scenario file with this content."""
    return Case(name, [write(MINE, text)], [MINE], MINE, at, address, words, count)


def header_case(name: str, old: str, new: str, at: str, address: str, *words: str, count: int = 1) -> Case:
    """A small scenario whose header is changed."""
    assert old in HEADER
    return Case(name, [mine("", HEADER.replace(old, new))], [MINE], MINE, at, address, words, count)


def base_case(
    name: str, old: str, new: str, at: str, address: str, *words: str, after: str = "", count: int = 1
) -> Case:
    """The base case with one piece of text replaced."""
    return Case(name, [edit(PNET, old, new, after)], [PNET], PNET, at, address, words, count)


def input_case(
    name: str, file: str, old: str, new: str, at: str, address: str, *words: str, after: str = "", count: int = 1
) -> Case:
    """A file of inputs/ with one piece of text replaced."""
    breaks = [edit(f"inputs/{file}", old, new, after)]
    return Case(name, breaks, [PNET], f"inputs/{file}", at, address, words, count)


def option_case(name: str, option: str, address: str, *words: str, count: int = 1) -> Case:
    """A fault of --set."""
    return Case(name, [], [PNET, "--set", option], f"--set {option}", "", address, words, count)
