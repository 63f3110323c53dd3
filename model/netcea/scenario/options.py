"""What each analysis can be asked: the blocks of a scenario's `analyses`, of a batch, and of the command line.

Precedence: the defaults here, then the scenario's `analyses`, then a batch's, then the command line.
"""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from netcea.blocks import Block, Bounds, Label, refused
from netcea.errors import BlockError, Problem
from netcea.plain_number import read
from netcea.quantities.addresses import Address, AnyNumber, Duration, Money, PopulationSize, Proportion, RankCorrelation
from netcea.scenario.budget_options import BudgetOptions
from netcea.scenario.option_texts import FILE_ONLY, OnCommandLine, Why, read_axes, read_bounds, read_groups, read_list
from netcea.scenario.subgroup_options import SubgroupsOptions
from netcea.scenario.waterfall import WaterfallOptions
from netcea.survival.averaging import STANDARD
from netcea.survival.curve import Curve

MOST_DRAWS: Final = 10_000_000
"""Draws of a probabilistic analysis: what is kept of each stays in memory."""
MEMORY_OF_DRAWS: Final = Why("results of all draws are kept in memory, 10,000,000 in about 1 GB", bytes_each=100)
MOST_REGRESSED: Final = 200_000
"""Draws of an analysis that fits regressions to them, or solves over them."""
MEMORY_OF_REGRESSIONS: Final = Why(
    "every number of every draw is kept in memory, 200,000 draws in about 2 GB", bytes_each=9000
)
MOST_KEPT: Final = 1_000_000
"""Draws of which every number is kept as well."""
MEMORY_OF_SOLUTIONS: Final = Why("totals of every draw are kept in memory, 200,000 in about 0.6 GB", bytes_each=3000)
LARGEST_SEED: Final = 2**63 - 1
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
PositiveFloat = Annotated[FiniteFloat, Field(gt=0)]


class BaseCaseOptions(Block):
    """What is shown beside the base case."""

    beside: Annotated[list[str], FILE_ONLY] = []
    """Scenarios shown in the main table next to the base case; paths relative to this file."""
    ledger: bool = True
    """Whether to run the scenarios of the bias ledger."""
    traces: bool = True
    """Whether to write what happens cycle by cycle."""
    workbook: bool = True
    """Whether to write the Excel file of the results."""


class OneWayOptions(Block):
    """Each quantity at a low and a high value, one at a time."""

    addresses: Annotated[list[Address], OnCommandLine("--address", "ADDRESS", read_list)] = []
    """Quantities to move; every uncertain one, and every one with a `range`, when empty. Discount rates of the settings
    move only where they are asked for, with bounds."""
    bounds: Annotated[dict[Address, Bounds], OnCommandLine("--bounds", "ADDRESS=LOW:HIGH", read_bounds)] = {}
    """Low and high values, in the quantity's own unit, in place of its 2.5% and 97.5% quantiles."""


class Axis(Block):
    """One quantity of a two-way analysis."""

    address: Address
    low: FiniteFloat | None = None
    """Lowest value in the quantity's own unit; its 2.5% quantile (or the low end of its range) when left out."""
    high: FiniteFloat | None = None
    """Highest value; its 97.5% quantile (or the high end of its range) when left out."""
    steps: Annotated[int, Field(ge=2, le=501), Why("501 x 501 values are a quarter of a million runs")] = 11


AXIS = OnCommandLine("--axis", "ADDRESS[=LOW:HIGH[:STEPS]]", read_axes)


class TwoWayOptions(Block):
    """Two quantities on a grid."""

    axes: Annotated[list[Axis], Field(max_length=2), AXIS] = []
    """A quantity and its values, in its own unit; twice. Between its quantiles, or over its range, when left out."""


class ThresholdOptions(Block):
    """The value of a quantity, or the price, at which the ICER meets each threshold."""

    addresses: Annotated[list[Address], OnCommandLine("--address", "ADDRESS", read_list)] = []
    """Quantities to solve for; the price and discount of the intervention's drugs when empty."""
    bounds: Annotated[dict[Address, Bounds], OnCommandLine("--bounds", "ADDRESS=LOW:HIGH", read_bounds)] = {}
    """Where to look, in the quantity's own unit."""
    ladder_step: Annotated[
        FiniteFloat,
        Field(ge=0.001, le=0.5),
        Why("a step of 0.001 makes a thousand rungs", low=True),
        OnCommandLine(metavar="SHARE"),
    ] = 0.05
    """Step of the price ladder from list price to free, as a discount."""
    probabilistic_draws: Annotated[
        int, Field(ge=0, le=MOST_REGRESSED), MEMORY_OF_SOLUTIONS, OnCommandLine("--draws", "N")
    ] = 0
    """Draws over which the price is solved for as well; 0: the point estimates only."""
    seed: Seed = 1
    """Seed of those draws."""


class CorrelatedPair(Block):
    """Two quantities whose ranks are correlated between draws."""

    first: Address
    second: Address
    rank_correlation: RankCorrelation
    """Spearman's rho, a number of inputs/."""


class PsaOptions(Block):
    """Everything uncertain, sampled."""

    draws: Annotated[int, Field(ge=2, le=MOST_DRAWS), MEMORY_OF_DRAWS] = 10_000
    """Number of draws."""
    seed: Seed = 1
    """Seed of the random numbers; the same seed gives the same bytes."""
    sampling: Literal["pseudo_random", "sobol"] = "pseudo_random"
    """pseudo_random: a stream for every address; sobol: a scrambled Sobol sequence, best with a power of two."""
    correlations: Annotated[list[CorrelatedPair], FILE_ONLY] = []
    """Rank correlations between quantities that inputs/ gives apart, such as those of PFS and OS."""
    explain: bool = True
    """Whether to explain the difference from the deterministic result by parameter."""
    keep_draws: Literal["auto", "csv", "parquet", "no"] = "auto"
    """File of draws and outcomes: Parquet where pyarrow is installed, else compressed CSV; or none."""
    parameters: Annotated[str, OnCommandLine(metavar="FILE")] = ""
    """A file of parameters (CSV, CSV.gz, Parquet; addresses as header) that is run in place of sampled rows."""
    bcea: bool = False
    """Also write costs, effects and parameters in the layout that BCEA and SAVI read."""
    until_mcse: Annotated[FiniteFloat | None, Field(gt=0, le=1000), OnCommandLine(metavar="QALYS")] = None
    """Stop when the Monte Carlo standard error of incremental NHB at the lower threshold is below this [QALYs]."""

    @model_validator(mode="after")
    def _kept(self) -> Self:
        if self.bcea and self.draws > MOST_KEPT:
            found = f"{self.draws:,} draws with bcea, which keeps every number of every draw in memory"
            raise BlockError(Problem(address="draws", found=found, expected=f"at most {MOST_KEPT:,} draws with bcea"))
        return self


class InformedQuantity(Block):
    """A quantity that a study would inform, and how."""

    address: Address
    """A sampled quantity, or a parameter of a joint estimate."""
    data: Literal["hazard_ratio", "proportion", "mean"]
    """hazard_ratio: events of a trial of two arms; proportion: patients with and without; mean: one value a patient."""
    endpoint: Literal["pfs", "os"] = "os"
    """hazard_ratio: the endpoint whose events are counted."""
    follow_up: Duration | None = None
    """hazard_ratio: time at which events are counted; the model's own survival says how many there are."""
    allocation: Annotated[FiniteFloat, Field(gt=0, lt=1)] = 0.5
    """hazard_ratio: share of patients given the intervention."""
    sd: AnyNumber | None = None
    """mean: standard deviation between patients, a number of inputs/ in the unit of the quantity."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {"hazard_ratio": "follow_up", "mean": "sd"}.get(self.data, "")
        if needed and getattr(self, needed) is None:
            raise BlockError(Problem(address=needed, found="nothing", expected=f"`{needed}` for data: {self.data}"))
        return self


class Study(Block):
    """A study that has not been done."""

    label: Label
    informs: Annotated[list[InformedQuantity], Field(min_length=1)]
    patients: Annotated[
        list[Annotated[int, Field(ge=1, le=1_000_000)]],
        Field(min_length=1, max_length=50),
        Why("each size is worked out on all draws"),
    ] = [50, 100, 200, 400, 800]
    """Sizes for which its value is worked out."""
    fixed_cost: Money | None = None
    cost_per_patient: Money | None = None


class PopulationOptions(Block):
    """The patients whom a decision reaches."""

    patients_per_year: PopulationSize
    share: Proportion | None = None
    """Share of them that belongs to this scenario's population; all when left out."""
    uptake: Proportion | None = None
    decision_lasts: Duration
    """Years for which the decision stands; later patients count less by the discount rate of QALYs."""


class VoiOptions(Block):
    """What it is worth to know more."""

    draws: Annotated[int, Field(ge=100, le=MOST_REGRESSED), MEMORY_OF_REGRESSIONS] = 10_000
    """Number of draws."""
    seed: Seed = 1
    """Seed of the random numbers; the same seed gives the same bytes."""
    groups: Annotated[
        dict[str, Annotated[list[str], Field(min_length=1)]], OnCommandLine("--group", "NAME=ADDRESS,...", read_groups)
    ] = {}
    """Name -> addresses (or the beginnings of addresses) that a study would inform together."""
    population: Annotated[PopulationOptions | None, FILE_ONLY] = None
    studies: Annotated[dict[str, Study], FILE_ONLY] = {}


def flag_of(options: type[Block], name: str) -> str:
    """Return how a field of options is called on the command line.

    >>> flag_of(ThresholdOptions, "probabilistic_draws"), flag_of(PsaOptions, "until_mcse")
    ('--draws', '--until-mcse')
    """
    field = options.model_fields.get(name)
    marks = [mark.flag for mark in (field.metadata if field else ()) if isinstance(mark, OnCommandLine) and mark.flag]
    return marks[0] if marks else f"--{name.replace('_', '-')}"


class SwitchingMethod(Block):
    """Overall survival had nobody switched, by one method. Give one of hazard_ratio, os and scenario."""

    label: Label | None = None
    """In tables; the method's name when left out."""
    hazard_ratio: str | None = None
    """Address of the hazard ratio of the intervention without switching, such as
    survival.my_trial.os_by_switching_method.rpsft.hazard_ratio."""
    os: Curve | None = None
    """The curve of the strategy whose patients switched, had they not."""
    scenario: str | None = None
    """A scenario that takes switching out in its own way; path relative to this file."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("hazard_ratio", "os", "scenario") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise BlockError(Problem(found=found, expected="one of hazard_ratio, os and scenario"))
        return self


class SwitchingOptions(Block):
    """Results by method of adjusting overall survival for treatment switching, beside intention to treat."""

    strategy: Annotated[str, FILE_ONLY] = ""
    """The strategy whose patients switched; the comparator when left out."""
    observed: Annotated[str | None, FILE_ONLY] = None
    """Address of the hazard ratio that the trial observed as randomised; that of the intervention's curve when left
    out."""
    without_switching: Annotated[dict[str, Any], FILE_ONLY] = {}
    """Address -> value of what else changes where switching is taken out, such as who bears its cost."""
    methods: Annotated[dict[str, SwitchingMethod], FILE_ONLY] = {}
    """Name -> method."""


class LandmarkBounds(Block):
    """Between which values survival has to lie at a time to be plausible: published, of a registry, or elicited."""

    strategy: str
    endpoint: Literal["pfs", "os"] = "os"
    at: Duration
    """When."""
    low: Proportion | None = None
    high: Proportion | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.low is None and self.high is None:
            raise BlockError(Problem(found="neither low nor high", expected="one of them, or both"))
        return self


class SweepOptions(Block):
    """The model over all combinations of families of its curves, and which of them are plausible."""

    endpoints: Annotated[
        list[Literal["pfs", "os", "time_on_treatment"]],
        Field(min_length=1),
        OnCommandLine("--endpoint", "NAME", read_list),
    ] = ["pfs", "os"]
    """Curves whose families are changed."""
    families: Annotated[list[str], Field(min_length=1), OnCommandLine("--family", "FAMILY", read_list)] = [*STANDARD]
    """Families; splines as royston_parmar:SCALE:KNOTS (such as royston_parmar:odds:2), cure models as
    mixture_cure:weibull."""
    different_arms: bool = False
    """Whether strategies may have different families; all have the same otherwise (NICE DSU TSD 14)."""
    crossing: bool = True
    """Whether to call a combination implausible where PFS is above OS while more than 1% are alive."""
    below_population: bool = True
    """Whether to call one implausible where OS, before any floor, lies above survival of the general population."""
    landmarks: Annotated[list[LandmarkBounds], FILE_ONLY] = []
    """Between what survival has to lie."""


Age = Annotated[FiniteFloat, Field(ge=0, lt=110)]


class SeverityOptions(Block):
    """The severity weight under other choices, over draws, and where it changes."""

    age_sd: Annotated[FiniteFloat | None, Field(gt=0, le=40), OnCommandLine(metavar="YEARS")] = None
    """Standard deviation of patients' ages at the start, around the scenario's mean [years]."""
    age_sd_from: Annotated[Duration | None, FILE_ONLY] = None
    """Address of that standard deviation, where inputs/ has it; `age_sd` goes before."""
    youngest: Annotated[Age | None, OnCommandLine(metavar="AGE")] = None
    """Age of the youngest patients: ages are uniform from here to `oldest`, and normal between them with a standard
    deviation [years]."""
    oldest: Annotated[Age | None, OnCommandLine(metavar="AGE")] = None
    """Age of the oldest patients [years]."""
    search_from: Annotated[Age, OnCommandLine(metavar="AGE")] = 18.0
    """Lowest age at the start at which a change of the weight is looked for [years]."""
    search_to: Annotated[Age, OnCommandLine(metavar="AGE")] = 99.0
    """Highest age at the start at which a change of the weight is looked for [years]."""
    draws: Annotated[int, Field(ge=0, le=MOST_REGRESSED), MEMORY_OF_SOLUTIONS] = 1000
    """Draws over which the probability of each weight is counted; 0: none."""
    seed: Seed = 1
    """Seed of those draws."""

    @model_validator(mode="after")
    def _ages(self) -> Self:
        if (self.youngest is None) != (self.oldest is None):
            given, left_out = ("youngest", "oldest") if self.oldest is None else ("oldest", "youngest")
            raise refused(f"{given} alone", f"`{left_out}` as well", address=left_out)
        for low, high in (("youngest", "oldest"), ("search_from", "search_to")):
            ends = getattr(self, low), getattr(self, high)
            if None not in ends and not ends[0] < ends[1]:
                raise refused(f"{low} {read(ends[0])} and {high} {read(ends[1])}", f"{low} below {high}", address=low)
        return self


class StructureOptions(Block):
    """State-transition models of the same inputs beside partitioned survival, and what crossing curves cost."""

    follow_up: Annotated[Duration | None, FILE_ONLY] = None
    """Time until which the trial observed survival: QALYs before it are observed, later ones extrapolated; not split
    when left out."""
    draws: Annotated[int, Field(ge=0, le=MOST_REGRESSED), MEMORY_OF_REGRESSIONS] = 1000
    """Draws over which ways of dealing with PFS above OS are compared; 0: none."""
    seed: Seed = 1
    """Seed of those draws."""
    correlated: Annotated[list[str], FILE_ONLY] = []
    """Scenarios that draw PFS and OS correlated, to be compared over the draws; paths relative to this file."""


class Analyses(Block):
    """The analyses of a scenario."""

    base_case: BaseCaseOptions = BaseCaseOptions.model_construct()
    one_way: OneWayOptions = OneWayOptions.model_construct()
    two_way: TwoWayOptions = TwoWayOptions.model_construct()
    threshold: ThresholdOptions = ThresholdOptions.model_construct()
    psa: PsaOptions = PsaOptions.model_construct()
    voi: VoiOptions = VoiOptions.model_construct()
    switching: SwitchingOptions = SwitchingOptions.model_construct()
    sweep: SweepOptions = SweepOptions.model_construct()
    severity: SeverityOptions = SeverityOptions.model_construct()
    waterfall: WaterfallOptions = WaterfallOptions.model_construct()
    structure: StructureOptions = StructureOptions.model_construct()
    budget: BudgetOptions = BudgetOptions.model_construct()
    subgroups: SubgroupsOptions = SubgroupsOptions.model_construct()
