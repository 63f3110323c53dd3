"""Where rules begin to doubt: on both sides of their limits, each rule asked alone."""

from __future__ import annotations

from dataclasses import replace
from inspect import unwrap

import pytest

from netcea import load
from netcea.plausibility import cost_rules, drug_rules, spread, survival_rules, utility_rules
from plausibility.further_faults import SHARE, infused
from plausibility.seeded_faults import CARE, DRUG, EVENT, OLD, OS, PFS, STATE, UNIT, number

FREE, LOSS = f"{STATE}.clarinet.progression_free", f"{STATE}.clarinet.decrement_on_progression"


def said(rule, sets, name="pnet"):
    """What a rule says, in one text; of the scenario alone, not of what was changed."""
    caught = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(unwrap(load).__globals__, "implausible", lambda facts: caught.append(facts) or ())
        load(name, sets)
    facts = replace(caught[0], replaced={}, shipped={})
    return " | ".join(f"{address}: {message}" for address, message in rule(facts))


# ------------------------------------------------------------------------------------------------ utilities
@pytest.mark.parametrize(
    ("utility", "words"),
    [
        (0.87, "above the general population's"),
        (0.855, ""),
        (0.843, "is the utility of the general population"),
        (0.835, "is the utility of the general population"),
        (0.83, ""),
    ],
)
def test_beside_the_norm_of_0_839_at_60(utility, words):
    found = said(utility_rules.states, {FREE: utility})
    assert words in found if words else not found


def test_the_norm_is_that_of_the_age_at_which_utility_was_measured():
    sets = {"utilities.anchor_age": "population.cohorts.epnet.start_age", FREE: 0.836}
    found = said(utility_rules.states, {**sets, "population.cohorts.epnet.start_age": 75})
    assert "above the general population's at 75" in found


@pytest.mark.parametrize(
    ("progressed", "words"),
    [(0.7, ""), (0.4, ""), (0.3, "looks like the decrement; as such it would be 0.476"), (0.8, "the two swapped")],
)
def test_the_utility_of_progressed_disease(progressed, words):
    sets = {"utilities.decrement_on_progression": None, "utilities.progressed": LOSS}
    found = said(utility_rules.states, {**sets, LOSS: number(progressed, "utility")})
    assert words in found if words else not found


@pytest.mark.parametrize(("loss", "words"), [(0.3, ""), (0.32, "the decrement would be 0.456")])
def test_a_decrement_that_is_the_utility(loss, words):
    found = said(utility_rules.states, {LOSS: loss})
    assert words in found if words else not found


@pytest.mark.parametrize(("incidence", "words"), [(0.175, ""), (0.16, "fewer with treatment; are the arms swapped")])
def test_fewer_events_with_treatment_than_23_percent(incidence, words):
    found = said(utility_rules.events, {f"{SHARE}.cabozantinib": incidence})
    assert words in found if words else not found


def test_events_beside_the_event_that_holds_them_and_of_one_arm():
    fatigue = {
        "label": "Fatigue of grade 3 or higher",
        "incidence": {"best_supportive_care": f"{SHARE}.placebo"},
        "decrement": "utilities.adverse_events.decrements.any_grade3plus",
        "duration": "utilities.adverse_events.duration.any_grade3plus",
        "unit_cost": f"{UNIT}.adverse_event_any",
    }
    found = said(utility_rules.events, {"adverse_events.events.fatigue": fatigue})
    assert "counted twice: Any adverse event of grade 3 or higher holds Fatigue" in found
    assert "only Placebo / best supportive care has it, which is no treatment" in found
    assert "nobody is without any event" in said(
        utility_rules.events, {f"{EVENT}.incidence": {"cabozantinib": f"{SHARE}.cabozantinib"}}
    )


# ------------------------------------------------------------------------------------------------ drugs
@pytest.mark.parametrize(
    ("price", "words"), [(230, "price per tablet"), (250, ""), (29_900, ""), (30_100, "in pence"), (0, "")]
)
def test_the_price_of_a_day_of_a_drug_of_its_own(price, words):
    found = said(drug_rules.prices, {f"{DRUG}.price_per_pack": price})
    assert words in found if words else not found


def test_a_pack_that_lasts_too_long_is_no_price_per_tablet():
    assert "per tablet" not in said(drug_rules.prices, {f"{DRUG}.pack_days": 1500})
    assert "the pack lasts too long" in said(drug_rules.prices, {f"{DRUG}.pack_days": 1500})
    dear = said(drug_rules.prices, {f"{DRUG}.price_per_pack": 2000, f"{DRUG}.pack_days": 300})
    assert "the pack lasts too long" in dear
    assert "per tablet" not in dear


@pytest.mark.parametrize(("days", "words"), [(13, ""), (11, "they should be the same"), (76, "the same"), (74, "")])
def test_dispensings_as_often_as_the_drug(days, words):
    sets = {
        "costs.drug.sunitinib.pack_days": days,
        "costs.later_dispensings.interval": "costs.drug.sunitinib.pack_days",
    }
    found = said(drug_rules.dispensing, sets)
    assert words in found if words else not found


@pytest.mark.parametrize(
    "item",
    [{}, {"during": "on_treatment"}, {"strategies": ["cabozantinib"]}],
    ids=lambda item: next(iter(item), "as it is"),
)
def test_a_drug_beside_the_treatment_may_be_cheap(item):
    """GBP 3 a day is little for the drug that is appraised, and not for another; GBP 0.29 is little for any."""
    sets = {f"costs.somatostatin_analogue.{key}": value for key, value in item.items()}
    assert not said(drug_rules.prices, {**sets, "costs.drug.lanreotide.price_per_pack": 84})
    assert "per tablet" in said(drug_rules.prices, {**sets, "costs.drug.lanreotide.price_per_pack": 8})


def test_the_drug_of_an_untreated_strategy_is_never_charged():
    given = {"costs.cabozantinib.strategies": ["best_supportive_care"]}
    assert "it is never charged" in said(drug_rules.owners, given)
    assert "never charged" not in said(drug_rules.owners, {**given, "costs.cabozantinib.during": "progression_free"})
    assert "is a treatment without a drug cost of its own" in said(drug_rules.owners, given)


def test_an_administration_of_the_untreated():
    given = {"costs.later_dispensings.strategies": ["best_supportive_care"]}
    assert "is it another strategy's?" in said(drug_rules.by_state, given)
    assert not said(drug_rules.by_state, {**given, "costs.later_dispensings.during": "progression_free"})


def test_a_first_administration_has_no_time_between_two():
    """Nothing is doubted of it, whatever its interval is."""
    sets = {"costs.drug.sunitinib.pack_days": 7, "costs.first_dispensing.interval": "costs.drug.sunitinib.pack_days"}
    assert not said(drug_rules.dispensing, sets)


@pytest.mark.parametrize(("share", "words"), [(0.55, ""), (0.56, "add up to 1.01 of those who progress")])
def test_shares_of_subsequent_treatments_with_41_percent_of_crossover(share, words):
    """41% of patients, of whom 8% die before they progress, are 44.6% of those who progress."""
    found = said(drug_rules.after_progression, {"costs.subsequent.capecitabine_share": share})
    assert words in found if words else not found


@pytest.mark.parametrize(
    ("label", "occasions", "words"),
    [
        ("First cycle", "first", ""),
        ("First cycle", "all", "`occasions: first`"),
        ("First cycle", "later", "`occasions: first`"),
        ("Dispensing of packs, further", "first", "`occasions: later`"),
        ("Dispensing of packs, further", "all", ""),
        ("Dispensing", "all", ""),
    ],
)
def test_occasions_that_a_label_names(label, occasions, words):
    item = "costs.first_dispensing"
    found = said(drug_rules.by_state, {f"{item}.label": label, f"{item}.occasions": occasions})
    assert words in found if words else "`occasions:" not in found


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({}, ""),
        ({"body_size_sd": number(0.05, "m2")}, "3% to 50% of it would be usual; as a variance it would be 0.224"),
        ({"body_size_sd": number(0.06, "m2")}, ""),
        ({"body_size_sd": number(0.89, "m2")}, ""),
        ({"body_size_sd": number(0.95, "m2")}, "3% to 50% of it would be usual"),
        ({"vial_mg": number(4.6, "mg")}, ""),
        ({"vial_mg": number(4.4, "mg")}, "needs 30.7 vials"),
        ({"dose": number(0.075, "mg/m2"), "vial_mg": number(8, "mg")}, "it looks like a dose in grams"),
        ({"vial_mg": number(0.1, "mg")}, "it looks like a vial in grams"),
        ({"price_per_pack": number(7, "GBP")}, "the vials of one administration cost GBP 9.45"),
        ({"price_per_pack": number(8, "GBP")}, ""),
        ({"price_per_pack": number(14_900, "GBP")}, "the vials of one administration cost GBP 20,115"),
        ({"price_per_pack": number(14_700, "GBP")}, ""),
        ({"price_per_pack": number(0, "GBP")}, ""),
    ],
)
def test_the_vials_of_75_mg_for_each_of_1_8_m2_at_300_pounds_for_100_mg(numbers, words):
    found = said(drug_rules.infusions, infused(**numbers))
    assert words in found if words else not found


@pytest.mark.parametrize(
    ("item", "again"),
    [
        ({"during": "on_treatment", "strategies": ["cabozantinib"]}, True),
        ({"during": "on_treatment"}, False),
        ({"strategies": ["cabozantinib"]}, False),
    ],
)
def test_a_drug_again_after_progression_on_it(item, again):
    sets = {f"costs.somatostatin_analogue.{key}": value for key, value in item.items()}
    price = {"costs.subsequent_capecitabine.price_per_pack": "costs.drug.lanreotide.price_per_pack"}
    found = said(drug_rules.by_state, {**sets, **price})
    assert ("again, after progression on it" in found) == again


def test_first_and_later_administrations_of_different_strategies_are_not_compared():
    dear = {"costs.later_dispensings.unit_cost": f"{UNIT}.end_of_life"}
    assert "are the first and the later occasions swapped" in said(drug_rules.by_state, dear)
    other = {**dear, "costs.later_dispensings.strategies": ["best_supportive_care"]}
    assert "swapped" not in said(drug_rules.by_state, other)


# ------------------------------------------------------------------------------------------------ other costs
@pytest.mark.parametrize(
    ("label", "words"), [("Biopsy", "one_off"), ("Genetic test", "one_off"), ("ECG", ""), ("Clinic nurse", "")]
)
def test_what_is_done_once(label, words):
    found = said(cost_rules.once, {"costs.ct_progressed.label": label})
    assert words in found if words else not found
    ended = {"costs.consultant_first_weeks.label": label}
    assert not said(cost_rules.once, ended)


def test_what_is_repeated_and_packs_that_are_no_drug():
    item = {"kind": "one_off", "label": "Monitoring", "unit_cost": f"{UNIT}.ct_scan"}
    assert "`kind: resource_use` charges it over time" in said(cost_rules.once, {"costs.more": item})
    assert not said(cost_rules.once, {"costs.more": {**item, "label": "Scan at the start"}})
    packs = {**item, "label": "Drug", "unit_cost": f"{DRUG}.price_per_pack"}
    assert "the price of a pack of Cabo" in said(cost_rules.once, {"costs.more": packs})


def test_the_end_of_life():
    assert not said(cost_rules.end_of_life, {})
    assert "everybody dies" in said(cost_rules.end_of_life, {f"{UNIT}.end_of_life": 0})
    scan = {"kind": "one_off", "label": "Scan", "unit_cost": f"{UNIT}.ct_scan"}
    assert "`kind: end_of_life` missing" in said(cost_rules.end_of_life, {"costs.end_of_life": scan})
    elsewhere = {**scan, "label": "Terminal care"}
    assert not said(cost_rules.end_of_life, {"costs.end_of_life": scan, "costs.more": elsewhere})


@pytest.mark.parametrize(("frequency", "words"), [(0.25, ""), (8, "a year of care in the state progressed costs")])
def test_a_year_of_care(frequency, words):
    found = said(cost_rules.care, {f"{CARE}.progressed.nurse_frequency": frequency})
    assert words in found if words else not found


def test_a_year_of_care_for_almost_nothing():
    sets = {f"{CARE}.progressed.{name}_frequency": 0.001 for name in ("nurse", "consultant", "blood_test", "ct")}
    assert "a year of care in the state progressed costs GBP 1" in said(cost_rules.care, sets)


@pytest.mark.parametrize(
    ("address", "year", "doubted"),
    [
        (f"{UNIT}.ct_scan", "2020/21", False),
        (f"{UNIT}.ct_scan", "2019/20", True),
        (f"{DRUG}.price_per_pack", "2009/10", False),
        (f"{DRUG}.price_per_pack", "2008/09", True),
        (f"{DRUG}.price_per_pack", "2026/27", False),
        (f"{DRUG}.price_per_pack", "2027/28", True),
    ],
)
def test_the_years_of_prices_in_a_model_of_2024(address, year, doubted):
    found = said(cost_rules.price_years, {address: number(100, "GBP", price_year=year)})
    assert (f"a price of {year} in a model of 2024/25" in found) == doubted


def test_care_and_prices_that_are_charged_twice():
    scan = {
        "kind": "resource_use",
        "label": "Another",
        "during": "alive",
        "frequency": f"{CARE}.progressed.ct_frequency",
        "unit_cost": f"{UNIT}.ct_scan",
    }
    again = {"costs.more": {**scan, "during": "progressed"}}
    assert "Another and CT scans, progressed" in said(cost_rules.twice, again)
    assert "CT scans, progression-free" not in said(cost_rules.twice, again)
    both = said(cost_rules.twice, {"costs.more": scan})
    assert "CT scans, progressed" in both
    assert "CT scans, progression-free" in both
    later = {"starts": f"{CARE}.progression_free.consultant_changes_after", "during": "progression_free"}
    visits = {**scan, **later, "unit_cost": f"{UNIT}.consultant_follow_up"}
    found = said(cost_rules.twice, {"costs.more": visits})
    assert "Consultant, progression-free, later" in found
    assert "first weeks" not in found
    assert not said(cost_rules.twice, {"costs.more": {**scan, "unit_cost": f"{UNIT}.oral_chemotherapy_first"}})


def further(label, price, strategies, during="on_treatment"):
    """A strategy with a drug of its own."""
    curve = {
        "relative_to": OLD.removeprefix("strategies."),
        "hazard_ratio": "survival.radiant3.pfs_anchored.hazard_ratio",
    }
    drug = {
        "kind": "drug_acquisition",
        "label": label,
        "strategies": strategies,
        "method": "per_pack",
        "during": during,
        "price_per_pack": price,
        "pack_days": "costs.drug.lanreotide.pack_days",
        "discount": "costs.drug.lanreotide.discount",
    }
    return {
        "strategies.further": {
            "label": label,
            "pfs": curve,
            "os": curve | {"hazard_ratio": "survival.radiant3.os_anchored.hazard_ratio"},
            "time_on_treatment": {"rule": "until_progression"},
        },
        "costs.further": drug,
    }


@pytest.mark.parametrize(
    ("label", "price", "words"),
    [
        ("Lanreotide 120 mg", "costs.drug.lanreotide.price_per_pack", "both charge GBP 937"),
        ("Lanreotide at a tender price", "costs.drug.everolimus.price_per_pack", "a drug that is called lanreotide"),
        ("Octreotide, a somatostatin analogue", "costs.drug.everolimus.price_per_pack", "a drug that is called"),
        ("Everolimus", "costs.drug.everolimus.price_per_pack", ""),
    ],
)
def test_a_comparator_that_is_the_background_therapy_itself(label, price, words):
    """Everybody pays for the somatostatin analogue: a strategy that is one pays for it twice."""
    found = said(cost_rules.twice, further(label, price, ["further"]))
    assert words in found if words else not found


def test_two_strengths_of_one_drug_are_not_charged_twice():
    sets = further("Sunitinib, 25 mg", "costs.drug.sunitinib.price_per_pack", ["further"])
    sets["costs.other_strength"] = {
        **sets["costs.further"],
        "label": "Sunitinib, 12.5 mg",
        "price_per_pack": "costs.drug.everolimus.price_per_pack",
    }
    assert not said(cost_rules.twice, sets)


def test_a_treated_comparator_without_adverse_events():
    sets = further("Everolimus", "costs.drug.everolimus.price_per_pack", ["further"])
    assert "Everolimus has no adverse event, though patients are treated" in said(utility_rules.events, sets)
    rate = "adverse_events.comparators.radiant3.any_grade3plus.everolimus"
    sets["adverse_events.events.any_grade3plus.incidence.further"] = rate
    assert "Everolimus has no adverse event" not in said(utility_rules.events, sets)


# ------------------------------------------------------------------------------------------------ survival
@pytest.mark.parametrize(
    ("ratio", "words"), [(1.2, ""), (1.3, "inverted it would be 0.769"), (0.21, ""), (0.2, "larger")]
)
def test_a_ratio_of_os_beside_medians_and_that_of_pfs(ratio, words):
    found = said(survival_rules.hazard_ratios, {f"{OS}.hazard_ratio": number(ratio, "ratio")})
    assert words in found if words else not found


@pytest.mark.parametrize(
    ("patients", "words"), [(16, ""), (15, "is a digit too many"), (257, "a digit too many"), (255, "")]
)
def test_arms_of_4_to_1_and_more(patients, words):
    found = said(survival_rules.trials, {f"{PFS}.patients_placebo": patients})
    assert words in found if words else "digit" not in found


def test_landmarks_at_the_time_that_their_address_says():
    at = "survival.radiant3.os_placebo_landmarks.month_60"
    assert not said(survival_rules.landmarks, {})
    assert "years taken for months" in said(survival_rules.landmarks, {f"{at}.at_months": 5})
    assert "the address says 60" in said(survival_rules.landmarks, {f"{at}.at_months": 61})
    assert "implausible for the time of a landmark" in said(survival_rules.landmarks, {f"{at}.at_months": 260})


def test_an_untreated_comparator_that_is_better():
    assert "shorter than without treatment" in said(
        survival_rules.between_strategies, {f"{OS}.hazard_ratio": number(1.6, "ratio")}
    )
    assert not said(survival_rules.between_strategies, {f"{OS}.hazard_ratio": number(1.1, "ratio")})
    treated = {f"{OS}.hazard_ratio": number(1.6, "ratio"), f"{OLD}.time_on_treatment.rule": "until_progression"}
    assert not said(survival_rules.between_strategies, treated)


# ------------------------------------------------------------------------------------------------ standard errors
def errors(address, family):
    return said(spread.standard_errors, {f"{address}.uncertainty": family})


@pytest.mark.parametrize(
    ("address", "family", "words"),
    [
        (FREE, {"beta": {"se": 0.09}}, ""),
        (FREE, {"beta": {"se": 0.11}}, "between patients; of 200 patients the standard error would be 0.0078"),
        (FREE, {"beta": {"se": 0.0017}}, ""),
        (FREE, {"beta": {"se": 0.0015}}, "implausibly narrow; as a variance its root would be 0.039"),
        (LOSS, {"gamma": {"se": 0.0015}}, "implausibly narrow"),
        (LOSS, {"gamma": {"se": 0.029}}, ""),
        (LOSS, {"gamma": {"se": 0.031}}, "implausibly wide"),
        (f"{UNIT}.ct_scan", {"gamma": {"se_relative": 0.59}}, ""),
        (f"{UNIT}.ct_scan", {"gamma": {"se_relative": 0.61}}, "implausibly wide"),
        (f"{UNIT}.ct_scan", {"gamma": {"se_relative": 0.006}}, ""),
        (f"{UNIT}.ct_scan", {"gamma": {"se_relative": 0.004}}, "narrow: is it a share of the value"),
        (f"{SHARE}.placebo", {"beta": {"effective_n": 9}}, ""),
        (f"{SHARE}.placebo", {"beta": {"effective_n": 6}}, "that of 6 patients"),
        (f"{SHARE}.placebo", {"beta": {"effective_n": 19_000}}, ""),
        (f"{SHARE}.placebo", {"beta": {"effective_n": 21_000}}, "implausibly narrow"),
        (f"{OS}.hazard_ratio", {"log_normal": {"se_log": 0.19}}, ""),
        (f"{OS}.hazard_ratio", {"log_normal": {"se_log": 0.18}}, "less than 31 and 64 patients can give"),
        (f"{OS}.hazard_ratio", {"log_normal": {"se_log": 0.1}}, "as a variance its root is 0.32"),
        (f"{OS}.hazard_ratio", {"log_normal": {"se_log": 0.75}}, ""),
        (f"{OS}.hazard_ratio", {"log_normal": {"se_log": 0.78}}, "times what 31 and 64 patients give"),
        ("survival.radiant3.os_shape", {"log_normal": {"se_log": 0.59}}, ""),
        ("survival.radiant3.os_shape", {"log_normal": {"se_log": 0.61}}, "implausibly wide"),
    ],
)
def test_standard_errors_on_both_sides_of_their_limits(address, family, words):
    found = errors(address, family)
    assert words in found if words else not found


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ({"beta": {"se": 0.0201}}, ""),
        ({"beta": {"se": 0.15}}, "between patients"),
        ({"beta": {"se": 0.17}}, "8.5 times that"),
        ({"beta": {"se": 0.0004}}, "the variance, whose root is 0.02"),
        ({"beta": {"se": 0.0024}}, "1/8.33 of it"),
        ({"beta": {"se": 0.0026}}, ""),
    ],
)
def test_standard_errors_beside_what_they_replace(family, words):
    warnings = load("pnet", {f"{FREE}.uncertainty": family}).warnings
    found = " ".join(w.message for w in warnings if w.address == FREE)
    assert words in found if words else not found


def test_ratios_without_a_trial_of_their_own():
    sets = {"survival.radiant3.os_anchored.hazard_ratio.uncertainty": {"log_normal": {"se_log": 0.035}}}
    assert "needs 3,265 events" in said(spread.standard_errors, sets, "scenarios/sensitivity/pnet_comparators.yaml")
    sets = {"survival.radiant3.os_anchored.hazard_ratio.uncertainty": {"log_normal": {"se_log": 0.045}}}
    assert not said(spread.standard_errors, sets, "scenarios/sensitivity/pnet_comparators.yaml")


# ------------------------------------------------------------------------------------------------ intervals
MONTH_12 = "survival.radiant3.os_placebo_landmarks.month_12"


@pytest.mark.parametrize(
    ("address", "ends", "words"),
    [
        (f"{PFS}.hazard_ratio", {"low": 0.12, "high": 0.74}, ""),
        (f"{PFS}.hazard_ratio", {"low": 0.12, "high": 0.9}, "it would be central in 0.12 to 0.441"),
        (f"{PFS}.median_cabozantinib", {"low": 9.2, "high": 105.0}, ""),
        (f"{PFS}.median_cabozantinib", {"low": 9.2, "high": 120.0}, "is not central in its interval of 9.2 to 120"),
        (MONTH_12, {"low": 0.759, "high": 0.89}, ""),
        (MONTH_12, {"low": 0.759, "high": 0.95}, "complementary log-log scale"),
    ],
)
def test_values_that_are_not_central(address, ends, words):
    found = said(spread.intervals, {f"{address}.uncertainty.ci95.{name}": end for name, end in ends.items()})
    assert words in found if words else not found
    assert ("it would be central in" in found) == (bool(words) and address != MONTH_12)


@pytest.mark.parametrize(
    ("low", "high", "doubted"), [(3, 9, False), (3, 32, False), (3, 34, True), (3, 6.3, True), (3, 6.4, False)]
)
def test_values_at_the_edge_of_a_uniform_distribution(low, high, doubted):
    address = "costs.subsequent.crossover_months"
    found = said(spread.intervals, {f"{address}.uncertainty": {"uniform": {"low": low, "high": high}}})
    assert ("lies at the edge of its uniform distribution" in found) == doubted


@pytest.mark.parametrize(("value", "low", "doubted"), [(1, 0.7, False), (0.99, 0.7, True), (0.7, 0.7, True)])
def test_a_value_at_an_end_that_is_the_number_s_own(value, low, doubted):
    """All tablets are taken at most: a distribution below is one-sided by nature."""
    address = "costs.drug.cabozantinib.share_of_tablets_taken"
    changes = {address: value, f"{address}.uncertainty": {"uniform": {"low": low, "high": 1}}}
    assert ("lies at the edge of its uniform distribution" in said(spread.intervals, changes)) == doubted


def test_a_value_that_is_moved_alone_keeps_its_interval():
    """Its interval is that of another value, which is no slip; where both are changed it may be one."""

    def doubts(sets):
        return [w for w in load("pnet", sets).warnings if w.code == "implausible"]

    ratio = f"{PFS}.hazard_ratio"
    assert not doubts({ratio: 0.41})
    assert doubts({ratio: 0.41, f"{ratio}.uncertainty": {"ci95": {"low": 0.121, "high": 0.42, "scale": "log"}}})
    assert not doubts({LOSS: 0.02})


def test_a_number_beside_which_the_one_it_replaced_is_beyond_all_floats():
    warnings = load("pnet", ["population.cohorts.pnet.start_age=5e-324"]).warnings
    assert any("1/(more than 1e308) of it" in str(warning) for warning in warnings)
