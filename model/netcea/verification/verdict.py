"""What a black-box test says of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

Outcome: TypeAlias = Literal["pass", "fail", "explained", "not applicable"]
TOLERANCE: Final = 1e-9
"""Two results are the same within this share of the larger one."""


@dataclass(frozen=True)
class Found:
    """What a test found.

    Attributes
    ----------
    outcome : {'pass', 'fail', 'explained', 'not applicable'}
    words : str
        What was found, or why the test does not apply.
    figures : mapping of name -> float
        What the words rest on.
    """

    outcome: Outcome
    words: str
    figures: Mapping[str, float] = field(default_factory=dict)


Runs: TypeAlias = Callable[[Any], Found]
"""Takes a scenario and its perturbations (`netcea.verification.perturbed.Perturbed`)."""


@dataclass(frozen=True)
class BlackBoxTest:
    """One test.

    Attributes
    ----------
    name : str
        Of the checklist where it is one of its tests ('E6'), else 'X' and a number.
    asserts : str
        What must hold.
    run : function of a scenario's perturbations
    """

    name: str
    asserts: str
    run: Runs


@dataclass(frozen=True)
class Verdict:
    """What a test says of a scenario.

    Attributes
    ----------
    test : str
        Name of the test.
    asserts : str
        What must hold.
    outcome : {'pass', 'fail', 'explained', 'not applicable'}
    found : str
        What was found, or why the test does not apply.
    figures : mapping of name -> float
        What the words rest on.
    """

    test: str
    asserts: str
    outcome: Outcome
    found: str
    figures: Mapping[str, float]


TESTS: Final[list[BlackBoxTest]] = []
"""Every test, in the order of the modules that hold them; see `netcea.verification.verify`."""


def black_box(name: str, asserts: str) -> Callable[[Runs], Runs]:
    """Return a decorator that adds a function to the tests.

    Parameters
    ----------
    name : str
        Of the checklist, such as 'E6'.
    asserts : str
        What must hold.
    """

    def added(run: Runs) -> Runs:
        TESTS.append(BlackBoxTest(name, asserts, run))
        return run

    return added


def holds(faults: Iterator[str] | list[str], words: str, figures: Mapping[str, float] | None = None) -> Found:
    """Return a pass, or a failure with the first faults.

    Parameters
    ----------
    faults : iterable of str
        What is wrong, in words.
    words : str
        What was looked at, where nothing is wrong.
    figures : mapping of str -> float, optional
        What the words rest on.
    """
    found = list(faults)
    shown, more = found[:MOST_FAULTS], len(found) - MOST_FAULTS
    if not found:
        return Found("pass", words, figures or {})
    return Found("fail", "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])]), figures or {})


MOST_FAULTS: Final = 4
"""Faults of one test that are named."""


def not_applicable(reason: str) -> Found:
    """Return that a test does not apply.

    Parameters
    ----------
    reason : str
        Why not, in a sentence that a reviewer would accept.
    """
    return Found("not applicable", reason)


def explained(words: str, figures: Mapping[str, float] | None = None) -> Found:
    """Return that what was found departs from what the test asserts, for a reason.

    Parameters
    ----------
    words : str
        What was found and why it is right.
    figures : mapping of str -> float, optional
        What the words rest on.
    """
    return Found("explained", words, figures or {})
