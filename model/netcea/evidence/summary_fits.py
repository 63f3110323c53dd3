"""`netcea.fit_summaries`: from published figures to curves in every family, with what they miss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.errors import Place
from netcea.evidence.figure_fits import TOGETHER, FitsOfFigures
from netcea.evidence.found import FoundForInputs, Section
from netcea.evidence.names import check_words
from netcea.evidence.summaries_file import PublishedFigure, SummaryData, read_summaries
from netcea.fitting.candidates import Candidate
from netcea.fitting.maximum_likelihood import Refused
from netcea.fitting.one_curve import landmark_correlation
from netcea.fitting.published_figures import Figure, FigureKind, NotIdentified
from netcea.fitting.summary_candidates import FamilyFit, model_for, summary_candidates
from netcea.fitting.summary_fit import ArmFigure, Observed, fit_figures
from netcea.fitting.trial import HazardRatio
from netcea.plain_number import read
from netcea.survival.curve import TimeUnit
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from netcea.arrays import Array
    from netcea.reporting.table import Table

KINDS: Final[Mapping[str, FigureKind]] = {
    "median": "median",
    "survival": "survival_at",
    "restricted_mean": "restricted_mean",
    "quantile": "quantile",
    "hazard_ratio": "hazard_ratio",
}


class SummaryFits(FitsOfFigures, FoundForInputs):
    """What `netcea fit --summaries` finds, with its tables and figures by name."""

    def _tables(self) -> Mapping[str, Callable[[Any], Table]]:
        from netcea.evidence.summary_tables import TABLES

        return TABLES

    def _arms(self) -> Sequence[str]:
        return tuple(self.data.arms)

    def _figures(self) -> Mapping[str, Callable[[], Drawing]]:
        from netcea.evidence.summary_figures import figures_of

        return figures_of(self)

    @property
    def sentences(self) -> list[str]:
        """What the figures can and cannot tell apart."""
        from netcea.evidence.summary_tables import sentences

        return sentences(self)

    def _section(self, inputs: Path) -> Section:  # noqa: ARG002 - of figures nothing has to be looked up there
        from netcea.evidence.summary_inputs import section

        return Section(self.name, self.endpoint, section(self), self.source)


def fit_summaries(
    data: str | Path | Sequence[Mapping[str, Any]] | Mapping[str, Any],
    name: str = "trial",
    endpoint: str = "os",
    *,
    time_unit: TimeUnit = "months",
    patients: Mapping[str, float] | None = None,
    follow_up: float | None = None,
    source: str | Sequence[str] = (),
    families: Iterable[Candidate] | None = None,
) -> SummaryFits:
    """Fit every family to published medians, quantiles, landmark survivals, restricted means and hazard ratios.

    Arms that hazard ratios connect are fitted together, others each by itself. As many figures as parameters are met
    exactly, more are weighed by their published intervals.

    Parameters
    ----------
    data : path, mapping of columns, or sequence of mapping
        CSV with a row for each figure (figure, value, low, high, arm, time, failed, versus, se, scale), YAML with a
        list of them below ``figures``, or the same in memory.
    name, endpoint : str
        Of the trial and of the endpoint, as a scenario will refer to them: ``survival.NAME.ENDPOINT``.
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the figures.
    patients : mapping of str -> float, optional
        Randomised to each arm; with `follow_up` needed for hazard ratios of families without proportional hazards.
    follow_up : float, optional
        Median. [unit of time]
    source : str or sequence of str
        Keys of sources.yaml; needed to write inputs/.
    families : iterable of Candidate, optional
        In place of all.

    Returns
    -------
    SummaryFits

    Raises
    ------
    InputError
        Figures that cannot be, each with its place; no family that they identify.

    Notes
    -----
    There is no AIC: figures have no likelihood, and how well families meet a handful of figures says little of how well
    they would fit the patients. The misses and their chi-square are what there is.

    Examples
    --------
    >>> figures = [{"figure": "median", "value": 10.0, "low": 8.0, "high": 12.5}]
    >>> found = fit_summaries(figures, families=[Candidate("exponential")])
    >>> round(found.fitted("all")[0].estimates["rate"], 6)  # log 2 / 10 a month
    0.069315
    """
    check_words(name, endpoint, time_unit)
    given = read_summaries(data)
    figures = tuple(figure_of(one.said) for one in given.figures)
    of_arms = dict(given.patients) | dict(patients or {})
    _check_arms(of_arms, given)
    together = any(isinstance(item, HazardRatio) for item in figures)
    observed = _observed(of_arms, given.follow_up if follow_up is None else follow_up, given.arms)
    groups = {TOGETHER: given.arms} if together else {arm: (arm,) for arm in given.arms}
    chosen = summary_candidates() if families is None else tuple(families)
    whole = None if given.correlation is None else np.array(given.correlation)
    fits: dict[str, tuple[FamilyFit | Refused, ...]] = {}
    known = whole is not None
    for group, arms in groups.items():
        at = [i for i, item in enumerate(figures) if together or item.arm in arms]
        mine = [figures[i] for i in at]
        correlation = _landmarks(mine) if whole is None else whole[np.ix_(at, at)]
        known |= correlation is not None
        fits[group] = tuple(_fitted(one, mine, arms, correlation, observed) for one in chosen)
    sources = (source,) if isinstance(source, str) else tuple(source)
    found = SummaryFits(name, endpoint, time_unit, given, figures, fits, known, sources)
    _check_identified(found)
    return found


def _check_identified(found: SummaryFits) -> None:
    """Refuse figures that identify no family, with the reasons."""
    for group in found.fits:
        if not found.fitted(group):
            reasons = "; ".join(f"{one.name}: {one.reason}" for one in found.refused(group)[:3])
            more = len(found.refused(group)) - 3
            rest = f"; and {more} more" if more > 0 else ""
            raise Place(found.data.name).error(
                f"figures of {group} that no family can be fitted to ({reasons}{rest})", "figures of one curve"
            )


def _check_arms(patients: Mapping[str, float], data: SummaryData) -> None:
    for arm, number in patients.items():
        if arm not in data.arms:
            raise Place("patients").error(f"the arm {arm!r}", f"one of {', '.join(data.arms)}")
        if not 0.0 < number < np.inf:
            raise Place("patients").error(f"{read(number)} patients of {arm}", "more than 0")


def _observed(patients: Mapping[str, float], follow_up: float | None, arms: Sequence[str]) -> Observed | None:
    if follow_up is not None and not 0.0 < follow_up < np.inf:
        raise Place("follow_up").error(read(follow_up), "a time above 0")
    if follow_up is None or not set(arms) <= set(patients):
        return None
    return Observed(dict(patients), follow_up)


def _landmarks(figures: Sequence[ArmFigure | HazardRatio]) -> Array | None:
    """Return the correlations of landmarks of each arm's Kaplan-Meier curve; None where there are no two of one arm."""
    matrix, found = np.eye(len(figures)), False
    for arm in dict.fromkeys(item.arm for item in figures):
        at = [i for i, item in enumerate(figures) if item.arm == arm and item.figure.kind == "survival_at"]
        if len(at) > 1 and all(figures[i].figure.se for i in at):
            try:
                matrix[np.ix_(at, at)] = landmark_correlation([figures[i].figure for i in at])
                found = True
            except NotIdentified:
                continue
    return matrix if found else None


def _fitted(
    candidate: Candidate,
    figures: Sequence[ArmFigure | HazardRatio],
    arms: Sequence[str],
    correlation: Array | None,
    observed: Observed | None,
) -> FamilyFit | Refused:
    try:
        model = model_for(candidate, [item.figure for item in figures])
        fit = fit_figures(model, figures, arms, correlation, observed, name=candidate.name)
        return FamilyFit.of(fit, candidate, model)
    except NotIdentified as error:
        return Refused(candidate, str(error))


def figure_of(said: PublishedFigure) -> ArmFigure | HazardRatio:
    """Return a figure as fits take it, with the standard error that its interval has on its scale.

    Parameters
    ----------
    said : PublishedFigure
        As it was given.
    """
    kind = KINDS[said.figure]
    bare = Figure(kind, said.value, None, said.time, said.arm, failed=said.failed)
    figure = _with_error(bare, said)
    if said.versus is not None:
        return HazardRatio(said.arm, said.versus, figure)
    return ArmFigure(said.arm, figure)


def _with_error(bare: Figure, said: PublishedFigure) -> Figure:
    """Return a figure with its standard error, on the scale given or that on which its interval is symmetric."""
    if said.se is not None:
        return bare._replace(se=said.se, plain=said.scale == "identity")
    if said.low is None or said.high is None:
        return bare
    forms = []
    for plain in (False, True):
        form = bare._replace(plain=plain)
        low, high = (form._replace(value=end).working for end in (said.low, said.high))
        asymmetry = abs((low + high) / 2.0 - form.working) / abs(high - low)
        forms.append((asymmetry, form._replace(se=abs(high - low) / (2.0 * HALF_WIDTH))))
    if said.scale is not None:
        return forms[said.scale == "identity"][1]
    usual, own = forms
    return own[1] if own[0] < usual[0] - CLEARLY else usual[1]


CLEARLY: Final = 0.02
"""How much nearer to the middle of its interval a figure is on its own scale than on the usual one, for its own to be
taken: less may be rounding. [widths of the interval]"""
