"""Tables and words of fits with external information: what is said, how much it weighs, how far it pulls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from netcea.evidence.external import Pull, external_arms, pulls
from netcea.evidence.relative_tables import what_numbers_are
from netcea.fitting.external.terms import KINDS
from netcea.fitting.summaries import HORIZON_YEARS, LANDMARK_YEARS, Summary
from netcea.plain_number import read
from netcea.reporting.table import Cell, Column, Table

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms

WITH: Final = "_with_external"
"""What the names of tables end in that are of the fits with external information."""
FAR: Final = 2.0
"""From which a fit is called far from what a source says. [standard errors]"""
ON_SCREEN: Final = (-3, -2)
"""Which landmarks are: 5 and 10 years."""
COMPARABLE: Final = (
    "Log-likelihood, AIC and BIC hold the external terms: they compare families of one arm with the same information, "
    "and not with the fits without it."
)


def external_terms(found: FitsOfArms) -> Table:
    """Return what each source says, with its weight and how many patients would say as much."""
    columns = (
        Column("arm", "Arm"),
        Column("source", "Source"),
        Column("kind", "What it is"),
        Column("start", "Alive at", found.time_unit, "number"),
        Column("time", "and at", found.time_unit, "number"),
        Column("stated", "As stated"),
        Column("survival", "Share", "", "percent"),
        Column("low", "95% interval, low", "", "percent"),
        Column("high", "95% interval, high", "", "percent"),
        Column("weight", "Weight", "", "number"),
        Column("patients", "Says as much as", "patients", "number"),
        Column("note", "Note"),
    )
    beside = found.with_external
    rows: list[tuple[Cell, ...]] = [
        (
            arm,
            term.source,
            KINDS[term.kind],
            term.start,
            term.stop,
            term.stated,
            term.belief.mode,
            *term.belief.interval,
            term.weight,
            term.patients,
            "; ".join(filter(None, (outside.notes.get(term.source, ""), term.note))),
        )
        for outside in ([] if beside is None or beside.external is None else [beside.external])
        for arm, of in outside.arms.items()
        for term in of.terms
    ]
    note = (
        "The share of those alive at the first time who are alive at the second, at its highest likelihood. Patients: "
        "how many, of whom as large a share survives, would say as much about it, times the weight; intervals are "
        "without the weight. Patients of a registry may count in several of its intervals."
    )
    return Table("external_terms", f"{found.label}: external information", columns, tuple(rows), note)


def external_contributions(found: FitsOfArms) -> Table:
    """Return, for each family and term, its part of the log-likelihood and how far curves are from it."""
    columns = (
        Column("arm", "Arm"),
        Column("family", "Family"),
        Column("source", "Source"),
        Column("start", "Alive at", found.time_unit, "number"),
        Column("time", "and at", found.time_unit, "number"),
        Column("stated", "As stated"),
        Column("weight", "Weight", "", "number"),
        Column("survival", "Share said", "", "percent"),
        Column("survival_without", "Share, fit without", "", "percent"),
        Column("survival_with", "Share, fit with", "", "percent"),
        Column("away_without", "Fit without, away by", "standard errors", "number"),
        Column("away_with", "Fit with, away by", "standard errors", "number"),
        Column("log_likelihood_without", "Part of the log-likelihood at the fit without", "", "number"),
        Column("log_likelihood_with", "Part of the log-likelihood at the fit with", "", "number"),
    )
    rows = tuple(row for arm in external_arms(found) for pull in pulls(found, arm) for row in _parts(pull))
    note = "Away: the root of twice the log-likelihood lost against the share said, without the weight."
    if found.matched is not None:
        note += " Shares are of all causes: the general population's survival times relative survival."
    return Table("external_contributions", f"{found.label}: each external term at each fit", columns, rows, note)


def _parts(pull: Pull) -> Iterator[tuple[Cell, ...]]:
    columns = zip(
        pull.terms,
        pull.shares(pull.without).tolist(),
        pull.shares(pull.fit).tolist(),
        pull.away(pull.without),
        pull.away(pull.fit),
        pull.contributions_without.tolist(),
        pull.contributions.tolist(),
        strict=True,
    )
    for term, *numbers in columns:
        known = (_known(x) for x in numbers)
        said = (term.source, term.start, term.stop, term.stated, term.weight, term.belief.mode)
        yield (pull.arm, pull.fit.name, *said, *known)


def _known(x: float) -> float | None:
    return None if x != x else float(x)  # noqa: PLR0124 - not a number is not itself


def external_effect(found: FitsOfArms) -> Table:
    """Return, for each family, the fit with external information beside the fit without."""
    landmarks = (
        (
            Column(f"survival_{read(y)}_without", f"S({read(y)} y) without", "", "percent"),
            Column(f"survival_{read(y)}", f"S({read(y)} y) with", "", "percent"),
        )
        for y in LANDMARK_YEARS
    )
    columns = (
        Column("arm", "Arm"),
        Column("family", "Family"),
        Column("aic_without", "AIC without", "", "number"),
        Column("aic", "AIC with", "", "number"),
        Column("bic", "BIC with", "", "number"),
        Column("log_likelihood_patients", "Log-likelihood, patients' part", "", "number"),
        Column("log_likelihood_external", "Log-likelihood, external part", "", "number"),
        Column("lost", "Patients' part below its own maximum by", "", "number"),
        *(column for pair in landmarks for column in pair),
        *_pair("median", "Median", "years"),
        *_pair("restricted_mean", f"Mean to {read(HORIZON_YEARS)} years", "years"),
        *_pair("mean", "Mean", "years"),
        Column("refused", "Not fitted with it, because"),
    )
    rows: list[tuple[Cell, ...]] = []
    for arm in external_arms(found):
        rows += [_effect(found, pull) for pull in pulls(found, arm)]
        refused = [] if found.with_external is None else found.with_external.refused(arm)
        rows += [(arm, one.name, *((None,) * (len(columns) - 3)), one.reason) for one in refused]
    return Table(
        "external_effect",
        f"{found.label}: with and without external information",
        columns,
        tuple(rows),
        f"{NOTE} {what_numbers_are(found)}".strip(),
    )


NOTE: Final = (
    f"{COMPARABLE} The patients' part is what compares with it: by how much it lies below its own maximum is what the "
    "patients give up; 2 is a curve at the edge of their 95% region for one parameter."
)


def _pair(name: str, heading: str, unit: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_without", f"{heading} without", unit, "years"),
        Column(name, f"{heading} with", unit, "years"),
    )


def _effect(found: FitsOfArms, pull: Pull) -> tuple[Cell, ...]:
    after = _summary(found.with_external, pull)
    before = None if pull.without is None else _summary(found, pull)
    pairs: list[Cell] = []
    for i, _ in enumerate(LANDMARK_YEARS):
        pairs += [None if before is None else before.survival[i], after.survival[i]]
    for name in ("median", "restricted_mean", "mean"):
        pairs += [None if before is None else getattr(before, name), getattr(after, name)]
    return (
        pull.arm,
        pull.fit.name,
        None if pull.without is None else pull.without.aic,
        pull.fit.aic,
        pull.fit.bic,
        pull.log_likelihood_of_patients,
        float(pull.contributions.sum()),
        _known(pull.lost),
        *pairs,
        "",
    )


def _summary(found: FitsOfArms | None, pull: Pull) -> Summary:
    of = () if found is None else found.summaries[pull.arm]
    return next(one for one in of if one.fit.name == pull.fit.name)


def external_on_screen(found: FitsOfArms) -> list[Table]:
    """Return, for each arm of which something is said, families with and without, as fits a screen."""
    tables = []
    years = [LANDMARK_YEARS[i] for i in ON_SCREEN]
    for arm in external_arms(found):
        columns = (
            Column("family", "Family"),
            Column("aic", "AIC +", "", "number"),
            Column("lost", "Patients' part", "", "number"),
            *(
                Column(f"s{read(y)}{which}", f"S({read(y)} y){words}", "", "percent")
                for y in years
                for which, words in (("_without", " without"), ("", " with"))
            ),
            Column("mean_without", f"Mean to {read(HORIZON_YEARS)} y without", "years", "years"),
            Column("mean", "with", "years", "years"),
        )
        of = pulls(found, arm)
        rows = tuple(_short(found, pull, of[0].fit.aic) for pull in of)
        weigh = sum(term.weight > 0.0 for term in of[0].terms) if of else 0
        title = f"{found.label}, {arm}: with {weigh} external {'term' if weigh == 1 else 'terms'}, and without"
        note = (
            "AIC of fits with them alone: it does not compare with that above. Patients' part: by how much their "
            "log-likelihood is below its own maximum."
        )
        tables.append(Table(f"external_{arm}", title, columns, rows, note))
    return tables


def _short(found: FitsOfArms, pull: Pull, lowest: float) -> tuple[Cell, ...]:
    after = _summary(found.with_external, pull)
    before = None if pull.without is None else _summary(found, pull)
    pairs: list[Cell] = []
    for i in ON_SCREEN:
        pairs += [None if before is None else before.survival[i], after.survival[i]]
    means = (None if before is None else before.restricted_mean, after.restricted_mean)
    lost = _known(pull.lost)
    return (pull.fit.name, pull.fit.aic - lowest, None if lost is None else -lost, *pairs, *means)


# ------------------------------------------------------------------------------------------------ in words
def external_sentences(found: FitsOfArms) -> list[str]:
    """Return a sentence on what external information does to each arm of which it says something."""
    said = [_sentence(found, arm) for arm in external_arms(found)]
    return [f"External information: {'; '.join(said)}."] if said else []


def _sentence(found: FitsOfArms, arm: str) -> str:
    of = pulls(found, arm)
    if not of:
        return f"{arm}, no family could be fitted with it"
    terms = [term for term in of[0].terms if term.weight > 0.0]
    if not terms:
        return f"{arm}, every weight is 0, so that the fits are those without it"
    sizes = sorted(term.patients for term in terms)
    each = _patients(sizes[0]) if len(sizes) == 1 else f"{read(round(sizes[0]))} to {_patients(sizes[-1])} each"
    best = of[0]
    first = (
        f"{arm}, {len(terms)} {'term' if len(terms) == 1 else 'terms'} of "
        f"{', '.join(dict.fromkeys(term.source for term in terms))} say as much as {each}, beside "
        f"{found.data.arms[arm].n:,} in the data; with them {_words(best)} has the lowest AIC"
    )
    return f"{first}{_moved(found, best)}{_disagreement(best)}"


def _patients(size: float) -> str:
    return f"{read(round(size)) if size >= 1.0 else read(size, 2)} patients"


def _moved(found: FitsOfArms, pull: Pull) -> str:
    """Say how far the curve with the lowest AIC was pulled."""
    if pull.without is None:
        return ", which the patients alone do not identify"
    before, after = _summary(found, pull), _summary(found.with_external, pull)
    ten = LANDMARK_YEARS.index(10.0)
    ends = _percent(before.survival[ten]), _percent(after.survival[ten])
    return (
        f", and its survival at 10 years goes from {ends[0]} to {ends[1]}, "
        f"its mean to {read(HORIZON_YEARS)} years from {read(before.restricted_mean, 3)} to "
        f"{read(after.restricted_mean, 3)} years, at a cost of {read(max(pull.lost, 0.0), 2)} in the patients' own "
        "log-likelihood"
    )


def _disagreement(pull: Pull) -> str:
    """Say whether the curve is still far from what a source says."""
    away = [abs(z) for term, z in zip(pull.terms, pull.away(pull.fit), strict=True) if term.weight > 0.0]
    far = sum(z > FAR for z in away)
    if not far:
        return ", within 2 standard errors of every term"
    return f", but more than 2 standard errors from {far} of {len(away)} terms (at most {read(max(away), 2)})"


def _percent(share: float) -> str:
    return f"{read(round(100.0 * share, 1), 3)}%"


def _words(pull: Pull) -> str:
    return pull.fit.name.replace("_", " ")


# ------------------------------------------------------------------------------------------------ beside the others
def external_tables(found: FitsOfArms, of: Callable[[FitsOfArms], dict[str, Any]]) -> dict[str, Callable[..., Table]]:
    """Return name -> function of the tables on external information, and of those that fits have, made of them.

    Parameters
    ----------
    found : FitsOfArms
    of : callable
        Fits -> name -> function, of the tables that are made of fits with external information as well.
    """
    beside = found.with_external
    if beside is None:
        return {}

    def again(name: str, make: Callable[[FitsOfArms], Table]) -> Callable[..., Table]:
        def made(_: FitsOfArms) -> Table:
            table = make(beside)
            title = f"{table.title}, with external information"
            return replace(table, name=f"{name}{WITH}", title=title, note=f"{COMPARABLE} {table.note}".strip())

        return made

    return {**EXTERNAL_TABLES, **{f"{name}{WITH}": again(name, make) for name, make in of(beside).items()}}


EXTERNAL_TABLES: Final[dict[str, Callable[..., Table]]] = {
    "external_terms": external_terms,
    "external_effect": external_effect,
    "external_contributions": external_contributions,
}
"""Name -> function."""
