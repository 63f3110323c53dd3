"""Changes that a reviewer would try and a colleague would make: none of them looks like a mistake."""

from __future__ import annotations

from plausibility.further_faults import BY_TERM, COHORT, COMPARATORS, ECOHORT, EPS, EV, LUTETIUM, VOI
from plausibility.seeded_faults import (
    CARE,
    DRUG,
    EOS,
    EPFS,
    EVEROLIMUS,
    NEW,
    OLD,
    OS,
    PACK,
    PFS,
    STATE,
    UNIT,
    Fault,
    number,
)

CLARINET, EXAMPLE = f"{STATE}.clarinet", "utilities.states.clarinet"
EVENT_DECREMENT = "utilities.adverse_events.decrements.any_grade3plus"
EVENT_DURATION = "utilities.adverse_events.duration.any_grade3plus"
INCIDENCE = "adverse_events.cabinet.pnet.any_grade3plus"
EFFECT = "survival.relative_effect"


def ratio(value: float, se: float) -> dict[str, object]:
    return number(value, "ratio", uncertainty={"log_normal": {"se_log": se}})


def rates(costs: float, qalys: float) -> dict[str, object]:
    return {"settings.discount_rate_costs": costs, "settings.discount_rate_qalys": qalys}


LEGITIMATE = (
    *(Fault(f"price {part:.0%}", {f"{DRUG}.price_per_pack": 5143 * part}) for part in (0.25, 0.5, 0.75, 1.2)),
    *(Fault(f"price {part:.0%}", {f"{DRUG}.price_per_pack": 5143 * part}, scenario="epnet") for part in (0.5, 0.9)),
    *(Fault(f"discount {share}", {f"{DRUG}.discount": share}) for share in (0.05, 0.175, 0.33, 0.65, 0.95)),
    Fault("everolimus at list price", {f"{EV}.price_per_pack": 2673}, scenario=EVEROLIMUS),
    Fault("everolimus half as dear", {f"{EV}.price_per_pack": 268}, scenario=EVEROLIMUS),
    Fault("octreotide for all", {"costs.drug.octreotide.share_none": 1}, scenario=EVEROLIMUS),
    Fault("a pack of 28", {f"{DRUG}.pack_days": 28}),
    Fault("a pack of 60", {f"{DRUG}.pack_days": 60, f"{DRUG}.price_per_pack": 10286}),
    Fault("lanreotide every 3 weeks", {"costs.drug.lanreotide.pack_days": 21}),
    Fault("lanreotide every 8 weeks", {"costs.drug.lanreotide.pack_days": 56}, scenario="epnet"),
    *(Fault(f"tablets {share}", {f"{DRUG}.share_of_tablets_taken": share}) for share in (0.7, 0.85, 0.9)),
    Fault("intensity 0.85", {f"{DRUG}.milligram_intensity": 0.85, "costs.cabozantinib.price_follows_milligrams": True}),
    *(Fault(f"ratio of OS {hr}", {f"{OS}.hazard_ratio": hr}) for hr in (0.5, 0.6, 0.75, 0.86, 1.0, 1.05, 1.2)),
    *(Fault(f"ratio of OS {hr}", {f"{EOS}.hazard_ratio": hr}, scenario="epnet") for hr in (0.6, 0.7, 0.95, 1.05)),
    *(Fault(f"ratio of OS {hr}", {f"{EPS}.os.hazard_ratio": hr}, scenario=EVEROLIMUS) for hr in (0.5, 0.73, 0.9, 1)),
    Fault("ratio of PFS 0.3", {f"{PFS}.hazard_ratio": ratio(0.3, 0.3)}),
    Fault("ratio of PFS 0.27", {f"{PFS}.hazard_ratio": 0.27}),
    Fault("ratio of PFS 0.45", {f"{EPFS}.hazard_ratio": 0.45}, scenario="epnet"),
    Fault("ratio of PFS 0.52", {f"{EPS}.pfs.hazard_ratio": 0.52}, scenario=EVEROLIMUS),
    Fault("median OS 24", {f"{OS}.median_placebo": 24}),
    Fault("median OS 45", {f"{OS}.median_placebo": 45}),
    Fault("median OS 27", {f"{EOS}.median_placebo": 27}, scenario="epnet"),
    Fault("median PFS 11.4", {f"{PFS}.median_cabozantinib": 11.4}),
    Fault("median PFS 5.6", {f"{PFS}.median_placebo": 5.6}),
    Fault("an effect until 60 months", {f"{NEW}.os.waning.ends": f"{EFFECT}.os_effect_ends.month_60"}),
    Fault("an effect until 18 months", {f"{EFFECT}.os_effect_ends.month_36": 18}),
    Fault("an effect until 10 years", {f"{EFFECT}.os_effect_ends.month_36": 120}),
    Fault("a Gompertz", {f"{OLD}.os.distribution": "gompertz"}),
    Fault("a generalised shape", {"survival.radiant3.os_shape": 1.3}),
    Fault("deaths among PFS events", {f"{EFFECT}.share_of_pfs_events_that_are_deaths": 0.15}),
    *(Fault(f"utility {u}", {f"{CLARINET}.progression_free": u}) for u in (0.6, 0.65, 0.7, 0.74, 0.79, 0.82)),
    *(Fault(f"utility {u}", {f"{EXAMPLE}.progression_free": u}, scenario=EVEROLIMUS) for u in (0.68, 0.75)),
    *(Fault(f"loss {u}", {f"{CLARINET}.decrement_on_progression": u}) for u in (0.02, 0.1, 0.12, 0.16)),
    Fault("no loss on progression", {f"{CLARINET}.decrement_on_progression": 0}),
    Fault("a loss on treatment", {"utilities.on_treatment_disutility": f"{STATE}.on_treatment_disutility.low"}),
    *(Fault(f"horizon {y}", {"settings.horizon_years": y}) for y in (5, 10, 15, 20, 25, 30, 50)),
    *(Fault(f"horizon {y}", {"settings.horizon_years": y}, scenario="epnet") for y in (5, 20, 34)),
    *(
        Fault(f"age {y}", {f"{COHORT}.start_age": y, "settings.horizon_years": 25})
        for y in (40, 45, 50, 55, 65, 70, 75)
    ),
    Fault("age 61.5", {f"{ECOHORT}.start_age": 61.5}, scenario="epnet"),
    Fault("women 0.6", {f"{COHORT}.proportion_female": 0.6}),
    Fault("women 0.4", {f"{ECOHORT}.proportion_female": 0.4}, scenario="epnet"),
    *(Fault(f"rates {a} and {b}", rates(a, b)) for a, b in ((0, 0), (0.015, 0.015), (0.03, 0.03), (0.035, 0.015))),
    Fault("rates of other countries", rates(0.04, 0.015)),
    *(Fault(f"cycle {d}", {"settings.cycle_days": d}) for d in (7, 14, 21, 30, 30.4375)),
    Fault("unit cost up by half", {f"{UNIT}.ct_scan": 150}),
    Fault("a dear consultant", {f"{UNIT}.consultant_follow_up": 240}),
    Fault("dispensing of 15", {f"{UNIT}.pharmacist_dispensing": 15}),
    Fault("end of life of 5,000", {f"{UNIT}.end_of_life": 5000}),
    Fault("end of life of 16,000", {f"{UNIT}.end_of_life": 16000}, scenario="epnet"),
    Fault("events of 2,500", {f"{UNIT}.adverse_event_any": 2500}),
    Fault("scans every 12 weeks", {f"{CARE}.progression_free.ct_frequency": 0.0833}),
    Fault("scans every 8 weeks", {f"{CARE}.progression_free.ct_frequency": 0.125}),
    Fault("scans every 6 months", {f"{CARE}.progressed.ct_frequency": number(2, "per year")}),
    Fault("visits every month", {f"{CARE}.progressed.consultant_frequency": number(1, "per month")}),
    Fault("nurse every 2 weeks", {f"{CARE}.progressed.nurse_frequency": 0.5}),
    Fault("events for a month", {EVENT_DURATION: 4.35}),
    Fault("events for 10 days", {EVENT_DURATION: number(10, "days")}),
    Fault("a decrement of 0.1", {EVENT_DECREMENT: 0.1}),
    Fault("incidence 0.5", {f"{INCIDENCE}.cabozantinib": 0.5}),
    Fault("incidence 0.8 and 0.3", {f"{INCIDENCE}.cabozantinib": 0.8, f"{INCIDENCE}.placebo": 0.3}),
    Fault("capecitabine for 30%", {"costs.subsequent.capecitabine_share": 0.3}),
    Fault("capecitabine for 6 months", {"costs.subsequent.capecitabine_months": 6}),
    Fault("lutetium for 30%", {"costs.subsequent.lutetium_share": 0.3}, scenario=LUTETIUM),
    Fault("crossover for a year", {"costs.subsequent.crossover_months": number(12, "months")}),
    Fault("crossover of 52%", {"survival.cabinet_pnet.crossover_share": 0.52}),
    Fault("an analogue for 20%", {f"{CARE}.somatostatin_analogue_share": 0.2}),
    Fault("thresholds of 20,000 and 30,000", {"decision.method_pack": "nice-2022"}),
    Fault("a threshold of 50,000", {f"{PACK}.threshold_lower": 50000, f"{PACK}.threshold_upper": 60000}),
    Fault("a decision of 5 years", {f"{VOI}.decision_lasts": 5}),
    Fault("a dear study", {f"{VOI}.study_fixed_cost": 4e6, f"{VOI}.study_cost_per_patient": 25000}),
    Fault("half the uptake", {f"{VOI}.uptake": 0.5}),
    Fault("sunitinib dearer", {"costs.drug.sunitinib.price_per_pack": 2000}, scenario=COMPARATORS),
    Fault(
        "more hypertension", {"adverse_events.cabinet.pnet.by_term.hypertension.cabozantinib": 0.3}, scenario=BY_TERM
    ),
    Fault("a wider utility", {f"{CLARINET}.progression_free.uncertainty": {"beta": {"se": 0.04}}}),
    Fault("a narrower utility", {f"{CLARINET}.progression_free.uncertainty": {"beta": {"se": 0.012}}}),
    Fault("unit costs of 25%", {f"{UNIT}.ct_scan.uncertainty": {"gamma": {"se_relative": 0.25}}}),
    Fault("unit costs of 5%", {f"{UNIT}.ct_scan.uncertainty": {"gamma": {"se_relative": 0.05}}}),
    Fault("another interval", {f"{OS}.hazard_ratio": ratio(0.8, 0.3)}),
    Fault("a share of 100 patients", {f"{INCIDENCE}.cabozantinib.uncertainty": {"beta": {"effective_n": 100}}}),
    Fault(
        "treatment until 8.3 months",
        {
            f"{NEW}.time_on_treatment": {
                "rule": "pfs_time_ratio",
                "time_ratio": "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs",
            }
        },
    ),
    Fault(
        "treatment for 2 years at most", {f"{NEW}.time_on_treatment.stops_at": f"{EFFECT}.stop_treatment_at.month_24"}
    ),
)
"""Every one; `at` and `words` are not used."""
