"""`netcea.adjust_switching`: overall survival had nobody switched, by every method, from a trial's patients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcea.errors import Place, did_you_mean
from netcea.evidence.adjusted_trial import AdjustedTrial
from netcea.evidence.found import FoundForInputs, Section
from netcea.evidence.names import check_words
from netcea.fitting.switching.estimate import Estimate
from netcea.fitting.switching.iterative import AFT
from netcea.fitting.switching.methods import METHODS, Settings, estimates
from netcea.fitting.switching.resampled import FEWEST, bootstrap
from netcea.fitting.switching.switchers import Switchers
from netcea.loading.reading.python_value import path_of
from netcea.loading.reading.switching_file import Covariates, SwitchingData, read_switching
from netcea.plain_number import read
from netcea.survival.curve import TimeUnit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.reporting.table import Table


class SwitchingEstimates(AdjustedTrial, FoundForInputs):
    """What `netcea adjust` finds, with its tables and figures by name."""

    def _tables(self) -> Mapping[str, Callable[[Any], Table]]:
        from netcea.evidence.switching_tables import TABLES

        return TABLES

    def _arms(self) -> Sequence[str]:
        return tuple(self.data.arms)

    def _figures(self) -> Mapping[str, Callable[[], Figure]]:
        from netcea.evidence.switching_figures import figures_of

        return figures_of(self)

    def _texts(self) -> Mapping[str, str]:
        from netcea.evidence.switching_written import adjusted_times

        return adjusted_times(self)

    @property
    def sentences(self) -> list[str]:
        """What to know before choosing a method."""
        from netcea.evidence.switching_tables import sentences

        return sentences(self)

    def _section(self, inputs: Path) -> Section:  # noqa: ARG002 - nothing has to be looked up there
        from netcea.evidence.switching_written import group_name, section

        return Section(self.name, group_name(self.endpoint), section(self), self.source)


def adjust_switching(
    data: str | Path | Switchers,
    control: str = "control",
    name: str = "trial",
    endpoint: str = "os",
    *,
    time_unit: TimeUnit = "months",
    columns: Mapping[str, str] | None = None,
    covariates: Sequence[str] = (),
    covariates_at_progression: Sequence[str] = (),
    visits: str | Path | None = None,
    visit_covariates: Sequence[str] = (),
    event_value: str | None = None,
    settings: Settings | None = None,
    methods: Sequence[str] = (),
    replicates: int = 0,
    seed: int = 1,
    source: str | Sequence[str] = (),
) -> SwitchingEstimates:
    """Hazard ratio of overall survival had nobody switched treatment, by every method that the data allow.

    Parameters
    ----------
    data : path or Switchers
        CSV or Parquet with a row for each patient, or patients that were checked.
    control : str
        The arm of the control, as it stands in the data.
    name, endpoint : str
        Of the trial and of the endpoint, as a scenario will refer to them.
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the times.
    columns : mapping of str -> str, optional
        time, event, arm, switch, switched, progression, progressed, cutoff, patient -> column.
    covariates, covariates_at_progression : sequence of str
        Columns: at randomisation, and besides them at progression.
    visits : path, optional
        CSV or Parquet with a row from each visit to the next: patient, start, stop.
    visit_covariates : sequence of str
        Its columns that may tell who switches.
    event_value : str, optional
        What stands in the event column for a death.
    settings : Settings, optional
        What the methods may be told.
    methods : sequence of str
        All when left out.
    replicates : int
        Of the bootstrap; 0: none. [1]
    seed : int
        Of the bootstrap.
    source : str or sequence of str
        Keys of sources.yaml; needed to write inputs/.

    Returns
    -------
    SwitchingEstimates
        With every method answered: an estimate, or why there is none.

    Raises
    ------
    InputError
        Data that cannot be, each with its place.

    References
    ----------
    NICE DSU Technical Support Documents 16 and 24.

    Examples
    --------
    >>> import numpy as np
    >>> time, arm = np.linspace(1.0, 30.0, 40), np.arange(40) % 2
    >>> switch = np.where((arm == 0) & (time > 6.0), 6.0, np.inf)
    >>> few = Switchers.of(time, np.ones(40), arm, switch, cutoff=np.full(40, 99.0))
    >>> found = adjust_switching(few, methods=["itt", "rpsft"])
    >>> [type(one).__name__ for one in found.estimates.values()]
    ['Estimate', 'Estimate']
    """
    check_words(name, endpoint, time_unit)
    chosen = settings or Settings()
    if chosen.family not in AFT:
        raise Place("--family").error(repr(chosen.family), f"one of {', '.join(AFT)}", did_you_mean(chosen.family, AFT))
    unknown = next((method for method in methods if method not in METHODS), None)
    if unknown is not None:
        hint = did_you_mean(unknown, list(METHODS))
        raise Place("--method").error(repr(unknown), f"one of {', '.join(METHODS)}", hint)
    if replicates and replicates < FEWEST:
        raise Place("--bootstrap").error(read(replicates), f"{FEWEST} replicates or more, or 0 for none")
    asked = Covariates(tuple(covariates), tuple(covariates_at_progression), tuple(visit_covariates))
    if isinstance(data, Switchers):
        given = SwitchingData(data, ("control", "treatment"), "values in memory", "", {})
    else:
        file, seen = path_of(data, "data"), None if visits is None else path_of(visits, "visits")
        given = read_switching(file, control, dict(columns or {}), asked, seen, event_value)
    found = estimates(given.patients, chosen, methods or METHODS)
    again = {
        method: bootstrap(given.patients, method, replicates, seed, chosen)
        for method, one in found.items()
        if replicates and isinstance(one, Estimate)
    }
    sources = (source,) if isinstance(source, str) else tuple(source)
    return SwitchingEstimates(name, endpoint, time_unit, given, chosen, found, again, sources)
