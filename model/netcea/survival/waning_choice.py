"""How a scenario file describes an effect that wanes: when, since when, towards what, and what becomes of the gain."""

from typing import Final, Literal, TypeAlias

from netcea.blocks import Block
from netcea.quantities.addresses import Duration

Since: TypeAlias = Literal[
    "baseline", "end_of_treatment", "median_time_on_treatment", "mean_time_on_treatment", "discontinuation"
]
Gain: TypeAlias = Literal["kept", "lost"]
OF_A_TREATMENT_CURVE: Final[frozenset[Since]] = frozenset(
    {"median_time_on_treatment", "mean_time_on_treatment", "discontinuation"}
)
"""Those that follow from the curve of time on treatment."""


class Waning(Block):
    """The treatment effect fades: the hazard moves linearly from the strategy's own to the other strategy's.

    Before `starts` the own hazard, after `ends` the other's; both the same: at once.
    """

    starts: Duration
    """Time at which the effect begins to fade (a duration in inputs/)."""
    ends: Duration
    """Time from which hazards are equal; the same address as `starts` for a sudden end."""
    towards: str | None = None
    """The strategy whose hazard is taken on; `relative_to` when left out."""
    since: Since = "baseline"
    """From when `starts` and `ends` count: baseline; end_of_treatment, when everybody stops (`stops_at` of this
    strategy's time_on_treatment); median_time_on_treatment or mean_time_on_treatment, where there is no such time;
    discontinuation, of each patient's own treatment, as the curve of time on treatment has it."""
    accrued_gain: Gain = "kept"
    """kept: hazards become equal and what was gained stays. lost: survival itself moves to the other strategy's, and
    the curves meet at `ends` (loss of accrued benefit, an extreme)."""
