"""A folder of results as it was written: what was run, what went in, what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netcea.errors import InputError, Place, did_you_mean
from netcea.storage.regular_file import read_regular

BASE_CASE: Final = "base_case"
DEEPEST: Final = 40
"""Levels of a record."""
LARGEST_NUMBER: Final = 1e300
"""What is not finite is written as null."""
HEAD: Final = frozenset(
    {"format", "analysis", "scenario", "digest", "options", "versions", "prices", "marking", "read_first"}
)
"""Names of the run record, which a base case's results stand beside."""
EARLIER_NAMES: Final = {"run": "base_case", "one-way": "one_way", "two-way": "two_way"}
"""What records of earlier versions call an analysis -> its name."""


def analysis_of(record: Mapping[str, Any]) -> str:
    """Return the name of the analysis that wrote a record.

    Parameters
    ----------
    record : mapping of str -> object
        Content of results.json or run.json.
    """
    name = str(record.get("analysis", BASE_CASE))
    return EARLIER_NAMES.get(name, name)


@dataclass(frozen=True)
class SavedRun:
    """One folder of results.

    Attributes
    ----------
    folder : Path
    analysis : str
        'base_case', 'psa' ...
    scenario : mapping
        name, source, inputs_folder, changes, intervention, comparator.
    digest : str
        SHA-256 of everything that went in.
    version : str
        Of netcea.
    options : mapping
        What the analysis was asked.
    results : mapping
        The record of the analysis: results.json without its head.
    inputs : mapping or None
        inputs.json; None where it was not written.
    on_screen, lines : tuple of str
        Names of the tables that the screen showed, and the sentences below them; empty where not recorded.
    read_first : tuple of str
        The sentences above them.
    marking : str
        That it is at confidential prices, or redacted; empty where neither.
    """

    folder: Path
    analysis: str
    scenario: Mapping[str, Any]
    digest: str
    version: str
    options: Mapping[str, Any]
    results: Mapping[str, Any]
    inputs: Mapping[str, Any] | None
    on_screen: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    read_first: tuple[str, ...] = ()
    marking: str = ""

    @property
    def is_base_case(self) -> bool:
        """Say whether `netcea run` wrote it."""
        return self.analysis == BASE_CASE

    @property
    def command_line(self) -> tuple[str, ...]:
        """``ADDRESS=VALUE`` of every change that was made on the command line."""
        return tuple(f"{c['address']}={c['value']}" for c in self.scenario["changes"] if c["where"].startswith("--set"))


def holds_results(folder: Path) -> bool:
    """Say whether a folder is one of results.

    Parameters
    ----------
    folder : Path
        Any folder.
    """
    return (folder / "results.json").is_file()


def read_saved_run(folder: Path) -> SavedRun:
    """Read a folder of results.

    Parameters
    ----------
    folder : Path
        Of results.

    Raises
    ------
    InputError
        It holds none, or they cannot be read.
    """
    path = folder / "results.json"
    if not path.is_file():
        raise _no_results(folder)
    saved, inputs = read_json(path), None
    if (folder / "inputs.json").is_file():
        inputs = read_json(folder / "inputs.json")
    try:
        scenario, digest, version = saved["scenario"], str(saved["digest"]), str(saved["versions"]["netcea"])
        changes = [{key: str(c[key]) for key in ("address", "value", "where")} for c in scenario["changes"]]
        head = {key: str(scenario[key]) for key in ("name", "source", "inputs_folder")}
        head |= {key: str(scenario.get(key, "")) for key in ("intervention", "comparator")}
        analysis = analysis_of(saved)
        results = (
            _mapping(saved, "results") if "results" in saved else {k: v for k, v in saved.items() if k not in HEAD}
        )
        options = _mapping(saved, "options") if saved.get("options") is not None else {}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Place(str(path)).error(f"results without {error}", "results.json as netcea writes it") from None
    on_screen, lines, marking = _shown_on_screen(folder)
    return SavedRun(
        folder=folder,
        analysis=analysis,
        scenario={**head, "changes": changes},
        digest=digest,
        version=version,
        options=options,
        results=results,
        inputs=inputs,
        on_screen=on_screen,
        lines=lines,
        read_first=_sentences(saved.get("read_first")),
        marking=str(saved.get("marking", "")) or marking,
    )


def _mapping(saved: Mapping[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(saved[name], dict):
        raise TypeError(f"{name} by name")  # in words: "results without ..."
    return dict(saved[name])


def _sentences(found: object) -> tuple[str, ...]:
    """Return the sentences of a list of first lines; none of anything else."""
    lines = found if isinstance(found, list) else []
    return tuple(str(line["message"]) for line in lines if isinstance(line, dict) and "message" in line)


def _shown_on_screen(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return what run.json says of the screen, and its marking; nothing where there is none."""
    if not (folder / "run.json").is_file():
        return (), (), ""
    record = read_json(folder / "run.json")
    found = [record.get(name) for name in ("on_screen", "lines")]
    tables, lines = (tuple(map(str, part)) if isinstance(part, list) else () for part in found)
    return tables, lines, str(record.get("marking", ""))


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object.

    Parameters
    ----------
    path : Path
        Of the file.

    Raises
    ------
    InputError
        It cannot be read, or is something else.
    """
    place = Place(str(path))
    try:
        found = json.loads(read_regular(path))
        _check(found)
    except OSError as error:
        raise place.error(f"a file that cannot be read ({error.strerror})", "a JSON file") from None
    except (ValueError, RecursionError) as error:
        first = str(error).splitlines()[0]
        raise place.error(f"no JSON ({first})", "a file that netcea wrote") from None
    if not isinstance(found, dict):
        raise place.error("no JSON object", "a file that netcea wrote")
    return found


def _check(found: Any) -> None:
    """Raise ValueError for what netcea does not write: nested deeply, or numbers without end."""
    level = [found]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            elif isinstance(item, int | float) and not -LARGEST_NUMBER < item < LARGEST_NUMBER:
                raise ValueError("a number beyond any result")
        level = below
        if not level:
            return
    raise ValueError("nested too deeply")


def no_such_folder(folder: Path, expected: str, otherwise: str = "") -> InputError:
    """Return the error of a folder that is not there, with the name that was meant, or else another suggestion.

    Parameters
    ----------
    folder : Path
        Where there is none.
    expected : str
        What should be there.
    otherwise : str
        What to suggest where no name beside it is like it.
    """
    siblings = sorted(p.name for p in folder.parent.iterdir() if p.is_dir()) if folder.parent.is_dir() else []
    return Place(str(folder)).error("no such folder", expected, did_you_mean(folder.name, siblings) or otherwise)


def _no_results(folder: Path) -> InputError:
    expected = "a folder of results, with results.json"
    if not folder.is_dir():
        return no_such_folder(folder, expected)
    inside = sorted(p.name for p in folder.iterdir() if p.is_dir() and holds_results(p))
    hint = f"it has results in {', '.join(inside[:5])}" if inside else "`netcea runs` lists results"
    return Place(str(folder)).error("a folder without results", expected, hint)
