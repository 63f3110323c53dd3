"""Rows of parameters of the pNET base case as a CSV file: python -m benchmarks.external_rows FILE ROWS."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Write the file."""
    from netcea.analyses.shared.draw_columns import parameter_columns
    from netcea.loading import load
    from netcea.sampling.sampler import Sampler

    path, rows = Path(sys.argv[1]), int(sys.argv[2])
    scenario = load("pnet")
    sampler = Sampler(scenario, 5)
    columns = parameter_columns(scenario, sampler.rows(0, rows), sampler.uncertain)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        file.writelines(
            ",".join(map(repr, row)) + "\n" for row in zip(*(c.tolist() for c in columns.values()), strict=True)
        )
    print("done")


if __name__ == "__main__":
    main()
