"""The scenarios that can be named without a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from netcea.errors import InputError
from netcea.loading.reading.project import package_project, project_around, shown
from netcea.loading.reading.yaml_file import read_yaml


def catalogue() -> Iterator[tuple[str, str]]:
    """Yield (name, title) of every scenario of the project around the current folder, or else of the package."""
    project = project_around(Path.cwd()) or package_project()
    files = sorted(project.scenarios.rglob("*.yaml"), key=lambda path: (len(path.parts), path))
    for path in files:
        if "batches" in path.parts:
            continue
        try:
            title = str(read_yaml(path, shown(path)).data.get("name", ""))
        except InputError:
            title = "(does not load: netcea check says why)"
        yield path.stem, title
