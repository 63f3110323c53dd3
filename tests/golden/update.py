"""Write the golden results: python tests/golden/update.py [--only NAME ...].

One small table for each scenario file, with so few decimals that a diff reads. They change only through this command;
CHANGELOG.md says why. It prints what changed.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from netcea.analyses.base_case.analysis import evaluate
from netcea.loading import load
from netcea.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
GOLDEN = Path(__file__).resolve().parent
DECIMALS = {"life_years": 3, "qalys": 3, "costs": 0, "icer": 0, "severity_weight": 1}
"""Column of numbers -> decimals."""
HEADER = ["strategy", "life_years", "qalys", "costs", "versus", "icer", "label", "severity_weight"]


def scenario_files() -> list[Path]:
    """Return every scenario, relative to scenarios/."""
    found = (path.relative_to(SCENARIOS) for path in SCENARIOS.rglob("*.yaml"))
    return sorted(path for path in found if path.parts[0] != "batches")


def golden_file(scenario: Path) -> Path:
    """Return where a scenario's golden table lies."""
    return GOLDEN / scenario.with_suffix(".csv")


def rows(scenario: Path, loader: Callable[[str], Scenario] = load) -> list[dict[str, object]]:
    """Run a scenario: its fully incremental table, in order of cost, unrounded."""
    case = evaluate(loader(str(SCENARIOS / scenario)))
    return [
        {
            "strategy": row.strategy,
            "life_years": row.life_years,
            "qalys": row.qalys,
            "costs": row.costs,
            "versus": row.versus,
            "icer": row.icer,
            "label": row.label,
            "severity_weight": case.severity.severity_weight,
        }
        for row in case.incremental
    ]


def text(table: list[dict[str, object]]) -> str:
    """Return the table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([[_cell(name, row[name]) for name in HEADER] for row in table])
    return out.getvalue()


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    return f"{value:.{DECIMALS[name]}f}" if name in DECIMALS else str(value)


def update(only: list[str]) -> Iterator[str]:
    """Write the tables that differ, delete those without a scenario; yield a line for each."""
    files = scenario_files()
    for scenario in files:
        if only and scenario.stem not in only:
            continue
        path, new = golden_file(scenario), text(rows(scenario))
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if new != old:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8", newline="\n")
            yield f"{'changed' if old else 'new'} {path.relative_to(ROOT).as_posix()}"
    wanted = {golden_file(scenario) for scenario in files}
    for path in sorted(GOLDEN.rglob("*.csv")):
        if path not in wanted:
            path.unlink()
            yield f"deleted {path.relative_to(ROOT).as_posix()}"


if __name__ == "__main__":
    names = sys.argv[2:] if sys.argv[1:2] == ["--only"] else []
    for line in update(names):
        print(line)
