"""Modelling faults that are possible but implausible: each a few changes to a shipped scenario, of the slips people make."""

from __future__ import annotations

from dataclasses import dataclass

EVEROLIMUS = "examples/everolimus/scenarios/base.yaml"
PFS, OS = "survival.cabinet_pnet.pfs_nejm", "survival.cabinet_pnet.os_nejm"
EPFS, EOS = "survival.cabinet_epnet.pfs_nejm", "survival.cabinet_epnet.os_nejm"
DRUG, CARE, UNIT = "costs.drug.cabozantinib", "costs.care", "costs.unit"
STATE = "utilities.state_utilities"
EVENT = "adverse_events.events.any_grade3plus"
PACK = "decision.method_packs.nice-2026-03"
NEW, OLD = "strategies.cabozantinib", "strategies.best_supportive_care"


@dataclass(frozen=True)
class Fault:
    """A fault, and where it is told.

    Attributes
    ----------
    name : str
    sets : dict
        Address -> value, as `set` of a scenario takes them.
    at : str
        Part of the address that a warning must name; empty where several would do.
    scenario : str
    words : str
        A regular expression that a warning there must match: the slip that was made.
    """

    name: str
    sets: dict[str, object]
    at: str = ""
    scenario: str = "pnet"
    words: str = ""


def number(value: float, unit: str, **more: object) -> dict[str, object]:
    """A number as inputs/ has it."""
    uncertainty = more.pop("uncertainty", {"fixed": "a test"})
    money = {"price_year": "2024/25"} if unit == "GBP" else {}
    return {
        "value": value,
        "unit": unit,
        "uncertainty": uncertainty,
        "source": ["netcea_assumptions"],
        "status": "assumption",
        "note": "a test",
        **money,
        **more,
    }


DRUG_ITEM = {
    "kind": "drug_acquisition",
    "label": "Cabozantinib",
    "strategies": ["cabozantinib"],
    "method": "per_pack",
    "during": "on_treatment",
    "price_per_pack": f"{DRUG}.price_per_pack",
    "pack_days": f"{DRUG}.pack_days",
}
SCAN = {
    "kind": "resource_use",
    "label": "Scans",
    "during": "progression_free",
    "frequency": f"{CARE}.progression_free.ct_frequency",
    "unit_cost": f"{UNIT}.ct_scan",
}

FAULTS = (
    # ------------------------------------------------------------------------------------------ prices and packs
    Fault("price of a tablet as that of a pack", {f"{DRUG}.price_per_pack": 171.43}, DRUG),
    Fault("price of a milligram as that of a pack", {f"{DRUG}.price_per_pack": 2.86}, DRUG),
    Fault("pence for pounds, drug", {f"{DRUG}.price_per_pack": 514300}, DRUG),
    Fault("thousands of pounds, drug", {f"{DRUG}.price_per_pack": 5.143}, DRUG),
    Fault("a pack of 30 weeks", {f"{DRUG}.pack_days": 210}, DRUG),
    Fault("a pack in weeks by its unit", {f"{DRUG}.pack_days.unit": "weeks"}, DRUG),
    Fault("a pack of 30 months", {f"{DRUG}.pack_days.unit": "months"}, DRUG),
    Fault("a pack of one day", {f"{DRUG}.pack_days": 1}, DRUG),
    Fault("four weeks as four days", {"costs.drug.lanreotide.pack_days": 4}, "lanreotide"),
    Fault("lanreotide for 28 months", {"costs.drug.lanreotide.pack_days.unit": "months"}, "lanreotide"),
    Fault("pence for pounds, lanreotide", {"costs.drug.lanreotide.price_per_pack": 93700}, "lanreotide"),
    Fault("price of a milligram, lanreotide", {"costs.drug.lanreotide.price_per_pack": 7.81}, "lanreotide"),
    Fault("price of a tablet, capecitabine", {"costs.drug.capecitabine.price_per_pack": 1.88}, "capecitabine"),
    Fault("price of a tablet", {"costs.drug.everolimus.price_per_pack": 17.89}, "everolimus", EVEROLIMUS),
    Fault("pence for pounds", {"costs.drug.everolimus.price_per_pack": 53665}, "everolimus", EVEROLIMUS),
    Fault("a pack of 30 weeks", {"costs.drug.everolimus.pack_days": 210}, "everolimus", EVEROLIMUS),
    Fault("half a percent of discount for 50%", {f"{DRUG}.discount": 0.005}, DRUG),
    Fault("a discount of 50", {f"{DRUG}.discount": 50}),
    Fault("the share left as the discount", {f"{DRUG}.discount": 0.98}, DRUG),
    Fault("a dose intensity of 10", {f"{DRUG}.milligram_intensity": 10}),
    Fault("a dose intensity of 6.5%", {f"{DRUG}.milligram_intensity": 0.065}, DRUG),
    Fault("a tenth of the tablets taken", {f"{DRUG}.share_of_tablets_taken": 0.1}, DRUG),
    # ------------------------------------------------------------------------------------------ whose costs
    Fault("the drug charged twice", {"costs.again": DRUG_ITEM}, "costs.again"),
    Fault(
        "the drug charged to the comparator too",
        {"costs.cabozantinib.strategies": "all", "costs.cabozantinib.during": "progression_free"},
        "costs.cabozantinib",
    ),
    Fault("the drug charged to every strategy", {"costs.cabozantinib.strategies": "all"}, "cabozantinib"),
    Fault("the drug charged to the comparator", {"costs.cabozantinib.strategies": ["best_supportive_care"]}),
    Fault(
        "the drug charged to the comparator in its example",
        {"costs.everolimus.strategies": ["best_supportive_care"]},
        "everolimus",
        EVEROLIMUS,
    ),
    Fault("treated without a drug cost", {f"{DRUG}.price_per_pack": 0}, "cabozantinib"),
    Fault("an untreated comparator that is treated", {f"{OLD}.time_on_treatment.rule": "until_progression"}, OLD),
    Fault("the intervention is never on treatment", {f"{NEW}.time_on_treatment.rule": "none"}),
    Fault("care counted twice", {"costs.scan_again": SCAN}, "costs.scan_again"),
    Fault("care of one strategy only", {"costs.nurse_progressed.strategies": ["cabozantinib"]}, "nurse_progressed"),
    Fault("end of life of one strategy only", {"costs.end_of_life.strategies": ["cabozantinib"]}, "costs"),
    Fault(
        "end of life twice",
        {"costs.more": {"kind": "end_of_life", "label": "Death", "unit_cost": f"{UNIT}.end_of_life"}},
        "costs.more",
    ),
    Fault(
        "end of life charged per year",
        {
            "costs.palliative": {
                **SCAN,
                "label": "End of life",
                "during": "progressed",
                "unit_cost": f"{UNIT}.end_of_life",
            }
        },
        "costs",
    ),
    Fault(
        "dispensing charged daily",
        {"costs.drug.sunitinib.pack_days": 1, "costs.later_dispensings.interval": "costs.drug.sunitinib.pack_days"},
        "pack_days",
    ),
    Fault(
        "dispensing charged weekly",
        {"costs.drug.sunitinib.pack_days": 7, "costs.later_dispensings.interval": "costs.drug.sunitinib.pack_days"},
        "pack_days",
    ),
    Fault(
        "dispensings all beside the first",
        {
            "costs.later_dispensings.occasions": "all",
            "costs.later_dispensings.unit_cost": f"{UNIT}.oral_chemotherapy_first",
        },
        "costs.later_dispensings",
    ),
    # ------------------------------------------------------------------------------------------ unit costs
    Fault("pence for pounds, blood test", {f"{UNIT}.blood_test": 239}, "blood_test"),
    Fault("pence for pounds, scan", {f"{UNIT}.ct_scan": 9988}, "ct_scan"),
    Fault("pence for pounds, consultant", {f"{UNIT}.consultant_follow_up": 16419}, "consultant"),
    Fault("a nurse's year as an hour", {f"{UNIT}.nurse_hour": 53000}, "nurse"),
    Fault("a visit for 16 pounds", {f"{UNIT}.consultant_follow_up": 16.419}, "consultant"),
    Fault("end of life for 87 pounds", {f"{UNIT}.end_of_life": 87.14}, "end_of_life"),
    Fault("end of life times 12", {f"{UNIT}.end_of_life": 104568}, "end_of_life"),
    Fault("an adverse event for 7 pounds", {f"{UNIT}.adverse_event_any": 7.3}, "adverse_event"),
    Fault("an adverse event in pence", {f"{UNIT}.adverse_event_any": 72997}, "adverse_event"),
    Fault("dispensing in pence", {f"{UNIT}.pharmacist_dispensing": 1100}, "pharmacist"),
    Fault("first cycle in pence", {f"{UNIT}.oral_chemotherapy_first": 19725}, "oral_chemotherapy"),
    Fault("pence for pounds, scan", {f"{UNIT}.ct_scan": 9988}, "ct_scan", EVEROLIMUS),
    Fault("a price of 2011", {f"{UNIT}.end_of_life": number(8714, "GBP", price_year="2011/12")}, "end_of_life"),
    # ------------------------------------------------------------------------------------------ frequencies
    Fault("scans per day for per week", {f"{CARE}.progression_free.ct_frequency.unit": "per day"}, "ct_frequency"),
    Fault(
        "visits per day for per week", {f"{CARE}.progression_free.consultant_later_frequency.unit": "per day"}, "later"
    ),
    Fault("visits per year for per week", {f"{CARE}.progressed.consultant_frequency.unit": "per year"}, "consultant"),
    Fault("nurse per month for per week", {f"{CARE}.progressed.nurse_frequency.unit": "per month"}, "nurse"),
    Fault("weekly scans for monthly", {f"{CARE}.progression_free.ct_frequency": 1}, "ct_frequency"),
    Fault(
        "bloods per day for per week", {f"{CARE}.progression_free.blood_test_frequency.unit": "per day"}, "", EVEROLIMUS
    ),
    Fault("the weeks between visits as visits per week", {f"{CARE}.progressed.consultant_frequency": 10}, "consultant"),
    Fault("first weeks in years", {f"{CARE}.progression_free.consultant_changes_after.unit": "years"}, "consultant"),
    Fault("first weeks in days", {f"{CARE}.progression_free.consultant_changes_after.unit": "days"}, "consultant"),
    # ------------------------------------------------------------------------------------------ after progression
    Fault("six years of crossover", {"costs.subsequent.crossover_months": number(6, "years")}, "crossover"),
    Fault("six days of crossover", {"costs.subsequent.crossover_months": number(6, "days")}, "crossover"),
    Fault(
        "four weeks for months of capecitabine", {"costs.subsequent.capecitabine_months.unit": "weeks"}, "capecitabine"
    ),
    Fault("crossover of 0.41%", {"survival.cabinet_pnet.crossover_share": 0.0041}, "crossover"),
    Fault("crossover as its complement", {"survival.cabinet_pnet.crossover_share": 0.59}, "crossover"),
    Fault("a somatostatin analogue for 0.5%", {f"{CARE}.somatostatin_analogue_share": 0.005}, "share"),
    # ------------------------------------------------------------------------------------------ adverse events
    Fault("an event of 3 years", {"utilities.adverse_events.duration.any_grade3plus.unit": "years"}, "duration"),
    Fault("an event of 3 months", {"utilities.adverse_events.duration.any_grade3plus.unit": "months"}, "duration"),
    Fault("an event of 3 days", {"utilities.adverse_events.duration.any_grade3plus.unit": "days"}, "duration"),
    Fault("an event that takes the utility", {"utilities.adverse_events.decrements.any_grade3plus": 0.8}, "decrements"),
    Fault(
        "a decrement with its minus sign",
        {"utilities.adverse_events.decrements.any_grade3plus": number(-0.2, "utility")},
        "decrements",
    ),
    Fault(
        "event arms swapped",
        {
            f"{EVENT}.incidence.cabozantinib": "adverse_events.cabinet.pnet.any_grade3plus.placebo",
            f"{EVENT}.incidence.best_supportive_care": "adverse_events.cabinet.pnet.any_grade3plus.cabozantinib",
        },
        "adverse_events",
    ),
    Fault(
        "events of the intervention missing",
        {f"{EVENT}.incidence": {"best_supportive_care": "adverse_events.cabinet.pnet.any_grade3plus.placebo"}},
    ),
    Fault(
        "events of the comparator missing",
        {f"{EVENT}.incidence": {"cabozantinib": "adverse_events.cabinet.pnet.any_grade3plus.cabozantinib"}},
    ),
    Fault("no adverse events", {"adverse_events.events": {}}, "adverse_events"),
    Fault("an incidence of 0.65%", {"adverse_events.cabinet.pnet.any_grade3plus.cabozantinib": 0.0065}, "cabozantinib"),
    Fault("an incidence of 65", {"adverse_events.cabinet.pnet.any_grade3plus.cabozantinib": 65}),
    Fault(
        "event arms swapped",
        {
            f"{EVENT}.incidence.everolimus": "adverse_events.grade3plus.placebo",
            f"{EVENT}.incidence.best_supportive_care": "adverse_events.grade3plus.everolimus",
        },
        "adverse_events",
        EVEROLIMUS,
    ),
    # ------------------------------------------------------------------------------------------ utilities
    Fault("utility 0.976", {f"{STATE}.clarinet.progression_free": 0.976}, "progression_free"),
    Fault("utility 0.0776", {f"{STATE}.clarinet.progression_free": 0.0776}, "progression_free"),
    Fault("utility 0.224, the loss", {f"{STATE}.clarinet.progression_free": 0.224}, "progression_free"),
    Fault(
        "the progressed utility as the decrement", {f"{STATE}.clarinet.decrement_on_progression": 0.726}, "decrement"
    ),
    Fault(
        "the decrement as the progressed utility",
        {
            "utilities.decrement_on_progression": None,
            "utilities.progressed": f"{STATE}.clarinet.decrement_on_progression",
        },
        "decrement",
    ),
    Fault(
        "progression improves utility",
        {f"{STATE}.clarinet.decrement_on_progression": number(-0.05, "utility")},
        "decrement",
    ),
    Fault("a decrement of 0.005", {f"{STATE}.clarinet.decrement_on_progression": 0.005}, "decrement"),
    Fault(
        "a disutility with its minus sign",
        {
            f"{STATE}.on_treatment_disutility.low": number(-0.03, "utility"),
            "utilities.on_treatment_disutility": f"{STATE}.on_treatment_disutility.low",
        },
        "disutility",
    ),
    Fault(
        "a disutility of 0.3",
        {
            f"{STATE}.on_treatment_disutility.low": 0.3,
            "utilities.on_treatment_disutility": f"{STATE}.on_treatment_disutility.low",
        },
        "disutility",
    ),
    Fault("utility 0.976", {"utilities.states.clarinet.progression_free": 0.976}, "progression_free", EVEROLIMUS),
    Fault("utility above the norm at 66", {f"{STATE}.clarinet.progression_free": 0.9}, "progression_free", "epnet"),
    # ------------------------------------------------------------------------------------------ settings, cohort
    Fault(
        "a discount rate of 35%",
        {"settings.discount_rate_costs": 0.35, "settings.discount_rate_qalys": 0.35},
        "settings",
    ),
    Fault(
        "a discount rate of 0.35%",
        {"settings.discount_rate_costs": 0.0035, "settings.discount_rate_qalys": 0.0035},
        "settings",
    ),
    Fault("a discount rate of 3.5", {"settings.discount_rate_costs": 3.5}),
    Fault("a horizon of 2 years", {"settings.horizon_years": 2}, "horizon"),
    Fault("a horizon of 100 years", {"settings.horizon_years": 100}, "horizon"),
    Fault("a cycle of 365 days", {"settings.cycle_days": 365}, "cycle"),
    Fault("a cycle of 4 for 4 weeks", {"settings.cycle_days": 4}, "cycle"),
    Fault("start at 6 years", {"population.cohorts.pnet.start_age": 6}, "start_age"),
    Fault("start at 60 months", {"population.cohorts.pnet.start_age.unit": "months"}, "start_age"),
    Fault("start at 630 months", {"population.cohorts.pnet.start_age": 630}),
    Fault("4.5% women", {"population.cohorts.pnet.proportion_female": 0.045}, "female"),
    Fault("the share of men", {"population.cohorts.pnet.proportion_female": 0.55}, "female"),
    Fault("a weight of 0.32%", {"population.cohorts.pnet.combined_view_weight": 0.0032}, "weight"),
    Fault("a cycle of 365 days", {"settings.cycle_days": 365}, "cycle", EVEROLIMUS),
    # ------------------------------------------------------------------------------------------ survival
    Fault(
        "medians of PFS in years",
        {f"{PFS}.median_placebo.unit": "years", f"{PFS}.median_cabozantinib.unit": "years"},
        PFS,
    ),
    Fault(
        "medians of PFS in days", {f"{PFS}.median_placebo.unit": "days", f"{PFS}.median_cabozantinib.unit": "days"}, PFS
    ),
    Fault("one median of PFS in weeks", {f"{PFS}.median_cabozantinib.unit": "weeks"}, PFS),
    Fault("median of OS in years", {f"{OS}.median_placebo.unit": "years"}, OS),
    Fault("median of OS in weeks", {f"{OS}.median_placebo.unit": "weeks"}, OS),
    Fault(
        "medians of PFS swapped",
        {
            f"{PFS}.median_placebo": number(13.8, "months", uncertainty={"log_normal": {"se_log": 0.15}}),
            f"{PFS}.median_cabozantinib": number(4.4, "months", uncertainty={"log_normal": {"se_log": 0.15}}),
        },
        PFS,
    ),
    Fault(
        "hazard ratio of PFS inverted",
        {f"{PFS}.hazard_ratio": number(4.35, "ratio", uncertainty={"log_normal": {"se_log": 0.3}})},
        PFS,
    ),
    Fault("hazard ratio of OS inverted", {f"{EOS}.hazard_ratio": 1.163}, EOS, "epnet"),
    Fault(
        "hazard ratio of OS 9.5",
        {f"{OS}.hazard_ratio": number(9.5, "ratio", uncertainty={"log_normal": {"se_log": 0.38}})},
        OS,
    ),
    Fault(
        "hazard ratio of OS 0.095",
        {f"{OS}.hazard_ratio": number(0.095, "ratio", uncertainty={"log_normal": {"se_log": 0.38}})},
        OS,
    ),
    Fault(
        "hazard ratio in percent",
        {f"{OS}.hazard_ratio": number(95, "ratio", uncertainty={"log_normal": {"se_log": 0.38}})},
        OS,
    ),
    Fault("hazard ratio of PFS for OS", {f"{NEW}.os.hazard_ratio": f"{PFS}.hazard_ratio"}, PFS),
    Fault(
        "hazard ratio of OS inverted",
        {
            "survival.radiant4.os.hazard_ratio.value": 1.524,
            "survival.radiant4.os.hazard_ratio.uncertainty": {"log_normal": {"se_log": 0.24}},
        },
        "radiant4",
        EVEROLIMUS,
    ),
    Fault("arms of PFS swapped", {f"{NEW}.pfs.arm": "placebo", f"{OLD}.pfs.arm": "cabozantinib"}, "strategies"),
    Fault("the same arm twice", {f"{NEW}.pfs.arm": "placebo"}, "strategies"),
    Fault(
        "effect ends after 36 years",
        {"survival.relative_effect.os_effect_ends.month_36.unit": "years"},
        "os_effect_ends",
    ),
    Fault(
        "effect ends after 36 weeks",
        {"survival.relative_effect.os_effect_ends.month_36.unit": "weeks"},
        "os_effect_ends",
    ),
    Fault("OS below PFS", {f"{OS}.median_placebo": 7}, ""),
    Fault("Weibull shape times 10", {"survival.radiant3.os_shape": 12.6}, "os_shape"),
    Fault(
        "92% of PFS events are deaths",
        {"survival.relative_effect.share_of_pfs_events_that_are_deaths": 0.92},
        "share_of_pfs",
    ),
    Fault(
        "0.8% of PFS events are deaths",
        {"survival.relative_effect.share_of_pfs_events_that_are_deaths": 0.008},
        "share_of_pfs",
    ),
    Fault(
        "a landmark of those who died",
        {
            "survival.radiant3.os_placebo_landmarks.month_12.value": 0.18,
            "survival.radiant3.os_placebo_landmarks.month_12.uncertainty": {"fixed": "a test"},
        },
        "landmarks",
    ),
    Fault(
        "a landmark at 1 month for 1 year",
        {"survival.radiant3.os_placebo_landmarks.month_60.at_months": 5},
        "landmarks",
    ),
    Fault(
        "time on treatment 6.4 times PFS",
        {
            f"{NEW}.time_on_treatment": {
                "rule": "pfs_time_ratio",
                "time_ratio": "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs",
            },
            "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs": 6.014,
        },
        "time_on_treatment",
    ),
    Fault(
        "treatment stops after 24 years",
        {
            f"{NEW}.time_on_treatment.stops_at": "survival.relative_effect.stop_treatment_at.month_24",
            "survival.relative_effect.stop_treatment_at.month_24.unit": "years",
        },
        "stop_treatment",
    ),
    # ------------------------------------------------------------------------------------------ uncertainty
    Fault("an interval of 0.12 to 4.2 around 0.23", {f"{PFS}.hazard_ratio.uncertainty.ci95.high": 4.2}, PFS),
    Fault("an interval of 0.012 to 0.42 around 0.23", {f"{PFS}.hazard_ratio.uncertainty.ci95.low": 0.012}, PFS),
    Fault("an interval of 0.45 to 20 around 0.95", {f"{OS}.hazard_ratio.uncertainty.ci95.high": 20}, OS),
    Fault("an interval of 29.1 to 458", {f"{PFS}.median_cabozantinib.uncertainty.ci95.high": 185}, PFS),
    Fault("a ratio's interval on the identity scale", {f"{OS}.hazard_ratio.uncertainty.ci95.scale": "identity"}, OS),
    Fault(
        "SD for SE, utility",
        {f"{STATE}.clarinet.progression_free.uncertainty": {"beta": {"se": 0.22}}},
        "progression_free",
    ),
    Fault(
        "SD for SE, cost", {f"{UNIT}.consultant_follow_up.uncertainty": {"gamma": {"se_relative": 1.5}}}, "consultant"
    ),
    Fault("SD for SE, hazard ratio", {f"{PFS}.hazard_ratio.uncertainty": {"log_normal": {"se_log": 1.6}}}, PFS),
    Fault(
        "SD for SE, decrement",
        {f"{STATE}.clarinet.decrement_on_progression.uncertainty": {"gamma": {"se": 0.2}}},
        "decrement",
    ),
    Fault(
        "SD for SE, share",
        {"adverse_events.cabinet.pnet.any_grade3plus.cabozantinib.uncertainty": {"beta": {"se": 0.47}}},
        "cabozantinib",
    ),
    Fault("15 for 15%", {f"{UNIT}.ct_scan.uncertainty": {"gamma": {"se_relative": 15}}}, "ct_scan"),
    Fault(
        "64,000 patients for 64",
        {"adverse_events.cabinet.pnet.any_grade3plus.cabozantinib.uncertainty": {"beta": {"effective_n": 64000}}},
        "cabozantinib",
    ),
    Fault(
        "an interval too narrow for the patients",
        {f"{PFS}.hazard_ratio.uncertainty": {"ci95": {"low": 0.21, "high": 0.25, "scale": "log"}}},
        PFS,
    ),
    Fault(
        "a share's interval on the identity scale",
        {
            "survival.cabinet_pnet.crossover_share.uncertainty": {
                "ci95": {"low": 0.24, "high": 0.58, "scale": "identity"}
            }
        },
        "crossover",
    ),
    Fault(
        "a utility's interval on the identity scale",
        {
            f"{STATE}.clarinet.progression_free.uncertainty": {
                "ci95": {"low": 0.736, "high": 0.816, "scale": "identity"}
            }
        },
        "progression_free",
    ),
    Fault(
        "a landmark's interval of 0.028",
        {"survival.radiant4.os_landmarks.placebo.month_6.uncertainty.ci95.low": 0.082},
        "landmarks",
        EVEROLIMUS,
    ),
    Fault(
        "3 to 90 for 3 to 9 months",
        {"costs.subsequent.crossover_months.uncertainty": {"uniform": {"low": 3, "high": 90}}},
        "crossover",
    ),
    Fault("6,400 patients in one arm", {f"{PFS}.patients_cabozantinib": 6400}, "patients"),
    # ------------------------------------------------------------------------------------------ structure
    Fault("crossover for the intervention", {"costs.crossover.strategies": ["cabozantinib"]}, "crossover"),
    Fault(
        "administration of the untreated", {"costs.first_dispensing.strategies": ["best_supportive_care"]}, "dispensing"
    ),
    Fault(
        "background treatment of one strategy",
        {"costs.somatostatin_analogue.strategies": ["best_supportive_care"]},
        "somatostatin",
    ),
    Fault("the drug until death", {"costs.cabozantinib.during": "alive"}, "costs.cabozantinib"),
    Fault(
        "end of life at the start",
        {"costs.end_of_life": {"kind": "one_off", "label": "End of life", "unit_cost": f"{UNIT}.end_of_life"}},
        "end_of_life",
    ),
    Fault(
        "first and later dispensings swapped",
        {"costs.first_dispensing.occasions": "later", "costs.later_dispensings.occasions": "first"},
        "dispensing",
    ),
    Fault("median of OS of the other arm", {f"{OLD}.os.median": f"{OS}.median_cabozantinib"}, OLD),
    Fault("median of PFS as that of OS", {f"{OLD}.os.median": f"{PFS}.median_placebo"}, PFS),
    Fault("prices of the year before last", {"settings.price_year": "2021/22"}, "costs.drug"),
    # ------------------------------------------------------------------------------------------ decision, studies
    Fault("a threshold of 2,500", {f"{PACK}.threshold_lower": 2500}, "threshold"),
    Fault(
        "thresholds of 250,000 and 350,000",
        {f"{PACK}.threshold_lower": 250000, f"{PACK}.threshold_upper": 350000},
        "threshold",
    ),
    Fault("a severity weight of 12", {f"{PACK}.severity.weight_1_7": 17}, "severity"),
    Fault("a severity weight of 1.02", {f"{PACK}.severity.weight_1_2": 1.02}, "severity"),
    Fault("a shortfall of 1.2 QALYs", {f"{PACK}.severity.absolute_1_2": 1.2}, "severity"),
    Fault("a proportional shortfall of 0.085", {f"{PACK}.severity.proportional_1_2": 0.085}, "severity"),
    Fault("severity against the intervention", {"decision.established_practice": "cabozantinib"}, "established"),
    Fault(
        "intervention and comparator swapped",
        {"decision.intervention": "best_supportive_care", "decision.comparator": "cabozantinib"},
        "decision",
    ),
    Fault("an SD of 0.02 between patients", {"decision.value_of_information.utility_sd": 0.02}, "utility_sd"),
    Fault("a decision of 10 months", {"decision.value_of_information.decision_lasts.unit": "months"}, "decision_lasts"),
)
"""Every fault."""
