"""The curves of a scenario, resolved once for all scenarios with the same strategies and the same numbers of them."""

from __future__ import annotations

from collections.abc import Mapping

from netcea.loading.merging.draft import DraftScenario
from netcea.loading.resolving.curve_fits import CurveFits
from netcea.loading.resolving.curves import CurveResolver
from netcea.loading.resolving.looked_up import looked_up
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.taken_over import taken_over
from netcea.loading.resolving.trials import TrialGroup
from netcea.quantities.addresses import Kind, addresses_by_block
from netcea.scenario.scenario import ScenarioFile


def resolved_curves(
    file: ScenarioFile,
    numbers: Numbers,
    draft: DraftScenario,
    trials: Mapping[str, TrialGroup | None],
    *,
    covariances: bool,
) -> CurveResolver:
    """Resolve the curves of every strategy.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    numbers : Numbers
        In which all that it names was looked up; to which what fits need is added, or what is wrong.
    draft : DraftScenario
        Says where entries stand.
    trials : mapping of str -> TrialGroup or None
        Address of the entry that names a trial -> what stands in the trial's group.
    covariances : bool
        Whether to compute the covariance of what is fitted.
    """
    strategies, horizon, life_table = file.strategies, file.settings.horizon_years, file.population.life_table

    def work(into: Numbers) -> CurveResolver:
        if into is not numbers:  # by itself: it has nothing yet
            into.table(life_table, Kind(table="life_table"), lambda: draft.place("population.life_table"))
            for uses in addresses_by_block(file, "strategies"):
                looked_up(uses, into, draft.tree.place)
        fits = CurveFits(into, draft.place, covariances=covariances)
        curves = CurveResolver(strategies, horizon, life_table, into, draft.place, trials, fits)
        curves.resolve()
        return curves

    if numbers.faults.problems:
        return work(numbers)
    words = ("curves", *strategies, horizon, life_table, covariances)
    return taken_over(numbers, tuple(strategies.values()), words, work)
