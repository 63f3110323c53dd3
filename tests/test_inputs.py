"""The numbers of inputs/: every file is well formed, every number is that of its evidence.

The evidence stands in tests/reference_data/evidence. tests/reference_data/transcription.csv leads from each
address to its place there; a number without a row fails, so none can be added untraced. Its columns:

kind      evidence: `value` is a path of evidence.yaml (list items by number); unit cost: an item of the table
          of unit costs; computed: by a function below; assumption: a path of evidence.yaml; own: in no list,
          with the reason
interval, spread, range
          paths of evidence.yaml, where the interval, the standard error or the range comes from there
"""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from helpers.every import every
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable, DataTable

ROOT = Path(__file__).parents[1]
INPUTS = ROOT / "inputs"
REFERENCE = ROOT / "tests" / "reference_data" / "evidence"
BLOCKS = {"value": Quantity, "file": DataTable, "names": CorrelationTable}
FITTED = [INPUTS / "survival" / "radiant4_fitted.yaml"]
"""Written by `netcea fit`; tests/evidence/test_external_trial.py fits again and compares every number."""
FILES = sorted(path for path in INPUTS.rglob("*.yaml") if path.parent != INPUTS and path not in FITTED)
SOURCES = yaml.safe_load((INPUTS / "sources.yaml").read_text(encoding="utf-8"))
EVIDENCE = yaml.safe_load((REFERENCE / "evidence.yaml").read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNIT_COSTS = {row["item"]: row for row in rows("uk_unit_costs_id6184.csv")}
PRICES = {row["product"]: row for row in rows("uk_drug_list_prices_dmd_2025w34.csv")}


def transcription() -> list[dict[str, str]]:
    with (ROOT / "tests" / "reference_data" / "transcription.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TRACED = {row["address"]: row for row in transcription()}


def nodes_of(raw: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    if BLOCKS.keys() & raw.keys():
        yield ".".join(path), raw
        return
    for key, child in raw.items():
        if key not in ("about", "arms"):
            assert isinstance(child, dict), f"{'.'.join(path)}.{key} is neither a node nor a group"
            yield from nodes_of(child, (*path, key))


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


NODES = {
    address: raw
    for path in FILES
    for address, raw in nodes_of(read(path), path.relative_to(INPUTS).with_suffix("").parts)
}
QUANTITIES = {address: raw for address, raw in NODES.items() if "value" in raw}
TABLES = {address: raw for address, raw in NODES.items() if "file" in raw}


def file_of(address: str) -> Path:
    parts = address.split(".")
    return next(path for path in FILES if path.relative_to(INPUTS).with_suffix("").parts == tuple(parts[:2]))


# -------------------------------------------------------------------------------------------- well formed


@every(NODES)
def test_node_is_valid(address):
    raw = NODES[address]
    kinds = [block for key, block in BLOCKS.items() if key in raw]
    assert len(kinds) == 1
    node = kinds[0].model_validate(raw)
    assert not isinstance(node, Quantity) or node.label
    if isinstance(node, Quantity) and node.unit == "GBP":
        assert node.index in ("", "nhscii")


def test_about_blocks_are_text():
    def abouts(raw: Any) -> Iterator[dict[str, Any]]:
        if isinstance(raw, dict):
            if "about" in raw:
                yield raw["about"]
            for child in raw.values():
                yield from abouts(child)

    found = [about for path in FILES for about in abouts(read(path))]
    assert len(found) == 32
    for about in found:
        assert all(isinstance(key, str) and isinstance(text, str) for key, text in about.items())


def test_labels_tell_numbers_apart():
    labels = [raw["label"] for address, raw in QUANTITIES.items() if not address.startswith("decision.")]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_no_leftovers():
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert "PROVISIONAL" not in text
    assert "TODO" not in text


CONTEXT = {
    "celestial": "another cancer: results to compare orders of magnitude with",
    "round_2015": "end-of-life cost: the usual other source; its figure was not read",
}
"""Sources of the bibliography that no number cites, with the reason why they are there."""


def test_sources():
    cited = {key for raw in NODES.values() for key in raw["source"]}
    assert cited - SOURCES.keys() == set()
    assert SOURCES.keys() - cited == CONTEXT.keys()
    for key, source in SOURCES.items():
        assert source["title"], key
        assert source.keys() <= {"title", "doi", "pmcid", "licence"}, key
    for key, source in EVIDENCE["sources"].items():
        for name in source.keys() - {"title"}:
            assert SOURCES[key][name] == source[name], (key, name)


@every(QUANTITIES)
def test_status_and_source_agree(address):
    raw = QUANTITIES[address]
    own = set(raw["source"]) - {"netcea_assumptions", "not_read"}
    if raw["status"] in ("published", "derived"):
        assert own, "a published or derived number comes from somewhere else than our assumptions"
        assert "not_read" not in raw["source"]
    if raw["status"] == "assumption":
        assert "netcea_assumptions" in raw["source"]
    assert (raw["status"] == "unverified") == ("not_read" in raw["source"])


@every(TABLES)
def test_table_has_the_named_columns(address):
    raw = TABLES[address]
    with (file_of(address).parent / raw["file"]).open(encoding="utf-8", newline="") as file:
        text = file.read()
    header, *body = list(csv.reader(text.splitlines()))
    assert header == list(raw["columns"])
    assert body
    assert all(len(row) == len(header) and all(row) for row in body)
    assert '"' not in text
    assert raw["kind"] != "utility_norms" or (raw["column"] in header and raw["value_set"])


def test_every_csv_is_used():
    named = {file_of(address).parent / raw["file"] for address, raw in TABLES.items()}
    assert set(INPUTS.rglob("*.csv")) == {*named, INPUTS / "published_values.csv"}


# -------------------------------------------------------------------------------------------- tables


def columns(address: str) -> dict[str, list[str]]:
    path = file_of(address).parent / TABLES[address]["file"]
    with path.open(encoding="utf-8", newline="") as file:
        body = list(csv.DictReader(file))
    return {name: [row[name] for row in body] for name in TABLES[address]["columns"]}


@pytest.mark.parametrize("area", ["england_2018_2020", "england_2017_2019", "uk_2017_2019"])
def test_life_table(area):
    table = columns(f"mortality.life_tables.{area}")
    assert [int(age) for age in table["age"]] == list(range(101))
    for sex, expected in (("male", 79.33), ("female", 83.12)):
        qx = [float(q) for q in table[f"qx_{sex}"]]
        assert all(0 < q < 1 for q in qx)
        alive, years = 1.0, 0.0
        for q in qx:
            years += alive * (1 - q / 2)
            alive *= 1 - q
        if area == "england_2018_2020":
            assert years + alive / 2 == pytest.approx(expected, abs=0.03)


def test_norms():
    table = columns("utilities.norms.hse2014_dsu_published")
    keys = list(zip(map(int, table["age"]), table["sex"], strict=True))
    assert sorted(keys) == sorted((age, sex) for age in range(16, 101) for sex in ("male", "female"))
    published = [float(value) for value in table["hse2014_dsu_published"]]
    recomputed = [float(value) for value in table["hse2014_aldvmm_recomputed"]]
    assert max(abs(a - b) for a, b in zip(published, recomputed, strict=True)) < 0.0015
    for (age, sex), value in zip(keys, table["ara_brazier_2010"], strict=True):
        formula = 0.9508566 + 0.0212126 * (sex == "male") - 0.0002587 * age - 0.0000332 * age**2
        assert float(value) == pytest.approx(formula, abs=1e-5)


def test_assumed_5l_norms_give_the_published_qalys_at_birth():
    """One factor shrinks what 3L norms lack to 1, so that the published check holds; worked out here by plain loops."""
    life, assumed = columns("mortality.life_tables.england_2017_2019"), columns("utilities.norms.uk_5l_assumed")
    by_3l = columns("utilities.norms.hse2014_dsu_published")
    assert [assumed[c] for c in ("age", "sex")] == [by_3l[c] for c in ("age", "sex")]

    def at_birth(norms: list[float]) -> tuple[float, float]:
        at = {(int(a), s): u for a, s, u in zip(by_3l["age"], by_3l["sex"], norms, strict=True)}
        qalys = years = 0.0
        for sex in ("male", "female"):
            alive, risk = 1.0, [float(q) for q in life[f"qx_{sex}"]]
            for age in range(110):
                dead = alive * risk[min(age, 100)]
                lived = (alive - dead / 2) * 1.035**-age / 2
                years, qalys = years + lived, qalys + lived * at[min(max(age, 16), 100), sex]
                alive -= dead
        return qalys, years

    norms = [float(u) for u in by_3l["hse2014_dsu_published"]]
    qalys, years = at_birth(norms)
    published = 25.29  # evidence.yaml, decision_rules.nice_2026_5l.norms
    assert str(published) in evidence("decision_rules.nice_2026_5l.norms")
    factor = (years - published) / (years - qalys)
    found = [float(u) for u in assumed["uk_5l_assumed"]]
    assert found == pytest.approx([1.0 - factor * (1.0 - u) for u in norms], abs=6e-5)
    assert at_birth(found)[0] == pytest.approx(published, abs=1e-3)


def test_price_index_reproduces_the_uprated_column():
    table = columns("costs.price_index.nhscii")
    index = dict(zip(table["price_year"], map(float, table["index"]), strict=True))
    factor = index["2024/25"] / index["2021/22"]
    for item, row in UNIT_COSTS.items():
        assert round(float(row["gbp"]) * factor, 2) == float(row["gbp_2024_25_by_nhscii"]), item
    money = {address: raw for address, raw in QUANTITIES.items() if raw.get("index")}
    assert {raw["price_year"] for raw in money.values()} <= index.keys()
    end_of_life = QUANTITIES["costs.unit.end_of_life"]["value"] * factor
    assert end_of_life == pytest.approx(EVIDENCE["end_of_life_cost"]["value_2024_25"], abs=0.005)


def kaplan_meier(endpoint: str, arm: str, month: float) -> tuple[float, float, float]:
    """Survival and its 95% interval (Greenwood, complementary log-log)."""
    table = columns(f"survival.radiant4.digitised_{endpoint}")
    patients = [
        (float(time), event == "1")
        for time, event, a in zip(table["time"], table["event"], table["arm"], strict=True)
        if a == arm
    ]
    survival, greenwood = 1.0, 0.0
    for time in sorted({time for time, event in patients if event and time <= month}):
        at_risk = sum(t >= time for t, _ in patients)
        events = sum(t == time and event for t, event in patients)
        survival *= 1 - events / at_risk
        greenwood += events / at_risk / (at_risk - events)
    half = 1.959964 * math.sqrt(greenwood) / abs(math.log(survival))
    return survival, survival ** math.exp(half), survival ** math.exp(-half)


@pytest.mark.parametrize("month", [12, 24])
def test_radiant4_landmarks_are_those_of_the_digitised_arm(month):
    raw = QUANTITIES[f"survival.radiant4.os_placebo_landmarks.month_{month}"]
    survival, low, high = kaplan_meier("os", "placebo", month)
    assert raw["at_months"] == month
    assert raw["value"] == pytest.approx(survival, abs=6e-4)
    assert raw["uncertainty"]["ci95"]["low"] == pytest.approx(low, abs=6e-4)
    assert raw["uncertainty"]["ci95"]["high"] == pytest.approx(high, abs=6e-4)


@functools.cache
def cox() -> tuple[float, float]:
    """Hazard ratio of the digitised RADIANT-4 OS and the se of its log (Cox model, Efron's ties)."""
    table = columns("survival.radiant4.digitised_os")
    patients = [
        (float(time), event == "1", float(arm == "everolimus"))
        for time, event, arm in zip(table["time"], table["event"], table["arm"], strict=True)
    ]
    log_ratio = information = 0.0
    for _ in range(20):
        score = information = 0.0
        for time in sorted({t for t, event, _ in patients if event}):
            at_risk = [x for t, _, x in patients if t >= time]
            dead = [x for t, event, x in patients if event and t == time]
            for k in range(len(dead)):
                left = k / len(dead)
                treated = math.exp(log_ratio) * (sum(at_risk) - left * sum(dead))
                untreated = at_risk.count(0.0) - left * dead.count(0.0)
                share = treated / (treated + untreated)
                score += dead[k] - share
                information += share * (1 - share)
        log_ratio += score / information
    return math.exp(log_ratio), information**-0.5


def test_radiant4_interval_is_that_of_the_digitised_patients():
    raw = QUANTITIES["survival.radiant4.os.hazard_ratio"]
    ratio, se = cox()
    assert raw["value"] == pytest.approx(ratio, abs=6e-4)
    assert raw["uncertainty"]["ci95"]["low"] == pytest.approx(ratio * math.exp(-1.959964 * se), abs=6e-4)
    assert raw["uncertainty"]["ci95"]["high"] == pytest.approx(ratio * math.exp(1.959964 * se), abs=6e-4)


def test_digitised_tables_hold_the_randomised_patients():
    for endpoint in ("pfs", "os"):
        arms = columns(f"survival.radiant4.digitised_{endpoint}")["arm"]
        assert [arms.count("everolimus"), arms.count("placebo")] == EVIDENCE["other_trials"]["radiant4_epnet"][
            "patients"
        ]


# -------------------------------------------------------------------------------------------- transcription


def evidence(path: str) -> Any:
    """What stands at a dotted path of evidence.yaml; list items by number."""
    node: Any = EVIDENCE
    for key in path.split("."):
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


def as_rounded(printed: float, exact: float) -> float:
    """The exact number, rounded to the digits of the printed one."""
    return round(exact, len(str(printed).partition(".")[2]))


def price(*products: str, packs: float = 1) -> Callable[[], float]:
    return lambda: packs * sum(float(PRICES[product]["gbp_per_pack"]) for product in products)


def pack_size(product: str) -> Callable[[], float]:
    return lambda: float(PRICES[product]["pack_size"])


def mean_of_weibull(pfs: str) -> Callable[[], float]:
    """Mean of the proportional-hazards Weibull through both medians and the hazard ratio of a trial."""

    def mean() -> float:
        treated, control = (evidence(f"{pfs}.{arm}.median_months") for arm in ("cabozantinib", "placebo"))
        shape = -math.log(evidence(f"{pfs}.hazard_ratio.value")) / math.log(treated / control)
        return treated * math.log(2) ** (-1 / shape) * math.gamma(1 + 1 / shape)

    return mean


def anchored(interval: str) -> Callable[[], float]:
    """se of a log ratio, from its interval and widened by 0.2."""
    return lambda: math.hypot(math.log(evidence(interval)[1] / evidence(interval)[0]) / (2 * 1.959964), 0.2)


def anchored_digitised() -> float:
    interval = QUANTITIES["survival.radiant4.os.hazard_ratio"]["uncertainty"]["ci95"]
    return math.hypot(math.log(interval["high"] / interval["low"]) / (2 * 1.959964), 0.2)


def of_observed(cohort: str) -> Callable[[], float]:
    """se of a log ratio: that of the observed one, from its interval."""
    low, high = f"cabinet.{cohort}.os_nejm.hazard_ratio.ci95.0", f"cabinet.{cohort}.os_nejm.hazard_ratio.ci95.1"
    return lambda: math.log(evidence(high) / evidence(low)) / (2 * 1.959964)


def events_of(endpoint: str, patients: str, arm: int) -> Callable[[], float]:
    """1 / sqrt(events of an arm), events as the interval of the hazard ratio implies, by patients."""

    def se() -> float:
        low, high = evidence(f"{endpoint}.hazard_ratio.ci95")
        n = evidence(patients)
        events = n[arm] * (1 / n[0] + 1 / n[1]) / (math.log(high / low) / (2 * 1.959964)) ** 2
        return events**-0.5

    return se


@pytest.fixture(scope="module", autouse=True)
def _prices_name_their_rows():
    assert len(UNIT_COSTS) == len(rows("uk_unit_costs_id6184.csv"))
    assert len(PRICES) == len(rows("uk_drug_list_prices_dmd_2025w34.csv"))


# Values that are computed from the evidence; all others stand in transcription.csv
COMPUTED: dict[str, Callable[[], float]] = {
    "survival.cabinet_pnet.time_on_treatment.ratio_to_pfs": lambda: (
        evidence("cabinet.pNET.treatment_duration_median_months.cabozantinib")
        / evidence("cabinet.pNET.pfs_bicr_nejm.cabozantinib.median_months")
    ),
    "survival.cabinet_epnet.time_on_treatment.ratio_to_pfs": lambda: (
        evidence("cabinet.epNET.treatment_duration_median_months.cabozantinib")
        / evidence("cabinet.epNET.pfs_bicr_nejm.cabozantinib.median_months")
    ),
    "survival.cabinet_subgroups.lung_thymic.patients_cabozantinib": lambda: round(
        evidence("cabinet.subgroups.lung_thymic.patients_total") * 2 / 3
    ),
    "survival.cabinet_subgroups.lung_thymic.patients_placebo": lambda: round(
        evidence("cabinet.subgroups.lung_thymic.patients_total") * 1 / 3
    ),
    "survival.radiant3.pfs_anchored.hazard_ratio": lambda: evidence(
        "other_trials.radiant3_pnet.pfs.hazard_ratio.value"
    ),
    "survival.radiant3.os_anchored.hazard_ratio": lambda: evidence("other_trials.radiant3_pnet.os.hazard_ratio.value"),
    "survival.radiant4.pfs_anchored.hazard_ratio": lambda: evidence(
        "other_trials.radiant4_epnet.pfs.hazard_ratio.value"
    ),
    "survival.radiant4.os.hazard_ratio": lambda: cox()[0],
    "survival.radiant4.os_anchored.hazard_ratio": lambda: cox()[0],
    "survival.radiant4.os_placebo_landmarks.month_12": lambda: kaplan_meier("os", "placebo", 12)[0],
    "survival.radiant4.os_placebo_landmarks.month_24": lambda: kaplan_meier("os", "placebo", 24)[0],
    "survival.sunitinib.pfs_anchored.hazard_ratio": lambda: evidence(
        "other_trials.sunitinib_pnet.pfs_central_review.hazard_ratio.value"
    ),
    "survival.sunitinib.os_anchored.hazard_ratio": lambda: evidence(
        "other_trials.sunitinib_pnet.os.hazard_ratio.value"
    ),
    "survival.relative_effect.os_shape_alternatives.shape_1_42": lambda: (
        -math.log(evidence("cabinet.epNET.os_nejm.hazard_ratio.value"))
        / math.log(
            evidence("cabinet.epNET.os_nejm.cabozantinib.median_months")
            / evidence("cabinet.epNET.os_nejm.placebo.median_months")
        )
    ),
    "survival.relative_effect.os_effect_ends.end_of_treatment_pnet": mean_of_weibull("cabinet.pNET.pfs_bicr_nejm"),
    "survival.relative_effect.os_effect_ends.end_of_treatment_epnet": mean_of_weibull("cabinet.epNET.pfs_bicr_nejm"),
    "utilities.state_utilities.clarinet.decrement_on_progression": lambda: (
        evidence("utilities.clarinet.progression_free") - evidence("utilities.clarinet.progressed")
    ),
    "utilities.state_utilities.swinburn.decrement_on_progression": lambda: (
        evidence("utilities.swinburn.progression_free") - evidence("utilities.swinburn.progressed")
    ),
    "costs.drug.cabozantinib.milligram_intensity": lambda: (
        evidence("cabinet.exposure.mean_daily_dose_mg.value") / max(evidence("prices.cabozantinib.strengths_mg"))
    ),
    "costs.drug.everolimus.price_per_pack_list": price("everolimus 10 mg tablets (Afinitor)"),
    "costs.drug.everolimus.pack_days": pack_size("everolimus 10 mg tablets (Afinitor)"),
    "costs.drug.sunitinib.price_per_pack": lambda: (
        evidence("prices.emit_hospital_generics.sunitinib_12_5mg_28")
        + evidence("prices.emit_hospital_generics.sunitinib_25mg_28")
    ),
    "costs.drug.sunitinib.price_per_pack_list": price(
        "sunitinib 12.5 mg capsules (Sutent)", "sunitinib 25 mg capsules (Sutent)"
    ),
    "costs.drug.sunitinib.pack_days": pack_size("sunitinib 25 mg capsules (Sutent)"),
    "costs.drug.lanreotide.price_per_pack": price("lanreotide 120 mg prefilled syringe"),
    "costs.drug.capecitabine.price_per_pack": price("capecitabine 500 mg tablets"),
    "costs.drug.lutetium.price_per_course": price("lutetium oxodotreotide 7.4 GBq vial (Lutathera)", packs=4),
}


def test_the_type_of_a_price_is_that_of_the_evidence():
    """The price list says which are the Drug Tariff's; the others on it are list prices, unless eMIT has them."""
    drugs = {a: raw for a, raw in QUANTITIES.items() if a.startswith("costs.drug.") and raw["unit"] == "GBP"}
    types = {address: raw["price_type"] for address, raw in drugs.items()}
    on_list = {float(row["gbp_per_pack"]): row["note"] for row in PRICES.values()}
    emit = evidence("prices.emit_hospital_generics")
    for address, kind in types.items():
        value = drugs[address]["value"]
        paid = value in emit.values() or address == "costs.drug.sunitinib.price_per_pack"  # of two packs
        tariff = "Drug Tariff" in on_list.get(value, "")
        assert kind == ("emit" if paid else "drug_tariff" if tariff else "list"), address
    assert sorted(set(types.values())) == ["drug_tariff", "emit", "list"]


# Spreads that are computed, likewise
COMPUTED_SPREADS: dict[str, Callable[[], float]] = {
    "costs.drug.cabozantinib.milligram_intensity": lambda: sum(
        evidence(f"cabinet.{cohort}.patients.nejm.cabozantinib") for cohort in ("pNET", "epNET")
    ),
    "survival.cabinet_pnet.os_nejm.median_cabozantinib": lambda: (
        (evidence("cabinet.events_implied.os_published_cut.pNET") * 2 / 3) ** -0.5
    ),
    "survival.cabinet_epnet.os_nejm.median_cabozantinib": lambda: (
        (evidence("cabinet.events_implied.os_published_cut.epNET") * 2 / 3) ** -0.5
    ),
    "survival.cabinet_pnet.os_without_crossover.hazard_ratio": of_observed("pNET"),
    "survival.cabinet_epnet.os_without_crossover.hazard_ratio": of_observed("epNET"),
    "survival.radiant3.pfs.median_everolimus": events_of(
        "other_trials.radiant3_pnet.pfs", "other_trials.radiant3_pnet.patients", 0
    ),
    "survival.radiant3.pfs.median_placebo": events_of(
        "other_trials.radiant3_pnet.pfs", "other_trials.radiant3_pnet.patients", 1
    ),
    "survival.radiant3.pfs_anchored.hazard_ratio": anchored("other_trials.radiant3_pnet.pfs.hazard_ratio.ci95"),
    "survival.radiant3.os_anchored.hazard_ratio": anchored("other_trials.radiant3_pnet.os.hazard_ratio.ci95"),
    "survival.radiant4.pfs.median_everolimus": events_of(
        "other_trials.radiant4_epnet.pfs", "other_trials.radiant4_epnet.patients", 0
    ),
    "survival.radiant4.pfs.median_placebo": events_of(
        "other_trials.radiant4_epnet.pfs", "other_trials.radiant4_epnet.patients", 1
    ),
    "survival.radiant4.pfs_anchored.hazard_ratio": anchored("other_trials.radiant4_epnet.pfs.hazard_ratio.ci95"),
    "survival.radiant4.os_anchored.hazard_ratio": anchored_digitised,
    "survival.sunitinib.pfs.median_sunitinib": events_of(
        "other_trials.sunitinib_pnet.pfs", "other_trials.sunitinib_pnet.patients", 0
    ),
    "survival.sunitinib.pfs.median_placebo": events_of(
        "other_trials.sunitinib_pnet.pfs", "other_trials.sunitinib_pnet.patients", 1
    ),
    "survival.sunitinib.pfs_central.median_sunitinib": events_of(
        "other_trials.sunitinib_pnet.pfs_central_review", "other_trials.sunitinib_pnet.patients", 0
    ),
    "survival.sunitinib.pfs_central.median_placebo": events_of(
        "other_trials.sunitinib_pnet.pfs_central_review", "other_trials.sunitinib_pnet.patients", 1
    ),
    "survival.sunitinib.os.median_sunitinib": events_of(
        "other_trials.sunitinib_pnet.os", "other_trials.sunitinib_pnet.patients", 0
    ),
    "survival.sunitinib.os.median_placebo": events_of(
        "other_trials.sunitinib_pnet.os", "other_trials.sunitinib_pnet.patients", 1
    ),
    "survival.sunitinib.pfs_anchored.hazard_ratio": anchored(
        "other_trials.sunitinib_pnet.pfs_central_review.hazard_ratio.ci95"
    ),
    "survival.sunitinib.os_anchored.hazard_ratio": anchored("other_trials.sunitinib_pnet.os.hazard_ratio.ci95"),
}


def test_every_number_is_traced():
    assert len(TRACED) == len(transcription())
    assert TRACED.keys() == QUANTITIES.keys()
    for address, row in TRACED.items():
        assumed = QUANTITIES[address]["status"] == "assumption"
        assert assumed == (row["kind"] in ("assumption", "own")), address
        assert row["kind"] in ("evidence", "unit cost", "computed", "assumption", "own"), address
        assert (row["kind"] == "computed") == (address in COMPUTED), address
        assert (row["spread"] == "computed") == (address in COMPUTED_SPREADS), address
        assert row["value"], "its place in the evidence, or the reason why it has none"


@every(a for a, row in TRACED.items() if row["kind"] != "own")
def test_value_is_that_of_the_evidence(address):
    raw, row = QUANTITIES[address], TRACED[address]
    if row["kind"] == "computed":
        assert raw["value"] == as_rounded(raw["value"], COMPUTED[address]())
    elif row["kind"] == "unit cost":
        assert raw["value"] == float(UNIT_COSTS[row["value"]]["gbp"])
        assert raw["price_year"].startswith(UNIT_COSTS[row["value"]]["price_year"][:3])
    else:
        assert raw["value"] == evidence(row["value"])
    ci95 = raw["uncertainty"].get("ci95")
    if row["interval"]:
        assert [ci95["low"], ci95["high"]] == evidence(row["interval"])
    elif row["kind"] != "computed":
        assert ci95 is None, "an interval without its place in the evidence"


def test_published_values_are_those_of_the_evidence():
    """The table with which `netcea verify` compares: a number of inputs/ that is mistyped is not mistyped there, too."""
    from netcea.verification.published import published_values
    from netcea.verification.transcription import FIGURE_OF_TABLE

    found = published_values(INPUTS / "published_values.csv")
    tables = {address: found.pop(address) for address in list(found) if FIGURE_OF_TABLE.fullmatch(address)}
    assert len(tables) == 22  # those of the tables themselves are compared by `netcea verify`
    at_birth = {a.rpartition(".life_expectancy.")[2]: own.value for a, own in tables.items() if "life_exp" in a}
    assert at_birth == {"male.0": 79.33, "female.0": 83.12}
    assert "life expectancy at birth 79.33 / 83.12 for 2018-2020" in EVIDENCE["life_tables"]["note"]
    stated = {a: row for a, row in TRACED.items() if row["kind"] in ("evidence", "assumption", "unit cost")}
    assert found.keys() == stated.keys()
    for address, row in stated.items():
        own = found[address]
        if row["kind"] == "unit cost":
            assert own.value == float(UNIT_COSTS[row["value"]]["gbp"])
            continue
        assert own.value == evidence(row["value"])
        assert row["interval"] == "" or [own.low, own.high] == evidence(row["interval"])


@every(a for a, row in TRACED.items() if row["kind"] == "evidence")
def test_status_is_that_of_the_evidence(address):
    """Nothing unverified in the evidence is called published here."""
    node, status = EVIDENCE, "published"
    for key in TRACED[address]["value"].split("."):
        if isinstance(node, dict) and "status" in node:
            status = node["status"]
        node = node[int(key)] if isinstance(node, list) else node[key]
    assert QUANTITIES[address]["status"] == {"published_secondary": "published"}.get(status, status)


def test_utilities_of_the_5l_value_set():
    approximate = evidence("decision_rules.nice_2026_5l.state_utilities_approximate")
    decrement = QUANTITIES["utilities.state_utilities.clarinet_5l.decrement_on_progression"]
    assert decrement["value"] == pytest.approx(approximate["progression_free"] - approximate["progressed"])
    as_3l = QUANTITIES["utilities.state_utilities.clarinet.decrement_on_progression"]
    spreads = [raw["uncertainty"]["gamma"]["se"] / raw["value"] for raw in (decrement, as_3l)]
    assert spreads[0] == pytest.approx(spreads[1])


@every(a for a, row in TRACED.items() if row["spread"])
def test_spread_is_that_of_the_evidence(address):
    (spread,) = QUANTITIES[address]["uncertainty"].values()
    (value,) = spread.values()
    computed = COMPUTED_SPREADS.get(address)
    expected = computed() if computed else evidence(TRACED[address]["spread"])
    assert value == as_rounded(value, expected)


@every(a for a, row in TRACED.items() if row["range"])
def test_range_is_that_of_the_evidence(address):
    assert QUANTITIES[address]["range"] == evidence(TRACED[address]["range"])


PRACTICE = {
    "costs.drug.cabozantinib.share_of_tablets_taken",
    "costs.drug.capecitabine.pack_days",
    "costs.drug.lanreotide.pack_days",
    "costs.drug.lutetium.course_days",
}
"""What patients and clinics do, and is fixed all the same: each for a reason that was thought about."""
AS_SOLD = {"costs.drug.cabozantinib.pack_days", "costs.drug.everolimus.pack_days", "costs.drug.sunitinib.pack_days"}


def test_what_is_done_in_practice_is_uncertain_but_for_a_few_numbers():
    fixed = {
        address
        for address, raw in QUANTITIES.items()
        if address.startswith("costs.") and raw["unit"] != "GBP" and "fixed" in raw["uncertainty"]
        if not address.endswith(".discount") and "a value that a scenario chooses" not in raw["uncertainty"]["fixed"]
    }
    assert fixed == PRACTICE | AS_SOLD


@every(a for a, raw in QUANTITIES.items() if "fixed" in raw["uncertainty"])
def test_a_reason_for_no_uncertainty_is_one(address):
    """More than a word for what the number is: a reviewer reads it in the table of inputs."""
    reason = QUANTITIES[address]["uncertainty"]["fixed"]
    assert len(reason) >= len("list price")
    assert reason not in ("a rule", "a count", "structural", "a schedule", "base case", "assumption")


def test_a_beta_speaks_for_no_more_patients_than_the_trial_had():
    for cohort in ("pnet", "epnet"):
        for arm in ("placebo", "cabozantinib"):
            patients = QUANTITIES[f"survival.cabinet_{cohort}.pfs_nejm.patients_{arm}"]["value"]
            share = QUANTITIES[f"adverse_events.cabinet.{cohort}.any_grade3plus.{arm}"]
            assert share["uncertainty"] == {"beta": {"effective_n": patients}}


def of_trials(address: str) -> bool:
    """Whether correlations are of a trial's two medians and its ratio; others are of a data cut's median and ratio."""
    return len(NODES[address]["names"]) > 2


CORRELATIONS = [a for a, raw in NODES.items() if "names" in raw]
OF_TRIALS = [a for a in CORRELATIONS if of_trials(a)]


@pytest.mark.parametrize("address", OF_TRIALS)
def test_correlations_go_with_their_figures(address):
    table, group = NODES[address], address.rpartition(".")[0]
    assert table["names"] == ["median_placebo", "median_cabozantinib", "hazard_ratio"]
    for name, sd in zip(table["names"], table["sd"], strict=True):
        spread = QUANTITIES[f"{group}.{name}"]["uncertainty"]
        if "log_normal" in spread:  # nothing published: the bootstrap's own spread
            assert spread["log_normal"]["se_log"] == pytest.approx(sd, abs=0.00051)


def test_every_trial_set_has_its_correlations():
    sets = {a.rpartition(".")[0] for a in QUANTITIES if a.startswith("survival.cabinet_") and ".follow_up_median" in a}
    assert {f"{name}.correlation" for name in sets} == set(OF_TRIALS)
    assert len(sets) == 9


def test_every_os_ratio_of_the_trial_has_its_correlation_with_the_placebo_median():
    for cohort in ("pnet", "epnet"):
        above = f"survival.cabinet_{cohort}"
        same, later = NODES[f"{above}.os_nejm.correlation"], NODES[f"{above}.os_fda_correlation"]
        assert same["names"] == ["median_placebo", "hazard_ratio"]
        assert later["names"] == ["os_nejm.median_placebo", "os_fda.hazard_ratio"]
        for table in (same, later):
            assert table["correlation"][0][1] == table["settings"][f"correlation_{table['settings']['medians']}"]
            assert table["settings"]["shape"] in QUANTITIES
        assert later["status"] == QUANTITIES[f"{above}.os_fda.hazard_ratio"]["status"].replace("published", "derived")
    assert len(CORRELATIONS) == len(OF_TRIALS) + 4


@pytest.mark.parametrize("cohort", ["pNET", "epNET"])
def test_the_deaths_of_a_cut_are_those_of_its_own_ratio(cohort):
    """(1/3 x 2/3 x deaths)^-1/2 is the standard error of the log ratio, at the cut of the medians and at no other."""
    raw = QUANTITIES[f"survival.cabinet_{cohort.lower()}.os_nejm.hazard_ratio"]["uncertainty"]["ci95"]
    se = math.log(raw["high"] / raw["low"]) / (2 * 1.959964)
    deaths = QUANTITIES[f"survival.cabinet_{cohort.lower()}.os_nejm.deaths"]["value"]
    assert deaths == round(4.5 / se**2)
    spread = QUANTITIES[f"survival.cabinet_{cohort.lower()}.os_nejm.median_placebo"]["uncertainty"]["log_normal"]
    assert spread["se_log"] == pytest.approx((deaths / 3) ** -0.5, abs=0.0051)


# -------------------------------------------------------------------------------------------- correlations


def kaplan_meier_log_median(times: np.ndarray, events: np.ndarray) -> float:
    order = np.argsort(times)
    survival = np.cumprod(1 - events[order] / np.arange(len(times), 0, -1))
    reached = np.flatnonzero(survival <= 0.5)
    return math.log(times[order][reached[0]]) if len(reached) else math.nan


def cox_log_ratio(times: np.ndarray, events: np.ndarray, treated: np.ndarray) -> float:
    order = np.argsort(-times)
    events, treated = events[order], treated[order]
    at_risk, others = np.cumsum(treated), np.cumsum(1 - treated)
    log_ratio = 0.0
    for _ in range(50):
        share = at_risk * math.exp(log_ratio) / (at_risk * math.exp(log_ratio) + others)
        information = float(np.sum(events * share * (1 - share)))
        if information < 1e-9 or abs(log_ratio) > 8:  # the arms do not overlap
            return math.nan
        step = float(np.sum(events * (treated - share))) / information
        log_ratio += max(-1.0, min(1.0, step))
        if abs(step) < 1e-9:
            break
    return log_ratio


@pytest.mark.slow
@pytest.mark.parametrize("address", OF_TRIALS)
def test_correlations_are_those_of_simulated_trials(address):
    """Trials from the Weibull through the three figures, read as the trial was: Kaplan-Meier, Cox."""
    group = address.rpartition(".")[0]
    names = ["median_placebo", "median_cabozantinib", "hazard_ratio", "patients_placebo"]
    names += ["patients_cabozantinib", "follow_up_median"]
    m0, m1, ratio, n0, n1, follow_up = (QUANTITIES[f"{group}.{name}"]["value"] for name in names)
    shape = -math.log(ratio) / math.log(m1 / m0)
    random = np.random.default_rng(7)
    treated = np.repeat([0.0, 1.0], [n0, n1])
    replicates = []
    for _ in range(2000):
        scale = np.where(treated == 1, m1, m0) / math.log(2) ** (1 / shape)
        event = scale * random.exponential(size=n0 + n1) ** (1 / shape)
        censored = random.uniform(0, 2 * follow_up, size=n0 + n1)
        times, events = np.minimum(event, censored), (event <= censored).astype(float)
        medians = [kaplan_meier_log_median(times[treated == x], events[treated == x]) for x in (0, 1)]
        replicates.append([*medians, cox_log_ratio(times, events, treated)])
    found = np.array(replicates)
    found = found[np.isfinite(found).all(axis=1)]
    assert len(found) > 1800
    assert np.corrcoef(found.T) == pytest.approx(np.array(NODES[address]["correlation"]), abs=0.08)
    assert found.std(axis=0, ddof=1) == pytest.approx(np.array(NODES[address]["sd"]), rel=0.08)
