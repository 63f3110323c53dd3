"""The table of plausible ranges, by what a number is used for; each with its source, or why it is assumed.

The lowest and the highest value are generous: about half and twice what was found, so that what lies outside is more
often a slip than a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Range(NamedTuple):
    """Plausible values of one use of numbers.

    Attributes
    ----------
    low, high : float
        [`unit`]
    unit : str
        One of the units of inputs/; of a bare setting the words that a message puts behind it.
    words : str
        What the number is.
    source : str
        Where the range comes from; an assumption says so, with its reason.
    zero : bool
        Whether exactly 0 is a choice rather than a slip.
    """

    low: float
    high: float
    unit: str
    words: str
    source: str
    zero: bool = False


MANUAL: Final = "NICE's manual, PMG36"
SHIPPED: Final = "half the lowest to twice the highest of published trials in the shipped inputs"
COLLECTION: Final = "NHS National Cost Collection and PSSRU 2021/22, halved and doubled"
TARIFF: Final = "NHS dm+d list prices, week 34 of 2025, and national prices paid"
SCHEDULE: Final = "assumption: packs and cycles of cancer drugs last from a week to a quarter"
COHORT: Final = "assumption: adults with advanced cancer; the shipped cohorts are 55 to 66 years old"
MIX: Final = "assumption: a trial of both sexes; the shipped cohorts have 40% to 52% women"
SHARE: Final = "assumption: a share of less than 1% would hardly be modelled"
VALUED: Final = "published state utilities of advanced cancer, 0.61 to 0.78, with a wide margin"
LOSSES: Final = "published decrements, 0.047 to 0.261, halved and doubled"
SHORT_LIVED: Final = "external assessment group (ID6184): three weeks; assumption: half a week to a quarter of a year"
STUDY: Final = "assumption: orders of magnitude of clinical studies"
HORIZON: Final = "PMG36 4.2.22: long enough for all differences; assumption: 5 years at least, a lifetime at most"
LENGTH: Final = "assumption: median PFS is a few months, so that a cycle is a week to five weeks"
RATES: Final = "PMG36 4.5: 3.5% (1.5% in sensitivity analyses); assumption: no country asks for more than 10%"
TREATED: Final = "shipped trials: time on treatment is 60% to 100% of progression-free time"
WORK: Final = "assumption: from an hour at the minimum wage to a specialist's day; hours or days of a working year"
OBSERVED: Final = "assumption: neither before a trial's follow-up nor decades later"
OUTLASTS: Final = "assumption: an effect outlasts treatment by a month to a decade, if at all"
SHAPES: Final = "assumption: fitted shapes of advanced cancers; the shipped ones are 0.8 to 1.4"
VIALS: Final = "assumption: doses and vials of infused cancer drugs"
BODY: Final = "assumption: means of adult patients; UK patients with cancer average about 75 kg and 1.8 m2"
SEVERITY: Final = "PMG36 6.2.17: 12 and 18 QALYs, 0.85 and 0.95, weights 1, 1.2 and 1.7"

RANGES: Final[Mapping[str, Range]] = {
    "settings.horizon_years": Range(5, 60, "years", "a time horizon", HORIZON),
    "settings.cycle_days": Range(7, 35, "days", "the length of a cycle", LENGTH),
    "settings.discount_rate_costs": Range(0.01, 0.1, "a year", "a discount rate", RATES, zero=True),
    "settings.discount_rate_qalys": Range(0.01, 0.1, "a year", "a discount rate", RATES, zero=True),
    "population.start_age": Range(40, 85, "years", "the mean age of a cohort", COHORT),
    "population.proportion_female": Range(0.2, 0.8, "proportion", "the share of women", MIX),
    "population.combined_view_weight": Range(0.02, 0.98, "proportion", "the weight of a population", SHARE),
    "survival.share_of_pfs_events_that_are_deaths": Range(
        0.01, 0.5, "proportion", "the share of PFS events that are deaths", "shipped scenarios: 2% to 20%", zero=True
    ),
    # ---------------------------------------------------------------------------------------------- survival
    "pfs.median": Range(1.5, 48, "months", "a median PFS", SHIPPED),
    "os.median": Range(6, 120, "months", "a median OS", SHIPPED),
    "time_on_treatment.median": Range(1, 48, "months", "a median time on treatment", SHIPPED),
    "pfs.hazard_ratio": Range(0.1, 1.3, "ratio", "a hazard ratio of PFS", SHIPPED),
    "os.hazard_ratio": Range(0.4, 1.4, "ratio", "a hazard ratio of OS", SHIPPED),
    "pfs.acceleration_factor": Range(0.75, 8, "ratio", "an acceleration factor of PFS", SHIPPED),
    "os.acceleration_factor": Range(0.75, 3, "ratio", "an acceleration factor of OS", SHIPPED),
    "time_on_treatment.time_ratio": Range(0.3, 1.2, "ratio", "time on treatment over PFS", TREATED),
    "time_on_treatment.stops_at": Range(6, 120, "months", "the end of treatment", OBSERVED),
    "hazard_ratios.until": Range(1, 180, "months", "the time at which a hazard ratio changes", OBSERVED),
    "waning.starts": Range(9, 180, "months", "the time from which an effect fades", OBSERVED, zero=True),
    "waning.ends": Range(9, 240, "months", "the time at which an effect has ended", OBSERVED, zero=True),
    "waning.starts since treatment": Range(
        1, 120, "months", "the time after treatment from which an effect fades", OUTLASTS, zero=True
    ),
    "waning.ends since treatment": Range(
        1, 180, "months", "the time after treatment at which an effect has ended", OUTLASTS, zero=True
    ),
    "shape.weibull": Range(0.5, 3, "parameter", "a Weibull shape", SHAPES),
    "shape.weibull_ph": Range(0.5, 3, "parameter", "a Weibull shape", SHAPES),
    "shape.gamma": Range(0.4, 6, "parameter", "a gamma shape", SHAPES),
    "shape.log_logistic": Range(0.6, 5, "parameter", "a log-logistic shape", SHAPES),
    "shape.log_normal": Range(0.3, 2.5, "parameter", "the standard deviation of log time", SHAPES),
    "trial.follow_up_median": Range(2, 120, "months", "a median follow-up", SHIPPED),
    "trial.patients": Range(5, 5000, "patients", "the patients of an arm", "shipped trials: 8 to 207 in an arm"),
    "landmark.months": Range(1, 240, "months", "the time of a landmark", "shipped landmarks: 6 to 60 months"),
    "median PFS of the curve": Range(1.2, 60, "months", "a median PFS", SHIPPED),
    "median OS of the curve": Range(5, 150, "months", "a median OS", SHIPPED),
    # ---------------------------------------------------------------------------------------------- utilities
    "utilities.progression_free": Range(0.4, 0.95, "utility", "the utility of a state", VALUED),
    "utilities.progressed": Range(0.2, 0.92, "utility", "the utility of progressed disease", VALUED),
    "utilities.off_treatment_progression_free": Range(0.4, 0.95, "utility", "the utility of a state", VALUED),
    "utilities.off_treatment_progressed": Range(0.2, 0.92, "utility", "the utility of a state", VALUED),
    "utilities.beyond": Range(0.3, 0.95, "utility", "a utility far from death", VALUED),
    "utilities.bands.utility": Range(0, 0.92, "utility", "a utility near death", VALUED),
    "utilities.decrement_on_progression": Range(
        0.01, 0.3, "utility", "what progression loses in utility", "published: 0.05 and 0.16, with a margin", zero=True
    ),
    "utilities.on_treatment_disutility": Range(
        0.002, 0.15, "utility", "what treatment loses in utility", "shipped scenarios: 0 to 0.05, tripled", zero=True
    ),
    "utilities.anchor_age": Range(40, 85, "years", "the mean age of a utility study", COHORT),
    "event.decrement": Range(0.02, 0.5, "utility", "what an adverse event loses in utility", LOSSES, zero=True),
    "event.duration": Range(0.5, 12, "weeks", "how long an adverse event lasts", SHORT_LIVED),
    "event.incidence": Range(0.01, 0.98, "proportion", "the incidence of an adverse event", SHARE, zero=True),
    "event.unit_cost": Range(100, 10_000, "GBP", "the cost of an adverse event", COLLECTION, zero=True),
    # ---------------------------------------------------------------------------------------------- costs
    "drug_acquisition.pack_days": Range(7, 100, "days", "how long a pack lasts", SCHEDULE),
    "drug_acquisition.interval": Range(6, 100, "days", "the time between administrations", SCHEDULE),
    "drug_acquisition.share": Range(0.01, 1, "proportion", "the share of patients on a drug", SHARE, zero=True),
    "drug_acquisition.discount": Range(
        0.01, 0.95, "proportion", "a discount", "assumption: shipped ladders end at 90%", zero=True
    ),
    "drug_acquisition.share_of_tablets_taken": Range(
        0.5, 1, "proportion", "the share of tablets taken", "shipped scenarios: 80% to 100%"
    ),
    "drug_acquisition.milligram_intensity": Range(
        0.3, 1, "proportion", "mean dose over planned dose", "published: 39 of 60 mg, halved"
    ),
    "drug_acquisition.price_per_vial": Range(2, 20_000, "GBP", "the price of a vial", TARIFF, zero=True),
    "drug_acquisition.vial_mg": Range(0.5, 5000, "mg", "the content of a vial", VIALS),
    "drug_acquisition.dose in mg/kg": Range(0.05, 30, "mg/kg", "a dose by weight", VIALS),
    "drug_acquisition.dose in mg/m2": Range(0.5, 3000, "mg/m2", "a dose by body surface", VIALS),
    "drug_acquisition.dose in mg": Range(0.5, 3000, "mg", "a dose", VIALS),
    "drug_acquisition.body_size_mean in kg": Range(45, 110, "kg", "a mean weight", BODY),
    "drug_acquisition.body_size_mean in m2": Range(1.4, 2.3, "m2", "a mean body surface", BODY),
    "administration.unit_cost": Range(5, 1000, "GBP", "the cost of an administration", COLLECTION, zero=True),
    "administration.interval": Range(6, 100, "days", "the time between administrations", SCHEDULE),
    "administration.share": Range(0.01, 1, "proportion", "the share of patients on a drug", SHARE, zero=True),
    "resource_use.unit_cost": Range(1, 5000, "GBP", "a unit cost of care", COLLECTION, zero=True),
    "resource_use.frequency": Range(
        0.4,
        60,
        "per year",
        "how often care is given",
        "shipped scenarios: 1 to 26 a year; twice a week is not clinic care",
    ),
    "resource_use.share": Range(0.01, 1, "proportion", "the share of patients", SHARE, zero=True),
    "resource_use.starts": Range(2, 260, "weeks", "the time from which care is given", OBSERVED, zero=True),
    "resource_use.ends": Range(2, 260, "weeks", "the time until which care is given", OBSERVED),
    "drug_acquisition.starts": Range(1, 260, "weeks", "the time from which a drug is paid", OBSERVED, zero=True),
    "drug_acquisition.ends": Range(1, 260, "weeks", "the time until which a drug is paid", OBSERVED),
    "administration.starts": Range(1, 260, "weeks", "the time of the first administration", OBSERVED, zero=True),
    "administration.ends": Range(1, 260, "weeks", "the time until which a drug is given", OBSERVED),
    "productivity.unit_cost": Range(5, 600, "GBP", "the value of an hour or a day of work", WORK, zero=True),
    "productivity.frequency": Range(1, 2000, "per year", "the working time that is lost", WORK, zero=True),
    "productivity.share": Range(0.01, 1, "proportion", "the share of patients in paid work", SHARE, zero=True),
    "productivity.pension_age": Range(55, 75, "years", "a pension age", WORK),
    "productivity.friction_period": Range(2, 52, "weeks", "the time until a post is filled again", WORK),
    "subsequent_treatment.share": Range(0.01, 1, "proportion", "the share who go on to a treatment", SHARE, zero=True),
    "subsequent_treatment.duration": Range(
        1.5, 30, "months", "the time on a subsequent treatment", "shipped scenarios: 3 to 9 months, halved and tripled"
    ),
    "subsequent_treatment.pack_days": Range(7, 366, "days", "how long a pack or a course lasts", SCHEDULE),
    "subsequent_treatment.discount": Range(0.01, 0.95, "proportion", "a discount", "as of other drugs", zero=True),
    "end_of_life.unit_cost": Range(
        1500,
        30_000,
        "GBP",
        "the cost of the last months of life",
        "ID6184: 8,714; Round 2015; with a margin",
        zero=True,
    ),
    "one_off.unit_cost": Range(5, 100_000, "GBP", "a cost at the start", COLLECTION, zero=True),
    "one_off.share": Range(0.01, 1, "proportion", "the share of patients", SHARE, zero=True),
    # ---------------------------------------------------------------------------------------------- decision
    "decision.threshold_lower": Range(10_000, 100_000, "GBP/QALY", "what a QALY may cost", MANUAL),
    "decision.threshold_upper": Range(10_000, 150_000, "GBP/QALY", "what a QALY may cost", MANUAL),
    "decision.discount_rate_costs": Range(0.01, 0.1, "proportion", "a discount rate", RATES, zero=True),
    "decision.discount_rate_qalys": Range(0.01, 0.1, "proportion", "a discount rate", RATES, zero=True),
    "decision.severity.absolute_1_2": Range(12, 12, "QALYs", "the first cut-off of absolute shortfall", SEVERITY),
    "decision.severity.absolute_1_7": Range(18, 18, "QALYs", "the second cut-off of absolute shortfall", SEVERITY),
    "decision.severity.proportional_1_2": Range(0.85, 0.85, "proportion", "the first proportional cut-off", SEVERITY),
    "decision.severity.proportional_1_7": Range(0.95, 0.95, "proportion", "the second proportional cut-off", SEVERITY),
    "decision.severity.weight_1_0": Range(1, 1, "ratio", "the lowest severity weight", SEVERITY),
    "decision.severity.weight_1_2": Range(1.2, 1.2, "ratio", "the middle severity weight", SEVERITY),
    "decision.severity.weight_1_7": Range(1.7, 1.7, "ratio", "the highest severity weight", SEVERITY),
    # ---------------------------------------------------------------------------------------------- studies
    "voi.patients_per_year": Range(10, 20_000, "patients", "patients eligible in a year", STUDY),
    "voi.share": Range(0.01, 1, "proportion", "the share of a population", SHARE),
    "voi.uptake": Range(0.05, 1, "proportion", "the uptake of a decision", STUDY),
    "voi.decision_lasts": Range(2, 30, "years", "how long a decision stands", STUDY),
    "voi.fixed_cost": Range(10_000, 50_000_000, "GBP", "the fixed cost of a study", STUDY, zero=True),
    "voi.cost_per_patient": Range(100, 200_000, "GBP", "the cost of a study per patient", STUDY, zero=True),
    "voi.follow_up": Range(3, 120, "months", "the follow-up of a study", STUDY),
    "voi.sd in utility": Range(0.05, 0.5, "utility", "the standard deviation between patients", STUDY),
}
"""Use of a number -> its plausible values. `netcea.plausibility.uses.role_of` says which use a place is."""

DRUG_PER_DAY: Final = Range(0.3, 1000, "GBP", "the list price of a day of a drug", TARIFF, zero=True)
OWN_DRUG_PER_DAY: Final = Range(8, 1000, "GBP", "the list price of a day of a cancer drug", TARIFF, zero=True)
"""Of a drug that some strategies have and others not."""
CARE_PER_YEAR: Final = Range(100, 20_000, "GBP", "what a year of care costs in a state", COLLECTION, zero=True)
PER_ADMINISTRATION: Final = Range(10, 20_000, "GBP", "what the vials of one administration cost", TARIFF, zero=True)
YEARLY_INFLATION: Final = (0.97, 1.12)
"""Lowest and highest rise of a price index in a year: the NHS cost inflation index was between 1% and 7%."""
