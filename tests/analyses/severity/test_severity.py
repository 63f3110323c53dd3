"""Severity under uncertainty: the weight by choice, by age and by draw, against slower ways to the same numbers."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

import netcea
from helpers.small_project import Number, choices, exponential, write
from netcea.analyses.registry import ANALYSES
from netcea.analyses.severity.ages import AgeDistribution, age_distributions
from netcea.analyses.severity.at_ages import AtAges
from netcea.analyses.severity.choices import with_discounting
from netcea.analyses.shared.judge import evaluate
from netcea.cli.main import main
from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.decision.severity import general_population, shortfall
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with

CARE, DRUG = "best_supportive_care", "cabozantinib"
SD = 9.0
"""Made up for these tests. [years]"""


def options(scenario, **given):
    return options_with(scenario.file.analyses.severity, **given)


def run(scenario, **given):
    return ANALYSES["severity"].run(scenario, options(scenario, **given))


@pytest.fixture(scope="module")
def epnet():
    return load("epnet")


@pytest.fixture(scope="module")
def found(epnet):
    return run(epnet, draws=400, seed=3, age_sd=SD, youngest=40.0, oldest=90.0, search_from=30.0, search_to=75.0)


def of(result, practice=CARE, discounting="mid_cycle", ages="all"):
    return next(
        c
        for c in result.choices
        if (c.established_practice, c.discounting) == (practice, discounting) and c.ages.startswith(ages)
    )


class TestChoices:
    def test_the_scenarios_own_is_that_of_a_run(self, epnet, found):
        case = netcea.run(epnet, ledger=False).case
        assert found.choices[0].is_base
        assert sum(choice.is_base for choice in found.choices) == 1
        assert found.base.shortfall == case.severity
        assert found.base.effect.weighted_icer == pytest.approx(
            case.against_comparator().icer / case.severity.severity_weight, rel=1e-12
        )
        benefit = [row.weighted_incremental_nhb for row in case.net_health_benefit if row.strategy == DRUG]
        assert found.base.effect.weighted_nhb == pytest.approx(benefit, rel=1e-12)

    def test_every_choice_is_there_once(self, found):
        keys = {(c.established_practice, c.discounting, c.ages) for c in found.choices}
        assert len(keys) == len(found.choices) == 2 * 3 * 4

    @pytest.mark.parametrize("discounting", ["cycle_start", "annual"])
    def test_another_discounting_is_that_of_a_scenario(self, epnet, found, discounting):
        case = evaluate(epnet.related.changed({"settings.discounting": discounting}, brief=True))
        assert of(found, discounting=discounting).shortfall == case.severity
        increments = case.against_comparator()
        assert of(found, discounting=discounting).effect.icer == pytest.approx(increments.icer, rel=1e-12)

    def test_another_practice_is_that_of_a_scenario(self, epnet, found):
        case = evaluate(epnet.related.changed({"decision.established_practice": DRUG}, brief=True))
        assert of(found, practice=DRUG).shortfall == case.severity
        assert of(found, practice=DRUG).effect.severity_weight == 1.0
        assert of(found).effect.severity_weight == 1.2

    def test_qalys_over_ages_are_averages_of_runs(self, epnet, found):
        ages, weights = zip(*AgeDistribution("", low=40.0, high=90.0).around(66.0), strict=True)
        some = slice(None, None, 10)
        at = AtAges.of(epnet, np.array(ages))
        alone = [evaluate(epnet.related.changed({_age(epnet): a}, brief=True)).severity for a in ages[some]]
        assert at.population[some] == pytest.approx([one.qalys_general_population for one in alone], rel=1e-12)
        assert at.totals.of("qalys", CARE)[some] == pytest.approx([one.qalys_current_care for one in alone], rel=1e-12)
        uniform = of(found, ages="uniform")
        assert uniform.shortfall.qalys_general_population == pytest.approx(np.dot(at.population, weights), rel=1e-12)
        assert uniform.qalys_over_ages == pytest.approx(np.dot(at.totals.of("qalys", CARE), weights), rel=1e-12)


def _age(scenario):
    return scenario.file.population.start_age


class TestAges:
    def test_one_age_without_a_distribution(self, epnet):
        assert [d.around(66.0) for d in age_distributions(epnet, options(epnet), base_case(epnet))] == [[(66.0, 1.0)]]

    @pytest.mark.parametrize(("low", "high"), [(40.0, 90.0), (60.0, 70.0), (65.0, 90.0)])
    def test_moments_of_a_truncated_normal(self, low, high):
        ages, weights = map(np.array, zip(*AgeDistribution("", SD, low, high).around(66.0), strict=True))
        a, b = (low - 66.0) / SD, (high - 66.0) / SD
        density = [math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi) for z in (a, b)]
        mass = (math.erf(b / math.sqrt(2.0)) - math.erf(a / math.sqrt(2.0))) / 2.0
        assert weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert ages @ weights == pytest.approx(66.0 + SD * (density[0] - density[1]) / mass, abs=0.02)

    def test_moments_of_a_normal(self):
        ages, weights = map(np.array, zip(*AgeDistribution("", SD).around(60.0), strict=True))
        assert ages @ weights == pytest.approx(60.0, abs=1e-9)
        step = ages[1] - ages[0]
        assert ((ages - 60.0) ** 2) @ weights == pytest.approx(SD**2 + step**2 / 12.0, rel=1e-3)  # Sheppard

    def test_nobody_dies(self):
        table = LifeTable.from_columns([0], [0.0], [0.0])
        norms = UtilityNorms.from_columns([16], [0.5], [0.5])
        for distribution in (AgeDistribution("", SD), AgeDistribution("", low=30.0, high=80.0)):
            ages = distribution.around(60.0)
            mean = sum(age * weight for age, weight in ages)
            qalys, _ = general_population(table, norms, ages, 0.5, 28.0, "trapezium", "mid_cycle", 0.0)
            assert qalys == pytest.approx(0.5 * (110.0 - mean), rel=1e-9)

    def test_finer_steps_change_little(self, epnet):
        coarse = AgeDistribution("", SD).around(66.0)
        edges = np.linspace(66.0 - 5.0 * SD, 66.0 + 5.0 * SD, 181)[: 1 + 2 * 88]  # ages to 109
        middles = (edges[1:] + edges[:-1]) / 2.0
        weights = np.exp(-(((middles - 66.0) / SD) ** 2) / 2.0)
        q = np.interp(middles, *_by_age(epnet))
        fine = q @ weights / weights.sum()
        ages, shares = map(np.array, zip(*coarse, strict=True))
        assert AtAges.of(epnet, ages).population @ shares == pytest.approx(fine, rel=1e-3)


def _by_age(scenario):
    ages = np.arange(20.0, 109.0, 0.5)
    return ages, AtAges.of(scenario, ages).population


class TestFlips:
    def test_between_68_and_a_half_and_69_years(self, epnet, found):
        (flip,) = [f for f in _ages(found) if f.flips_at > 50.0]
        assert 68.5 < flip.flips_at < 69.0
        assert (flip.below.severity_weight, flip.above.severity_weight) == (1.2, 1.0)
        for side, effect in ((-0.01, flip.below), (0.01, flip.above)):
            case = evaluate(epnet.related.changed({_age(epnet): flip.flips_at + side}, brief=True))
            assert case.severity.severity_weight == effect.severity_weight
            assert case.against_comparator().icer == pytest.approx(effect.icer, rel=2e-3)

    @pytest.mark.parametrize("practice", [CARE, DRUG])
    def test_a_grid_finds_the_same(self, epnet, found, practice):
        ages = np.arange(30.02, 75.0, 0.13)
        weights = AtAges.of(epnet, ages).weights(practice)
        flips = _ages(found, practice)
        expected = np.full(len(ages), flips[0].below.severity_weight)
        for flip in flips:
            expected[ages > flip.flips_at] = flip.above.severity_weight
        assert weights.tolist() == expected.tolist()
        assert len(set(weights.tolist())) == 3

    @pytest.mark.parametrize("discounting", ["cycle_start", "annual"])
    def test_a_grid_finds_the_same_under_another_discounting(self, epnet, found, discounting):
        (flip,) = [f for f in _ages(found, discounting=discounting) if f.flips_at > 50.0]
        at = AtAges.of(with_discounting(epnet, discounting), flip.flips_at + np.linspace(-0.5, 0.5, 50))
        assert at.weights(CARE).tolist() == [1.2] * 25 + [1.0] * 25

    def test_mean_ages_of_every_distribution(self, epnet, found):
        """A scenario of another mean age, with its own distribution around it, has the weights of both sides."""
        spread = [f for f in found.flips if f.moved == "mean age at the start" and f.discounting == "mid_cycle"]
        own = age_distributions(epnet, options(epnet, age_sd=SD, youngest=40.0, oldest=90.0), base_case(epnet))[1:]
        assert {f.ages for f in spread} == {distribution.label for distribution in own}
        (flip,) = [f for f in spread if f.ages == own[0].label and f.established_practice == CARE and f.flips_at > 50]
        assert flip.flips_at != pytest.approx(_ages(found)[-1].flips_at, abs=1e-3)
        for side, effect in ((-0.01, flip.below), (0.01, flip.above)):
            moved = epnet.related.changed({_age(epnet): flip.flips_at + side}, brief=True)
            (_, normal) = age_distributions(moved, options(moved, age_sd=SD), base_case(moved))
            settings = moved.file.settings
            population, _ = general_population(
                moved.life_table,
                moved.severity_norms,
                normal.around(flip.flips_at + side),
                float(base_case(moved)[moved.file.population.proportion_female][0, 0]),
                settings.cycle_days,
                settings.half_cycle_correction,
                settings.discounting,
                settings.discount_rate("qalys"),
            )
            current = evaluate(moved).strategies[CARE].qalys
            weight = shortfall(population, current, moved.method_pack.severity).severity_weight
            assert weight == effect.severity_weight
        assert any(
            "By mean age (normal, mean 66, SD 9; all ages move alike) the weight is" in x for x in found.report.lines
        )

    def test_ages_that_are_moved(self):
        every = AgeDistribution("x", low=50.0, high=70.0, most=72.0)
        assert sum(w for _, w in every.moved(60.0, 65.0)) == pytest.approx(1.0)
        assert max(age for age, _ in every.moved(60.0, 65.0)) <= 72.0
        assert sum(a * w for a, w in every.moved(60.0, 58.0)) == pytest.approx(58.0)
        assert every.step(60.0) == 0.5
        assert AgeDistribution("one age").step(60.0) == 0.0

    def test_by_qalys(self, found, epnet):
        rules, population = epnet.method_pack.severity, found.base.shortfall.qalys_general_population
        flips = [f for f in found.flips if f.moved.startswith("QALYs") and f.established_practice == CARE]
        assert [flip.cut_off for flip in flips] == ["proportional shortfall 0.95", "proportional shortfall 0.85"]
        for flip in flips:
            weights = [shortfall(population, flip.flips_at + d, rules).severity_weight for d in (-1e-9, 1e-9)]
            assert weights == [flip.below.severity_weight, flip.above.severity_weight]
        assert flips[1].flips_at == found.base.shortfall.qalys_for_lower_weight
        qalys, costs = flips[1].below.incremental_qalys, flips[1].below.incremental_costs
        assert flips[1].below.weighted_nhb == pytest.approx([1.2 * qalys - costs / t for t in (25e3, 35e3)], rel=1e-12)

    def test_the_same_weight_at_every_age_is_said(self, epnet):
        quiet = run(epnet, draws=0, search_from=40.0, search_to=41.0)
        assert not _ages(quiet)
        assert "The weight is the same at every age from 40 to 41 years." in quiet.report.lines
        assert quiet.base.probabilities == ()


def _ages(result, practice=CARE, discounting="mid_cycle"):
    return [
        flip
        for flip in result.flips
        if flip.moved.startswith("age") and (flip.established_practice, flip.discounting) == (practice, discounting)
    ]


class TestDraws:
    def test_probabilities_are_those_of_a_probabilistic_analysis(self, epnet, found):
        psa = netcea.psa(epnet, draws=400, seed=3, explain=False, keep_draws="no")
        expected = [psa.severity_probabilities.get(weight, 0.0) for weight in found.weights]
        assert list(found.base.probabilities) == expected
        assert 0.0 < expected[0] < 1.0
        rules, shares = epnet.method_pack.severity, set()
        for ages in ("all", "normal", "uniform"):
            choice = of(found, DRUG, ages=ages)
            population = choice.shortfall.qalys_general_population
            qalys = psa.totals.of("qalys", DRUG)
            counted = [shortfall(population, float(q), rules).severity_weight for q in qalys]
            assert list(choice.probabilities) == [counted.count(weight) / 400 for weight in rules.weights]
            shares.add(choice.probabilities)
        assert len(shares) == 3

    def test_they_add_up(self, found):
        assert all(sum(choice.probabilities) == pytest.approx(1.0) for choice in found.choices)


class TestPrices:
    def test_net_benefit_is_0_at_the_price_of_each_weight(self, epnet, found):
        assert [(p.threshold, p.severity_weight) for p in found.solutions] == [
            (threshold, weight) for threshold in (25e3, 35e3) for weight in (1.0, 1.2, 1.7)
        ]
        price = found.solutions[1]
        case = evaluate(epnet.related.changed({"costs.drug.cabozantinib.discount": price.discount}, brief=True))
        row = case.against_comparator()
        assert price.severity_weight * row.incremental_qalys == pytest.approx(row.incremental_costs / price.threshold)
        assert price.nhb_now == pytest.approx(found.base.effect.weighted_nhb[0])


class TestRefusals:
    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            (["--youngest", "50"], "youngest alone"),
            (["--youngest", "70", "--oldest", "60"], "youngest below oldest"),
            (["--age-sd", "0"], "above 0"),
            (["--age-sd", "5", "--youngest", "70", "--oldest", "80"], "ages on both sides of the mean, 60 years"),
            (["--search-to", "109.5"], "109"),
        ],
    )
    def test_on_the_command_line(self, asked, words, tmp_path):
        ran = CliRunner().invoke(main, ["severity", "pnet", *asked, "--out", str(tmp_path / "out")])
        assert ran.exit_code == 2
        assert words in " ".join(ran.output.split())
        assert not (tmp_path / "out").exists()

    def test_a_standard_deviation_of_0_in_inputs(self, tmp_path):
        small = _small(tmp_path, Number(0.0, "years"))
        with pytest.raises(InputError, match="a value above 0"):
            run(small, draws=0)


def _small(tmp_path, sd):
    strategies = {
        "new": {"pfs": exponential(0.5), "os": exponential(0.25)},
        "old": {"pfs": exponential(1), "os": exponential(0.5)},
    }
    data = {**choices(strategies), "analyses": {"severity": {"age_sd_from": sd}}}
    return load(str(write(tmp_path, data)))


class TestStandardDeviationOfInputs:
    def test_in_its_unit(self, tmp_path):
        small = _small(tmp_path, Number(108.0, "months"))
        near = {"draws": 0, "search_from": 59.0, "search_to": 61.0}
        from_inputs, asked = run(small, **near), run(small, **near, age_sd=9.0)
        assert from_inputs.choices == asked.choices
        assert {choice.ages for choice in asked.choices} == {"all aged 60", "normal, mean 60, SD 9"}
        assert run(small, **near, age_sd=8.0).choices[2].ages.endswith("SD 8")

    def test_without_a_drug_there_is_no_price(self, tmp_path):
        found = run(_small(tmp_path, Number(9.0, "years")), draws=20, search_from=59.0, search_to=61.0)
        assert found.solutions == ()
        found.write(tmp_path / "out")


def test_files(found, tmp_path):
    found.write(tmp_path / "out")
    assert (tmp_path / "out" / "figures" / "severity.png").is_file()
    record = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["results"]
    assert record["weights"] == [1.0, 1.2, 1.7]
    assert len(record["choices"]) == 24
    assert found.frame("severity_choices")["severity_weight"].iloc[0] == 1.2
    assert any(line.startswith("Over 400 draws the weight is 1 in ") for line in found.report.lines)


def test_without_ages_that_is_said(epnet):
    lines = run(epnet, draws=0, search_from=60.0, search_to=62.0).report.lines
    assert any("No distribution of ages was given (--age-sd" in line for line in lines)
