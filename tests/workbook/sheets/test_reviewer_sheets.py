"""What a reviewer looks for first: assumptions, bias ledger, diagram, version log, numbers of each source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.workbook_values import typed
from netcea import load
from netcea.analyses.base_case.analysis import case_alone, ledger_of
from netcea.analyses.base_case.judgement_tables import DIRECTIONS, HIDES, bias_words
from netcea.analyses.base_case.ledger_tests import ledger_test_of
from netcea.analyses.base_case.result import LedgerEntry
from netcea.version import __version__
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets import assumptions, bias_ledger, diagram, version_log
from netcea.workbook.sheets.sources import links_of, places_in

COMPARATORS = "scenarios/sensitivity/pnet_comparators.yaml"
DISUTILITY = "scenarios/sensitivity/pnet_utilities_on_treatment_0_05.yaml"


@pytest.fixture(scope="module")
def pnet():
    made = live_workbook([load("pnet"), load(DISUTILITY)], date="2026-11-30")
    return made, calculated(made.book)


@pytest.fixture(scope="module")
def with_ledger():
    scenario = load("pnet")
    entries = ledger_of(scenario)
    return live_workbook([scenario], ledger=entries, date="2026-11-30"), entries


def column_of(page, column, first, last=None):
    """Cells of a column from a row on, until the first that is empty."""
    found = []
    for row in range(first, (last or page.last_row) + 1):
        value = page.value(row, column)
        if value is None and last is None:
            break
        found.append(value)
    return found


def test_every_assumed_and_unverified_number_is_listed_with_its_reason(pnet):
    made, found = pnet
    page = made.book.sheet("Assumptions")
    wanted = {
        (a, q.status, q.note)
        for s in made.variants.scenarios
        for a, q in s.quantities.items()
        if q.status in ("assumption", "unverified")
    }
    first = assumptions.FIRST + 2
    rows = range(first, first + len(wanted))
    listed = {
        tuple(page.value(r, c) for c in (assumptions.ADDRESS, assumptions.STATUS, assumptions.REASON)) for r in rows
    }
    assert listed == wanted
    assert all(note for _, _, note in wanted)
    for row in rows:
        address = page.value(row, assumptions.ADDRESS)
        assert found.value("Assumptions", row, assumptions.LIVE) == made.variants.values(address)[0]
    ends = page.value(first + len(wanted), assumptions.ADDRESS)
    assert ends is None


def test_choices_say_what_else_there_is(pnet):
    made, _ = pnet
    page = made.book.sheet("Assumptions")
    addresses = {cell.value: row for (row, column), cell in page.cells.items() if column == assumptions.ADDRESS}
    for choice in made.variants.all_choices:
        assert (choice.address in addresses) == (len(choice.options) > 1)
        if len(choice.options) > 1:
            others = page.value(addresses[choice.address], assumptions.REASON)
            standing = choice.taken[0]
            assert others == "; ".join(o for number, o in enumerate(choice.options) if number != standing)


def test_comparators_that_are_elsewhere_are_named(pnet):
    made, _ = pnet
    words = [cell.value for cell in made.book.sheet("Assumptions").cells.values() if isinstance(cell.value, str)]
    for named in made.variants.base.file.decision_problem.not_modelled:
        assert named.comparator in words
        assert named.reason in words
    assert "netcea export scenarios/sensitivity/pnet_comparators.yaml" in words


def test_all_strategies_of_a_scenario_are_in_the_file():
    made = live_workbook([load("scenarios/sensitivity/pnet_comparators.yaml")])
    assert set(made.traces) == set(made.variants.base.strategies)
    assert len(made.traces) == 4
    words = [cell.value for cell in made.book.sheet("Assumptions").cells.values()]
    assert "Strategies in this workbook: 4" in words


def test_without_the_ledger_figures_are_those_of_scenarios_in_the_workbook(pnet):
    """One scenario beside the base: its line has Python's figures, all others say how to get them."""
    made, _ = pnet
    page, case = made.book.sheet("Bias ledger"), case_alone(load(DISUTILITY)).case
    of_file = {page.value(r, bias_ledger.FILE): r for r in range(bias_ledger.FIRST, page.last_row + 1)}
    row = next(r for f, r in of_file.items() if f and f.endswith("pnet_utilities_on_treatment_0_05.yaml"))
    assert page.value(row, bias_ledger.ICER) == case.against_comparator().icer
    base = case_alone(load("pnet")).case
    change = case.nhb(25000.0) - base.nhb(25000.0)
    assert page.value(row, bias_ledger.NHB) == pytest.approx(change, rel=1e-12)
    assert made.variants.titles[1] in page.value(row, bias_ledger.REMARK)
    others = [r for f, r in of_file.items() if f and r != row]
    assert {page.value(r, bias_ledger.ICER) for r in others} == {None}
    gompertz = next(r for f, r in of_file.items() if f and f.endswith("pnet_pfs_gompertz.yaml"))
    assert page.value(gompertz, bias_ledger.SCENARIO) == "pNET: Gompertz PFS"
    assert page.value(gompertz, bias_ledger.FAVOURS) == "for the intervention"
    every = sum(len(a.tested_by) for a in load("pnet").file.assumptions)
    assert page.value(4, bias_ledger.WHY) == f"1 of {every}; {bias_ledger.WITHOUT}"


@pytest.mark.parametrize("base", ["pnet", COMPARATORS])
def test_the_ledger_says_that_dominance_is_hidden_only_where_the_base_case_does_not_show_it(base):
    """One scenario in which others dominate: news beside a base case of two strategies, none beside one that has them."""
    entries = (LedgerEntry("One comparator", "decision.comparator", "for", "Why", (dominating(base),)),)
    scenario = load(base)
    first = scenario.file.assumptions[0]
    file = scenario.file.model_copy(update={"assumptions": [first.model_copy(update={"tested_by": [COMPARATORS]})]})
    made = live_workbook([replace(scenario, file=file, related=None)], ledger=entries)
    page, row = made.book.sheet("Bias ledger"), bias_ledger.FIRST
    assert page.value(row, bias_ledger.ICER) == "dominated"
    hidden = base == "pnet"
    assert (page.value(row, bias_ledger.BIAS) == HIDES) == hidden
    if not hidden:
        assert page.value(row, bias_ledger.BIAS) == DIRECTIONS[first.bias]


def dominating(base):
    """What the scenario with comparators makes of a base case."""
    test = ledger_test_of(case_alone(load(base)).case, case_alone(load(COMPARATORS)).case)
    return replace(test, source=COMPARATORS)


def test_the_ledger_is_that_of_netcea_run(with_ledger):
    made, entries = with_ledger
    page, row = made.book.sheet("Bias ledger"), bias_ledger.FIRST
    for entry in entries:
        assert page.value(row, bias_ledger.ASSUMPTION) == entry.assumption
        assert page.value(row, bias_ledger.BIAS) == bias_words(entry)
        assert page.value(row, bias_ledger.WHY) == entry.why
        for test in entry.tests or (None,):
            if test is not None:
                assert page.value(row, bias_ledger.FILE) == test.source
                assert page.value(row, bias_ledger.ICER) == (test.label if test.icer is None else test.icer)
                assert page.value(row, bias_ledger.CHANGE) == test.change_in_icer
                assert page.value(row, bias_ledger.COSTS) == test.incremental_costs
                assert page.value(row, bias_ledger.QALYS) == test.incremental_qalys
                assert page.value(row, bias_ledger.WEIGHT) == test.severity_weight
            row += 1
    assert "on 2026-11-30" in page.value(3, bias_ledger.WHY)
    assert __version__ in page.value(3, bias_ledger.WHY)


def test_where_the_base_is_changed_no_figure_is_taken_from_another_scenario():
    """The ledger lays each scenario over the change; a scenario file with the same change may come to something else."""
    sets = ["utilities.on_treatment_disutility=utilities.state_utilities.on_treatment_disutility.low"]
    page = live_workbook([load("pnet", sets), load(DISUTILITY, sets)]).book.sheet("Bias ledger")
    assert page.value(4, bias_ledger.WHY).startswith("0 of")


def test_boxes_of_the_diagram_are_the_model_s_and_follow(pnet):
    made, found = pnet
    assert_diagram(made, found, load("pnet"))
    price = {"survival.cabinet_pnet.os_nejm.median_placebo": 20.0}
    with typed(made, price):
        assert_diagram(made, calculated(made.book), load("pnet", sets=price))


def assert_diagram(made, found, scenario):
    result = case_alone(scenario, traces=True)
    row = diagram.FIRST + 4
    for strategy, totals in result.case.strategies.items():
        cycles = result.traces[strategy].cycles
        wanted = {
            diagram.FREE: totals.undiscounted_life_years_by_state["progression_free"],
            diagram.PROGRESSED: totals.undiscounted_life_years_by_state["progressed"],
            diagram.TO_PROGRESSED: float(cycles["progressions"].sum()),
            diagram.DEAD: float(cycles["deaths_progression_free"].sum()),
            diagram.TO_DEAD: float((cycles["deaths"] - cycles["deaths_progression_free"]).sum()),
        }
        for column, value in wanted.items():
            assert found.value("Model diagram", row + 2, column) == pytest.approx(value, rel=1e-9), (strategy, column)
        edges = result.traces[strategy].edges
        for at, years in enumerate(diagram.YEARS, row + 3):
            before = int((edges["time_years"] <= years).sum()) - 1
            shares = [found.value("Model diagram", at, c) for c in (diagram.FREE, diagram.PROGRESSED, diagram.DEAD)]
            assert sum(shares) == pytest.approx(1.0)
            assert shares[0] == pytest.approx(edges["progression_free"][before], rel=1e-9)
        row += 3 + len(diagram.YEARS) + 1


def test_the_version_log_says_what_made_it_and_has_room():
    made = live_workbook([load("pnet", ["costs.drug.cabozantinib.discount=0.3"])], date="2026-11-30")
    page, base = made.book.sheet("Version log"), made.variants.base
    first = version_log.FIRST
    entry = [page.value(first, column) for column in range(1, 6)]
    assert entry == ["2026-11-30", "netcea", __version__, base.file.name, base.digest]
    assert "1 change (" in page.value(first, version_log.WHAT)
    assert all(page.cells[first + k, 1] == page.cells[first + 1, 1] for k in range(1, version_log.ROOM + 1))
    words = [cell.value for cell in page.cells.values()]
    assert "costs.drug.cabozantinib.discount" in words
    bare = live_workbook([load("pnet")]).book.sheet("Version log")
    assert bare.value(first, 1) == version_log.NOT_SAID, "nobody said when"


def test_each_source_has_its_numbers_places_and_links(pnet):
    made, found = pnet
    page = made.book.sheet("Sources")
    row = next(r for (r, c), cell in page.cells.items() if cell.value == "costs.unit.nurse_hour" and c == 6)
    assert page.value(row, 1) == "id6184"
    assert page.value(row, 3) == "section 11.2.2"
    assert found.value("Sources", row, 4) == 53.0
    assert page.links[row, 2] == "#costs.unit.nurse_hour"
    assert "costs.unit.nurse_hour" in made.book.names
    chan = next(r for (r, c), cell in page.cells.items() if c == 1 and cell.value == "chan_2025")
    assert [page.links[chan, c] for c in (5, 6)] == [
        "https://doi.org/10.1056/NEJMoa2403991",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC11821447/",
    ]


@pytest.mark.parametrize(
    ("text", "places", "links"),
    [
        ("final OS, abstract 309 (NCT00428597)", "abstract 309", ["https://clinicaltrials.gov/study/NCT00428597"]),
        ("Lancet 2016;387:968-977", "", []),
        ("BMC Cancer 2022;22:377, table 3, 2017", "table 3", []),
        ("a stable figure of 3 million", "", []),
    ],
)
def test_places_and_links_of_a_citation(text, places, links):
    assert places_in(text) == places
    assert links_of(text) == links
