"""The model against what others published: orders of magnitude, and each difference explained in a file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import netcea

EXPLAINED = Path(__file__).resolve().parent / "differences_explained.md"
BSC, DRUG = "best_supportive_care", "cabozantinib"
PSM_10_YEARS = ("settings.horizon_years=10", "settings.discount_rate_costs=0.05", "settings.discount_rate_qalys=0.05")
RADIANT_4 = ("strategies.everolimus.os.waning=null", "survival.cabinet_epnet.os_nejm.median_placebo=30.3")
RADIANT_3 = ("survival.cabinet_pnet.os_nejm.median_placebo=37.7",)


@cache
def run(name, *sets):
    return netcea.run(name, list(sets), ledger=False)


def increment(measure, strategy, name, *sets):
    strategies = run(name, *sets).case.strategies
    return getattr(strategies[strategy], measure) - getattr(strategies[BSC], measure)


def median(endpoint, strategy, name, *sets):
    return getattr(run(name, *sets).case.strategies[strategy], f"median_{endpoint}")


def survival(months, strategy, name, *sets):
    """OS at the edges, log-linear between them."""
    edges = run(name, *sets).traces[strategy].edges
    return float(np.exp(np.interp(months / 12, edges["time_years"], np.log(edges["os_curve"]))))


def compared():
    """Row of the file -> (published, the model's, lowest and highest ratio of the model's to the published)."""
    canada, alike = ("epnet_comparators", *PSM_10_YEARS), ("epnet_comparators", *PSM_10_YEARS, *RADIANT_4)
    rows = {
        "Canada, everolimus, life years": (0.823, increment("life_years", "everolimus", *canada), 0.4, 0.8),
        "Canada, everolimus, QALYs": (0.616, increment("qalys", "everolimus", *canada), 0.4, 0.8),
        "Canada, everolimus, life years, like for like": (
            0.823,
            increment("life_years", "everolimus", *alike),
            0.9,
            1.1,
        ),
        "Canada, everolimus, QALYs, like for like": (0.616, increment("qalys", "everolimus", *alike), 0.9, 1.1),
        "Liver cancer, cabozantinib, life years, epNET": (0.18, increment("life_years", DRUG, "epnet"), 0.3, 3),
        "Liver cancer, cabozantinib, QALYs, epNET": (0.15, increment("qalys", DRUG, "epnet"), 0.3, 3),
        "Liver cancer, cabozantinib, life years, pNET": (0.18, increment("life_years", DRUG, "pnet"), 0.3, 3),
        "Liver cancer, cabozantinib, QALYs, pNET": (0.15, increment("qalys", DRUG, "pnet"), 0.3, 3),
        "CABINET, OS median, cabozantinib, pNET": (40.0, median("os", DRUG, "pnet"), 0.75, 1),
        "CABINET, OS median, cabozantinib, epNET": (21.9, median("os", DRUG, "epnet"), 0.97, 1.05),
        "RADIANT-3, PFS median, everolimus": (11.0, median("pfs", "everolimus", "pnet_comparators"), 0.85, 1),
        "RADIANT-3, OS median, everolimus": (44.0, median("os", "everolimus", "pnet_comparators", *RADIANT_3), 0.85, 1),
        "Sunitinib, PFS median, central review": (12.6, median("pfs", "sunitinib", "pnet_comparators"), 0.8, 1),
        "Sunitinib, OS median": (38.6, median("os", "sunitinib", "pnet_comparators"), 0.95, 1.15),
        "RADIANT-4, PFS median, everolimus": (11.0, median("pfs", "everolimus", "epnet_comparators"), 0.55, 0.75),
    }
    for month, placebo, everolimus in zip((12, 24, 36, 48, 60), *RADIANT_3_LANDMARKS, strict=True):
        rows[f"RADIANT-3, OS at {month} months, placebo"] = (placebo, survival(month, BSC, "pnet"), 0.7, 1)
        own = ("pnet_comparators", *RADIANT_3)
        rows[f"RADIANT-3, OS at {month} months, everolimus"] = (
            everolimus,
            survival(month, "everolimus", *own),
            0.9,
            1.05,
        )
    for month, placebo in ((12, 0.8213), (24, 0.5966)):
        rows[f"RADIANT-4, OS at {month} months, placebo"] = (placebo, survival(month, BSC, "epnet"), 0.65, 0.9)
    return rows


RADIANT_3_LANDMARKS = ((0.820, 0.640, 0.509, 0.413, 0.355), (0.826, 0.677, 0.567, 0.469, 0.347))
RADIANT_3_INTERVALS = ((0.759, 0.867), (0.568, 0.702), (0.436, 0.577), (0.343, 0.481), (0.287, 0.424))


@pytest.fixture(scope="module")
def rows():
    return compared()


def table():
    """Row -> (published, model) as the file shows them."""
    found = {}
    for line in EXPLAINED.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"[\d.]+", cells[1]):
            found[cells[0]] = (cells[1], cells[2], cells[3])
    return found


def test_orders_of_magnitude(rows):
    for name, (published, modelled, low, high) in rows.items():
        assert low <= modelled / published <= high, f"{name}: published {published}, modelled {modelled:.3f}"


def test_every_difference_is_explained(rows):
    """The file has a row for each comparison, with today's numbers, and a section for each explanation."""
    text, shown = EXPLAINED.read_text(encoding="utf-8"), table()
    assert set(shown) == set(rows)
    sections = set(re.findall(r"^## (\d+)\.", text, re.MULTILINE))
    for name, (published, modelled, explanation) in shown.items():
        assert float(published) == pytest.approx(rows[name][0]), name
        half = 0.5 * 10.0 ** -len(modelled.partition(".")[2])
        assert abs(float(modelled) - rows[name][1]) <= half * (1 + 1e-6), f"{name}: now {rows[name][1]:.4f}"
        assert explanation in sections, name
    assert sections == {explanation for _, _, explanation in shown.values()} | {"8", "9", "10"}


def test_the_survival_that_the_shape_was_taken_from():
    """With RADIANT-3's own median its shape meets all five landmarks within their intervals."""
    for month, (low, high) in zip((12, 24, 36, 48, 60), RADIANT_3_INTERVALS, strict=True):
        assert low < survival(month, BSC, "pnet", *RADIANT_3) < high, month


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_what_the_trial_published_is_met(name):
    """Medians and hazard ratios of CABINET's PFS to the last published digit."""
    fitted = [c for c in run(name).comparisons if c.endpoint == "pfs"]
    assert len(fitted) == 3
    for figure in fitted:
        digits = 2 if figure.unit == "ratio" else 1
        assert round(figure.modelled, digits) == figure.published, figure.address


def test_the_shape_of_two_medians_and_their_ratio():
    """-ln(HR) / ln(m1 / m0): 1.29 and 1.26, by hand."""
    for name, ratio, treated, placebo, shape in (("pnet", 0.23, 13.8, 4.4, 1.29), ("epnet", 0.38, 8.4, 3.9, 1.26)):
        assert -np.log(ratio) / np.log(treated / placebo) == pytest.approx(shape, abs=0.005)
        edges = run(name).traces[DRUG].edges
        years, hazard = edges["time_years"][1:], -np.log(edges["pfs_curve"][1:])
        slope = np.diff(np.log(hazard)) / np.diff(np.log(years))
        assert slope[:40] == pytest.approx(-np.log(ratio) / np.log(treated / placebo), rel=1e-6)


def test_everolimus_at_the_ratio_of_its_medians():
    """Section 7: its PFS meets RADIANT-4's median; it is no longer cheaper than BSC, and still dominates cabozantinib."""
    sets = ("survival.radiant4.pfs_anchored.hazard_ratio=0.271",)
    assert median("pfs", "everolimus", "epnet_comparators", *sets) == pytest.approx(11.0, abs=0.05)
    rows = {row.strategy: row for row in run("epnet_comparators", *sets).case.incremental}
    assert rows["everolimus"].icer == pytest.approx(3_900, abs=100)
    assert (rows[DRUG].label, rows[DRUG].versus) == ("dominated", "everolimus")


def test_the_scale_of_price_and_gain():
    """A month on cabozantinib costs 5,218 GBP, more than any gain of the model is worth: NICE's draft said no as well."""
    costs = run("pnet", "costs.cabozantinib.method=per_time", "settings.discount_rate_costs=0").case.strategies[DRUG]
    drug = sum(value for (item, _), value in costs.costs_by_item.items() if item == DRUG)
    months = 12 * costs.undiscounted_life_years_by_state["progression_free"]
    assert drug / months == pytest.approx(5218, abs=0.5)
    for name in ("pnet", "epnet"):
        [row] = [row for row in run(name).case.pairwise if row.strategy == DRUG]
        assert row.icer > 5 * 35_000
