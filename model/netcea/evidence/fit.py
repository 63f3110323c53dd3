"""`netcea.fit`: from patient data to fits with their tables and figures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.errors import InputError, Place, did_you_mean
from netcea.evidence.arms import CovarianceFrom, FitsOfArms
from netcea.evidence.digitised import CurveOptions, is_digitised, reconstructed_patients
from netcea.evidence.found import Found
from netcea.evidence.population import GeneralPopulation
from netcea.evidence.replicated import check_replicates, replicates_of
from netcea.fitting.candidates import Candidate
from netcea.fitting.joint_fit import JointFits, fit_jointly
from netcea.fitting.maximum_likelihood import fit_patients
from netcea.fitting.patients import Patients
from netcea.loading.reading.patients_file import ALL, PatientData, arm_names, read_patients
from netcea.survival.curve import TIME_UNITS, TimeUnit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from netcea.evidence.beside import EndpointsTogether
    from netcea.reporting.table import Table

COLUMNS: Final = ("time", "event", "arm", "entry", "weight")


class PatientFits(FitsOfArms, Found):
    """What `netcea fit` finds, with its tables and figures by name."""

    def _tables(self) -> Mapping[str, Callable[[Any], Table]]:
        from netcea.evidence.tables import tables_of

        return tables_of(self)

    def _figures(self) -> Mapping[str, Callable[[], Figure]]:
        from netcea.evidence.figures import figures_of

        return figures_of(self)

    @property
    def sentences(self) -> list[str]:
        """What the data can and cannot tell apart."""
        from netcea.evidence.sentences import sentences

        return sentences(self)

    def beside(self, other: PatientFits, pairs: Sequence[tuple[str, str]] = ()) -> EndpointsTogether:
        """Return how these fits go together with those of another endpoint of the same patients.

        Parameters
        ----------
        other : PatientFits
            Fitted to the same data with a bootstrap of the same size and seed.
        pairs : sequence of (str, str)
            Families of this endpoint and of the other; the same family of both when left out.

        Returns
        -------
        EndpointsTogether
            Whose `write_inputs` writes both, so that a probabilistic analysis draws them together.
        """
        from netcea.evidence.beside import endpoints_together

        return endpoints_together(self, other, pairs)

    def write_inputs(self, inputs: str | Path, *, overwrite: bool = False) -> Path:
        """Write the fits to ``survival/NAME.yaml`` of a folder inputs/, where a scenario can refer to them.

        Parameters
        ----------
        inputs : str or Path
            Of a project.
        overwrite : bool
            Whether fits of the same endpoint are replaced.

        Returns
        -------
        Path
            Of the file.

        Raises
        ------
        InputError
            A source that sources.yaml does not have, or none; another file of that name; fits of the same endpoint.
        """
        from netcea.evidence.inputs_file import write_inputs

        return write_inputs(self, Path(inputs), overwrite=overwrite)


def fit(
    data: str | Path | pd.DataFrame | Mapping[str, Any],
    name: str = "trial",
    endpoint: str = "os",
    *,
    time_unit: TimeUnit = "months",
    time: str | None = None,
    event: str | None = None,
    arm: str | None = None,
    entry: str | None = None,
    weight: str | None = None,
    event_value: str | None = None,
    source: str | Sequence[str] = (),
    families: Iterable[Candidate] | None = None,
    population: GeneralPopulation | None = None,
    joint: str | None = None,
    bootstrap: int = 0,
    seed: int = 1,
    covariance: CovarianceFrom = "information",
    **curve: Unpack[CurveOptions],
) -> PatientFits:
    """Fit every family to the patients of each arm by maximum likelihood.

    Patients of a digitised Kaplan-Meier curve are reconstructed first, and audited.

    Parameters
    ----------
    data : path, DataFrame or mapping of str -> sequence or path
        CSV or Parquet, or columns, one value for each patient; or the points of a digitised curve, for which a mapping
        may also be of arm -> path.
    name, endpoint : str
        Of the trial and of the endpoint, as a scenario will refer to them: ``survival.NAME.ENDPOINT``.
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the times.
    time, event, arm, entry, weight : str, optional
        Their columns; a usual name is found where one is left out.
    event_value : str, optional
        What stands in the event column for an event.
    source : str or sequence of str
        Keys of sources.yaml; needed to write inputs/.
    families : iterable of Candidate, optional
        In place of all.
    population : GeneralPopulation, optional
        Of the patients' age and sexes, which extrapolations are compared with.
    joint : str, optional
        The control arm: each family is fitted to all arms together as well, with an effect of every other arm.
    bootstrap : int
        Replicates of patients drawn again within each arm, from 50; 0: none.
    seed : int
        Of the bootstrap.
    covariance : {'information', 'bootstrap'}
        From which probabilistic analyses draw the arms that are fitted by themselves.
    **curve : CurveOptions
        What goes with a digitised curve: `at_risk`, `patients`, `total_events`, `survival_unit`, `clicked`, `medians`,
        `hazard_ratios`, `digitiser` ... (`netcea.evidence.digitised.CurveOptions`).

    Returns
    -------
    PatientFits

    Raises
    ------
    InputError
        Data that cannot be, each with its place; a reconstruction that fails its audit.

    Examples
    --------
    >>> found = fit({"time": [6.0, 18.0], "event": [1, 1]}, families=[Candidate("exponential")])
    >>> round(found.fitted("all")[0].estimates["rate"], 6)  # 2 / 24 a month
    0.083333
    """
    check_words(name, endpoint, time_unit)
    columns = dict(zip(COLUMNS, (time, event, arm, entry, weight), strict=True))
    of_curve = any(value is not None and value is not False for value in curve.values())
    if (event is None or of_curve) and is_digitised(data, curve):
        _check_no_columns(columns, event_value)
        read = reconstructed_patients(data, columns, curve)
    elif isinstance(data, str | Path):
        read = read_patients(Path(data), columns, event_value)
    else:
        read = _of_columns(data, columns, event_value)
    chosen = None if families is None else tuple(families)
    check_replicates(bootstrap, seed, covariance)
    fits = {arm_name: fit_patients(patients, chosen) for arm_name, patients in read.arms.items()}
    again = replicates_of(read, fits, bootstrap, seed) if bootstrap else {}
    sources = (source,) if isinstance(source, str) else tuple(source)
    together = None if joint is None else _jointly(read, joint, chosen)
    return PatientFits(
        name,
        endpoint,
        time_unit,
        read,
        fits,
        sources,
        population=population,
        joint=together,
        replicates=again,
        seed=seed,
        covariance=covariance,
    )


def _jointly(read: PatientData, control: str, families: tuple[Candidate, ...] | None) -> JointFits:
    """Return fits to all arms together; refuse a control that is no arm."""
    arms = list(read.arms)
    if control not in arms:
        raise Place("joint").error(f"the arm {control!r}", f"one of {', '.join(arms)}", did_you_mean(control, arms))
    if len(arms) == 1:
        raise Place("joint").error(f"one arm, {control}", "two arms or more", "name the column of arms")
    return fit_jointly(read.arms, control, families)


def check_words(name: str, endpoint: str, time_unit: str) -> None:
    """Refuse names of a trial and of an endpoint that an address cannot have, and unknown units.

    Parameters
    ----------
    name, endpoint, time_unit : str
        See `fit`.

    Raises
    ------
    InputError
        With the first of them.
    """
    from netcea.loading.resolving.trials import ARM

    for what, word in (("name", name), ("endpoint", endpoint)):
        if not ARM.fullmatch(word):
            raise Place(what).error(repr(word), "letters, digits, _ and -")
    if time_unit not in TIME_UNITS:
        expected = f"one of {', '.join(TIME_UNITS)}"
        raise Place("time_unit").error(repr(time_unit), expected, did_you_mean(time_unit, list(TIME_UNITS)))


def _check_no_columns(columns: Mapping[str, str | None], event_value: str | None) -> None:
    """Refuse columns of patients where the points of a curve are given."""
    for what, word in (*((what, columns[what]) for what in ("event", "entry", "weight")), ("event_value", event_value)):
        if word is not None:
            expected = "columns of time, survival and arm"
            raise Place(what).error(repr(word), expected, "these are points of a curve, not patients")


def _of_columns(
    data: pd.DataFrame | Mapping[str, ArrayLike], columns: Mapping[str, str | None], event_value: str | None
) -> PatientData:
    """Return patients from columns in memory; times and events by their usual names."""
    table: Any = data
    given: Mapping[str, Any] = {str(name): table[name] for name in table}
    names = {what: asked or what for what, asked in columns.items() if asked or what in given}
    for what in ("time", "event"):
        if names.get(what) not in given:
            raise Place(what).error(f"no column '{names.get(what, what)}'", f"one of {', '.join(given) or 'none'}")
    for what, column in names.items():
        if column not in given:
            raise Place(what).error(f"no column '{column}'", f"one of {', '.join(given)}")
    event: Any = given[names["event"]]
    if event_value is not None:
        event = [float(str(value) == event_value) for value in event]
    numbers: dict[str, Array] = {}
    try:
        for what, values in {
            **{w: given[names[w]] for w in names if w not in ("arm", "event")},
            "event": event,
        }.items():
            numbers[what] = np.asarray(values, dtype=np.float64)
        time, event = numbers.pop("time"), numbers.pop("event")
        whole = Patients.of(time, event, numbers.get("entry"), numbers.get("weight"))
    except (ValueError, TypeError) as error:
        raise InputError([Place("data").problem(str(error))]) from None
    arms = arm_names(list(given[names["arm"]])) if "arm" in names else [ALL] * whole.n
    digest = hashlib.sha256(b"".join(x.tobytes() for x in (whole.time, whole.event, whole.entry, whole.weight)))
    digest.update("\n".join(arms).encode())
    of = {arm: whole.where(np.array([a == arm for a in arms])) for arm in dict.fromkeys(arms)}
    return PatientData(of, "values in memory", digest.hexdigest(), names)
