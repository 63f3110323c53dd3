"""Any mix of a trial's figures in any family, from inputs/ to curves, draws, one-way analysis and tables."""

import math

import numpy as np
import pytest
import yaml

import netcea
from helpers.small_project import choices, exponential, write
from helpers.trial_projects import TRIAL, number, trial_group, trial_project
from netcea.analyses.shared.moved_blocks import moved_blocks
from netcea.errors import MISSES, NOT_DRAWN, InputError
from netcea.fitting import Figure
from netcea.fitting.summary_fit import ArmFigure, fit_figures
from netcea.loading import load
from netcea.sampling.sources import sources_of
from netcea.survival.distributions import distribution

ARMS = {"old": 6.1, "new": 12.7}
RATIO = {"hazard_ratio": 0.55}
CORRELATION = {
    "names": ["median_old", "median_new", "hazard_ratio"],
    "correlation": [[1.0, 0.0, 0.4], [0.0, 1.0, -0.5], [0.4, -0.5, 1.0]],
    "source": ["netcea_assumptions"],
    "status": "derived",
    "note": "a test",
}
PLAIN = {"ci95": {"low": 7.9, "high": 9.5, "scale": "identity"}}
LANDMARKS = {
    "survival_old_month_12": (0.27, 0.18, 0.37, 12.0),
    "survival_new_month_24": (0.30, 0.21, 0.39, 24.0),
    "survival_new_month_48": (0.16, 0.09, 0.25, 48.0),
}
FIGURES = 8


def landmark(value, low, high, months):
    interval = {"ci95": {"low": low, "high": high, "scale": "complementary_log_log"}}
    return {**number(value, "proportion"), "at_months": months, "uncertainty": interval}


def further():
    return {
        **{name: landmark(*entry) for name, entry in LANDMARKS.items()},
        "restricted_mean_new": {**number(8.7, "months"), "at_months": 12.0, "uncertainty": PLAIN},
        "quantile_new": {**number(5.1, "months", 0.15), "failed": 0.25},
    }


def mixed(folder, family="generalised_gamma", **curve):
    names = ["median_old", "median_new", *further(), "hazard_ratio"]
    table = {**CORRELATION, "names": names, "correlation": np.eye(len(names)).tolist()}
    group = trial_group(ARMS, RATIO, correlation=table, **further())
    return trial_project(folder, group, family, **curve)


STRUCTURES = {
    "generalised_gamma": {},
    "weibull": {},
    "log_normal": {},
    "royston_parmar": {"scale": "odds", "knots": [math.log(3.0), math.log(9.0), math.log(24.0)], "time_unit": "months"},
    "piecewise_exponential": {"breaks": [9.0], "time_unit": "months"},
    "mixture_cure": {"base": "exponential"},
}


@pytest.mark.parametrize("family", STRUCTURES)
def test_a_trial_of_any_figures_in_any_family(tmp_path, family):
    scenario = load(str(mixed(tmp_path, family, **STRUCTURES[family])))
    (report,) = scenario.fits
    assert len(report.figures) == FIGURES
    assert f"{FIGURES} figures for {len(report.parameters)} parameters are weighed" in report.note
    assert f"{FIGURES - len(report.parameters)} degrees of freedom" in report.note
    assert {item.what for item in report.figures} >= {
        "survival at 12 months",
        "restricted mean to 12 months",
        "time at which 25% have failed",
        "hazard ratio",
    }
    curve = scenario.curves["strategies.new.pfs"]
    values = dict(report.parameters)
    given = {name: np.array(values[address.rpartition(".")[2]]) for name, address in curve.parameters.items()}
    power = 1.0 if curve.hazard_ratio is None else values[curve.hazard_ratio.rpartition(".")[2]]
    left = float(curve.distribution.survival(np.array(2.0), given)) ** power
    modelled = next(i.modelled for i in report.figures if i.address.endswith("survival_new_month_24"))
    assert left == pytest.approx(modelled, rel=1e-9)


def test_the_run_shows_what_is_missed(tmp_path):
    result = netcea.run(str(mixed(tmp_path)))
    table = result.frame("fits")
    assert set(table["figure"]) >= {"restricted mean to 12 months", "survival at 24 months"}
    assert table["note"].str.contains("chi-square").all()
    published = result.frame("modelled_and_published")
    shown = dict(zip(published["figure"], published["modelled"], strict=True))
    fitted = {i.what: i.modelled for i in result.fits[0].figures if "new" in i.address}
    assert shown["restricted mean to 12 months"] == pytest.approx(fitted["restricted mean to 12 months"], rel=1e-3)
    assert shown["time at which 25% have failed"] == pytest.approx(fitted["time at which 25% have failed"], rel=1e-3)


def test_draws_and_one_way_follow_the_figures(tmp_path):
    scenario = load(str(mixed(tmp_path, "weibull")))
    rows = netcea.sample(scenario, n=2000, seed=1)
    (joint,) = scenario.joint
    drawn = np.log(np.stack([rows.columns[address].ravel() for address in joint.addresses]))
    assert np.cov(drawn) == pytest.approx(joint.covariance, rel=0.2, abs=2e-3)
    (block,) = [one for one in moved_blocks(scenario) if one.refit is not None]
    assert len(block.members) == FIGURES
    survival = f"{TRIAL}.survival_new_month_24"
    moved = [block.estimates({survival: value}) for value in (0.20, 0.30)]
    assert not np.allclose(moved[0], moved[1])
    assert any(source.name == block.name for source in sources_of(scenario))


def test_one_way_moves_each_figure(tmp_path):
    found = netcea.one_way(str(mixed(tmp_path, "weibull", utilities=(0.8, 0.6))))
    table = found.frame(found.tables[0])
    moved = table[table["address"].str.startswith(TRIAL)]
    assert set(moved["address"]) >= {f"{TRIAL}.{name}" for name in further()}
    assert (moved["nhb_range"] > 1e-6).all()


@pytest.mark.parametrize(
    ("name", "entry", "match"),
    [
        ("survival_nobody", {**number(0.2, "proportion", 0.1), "at_months": 12.0}, "survival_ARM"),
        ("survival_old", number(0.2, "proportion"), "at_months"),
        ("restricted_mean_old", number(5.0, "months", 0.1), "area under the curve"),
        ("restricted_mean_old", {**number(13.0, "months", 0.1), "at_months": 12.0}, "below the time"),
        ("quantile_old", number(5.0, "months", 0.1), "failed by then"),
        ("quantile_old", {**number(0.5, "ratio", 0.1), "failed": 0.25}, "quantile of survival"),
        ("quantile_old", {**number(5.0, "months", 0.1), "failed": 1.5}, "failed"),
    ],
)
def test_a_figure_that_is_none_is_refused_by_its_address(tmp_path, name, entry, match):
    group = trial_group(ARMS, RATIO, correlation=CORRELATION, **{name: entry})
    with pytest.raises(InputError, match=match) as caught:
        load(str(trial_project(tmp_path, group)))
    assert any(name in problem.address for problem in caught.value.problems)


def test_a_correlation_that_is_not_given_is_worked_out_with_every_figure(tmp_path):
    group = trial_group(ARMS, RATIO, follow_up=48, **further())
    scenario = load(str(trial_project(tmp_path, group, "weibull")))
    (warning,) = [w for w in scenario.warnings if w.code == "worked_out"]
    assert "survival_new_month_24" in warning.message
    (refit,) = scenario.refits.values()
    matrix = np.array(refit.correlation)
    order = [figure.address.rpartition(".")[2] for figure in refit.figures]
    median, landmark = order.index("median_new"), order.index("survival_new_month_24")
    assert matrix[median, landmark] < -0.3  # a longer median, less cumulative hazard
    assert matrix[order.index("quantile_new"), median] > 0.3


def test_a_curve_that_misses_its_figures_is_said(tmp_path):
    entries = further() | {"survival_new_month_48": landmark(0.40, 0.38, 0.42, 48.0)}
    names = ["median_old", "median_new", *entries, "hazard_ratio"]
    group = trial_group(ARMS, RATIO, **entries) | {
        "correlation": {**CORRELATION, "names": names, "correlation": np.eye(len(names)).tolist()}
    }
    entries["survival_new_month_24"] = landmark(0.45, 0.43, 0.47, 24.0)
    group |= entries
    (warning,) = [w for w in load(str(trial_project(tmp_path, group, "exponential"))).warnings if w.code == MISSES]
    assert "by more than chance" in warning.message
    assert "month_" in warning.message


# ---------------------------------------------------------------------------------------------- one strategy alone
def apart(folder, family="log_normal", **curve):
    """A trial whose new arm has another family than the old one."""
    path = trial_project(folder, trial_group(ARMS, RATIO, correlation=CORRELATION))
    scenario = yaml.safe_load(path.read_text("utf8"))
    scenario["strategies"]["new"]["pfs"] = {"distribution": family, **(curve or {"trial": TRIAL, "arm": "new"})}
    path.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    return str(path)


def test_each_family_is_fitted_to_the_whole_trial(tmp_path):
    scenario = load(apart(tmp_path / "one"))
    alike = load(str(trial_project(tmp_path / "two", trial_group(ARMS, RATIO, correlation=CORRELATION), "log_normal")))
    assert {fit.family for fit in scenario.fits} == {"weibull", "log_normal"}
    assert scenario.curves["strategies.new.pfs"].parameters == alike.curves["strategies.new.pfs"].parameters
    own = next(fit for fit in scenario.fits if fit.family == "log_normal")
    assert own.parameters == alike.fits[0].parameters
    assert scenario.curves["strategies.old.pfs"].distribution.name == "weibull"


def test_both_fits_draw_the_figures_errors_once(tmp_path):
    scenario = load(apart(tmp_path))
    (joint,) = scenario.joint
    assert len(joint.addresses) == 6
    rows = netcea.sample(scenario, n=1000, seed=2).columns
    weibull = rows[f"{TRIAL}.weibull.scale_old"] * math.log(2.0) ** (1.0 / rows[f"{TRIAL}.weibull.shape"])
    log_normal = np.exp(rows[f"{TRIAL}.log_normal.meanlog_old"])
    together = np.corrcoef(np.log(weibull).ravel(), np.log(log_normal).ravel())[0, 1]
    assert together > 0.995  # one figure, the old arm's median, in both
    assert np.log(log_normal).std() == pytest.approx(0.1, rel=0.1)


def test_a_figure_moves_both_fits(tmp_path):
    scenario = load(apart(tmp_path))
    (block,) = [one for one in moved_blocks(scenario) if one.refit is not None]
    values = dict(zip(block.addresses, block.estimates({f"{TRIAL}.median_old": 0.6}), strict=True))
    shape, scale = math.exp(values[f"{TRIAL}.weibull.shape"]), math.exp(values[f"{TRIAL}.weibull.scale_old"])
    assert scale * math.log(2.0) ** (1.0 / shape) == pytest.approx(0.6, rel=1e-9)
    assert math.exp(values[f"{TRIAL}.log_normal.meanlog_old"]) == pytest.approx(0.6, rel=1e-9)


def test_an_arm_with_a_curve_of_its_own_through_the_trials_figure(tmp_path):
    own = apart(tmp_path, "exponential", figures=[f"{TRIAL}.median_new"])
    scenario = load(own)
    (joint,) = scenario.joint
    at = joint.addresses.index("strategies.new.pfs.exponential.rate")
    scale, shape = (joint.addresses.index(f"{TRIAL}.weibull.{name}") for name in ("scale_old", "shape"))
    assert joint.covariance[at, at] == pytest.approx(0.01, rel=1e-6)
    assert abs(joint.covariance[at, scale]) + abs(joint.covariance[at, shape]) > 1e-3
    assert not [w for w in scenario.warnings if w.code == NOT_DRAWN]


def test_a_median_that_is_drawn_by_itself_is_said(tmp_path):
    own = apart(tmp_path, "exponential", median=f"{TRIAL}.median_new")
    (warning,) = [w for w in load(own).warnings if w.code == NOT_DRAWN]
    assert "drawn by itself" in warning.message
    assert f"figures: [{TRIAL}.median_new]" in warning.message


def test_figures_of_one_curve_of_any_kind_take_the_tables_correlation(tmp_path):
    """A curve of its own through three figures of a group that states their correlations."""
    table = {**CORRELATION, "names": ["median", "month_24", "mean"]}
    table["correlation"] = [[1.0, -0.5, 0.6], [-0.5, 1.0, -0.4], [0.6, -0.4, 1.0]]
    mean = {**number(8.7, "months"), "at_months": 12.0, "uncertainty": PLAIN}
    group = {
        "median": number(12.7, "months", 0.1),
        "month_24": landmark(0.3, 0.2, 0.4, 24.0),
        "mean": mean,
        "correlation": table,
    }
    addresses = [f"survival.trial.os.{name}" for name in ("median", "month_24", "mean")]
    curve = {"distribution": "weibull", "figures": addresses}
    path = write(
        tmp_path,
        choices({"a": {"pfs": exponential(2.0), "os": curve}, "b": {"pfs": exponential(2.0), "os": exponential(0.5)}}),
    )
    file = tmp_path / "inputs" / "survival" / "trial.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump({"os": group}), encoding="utf-8")
    (joint,) = load(str(path)).joint
    se = (math.log(-math.log(0.2)) - math.log(-math.log(0.4))) / (2 * 1.959963985)
    figures = [
        Figure("median", 12.7 / 12, 0.1),
        Figure("survival_at", 0.3, se, 2.0),
        Figure("restricted_mean", 8.7 / 12, 1.6 / 12 / (2 * 1.959963985), 1.0, plain=True),
    ]
    expected = fit_figures(
        distribution("weibull"), [ArmFigure("all", f) for f in figures], correlation=np.array(table["correlation"])
    )
    assert joint.estimates == pytest.approx(expected.real_line, rel=1e-7)
    assert joint.covariance == pytest.approx(expected.covariance, rel=1e-5)


def test_a_stated_rank_correlation_holds_with_fits_that_share_figures(tmp_path):
    """Their parameters follow from each other: what is stated of one moves the others along."""
    path = apart(tmp_path)
    stated = [
        {
            "first": f"{TRIAL}.weibull.scale_old",
            "second": "survival.trial.pfs.other",
            "rank_correlation": "survival.trial.pfs.rho",
        }
    ]
    file = tmp_path / "inputs" / "survival" / "trial.yaml"
    group = yaml.safe_load(file.read_text("utf8"))
    group["pfs"]["rho"] = number(0.5, "parameter")
    group["pfs"]["other"] = number(20.0, "months", 0.2)
    file.write_text(yaml.safe_dump(group), encoding="utf-8")
    scenario_file = tmp_path / "scenarios" / "small.yaml"
    scenario = yaml.safe_load(scenario_file.read_text("utf8"))
    own = {"distribution": "exponential", "median": "survival.trial.pfs.other"}
    scenario["strategies"]["old"]["os"] = own
    scenario["analyses"] = {"psa": {"correlations": stated}}
    scenario_file.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    rows = netcea.sample(load(path), n=4000, seed=3).columns
    drawn = [rows[a].ravel() for a in (f"{TRIAL}.weibull.scale_old", "survival.trial.pfs.other")]
    ranks = [np.argsort(np.argsort(x)) for x in drawn]
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(0.5, abs=0.04)
    alone = netcea.sample(load(apart(tmp_path / "alone")), n=4000, seed=3).columns
    for name in ("weibull.scale_old", "log_normal.meanlog_old", "log_normal.sdlog"):
        assert rows[f"{TRIAL}.{name}"].std() == pytest.approx(alone[f"{TRIAL}.{name}"].std(), rel=0.06)
