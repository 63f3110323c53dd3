"""Seeded mutations of a workbook that `netcea export` wrote: its cells, its XML, its archive.

``PYTHONPATH=model:tests python -m helpers.workbook_fuzzing --cases 2000 --seed 1`` tries many and prints each that is
not answered as it should be.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import click
from click.testing import CliRunner

from helpers.fuzzing import LONG, MINE, Case, Hanging, Project, at_most, faults
from netcea.cli.main import main
from netcea.workbook.reading import read_back

NAME: Final = "m.xlsx"
ARGUMENTS: Final = ["import", NAME, "--no-files", "--json", "--scenario", MINE]
Parts = dict[str, bytes]
CELL: Final = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
ELEMENT: Final = re.compile(rb"<([A-Za-z:]+)(?: [^<>]*)?(?:/>|>[^<>]*</\1>)")
ATTRIBUTE: Final = re.compile(rb'([A-Za-z:]+)="([^"]*)"')
CONTENTS: Final = (
    b"<v>0.5</v>",
    b"<v>0</v>",
    b"<v>-1</v>",
    b"<v>1e308</v>",
    b"<v>-1e-308</v>",
    b"<v>1e999</v>",
    b"<v>nan</v>",
    b"<v>1_0</v>",
    b"<v>" + b"9" * 400 + b"</v>",
    b"<v></v>",
    b"<v> 5 </v>",
    b"<v>1</v><v>2</v>",
    b"<f>1+1</f>",
    b"<f>1+1</f><v>2</v>",
    b"<f>[1]Other!A1</f><v>2</v>",
    b'<f>WEBSERVICE("http://x")</f>',
    b"<f>" + b"(" * 9000 + b"</f>",
    b'<f t="shared" si="0"/>',
    b'<f t="shared" si="99" ref="A1:XFD1048576">A1</f>',
    b'<f t="array" ref="A1:XFD1048576">A1</f>',
    b'<f t="dataTable" ref="A1" r1="A1"/>',
    b"<is><t>0,5</t></is>",
    b"<is><t>50%</t></is>",
    b"<is><t>=1+1</t></is>",
    b"<is><t>\xe2\x80\xae&#27;]0;x&#7;</t></is>",
    b"<is><t>\xe2\x80\xae</t></is>",
    b"<is><r><t>a</t></r><rPh><t>b</t></rPh></is>",
    b"<is><t>" + LONG.encode() + b"</t></is>",
    b"",
)
KINDS: Final = (b"n", b"n", b"n", b"s", b"str", b"inlineStr", b"b", b"e", b"d", b"x", b"")
VALUES: Final = (
    b"",
    b"0",
    b"-1",
    b"1",
    b"99999999999999999999",
    b"1048577",
    b"A0",
    b"XFE1",
    b"A1:XFD1048576",
    b"nan",
    b"../../../etc/passwd",
    b"http://localhost/",
    b"&amp;",
    b"&#27;[2J",
    b"x" * 5000,
    "é日本".encode(),
)
INSERTED: Final = (
    b"\0",
    b"<",
    b"&x;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<!-- x -->",
    b"<?x y?>",
    b"]]>",
    b"<a>" * 200,
    b"\xff",
    b"<mergeCell ref='A1:XFD1048576'/>",
)
EXTRA: Final = (
    ("xl/vbaProject.bin", b"x"),
    ("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
    ("../../x", b"x"),
    ("/x", b"x"),
    ("a.zip", b"PK"),
    ("xl/worksheets/sheet99.xml", b"<worksheet/>"),
    ("xl/media/a.png", bytes(3_000_000)),
    ("docProps/custom.xml", b"<Properties/>"),
    ("x" * 3000, b""),
)


def exported(project: Project) -> bytes:
    """Return a small workbook of the project's own scenario."""
    (project.folder / MINE).write_text(
        project.text(MINE).replace("horizon_years: 20", "horizon_years: 1"), encoding="utf-8", newline="\n"
    )
    ran = CliRunner().invoke(main, ["export", MINE, "-o", "made.xlsx", "--quiet"])
    assert ran.exit_code == 0, ran.output
    made = project.folder / "made.xlsx"
    data = made.read_bytes()
    made.unlink()
    return data


def mutated(data: bytes, seed: int) -> Case:
    """Return the case of a seed: one to three mutations of one kind."""
    chance = random.Random(seed)
    kinds: dict[Callable[[Parts, random.Random], str], int] = {_yellow: 5, _cell: 4, _element: 3, _attribute: 4}
    kinds |= {_insert: 2, _bytes: 1, _part: 2, _extra: 1}
    if chance.random() < 0.1:
        said, mutant = _archive(data, chance)
        return Case(said, ARGUMENTS, {NAME: mutant})
    parts = unpacked(data)
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    said = "; ".join(kind(parts, chance) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    return Case(said, ARGUMENTS, {NAME: packed(parts, chance)})


def unpacked(data: bytes) -> Parts:
    """Return the parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts, chance: random.Random) -> bytes:
    """Return an archive of parts."""
    out = io.BytesIO()
    kind = chance.choice((zipfile.ZIP_DEFLATED,) * 8 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _sheets(parts: Parts) -> list[str]:
    return sorted(name for name in parts if name.startswith("xl/worksheets/sheet"))


def _random_cell(reference: bytes, chance: random.Random) -> bytes:
    kind = chance.choice(KINDS)
    of_kind = b' t="' + kind + b'"' if kind else b""
    style = b' s="%d"' % chance.choice((0, 1, 5, 14, 9999)) if chance.random() < 0.5 else b""
    return b'<c r="' + reference + b'"' + style + of_kind + b">" + chance.choice(CONTENTS) + b"</c>"


def _at_cell(parts: Parts, name: str, found: re.Match[bytes], chance: random.Random) -> str:
    new = _random_cell(found[1] + found[2], chance)
    parts[name] = parts[name][: found.start()] + new + parts[name][found.end() :]
    return f"{name}: {new[:80]!r}"


def _yellow(parts: Parts, chance: random.Random) -> str:
    """Change a cell of Inputs or Choices in the column that is a reader's own."""
    name = chance.choice(("xl/worksheets/sheet3.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet5.xml"))
    cells = [m for m in CELL.finditer(parts.get(name, b"")) if m[1] == b"E" and int(m[2]) > 5]
    return _at_cell(parts, name, chance.choice(cells), chance) if cells else "nothing"


def _cell(parts: Parts, chance: random.Random) -> str:
    name = chance.choice(_sheets(parts))
    cells = list(CELL.finditer(parts[name]))
    return _at_cell(parts, name, chance.choice(cells), chance) if cells else "nothing"


def _xml(parts: Parts, chance: random.Random) -> str:
    """Return the name of a part of XML, those that lead to others more often."""
    first = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml")
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    return (
        chance.choice([name for name in first if name in parts] or names)
        if chance.random() < 0.5
        else chance.choice(names)
    )


def _element(parts: Parts, chance: random.Random) -> str:
    """Delete an element, repeat it, or put another in its place."""
    name = _xml(parts, chance)
    content = parts[name]
    found = list(ELEMENT.finditer(content))
    if not found:
        return "nothing"
    one, other = chance.choice(found), chance.choice(found)
    kind = chance.choice(("delete", "twice", "other"))
    new = {"delete": b"", "twice": one[0] * 2, "other": other[0]}[kind]
    parts[name] = content[: one.start()] + new + content[one.end() :]
    return f"{name}: {kind} {one[0][:80]!r}"


def _attribute(parts: Parts, chance: random.Random) -> str:
    name = _xml(parts, chance)
    content = parts[name]
    found = list(ATTRIBUTE.finditer(content))
    if not found:
        return "nothing"
    one, other = chance.choice(found), chance.choice(found)
    value = chance.choice((*VALUES, other[2], other[2]))
    parts[name] = content[: one.start(2)] + value + content[one.end(2) :]
    return f"{name}: {one[0][:60]!r} becomes {value[:60]!r}"


def _insert(parts: Parts, chance: random.Random) -> str:
    name = _xml(parts, chance)
    at, new = chance.randrange(len(parts[name]) + 1), chance.choice(INSERTED)
    parts[name] = parts[name][:at] + new + parts[name][at:]
    return f"{name}: {new[:40]!r} at {at}"


def _bytes(parts: Parts, chance: random.Random) -> str:
    name = chance.choice(sorted(parts))
    content = bytearray(parts[name])
    for _ in range(chance.choice((1, 5, 50))):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)
    parts[name] = bytes(content[: chance.choice((len(content), chance.randrange(len(content) + 1)))])
    return f"{name}: other bytes"


def _part(parts: Parts, chance: random.Random) -> str:
    """Take a part away, or put another in its place."""
    one, other = chance.choice(sorted(parts)), chance.choice(sorted(parts))
    if chance.random() < 0.5:
        del parts[one]
        return f"without {one}"
    parts[one], parts[other] = parts[other], parts[one]
    return f"{one} and {other} swapped"


def _extra(parts: Parts, chance: random.Random) -> str:
    name, content = chance.choice(EXTRA)
    parts[name] = content
    return f"with {name[:80]}"


def _archive(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Damage the archive itself."""
    kind = chance.choice(("cut", "flip", "flip", "directory", "head", "tail", "number"))
    content = bytearray(data)
    at = chance.randrange(len(content))
    directory = data.rfind(b"PK\x05\x06")
    first = data.find(b"PK\x01\x02")
    if kind == "cut":
        content = content[:at]
    elif kind == "flip":
        content[at] ^= 1 << chance.randrange(8)
    elif kind == "directory":
        content[chance.randrange(first, len(content))] = chance.randrange(256)
    elif kind == "head":
        content = bytearray(b"junk") + content
    elif kind == "tail":
        content += b"x" * chance.choice((1, 70_000))
    else:
        offset = directory + chance.choice((8, 10, 12, 16))
        content[offset : offset + 2] = struct.pack("<H", chance.randrange(65536))
    return f"archive: {kind} at {at}", bytes(content)


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """Load the scenarios of a workbook and write its original once for each that it says it was made from."""
    standing = read_back.load_bases, read_back.live_workbook
    bases: dict[object, object] = {}
    made: dict[object, object] = {}

    def load_bases(provenance, *others):
        if provenance not in bases:
            bases[provenance] = standing[0](provenance, *others)
        return bases[provenance]

    def live_workbook(scenarios, cycles):
        key = tuple(scenario.digest for scenario in scenarios), cycles
        if key not in made:
            made[key] = standing[1](scenarios, cycles)
        return made[key]

    read_back.load_bases, read_back.live_workbook = load_bases, live_workbook
    try:
        yield
    finally:
        read_back.load_bases, read_back.live_workbook = standing


def fault_of(project: Project, case: Case) -> str:
    """Run a case; return what is wrong with the answer, empty if nothing. The project is the current folder."""
    with project.changed(case):
        try:
            with at_most():
                ran = CliRunner().invoke(main, case.arguments)
        except Hanging as error:
            return str(error)
    found = list(faults(ran))
    if ran.exit_code == 0 and not found:
        found += _in_silence(case, json.loads(ran.stdout))
    return "; ".join(found)


def _in_silence(case: Case, told: dict[str, object]) -> list[str]:
    """Return numbers that a yellow cell holds and that are not among the changes."""
    with zipfile.ZipFile(io.BytesIO(case.files[NAME])) as archive:  # parts that nobody reads may be damaged
        inputs = "xl/worksheets/sheet3.xml"
        sheet = archive.read(inputs) if inputs in archive.namelist() else b""
    typed = re.findall(rb'<c r="(E[0-9]+)"(?: s="[0-9]+")?(?: t="n")?><v>([^<]+)</v></c>', sheet)
    changed = {change["cell"] for change in told["changes"]}  # type: ignore[attr-defined]
    return [
        f"Inputs!{cell.decode()} holds {value[:20]!r} and no change says so"
        for cell, value in typed
        if f"Inputs!{cell.decode()}" not in changed
    ]


@click.command()
@click.option("--cases", default=1000, show_default=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="Seed of the first; the others follow.")
def many(cases: int, seed: int) -> None:
    """Try many mutations and print those that are not answered as they should be."""
    warnings.simplefilter("error")
    faulty = 0
    with tempfile.TemporaryDirectory() as temporary, remembered():
        project = Project(Path(temporary) / "project")
        os.chdir(project.folder)
        data = exported(project)
        for number in range(seed, seed + cases):
            case = mutated(data, number)
            fault = fault_of(project, case)
            if fault:
                faulty += 1
                click.echo(f"seed {number}: {case.said[:500]}\n  {fault}\n")
        os.chdir("/")
    click.echo(f"{cases:,} cases, {faulty:,} of them not answered as they should be")
    raise SystemExit(faulty > 0)


if __name__ == "__main__":
    many()
