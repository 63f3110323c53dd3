"""Pages of the scenarios: every file, why it is there, what it sets, and what it did to the published result."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tables import cell, code, table

FOLDERS = {
    "": "Base cases",
    "sensitivity": "One assumption at a time",
    "probabilistic": "What is drawn, and how",
    "batches": "Batches",
}
DIRECTIONS = {"for": "for the intervention", "against": "against it", "unclear": "unclear"}


@dataclass(frozen=True)
class Moved:
    """What a scenario did to the published result, as the bias ledger has it."""

    icer: str
    nhb: str


def pages(root: Path) -> dict[str, str]:
    """Return path -> page: an index of every file, and a page for each base case with its choices and bias ledger."""
    files = {path.relative_to(root / "scenarios"): path for path in sorted((root / "scenarios").rglob("*.yaml"))}
    read = {name: yaml.safe_load(path.read_text(encoding="utf-8")) for name, path in files.items()}
    moved = _moved(root)
    base = [name for name in read if len(name.parts) == 1]
    text = {"scenarios/index": _index(read, moved, base)}
    text |= {f"scenarios/{name.stem}": _base(name, read[name]) for name in base}
    return text


def _moved(root: Path) -> dict[str, Moved]:
    found = {}
    for path in sorted((root / "reports" / "published").glob("*/tables/ledger.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                icer, nhb = row["ICER of the scenario (£/QALY)"], row["Change in NHB at £25,000 (QALYs)"]
                words = row["Among more than two strategies"]
                found[row["File"]] = Moved(
                    words or (f"£{float(icer):,.0f}" if _is_number(icer) else icer), _signed(nhb)
                )
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _signed(text: str) -> str:
    return f"{float(text):+.3f}" if _is_number(text) else text


def _index(read: Mapping[Path, Any], moved: Mapping[str, Moved], base: list[Path]) -> str:
    first = (
        "# Every scenario and its reason\n\nGenerated from the files of `scenarios/`. A scenario is a set of "
        "choices: what it "
        "extends, then what it sets. ICER and change in net health benefit (NHB, at £25,000) are those of the "
        "published "
        "[bias ledger](../gallery.md), where it has the scenario.\n\n"
        f"There are {len(read)} files.\n"
    )
    text = [first]
    grouped: dict[str, list[Path]] = defaultdict(list)
    for name in read:
        grouped[name.parts[0] if len(name.parts) > 1 else ""].append(name)
    for folder, title in FOLDERS.items():
        text.append(f"## {title}\n")
        rows = [_row(name, read[name], moved) for name in grouped[folder]]
        text.append(table(["scenario, file", "why", "sets", "favours", "ICER", "change in NHB"], rows))
    text.append("```{toctree}\n:hidden:\n\n" + "\n".join(name.stem for name in base) + "\n```\n")
    return "\n".join(text)


def _row(name: Path, file: Mapping[str, Any], moved: Mapping[str, Moved]) -> list[str]:
    found = moved.get(f"scenarios/{name.as_posix()}", Moved("", ""))
    title = f"[{cell(file['name'])}](../../scenarios/{name.as_posix()})"
    if len(name.parts) == 1:
        title = f"[{cell(file['name'])}]({name.stem}.md)"
    sets = "<br>".join(f"{code(key)} = {code(_value(value))}" for key, value in file.get("set", {}).items())
    favours = DIRECTIONS.get(file.get("direction", ""), "")
    return [
        f"{title}<br>{code(name.as_posix())}",
        cell(file.get("rationale", "")),
        sets,
        favours,
        cell(found.icer),
        found.nhb,
    ]


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 90 else f"{text[:80]} ..."


def _base(name: Path, file: Mapping[str, Any]) -> str:
    first = (
        f"# {cell(file['name'])}\n\n{cell(file['rationale'])}\n\nFrom "
        f"[scenarios/{name.as_posix()}](../../scenarios/{name.as_posix()}), "
        "which has every choice from top to bottom in the order of section B.3 of a NICE submission.\n\n## Decision "
        "problem\n"
    )
    text = [first]
    problem = file["decision_problem"]
    rows = [
        [key, cell(", ".join(value) if isinstance(value, list) else value)]
        for key, value in problem.items()
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
    ]
    text.append(table(["element", "as modelled"], rows))
    left_out = [
        [cell(entry["comparator"]), cell(entry["reason"]), code(entry.get("scenario", ""))]
        for entry in problem.get("not_modelled", [])
    ]
    text.append("Not modelled in the base case:\n")
    text.append(table(["comparator", "reason", "scenario that has it"], left_out))
    text.append("## The bias ledger\n\nEvery assumption, whom it favours, why it was made, and what tests it.\n")
    for entry in file["assumptions"]:
        tested = "\n".join(f"- [{path}](../../scenarios/{path})" for path in entry.get("tested_by", []))
        text.append(
            f"### {cell(entry['assumption'])}\n\n*Favours: {DIRECTIONS.get(entry['bias'], entry['bias'])}. Address: "
            f"{code(entry['address'])}*\n\n"
            f"{cell(entry['why'])}\n\n{tested or 'No scenario tests it.'}\n"
        )
    return "\n".join(text)
