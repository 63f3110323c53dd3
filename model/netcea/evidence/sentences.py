"""What patient data can and cannot tell apart, in three sentences for each arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.evidence.reconstruction_tables import reconstruction_sentences
from netcea.plain_number import read

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms
    from netcea.fitting.summaries import Summary

APART: Final = 4.0
"""Difference of AIC up to which families are hardly told apart (Burnham and Anderson's 'considerably less' begins)."""


def sentences(found: FitsOfArms) -> list[str]:
    """Return three sentences for each arm: which families the data prefer, where they differ, where the data end.

    Where patients were reconstructed, those on the reconstruction come first.
    """
    of_arms = [sentence for arm in found.fits for sentence in _of_arm(found, arm)]
    return [*reconstruction_sentences(found), *of_arms]


def _of_arm(found: FitsOfArms, arm: str) -> list[str]:
    patients, chosen = found.data.arms[arm], found.summaries[arm]
    if not chosen:
        return [f"{arm}: no family could be fitted: {found.refused(arm)[0].reason}."]
    near = [one for one in chosen if one.fit.aic - chosen[0].fit.aic <= APART]
    far = len(chosen) - len(near)
    last = float(patients.time.max())
    prefer = (
        f"{arm}: {chosen[0].fit.name} has the lowest AIC; {len(near) - 1} of {len(chosen) - 1} others are within "
        f"{read(APART)} of it, which the data hardly tell apart, and {far} fit clearly worse."
    )
    at_end, five, ten = _at(near, last), [one.survival[2] for one in near], [one.survival[3] for one in near]
    agree = (
        f"{arm}: these give a survival of {_range(at_end)} at {read(last, 3)} {found.time_unit}, where the data end, "
        f"{_range(five)} at 5 years and {_range(ten)} at 10 years."
    )
    half = last / 2.0
    left = int((patients.time >= half).sum())
    events = int(((patients.time >= half) & (patients.event == 1.0)).sum())
    end = (
        f"{arm}: {patients.events} of {patients.n} patients had the event; {left} were followed beyond {read(half, 3)} "
        f"{found.time_unit} and {events} had it then: the tail rests on these, and beyond the data on the family alone."
    )
    return [prefer, agree, end]


def _at(chosen: list[Summary], time: float) -> list[float]:
    return [float(np.asarray(one.fit.curve().survival(time))) for one in chosen]


def _range(shares: list[float]) -> str:
    low, high = (f"{read(round(100.0 * end, 1), 2)}%" for end in (min(shares), max(shares)))
    return low if low == high else f"{low} to {high}"
