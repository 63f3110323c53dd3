"""Every rule on what is possible but implausible, and the warnings they give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from netcea.errors import ModelWarning
from netcea.plausibility import (
    cost_rules,
    drug_rules,
    name_rules,
    single,
    spread,
    survival_rules,
    table_rules,
    utility_rules,
)
from netcea.plausibility.facts import Doubt, Facts

CODE: Final = "implausible"
RULES: Final[Mapping[str, Callable[[Facts], Iterator[Doubt]]]] = {
    "the price of a day of a drug": drug_rules.prices,
    "numbers in each other's place": single.swapped,
    "a change as a slip makes it": single.changes,
    "the range of a number at its place of use": single.ranges,
    "how many times what it replaces a number is": single.many_times,
    "the centre and the scale of an interval": spread.intervals,
    "standard deviation for standard error": spread.standard_errors,
    "medians, crossing, time on treatment": survival_rules.curves,
    "the intervention against no treatment": survival_rules.between_strategies,
    "hazard ratios of both endpoints": survival_rules.hazard_ratios,
    "a trial's figures against each other": survival_rules.trials,
    "landmarks against each other and the curve": survival_rules.landmarks,
    "age, horizon, life table, norms": survival_rules.population,
    "ages of tables against each other": table_rules.tables,
    "utilities of states": utility_rules.states,
    "utilities by time to death": utility_rules.time_to_death,
    "adverse events of both strategies": utility_rules.events,
    "whose drug it is": drug_rules.owners,
    "costs counted twice": cost_rules.twice,
    "administrations as often as the drug": drug_rules.dispensing,
    "a year of care": cost_rules.care,
    "care and death for everybody": cost_rules.for_some_only,
    "vials of an administration": drug_rules.infusions,
    "the end of life": cost_rules.end_of_life,
    "once or over time": cost_rules.once,
    "shares of subsequent treatments": drug_rules.after_progression,
    "price years and indices": cost_rules.price_years,
    "names of other strategies": name_rules.other_names,
    "what belongs to another strategy": name_rules.of_other_strategies,
    "what belongs to another cohort": name_rules.other_cohorts,
    "what belongs to another health state": name_rules.of_other_states,
    "what belongs to other care": name_rules.of_other_care,
    "what belongs to another item": name_rules.of_other_items,
    "shapes of another trial": name_rules.of_other_trials,
    "discounts that are left out": drug_rules.without_discount,
    "drugs by health state": drug_rules.by_state,
    "roles in the decision": cost_rules.decision,
}
"""What a rule looks at -> the rule. Of each address the first doubt about its value and about its spread is told."""
OF_SPREAD: Final = frozenset({spread.intervals, spread.standard_errors})


def implausible(facts: Facts) -> Iterator[ModelWarning]:
    """Yield a warning for each address that a rule doubts.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    told = set()
    for rule in RULES.values():
        for address, message in rule(facts):
            if (address, rule in OF_SPREAD) not in told:
                told.add((address, rule in OF_SPREAD))
                yield ModelWarning(CODE, address, message)
