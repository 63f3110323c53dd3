"""Relative survival in the live workbook: S* x S_excess by formula, families to choose among, one mechanism read back."""

from __future__ import annotations

import openpyxl
import pytest

from helpers import relative_trial
from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.evidence.relative_survival import RelativeSurvival
from netcea.fitting.candidates import Candidate
from netcea.loading import load
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.read_back import read_workbook

FAMILIES = [Candidate("weibull"), Candidate("mixture_cure", base="weibull"), Candidate("royston_parmar", "odds", 1)]
FIT = "survival.mine.os"
CURED = {arm: {"fit": FIT, "arm": arm, "distribution": "mixture_cure", "base": "weibull"} for arm in ("new", "old")}
RATIO = (
    "ratio: {value: 0.7, unit: ratio, uncertainty: {fixed: a test}, source: [netcea_assumptions], "
    "status: assumption, note: a test}\n"
)
ALL_CAUSES = {"fit": "survival.mine.all_causes", "distribution": "weibull", "background_mortality": "hazard_floor"}
OTHERS = {
    "weibull": {f"strategies.{arm}.os": {"fit": FIT, "arm": arm, "distribution": "weibull"} for arm in CURED},
    "spline": {
        "strategies.old.os": {"fit": FIT, "arm": "old", "distribution": "royston_parmar", "scale": "odds",
                              "internal_knots": 1}
    },
    "ratio": {"strategies.new.os": {"relative_to": "old", "hazard_ratio": "survival.effect.ratio"}},
    "all_causes": {f"strategies.{arm}.os": {**ALL_CAUSES, "arm": arm} for arm in CURED},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Scenarios of relative survival and one of all causes, and their workbook."""
    folder = tmp_path_factory.mktemp("relative")
    path = relative_trial.project(folder, relative_trial.strategies(CURED["new"], CURED["old"]))
    columns = {"time": "months", "event": "died", "source": "mhra_2025"}
    of = RelativeSurvival(relative_trial.TABLE, "simulated")
    data = relative_trial.trial()
    fit(data, "mine", families=FAMILIES, relative_survival=of, **columns).write_inputs(folder / "inputs")
    fit(data, "mine", "all_causes", families=FAMILIES, **columns).write_inputs(folder / "inputs")
    (folder / "inputs" / "survival" / "effect.yaml").write_text(RATIO, encoding="utf-8")
    scenarios = [load(str(path))]
    scenarios += [load(str(relative_trial.another(path, name, sets))) for name, sets in OTHERS.items()]
    return folder, scenarios, live_workbook(scenarios)


@needs_office
def test_every_family_is_equal(made, tmp_path):
    _, scenarios, workbook = made
    assert workbook.variants.refused == ()
    with Office() as office:
        opened(office, workbook, tmp_path)
        for title, scenario in zip(workbook.variants.titles, scenarios, strict=True):
            office.change({"Scenarios!B3": title})
            all_equal(scenario, workbook, office)


def read_again(made, tmp_path, choices, title=None):
    """Return the scenario of the workbook with some choices made."""
    folder, _, workbook = made
    workbook.save(folder / "m.xlsx")
    book = openpyxl.load_workbook(folder / "m.xlsx")
    if title is not None:
        book["Scenarios"]["B3"] = title
    for address, option in choices.items():
        book["Choices"][f"E{workbook.inputs.choice_rows[address]}"] = option
    book.save(folder / "changed.xlsx")
    return read_workbook(folder / "changed.xlsx")


def option_of(made, address, word):
    workbook = made[2]
    curve = workbook.variants.curves[address]
    known = next(
        c for c in curve.choices if c.address.startswith(address) and any(word in o.casefold() for o in c.options)
    )
    return known.address, next(o for o in known.options if word in o.casefold())


def test_a_family_that_was_chosen_comes_back_as_relative_survival(made, tmp_path):
    address, option = option_of(made, "strategies.old.os", "royston")
    found = read_again(made, tmp_path, {address: option})
    assert found.scenario.curves["strategies.old.os"].background_mortality == "excess"
    assert "strategies.old.os.background_mortality" not in dict(found.sets)


def test_a_floor_under_relative_survival_is_refused(made, tmp_path):
    address, option = option_of(made, "strategies.old.os", "hazard floor")
    with pytest.raises(InputError, match="'hazard_floor' on a relative survival") as caught:
        read_again(made, tmp_path, {address: option})
    assert "counted twice" in str(caught.value)


def test_all_causes_with_the_population_added_is_refused(made, tmp_path):
    address, option = option_of(made, "strategies.old.os", "excess")
    with pytest.raises(InputError, match="all causes"):
        read_again(made, tmp_path, {address: option}, made[2].variants.titles[-1])
