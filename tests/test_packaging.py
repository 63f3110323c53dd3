"""The wheel: what is in it, what is not, and that it works where there is no checkout."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = "netcea/_bundled/"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    if importlib.util.find_spec("hatchling"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    else:
        command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(folder), "."]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if built.returncode and not importlib.util.find_spec("hatchling"):
        pytest.skip(f"hatchling is not installed and could not be fetched: {built.stderr[-200:]}")
    assert built.returncode == 0, built.stderr
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("folder", ["inputs", "scenarios"])
def test_the_bundle_is_the_checkouts(wheel, names, folder):
    """Every file of inputs/ and scenarios/, byte for byte, and nothing else."""
    bundled = {name.removeprefix(f"{BUNDLE}{folder}/") for name in names if name.startswith(f"{BUNDLE}{folder}/")}
    here = {name for name in files_below(ROOT / folder) if "__pycache__" not in name}
    assert bundled == here
    with zipfile.ZipFile(wheel) as archive:
        for name in here:
            assert archive.read(f"{BUNDLE}{folder}/{name}") == (ROOT / folder / name).read_bytes(), name


def test_every_module_is_in_it(names):
    package = ROOT / "model" / "netcea"
    modules = {f"netcea/{name}" for name in files_below(package) if name.endswith(".py")}
    assert {name for name in names if name.endswith(".py")} == modules
    blank = {f"netcea/loading/blank/{name}" for name in files_below(package / "loading" / "blank")}
    assert len(blank) == 11
    assert blank <= names
    assert "netcea/py.typed" in names


def test_licence_and_notice_are_in_it(names):
    licences = {Path(name).name for name in names if ".dist-info/" in name}
    assert {"LICENSE", "NOTICE.md", "METADATA", "entry_points.txt"} <= licences


def test_nothing_else_is_in_it(names):
    """No tests, reports, caches, confidential prices."""
    assert {name.split("/")[0] for name in names} == {"netcea", f"netcea-{PROJECT['version']}.dist-info"}
    for name in names:
        assert not name.endswith((".secret.yaml", ".pyc", ".xlsx", ".png")), name
        assert not Path(name).name.startswith(("test_", "conftest")), name
        assert "reports" not in name.split("/"), name


def test_confidential_prices_are_never_packaged(tmp_path):
    """Not even from inputs/ and scenarios/, which are bundled, and where git is not there to ignore them."""
    if not importlib.util.find_spec("hatchling"):
        pytest.skip("hatchling is not installed")
    for name in ("model/netcea", "inputs", "scenarios", "examples/everolimus/inputs", "docs", "tests/confidential"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("__pycache__"))
        (tmp_path / "copy" / name / "own.secret.yaml").write_text("format: 1\n", encoding="utf-8")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE.md", "CHANGELOG.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, tmp_path / "copy" / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(tmp_path / "built")]
    built = subprocess.run(command, cwd=tmp_path / "copy", capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    [wheel], [sdist] = (tmp_path / "built").glob("*.whl"), (tmp_path / "built").glob("*.tar.gz")
    shutil.unpack_archive(sdist, tmp_path / "source")
    with zipfile.ZipFile(wheel) as archive:
        names = [*archive.namelist(), *files_below(tmp_path / "source")]
    assert any(name.endswith("/_bundled/inputs/costs/drug.yaml") for name in names)
    assert any(name.endswith("/examples/everolimus/inputs/costs/drug.yaml") for name in names)
    assert not [name for name in names if "secret" in Path(name).name]


def test_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        found = Parser().parsestr(archive.read(metadata).decode("utf-8"))
        [scripts] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "netcea = netcea.cli.main:main" in archive.read(scripts).decode("utf-8")
    assert found["Name"] == "netcea"
    assert found["Version"] == PROJECT["version"]
    assert found["Requires-Python"] == PROJECT["requires-python"]
    assert found["License-Expression"] == "MIT"
    needed = [line for line in found.get_all("Requires-Dist") if "extra ==" not in line]
    assert len(needed) == len(PROJECT["dependencies"])


def test_the_version_is_one():
    from netcea.version import __version__

    assert __version__ == PROJECT["version"]


# ------------------------------------------------------------------------------------ without a checkout
@pytest.fixture(scope="module")
def netcea(wheel, tmp_path_factory):
    """Install the wheel in a fresh environment, away from the checkout; a function that runs its command.

    The libraries are those of this environment, by their folder: files that point at a checkout are not followed.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    [python] = [p for p in (folder / "venv").glob("*/python*") if p.stem == "python"]
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    libraries = sysconfig.get_path("purelib")
    path = os.pathsep.join([str(folder / "installed"), libraries])
    environment = {**os.environ, "PYTHONPATH": path, "MPLBACKEND": "Agg", "COLUMNS": "120"}

    def run(*arguments):
        command = [str(python), "-m", "netcea", *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    run.folder, run.python, run.environment = folder, python, environment
    return run


def test_it_is_the_wheel_that_runs(netcea):
    code = "import netcea, pathlib; print(pathlib.Path(netcea.__file__).resolve())"
    found = subprocess.run(
        [str(netcea.python), "-c", code],
        cwd=netcea.folder,
        env=netcea.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to((netcea.folder / "installed").resolve())


def test_list_without_a_checkout(netcea):
    found = netcea("list")
    assert found.returncode == 0, found.stderr
    listed = {line.split()[0] for line in found.stdout.splitlines() if line.strip()}
    assert {"pnet", "epnet", "pnet_comparators"} <= listed
    assert len(listed) == len([p for p in (ROOT / "scenarios").rglob("*.yaml") if p.parent.name != "batches"])


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_the_base_case_without_a_checkout(netcea, name):
    """The same record from the same content; on the screen, the run says that it used the bundle."""
    from netcea import run

    found = netcea("run", name, "--no-files", "--no-ledger", "--json")
    assert found.returncode == 0, found.stderr
    theirs = json.loads(found.stdout)
    theirs = theirs[0] if isinstance(theirs, list) else theirs
    ours = json.loads(run(ROOT / "scenarios" / f"{name}.yaml", ledger=False).as_json())
    for part in ("digest", "scenario", "strategies", "pairwise"):
        assert theirs[part] == ours[part]
    shown = netcea("run", name, "--no-files", "--no-ledger")
    assert shown.returncode == 0, shown.stderr
    assert "netcea/_bundled" in " ".join(shown.stdout.split()).replace(os.sep, "/")


def test_files_are_written_without_a_checkout(netcea):
    found = netcea("run", "pnet", "--no-ledger", "--quiet", "--no-figures")
    assert found.returncode == 0, found.stderr
    assert (netcea.folder / "reports" / "pnet" / "results.json").is_file()
    shutil.rmtree(netcea.folder / "reports")


def test_a_working_copy_without_a_checkout(netcea):
    found = netcea("init", "mine")
    assert found.returncode == 0, found.stderr
    copy = netcea.folder / "mine"
    assert {f"inputs/{n}" for n in files_below(ROOT / "inputs")} <= files_below(copy)
    again = netcea("run", "mine/scenarios/pnet.yaml", "--no-files", "--no-ledger", "--quiet")
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("what", ["scenario", "inputs", "results"])
def test_schemas_without_a_checkout(netcea, what):
    found = netcea("schema", what)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["$schema"].startswith("https://json-schema.org/")
