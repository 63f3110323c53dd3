"""`netcea.fit`: from patient data to fits with their tables and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from netcea.errors import Place, did_you_mean
from netcea.evidence.arms import CovarianceFrom, FitsOfArms
from netcea.evidence.digitised import CurveOptions, is_digitised, reconstructed_patients
from netcea.evidence.external import ExternalFile, Weights, external_of, fits_with
from netcea.evidence.external_background import with_background
from netcea.evidence.found import FoundForInputs, Section
from netcea.evidence.names import check_words
from netcea.evidence.patients_in_memory import patients_in_memory
from netcea.evidence.population import GeneralPopulation
from netcea.evidence.relative_survival import RelativeSurvival, check_relative, in_excess
from netcea.evidence.replicated import check_replicates, replicates_of
from netcea.evidence.summaries_file import is_summaries
from netcea.fitting.candidates import Candidate
from netcea.fitting.joint_fit import JointFits, fit_jointly
from netcea.fitting.maximum_likelihood import fit_patients
from netcea.loading.reading.external_file import ExternalData
from netcea.loading.reading.patients_file import PatientData, read_patients
from netcea.loading.reading.people_columns import NOBODY
from netcea.loading.reading.python_value import path_of, shown_object
from netcea.survival.curve import TIME_UNITS, TimeUnit
from netcea.survival.distributions import FAMILIES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from netcea.evidence.beside import EndpointsTogether
    from netcea.reporting.table import Table

COLUMNS: Final = ("time", "event", "arm", "entry", "weight")


class PatientFits(FitsOfArms, FoundForInputs):
    """What `netcea fit` finds, with its tables and figures by name."""

    def _tables(self) -> Mapping[str, Callable[[Any], Table]]:
        from netcea.evidence.tables import tables_of

        return tables_of(self)

    def _arms(self) -> Sequence[str]:
        return tuple(self.fits)

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

    def _section(self, inputs: Path) -> Section:
        from netcea.evidence.inputs_file import check_external_sources, section

        if self.external is None and self.with_external is not None:
            check_external_sources(self.with_external, inputs)
        return Section(self.name, self.endpoint, section(self), self.source)


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
    relative_survival: RelativeSurvival | None = None,
    joint: str | None = None,
    bootstrap: int = 0,
    seed: int = 1,
    covariance: CovarianceFrom = "information",
    external: ExternalFile | Sequence[ExternalFile] | None = None,
    external_weight: Weights | None = None,
    **curve: Unpack[CurveOptions],
) -> PatientFits:
    """Fit every family to the patients of each arm by maximum likelihood.

    Patients of a digitised Kaplan-Meier curve are reconstructed first, and audited. Published figures (a YAML file, or
    columns `figure` and `value`) are fitted as `fit_summaries` does, and what is returned is like its result.

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
    relative_survival : RelativeSurvival, optional
        Excess hazards are fitted, over the general population's mortality that it names
        (`netcea.evidence.relative_survival.RelativeSurvival`).
    joint : str, optional
        The control arm: each family is fitted to all arms together as well, with an effect of every other arm.
    bootstrap : int
        Replicates of patients drawn again within each arm, from 50; 0: none.
    seed : int
        Of the bootstrap.
    covariance : {'information', 'bootstrap'}
        From which probabilistic analyses draw the arms that are fitted by themselves.
    external : path, mapping or sequence of them, optional
        External information on survival (YAML, CSV, Parquet, or a mapping like that of a YAML file): registry counts,
        elicited survival, published landmarks. Every family is fitted with it as well (`with_external` of the result).
    external_weight : float or mapping of str -> float, optional
        Of all its sources or of each, in place of those that stand there. [1]
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
    if not (hasattr(data, "keys") or hasattr(data, "columns")):  # neither a table nor a mapping of columns
        path_of(data, "data")
    _check_alone(external, external_weight, summaries=is_summaries(data))
    if is_summaries(data):
        found: PatientFits = _of_figures(data, name, endpoint, time_unit, source, families, curve)
        return found
    check_words(name, endpoint, time_unit)
    if relative_survival is not None:
        check_relative(relative_survival, endpoint)
    people = NOBODY if relative_survival is None else relative_survival.columns
    columns = dict(zip(COLUMNS, (time, event, arm, entry, weight), strict=True))
    of_curve = any(value is not None and value is not False for value in curve.values())
    if (event is None or of_curve) and is_digitised(data, curve):
        _check_no_columns(columns, event_value)
        read = reconstructed_patients(data, columns, curve)
    elif isinstance(data, str | Path):
        read = read_patients(Path(data), columns, event_value, people)
    else:
        read = patients_in_memory(data, columns, event_value, people)
    matched = None
    if relative_survival is not None:
        read, matched = in_excess(read, relative_survival, TIME_UNITS[time_unit])
    chosen = None if families is None else _candidates(families)
    check_replicates(bootstrap, seed, covariance)
    outside = external_of(external, external_weight, read, endpoint, time_unit)
    if outside is not None:
        outside = with_background(outside, matched, TIME_UNITS[time_unit], population)
    fits = {arm_name: fit_patients(patients, chosen) for arm_name, patients in read.arms.items()}
    again = replicates_of(read, fits, bootstrap, seed) if bootstrap else {}
    sources = (source,) if isinstance(source, str) else tuple(source)
    together = None if joint is None else _jointly(read, joint, chosen)
    found = PatientFits(
        name,
        endpoint,
        time_unit,
        read,
        fits,
        sources,
        population=population,
        matched=matched,
        joint=together,
        replicates=again,
        seed=seed,
        covariance=covariance,
    )
    return found if outside is None else _with_external(found, outside, chosen, bootstrap)


def _candidates(families: Iterable[object]) -> tuple[Candidate, ...]:
    """Return the families that are asked for; a bare name is no candidate."""
    found = tuple(families)
    for one in found:
        if not isinstance(one, Candidate):
            hint = f"write Candidate({one!r})" if one in FAMILIES else ""
            raise Place("families").error(shown_object(one), "netcea.fitting.candidates.Candidate of a family", hint)
    return tuple(one for one in found if isinstance(one, Candidate))


def _check_alone(external: object, weight: object, *, summaries: bool) -> None:
    """Refuse external information where likelihoods cannot have it."""
    if not external and weight is None:
        return
    if summaries:
        raise Place("external").error("external information", "patients", "put it among the published figures")


def _of_figures(
    data: Any,
    name: str,
    endpoint: str,
    time_unit: TimeUnit,
    source: str | Sequence[str],
    families: Iterable[Candidate] | None,
    curve: Mapping[str, Any],
) -> Any:
    """Return fits to published figures, which `fit_summaries` makes."""
    from netcea.evidence.summary_fits import fit_summaries

    patients = curve.get("patients")
    return fit_summaries(data, name, endpoint, time_unit=time_unit, patients=patients, source=source, families=families)


def _with_external(
    found: PatientFits, outside: ExternalData, families: tuple[Candidate, ...] | None, bootstrap: int
) -> PatientFits:
    """Return fits with those beside them that have external information in their likelihood."""
    fits = fits_with(found.data, found.fits, outside, families)
    own = {arm: of for arm, of in fits.items() if arm in outside.arms}
    again = replicates_of(found.data, own, bootstrap, found.seed) if bootstrap else {}
    joint = None if found.joint is None else _jointly(found.data, found.joint.control, families, outside)
    sources = tuple(dict.fromkeys((*found.source, *outside.sources)))
    beside = replace(
        found, fits=fits, source=sources, external=outside, joint=joint, replicates={**found.replicates, **again}
    )
    return replace(found, with_external=beside)


def _jointly(
    read: PatientData, control: str, families: tuple[Candidate, ...] | None, outside: ExternalData | None = None
) -> JointFits:
    """Return fits to all arms together; refuse a control that is no arm."""
    arms = list(read.arms)
    if control not in arms:
        raise Place("joint").error(f"the arm {control!r}", f"one of {', '.join(arms)}", did_you_mean(control, arms))
    if len(arms) == 1:
        raise Place("joint").error(f"one arm, {control}", "two arms or more", "name the column of arms")
    return fit_jointly(read.arms, control, families, None if outside is None else outside.arms)


def _check_no_columns(columns: Mapping[str, str | None], event_value: str | None) -> None:
    """Refuse columns of patients where the points of a curve are given."""
    for what, word in (*((what, columns[what]) for what in ("event", "entry", "weight")), ("event_value", event_value)):
        if word is not None:
            expected = "columns of time, survival and arm"
            raise Place(what).error(repr(word), expected, "these are points of a curve, not patients")
