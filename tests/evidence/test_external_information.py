"""`netcea fit --external`: with and without side by side, inputs/ that scenarios use, the three-source cetuximab data."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.small_project import choices
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.external import pulls
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate
from netcea.fitting.external.terms import ExternalTerms
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.maximum_likelihood import fit_patients
from netcea.fitting.summaries import mean_times

LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"
FEW = [Candidate("exponential"), Candidate("weibull"), Candidate("log_normal")]
OUTSIDE = {
    "mhra_2025": {"arm": "male", "time_unit": "years", "terms": [{"time": 5, "a": 6, "b": 34}]},
    "ons_2024": {
        "arm": "male",
        "time_unit": "years",
        "weight": 0.5,
        "note": "Matched by age.",
        "terms": [{"start": 3, "stop": 4, "r": 30, "n": 50}],
    },
}


@pytest.fixture(scope="module")
def found():
    return fit(LUNG, "lung", time_unit="days", families=FEW, source="mhra_2025", external=OUTSIDE)


def project(folder, arm="male", distribution="weibull", group="survival.lung.os.with_external"):
    os_ = {"fit": group, "arm": arm, "distribution": distribution}
    both = {"pfs": small_project.weibull(1.1, 0.3), "os": os_}
    path = small_project.write(folder, choices({"new": both, "old": both}, utilities=(0.8, 0.6)))
    sources = folder / "inputs" / "sources.yaml"
    known = yaml.safe_load(sources.read_text(encoding="utf-8"))
    known |= {"ons_2024": {**next(iter(known.values()))}}
    sources.write_text(yaml.safe_dump(known), encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------ with and without
def test_the_fits_without_stay_what_they_are(found):
    plain = fit(LUNG, "lung", time_unit="days", families=FEW)
    for arm in plain.fits:
        for one, other in zip(found.fits[arm], plain.fits[arm], strict=True):
            assert one.real_line.tolist() == other.real_line.tolist()
    assert found.with_external.fits["female"] is found.fits["female"]
    assert found.with_external.fits["male"] is not found.fits["male"]


def test_the_tables_say_what_each_term_weighs_and_how_far_it_pulls(found):
    terms = found.frame("external_terms")
    assert terms["source"].tolist() == ["mhra_2025", "ons_2024"]
    assert terms["stated"].tolist() == ["beta(6, 34)", "30 of 50"]
    assert terms["patients"].tolist() == [40.0, 25.0]
    assert terms["note"].tolist() == ["", "Matched by age."]
    assert terms["survival"].tolist() == pytest.approx([6.0 / 40.0, 0.6])
    effect = found.frame("external_effect").set_index("family")
    parts = found.frame("external_contributions").groupby("family")
    for one in found.with_external.fitted("male"):
        row, of = effect.loc[one.name], parts.get_group(one.name)
        own = LogLikelihood(one.family, found.data.arms["male"])(one.real_line).value
        assert row["log_likelihood_patients"] == pytest.approx(own, rel=1e-12)
        assert row["log_likelihood_external"] == pytest.approx(of["log_likelihood_with"].sum(), rel=1e-12)
        assert row["aic"] == pytest.approx(2 * len(one.names) - 2 * one.log_likelihood, rel=1e-12)
        before = next(fit for fit in found.fitted("male") if fit.name == one.name)
        assert row["lost"] == pytest.approx(before.log_likelihood - own, abs=1e-9)
        assert row["lost"] > 0.0
        assert row["survival_5_without"] == pytest.approx(float(before.curve().survival(5.0 * 365.25)), rel=1e-12)
        assert row["survival_5"] == pytest.approx(float(one.curve().survival(5.0 * 365.25)), rel=1e-12)
        assert of["survival_with"].iloc[0] == pytest.approx(row["survival_5"], rel=1e-12)
        gain = of["log_likelihood_with"].sum() - of["log_likelihood_without"].sum()
        assert gain > row["lost"]  # what the terms gain is more than what the patients lose


def test_tables_of_both_and_a_sentence(found):
    assert "choosing_with_external" in found.tables
    choosing = found.frame("choosing_with_external")
    assert choosing[choosing["arm"] == "male"]["aic"].tolist() == found.frame("external_effect")["aic"].tolist()
    assert found.sentences[-1].startswith("External information: male, 2 terms of mhra_2025, ons_2024 say as much as")
    assert "external_male" in found.figures
    assert "external_hazard_male" in found.figures
    assert "external_female" not in found.figures


def test_weights_of_0_are_the_fits_without():
    found = fit(LUNG, "lung", time_unit="days", families=FEW, external=OUTSIDE, external_weight=0.0)
    assert all(pull.lost == 0.0 for pull in pulls(found, "male"))
    assert "every weight is 0" in found.sentences[-1]


def test_all_arms_together_and_the_bootstrap_take_the_terms():
    found = fit(
        LUNG,
        "lung",
        time_unit="days",
        families=FEW[:2],
        external=OUTSIDE,
        joint="male",
        bootstrap=60,
        covariance="bootstrap",
    )
    joint = found.frame("joint_with_external").set_index(["family", "arm"])
    alone = found.with_external.fitted("male")[0]
    assert joint.loc[("exponential", "male"), "survival_5"] == pytest.approx(
        float(alone.curve().survival(5.0 * 365.25)), rel=1e-8
    )
    before, after = (
        one.frame("bootstrap").set_index(["arm", "family", "quantity"]) for one in (found, found.with_external)
    )
    at = ("male", "weibull", "S(5 years)")
    assert after.loc[at, "se_bootstrap"] == pytest.approx(after.loc[at, "se_delta"], rel=0.5)
    assert after.loc[at, "estimate"] != before.loc[at, "estimate"]
    np.testing.assert_array_equal(
        after.loc[("female", "weibull", "median"), "se_bootstrap"],
        before.loc[("female", "weibull", "median"), "se_bootstrap"],
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"external": {"x": {"arm": "mal", "terms": [{"time": 5, "a": 6, "b": 34}]}}}, "did you mean 'male'"),
        ({"external_weight": 1.0}, "external information with it"),
        ({"external": OUTSIDE, "external_weight": {"nobody": 1.0}}, "a source: mhra_2025, ons_2024"),
    ],
)
def test_refused(options, message):
    with pytest.raises(InputError, match=message):
        fit(LUNG, "lung", time_unit="days", families=FEW, **options)


# ------------------------------------------------------------------------------------------------ into inputs/
def test_inputs_have_both_apart(found, tmp_path):
    project(tmp_path)
    data = yaml.safe_load(found.write_inputs(tmp_path / "inputs").read_text(encoding="utf-8"))["os"]
    assert "external" not in data["fitted"]
    beside = data["with_external"]
    record = beside["fitted"]["external"]
    assert [(one["source"], one["arm"], one["weight"]) for one in record["sources"]] == [
        ("mhra_2025", "male", 1.0),
        ("ons_2024", "male", 0.5),
    ]
    assert record["sources"][1]["note"] == "Matched by age."
    assert record["sources"][1]["terms"][0]["stated"] == "30 of 50"
    assert len(next(iter(record["files"].values()))) == 64
    for one, of in ((found, data), (found.with_external, beside)):
        weibull = next(fit for fit in one.fitted("male") if fit.name == "weibull")
        assert of["male"]["weibull"]["shape"]["value"] == weibull.estimates["shape"]
        assert of["male"]["weibull"]["covariance"]["covariance"] == weibull.covariance.tolist()
    assert beside["male"]["weibull"]["shape"]["source"] == ["mhra_2025", "ons_2024"]
    assert "and mhra_2025, ons_2024" in beside["male"]["weibull"]["shape"]["note"]


def test_scenarios_choose_either_and_analyses_run(found, tmp_path):
    qalys = {}
    for group in ("survival.lung.os", "survival.lung.os.with_external"):
        folder = tmp_path / group.rpartition(".")[2]
        path = project(folder, group=group)
        found.write_inputs(folder / "inputs")
        scenario = netcea.load(str(path))
        one = found if group.endswith("os") else found.with_external
        weibull = next(fit for fit in one.fitted("male") if fit.name == "weibull")
        assert scenario.quantities[f"{group}.male.weibull.shape"].value == weibull.estimates["shape"]
        qalys[group] = float(netcea.run(scenario).frame("base_case")["qalys"].iloc[0])
    assert len(set(qalys.values())) == 2
    assert np.isfinite(netcea.psa(scenario, draws=40, seed=1).frame("totals")["mean_qalys"]).all()
    assert len(netcea.one_way(scenario).frame("one_way"))


def test_a_source_that_sources_does_not_have(found, tmp_path):
    path = project(tmp_path)
    other = fit(LUNG, "lung", time_unit="days", families=FEW, source="mhra_2025", external={"me": OUTSIDE["ons_2024"]})
    with pytest.raises(InputError, match=r"--external\n  found 'me'; expected a key of"):
        other.write_inputs(path.parent.parent / "inputs")
    assert not (tmp_path / "inputs" / "survival" / "lung.yaml").exists()


def test_the_schema_of_inputs_describes_it(found, tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    project(tmp_path)
    schema = json.loads(CliRunner().invoke(main, ["schema", "inputs"]).output)
    path = found.write_inputs(tmp_path / "inputs")
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


# ------------------------------------------------------------------------------------------------ the command
def run(monkeypatch, folder, *arguments):
    monkeypatch.chdir(folder)
    monkeypatch.setattr("netcea.fitting.maximum_likelihood.candidates", lambda: tuple(FEW))
    return CliRunner().invoke(main, ["fit", *map(str, arguments)])


def test_the_command(tmp_path, monkeypatch):
    project(tmp_path)
    (tmp_path / "outside.yaml").write_text(yaml.safe_dump(OUTSIDE), encoding="utf-8")
    options = ["--name", "lung", "--time-unit", "days", "--source", "mhra_2025", "--external", "outside.yaml"]
    found = run(monkeypatch, tmp_path, LUNG, *options, "--external-weight", "ons_2024=0.25", "--no-figures")
    assert found.exit_code == 0, found.output
    assert "OS, male: with 2 external terms, and without" in found.output
    assert "With external information: os: {fit: survival.lung.os.with_external, arm: male" in found.output
    written = yaml.safe_load((tmp_path / "inputs" / "survival" / "lung.yaml").read_text(encoding="utf-8"))
    assert [one["weight"] for one in written["os"]["with_external"]["fitted"]["external"]["sources"]] == [1.0, 0.25]
    with (tmp_path / "reports" / "fit_lung_os" / "tables" / "external_terms.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.reader(file))) == 3


def test_bad_files_are_told_and_nothing_is_written(tmp_path, monkeypatch):
    project(tmp_path)
    (tmp_path / "outside.csv").write_text("arm,time,survival,low,high\nmale,5,45,40,50\n", encoding="utf-8")
    options = ["--name", "lung", "--time-unit", "days", "--source", "mhra_2025", "--external", "outside.csv"]
    found = run(monkeypatch, tmp_path, LUNG, *options)
    assert found.exit_code == 2
    assert "outside.csv:2  survival" in found.output
    assert "Traceback" not in found.output
    assert not (tmp_path / "inputs" / "survival" / "lung.yaml").exists()
    assert not (tmp_path / "reports").exists()


def test_beside_another_endpoint(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    pfs = rng.exponential(10.0, 80)
    later = pfs + rng.exponential(10.0, 80)
    rows = "\n".join(f"{a},1,{b},1" for a, b in zip(pfs, later, strict=True))
    (tmp_path / "both.csv").write_text(f"pfs,pfs_event,os,os_event\n{rows}\n", encoding="utf-8")
    outside = {
        "one": {"endpoint": "pfs", "terms": [{"time": 60, "a": 2, "b": 30}]},
        "two": {"endpoint": "os", "terms": [{"time": 60, "a": 4, "b": 30}]},
    }
    (tmp_path / "outside.yaml").write_text(yaml.safe_dump(outside), encoding="utf-8")
    options = ["--name", "x", "--endpoint", "pfs", "--time-unit", "months", "--time", "pfs", "--event", "pfs_event"]
    also = ["--bootstrap", "50", "--beside", "os", "os", "os_event", "--external", "outside.yaml", "--no-files"]
    found = run(monkeypatch, tmp_path, "both.csv", *options, *also)
    assert found.exit_code == 0, found.output
    assert "PFS, all: with 1 external term, and without" in found.output
    assert "OS, all: with 1 external term, and without" in found.output


# ------------------------------------------------------------------------------------------------ three sources
REFERENCE = Path(os.environ.get("NETCEA_REFERENCE", "/nowhere")) / "survival"
needs_reference = pytest.mark.skipif(
    not (REFERENCE / "survextrap_cetux.csv").is_file(),
    reason="NETCEA_REFERENCE: survextrap's data, whose licence (GPL) keeps them out of this repository",
)
SPLINES = [Candidate("weibull"), Candidate("log_normal"), Candidate("royston_parmar", "hazard", 1)]


@pytest.fixture(scope="module")
def cetux():
    return fit(
        REFERENCE / "survextrap_cetux.csv",
        "cetux",
        time_unit="years",
        time="years",
        families=SPLINES,
        external=REFERENCE / "survextrap_cetux_seer.csv",
    )


def pearson(terms: ExternalTerms, survival):
    """Pearson's statistic of registry counts, one for each interval."""
    p = terms.shares(survival)
    n = np.array([term.belief.patients for term in terms.terms])
    r = np.array([term.belief.kept for term in terms.terms])
    return float(((r - n * p) ** 2 / (n * p * (1.0 - p))).sum())


@needs_reference
def test_trial_and_registry(cetux):
    terms = cetux.with_external.external.arms["Control"]
    assert len(terms.terms) == 21
    best = pulls(cetux, "Control")[0]
    assert best.fit.name == "royston_parmar_hazard_1"
    before, after = best.without.curve(), best.fit.curve()
    misfit = [pearson(terms, curve.survival) for curve in (before, after)]
    assert misfit[0] > 60.0  # of 21 intervals
    assert misfit[1] < 0.55 * misfit[0]
    # survextrap's vignette (2024-06-29), posterior medians with 95% intervals: trial alone 5 years 2.88 (2.63 to 3.14),
    # 20 years 5.11 (3.83 to 7.28); with the registry 20 years 5.80 (5.03 to 6.63)
    alone, both = (mean_times(curve, [5.0, 20.0]) for curve in (before, after))
    assert 2.63 < alone[0] < 3.14
    assert alone[0] == pytest.approx(2.88, abs=0.1)
    assert 3.83 < alone[1] < 7.28
    assert 5.03 < both[1] < 6.63
    first = [term.belief.mode for term in terms.terms if term.stop <= 20.0]
    registry = float(np.prod(first))  # of those alive at 5 years, alive at 20
    shares = [float(curve.survival(20.0) / curve.survival(5.0)) for curve in (before, after)]
    assert shares[0] > 1.35 * registry
    assert shares[1] == pytest.approx(registry, rel=0.1)


@needs_reference
def test_trial_registry_and_general_population(cetux):
    from dataclasses import replace

    from netcea.fitting.background import Background
    from netcea.fitting.patients import Patients

    with (REFERENCE / "survextrap_cetux_bh.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times, hazards = (np.array([float(row[name]) for row in rows]) for name in ("time", "hazard"))

    def at(t):
        return hazards[np.searchsorted(times, t, side="right") - 1]

    def cumulative(t):
        before = np.searchsorted(times, t, side="right") - 1
        return np.concatenate([[0.0], np.cumsum(hazards)])[before] + hazards[before] * (t - times[before])

    data = cetux.data.arms["Control"]
    trial = Patients.of(data.time, data.event, background=Background(at(data.time), cumulative(data.time)))
    terms = tuple(
        replace(term, background=float(cumulative(np.array(term.stop)) - cumulative(np.array(term.start))))
        for term in cetux.with_external.external.arms["Control"].terms
    )
    external = ExternalTerms(terms)
    fits = {fit.name: fit for fit in fit_patients(trial, SPLINES, external)}
    best = min(fits.values(), key=lambda fit: fit.aic)
    assert best.name == "royston_parmar_hazard_1"
    assert best.aic < pulls(cetux, "Control")[0].fit.aic - 10.0  # the background explains the rise after 20 years
    excess = best.curve()
    assert pearson(external, excess.survival) < 32.7  # 95% of chi-squared with 21 degrees of freedom
    years = np.linspace(0.0, 40.0, 8001)
    survival = np.asarray(excess.survival(years)) * np.exp(-cumulative(years))
    means = [float(np.trapezoid(survival[years <= end], years[years <= end])) for end in (5.0, 20.0, 40.0)]
    assert means[0] == pytest.approx(2.88, abs=0.06)
    assert 5.03 < means[1] < 6.63
    assert means[2] < 6.5
    hazard = np.asarray(excess.hazard(years[1:])) + at(years[1:])
    assert (hazard > at(years[1:])).all()
    assert hazard[-1] > 0.2  # a fit of all causes has 0.07 then
