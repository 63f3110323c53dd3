"""The page in headless Chromium: its numbers are those of runs, before and after typing; who can use it, and what it asks for."""

import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import netcea
from helpers.chromium import Browser, cells, needs_chromium, type_into
from helpers.price_layers import PRICE, SECRET, layers
from helpers.submissions import DRAWS, FEW, submission, submission_of
from netcea.loading.load import load
from netcea.plain_number import read
from netcea.reporting.amounts import amount
from netcea.reporting.number_format import error_shown, fixed, known, pounds, shown
from netcea.reporting.table import Icer
from netcea.submission.page.page import write_page

pytestmark = [pytest.mark.slow, needs_chromium]

COMPARATORS = "scenarios/sensitivity/pnet_comparators.yaml"
WIDTHS = (320, 768, 1280)
CABOZANTINIB, LANREOTIDE = "costs.drug.cabozantinib.discount", "costs.drug.lanreotide.discount"


@pytest.fixture(scope="module")
def browser():
    with Browser() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    made = {}

    def page(name):
        if name not in made:
            made[name] = folder / f"{len(made)}.html"
            write_page(submission(name), made[name])
        return made[name]

    return page


def expected_incremental(case):
    """The panel's first table, from a run."""
    pairwise = {row.strategy: row for row in case.pairwise}
    weight = case.severity.severity_weight
    rows = []
    for row, weighted in zip(case.incremental, case.weighted_incremental, strict=True):
        pair = pairwise.get(row.strategy)
        first = row.versus is None
        rows.append(
            [
                case.strategies[row.strategy].label,
                pounds(row.costs),
                fixed(row.life_years, 3),
                fixed(row.qalys, 3),
                "-" if first else case.strategies[row.versus].label,
                shown(row.incremental_costs, "pounds"),
                shown(row.incremental_life_years, "years"),
                shown(row.incremental_qalys, "qalys"),
                "-" if pair is None else shown(Icer.of(pair), "icer"),
                "-" if first else shown(Icer.of(row), "icer"),
                read(weight),
                "-" if first else shown(weighted.incremental_qalys, "qalys"),
                "-" if first else shown(Icer.of(weighted), "icer"),
            ]
        )
    return rows


def expected_benefit(case):
    weight = read(case.severity.severity_weight)
    return [
        [
            case.strategies[b.strategy].label,
            pounds(b.threshold),
            fixed(b.incremental_nhb, 3),
            weight,
            fixed(b.weighted_incremental_nhb, 3),
        ]
        for b in case.net_health_benefit
    ]


def expected_draws(result):
    """Costs, QALYs, ICERs and net health benefit as `netcea psa` prints them."""
    table = result.report.table("summary")
    rows = [list(row) for row in table.rows if "ife years" not in row[0]]
    assert len(rows) >= 5
    return [[str(cell).replace(" *", "") for cell in row[1:]] for row in rows]


@cache
def runs(name, *changes):
    """A base case and a probabilistic analysis at some changes."""
    case = netcea.run(name, dict(changes), ledger=False, beside=[]).case
    return case, netcea.psa(name, dict(changes), draws=DRAWS, keep_draws="no", explain=False)


def check(page, name, changes):
    """Compare every number of the panel with runs at the changes."""
    case, result = runs(name, *changes.items())
    assert cells(page, "live-incremental") == expected_incremental(case)
    assert cells(page, "live-benefit") == expected_benefit(case)
    assert [row[1:] for row in cells(page, "live-draws")] == expected_draws(result)
    for label, threshold, plain, weighted in cells(page, "live-probability"):
        [strategy] = [s for s in result.totals.strategies if result.scenario.label(s) == label]
        at = float(threshold.strip("£").replace(",", ""))
        for text, is_weighted in ((plain, False), (weighted, True)):
            assert text == shown(result.probability_cost_effective[strategy, at, is_weighted], "percent")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["pnet", "epnet", COMPARATORS])
def test_numbers_are_those_of_runs_before_and_after_typing(browser, pages, name, width):
    page = browser.open(pages(name), width)
    check(page, name, {})
    type_into(page, "discount-0", "37.5")
    check(page, name, {CABOZANTINIB: 0.375})
    if width == 768:
        type_into(page, "discount-1", "12")
        check(page, name, {CABOZANTINIB: 0.375, LANREOTIDE: 0.12})
        type_into(page, "discount-0", "98.7")
        check(page, name, {CABOZANTINIB: 0.987, LANREOTIDE: 0.12})
    page.click("#reset")
    check(page, name, {})
    assert not page.wrong


def test_a_discount_of_the_scenario_is_shown_as_typed(browser, tmp_path):
    changes = {CABOZANTINIB: 0.07}
    write_page(submission_of(load("epnet", [f"{CABOZANTINIB}=0.07"])), tmp_path / "page.html")
    page = browser.open(tmp_path / "page.html")
    assert page.input_value("#discount-0") == "7"
    check(page, "epnet", changes)
    type_into(page, "discount-0", "0")
    check(page, "epnet", {})


def test_prices_that_meet_thresholds_are_those_of_threshold_analysis(browser, pages):
    page = browser.open(pages("epnet"))
    type_into(page, "discount-1", "60")
    result = netcea.threshold("epnet", {LANREOTIDE: 0.6})
    ladder = result.prices[0].ladder
    found = [row for row in cells(page, "live-price") if row[0] == "Point estimates"]
    assert len(found) == len(ladder.solutions) == 4
    for (_, threshold, _, discount, pack), solution in zip(found, ladder.solutions, strict=True):
        assert threshold == pounds(solution.basis.threshold)
        solved = solution.status == "solved"
        assert discount == (amount(solution.discount, "proportion", 4) if solved else solution.status)
        assert pack == (amount(solution.pack_price, "GBP") if solved else "-")
    assert any(s.status == "solved" for s in ladder.solutions)


@pytest.mark.parametrize("values", [{CABOZANTINIB: SECRET}, {PRICE: 1234.5}])
def test_confidential_prices_are_where_it_begins_and_public_ones_what_is_typed_from(browser, tmp_path, values):
    scenario = load("epnet", (), (), layers(values, redacted=False))
    write_page(submission_of(scenario), tmp_path / "page.html")
    page = browser.open(tmp_path / "page.html")
    assert page.input_value("#discount-0") == ""
    assert "CONFIDENTIAL" in page.inner_text("header")
    case = netcea.run(scenario, ledger=False, beside=[]).case
    assert cells(page, "live-incremental") == expected_incremental(case)
    type_into(page, "discount-0", "40")
    check(page, "epnet", {CABOZANTINIB: 0.4})
    type_into(page, "discount-0", "")
    assert cells(page, "live-incremental") == expected_incremental(case)
    assert page.evaluate("netcea.tsv(document.getElementById('live-incremental'))").startswith("CONFIDENTIAL")


def test_a_threshold_of_ones_own(browser, pages):
    page = browser.open(pages("epnet"))
    type_into(page, "threshold", "100,000")
    rows = {row[1]: row for row in cells(page, "live-benefit")}
    case, result = runs("epnet")
    pair = case.against_comparator()
    assert set(rows) == {"£25,000", "£35,000", "£100,000"}
    assert rows["£100,000"][2] == fixed(pair.incremental_qalys - pair.incremental_costs / 1e5, 3)
    benefit = result.totals.incremental_nhb(1e5)
    at = {row[0]: row for row in cells(page, "live-draws")}["Incremental NHB at £100,000"]
    error = float(benefit.std(ddof=1)) / len(benefit) ** 0.5
    assert at[2:4] == [known(float(benefit.mean()), error, "qalys"), error_shown(error, "qalys")]
    shares = {tuple(row[:2]): row[2] for row in cells(page, "live-probability")}
    expected = float((result.totals.increment("qalys") * 1e5 > result.totals.increment("costs")).mean())
    assert shares["Cabozantinib", "£100,000"] == shown(expected, "percent")
    type_into(page, "threshold", "nothing")
    assert page.get_attribute("#threshold", "aria-invalid") == "true"
    assert page.inner_text("#threshold-wrong")
    assert {row[1] for row in cells(page, "live-benefit")} == set(rows)


def test_what_no_discount_can_be_is_refused_in_words(browser, pages):
    page = browser.open(pages("pnet"))
    before = cells(page, "live-incremental")
    for text in ("101", "-1", "", "half"):
        type_into(page, "discount-0", text)
        assert page.get_attribute("#discount-0", "aria-invalid") == "true"
        assert "from 0 to 100" in page.inner_text("#discount-0-wrong")
        assert cells(page, "live-incremental") == before
    type_into(page, "discount-0", "50%")
    assert page.get_attribute("#discount-0", "aria-invalid") == "false"
    assert cells(page, "live-incremental") != before


def test_an_icer_is_never_negative(browser, pages):
    page = browser.open(pages(COMPARATORS))
    for discount in range(0, 101, 10):
        type_into(page, "discount-0", str(discount))
        ratios = [row[k] for row in cells(page, "live-incremental") for k in (8, 9, 12)]
        assert not [text for text in ratios if text.startswith("-") and text != "-"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser, pages, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.open(pages(COMPARATORS), width, theme)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.evaluate("for (const t of document.querySelectorAll('table')) [...t.rows].slice(5).forEach(r => r.remove())")
    page.hover("#live-incremental td")
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(browser, pages, width):
    page = browser.open(pages(COMPARATORS), width)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == width


class Listener(BaseHTTPRequestHandler):
    """Notes everything that it is asked."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def log_message(self, *_):
        pass


@pytest.fixture
def listener():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.daemon_threads = True  # a browser may open a connection and ask nothing
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_asked_of_anybody(browser, pages, listener):
    page = browser.open(pages("epnet"))
    type_into(page, "discount-0", "50")
    page.click("#figure-ceac button[title='Zoom in']")
    page.hover("#live-incremental td")
    page.click("button.copy >> nth=0")
    page.wait_for_timeout(300)
    assert [url.partition(":")[0] for url in page.asked] == ["file"]
    place = f"http://127.0.0.1:{listener.server_address[1]}"
    assert page.evaluate(f"fetch('{place}/fetched').then(() => 'let through', () => 'refused')") == "refused"
    assert not page.evaluate(f"navigator.sendBeacon('{place}/sent') && false")
    for tag, name in (("img", "src"), ("script", "src"), ("iframe", "src"), ("link", "href")):
        made = f"{{{name}: '{place}/{tag}', rel: 'stylesheet'}}"
        page.evaluate(f"void document.body.append(Object.assign(document.createElement('{tag}'), {made}))")
    page.evaluate(
        "void document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.let_in = 1'}))"
    )
    page.evaluate(f"document.body.style.background = 'url({place}/background)'")
    page.wait_for_timeout(500)
    assert listener.asked == []
    assert page.evaluate("window.let_in === undefined")


def test_hostile_labels_are_harmless(browser, tmp_path):
    label = '</script><b>"&amp; <img src=x onerror="window.harmed=1">'
    sets = [
        f"strategies.cabozantinib.label={json.dumps(label)}",
        f"costs.cabozantinib.label={json.dumps('<i>' + label)}",
    ]
    write_page(submission_of(load("pnet", sets), FEW, 60), tmp_path / "page.html")
    page = browser.open(tmp_path / "page.html")
    page.hover("#live-incremental tbody tr:last-child td")
    assert page.evaluate("window.harmed === undefined")
    assert not page.query_selector_all("img, main b, main i")
    assert label in [row[0] for row in cells(page, "live-incremental")]
    assert not page.wrong


def test_by_keyboard(browser, pages):
    """From the top: skip to the results, into a table, along its cells with their sources, sort, on to the panel."""
    page = browser.open(pages("pnet"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.focus("[data-name=base_case] tbody th")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "£113,857"
    assert page.is_visible("#source")
    assert "Sum of every cost item" in page.inner_text("#source")
    assert page.get_attribute(":focus", "aria-describedby") == "source"
    page.keyboard.press("Escape")
    assert not page.is_visible("#source")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.get_attribute("[data-name=base_case] th:nth-child(2)", "aria-sort") == "ascending"
    page.keyboard.press("Enter")
    first = page.evaluate("document.querySelector('[data-name=base_case] tbody').rows[0].cells[0].textContent")
    assert first == "Cabozantinib"
    assert "sorted by Total costs" in page.inner_text("#said")
    page.focus("#discount-0")
    page.keyboard.press("Control+A")
    page.keyboard.type("50")
    assert page.evaluate("document.activeElement.id") == "discount-0"
    page.locator("#said", has_text="incremental costs £43,098").wait_for(state="attached")
    page.focus("#time")
    before = cells(page, "at-time")
    page.keyboard.press("ArrowRight")
    assert cells(page, "at-time") != before
    assert "months" in page.get_attribute("#time", "aria-valuetext")


def test_every_cell_and_control_can_be_reached(browser, pages):
    """Every table is one stop of the tab key; every control has a name."""
    page = browser.open(pages("pnet"))
    stops = page.evaluate(
        "[...document.querySelectorAll('table')].map(t => t.querySelectorAll('[tabindex=\"0\"]').length)"
    )
    assert set(stops) == {1}


def test_tables_copy_into_a_spreadsheet(browser, pages):
    page = browser.open(pages("pnet"))
    text = page.evaluate("netcea.tsv(document.querySelector('[data-name=base_case]'))")
    head, *rows = [line.split("\t") for line in text.splitlines()]
    table = submission("pnet").reports["base_case"].table("base_case")
    assert head == [column.title for column in table.columns]
    assert [float(row[1]) for row in rows] == table.column("costs")
    assert rows[0][4] == ""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("button[aria-label='Copy for Excel: Base-case results (fully incremental)']")
    page.locator("#said", has_text="Copied").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()").replace("\r", "") == text


def test_a_figure_answers_to_the_pointer_and_zooms(browser, pages):
    page = browser.open(pages("pnet"))
    page.hover("#figure-os svg[role=img]", position={"x": 200, "y": 120})
    shown_there = page.inner_text("#figure-os .readout")
    assert "months" in shown_there
    assert "Cabozantinib: " in shown_there
    ticks = "[...document.querySelectorAll('#figure-os .axes text')].map(t => t.textContent)"
    before = page.evaluate(ticks)
    page.click("#figure-os button[title='Zoom in']")
    assert page.evaluate(ticks) != before
    page.click("#figure-os button[title='Show the whole figure']")
    assert page.evaluate(ticks) == before
    box = page.query_selector("#figure-plane svg[role=img]").bounding_box()
    page.mouse.move(box["x"] + 120, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 130, steps=4)
    page.mouse.up()
    page.mouse.move(box["x"] + 170, box["y"] + 100)
    assert page.evaluate("document.querySelectorAll('#figure-plane .axes text').length") > 2


def test_figures_say_in_words_what_they_show(browser, pages):
    page = browser.open(pages("pnet"))
    shares = submission("pnet").results["psa"].quadrants
    words = page.get_attribute("#figure-plane svg[role=img]", "aria-label")
    assert f"{shown(shares['north_east'], 'percent')} cost more and yield more QALYs" in words
    assert f"{shown(shares['north_west'], 'percent')} cost more and yield fewer" in words
    assert "Cabozantinib 0.0%" in page.get_attribute("#figure-ceac svg[role=img]", "aria-label")
    assert "months" in page.get_attribute("#figure-pfs svg[role=img]", "aria-label")


def test_the_slider_reads_the_trace(browser, pages):
    page = browser.open(pages("pnet"))
    traces = submission("pnet").results["base_case"].traces
    for index in (0, 13, 40):
        page.evaluate(
            f"(() => {{ const t = document.getElementById('time'); t.value = {index}; t.dispatchEvent(new Event('input')) }})()"
        )
        for row, (_, trace) in zip(cells(page, "at-time"), traces.items(), strict=False):
            edges = trace.edges
            expected = [
                edges["progression_free"] + edges["progressed"],
                edges["progression_free"],
                edges["progressed"],
                edges["dead"],
                edges["on_treatment"],
            ]
            assert row[1:] == [shown(float(x[index]), "percent") for x in expected]


def test_strategies_have_the_colours_of_every_figure(browser, pages):
    from netcea.reporting.figures.style import looks

    page = browser.open(pages(COMPARATORS))
    scenario = load(COMPARATORS)
    expected = {
        scenario.label(n): look.colour for n, look in looks(scenario.strategies, "best_supportive_care").items()
    }
    script = "[...document.querySelectorAll('#figure-ceac .key li')].map(li => [li.textContent.trim(), li.querySelector('line:last-child')?.getAttribute('stroke')])"
    found = dict(page.evaluate(script))
    assert {name: found[name] for name in expected} == expected


def test_it_prints(browser, pages):
    page = browser.open(pages("pnet"))
    page.emulate_media(media="print")
    assert not page.is_visible("nav")
    assert not page.is_visible("button.copy >> nth=0")
    assert len(page.pdf(format="A4", landscape=True)) > 50_000
