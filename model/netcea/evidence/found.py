"""What is found in data: tables and figures by name, sentences, and a folder of all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from netcea.errors import Place, did_you_mean
from netcea.loading.reading.python_value import path_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from netcea.reporting.table import Table

Entry = TypeVar("Entry")


class Found(ABC):
    """Tables and figures of what is found, by name; what makes them says which there are."""

    @abstractmethod
    def _tables(self) -> Mapping[str, Callable[[Any], Table]]:
        """Return name -> function that makes a table of this."""

    @abstractmethod
    def _figures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return name -> function that draws."""

    def _arms(self) -> Sequence[str]:
        """Return the arms, whose names stand in figures."""
        return ()

    def _names(self) -> dict[str, str]:
        """Return name of an arm -> what stands for it where no font has its letters."""
        return {arm: f"arm {number}" for number, arm in enumerate(self._arms(), 1)}

    @property
    @abstractmethod
    def sentences(self) -> list[str]:
        """What to know before using it."""

    def _texts(self) -> Mapping[str, str]:
        """Return further files of the folder: path in it -> text."""
        return {}

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of tables, for `frame`."""
        return tuple(self._tables())

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of figures, for `figure`."""
        return tuple(self._figures())

    def table(self, name: str) -> Table:
        """Return a table by its name; an unknown name is answered with the known ones."""
        return _known(self._tables(), name, "table")(self)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a tidy pandas frame."""
        from netcea.reporting.table import as_frame

        return as_frame(self.table(name))

    def figure(self, name: str) -> Figure:
        """Return a figure by its name; an unknown name is answered with the known ones."""
        from netcea.reporting.figures.files import marked
        from netcea.reporting.figures.glyphs import named
        from netcea.reporting.figures.style import styled

        draw = _known(self._figures(), name, "figure")
        with styled(), named(self._names()):
            return marked(draw(), "")

    def write(self, folder: str | Path, *, figures: bool = True) -> Path:
        """Write tables as CSV, sentences and figures as PNG and SVG into a folder, whole or not at all.

        Parameters
        ----------
        folder : str or Path
            Replaced where netcea wrote it before.
        figures : bool
            Whether they are drawn.

        Returns
        -------
        Path
            Of the folder.

        Raises
        ------
        InputError
            Something else lies there.
        """
        from netcea.reporting.csv_tables import table_bytes
        from netcea.reporting.figures.files import save_figures
        from netcea.storage.atomic import atomic_folder

        goal = path_of(folder, "folder", "a folder")
        with atomic_folder(goal) as new:
            for name, table in self._tables().items():
                _written(new / "tables" / f"{name}.csv", table_bytes(table(self)))
            for path, text in {**self._texts(), "sentences.txt": "\n".join(self.sentences) + "\n"}.items():
                _written(new / path, text.encode())
            if figures:
                save_figures(self._figures(), new / "figures", names=self._names())
        return goal


class Section(NamedTuple):
    """What is written to inputs/: the file's name, the group in it, its YAML, and where its numbers come from."""

    name: str
    group: str
    text: str
    source: Sequence[str]


class FoundForInputs(Found):
    """What a scenario can refer to once it stands in inputs/."""

    @abstractmethod
    def _section(self, inputs: Path) -> Section:
        """Return what is written to a folder inputs/; what does not go with it is refused."""

    def write_inputs(self, inputs: str | Path, *, overwrite: bool = False) -> Path:
        """Write what was found to ``survival/NAME.yaml`` of a folder inputs/, where a scenario can refer to it.

        Parameters
        ----------
        inputs : str or Path
            Of a project.
        overwrite : bool
            Whether what stands there of the same endpoint is replaced.

        Returns
        -------
        Path
            Of the file.

        Raises
        ------
        InputError
            A source that sources.yaml does not have, or none; another file of that name; the same endpoint there.
        """
        from netcea.evidence.inputs_file import write_section

        name, group, text, source = self._section(Path(inputs))
        return write_section(name, group, text, source, Path(inputs), overwrite=overwrite)


def _written(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def _known(registry: Mapping[str, Entry], name: str, what: str) -> Entry:
    """Return an entry by its name."""
    if name not in registry:
        hint = did_you_mean(name, list(registry))
        raise Place(what).error(repr(name), f"one of {', '.join(registry)}", hint)
    return registry[name]
