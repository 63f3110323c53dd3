"""Tables of a probabilistic analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcea.analyses.psa.result import Contribution, PsaResult
from netcea.decision.incremental import compare
from netcea.plain_number import read
from netcea.reporting.number_format import error_shown, known, plain, shown
from netcea.reporting.table import Cell, Column, Drawn, Format, Icer, Table, columns_of, finite, table_of

MEASURES: Final[dict[str, tuple[str, Format]]] = {
    "costs": ("Costs (£)", "pounds"),
    "life_years": ("Life years", "years"),
    "qalys": ("QALYs", "qalys"),
}
LIMIT_WORDS: Final = {
    "crossing": "PFS capped at OS",
    "population_deaths": "Population mortality sets deaths before progression",
    "deaths_above_exits": "Deaths before progression limited by exits",
    "deaths_above_all": "Deaths before progression limited by all deaths",
    "floor": "OS hazard raised to the population's",
    "violations": "Invariants of the model broken",
}


def side_by_side(result: PsaResult) -> Table:
    """Return deterministic and probabilistic results side by side, with credible intervals."""
    return table_of(
        "probabilistic",
        "Deterministic and probabilistic results",
        _quantities(result),
        (
            (Column("measure", "Per patient, discounted"), lambda quantity: quantity[0]),
            *columns_of(
                lambda quantity: result.intervals[quantity[1]],
                (
                    Column("deterministic", "Deterministic", "", "number"),
                    (Column("probabilistic", "Probabilistic mean", "", "number"), lambda interval: interval.mean),
                    Column("low", "95% interval, low", "", "number"),
                    Column("high", "95% interval, high", "", "number"),
                    Column("mcse", "Monte Carlo standard error", "", "number"),
                ),
            ),
        ),
    )


def summary(result: PsaResult) -> Table:
    """Return the same for the screen: increments, ICER and net health benefit in words that fit."""
    columns = (
        Column("measure", "Intervention against comparator"),
        Column("deterministic", "Deterministic"),
        Column("probabilistic", "Probabilistic"),
        Column("mcse", "Monte Carlo SE"),
        Column("interval", "95% credible interval"),
    )

    def row(words: str, name: str, kind: Format) -> tuple[Cell, ...]:
        i = result.intervals["", name]
        return (
            words,
            shown(i.deterministic, kind),
            known(i.mean, i.mcse, kind),
            error_shown(i.mcse, kind),
            f"{shown(i.low, kind)} to {shown(i.high, kind)}",
        )

    rows = [
        row(
            f"Incremental {words if words == 'QALYs' else words[0].lower() + words[1:]}", f"incremental_{measure}", kind
        )
        for measure, (words, kind) in MEASURES.items()
    ]
    still, moved = icers(result)
    error = "-" if moved.value is None else error_shown(result.icer_mcse, "pounds")
    rows.append(("ICER (£/QALY)", shown(still, "icer"), shown(moved, "icer"), error, "-"))
    if is_weighted(result):
        still, moved = weighted_icers(result)
        error = "-" if moved.value is None else error_shown(moved.error or 0.0, "pounds")
        weights = float(result.deterministic.severity_weight[0]), result.severity_weight_at_means
        words = read(weights[0]) + ("" if weights[0] == weights[1] else f"; of the means {read(weights[1])} *")
        rows.append((f"ICER, with severity weight {words}", shown(still, "icer"), shown(moved, "icer"), error, "-"))
    rows += [row(words, name, "qalys") for name, words in _benefits(result)]
    return Table("summary", "Deterministic and probabilistic results", columns, tuple(rows))


def icers(result: PsaResult) -> tuple[Icer, Icer]:
    """Return the deterministic and the probabilistic ICER: of the means, never the mean of ratios."""
    costs, qalys = result.intervals["", "incremental_costs"], result.intervals["", "incremental_qalys"]
    still, moved = compare(costs.deterministic, qalys.deterministic), compare(costs.mean, qalys.mean)
    return Icer(*still), Icer(*moved, error=result.icer_mcse)


def is_weighted(result: PsaResult) -> bool:
    """Say whether the severity weight of the point estimates, or by the mean QALYs, is above 1.

    Parameters
    ----------
    result : PsaResult
        Of draws.
    """
    return result.severity_weight_at_means != 1.0 or float(result.deterministic.severity_weight[0]) != 1.0


def weighted_icers(result: PsaResult) -> tuple[Icer, Icer]:
    """Return both ICERs with incremental QALYs times the severity weight, each with its own.

    One weight goes with the decision, so that of the draws is the weight by the mean QALYs, not the mean of weights.

    Parameters
    ----------
    result : PsaResult
        Of draws.
    """
    found = []
    weights = float(result.deterministic.severity_weight[0]), result.severity_weight_at_means
    for ratio, weight in zip(icers(result), weights, strict=True):
        value = None if ratio.value is None else ratio.value / weight
        found.append(Icer(value, ratio.label, None if ratio.error is None else ratio.error / weight))
    return found[0], found[1]


def totals_table(result: PsaResult) -> Table:
    """Return mean totals of each strategy beside the deterministic ones."""
    columns = [Column("strategy", "Strategy")]
    for measure, (words, kind) in MEASURES.items():
        columns.append(Column(f"deterministic_{measure}", f"{words}, deterministic", "", kind))
        columns.append(Column(f"mean_{measure}", f"{words}, mean of draws", "", kind))

    def row(strategy: str) -> tuple[Cell, ...]:
        found = [result.intervals[strategy, measure] for measure in MEASURES]
        cells = [(i.deterministic, Drawn(i.mean, i.mcse)) for i in found]
        return plain(result.scenario.label(strategy)), *(cell for pair in cells for cell in pair)

    return Table("totals", "Totals by strategy", tuple(columns), tuple(map(row, result.totals.strategies)))


def probabilities(result: PsaResult) -> Table:
    """Return the probability of each strategy of being cost-effective at each threshold."""
    keys = list(dict.fromkeys((t, w) for _, t, w in result.probability_cost_effective))
    weight = result.severity_weight_at_means
    keys = [key for key in keys if not key[1] or weight != 1.0]
    columns = (
        Column("strategy", "Probability of the highest net benefit"),
        *(
            Column(
                f"at_{t:.0f}{'_weighted' * w}", f"£{t:,.0f}" + (f", QALYs x {read(weight)}" if w else ""), "", "percent"
            )
            for t, w in keys
        ),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (plain(result.scenario.label(s)), *(result.probability_cost_effective[s, t, w] for t, w in keys))
        for s in result.totals.strategies
    )
    return Table("probabilities", "Probability of being cost-effective", columns, rows)


def contributions_table(result: PsaResult, most: int = 0) -> Table:
    """Return what each parameter alone adds to the probabilistic minus deterministic result: all, or the largest."""
    columns = (
        Column("source", "With this alone uncertain"),
        Column("incremental_costs", "Adds to costs", "£", "pounds"),
        Column("incremental_qalys", "Adds to QALYs", "", "qalys"),
        Column("incremental_nhb", "Adds to NHB", "", "qalys"),
        Column("share_of_losses", "Share that loses QALYs", "", "percent"),
        Column("addresses", "Addresses"),
    )
    chosen = result.contributions[:most] if most else result.contributions
    rows = [_contribution(c) for c in chosen]
    rest = result.contributions[len(chosen) :]
    if rest:
        sums = [sum(getattr(c, f"incremental_{m}") for c in rest) for m in ("costs", "qalys", "nhb")]
        rows.append((f"{len(rest)} others", *sums, None, ""))
    left = result.remainder
    rows.append(
        (*_contribution(left)[:-2], None, "")
    )  # a share of draws is of all sources together, not of what is left
    i, j = result.intervals["", "incremental_costs"], result.intervals["", "incremental_qalys"]
    threshold = min(result.scenario.method_pack.thresholds)
    costs, qalys = i.mean - i.deterministic, j.mean - j.deterministic
    rows.append(
        ("Probabilistic minus deterministic", costs, qalys, qalys - costs / threshold, left.share_of_losses, "")
    )
    title = "Why the probabilistic result differs"
    if most:
        return Table("contributions_largest", title, columns[:-1], tuple(row[:-1] for row in rows))
    return Table("contributions", f"{title} from the deterministic one", columns, tuple(rows))


def severity_table(result: PsaResult) -> Table:
    """Return the probability of each severity weight."""
    rows = tuple((read(weight), share) for weight, share in result.severity_probabilities.items())
    columns = (Column("weight", "Weight"), Column("share", "Share of draws", "", "percent"))
    return Table("severity", "Probability of each severity weight", columns, rows)


def limits_table(result: PsaResult) -> Table:
    """Return how often each limit of the model binds."""
    return table_of(
        "limits",
        "Limits of the model that bind, over all draws",
        result.limits,
        (
            (Column("strategy", "Strategy"), lambda limit: plain(result.scenario.label(limit.strategy))),
            (Column("limit", "Limit"), lambda limit: LIMIT_WORDS.get(limit.what, limit.what)),
            Column("share_of_draws", "Share of draws", "", "percent"),
            Column("mean_cycles", "Cycles, mean of those draws", "", "number"),
            (Column("first_year", "First, in any draw", "years", "years"), lambda limit: finite(limit.first_year)),
        ),
    )


def held_table(result: PsaResult) -> Table:
    """Return the draws that were impossible where their number is used."""
    return table_of(
        "held_draws",
        "Draws that were impossible and held at the nearest possible value",
        result.held,
        (
            Column("address", "Address"),
            Column("unit", "Unit"),
            Column("count", "Draws", "", "number"),
            (Column("share", "Share of draws", "", "percent"), lambda held: held.count / result.totals.n),
            Column("lowest", "Lowest, as drawn", "", "number"),
            Column("highest", "Highest, as drawn", "", "number"),
            (Column("low", "Lowest possible", "", "number"), lambda held: finite(held.low)),
            (Column("high", "Highest possible", "", "number"), lambda held: finite(held.high)),
        ),
    )


def moments_table(result: PsaResult) -> Table:
    """Return sampled and expected moments of every quantity."""
    return table_of(
        "moments",
        "Are the draws what inputs/ says?",
        result.moments,
        (
            Column("address", "Address"),
            Column("unit", "Unit"),
            Column("mean", "Mean of the distribution", "", "number"),
            Column("sampled_mean", "Mean of the draws", "", "number"),
            Column("sd", "SD of the distribution", "", "number"),
            Column("sampled_sd", "SD of the draws", "", "number"),
            (Column("z", "Difference of means in standard errors", "", "number"), lambda moment: moment.z_mean),
            (Column("agrees", "Agrees"), lambda moment: "yes" if moment.agrees else "NO"),
        ),
    )


def curves_table(result: PsaResult) -> Table:
    """Return acceptability, frontier, expected loss and EVPI over thresholds."""
    curves = result.curves
    labels = {strategy: plain(result.scenario.label(strategy)) for strategy in result.totals.strategies}
    columns = (
        Column("threshold", "Threshold", "£/QALY", "pounds"),
        *(Column(f"ceac_{s}", f"CEAC, {label}", "", "percent") for s, label in labels.items()),
        *(Column(f"loss_{s}", f"Expected loss, {label}", "£", "pounds") for s, label in labels.items()),
        Column("optimal", "Optimal in expectation"),
        Column("ceaf", "CEAF", "", "percent"),
        Column("evpi", "EVPI", "£", "pounds"),
    )
    best = [labels[strategy] for strategy in curves.optimal]
    listed = [array.tolist() for array in (curves.thresholds, *curves.ceac, *curves.expected_loss)]
    rows = tuple(zip(*listed, best, curves.ceaf.tolist(), curves.evpi.tolist(), strict=True))
    return Table("curves", "Acceptability and expected loss by threshold", columns, rows)


def convergence_table(result: PsaResult) -> Table:
    """Return the running mean of incremental NHB at the lower threshold."""
    c = result.convergence
    columns = (
        Column("draws", "Draws", "", "count"),
        Column("mean", "Incremental NHB, running mean", "", "qalys"),
        Column("mcse", "Monte Carlo standard error", "", "number"),
        Column("probability", "Probability of being cost-effective", "", "percent"),
    )
    rows = tuple(tuple(map(float, row)) for row in zip(c.draws, c.mean, c.mcse, c.probability, strict=True))
    return Table("convergence", "Convergence at the lower threshold", columns, rows)


def _contribution(c: Contribution) -> tuple[Cell, ...]:
    increments = c.incremental_costs, c.incremental_qalys, c.incremental_nhb
    return plain(c.label), *increments, c.share_of_losses, "; ".join(c.addresses)


def _benefits(result: PsaResult) -> Iterator[tuple[str, str]]:
    """Yield the intervals of net health benefit and what each is called; weighted ones where they differ."""
    for threshold in sorted(result.scenario.method_pack.thresholds):
        yield f"incremental_nhb_{threshold:.0f}", f"Incremental NHB at £{threshold:,.0f}"
        name = f"weighted_incremental_nhb_{threshold:.0f}"
        if is_weighted(result):
            yield name, f"Incremental NHB at £{threshold:,.0f}, with severity weight"


def _quantities(result: PsaResult) -> Iterator[tuple[str, tuple[str, str]]]:
    for strategy in result.totals.strategies:
        for measure, (words, _) in MEASURES.items():
            yield f"{plain(result.scenario.label(strategy))}: {words}", (strategy, measure)
    for measure, (words, _) in MEASURES.items():
        yield f"Incremental {words}", ("", f"incremental_{measure}")
    for name, words in _benefits(result):
        yield f"{words} (QALYs)", ("", name)
