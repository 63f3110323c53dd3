"""Further modelling faults, of units, money, utilities, survival, intervals, events, settings and shares."""

from __future__ import annotations

from plausibility.seeded_faults import (
    CARE,
    DRUG,
    DRUG_ITEM,
    EOS,
    EPFS,
    EVENT,
    EVEROLIMUS,
    NEW,
    OLD,
    OS,
    PACK,
    PFS,
    SCAN,
    STATE,
    UNIT,
    Fault,
    number,
)

EV, EPS = "costs.drug.everolimus", "survival.radiant4"
DECREMENT, DURATION = (
    "utilities.adverse_events.decrements.any_grade3plus",
    "utilities.adverse_events.duration.any_grade3plus",
)
SHARE = "adverse_events.cabinet.pnet.any_grade3plus"
ESHARE = "adverse_events.cabinet.epnet.any_grade3plus"
VOI = "decision.value_of_information"
COHORT, ECOHORT = "population.cohorts.pnet", "population.cohorts.epnet"
COMPARATORS = "scenarios/sensitivity/pnet_comparators.yaml"
BY_TERM = "scenarios/sensitivity/pnet_adverse_events_by_term.yaml"
LUTETIUM = "scenarios/sensitivity/pnet_subsequent_lutetium.yaml"


SPARE = {
    "vial_mg": "survival.cabinet_pnet.exposure.mean_daily_dose",
    "dose": "survival.cabinet_pnet.exposure.dose_reduced",
    "body_size_mean": "survival.cabinet_pnet.response_rate.cabozantinib",
    "body_size_sd": "survival.cabinet_pnet.response_rate.placebo",
}
"""Numbers of inputs/ that no scenario uses: entries for those of an infused drug."""


def infused(**more: object) -> dict[str, object]:
    """An infused drug in place of the tablets."""
    item: dict[str, object] = {
        "kind": "drug_acquisition",
        "label": "Infused cabozantinib",
        "strategies": ["cabozantinib"],
        "method": "per_administration",
        "price_per_vial": f"{DRUG}.price_per_pack",
        "interval": f"{DRUG}.pack_days",
        **SPARE,
    }
    numbers = {
        "price_per_pack": number(300, "GBP"),
        "vial_mg": number(100, "mg"),
        "dose": number(75, "mg/m2"),
        "body_size_mean": number(1.8, "m2"),
        "body_size_sd": number(0.2, "m2"),
    }
    places = {"price_per_pack": f"{DRUG}.price_per_pack", "pack_days": f"{DRUG}.pack_days", **SPARE}
    return {**{places[name]: value for name, value in {**numbers, **more}.items()}, "costs.cabozantinib": item}


def one_off(unit_cost: str, label: str, **more: object) -> dict[str, object]:
    return {"kind": "one_off", "label": label, "unit_cost": unit_cost, **more}


MORE = (
    # ------------------------------------------------------------------------------------------ prices and packs
    Fault("a price of 28 for a pack of 30, per capsule", {f"{DRUG}.price_per_pack": 183.68}, DRUG, words="tablet"),
    Fault("the yearly cost of the drug as a pack", {f"{DRUG}.price_per_pack": 62617}, DRUG, "epnet", words="year"),
    Fault("price of a milligram, 60 mg tablets", {f"{DRUG}.price_per_pack": 2.857}, DRUG, "epnet", words="milligram"),
    Fault("a price ten times too high", {f"{DRUG}.price_per_pack": 51430}, DRUG, words="decimal"),
    Fault("a price ten times too low", {f"{DRUG}.price_per_pack": 514.3}, DRUG, words="decimal"),
    Fault("a pack of 30 as a pack of 3", {f"{DRUG}.pack_days": 3}, DRUG, words="decimal"),
    Fault("a pack of 30 as a pack of 300", {f"{DRUG}.pack_days": 300}, DRUG, words="decimal"),
    Fault("days of a pack in years", {f"{DRUG}.pack_days": number(0.082, "days")}, DRUG, words="year"),
    Fault("days of a pack in months", {f"{DRUG}.pack_days": 1}, DRUG, "epnet", words="month"),
    Fault("days of a pack in weeks", {f"{DRUG}.pack_days": 4.2857}, DRUG, words="week"),
    Fault("a pack that lasts a year", {f"{DRUG}.pack_days": 365}, DRUG, words="long"),
    Fault("a generic price in pence", {f"{EV}.price_per_pack": 53665}, "everolimus", EVEROLIMUS, words="pence"),
    Fault(
        "a generic price per milligram", {f"{EV}.price_per_pack": 1.789}, "everolimus", EVEROLIMUS, words="milligram"
    ),
    Fault("a generic price times ten", {f"{EV}.price_per_pack": 5366.5}, "everolimus", EVEROLIMUS, words="decimal"),
    Fault("octreotide of a day", {"costs.drug.octreotide.price_per_pack": 35.66}, "octreotide", EVEROLIMUS),
    Fault(
        "octreotide, pence", {"costs.drug.octreotide.price_per_pack": 99841}, "octreotide", EVEROLIMUS, words="pence"
    ),
    Fault("lanreotide, price of the pack of one day", {"costs.drug.lanreotide.price_per_pack": 33.46}, "lanreotide"),
    Fault("lanreotide every 4 weeks", {"costs.drug.lanreotide.pack_days": 4}, "lanreotide", "epnet", words="week"),
    Fault("lanreotide every month as 1", {"costs.drug.lanreotide.pack_days": 1}, "lanreotide", words="four weeks"),
    Fault("capecitabine in pence", {"costs.drug.capecitabine.price_per_pack": 22572}, "capecitabine", words="pence"),
    Fault("a course of lutetium in pence", {"costs.drug.lutetium.price_per_course": 7150000}, "lutetium", LUTETIUM),
    Fault("lutetium in thousands", {"costs.drug.lutetium.price_per_course": 71.5}, "lutetium", LUTETIUM),
    Fault("sunitinib per capsule", {"costs.drug.sunitinib.price_per_pack": 4.0}, "sunitinib", COMPARATORS),
    Fault("sunitinib in pence", {"costs.drug.sunitinib.price_per_pack": 50000}, "sunitinib", COMPARATORS),
    Fault("a discount for what is left", {f"{DRUG}.discount": 0.99}, DRUG, words="complement|left"),
    Fault("a discount of 0.5 percent points", {f"{DRUG}.discount": 0.003}, DRUG, "epnet", words="percent"),
    Fault("5% of the tablets missed, as taken", {f"{DRUG}.share_of_tablets_taken": 0.05}, DRUG, words="complement"),
    Fault("tablets taken, percent", {f"{DRUG}.share_of_tablets_taken": 95}, DRUG),
    Fault("tablets taken, above 1", {f"{DRUG}.share_of_tablets_taken": 1.05}, DRUG),
    Fault("dose intensity of 85", {f"{DRUG}.milligram_intensity": 85}, DRUG, "epnet"),
    Fault("dose intensity of 1.12", {f"{DRUG}.milligram_intensity": 1.12}, DRUG),
    Fault("dose intensity as milligrams", {f"{DRUG}.milligram_intensity": 39}, DRUG),
    Fault("dose intensity as its complement", {f"{DRUG}.milligram_intensity": 0.15}, DRUG),
    Fault("tablets taken of the example", {f"{EV}.share_of_tablets_taken": 0.2}, "everolimus", EVEROLIMUS),
    Fault(
        "a price of 2015/16", {f"{UNIT}.ct_scan": number(99.88, "GBP", price_year="2015/16")}, "ct_scan", words="index"
    ),
    Fault("a price of 1999", {f"{DRUG}.price_per_pack": number(5143, "GBP", price_year="1999/00")}, DRUG, words="year"),
    Fault("a price year of the future", {"settings.price_year": "2042/43"}, "", words="year"),
    Fault("the wrong price year of the model", {"settings.price_year": "2014/15"}, "costs", words="year"),
    # ------------------------------------------------------------------------------------------ infusions
    Fault("grams for milligrams", infused(dose=number(0.075, "mg/m2")), SPARE["dose"], words="gram"),
    Fault("milligrams of a vial in grams", infused(vial_mg=number(0.1, "mg")), SPARE["vial_mg"], words="gram"),
    Fault("micrograms for milligrams", infused(dose=number(75000, "mg/m2")), SPARE["dose"], words="microgram"),
    Fault("a dose per kg typed flat", infused(dose=number(3, "mg"), vial_mg=number(100, "mg")), ""),
    Fault("body surface of 18", infused(body_size_mean=number(18, "m2")), SPARE["body_size_mean"], words="decimal"),
    Fault("body surface of 0.18", infused(body_size_mean=number(0.18, "m2")), SPARE["body_size_mean"], words="decimal"),
    Fault(
        "weight in pounds",
        infused(dose=number(3, "mg/kg"), body_size_mean=number(165, "kg"), body_size_sd=number(30, "kg")),
        SPARE["body_size_mean"],
    ),
    Fault(
        "weight in stone",
        infused(dose=number(3, "mg/kg"), body_size_mean=number(11.8, "kg"), body_size_sd=number(2, "kg")),
        SPARE["body_size_mean"],
    ),
    Fault("weight for a dose per m2", infused(body_size_mean=number(75, "kg"), body_size_sd=number(15, "kg"))),
    Fault("the variance of the body surface", infused(body_size_sd=number(0.02, "m2")), SPARE["body_size_sd"]),
    Fault(
        "the variance of weight",
        infused(dose=number(3, "mg/kg"), body_size_mean=number(75, "kg"), body_size_sd=number(225, "kg")),
        "",
    ),
    Fault("a vial in pence", infused(price_per_pack=number(30000, "GBP")), "price"),
    Fault("a vial per milligram", infused(price_per_pack=number(3, "GBP")), "price"),
    Fault("three weeks as 3 days between infusions", infused(pack_days=number(3, "days")), "pack_days"),
    Fault("21 weeks between infusions", infused(pack_days=number(21, "weeks")), "pack_days"),
    # ------------------------------------------------------------------------------------------ costs of care
    Fault("a nurse for a minute", {f"{UNIT}.nurse_hour": 0.883}, "nurse", words="GBP"),
    Fault("a nurse in pence", {f"{UNIT}.nurse_hour": 5300}, "nurse", words="pence"),
    Fault("a nurse for a day", {f"{UNIT}.nurse_hour": 397.5}, "nurse"),
    Fault("a scan of 1,000 pounds", {f"{UNIT}.ct_scan": 998.8}, "ct_scan", "epnet", words="decimal"),
    Fault("a scan of 10 pounds", {f"{UNIT}.ct_scan": 9.988}, "ct_scan", words="decimal"),
    Fault("a blood test for 24 pence", {f"{UNIT}.blood_test": 0.239}, "blood_test", words="decimal"),
    Fault(
        "a consultant for 1,642", {f"{UNIT}.consultant_follow_up": 1641.9}, "consultant", EVEROLIMUS, words="decimal"
    ),
    Fault("end of life in pence", {f"{UNIT}.end_of_life": 871403}, "end_of_life", words="pence"),
    Fault("end of life for a day", {f"{UNIT}.end_of_life": 23.87}, "end_of_life"),
    Fault("end of life for a month", {f"{UNIT}.end_of_life": 726.17}, "end_of_life", words="month|year"),
    Fault("end of life in thousands", {f"{UNIT}.end_of_life": 8.714}, "end_of_life", EVEROLIMUS, words="thousands"),
    Fault(
        "no end of life cost",
        {"costs.end_of_life": one_off(f"{UNIT}.ct_scan", "A scan at the start")},
        "costs",
        words="end of life|dies",
    ),
    Fault("end of life at no cost", {f"{UNIT}.end_of_life": 0}, "end_of_life"),
    Fault("dispensing of 1,100", {f"{UNIT}.pharmacist_dispensing": 1100}, "pharmacist", "epnet", words="pence"),
    Fault("dispensing for a year", {f"{UNIT}.pharmacist_dispensing": 143}, "pharmacist"),
    Fault("a first cycle for 2 pounds", {f"{UNIT}.oral_chemotherapy_first": 1.9725}, "oral", words="hundreds"),
    Fault("an event in thousands", {f"{UNIT}.adverse_event_any": 0.73}, "adverse_event", "epnet", words="thousands"),
    Fault(
        "visits per month for per week",
        {f"{CARE}.progression_free.consultant_later_frequency.unit": "per month"},
        "later",
    ),
    Fault("visits per year for per week", {f"{CARE}.progression_free.nurse_frequency.unit": "per year"}, "nurse"),
    Fault("a scan every 12 weeks as 12 a week", {f"{CARE}.progression_free.ct_frequency": 12}, "ct_frequency"),
    Fault(
        "scans a year as scans a week",
        {f"{CARE}.progression_free.ct_frequency": 4.33},
        "ct_frequency",
        words="per year",
    ),
    Fault(
        "scans a month as scans a week", {f"{CARE}.progressed.ct_frequency": 0.1826}, "ct_frequency", words="per month"
    ),
    Fault(
        "bloods a year as bloods a week",
        {f"{CARE}.progressed.blood_test_frequency": 5.22},
        "blood",
        "epnet",
        words="per year",
    ),
    Fault("nurse per day", {f"{CARE}.progressed.nurse_frequency.unit": "per day"}, "nurse", EVEROLIMUS),
    Fault("cost of a cycle as of a visit", {f"{CARE}.progression_free.consultant_later_frequency": 1}, "later"),
    Fault(
        "first weeks in months",
        {f"{CARE}.progression_free.consultant_changes_after.unit": "months"},
        "consultant",
        "epnet",
    ),
    Fault(
        "monitoring of the treated on nobody",
        {"costs.more": {**SCAN, "label": "ECG", "during": "on_treatment", "strategies": ["best_supportive_care"]}},
    ),
    Fault(
        "a diagnosis charged every cycle",
        {
            "costs.more": {
                **SCAN,
                "label": "Biopsy",
                "frequency": f"{CARE}.progressed.nurse_frequency",
                "unit_cost": f"{UNIT}.oral_chemotherapy_first",
            }
        },
    ),
    Fault(
        "the drug as a one-off cost too",
        {"costs.more": one_off(f"{DRUG}.price_per_pack", "Cabozantinib", strategies=["cabozantinib"])},
        "costs.more",
    ),
    Fault("the drug by person-time and by packs", {"costs.again": {**DRUG_ITEM, "method": "per_time"}}, "costs.again"),
    Fault(
        "bloods twice, once on treatment",
        {
            "costs.more": {
                **SCAN,
                "label": "Bloods on treatment",
                "during": "on_treatment",
                "frequency": f"{CARE}.progression_free.blood_test_frequency",
                "unit_cost": f"{UNIT}.blood_test",
            }
        },
        "costs.more",
    ),
    # ------------------------------------------------------------------------------------------ after progression
    Fault("four years of capecitabine", {"costs.subsequent.capecitabine_months.unit": "years"}, "capecitabine"),
    Fault(
        "four days of capecitabine", {"costs.subsequent.capecitabine_months.unit": "days"}, "capecitabine", EVEROLIMUS
    ),
    Fault("capecitabine for 20", {"costs.subsequent.capecitabine_share": 20}),
    Fault("capecitabine for 0.2%", {"costs.subsequent.capecitabine_share": 0.002}, "capecitabine", "epnet"),
    Fault("capecitabine for all but", {"costs.subsequent.capecitabine_share": 0.8}, "capecitabine", words="complement"),
    Fault("capecitabine for all", {"costs.subsequent.capecitabine_share": 1.2}, "capecitabine"),
    Fault(
        "subsequent treatments of 130%",
        {"costs.subsequent.capecitabine_share": 0.7, "costs.subsequent.lutetium_share": 0.6},
        "costs",
        LUTETIUM,
        words="share",
    ),
    Fault("crossover of 41", {"survival.cabinet_pnet.crossover_share": 41}),
    Fault(
        "crossover in the other cohort as complement",
        {"survival.cabinet_epnet.crossover_share": 0.67},
        "crossover",
        "epnet",
    ),
    Fault("crossover in weeks", {"costs.subsequent.crossover_months": number(6, "weeks")}, "crossover", "epnet"),
    Fault("months of crossover typed in weeks", {"costs.subsequent.crossover_months": 26}, "crossover"),
    # ------------------------------------------------------------------------------------------ adverse events
    Fault("incidence per cycle", {f"{SHARE}.cabozantinib": 0.05}, "cabozantinib"),
    Fault("incidence per 1,000", {f"{SHARE}.cabozantinib": 0.00065}, "cabozantinib"),
    Fault("incidence of the other arm", {f"{SHARE}.cabozantinib": 0.23, f"{SHARE}.placebo": 0.65}, "", words="swapped"),
    Fault("incidence as complement", {f"{SHARE}.cabozantinib": 0.35}, "cabozantinib", words="complement"),
    Fault("incidence as complement, other cohort", {f"{ESHARE}.placebo": 0.77}, "", "epnet"),
    Fault("duration in years", {DURATION: number(3, "years")}, "duration", "epnet", words="unit"),
    Fault("duration typed in days", {DURATION: 21}, "duration", words="days"),
    Fault("duration typed in years", {DURATION: 0.0575}, "duration", words="years"),
    Fault(
        "duration of the example in months",
        {"utilities.adverse_events.duration.unit": "months"},
        "duration",
        EVEROLIMUS,
    ),
    Fault("decrement as QALYs lost", {DECREMENT: 0.0115}, "decrement"),
    Fault("decrement in percent", {DECREMENT: 20}),
    Fault("utility of the event", {DECREMENT: 0.576}, "decrement"),
    Fault("decrement of 0.002", {"utilities.adverse_events.decrement": 0.002}, "decrement", EVEROLIMUS),
    Fault(
        "events of the untreated only",
        {f"{EVENT}.incidence": {"best_supportive_care": f"{ESHARE}.placebo"}},
        "",
        "epnet",
    ),
    Fault("events of both arms the same", {f"{EVENT}.incidence.cabozantinib": f"{SHARE}.placebo"}, "incidence"),
    Fault(
        "a named event of half a percent",
        {"adverse_events.cabinet.pnet.by_term.fatigue.cabozantinib": 0.0015},
        "fatigue",
        BY_TERM,
    ),
    # ------------------------------------------------------------------------------------------ utilities
    Fault("a utility of 77.6", {f"{STATE}.clarinet.progression_free": 77.6}),
    Fault("a utility of 7.76", {f"{STATE}.clarinet.progression_free": 7.76}),
    Fault(
        "a utility as disutility, other cohort",
        {f"{STATE}.clarinet.progression_free": 0.224},
        "progression_free",
        "epnet",
        words="complement",
    ),
    Fault(
        "the norm typed for patients",
        {f"{STATE}.clarinet.progression_free": 0.84},
        "progression_free",
        words="general population",
    ),
    Fault(
        "the norm typed for patients, older",
        {f"{STATE}.clarinet.progression_free": 0.815},
        "progression_free",
        "epnet",
        words="general population",
    ),
    Fault("full health", {f"{STATE}.clarinet.progression_free": 1.0}, "progression_free", words="implausible"),
    Fault("a VAS of 72", {f"{STATE}.clarinet.progression_free": 72}),
    Fault(
        "states swapped",
        {
            "utilities.decrement_on_progression": None,
            "utilities.progressed": f"{STATE}.clarinet.progression_free",
            "utilities.progression_free": f"{STATE}.clarinet.decrement_on_progression",
            f"{STATE}.clarinet.decrement_on_progression": number(0.726, "utility"),
        },
        "utilit",
        words="swapped",
    ),
    Fault("a decrement of 5", {f"{STATE}.clarinet.decrement_on_progression": 5}),
    Fault("a decrement of 0.5", {f"{STATE}.clarinet.decrement_on_progression": 0.5}, "decrement", words="decimal"),
    Fault("decrement as a multiplier", {f"{STATE}.clarinet.decrement_on_progression": 0.936}, "decrement"),
    Fault(
        "the disutility of treatment as a utility",
        {
            f"{STATE}.on_treatment_disutility.low": 0.746,
            "utilities.on_treatment_disutility": f"{STATE}.on_treatment_disutility.low",
        },
        "disutility",
    ),
    Fault(
        "the disutility of treatment of 3",
        {
            f"{STATE}.on_treatment_disutility.low": 3,
            "utilities.on_treatment_disutility": f"{STATE}.on_treatment_disutility.low",
        },
    ),
    Fault(
        "a decrement of the example times ten",
        {"utilities.states.clarinet.decrement_on_progression": 0.5},
        "decrement",
        EVEROLIMUS,
    ),
    # ------------------------------------------------------------------------------------------ settings, cohort
    Fault("a horizon in months", {"settings.horizon_years": 480}),
    Fault("a horizon of 4 years", {"settings.horizon_years": 4}, "horizon", "epnet"),
    Fault("a horizon of 1 year", {"settings.horizon_years": 1}, "horizon", EVEROLIMUS),
    Fault("a cycle of 1 for a month", {"settings.cycle_days": 1}, "cycle", "epnet"),
    Fault("a cycle of 12 months", {"settings.cycle_days": 365.25}, "cycle", "epnet"),
    Fault("a cycle of 3 months", {"settings.cycle_days": 91}, "cycle"),
    Fault(
        "discount rates per month",
        {"settings.discount_rate_costs": 0.0029, "settings.discount_rate_qalys": 0.0029},
        "settings",
    ),
    Fault("one discount rate of 35", {"settings.discount_rate_qalys": 35}),
    Fault("costs discounted at 15%", {"settings.discount_rate_costs": 0.15}, "settings"),
    Fault("start at 26", {f"{COHORT}.start_age": 26}, "start_age"),
    Fault("start at 6.6", {f"{ECOHORT}.start_age": 6.6}, "start_age", "epnet", words="decimal"),
    Fault("start in days", {f"{COHORT}.start_age": number(60, "days")}, "start_age"),
    Fault("45 for 45% women", {f"{COHORT}.proportion_female": 45}),
    Fault("0.45% women", {f"{COHORT}.proportion_female": 0.0045}, "female", words="percent"),
    Fault("5.17% women", {f"{ECOHORT}.proportion_female": 0.0517}, "female", "epnet", words="decimal"),
    Fault("the other cohort's age in months", {"population.cohort.start_age.unit": "months"}, "start_age", EVEROLIMUS),
    # ------------------------------------------------------------------------------------------ survival
    Fault(
        "median PFS over median OS",
        {f"{PFS}.median_placebo": number(44, "months", uncertainty={"log_normal": {"se_log": 0.2}})},
        "",
    ),
    Fault(
        "OS of the untreated in years",
        {f"{OS}.median_placebo": number(2.59, "months", uncertainty={"log_normal": {"se_log": 0.25}})},
        OS,
        words="year",
    ),
    Fault("OS typed in weeks", {f"{OS}.median_placebo": 135.2}, OS, words="week"),
    Fault("OS typed in days", {f"{EOS}.median_placebo": 599.6}, EOS, "epnet", words="days"),
    Fault(
        "PFS typed in years",
        {f"{PFS}.median_cabozantinib": number(1.15, "months", uncertainty={"log_normal": {"se_log": 0.2}})},
        PFS,
        words="year",
    ),
    Fault(
        "PFS typed in weeks",
        {f"{EPFS}.median_cabozantinib": number(36.5, "months", uncertainty={"log_normal": {"se_log": 0.2}})},
        EPFS,
        "epnet",
        words="week",
    ),
    Fault(
        "PFS times ten",
        {f"{PFS}.median_cabozantinib": number(138, "months", uncertainty={"log_normal": {"se_log": 0.2}})},
        PFS,
        words="decimal",
    ),
    Fault(
        "log of the hazard ratio",
        {f"{PFS}.hazard_ratio": number(-1.47, "ratio", uncertainty={"log_normal": {"se_log": 0.3}})},
    ),
    Fault(
        "log of the OS ratio as the ratio",
        {f"{OS}.hazard_ratio": number(0.051, "ratio", uncertainty={"log_normal": {"se_log": 0.38}})},
        OS,
        words="log",
    ),
    Fault(
        "log ratio without its sign",
        {f"{EOS}.hazard_ratio": number(0.151, "ratio", uncertainty={"log_normal": {"se_log": 0.22}})},
        EOS,
        "epnet",
        words="log",
    ),
    Fault(
        "ratio in percent reduction",
        {f"{PFS}.hazard_ratio": number(0.77, "ratio", uncertainty={"log_normal": {"se_log": 0.3}})},
        PFS,
        words="complement|reduction",
    ),
    Fault(
        "ratio of OS as reduction",
        {f"{EOS}.hazard_ratio": number(0.14, "ratio", uncertainty={"log_normal": {"se_log": 0.22}})},
        EOS,
        "epnet",
        words="complement|reduction",
    ),
    Fault(
        "ratio of 2.3",
        {f"{PFS}.hazard_ratio": number(2.3, "ratio", uncertainty={"log_normal": {"se_log": 0.3}})},
        PFS,
        words="decimal",
    ),
    Fault(
        "ratio of PFS of the example inverted",
        {
            f"{EPS}.pfs.hazard_ratio": {
                **number(2.083, "ratio", uncertainty={"log_normal": {"se_log": 0.17}}),
                "source": ["assumptions"],
            }
        },
        EPS,
        EVEROLIMUS,
        words="inverted",
    ),
    Fault(
        "medians of the example swapped",
        {f"{EPS}.pfs.median_everolimus": 3.9, f"{EPS}.pfs.median_placebo": 11},
        EPS,
        EVEROLIMUS,
        words="swapped",
    ),
    Fault("the median of PFS for OS, other cohort", {f"{OLD}.os.median": f"{EPFS}.median_placebo"}, "", "epnet"),
    Fault("the upper end of the ratio as the ratio", {f"{OS}.hazard_ratio": 2.0}, OS),
    Fault(
        "the effect ends after 36 days",
        {"survival.relative_effect.os_effect_ends.month_36.unit": "days"},
        "os_effect_ends",
        "epnet",
    ),
    Fault("the effect ends after 3 months", {"survival.relative_effect.os_effect_ends.month_36": 3}, "os_effect_ends"),
    Fault("scale typed for the shape", {"survival.radiant3.os_shape": 44}, "os_shape"),
    Fault("rate typed for the shape", {"survival.radiant4.os_shape": 0.035}, "os_shape", "epnet"),
    Fault("shape inverted", {"survival.radiant4.os_shape": 0.0126}, "os_shape", "epnet"),
    Fault("a landmark in percent", {"survival.radiant3.os_placebo_landmarks.month_12.value": 82}),
    Fault(
        "a landmark of 8.2%",
        {"survival.radiant3.os_placebo_landmarks.month_12": number(0.082, "proportion")},
        "landmarks",
    ),
    Fault(
        "landmarks swapped",
        {
            "survival.radiant3.os_placebo_landmarks.month_12": number(0.355, "proportion"),
            "survival.radiant3.os_placebo_landmarks.month_60": number(0.82, "proportion"),
        },
        "landmarks",
    ),
    Fault(
        "a landmark of the example as deaths",
        {
            f"{EPS}.os_landmarks.placebo.month_12": {
                **number(0.1787, "proportion", at_months=12),
                "source": ["assumptions"],
            }
        },
        "landmarks",
        EVEROLIMUS,
    ),
    Fault(
        "a landmark's months in years", {"survival.radiant3.os_placebo_landmarks.month_60.at_months": 720}, "landmarks"
    ),
    Fault(
        "time on treatment in months as a ratio",
        {
            f"{NEW}.time_on_treatment": {
                "rule": "pfs_time_ratio",
                "time_ratio": "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs",
            },
            "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs": 8.3,
        },
        "time_on_treatment",
    ),
    Fault(
        "time on treatment of 6%",
        {
            f"{NEW}.time_on_treatment": {
                "rule": "pfs_time_ratio",
                "time_ratio": "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs",
            },
            "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs": 0.06,
        },
        "time_on_treatment",
    ),
    Fault(
        "treatment stops after 24 days",
        {
            f"{NEW}.time_on_treatment.stops_at": "survival.relative_effect.stop_treatment_at.month_24",
            "survival.relative_effect.stop_treatment_at.month_24.unit": "days",
        },
        "stop_treatment",
    ),
    Fault("follow-up in years", {f"{PFS}.follow_up_median.unit": "years"}, "follow_up"),
    # ------------------------------------------------------------------------------------------ uncertainty
    Fault(
        "SE of the ratio for that of its log",
        {f"{PFS}.hazard_ratio.uncertainty": {"log_normal": {"se_log": 0.07}}},
        PFS,
    ),
    Fault("variance of the log ratio", {f"{OS}.hazard_ratio.uncertainty": {"log_normal": {"se_log": 0.145}}}, OS),
    Fault(
        "variance of the log ratio, other cohort",
        {f"{EOS}.hazard_ratio.uncertainty": {"log_normal": {"se_log": 0.047}}},
        EOS,
        "epnet",
    ),
    Fault("SD of the log ratio", {f"{EOS}.hazard_ratio.uncertainty": {"log_normal": {"se_log": 3.2}}}, EOS, "epnet"),
    Fault(
        "ci95 as half widths",
        {f"{PFS}.hazard_ratio.uncertainty.ci95": {"low": 0.11, "high": 0.19, "scale": "log"}},
        PFS,
    ),
    Fault(
        "ci95 with equal ends",
        {f"{PFS}.hazard_ratio.uncertainty.ci95": {"low": 0.23, "high": 0.23, "scale": "log"}},
        PFS,
    ),
    Fault(
        "ci95 ten times too narrow",
        {f"{EOS}.hazard_ratio.uncertainty.ci95": {"low": 0.82, "high": 0.90, "scale": "log"}},
        EOS,
        "epnet",
    ),
    Fault(
        "ci95 of the other endpoint",
        {f"{OS}.hazard_ratio.uncertainty.ci95": {"low": 0.12, "high": 0.42, "scale": "log"}},
        OS,
    ),
    Fault(
        "ci95 of logs", {f"{OS}.hazard_ratio.uncertainty.ci95": {"low": -0.8, "high": 0.69, "scale": "identity"}}, OS
    ),
    Fault("a lopsided median", {f"{PFS}.median_cabozantinib.uncertainty.ci95.low": 0.92}, PFS),
    Fault(
        "a median's interval of another arm",
        {f"{PFS}.median_cabozantinib.uncertainty.ci95": {"low": 3.0, "high": 5.9, "scale": "log"}},
        PFS,
    ),
    Fault(
        "SD of PFS for SE",
        {f"{EPS}.pfs.median_everolimus.uncertainty": {"log_normal": {"se_log": 1.2}}},
        EPS,
        EVEROLIMUS,
    ),
    Fault("SD of PFS for SE, median OS", {f"{OS}.median_placebo.uncertainty": {"log_normal": {"se_log": 0.95}}}, OS),
    Fault(
        "SE of a utility in percent",
        {f"{STATE}.clarinet.progression_free.uncertainty": {"beta": {"se": 0.0002}}},
        "progression_free",
    ),
    Fault(
        "variance of a utility",
        {f"{STATE}.clarinet.progression_free.uncertainty": {"beta": {"se": 0.0004}}},
        "progression_free",
        "epnet",
    ),
    Fault(
        "variance of a decrement",
        {f"{STATE}.clarinet.decrement_on_progression.uncertainty": {"gamma": {"se": 0.0004}}},
        "decrement",
    ),
    Fault("SD of a decrement of an event", {f"{DECREMENT}.uncertainty": {"gamma": {"se": 0.25}}}, "decrement"),
    Fault("SE of 0.2% of a unit cost", {f"{UNIT}.ct_scan.uncertainty": {"gamma": {"se_relative": 0.0015}}}, "ct_scan"),
    Fault(
        "SE absolute for relative", {f"{UNIT}.consultant_follow_up.uncertainty": {"gamma": {"se": 0.15}}}, "consultant"
    ),
    Fault("SD of a duration", {f"{DURATION}.uncertainty": {"gamma": {"se": 10}}}, "duration"),
    Fault(
        "6 patients behind a share",
        {f"{SHARE}.cabozantinib.uncertainty": {"beta": {"effective_n": 0.65}}},
        "cabozantinib",
    ),
    Fault(
        "variance of a share", {f"{SHARE}.cabozantinib.uncertainty": {"beta": {"effective_n": 100000}}}, "cabozantinib"
    ),
    Fault(
        "uniform with the value outside",
        {"costs.care.somatostatin_analogue_share.uncertainty": {"uniform": {"low": 0.6, "high": 0.9}}},
        "somatostatin",
    ),
    Fault(
        "one shape's SE times ten",
        {"survival.radiant3.os_shape.uncertainty": {"log_normal": {"se_log": 1.5}}},
        "os_shape",
    ),
    Fault(
        "SE of a frequency above it",
        {f"{CARE}.progressed.nurse_frequency.uncertainty": {"gamma": {"se_relative": 2.5}}},
        "nurse",
    ),
    Fault("310 patients for 31", {f"{PFS}.patients_placebo": 310}, "patients"),
    Fault(
        "arms' patients swapped",
        {f"{EPS}.pfs.patients_everolimus": 97, f"{EPS}.pfs.patients_placebo": 205},
        "patients",
        EVEROLIMUS,
    ),
    # ------------------------------------------------------------------------------------------ decision, studies
    Fault("a threshold of 25", {f"{PACK}.threshold_lower": 25}, "threshold", "epnet", words="thousands"),
    Fault("thresholds swapped", {f"{PACK}.threshold_lower": 35000, f"{PACK}.threshold_upper": 25000}, "threshold"),
    Fault("a severity weight in percent", {f"{PACK}.severity.weight_1_2": 120}, "severity"),
    Fault("weights swapped", {f"{PACK}.severity.weight_1_2": 1.7, f"{PACK}.severity.weight_1_7": 1.2}, "severity"),
    Fault("a shortfall of 85", {f"{PACK}.severity.proportional_1_2": 85}),
    Fault("a decision of 10 weeks", {f"{VOI}.decision_lasts.unit": "weeks"}, "decision_lasts", "epnet"),
    Fault("follow-up of 24 years", {f"{VOI}.trial_follow_up.unit": "years"}, "follow_up"),
    Fault("a study of 1 pound", {f"{VOI}.study_fixed_cost": 1}, "fixed_cost"),
    Fault("an uptake of 1%", {f"{VOI}.uptake": 0.01}, "uptake", words="percent"),
    Fault("eligible in a lifetime", {"population.cohorts.eligible_per_year_england": 300000}, "eligible"),
    Fault(
        "established practice of the example",
        {"decision.established_practice": "everolimus"},
        "established",
        EVEROLIMUS,
    ),
    Fault(
        "the drug of the example never taken", {"strategies.everolimus.time_on_treatment.rule": "none"}, "", EVEROLIMUS
    ),
    # ------------------------------------------------------------------------------------------ of something else
    Fault("PFS of the other cohort", {f"{NEW}.pfs.trial": EPFS}, EPFS, words="cohort"),
    Fault("OS of the other cohort", {f"{OLD}.os.median": f"{EOS}.median_placebo"}, EOS, words="cohort"),
    Fault("ratio of the other cohort", {f"{NEW}.os.hazard_ratio": f"{OS}.hazard_ratio"}, OS, "epnet", words="cohort"),
    Fault("age of the other cohort", {"population.start_age": f"{ECOHORT}.start_age"}, ECOHORT, words="cohort"),
    Fault(
        "events of the other cohort",
        {f"{EVENT}.incidence.cabozantinib": f"{ESHARE}.cabozantinib"},
        ESHARE,
        words="cohort",
    ),
    Fault(
        "ratio of another strategy",
        {"strategies.everolimus.pfs.hazard_ratio": "survival.sunitinib.pfs_anchored.hazard_ratio"},
        "everolimus.pfs",
        COMPARATORS,
        words="another",
    ),
    Fault(
        "price of another strategy's drug",
        {"costs.sunitinib.price_per_pack": "costs.drug.everolimus.price_per_pack"},
        "costs.sunitinib",
        COMPARATORS,
        words="another",
    ),
    Fault("every dispensing as the first", {"costs.first_dispensing.occasions": "all"}, "first_dispensing"),
    Fault(
        "one utility for both states",
        {"utilities.decrement_on_progression": None, "utilities.progressed": f"{STATE}.clarinet.progression_free"},
        "utilities.progressed",
        words="same number",
    ),
    Fault(
        "640 patients for 64",
        {f"{SHARE}.cabozantinib.uncertainty": {"beta": {"effective_n": 640}}},
        SHARE,
        words="ten times the patients",
    ),
    Fault("a decimal of an end", {f"{EPFS}.median_placebo.uncertainty.ci95.low": 0.3}, EPFS, "epnet", words="decimal"),
    Fault("an event's cost for a year", {f"{UNIT}.adverse_event_any": 8759.6}, "adverse_event", words="year"),
    Fault("a discount of everything", {f"{DRUG}.discount": 1}, DRUG, words="percentage"),
    Fault("a complement of a rate", {"settings.discount_rate_costs": 0.965}, "settings", words="complement"),
)
"""Every one."""
