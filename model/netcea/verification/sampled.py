"""Tests of the probabilistic sample: invariants in every row, moments, seeds, published intervals, acceptability."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.analyses.psa.moment_checks import Sums, expected_of, sums_of
from netcea.analyses.shared.totals import Totals, summed
from netcea.decision.acceptability import probability_best
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.invariants import first_breach
from netcea.engine.simulate import exposures, simulate
from netcea.plain_number import read
from netcea.reporting.number_format import pounds, shown
from netcea.sampling.sampler import Sampler
from netcea.scenario.scenario import Scenario
from netcea.verification.perturbed import Perturbed
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

ROUNDING: Final = 1e-9
CHANCE: Final = 5.0
"""Standard errors by which two samples may differ by chance."""
SKEWED: Final = 2.0
"""Monte Carlo standard errors beyond which the mean of the sample is not the deterministic result."""


@dataclass(frozen=True)
class Sample:
    """Rows of a probabilistic sample with their totals.

    Attributes
    ----------
    draws : Draws
    totals : Totals
    breach : str
        The first row that breaks a rule of the model, in words; empty where none does.
    crossing : int
        Rows in which a curve of progression-free survival lies above overall survival.
    outside : int
        Rows in which a state is negative, or somebody is on treatment who is not alive.
    """

    draws: Draws
    totals: Totals
    breach: str
    crossing: int
    outside: int


def sample(here: Perturbed) -> Sample:
    """Return the sample in which every test looks.

    Parameters
    ----------
    here : Perturbed
        The scenario, the number of rows and their seed.
    """
    return sample_of(here.scenario, here.draws, here.seed)


def sample_of(scenario: Scenario, n: int, seed: int) -> Sample:
    """Return a sample with what its invariants say.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    n : int
        Rows.
    seed : int
        Of the random numbers.
    """
    draws = Sampler(scenario, seed).rows(0, n)
    outcomes = simulate(scenario, draws)
    breach = first_breach(scenario, draws, outcomes)
    crossing = np.zeros(n, dtype=bool)
    for found in outcomes.strategies.values():
        crossing |= found.audit["crossing_cycles"] > 0
    outside = np.zeros(n, dtype=bool)
    grid = Grid.of(scenario)
    for start, rows in draws.blocks(ROWS):
        for exposure in exposures(grid, rows):
            states = exposure.occupancy
            off = np.min(states.progressed, axis=1) < -ROUNDING
            off |= np.min(states.progression_free, axis=1) < -ROUNDING
            off |= np.max(np.diff(states.alive, axis=1), axis=1) > ROUNDING
            off |= np.max(np.abs(states.progression_free + states.progressed + states.dead - 1.0), axis=1) > ROUNDING
            outside[start : start + rows.n] |= off
    words = breach.words if breach is not None else ""
    return Sample(draws, summed(scenario, draws, outcomes), words, int(crossing.sum()), int(outside.sum()))


ROWS: Final = 256
"""Rows whose states are looked at together."""


@black_box("U27", "Every row of the sample keeps every rule that the base case keeps")
def invariants_in_every_row(here: Perturbed) -> Found:
    """Look at states, flows, sums and curves of every row."""
    found = here.once(sample)
    n = found.draws.n
    faults = [f"the model breaks its own rule in {found.breach}"] if found.breach else []
    faults += (
        [f"in {found.outside} of {n:,} rows a state is negative, or the states do not add up"] if found.outside else []
    )
    faults += [] if _told(here) else ["a row in which a rule of the model is broken is not told"]
    figures = {"rows": float(n), "rows in which curves cross": float(found.crossing)}
    if faults or not found.crossing:
        return holds(faults, f"{n:,} rows: states add up, nobody returns, no flow is negative, sums are sums", figures)
    how = "PFS is capped at OS" if here.scenario.file.settings.crossing == "cap_pfs" else "OS is raised to PFS"
    return explained(
        f"{n:,} rows keep every rule; in {found.crossing:,} ({shown(found.crossing / n, 'percent')}) the curves of PFS "
        f"and OS are drawn so that they cross, and {how} there (netcea structure costs the remedies)",
        figures,
    )


def _told(here: Perturbed) -> bool:
    """Say whether a row in which a rule was counted as broken is told."""
    broken = {
        name: replace(found, audit={**found.audit, "violations": np.ones(1)})
        for name, found in here.outcomes.strategies.items()
    }
    return first_breach(here.scenario, here.base, replace(here.outcomes, strategies=broken)) is not None


@black_box("U12", "The mean of the sample is near the deterministic result")
def mean_is_near(here: Perturbed) -> Found:
    """Compare increments."""
    totals = here.once(sample).totals
    base = summed(here.scenario, here.base, here.outcomes)
    figures: dict[str, float] = {}
    words, far = [], False
    for measure in ("costs", "qalys"):
        sampled, point = totals.increment(measure), float(base.increment(measure)[0])
        error = float(np.std(sampled, ddof=1)) / np.sqrt(totals.n)
        mean = float(np.mean(sampled))
        far = far or abs(mean - point) > SKEWED * error
        figures |= {
            f"mean incremental {measure}": mean,
            f"deterministic incremental {measure}": point,
            f"standard error of {measure}": error,
        }
        mean_text, point_text = (pounds(x) if measure == "costs" else read(x, 4) for x in (mean, point))
        what = "costs" if measure == "costs" else "QALYs"
        words.append(f"incremental {what}: {mean_text} on average, {point_text} deterministic")
    if far:
        return explained(
            f"{'; '.join(words)}: the model is not linear in what is drawn, and the sample's mean is what is expected",
            figures,
        )
    return holds([], "; ".join(words), figures)


@black_box("U13", "Another seed gives the same results but for Monte Carlo error")
def another_seed(here: Perturbed) -> Found:
    """Draw again with the next seed."""
    one, other = here.once(sample).totals, sample_of(here.scenario, here.draws, here.seed + 1).totals
    faults, figures = [], {}
    for measure in ("costs", "qalys"):
        a, b = one.increment(measure), other.increment(measure)
        error = float(np.sqrt(np.var(a, ddof=1) / len(a) + np.var(b, ddof=1) / len(b)))
        gap = float(np.mean(a) - np.mean(b))
        figures[f"{measure}: standard errors apart"] = gap / error if error else 0.0
        if abs(gap) > CHANCE * error:
            faults.append(
                f"incremental {measure} differ by {read(abs(gap) / error, 3)} standard errors between two seeds"
            )
    return holds(
        faults, f"{here.draws:,} rows of either seed differ by less than {CHANCE:.0f} standard errors", figures
    )


@black_box("U14-U17", "Acceptability follows from the scatter, and adds up to 1 at every threshold")
def acceptability_adds_up(here: Perturbed) -> Found:
    """Count again who is best."""
    totals = here.once(sample).totals
    thresholds = np.array(sorted({0.0, *here.scenario.method_pack.thresholds, 100_000.0}))
    shares = np.stack([probability_best(totals.costs, totals.qalys, float(t)) for t in thresholds], axis=1)
    faults = []
    for k, threshold in enumerate(thresholds):
        benefit = totals.qalys * threshold - totals.costs
        best = benefit == benefit.max(axis=0)
        counted = (best / best.sum(axis=0)).mean(axis=1)
        if not np.allclose(shares[:, k], counted, atol=1e-12):
            faults.append(f"at {pounds(float(threshold))} shares of {shares[:, k]}, counted {counted}")
        if abs(float(shares[:, k].sum()) - 1.0) > ROUNDING:
            faults.append(f"at {pounds(float(threshold))} shares add up to {float(shares[:, k].sum()):.6f}")
    return holds(faults, f"{len(thresholds)} thresholds: shares are those counted from the scatter, and add up to 1")


@black_box("U19", "Strategies share random numbers where they share parameters")
def common_random_numbers(here: Perturbed) -> Found:
    """Correlate costs and QALYs of strategies over the rows."""
    totals = here.once(sample).totals
    with np.errstate(invalid="ignore"):
        of_qalys = np.corrcoef(totals.qalys)
    lowest = float(np.nanmin(of_qalys))
    words = f"correlations of QALYs between strategies are {read(lowest, 3)} or more"
    if lowest > 0.0:
        return holds([], words, {"lowest": lowest})
    return explained(f"{words}: what they do not share is more uncertain than what they do", {"lowest": lowest})


@black_box("U20-U21", "Sampled means and standard deviations are those of the distributions")
def moments(here: Perturbed) -> Found:
    """Compare moments of every column."""
    expected = expected_of(here.scenario)
    sums = Sums(expected)
    drawn = Sampler(here.scenario, here.seed).drawn(0, here.draws)
    sums.add(sums_of(expected, drawn), here.draws)
    checks = sums.checks()
    if not checks:
        return not_applicable("Nothing is drawn, or too few rows to tell.")
    faults = [
        f"{c.address}: mean {read(c.sampled_mean, 4)} and sd {read(c.sampled_sd, 4)}, "
        f"expected {read(c.mean, 4)} and {read(c.sd, 4)}"
        for c in checks
        if not c.agrees
    ]
    return holds(
        faults,
        f"{len(checks)} columns: means within {CHANCE:.0f} standard errors, spreads too",
        {"columns": float(len(checks))},
    )


@black_box("U15", "The cloud of the sample has no rows that stand alone")
def no_outliers(here: Perturbed) -> Found:
    """Look for increments that are far from all others."""
    totals, far = here.once(sample).totals, []
    for measure in ("costs", "qalys"):
        x = totals.increment(measure)
        low, middle, high = np.quantile(x, (0.25, 0.5, 0.75))
        width = high - low
        if width > 0.0:
            beyond = np.abs(x - middle) / width
            if float(beyond.max()) > ALONE:
                row = int(np.argmax(beyond))
                far.append(
                    f"incremental {measure} of row {row + 1:,} are {float(beyond.max()):.0f} interquartile ranges away"
                )
    if far:
        return explained(f"{'; '.join(far)}: a long tail; look at that row's numbers (draws of `netcea psa`)")
    return holds([], f"increments of all rows are within {ALONE:.0f} interquartile ranges of the median")


ALONE: Final = 20.0
"""Interquartile ranges from the median at which a row stands alone."""
