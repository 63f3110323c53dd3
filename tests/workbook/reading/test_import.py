"""`netcea import`: what was changed comes back by address, and nothing that a scenario cannot hold gets through."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils import column_index_from_string
from openpyxl.workbook.defined_name import DefinedName

from helpers.equal import differences, expected
from helpers.office import Office, needs_office
from helpers.opened import opened_again
from helpers.worked_out import WorkedOut
from netcea import load
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading.merging.draft import read_draft
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.export import live_workbook
from netcea.workbook.formulas.formula_text import same_formula
from netcea.workbook.reading.compared import CellChange, Compared, compare
from netcea.workbook.reading.equivalent_scenario import scenario_of
from netcea.workbook.reading.interpreted import interpret
from netcea.workbook.reading.read_back import read_workbook
from netcea.workbook.sheets.choices import YOURS

ROOT = Path(__file__).resolve().parents[3]
PRICE = "costs.drug.cabozantinib.price_per_pack"
RATIO = "survival.cabinet_pnet.os_nejm.hazard_ratio"


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


@pytest.fixture(scope="module")
def made():
    return live_workbook([load("pnet"), load("pnet_discount_0")])


@pytest.fixture(scope="module")
def plain(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "m.xlsx"
    made.save(path)
    return path


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A workbook of few cycles and two scenarios, and its file."""
    workbook = live_workbook([load(name, ["settings.horizon_years=3"]) for name in ("pnet", "pnet_discount_0")])
    path = tmp_path_factory.mktemp("two") / "m.xlsx"
    workbook.save(path)
    return workbook, path


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A workbook of few cycles, and its file."""
    workbook = live_workbook([load("pnet", ["settings.horizon_years=3"])])
    path = tmp_path_factory.mktemp("short") / "m.xlsx"
    workbook.save(path)
    return workbook, path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A working copy, in which the program stands."""
    for name in ("inputs", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cell(made, address):
    return f"E{made.inputs.rows[address]}"


def changed(plain, folder, change, name="changed.xlsx"):
    """Save a copy with cells changed, as a program without calculation would."""
    book = openpyxl.load_workbook(plain)
    change(book)
    path = folder / name
    book.save(path)
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def refused(path, *expected_words):
    """Say that a workbook is refused with these words, without a trace of Python."""
    ran = run(path, "--no-files")
    assert ran.exit_code == 2, ran.output
    assert "Traceback" not in ran.output
    for word in expected_words:
        assert word in ran.output, ran.output
    return ran.output


# ------------------------------------------------------------------------------------------------ there and back


@pytest.mark.slow
@needs_office
def test_what_a_reviewer_changes_comes_back_as_a_scenario(office, project, made):
    """Through LibreOffice: numbers, a choice and the selector; the new scenario gives what the workbook shows."""
    made.save(project / "model.xlsx")
    office.open(project / "model.xlsx")
    row = made.inputs.choice_rows["settings.half_cycle_correction"]
    office.change(
        {
            "Scenarios!B3": "pNET: no discounting",
            f"Inputs!{cell(made, PRICE)}": 4000.0,
            f"Inputs!{cell(made, RATIO)}": 0.9,
            f"Choices!E{row}": "start",
        }
    )
    office.save(project / "changed.xlsx")
    ran = run("changed.xlsx")
    assert ran.exit_code == 0, ran.output
    assert "39 results compared" in ran.output
    path = project / "scenarios" / "imported" / "changed.yaml"
    scenario = load(str(path))
    assert {c.address: c.value for c in scenario.changes if "changed.yaml" in c.where} == {
        PRICE: "4000.0",
        RATIO: "0.9",
        "settings.half_cycle_correction": '"start"',
    }
    assert "extends: ../sensitivity/pnet_discount_0.yaml" in path.read_text(encoding="utf-8")
    assert differences(expected(scenario), made.results.cells, office.values) == []
    assert run("changed.xlsx").exit_code == 2, "a file that is there is not overwritten"
    assert run("changed.xlsx", "--overwrite").exit_code == 0
    found = json.loads(run("changed.xlsx", "--no-files", "--json").output)
    assert found["agrees"]
    assert {c["address"]: (c["old"], c["new"]) for c in found["changes"]} == {
        "extends": ("pNET base case", "pNET: no discounting"),
        PRICE: (5143.0, 4000.0),
        RATIO: (0.95, 0.9),
        "settings.half_cycle_correction": ("trapezium", "start"),
    }


@needs_office
@pytest.mark.slow
def test_an_unchanged_workbook_that_libreoffice_saved_has_no_changes(office, project, made):
    made.save(project / "model.xlsx")
    office.open(project / "model.xlsx")
    office.save(project / "again.xlsx")
    ran = run("again.xlsx")
    assert ran.exit_code == 0, ran.output
    assert "Nothing was changed" in ran.output
    assert not (project / "scenarios" / "imported").exists()


@needs_office
@pytest.mark.slow
def test_results_that_are_not_python_s_fail(office, project, made):
    """A cached value that was tampered with, below an intact formula."""
    made.save(project / "model.xlsx")
    office.open(project / "model.xlsx")
    office.save(project / "model.xlsx")
    shown = office.value(made.results.cells["costs.cabozantinib"])
    sheet = [page.name for page in made.book.pages].index("Results") + 1
    out = io.BytesIO()
    with zipfile.ZipFile(project / "model.xlsx") as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == f"xl/worksheets/sheet{sheet}.xml":
                digits = f"<v>{shown:.6f}"[:12].encode()
                assert digits in content
                content = content.replace(digits, b"<v>9" + digits[3:], 1)
            after.writestr(part, content)
    (project / "other.xlsx").write_bytes(out.getvalue())
    ran = run("other.xlsx", "--no-files")
    assert ran.exit_code == 1
    assert "other results" in ran.output


def scenario_or_refusal(workbook, meaning, merged):
    try:
        return scenario_of(workbook, meaning, merged, "m.xlsx")[0], ""
    except InputError as error:
        return None, str(error)


@pytest.mark.slow
def test_every_choice_comes_back_or_is_refused_with_its_cell():
    """Each option of each choice, over all scenarios: the scenario gives the workbook's results, or there is none."""
    folder = ROOT / "scenarios"
    paths = [folder / "pnet.yaml", *sorted(folder.glob("*/pnet_*.yaml"))]
    workbook = live_workbook([load(str(path)) for path in paths])
    sheets, typed = WorkedOut(workbook), {}
    merged, equal, refusals = read_draft(str(paths[0])), 0, []
    for choice in workbook.variants.all_choices:
        row = workbook.inputs.choice_rows[choice.address]
        for number, option in enumerate(choice.options):
            if number == choice.taken[0]:
                continue
            found = Compared("m.xlsx", [CellChange("Choices", row, YOURS, Cell(option, "s", ""))])
            meaning = interpret(workbook, found)
            assert found.problems == []
            scenario, said = scenario_or_refusal(workbook, meaning, merged)
            if scenario is None:
                assert f"Choices!E{row}" in said
                refusals.append(choice.address)
                continue
            sheets.change({**typed, f"Choices!E{row}": option})
            typed = {f"Choices!E{row}": None}
            wrong = differences(expected(scenario), workbook.results.cells, sheets.values)
            assert wrong == [], (choice.address, option)
            equal += 1
    assert equal > 40
    of_value_set = ("population.norms", "decision.method_pack", "utilities")
    joint = (".pfs.curve", ".pfs.hazard_ratio", ".background_mortality", ".rule", ".without_crossover", *of_value_set)
    assert refusals.count("strategies.cabozantinib.os.waning") <= 1  # since the end of treatment: it needs a stop
    joint = (*joint, ".waning")
    assert [a for a in refusals if not a.endswith(joint)] == [], "only what must be chosen together is refused"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_changes_have_the_set_that_was_typed(seed, plain, project, made):
    dice = np.random.default_rng(seed)
    scenario = made.variants.base
    addresses = [a for a in made.inputs.rows if a in scenario.quantities and a not in made.inputs.estimates]
    values, wanted = {}, scenario
    for address in map(str, dice.choice(addresses, 10, replace=False)):
        more = {**values, address: round(scenario.quantities[address].value * 0.99 + 1e-4, 9)}
        with contextlib.suppress(InputError):  # not a possible value: Python says so
            wanted, values = load("pnet", [f"{a}={v!r}" for a, v in more.items()]), more
    assert len(values) >= 8

    def change(book):
        for address, value in values.items():
            book["Inputs"][cell(made, address)] = value

    found = read_workbook(changed(plain, project, change))
    assert dict(found.sets) == values
    assert expected(found.scenario) == expected(wanted)


# ------------------------------------------------------------------------------------------------ what is refused


def test_every_fault_is_named_by_its_cell_at_once(two, project):
    made, plain = two

    def change(book):
        book["Results"][made.results.cells["costs.cabozantinib"].rpartition("!")[2].replace("$", "")] = 5.0
        book["Inputs"][cell(made, PRICE)] = "4000"
        book["Inputs"][cell(made, RATIO)] = "=1-F9"
        book["Inputs"]["D30"] = 1.0
        book["Choices"][f"E{made.inputs.choice_rows['settings.half_cycle_correction']}"] = "startt"
        book["Scenarios"]["B3"] = "pNET: no discountin"

    said = refused(
        changed(plain, project, change),
        "Results!B",
        PRICE,
        RATIO,
        "Inputs!D30",
        "6 problems",
        "did you mean 'start'",
        "did you mean 'pNET: no discounting'",
        "format it as a number",
        "type the number that it comes to",
    )
    assert said.count("undo it") == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda b: b.remove(b["Severity"]), ["Severity", "no such sheet"], marks=pytest.mark.slow),
        (lambda b: b.defined_names.pop(PRICE), [PRICE, "define it again"]),
        (lambda b: setattr(b.defined_names[PRICE], "attr_text", "Inputs!$F$9"), [PRICE, "let it lead there again"]),
        (lambda b: setattr(b.calculation, "fullPrecision", False), ["precision as displayed"]),
        (lambda b: b.defined_names.pop("netcea.files"), ["the name netcea.files"]),
        (lambda b: b["Trace Cabozantinib"].__setitem__("F40", 0.5), ["Trace Cabozantinib!F40", "the number 0.5"]),
        pytest.param(lambda b: b["Tables"].__setitem__("B8", 0.5), ["Tables!B8"], marks=pytest.mark.slow),
    ],
)
def test_what_no_scenario_can_hold_is_refused(change, words, short):
    workbook, path = short
    book = openpyxl.load_workbook(path)
    change(book)
    said = "\n".join(str(problem) for problem in compare(workbook.book, opened_again(book), "m.xlsx").problems)
    for word in words:
        assert word in said


def moved(change, short):
    """Return all that is said of a workbook of which something was moved."""
    workbook, path = short
    book = openpyxl.load_workbook(path)
    change(book)
    found = compare(workbook.book, opened_again(book), "m.xlsx")
    return [str(problem) for problem in found.problems], found.beside


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            lambda b: b["Inputs"].insert_rows(10),
            ["Inputs!10:10", "1 row inserted", "delete it"],
            marks=pytest.mark.slow,
        ),
        (lambda b: b["Inputs"].insert_rows(7, 2), ["Inputs!7:7", "2 rows inserted", "delete them"]),
        (lambda b: b["Inputs"].delete_rows(12), ["Inputs!12:12", "1 row deleted"]),
        pytest.param(
            lambda b: b["Choices"].insert_cols(2), ["Choices!B:B", "1 column inserted"], marks=pytest.mark.slow
        ),
        (lambda b: b["Costs"].delete_cols(1), ["Costs!A:A", "1 column deleted"]),
        (
            lambda b: setattr(b["Inputs"], "title", "My inputs"),
            ["Inputs", "one named 'My inputs'", "name it 'Inputs' again"],
        ),
        (lambda b: b["Inputs"].merge_cells("D9:F9"), ["Inputs!D9:F9", "merged cells", "unmerge them"]),
        pytest.param(
            lambda b: b["Inputs"].merge_cells("A9:AZ9"), ["Inputs!A9:AZ9", "merged cells"], marks=pytest.mark.slow
        ),
        (lambda b: b.remove(b["Severity"]), ["Severity", "no such sheet", "renamed or deleted"]),
    ],
)
def test_what_was_moved_is_said_once(change, words, short):
    said, _ = moved(change, short)
    assert len(said) == 1, said
    for word in words:
        assert word in said[0]


def test_what_stands_beside_the_model_is_not_read_and_said_so(short):
    def change(book):
        book.create_sheet("Mine").append([1, "=Inputs!A1"])
        book["Inputs"]["Z9"] = "a note"
        book["Results"]["A900"] = "=1+1"
        book.defined_names.add(DefinedName("x", attr_text="Inputs!$E$9"))
        book.move_sheet("Inputs", 5)

    said, beside = moved(change, short)
    assert said == []
    notes = ["Results!A900 (the formula =1+1)", "Inputs!Z9 (the text 'a note')", "the sheet Mine", "the name x"]
    assert beside == notes


def test_no_formula_refers_to_what_is_beside_the_model(short):
    """So what a reviewer writes there changes nothing."""
    book = short[0].book
    ends = {page.name: (page.last_row, page.last_column) for page in book.pages}
    where = re.compile(
        r"(?:('[^']+'|[A-Za-z_]+)!)?\$?([A-Z]{1,3})\$?([1-9]\d*)(?::\$?([A-Z]{1,3})\$?([1-9]\d*))?(?![\w(!])"
    )
    seen = 0
    for page in book.pages:
        for cell in page.cells.values():
            if cell.kind == "f":
                for sheet, *area in where.findall(re.sub(r'"[^"]*"', "", cell.value)):
                    last_row, last_column = ends[sheet.strip("'") or page.name]
                    seen += 1
                    assert max(int(area[1]), int(area[3] or 1)) <= last_row, cell
                    assert (
                        max(column_index_from_string(area[0]), column_index_from_string(area[2] or "A")) <= last_column
                    ), cell
    assert seen > 10_000


def test_every_change_and_everything_that_is_not_read_is_listed(short, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workbook, path = short
    share = "costs.drug.cabozantinib.share_of_tablets_taken"

    def change(book):
        inputs = book["Inputs"]
        inputs[cell(workbook, PRICE)] = 4000
        inputs[cell(workbook, share)] = workbook.variants.base.quantities[share].value
        inputs["Z9"] = "a note"
        book.create_sheet("Mine").append([1])
        book["Choices"][f"E{workbook.inputs.choice_rows['settings.half_cycle_correction']}"] = "end"
        book["PSA live"]["B4"] = 7

    changed(path, tmp_path, change)
    ran = run("changed.xlsx", "--no-files", "--json")
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert {c["address"]: (c["cell"], c["old"], c["new"], c["note"]) for c in found["changes"]} == {
        PRICE: (f"Inputs!{cell(workbook, PRICE)}", 5143.0, 4000.0, ""),
        share: (f"Inputs!{cell(workbook, share)}", 1.0, 1.0, "as in the scenario"),
        "settings.half_cycle_correction": (
            f"Choices!E{workbook.inputs.choice_rows['settings.half_cycle_correction']}",
            "trapezium",
            "end",
            "",
        ),
    }
    assert found["set"] == {"settings.horizon_years": 3, PRICE: 4000.0, "settings.half_cycle_correction": "end"}
    assert [note for note in found["notes"] if note.startswith("Not read")] == [
        "Not read: Inputs!Z9 (the text 'a note')",
        "Not read: the sheet Mine",
    ]
    shown = run("changed.xlsx", "--no-files").output
    assert "Not read: the sheet Mine" in shown
    assert "shows draw 7" in shown


def test_a_workbook_that_does_not_say_what_it_was_made_from(short, project):
    refused(changed(short[1], project, lambda b: b.defined_names.pop("netcea.files")), "does not say which scenario")


def test_a_value_that_is_not_possible_is_refused_with_its_cell(two, project):
    made, plain = two

    def change(book):
        book["Inputs"][cell(made, "costs.drug.cabozantinib.discount")] = 1.5

    refused(changed(plain, project, change), cell(made, "costs.drug.cabozantinib.discount"), "1.5")


@pytest.mark.slow
def test_a_horizon_beyond_the_sheets_is_refused(plain, project, made):
    def change(book):
        book["Inputs"][cell(made, "settings.horizon_years")] = 60.0

    refused(changed(plain, project, change), cell(made, "settings.horizon_years"))


@pytest.mark.slow
def test_a_figure_of_which_fits_are_made_is_refused_where_cells_do_not_follow_it(project, tmp_path):
    """The gamma fit of a trial is Python's; the sheet says so, and import does not pretend."""
    scenario = load("pnet_pfs_gamma") if (ROOT / "scenarios/sensitivity/pnet_pfs_gamma.yaml").is_file() else None
    if scenario is None:
        name = next(p.stem for p in sorted((ROOT / "scenarios/sensitivity").glob("pnet_*gompertz*.yaml")))
        scenario = load(name)
    workbook = live_workbook([scenario])
    workbook.save(project / "m.xlsx")
    figure = next(f.address for fit in scenario.fits for f in fit.figures if f.address in workbook.inputs.rows)

    def change(book):
        book["Inputs"][cell(workbook, figure)] = scenario.quantities[figure].value * 1.02

    refused(changed(project / "m.xlsx", project, change), figure, "from which netcea estimates")


def test_inputs_that_changed_since_are_noticed(short, project):
    path = project / "inputs" / "costs" / "drug.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 5143", "value: 5144", 1), encoding="utf-8")
    shutil.copy(short[1], project / "m.xlsx")
    assert "5144" in path.read_text(encoding="utf-8")
    ran = run("m.xlsx", "--no-files", "--scenario", str(project / "scenarios" / "pnet.yaml"))
    assert ran.exit_code == 2
    assert "digest" in ran.output


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no .xlsx or is damaged"),
        (b"\xd0\xcf\x11\xe0rest", "encrypted"),
        (b"PK\x03\x04 but no archive", "damaged"),
    ],
)
def test_files_that_are_no_workbooks(data, word, project):
    (project / "m.xlsx").write_bytes(data)
    refused("m.xlsx", word)


def repacked(plain, path, **parts):
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            after.writestr(part, parts.pop(part.filename, None) or before.read(part))
        for name, content in parts.items():
            after.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "links to other workbooks"),
        ({"xl/sharedStrings.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst/>'}, "entities"),
        ({"xl/workbook.xml": b"<workbook"}, "cannot be read"),
    ],
)
def test_workbooks_with_something_else_inside(parts, word, short, project):
    refused(repacked(short[1], project / "m.xlsx", **parts), word)


def test_no_file_and_a_folder(project):
    refused("nothing.xlsx", "no such file")
    refused("inputs", "a folder")


# ------------------------------------------------------------------------------------------------ where it is written


@pytest.mark.slow
def test_a_file_outside_the_project_is_refused_before_anything_is_written(plain, project, made, tmp_path_factory):
    def change(book):
        book["Inputs"][cell(made, PRICE)] = 4000.0

    path = changed(plain, project, change)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.yaml"
    ran = run(path, "--output", elsewhere, "--scenario", project / "scenarios" / "pnet.yaml")
    assert ran.exit_code == 2
    assert "a file of the same project" in ran.output
    assert not elsewhere.exists()
    assert run(path, "--output", project / "mine.txt").exit_code == 2
    assert not (project / "mine.txt").exists()


@pytest.mark.slow
def test_without_a_project_it_extends_the_scenario_that_comes_with_netcea(plain, tmp_path, made, monkeypatch):
    def change(book):
        book["Inputs"][cell(made, PRICE)] = 4000.0

    monkeypatch.chdir(tmp_path)
    changed(plain, tmp_path, change, "my model.xlsx")
    ran = run("my model.xlsx")
    assert ran.exit_code == 0, ran.output
    assert "of which the file holds no results: 4" in " ".join(ran.output.split())
    assert "extends: pnet\n" in (tmp_path / "my_model.yaml").read_text(encoding="utf-8")
    assert load("my_model.yaml").quantities[PRICE].value == 4000.0


@pytest.mark.slow
def test_what_set_changed_when_it_was_exported_comes_back_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workbook = live_workbook([load("pnet", ["costs.drug.cabozantinib.discount=0.25"])])
    workbook.save(tmp_path / "m.xlsx")

    def change(book):
        book["Inputs"][cell(workbook, PRICE)] = 4000.0

    changed(tmp_path / "m.xlsx", tmp_path, change)
    ran = run("changed.xlsx")
    assert ran.exit_code == 0, ran.output
    again = load("changed.yaml")
    assert again.quantities["costs.drug.cabozantinib.discount"].value == 0.25
    assert again.quantities[PRICE].value == 4000.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=SUM(A1:B2)", "=sum( A1:B2 )"),
        ("=_xlfn.NORM.S.DIST(A1,TRUE)", "=NORM.S.DIST(A1,TRUE())"),
        ("='Inputs'!$A$1", "=Inputs!$A$1"),
        ("=1E-9*A1", "=0.000000001*A1"),
    ],
)
def test_spellings_of_a_formula(one, other):
    assert same_formula(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=A1", "=$A1"),
        ("=A1+B1", "=B1+A1"),
        ('="a "', '="a"'),
        ("=1.0001", "=1"),
        ("=A1<B1", "=A1<=B1"),
        ("=SUM(A1,B1)", "=SUM(A1:B1)"),
        ("='a b'!A1", "='ab'!A1"),
    ],
)
def test_other_formulas(one, other):
    assert not same_formula(one, other)


@pytest.mark.slow
def test_a_later_discount_rate_comes_back(project):
    """Typed without calculation: the rate from a year on, and the year."""
    later = "settings.later_discount_rates.0"
    few = ["settings.horizon_years=32"]
    workbook = live_workbook([load("scenarios/sensitivity/pnet_discount_1_5_percent_after_30_years.yaml", few)])
    workbook.save(project / "model.xlsx")
    typed = {f"{later}.costs": 0.02, f"{later}.from_year": 20}

    def change(book):
        for address, value in typed.items():
            book["Inputs"][cell(workbook, address)] = value

    changed(project / "model.xlsx", project, change)
    ran = run("changed.xlsx")
    assert ran.exit_code == 0, ran.output
    scenario = load(str(project / "scenarios" / "imported" / "changed.yaml"))
    assert scenario.file.settings.discount_rate("costs") == ((0.0, 0.035), (20.0, 0.02))
    assert scenario.file.settings.discount_rate("qalys") == ((0.0, 0.035), (20.0, 0.015))
