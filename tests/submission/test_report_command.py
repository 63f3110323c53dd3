"""`netcea report` and ``netcea.report``: files, records, exit codes; nothing half-written."""

import datetime as dt
import io
import json
import re
import shutil
import subprocess

import docx
import pytest
from click.testing import CliRunner

import netcea
from helpers.submissions import QUICK
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.submission.document.write import document_of
from netcea.submission.report import DOCUMENT, report_of
from netcea.submission.sections import SECTIONS, blocks_of
from netcea.submission.submission import gather
from netcea.submission.wanted import Wanted

DATE = "2026-11-30"


def command(*arguments):
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def test_a_template_that_is_none_is_refused_before_anything_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr("netcea.submission.submission.gather", None)
    (tmp_path / "template.docx").write_text("no document")
    found = command("pnet", "--template", tmp_path / "template.docx", "--out", tmp_path / "out")
    assert found.exit_code == 2
    assert "template.docx" in found.output
    assert found.output.count("found ") == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_of_others_is_refused_before_anything_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr("netcea.submission.submission.gather", None)
    (tmp_path / "thesis.txt").write_text("mine")
    found = command("pnet", "--out", tmp_path)
    assert found.exit_code == 2
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("wrong", [("--draws", "1"), ("--date", "30.11.2026"), ("--seed", "-1"), ("no_such_scenario",)])
def test_wrong_arguments_are_refused(tmp_path, wrong):
    found = command(*(wrong if len(wrong) == 1 else ("pnet", *wrong)), "--out", tmp_path / "out")
    assert found.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"author": "A\x01company"}, "--author"),
        ({"author": "x" * 256}, "256 characters"),
        ({"author": None}, "--author"),
        ({"date": DATE}, "--date"),
        ({"template": 5}, "template"),
        ({"folder": 5}, "folder"),
        ({"folder": "inputs"}, "files that were not written by netcea"),
        ({"workers": "2"}, "a whole number of at least 1"),
        ({"author": "\u202e", "date": 5}, "--date"),
    ],
)
def test_what_could_not_be_written_is_refused_in_python_before_anything_is_run(tmp_path, monkeypatch, wrong, words):
    monkeypatch.setattr("netcea.submission.report.gather", None)
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "mine.yaml").write_text("mine")
    if wrong.get("folder") == "inputs":
        wrong = {"folder": tmp_path / "inputs"}
    with pytest.raises(InputError, match=words) as error:
        netcea.report("pnet", **{"folder": tmp_path / "out", **wrong})
    assert error.value.count == len(wrong)
    assert not (tmp_path / "out").exists()


def test_an_author_that_no_file_can_hold_is_refused_before_anything_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr("netcea.submission.submission.gather", None)
    (tmp_path / "template.docx").write_text("no document")
    found = command("pnet", "--author", "A\x01", "--template", tmp_path / "template.docx", "--out", tmp_path / "out")
    assert found.exit_code == 2
    assert "--author" in found.output
    assert "template.docx" in found.output
    assert "2 problems; nothing was run" in found.output


def test_redaction_needs_something_to_hide(tmp_path):
    found = command("pnet", "--redact", "--out", tmp_path / "out")
    assert found.exit_code == 2
    assert "no confidential layer" in found.output


def test_results_json_is_what_the_analyses_write(submission):
    made = report_of(submission, Wanted())
    analyses = made.results["results"]["analyses"]
    assert set(analyses) == set(submission.reports)
    assert analyses["psa"] == submission.reports["psa"].results["results"]
    base = submission.reports["base_case"].results
    assert analyses["base_case"]["strategies"] == base["strategies"]
    assert DOCUMENT in made.files


def test_sections_are_a_literal_in_order():
    numbers = [tuple(map(int, re.findall(r"\d+", name))) for name in SECTIONS if name.startswith("B.3")]
    assert numbers == sorted(numbers)


@pytest.mark.slow
def test_with_several_strategies_fully_incremental_comes_first():
    submission = gather(netcea.load("pnet_comparators", QUICK), draws=20, verified=False)
    blocks = blocks_of(submission)
    keys = [getattr(block, "key", "") for block in blocks]
    assert keys.index("base_case") < keys.index("weighted") < keys.index("pairwise")
    document = docx.Document(io.BytesIO(document_of(submission).data))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "fully incremental analysis decides" in text
    captions = {(t._tbl.getprevious().xpath("string(.)")).partition(": ")[2]: t for t in document.tables}
    rows = [[cell.text for cell in row.cells] for row in captions["Base-case results (fully incremental)"].rows[1:]]
    assert rows[0][0] == "Sunitinib"
    assert {"(dominated)"} <= {row[-1] for row in rows[1:]}
    assert len(rows) == len(submission.scenario.strategies) > 2


def test_a_scenario_without_ledger_budget_and_switching_says_so():
    """The blank model has next to nothing."""
    changes = {"assumptions": [], "analyses.budget": {}, "analyses.switching": {}}
    scenario = netcea.load("pnet", {**QUICK, **changes})
    submission = gather(scenario, draws=20, verified=False)
    assert {"budget", "switching"} <= set(submission.not_run)
    document = docx.Document(io.BytesIO(document_of(submission).data))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "The scenario has no bias ledger" in text
    assert "Not worked out: the scenario does not say how" in text
    assert "Not run: the scenario does not say how" in text


@pytest.mark.slow
def test_the_command_writes_a_folder_that_can_be_read_again(tmp_path):
    typed = ["pnet", "--draws", 200, "--date", DATE, "--author", "A company", "--out", tmp_path / "out"]
    typed += [word for address, draws in QUICK.items() for word in ("--set", f"{address}={draws}")]
    found = command(*typed)
    assert found.exit_code == 0, found.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {DOCUMENT, "results.json", "run.json", "inputs.json"} <= names
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["analysis"] == "report"
    shown = CliRunner().invoke(main, ["show", str(tmp_path / "out")])
    assert shown.exit_code == 0, shown.output
    assert "Base case\n" in shown.output
    assert "£113,857" in shown.output
    first = (tmp_path / "out" / DOCUMENT).read_bytes()
    assert docx.Document(io.BytesIO(first)).core_properties.author == "A company"
    again = command(*typed, "--quiet")
    assert again.exit_code == 0
    assert again.output == ""
    assert (tmp_path / "out" / DOCUMENT).read_bytes() == first


@pytest.mark.slow
def test_python_writes_the_same(tmp_path):
    with pytest.raises(InputError):
        netcea.report("pnet", template=tmp_path / "none.docx", folder=tmp_path / "out")
    made = netcea.report("pnet", QUICK, folder=tmp_path / "out", draws=50, date=dt.date(2026, 11, 30), workers=2)
    assert (tmp_path / "out" / DOCUMENT).read_bytes() == document_of(made, date=dt.date(2026, 11, 30)).data


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_it_and_keeps_every_table(submission, tmp_path):
    """As PDF for its pages, as .docx again for what it took in: tables, captions, pictures, bookmarks."""
    data = document_of(submission).data
    (tmp_path / DOCUMENT).write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for kind, folder in (("pdf", "pdf"), ("docx", "again")):
        command_line = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", tmp_path / folder]
        subprocess.run([*command_line, tmp_path / DOCUMENT], check=True, capture_output=True, timeout=300)
    assert (tmp_path / "pdf" / "submission.pdf").read_bytes().startswith(b"%PDF")
    before, after = docx.Document(io.BytesIO(data)), docx.Document(tmp_path / "again" / DOCUMENT)
    assert len(after.tables) == len(before.tables)
    assert len(after.inline_shapes) == len(before.inline_shapes)
    for one, other in zip(before.tables, after.tables, strict=True):
        assert len(one.rows) == len(other.rows)
        assert [words_of(row) for row in one.rows] == [words_of(row) for row in other.rows]


def words_of(row):
    """What stands in the cells of a row, results of fields too."""
    return ["".join(cell._tc.xpath(".//w:t/text()")) for cell in row.cells]
