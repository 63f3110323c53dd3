"""The probabilistic analysis: everything uncertain sampled, the same engine run on every draw.

Parts are ranges of draws. Each is checked (invariants, sums), its draws and outcomes are encoded for the file, and its
totals are handed on; memory grows with draws x strategies only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from netcea.analyses.analysis import Analysis, PartReader
from netcea.analyses.psa.batch_row import INCREMENTS, batch_row, increments_file
from netcea.analyses.psa.contributions import contributions
from netcea.analyses.psa.external_rows import addresses_of, external_columns, external_rows
from netcea.analyses.psa.moment_checks import Sums, expected_of, sums_of
from netcea.analyses.psa.part import Part, part_as_bytes, part_from_bytes
from netcea.analyses.psa.record import PsaRecord
from netcea.analyses.psa.result import Contribution, LimitCount, PsaResult
from netcea.analyses.psa.saved import result_again
from netcea.analyses.psa.summary import result_of
from netcea.analyses.shared.draw_columns import outcome_columns, parameter_columns
from netcea.analyses.shared.judge import judge
from netcea.analyses.shared.totals import Totals, TotalsInParts, summed
from netcea.arrays import Array
from netcea.engine.invariants import check, first_breach
from netcea.engine.outcomes import Outcomes
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.execution.workers import number_of_processors
from netcea.reporting.report import Report
from netcea.sampling.held import HeldDraws, together
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import fed_into_fits
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario
from netcea.storage.draws_file import DrawsFormat, DrawsWriter, available_format, encoded
from netcea.storage.saved_run import SavedRun

MANY: Final = 20_000
"""Draws from which every processor is used unless told otherwise: for fewer, a second process saves a fifth of a second
and takes 70 MB."""
CHUNK: Final = 2048
"""Draws of one part: a fifth of a second of work."""
LIMITS: Final = ("crossing", "population_deaths", "deaths_above_exits", "deaths_above_all", "floor")


class Psa(Analysis[PsaOptions, Part, PsaResult]):
    """Everything uncertain, sampled; the same engine run on every draw."""

    name: ClassVar = "psa"
    options = PsaOptions
    record = PsaRecord

    def parts(self, scenario: Scenario, options: PsaOptions) -> list[tuple[int, int, Mapping[str, Array] | None]]:
        """Return ranges of draws: first, last (not included), and the rows themselves where the user brings them."""
        if not options.parameters:
            return [(start, min(start + CHUNK, options.draws), None) for start in range(0, options.draws, CHUNK)]
        columns = external_columns(scenario, Path(options.parameters))
        n = len(next(iter(columns.values())))
        return [
            (start, min(start + CHUNK, n), {a: c[start : start + CHUNK] for a, c in columns.items()})
            for start in range(0, n, CHUNK)
        ]

    def work(
        self, scenario: Scenario, options: PsaOptions, start: int, stop: int, rows: Mapping[str, Array] | None = None
    ) -> Part:
        """Sample and simulate a range of draws."""
        if rows is None:
            sampler = Sampler(scenario, options.seed, options.sampling)
            drawn, addresses = sampler.drawn(start, stop), sampler.uncertain
            sums = sums_of(expected_of(scenario), drawn)
            draws, held = sampler.held_rows(drawn)
        else:
            draws, addresses = external_rows(scenario, rows, 0, stop - start), tuple(rows)
            sums, held = {}, ()
        outcomes = simulate(scenario, draws)
        totals = summed(scenario, draws, outcomes)
        breach = first_breach(scenario, draws, outcomes, start)
        if not totals.finite:
            check(scenario, draws, outcomes)
        kind = kept_format(options)
        parameters = parameter_columns(scenario, draws, addresses) if kind or options.bcea else None
        kept: bytes | Mapping[str, Array] | None = None
        if kind and parameters is not None:
            columns = {**parameters, **outcome_columns(scenario, outcomes, totals.severity_weight)}
            kept = encoded(columns, start) if kind == "csv" else {"draw": np.arange(start + 1.0, stop + 1.0), **columns}
        words = breach.words if breach else ""
        return Part(totals, sums, _limits(outcomes), words, kept, parameters if options.bcea else None, held)

    def part_as_bytes(self, value: Part) -> bytes:
        """Return what a range of draws yields, as data."""
        return part_as_bytes(value)

    def parts_from_bytes(self, scenario: Scenario, options: PsaOptions) -> PartReader:
        """Return what reads a range of draws again; two draws are run to see what a part looks like."""
        first = self.parts(scenario, options)[0]
        start, stop, rows = first[0], min(first[0] + 2, first[1]), first[2]
        few = None if rows is None else {address: values[: stop - start] for address, values in rows.items()}
        like = self.work(scenario, options, start, stop, few)

        def read(data: bytes, start: int, stop: int, _rows: object = None) -> Part:
            return part_from_bytes(data, stop - start, like)

        return read

    def summarise(self, scenario: Scenario, options: PsaOptions, values: Iterable[Part]) -> PsaResult:
        """Return the result; takes no more parts once the Monte Carlo standard error is small enough."""
        threshold = min(scenario.method_pack.thresholds)
        kind = kept_format(options)
        writer = DrawsWriter(kind) if kind else None
        sums = Sums(expected_of(scenario))
        found = TotalsInParts()
        parameters: list[Mapping[str, Array]] = []
        limits: dict[tuple[str, str], tuple[float, float, float]] = {}
        held: list[tuple[HeldDraws, ...]] = []
        running, breach = _Running(), ""
        stopped = "draws"
        for part in values:
            found.add(part.totals)
            held.append(part.held)
            sums.add(part.sums, part.totals.n)
            for key, new in part.limits.items():
                old = limits.get(key, (0.0, 0.0, float("inf")))
                limits[key] = (old[0] + new[0], old[1] + new[1], min(old[2], new[2]))
            breach = breach or part.breach
            if writer is not None and part.kept is not None:
                writer.add(part.kept)
            if part.parameters is not None:
                parameters.append(part.parameters)
            running.add(part.totals.incremental_nhb(threshold))
            if options.until_mcse is not None and running.mcse <= options.until_mcse:
                stopped = "mcse"
                break
        totals = found.whole()
        row = base_case(scenario)
        point = simulate(scenario, row)
        case, deterministic = judge(scenario, row, point), summed(scenario, row, point)
        explained = (
            ((), _unexplained(totals, deterministic, threshold))
            if options.parameters or not options.explain or breach
            else contributions(scenario, totals, deterministic, threshold)
        )
        return result_of(
            scenario,
            options,
            deterministic,
            totals,
            explained=explained,
            stopped=stopped,
            moments=sums.checks() if sums.powers else (),
            limits=tuple(
                LimitCount(strategy, limit, count / totals.n, cycles / count if count else 0.0, first)
                for (strategy, limit), (count, cycles, first) in limits.items()
            ),
            breach=breach,
            held=together(held),
            draws=writer,
            case=case,
            only_fitted=tuple(
                sorted(fed_into_fits(scenario) & {*addresses_of(scenario, Path(options.parameters)).values()})
            )
            if options.parameters
            else (),
            parameters={a: np.concatenate([p[a] for p in parameters]) for a in parameters[0]} if parameters else None,
        )

    def workers(self, options: PsaOptions) -> int:
        """Use every processor for many draws."""
        return number_of_processors() if options.draws >= MANY or options.parameters else 1

    def without_files(self, options: PsaOptions) -> PsaOptions:
        """Keep no draws."""
        return options.model_copy(update={"keep_draws": "no"})

    def in_batch(self, *, figures: bool) -> dict[str, Any]:
        """Keep no draws unless asked to."""
        del figures
        return {"keep_draws": "no"}

    def row(self, result: PsaResult) -> dict[str, Any]:
        """Return means, their Monte Carlo standard error and the probability of being cost-effective."""
        return batch_row(result)

    def batch_files(self, result: PsaResult) -> dict[str, bytes]:
        """Return the increments of every draw."""
        return {INCREMENTS: increments_file(result.scenario, result.totals)}

    def again(self, saved: SavedRun, scenario: Scenario) -> PsaResult:
        """Return the result of an earlier run from its file of draws."""
        return result_again(saved, self.saved_record(saved), scenario)

    def report(self, result: PsaResult) -> Report:
        """Return tables, figures and JSON."""
        from netcea.analyses.psa.report import report

        return report(result)


def kept_format(options: PsaOptions) -> DrawsFormat | None:
    """Return how draws are kept; None for not at all."""
    if options.keep_draws == "no":
        return None
    return available_format() if options.keep_draws == "auto" else options.keep_draws


@dataclass
class _Running:
    """Mean and spread of a series that comes in pieces (Chan's formula, stable)."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, values: Array) -> None:
        n, mean = len(values), float(values.mean())
        total, gap = self.n + n, mean - self.mean
        self.squares += float(np.sum((values - mean) ** 2)) + gap**2 * self.n * n / total
        self.mean += gap * n / total
        self.n = total

    @property
    def mcse(self) -> float:
        return float(np.sqrt(self.squares / (self.n - 1.0) / self.n)) if self.n > 1 else float("inf")


def _limits(outcomes: Outcomes) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return how often each limit binds in a range of draws."""
    found = {}
    for strategy, outcome in outcomes.strategies.items():
        for limit in LIMITS:
            cycles = outcome.audit.get(f"{limit}_cycles")
            if cycles is not None:
                first = outcome.audit.get(f"{limit}_first_year")
                earliest = float(first.min()) if first is not None else float("nan")
                found[strategy, limit] = (float(np.sum(cycles > 0.0)), float(cycles.sum()), earliest)
        broken = outcome.audit["violations"]
        found[strategy, "violations"] = (float(np.sum(broken > 0.0)), float(broken.sum()), float("nan"))
    return found


def _unexplained(totals: Totals, deterministic: Totals, threshold: float) -> Contribution:
    """Return the whole difference, where the rows came from outside and cannot be made uncertain one at a time."""
    costs = float(totals.increment("costs").mean() - deterministic.increment("costs")[0])
    qalys = float(totals.increment("qalys").mean() - deterministic.increment("qalys")[0])
    losses = float(np.mean(totals.increment("qalys") < 0.0))
    return Contribution("", "All rows together", (), costs, qalys, qalys - costs / threshold, losses)
