"""Reference data that this project may not carry: read from the folder NETCEA_REFERENCE, or the test is skipped."""

from __future__ import annotations

import csv
import gzip
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest


def folder():
    found = os.environ.get("NETCEA_REFERENCE", "")
    if not found or not Path(found, "cea.json").is_file():
        pytest.skip("set NETCEA_REFERENCE to a folder with cea.json and data/ of established packages")
    return Path(found)


@cache
def cea():
    return json.loads((folder() / "cea.json").read_text(encoding="utf-8"))


@cache
def columns(name):
    """name -> Array of a table data/<name>.csv.gz."""
    with gzip.open(folder() / "data" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        names, *rows = list(csv.reader(file))
    return {
        n: np.array([float(row[i]) if row[i] not in ("", "NA") else np.nan for row in rows])
        for i, n in enumerate(names)
    }


def costs_and_effects(name, strategies, cost="cost_{}", effect="eff_{}"):
    table = columns(name)
    return (
        np.array([table[cost.format(s)] for s in strategies]),
        np.array([table[effect.format(s)] for s in strategies]),
    )
