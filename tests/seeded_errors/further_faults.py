"""More realistic faults: rows of tables, correlations, spreads, what is left out, numbers of another item."""

from __future__ import annotations

from collections.abc import Callable

from seeded_errors.faults import (
    CARE,
    CLARINET,
    DRUG,
    EVENTS,
    FAULTS,
    PFS,
    UNIT,
    at,
    fault,
    number,
    swapped,
    table,
    times,
)

Row = dict[str, str]
LIFE_TABLE, NORMS = "mortality/england_2018_2020.csv", "utilities/eq5d_norms_by_age_sex.csv"
NORM = "hse2014_dsu_published"


def each(change: Callable[[int, Row], Row]) -> Callable[[list[Row]], list[Row]]:
    """Change every row of a table, by its number."""
    return lambda rows: [change(i, row) for i, row in enumerate(rows)]


def later(years: int) -> Callable[[list[Row]], list[Row]]:
    """Give every age what another has, some years later."""
    return lambda rows: [{**rows[min(i + years, len(rows) - 1)], "age": row["age"]} for i, row in enumerate(rows)]


def two_rows_exchanged(rows: list[Row]) -> list[Row]:
    rows[70]["qx_male"], rows[80]["qx_male"] = rows[80]["qx_male"], rows[70]["qx_male"]
    return rows


def sexes_exchanged(rows: list[Row]) -> list[Row]:
    return [{**row, "sex": {"male": "female", "female": "male"}[row["sex"]]} for row in rows]


TABLES = "tables"
fault(
    TABLES,
    "life table: a decimal point at one age",
    table(LIFE_TABLE, each(lambda i, row: {**row, "qx_male": str(float(row["qx_male"]) * 10)} if i == 72 else row)),
)
fault(TABLES, "life table: every age five years off", table(LIFE_TABLE, later(5)))
fault(TABLES, "life table: two rows exchanged", table(LIFE_TABLE, two_rows_exchanged))
fault(
    TABLES,
    "life table: women's column for both sexes",
    table(LIFE_TABLE, each(lambda i, row: {**row, "qx_male": row["qx_female"]})),
)
fault(TABLES, "norms: sexes exchanged", table(NORMS, sexes_exchanged))
fault(
    TABLES,
    "norms: a digit mistyped at one age",
    table(NORMS, each(lambda i, row: {**row, NORM: "0.6346"} if (row["age"], row["sex"]) == ("65", "male") else row)),
)
fault(
    TABLES,
    "index with transposed digits",
    table("costs/nhscii.csv", each(lambda i, row: {**row, "index": "141.3916"} if i == 1 else row)),
)
fault(
    TABLES,
    "index: years exchanged",
    table(
        "costs/nhscii.csv",
        lambda rows: [{**rows[0], "index": rows[1]["index"]}, {**rows[1], "index": rows[0]["index"]}],
    ),
)

SPREAD = "uncertainty"
fault(
    SPREAD,
    "correlations without their minus sign",
    number(f"{PFS}.correlation", correlation=[[1, 0.015, 0.408], [0.015, 1, 0.506], [0.408, 0.506, 1]]),
)
fault(
    SPREAD,
    "correlations in the order of other figures",
    number(f"{PFS}.correlation", names=["median_cabozantinib", "median_placebo", "hazard_ratio"]),
)
fault(
    SPREAD,
    "half the width of an interval as standard error",
    number(f"{CLARINET}.progression_free", uncertainty={"beta": {"se": 0.0392}}),
)
fault(
    SPREAD,
    "relative standard error in percent",
    number("costs.subsequent.capecitabine_months", uncertainty={"gamma": {"se_relative": 25}}),
)
fault(
    SPREAD,
    "ends of a uniform distribution in years",
    number("costs.subsequent.crossover_months", uncertainty={"uniform": {"low": 0.25, "high": 0.75}}),
)
fault(
    SPREAD,
    "ten times the patients behind a share",
    number(f"{EVENTS}.cabozantinib", uncertainty={"beta": {"effective_n": 640}}),
)

UNITS = "units and scales"
fault(UNITS, "an admission's cost for a visit", number(f"{UNIT}.consultant_follow_up", value=1641.9))
fault(UNITS, "a duration in weeks in place of months", number("costs.subsequent.capecitabine_months", unit="weeks"))
fault(UNITS, "a share of 0.05 for 0.5", times(f"{CARE}.somatostatin_analogue_share", 0.1))
fault(UNITS, "weeks as days", number(f"{CARE}.progression_free.consultant_changes_after", unit="days"))
fault(UNITS, "a comma lost in a cost", times(f"{UNIT}.adverse_event_any", 10.0))
fault(UNITS, "an event's days typed as weeks", number("utilities.adverse_events.duration.any_grade3plus", value=21.0))
fault(
    UNITS,
    "a decrement that already has its duration",
    number("utilities.adverse_events.decrements.any_grade3plus", value=0.0115),
)
fault(UNITS, "a landmark at 60 months as of 6", number("survival.radiant3.os_placebo_landmarks.month_60", at_months=6))
fault(UNITS, "a share complemented", number("costs.subsequent.capecitabine_share", value=0.8))
fault(UNITS, "a discount typed as what is paid", number("costs.drug.lanreotide.discount", value=0.9))
fault(UNITS, "dose intensity as share of tablets", number(f"{DRUG}.share_of_tablets_taken", value=0.65))

WRONG = "another's number"
fault(
    WRONG, "crossover by the share of another drug", at("costs.crossover.share", "costs.subsequent.capecitabine_share")
)
fault(WRONG, "packs as long as those of another drug", at("costs.somatostatin_analogue.pack_days", f"{DRUG}.pack_days"))
fault(
    WRONG,
    "dispensed as often as another drug",
    at("costs.later_dispensings.interval", "costs.drug.capecitabine.pack_days"),
)
fault(
    WRONG,
    "shape of OS of another trial",
    at("strategies.best_supportive_care.os.shape.weibull", "survival.radiant4.os_shape"),
)
fault(
    WRONG,
    "one incidence for both arms",
    at("adverse_events.events.any_grade3plus.incidence.best_supportive_care", f"{EVENTS}.cabozantinib"),
)
fault(
    WRONG,
    "progression loses what an event loses",
    at("utilities.decrement_on_progression", "utilities.adverse_events.decrements.any_grade3plus"),
)
fault(
    WRONG,
    "blood tests as often as scans",
    at("costs.bloods_progression_free.frequency", f"{CARE}.progression_free.ct_frequency"),
)
fault(WRONG, "a scan at a nurse's cost", at("costs.ct_progression_free.unit_cost", f"{UNIT}.nurse_hour"))
fault(
    WRONG,
    "the other cohort's share of women",
    at("population.proportion_female", "population.cohorts.epnet.proportion_female"),
)
fault(WRONG, "norms of another value set", at("population.norms", "utilities.norms.uk_5l_assumed"))
fault(
    WRONG,
    "labels of the strategies exchanged",
    swapped("strategies.cabozantinib.label", "strategies.best_supportive_care.label"),
)
fault(
    WRONG,
    "one arm by investigators, one by central review",
    at("strategies.cabozantinib.pfs.trial", "survival.cabinet_pnet.pfs_investigator"),
)

CHOICES = "choices"
fault(
    CHOICES,
    "the end of life charged at the start",
    at(
        "costs.end_of_life",
        {"kind": "one_off", "label": "End of life", "strategies": "all", "unit_cost": f"{UNIT}.end_of_life"},
    ),
)
fault(
    CHOICES, "visits of the first weeks and later ones both from the start", at("costs.consultant_later.starts", None)
)
fault(CHOICES, "dispensing by health state", at("costs.later_dispensings.during", "progression_free"))
fault(
    CHOICES,
    "population mortality added to all-cause survival",
    at("strategies.best_supportive_care.os.background_mortality", "excess"),
)
fault(CHOICES, "cycles of a year", at("settings.cycle_days", 365))
fault(CHOICES, "a horizon of 100 years", at("settings.horizon_years", 100))
fault(CHOICES, "costs discounted at 1.5%", at("settings.discount_rate_costs", 0.015))
fault(
    CHOICES,
    "the same utility before and after progression",
    at("utilities.decrement_on_progression", None),
    at("utilities.progressed", f"{CLARINET}.progression_free"),
)
fault(
    CHOICES,
    "a background drug of the comparator only",
    at("costs.somatostatin_analogue.strategies", ["best_supportive_care"]),
)
fault(CHOICES, "families of PFS differ by arm", at("strategies.cabozantinib.pfs.distribution", "log_normal"))
fault(CHOICES, "events cost nothing", at("adverse_events.events.any_grade3plus.unit_cost", None))
fault(CHOICES, "the price year of the trial", at("settings.price_year", "2021/22"))
fault(CHOICES, "an effect on survival that nobody stated", at("strategies.cabozantinib.os.hazard_ratio", None))

__all__ = ["FAULTS"]
