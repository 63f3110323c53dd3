"""The report of `netcea psa`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.analyses.psa.bcea_layout import write_effects_and_costs, write_parameters
from netcea.analyses.psa.incremental import incremental_of_means
from netcea.analyses.psa.moment_checks import FEWEST
from netcea.analyses.psa.record import record_of
from netcea.analyses.psa.result import PsaResult
from netcea.analyses.psa.tables import (
    contributions_table,
    convergence_table,
    curves_table,
    held_table,
    icers,
    limits_table,
    moments_table,
    probabilities,
    severity_table,
    side_by_side,
    summary,
    totals_table,
)
from netcea.decision.monte_carlo import SEEN, draws_needed
from netcea.plain_number import read
from netcea.reporting.late_figures import LateFigures
from netcea.reporting.number_format import fixed, plain
from netcea.reporting.report import Report, headline_of, named_results
from netcea.sampling.held import sentences
from netcea.scenario.price_layers import mark_of
from netcea.storage.draws_file import FILE_NAMES
from netcea.storage.headline import Headline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WANTED: Final = (0.05, 0.01)
"""Monte Carlo standard errors, as shares of the ICER, for which the number of draws is said."""


def report(result: PsaResult) -> Report:
    """Return tables, figures, files of draws and JSON of a probabilistic analysis."""
    tables = [
        summary(result),
        side_by_side(result),
        incremental_of_means(result),
        totals_table(result),
        probabilities(result),
        contributions_table(result),
        contributions_table(result, 6),
        severity_table(result),
        limits_table(result),
        curves_table(result),
        convergence_table(result),
    ]
    if result.held:
        tables.append(held_table(result))
    if result.moments:
        tables.append(moments_table(result))
    on_screen = ["summary", "totals", "probabilities"]
    if result.contributions:
        on_screen.append("contributions_largest")
    how = f"rows of {result.external}" if result.external else f"seed {result.options.seed}, {_sampling(result)}"
    return Report(
        analysis="psa",
        title=f"{result.scenario.file.name}: probabilistic analysis, {result.totals.n:,} draws ({how})",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=tuple(tables),
        on_screen=tuple(on_screen),
        lines=tuple(_sentences(result)),
        figures=LateFigures(partial(_figures, result)),
        files=_files(result),
        headline=_headline(result),
        faults=result.faults,
        by_name=_by_name(result),
    )


def _figures(result: PsaResult) -> dict[str, Callable[[], Figure]]:
    from netcea.analyses.psa.figures import figures_of_draws

    return figures_of_draws(result)


def _headline(result: PsaResult) -> Headline:
    threshold = min(result.scenario.method_pack.thresholds)
    costs, qalys = (result.intervals["", name].mean for name in ("incremental_costs", "incremental_qalys"))
    weight = result.severity_weight_at_means
    return headline_of("means of draws", costs, qalys, threshold, weight, result.icer_mcse)


def _by_name(result: PsaResult) -> dict[str, float]:
    means = {key: interval.mean for key, interval in result.intervals.items()}
    costs = {strategy: mean for (strategy, measure), mean in means.items() if strategy and measure == "costs"}
    thresholds = result.scenario.method_pack.thresholds
    return named_results(costs, means["", "incremental_costs"], means["", "incremental_qalys"], thresholds)


def _sampling(result: PsaResult) -> str:
    return "scrambled Sobol sequence" if result.options.sampling == "sobol" else "pseudo-random"


def _files(result: PsaResult) -> Mapping[str, Callable[[Path], None]]:
    found: dict[str, Callable[[Path], None]] = {}
    if result.draws is not None:
        found[FILE_NAMES[result.draws.kind]] = result.draws.write_to
    if result.parameters is not None:
        totals, mark = result.totals, mark_of(result.scenario.prices.marking)
        found["bcea_costs.csv"] = partial(write_effects_and_costs, totals.strategies, totals.costs, mark)
        found["bcea_effects.csv"] = partial(write_effects_and_costs, totals.strategies, totals.qalys, mark)
        found["bcea_parameters.csv"] = partial(write_parameters, result.parameters, mark)
    return found


def _draws_for_the_icer(result: PsaResult) -> Iterator[str]:
    """Yield how well the draws tell the ICER, and how many would tell it better."""
    n, error = result.totals.n, result.icer_mcse
    value = icers(result)[1].value
    if math.isinf(error):
        yield (
            f"The mean incremental QALYs are within {read(SEEN)} Monte Carlo standard errors of 0: {n:,} draws tell "
            f"neither the ICER nor on which side of 0 they lie."
        )
    elif value:
        share = error / value
        words = " and ".join(f"{draws_needed(n, share, w):,} draws to {w:.0%}" for w in WANTED if w < share)
        yield (
            f"The Monte Carlo standard error of the ICER is {share:.1%} of it{f'; about {words}' if words else ''}. "
            f"Means are shown to the digits that their errors leave."
        )


def _sentences(result: PsaResult) -> Iterator[str]:
    q = result.quadrants
    yield (
        f"Of the draws {q['north_east']:.1%} cost more and yield more QALYs, {q['north_west']:.1%} cost more and yield "
        f"fewer, {q['south_east']:.1%} save and yield more, {q['south_west']:.1%} save and yield fewer."
    )
    gain = result.intervals["", "incremental_qalys"]
    if result.contributions:
        c = max(result.contributions, key=lambda c: abs(c.incremental_qalys))
        moved, bent = gain.deterministic + c.incremental_qalys, c.incremental_qalys - c.by_mean_qalys
        yield (
            f"Draws of '{plain(c.label)}' alone move the mean QALY gain from {fixed(gain.deterministic, 3)} to "
            f"{fixed(moved, 3)}: {fixed(c.by_mean_qalys, 3)} because its mean is not its point estimate, "
            f"{fixed(bent, 3)} because the gain is {'convex' if bent > 0.0 else 'concave'} in it. In "
            f"{c.share_of_losses:.0%} of them the intervention yields fewer QALYs than the comparator."
        )
    shares = ", ".join(f"{read(w)}: {p:.1%}" for w, p in result.severity_probabilities.items())
    used = f"by the mean QALYs {read(result.severity_weight_at_means)}, which is used above"
    yield f"Severity weight by draw: {shares}; {used}."
    i = result.intervals["", f"incremental_nhb_{min(result.scenario.method_pack.thresholds):.0f}"]
    why = "stopped there as asked" if result.convergence.stopped == "mcse" else "all draws"
    yield (
        f"Incremental NHB at the lower threshold has a Monte Carlo standard error of {i.mcse:.4f} QALYs ({why}; "
        f"figures/convergence)."
    )
    yield from _draws_for_the_icer(result)
    if result.options.sampling == "sobol" and not result.external:
        n = result.totals.n
        note = "" if n & (n - 1) == 0 else f" {n:,} is no power of two, with which a Sobol sequence is at its best."
        yield f"With a Sobol sequence the standard errors above are upper bounds.{note}"
    crossing = [limit for limit in result.limits if limit.what == "crossing" and limit.share_of_draws > 0.0]
    for limit in crossing:
        cycles = f"{limit.mean_cycles:.0f}"
        yield (
            f"PFS is capped at OS in {limit.share_of_draws:.1%} of the draws of "
            f"{plain(result.scenario.label(limit.strategy))} "
            f"({cycles} cycle{'' if cycles == '1' else 's'} on average in those)."
        )
    yield from sentences(result.scenario, result.held, result.totals.n)
    if result.only_fitted:
        yield (
            f"{len(result.only_fitted)} columns of {result.external} move nothing, because they only feed a fit whose "
            f"parameters are what varies: {', '.join(result.only_fitted)}."
        )
    checked = (
        f", and the sampled moments of {len(result.moments)} numbers are those of inputs/" if result.moments else ""
    )
    if result.totals.n < FEWEST and not result.external:
        yield f"Fewer than {FEWEST} draws: their sampled moments are not compared with inputs/."
    yield "FAILED: see below." if result.faults else f"Every invariant of the model holds in every draw{checked}."
