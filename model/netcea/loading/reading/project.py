"""Which folder a scenario belongs to, and which files it may read.

A project is a folder that holds ``inputs/`` and ``scenarios/``. The scenario file decides which: the nearest folder
above it that has both. A bare name (``pnet``) means the project around the current folder, else the checkout that the
program runs from, else the copy bundled with the package.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from netcea.errors import Place, did_you_mean


@dataclass(frozen=True)
class Project:
    """A folder with inputs/ and scenarios/."""

    root: Path
    _inside: dict[str, str | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def real_root(self) -> Path:
        """Where the project lies, links followed."""
        return real(self.root)

    @property
    def inputs(self) -> Path:
        """The folder of numbers."""
        return self.root / "inputs"

    @property
    def scenarios(self) -> Path:
        """The folder of choices."""
        return self.root / "scenarios"

    def holds(self, path: Path) -> bool:
        """Say whether a file lies inside this project, links followed.

        Parameters
        ----------
        path : Path
            Of a file.
        """
        return real(path).is_relative_to(self.real_root)

    def name_of(self, path: Path) -> str:
        """Return a file or folder as results name it: the same wherever the project lies, and netcea is run from.

        Parameters
        ----------
        path : Path
            Relative to the project where it lies inside; as the user would type it elsewhere.
        """
        inside = self.name_inside(path)
        return shown(path) if inside is None else inside

    def name_inside(self, path: Path) -> str | None:
        """Return a file or folder as results name it where it lies inside; None elsewhere. Looked up once.

        Parameters
        ----------
        path : Path
            Of a file or a folder.
        """
        key = os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118 - a text, as it stands: links are followed below
        if key not in self._inside:
            self._inside[key] = self._named_inside(path)
        return self._inside[key]

    def _named_inside(self, path: Path) -> str | None:
        if not self.holds(path):
            return None
        plain = Path(os.path.abspath(path))  # noqa: PTH100 - not resolve(): a link stays where the user put it
        inside = plain.is_relative_to(self.root)
        return (plain.relative_to(self.root) if inside else real(path).relative_to(self.real_root)).as_posix()


def real(path: Path) -> Path:
    """Return where a path leads, links followed; a link that leads to itself stays as it is.

    Parameters
    ----------
    path : Path
        Of a file or a folder.
    """
    return Path(os.path.realpath(path))


def is_project(folder: Path) -> bool:
    """Say whether a folder holds inputs/ and scenarios/.

    Parameters
    ----------
    folder : Path
        Any folder.
    """
    return (folder / "inputs").is_dir() and (folder / "scenarios").is_dir()


def project_around(path: Path) -> Project | None:
    """Return the nearest project at or above a path.

    Parameters
    ----------
    path : Path
        Of a file or a folder.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - not resolve(): a link stays where the user put it
    for folder in (absolute, *absolute.parents):
        try:
            if is_project(folder):
                return Project(folder)
        except OSError:
            continue
    return None


def package_project() -> Project:
    """Return the checkout that the program runs from, or else the bundled copy."""
    package = Path(__file__).resolve().parents[2]
    checkout = package.parents[1]
    if is_project(checkout) and (checkout / "pyproject.toml").is_file():
        return Project(checkout)
    return Project(package / "_bundled")


def bare_name(name: str) -> bool:
    """Say whether a scenario is named without folder or ending.

    Parameters
    ----------
    name : str
        As the user typed it.
    """
    return not any(separator in name for separator in ("/", "\\")) and not name.endswith((".yaml", ".yml"))


def split_step(name: str) -> tuple[str, str]:
    """Return a scenario's name or file, and after which step of its waterfall it is meant; '' where none is said.

    Parameters
    ----------
    name : str
        As the user typed it.

    Examples
    --------
    >>> split_step("pnet@3"), split_step("a/pnet.yaml@committee"), split_step("a@b/pnet.yaml")
    (('pnet', '3'), ('a/pnet.yaml', 'committee'), ('a@b/pnet.yaml', ''))
    """
    file, _, step = name.rpartition("@")
    return (file, step) if file and step and bare_name(step) else (name, "")


def stem_of(source: str) -> str:
    """Return how folders and files of a scenario's results are called: its file's name, and the step.

    Parameters
    ----------
    source : str
        Its file, as the user would type it, with a step or without.

    Examples
    --------
    >>> stem_of("scenarios/pnet.yaml"), stem_of("scenarios/pnet.yaml@3")
    ('pnet', 'pnet_step_3')
    """
    file, step = split_step(source)
    return f"{Path(file).stem}_step_{step}".replace(" ", "_") if step else Path(file).stem


def find_by_name(name: str, project: Project) -> Path | None:
    """Return scenarios/NAME.yaml or a file of that name in a folder of scenarios/.

    Parameters
    ----------
    name : str
        Bare, such as ``pnet``.
    project : Project
        Where it is looked for.
    """
    direct = project.scenarios / f"{name}.yaml"
    if direct.is_file():
        return direct
    return next(iter(sorted(project.scenarios.glob(f"*/{name}.yaml"))), None)


def locate(name: str) -> tuple[Path, Project]:
    """Return the file and the project of a scenario that the user named.

    Parameters
    ----------
    name : str
        A file, or a bare name; a step of its waterfall (``@3``) is left out.

    Raises
    ------
    InputError
        No such scenario, or no inputs/ beside it.
    """
    name, _ = split_step(name)
    if bare_name(name) and not Path(name).is_file():
        around = project_around(Path.cwd())
        projects = [project for project in (around, package_project()) if project is not None]
        for project in projects:
            found = find_by_name(name, project)
            if found is not None:
                return found, project
        known = sorted({path.stem for project in projects for path in project.scenarios.rglob("*.yaml")})
        expected = "a scenario file, or one of the scenarios that come with netcea (`netcea list` shows them)"
        raise Place().error(f"no scenario '{name}'", expected, did_you_mean(name, known))
    path = Path(name)
    project = project_around(path.parent) or package_project()
    return path, project


def on_record(source: str, folder: Path) -> str:
    """Return where a scenario lies that a record names: in the project around its results, or the current folder.

    Parameters
    ----------
    source : str
        As `Project.name_of` has it, with a step of its waterfall or without.
    folder : Path
        Of the results.
    """
    around = (project_around(folder), project_around(Path.cwd()), package_project())
    places = [project.root / source for project in around if project is not None]
    found = next((path for path in places if Path(split_step(str(path))[0]).is_file()), None)
    return source if found is None else shown(found)


def shown(path: Path) -> str:
    """Return a path as the user would type it: relative to the current folder where that is shorter.

    Parameters
    ----------
    path : Path
        Of a file or a folder.
    """
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    best = relative if len(relative) <= len(str(path)) or not relative.startswith("..") else str(path)
    return best.replace(os.sep, "/")
