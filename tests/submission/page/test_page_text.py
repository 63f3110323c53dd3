"""The page as text: its policy, nothing that is fetched, hostile labels, confidential and redacted runs."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from helpers.price_layers import DISCOUNT, OTHER, PRICE, SECRET, layers, leaks
from helpers.submissions import FEW, submission, submission_of
from netcea.loading.load import load
from netcea.submission.page.figures import strategy_looks
from netcea.submission.page.page import page_text, write_page


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts and styles."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found, self.inside, self.open = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.open = (tag, dict(attrs).get("id", "")) if tag in ("script", "style") else None

    def handle_endtag(self, tag):
        self.open = None

    def handle_data(self, data):
        if self.open:
            self.inside[self.open] = self.inside.get(self.open, "") + data


@pytest.fixture(scope="module")
def text():
    return page_text(submission("pnet"))


@pytest.fixture(scope="module")
def elements(text):
    return Elements(text)


def test_the_policy_allows_this_script_and_this_style_alone(elements):
    [policy] = [a["content"] for tag, a in elements.found if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for rule, place in (("script-src", ("script", "")), ("style-src", ("style", ""))):
        digest = base64.b64encode(hashlib.sha256(elements.inside[place].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["connect-src"] == "'none'"


def test_nothing_in_it_has_an_address(text, elements):
    assert not re.findall(r"[a-z]+://", text)
    leads = [(tag, name, v) for tag, a in elements.found for name, v in a.items() if name in ("src", "href", "action")]
    assert leads
    assert all(value.startswith("#") for _, _, value in leads)
    assert not [a for _, a in elements.found if "style" in a or any(name.startswith("on") for name in a)]


def test_it_is_well_formed(elements):
    names = [a["id"] for _, a in elements.found if "id" in a]
    assert len(names) == len(set(names))
    data = json.loads(elements.inside["script", "data"])
    assert data["panel"]["draws"]["n"] == 1500
    assert data["sources"]


def test_numbers_have_a_source(elements):
    data = json.loads(elements.inside["script", "data"])
    cells = [a for tag, a in elements.found if tag in ("td", "th") and "data-v" in a]
    lacking = [a for a in cells if "data-s" not in a]
    assert len(cells) > 500
    assert not lacking
    assert all(data["sources"][int(a["data-s"])] for a in cells)
    assert any("N Engl J Med" in source for source in data["sources"])


def test_every_table_of_the_screen_stands_on_it(text):
    tables = [
        t for report in submission("pnet").reports.values() for t in map(report.table, report.on_screen) if t.rows
    ]
    assert len(tables) > 10
    assert not [table.name for table in tables if f'data-name="{table.name}"' not in text]


HOSTILE = '</script><b>"&amp; {}`${1}` <img src=x onerror=alert(1)>'


def test_a_hostile_label_stays_text(tmp_path):
    scenario = load(
        "pnet", [f"strategies.cabozantinib.label={json.dumps(HOSTILE)}", "costs.cabozantinib.label='<i>卡博替尼 🙂'"]
    )
    text = page_text(submission_of(scenario, ("base_case",)))
    found = Elements(text)
    assert not [tag for tag, _ in found.found if tag in ("b", "img", "i")]
    data = json.loads(found.inside["script", "data"])
    assert data["looks"]["cabozantinib"]["name"] == HOSTILE
    assert data["panel"]["drugs"][0]["label"] == "<i>卡博替尼 🙂"


def test_strategies_look_as_in_figures():
    from netcea.reporting.figures.style import looks

    scenario = load("scenarios/sensitivity/pnet_comparators.yaml")
    drawn = looks(scenario.strategies, "best_supportive_care")
    found = strategy_looks(scenario)
    assert {name: look["colour"] for name, look in found.items()} == {name: look.colour for name, look in drawn.items()}
    assert len({(look["colour"], look["dash"]) for look in found.values()}) == len(found) == 4
    assert found["best_supportive_care"]["dash"] == ""


def test_without_analyses_it_still_stands():
    text = page_text(submission_of(load("pnet"), ("base_case",)))
    assert 'id="figure-ceac"' not in text
    assert 'id="figure-ladder"' in text


def at_prices(values, *, free=None, redacted=True):
    chosen = layers(values, redacted=redacted)
    scenario = load("pnet", (), (), chosen if free is None else chosen.at(free))
    return page_text(submission_of(scenario, FEW, 60))


@pytest.mark.slow
@pytest.mark.parametrize("address", [DISCOUNT, PRICE])
def test_a_redacted_page_is_the_same_whatever_the_price(address):
    values = [SECRET, OTHER] if address == DISCOUNT else [1234.5, 4321.0]
    one, other = (at_prices({address: value}, free=()) for value in values)
    free = at_prices({address: values[0]}, free=["costs.drug.cabozantinib"])
    assert one == other == free
    assert "REDACTED" in one
    found = Elements(one)
    data = json.loads(found.inside["script", "data"])
    assert data["panel"] is None
    assert data["one_way"] is None
    assert not found.inside.get(("script", "draws"), "").strip()
    assert not re.search(r"<t[dh][^>]*>-?£\d", one)
    assert 'data-name="severity"' in one


def test_a_confidential_page_is_marked_and_shows_no_price_as_an_input():
    text = at_prices({DISCOUNT: SECRET}, redacted=False)
    assert "CONFIDENTIAL: contains results at confidential prices" in text
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.DOTALL)
    assert body.count('<strong class="mark">CONFIDENTIAL</strong>') == body.count("<caption>")
    assert not leaks({"page": text.encode()}, SECRET)
    data = json.loads(Elements(text).inside["script", "data"])
    assert data["mark"] == "CONFIDENTIAL"
    assert data["panel"]["drugs"][0]["hidden"]


def test_it_is_written_whole(tmp_path, text):
    write_page(submission("pnet"), tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
