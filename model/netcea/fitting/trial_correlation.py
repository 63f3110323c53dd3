"""The correlation of a trial's medians and hazard ratio, by parametric bootstrap.

``python -m netcea.fitting.trial_correlation INPUTS`` prints what is stored in inputs/survival/ beside what it
computes now, and exits with 1 where they differ. Only the correlation is used by the model: standard errors are the
published ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from netcea.arrays import Array

REPLICATES: Final = 2000
SEED: Final = 20240824


@dataclass(frozen=True)
class BootstrapResult:
    """Correlations of log median (placebo), log median (cabozantinib), log hazard ratio.

    Attributes
    ----------
    correlation : Array (3, 3)
    sd : Array (3,)
        Standard deviations of the three logarithms over the replicates.
    replicates, used : int
        Drawn, and with all three figures.
    shape : float
        Of the Weibull that was simulated.
    unreached : int
        Replicates left out because an arm does not reach its median.
    without_ratio : int
        Replicates left out because Cox's partial likelihood has no finite maximum; they may be among `unreached` too.
    """

    correlation: Array
    sd: Array
    replicates: int
    used: int
    shape: float
    unreached: int = 0
    without_ratio: int = 0


def bootstrap_correlation(
    median_placebo: float,
    median_cabozantinib: float,
    hazard_ratio: float,
    patients_placebo: int,
    patients_cabozantinib: int,
    follow_up: float,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> BootstrapResult:
    """Simulate a trial many times from the Weibull through its figures; correlate what each replicate reports.

    Uniform administrative censoring between 0 and twice the median follow-up; Kaplan-Meier medians; Cox's ratio. A
    replicate in which an arm does not reach its median, or whose ratio is not finite, is left out and counted.

    Parameters
    ----------
    median_placebo, median_cabozantinib, follow_up : float
        One unit of time.
    hazard_ratio : float
    patients_placebo, patients_cabozantinib : int
    replicates, seed : int

    Raises
    ------
    ValueError
        Figures through which no Weibull with proportional hazards goes, or fewer than 50 replicates with all figures.

    Examples
    --------
    >>> found = bootstrap_correlation(4.4, 13.8, 0.23, 31, 64, 13.8, replicates=200)
    >>> found.correlation.shape, bool(found.correlation[1, 2] < 0.0 < found.correlation[0, 2])
    ((3, 3), True)
    """
    if np.log(hazard_ratio) * np.log(median_cabozantinib / median_placebo) >= 0.0:
        raise ValueError("a hazard ratio below 1 needs a longer median with treatment, and one above 1 a shorter")
    shape = -np.log(hazard_ratio) / np.log(median_cabozantinib / median_placebo)
    random = np.random.Generator(np.random.PCG64(seed))
    arms = []
    for median, patients in ((median_placebo, patients_placebo), (median_cabozantinib, patients_cabozantinib)):
        scale = median / np.log(2.0) ** (1.0 / shape)
        failing = scale * random.standard_exponential((replicates, patients)) ** (1.0 / shape)
        censored = random.uniform(0.0, 2.0 * follow_up, (replicates, patients))
        arms.append((np.minimum(failing, censored), failing <= censored))
    medians = [_medians(time, event) for time, event in arms]
    log_ratio = _log_hazard_ratios(arms)
    found = np.array([np.log(medians[0]), np.log(medians[1]), log_ratio])
    unreached = ~np.isfinite(found[:2]).all(axis=0)
    without_ratio = ~np.isfinite(found[2])
    found = found[:, ~unreached & ~without_ratio]
    used = found.shape[1]
    if used < 50:
        raise ValueError(
            f"{used} of {replicates} replicates have both medians and a hazard ratio: too few to correlate"
        )
    return BootstrapResult(
        np.corrcoef(found),
        found.std(axis=1, ddof=1),
        replicates,
        used,
        float(shape),
        int(unreached.sum()),
        int(without_ratio.sum()),
    )


def _medians(time: Array, event: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """Return the Kaplan-Meier median of each replicate; inf where it is not reached."""
    order = np.argsort(time, axis=1)
    time, event = np.take_along_axis(time, order, axis=1), np.take_along_axis(event, order, axis=1)
    at_risk = time.shape[1] - np.arange(time.shape[1])
    survival = np.cumprod(np.where(event, 1.0 - 1.0 / at_risk, 1.0), axis=1)
    reached = survival <= 0.5 + 1e-12
    first = np.argmax(reached, axis=1)
    at = np.take_along_axis(time, first[:, np.newaxis], axis=1)[:, 0]
    return np.where(reached.any(axis=1), at, np.inf)


def _log_hazard_ratios(arms: list[tuple[Array, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]]) -> Array:
    """Return Cox's log hazard ratio of each replicate, by Newton's method on all of them at once.

    nan where the partial likelihood has no finite maximum: while both arms are at risk, all events are in one of them.
    """
    (time0, event0), (time1, event1) = arms
    time = np.concatenate([time0, time1], axis=1)
    event = np.concatenate([event0, event1], axis=1)
    treated = np.concatenate([np.zeros(time0.shape), np.ones(time1.shape)], axis=1)
    order = np.argsort(time, axis=1)
    event = np.take_along_axis(event, order, axis=1)
    treated = np.take_along_axis(treated, order, axis=1)
    at_risk_treated = np.cumsum(treated[:, ::-1], axis=1)[:, ::-1]
    at_risk = time.shape[1] - np.arange(time.shape[1])
    at_risk_other = at_risk - at_risk_treated
    telling = event & (at_risk_treated > 0) & (at_risk_other > 0)
    telling_treated = np.sum(np.where(telling, treated, 0.0), axis=1)
    finite = (telling_treated > 0) & (telling_treated < telling.sum(axis=1))
    beta = np.zeros(len(time))
    for _ in range(60):
        ratio = np.exp(beta)[:, np.newaxis]
        share = at_risk_treated * ratio / (at_risk_treated * ratio + at_risk_other)
        score = np.sum(np.where(event, treated - share, 0.0), axis=1)
        information = np.sum(np.where(event, share * (1.0 - share), 0.0), axis=1)
        step = np.where(finite, np.clip(score / np.maximum(information, 1e-300), -1.0, 1.0), 0.0)
        beta += step
        if np.max(np.abs(step)) < 1e-12:
            break
    return np.where(finite & (np.abs(step) < 1e-8), beta, np.nan)


def main() -> None:
    """Recompute the correlations stored in the trial sets of an inputs/ folder; ``--write`` stores them.

    A set of figures is any group with the two medians, the hazard ratio, the follow-up, the patients and a correlation.
    """
    import sys

    from netcea.loading.merging.inputs import Inputs

    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    inputs = Inputs(Path(arguments[0] if arguments else "inputs"))
    differs = False
    for address in sorted(a for a, _ in inputs.all_addresses() if a.endswith(".correlation")):
        stored = inputs.raw(address)
        group = inputs.raw(address.rpartition(".")[0])
        found = bootstrap_of({name: float(node["value"]) for name, node in group.items() if "value" in node})
        new = {"correlation": found.correlation.round(3).tolist(), "sd": found.sd.round(3).tolist()}
        old = {
            "correlation": np.array(stored["correlation"], dtype=float).tolist(),
            "sd": np.array(stored["sd"], dtype=float).tolist(),
        }
        same = new == old
        differs |= not same
        state = "as stored" if same else "DIFFERS"
        c, used = new["correlation"], f"used {found.used} of {found.replicates}, shape {found.shape:.3f}"
        print(f"{address}: {state}  {c[0][1]} {c[0][2]} {c[1][2]}  sd {new['sd']}  {used}")  # noqa: T201
        if "--write" in sys.argv and not same:
            _store(inputs.place(address).path or Path(), inputs.place(address).line, found)
    sys.exit(1 if differs and "--write" not in sys.argv else 0)


def bootstrap_of(figures: Mapping[str, float]) -> BootstrapResult:
    """Return the bootstrap of a set of figures, by their names in inputs/."""
    return bootstrap_correlation(
        figures["median_placebo"],
        figures["median_cabozantinib"],
        figures["hazard_ratio"],
        int(figures["patients_placebo"]),
        int(figures["patients_cabozantinib"]),
        figures["follow_up_median"],
    )


def _store(path: Path, line: int, found: BootstrapResult) -> None:
    """Rewrite the numbers of the correlation table that begins at a line of a YAML file."""
    from netcea.storage.atomic import atomic_write_text

    lines = path.read_text(encoding="utf-8").split("\n")
    rows = iter(found.correlation.round(3).tolist())
    new = {
        "sd:": f"[{', '.join(f'{x:.3f}' for x in found.sd)}]",
        "replicates:": str(found.replicates),
        "replicates_used:": str(found.used),
        "weibull_shape:": f"{found.shape:.3f}",
        "seed:": str(SEED),
    }
    for number in range(line, len(lines)):
        text = lines[number].strip()
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        if text.startswith("- ["):
            row = next(rows)
            lines[number] = f"{indent}- [{', '.join(f'{x:.3f}' if x != 1.0 else '1' for x in row)}]"
        key = text.split(" ")[0]
        if key in new:
            lines[number] = f"{indent}{key} {new.pop(key)}"
        if not new:
            break
    atomic_write_text(path, "\n".join(lines))


if __name__ == "__main__":
    main()
