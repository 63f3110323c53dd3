"""Regenerate the committed run that README and documentation quote: python tests/published/published_run.py.

Writes reports/published/<scenario>/ and the blocks between the `published` marks of README.md (short) and of
docs/published_result.md (all). Results change only through this
command; CHANGELOG.md says why.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from netcea import run
from netcea.analyses.base_case.result import BaseCaseResult, Case
from netcea.analyses.psa.result import PsaResult
from netcea.analyses.psa.tables import icers, weighted_icers
from netcea.analyses.registry import ANALYSES
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.reporting.number_format import error_shown, fixed, known, shown
from netcea.reporting.report import write_report

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "reports" / "published"
NAMES = ("pnet", "epnet")
PSA = ANALYSES["psa"]
HEADINGS = (
    "incremental costs",
    "incremental life years",
    "incremental QALYs",
    "ICER",
    "NHB at £25,000",
    "NHB at £35,000",
    "severity weight",
    "weighted ICER",
    "weighted NHB at £25,000",
    "weighted NHB at £35,000",
)
OPEN, CLOSE = "<!-- published: python tests/published/published_run.py -->", "<!-- /published -->"


def results() -> list[BaseCaseResult]:
    """Run the base cases of this checkout."""
    with contextlib.chdir(ROOT):  # files are named as a user would type them here
        return [run(f"scenarios/{name}.yaml", workbook=False) for name in NAMES]


def probabilistic() -> list[PsaResult]:
    """Run the probabilistic analyses of this checkout, draws not kept."""
    with contextlib.chdir(ROOT):
        scenarios = [load(f"scenarios/{name}.yaml") for name in NAMES]
        return [PSA.run(s, options_with(s.file.analyses.psa, keep_draws="no")) for s in scenarios]


SHORT = (
    "incremental costs",
    "incremental QALYs",
    "ICER",
    "severity weight",
    "weighted ICER",
    "weighted NHB at £25,000",
)


def short_block(found: Sequence[BaseCaseResult]) -> str:
    """Return the README's table, and what every run says first of all."""
    places = [0, *(HEADINGS.index(heading) + 1 for heading in SHORT)]
    lines = [f"| | {' | '.join(SHORT)} |", f"|{'---|' * len(places)}"]
    for result in found:
        for case in (result.case, *result.beside):
            cells = [cell.strip() for cell in _row(case, first=case is result.case).strip("|").split("|")]
            lines.append(f"| {' | '.join(cells[place] for place in places)} |")
    first = [f"- {_short(r)}: {line.message}" for r in found for line in r.read_first[:1]]
    text = (
        "Cabozantinib against placebo / best supportive care, list price, per patient, discounted at 3.5%. Net health benefit (NHB) in QALYs; "
        "weighted for severity."
    )
    return "\n".join([text, "", *lines, "", *first, ""])


def _short(result: BaseCaseResult) -> str:
    return result.case.name.removesuffix(" base case")


def block(found: Sequence[BaseCaseResult], drawn: Sequence[PsaResult]) -> str:
    """Return the table and text of the documentation."""
    lines = [f"| | {' | '.join(HEADINGS)} |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    for result in found:
        lines += [_row(case, first=case is result.case) for case in (result.case, *result.beside)]
    severity = "; ".join(
        f"{_short(r)}: proportional shortfall {r.case.severity.proportional_shortfall:.3f} "
        f"(1.2 from 0.85), absolute {r.case.severity.absolute_shortfall:.1f} QALYs (1.2 from 12)"
        for r in found
    )
    text = (
        "Cabozantinib against placebo / best supportive care, list price, per patient, discounted at 3.5%. Net health benefit (NHB) in QALYs; "
        "weighted: incremental QALYs times the severity weight of the row."
    )
    first = [f"- {_short(r)}: {line.message}" for r in found for line in r.read_first]
    means = "; ".join(_means(result) for result in drawn)
    parts = [text, "", *lines, ""]
    if first:
        parts += ["What every run says before its numbers:", "", *first, ""]
    return "\n".join([*parts, f"Severity: {severity}.", "", f"Means of the draws (`netcea psa`): {means}.", ""])


def _means(result: PsaResult) -> str:
    costs, qalys = (result.intervals["", f"incremental_{m}"] for m in ("costs", "qalys"))
    name = result.scenario.file.name.removesuffix(" base case")
    likely = [
        p for (s, _, weighted), p in result.probability_cost_effective.items() if s == "cabozantinib" and not weighted
    ]
    return (
        f"{name}: {known(costs.mean, costs.mcse, 'pounds')} for {known(qalys.mean, qalys.mcse, 'qalys')} QALYs (95% "
        f"credible interval {qalys.low:.2f} to {qalys.high:.2f}), {shown(icers(result)[1], 'icer')} per QALY{_weighted(result)} (Monte Carlo "
        f"standard errors {error_shown(costs.mcse, 'pounds')}, {error_shown(qalys.mcse, 'qalys')} and "
        f"{error_shown(result.icer_mcse, 'pounds')}); NHB at £25,000 {_nhb(result, '')}, weighted {_nhb(result, 'weighted_')}; cost-effective in "
        f"{likely[0]:.1%} of {result.totals.n:,} draws at £25,000, {likely[1]:.1%} at £35,000"
    )


def _weighted(result: PsaResult) -> str:
    """Return the weighted ICER of the means, where the weight by the mean QALYs is above 1."""
    weight = result.severity_weight_at_means
    if weight == 1.0:
        return ", severity weight 1"
    return f", {shown(weighted_icers(result)[1], 'icer')} with the severity weight {weight:g}"


def _nhb(result: PsaResult, name: str) -> str:
    found = result.intervals["", f"{name}incremental_nhb_25000"]
    return known(found.mean, found.mcse, "qalys")


def _row(case: Case, *, first: bool) -> str:
    row = case.against_comparator()
    icer = "" if row.icer is None else f"£{row.icer:,.0f}"
    if row.label:
        icer = f"{icer} ({row.label})" if icer else row.label
    name = f"**{case.name}**" if first else case.name
    low, high = case.thresholds
    weight = case.severity.severity_weight
    weighted = row.label if row.icer is None else f"£{row.icer / weight:,.0f}"
    if row.label and row.icer is not None:
        weighted = f"{weighted} ({row.label})"
    return (
        f"| {name} | £{row.incremental_costs:,.0f} | {fixed(row.incremental_life_years, 3)} | {fixed(row.incremental_qalys, 3)} | {icer} "
        f"| {fixed(case.nhb(low), 3)} | {fixed(case.nhb(high), 3)} | {weight:g} | {weighted} "
        f"| {fixed(case.nhb(low, weighted=True), 3)} | {fixed(case.nhb(high, weighted=True), 3)} |"
    )


def page_with(text: str, inside: str) -> str:
    """Return a page with the block between its marks replaced."""
    before, rest = text.split(OPEN)
    _, after = rest.split(CLOSE)
    return f"{before}{OPEN}\n{inside}\n{CLOSE}{after}"


def pages(found: Sequence[BaseCaseResult], drawn: Sequence[PsaResult]) -> dict[Path, str]:
    """Return each page that quotes the run -> its text with today's numbers."""
    inside = {ROOT / "README.md": short_block(found), ROOT / "docs" / "published_result.md": block(found, drawn)}
    return {path: page_with(path.read_text(encoding="utf-8"), text) for path, text in inside.items()}


def main() -> None:
    """Write everything."""
    found, drawn = results(), probabilistic()
    for name, result in zip(NAMES, found, strict=True):
        folder = PUBLISHED / name
        shutil.rmtree(folder, ignore_errors=True)
        write_report(result.report, folder)
        for heavy in (*folder.glob("tables/trace_*.csv"), *folder.glob("figures/*.svg")):
            heavy.unlink()  # half a megabyte each, and `netcea run` makes them in seconds
    for name, result in zip(NAMES, drawn, strict=True):
        folder = PUBLISHED / f"{name}_psa"
        write_report(PSA.report(result), folder, figures=True)
        for heavy in folder.glob("figures/*.svg"):
            heavy.unlink()
    for path, text in pages(found, drawn).items():
        path.write_text(text, encoding="utf-8", newline="\n")
    print(block(found, drawn))


if __name__ == "__main__":
    sys.exit(main())
