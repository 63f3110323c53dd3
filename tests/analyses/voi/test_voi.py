"""`netcea voi`: bounds that must hold between values, brute force on the draws, the population, and the command."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner

import netcea
from helpers.sample_of import mostly_slow
from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.totals import totals_of, varied
from netcea.analyses.voi.effects import effects_of
from netcea.analyses.voi.studies import event_probability
from netcea.analyses.voi.tables import NOT_TOLD, evppi_on_screen, evppi_table
from netcea.cli.main import main
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.reporting.report import write_report
from netcea.sampling.sampler import Sampler
from netcea.scenario.options import VoiOptions

VOI = ANALYSES["voi"]
CHEAP = "costs.drug.cabozantinib.discount=0.94"
"""A price at which the decision is uncertain at the thresholds of the method pack."""
HAZARD_RATIO = "survival.cabinet_epnet.os_nejm.hazard_ratio"


@cache
def scenario(name="epnet"):
    return load(name, [CHEAP])


@cache
def result(name):
    options = scenario(name).file.analyses.voi
    return VOI.run(scenario(name), options.model_copy(update={"draws": 3000}))


def voi(*arguments):
    return CliRunner().invoke(main, ["voi", *map(str, arguments)])


@pytest.mark.parametrize("name", ["epnet", pytest.param("pnet", marks=pytest.mark.slow)])
def test_no_study_beats_knowing_its_quantities_and_nothing_beats_knowing_all(name):
    found = result(name)
    uncertain = [basis for basis, e in zip(found.bases, found.evpi, strict=True) if e.value > 50.0]
    assert uncertain
    for partial in found.partial:
        for estimate, all_known in zip(partial.estimates, found.evpi, strict=True):
            assert 0.0 <= estimate.value <= all_known.value
    of_basis = dict(zip([b.name for b in found.bases], found.evpi, strict=True))
    assert found.studies
    for study in found.studies:
        assert np.all(study.evsi <= study.evppi.value + 1e-9)
        assert study.evppi.value <= of_basis[study.basis.name].value + 1e-9
        assert np.all(np.diff(study.evsi) >= -1e-9)
        assert np.all(study.evsi >= 0.0)


def test_a_group_is_worth_no_less_than_its_members():
    found = result("epnet")
    singles = {p.name: p for p in found.partial if not p.is_group}
    groups = [p for p in found.partial if p.is_group]
    assert len(groups) >= 5
    for group in groups:
        for name, single in singles.items():
            if {*single.addresses} <= {*group.addresses}:
                for one, many in zip(single.estimates, group.estimates, strict=True):
                    assert one.value <= many.value, (name, group.name)
                    assert many.told_from_zero or not one.told_from_zero


def test_what_is_not_told_from_zero_is_ranked_last_and_shown_as_no_number():
    found = result("epnet")
    singles = [p for p in found.partial if not p.is_group]
    told = [any(e.told_from_zero for e in p.estimates) for p in singles]
    assert any(told)
    assert not all(told)
    assert told == sorted(told, reverse=True)
    quiet = [p.name for p, is_told in zip(singles, told, strict=True) if not is_told]
    assert quiet == sorted(quiet)
    for partial in found.partial:
        for estimate in partial.estimates:
            assert not estimate.told_from_zero or estimate.value > 2.0 * estimate.standard_error
    shown = evppi_on_screen(found)
    assert not {p.label for p, is_told in zip(singles, told, strict=True) if not is_told} & {r[0] for r in shown.rows}
    assert "not distinguishable from 0" in shown.note
    full = evppi_table(found)
    for at, basis in enumerate(found.bases):
        words = [row[[c.name for c in full.columns].index(f"finding_{basis.name}")] for row in full.rows]
        expected = ["told from 0" if p.estimates[at].told_from_zero else NOT_TOLD for p in found.partial]
        assert words == expected


def test_a_study_of_what_is_not_worth_knowing_has_no_best_size():
    found = result("epnet")
    for study in found.studies:
        if not study.evppi.told_from_zero:
            assert study.best_size is None
            assert not study.told_from_zero


@pytest.mark.parametrize("seed", mostly_slow((1, 2), (2,)))
def test_another_seed_says_the_same(seed):
    """End-of-life cost decides next to nothing, and the OS figures nearly everything, whatever the seed."""
    found = VOI.run(scenario(), VoiOptions(draws=1500, seed=seed))
    singles = {p.name: p.estimates for p in found.partial}
    at = [basis.name for basis in found.bases].index("switch")
    cost = singles["costs.unit.end_of_life"][at]
    assert cost.value <= 0.01 * found.evpi[at].value
    assert HAZARD_RATIO in found.partial[0].addresses
    assert found.partial[0].estimates[at].value > 0.5 * found.evpi[at].value


@pytest.mark.parametrize("name", ["epnet", "epnet_comparators"])
def test_what_a_source_does_not_move_it_does_not_move_among_other_draws(name):
    chosen = load(name)
    effects = effects_of(chosen)
    sampler = Sampler(chosen, 9)
    rows = sampler.held_rows(sampler.drawn(0, 6))[0]
    before = totals_of(chosen, rows)
    moved = dict(zip([s.name for s in effects.moving], effects.measures, strict=True))
    assert {frozenset({"costs"}), frozenset({"costs", "qalys"})} <= {*moved.values()}
    for source in effects.moving:
        turned = {a: np.roll(rows[a], 1, axis=0) for a in source.addresses}
        after = totals_of(chosen, Draws(rows.n, {**rows.columns, **turned}))
        for measure in ("costs", "qalys"):
            same = np.array_equal(getattr(before, measure), getattr(after, measure))
            assert same or measure in moved[source.name], source.name


def test_evpi_is_brute_force_on_the_draws():
    found = result("epnet")
    t = found.totals
    reference = t.of("qalys", t.comparator)
    for basis, estimate in zip(found.bases, found.evpi, strict=True):
        benefit = basis.threshold * (reference + basis.weight * (t.qalys - reference)) - t.costs
        assert estimate.value == pytest.approx(benefit.max(axis=0).mean() - benefit.mean(axis=1).max(), rel=1e-9)


@pytest.mark.slow
def test_evppi_is_what_two_levels_of_sampling_give():
    """The slow way, without regression: outer draws of the OS figures, and for each the mean over inner draws."""
    (basis,) = [i for i, b in enumerate(result("epnet").bases) if b.name == "lower"]
    (partial,) = [p for p in result("epnet").partial if HAZARD_RATIO in p.addresses and not p.is_group]
    outer, inner = 120, 250
    sampler = Sampler(scenario(), 77)
    rows = sampler.rows(0, inner)
    known = sampler.rows(5000, 5000 + outer)
    benefits = []
    for i in range(outer):
        columns = {a: rows[a][:, 0] for a in sampler.uncertain}
        columns |= {a: np.full(inner, known[a][i, 0]) for a in partial.addresses}
        t = totals_of(scenario(), varied(base_case(scenario()), columns))
        benefits.append((25_000.0 * t.qalys - t.costs).mean(axis=1))
    benefits = np.array(benefits)
    slow = benefits.max(axis=1).mean() - benefits.mean(axis=0).max()
    estimate = partial.estimates[basis]
    assert slow > 20.0
    assert estimate.value == pytest.approx(slow, abs=3.0 * estimate.standard_error + 0.1 * slow)


def test_patients_reached_and_population_values():
    found = result("epnet")
    row, asked = base_case(scenario()), scenario().file.analyses.voi.population
    numbers = [float(row[a][0, 0]) for a in (asked.patients_per_year, asked.share, asked.uptake, asked.decision_lasts)]
    each_year, years = np.prod(numbers[:3]), numbers[3]
    rate = scenario().file.settings.discount_rate_costs
    fine = (np.arange(100_000) + 0.5) * years / 100_000
    assert found.people == pytest.approx(each_year * np.sum((1 + rate) ** -fine) * years / 100_000, rel=1e-6)
    for study in found.studies:
        assert study.population == pytest.approx(study.evsi * found.people)
        assert study.net_benefit == pytest.approx(study.population - study.cost)
        if study.best_size is not None:
            assert study.best_size == study.patients[np.argmax(study.net_benefit)]
            assert study.net_benefit.max() > 0
        else:
            assert study.net_benefit.max() <= 0


def test_events_of_a_trial_are_those_of_the_model_s_curves():
    (informed,) = scenario().file.analyses.voi.studies["survival_trial"].informs
    years = float(base_case(scenario())[informed.follow_up][0, 0])
    traces = [trace.frame() for trace in netcea.run("epnet", [CHEAP], ledger=False).traces.values()]
    shares = [1.0 - np.interp(years, t["time_years"], t["os_curve"]) for t in traces]
    assert event_probability(scenario(), informed) == pytest.approx(np.mean(shares), abs=2e-3)


def test_what_moves_nothing_is_left_out():
    found = result("epnet")
    names = {a for p in found.partial for a in p.addresses if not p.is_group}
    assert found.without_effect
    assert not names & {*found.without_effect}
    for address in found.without_effect:
        column = Sampler(scenario(), 1).rows(0, 20)[address][:, 0]
        t = totals_of(scenario(), varied(base_case(scenario()), {address: column}))
        assert np.all(np.ptp([*t.costs, *t.qalys], axis=1) == 0.0)


@pytest.mark.slow
def test_workers_change_no_byte(tmp_path):
    options = scenario().file.analyses.voi.model_copy(update={"draws": 9000, "studies": {}, "groups": {}})
    files = []
    for workers in (1, 2):
        found = VOI.run(scenario(), options, workers=workers)
        folder = tmp_path / str(workers)
        write_report(VOI.report(found), folder, figures=False)
        files.append({p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()})
    assert files[0] == files[1]


def test_the_command(tmp_path):
    ran = voi(
        "epnet",
        "--set",
        CHEAP,
        "--draws",
        500,
        "--group",
        f"survival={HAZARD_RATIO},survival.radiant4.os_shape",
        "--out",
        tmp_path / "o",
        "--no-figures",
    )
    assert ran.exit_code == 0, ran.output
    assert "Group: survival" in ran.output
    saved = json.loads((tmp_path / "o" / "results.json").read_text(encoding="utf-8"))
    assert saved["analysis"] == "voi"
    assert (tmp_path / "o" / "tables" / "evppi.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--group", "nothing"), "NAME=ADDRESS,ADDRESS"),
        (("--group", "x=costs.unit.ct_scam"), "costs.unit.ct_scan"),
        (("--draws", "1"), "--draws"),
        (("--draws", "10"), "at least 100"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments, said):
    ran = voi("pnet", *arguments, "--no-files")
    assert ran.exit_code == 2, ran.output
    assert said in ran.output
    assert "Traceback" not in ran.output
