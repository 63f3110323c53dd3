"""Where the entries of a curve stand in a scenario file."""

from __future__ import annotations

from netcea.quantities.key_path import join_address, split_address
from netcea.scenario.scenario import TimeOnTreatment


def entry_at(address: str) -> str:
    """Return where an entry of a curve stands in a scenario: of time on treatment within its block ``curve``.

    Parameters
    ----------
    address : str
        Of the curve, or of an entry of it.

    Examples
    --------
    >>> entry_at("strategies.a.time_on_treatment.trial"), entry_at("strategies.a.time_on_treatment.rule")
    ('strategies.a.time_on_treatment.curve.trial', 'strategies.a.time_on_treatment.rule')
    >>> entry_at("strategies.a.os.trial")
    'strategies.a.os.trial'
    """
    parts = split_address(address)
    if len(parts) > 3 and parts[2] == "time_on_treatment" and parts[3] not in TimeOnTreatment.model_fields:
        return join_address((*parts[:3], "curve", *parts[3:]))
    return address
