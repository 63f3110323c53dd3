"""Every stacked bar of the figure of costs adds up to the total printed at its end, in every scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.bars import bars_and_totals
from netcea.analyses.base_case.analysis import case_alone
from netcea.analyses.base_case.figures.costs import costs
from netcea.loading import load

SCENARIOS = Path(__file__).resolve().parents[4] / "scenarios"
FILES = sorted(p for p in SCENARIOS.rglob("*.yaml") if p.parent.name != "batches")
QUICK = ("pnet", "epnet", "pnet_comparators", "epnet_subsequent_lutetium", "pnet_adverse_events_by_term")


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem, marks=() if p.stem in QUICK else pytest.mark.slow) for p in FILES]
)
def test_bars_add_up_to_their_totals(path):
    result = case_alone(load(str(path)))
    bars = bars_and_totals(costs(result))
    assert len(bars) == len(result.case.strategies)
    for strategy, (parts, printed) in zip(result.case.strategies.values(), bars, strict=True):
        assert sum(parts.values()) == pytest.approx(strategy.costs, rel=1e-9)
        assert printed == f"£{strategy.costs:,.0f}"
