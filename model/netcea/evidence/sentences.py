"""What patient data can and cannot tell apart, in three sentences: families, their tails, differences between arms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.evidence.comparison_tables import both_fitted, interval_of, ratios_over_time
from netcea.evidence.external_tables import external_sentences
from netcea.evidence.population import below_population
from netcea.evidence.proportional_figures import REFUSED, p_text
from netcea.evidence.reconstruction_tables import reconstruction_sentences
from netcea.evidence.relative_tables import relative_sentences
from netcea.fitting.schoenfeld import Schoenfeld
from netcea.fitting.summaries import HORIZON_YEARS, LANDMARK_YEARS
from netcea.plain_number import read

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms
    from netcea.fitting.summaries import Summary

ALIKE: Final = 2.0
"""Difference of AIC up to which families fit alike (Burnham and Anderson: substantial support)."""
APART: Final = 4.0
"""Difference of AIC up to which families are hardly told apart (the same: considerably less begins)."""
DIFFERENT: Final = 1.1
"""Ratio of the longest to the shortest mean to `HORIZON_YEARS` above which tails disagree."""
RATIO_YEARS: Final = 10.0
"""At which implied hazard ratios are told. [years]"""


def sentences(found: FitsOfArms) -> list[str]:
    """Return three sentences: which families the data prefer, what these say of later years, how arms differ.

    Where patients were reconstructed, those on the reconstruction come first; of relative survival, what it is. What
    external information does comes last.
    """
    families = "; ".join(_families(found, arm) for arm in found.fits)
    tails = "; ".join(_tail(found, arm) for arm in found.fits)
    arms = [arm for arm in found.fits if arm != found.control]
    third = "; ".join(_difference(found, arm) for arm in arms) if arms else _followed(found, found.control)
    return [
        *reconstruction_sentences(found),
        *relative_sentences(found),
        f"What fits: {families}.",
        f"Beyond the data: {tails}.",
        f"Between arms: {third}." if arms else f"What the tail rests on: {third}.",
        *external_sentences(found),
    ]


def _near(found: FitsOfArms, arm: str, within: float = APART) -> list[Summary]:
    """Return the families of an arm whose AIC is near the lowest."""
    chosen = found.summaries[arm]
    return [one for one in chosen if one.fit.aic - chosen[0].fit.aic <= within]


def _families(found: FitsOfArms, arm: str) -> str:
    """Say which families of an arm the data prefer, and which they hardly tell apart."""
    chosen = found.summaries[arm]
    if not chosen:
        return f"{arm}, no family could be fitted ({found.refused(arm)[0].reason})"
    alike, near = len(_near(found, arm, ALIKE)) - 1, len(_near(found, arm)) - 1
    others = len(chosen) - 1
    best = f"{arm}, {_words(chosen[0])} has the lowest AIC"
    if not others:
        return f"{best}, alone"
    if not near:
        return f"{best}, and of {others} others none is within {read(APART)} of it"
    return (
        f"{best} (of {others} others {alike} within {read(ALIKE)} of it, {near} within {read(APART)}: hardly told "
        f"apart by the data; {others - near} clearly worse)"
    )


def _tail(found: FitsOfArms, arm: str) -> str:
    """Say what the families near the lowest AIC make of later years, and whether they agree."""
    near = _near(found, arm)
    if not near:
        return f"{arm}, nothing is known"
    last = float(found.data.arms[arm].time.max())
    means = [one.restricted_mean for one in near]
    later = [(y, i) for i, y in enumerate(LANDMARK_YEARS) if y * found.per_year > last and y >= 5.0][:2]
    at = [f"{_range([one.survival[i] for one in near])} at {read(y)} years" for y, i in later]
    end = [float(np.asarray(found.shown(arm, one.fit).survival(last))) for one in near]
    ends = f"{_range(end)} at {read(last, 3)} {found.time_unit}, where they end"
    mean = f"means to {read(HORIZON_YEARS)} years of {_from_to(means)} years"
    if len(near) == 1:
        return f"{arm}, {_words(near[0])} alone gives {', '.join([f'a survival of {ends}', *at])} and {_one(mean)}"
    agree = "disagree" if max(means) > DIFFERENT * min(means) else "agree"
    said = f"{arm}, the {len(near)} near ones {agree}: survival {', '.join([ends, *at])}, {mean}"
    return said + _below(found, near)


def _one(words: str) -> str:
    return words.replace("means", "a mean", 1)


def _below(found: FitsOfArms, near: list[Summary]) -> str:
    """Say how many hazards fall below the general population's."""
    if found.population is None or found.matched is not None:
        return ""
    below = sum(below_population(one.fit.curve(), found.population, found.per_year) is not None for one in near)
    return f", and {below} of them come to have a hazard below the general population's" if below else ""


def _followed(found: FitsOfArms, arm: str) -> str:
    """Say how many patients the tail of an arm rests on."""
    patients = found.data.arms[arm]
    half = float(patients.time.max()) / 2.0
    later = patients.time >= half
    events = int((later & (patients.event == 1.0)).sum())
    return (
        f"{arm}, {patients.events:,} of {patients.n:,} patients had the event, {int(later.sum()):,} were followed "
        f"beyond {read(half, 3)} {found.time_unit} and {events:,} had it then, and beyond the data all rests on the "
        "family alone"
    )


def _difference(found: FitsOfArms, arm: str) -> str:
    """Say whether one hazard ratio describes the data of two arms, and what families make of it later."""
    residuals, pair = found.comparisons[arm].proportional, f"{arm} against {found.control}"
    if not isinstance(residuals, Schoenfeld):
        return f"{pair}, no hazard ratio ({residuals})"
    ratio, low, high = interval_of(found.comparisons[arm].hazard_ratio)
    cox = f"{read(ratio or 0.0, 3)} (95% {read(low or 0.0, 3)} to {read(high or 0.0, 3)})"
    test = f"Grambsch-Therneau p = {p_text(residuals.p_value)}, {len(residuals.times):,} events"
    if residuals.p_value < REFUSED:
        return (
            f"{pair}, proportional hazards are refused ({test}): one hazard ratio, {cox}, does not describe the data, "
            f"so it must change over time or each arm have a curve of its own{_implied(found, arm)}"
        )
    return (
        f"{pair}, proportional hazards are not refused ({test}), which is no proof, with a hazard ratio of "
        f"{cox}{_implied(found, arm)}"
    )


def _implied(found: FitsOfArms, arm: str) -> str:
    """Say which hazard ratios the families near the lowest AIC of both arms imply later."""
    names = {one.fit.name for one in _near(found, arm)} & {one.fit.name for one in _near(found, found.control)}
    at = np.array([RATIO_YEARS * found.per_year])
    pairs = [(a, b) for name, a, b in both_fitted(found, arm) if name in names]
    ratios = [float(r) for a, b in pairs if np.isfinite(r := ratios_over_time(a, b, at)[0])]
    if not ratios:
        return ", and no family is near the lowest AIC of both" if not pairs else ""
    what = "the one family near in both implies" if len(ratios) == 1 else f"the {len(ratios)} near in both imply"
    return f", and {what} {_from_to(ratios)} at {read(RATIO_YEARS)} years"


def _words(one: Summary) -> str:
    return one.fit.name.replace("_", " ")


def _from_to(values: list[float]) -> str:
    low, high = (read(end, 2) for end in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def _range(shares: list[float]) -> str:
    low, high = (f"{read(round(100.0 * end, 1), 2)}%" for end in (min(shares), max(shares)))
    return low if low == high else f"{low} to {high}"
