"""What is redacted depends on no confidential price: not its bytes, not its pattern, not the screen, not the exit code."""

import csv
import io
import json
import os
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.price_layers import DISCOUNT, EVEROLIMUS, LIST_PRICE, everything, layers, text_of
from helpers.sample_of import mostly_slow
from netcea.analyses.registry import ANALYSES
from netcea.cli.main import main
from netcea.confidential.layers import read_layers
from netcea.confidential.price_points import labels_of
from netcea.confidential.redact import Made, write_redacted
from netcea.confidential.same_files import Hidden, same_leaves
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.reporting.redaction import Redaction, priced_strategies
from netcea.reporting.report import write_report_into
from netcea.reporting.table import Column, Table

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SUNITINIB = "costs.drug.sunitinib.discount"
GRID = (
    {DISCOUNT: 0.2},
    {DISCOUNT: 0.3},
    {DISCOUNT: 0.97, EVEROLIMUS: 180.0, SUNITINIB: 0.9},
    {DISCOUNT: 0.55, EVEROLIMUS: 20.0, SUNITINIB: 0.02},
    {EVEROLIMUS: 411.0},
    {EVEROLIMUS: 300.0, SUNITINIB: 0.5},
)
"""Prices between which the order of costs, dominance and the frontier change."""
AXES = [
    {"address": "costs.unit.ct_scan", "low": 50, "high": 150, "steps": 2},
    {"address": "utilities.state_utilities.clarinet.progression_free", "steps": 2},
]
ANALYSES_ASKED = {
    "base_case": {"workbook": False, "ledger": False},
    "one_way": {},
    "two_way": {"axes": AXES},
    "threshold": {"probabilistic_draws": 20},
    "psa": {"draws": 40, "keep_draws": "csv", "bcea": True},
    "voi": {"draws": 100, "studies": {}, "groups": {}},
    "severity": {"draws": 10, "age_sd": 9.0, "search_from": 58.0, "search_to": 68.0},
    "budget": {},
    "structure": {"draws": 10},
    "subgroups": {},
}


def writer(name, analysis, **options):
    chosen = ANALYSES[analysis]

    def write(at, folder):
        loaded = load(name, (), (), at)
        report = chosen.run(loaded, options_with(chosen.standing(loaded), **options)).report
        write_report_into(report, folder, figures=False)
        return Made(loaded.prices, labels_of(loaded), report.by_name, report.faults)

    return write


def published(name, analysis, values, folder):
    """Redact, and refuse to run at the confidential prices."""
    inner = writer(name, analysis, **ANALYSES_ASKED[analysis])

    def write(at, where):
        assert at.free is not None, "a run at the confidential prices"
        return inner(at, where)

    write_redacted(write, layers(values), folder)
    return everything(folder)


def shown_there(name, analysis, values, folder, monkeypatch):
    """Return the same report at the confidential prices, with what is hidden by its structure alone."""
    folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("netcea.confidential.layers.free_value", lambda _, address: values[address])
        drugs = {address.rpartition(".")[0] for address in values}
        writer(name, analysis, **ANALYSES_ASKED[analysis])(layers(values).at(drugs), folder)
    return everything(folder)


def rows_of(data):
    """The rows of a CSV file; what is hidden may have held a comma."""
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def assert_holds(files, there):
    """Everything that is shown is the same at the confidential prices."""
    for name, data in files.items():
        if name == "results.json":
            ours, theirs = json.loads(data), json.loads(there[name])
            assert same_leaves([ours, theirs], Hidden()) == ours
        elif name.endswith((".csv", ".gz")):
            for ours, theirs in zip(rows_of(data), rows_of(there[name]), strict=True):
                for a, b in zip(ours, theirs, strict=True):
                    assert a in (b, "confidential") or float(a) == pytest.approx(float(b), rel=1e-9, abs=1e-9), name


@pytest.mark.parametrize("values", mostly_slow(GRID[2:], GRID[2:3]))
def test_what_is_shown_holds_at_every_price_and_the_rest_is_hidden_whatever_it_is(tmp_path, monkeypatch, values):
    files = published("pnet_comparators", "base_case", values, tmp_path / "out")
    assert_holds(files, shown_there("pnet_comparators", "base_case", values, tmp_path / "there", monkeypatch))


SEVERAL = ("epnet_comparators", "epnet_comparators_list_price", "pnet_comparators", "pnet_comparators_list_price")
"""Every shipped scenario with more than two strategies."""


@pytest.mark.slow
def test_no_scenario_of_several_strategies_is_missing():
    names = sorted(path.stem for path in SCENARIOS.rglob("*.yaml") if path.parent.name != "batches")
    assert [name for name in names if len(load(name).strategies) > 2] == list(SEVERAL)


WHOLE = bool(os.environ.get("NETCEA_WHOLE_GRID"))
"""Every analysis of every such scenario at all prices takes most of an hour; see CONTRIBUTING.md."""
SOME = (
    *product(["pnet_comparators"], ["base_case", "one_way", "threshold", "psa", "severity", "budget"]),
    *product(["epnet_comparators_list_price"], ["base_case", "two_way"]),
)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "analysis"), [*product(SEVERAL, ANALYSES_ASKED)] if WHOLE else SOME)
def test_a_grid_of_prices(tmp_path, monkeypatch, name, analysis):
    seen = {}
    for at, values in enumerate(GRID if WHOLE else GRID[2:4]):
        known = {a: v for a, v in values.items() if load(name, (), (), layers({a: v})).prices.secret}
        if known:
            files = published(name, analysis, known, tmp_path / f"{at}" / "out")
            assert seen.setdefault(tuple(known), files) == files
            assert_holds(files, shown_there(name, analysis, known, tmp_path / f"{at}" / "there", monkeypatch))


@pytest.mark.slow
def test_columns_do_not_tell_that_the_optimal_strategy_changes(tmp_path, monkeypatch):
    """At half the price of sunitinib it changes with some quantity; at its list price and for free with none."""
    values, name = {SUNITINIB: 0.5}, "pnet_comparators_list_price"
    files = published(name, "one_way", values, tmp_path / "out")
    assert_holds(files, shown_there(name, "one_way", values, tmp_path / "there", monkeypatch))


def test_words_of_comparison_are_hidden_where_they_are_the_same_at_both_ends(tmp_path):
    """Everolimus is dominated at list price and stays a word: no reader may learn where it stops being true."""
    files = published("pnet_comparators", "base_case", {EVEROLIMUS: 411.0}, tmp_path / "out")
    found = json.loads(files["results.json"])
    rows = {row["strategy"]: row for row in found["incremental"]}
    assert list(rows) == ["cabozantinib", "best_supportive_care", "everolimus", "sunitinib"]
    assert {row["label"] for row in rows.values()} == {row["versus"] for row in rows.values()} == {"confidential"}
    pairs = {row["strategy"]: row for row in found["pairwise"]}
    assert pairs["everolimus"]["label"] == pairs["everolimus"]["icer"] == "confidential"
    assert pairs["sunitinib"]["label"] == "dominant"  # neither it nor placebo is paid for at that price
    assert isinstance(rows["sunitinib"]["costs"], float)


def test_a_column_that_nobody_named_is_hidden():
    hide = Redaction(frozenset({"new", "old"}), frozenset({"new"}))
    columns = (
        Column("technologies", "Technologies"),
        Column("qalys", "QALYs"),
        Column("verdict_of_the_day", "Verdict"),
    )
    table = hide.table(Table("anything", "", columns, (("Old", 1.0, "dear"),), "It costs £3."))
    assert (table.rows, table.note) == ((("Old", 1.0, "confidential"),), "")
    called = hide.record({"at_low": {"icer": None, "label": "dominated"}, "label": "Old"})
    assert called == {"at_low": {"icer": "confidential", "label": "confidential"}, "label": "Old"}
    assert hide.record({"qalys": 1.0, "news": [1.0, 2.0], "costs": 3.0}) == {
        "qalys": 1.0,
        "news": "confidential",
        "costs": 3.0,
    }


def test_values_of_information_are_hidden_where_they_are_the_same_at_both_ends():
    """A decision that no draw changes at list price and for free may be uncertain between them."""
    hide = Redaction(frozenset({"new", "old"}), frozenset({"new"}))
    estimate = {"value": 0.0, "standard_error": 0.0, "method": "spline", "fit_check": "good", "told_from_zero": False}
    single = {"name": "a", "label": "A", "addresses": ["a"], "is_group": False, "estimates": [estimate]}
    hidden = dict.fromkeys(estimate, "confidential")
    found = hide.record({"evpi": [estimate], "evppi": [single], "studies": [{"name": "s", "evppi": estimate}]})
    assert found == {
        "evpi": [hidden],
        "evppi": [single | {"estimates": [hidden]}],
        "studies": [{"name": "s", "evppi": hidden}],
    }
    columns = tuple(Column(c, c) for c in ("name", "addresses", "evppi_lower", "finding_lower", "fit_lower"))
    table = hide.table(Table("evppi", "", columns, (("A", "a", 0.0, "not distinguishable from 0", "good"),)))
    assert table.rows == (("A", "a", "confidential", "confidential", "confidential"),)
    said = "No EVPPI is distinguishable from 0: these draws show no number that is worth knowing alone."
    assert list(hide.lines([said])) == []


def test_values_of_information_are_hidden_even_where_they_are_0_at_both_ends():
    """A decision that no draw changes at list price and for free may be uncertain between."""
    hide = Redaction(frozenset({"new", "old"}), frozenset({"new"}))
    nothing = {"value": 0.0, "standard_error": 0.0, "method": "", "fit_check": ""}
    hidden = dict.fromkeys(nothing, "confidential")
    record = {
        "evpi": [nothing],
        "evppi": [{"name": "a", "label": "A", "addresses": ["a"], "is_group": False, "estimates": [nothing]}],
        "studies": [{"name": "s", "evppi": nothing, "patients": [10], "evsi": [0.0], "best_size": None}],
    }
    assert hide.record(record) == {
        "evpi": [hidden],
        "evppi": [{"name": "a", "label": "A", "addresses": ["a"], "is_group": False, "estimates": [hidden]}],
        "studies": [
            {"name": "s", "evppi": hidden, "patients": [10], "evsi": "confidential", "best_size": "confidential"}
        ],
    }


def test_which_strategies_bear_a_price_is_read_from_the_cost_items():
    prices = {EVEROLIMUS: 411.0}
    assert priced_strategies(load("pnet_comparators", (), (), layers(prices))) == {"everolimus"}
    crossover = {DISCOUNT: 0.5}
    assert priced_strategies(load("pnet_comparators", (), (), layers(crossover))) == {
        "cabozantinib",
        "best_supportive_care",
    }


# ------------------------------------------------------------------------------------------------ the command line
def redacted_by_command(folder, values, command, *arguments):
    folder.mkdir()
    path, out = folder / "own.secret.yaml", folder / "out"
    path.write_text(text_of(values), encoding="utf-8")
    given = [command, *arguments, "--redact", "--prices", path, "--no-figures", "--out", out]
    done = CliRunner().invoke(main, [*map(str, given)])
    said = (done.stdout + done.stderr).replace(str(out), "OUT")
    files = everything(out)
    record = json.loads(files["run.json"])
    files.pop(".netcea_files.json")
    hashes = [record["prices"][0]["sha256"], record["digest"]]
    hashes += [case["digest"] for case in json.loads(files["results.json"]).get("beside", [])]

    def without(text):
        for part in hashes:
            text = text.replace(part, "#").replace(part[:12], "#")
        return text

    return done.exit_code, without(said), {name: without(data.decode()) for name, data in files.items()}


TWO = [({DISCOUNT: 0.2}, {DISCOUNT: 0.3}), ({EVEROLIMUS: 420.0}, {EVEROLIMUS: 9.0})]


@pytest.mark.parametrize(("one", "other"), mostly_slow(TWO, TWO[:1]))
def test_two_discounts_give_the_same_bytes_screen_counts_and_exit_code_but_for_the_hash(tmp_path, one, other):
    arguments = ("run", "pnet_comparators", "--no-ledger", "--no-workbook")
    first = redacted_by_command(tmp_path / "1", one, *arguments)
    second = redacted_by_command(tmp_path / "2", other, *arguments)
    assert first == second
    assert first[0] == 0


# ------------------------------------------------------------------------------------------------ the outsider
def numbers(node, path=()):
    """Path -> number of results; rows of lists are known by the strategies and thresholds in them."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from numbers(value, (*path, key))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            keys = ("strategy", "item", "state", "threshold", "name", "address", "measure")
            known = tuple(value.get(k) for k in keys) if isinstance(value, dict) else at
            yield from numbers(value, (*path, known))
    elif isinstance(node, float | int) and not isinstance(node, bool):
        yield path, float(node)


def solved(visible):
    """Return the discounts that an outsider solves for, with the model and the public prices: R = R0 + d (R1 - R0)."""
    ends = []
    for discount in (0.0, 1.0):
        done = CliRunner().invoke(
            main, ["run", "pnet", "--no-ledger", "--no-files", "--json", "--set", f"{DISCOUNT}={discount}"]
        )
        ends.append(dict(numbers(json.loads(done.stdout))))
    found = []
    for results in visible:
        for path, value in numbers(results):
            at_list, free = (end.get(path, float("nan")) for end in ends)
            if abs(free - at_list) > 1e-6:
                found.append((value - at_list) / (free - at_list))
    return found


@pytest.mark.slow
def test_an_outsider_solves_whole_results_and_not_redacted_ones(tmp_path):
    secret = {DISCOUNT: 0.32718293}
    path = tmp_path / "own.secret.yaml"
    path.write_text(text_of(secret), encoding="utf-8")
    whole = CliRunner().invoke(main, ["run", "pnet", "--no-ledger", "--no-files", "--json", "--prices", str(path)])
    answers = [d for d in solved([json.loads(whole.stdout)]) if 0.0 < d < 1.0]
    assert sum(d == pytest.approx(secret[DISCOUNT], abs=1e-6) for d in answers) > 10
    redacted = [
        json.loads(published("pnet", analysis, secret, tmp_path / analysis)["results.json"])
        for analysis in ("base_case", "one_way")
    ]
    assert solved(redacted) == []


def test_a_discount_cannot_be_found_by_trying_the_published_hash(tmp_path):
    """The salt stands in the owner's file alone; one that anybody would try first is refused."""
    import hashlib

    path = tmp_path / "own.secret.yaml"
    path.write_text(text_of({DISCOUNT: 0.327}), encoding="utf-8")
    published_hash = read_layers([path]).records[0].sha256
    tried = ("", "own", DISCOUNT, "0123456789abcdef")
    for salt, thousandths in product(tried, range(1001)):
        content = ["own", salt, [[DISCOUNT, thousandths / 1000]]]
        assert hashlib.sha256(json.dumps(content).encode()).hexdigest() != published_hash
    for salt in ("0123456789abcdef", "abcdefghijklmnopq", "fedcba9876543210", "aaaaaaaaaaaaaaaa"):
        path.write_text(text_of({DISCOUNT: 0.327}, salt=salt), encoding="utf-8")
        with pytest.raises(InputError, match="repeats itself or counts"):
            read_layers([path])


def test_results_at_the_prices_themselves_are_never_called_redacted():
    whole = load("pnet", (), (), layers({DISCOUNT: 0.5}))
    assert whole.prices.marking.startswith("CONFIDENTIAL")
    assert load("pnet", (), (), layers({DISCOUNT: 0.5}).at(())).prices.marking.startswith("REDACTED")
    assert LIST_PRICE in whole.prices.public.values() or 0.0 in whole.prices.public.values()
