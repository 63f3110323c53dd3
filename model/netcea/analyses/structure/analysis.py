"""The same inputs through state-transition models beside partitioned survival, and what crossing curves cost.

References
----------
NICE DSU TSD 19, recommendation 11: state-transition models alongside partitioned survival.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.structure.models import compared
from netcea.analyses.structure.record import StructureRecord
from netcea.analyses.structure.remedies import Way, remedy, ways
from netcea.analyses.structure.result import Compared, Remedy, StructureResult
from netcea.reporting.report import Report
from netcea.scenario.options import StructureOptions
from netcea.scenario.scenario import Scenario


class Structure(Analysis[StructureOptions, Compared | Remedy, StructureResult]):
    """Partitioned survival beside state-transition models of the same inputs.

    PFS and OS are extrapolated apart; what that implies of mortality after progression is shown beside the general
    population's and beside models that say it outright. Where draws have PFS above OS, each way of dealing with it is
    costed over the same random numbers.
    """

    name: ClassVar = "structure"
    options = StructureOptions
    record = StructureRecord

    def parts(self, scenario: Scenario, options: StructureOptions) -> Sequence[tuple[Any, ...]]:
        """Return the models at the point estimates, then each way of dealing with crossing."""
        return [(None,), *((way,) for way in ways(scenario, options))]

    def work(self, scenario: Scenario, options: StructureOptions, way: Way | None) -> Compared | Remedy:
        """Run the models, or the draws of one way."""
        return compared(scenario, options) if way is None else remedy(way, options)

    def summarise(
        self, scenario: Scenario, options: StructureOptions, values: Iterable[Compared | Remedy]
    ) -> StructureResult:
        """Put the models and the ways together."""
        found, *remedies = values
        return StructureResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            compared=cast("Compared", found),
            remedies=tuple(cast("list[Remedy]", remedies)),
        )

    def report(self, result: StructureResult) -> Report:
        """Return tables of models, mortality, QALYs gained and crossing; figures and JSON."""
        from netcea.analyses.structure.report import report

        return report(result)
