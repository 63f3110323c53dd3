"""Redaction by non-interference: redacted results are the same bytes whatever the secret."""

import json
import zipfile
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.price_layers import (
    DISCOUNT,
    EVEROLIMUS,
    LIST_PRICE,
    OTHER,
    PRICE,
    SECRET,
    everything,
    layers,
    leaks,
    text_of,
    written,
)
from helpers.sample_of import mostly_slow
from netcea import run
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.registry import ANALYSES
from netcea.cli.commands.export_redacted import BOOK
from netcea.cli.main import main
from netcea.confidential.audit_screen import owner_lines
from netcea.confidential.price_points import labels_of
from netcea.confidential.redact import Made, write_redacted
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.reporting.report import write_report_into


def netcea(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def writer_of(analysis, name="pnet", *, figures=False, **options):
    chosen = ANALYSES[analysis]

    def write(at, folder):
        loaded = load(name, (), (), at)
        report = chosen.run(loaded, options_with(chosen.standing(loaded), **options)).report
        write_report_into(report, folder, figures=figures)
        return Made(loaded.prices, labels_of(loaded), report.by_name)

    return write


def base_case_writer(name="pnet", *, figures=False, workbook=False, ledger=False):
    return writer_of("base_case", name, figures=figures, workbook=workbook, ledger=ledger)


def redacted(writer, values, folder, reveal=()):
    found = write_redacted(writer, layers(values), folder, reveal)
    return found, everything(folder)


FITTED = str(Path(__file__).parents[2] / "scenarios" / "sensitivity" / "epnet_os_radiant4_weibull.yaml")
WRITERS = {
    "run": (base_case_writer(), "pnet"),
    "run of curves fitted to patients": (base_case_writer(FITTED), "epnet"),
    "psa of curves fitted to patients": (writer_of("psa", FITTED, draws=60), "epnet"),
    "one-way": (writer_of("one_way"), "pnet"),
    "psa": (writer_of("psa", draws=60, keep_draws="csv", bcea=True), "pnet"),
    "threshold": (writer_of("threshold", probabilistic_draws=40), "pnet"),
    "two-way": (
        writer_of(
            "two_way",
            axes=[
                {"address": "costs.unit.ct_scan", "low": 50, "high": 150, "steps": 2},
                {"address": "survival.cabinet_pnet.os_nejm.hazard_ratio", "steps": 2},
            ],
        ),
        "pnet",
    ),
}


@pytest.mark.parametrize(
    ("address", "what"), mostly_slow(product((DISCOUNT, PRICE), WRITERS), [(DISCOUNT, "run"), (PRICE, "psa")])
)
def test_redacted_results_do_not_depend_on_the_secret(tmp_path, what, address):
    """The same bytes for two secrets (hashes made equal), and no digit of either."""
    scale = LIST_PRICE if address == PRICE else 1.0
    one, files = redacted(WRITERS[what][0], {address: SECRET * scale}, tmp_path / "one")
    _, others = redacted(WRITERS[what][0], {address: OTHER * scale}, tmp_path / "two")
    assert files == others
    assert not leaks(files, SECRET)
    assert not one.solvable
    assert one.verdict == "What remains does not depend on the confidential prices."


@pytest.mark.slow
def test_the_whole_of_a_run_with_figures_ledger_and_excel(tmp_path):
    writer = base_case_writer(figures=True, workbook=True, ledger=True)
    found, files = redacted(writer, {DISCOUNT: SECRET}, tmp_path / "one")
    _, others = redacted(writer, {DISCOUNT: OTHER}, tmp_path / "two")
    assert files == others
    assert not leaks(files, SECRET)
    assert "figures/pfs.svg" in files
    assert "figures/plane.svg" in found.hidden.dropped
    assert not [name for name in files if "media" in name or "chart" in name]


@pytest.mark.slow
def test_three_secret_prices_of_competing_strategies(tmp_path):
    names = {DISCOUNT: SECRET, EVEROLIMUS: 411.1789, "costs.drug.sunitinib.discount": 0.2213}
    others = {DISCOUNT: OTHER, EVEROLIMUS: 87.4321, "costs.drug.sunitinib.discount": 0.7771}
    one, files = redacted(base_case_writer("pnet_comparators"), names, tmp_path / "one")
    two, theirs = redacted(base_case_writer("pnet_comparators"), others, tmp_path / "two")
    assert not leaks(files, SECRET)
    assert b"411.1789" not in b"".join(files.values())
    assert files == theirs
    assert list(owner_lines(one)) == list(owner_lines(two))


def test_what_does_not_depend_on_the_price_is_shown_as_it_is(tmp_path):
    _, files = redacted(base_case_writer(), {DISCOUNT: SECRET}, tmp_path / "one")
    found = json.loads(files["results.json"])
    case = run("pnet", ledger=False).case
    for name, strategy in case.strategies.items():
        assert found["strategies"][name]["qalys"] == strategy.qalys
        assert found["strategies"][name]["costs"] == "confidential"
    assert found["pairwise"][0]["incremental_qalys"] == case.against_comparator().incremental_qalys
    assert found["pairwise"][0]["icer"] == found["pairwise"][0]["incremental_costs"] == "confidential"
    assert json.loads(files["run.json"])["headline"] == {}


def test_a_strategy_without_the_drug_keeps_its_costs(tmp_path):
    """Placebo buys no everolimus: its costs do not depend on that price."""
    _, files = redacted(base_case_writer("pnet_comparators"), {EVEROLIMUS: 411.1789}, tmp_path / "one")
    found = json.loads(files["results.json"])["strategies"]
    shown = {name: strategy["costs"] == "confidential" for name, strategy in found.items()}
    assert shown["everolimus"]
    assert not shown["sunitinib"]


def test_columns_of_draws(tmp_path):
    _, files = redacted(WRITERS["psa"][0], {DISCOUNT: SECRET}, tmp_path / "one")
    header, first, *_ = files["draws.csv.gz"].decode().splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))
    assert row[_column(row, "costs")] == "confidential"
    assert float(row[_column(row, "qalys")]) > 0
    assert DISCOUNT not in header


def _column(row, measure):
    return next(name for name in row if name.endswith(measure) and "cabozantinib" in name)


@pytest.mark.slow
def test_revealed_results_stand_rounded_and_are_audited(tmp_path):
    found, files = redacted(base_case_writer(workbook=True), {DISCOUNT: SECRET}, tmp_path / "one", ["icer"])
    icer = evaluate(load("pnet", (), (), layers({DISCOUNT: SECRET}))).against_comparator().icer
    assert f"icer,{round(icer)},1" in files["tables/revealed.csv"].decode()
    record = json.loads(files["run.json"])
    assert record["redaction"]["revealed"] == {"icer": {"value": round(icer), "rounded_to": 1.0}}
    assert found.solvable
    (finding,) = found.findings
    assert finding.actual == pytest.approx(SECRET)
    assert finding.low <= SECRET <= finding.high
    assert finding.high - finding.low < 1e-4
    assert "A reader can solve for the price of Cabozantinib" in record["redaction"]["verdict"]
    assert not leaks({name: data for name, data in files.items() if "revealed" not in name}, SECRET)
    with zipfile.ZipFile(BytesIO((tmp_path / "one" / "results.xlsx").read_bytes())) as book:
        assert f"{round(icer):,}".encode() in b"".join(map(book.read, book.namelist()))


def test_a_coarse_result_is_not_solvable(tmp_path):
    found, _ = redacted(base_case_writer(), {DISCOUNT: SECRET}, tmp_path / "one", ["icer=100000"])
    assert not found.solvable
    assert "does not give it" in found.verdict
    assert found.findings[0].high - found.findings[0].low == pytest.approx(100000 / (757688 - 61160), rel=1e-3)


def test_means_of_draws_can_be_revealed(tmp_path):
    found, _ = redacted(WRITERS["psa"][0], {DISCOUNT: SECRET}, tmp_path / "one", ["incremental_costs", "costs=100"])
    (finding,) = found.findings
    assert finding.low <= SECRET <= finding.high
    assert {"incremental_costs", "costs.cabozantinib"} <= set(finding.names)


def test_price_and_discount_of_one_drug_are_one_unknown(tmp_path):
    values = {PRICE: 4000.0, DISCOUNT: 0.25}
    found, _ = redacted(base_case_writer(), values, tmp_path / "one", ["incremental_costs"])
    (finding,) = found.findings
    actual = 1 - 4000.0 * 0.75 / LIST_PRICE
    assert finding.actual == pytest.approx(actual)
    assert (finding.low, finding.high) == pytest.approx((actual, actual), abs=1e-4)


def test_an_icer_that_is_no_plain_one_cannot_be_revealed(tmp_path):
    with pytest.raises(InputError, match="does not have as a number"):
        redacted(base_case_writer("epnet_fda_cut"), {DISCOUNT: SECRET}, tmp_path / "one", ["icer"])
    assert not (tmp_path / "one").exists()


def test_a_folder_of_whole_results_is_refused(tmp_path):
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="not redacted"):
        redacted(base_case_writer(), {DISCOUNT: SECRET}, tmp_path)
    redacted(base_case_writer(), {DISCOUNT: SECRET}, tmp_path / "own")
    redacted(base_case_writer(), {DISCOUNT: OTHER}, tmp_path / "own")


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    redacted(base_case_writer(), {DISCOUNT: SECRET}, tmp_path / "own")
    assert not list((tmp_path / "temporary").iterdir())


# ------------------------------------------------------------------------------------------------ the command line
def test_run_redact_on_the_screen_and_afterwards(tmp_path, monkeypatch):
    """What the screen shows is what was written; the owner's numbers go to standard error alone."""
    path = written(tmp_path, {DISCOUNT: SECRET})
    out = tmp_path / "out"
    done = netcea(
        "run", "pnet", "--no-ledger", "--no-figures", "--no-workbook", "--redact", "--prices", path, "--out", out
    )
    assert done.exit_code == 0, done.output
    assert "REDACTED" in done.stdout
    assert not leaks({"screen": done.output.encode(), **everything(out)}, SECRET)
    assert "does not depend on the confidential prices" in done.stderr
    assert netcea("show", out).stdout.split() == done.stdout.replace(f"Written to {out}", "").split()
    listed = netcea("runs", tmp_path)
    assert listed.exit_code == 0
    assert "confidential" in listed.output
    refused = netcea("diff", out, "pnet")
    assert (refused.exit_code, "redacted results" in refused.output) == (2, True)


def test_a_result_that_gives_the_price_away_ends_in_exit_code_1(tmp_path):
    path = written(tmp_path, {DISCOUNT: SECRET})
    done = netcea(
        "run",
        "pnet",
        "--no-ledger",
        "--no-figures",
        "--no-workbook",
        "--redact",
        "--reveal",
        "costs",
        "--prices",
        path,
        "--no-files",
    )
    assert done.exit_code == 1
    assert "32.7%" in done.stderr
    assert "32.7" not in done.stdout
    assert "FAILED" in done.stderr


def test_json_is_redacted(tmp_path):
    path = written(tmp_path, {DISCOUNT: SECRET})
    done = netcea("psa", "pnet", "--draws", "40", "--no-figures", "--no-files", "--json", "--redact", "--prices", path)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["results"]["intervals"][0]["mean"] is not None
    assert not leaks({"json": done.stdout.encode()}, SECRET)


def test_redact_needs_a_confidential_layer(tmp_path):
    path = written(tmp_path, {DISCOUNT: SECRET}, confidential=False)
    for arguments in ((), ("--prices", path)):
        done = netcea("run", "pnet", "--redact", *arguments)
        assert (done.exit_code, "nothing to hide" in done.output) == (2, True)
    assert netcea("run", "pnet", "--reveal", "icer", "--prices", path).exit_code == 2


@pytest.mark.slow
def test_export_redact_holds_values_alone(tmp_path):
    books = []
    for number, secret in enumerate((SECRET, OTHER)):
        path = written(tmp_path, {DISCOUNT: secret})
        out = tmp_path / f"{number}.xlsx"
        done = netcea("export", "pnet", "--redact", "--psa", "--draws", "40", "--prices", path, "-o", out)
        assert done.exit_code == 0, done.output
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / BOOK).write_bytes(out.read_bytes())
        books.append(everything(tmp_path / f"{number}"))
    assert not leaks(books[0], SECRET)
    assert not [name for name, data in books[0].items() if b"<f>" in data or "chart" in name or "comment" in name]
    differing = [name for name in books[0] if books[0][name] != books[1][name] and name != BOOK]
    digests = ("sheet", "sharedStrings")  # the hash of the layer, and the digest that holds it
    assert all(any(part in name for part in digests) for name in differing)
    assert set(books[0]) == set(books[1])


def test_layers_of_different_files_differ_in_their_hash_alone(tmp_path):
    outs = []
    for number, secret in enumerate((SECRET, OTHER)):
        path = tmp_path / f"{number}.secret.yaml"
        path.write_text(text_of({DISCOUNT: secret}), encoding="utf-8")
        out = tmp_path / f"{number}"
        assert (
            netcea("threshold", "pnet", "--no-figures", "--redact", "--prices", path, "--out", out, "--quiet").exit_code
            == 0
        )
        record = json.loads((out / "run.json").read_text(encoding="utf-8"))
        hashes = (record["prices"][0]["sha256"], record["digest"])
        files = everything(out)
        files.pop(".netcea_files.json")
        for text in hashes:
            files = {
                name: data.replace(text.encode(), b"").replace(text[:12].encode(), b"") for name, data in files.items()
            }
        outs.append((hashes, files))
    assert outs[0][0] != outs[1][0]
    assert outs[0][1] == outs[1][1]
