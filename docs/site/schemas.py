"""Pages of the files, field by field, from the same types that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tables import anchor, cell, code, prose, table

from netcea.analyses.registry import ANALYSES
from netcea.cli.schemas import batch_schema, inputs_schema, results_schema, scenario_schema

FILES = {
    "scenario": (
        "scenario files",
        "Choices: what a file of `scenarios/` may say, whole or as one that `extends` another.",
    ),
    "inputs": ("files of inputs", "Numbers and tables: what a file of `inputs/` may say, in groups to any depth."),
    "batch": ("batch files", "Scenarios, grids and analyses of `netcea batch`."),
}
NO_TYPE = "anything"


def pages() -> dict[str, str]:
    """Return path -> page: an index, a page for each kind of file."""
    made = {"scenario": scenario_schema(), "inputs": inputs_schema(), "batch": batch_schema()}
    text = {f"schemas_{name}": _page(name, *FILES[name], schema) for name, schema in made.items()}
    for analysis in ANALYSES:
        title, about = f"results.json of {analysis}", f"What results.json holds after `{analysis}`, with stable names."
        text[f"schemas_results_{analysis}"] = _page(f"results_{analysis}", title, about, results_schema(analysis))
    rows = [[f"[{title}](schemas_{name}.md)", about] for name, (title, about) in FILES.items()]
    rows += [
        [f"[results.json of {name}](schemas_results_{name}.md)", f"`netcea schema results {name}`"] for name in ANALYSES
    ]
    text["schemas"] = (
        "# The files, field by field\n\nGenerated from the types that read and write them; `netcea schema WHAT` "
        "prints the same as "
        "JSON schema, and [an editor can use it](commands/schema.md).\n\n"
        + table(["file", "is"], rows)
        + "\n```{toctree}\n:hidden:\n\n"
        + "\n".join(f"schemas_{name}" for name in [*FILES, *(f"results_{a}" for a in ANALYSES)])
        + "\n```\n"
    )
    return text


def _page(name: str, title: str, about: str, schema: Mapping[str, Any]) -> str:
    text = [f"# {title[0].upper()}{title[1:]}\n\n{about}\n"]
    if "properties" in schema:
        text += _block(name, title, schema)
    for block, inside in _ordered(schema):
        text += _block(name, block, inside)
    return "\n".join(text)


def _ordered(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the blocks in the order in which a reader of the file comes to them."""
    blocks, seen = schema.get("$defs", {}), []

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for entry in node:
                walk(entry)
        elif isinstance(node, dict):
            if "$ref" in node and (name := node["$ref"].rsplit("/", 1)[-1]) in blocks and name not in seen:
                seen.append(name)
                walk(blocks[name])
            for key, value in node.items():
                if key not in ("$defs", "$ref", "discriminator"):
                    walk(value)

    walk(schema)
    for name in [*seen, *(block for block in blocks if block not in seen)]:
        yield name, blocks[name]


def _block(page: str, name: str, block: Mapping[str, Any]) -> list[str]:
    text = [f"{anchor(_target(page, name))}## {name}\n"]
    if "description" in block:
        text.append(f"{prose(block['description'])}\n")
    needed = set(block.get("required", ()))
    rows = [
        [
            f"{code(field)}{' (needed)' if field in needed else ''}",
            _type(page, entry),
            "" if field in needed or entry.get("default") is None else code(entry["default"]),
            prose(entry.get("description", "")),
        ]
        for field, entry in block.get("properties", {}).items()
    ]
    if rows:
        text.append(table(["entry", "is", "when left out", "means"], rows))
    elif "enum" in block or "const" in block or "type" in block or "anyOf" in block or "oneOf" in block:
        text.append(f"{_type(page, block)}\n")
    return text


def _target(page: str, name: str) -> str:
    return f"schema-{page}-{name}".lower().replace(" ", "-").replace("_", "-").replace(".", "-")


def _type(page: str, entry: Mapping[str, Any]) -> str:
    """Return what an entry may be, in words, with links to blocks."""
    if "$ref" in entry:
        name = entry["$ref"].rsplit("/", 1)[-1]
        return f"[{cell(name)}](#{_target(page, name)})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in entry:
            kinds = [_type(page, one) for one in entry[several] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds)) or NO_TYPE
    if "const" in entry:
        return code(entry["const"])
    if "enum" in entry:
        return ", ".join(code(value) for value in entry["enum"])
    kind = entry.get("type", NO_TYPE)
    if kind == "array":
        return f"list of {_type(page, entry['items'])}" if entry.get("items") else "list"
    if kind == "object":
        inside = entry.get("additionalProperties")
        return f"mapping to {_type(page, inside)}" if isinstance(inside, dict) and inside else "mapping"
    if kind == "string" and "\\." in entry.get("pattern", ""):
        return "address"
    if isinstance(kind, list):
        return " or ".join(k for k in kind if k != "null")
    return f"{kind}{_limits(entry)}"


def _limits(entry: Mapping[str, Any]) -> str:
    words = {"exclusiveMinimum": "above", "minimum": "from", "exclusiveMaximum": "below", "maximum": "to"}
    said = [f"{word} {entry[key]:g}" for key, word in words.items() if key in entry]
    return f", {' '.join(said)}" if said else ""
