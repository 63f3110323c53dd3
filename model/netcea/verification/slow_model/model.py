"""The slow model: every strategy of a scenario, for one row of parameters."""

from __future__ import annotations

import math
from typing import Any

from netcea.scenario.scenario import Scenario
from netcea.verification.slow_model.curves import Curves, SurvivalTables
from netcea.verification.slow_model.cycles import cycle_edges
from netcea.verification.slow_model.effects import Effects
from netcea.verification.slow_model.mortality import Row


class SlowStrategy(Effects):
    """One strategy."""

    def run(self) -> dict[str, Any]:
        """Return the outcomes and the trace."""
        self.run_costs()
        self.run_adverse_events()
        self.run_life_years()
        self.run_qalys()
        measures = [prefix + what for what in ("costs", "qalys", "life_years") for prefix in ("", "undiscounted_")]
        found: dict[str, Any] = {
            measure: {key: math.fsum(by_cycle) for key, by_cycle in getattr(self, measure).items()}
            for measure in measures
        }
        found["by_cycle"] = {measure: getattr(self, measure) for measure in measures}
        found["trace"] = {
            "time_years": self.edges,
            "pfs_curve": [self.survival_pfs(t) for t in self.edges],
            "os_curve": [self.survival_os(t) for t in self.edges],
            "progression_free": self.free,
            "progressed": self.progressed,
            "dead": [1.0 - alive for alive in self.alive],
            "on_treatment": [
                self.treated_free[i] + self.treated_progressed[i] if self.edges[i] < self.stops_at() else 0.0
                for i in range(self.n + 1)
            ],
            "deaths": self.deaths,
            "progressions": self.progressions,
            "deaths_progression_free": self.deaths_free,
            "discount_costs": self.factor["costs"],
            "discount_qalys": self.factor["qalys"],
        }
        return found


def slow_model(scenario: Scenario, row: Row, tables: SurvivalTables | None = None) -> dict[str, dict[str, Any]]:
    """Return strategy -> outcomes of one row of parameters.

    Parameters
    ----------
    scenario : netcea.scenario.scenario.Scenario
    row : mapping of address -> float
        [years, per year, GBP]
    tables : mapping of address -> list of (time, survival), optional
        The survival tables that kaplan_meier and tabulated curves name.

    Returns
    -------
    dict of strategy -> dict
        costs, qalys, life_years and undiscounted_...: (item or source, state) -> number; by_cycle: the same cycle by
        cycle; trace: name -> list.
    """
    settings = scenario.file.settings
    edges = cycle_edges(settings.horizon_years, settings.cycle_days)
    curves = Curves(scenario, row, edges, tables or {})
    return {name: SlowStrategy(scenario, row, name, curves).run() for name in scenario.file.strategies}
