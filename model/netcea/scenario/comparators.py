"""Where a comparator of the scope is: a strategy of the model, a scenario beside it, or left out for a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netcea.scenario.prior_therapy import LineComparator, TherapyLine
from netcea.scenario.scenario import ScenarioFile


@dataclass(frozen=True)
class ComparatorPlace:
    """Where a comparator is.

    Attributes
    ----------
    comparator : str
        As it was named.
    strategy : str
        What tables call the strategy that it is; empty where it is none.
    reason : str
        Why it is left out; empty where it is not, or where nobody says.
    scenario : str
        A scenario that has it, if there is one.
    """

    comparator: str
    strategy: str = ""
    reason: str = ""
    scenario: str = ""


def modelled(comparator: str, labels: Sequence[str]) -> bool:
    """Say whether a comparator of the scope is a strategy: all words of one name are in the other.

    Parameters
    ----------
    comparator : str
        As the decision problem calls it.
    labels : sequence of str
        What tables call the strategies.

    Examples
    --------
    >>> modelled("Best supportive care", ["Placebo / best supportive care"]), modelled("Drug A", ["Drug B"])
    (True, False)
    """
    wanted = words_of(comparator)
    return any(wanted <= words_of(label) or words_of(label) <= wanted for label in labels) if wanted else False


def words_of(text: str) -> frozenset[str]:
    """Return the words of a name, in any order and any case.

    >>> sorted(words_of("Placebo / BSC"))
    ['bsc', 'placebo']
    """
    return frozenset(re.findall(r"\w+", text.casefold()))


def comparator_labels(file: ScenarioFile) -> list[str]:
    """Return what tables call every strategy but the intervention.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    """
    return [s.label for name, s in file.strategies.items() if name != file.decision.intervention]


def place_of(file: ScenarioFile, named: LineComparator) -> ComparatorPlace:
    """Return where a comparator of some patients is.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    named : LineComparator
        As the decision problem by prior therapy names it.
    """
    strategy = next((label for label in comparator_labels(file) if modelled(named.comparator, [label])), "")
    wanted = words_of(named.comparator)
    left_out = next((c for c in file.decision_problem.not_modelled if words_of(c.comparator) == wanted), None)
    if strategy:
        return ComparatorPlace(named.comparator, strategy)
    if left_out is None:
        return ComparatorPlace(named.comparator, reason=named.reason)
    return ComparatorPlace(named.comparator, reason=named.reason or left_out.reason, scenario=left_out.scenario)


def places_by_line(file: ScenarioFile) -> Iterator[tuple[TherapyLine, LineComparator, ComparatorPlace]]:
    """Yield every comparator of every line of prior therapy, and where it is.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    """
    therapy = file.decision_problem.prior_therapy
    for line in therapy.lines if therapy is not None else ():
        yield from ((line, named, place_of(file, named)) for named in line.comparators)
