"""From when on an effect wanes: the end of a strategy's treatment, which must be one that the effect can outlast."""

from __future__ import annotations

from typing import Final

from netcea.loading.resolving.curve_references import Wrong
from netcea.quantities.key_path import split_address
from netcea.scenario.scenario import TimeOnTreatment
from netcea.survival.waning_choice import OF_A_TREATMENT_CURVE, Waning

OTHERS: Final = "median_time_on_treatment, mean_time_on_treatment, discontinuation, or baseline"


def treatment_curve(strategy: str, treatment: TimeOnTreatment) -> str:
    """Return the address of the curve of a strategy's treatment.

    Parameters
    ----------
    strategy : str
        Its address.
    treatment : TimeOnTreatment
        Who is on treatment; not nobody.

    Examples
    --------
    >>> treatment_curve("strategies.new", TimeOnTreatment(rule="until_progression"))
    'strategies.new.pfs'
    """
    return f"{strategy}.pfs" if treatment.rule == "until_progression" else f"{strategy}.time_on_treatment"


def check_since(address: str, waning: Waning, treatment: TimeOnTreatment, wrong: Wrong) -> bool:
    """Say whether there is such an end of treatment; note where there is none, or the curve itself decides it.

    Parameters
    ----------
    address : str
        Of the curve whose effect wanes.
    waning : Waning
        Of the curve.
    treatment : TimeOnTreatment
        Of the same strategy.
    wrong : Wrong
        Notes a fault.

    Returns
    -------
    bool
        True for the baseline.
    """
    place, since = f"{address}.waning.since", waning.since
    if since == "baseline":
        return True
    endpoint = str(split_address(address)[2])
    found = f"{since} of a strategy whose time_on_treatment has rule: {treatment.rule}"
    if treatment.rule == "none":
        wrong(place, found, "a strategy that is treated, or since: baseline", "nobody's treatment ends here")
    elif endpoint == "time_on_treatment":
        wrong(place, f"{since} of the curve of time on treatment itself", "since: baseline")
    elif since == "end_of_treatment" and treatment.stops_at is None:
        hint = f"give time_on_treatment.stops_at, or take {OTHERS}"
        wrong(place, "end_of_treatment where no time is given at which everybody stops", "a stops_at", hint)
    elif since in OF_A_TREATMENT_CURVE and endpoint == "pfs" and treatment.rule != "curve":
        hint = "treatment ends with PFS here: who has discontinued has no progression-free survival left to wane"
        wrong(place, found, "since: baseline or end_of_treatment, or a time_on_treatment with a curve of its own", hint)
    else:
        return True
    return False
