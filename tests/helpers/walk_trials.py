"""Made-up patients for the pages of the documentation whose readers have patients of their own."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from netcea.fitting.kaplan_meier import kaplan_meier

ROOT = Path(__file__).resolve().parents[2]

PATIENTS = 150
"""In each arm."""


def table(path: Path, names: list[str], rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)


def drawn(arm: str, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return the months until one patient progresses, dies, and is no longer followed."""
    longer = 1.5 if arm == "treatment" else 1.0
    progression, death = 9 * longer * rng.weibull(1.3), 22 * longer**0.5 * rng.weibull(1.2)
    return min(progression, death), death, rng.uniform(12, 36)


def one_endpoint(path: Path) -> None:
    """Write overall survival, with age and sex."""
    rng, rows = np.random.default_rng(1), []
    for arm in ("placebo", "treatment"):
        for _ in range(PATIENTS):
            _, death, followed = drawn(arm, rng)
            who = (f"{rng.normal(63, 9):.1f}", ("female", "male")[int(rng.random() < 0.55)])
            rows.append((arm, f"{min(death, followed):.3f}", int(death < followed), *who))
    table(path, ["arm", "time", "event", "age", "sex"], rows)


def two_endpoints(path: Path) -> None:
    """Write progression-free and overall survival of the same patients."""
    rng, rows = np.random.default_rng(2), []
    for arm in ("placebo", "treatment"):
        for _ in range(PATIENTS):
            pfs, death, followed = drawn(arm, rng)
            seen = [(f"{min(t, followed):.3f}", int(t < followed)) for t in (pfs, death)]
            rows.append((arm, *seen[0], *seen[1]))
    table(path, ["arm", "pfs_months", "pfs_event", "os_months", "os_event"], rows)


def with_switching(path: Path) -> None:
    """Write overall survival where half of the placebo arm takes the treatment after progression, which adds life."""
    rng, rows = np.random.default_rng(3), []
    for number in range(2 * PATIENTS):
        arm = ("placebo", "treatment")[number % 2]
        pfs, death, followed = drawn(arm, rng)
        ecog = int(rng.integers(0, 2))
        switch = pfs + 0.5 if arm == "placebo" and rng.random() < 0.5 and pfs + 0.5 < min(death, followed) else None
        if switch is not None:
            death = switch + 1.4 * (death - switch)
        time = min(death, followed)
        progression = f"{pfs:.3f}" if pfs < time else ""
        rows.append(
            (arm, f"{time:.3f}", int(death < followed), "" if switch is None else f"{switch:.3f}", progression, ecog)
        )
    table(path, ["arm", "time", "event", "switch_time", "progression_time", "ecog"], rows)


def few_scenarios(path: Path) -> None:
    """Write a batch of three scenarios."""
    text = "format: 1\nname: Few\nrationale: Quick\nscenarios: [pnet, ../sensitivity/pnet_horizon_*.yaml]\nanalyses: {base_case: {}}\n"
    path.write_text(text, encoding="utf-8")


def clicks(arm: str) -> Callable[[Path], None]:
    """Return what writes the tops and feet of the steps of an arm of RADIANT-4's PFS, as somebody would click them."""

    def write(path: Path) -> None:
        time, event = patients(arm)
        estimate, rows, level = kaplan_meier(time, event), [(0.0, 1.0)], 1.0
        for t, s in zip(estimate.times, estimate.survival, strict=True):
            if s < level:
                rows += [(t, level), (t, s)]
                level = s
        table(path, ["time", "survival"], [(f"{t:.4f}", f"{s:.4f}") for t, s in (*rows, (time.max(), level))])

    return write


def at_risk(path: Path) -> None:
    """Write the numbers at risk of both arms, each third month."""
    both = {name: patients(arm)[0] for name, arm in (("drug", "everolimus"), ("placebo", "placebo"))}
    months = [float(month) for month in range(0, 27, 3)]
    rows = [(f"{m:g}", int((time >= m).sum()), name) for name, time in both.items() for m in months]
    table(path, ["time", "at_risk", "arm"], rows)


def patients(arm: str) -> tuple[np.ndarray, np.ndarray]:
    """Return times and events of an arm of RADIANT-4's PFS, digitised."""
    with (ROOT / "inputs" / "survival" / "radiant4_pfs_digitised.csv").open(encoding="utf-8") as file:
        rows = [(float(r["time"]), float(r["event"])) for r in csv.DictReader(file) if r["arm"] == arm]
    time, event = np.array(rows).T
    return time, event


MADE: dict[str, Callable[[Path], None]] = {
    "my_trial.csv": one_endpoint,
    "my_patients.csv": two_endpoints,
    "my_switchers.csv": with_switching,
    "scenarios/batches/few.yaml": few_scenarios,
    "drug.csv": clicks("everolimus"),
    "placebo.csv": clicks("placebo"),
    "at_risk.csv": at_risk,
}
