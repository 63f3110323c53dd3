"""A change that moves nothing says so, and why; one that moves something says nothing."""

import pytest
from click.testing import CliRunner

from helpers.malformed_project import ROOT
from netcea import run
from netcea.cli.main import main
from netcea.errors import Place
from netcea.loading import load
from netcea.loading.merging.draft import read_draft
from netcea.loading.merging.override import Override

SHAPE = "strategies.best_supportive_care.os.shape"
LANDMARK = "survival.radiant3.os_placebo_landmarks.month_12"
CUT = "survival.cabinet_pnet"


def said(name, **changes):
    scenario = load(name, {address.replace("__", "."): value for address, value in changes.items()})
    return {w.address: w.message for w in scenario.warnings if w.code == "no_effect"}


@pytest.mark.parametrize(
    ("name", "address", "value", "why"),
    [
        (
            "pnet",
            "costs.drug.cabozantinib.milligram_intensity",
            0.7,
            "costs.cabozantinib.price_follows_milligrams is false",
        ),
        ("pnet", "settings.horizon_years", 40, "it is what it was"),
        ("pnet", "costs.drug.cabozantinib.price_per_pack", 5143, "it is what it was"),
        ("pnet", "costs.drug.cabozantinib.price_per_pack.value", 5143.0, "it is what it was"),
        ("pnet", "strategies.cabozantinib.pfs.distribution", "weibull", "it is what it was"),
        (
            "pnet",
            f"{CUT}.os_fda.hazard_ratio",
            0.9,
            f"strategies.cabozantinib.os.hazard_ratio takes {CUT}.os_nejm.hazard_ratio",
        ),
        ("pnet_os_fda", f"{CUT}.os_nejm.hazard_ratio", 0.9, f"takes {CUT}.os_fda.hazard_ratio"),
        ("pnet", "costs.drug.everolimus.price_per_pack", 3, "no strategy, utility or cost of this scenario uses"),
        ("pnet", f"{SHAPE}.gompertz", "survival.radiant3.os_shape", "distribution is weibull, which does not take"),
        ("pnet", f"{CUT}.pfs_nejm.follow_up_median", 12, "correlations that inputs/ states"),
        ("pnet", f"{CUT}.os_nejm.median_cabozantinib", 30, "only strategies.cabozantinib.os.published.0 names it"),
        ("pnet", LANDMARK, 0.8, "shape_from.0 names it, but"),
        ("pnet_os_log_normal", "survival.radiant3.os_shape", 1.1, "distribution is log_normal, which does not take"),
        ("pnet", "settings.crossing", "raise_os", "every result of the base case is what it is without it"),
    ],
)
def test_no_effect_and_why(name, address, value, why):
    assert why in said(name, **{address: value})[address]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("pnet", {"costs.drug.cabozantinib.price_per_pack": 5000}),
        (
            "pnet",
            {"costs.drug.cabozantinib.milligram_intensity": 0.7, "costs.cabozantinib.price_follows_milligrams": True},
        ),
        ("pnet", {f"{CUT}.pfs_nejm.hazard_ratio": 0.3}),
        ("pnet", {f"{CUT}.pfs_nejm.median_placebo": 4.0}),
        ("pnet", {"population.cohorts.pnet.start_age": 61}),
        ("pnet", {"survival.relative_effect.share_of_pfs_events_that_are_deaths": 0.1}),
        ("pnet", {"costs.unit.end_of_life": 9000}),
        ("pnet", {"utilities.adverse_events.duration.any_grade3plus": 4}),
        ("pnet", {"costs.drug.cabozantinib.price_per_pack.label": "another"}),
        ("pnet_os_log_normal", {LANDMARK: 0.8}),
        ("pnet", {"survival.relative_effect.os_effect_ends.month_36": 30}),
        ("pnet_comparators", {"costs.drug.everolimus.price_per_pack": 3}),
        ("pnet", {"utilities.age_adjustment": "none"}),
        ("pnet", {"settings.half_cycle_correction": "start", "settings.discounting": "annual"}),
        ("pnet", {"costs.crossover.label": "Another name"}),
        ("pnet", {"strategies.cabozantinib.label": "Another name"}),
    ],
)
def test_an_effect_is_not_denied(name, changes):
    assert not said(name, **changes)


def test_of_a_confidential_price_nothing_is_said():
    address = "costs.drug.cabozantinib.price_per_pack"
    secret = read_draft("pnet").with_sets([Override(address, 4000, Place("--prices own"), {}, "hash")])
    assert not secret.with_sets([Override(address, 4000, Place("--set"))]).unchanged
    public = read_draft("pnet").with_sets([Override(address, 4000, Place("--set"))])
    assert public.with_sets([Override(address, 4000, Place("--set"))]).unchanged


def test_what_is_said_is_true():
    """Costs and QALYs are to the last bit those without the change."""
    before = run("pnet", ledger=False).case
    changes = {
        "costs.drug.cabozantinib.milligram_intensity": 0.7,
        LANDMARK: 0.8,
        f"{CUT}.pfs_nejm.follow_up_median": 12,
    }
    after = run("pnet", changes=changes, ledger=False).case
    assert [(w.code, w.address) for w in after.warnings] == [("no_effect", address) for address in changes]
    for name, strategy in before.strategies.items():
        assert (strategy.costs, strategy.qalys) == (after.strategies[name].costs, after.strategies[name].qalys)


@pytest.mark.parametrize("command", [("check",), ("run", "--no-ledger", "--no-files"), ("one-way", "--no-files")])
def test_on_the_screen(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, [*command, "pnet", "--set", "costs.drug.cabozantinib.milligram_intensity=0.7"])
    assert result.exit_code == 0, result.output
    assert "the price does not follow milligrams" in " ".join(result.stdout.split())
