"""What `netcea fit` says of a fit beside its numbers in inputs/: the data of an endpoint, the structure of a family."""

from __future__ import annotations

from typing import Literal

from pydantic import FiniteFloat

from netcea.blocks import Block, PositiveFloat

FITTED = "fitted"
"""Key in a group under which it stands."""
JOINT = "joint"
"""Key in the group of an endpoint under which fits to all arms together stand."""


class FittedArm(Block):
    """The patients of one arm, and the families that could not be fitted to them."""

    patients: int
    events: int
    person_time: PositiveFloat
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
    control: str | None = None
    """Of fits to all arms together: the arm against which the effects of the others are. None: each arm by itself."""


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
    log_likelihood: FiniteFloat
    aic: FiniteFloat
    bic: FiniteFloat
    """With the logarithm of the number of patients."""
    arms: dict[str, JointArm] | None = None
    """Of a fit to all arms together: arm -> its parameters."""
