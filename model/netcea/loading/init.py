"""`netcea init`: a working copy of inputs/ and scenarios/."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from netcea.errors import InputError, Problem
from netcea.loading.reading.project import package_project, shown


def make_working_copy(directory: Path) -> Iterator[str]:
    """Copy inputs/ and scenarios/ into a folder, and yield what to do next.

    Raises
    ------
    InputError
        The folder already holds one of them, or cannot be written.
    """
    source = package_project()
    for name in ("inputs", "scenarios"):
        if (directory / name).exists():
            raise InputError(
                Problem(
                    shown(directory),
                    found=f"a folder that already has {name}/",
                    expected="a new or empty folder",
                    suggestion="nothing was changed",
                )
            )
    if directory.exists() and not directory.is_dir():
        raise InputError(Problem(shown(directory), found="a file", expected="a new or empty folder"))
    made = [directory / "inputs", directory / "scenarios"]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for folder in made:
            shutil.copytree(source.root / folder.name, folder, ignore=shutil.ignore_patterns("*.secret.yaml", ".*"))
    except OSError as error:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise InputError(
            Problem(shown(directory), found=error.strerror or str(error), expected="a folder that can be written")
        ) from None
    yield f"{shown(directory)} has its own inputs/ and scenarios/ now."
    yield f"Next: netcea run {shown(directory / 'scenarios' / 'pnet.yaml')}"
