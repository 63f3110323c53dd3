"""A curve fitted to patients in every analysis, compared with scenarios loaded anew, closed forms and flipped signs."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

from helpers import small_project
from helpers.batch_runs import write_batch
from helpers.small_project import Number, choices, weibull
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.registry import ANALYSES
from netcea.batch.file import read_batch
from netcea.batch.result import BatchRequest
from netcea.batch.run import run_batch
from netcea.batch.store import Store
from netcea.cli.main import main
from netcea.evidence.fit import fit
from netcea.evidence.vector.digitise import digitise
from netcea.fitting.candidates import Candidate
from netcea.loading import load
from netcea.sampling.sampler import sample
from netcea.scenario.options import Axis, OneWayOptions, ThresholdOptions, TwoWayOptions

ROOT = Path(__file__).parents[2]
LUNG = ROOT / "tests" / "reference_data" / "lung.csv"
FOLDER = ROOT / "scenarios" / "sensitivity"
WEIBULL, GOMPERTZ = (str(FOLDER / f"epnet_os_radiant4_{name}.yaml") for name in ("weibull", "gompertz"))
GROUP = "survival.radiant4_fitted.os.placebo.weibull"
SCALE, SHAPE = f"{GROUP}.scale", f"{GROUP}.shape"
DIRECTION = f"{GROUP}.covariance.principal_direction"
DISCOUNT, PRICE = "costs.drug.cabozantinib.discount", "costs.drug.cabozantinib.price_per_pack"


@pytest.fixture(scope="module")
def fitted():
    return load(WEIBULL)


@pytest.fixture(scope="module")
def covariance():
    """Of log shape and log scale, as the file of inputs/ has it."""
    data = yaml.safe_load((ROOT / "inputs/survival/radiant4_fitted.yaml").read_text(encoding="utf-8"))
    return np.array(data["os"]["placebo"]["weibull"]["covariance"]["covariance"])


def along(scenario, covariance, z):
    """Shape and scale so many standard errors along the direction in which both vary most."""
    values, vectors = np.linalg.eigh(covariance)
    step = vectors[:, -1] * math.sqrt(values[-1]) * np.sign(vectors[np.argmax(np.abs(vectors[:, -1])), -1])
    return {
        address: scenario.quantities[address].value * math.exp(z * away)
        for address, away in zip((SHAPE, SCALE), step, strict=True)
    }


def nhb(case, threshold=25_000.0):
    row = case.against_comparator()
    return row.incremental_qalys - row.incremental_costs / threshold


def test_one_way_goes_along_the_principal_direction_of_the_fit(fitted, covariance):
    (moved,) = ANALYSES["one_way"].run(fitted, OneWayOptions(addresses=[DIRECTION])).moved
    for z, effect in ((-1.959963984540054, moved.low), (1.959963984540054, moved.high)):
        case = evaluate(load(WEIBULL, along(fitted, covariance, z)))
        assert effect.nhb[0] == pytest.approx(nhb(case), rel=1e-9)
    assert moved.low.nhb[0] != pytest.approx(moved.high.nhb[0], rel=1e-3)


def test_cells_of_two_way_are_scenarios_loaded_with_both_values(fitted, covariance):
    axes = [Axis(address=DIRECTION, steps=3), Axis(address=DISCOUNT, low=0.0, high=0.5, steps=2)]
    result = ANALYSES["two_way"].run(fitted, TwoWayOptions(axes=axes))
    for i, j in ((0, 0), (2, 1)):
        sets = {**along(fitted, covariance, float(result.x.values[i])), DISCOUNT: float(result.y.values[j])}
        assert result.grid(25_000.0)[i, j] == pytest.approx(nhb(evaluate(load(WEIBULL, sets))), rel=1e-9)


def test_a_price_at_the_threshold_put_back_meets_it(fitted):
    solutions = ANALYSES["threshold"].run(fitted, ThresholdOptions(addresses=[PRICE])).values
    met = [(s.basis.threshold, m.crossing.at) for s in solutions if not s.basis.weighted for m in s.meetings]
    assert met
    for threshold, price in met:
        row = evaluate(load(WEIBULL, {PRICE: price})).against_comparator()
        assert row.icer == pytest.approx(threshold, rel=1e-6)


def test_a_batch_gives_what_runs_give(tmp_path):
    file = write_batch(tmp_path / "b.yaml", scenarios=[WEIBULL, GOMPERTZ], analyses={"base_case": {}})
    result, lines = run_batch(read_batch(str(file)), Store(tmp_path / "out"), BatchRequest())
    assert not result.failures
    found = [line.deterministic["incremental_qalys"] for line in lines]
    expected = [evaluate(load(path)).against_comparator().incremental_qalys for path in (WEIBULL, GOMPERTZ)]
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_difference_of_two_families_is_that_of_their_results():
    done = CliRunner().invoke(main, ["diff", WEIBULL, GOMPERTZ, "--json"])
    assert done.exit_code == 0, done.output
    assert "survival.radiant4_fitted.os" in done.stdout
    text = json.dumps(json.loads(done.stdout))
    for path in (WEIBULL, GOMPERTZ):
        qalys = evaluate(load(path)).against_comparator().incremental_qalys
        assert f"{qalys:.6f}"[:-1] in text


class TestWaning:
    """Both strategies have curves fitted to their own arm; the effect ends at a time, or fades between two."""

    def made(self, folder, ends):
        curve = {"fit": "survival.lung.os", "distribution": "log_logistic"}
        end = {"starts": Number(ends[0], "years"), "ends": Number(ends[1], "years"), "towards": "old"}
        strategies = {
            "new": {"pfs": weibull(1.1, 0.1), "os": {**curve, "arm": "female", "waning": end}},
            "old": {"pfs": weibull(1.2, 0.1), "os": {**curve, "arm": "male"}},
        }
        path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6), cycle_days=7, horizon_years=6))
        found = fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025", families=[Candidate("log_logistic")])
        found.write_inputs(folder / "inputs")
        return found, ANALYSES["base_case"].run(load(str(path))).traces["new"].edges

    def test_at_once(self, tmp_path):
        """S(t) is the arm's own before, and its value there times the other's conditional survival afterwards."""
        found, edges = self.made(tmp_path, ends=(0.75, 0.75))
        curves = {arm: found.fitted(arm)[0].curve() for arm in ("female", "male")}
        t, end = edges["time_years"] * 365.25, 0.75 * 365.25
        at_end = curves["female"].survival(end) / curves["male"].survival(end)
        expected = np.where(t <= end, curves["female"].survival(t), at_end * curves["male"].survival(t))
        np.testing.assert_allclose(1.0 - edges["dead"], expected, rtol=1e-9, atol=1e-12)

    def test_fading(self, tmp_path):
        """The arm's own curve before, the other's hazard afterwards, and in between a hazard between both."""
        found, edges = self.made(tmp_path, ends=(0.25, 1.5))
        t, alive = edges["time_years"], 1.0 - edges["dead"]
        own, other = (-np.log(found.fitted(arm)[0].curve().survival(t * 365.25)) for arm in ("female", "male"))
        hazards = [np.diff(h) for h in (-np.log(alive), own, other)]
        before, after = t[1:] <= 0.25, t[:-1] >= 1.5
        np.testing.assert_allclose(hazards[0][before], hazards[1][before], rtol=1e-9)
        np.testing.assert_allclose(hazards[0][after], hazards[2][after], rtol=1e-9)
        between = ~before & ~after
        assert (hazards[0][between] <= np.maximum(*hazards[1:])[between] * (1 + 1e-9)).all()
        assert (hazards[0][between] >= np.minimum(*hazards[1:])[between] * (1 - 1e-9)).all()


def test_all_arms_together_from_a_digitised_curve(tmp_path):
    """Coordinates of a figure, reconstructed, one effect for both arms, drawn together by a scenario that refers to it."""
    written = digitise(ROOT / "docs" / "figures" / "radiant4_os.svg").write(tmp_path / "digitised")
    curve, at_risk = (next(p for p in written if p.name == name) for name in ("curve.csv", "at_risk.csv"))
    given = {"at_risk": at_risk, "total_events": {"everolimus": 42.0, "placebo": 28.0}}
    families = [Candidate("weibull")]
    found = fit(
        curve, "figure", "os", time_unit="months", source="mhra_2025", families=families, joint="placebo", **given
    )
    direct = fit(ROOT / "inputs" / "survival" / "radiant4_os_digitised.csv", families=families, joint="placebo")
    one, other = (f.joint.fitted[0] for f in (found, direct))
    np.testing.assert_allclose(one.real_line, other.real_line, atol=0.02)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=0.02, atol=1e-4)
    of = {"fit": "survival.figure.os.joint", "distribution": "weibull"}
    strategies = {
        "new": {"pfs": weibull(1.1, 0.1), "os": {**of, "arm": "everolimus"}},
        "old": {"pfs": weibull(1.2, 0.1), "os": {**of, "arm": "placebo"}},
    }
    path = small_project.write(tmp_path / "project", choices(strategies, utilities=(0.8, 0.6)))
    found.write_inputs(tmp_path / "project" / "inputs")
    rows = sample(load(str(path)), 4_000, 1)
    scales = [
        np.log(rows[f"survival.figure.os.joint.weibull.scale_{arm}"]).ravel() for arm in ("everolimus", "placebo")
    ]
    effect = scales[0] - scales[1]
    at = one.names.index("everolimus")
    assert effect.mean() == pytest.approx(one.real_line[at], abs=0.02)
    assert effect.std() == pytest.approx(math.sqrt(one.covariance[at, at]), rel=0.05)
