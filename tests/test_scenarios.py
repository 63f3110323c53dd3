"""The scenario files: they parse, extend, are complete, agree with the bias ledger, and do what they say."""

from __future__ import annotations

import copy
import math
from functools import cache
from pathlib import Path

import pytest
import yaml

from helpers.every import every
from helpers.made import loaded
from netcea.analyses.base_case.analysis import evaluate
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.loading import load
from netcea.scenario.scenario import FORMAT, ScenarioFile, ScenarioHeader

SCENARIOS = Path(__file__).parents[1] / "scenarios"
COHORTS = ("pnet", "epnet")
BASES = [SCENARIOS / f"{cohort}.yaml" for cohort in COHORTS]
VARIANTS = sorted((SCENARIOS / "sensitivity").glob("*.yaml"))

BOTH = {
    *(f"price_minus_{percent}_percent" for percent in range(10, 100, 10)),
    "pfs_fda",
    "pfs_investigator",
    "pfs_shape_1",
    "pfs_gompertz",
    "pfs_log_normal",
    "pfs_log_logistic",
    "pfs_gamma",
    "os_no_effect",
    "os_fda",
    "fda_cut",
    "os_lifelong_ratio",
    "os_ratio_to_24_months",
    "os_ratio_to_18_months",
    "os_ratio_to_12_months",
    "os_ratio_to_end_of_treatment",
    "os_waning_24_to_60_months",
    "os_no_benefit_after_discontinuation",
    "os_fades_12_months_after_discontinuation",
    "os_fades_12_months_after_mean_treatment",
    "os_gain_lost_24_to_60_months",
    "stop_at_24_months_effect_fades",
    "os_shape_1",
    "os_exponential",
    "os_log_normal",
    "os_log_logistic",
    "os_gompertz",
    "os_gamma",
    "crossover_drug_alone",
    "crossover_no_part_packs",
    "crossover_no_dispensing",
    "crossover_no_adverse_events",
    "crossover_disutility_0_05_not_counted",
    "os_without_crossover_0_6",
    "os_without_crossover_0_7",
    "os_without_crossover_0_8",
    "os_crossover_cost_dropped",
    "crossover_3_months",
    "crossover_9_months",
    "mortality_none",
    "mortality_2017_2019",
    "pfs_raises_os",
    "pfs_deaths_2_percent",
    "pfs_deaths_20_percent",
    "utilities_swinburn",
    "utilities_5l",
    "utilities_5l_norms_3l",
    "utilities_on_treatment_0_03",
    "utilities_on_treatment_0_05",
    "utilities_no_age_adjustment",
    "norms_ara_brazier",
    "adverse_events_by_term",
    "adverse_events_over_treatment",
    "time_on_treatment_unverified",
    "time_on_treatment_own_curve",
    "stop_at_24_months",
    "stop_at_24_months_effect_ends",
    "drug_cost_per_day",
    "drug_cost_by_milligram",
    "tablets_taken_80_percent",
    "tablets_taken_70_percent",
    "resource_use_halved",
    "resource_use_doubled",
    "somatostatin_analogue_none",
    "somatostatin_analogue_all",
    "somatostatin_analogue_lifelong",
    "somatostatin_analogue_injection",
    "somatostatin_analogue_price_minus_50_percent",
    "end_of_life_without_progressed_care",
    "end_of_life_halved",
    "subsequent_none",
    "subsequent_lutetium",
    "horizon_5_years",
    "horizon_10_years",
    "horizon_20_years",
    "discount_0",
    "discount_1_5_percent",
    "discount_1_5_percent_after_30_years",
    "discount_6_percent",
    "discounting_annual",
    "half_cycle_start",
    "cycle_7_days",
    "cycle_30_days",
    "method_pack_nice_2022",
    "comparators",
    "comparators_list_price",
}
EXPECTED = {
    "pnet": BOTH
    | {"os_radiant3_landmarks", "os_log_normal_literal", "start_age_55", "start_age_65"}
    | {"female_40_percent", "female_50_percent"},
    "epnet": BOTH
    | {"os_radiant4_landmarks", "os_shape_1_42", "subgroup_gastrointestinal", "subgroup_lung_thymic", "subgroup_grade3"}
    | {f"os_radiant4_{family}" for family in ("weibull", "exponential", "log_normal", "gompertz")}
    | {f"start_age_{age}" for age in ("62", "68_5", "69", "72")},
}
OTHER_COMPARISON = "comparators"
"""Their direction is about the incremental table; the pairwise comparison is the base case's."""


@cache
def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def base_of(path: Path) -> Path:
    data = read(path)
    return (path.parent / data["extends"]).resolve() if "extends" in data else path


def root_of(path: Path) -> Path:
    above = base_of(path)
    return path if above == path else root_of(above)


def merged(path: Path) -> dict:
    """Return a complete file by the plainest rule: what it extends, then what it sets in the scenario."""
    if base_of(path) == path:
        return copy.deepcopy(read(path))
    whole = merged(base_of(path))
    for address, value in read(path)["set"].items():
        *groups, last = address.split(".")
        node = whole
        if (
            groups
            and groups[0] in whole
            and (
                len(groups) < 2
                or not (SCENARIOS.parent / "inputs").joinpath(*groups[:2]).with_suffix(".yaml").is_file()
            )
        ):
            for group in groups:
                if not isinstance(node.get(group), dict):
                    node[group] = {}
                node = node[group]
            node[last] = copy.deepcopy(value)
    return whole


def ledger_scenarios(base: Path) -> list[str]:
    return [scenario for entry in read(base)["assumptions"] for scenario in entry["tested_by"]]


def stem(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("cohort", COHORTS)
def test_every_scenario_of_the_list_is_there_and_no_other(cohort):
    prefix = f"{cohort}_"
    found = {path.stem.removeprefix(prefix) for path in VARIANTS if path.stem.startswith(prefix)}
    assert found == EXPECTED[cohort]


def test_every_variant_belongs_to_a_cohort():
    for path in VARIANTS:
        assert root_of(path).stem == path.stem.split("_")[0]
        assert read(path)["name"].startswith({"pnet": "pNET: ", "epnet": "epNET: "}[root_of(path).stem])


def test_names_are_unique():
    names = [read(path)["name"] for path in [*BASES, *VARIANTS]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", BASES, ids=stem)
def test_a_base_case_is_complete(path):
    file = ScenarioFile.model_validate(read(path))
    assert file.format == FORMAT
    assert 18 <= len(file.assumptions) <= 40
    assert all(entry.why.strip() for entry in file.assumptions)


@pytest.mark.parametrize("path", BASES, ids=stem)
def test_the_bases_differ_only_where_the_cohorts_do(path):
    """Structure, cost items and their order are the same, so that the cohorts can be read side by side."""
    other = read(BASES[0])
    assert list(read(path)) == list(other)
    assert read(path)["settings"] == other["settings"]
    assert list(read(path)["costs"]) == list(other["costs"])
    assert [e["assumption"] for e in read(path)["assumptions"]][-4:] == [e["assumption"] for e in other["assumptions"]][
        -4:
    ]


@every(VARIANTS)
def test_a_variant_has_a_header_and_makes_a_valid_whole(path):
    header = ScenarioHeader.model_validate(read(path))
    assert header.format == FORMAT
    assert header.rationale.strip()
    assert header.tags
    assert header.set
    assert base_of(path).is_file()
    ScenarioFile.model_validate(merged(path))


@pytest.mark.parametrize("base", BASES, ids=stem)
def test_every_scenario_that_a_base_names_exists(base):
    data = read(base)
    named = [
        *ledger_scenarios(base),
        *data["analyses"]["base_case"]["beside"],
        *(entry["scenario"] for entry in data["decision_problem"]["not_modelled"] if "scenario" in entry),
    ]
    assert [name for name in named if not (SCENARIOS / name).is_file()] == []
    assert all(root_of(SCENARIOS / name) == base.resolve() for name in named)


@every(VARIANTS)
def test_every_variant_tests_an_entry_of_the_ledger_or_says_that_it_explores(path):
    named = {(SCENARIOS / name).resolve() for name in ledger_scenarios(root_of(path))}
    assert path.resolve() in named or "exploratory" in read(path)["tags"]


@pytest.mark.parametrize("base", BASES, ids=stem)
def test_an_assumption_that_nothing_tests_says_why(base):
    for entry in read(base)["assumptions"]:
        assert entry["tested_by"] or "no scenario" in entry["why"], entry["assumption"]


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_reference_case_scenario_without_further_benefit_is_there(cohort):
    variants = [path for path in VARIANTS if path.stem.startswith(f"{cohort}_")]
    assert any("no_further_benefit" in read(path)["tags"] for path in variants)


# ------------------------------------------------------------------ what they do
@cache
def results(path: Path) -> tuple[float, float, float, bool]:
    """Return incremental QALYs, costs, net health benefit at the lower threshold; is a number unverified?"""
    scenario = loaded(str(path), ())
    outcomes = simulate(scenario, base_case(scenario))
    decision = scenario.file.decision
    new, old = outcomes.strategies[decision.intervention], outcomes.strategies[decision.comparator]
    qalys = float(new.total("qalys")[0] - old.total("qalys")[0])
    costs = float(new.total("costs")[0] - old.total("costs")[0])
    threshold = scenario.method_pack.thresholds[0]
    unverified = any(quantity.status == "unverified" for quantity in scenario.quantities.values())
    return qalys, costs, qalys - costs / threshold, unverified


def icer(path: Path) -> float:
    """Return the cost per QALY gained; infinite where none is gained."""
    qalys, costs, _, _ = results(path)
    return costs / qalys if qalys > 0 else math.inf


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=() if i % 4 == 0 else pytest.mark.slow) for i, p in enumerate([*BASES, *VARIANTS])],
    ids=[stem(p) for p in [*BASES, *VARIANTS]],
)
def test_it_runs_and_is_tagged_unverified_exactly_when_it_is(path):
    qalys, costs, benefit, unverified = results(path)
    assert all(map(math.isfinite, (qalys, costs, benefit)))
    assert unverified == ("unverified" in read(path)["tags"])


@pytest.mark.parametrize("path", VARIANTS, ids=stem)
def test_it_moves_the_result_the_way_it_says(path):
    """For: net health benefit at the lower threshold rises, the ICER does not. Against: the other way."""
    moved = results(path)[2] - results(base_of(path))[2]
    direction = read(path)["direction"]
    if direction == "unclear" or OTHER_COMPARISON in path.stem:
        return
    assert (moved > 0) == (direction == "for"), f"{moved:+.5f} QALYs"
    dearer = icer(path) - icer(base_of(path))
    assert dearer <= 0 if direction == "for" else dearer >= 0, f"{dearer:+.0f} GBP per QALY"


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_effect_on_survival_ends_with_the_mean_time_on_treatment(cohort):
    """What stands in inputs/ is the base case's own mean time on treatment."""
    base = load(cohort)
    years = simulate(base, base_case(base)).strategies["cabozantinib"].undiscounted_life_years
    tested = load(str(SCENARIOS / "sensitivity" / f"{cohort}_os_ratio_to_end_of_treatment.yaml"))
    waning = tested.file.strategies["cabozantinib"].os.waning
    assert waning.starts == waning.ends
    mean = 12 * float(years["state", "progression_free"][0])
    assert tested.quantities[waning.ends].value == pytest.approx(mean, abs=0.05)


def test_the_severity_weight_flips_between_the_ages_of_two_scenarios():
    """Between 68.8 and 68.9 years, as the ledger says."""
    ages = {age: SCENARIOS / "sensitivity" / f"epnet_start_age_{age}.yaml" for age in ("62", "68_5", "69", "72")}
    weights = {age: evaluate(load(str(path))).severity.severity_weight for age, path in ages.items()}
    assert weights == {"62": 1.2, "68_5": 1.2, "69": 1.0, "72": 1.0}
    start = "population.cohorts.epnet.start_age"
    near = [evaluate(load("epnet", [f"{start}={age}"])).severity.severity_weight for age in (68.8, 68.9)]
    assert near == [1.2, 1.0]


def test_care_that_the_end_of_life_cost_counts_again_is_that_of_progressed_patients():
    scenario = load("pnet")
    care = [item for item in scenario.file.costs.values() if getattr(item, "during", "") == "progressed"]
    week = sum(scenario.quantities[i.frequency].value * scenario.quantities[i.unit_cost].value for i in care)
    name = "scenarios/sensitivity/pnet_end_of_life_without_progressed_care.yaml"
    less = load(str(SCENARIOS.parent / name)).quantities["costs.unit.end_of_life_without_progressed_care"].value
    assert len(care) == 4
    assert scenario.quantities["costs.unit.end_of_life"].value - less == pytest.approx(13 * week, abs=0.005)


PROBABILISTIC = sorted((SCENARIOS / "probabilistic").glob("*.yaml"))
"""They change how parameters are drawn, and nothing else."""


@pytest.mark.parametrize("path", PROBABILISTIC, ids=stem)
def test_a_probabilistic_scenario_leaves_the_base_case_alone(path):
    header = ScenarioHeader.model_validate(read(path))
    assert all(address.startswith("analyses.psa.") or address.endswith(".uncertainty") for address in header.set)
    own, base = load(str(path)), load(str(base_of(path)))
    for measure in ("costs", "qalys"):
        mine, other = (simulate(s, base_case(s)).totals(measure) for s in (own, base))
        assert mine.tolist() == other.tolist()


def test_both_cohorts_have_the_same_probabilistic_scenarios():
    names = [{path.stem.removeprefix(f"{c}_") for path in PROBABILISTIC if root_of(path).stem == c} for c in COHORTS]
    drawn = {"pfs_intervals_split", "pfs_intervals_centred", "tablets_taken"}
    assert names == [{"os_figures_apart", "pfs_os_correlated_0_3", "pfs_os_correlated_0_5", *drawn}] * 2


@pytest.mark.parametrize("path", [path for path in PROBABILISTIC if "intervals" in path.stem], ids=stem)
def test_intervals_are_those_that_the_base_case_has(path):
    header, own, base = ScenarioHeader.model_validate(read(path)), load(str(path)), load(str(base_of(path)))
    for address in (address.removesuffix(".uncertainty") for address in header.set):
        ends = [s.quantities[address].uncertainty.given.published_interval for s in (own, base)]
        assert ends[0] == ends[1]
