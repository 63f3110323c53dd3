"""What -o and --out replace: their own files, or what they are told to; never a device, a pipe or a folder."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from helpers.batch_runs import ROOT, write_batch
from netcea.cli.main import main
from netcea.reporting.reproducible_xlsx import EPOCH, same_bytes
from netcea.reporting.xlsx.own_file import is_own
from netcea.storage.run_folder import refuse_others, run_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="devices and pipes as POSIX has them")


def netcea(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


def ours() -> bytes:
    """Return an Excel file as netcea writes it, but for its sheets."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.properties.creator = "netcea"
    book.save(out)
    return same_bytes(out.getvalue(), EPOCH)


def saved_by_others(data: bytes) -> bytes:
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_ours_until_it_is_saved_by_others(tmp_path):
    path = tmp_path / "a.xlsx"
    for data, expected in ((ours(), True), (saved_by_others(ours()), False), (b"PK\x03\x04", False), (b"", False)):
        path.write_bytes(data)
        assert is_own(path) is expected


@pytest.mark.parametrize("declared", [b"", b' xmlns:dc="http://purl.org/dc/elements/1.1/"'])
def test_ours_is_ours_whichever_library_wrote_its_xml(tmp_path, declared):
    path, out = tmp_path / "a.xlsx", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ours())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            tag = b"<dc:creator" + declared + b">"
            new.writestr(name, re.sub(rb"<dc:creator[^>]*>", tag, old.read(name)))
    path.write_bytes(out.getvalue())
    assert is_own(path)


@pytest.mark.parametrize("redact", [False, True])
def test_export_replaces_no_file_of_others_unasked(tmp_path, redact):
    prices = ["--prices", tmp_path / "none.yaml", "--redact"] if redact else []
    for name, data in (("notes.txt", b"mine"), ("edited.xlsx", saved_by_others(ours()))):
        path = tmp_path / name
        path.write_bytes(data)
        ran = netcea("export", "pnet", "-o", path, *prices)
        assert ran.exit_code == 2
        assert "--overwrite" in ran.output
        assert path.read_bytes() == data


@pytest.mark.slow
def test_export_replaces_its_own_and_what_it_is_told_to(tmp_path):
    path = tmp_path / "a.xlsx"
    assert netcea("export", "pnet", "-o", path).exit_code == 0
    first = path.read_bytes()
    assert is_own(path)
    assert netcea("export", "pnet", "-o", path).exit_code == 0
    assert path.read_bytes() == first
    path.write_text("mine")
    assert netcea("export", "pnet", "-o", path, "--overwrite").exit_code == 0
    assert path.read_bytes() == first


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "link to a device"])
@pytest.mark.parametrize("command", ["export", "psa", "diff", "batch"])
def test_devices_pipes_and_links_to_them_are_refused_by_every_output(tmp_path, command, kind):
    place = tmp_path / "place"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    else:
        place.symlink_to(os.devnull)
    path = os.devnull if kind == "device" else place
    (tmp_path / "b.yaml").write_text("format: 1\nname: t\nrationale: t\nscenarios: [pnet]\nanalyses: {base_case: {}}\n")
    given = {
        "export": ("export", "pnet", "--overwrite", "-o", path),
        "psa": ("psa", "pnet", "--draws", 2, "--no-figures", "--out", path),
        "diff": ("diff", "pnet", "pnet", "--out", path),
        "batch": ("batch", tmp_path / "b.yaml", "--out", path),
    }
    ran = netcea(*given[command])
    assert ran.exit_code == 2, ran.output
    assert not isinstance(ran.exception, Exception), ran.exception
    assert Path(os.devnull).exists()
    assert not Path(path).is_file()
    if kind == "folder":
        assert [p.name for p in place.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_import_refuses_a_pipe_in_the_place_of_its_scenario(tmp_path, overwrite):
    """Found before the workbook's scenario is written."""
    from netcea.errors import InputError
    from netcea.workbook.reading.imported_scenario import write_scenario

    pipe = tmp_path / "s.yaml"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="a pipe"):
        write_scenario(None, pipe, overwrite=overwrite)


def test_a_link_is_not_written_through(tmp_path):
    theirs = tmp_path / "theirs.txt"
    theirs.write_bytes(b"mine")
    (tmp_path / "model.xlsx").symlink_to(theirs)
    (tmp_path / "nowhere.xlsx").symlink_to(tmp_path / "nothing")
    for name in ("model.xlsx", "nowhere.xlsx"):
        ran = netcea("export", "pnet", "-o", tmp_path / name, "--overwrite")
        assert ran.exit_code == 2
        assert "found a link to" in ran.output
        assert (tmp_path / name).is_symlink()
    assert theirs.read_bytes() == b"mine"
    assert not (tmp_path / "nothing").exists()


# ------------------------------------------------------------------------------------------------ folders of runs

QUICK = ("--no-figures", "--no-ledger", "--quiet")


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A folder as people have it: two runs, a batch and a comparison."""
    folder = tmp_path_factory.mktemp("out") / "reports"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        assert netcea("run", "pnet", "epnet", *QUICK, "--out", folder).exit_code == 0
        assert netcea("diff", "pnet", "epnet", "--quiet", "--out", folder / "compared").exit_code == 0
        assert netcea("batch", small_batch(folder.parent), "--quiet", "--out", folder / "many").exit_code == 0
    return folder


def small_batch(folder):
    return write_batch(
        folder / "b.yaml", scenarios=["pnet"], analyses={"base_case": {"ledger": False, "traces": False}}
    )


@pytest.mark.parametrize(
    ("command", "into", "found", "hint"),
    [
        (("run", "epnet", *QUICK), "", "a folder with 4 results of netcea in it (", "--out {0}/epnet puts it beside"),
        pytest.param(
            ("psa", "pnet", "--draws", "9"),
            "",
            "a folder with 4 results of netcea in it (",
            "--out {0}/pnet_psa puts it",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ("diff", "pnet", "epnet"),
            "",
            "a folder with 4 results of netcea in it (",
            "--out {0}/difference puts it",
            marks=pytest.mark.slow,
        ),
        (("run", "epnet", *QUICK), "pnet", "a folder with a run of another scenario, 'pNET base", "--out {0}/epnet"),
        pytest.param(
            ("diff", "pnet", "epnet"),
            "pnet",
            "a folder with a run of 'pNET base case' (base_case)",
            "{0}/difference",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ("run", "pnet", *QUICK),
            "compared",
            "a folder with a comparison (netcea diff)",
            "--out {0}/pnet",
            marks=pytest.mark.slow,
        ),
        (("run", "pnet", *QUICK), "many", "a batch, a folder with a result of netcea in it (pnet", "name another with"),
        (("run", "pnet", "epnet", *QUICK), "swapped", "a folder with a run of another scenario", "--out"),
    ],
)
def test_out_on_a_folder_of_runs_says_what_is_there_and_how_to_put_it(reports, command, into, found, hint):
    if into == "swapped" and not (reports.parent / into).exists():
        shutil.copytree(reports / "pnet", reports.parent / into / "epnet")
    target = reports.parent / into if into == "swapped" else reports / into
    before = files_of(reports.parent)
    ran = netcea(*command, "--out", target)
    assert ran.exit_code == 2, ran.output
    said = " ".join(ran.output.split())
    assert found in said
    assert hint.format(reports) in said
    assert files_of(reports.parent) == before


def test_a_batch_on_a_folder_of_runs(reports):
    ran = netcea("batch", small_batch(reports.parent), "--quiet", "--out", reports)
    assert ran.exit_code == 2
    assert "a folder with 4 results of netcea in it" in ran.output
    assert f"--out {reports / 'batch_test'}" in " ".join(ran.output.split())


def test_what_may_not_be_replaced_is_refused_before_work_begins(reports, monkeypatch):
    from netcea.analyses.registry import ANALYSES

    def work(*_):
        raise AssertionError

    monkeypatch.setattr(type(ANALYSES["psa"]), "work", work)
    ran = netcea("psa", "pnet", "--draws", "9", "--quiet", "--out", reports)
    assert ran.exit_code == 2, ran.output


def test_an_earlier_run_of_the_same_scenario_is_replaced_and_what_others_put_there_stays(tmp_path):
    folder = tmp_path / "pnet"
    assert netcea("run", "pnet", *QUICK, "--out", folder).exit_code == 0
    (folder / "note.txt").write_text("mine")
    shutil.copytree(folder, tmp_path / "kept" / "run")
    shutil.copytree(tmp_path / "kept", folder / "kept")
    assert netcea("run", "pnet", *QUICK, "--set", "settings.horizon_years=9", "--out", folder).exit_code == 0
    assert (folder / "note.txt").read_text() == "mine"
    assert (folder / "kept" / "run" / "results.json").exists()
    assert netcea("psa", "pnet", "--draws", "9", "--no-figures", "--quiet", "--out", folder).exit_code == 0
    assert json.loads((folder / "run.json").read_text())["analysis"] == "psa"


def test_a_result_writes_itself_over_no_other_scenario(reports):
    import netcea as library

    with pytest.raises(library.InputError, match="a run of another scenario"):
        library.run("epnet", ledger=False).write(reports / "pnet", figures=False)


def test_a_damaged_record_is_no_reason_to_refuse(tmp_path):
    for text in ("{", "[]", '{"scenario": 3}', "[" * 100_000):
        (tmp_path / "run.json").write_text(text)
        assert run_in(tmp_path) is None
        refuse_others(tmp_path, "a", "scenarios/a.yaml", "a")
