"""The batch file: which scenarios, which variants of them, which analyses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field, FiniteFloat, ValidationError, create_model, model_validator

from netcea.analyses.registry import ANALYSES
from netcea.blocks import Block
from netcea.errors import BlockError, InputError, Place, Problem
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.reading.project import Project, find_by_name, package_project, project_around, shown
from netcea.loading.reading.yaml_file import YamlFile, read_yaml
from netcea.plain_number import read
from netcea.quantities.key_path import KeyPath, join_address
from netcea.scenario.options import Seed

FORMAT: Final = 1
MOST_STEPS: Final = 100_000
LARGEST_BATCH: Final = 1_000_000


class Steps(Block):
    """Values from one to another in equal steps: a ladder."""

    first: FiniteFloat
    last: FiniteFloat
    step: Annotated[FiniteFloat, Field(gt=0)]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.first <= self.last or (self.last - self.first) / self.step > MOST_STEPS:
            found = f"{read(self.first)} to {read(self.last)} by {read(self.step)}"
            expected = f"a first value below the last, at most {MOST_STEPS:,} steps"
            raise BlockError(Problem(address="first", found=found, expected=expected))
        return self

    def __len__(self) -> int:
        return int((self.last - self.first) / self.step + 1e-9) + 1

    def values(self) -> list[float]:
        """Return the values; the last one is reached unless the step jumps over it.

        >>> Steps(first=0.0, last=0.3, step=0.1).values()
        [0.0, 0.1, 0.2, 0.3]
        """
        return [round(self.first + i * self.step, 12) for i in range(len(self))]


class BatchScenario(Block):
    """A scenario, or many by a pattern, with changes of its own."""

    scenario: str
    """A name, a file, a folder or a pattern such as sensitivity/price_*.yaml, relative to this file."""
    label: str = ""
    """What tables call it; one scenario only."""
    set: dict[str, Any] = {}
    """Address -> value, on top of what the scenario sets."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _refuse_twice("set", self.set)
        return self


class Grid(Block):
    """Every combination of some values."""

    scenarios: list[str] = []
    """Names of scenarios of this batch that are varied; all when empty."""
    axes: Annotated[dict[str, list[Any] | Steps], Field(min_length=1)]
    """Address -> values, or `first`, `last`, `step`."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _refuse_twice("axes", self.axes)
        return self


def _refuse_twice(field: str, addresses: Iterable[str]) -> None:
    """Refuse a number that is set by its own address and by that of its value, too: the last would win in silence."""
    first: dict[str, str] = {}
    for address in addresses:
        other = first.setdefault(address.removesuffix(".value"), address)
        if other != address:
            path = join_address((field, address))
            raise BlockError(
                Problem(address=path, found=f"{address} beside {other}, the same number", expected="one of them")
            )


class BatchFile(Block):
    """A batch."""

    format: int
    name: str
    rationale: str
    scenarios: Annotated[list[str | BatchScenario], Field(min_length=1)]
    """Names, files, folders or patterns, relative to this file; or blocks with changes."""
    grids: dict[str, Grid] = {}
    seed: Seed | None = None
    """Of every analysis that draws: scenarios share random numbers, so differences between them are sharp."""
    most_runs: Annotated[int, Field(ge=1, le=LARGEST_BATCH)] = 10_000
    """Runs (variants x analyses x prices) above which the batch is refused; raise it where so many are meant."""
    figures: bool = False
    """Whether every unit has its figures, and base cases their traces; the forest is always drawn."""


def batch_file() -> type[BatchFile]:
    """Return the block of a whole batch file: its analyses are those of the registry, with their options."""
    blocks: dict[str, Any] = {name: (analysis.options | None, None) for name, analysis in ANALYSES.items()}
    about = "What is done with each scenario; an empty block asks for the scenario's own options."
    analyses = create_model("BatchAnalyses", __base__=Block, __doc__=about, **blocks)
    return create_model("BatchFile", __base__=BatchFile, __doc__=BatchFile.__doc__, analyses=(analyses, ...))


@dataclass(frozen=True)
class Batch:
    """A batch file that was read.

    Attributes
    ----------
    file : BatchFile
    given : mapping
        Options of each analysis as the file gives them: what it does not name stays the scenario's own.
    yaml : YamlFile
    project : Project
    """

    file: BatchFile
    given: dict[str, dict[str, Any]]
    yaml: YamlFile
    project: Project

    def place(self, path: KeyPath) -> Place:
        """Return where a key path stands."""
        return self.yaml.place(path)


def read_batch(name: str, most_runs: int | None = None) -> Batch:
    """Read a batch file: a path, or the bare name of one in scenarios/batches/; `most_runs` in place of its own.

    Raises
    ------
    InputError
        With every problem.
    """
    path = Path(name)
    if not path.suffix and not path.is_file():
        project = project_around(Path.cwd()) or package_project()
        path = find_by_name(name, Project(project.root)) or project.scenarios / "batches" / f"{name}.yaml"
    if not path.is_file():
        raise InputError(
            Problem(shown(path), 0, "", "no such file", "a batch file, such as scenarios/batches/sensitivity.yaml")
        )
    yaml = read_yaml(path)
    block = batch_file()
    try:
        file = block.model_validate(yaml.data)
    except ValidationError as error:
        raise InputError(problems_of(error, block, yaml.data, yaml.place)) from None
    problems = []
    if file.format != FORMAT:
        problems.append(Problem(yaml.shown_as, yaml.line_of(("format",)), "format", str(file.format), f"{FORMAT}"))
    analyses = yaml.data.get("analyses") or {}
    given = {key: dict(value or {}) for key, value in analyses.items()}
    if not given:
        problems.append(Problem(yaml.shown_as, yaml.line_of(("analyses",)), "analyses", "none", "at least one"))
    if problems:
        raise InputError(problems)
    if most_runs is not None:
        file = file.model_copy(update={"most_runs": most_runs})
    return Batch(file, given, yaml, project_around(path.parent) or package_project())
