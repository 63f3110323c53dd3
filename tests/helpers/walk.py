"""Pages of the documentation, walked: their commands run in their order, their files written, their output compared.

What a page may hold, by the words after the three backticks:

- ``sh``: commands. ``netcea`` runs in this process, ``python`` in one of its own, ``cd`` changes the folder.
- ``text``: what the commands before it printed; ``...`` stands for lines left out, blanks do not count.
- ``python``: runs, in one namespace for the page.
- ``yaml PATH``, ``csv PATH``, ``json PATH``: is written to that file (``<!-- walk: added to the file -->``: after what it has).
- ``yaml`` after ``<!-- walk: in ADDRESS of SCENARIO -->``: entries of a scenario, loaded as such.

Comments of the page say what its readers need not: ``<!-- walk: slow -->``, ``in a copy of the project`` (an empty folder
otherwise), ``with the source KEY`` (in its bibliography), ``given FILE from PATH`` or ``given FILE, made up``, ``exit 2`` (of the next block), ``with WORDS in place of
WORDS`` (in its commands: fewer draws), ``not run, REASON``.

`python -m helpers.walk PAGE ...` (with PYTHONPATH=model:tests) writes the output into the pages again: lines that are
gone are replaced by the likest, an empty block by everything, ``lines 1-9, 14-20`` by these lines, ``at WORDS, 4`` by four from the first that has them.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from click.testing import CliRunner
from markdown_it import MarkdownIt

from helpers.walk_trials import MADE
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading import load

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ("inputs", "scenarios", "docs", "examples", "reports/published")
"""What a copy of the project has."""
SAID = re.compile(r"<!-- walk: (.*?) -->", re.DOTALL)
ENVIRONMENT = {"COLUMNS": "100", "NETCEA_PROGRESS": "off", "MPLBACKEND": "Agg"}


@dataclass(frozen=True)
class Block:
    """A block of code of a page: its kind, the rest of its first line, its text, what comments before it say of it."""

    kind: str
    path: str
    text: str
    line: int
    end: int
    said: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why it is not run; empty where it is."""
        return next((s.removeprefix("not run, ") for s in self.said if s.startswith("not run, ")), "")

    @property
    def with_less(self) -> str:
        """Its text, with fewer draws where the page says so."""
        text = self.text
        for said in self.said:
            if (found := re.fullmatch(r"with (.+) in place of (.+)", said)) is not None:
                assert found[2] in text, f"line {self.line} has no {found[2]}"
                text = text.replace(found[2], found[1])
        return text


@dataclass(frozen=True)
class Page:
    """A page: what it says of itself, and its blocks."""

    path: Path
    said: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def slow(self) -> bool:
        return "slow" in self.said


def read(path: Path) -> Page:
    """Return the blocks of a page; those that are indented, and so of no kind, have the kind ``indented``."""
    everything, blocks, pending = [], [], []
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
        if token.type == "html_block":
            found = [" ".join(s.split()) for s in SAID.findall(token.content)]
            everything += found
            pending += found
        elif token.type in ("fence", "code_block"):
            kind, _, rest = token.info.strip().partition(" ")
            kind = kind if token.type == "fence" else "indented"
            blocks.append(Block(kind, rest.strip(), token.content, token.map[0] + 1, token.map[1], tuple(pending)))
            pending = []
    return Page(path, tuple(everything), tuple(blocks))


def commands(text: str) -> list[list[str]]:
    """Return the words of each command; a comment ends a line, a backslash does not."""
    lines = text.replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def squeezed(line: str) -> str:
    """Return a line without what the width of columns makes of it, and how large a file is to a tenth of a megabyte."""
    return re.sub(r"\b\d\.\d MB", "1 or 2 MB", " ".join(line.split()))


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def segments(text: str) -> Iterator[list[str]]:
    """Yield the lines of a block of output between its ``...``."""
    segment: list[str] = []
    for line in [*lines_of(text), "..."]:
        if line.strip() == "...":
            if segment:
                yield segment
            segment = []
        else:
            segment.append(line)


def where(segment: list[str], output: list[str], start: int) -> int | None:
    """Return the line of the output after some that stand there one below the other, from `start` on; None where not.

    Words count, not where lines break: a page may wrap a long message.
    """
    wanted = squeezed(" ".join(segment)).split()
    found = [(word, i) for i, line in enumerate(output[start:], start) for word in squeezed(line).split()]
    words = [word for word, _ in found]
    for i in range(len(words) - len(wanted) + 1):
        if words[i : i + len(wanted)] == wanted:
            return found[i + len(wanted) - 1][1] + 1
    return None


@dataclass
class Walk:
    """A page on its way: its folder, what the last commands printed, how much was compared and run."""

    page: Page
    folder: Path
    printed: list[str] = field(default_factory=list)
    at: int = 0
    names: dict = field(default_factory=dict)
    compared: int = 0
    ran: int = 0
    wrong: list[str] = field(default_factory=list)
    shown: dict[int, list[str]] = field(default_factory=dict)

    @property
    def output(self) -> list[str]:
        """The lines of what was printed that are not blank."""
        return [line for line in self.printed if line.strip()]

    def go(self) -> Walk:
        """Walk the page from its first block to its last."""
        with contextlib.chdir(self.folder), environment():
            for said in self.page.said:
                self.given(said)
            for block in self.page.blocks:
                if not block.reason:
                    self.block(block)
        return self

    def given(self, said: str) -> None:
        if said == "in a copy of the project":
            for name in PROJECT:
                shutil.copytree(ROOT / name, self.folder / name)
        elif said.startswith("with the source "):
            with (self.folder / "inputs" / "sources.yaml").open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"\n{said.removeprefix('with the source ')}:\n  title: The reader's own data\n")
        elif said.startswith("given "):
            name, _, source = re.sub(r"^given (\S+?)(,)? (from )?", r"\1|", said).partition("|")
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            if source == "made up":
                MADE[name](self.folder / name)
            else:
                shutil.copy(ROOT / source, self.folder / name)

    def block(self, block: Block) -> None:
        place = f"{self.page.path.name}:{block.line}"
        fragment = next((s for s in block.said if s.startswith("in ") and " of " in s and "copy" not in s), None)
        if block.kind == "sh":
            code = next((int(s.split()[1]) for s in block.said if s.startswith("exit ")), 0)
            printed = "".join(self.command(words, code, place) for words in commands(block.with_less))
            self.printed, self.at = [line.rstrip() for line in printed.splitlines()], 0
        elif block.kind == "python":
            self.printed, self.at = [line.rstrip() for line in self.python(block.with_less).splitlines()], 0
        elif block.kind == "text":
            self.compare(block, place)
        elif fragment is not None:
            self.fragment(place, block.text, *re.fullmatch(r"in (\S+) of (\S+)", fragment).groups())
        elif block.path:
            Path(block.path).parent.mkdir(parents=True, exist_ok=True)
            with Path(block.path).open("a" if "added to the file" in block.said else "w", encoding="utf-8") as file:
                file.write(block.text)
        else:
            self.wrong.append(f"{place}: a block of the kind {block.kind!r} says neither a file nor why it is not run")

    def command(self, words: list[str], code: int, place: str) -> str:
        self.ran += 1
        if words[:3] == ["python", "-m", "netcea"]:
            words = words[2:]
        if words[0] == "cd":
            os.chdir(words[1])
            return ""
        if words[0] == "python":
            done = subprocess.run([sys.executable, *words[1:]], check=False, capture_output=True, encoding="utf-8")
            printed, came = done.stdout + done.stderr, done.returncode
        else:
            assert words[0] == "netcea", (place, words)
            found = CliRunner().invoke(main, words[1:])
            printed, came = found.output, found.exit_code
            if found.exception is not None and not isinstance(found.exception, SystemExit):
                raise found.exception
        if came != code:
            self.wrong.append(f"{place}: {shlex.join(words)} ended with {came}, not {code}:\n{printed[-2000:]}")
        return printed

    def python(self, text: str) -> str:
        import netcea

        self.ran += 1
        self.names.setdefault("netcea", netcea)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(text, str(self.page.path), "exec"), self.names)  # noqa: S102  the page's own code is what is tested
        return printed.getvalue()

    def fragment(self, place: str, text: str, address: str, scenario: str) -> None:
        """Load the scenario with the entries of the block at the address."""
        self.ran += 1
        found, words = yaml.safe_load(text), address.split(".")
        if words[0] in found:  # written out from the top of the file
            for word in words:
                found = found[word]
        base = Path(scenario) if scenario.endswith(".yaml") else ROOT / "scenarios" / f"{scenario}.yaml"
        try:
            load(str(base), {f"{address}.{key}": value for key, value in found.items()})
        except InputError as error:
            self.wrong.append(f"{place}: not loaded: {error}")

    def compare(self, block: Block, place: str) -> None:
        for segment in segments(block.text):
            found = where(segment, self.output, self.at)
            if found is None:
                missing = [line for line in segment if squeezed(line) not in {squeezed(o) for o in self.output}]
                self.wrong.append(f"{place}: the commands before it do not print {missing or segment}")
            else:
                self.at = found
                self.compared += len(segment)
        self.shown[block.line] = list(self.printed)


@contextlib.contextmanager
def environment() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# ------------------------------------------------------------------------------------------------ written again
def written(block: Block, printed: list[str]) -> str:
    """Return what a block of output should be."""
    text = block.text.strip()
    if not text:
        return "\n".join(printed).strip("\n")
    if re.fullmatch(r"lines [\d, -]+", text):
        spans = [[int(n) for n in span.split("-")] for span in text.removeprefix("lines ").split(",")]
        return "\n...\n".join("\n".join(printed[span[0] - 1 : span[-1]]) for span in spans)
    if wanted := re.findall(r"(?m)^at (.+), (\d+)$", text):
        starts = [next(i for i, line in enumerate(printed) if words in line) for words, _ in wanted]
        return "\n...\n".join("\n".join(printed[i : i + int(n)]) for i, (_, n) in zip(starts, wanted, strict=True))
    output = [line for line in printed if line.strip()]
    lines, at = [], 0
    parts = [part for part in re.split(r"(?m)^\s*\.\.\.\s*$", text) if part.strip()]
    for part, segment in zip(parts, segments(text), strict=True):
        end = where(segment, output, at)
        if end is not None:
            lines.append(part.strip("\n"))
            at = end
            continue
        places = [i for line in segment if (i := likest(line, output)) is not None]
        gap = ["...\n" if k and place != places[k - 1] + 1 else "" for k, place in enumerate(places)]
        lines.append("\n".join(dots + output[place] for dots, place in zip(gap, places, strict=True)))
    return "\n...\n".join(lines)


def likest(line: str, output: list[str]) -> int | None:
    """Return where the output has the line, or else what is most like it; None where nothing is."""
    alike = difflib.get_close_matches(squeezed(line), [squeezed(o) for o in output], 1, 0.3)
    return [squeezed(o) for o in output].index(alike[0]) if alike else None


def rewrite(path: Path) -> str:
    """Walk a page and write the output into it again; return what is wrong with it apart from that."""
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(read(path), Path(folder)).go()
    lines = path.read_text(encoding="utf-8").splitlines()
    for block in reversed(walk.page.blocks):
        if block.line in walk.shown:
            lines[block.line : block.end - 1] = written(block, walk.shown[block.line]).splitlines()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "\n".join(w for w in walk.wrong if "do not print" not in w)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name, rewrite(Path(name).resolve()))
