"""RADIANT-4 as the external anchor: the fits in inputs/ are what `netcea fit` makes, and docs/radiant4.md says what is so.

``python tests/evidence/test_external_trial.py`` (with tests/ on the path) prints the tables of the page as they are now.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from netcea.analyses.base_case.analysis import evaluate
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.engine.trace import traces
from netcea.evidence.fit import fit
from netcea.evidence.inputs_file import section
from netcea.loading import load

ROOT = Path(__file__).parents[2]
SURVIVAL = ROOT / "inputs" / "survival"
FITTED = yaml.safe_load((SURVIVAL / "radiant4_fitted.yaml").read_text(encoding="utf-8"))
PAGE = ROOT / "docs" / "radiant4.md"
EVIDENCE = yaml.safe_load((ROOT / "tests/reference_data/evidence/evidence.yaml").read_text(encoding="utf-8"))
PUBLISHED = EVIDENCE["other_trials"]["radiant4_epnet"]
CABINET = EVIDENCE["cabinet"]["epNET"]
CABINET_SE = EVIDENCE["assumptions"]["os_median_se_log"]["epNET"]
ARMS = ("everolimus", "placebo")
SCENARIOS = {
    "Base case: a Weibull, CABINET's median, RADIANT-4's shape": "epnet.yaml",
    "A Weibull through RADIANT-4's landmarks": "sensitivity/epnet_os_radiant4_landmarks.yaml",
    "A Weibull fitted to RADIANT-4's placebo patients": "sensitivity/epnet_os_radiant4_weibull.yaml",
    "An exponential": "sensitivity/epnet_os_radiant4_exponential.yaml",
    "A log-normal": "sensitivity/epnet_os_radiant4_log_normal.yaml",
    "A Gompertz": "sensitivity/epnet_os_radiant4_gompertz.yaml",
}


@functools.cache
def found(endpoint):
    path = SURVIVAL / f"radiant4_{endpoint}_digitised.csv"
    return fit(path, "radiant4_fitted", endpoint, time_unit="months", source=["kmdata", "radiant4_2016"])


def numbers(node, path=()):
    """Every number of a group with where it stands."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield from numbers(child, (*path, key))
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from numbers(child, (*path, i))
    elif isinstance(node, int | float):
        yield path, float(node)


# ------------------------------------------------------------------------------------------------ the file in inputs/
@pytest.mark.parametrize("endpoint", ["os", "pfs"])
def test_the_fits_in_inputs_are_those_of_the_digitised_patients(endpoint):
    now = dict(numbers(yaml.safe_load(section(found(endpoint)))[endpoint]))
    stored = dict(numbers(FITTED[endpoint]))
    assert stored.keys() == now.keys()
    assert len(stored) > 500
    wrong = {at: (stored[at], now[at]) for at in stored if stored[at] != pytest.approx(now[at], rel=1e-4, abs=1e-6)}
    assert wrong == {}


def test_texts_of_the_file_are_those_of_the_command():
    for endpoint in ("os", "pfs"):
        now, stored = yaml.safe_load(section(found(endpoint)))[endpoint]["fitted"], FITTED[endpoint]["fitted"]
        for key in now.keys() - {"date", "arms"}:
            assert stored[key] == now[key], key
        for arm in ARMS:
            assert stored["arms"][arm]["refused"].keys() == now["arms"][arm]["refused"].keys()


def test_weibull_shapes_are_those_that_others_estimated():
    """The evidence file has 1.26 (se of the log 0.17) of the placebo arm and 1.33 of everolimus'."""
    placebo, treated = (next(f for f in found("os").fitted(arm) if f.name == "weibull") for arm in reversed(ARMS))
    stated = PUBLISHED["os_shape_weibull_placebo"]
    assert placebo.estimates["shape"] == pytest.approx(stated["value"], abs=0.005)
    assert math.sqrt(placebo.covariance[0, 0]) == pytest.approx(stated["se_log"], abs=0.005)
    assert treated.estimates["shape"] == pytest.approx(1.33, abs=0.005)


# ------------------------------------------------------------------------------------------------ the tables of the page
def line(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def span(values, form="{:.2f}"):
    return f"{form.format(min(values))} to {form.format(max(values))}"


def median_with_interval(weibull):
    """Median of a Weibull and its 95% interval by the delta method on its logarithm."""
    shape, scale = weibull.estimates["shape"], weibull.estimates["scale"]
    slope = np.array([-math.log(math.log(2)) / shape, 1.0])  # of the log median by log shape and log scale
    half = 1.959964 * math.sqrt(slope @ weibull.covariance @ slope)
    median = scale * math.log(2) ** (1 / shape)
    return median, median * math.exp(-half), median * math.exp(half)


def cox(endpoint):
    row = found(endpoint).frame("differences").iloc[0]
    return "{:.2f} ({:.2f} to {:.2f})".format(
        *(row[name] for name in ("hazard_ratio", "hazard_ratio_low", "hazard_ratio_high"))
    )


def published_table():
    patients, pfs, os = PUBLISHED["patients"], PUBLISHED["pfs"], PUBLISHED["os_hazard_ratio"]
    arms = {e: [found(e).data.arms[arm] for arm in ARMS] for e in ("pfs", "os")}
    km = [found("pfs").kaplan_meier[arm].median for arm in ARMS]
    ratio = pfs["hazard_ratio"]
    return [
        line("", "digitised", "published"),
        line("Patients", " and ".join(str(a.n) for a in arms["os"]), " and ".join(map(str, patients))),
        line(
            "Median PFS, months",
            " and ".join(f"{m:.1f}" for m in km),
            " and ".join(f"{m:.1f}" for m in pfs["median_months"]),
        ),
        line("Progressions or deaths", " and ".join(f"{a.events:.0f}" for a in arms["pfs"]), "not found"),
        line(
            "Hazard ratio, PFS",
            f"{cox('pfs')}, not stratified",
            f"{ratio['value']} ({ratio['ci95'][0]} to {ratio['ci95'][1]}), stratified",
        ),
        line("Deaths", " and ".join(f"{a.events:.0f}" for a in arms["os"]), "101 in all, later (interim of 2016)"),
        line(
            "Hazard ratio, OS",
            f"{cox('os')}, not stratified",
            f"{os['value']} ({os['ci95'][0]} to {os['ci95'][1]}), the later cut; its interval was not read",
        ),
    ]


def at_risk_table():
    months = [0, 6, 12, 18, 24]
    rows = [
        line(f"{endpoint.upper()}, {arm}", *(int((found(endpoint).data.arms[arm].time >= t).sum()) for t in months))
        for endpoint in ("pfs", "os")
        for arm in ARMS
    ]
    return [line("At risk at month", *months), *rows]


def survival_of_the_model(months):
    """Survival of best supportive care in the base case, by the trace."""
    scenario = load("epnet")
    row = base_case(scenario)
    edges = traces(Grid.of(scenario), row)["best_supportive_care"].edges
    return [float(np.interp(m / 12, edges["time_years"], 1 - edges["dead"])) for m in months]


def trials_table():
    os, model = found("os"), survival_of_the_model((12, 24))
    fits = os.fitted("placebo")
    weibull = next(f for f in fits if f.name == "weibull")
    km = os.kaplan_meier["placebo"]
    rows = [line("Placebo arm of", "CABINET, epNET", "RADIANT-4, digitised", "Weibull fitted to it", "all families")]
    pfs = CABINET["pfs_bicr_nejm"]["placebo"]
    medians = {f.name: f.curve().quantile(0.5) for f in fits}
    fitted_pfs = [f.curve().quantile(0.5) for f in found("pfs").fitted("placebo")]
    of_pfs = next(f for f in found("pfs").fitted("placebo") if f.name == "weibull")
    rows += [
        line(
            "Median PFS, months",
            f"{pfs['median_months']} ({pfs['ci95'][0]} to {pfs['ci95'][1]})",
            f"{found('pfs').kaplan_meier['placebo'].median:.1f}",
            f"{of_pfs.curve().quantile(0.5):.1f}",
            span([float(q) for q in fitted_pfs], "{:.1f}"),
        ),
        line(
            "Median OS, months",
            f"{CABINET['os_nejm']['placebo']['median_months']}, no interval published",
            "not reached",
            "{:.1f} ({:.1f} to {:.1f})".format(*median_with_interval(weibull)),
            span([float(q) for q in medians.values()], "{:.1f}"),
        ),
    ]
    for month, modelled in zip((12, 24), model, strict=True):
        s, z = km.at(month), km.log_log_se_at(month)
        low, high = s ** math.exp(1.959964 * z), s ** math.exp(-1.959964 * z)
        rows.append(
            line(
                f"Alive at {month} months",
                f"{modelled:.2f} (base case)",
                f"{s:.2f} ({low:.2f} to {high:.2f})",
                f"{float(weibull.curve().survival(month)):.2f}",
                span([float(f.curve().survival(month)) for f in fits]),
            )
        )
    ten = {f.name: float(f.curve().survival(120.0)) for f in fits}
    rows.append(
        line(
            "Alive at 10 years",
            f"{survival_of_the_model((120,))[0]:.2f} (base case)",
            "not observed",
            f"{ten['weibull']:.2f}",
            span(ten.values()),
        )
    )
    return rows


@functools.cache
def result(name):
    scenario = load(str(ROOT / "scenarios" / name))
    case, strategies = evaluate(scenario), simulate(scenario, base_case(scenario)).strategies
    new, old = strategies["cabozantinib"], strategies["best_supportive_care"]
    alive = sum(float(old.undiscounted_life_years["state", s][0]) for s in ("progression_free", "progressed"))
    gained = {n: float(new.total(n)[0] - old.total(n)[0]) for n in ("costs", "qalys")}
    return alive, gained["costs"], gained["qalys"], case.severity.severity_weight


def results_table():
    rows = [line("OS of best supportive care", "its life years", "incr. costs", "incr. QALYs", "ICER", "weighted ICER")]
    for title, name in SCENARIOS.items():
        alive, costs, qalys, weight = result(name)
        icer = costs / qalys
        rows.append(
            line(title, f"{alive:.2f}", f"£{costs:,.0f}", f"{qalys:.3f}", f"£{icer:,.0f}", f"£{icer / weight:,.0f}")
        )
    return rows


TABLES = {"published": published_table, "at risk": at_risk_table, "trials": trials_table, "results": results_table}


@pytest.mark.parametrize("table", TABLES)
def test_the_page_has_the_table_as_it_is(table):
    page = PAGE.read_text(encoding="utf-8").splitlines()
    for row in TABLES[table]():
        assert row in page


# ------------------------------------------------------------------------------------------------ what is said of them
def test_digitised_progression_free_survival_is_the_published_one():
    """Medians within 4%, the ratio inside the published interval."""
    for arm, median in zip(ARMS, PUBLISHED["pfs"]["median_months"], strict=True):
        assert found("pfs").kaplan_meier[arm].median == pytest.approx(median, rel=0.04)
    ratio = found("pfs").frame("differences").iloc[0]["hazard_ratio"]
    assert PUBLISHED["pfs"]["hazard_ratio"]["ci95"][0] < ratio < PUBLISHED["pfs"]["hazard_ratio"]["ci95"][1]


def test_what_the_page_says_in_words():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    placebo, fits = found("os").data.arms["placebo"], found("os").fitted("placebo")
    between = (placebo.time >= 18) & (placebo.time < 24)
    censored = int(between.sum() - placebo.event[between].sum())
    assert f"Of the {int((placebo.time >= 18).sum())} at risk on placebo at 18 months {censored} are censored" in page
    near = [f.curve() for f in fits if f.aic - min(one.aic for one in fits) < 4]
    seen = np.array([curve.survival(np.linspace(0.5, 24, 48)) for curve in near])
    assert len(near) == 17
    assert np.ptp(seen, axis=0).max() < 0.03
    assert [round(float(q), 2) for q in np.quantile([c.survival(120.0) for c in near], [0, 1])] == [0.0, 0.47]
    km, pfs = found("pfs").kaplan_meier["placebo"], {f.name: f.aic for f in found("pfs").fitted("placebo")}
    assert (round(km.at(3.5), 2), round(km.at(4.0), 2)) == (0.67, 0.51)
    assert round(pfs["weibull"] - min(pfs.values())) == 51
    weibull = next(f for f in fits if f.name == "weibull")
    median, low, high = median_with_interval(weibull)
    spread = math.hypot(math.log(high / low) / 3.919928, CABINET_SE)
    ratio = median / CABINET["os_nejm"]["placebo"]["median_months"]
    limits = [ratio * math.exp(sign * 1.959964 * spread) for sign in (-1, 1)]
    said = f"ratio of the medians is {ratio:.2f}; its 95% interval is {limits[0]:.2f} to {limits[1]:.2f} with"
    assert said in page
    assert f"({CABINET_SE} of the logarithm)" in page


def test_scenarios_use_the_fit_and_keep_the_ratio():
    for name in list(SCENARIOS.values())[2:]:
        scenario = load(str(ROOT / "scenarios" / name))
        treated, control = (scenario.file.strategies[s].os for s in ("cabozantinib", "best_supportive_care"))
        assert (control.fit, control.arm) == ("survival.radiant4_fitted.os", "placebo")
        assert treated.hazard_ratio == "survival.cabinet_epnet.os_nejm.hazard_ratio"
        assert treated.relative_to == "best_supportive_care"
        for words in ("less pretreated", "non-functional", "crossed over", "28 deaths"):
            assert words in " ".join(scenario.file.rationale.split()), (name, words)


def test_the_weight_falls_to_1_and_the_weighted_result_turns_as_the_scenarios_say():
    base, weibull = result("epnet.yaml"), result("sensitivity/epnet_os_radiant4_weibull.yaml")
    assert base[3] == 1.2
    assert all(result(name)[3] == 1.0 for name in list(SCENARIOS.values())[1:])
    assert weibull[1] / weibull[2] < base[1] / base[2]
    assert weibull[1] / weibull[2] > base[1] / base[2] / 1.2


if __name__ == "__main__":
    for name, made in TABLES.items():
        print(f"\n{name}", *made(), sep="\n")
