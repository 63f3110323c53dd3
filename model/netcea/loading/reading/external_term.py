"""A row of external information as a term of a likelihood, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from netcea.fitting.external.beliefs import Belief, Counted, Judged
from netcea.fitting.external.elicited import of_quantiles
from netcea.fitting.external.terms import ExternalTerm, Kind
from netcea.fitting.published_figures import NotIdentified
from netcea.plain_number import read
from netcea.quantities.external import LATEST_YEARS, ExternalRow
from netcea.survival.curve import TIME_UNITS, TimeUnit
from netcea.uncertainty.normal import HALF_WIDTH

QUANTILE: Final = re.compile(r"[pq](\d{1,2}(?:\.\d+)?)", re.IGNORECASE)
"""Name of a quantile: p05, p50, p97.5."""
MOST: Final = 1e9
"""Patients, and parameters of a beta."""
LARGEST_MISS: Final = 0.02
"""Probability by which a fitted distribution may miss a quantile before that is told."""


class Wrong(NamedTuple):
    """What is wrong with an entry of a row.

    Attributes
    ----------
    entry, found, expected, suggestion : str
    """

    entry: str
    found: str
    expected: str
    suggestion: str = ""


class Said(NamedTuple):
    """What a row says.

    Attributes
    ----------
    kind : str
    belief : Counted or Judged
    words : str
        As it was stated.
    note : str
        What to know of how it was read.
    """

    kind: Kind
    belief: Belief
    words: str
    note: str = ""


class Form(NamedTuple):
    """A way in which a row says something.

    Attributes
    ----------
    entries : tuple of str
        That go together.
    wrong : callable
        Row -> what is wrong with them.
    said : callable
        Row -> what they say.
    """

    entries: tuple[str, ...]
    wrong: Callable[[ExternalRow], Iterator[Wrong]]
    said: Callable[[ExternalRow], Said]


@dataclass(frozen=True)
class OfSource:
    """What the rows of a source have in common.

    Attributes
    ----------
    name : str
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of its times.
    factor : float
        Units of the patients' time in one of these. [1]
    weight : float
        [1]
    """

    name: str
    time_unit: TimeUnit
    factor: float
    weight: float


def term_of(row: ExternalRow, source: OfSource) -> ExternalTerm | list[Wrong]:
    """The term that a row makes, or everything that is wrong with the row.

    Parameters
    ----------
    row : ExternalRow
    source : OfSource

    Returns
    -------
    ExternalTerm or list of Wrong
        Its times in the patients' unit. [unit of time]

    Examples
    --------
    >>> years = OfSource("registry", "years", 12.0, 1.0)
    >>> term = term_of(ExternalRow(start=5.0, time=6.0, r=90.0, n=100.0), years)
    >>> term.start, term.stop, term.kind, term.stated
    (60.0, 72.0, 'counts', '90 of 100')
    >>> term_of(ExternalRow(time=6.0, r=110.0, n=100.0), years)[0].expected
    'between 0 and n, 100'
    """
    faults = [*_times(row, source.time_unit), *_wrong_background(row)]
    forms = [form for form in FORMS if any(getattr(row, entry) is not None for entry in form.entries)]
    if len(forms) != 1:
        return [*faults, _one_form(row, forms)]
    (form,) = forms
    missing = [entry for entry in form.entries if getattr(row, entry) is None]
    faults += [Wrong(entry, "nothing", f"a number, because {_given(row, form)} stands there") for entry in missing]
    if not missing:
        faults += form.wrong(row)
    if faults:
        return faults
    try:
        said = form.said(row)
    except NotIdentified as error:
        stated = ", ".join(f"{name} {read(value)}" for name, value in (row.quantiles or {}).items())
        return [Wrong("quantiles", stated, "quantiles that a distribution has", str(error))]
    start, stop = row.start * source.factor, row.time * source.factor
    return ExternalTerm(
        source.name, said.kind, start, stop, said.belief, source.weight, said.words, said.note, _background(row)
    )


def _times(row: ExternalRow, unit: TimeUnit) -> Iterator[Wrong]:
    latest = LATEST_YEARS * TIME_UNITS[unit]
    if row.start < 0.0:
        yield Wrong("start", read(row.start), "0 or more")
    if row.time <= row.start:
        hint = "start and stop the other way round?" if row.start > 0.0 else ""
        yield Wrong("time", read(row.time), f"a time after start, {read(row.start)}", hint)
    elif row.time > latest:
        hint = f"is its unit {unit}? say otherwise with time_unit"
        yield Wrong("time", read(row.time), f"at most {read(latest)} ({unit})", hint)


def _wrong_background(row: ExternalRow) -> Iterator[Wrong]:
    """Say what is wrong with the general population's survival at the two times."""
    at = {name: getattr(row, name) for name in ("background_start", "background_stop")}
    faults = [
        Wrong(name, read(x), "a share, above 0, at most 1", f"in percent? write {read(x / 100.0)}" if x > 1.0 else "")
        for name, x in at.items()
        if x is not None and not 0.0 < x <= 1.0
    ]
    yield from faults
    start, stop = at.values()
    if start is not None and stop is None:
        yield Wrong("background_stop", "nothing", "a share, because background_start stands there")
    elif stop is not None and start is None and row.start > 0.0:
        yield Wrong("background_start", "nothing", f"a share, because start is {read(row.start)}")
    elif row.start == 0.0 and start not in (None, 1.0) and not faults:
        yield Wrong("background_start", read(start), "1, because start is 0", "everybody is alive at the beginning")
    elif start is not None and stop is not None and stop > start and not faults:
        yield Wrong("background_stop", read(stop), f"at most background_start, {read(start)}", "survival never rises")


def _background(row: ExternalRow) -> float | None:
    """Return the general population's cumulative hazard between the two times; None where nothing is said of it."""
    if row.background_stop is None:
        return None
    return float(np.log((1.0 if row.background_start is None else row.background_start) / row.background_stop))


def _one_form(row: ExternalRow, forms: list[Form]) -> Wrong:
    """Say that a row says nothing, or several things."""
    expected = f"one of {'; '.join(' and '.join(form.entries) for form in FORMS)}"
    if not forms:
        return Wrong("time", "nothing that is said of this time", expected)
    entries = [_given(row, form) for form in forms]
    return Wrong(forms[1].entries[0], "; ".join(entries), expected, "put each in a row of its own")


def _given(row: ExternalRow, form: Form) -> str:
    return " and ".join(entry for entry in form.entries if getattr(row, entry) is not None)


def number(row: ExternalRow, entry: str) -> float:
    """Return a number that stands in a row.

    Parameters
    ----------
    row : ExternalRow
    entry : str
        Of a number; one that the row has.
    """
    return float(getattr(row, entry))


# ------------------------------------------------------------------------------------------------ the forms
def _share(entry: str, value: float) -> Iterator[Wrong]:
    if not 0.0 < value < 1.0:
        hint = f"in percent? write {read(value / 100.0)}" if 1.0 < value < 100.0 else ""
        yield Wrong(entry, read(value), "a share, above 0 and below 1", hint)


def _wrong_counts(row: ExternalRow) -> Iterator[Wrong]:
    r, n = number(row, "r"), number(row, "n")
    if not 0.0 < n <= MOST:
        yield Wrong("n", read(n), f"above 0, at most {read(MOST)} (patients)")
    elif not 0.0 <= r <= n:
        hint = "r are those still alive of the n alive at start; the other way round?" if r > n else ""
        yield Wrong("r", read(r), f"between 0 and n, {read(n)}", hint)


def _counts(row: ExternalRow) -> Said:
    r, n = number(row, "r"), number(row, "n")
    return Said("counts", Counted.counts(r, n), f"{read(r)} of {read(n)}")


def _wrong_landmark(row: ExternalRow) -> Iterator[Wrong]:
    survival, low, high = (number(row, entry) for entry in ("survival", "low", "high"))
    faults = [
        fault for entry, x in (("survival", survival), ("low", low), ("high", high)) for fault in _share(entry, x)
    ]
    yield from faults
    if not faults and not low < survival < high:
        yield Wrong("survival", read(survival), f"between low, {read(low)}, and high, {read(high)}")


def _landmark(row: ExternalRow) -> Said:
    survival, low, high = (number(row, entry) for entry in ("survival", "low", "high"))
    middle, upper, lower = np.log(-np.log([survival, low, high])).tolist()
    words = f"{read(survival)} (95% {read(low)} to {read(high)})"
    return Said("landmark", Judged("log_minus_log", middle, (upper - lower) / (2.0 * HALF_WIDTH)), words)


def _wrong_beta(row: ExternalRow) -> Iterator[Wrong]:
    for entry in ("a", "b"):
        if not 0.0 < number(row, entry) <= MOST:
            yield Wrong(entry, read(number(row, entry)), f"above 0, at most {read(MOST)}")


def _beta(row: ExternalRow) -> Said:
    a, b = number(row, "a"), number(row, "b")
    return Said("elicited", Counted.beta(a, b), f"beta({read(a)}, {read(b)})")


def _wrong_normal(row: ExternalRow) -> Iterator[Wrong]:
    mean, se = number(row, "mean"), number(row, "se")
    if not 0.0 < se <= 100.0:
        yield Wrong("se", read(se), "above 0, at most 100")
    if row.scale == "survival":
        yield from _share("mean", mean)
    elif row.scale == "log" and mean >= 0.0:
        yield Wrong("mean", read(mean), "below 0: the logarithm of a share")
    elif abs(mean) > 30.0:
        yield Wrong("mean", read(mean), f"-30 to 30 on the scale {row.scale}")


def _normal(row: ExternalRow) -> Said:
    mean, se = number(row, "mean"), number(row, "se")
    return Said("elicited", Judged(row.scale, mean, se), f"normal({read(mean)}, {read(se)}) of {_scale(row)}")


def _scale(row: ExternalRow) -> str:
    return {"survival": "S", "log": "log S", "logit": "logit S", "log_minus_log": "log(-log S)"}[row.scale]


def _wrong_quantiles(row: ExternalRow) -> Iterator[Wrong]:
    given = row.quantiles or {}
    for name, value in given.items():
        match = QUANTILE.fullmatch(name)
        if match is None or not float(match[1]) > 0.0:
            yield Wrong("quantiles", f"{name!r}", "p and a percentage between 0 and 100, such as p05, p50, p97.5")
        yield from _share("quantiles", value)


def _quantiles(row: ExternalRow) -> Said:
    given = {float(match[1]) / 100.0: x for name, x in (row.quantiles or {}).items() if (match := QUANTILE.match(name))}
    found = of_quantiles(given, row.distribution, row.scale)
    stated = ", ".join(f"{read(100.0 * p)}%: {read(v)}" for p, v in sorted(given.items()))
    near = found.belief
    as_what = (
        f"beta({read(near.kept, 3)}, {read(near.lost, 3)})"
        if isinstance(near, Counted)
        else f"normal({read(near.mean, 3)}, {read(near.se, 3)}) of {_scale(row)}"
    )
    worst = max(found.misses, key=abs)
    note = "" if abs(worst) <= LARGEST_MISS else f"the distribution misses a quantile by {read(100.0 * abs(worst), 2)}%"
    return Said("elicited", near, f"{stated}; as {as_what}", note)


FORMS: Final = (
    Form(("r", "n"), _wrong_counts, _counts),
    Form(("survival", "low", "high"), _wrong_landmark, _landmark),
    Form(("a", "b"), _wrong_beta, _beta),
    Form(("mean", "se"), _wrong_normal, _normal),
    Form(("quantiles",), _wrong_quantiles, _quantiles),
)
"""Ways in which a row may say something: exactly one of them."""
