"""A curve that `netcea fit` has estimated from patients: its family and the addresses of its parameters in inputs/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from netcea.blocks import Block, beyond_defaults
from netcea.errors import Place, did_you_mean
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.addresses import Kind
from netcea.quantities.fit_keys import FITTED
from netcea.quantities.fitted import FittedEndpoint, FittedFamily, JointArm
from netcea.quantities.key_path import KeyPath, split_address
from netcea.survival.base import Distribution
from netcea.survival.curve import TIME_UNITS, Curve, CurveModel
from netcea.survival.distributions import distribution, full_name

B = TypeVar("B", bound=Block)
PARAMETER = Kind(("parameter",))
RATIO = Kind(("ratio",))


@dataclass(frozen=True)
class FittedCurves:
    """Looks up curves of fits for a scenario; what is wrong is noted with the scenario's other faults.

    Attributes
    ----------
    numbers : Numbers
        In which their parameters are looked up.
    """

    numbers: Numbers

    def curve(self, address: str, curve: Curve, place: Place) -> CurveModel | None:
        """Return the curve; None after noting why there is none.

        Parameters
        ----------
        address : str
            Of the curve in the scenario.
        curve : Curve
            That names a fit, an arm and a family.
        place : Place
            Of the entry that names the fit.
        """
        arm = curve.arm or ""
        endpoint, fitted = self._endpoint(curve, place), self.family(curve, place)
        if endpoint is None or fitted is None:
            return None
        group, said = fitted
        family = self._family(group, said)
        if family is None:
            return None
        together = endpoint.control is not None
        own = self._own(group, said, family, arm) if together else JointArm(parameters={p: p for p in _names(family)})
        if own is None:
            return None
        parameters = {name: f"{group}.{own.parameters[name]}" for name in _names(family)}
        found = [self.numbers.quantity(number, PARAMETER, lambda: place) for number in parameters.values()]
        ratio = own.hazard_ratio and f"{group}.{own.hazard_ratio}"
        if ratio is not None:
            found.append(self.numbers.quantity(ratio, RATIO, lambda: place))
        if any(quantity is None for quantity in found):
            return None
        time_factor = TIME_UNITS[endpoint.time_unit]
        return CurveModel(
            address,
            family,
            parameters,
            time_factor=time_factor,
            hazard_ratio=ratio,
            relative_survival=endpoint.relative_survival,
        )

    def family(self, curve: Curve, place: Place) -> tuple[str, FittedFamily] | None:
        """Return the group of the curve's family, and what the fit says of it; None after noting why there is none.

        Parameters
        ----------
        curve : Curve
            That names a fit, an arm and a family.
        place : Place
            Of the entry that names them.
        """
        endpoint, arm = self._endpoint(curve, place), curve.arm or ""
        if endpoint is None:
            return None
        if arm not in endpoint.arms:
            arms = list(endpoint.arms)
            self._wrong(place, f"the arm {arm!r} of {curve.fit}", f"one of {', '.join(arms)}", did_you_mean(arm, arms))
            return None
        group = _group(curve, endpoint)
        if not self.numbers.inputs.exists(group):
            self._no_family(group, arm, endpoint, place)
            return None
        said = self._said(group, FittedFamily, place)
        return None if said is None else (group, said)

    def is_joint(self, fit: str) -> bool:
        """Say whether a fit is one to all arms together; False where there is none.

        Parameters
        ----------
        fit : str
            Address of the endpoint.
        """
        raw = self.numbers.inputs.raw(fit) if self.numbers.inputs.exists(fit) else {}
        said = raw.get(FITTED) if isinstance(raw, Mapping) else None
        return isinstance(said, Mapping) and said.get("control") is not None

    def why_not_fitted(self, curve: Curve) -> str:
        """Return why a family was not fitted to the patients of a curve; empty where it was, or the fit has a fault.

        Parameters
        ----------
        curve : Curve
            That names a fit, an arm and a family.
        """
        inputs = self.numbers.inputs
        raw = inputs.raw(curve.fit) if curve.fit and inputs.exists(curve.fit) else {}
        try:
            endpoint = FittedEndpoint.model_validate(raw.get(FITTED))
        except ValidationError:
            return ""
        if curve.arm not in endpoint.arms or inputs.exists(_group(curve, endpoint)):
            return ""
        return endpoint.arms[curve.arm].refused.get(_name(curve), f"it was not fitted to {curve.arm}")

    def sources(self, curve: Curve) -> list[str]:
        """Return the sources of a fitted family's parameters.

        Parameters
        ----------
        curve : Curve
            That names a fit, an arm and a family, and has been found.
        """
        endpoint = FittedEndpoint.model_validate(self.numbers.inputs.raw(curve.fit or "")[FITTED])
        numbers = self.numbers.inputs.raw(_group(curve, endpoint)).values()
        named = [number["source"] for number in numbers if isinstance(number, Mapping) and "value" in number]
        return list(dict.fromkeys(source for sources in named for source in sources))

    def _endpoint(self, curve: Curve, place: Place) -> FittedEndpoint | None:
        return self._said(curve.fit or "", FittedEndpoint, place)

    def _own(self, group: str, said: FittedFamily, family: Distribution, arm: str) -> JointArm | None:
        """Return where an arm of a fit to all arms has its parameters; None after noting that it does not say."""
        own = (said.arms or {}).get(arm)
        if own is None or set(own.parameters) != set(_names(family)):
            place = self.numbers.inputs.place(f"{group}.{FITTED}")
            self._wrong(place, f"no parameters of the arm {arm!r}", f"a name for each of {', '.join(_names(family))}")
            return None
        return own

    def _no_family(self, group: str, arm: str, endpoint: FittedEndpoint, place: Place) -> None:
        """Note a family that was not fitted, or could not be."""
        above, _, name = group.rpartition(".")
        beside = self.numbers.inputs.raw(above) if self.numbers.inputs.exists(above) else {}
        fitted = [key for key, raw in beside.items() if key != FITTED and isinstance(raw, Mapping) and FITTED in raw]
        reason = endpoint.arms[arm].refused.get(name)
        found = f"{name}, which was not fitted to {arm}" if reason is None else f"{name}: {reason}"
        self._wrong(place, found, f"one of {', '.join(fitted)}", did_you_mean(name, fitted) if reason is None else "")

    def _said(self, group: str, block: type[B], place: Place) -> B | None:
        """Return what a group says of its fit; None after noting that it says nothing, or nothing valid."""
        inputs = self.numbers.inputs
        raw: Any = inputs.raw(group) if inputs.exists(group) else None
        if not isinstance(raw, Mapping) or FITTED not in raw:
            found = f"'{group}', which inputs/ does not have" if raw is None else f"'{group}', which is no fit"
            self._wrong(place, found, str(Kind(fit=True)), inputs.suggestion(group) if raw is None else "")
            return None
        try:
            said = block.model_validate(raw[FITTED])
        except ValidationError as error:
            at = partial(self._inside, group)
            self.numbers.faults.extend(problems_of(error, block, raw[FITTED], at))
            return None
        self.numbers.fitted[f"{group}.{FITTED}"] = beyond_defaults(said)
        return said

    def _inside(self, group: str, location: KeyPath) -> Place:
        return self.numbers.inputs.place(".".join(map(str, (*split_address(group), FITTED, *location))))

    def _family(self, group: str, said: FittedFamily) -> Distribution | None:
        """Return the family with its structure; None after noting why it cannot be made."""
        structure: dict[str, Any] = {
            name: value for name in ("scale", "knots", "breaks") if (value := getattr(said, name)) is not None
        }
        try:
            if said.base is not None:
                structure["base"] = distribution(said.base)
            return distribution(said.distribution, **structure)
        except (ValueError, TypeError) as error:
            self._wrong(self.numbers.inputs.place(f"{group}.{FITTED}"), str(error), "what `netcea fit` wrote")
            return None

    def _wrong(self, place: Place, found: str, expected: str, suggestion: str = "") -> None:
        self.numbers.wrong(place, found, expected, suggestion)


def _name(curve: Curve) -> str:
    return full_name(curve.family or "", curve.scale, curve.base, curve.internal_knots)


def _group(curve: Curve, endpoint: FittedEndpoint) -> str:
    """Return the address at which a family stands that was fitted to an arm, or to all together."""
    above = curve.fit if endpoint.control is not None else f"{curve.fit}.{curve.arm}"
    return f"{above}.{_name(curve)}"


def _names(family: Distribution) -> list[str]:
    return [parameter.name for parameter in family.parameters]
