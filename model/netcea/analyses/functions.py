"""Every analysis as a function of Python: ``netcea.psa("pnet", draws=1000)``.

Names and types of options are those of the analysis' block: a type checker finds ``drows=``, and completion works.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from netcea.analyses import registry
from netcea.analyses.registry import command_of, summary_of
from netcea.blas import ONE_THREAD
from netcea.blocks import Block
from netcea.errors import Place
from netcea.execution.workers import most_workers
from netcea.loading.option_values import options_with
from netcea.loading.reading.python_value import whole_number
from netcea.loading.scenarios import AnyScenario, Changes, scenario_of
from netcea.scenario.budget_options import BudgetOptions
from netcea.scenario.options import (
    BaseCaseOptions,
    OneWayOptions,
    PsaOptions,
    SeverityOptions,
    StructureOptions,
    SweepOptions,
    SwitchingOptions,
    ThresholdOptions,
    TwoWayOptions,
    VoiOptions,
)
from netcea.scenario.subgroup_options import SubgroupsOptions
from netcea.scenario.waterfall import WaterfallOptions

if TYPE_CHECKING:
    from netcea.analyses.analysis import Analysis, Result

P = ParamSpec("P")
O = TypeVar("O", bound=Block)  # noqa: E741 - options
R = TypeVar("R", bound="Result")
R_co = TypeVar("R_co", covariant=True)


class AnalysisFunction(Protocol[P, R_co]):
    """A function that runs an analysis: a scenario, changes to it, processes, then the options of the analysis."""

    def __call__(
        self,
        scenario: AnyScenario,
        changes: Changes | None = None,
        workers: int = 1,
        *args: P.args,
        **options: P.kwargs,
    ) -> R_co:
        """Run the analysis."""
        ...


def function_of(name: str, options: Callable[P, O], load: Callable[[], Analysis[O, Any, R]]) -> AnalysisFunction[P, R]:
    """Return an analysis as a function whose options are the fields of its block.

    Parameters
    ----------
    name : str
        Of the analysis.
    options : type of Block
        Its options; a type checker reads their names and types from it.
    load : function
        Loads the analysis when the function is called.
    """

    @ONE_THREAD
    def function(scenario: AnyScenario, changes: Changes | None = None, workers: int = 1, **given: Any) -> Any:
        processes = _processes(workers)
        analysis, loaded = load(), scenario_of(scenario, changes)
        return analysis.run(loaded, options_with(analysis.standing(loaded), **given), workers=processes)

    function.__name__ = function.__qualname__ = command_of(name).replace("-", "_")
    function.__doc__ = f"{summary_of(name)}\n\n{TEXT.format(options=cast('type', options).__name__)}"
    function.__signature__ = _signature(cast("Any", options))  # type: ignore[attr-defined]  # what help() shows
    return cast("AnalysisFunction[P, R]", function)


def _processes(workers: object) -> int:
    """Return how many processes work: as many as were asked for, or as may."""
    return min(whole_number(workers, Place("workers"), 1), most_workers())


TEXT = """Parameters
----------
scenario : Scenario, str or Path
    One that was loaded, the name of one that comes with netcea, or a file.
changes : mapping of address -> value, or sequence of ADDRESS=VALUE, optional
    On top of what the scenario has, as ``--set`` takes them.
workers : int
    Processes; the result does not depend on it.
**options
    Fields of `netcea.scenario.options.{options}`; what is left out stays as the scenario has it.

Raises
------
InputError
    With every problem found.
"""


def _signature(options: type[Any]) -> inspect.Signature:
    """Return the signature that help and completion show."""
    kind = inspect.Parameter.KEYWORD_ONLY
    first = [
        inspect.Parameter("scenario", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=AnyScenario),
        inspect.Parameter("changes", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None),
        inspect.Parameter("workers", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=1),
    ]
    fields = options.model_fields.items()
    rest = [inspect.Parameter(name, kind, default=field.default, annotation=field.annotation) for name, field in fields]
    return inspect.Signature([*first, *rest])


run = function_of("base_case", BaseCaseOptions, registry.base_case)
one_way = function_of("one_way", OneWayOptions, registry.one_way)
two_way = function_of("two_way", TwoWayOptions, registry.two_way)
threshold = function_of("threshold", ThresholdOptions, registry.threshold)
psa = function_of("psa", PsaOptions, registry.psa)
voi = function_of("voi", VoiOptions, registry.voi)
sweep = function_of("sweep", SweepOptions, registry.sweep)
switching = function_of("switching", SwitchingOptions, registry.switching)
severity = function_of("severity", SeverityOptions, registry.severity)
waterfall = function_of("waterfall", WaterfallOptions, registry.waterfall)
structure = function_of("structure", StructureOptions, registry.structure)
budget = function_of("budget", BudgetOptions, registry.budget)
subgroups = function_of("subgroups", SubgroupsOptions, registry.subgroups)
