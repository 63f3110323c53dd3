"""The sweep over families: every combination as a scenario of its own, and which are plausible."""

from types import SimpleNamespace

import numpy as np
import pytest

import netcea
from netcea.analyses.registry import ANALYSES
from netcea.analyses.sweep.families import choices, family_of
from netcea.analyses.sweep.plausible import _crosses, implausible
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.survival.curve import Curve

TWO = ["weibull", "log_normal"]


def options(scenario, **given):
    return options_with(scenario.file.analyses.sweep, **given)


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.fixture(scope="module")
def swept(pnet):
    return ANALYSES["sweep"].run(pnet, options(pnet, families=TWO))


class TestCombinations:
    def test_each_is_the_scenario_with_these_families(self, swept):
        assert [tuple(c.families.values()) for c in swept.combinations] == [(p, o) for p in TWO for o in TWO]
        for combination in swept.combinations:
            sets = {
                f"strategies.{s}.{endpoint}.distribution": family
                for endpoint, family in combination.families.items()
                for s in ("cabozantinib", "best_supportive_care")
                if (s, endpoint) != ("cabozantinib", "os")  # relative to the other
            }
            by_hand = netcea.run("pnet", sets, ledger=False).case.against_comparator()
            assert combination.effect.icer == pytest.approx(by_hand.icer, rel=1e-12)

    def test_the_base_case_is_among_them(self, swept):
        own = next(c for c in swept.combinations if dict(c.families) == dict(swept.current))
        assert own.effect.icer == swept.base.icer

    def test_same_or_different_families(self, pnet):
        same = choices(pnet, options(pnet, families=TWO))
        apart = choices(pnet, options(pnet, families=TWO, different_arms=True))
        assert (len(same), len(apart)) == (4, 8)  # PFS of two strategies, OS of one: the other's is relative to it
        assert "strategies.cabozantinib.pfs" in apart[0].families

    def test_structures(self, pnet):
        found = choices(
            pnet, options(pnet, endpoints=["os"], families=["royston_parmar:odds:2", "mixture_cure:weibull"])
        )
        os = "strategies.best_supportive_care.os"
        assert found[0].changes == {
            f"{os}.distribution": "royston_parmar",
            f"{os}.scale": "odds",
            f"{os}.internal_knots": 2,
        }
        assert found[1].changes == {f"{os}.distribution": "mixture_cure", f"{os}.base": "weibull"}
        curve = Curve(fit="survival.x.os", arm="a", distribution="royston_parmar", scale="odds", internal_knots=2)
        assert family_of(curve) == "royston_parmar:odds:2"

    def test_a_family_that_cannot_be_fitted_is_shown_with_the_reason(self, pnet):
        found = ANALYSES["sweep"].run(pnet, options(pnet, endpoints=["os"], families=["weibull", "generalised_gamma"]))
        assert [c.effect is None for c in found.combinations] == [False, True]
        assert found.combinations[1].fault

    def test_files(self, swept, tmp_path):
        swept.write(tmp_path / "out")
        assert (tmp_path / "out" / "figures" / "sweep.png").is_file()
        frame = swept.frame("sweep")
        assert list(frame["plausible"]) == ["yes" if c.plausible else "no" for c in swept.combinations]


class TestRules:
    def test_crossing(self):
        scenario = load("pnet", ["strategies.best_supportive_care.os.distribution=weibull"])
        assert list(implausible(scenario, options(scenario))) == []
        crossed = load("pnet", {f"strategies.{s}.pfs.distribution": "log_normal" for s in scenario.strategies})
        words = list(implausible(crossed, options(crossed)))
        assert any("PFS above OS from" in word for word in words)
        assert list(implausible(crossed, options(crossed, crossing=False))) == []

    @pytest.mark.parametrize(("rate", "crosses"), [(0.0015, False), (0.002, True)])
    def test_a_slight_crossing_is_none(self, rate, crosses):
        """PFS of rate r over OS of rate 2 r for three years: exp(-3 r) - exp(-6 r) is 0.0045 or 0.0059."""
        edges = np.linspace(0.0, 3.0, 40)
        survival = {"strategies.new.pfs": [np.exp(-rate * edges)], "strategies.new.os": [np.exp(-2.0 * rate * edges)]}
        curves = SimpleNamespace(edges=edges, survival_at_edges=survival.__getitem__)
        assert bool(list(_crosses(curves, "new", "New"))) == crosses

    def test_longer_than_the_general_population(self):
        scenario = load("pnet", ["population.cohorts.pnet.start_age=95"])
        words = list(implausible(scenario, options(scenario, crossing=False)))
        assert any("above the general population's" in word for word in words)
        assert list(implausible(scenario, options(scenario, crossing=False, below_population=False))) == []

    @pytest.mark.parametrize(("bound", "side"), [("low", "below"), ("high", "above")])
    def test_landmarks(self, pnet, bound, side):
        share = "survival.cabinet_pnet.crossover_share"  # 0.41
        late = {"at": "costs.subsequent.crossover_months", "strategy": "best_supportive_care"}  # half a year
        early_pfs = {**late, "endpoint": "pfs" if bound == "low" else "os", bound: share}
        words = list(implausible(pnet, options(pnet, landmarks=[early_pfs])))
        expected = bound == "high" or "PFS" in words[0]
        assert expected
        assert f", {side} 0.41" in words[0]


class TestRefusals:
    @pytest.mark.parametrize(
        ("family", "expected"),
        [
            ("weibul", "did you mean"),
            ("royston_parmar", "SCALE:KNOTS"),
            ("royston_parmar:odds", "SCALE:KNOTS"),
            ("weibull:odds", "weibull"),
            ("kaplan_meier", "one of exponential"),
        ],
    )
    def test_families(self, pnet, family, expected):
        with pytest.raises(InputError, match=expected):
            choices(pnet, options(pnet, families=[family]))

    def test_too_many(self, pnet):
        with pytest.raises(InputError, match=r"at most 5,?000"):
            choices(pnet, options(pnet, different_arms=True, families=["weibull"] * 20))

    def test_nothing_to_change(self, pnet):
        with pytest.raises(InputError, match="a curve with a family of its own"):
            choices(pnet, options(pnet, endpoints=["time_on_treatment"]))
