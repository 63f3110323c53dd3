"""Folders of results that somebody changed: seeded mutations of every file that netcea reads again."""

from __future__ import annotations

import copy
import gzip
import json
import os
import random
import shutil
from pathlib import Path

STRANGE = (
    None,
    True,
    0,
    -1,
    1e308,
    -1e308,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "x" * 5000,
    "../../x",
    "/etc/passwd",
    "\x1b]0;t\x07\u202e",
    "nan",
    "1e999",
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    [1, "a", None],
    ["../x"],
    [[[[[[[[1]]]]]]]],
    "no_such_analysis",
    "0.0.0",
)
"""Values that nobody expects anywhere."""
NAMES = ("", "x", "../x", "draws", "scenario", "digest", "\x00", "results")
BYTES = (
    b"",
    b"\x00" * 100,
    b"\xff\xfe\x00",
    b"[]",
    b"{}",
    b"null",
    b"[" * 100_000,
    b'{"a": ' * 5000,
    b"\x80\x04\x95",
    b"PK\x03\x04",
)
TEXTS = ("nan", "inf", "1e999", "", "x", "-1", "1e308", '"', "=1+1", "1;2", "9" * 400)


def tampered(folder: Path, seed: int) -> str:
    """Change one or two files of a folder of results; return what was done."""
    chance = random.Random(seed)
    said = []
    for _ in range(chance.choice((1, 1, 1, 2))):
        files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".png", ".svg", ".xlsx"))
        files = [p for p in files if p.parent.name != "tables" or chance.random() < 0.1]
        weights = [4 if p.name in ("results.json", "run.json", "inputs.json", "unit.json") else 1 for p in files]
        path = chance.choices(files, weights)[0]
        said.append(f"{path.relative_to(folder)}: {_change(path, chance)}")
    return "; ".join(said)


def _change(path: Path, chance: random.Random) -> str:
    if path.suffix == ".json" and chance.random() < 0.75:
        try:
            data = json.loads(path.read_bytes())
        except (ValueError, OSError, RecursionError):
            return _bytes(path, chance)
        done = _in_json(data, chance)
        path.write_text(json.dumps(data), encoding="utf-8")
        return done
    if path.name.endswith(".csv.gz") and chance.random() < 0.7:
        try:
            text = gzip.decompress(path.read_bytes()).decode()
        except (OSError, EOFError, ValueError):
            return _bytes(path, chance)
        text, done = _in_table(text, chance)
        path.write_bytes(gzip.compress(text.encode()))
        return done
    if path.suffix == ".parquet" and chance.random() < 0.6:
        return _in_parquet(path, chance)
    return _bytes(path, chance)


def _in_json(data, chance):
    """Change one entry somewhere, or its name."""
    at, way = data, []
    for _ in range(chance.randint(0, 6)):
        inside = at[way[-1]] if way else at
        if isinstance(inside, dict | list) and inside:
            at = inside
            way.append(chance.choice(list(inside)) if isinstance(inside, dict) else chance.randrange(len(inside)))
    if not way:
        if not isinstance(data, dict) or not data:
            return "nothing"
        way = [chance.choice(list(data))]
    key = way[-1]
    kind = chance.choice(("value", "value", "value", "delete", "rename", "copy", "add"))
    if kind == "delete":
        del at[key]
    elif kind == "rename" and isinstance(at, dict):
        at[chance.choice(NAMES)] = at.pop(key)
    elif kind == "copy" and isinstance(at, list):
        at.append(copy.deepcopy(at[key]))
    elif kind == "add" and isinstance(at, dict):
        at[chance.choice(NAMES)] = chance.choice(STRANGE)
    else:
        at[key] = copy.deepcopy(chance.choice(STRANGE))
    return f"{kind} {'.'.join(map(str, way))}"


def _in_table(text, chance):
    lines = text.splitlines()
    kind = chance.choice(("cell", "header", "row", "swap", "column", "empty", "long", "twice"))
    number = chance.randrange(1, max(len(lines), 2)) if len(lines) > 1 else 0
    cells = lines[number].split(",")
    if kind == "cell":
        cells[chance.randrange(len(cells))] = chance.choice(TEXTS)
        lines[number] = ",".join(cells)
    elif kind == "header":
        head = lines[0].split(",")
        head[chance.randrange(len(head))] = chance.choice((*NAMES, head[0]))
        lines[0] = ",".join(head)
    elif kind == "row":
        del lines[number]
    elif kind == "swap":
        lines[0], lines[number] = lines[number], lines[0]
    elif kind == "column":
        lines = [line.rpartition(",")[0] for line in lines]
    elif kind == "empty":
        lines = lines[: chance.choice((0, 1, 2))]
    elif kind == "long":
        lines[number] += ",1" * chance.choice((1, 10_000))
    else:
        lines += lines[1:]
    return "\n".join(lines) + "\n", kind


def _in_parquet(path, chance):
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except Exception:  # noqa: BLE001 - already damaged
        return _bytes(path, chance)
    kind = chance.choice(("drop", "type", "rows", "nulls", "rename", "nested", "twice"))
    name = chance.choice(table.column_names)
    at = table.column_names.index(name)
    new = {
        "type": lambda: pa.array(["x"] * table.num_rows),
        "nulls": lambda: pa.array([None] * table.num_rows, pa.float64()),
        "nested": lambda: pa.array([[1.0]] * table.num_rows),
    }
    if kind == "drop":
        table = table.drop_columns([name])
    elif kind == "rows":
        table = table.slice(0, chance.choice((0, 1, 3)))
    elif kind == "rename":
        table = table.rename_columns([chance.choice(NAMES) if n == name else n for n in table.column_names])
    elif kind == "twice":
        table = table.append_column(name, table.column(name))
    else:
        table = table.set_column(at, name, new[kind]())
    pq.write_table(table, path)
    return f"{kind} {name}"


def _bytes(path, chance):
    kind = chance.choice(("delete", "cut", "flip", "replace", "folder", "pipe", "link", "dangling"))
    data = path.read_bytes()
    if kind == "cut":
        path.write_bytes(data[: chance.randrange(len(data) + 1)])
    elif kind == "flip" and data:
        changed = bytearray(data)
        for _ in range(chance.choice((1, 5))):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(changed))
    elif kind in ("replace", "flip"):
        path.write_bytes(chance.choice(BYTES))
    else:
        path.unlink()
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind != "delete":
            path.symlink_to("/dev/zero" if kind == "link" else "/no/such/file")
    return kind


def fresh_copy(folder: Path, place: Path) -> Path:
    """Return a copy to be changed."""
    if place.exists():
        shutil.rmtree(place)
    shutil.copytree(folder, place)
    return place
