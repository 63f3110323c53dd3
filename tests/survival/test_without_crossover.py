"""Crossover removed from the comparator's curve: the intervention's stays what was observed while the effect lasts."""

from __future__ import annotations

import numpy as np
import pytest

from netcea.analyses.base_case.analysis import case_alone
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading import load
from netcea.survival.evaluate import Curves

BSC, DRUG = "strategies.best_supportive_care.os", "strategies.cabozantinib.os"
OBSERVED = {"pnet": 0.95, "epnet": 0.86}
RATIO = "survival.cabinet_{}.os_without_crossover.hazard_ratio"
COHORTS = ("pnet", "epnet")


def what_if(cohort, ratio):
    return load(f"{cohort}_os_without_crossover_{str(ratio).replace('.', '_')}")


def curves(scenario, **columns):
    """Curves before the population's floor, at the edges."""
    row = base_case(scenario)
    grid = Grid.of(scenario)
    changed = {address: np.array([[value]]) for address, value in columns.items()}
    draws = Draws(1, {**row.columns, **changed})
    return Curves(scenario.curves, draws, grid.time.edges, 0.0 * grid.population_hazard(draws))


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("ratio", [0.6, 0.7, 0.8])
def test_the_comparator_is_worse_by_what_crossover_hid(cohort, ratio):
    observed, without = curves(load(cohort)), curves(what_if(cohort, ratio))
    effect = observed.edges < 3.0
    drug, other = (each.hazard_at_edges(DRUG)[0, effect] for each in (observed, without))
    assert other == pytest.approx(drug, rel=1e-12), "the intervention's curve is what was observed, to 36 months"
    assert ratio * without.hazard_at_edges(BSC)[0, effect] == pytest.approx(other, rel=1e-12)
    factor = OBSERVED[cohort] / ratio
    assert without.hazard_at_edges(BSC) == pytest.approx(factor * observed.hazard_at_edges(BSC), rel=1e-12)


@pytest.mark.parametrize("cohort", COHORTS)
def test_in_every_draw_the_ratio_moves_the_comparator_alone(cohort):
    scenario, address = what_if(cohort, 0.7), RATIO.format(cohort)
    low, high = (curves(scenario, **{address: ratio}) for ratio in (0.3, 1.5))
    effect = low.edges < 3.0
    assert low.hazard_at_edges(DRUG)[0, effect] == pytest.approx(high.hazard_at_edges(DRUG)[0, effect], rel=1e-12)
    assert low.hazard_at_edges(BSC) == pytest.approx(5.0 * high.hazard_at_edges(BSC), rel=1e-12)


def test_severity_follows_the_comparator():
    """The worse the comparator's survival, the larger the shortfall: at a ratio of 0.7 pNET's QALYs weigh 1.2."""
    weights = [case_alone(s).case.severity for s in (load("pnet"), what_if("pnet", 0.8), what_if("pnet", 0.7))]
    shortfalls = [found.proportional_shortfall for found in weights]
    assert shortfalls == sorted(shortfalls)
    assert [found.severity_weight for found in weights] == [1.0, 1.0, 1.2]


@pytest.mark.parametrize("cohort", COHORTS)
def test_a_trial_without_crossover_informs_the_ratio_without_crossover(cohort):
    base, without = (s.file.analyses.voi for s in (load(cohort), what_if(cohort, 0.7)))
    assert "without crossover" not in " ".join(study.label for study in base.studies.values())
    (informed,) = without.studies["trial_without_crossover"].informs
    assert informed.address == what_if(cohort, 0.7).file.strategies["cabozantinib"].os.hazard_ratio
    assert RATIO.format(cohort) not in load(cohort).quantities, "nor does the base case draw it"


# ------------------------------------------------------------------------------------------ what is refused
REMOVED = {
    "hazard_ratio_observed": "survival.cabinet_pnet.os_nejm.hazard_ratio",
    "hazard_ratio": "survival.cabinet_pnet.os_without_crossover.hazard_ratio",
}


def test_a_comparator_that_moves_without_the_intervention_is_refused():
    with pytest.raises(InputError) as error:
        load("pnet", {f"{BSC}.without_crossover": REMOVED})
    words = str(error.value)
    assert f"{BSC}.without_crossover.hazard_ratio" in words
    assert f"while {DRUG}.hazard_ratio is survival.cabinet_pnet.os_nejm.hazard_ratio" in words
    assert f"set {DRUG}.hazard_ratio to {REMOVED['hazard_ratio']} too" in words


def test_it_is_removed_from_an_observed_curve_only():
    with pytest.raises(InputError, match="goes with a curve of its own"):
        load("pnet", {f"{DRUG}.without_crossover": REMOVED})


@pytest.mark.parametrize("ratio", [0.0, -0.4])
def test_ratios_are_above_0(ratio):
    sets = {f"{RATIO.format('pnet')}.value": ratio}
    with pytest.raises(InputError, match="os_without_crossover"):
        load("pnet_os_without_crossover_0_7", sets)
