"""The workbook is the model: what LibreOffice makes of its formulas equals Python, whatever is chosen or changed."""

from __future__ import annotations

import math
import re
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.formula import Tokenizer
from openpyxl.utils.cell import get_column_letter

from helpers.equal import same
from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened, read_again
from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.totals import totals_of
from netcea.cli.main import main
from netcea.decision.monte_carlo import icer_error
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.loading.option_values import options_with
from netcea.sampling.sampler import Sampler
from netcea.sampling.streams import Deviates
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets import inputs as input_columns

ROOT = Path(__file__).resolve().parents[2]
STANDING = {
    *map(str, range(21)),
    "105",
    "0.5",
    "365.25",
    "0.025",
    "0.975",
    "0.001",
    "2.2250738585072014E-308",
    "0.999999999999",
    "25",
    "600",
    "700",
}
"""Numbers that formulas may hold: counts, halves, coefficients and limits of series and of EXP, days of a year, ranks,
rounding."""


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


@pytest.fixture(scope="module")
def pnet():
    return live_workbook([load("pnet")])


@pytest.fixture(scope="module")
def short():
    """A workbook of few cycles: what stands beside them is the same."""
    return live_workbook([load("pnet", ["settings.horizon_years=3"])])


@pytest.fixture(scope="module")
def book(short):
    """Its file, read and not changed."""
    return read_again(short)


@needs_office
@pytest.mark.parametrize(
    "name",
    [
        "pnet",
        *[
            pytest.param(n, marks=pytest.mark.slow)
            for n in (
                "epnet",
                "pnet_comparators",
                "epnet_comparators",
                "pnet_cycle_7_days",
                "epnet_cycle_7_days",
                "pnet_cycle_30_days",
                "pnet_comparators_list_price",
            )
        ],
    ],
)
def test_every_number_of_a_scenario_is_python_s(name, office, tmp_path):
    """Base cases, three and four strategies, weekly cycles: totals, results and every column of every trace."""
    scenario = load(name)
    workbook = live_workbook([scenario])
    opened(office, workbook, tmp_path)
    all_equal(scenario, workbook, office)
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    assert office.value("Cover!B4") == "All checks passed: equal to Python"


@needs_office
def test_checks_say_what_was_changed_and_what_is_a_fault(office, tmp_path, short):
    opened(office, short, tmp_path)
    verdict, row = short.checks.verdict, short.inputs.rows["costs.drug.cabozantinib.price_per_pack"]
    office.change({f"Inputs!E{row}": 4000.0})
    assert office.value(verdict).startswith("Inputs were changed")
    listed = office.values(list(short.checks.listed))
    assert listed == ["costs.drug.cabozantinib.price_per_pack", 5143.0, 4000.0]
    choice = short.inputs.choice_rows["settings.half_cycle_correction"]
    office.change({f"Choices!E{choice}": "start"})
    second = [re.sub(r"\d+$", lambda row: str(int(row[0]) + 1), place) for place in short.checks.listed]
    assert office.values(second) == ["settings.half_cycle_correction", "trapezium", "start"]
    office.change({f"Inputs!E{row}": None, f"Choices!E{choice}": None})
    assert office.value(verdict).startswith("All checks passed")
    longer = short.inputs.rows["settings.horizon_years"]
    office.change({f"Inputs!E{longer}": 60.0})
    assert office.value(verdict).startswith("FAULT")
    office.change({f"Inputs!E{longer}": None})
    cell = short.results.cells["costs.cabozantinib"]
    office.change({cell: 100_000.0})
    assert office.value(verdict).startswith("FAULT"), "an overwritten formula"


@needs_office
@pytest.mark.parametrize(
    ("name", "sets"),
    [
        ("pnet", ["settings.horizon_years=5"]),
        *(pytest.param(name, [], marks=pytest.mark.slow) for name in ("pnet", "pnet_pfs_os_correlated_0_5")),
    ],
)
def test_the_probabilistic_row_is_drawn_from_the_inputs_own_distributions(name, sets, office, tmp_path):
    """Deviates are put into their cells: drawn values and results are those of Python at the same deviates."""
    scenario = load(name, sets)
    workbook = live_workbook([scenario])
    opened(office, workbook, tmp_path)
    rows = list(workbook.inputs.draw.rows)
    for seed in (1, 2):
        z = dict(zip(rows, np.random.default_rng(seed).standard_normal(len(rows)).tolist(), strict=True))
        cells = {f"Draw!C{7 + i}": z[address] for i, address in enumerate(rows)}
        office.change({"PSA live!B4": 1, **cells})
        drawn = Sampler(scenario, 1).columns(Deviates({a: np.array([x]) for a, x in z.items()}))
        shown = office.values([f"Draw!I{7 + i}" for i in range(len(rows))])
        assert set(drawn) == set(rows)
        for address, value in zip(rows, shown, strict=True):
            wanted = float(drawn[address][0]) / scenario.factors.get(address, 1.0)
            assert value == pytest.approx(wanted, rel=1e-9, abs=1e-12), address
        columns = {**base_case(scenario).columns, **{a: v[:, np.newaxis] for a, v in drawn.items()}}
        totals = totals_of(scenario, Draws(1, columns))
        for strategy in scenario.strategies:
            for measure in ("costs", "qalys", "life_years"):
                cell = workbook.results.cells[f"{measure}.{strategy}"]
                assert office.value(cell) == pytest.approx(totals.of(measure, strategy)[0], rel=1e-8)


@needs_office
@pytest.mark.slow
def test_each_draw_is_another(office, tmp_path, pnet):
    opened(office, pnet, tmp_path)
    icer = pnet.results.cells["costs.cabozantinib"]
    plain = office.value(icer)
    found = set()
    for number in (1, 2, 3):
        office.change({"PSA live!B4": number})
        found.add(office.value(icer))
        assert office.errors() == []
    assert len(found) == 3
    office.change({"PSA live!B4": 0})
    assert office.value(icer) == plain


@needs_office
@pytest.mark.parametrize("name", ["epnet", "pnet_comparators", "epnet_fda_cut"])
@pytest.mark.slow
def test_the_probabilistic_sheet_has_python_s_results(name, office, tmp_path):
    scenario = load(name)
    options = options_with(scenario.file.analyses.psa, draws=500, keep_draws="no", bcea=True, explain=False)
    result = ANALYSES["psa"].run(scenario, options)
    workbook = live_workbook([scenario], psa=result)
    opened(office, workbook, tmp_path)
    cells, totals = workbook.results.cells, result.totals
    assert office.errors() == []
    for strategy in totals.strategies:
        for measure in ("costs", "qalys", "life_years"):
            shown = office.value(cells[f"psa.{measure}.{strategy}"])
            assert shown == pytest.approx(totals.of(measure, strategy).mean(), rel=1e-12)
            error = totals.of(measure, strategy).std(ddof=1) / totals.n**0.5
            assert office.value(cells[f"psa.standard_error.{measure}.{strategy}"]) == pytest.approx(error, rel=1e-9)
    for what in ("costs", "qalys"):
        error = totals.increment(what).std(ddof=1) / totals.n**0.5
        assert office.value(cells[f"psa.standard_error.incremental_{what}"]) == pytest.approx(error, rel=1e-9)
    error = icer_error(totals.increment("costs"), totals.increment("qalys"))
    shown = office.value(cells["psa.standard_error.icer"])
    assert shown == (pytest.approx(error, rel=1e-9) if math.isfinite(error) else "")
    for i, threshold in enumerate(sorted(scenario.method_pack.thresholds)):
        for what, weighted in (("probability", False), ("weighted_probability", True)):
            share = (totals.incremental_nhb(threshold, weighted=weighted) > 0.0).mean()
            assert office.value(cells[f"psa.{what}.{i}"]) == pytest.approx(share, abs=1e-12)
        assert office.value(cells[f"psa.nhb.{i}"]) == pytest.approx(totals.incremental_nhb(threshold).mean(), rel=1e-9)
    thresholds = office.values([cells[f"psa.threshold.{i}"] for i in range(41)])
    benefit = np.array(
        [[t * totals.of("qalys", a) - totals.of("costs", a) for a in totals.strategies] for t in thresholds]
    )
    evpi = benefit.max(axis=1).mean(axis=1) - benefit.mean(axis=2).max(axis=1)
    assert office.values([cells[f"psa.evpi.{i}"] for i in range(41)]) == pytest.approx(evpi, rel=1e-9, abs=1e-6)
    assert evpi.max() > 1.0
    for number, strategy in enumerate(totals.strategies):
        share = (benefit.argmax(axis=1) == number).mean(axis=1)
        assert office.values([cells[f"psa.ceac.{i}.{strategy}"] for i in range(41)]) == pytest.approx(share, abs=1e-12)


@needs_office
@pytest.mark.parametrize("name", ["epnet", pytest.param("pnet", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_the_price_sheet_solves_for_the_discounts_that_python_finds(name, office, tmp_path):
    scenario = load(name)
    workbook = live_workbook([scenario])
    opened(office, workbook, tmp_path)
    result = ANALYSES["threshold"].run(scenario, scenario.file.analyses.threshold)
    solved = 0
    for solution in result.prices[0].ladder.solutions:
        i = sorted(scenario.method_pack.thresholds).index(solution.basis.threshold)
        shown = office.value(
            workbook.results.cells[f"price.{i}.{'weighted' if solution.basis.weighted else 'unweighted'}"]
        )
        if solution.status == "solved":
            solved += 1
            assert shown == pytest.approx(solution.discount, rel=1e-9)
        else:
            assert shown > 1.0 or shown < 0.0
    assert solved or name == "pnet"
    (without,) = (x for x in result.prices[0].ladder.without if x.kind == "background therapy")
    for solution, share in zip(without.solutions, without.shares_to_go, strict=True):
        i = sorted(scenario.method_pack.thresholds).index(solution.basis.threshold)
        basis = "weighted" if solution.basis.weighted else "unweighted"
        found = office.value(workbook.results.cells[f"price.without_background.{i}.{basis}"])
        assert found == pytest.approx(solution.discount, rel=1e-9)
        to_go = office.value(workbook.results.cells[f"price.to_go.{i}.{basis}"])
        assert to_go == ("" if share is None else pytest.approx(share, rel=1e-9))


# ------------------------------------------------------------------------------------------------ the file itself


def formulas(workbook):
    for sheet in read_again(workbook):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, str(getattr(cell.value, "text", cell.value))


@pytest.mark.slow
def test_no_number_is_typed_into_a_formula_that_belongs_in_inputs(pnet):
    found = {}
    bounds = {get_column_letter(column) for column in (input_columns.LEAST, input_columns.MOST, input_columns.OUTSIDE)}
    months = {repr(q.at_months) for q in load("pnet").quantities.values() if getattr(q, "at_months", None) is not None}
    for sheet, cell, text in formulas(pnet):
        column = cell.rstrip("0123456789")
        if sheet == "Inputs" and column in bounds:  # what netcea takes, not what it says
            continue
        landmarks = months if sheet == "Inputs" else set()  # the time of a figure is part of what it is
        for token in Tokenizer(text).items:
            if token.type == "OPERAND" and token.subtype == "NUMBER" and token.value not in STANDING | landmarks:
                found.setdefault(token.value, f"{sheet}!{cell}: {text[:90]}")
    assert found
    tolerances = {k for k in found if re.fullmatch(r"1E[-+]\d+", k)}
    steps = {k for k in found if found[k].startswith("PSA!")}
    limits = {k for k in found if re.match(r"Draw!J\d", found[k])}  # of places of use, at which draws are held
    random = {k for k in found if re.match(r"Draw!([BC]5|[CNMO]\d)", found[k])}  # moduli, and keys of addresses
    left = set(found) - tolerances - steps - limits - random
    assert not left, {k: found[k] for k in left}


def test_it_has_no_macros_no_links_and_nothing_hidden(short, book, tmp_path):
    short.save(tmp_path / "m.xlsx")
    with zipfile.ZipFile(tmp_path / "m.xlsx") as archive:
        names = archive.namelist()
        assert not [n for n in names if "vba" in n.lower() or "externalLink" in n]
        rels = "".join(archive.read(n).decode() for n in names if n.endswith(".rels"))
    external = [r for r in re.findall(r"<Relationship [^>]*>", rels) if 'TargetMode="External"' in r]
    assert all("relationships/hyperlink" in r and "https://" in r for r in external), "to sources on the web alone"
    assert external
    assert all(sheet.sheet_state == "visible" and not sheet.protection.sheet for sheet in book)
    assert not [d for sheet in book for d in sheet.column_dimensions.values() if d.hidden]
    assert not [d for sheet in book for d in sheet.row_dimensions.values() if d.hidden]
    assert book.sheetnames[:4] == ["Cover", "Results", "Inputs", "Scenarios"]
    assert book.sheetnames[-2:] == ["Sources", "Checks"]


def test_the_same_model_gives_the_same_bytes():
    one, other = (live_workbook([load("epnet", ["settings.horizon_years=3"])]).as_bytes() for _ in range(2))
    assert one == other


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    nasty = "=1+1"
    path = tmp_path / "nasty.yaml"
    path.write_text(
        f"format: 1\nextends: {ROOT / 'scenarios' / 'pnet.yaml'}\nname: '{nasty}'\n"
        "rationale: '@SUM(A1)'\ndirection: unclear\nset:\n  strategies.cabozantinib.label: '+cmd|calc'\n"
        "  settings.horizon_years: 2\n",
        encoding="utf-8",
    )
    made = live_workbook([load(str(path), (), (ROOT / "scenarios",))])
    texts = [str(c.value) for s in read_again(made) for row in s.iter_rows() for c in row if c.data_type == "s"]
    assert any(nasty in t for t in texts)
    made.save(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    found = [
        c.value
        for s in book
        for row in s.iter_rows()
        for c in row
        if c.data_type == "f" and str(c.value) in (nasty, "+cmd|calc", "=+cmd|calc", "@SUM(A1)")
    ]
    assert found == []


def test_names_read_like_addresses(short, book):
    names = book.defined_names
    assert "costs.drug.cabozantinib.price_per_pack" in names
    row = short.inputs.rows["costs.drug.cabozantinib.price_per_pack"]
    assert names["costs.drug.cabozantinib.price_per_pack"].attr_text == f"Inputs!$F${row}"
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name) for name in names)


# ------------------------------------------------------------------------------------------------ the command


def test_export_writes_a_file_and_says_what_does_not_fit(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    few = tmp_path / "few"
    few.mkdir()
    for name in ("pnet_discount_0", "pnet_comparators"):
        text = (ROOT / "scenarios" / "sensitivity" / f"{name}.yaml").read_text(encoding="utf-8")
        (few / f"{name}.yaml").write_text(text.replace("../pnet.yaml", str(ROOT / "scenarios" / "pnet.yaml")))
    out = tmp_path / "m.xlsx"
    trust = ["--trust", str(ROOT / "scenarios")]
    ran = CliRunner().invoke(main, ["export", "pnet", "-o", str(out), "--scenarios", str(few), *trust])
    assert ran.exit_code == 0, ran.output
    assert re.search(r"\d\d scenarios to select from", ran.output)
    written = openpyxl.load_workbook(out, read_only=True)
    assert "pNET: no discounting" in written["Scenarios"]["E5"].value
    assert "does not fit: pNET: everolimus" in ran.output
    assert "other strategies" in ran.output
    assert {"One-way", "Price", "Checks"} <= set(written.sheetnames)
    written.close()


def test_export_of_what_cells_cannot_hold_is_bad_input(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    ran = CliRunner().invoke(main, ["export", "nonsense", "-o", str(tmp_path / "m.xlsx")])
    assert ran.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_same_is_not_blind():
    assert same(1.0, 1.0 + 1e-12)
    assert not same(1.0, 1.0 + 1e-8)
    assert not same("dominated", "")


def test_yellow_cells_take_only_what_is_possible(short, book):
    sheet, rules, worked_out = book["Inputs"], {}, calculated(short.book)
    for rule in sheet.data_validations.dataValidation:
        for cell in str(rule.sqref).split():
            assert len(rule.formula1) < 256
            rules[cell] = (
                rule.type,
                *(worked_out.formula("Inputs", f) for f in (rule.formula1, rule.formula2)),
                rule.error,
            )
    rows = short.inputs.rows
    assert set(rules) == {f"E{row}" for row in rows.values()}
    assert rules[f"E{rows['costs.drug.cabozantinib.discount']}"] == (
        "decimal",
        0.0,
        1.0,
        "A number from 0 up to 1, or nothing.",
    )
    assert rules[f"E{rows['costs.drug.cabozantinib.price_per_pack']}"][1] == 0.0
    assert rules[f"E{rows['survival.cabinet_pnet.os_nejm.hazard_ratio']}"][1] > 0.0
    assert rules[f"E{rows['settings.horizon_years']}"][2] == pytest.approx(short.variants.cycles * 28 / 365.25)
    assert rules[f"E{rows['settings.cycle_days']}"][1] == pytest.approx(3 * 365.25 / short.variants.cycles)
    assert rules[f"E{rows['decision.method_packs.nice-2026-03.threshold_lower']}"][2] < 35_000
    chosen = {str(rule.sqref) for rule in book["Choices"].data_validations.dataValidation}
    assert chosen == {f"E{row}" for row in short.inputs.choice_rows.values()}


def test_values_have_comments_with_their_sources(short, book):
    sheet = book["Inputs"]
    row = short.inputs.rows["survival.cabinet_pnet.os_nejm.hazard_ratio"]
    assert "published" in sheet.cell(row, 3).comment.text
    assert "ESMO Congress 2024" in sheet.cell(row, 3).comment.text


@pytest.mark.slow
def test_excel_can_hold_every_formula():
    """8,192 letters, 64 levels; with every scenario of one cohort there are the most options."""
    paths = sorted((ROOT / "scenarios").glob("*/pnet_*.yaml"))
    made = live_workbook([load("pnet"), *(load(str(path)) for path in paths)])
    longest = deepest = 0
    for _, _, text in formulas(made):
        longest = max(longest, len(text))
        level = deep = 0
        for letter in re.sub(r'"[^"]*"', "", text):
            level += (letter == "(") - (letter == ")")
            deep = max(deep, level)
        deepest = max(deepest, deep)
    assert longest < 8192
    assert deepest <= 64
    assert all(len(name) <= 255 for name in made.book.names)
