"""The first lines of every run: what to know before reading the numbers.

To add a sentence: write a function of `Facts` that yields `FirstLine` (nothing where there is nothing to say) in a
module of this folder, and its line in `READ_FIRST`. `Facts` has the scenario, its point estimates judged (`case`),
published figures beside the curves (`comparisons`), and `other(address, named)` for a scenario that an entry of the
file names, laid over this one. A sentence whose being there or whose numbers depend on a price keeps
``depends_on_prices=True``: a redacted run leaves it out. Sentences come in the order of `READ_FIRST`.

Every analysis hands them to its result (`read_first=read_first(scenario)` in `summarise`) and to its report
(`read_first=result.read_first`); from there they stand below the title on the screen, in a notebook, in run.json and
results.json, in the Excel file of the results, and in `netcea show`. A sentence that only one analysis can say (such as
what a threshold came to) is added there: ``read_first=(*read_first(scenario), FirstLine(...))``, and passes
`that_may_be_shown` on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from netcea.analyses.base_case.result import Case, Comparison
from netcea.analyses.read_first.averaging import averaging
from netcea.analyses.read_first.facts import Facts
from netcea.analyses.read_first.landmarks import landmarks
from netcea.analyses.read_first.perspective import perspective
from netcea.analyses.read_first.placeholders import placeholders
from netcea.analyses.read_first.strategies import frontier, further_strategies
from netcea.analyses.read_first.waning import waning
from netcea.reporting.first_lines import FirstLine, that_may_be_shown
from netcea.scenario.scenario import Scenario

Rule: TypeAlias = Callable[[Facts], Iterator[FirstLine]]

READ_FIRST: Final[dict[str, Rule]] = {
    "placeholders": placeholders,
    "perspective": perspective,
    "frontier": frontier,
    "further_strategies": further_strategies,
    "landmarks": landmarks,
    "averaging": averaging,
    "waning": waning,
}
"""Code -> the function that yields the sentences; the weightiest first."""


def read_first(
    scenario: Scenario, case: Case | None = None, comparisons: Sequence[Comparison] | None = None
) -> tuple[FirstLine, ...]:
    """Return what to know before reading any analysis of a scenario.

    Parameters
    ----------
    scenario : Scenario
        As it is analysed, with every change.
    case : Case, optional
        Its point estimates judged, where the analysis has them.
    comparisons : sequence of Comparison, optional
        Published figures beside its curves, where the analysis has them.
    """
    facts = Facts.knowing(scenario, case, comparisons)
    found = (line for rule in READ_FIRST.values() for line in rule(facts))
    return that_may_be_shown(found, redacted=scenario.prices.redacted)
