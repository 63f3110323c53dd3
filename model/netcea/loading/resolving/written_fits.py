"""Every family that inputs/ has of the fit that a curve names, not only the one that the curve takes."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from netcea.errors import ProblemCollector
from netcea.fitting.written_fits import WrittenArm, WrittenFit
from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.fitted import FittedCurves
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.fit_keys import FITTED
from netcea.quantities.fitted import FittedEndpoint, FittedFamily
from netcea.survival.curve import TIME_UNITS, Curve


def written_fits(inputs: Inputs, curve: Curve) -> WrittenArm:
    """Return the families that were fitted to the arm of a curve, as their file has them.

    Parameters
    ----------
    inputs : Inputs
        In which the fit stands.
    curve : Curve
        Of a scenario that was loaded, with `fit` and `arm`.

    Raises
    ------
    InputError
        A family of the file that the scenario does not use, and that is not what `netcea fit` wrote.
    """
    fit, arm = curve.fit or "", curve.arm or ""
    endpoint = FittedEndpoint.model_validate(inputs.raw(fit)[FITTED])
    above = inputs.raw(fit if endpoint.control is not None else f"{fit}.{arm}")
    numbers = Numbers(inputs, "", inputs.place, ProblemCollector())
    found = [_fit(numbers, curve, name, raw[FITTED]) for name, raw in above.items() if _is_family(raw)]
    numbers.faults.raise_if_any()
    fits = tuple(fit for fit in found if fit is not None)
    return WrittenArm(endpoint, TIME_UNITS[endpoint.time_unit], fits, endpoint.arms[arm].refused)


def _is_family(raw: object) -> bool:
    """Say whether a group is a family: not the fits of all arms together, or of an arm with external information."""
    said = raw.get(FITTED) if isinstance(raw, Mapping) else None
    return isinstance(said, Mapping) and "distribution" in said


def _fit(numbers: Numbers, curve: Curve, name: str, raw: object) -> WrittenFit | None:
    """Return one family with its parameters; None after noting what is wrong."""
    place = numbers.inputs.place(curve.fit or "")
    try:
        said = FittedFamily.model_validate(raw)
    except ValidationError:
        numbers.wrong(place, f"the family {name}, which says nothing valid of its fit", "what `netcea fit` wrote")
        return None
    structure = {
        "distribution": said.distribution,
        "scale": said.scale,
        "base": said.base,
        "internal_knots": None if said.knots is None else len(said.knots) - 2,
    }
    model = FittedCurves(numbers).curve(curve.fit or "", curve.model_copy(update=structure), place)
    if model is None or model.distribution is None:
        return None
    values = {key: numbers.model_value(address) for key, address in model.parameters.items()}
    ratio = 1.0 if model.hazard_ratio is None else numbers.model_value(model.hazard_ratio)
    return WrittenFit(name, said, model.distribution(**values), ratio)
