"""Pages of the evidence: every number of inputs/ with its uncertainty, source and status, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tables import anchor, cell, code, table

from netcea.plain_number import read
from netcea.quantities.quantity import Quantity

STATUSES = ("published", "derived", "assumption", "unverified")
MEANING = {
    "published": "stands in a publication",
    "derived": "worked out from what is published; the note says how",
    "assumption": "no source was found; the note has the reason",
    "unverified": "was named somewhere, but nobody has read it in its source; no base case uses it",
}


@dataclass(frozen=True)
class Number:
    """A number of inputs/: where it stands and what it says."""

    address: str
    quantity: Quantity
    note: str


def numbers(folder: Path) -> dict[str, list[Number]]:
    """Return every number of a folder of inputs by the start of its address, one for each file."""
    found = {}
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder).with_suffix("")
        if len(relative.parts) > 1:
            name = ".".join(relative.parts)
            found[name] = list(_numbers(name, yaml.safe_load(path.read_text(encoding="utf-8")) or {}))
    return found


def _numbers(address: str, node: Any) -> Iterator[Number]:
    if not isinstance(node, Mapping):
        return
    if "value" in node and "unit" in node:
        yield Number(address, Quantity.model_validate(dict(node)), str(node.get("note", "")))
        return
    for key, value in node.items():
        yield from _numbers(f"{address}.{key}", value)


def pages(root: Path) -> dict[str, str]:
    """Return path -> page: an index, a page for each file of inputs/, the gaps, the bibliography."""
    found, sources = numbers(root / "inputs"), yaml.safe_load((root / "inputs" / "sources.yaml").read_text("utf-8"))
    fitted = {name for name, rows in found.items() if any(n.quantity.unit == "parameter" for n in rows)}
    text = {f"evidence/{name}": _page(name, rows) for name, rows in found.items() if rows and name not in fitted}
    text["evidence/gaps"] = _gaps(found)
    text["evidence/sources"] = _sources(sources, found)
    text["evidence/index"] = _index(found, fitted)
    return text


def _index(found: Mapping[str, list[Number]], fitted: set[str]) -> str:
    rows = []
    for name, inside in found.items():
        counted = Counter(n.quantity.status for n in inside)
        if inside:
            shown = f"{code(name)}: fits to patients, written by `netcea fit`"
            label = shown if name in fitted else f"[{code(name)}]({name}.md)"
            rows.append([label, str(len(inside)), *(str(counted[status] or "") for status in STATUSES)])
    total = Counter(n.quantity.status for inside in found.values() for n in inside)
    rows.append(["**all**", str(total.total()), *(str(total[status]) for status in STATUSES)])
    pages = [name for name, inside in found.items() if inside and name not in fitted]
    return (
        "# The evidence, with its gaps\n\n"
        "Every number of `inputs/`, as the files have it today. A number has one unit, one uncertainty, one source "
        "and one "
        "status:\n\n"
        + table(["status", "a number"], [[status, MEANING[status]] for status in STATUSES])
        + "\nWhat is assumed, and why, is gathered in [the gaps](gaps.md); what is cited, in "
        "[the sources](sources.md). `netcea check pnet --all` lists what one scenario rests on.\n\n"
        + table(["file", "numbers", *STATUSES], rows)
        + "\n```{toctree}\n:hidden:\n\ngaps\nsources\n"
        + "\n".join(pages)
        + "\n```\n"
    )


def _page(name: str, rows: list[Number]) -> str:
    path = f"inputs/{name.replace('.', '/', 1)}.yaml"
    head = ["address, label", "value", "uncertainty", "status", "source"]
    body = []
    for number in rows:
        quantity = number.quantity
        said = f"{code(number.address)}<br>{cell(quantity.label)}"
        if number.note:
            said += f"<br>*{cell(number.note)}*"
        sources = ", ".join(f"[{cell(key)}](sources.md#{key.lower()})" for key in quantity.source)
        value = f"{read(quantity.value)} {cell(quantity.unit)}"
        body.append([said, value, _uncertainty(quantity), quantity.status, sources])
    return f"# {cell(name)}\n\nFrom [{cell(path)}](../../{path}).\n\n{table(head, body)}"


def _uncertainty(quantity: Quantity) -> str:
    """Return the distribution in words, with the ends of its 95% interval."""
    low, high = quantity.interval
    ends = "" if low is None or high is None else f"<br>{read(low, 3)} to {read(high, 3)}"
    return f"{cell(quantity.words)}{ends}"


def _gaps(found: Mapping[str, list[Number]]) -> str:
    first = (
        "# Gaps: what is assumed or was never read in its source\n\nA gap is said, with its reason, or it does not "
        "exist. "
        "Each assumption that matters is tested by [a scenario](../scenarios/index.md), and `netcea voi` says what "
        "closing it "
        "would be worth.\n"
    )
    text = [first]
    for status in ("assumption", "unverified"):
        rows = [
            [
                f"{code(n.address)}<br>{cell(n.quantity.label)}",
                f"{read(n.quantity.value)} {cell(n.quantity.unit)}",
                cell(n.note),
            ]
            for inside in found.values()
            for n in inside
            if n.quantity.status == status
        ]
        text.append(f"## {status.capitalize()}: {len(rows)}\n\n{MEANING[status].capitalize()}.\n")
        text.append(table(["address, label", "value", "reason, or what is known"], rows))
    return "\n".join(text)


def _sources(sources: Mapping[str, Mapping[str, str]], found: Mapping[str, list[Number]]) -> str:
    cited = Counter(key for inside in found.values() for n in inside for key in n.quantity.source)
    text = ["# Sources\n\nThe bibliography of `inputs/`, and how many numbers cite each.\n"]
    for key, entry in sorted(sources.items()):
        more = [f"doi:{entry['doi']}"] if "doi" in entry else []
        more += [f"{name}: {entry[name]}" for name in ("pmcid", "licence", "review") if name in entry]
        text.append(
            f"{anchor(key.lower())}**{cell(key)}**: {cell(entry['title'])}. {cell('; '.join(more))} ({cited[key]} "
            f"numbers)\n"
        )
    return "\n".join(text)
