"""Draw: every family's formula, worked out by LibreOffice, is what Python draws at the same deviates."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, exponential, write
from netcea.loading import load
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
}
PRICES = {
    "gamma": (100.0, {"gamma": {"se_relative": 0.3}}),
    "log_normal": (100.0, {"log_normal": {"se_log": 0.2}}),
    "log": (100.0, {"ci95": {"low": 50.0, "high": 150.0, "scale": "log"}}),
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
    costs["later"] = {"kind": "subsequent_treatment", **more}
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    path = write(folder, choices(strategies, costs))
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
            office.change({"Draw!B3": "yes", **{f"Draw!C{7 + i}": x for i, x in enumerate(z.values())}})
            shown = office.values([f"Draw!I{7 + i}" for i in range(len(addresses))])
            drawn = Sampler(made, 1).columns(Deviates({address: np.array([x]) for address, x in z.items()}))
            for address, value in zip(addresses, shown, strict=True):
                own = float(drawn[address][0]) / made.factors[address]
                assert value == pytest.approx(own, rel=1e-9), address
