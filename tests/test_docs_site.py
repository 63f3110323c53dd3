"""The documentation as a site: what its builder reads and checks. The build itself is a step of .ci/run, strict and link-checked."""

import sys

import pytest

from helpers.walk import ROOT

SITE = ROOT / "docs" / "site"


@pytest.fixture
def site(monkeypatch):
    """Modules of docs/site by their names."""
    pytest.importorskip("numpydoc")
    monkeypatch.syspath_prepend(str(SITE))
    names = ("evidence", "links", "reference", "scenarios", "schemas", "tables")
    before = {name: sys.modules.pop(name, None) for name in names}
    yield __import__
    for name in names:
        sys.modules.pop(name, None)
        if before[name] is not None:
            sys.modules[name] = before[name]


def test_every_number_of_inputs_is_on_a_page_of_the_evidence(site):
    evidence = site("evidence")
    pages = evidence.pages(ROOT)
    numbers = evidence.numbers(ROOT / "inputs")
    assert sum(map(len, numbers.values())) > 500
    for name, inside in numbers.items():
        if f"evidence/{name}" in pages:
            for number in inside:
                assert f"`{number.address}`" in pages[f"evidence/{name}"]
    assumed = [
        n.address for inside in numbers.values() for n in inside if n.quantity.status in ("assumption", "unverified")
    ]
    assert len(assumed) > 100
    assert all(f"`{address}`" in pages["evidence/gaps"] for address in assumed)


def test_every_scenario_is_on_the_page_with_its_reason(site):
    page = site("scenarios").pages(ROOT)["scenarios/index"]
    files = sorted((ROOT / "scenarios").rglob("*.yaml"))
    assert len(files) > 200
    for path in files:
        assert f"`{path.relative_to(ROOT / 'scenarios').as_posix()}`" in page
    assert page.count("£") > 100, "results of the bias ledger"


def test_every_block_of_the_schemas_has_its_place(site):
    pages = site("schemas").pages()
    for block in ("Settings", "DrugAcquisition", "Curve"):
        assert f"## {block}\n" in pages["schemas_scenario"]
    assert "## Quantity\n" in pages["schemas_inputs"]


def test_docstrings_are_taken_apart(site):
    text = "\n".join(
        site("reference")._docstring(
            "A sum of |x| and ``y``.\n\nParameters\n----------\nx : Array (draw,)\n    One. [years]"
        )
    )
    assert "A sum of \\|x\\| and `y`." in text
    assert "| `x` | Array (draw,) | One. \\[years\\] |" in text


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<a href="other.html#there">x</a>', ""),
        ('<a href="other.html#nowhere">x</a>', "no such place"),
        ('<a href="gone.html">x</a>', "no such file"),
        ('<a href="https://example.com">x</a>', ""),
        ('<script src="https://example.com/x.js"></script>', "from the network"),
        ('<img src="//example.com/x.png">', "from the network"),
    ],
)
def test_links_and_addresses_are_checked(site, tmp_path, page, fault):
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="there">', encoding="utf-8")
    found = site("links").faults(tmp_path)
    assert bool(found) == bool(fault)
    assert all(fault in said for said in found)


def test_styles_ask_the_network_for_nothing(site, tmp_path):
    (tmp_path / "a.css").write_text(
        "@import 'https://example.com/font.css'; p {background: url(here.png)}", encoding="utf-8"
    )
    assert len(site("links").faults(tmp_path)) == 1
