"""Batches in processes of their own, so that they can be killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARYING = ("timings.csv", ".netcea_lock")
"""Files that may differ between two runs of the same batch."""


def write_batch(path: Path, *, scenarios=("pnet", "epnet"), analyses=None, **more) -> Path:
    """Write a batch file and return it."""
    data = {
        "format": 1,
        "name": "test",
        "rationale": "made for a test",
        "scenarios": list(scenarios),
        "seed": 1,
        "analyses": {"base_case": {}, "psa": {"draws": 200, "explain": False}} if analyses is None else analyses,
        **more,
    }
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def command(file: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "netcea", "batch", str(file), "--out", str(out), *options]


def begin(file: Path, out: Path, *options: str, **more) -> subprocess.Popen:
    """Start a batch in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        command(file, out, *options),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **more,
    )


def run(file: Path, out: Path, *options: str, **more) -> subprocess.CompletedProcess:
    """Run a batch to its end."""
    return subprocess.run(command(file, out, *options), cwd=ROOT, capture_output=True, text=True, check=False, **more)


def contents(folder: Path) -> dict[str, bytes]:
    """Return path -> bytes of everything that must be the same whatever happened."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: data for name, data in found.items() if name not in VARYING}


def finished_units(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*/unit.json"))
