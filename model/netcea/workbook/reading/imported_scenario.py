"""The scenario file that `netcea import` writes: what the changed workbook extends, and what it sets."""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path
from typing import Any, Final

import yaml

from netcea.analyses.shared.judge import evaluate
from netcea.errors import FIXED_NOW, Place
from netcea.loading.load import load
from netcea.loading.reading.project import (
    find_by_name,
    is_project,
    package_project,
    project_around,
    real,
    shown,
    split_step,
)
from netcea.scenario.scenario import FORMAT
from netcea.storage.atomic import atomic_write_bytes
from netcea.storage.regular_file import read_regular, refuse_link, refuse_special
from netcea.workbook.reading.read_back import ReadBack

FOLDER: Final = "imported"
"""Of scenarios/, where scenarios read back from workbooks go."""
HEADER: Final = "Written by netcea import; say in the rationale why it was changed."
WIDTH: Final = 110
NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]+")


def default_file(workbook: Path, found: ReadBack) -> Path:
    """Return where the scenario goes: scenarios/imported/ of its project, or here where that is netcea's own copy."""
    stem = NOT_IN_NAMES.sub("_", workbook.stem).strip("_") or "imported"
    project = project_around(found.selected.parent)
    if project is None or real(project.root) == real(package_project().root):
        here = project_around(Path.cwd())
        if here is None or project is None or real(here.root) != real(project.root):
            return Path(f"{stem}.yaml")
    return project.scenarios / FOLDER / f"{stem}.yaml"


def scenario_text(found: ReadBack, path: Path, shown_as: str) -> str:
    """Return the file: `extends` and `set`; of numbers that are fixed now, a comment says how they could be drawn.

    Raises
    ------
    InputError
        From there the scenario it extends cannot be reached.
    """
    wording = [f"{c.address}: {c.old} -> {c.new}" for c in found.changes if not c.note]
    data: dict[str, Any] = {
        "format": FORMAT,
        "extends": _extends(found, path, shown_as),
        "name": f"{found.base.file.name}, changed in {Path(found.workbook).name}",
        "rationale": f"Read back from the workbook {Path(found.workbook).name}. Why was it changed? "
        f"{len(wording)} change{'' if len(wording) == 1 else 's'}.",
        "direction": "unclear",
        "tags": ["imported"],
        "set": dict(found.sets),
    }
    if not found.sets:
        del data["set"]
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False)
    said = [str(warning) for warning in found.scenario.warnings if warning.code == FIXED_NOW]
    lines = [line for words in (HEADER, *said) for line in textwrap.wrap(words, WIDTH, break_long_words=False)]
    return "".join(f"# {line}\n" for line in lines) + text


def _extends(found: ReadBack, path: Path, shown_as: str) -> str:
    """Return how the new file names the one that it extends."""
    base, home = project_around(found.selected.parent), project_around(path.parent)
    if home is not None and base is not None and real(home.root) == real(base.root):
        return os.path.relpath(real(found.selected), real(path.parent)).replace(os.sep, "/")
    package = package_project()
    if base is None or real(base.root) == real(package.root):
        file, step = split_step(str(found.selected))
        by_name = find_by_name(Path(file).stem, package)
        if home is None and by_name is not None and real(by_name) == real(Path(file)):
            return f"{Path(file).stem}@{step}" if step else Path(file).stem
        if base is None:
            return found.selected.resolve().as_posix()
    where = f"{shown(base.scenarios)}/{FOLDER}/{path.name}"
    outside = f"a file outside the project of {shown(found.selected)}, which it would extend"
    raise Place(shown_as).error(outside, "a file of the same project", f"--output {where}")


def write_scenario(found: ReadBack, path: Path, trusted: tuple[Path, ...] = (), *, overwrite: bool = False) -> None:
    """Write the file, and read it again to see that it is the scenario that was found.

    Raises
    ------
    InputError
        The file is there already, or lies where it cannot extend what it should; nothing is written.
    """
    shown_as = shown(path)
    place = Place(shown_as)
    if path.suffix not in (".yaml", ".yml"):
        raise place.error(f"the ending '{path.suffix}'", ".yaml")
    if is_project(path) or path.is_dir():
        raise place.error("a folder", "a file that ends in .yaml")
    refuse_special(path)
    refuse_link(path)
    if path.exists() and not overwrite:
        instead = "give another name with --output, or add --overwrite"
        raise place.error("a file that is there already", "a new file", instead)
    text = scenario_text(found, path, shown_as)
    before = read_regular(path) if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write_bytes(path, text.encode())
    try:
        _check_again(found, path, trusted)
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            atomic_write_bytes(path, before)
        raise


def _check_again(found: ReadBack, path: Path, trusted: tuple[Path, ...]) -> None:
    mine, its = (evaluate(s) for s in (load(str(path), (), trusted), found.scenario))
    if mine.strategies != its.strategies:
        msg = f"{path} does not give what {found.workbook} holds: please report this"
        raise RuntimeError(msg)
