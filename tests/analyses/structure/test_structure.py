"""The structural cross-check: models beside partitioned survival, parts that add up, ways of dealing with crossing."""

import json
from pathlib import Path

import numpy as np
import pytest

import netcea
from netcea.analyses.registry import ANALYSES
from netcea.analyses.structure.models import observed_share
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.sampling.sampler import sample

DRAWS = 40
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.fixture(scope="module")
def found(pnet):
    return netcea.structure(pnet, draws=DRAWS)


def model(found, name):
    return next(one for one in found.compared.models if one.name == name)


class TestModels:
    def test_partitioned_survival_is_the_base_case(self, pnet, found):
        case = netcea.run(pnet, ledger=False).case.against_comparator()
        assert found.base.icer == pytest.approx(case.icer, rel=1e-12)
        assert found.base.incremental_qalys == pytest.approx(case.incremental_qalys, rel=1e-12)

    def test_models_differ_after_progression_only(self, found):
        first, *others = found.compared.models
        assert [one.name for one in others] == [
            "clock_forward",
            "clock_forward_pooled",
            "clock_reset",
            "clock_reset_weibull",
        ]
        for other in others:
            for strategy in first.strategies:
                years = other.of(strategy.strategy).progression_free_years
                assert years == pytest.approx(strategy.progression_free_years, rel=1e-12)

    def test_the_comparator_lives_as_long(self, found):
        """Clock-forward exactly, clock-reset in sum, for whose mortality after progression is the comparator's."""
        first = found.compared.models[0].of("best_supportive_care")
        assert model(found, "clock_forward").of("best_supportive_care").qalys == pytest.approx(first.qalys, rel=1e-9)
        for name in ("clock_reset", "clock_reset_weibull"):
            there = model(found, name).of("best_supportive_care")
            assert there.life_years == pytest.approx(first.life_years, rel=1e-4)

    def test_what_is_observed_is_a_part(self, found):
        assert found.compared.follow_up_years == pytest.approx(13.8 / 12)
        for one in found.compared.models:
            for strategy in one.strategies:
                assert 0.0 < strategy.observed_life_years < min(strategy.life_years, 13.8 / 12)
                assert 0.0 < strategy.observed_qalys < strategy.qalys
        assert observed_share(np.array([0.0, 1.0, 2.0]), 0.5).tolist() == [0.5, 0.0]


class TestQalysGained:
    def test_parts_add_up(self, found):
        *parts, total = found.compared.parts
        assert total.total == pytest.approx(found.base.incremental_qalys, rel=1e-12)
        for name in ("observed", "extrapolated", "total"):
            assert sum(getattr(part, name) for part in parts) == pytest.approx(getattr(total, name), abs=1e-12)
        for part in (*parts, total):
            assert part.observed + part.extrapolated == pytest.approx(part.total, abs=1e-12)

    def test_states_are_those_of_the_base_case(self, pnet, found):
        strategies = netcea.run(pnet, ledger=False).case.strategies
        parts = {part.name: part.total for part in found.compared.parts}

        def gained(state):
            both = (strategies[s].qalys_by_state[state] for s in ("cabozantinib", "best_supportive_care"))
            new, old = both
            return new - old

        after = parts["progressions"] + parts["mortality_after_progression"]
        assert parts["progression_free"] == pytest.approx(gained("progression_free"), rel=1e-9)
        assert after == pytest.approx(gained("progressed"), rel=1e-9)

    def test_what_differs_in_mortality_is_what_clock_forward_changes(self, found):
        parts = {part.name: part.total for part in found.compared.parts}
        changed = found.base.incremental_qalys - model(found, "clock_forward").effect.incremental_qalys
        assert parts["mortality_after_progression"] == pytest.approx(changed, rel=0.02)

    def test_without_follow_up_nothing_is_split(self, pnet):
        some = netcea.structure(pnet, draws=0, changes={"analyses.structure.follow_up": None})
        assert some.compared.parts[0].observed is None
        assert some.remedies == ()
        assert "structure_crossing" not in some.tables


class TestMortality:
    def test_beside_the_populations(self, found):
        rows = {row.years: row for row in found.compared.mortality}
        assert rows[1.0].implied["cabozantinib"] > 2 * rows[1.0].implied["best_supportive_care"]
        assert all(row.population < min(row.implied.values()) for row in rows.values())
        frame = found.frame("structure_mortality")
        one = frame[frame["years"] == 1.0].iloc[0]
        ratio = rows[1.0].implied["cabozantinib"] / rows[1.0].population
        assert one["cabozantinib_ratio"] == pytest.approx(ratio, rel=0.01)


class TestCrossing:
    def test_capped_is_what_the_probabilistic_analysis_has(self, pnet, found):
        outcomes = netcea.simulate(pnet, sample(pnet, DRAWS, 1))
        first = found.remedies[0]
        crossed = outcomes.strategies["cabozantinib"].audit["crossing_cycles"] > 0
        assert first.crossing["cabozantinib"] == crossed.mean()
        gained = outcomes.totals("qalys")[0] - outcomes.totals("qalys")[1]
        assert first.incremental_qalys == pytest.approx(gained.mean(), rel=1e-12)

    def test_every_way_is_there(self, found):
        names = [row.name for row in found.remedies]
        assert names[:2] == ["cap_pfs", "raise_os"]
        assert names[-2:] == ["clock_forward", "clock_reset"]
        assert names[2:-2] == ["pnet_pfs_os_correlated_0_3", "pnet_pfs_os_correlated_0_5"]
        frame = found.frame("structure_crossing")
        shares = frame["cabozantinib_crossing"].tolist()
        assert shares[0] == shares[1] > 0.3
        assert shares[-2:] == [0.0, 0.0]

    def test_raising_os_lengthens_life(self, pnet, found):
        raised = netcea.structure(pnet, draws=DRAWS, changes={"settings.crossing": "raise_os"})
        assert raised.remedies[1].incremental_qalys == pytest.approx(found.remedies[1].incremental_qalys, rel=1e-12)
        assert raised.remedies[0].incremental_qalys == pytest.approx(found.remedies[0].incremental_qalys, rel=1e-12)
        assert raised.remedies[1].incremental_qalys > raised.remedies[0].incremental_qalys

    def test_a_scenario_that_is_not_there_is_refused(self, pnet):
        asked = options_with(pnet.file.analyses.structure, correlated=["probabilistic/nothing.yaml"], draws=10)
        with pytest.raises(InputError, match="nothing"):
            ANALYSES["structure"].run(pnet, asked)

    @pytest.mark.slow
    def test_workers_change_nothing(self, pnet, found):
        again = netcea.structure(pnet, draws=DRAWS, workers=2)
        assert again.as_json() == found.as_json()


def test_files(found, tmp_path):
    found.write(tmp_path / "out")
    written = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert next(one["name"] for one in written["results"]["models"]) == "partitioned_survival"
    for name in ("survival", "mortality_after_progression"):
        assert (tmp_path / "out" / "figures" / f"{name}.png").is_file()
    assert "after progression" in " ".join(found.report.lines)


@pytest.mark.slow
def test_other_scenarios():
    """More strategies than two, curves without a floor, OS raised, no cycle left over."""
    for name, sets in (
        ("pnet_comparators", ()),
        ("epnet", ("settings.crossing=raise_os", "settings.horizon_years=5")),
        ("pnet_mortality_none", ("settings.cycle_days=365.25",)),
    ):
        some = netcea.structure(name, changes=list(sets), draws=0)
        assert len(some.compared.models) == 5
        assert some.report.on_screen[0] == "structure_screen"


@pytest.mark.parametrize("name", ["pnet", pytest.param("epnet", marks=pytest.mark.slow)])
def test_the_page_has_todays_numbers(name):
    page = (ROOT / "docs" / "structure.md").read_text(encoding="utf-8")
    models = netcea.structure(name, draws=0).compared.models
    label = name.replace("net", "NET")
    for what, text in (
        ("incremental QALYs", [f"{one.effect.incremental_qalys:.3f}" for one in models]),
        ("ICER", [f"£{one.effect.icer:,.0f}" for one in models]),
    ):
        assert f"| {label}, {what} | {' | '.join(text)} |" in page
