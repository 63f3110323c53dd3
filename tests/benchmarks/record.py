"""What a run found, as JSON: the machine, the versions, the commit, and each row with every sample."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from benchmarks.calibration import REFERENCE
from benchmarks.processes import ROOT, TELLS_CPU
from benchmarks.row import Row
from netcea.storage.atomic import atomic_write_text

FORMAT = 1


class NotARecordError(Exception):
    """A file is not what `--json` writes."""


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes
    ----------
    about : mapping
        Machine, versions, commit, date, the loop that is the unit.
    rows : tuple of Row
    """

    about: dict[str, Any]
    rows: tuple[Row, ...]

    def write(self, path: Path) -> None:
        """Write the record."""
        content = {"format": FORMAT, "about": self.about, "rows": [asdict(row) for row in self.rows]}
        atomic_write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read(path: Path) -> Record:
    """Return a record that was written.

    Raises
    ------
    NotARecordError
        The file cannot be read, or is something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise NotARecordError(f"{path}: format {content['format']}; expected {FORMAT}")
        return Record(content["about"], tuple(_row(row) for row in content["rows"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotARecordError(f"{path}: not a file of --json ({fault})") from fault


def _row(saved: dict[str, Any]) -> Row:
    lists = {name: tuple(saved[name]) for name in ("samples", "loops", "wall")}
    return Row(**{**saved, **lists, "peers": {name: tuple(x) for name, x in saved["peers"].items()}})


def about() -> dict[str, Any]:
    """Return where and with what a run was made."""
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    found = sorted({*extensions.get("baseline", ()), *extensions.get("found", ())})
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "processor": processor(),
            "processors": os.cpu_count(),
            "simd": found,
            "avx512": any(name.startswith("AVX512") for name in found),
        },
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": numba_version(),
        "reference_loop_seconds": REFERENCE,
        "seconds": "CPU" if TELLS_CPU else "wall: this system does not tell CPU seconds of processes",
    }


def numba_version() -> str:
    """Return the version of numba, which the compiled kernel needs; empty where it is not installed."""
    try:
        return version("numba")
    except PackageNotFoundError:
        return ""


def processor() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def commit() -> str:
    """Return the commit that is checked out, with '+' where files differ from it; empty where git is not there."""
    try:
        found = [
            subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
            for words in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        ]
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found[0] + ("+" if found[1] else "")


def heading(record_about: dict[str, Any]) -> str:
    """Return the machine and the versions on one line."""
    machine = record_about["machine"]
    vectors = "AVX-512" if machine["avx512"] else "no AVX-512"
    words = (
        f"commit {record_about['commit']}" if record_about["commit"] else "",
        f"python {record_about['python']}",
        ", ".join(f"{name} {record_about[name]}" for name in ("numpy", "scipy", "numba") if record_about[name]),
        f"{machine['system']}, {machine['processor']} x {machine['processors']}, {vectors}",
    )
    return "; ".join(word for word in words if word)
