"""Draw: every family's formula, worked out by LibreOffice, is what Python draws at the same deviates."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, exponential, loaded, write
from netcea.draws import Draws
from netcea.loading import load
from netcea.sampling.held import held_inside
from netcea.sampling.sampler import Sampler
from netcea.sampling.streams import Deviates
from netcea.uncertainty.families import FAMILIES
from netcea.workbook.export import live_workbook

SHARES = {
    "beta": (0.2, {"beta": {"se": 0.1}}),
    "normal": (0.5, {"normal": {"se": 0.05}}),
    "uniform": (0.4, {"uniform": {"low": 0.1, "high": 0.9}}),
    "survival": (0.6, {"ci95": {"low": 0.5, "high": 0.7, "scale": "complementary_log_log"}}),
    "identity": (0.3, {"ci95": {"low": 0.2, "high": 0.4, "scale": "identity"}}),
    "first": (0.25, {"dirichlet": {"group": "g", "effective_n": 20.0}}),
    "second": (0.75, {"dirichlet": {"group": "g", "effective_n": 20.0}}),
    "this": (0.4, {"one_of": {"group": "h"}}),
    "that": (0.6, {"one_of": {"group": "h"}}),
}
PRICES = {
    "gamma": (100.0, {"gamma": {"se_relative": 0.3}}),
    "log_normal": (100.0, {"log_normal": {"se_log": 0.2}}),
    "log": (100.0, {"ci95": {"low": 50.0, "high": 150.0, "scale": "log"}}),
    "split": (100.0, {"split_log_normal": {"low": 80.0, "high": 250.0}}),
    "centred": (100.0, {"centred_log_normal": {"low": 80.0, "high": 250.0}}),
}
TOGETHER = {
    "a": (0.3, "proportion", "logit", 0.16),
    "b": (14.0, "days", "identity", 4.0),
    "c": (120.0, "GBP", "log", 0.01),
}
NOT_DRAWN = {"fixed"}


def scenario(folder):
    costs = {
        name: {"kind": "one_off", "share": Number(value, "proportion", family), "unit_cost": Number(10, "GBP")}
        for name, (value, family) in SHARES.items()
    }
    costs |= {
        name: {"kind": "one_off", "unit_cost": Number(value, "GBP", family)} for name, (value, family) in PRICES.items()
    }
    joint = {name: {"joint": {"block": "together", "scale": scale}} for name, (_, _, scale, _) in TOGETHER.items()}
    a, b, c = (Number(value, unit, joint[name]) for name, (value, unit, _, _) in TOGETHER.items())
    more = {"share": a, "duration": b, "price_per_pack": c, "pack_days": Number(30, "days")}
    costs["later"] = {"kind": "subsequent_treatment", "of": "progressions", **more}
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    path = write(folder, choices(strategies, costs, horizon_years=2))
    variances = [variance for *_, variance in TOGETHER.values()]
    rows = [[0.5 * (x * y) ** 0.5 if x != y else x for y in variances] for x in variances]
    table = {"names": [f"costs_later_{name}" for name in ("share", "duration", "price_per_pack")], "covariance": rows}
    table |= {"source": ["netcea_assumptions"], "status": "assumption", "note": "a test"}
    numbers = folder / "inputs" / "test" / "numbers.yaml"
    with numbers.open("a", encoding="utf-8") as file:
        yaml.safe_dump({"together": table}, file)
    return load(str(path))


def test_every_family_is_here():
    drawn = {name for _, family in (*SHARES.values(), *PRICES.values()) for name in family}
    assert drawn | NOT_DRAWN | {"joint"} == set(FAMILIES)


@needs_office
def test_every_family_is_drawn_as_python_does(tmp_path):
    made = scenario(tmp_path)
    workbook = live_workbook([made])
    workbook.save(tmp_path / "m.xlsx")
    addresses = list(workbook.inputs.draw.rows)
    assert set(addresses) == set(Sampler(made, 1).uncertain)
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for seed in (1, 2, 3):
            z = dict(zip(addresses, np.random.default_rng(seed).standard_normal(len(addresses)).tolist(), strict=True))
            office.change({"PSA live!B4": 1, **{f"Draw!C{7 + i}": x for i, x in enumerate(z.values())}})
            shown = office.values([f"Draw!I{7 + i}" for i in range(len(addresses))])
            drawn = Sampler(made, 1).columns(Deviates({address: np.array([x]) for address, x in z.items()}))
            for address, value in zip(addresses, shown, strict=True):
                own = float(drawn[address][0]) / made.factors[address]
                assert value == pytest.approx(own, rel=1e-9), address


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("family", ["split", "centred"])
def test_figures_whose_halves_differ_are_drawn_in_a_fit_as_python_does(family, tmp_path):
    made = load(f"epnet_pfs_intervals_{family}")
    assert [len(joint.lopsided) for joint in made.joint] == [2]
    workbook = live_workbook([made])
    workbook.save(tmp_path / "m.xlsx")
    addresses = list(workbook.inputs.draw.rows)
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for seed in (1, 2):
            z = dict(zip(addresses, np.random.default_rng(seed).standard_normal(len(addresses)).tolist(), strict=True))
            office.change({"PSA live!B4": 1, **{f"Draw!C{7 + i}": x for i, x in enumerate(z.values())}})
            shown = office.values([f"Draw!I{7 + i}" for i in range(len(addresses))])
            drawn = Sampler(made, 1).columns(Deviates({address: np.array([x]) for address, x in z.items()}))
            for address, value in zip(addresses, shown, strict=True):
                own = float(drawn[address][0]) / made.factors.get(address, 1.0)
                assert value == pytest.approx(own, rel=1e-9), address


IMPOSSIBLE = {
    "share": (0.05, "proportion", {"normal": {"se": 0.1}}),
    "most": (0.95, "proportion", {"normal": {"se": 0.1}}),
    "factor": (0.5, "ratio", {"normal": {"se": 0.5}}),
}
"""Numbers whose distributions reach values that their unit cannot have."""


def impossible(folder):
    costs = {
        name: {"kind": "one_off", "share": Number(value, unit, family), "unit_cost": Number(10, "GBP")}
        for name, (value, unit, family) in IMPOSSIBLE.items()
        if unit == "proportion"
    }
    costs["beta"] = {
        "kind": "one_off",
        "share": Number(0.5, "proportion", {"beta": {"se": 0.1}}),
        "unit_cost": Number(10, "GBP"),
    }
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    value, unit, family = IMPOSSIBLE["factor"]
    strategies["new"]["os"] = {"relative_to": "old", "hazard_ratio": Number(value, unit, family)}
    return loaded(folder, choices(strategies, costs, horizon_years=2))


@needs_office
def test_draws_that_are_impossible_are_held_and_counted_as_psa_does(tmp_path):
    made = impossible(tmp_path)
    workbook = live_workbook([made])
    workbook.save(tmp_path / "m.xlsx")
    addresses, sampler = list(workbook.inputs.draw.rows), Sampler(made, 1)
    assert set(addresses) == set(sampler.uncertain)
    assert len(addresses) == 4
    n = len(addresses)
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for z in (3.0, 0.1, -3.0, -9.0, 9.0):
            office.change({"PSA live!B4": 1, **{f"Draw!C{7 + i}": z for i in range(n)}})
            columns = sampler.columns(Deviates({address: np.array([z]) for address in addresses}))
            drawn = Draws(1, {a: np.reshape(columns[a], (1, 1)) for a in addresses})
            possible, held = held_inside(made, drawn, addresses)
            shown = office.values([f"Draw!J{7 + i}" for i in range(n)])
            done = office.values([f"Draw!K{7 + i}" for i in range(n)])
            assert {a: d for a, d in zip(addresses, done, strict=True) if d} == {h.address: "held" for h in held}
            assert f"held at the nearest possible value: {len(held)} of {n}; fixed" in office.value("Draw!C3")
            for address, value in zip(addresses, shown, strict=True):
                assert value == pytest.approx(float(possible[address][0, 0]), rel=1e-9), (address, z)
            assert office.errors() == []
        office.change({"PSA live!B4": 0})
        assert not office.value("Draw!C3")


@needs_office
def test_a_number_whose_distribution_cannot_have_the_live_value_is_fixed(tmp_path):
    made = impossible(tmp_path)
    workbook = live_workbook([made])
    workbook.save(tmp_path / "m.xlsx")
    (beta,) = (a for a, row in workbook.inputs.draw.rows.items() if row.quantity.distribution.name == "beta")
    at = 7 + list(workbook.inputs.draw.rows).index(beta)
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for edge in (0.0, 1.0):
            office.change({"PSA live!B4": 1, f"Inputs!E{workbook.inputs.rows[beta]}": edge, f"Draw!C{at}": 1.0})
            live = f"Inputs!F{workbook.inputs.rows[beta]}"
            assert office.values([f"Draw!J{at}", f"Draw!K{at}", live]) == [edge, "fixed", edge]
            assert "cannot have the live value: 1" in office.value("Draw!C3")
            assert office.errors() == []
