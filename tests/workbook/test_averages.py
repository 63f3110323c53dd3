"""Averages of families in the live workbook: the mixture by formula, its weights as cells, one family in a draw."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from helpers.averaged_project import project
from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened
from netcea.loading import load
from netcea.sampling.sampler import Sampler
from netcea.sampling.streams import Deviates
from netcea.workbook.export import live_workbook

pytestmark = needs_office
FLOOR = {"background_mortality": "hazard_floor"}
NEW = "strategies.new.os.distribution"


@pytest.fixture(scope="module")
def office():
    with Office() as opened_office:
        yield opened_office


def others(path, **sets):
    """Return the scenario, and others that change it."""
    made = [load(path)]
    for name, change in sets.items():
        header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear", "name": name}
        other = Path(path).parent / f"{name}.yaml"
        other.write_text(yaml.safe_dump({**header, "set": change}), encoding="utf-8")
        made.append(load(str(other)))
    return made


def cell_of(workbook, address, column):
    return f"Inputs!{column}{workbook.inputs.rows[address]}"


def test_the_mixture_is_equal_in_every_scenario(office, tmp_path):
    path = project(tmp_path, {"average": "aic"}, **FLOOR)
    splines = {"average": "bic", "of": ["royston_parmar:odds:2", "weibull", "exponential"]}
    stated = {"weights": {"weibull": 0.3, "log_normal": 0.7}, "reason": "a test", "together": "os"}
    made = others(
        path,
        splines={NEW: splines},
        stated={NEW: stated, "strategies.old.os.distribution": copy.deepcopy(stated)},
        single={NEW: "log_normal"},
    )
    workbook = live_workbook(made)
    assert workbook.variants.refused == ()
    opened(office, workbook, tmp_path)
    for title, scenario in zip(workbook.variants.titles, made, strict=True):
        office.change({"Scenarios!B3": title})
        all_equal(scenario, workbook, office)


def test_weights_are_yellow_cells(office, tmp_path):
    path = project(tmp_path, {"weights": {"weibull": 0.3, "log_normal": 0.7}, "reason": "a test"}, **FLOOR)
    workbook = live_workbook([load(path)])
    opened(office, workbook, tmp_path)
    mine, its = (f"{NEW}.weights.{family}" for family in ("weibull", "log_normal"))
    office.change({cell_of(workbook, mine, "E"): 0.9, cell_of(workbook, its, "E"): 0.1})
    all_equal(load(path, {mine: 0.9, its: 0.1}), workbook, office)


def test_a_draw_has_one_family_as_python_does(office, tmp_path):
    path = project(tmp_path, {"average": "aic", "of": ["weibull", "log_normal", "gompertz"]})
    scenario = load(path)
    workbook = live_workbook([scenario])
    opened(office, workbook, tmp_path)
    addresses, seen = list(workbook.inputs.draw.rows), set()
    assert set(addresses) == set(Sampler(scenario, 1).uncertain)
    for seed in range(5):
        z = dict(zip(addresses, np.random.default_rng(seed).standard_normal(len(addresses)).tolist(), strict=True))
        office.change({"PSA live!B4": 1, **{f"Draw!C{7 + i}": x for i, x in enumerate(z.values())}})
        shown = office.values([f"Draw!I{7 + i}" for i in range(len(addresses))])
        drawn = Sampler(scenario, 1).columns(Deviates({address: np.array([x]) for address, x in z.items()}))
        for address, value in zip(addresses, shown, strict=True):
            assert value == pytest.approx(float(drawn[address][0]) / scenario.factors[address], rel=1e-9), address
        seen |= {address for address, x in drawn.items() if ".weights." in address and x[0] == 1.0}
    assert len(seen) > 2
    assert office.errors() == []
