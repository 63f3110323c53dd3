"""A scenario: the choices of a file, and the frozen whole that the engine takes.

`ScenarioFile` mirrors a complete YAML file from top to bottom, in the order of section B.3 of a NICE submission.
`Scenario` is what loading makes of it: every address resolved, every curve fitted, nothing left to look up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol, Self, TypeAlias

import numpy as np
from pydantic import Field, FiniteFloat, model_validator

from netcea.arrays import Array
from netcea.blocks import Block, Label
from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.cohort.timeline import Steps
from netcea.cohort.utilities import Utilities
from netcea.costs import AnyCostItem
from netcea.costs.adverse_events import AdverseEvents, TimedEvent
from netcea.costs.cost_item import Cost
from netcea.costs.payer import Payer, Perspective, is_reference_case, payers_of, perspective_words
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.errors import BlockError, ModelWarning, Problem
from netcea.fitting.refit import Refit
from netcea.fitting.report import FitReport
from netcea.plain_number import read
from netcea.quantities.addresses import Duration, LifeTableAddress, NormsAddress, Proportion, Ratio
from netcea.quantities.limits import Limits
from netcea.quantities.price_index import PriceIndex
from netcea.quantities.quantity import Quantity
from netcea.scenario.expert_validation import ExpertValidation
from netcea.scenario.family_average import FamilyAverage
from netcea.scenario.later_rates import LaterRates, Measure, RateStep
from netcea.scenario.managed_access import ManagedAccess
from netcea.scenario.method_pack import MethodPack
from netcea.scenario.option_texts import Absent
from netcea.scenario.options import Analyses
from netcea.scenario.price_layers import Prices
from netcea.scenario.prior_therapy import PriorTherapy
from netcea.scenario.trial_record import TrialRecord
from netcea.scenario.waterfall import WaterfallOptions
from netcea.survival.curve import Curve, CurveModel
from netcea.uncertainty.halves import Halves

if TYPE_CHECKING:
    from netcea.fitting.written_fits import WrittenArm

FORMAT = 1
"""Version of the scenario format that this program reads."""

BESIDE_THE_MODEL: Final = ("analyses", "decision_problem", "managed_access", "expert_validation")
"""Parts of a scenario whose numbers no base case rests on: they are asked of, or stand beside the model."""

Direction: TypeAlias = Literal["for", "against", "unclear"]


class NotModelled(Block):
    """A comparator of the scope that is not in the model, with the reason."""

    comparator: str
    reason: str
    scenario: str = ""
    """A scenario that has it, if there is one."""


class DecisionProblem(Block):
    """What is decided, for whom (B.3.2, and the scope)."""

    population: str
    intervention: str
    comparators: list[str]
    perspective: Perspective = "NHS and PSS"
    """Whose costs count: NHS and PSS (the reference case), societal (every payer's), or a list of payers."""
    outcomes: str
    not_modelled: list[NotModelled] = []
    prior_therapy: PriorTherapy | None = None
    """Patients by what they have had before, and the comparators that are in scope for them."""


WITHOUT_CORRECTION: Final = "without a correction write start: a cycle counts those who begin it (or end: who end it)"
WITHOUT_DISCOUNTING: Final = "without discounting set discount_rate_costs and discount_rate_qalys to 0"


class Settings(Block):
    """Time, cycles and discounting."""

    horizon_years: Annotated[FiniteFloat, Field(gt=0, le=110)]
    """Time from the start to the end of the model. [years]"""
    cycle_days: Annotated[FiniteFloat, Field(ge=1, le=366)]
    """Length of a cycle. [days]"""
    half_cycle_correction: Annotated[Literal["trapezium", "start", "end"], Absent(WITHOUT_CORRECTION)] = "trapezium"
    """How person-time in a cycle is counted: mean of both edges, or occupancy at its start or its end."""
    discounting: Annotated[Literal["mid_cycle", "cycle_start", "annual"], Absent(WITHOUT_DISCOUNTING)] = "mid_cycle"
    """When in a cycle its costs and QALYs are discounted from: its middle, its start, or the start of its year."""
    discount_rate_costs: Annotated[FiniteFloat, Field(ge=0, le=1)]
    """Of costs, per year, such as 0.035."""
    discount_rate_qalys: Annotated[FiniteFloat, Field(ge=0, le=1)]
    """Of QALYs and life years, per year, such as 0.035."""
    later_discount_rates: list[LaterRates] = []
    """Other rates from some years on, in their order, such as 1.5% after 30 years."""
    price_year: str
    """The price year of all costs; costs of other years are uprated by their index."""
    currency: Literal["GBP"] = "GBP"
    """Of all costs."""
    crossing: Literal["cap_pfs", "raise_os"] = "cap_pfs"
    """Where PFS exceeds OS: PFS is capped (the model), or OS is raised (to show what the cap moves)."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for i, (before, after) in enumerate(pairwise(self.later_discount_rates), 1):
            if after.from_year <= before.from_year:
                at = f"later_discount_rates.{i}.from_year"
                expected = f"a year after {read(before.from_year)}, that of the entry before"
                raise BlockError(Problem(address=at, found=read(after.from_year), expected=expected))
        return self

    def rate_steps(self, measure: Measure) -> tuple[RateStep, ...]:
        """Return the discount rates of costs or of QALYs, one after another.

        Parameters
        ----------
        measure : {'costs', 'qalys'}
            What is discounted.
        """
        steps = [RateStep(0.0, getattr(self, f"discount_rate_{measure}"), "", f"settings.discount_rate_{measure}")]
        for i, later in enumerate(self.later_discount_rates):
            rate, at = getattr(later, measure), f"settings.later_discount_rates.{i}"
            if rate is not None:
                steps.append(RateStep(later.from_year, rate, f"{at}.from_year", f"{at}.{measure}"))
        return tuple(steps)

    def discount_rate(self, measure: Measure) -> float | Steps:
        """Return the discount rate of costs or of QALYs: one, or one after another [per year].

        Parameters
        ----------
        measure : {'costs', 'qalys'}
            What is discounted.
        """
        steps = self.rate_steps(measure)
        return tuple((step.from_year, step.rate) for step in steps) if len(steps) > 1 else steps[0].rate


class Population(Block):
    """The cohort at the start."""

    start_age: Duration
    proportion_female: Proportion
    life_table: LifeTableAddress
    """Background mortality, and survival of the general population."""
    norms: NormsAddress
    """Utilities of the general population by age and sex, for age adjustment and severity."""
    combined_view_weight: Proportion | None = None
    """Weight of this population when populations are shown together."""


class TimeOnTreatment(Block):
    """Who is on treatment: until progression, for a share of that time, by a curve of its own, or nobody."""

    rule: Literal["none", "until_progression", "pfs_time_ratio", "curve"]
    time_ratio: Ratio | None = None
    """pfs_time_ratio: time on treatment over progression-free time."""
    curve: Curve | None = None
    """curve: its own survival curve, capped by overall survival."""
    stops_at: Duration | None = None
    """Time at which everybody stops."""


class Strategy(Block):
    """One strategy: its label and its curves."""

    label: Label
    pfs: Curve
    os: Curve
    time_on_treatment: TimeOnTreatment = TimeOnTreatment.model_construct(rule="none")


class Survival(Block):
    """What PFS and OS share."""

    share_of_pfs_events_that_are_deaths: Proportion


class Decision(Block):
    """How results are judged."""

    method_pack: str
    """A dated set of thresholds, rates and severity rules in inputs/decision/method_packs.yaml."""
    intervention: str
    """The strategy that is appraised."""
    comparator: str
    """The strategy of pairwise comparisons."""
    established_practice: str
    """The strategy against which severity is measured."""


class Assumption(Block):
    """An entry of the bias ledger."""

    assumption: str
    address: str
    """The choice or number it is about."""
    bias: Direction
    """Whom the assumption favours: for or against the intervention, or unclear."""
    why: str
    tested_by: list[str] = []
    """Scenarios that test it; paths relative to this file."""


class ScenarioFile(Block):
    """A complete scenario file."""

    format: int
    name: str
    rationale: str
    direction: Direction | None = None
    """Of a sensitivity scenario: whom it favours, compared with its base."""
    tags: list[str] = []
    decision_problem: DecisionProblem
    settings: Settings
    population: Population
    survival: Survival
    strategies: Annotated[dict[str, Strategy], Field(min_length=2)]
    utilities: Utilities
    adverse_events: AdverseEvents
    costs: dict[str, AnyCostItem]
    decision: Decision
    analyses: Analyses = Analyses.model_construct()
    managed_access: ManagedAccess | None = None
    assumptions: list[Assumption] = []
    expert_validation: ExpertValidation | None = None

    def all_costs(self) -> dict[str, Cost]:
        """Return every cost that counts, by its name: cost items, and adverse events as ``adverse_events.<event>``."""
        return {name: cost for name, cost in self.every_payers_costs().items() if self.counts(cost.paid_by)}

    def every_payers_costs(self) -> dict[str, Cost]:
        """Return every cost by its name, whether it counts from the scenario's perspective or not."""
        return {**self.costs, **self.all_events()}

    def all_events(self) -> dict[str, TimedEvent]:
        """Return every adverse event by its name in outcomes, at the start and after subsequent treatments."""
        return self.adverse_events.timed(self.subsequent_treatments().values())

    def subsequent_treatments(self) -> dict[str, SubsequentTreatment]:
        """Return the cost items that begin at progression, by name."""
        return {name: item for name, item in self.costs.items() if isinstance(item, SubsequentTreatment)}

    def counts(self, payer: Payer) -> bool:
        """Say whether costs of a payer count from the scenario's perspective.

        Parameters
        ----------
        payer : str
            Who pays.
        """
        return payer in payers_of(self.decision_problem.perspective)

    @property
    def perspective(self) -> str:
        """What tables call the perspective."""
        return perspective_words(self.decision_problem.perspective)

    @property
    def title(self) -> str:
        """What tables call the scenario: its name, and a perspective that is not the reference case's."""
        if is_reference_case(self.decision_problem.perspective):
            return self.name
        return f"{self.name} [outside the reference case: {self.perspective}]"


class ScenarioHeader(Block):
    """A file that changes another: `extends` and `set`."""

    format: int
    extends: str
    """The file it starts from, relative to this one, or a bare name of a scenario that comes with netcea."""
    name: str
    rationale: str
    """Why anyone should look at it."""
    direction: Direction
    """Whom this scenario favours, compared with its base: for or against the intervention, or unclear."""
    tags: list[str] = []
    set: dict[str, object] = {}
    """Address -> new value; applied after everything that `extends` brings."""


@dataclass(frozen=True)
class Change:
    """Something that was set on top of the complete file: by a scenario that extends it, or on the command line.

    Attributes
    ----------
    address : str
    value : str
        As JSON.
    where : str
        File and line, or the option of the command line.
    """

    address: str
    value: str
    where: str


@dataclass(frozen=True, eq=False)
class LopsidedFigure:
    """A published figure of a fit whose error is not its standard error times a deviate.

    Attributes
    ----------
    address : str
    slope : Array (k,)
        Of the parameters, for one of the figure. [real line / working scale]
    weights : Array (k,)
        Its deviate is the sum of the parameters' errors, so weighted. [1 / real line]
    se : float
        Standard error that is in the fit's covariance. [working scale]
    halves : Halves
        What the error is in its place. [working scale]
    """

    address: str
    slope: Array
    weights: Array
    se: float
    halves: Halves

    def bend(self, errors: Sequence[Array]) -> Array:
        """Return how much further the figure is than its standard error times its deviate, without the offset.

        Parameters
        ----------
        errors : sequence of Array (n,)
            Of every parameter. [real line]
        """
        # a sum written out: a matrix product's last bits depend on the number of rows
        deviate = np.asarray(sum(e * w for e, w in zip(errors, self.weights.tolist(), strict=True)), dtype=np.float64)
        return self.halves.error(deviate) - self.se * deviate


@dataclass(frozen=True)
class JointEstimate:
    """Parameters estimated together: sampled whole, never moved singly.

    Attributes
    ----------
    addresses : tuple of str
    scales : tuple of {'log', 'identity', 'logit'}
        The real line of each.
    estimates : Array (k,)
        On the real line, in model units.
    covariance : Array (k, k)
    table : str
        Address of the table of inputs/ that states the covariance; empty for a fit.
    lopsided : tuple of LopsidedFigure
        Of a fit, the figures whose halves differ; the covariance has them with the width of their intervals.
    """

    addresses: tuple[str, ...]
    scales: tuple[str, ...]
    estimates: Array
    covariance: Array
    table: str = ""
    lopsided: tuple[LopsidedFigure, ...] = ()

    @property
    def name(self) -> str:
        """Address of the table, or what the addresses of a fit's parameters begin with."""
        return self.table or self.addresses[0].rpartition(".")[0]

    @property
    def offset(self) -> Array:
        """How far the centre of draws is from the estimates: figures whose median is not their value. [real line]."""
        return np.asarray(sum((f.slope * f.halves.offset for f in self.lopsided), np.zeros(len(self.addresses))))

    def at(self, errors: Sequence[Array]) -> list[Array]:
        """Return the parameters at errors of which the covariance is, with the halves of figures that differ.

        Parameters
        ----------
        errors : sequence of Array (n,)
            Of every parameter. [real line]

        Returns
        -------
        list of Array (n,)
            estimates + errors + slopes x what the figures are further than the covariance has them. [real line]
        """
        found = [estimate + error for estimate, error in zip(self.estimates.tolist(), errors, strict=True)]
        for figure in self.lopsided:
            further = figure.bend(errors)
            found = [x + slope * further for x, slope in zip(found, figure.slope.tolist(), strict=True)]
        return found

    def drawn(self, errors: Sequence[Array]) -> list[Array]:
        """Return what is drawn: as `at`, around the centre of draws.

        Parameters
        ----------
        errors : sequence of Array (n,)
            Of every parameter. [real line]
        """
        found = self.at(errors)
        return [x + shift for x, shift in zip(found, self.offset.tolist(), strict=True)] if self.lopsided else found

    def moments(self) -> tuple[Array, Array]:
        """Return means and standard deviations of what is drawn, in closed form. [real line]"""
        mean, covariance = self.estimates, self.covariance
        pairs = [(one, other) for one in self.lopsided for other in self.lopsided]
        for one in self.lopsided:
            mean = mean + one.slope * one.halves.mean
            across = self.covariance @ one.weights  # of every parameter's error and the figure's deviate
            straight = (one.halves.above + one.halves.below) / 2.0 - one.se  # E w |w| = 0: what bends is uncorrelated
            covariance = covariance + straight * (np.outer(across, one.slope) + np.outer(one.slope, across))
        for one, other in pairs:
            r = float(one.weights @ self.covariance @ other.weights)
            further = [
                f.halves._replace(below=f.halves.below - f.se, above=f.halves.above - f.se) for f in (one, other)
            ]
            covariance = covariance + np.outer(one.slope, other.slope) * further[0].covariance(further[1], r)
        return mean, np.sqrt(np.diag(covariance))


@dataclass(frozen=True, eq=False)
class CorrelatedNumbers:
    """Numbers of inputs/ that were estimated from the same patients, each with an uncertainty of its own.

    Attributes
    ----------
    addresses : tuple of str
        Those that are drawn, in the order of their tables.
    correlation : Array (k, k)
        Of their deviates: on the scales on which they are normal. [1]
    tables : tuple of str
        Addresses of the tables of inputs/ that state it.
    """

    addresses: tuple[str, ...]
    correlation: Array
    tables: tuple[str, ...]

    def between(self, first: str, second: str) -> float:
        """Return the correlation of two of them."""
        return float(self.correlation[self.addresses.index(first), self.addresses.index(second)])

    def joined(self, other: "CorrelatedNumbers") -> "CorrelatedNumbers":
        """Return both blocks as one, with those of the other that are new at the end.

        Parameters
        ----------
        other : CorrelatedNumbers
            It shares numbers with this one.

        Notes
        -----
        What neither states follows from the numbers S that they share, given which the rest is independent:
        R_ab = R_aS R_SS^-1 R_Sb.

        Examples
        --------
        >>> one = CorrelatedNumbers(("m", "a"), np.array([[1.0, 0.8], [0.8, 1.0]]), ("t",))
        >>> both = one.joined(CorrelatedNumbers(("m", "b"), np.array([[1.0, 0.5], [0.5, 1.0]]), ("u",)))
        >>> both.addresses, round(both.between("a", "b"), 12)
        (('m', 'a', 'b'), 0.4)
        """
        shared = [address for address in self.addresses if address in other.addresses]
        new = [address for address in other.addresses if address not in shared]
        mine = [self.addresses.index(address) for address in shared]
        theirs = [other.addresses.index(address) for address in shared]
        added = [other.addresses.index(address) for address in new]
        within = self.correlation[np.ix_(mine, mine)]
        across = self.correlation[:, mine] @ np.linalg.solve(within, other.correlation[np.ix_(theirs, added)])
        matrix = np.block([[self.correlation, across], [across.T, other.correlation[np.ix_(added, added)]]])
        return CorrelatedNumbers((*self.addresses, *new), matrix, (*self.tables, *other.tables))


@dataclass(frozen=True)
class RelatedScenario:
    """A scenario that a file names for comparison: laid over what this one has, whatever that changed.

    Attributes
    ----------
    name : str
        Of its file.
    source : str
        The file, relative to the project.
    load : function of nothing
        Returns the scenario, or raises InputError; with its point estimates only, where nothing else is needed.
    """

    name: str
    source: str
    load: "Callable[[], Scenario]"


class Related(Protocol):
    """The way from a scenario to others; loading hands it in."""

    def named(self, address: str, named: str) -> RelatedScenario:
        """Return the scenario that an entry names, laid over this one."""
        ...

    def changed(self, changes: Mapping[str, object] | Sequence[str], *, brief: bool = False) -> "Scenario":
        """Return this scenario with other values at some addresses."""
        ...

    def after(self, waterfall: WaterfallOptions, numbers: Iterable[int]) -> "Scenario":
        """Return this scenario with some steps of a waterfall on top."""
        ...

    def step_faults(self, file: ScenarioFile, waterfall: WaterfallOptions) -> Sequence[Problem]:
        """Return what is wrong with the steps of a waterfall."""
        ...

    def trial_record(self, addresses: Iterable[str]) -> TrialRecord:
        """Return what inputs/ holds, beside the numbers in use, of the trials of some numbers."""
        ...

    def written_fits(self, curve: Curve) -> "WrittenArm":
        """Return every family that inputs/ has of the fit that a curve names."""
        ...


@dataclass(frozen=True)
class Scenario:
    """Everything the engine needs, frozen; see `netcea.loading.load`.

    Attributes
    ----------
    file : ScenarioFile
        The choices, after `extends`, `set` and the command line.
    quantities : mapping of address -> Quantity
        The numbers of inputs/ that the scenario uses, as published.
    factors : mapping of address -> float
        Published unit and price year to model unit and price year.
    limits : mapping of address -> tuple of Limits
        What each number and each parameter of a fit may be, through whichever door it comes. [own unit]
    joint : tuple of JointEstimate
    curves : mapping of address -> CurveModel
        ``strategies.<strategy>.<endpoint>``.
    life_table, norms, method_pack
        Tables of inputs/ that the scenario names; norms is None without age adjustment.
    severity_norms : UtilityNorms
        Norms of the general population for severity.
    used_tables : tuple of str
        Addresses of the tables and correlations that went in.
    fits : tuple of FitReport
        How well each fitted curve meets the published figures.
    refits : mapping of address -> Refit
        Of each fit, what makes it again at other figures.
    trials : mapping of address -> tuple of str
        Arms of each trial whose curves are fitted, the reference arm first.
    warnings : tuple of ModelWarning
    digest : str
        SHA-256 of everything that went in.
    source : str
        The file, relative to its project; with a step of its waterfall where it is the scenario after one.
    inputs_folder : str
        The inputs/ that was used, relative to the project.
    project : str
        Its folder, as the user would type it: only to read again, and to say on the screen. Empty where it is the
        current folder, or the file belongs to none.
    bibliography : mapping of key -> citation
        The sources that the numbers name.
    changes : tuple of Change
        What `set` and the command line changed, in their order.
    table_digests : mapping of address -> str
        SHA-256 of the content of every table and correlation that went in.
    prices : Prices
        Price layers that went in, by name and hash, and which numbers are confidential.
    related : Related, or None
        Finds the scenarios that this one names (`beside`, `tested_by`); it stays behind when a scenario is sent to
        another process.
    value_sets : mapping of address -> str
        Value set of each utility in use of which inputs/ states it.
    trial_names : mapping of address -> str
        The trial, or the cohort of one, whose figure a number is, where inputs/ says so.
    correlated : tuple of CorrelatedNumbers
        Numbers that tables of correlations of inputs/ say are drawn together; no number is in two of them.
    correlated_estimates : tuple of CorrelatedNumbers
        All numbers of two joint estimates that a table of inputs/ says are correlated: two endpoints of the same
        patients.
    averages : tuple of FamilyAverage
        Families that curves average, with their weights, which are among `quantities`.
    price_indices : mapping of index -> PriceIndex
        Those that numbers name, with every year.
    abbreviations : mapping of abbreviation -> words
        What those of the project stand for, by abbreviations.yaml of its inputs/.
    """

    file: ScenarioFile
    quantities: Mapping[str, Quantity]
    factors: Mapping[str, float]
    joint: tuple[JointEstimate, ...]
    curves: Mapping[str, CurveModel]
    life_table: LifeTable
    norms: UtilityNorms | None
    severity_norms: UtilityNorms
    method_pack: MethodPack
    used_tables: tuple[str, ...]
    fits: tuple[FitReport, ...]
    refits: Mapping[str, Refit]
    warnings: tuple[ModelWarning, ...]
    digest: str
    source: str
    inputs_folder: str
    bibliography: Mapping[str, str]
    changes: tuple[Change, ...]
    table_digests: Mapping[str, str] = field(default_factory=dict)
    trials: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, tuple[Limits, ...]] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)
    related: Related | None = field(default=None, repr=False, compare=False)
    value_sets: Mapping[str, str] = field(default_factory=dict)
    trial_names: Mapping[str, str] = field(default_factory=dict)
    correlated: tuple[CorrelatedNumbers, ...] = ()
    correlated_estimates: tuple[CorrelatedNumbers, ...] = ()
    averages: tuple[FamilyAverage, ...] = ()
    price_indices: Mapping[str, PriceIndex] = field(default_factory=dict)
    project: str = ""
    abbreviations: Mapping[str, str] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process gets: without the way to the files of other scenarios."""
        return {**self.__dict__, "related": None}

    @property
    def path(self) -> str:
        """The file as the user would type it, to read it again."""
        return f"{self.project}/{self.source}" if self.project else self.source

    @property
    def strategies(self) -> tuple[str, ...]:
        """Names of the strategies, in the file's order."""
        return tuple(self.file.strategies)

    def label(self, strategy: str) -> str:
        """Return what tables call a strategy."""
        return self.file.strategies[strategy].label
