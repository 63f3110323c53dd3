"""The table of unit costs and frequencies of care by what their label says, with sources."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from netcea.plausibility.ranges import COLLECTION, Range


class Labelled(NamedTuple):
    """What care of one kind costs, and how often it is given.

    Attributes
    ----------
    words : str
        A regular expression; the first entry that a label matches counts.
    cost : tuple of (float, float)
        [GBP]
    frequency : tuple of (float, float)
        [per year]
    name : str
    """

    words: str
    cost: tuple[float, float]
    frequency: tuple[float, float]
    name: str


LABELLED: Final = (
    Labelled(r"\bend.of.life|terminal care|palliative", (1500, 30_000), (0.1, 60), "care at the end of life"),
    Labelled(r"\bdispens|\bpharmac", (3, 80), (0.4, 60), "dispensing"),
    Labelled(r"\bpet\b", (250, 2500), (0.3, 12), "a PET scan"),
    Labelled(r"\b(ct|mri|scans?|imaging|x-ray|ultrasound|echo)\b", (40, 800), (0.4, 12), "a scan"),
    Labelled(r"\bblood|laborator|haematolog|biochem", (1, 60), (0.4, 60), "a blood test"),
    Labelled(r"\bradiotherap", (80, 1500), (0.2, 60), "a fraction of radiotherapy"),
    Labelled(r"\b(oral|parenteral) chemotherap|\binfusion|first cycle", (80, 800), (0.4, 60), "chemotherapy delivery"),
    Labelled(r"\bconsultant|\boncolog|\boutpatient", (80, 450), (0.8, 30), "a visit to a consultant"),
    Labelled(r"\bnurse", (15, 200), (0.4, 60), "an hour of a nurse"),
    Labelled(r"\bgps?\b|general practi", (20, 120), (0.4, 60), "a visit to a general practitioner"),
)
"""The first that matches counts. Source: the unit costs of ID6184 (NHS National Cost Collection, PSSRU), about halved
and doubled; frequencies: from half the rarest to twice the most frequent of the shipped scenarios."""


@cache
def kind_of(*labels: str) -> Labelled | None:
    """Return the kind of care that a label names; None where none does.

    Parameters
    ----------
    *labels : str
        The first that names a kind counts.

    Examples
    --------
    >>> kind_of("CT scans, progression-free").name
    'a scan'
    """
    for label in labels:
        for kind in LABELLED:
            if re.search(kind.words, label.replace("_", " "), re.IGNORECASE):
                return kind
    return None


def cost_range(kind: Labelled) -> Range:
    """Return what one unit of a kind of care costs.

    Parameters
    ----------
    kind : Labelled
        One of `LABELLED`.
    """
    return Range(*kind.cost, "GBP", f"the cost of {kind.name}", COLLECTION, zero=True)


def frequency_range(kind: Labelled) -> Range:
    """Return how often a kind of care is given.

    Parameters
    ----------
    kind : Labelled
        One of `LABELLED`.
    """
    return Range(*kind.frequency, "per year", f"how often there is {kind.name}", "shipped scenarios, with a margin")
