"""Results by method of adjusting for switching: the comparator's curve moves, the intervention's stays."""

import numpy as np
import pytest

import netcea
from netcea.analyses.registry import ANALYSES
from netcea.analyses.switching.changes import changes_of
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import exposures
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with

WITHOUT = "survival.cabinet_pnet.os_without_crossover.hazard_ratio"
NOBODY_PAYS = {"costs.crossover.strategies": []}


def options(scenario, **given):
    return options_with(scenario.file.analyses.switching, **given)


def run(scenario, **given):
    return ANALYSES["switching"].run(scenario, options(scenario, **given))


def survival(scenario):
    return {one.strategy: one.occupancy.alive[0] for one in exposures(Grid.of(scenario), base_case(scenario))}


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


class TestResults:
    def test_by_a_ratio_as_by_a_scenario_written_by_hand(self, pnet):
        found = run(pnet, methods={"ratio": {"hazard_ratio": WITHOUT}}, without_switching=NOBODY_PAYS)
        by_hand = netcea.run("scenarios/sensitivity/pnet_os_without_crossover_0_7.yaml", ledger=False).case
        assert found.methods[0].effect.icer == pytest.approx(by_hand.against_comparator().icer, rel=1e-12)
        assert found.methods[0].effect.severity_weight == by_hand.severity.severity_weight
        assert found.observed.effect.icer == pytest.approx(
            netcea.run(pnet, ledger=False).case.against_comparator().icer
        )
        assert (found.observed.hazard_ratio, found.methods[0].hazard_ratio) == (0.95, 0.7)

    @pytest.mark.filterwarnings("ignore:invalid value encountered in divide")  # at the start: 0 / 0
    def test_the_intervention_stays_and_the_comparator_moves(self, pnet):
        asked = options(pnet, methods={"ratio": {"hazard_ratio": WITHOUT}})
        changed = pnet.related.changed(changes_of(pnet, asked, "ratio"))
        before, after = survival(pnet), survival(changed)
        effect = Grid.of(pnet).time.edges <= 3.0  # before the effect ends
        assert after["cabozantinib"][effect] == pytest.approx(before["cabozantinib"][effect], rel=1e-12)
        hidden = np.log(after["best_supportive_care"]) / np.log(before["best_supportive_care"])
        assert hidden[1:][effect[1:]] == pytest.approx(0.95 / 0.7, rel=1e-9)

    def test_shipped_what_ifs(self, pnet):
        found = netcea.switching(pnet)
        assert [row.hazard_ratio for row in found.methods] == [0.6, 0.7, 0.8]
        assert all(not row.fault for row in found.methods)
        lived = [row.control.life_years for row in (*found.methods, found.observed)]
        assert lived == sorted(lived)  # the more crossover hides, the shorter the control arm lives without

    def test_no_method_is_said(self, pnet):
        found = run(pnet, methods={})
        assert found.methods == ()
        assert "No method is named" in found.report.lines[0]

    def test_files(self, pnet, tmp_path):
        found = netcea.switching(pnet)
        found.write(tmp_path / "out")
        assert (tmp_path / "out" / "figures" / "methods.png").is_file()
        assert found.frame("switching")["method"].iloc[0] == "Intention to treat"


class TestRefusals:
    def test_a_ratio_that_is_not_there(self, pnet):
        found = run(pnet, methods={"ratio": {"hazard_ratio": "survival.cabinet_pnet.os_without_crosover.hazard_ratio"}})
        assert found.methods[0].effect is None
        assert "os_without_crosover" in found.methods[0].fault

    def test_switching_taken_out_already(self):
        scenario = load("scenarios/sensitivity/pnet_os_without_crossover_0_7.yaml")
        with pytest.raises(InputError, match="switching taken out already"):
            run(scenario, methods={"ratio": {"hazard_ratio": WITHOUT}})

    def test_a_curve_with_which_another_would_move(self, pnet):
        curve = {"distribution": "exponential", "parameters": {"rate": "survival.radiant3.os_shape"}}
        found = run(pnet, methods={"own": {"os": curve}})
        assert "would move with that of best_supportive_care" in found.methods[0].fault

    @pytest.mark.parametrize("method", [{}, {"hazard_ratio": WITHOUT, "scenario": "sensitivity/x.yaml"}])
    def test_one_of_three(self, pnet, method):
        with pytest.raises(InputError, match="one of hazard_ratio, os and scenario"):
            options(pnet, methods={"m": method})

    def test_a_scenario_that_is_no_file(self):
        found = netcea.switching("pnet", ['analyses.switching.methods={"a":{"scenario":"sensitivity/none.yaml"}}'])
        assert "none.yaml" in found.methods[0].fault

    def test_an_unknown_strategy(self, pnet):
        with pytest.raises(InputError, match="one of cabozantinib, best_supportive_care"):
            run(pnet, methods={"ratio": {"hazard_ratio": WITHOUT}}, strategy="placebo")
