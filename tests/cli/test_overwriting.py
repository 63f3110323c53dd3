"""What -o and --out replace: their own files, or what they are told to; never a device, a pipe or a folder."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from helpers.batch_runs import ROOT
from netcea.cli.main import main
from netcea.reporting.reproducible_xlsx import EPOCH, same_bytes
from netcea.reporting.xlsx.own_file import is_own

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
