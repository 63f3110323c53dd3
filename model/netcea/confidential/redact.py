"""Redaction: what is written does not depend on a confidential price, and neither does what is hidden.

The run is made at *public* prices, in one order of strategies, and its report hides whatever could depend on a
confidential price (`netcea.reporting.redaction`: by what columns and entries are, not by values). What is a straight
line in each price is decided by its ends: the run is made with each confidential drug free too (and all of them), and
where files differ, `confidential` stands. Nothing is run at the confidential prices, so that no byte, count or exit
code can depend on one; except for a result that is asked for by `--reveal`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netcea.confidential.audit import Finding, audit, verdict
from netcea.confidential.layers import Layers
from netcea.confidential.price_points import actual_shares, drugs_of, free_drugs
from netcea.confidential.redaction_record import RECORD, write_record
from netcea.confidential.revealed import revealed_results, steps_of
from netcea.confidential.same_files import Hidden, same_folders
from netcea.errors import Place
from netcea.execution.progress import stage, steps
from netcea.scenario.price_layers import REDACTED, Prices
from netcea.storage.atomic import atomic_folder, check_target
from netcea.storage.regular_file import read_regular
from netcea.storage.run_folder import refuse_several


@dataclass(frozen=True)
class Made:
    """What one of the runs wrote.

    Attributes
    ----------
    prices : Prices
        Of its scenario.
    labels : mapping of address -> str
    results : mapping of name -> float
        What can be left visible; empty for an analysis that has none.
    faults : tuple of str
        Why its exit code is not 0.
    """

    prices: Prices
    labels: Mapping[str, str]
    results: Mapping[str, float]
    faults: tuple[str, ...] = ()


Write = Callable[[Layers, Path], Made]
"""Runs at the prices of layers and writes into an existing empty folder."""


@dataclass(frozen=True)
class Redaction:
    """What was written and hidden.

    Attributes
    ----------
    hidden : Hidden
    findings : tuple of Finding
    verdict : str
        Without a number.
    labels : mapping of drug -> str
    faults : tuple of str
    """

    hidden: Hidden
    findings: tuple[Finding, ...]
    verdict: str
    labels: Mapping[str, str]
    faults: tuple[str, ...]

    @property
    def solvable(self) -> bool:
        """Say whether a reader can solve for a price."""
        return any(finding.solvable for finding in self.findings)


@dataclass(frozen=True)
class PricedRuns:
    """The same run at the ends of every confidential price, and at the prices themselves where a result is revealed.

    Attributes
    ----------
    drugs : tuple of str
        With a confidential price.
    public : Made
    free : tuple of Made
        With each drug alone for free, and, where there are several, with all of them.
    actual : Made
        At the confidential prices; where nothing is revealed, at public ones.
    """

    drugs: tuple[str, ...]
    public: Made
    free: tuple[Made, ...]
    actual: Made

    @classmethod
    def of(cls, run: Callable[[Layers], Made], layers: Layers, *, reveal: bool = True) -> PricedRuns:
        """Run at every price: public ones first, the confidential ones last.

        Parameters
        ----------
        run : callable
            Runs at the prices of layers.
        layers : Layers
            With the confidential values.
        reveal : bool
            Whether a result at the confidential prices is wanted at all.
        """
        with stage("at public prices"):
            public = run(layers.at(()))
        drugs = drugs_of(public.prices)
        free = tuple(run(layers.at(points)) for points in steps(free_drugs(drugs), "at no cost of a drug"))
        with stage("at the confidential prices"):
            return cls(tuple(drugs), public, free, run(layers) if reveal else public)

    @property
    def results_free(self) -> dict[str, Mapping[str, float]]:
        """Drug -> results with that drug alone for free."""
        return {drug: made.results for drug, made in zip(self.drugs, self.free, strict=False)}

    @property
    def labels(self) -> dict[str, str]:
        """Drug -> what it is called."""
        return {drug: self.public.labels.get(drug, drug.rpartition(".")[2].replace("_", " ")) for drug in self.drugs}


def write_redacted(write: Write, layers: Layers, out: Path, reveal: Sequence[str] = ()) -> Redaction:
    """Run at public prices, and write what could not depend on a confidential one; everything or nothing.

    Parameters
    ----------
    write : function
        Runs and writes at the prices of layers.
    layers : Layers
        With the confidential values.
    out : Path
        Folder; it may hold an earlier redacted run and nothing else of ours.
    reveal : sequence of str
        ``NAME`` or ``NAME=STEP``: results that stand all the same, rounded to a step.

    Raises
    ------
    InputError
        The folder holds results that are not redacted, or a name is unknown.
    """
    check_folder(out)
    rounded = steps_of(reveal)
    with tempfile.TemporaryDirectory(prefix="netcea-") as place:
        folders: list[Path] = []

        def made(at: Layers) -> Made:
            folders.append(_new_folder(Path(place, f"{len(folders)}")))
            return write(at, folders[-1])

        runs = PricedRuns.of(made, layers, reveal=bool(rounded))
        revealed = revealed_results(rounded, runs.actual.results, runs.public.results, runs.results_free)
        findings = audit(revealed, actual_shares(layers, runs.public.prices))
        found = verdict(findings, runs.labels)
        whole = _new_folder(Path(place, "whole"))
        ends = folders[: 1 + len(runs.free)]
        hidden = same_folders(ends, whole)
        write_record(whole, hidden, found, revealed, runs.public.prices)
        with atomic_folder(out) as new:
            shutil.copytree(whole, new, dirs_exist_ok=True)
    return Redaction(hidden, findings, found, runs.labels, runs.public.faults)


def _new_folder(path: Path) -> Path:
    path.mkdir()
    return path


def check_folder(out: Path) -> None:
    """Refuse a folder that holds anything but an earlier redacted run: edited files of the old one would stay in it.

    Parameters
    ----------
    out : Path
        Where a redacted run is to be written.

    Raises
    ------
    InputError
        It holds files that are not redacted, or cannot be written.
    """
    if out.is_dir() and any(out.iterdir()):
        refuse_several(out, "redacted")
        try:
            marking = json.loads(read_regular(out / RECORD, follow=False)).get("marking")
        except (OSError, ValueError, AttributeError, RecursionError):
            marking = None
        if marking != REDACTED:
            expected = "a new folder, or an earlier redacted run"
            found = "a folder with files that are not redacted"
            raise Place(str(out)).error(found, expected, "name another: --out DIR")
    check_target(out)
