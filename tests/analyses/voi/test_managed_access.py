"""What the data of a managed access plan are worth is what the studies and groups of value of information are worth."""

import pytest

import netcea
from netcea.analyses.voi.managed_access import NOT_DRAWN, NOT_VALUED, collection_values, managed_access_table

COLLECTIONS = "managed_access.collections"


@pytest.fixture(scope="module")
def found():
    return netcea.voi("pnet", draws=400)


def test_each_collection_is_worth_what_its_study_is(found):
    values = [v for v in collection_values(found) if v.collection.study == "survival_trial"]
    studies = [s for s in found.studies if s.name == "survival_trial"]
    assert [v.basis for v in values] == [s.basis.label for s in studies]
    for value, study in zip(values, studies, strict=True):
        assert value.study is study
        assert value.limit == study.evppi
        assert study.patients[value.size] == (study.best_size or max(study.patients))


def test_a_group_is_its_limit_and_no_study(found):
    values = [v for v in collection_values(found) if v.collection.group]
    (group,) = [p for p in found.partial if p.is_group and p.name == values[0].collection.group]
    assert tuple(v.limit for v in values) == group.estimates
    assert {v.study for v in values} == {None}


def test_what_informs_nothing_is_not_valued(found):
    assert [v.note for v in collection_values(found) if v.note] == [NOT_VALUED]
    table = managed_access_table(found)
    assert table in found.report.tables
    row = dict(zip([c.name for c in table.columns], table.rows[-1 - len(found.bases)], strict=True))
    assert (row["note"], row["evsi"], row["evppi"]) == (NOT_VALUED, None, None)


def test_the_plans_size_goes_before_the_best_one():
    size = {f"{COLLECTIONS}.0.patients": 50}
    values = [v for v in collection_values(netcea.voi("pnet", size, draws=400)) if v.study and not v.size]
    assert {v.collection.patients for v in values} == {50}
    assert len(values) >= 2


def test_a_study_of_what_is_not_drawn_says_so():
    other = {"strategies.cabozantinib.os.hazard_ratio": "survival.cabinet_pnet.os_fda.hazard_ratio"}
    values = list(collection_values(netcea.voi("pnet", other, draws=400)))
    assert values[0].note == NOT_DRAWN
