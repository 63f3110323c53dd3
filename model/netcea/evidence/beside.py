"""Two endpoints of the same patients: how the estimates of their fits go together, as tables of inputs/."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcea.errors import Place, did_you_mean
from netcea.evidence.family_lines import key_text, yaml_text
from netcea.evidence.inputs_file import check_external_sources, section, write_sections
from netcea.fitting.bootstrap import Replicates
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.resampled_together import Together, estimates_together
from netcea.reporting.table import Cell, Column, Table

if TYPE_CHECKING:
    import pandas as pd

    from netcea.evidence.arms import FitsOfArms


@dataclass(frozen=True, eq=False)
class EndpointsTogether:
    """Fits of two endpoints of the same patients, over the same patients drawn again.

    Attributes
    ----------
    first, second : FitsOfArms
        Each with its bootstrap.
    pairs : tuple of (str, str)
        Families of the first and of the second endpoint.
    """

    first: FitsOfArms
    second: FitsOfArms
    pairs: tuple[tuple[str, str], ...]

    @property
    def group(self) -> str:
        """Name of the section of inputs/ in which the tables stand."""
        return f"{self.first.endpoint}_and_{self.second.endpoint}"

    @cached_property
    def found(self) -> dict[tuple[str, str, str], Together | str]:
        """(arm, family, family) -> correlations, or why there are none."""
        return {(arm, *pair): self._together(arm, pair) for arm in self.first.fits for pair in self.pairs}

    def _together(self, arm: str, pair: tuple[str, str]) -> Together | str:
        both = []
        for endpoint, name in zip((self.first, self.second), pair, strict=True):
            of = _replicates(endpoint, arm).get(name)
            if of is None:
                return f"{name} has no fit of {endpoint.label} in {arm}"
            both.append(of)
        try:
            drawn = (self.first.drawn_by(arm, both[0].fit)[0], self.second.drawn_by(arm, both[1].fit)[0])
            return estimates_together(both[0], both[1], drawn)
        except NotIdentified as error:
            return str(error)

    def table(self) -> Table:
        """Return, for each arm and pair of families, how estimates and medians go together."""
        columns = (
            Column("arm", "Arm"),
            Column("first", f"Family, {self.first.label}"),
            Column("second", f"Family, {self.second.label}"),
            Column("medians", "Correlation of log medians", "", "number"),
            Column("largest", "Largest between parameters", "", "number"),
            Column("used", "Replicates with both fits", "", "count"),
            Column("refused", "Not known, because"),
        )
        title = f"{self.first.label} and {self.second.label} of the same patients"
        return Table(self.group, title, columns, tuple(self._rows()))

    def frame(self) -> pd.DataFrame:
        """Return the table as a tidy pandas frame."""
        from netcea.reporting.table import as_frame

        return as_frame(self.table())

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        for (arm, *pair), found in self.found.items():
            if isinstance(found, str):
                yield (arm, *pair, None, None, None, found)
                continue
            both = [_replicates(e, arm)[name] for e, name in zip((self.first, self.second), pair, strict=True)]
            k = len(both[0].fit.names)
            across = found.correlation[:k, k:]
            largest = float(across.flat[int(np.abs(across).argmax())])
            yield (arm, *pair, _medians_together(*both), largest, float(found.used), "")

    def write_inputs(self, inputs: str | Path, *, overwrite: bool = False) -> Path:
        """Write both endpoints and the tables of their correlations to ``survival/NAME.yaml``.

        Parameters
        ----------
        inputs : str or Path
            Of a project.
        overwrite : bool
            Whether fits of the same endpoints are replaced.

        Returns
        -------
        Path
            Of the file.

        Raises
        ------
        InputError
            See `netcea.evidence.found.FoundForInputs.write_inputs`.
        """
        for one in (self.first, self.second):
            if one.with_external is not None:
                check_external_sources(one.with_external, Path(inputs))
        groups = {one.endpoint: section(one) for one in (self.first, self.second)}
        lines = list(self._lines())
        if lines:
            groups[self.group] = "".join(f"{line}\n" for line in lines)
        return write_sections(self.first.name, groups, self.first.source, Path(inputs), overwrite=overwrite)

    def _lines(self) -> Iterator[str]:
        for (arm, *pair), found in self.found.items():
            if isinstance(found, str):
                continue
            both = [_replicates(e, arm)[name] for e, name in zip((self.first, self.second), pair, strict=True)]
            names = [
                f"{endpoint.endpoint}.{arm}.{one.fit.name}.{name}"
                for endpoint, one in zip((self.first, self.second), both, strict=True)
                for name in one.fit.names
            ]
            words = pair[0] if pair[0] == pair[1] else "_and_".join(pair)
            yield f"{key_text(f'{self.group}_{arm}_{words}')}:"
            yield f"  names: {yaml_text(names)}"
            yield f"  correlation: {yaml_text(found.correlation.tolist())}"
            yield f"  settings: {yaml_text({'replicates': found.replicates, 'used': found.used})}"
            yield f"  source: {yaml_text(list(self.first.source))}"
            yield "  status: derived"
            note = f"Both endpoints of the same patients, drawn again together ({self.first.data.name})"
            yield f"  note: {yaml_text(note)}"


def check_own_patients(found: FitsOfArms) -> None:
    """Refuse patients that were reconstructed: nobody knows which of two curves' are the same.

    Parameters
    ----------
    found : FitsOfArms

    Raises
    ------
    InputError
        They were.
    """
    if found.data.reconstructed is not None:
        raise Place("beside").error("patients reconstructed from a curve", "both endpoints of the same patients")


def endpoints_together(
    first: FitsOfArms, second: FitsOfArms, pairs: Sequence[tuple[str, str]] = ()
) -> EndpointsTogether:
    """Return how the fits of two endpoints go together.

    Parameters
    ----------
    first, second : FitsOfArms
        Of the same data, with a bootstrap of the same seed.
    pairs : sequence of (str, str)
        Families of the first and of the second; the same family of both when left out.

    Raises
    ------
    InputError
        No bootstrap, other data, other replicates, or a family that was not fitted to any arm.
    """
    place = Place("beside")
    for one in (first, second):
        check_own_patients(one)
    if first.endpoint == second.endpoint:
        raise place.error(f"{second.endpoint} twice", "two endpoints")
    if not first.replicates or not second.replicates:
        raise place.error("no bootstrap", "both endpoints with the same number of replicates", "bootstrap=1000")
    if not _same_patients(first, second):
        raise place.error("other patients or another bootstrap", "two endpoints of the same patients, drawn alike")
    names = [{fit.name for arm in one.fits for fit in one.fitted(arm)} for one in (first, second)]
    for pair in pairs:
        for name, known in zip(pair, names, strict=True):
            if name not in known:
                raise Place("pair").error(
                    repr(name), f"one of {', '.join(sorted(known))}", did_you_mean(name, sorted(known))
                )
    same = [fit.name for fit in next(iter(first.fits.values())) if fit.name in names[0] & names[1]]
    return EndpointsTogether(first, second, tuple(pairs) or tuple((name, name) for name in same))


def _same_patients(first: FitsOfArms, second: FitsOfArms) -> bool:
    """Say whether both have the same patients in each arm, drawn with one seed."""
    sizes = [{arm: patients.n for arm, patients in one.data.arms.items()} for one in (first, second)]
    drawn = [(one.seed, len(next(iter(one.replicates.values()))[0].real_line)) for one in (first, second)]
    files = {one.data.sha256 for one in (first, second) if one.data.name != IN_MEMORY}
    return sizes[0] == sizes[1] and drawn[0] == drawn[1] and len(files) <= 1


IN_MEMORY = "values in memory"
"""What data are called that are no file: their digest is that of one endpoint's columns."""


def _replicates(endpoint: FitsOfArms, arm: str) -> dict[str, Replicates]:
    return {one.fit.name: one for one in endpoint.replicates.get(arm, ())}


def _medians_together(first: Replicates, second: Replicates) -> float:
    """Return the correlation of the logarithms of medians over the replicates; NaN where one is 0 or not reached."""
    both = ~np.isnan(first.real_line[:, 0]) & ~np.isnan(second.real_line[:, 0])
    found = [np.asarray(one.fit.curve_at(one.real_line[both]).median) for one in (first, second)]
    with np.errstate(divide="ignore"):  # a median of 0 has no logarithm, and then there is no correlation
        medians = [np.log(one) for one in found]
    finite = np.isfinite(medians[0]) & np.isfinite(medians[1])
    return float(np.corrcoef(*medians)[0, 1]) if finite.all() else float("nan")
