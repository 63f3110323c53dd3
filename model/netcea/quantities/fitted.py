"""What `netcea fit` says of a fit beside its numbers in inputs/: the data of an endpoint, the structure of a family."""

from typing import Literal, Self

from pydantic import FiniteFloat, model_validator

from netcea.blocks import Block, PositiveFloat, refused


class FittedArm(Block):
    """The patients of one arm, and the families that could not be fitted to them."""

    patients: int | None = None
    """None, as the next two, where the fit is to published figures."""
    events: int | None = None
    person_time: PositiveFloat | None = None
    """Weighted time at risk, in the unit of time of the data."""
    refused: dict[str, str] = {}
    """Family with its structure -> why it could not be fitted."""


class AuditCheck(Block):
    """One thing that reconstructed patients should give back."""

    what: str
    published: FiniteFloat | None = None
    reconstructed: FiniteFloat | None = None
    limit: str
    passed: bool


class ReconstructedArm(Block):
    """Where the patients of an arm come from, when they were reconstructed."""

    points: int
    clicked: Literal["steps", "corners", "anywhere"]
    """Where: at the foot of each step, at its top and its foot, or anywhere on the curve."""
    noise_of_clicks: FiniteFloat
    """Standard error, as a share."""
    repairs: list[str] = []
    audit: list[AuditCheck]


class ReconstructedEndpoint(Block):
    """Patients reconstructed from digitised curves, with their audit."""

    status: Literal["reconstructed"] = "reconstructed"
    digitiser: str | None = None
    figure: str | None = None
    digitised_on: str | None = None
    at_risk: str | None = None
    """Name of the file of numbers at risk."""
    at_risk_sha256: str | None = None
    passed: bool
    """Whether every check of the audit is within its limit."""
    standard_errors: str = "as if the patients had been observed: the error of the reconstruction is not in them"
    arms: dict[str, ReconstructedArm]
    hazard_ratios: list[AuditCheck] = []


class JointArm(Block):
    """Where an arm of a fit to all arms together has its parameters in the family's group."""

    parameters: dict[str, str]
    """Parameter of the family -> name of the number."""
    hazard_ratio: str | None = None
    """Name of the number by which the hazard of these parameters is multiplied."""


class ExternalTermRecord(Block):
    """What a source says of the share of those alive at a time who are alive at a later one."""

    kind: Literal["counts", "elicited", "landmark"]
    start: FiniteFloat
    """From when, in the unit of time of the data; 0: all patients from the beginning."""
    time: PositiveFloat
    """Until when."""
    stated: str
    """What it says, in words."""
    patients: FiniteFloat
    """How many patients would say as much, its weight counted."""
    background: FiniteFloat | None = None
    """Of relative survival: the general population's cumulative hazard between the two times. [1]"""
    note: str | None = None
    """Of relative survival: where that is from."""


class ExternalSourceRecord(Block):
    """A source of external information in the likelihood of an arm."""

    source: str
    """Its key in sources.yaml."""
    arm: str
    weight: FiniteFloat
    """By which its log-likelihood is multiplied."""
    note: str = ""
    terms: list[ExternalTermRecord]


class ExternalRecord(Block):
    """External information in the likelihoods of these fits."""

    files: dict[str, str]
    """Name of a file -> digest of its bytes."""
    sources: list[ExternalSourceRecord]
    criteria: str = "log-likelihood, AIC and BIC hold the external terms: they compare fits with the same ones"


class FittedBackground(Block):
    """Mortality of the general population in excess of which hazards were fitted."""

    matched_by: Literal["hazard_of_each_patient", "age_and_sex_of_each_patient", "mean_age_and_sexes"]
    """How the general population was matched to the patients: by a hazard that their data state, by the age and sex
    (and calendar year, where the life table has years) of each, or by their mean age and share of women."""
    life_table: str | None = None
    """Its address, or its name."""
    sha256: str | None = None
    """Of the life table's file, or of its numbers where it was no file."""
    calendar_years: bool = False
    """Whether mortality is that of each calendar year."""
    age: FiniteFloat | None = None
    """Mean age at time 0 [years], where that is what was matched."""
    female: FiniteFloat | None = None
    """Share of women at time 0, where that is what was matched."""
    expected_events: FiniteFloat | None = None
    """Deaths that were expected of the general population in the patients' time at risk; None where nobody knows."""


class FittedEndpoint(Block):
    """Where the fits of an endpoint come from."""

    time_unit: Literal["years", "months", "weeks", "days"]
    """Of the data, and so of every parameter and knot."""
    data: str
    """Name of the file of patients."""
    sha256: str
    """Of its bytes, or of the values where it was no file."""
    columns: dict[str, str]
    """What was read (time, event, arm, entry, weight) -> column of the file."""
    date: str
    """On which it was fitted."""
    netcea: str
    """Version that fitted it."""
    arms: dict[str, FittedArm]
    reconstructed: ReconstructedEndpoint | None = None
    """None where they are the patients' own data."""
    external: ExternalRecord | None = None
    """None where the likelihood holds the patients alone."""
    relative_survival: bool = False
    """Whether curves are of relative survival: their hazards are in excess of the general population's."""
    background: FittedBackground | None = None
    """Of relative survival: the general population."""
    control: str | None = None
    """Of fits to all arms together: the arm against which the effects of the others are. None: each arm by itself."""

    @model_validator(mode="after")
    def _background_of_relative_survival(self) -> Self:
        if self.relative_survival != (self.background is not None):
            found = "no background of relative survival" if self.relative_survival else "a background of other survival"
            raise refused(found, "relative_survival: true and its background, or neither", address="background")
        return self


class FittedFigure(Block):
    """A published figure to which a family was fitted, and what its curve says of it."""

    arm: str
    what: str
    published: FiniteFloat
    fitted: FiniteFloat
    standard_error: FiniteFloat | None = None
    """On `scale`; None where it is not known."""
    scale: Literal["log", "complementary_log_log", "identity"]
    """On which the published interval is symmetric."""
    miss: FiniteFloat | None = None
    """(fitted - published) / standard error on that scale."""


class FittedFamily(Block):
    """A family that was fitted to the patients of one arm, or of all: its structure, and how well it fits."""

    distribution: str
    scale: Literal["hazard", "odds", "normal"] | None = None
    knots: list[FiniteFloat] | None = None
    """royston_parmar: boundary and internal knots, on the logarithm of time."""
    breaks: list[PositiveFloat] | None = None
    """piecewise_exponential: times at which the rate changes."""
    base: str | None = None
    """Cure models: the family of those not cured."""
    log_likelihood: FiniteFloat | None = None
    """None, as AIC and BIC, of a fit to published figures: they have no likelihood."""
    aic: FiniteFloat | None = None
    bic: FiniteFloat | None = None
    """With the logarithm of the number of patients."""
    arms: dict[str, JointArm] | None = None
    """Of a fit to all arms together: arm -> its parameters."""
    figures: list[FittedFigure] | None = None
    """Of a fit to published figures: each of them."""
    chi_square: FiniteFloat | None = None
    """Of the same: their misses, weighed by their covariance."""
    degrees_of_freedom: int | None = None
    """Of the same: figures less parameters."""
