"""Families that curves average: which of them were fitted, and their weights as numbers of the scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from netcea.errors import Place
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.quantity import Quantity
from netcea.scenario.family_average import AveragedFamily, FamilyAverage
from netcea.scenario.scenario import Strategy
from netcea.survival.averaged import Averaged
from netcea.survival.averaging import Averaging, weights_by
from netcea.survival.base import Distribution
from netcea.survival.curve import Curve, CurveModel
from netcea.survival.distributions import full_name
from netcea.survival.family_text import entries_of

if TYPE_CHECKING:
    from netcea.loading.resolving.fitted import FittedCurves

GROUP: Final = "families"
"""Name of the group of weights that are drawn together."""


class AveragingCurve(NamedTuple):
    """A curve whose families are averaged.

    Attributes
    ----------
    address : str
        Of the curve's model.
    path : str
        Of the curve in the scenario.
    curve : Curve
    averaging : Averaging
    whose : str
        What tables call it.
    """

    address: str
    path: str
    curve: Curve
    averaging: Averaging
    whose: str


def curve_with(curve: Curve, family: str) -> Curve:
    """Return a curve with one of its families in place of the average.

    Parameters
    ----------
    curve : Curve
        Whose families are averaged.
    family : str
        As a text.
    """
    return curve.model_copy(update=entries_of(family))


def averaged_model(address: str, average: FamilyAverage, models: Mapping[str, CurveModel]) -> CurveModel:
    """Return the curve of the average of families, of which each has parameters of its own.

    Parameters
    ----------
    address : str
        Of the curve.
    average : FamilyAverage
        With the addresses of the weights.
    models : mapping of str -> CurveModel
        Name of a family -> its curve: a distribution, and perhaps a hazard ratio; all in one unit of time.
    """
    families: dict[str, Distribution] = {}
    parameters: dict[str, str] = {}
    ratios = [name for name, model in models.items() if model.hazard_ratio is not None]
    for one in average.families:
        model = models[one.name]
        if model.distribution is not None:
            families[one.name] = model.distribution
        parameters[f"{one.name}_weight"] = one.weight_address
        parameters |= {f"{one.name}_{parameter}": at for parameter, at in model.parameters.items()}
        if model.hazard_ratio is not None:
            parameters[f"{one.name}_hazard_ratio"] = model.hazard_ratio
    family = Averaged(families, ratios)
    ordered = {parameter.name: parameters[parameter.name] for parameter in family.parameters}
    first = next(iter(models.values()))  # all are of one fit
    return CurveModel(
        address, family, ordered, time_factor=first.time_factor, relative_survival=first.relative_survival
    )


@dataclass(frozen=True)
class Averages:
    """Works out the weights of a scenario's averages; what is wrong is noted with the scenario's other faults.

    Attributes
    ----------
    strategies : mapping of str -> Strategy
        Of the scenario.
    numbers : Numbers
        In which fits are looked up, and to which weights are added.
    place : callable
        Address in the scenario -> where it stands.
    """

    strategies: Mapping[str, Strategy]
    numbers: Numbers
    place: Callable[[str], Place]

    @property
    def _fits(self) -> FittedCurves:
        """What looks up fits: loaded where a curve averages families."""
        from netcea.loading.resolving.fitted import FittedCurves

        return FittedCurves(self.numbers)

    def by_curve(self) -> dict[str, FamilyAverage]:
        """Return address of a curve -> its average; without those that have a fault."""
        groups: dict[tuple[str, ...], list[AveragingCurve]] = {}
        for curve in self._curves():
            groups.setdefault(self._shared(curve), []).append(curve)
        found: dict[str, FamilyAverage] = {}
        for members in groups.values():
            average = self._average(members) if self._agree(members) else None
            if average is not None:
                found |= dict.fromkeys((member.address for member in members), average)
        return found

    def _curves(self) -> Iterator[AveragingCurve]:
        for name, strategy in self.strategies.items():
            base = f"strategies.{name}"
            treatment = strategy.time_on_treatment.curve
            for address, path, curve, what in (
                (f"{base}.pfs", f"{base}.pfs", strategy.pfs, "PFS"),
                (f"{base}.os", f"{base}.os", strategy.os, "OS"),
                (f"{base}.time_on_treatment", f"{base}.time_on_treatment.curve", treatment, "time on treatment"),
            ):
                if curve is not None and curve.averaging is not None:
                    yield AveragingCurve(address, path, curve, curve.averaging, f"{what} of {strategy.label}")

    def _shared(self, found: AveragingCurve) -> tuple[str, ...]:
        """Return what curves have in common that have the same family in each draw: a name, or the same fit."""
        curve, averaging = found.curve, found.averaging
        if averaging.together:
            return ("together", averaging.together)
        choice = averaging.model_dump_json(exclude={"reason"})
        if curve.fit is not None:
            one_model = self._fits.is_joint(curve.fit)
            return ("fit", curve.fit, "" if one_model else curve.arm or "", choice)
        return ("trial", curve.trial, choice) if curve.trial is not None else ("figures", found.address)

    def _agree(self, members: list[AveragingCurve]) -> bool:
        """Say whether curves that have the same family in each draw average the same ones; note one that does not."""
        first = members[0]
        for other in members[1:]:
            mine, its = ((m.averaging.average, m.averaging.of, m.averaging.weights) for m in (first, other))
            if mine != its:
                found = f"{other.averaging.rule} of {', '.join(other.averaging.families)}"
                expected = (
                    f"as in {first.path}, with which it has the family in common ('{first.averaging.together}'): "
                )
                expected += f"{first.averaging.rule} of {', '.join(first.averaging.families)}"
                self._wrong(f"{other.path}.distribution", found, expected, "or another name for `together`")
                return False
        return True

    def _average(self, members: list[AveragingCurve]) -> FamilyAverage | None:
        """Return the average that curves share; None after noting why there is none."""
        first = members[0]
        averaging, address = first.averaging, f"{first.path}.distribution.weights"
        left_out = {} if averaging.average is None or averaging.of is not None else self._not_fitted(members)
        families = [family for family in averaging.families if family not in left_out]
        if len(families) < 2:
            left = f"{', '.join(families) or 'none'} fitted to {first.curve.fit}, arm {first.curve.arm}"
            self._wrong(f"{first.path}.distribution", left, "two families or more to average")
            return None
        criteria: list[float | None] = [None] * len(families)
        if averaging.average is not None:
            sums = [self._criterion(members, family) for family in families]
            known = [value for value in sums if value is not None]
            if len(known) < len(sums):
                return None
            criteria, weights = list(sums), weights_by(known)
        else:
            stated = averaging.weights or {}
            total = sum(stated.values())
            weights = [stated[family] / total for family in families]
        made = [
            AveragedFamily(family, _name(family), f"{address}.{_name(family)}", weight, criterion)
            for family, weight, criterion in zip(families, weights, criteria, strict=True)
        ]
        average = FamilyAverage(
            address=address,
            curves=tuple(member.address for member in members),
            rule=averaging.average or "stated",
            reason=averaging.reason,
            families=tuple(made),
            left_out=left_out,
        )
        self._keep_weights(average, members)
        return average

    def _not_fitted(self, members: list[AveragingCurve]) -> dict[str, str]:
        """Return each standard family that was not fitted to one of the curves' patients, with the reason."""
        fitted = self._fits
        found: dict[str, str] = {}
        for member in members:
            for family in member.averaging.families:
                reason = fitted.why_not_fitted(curve_with(member.curve, family))
                if reason:
                    found.setdefault(family, reason)
        return found

    def _criterion(self, members: list[AveragingCurve], family: str) -> float | None:
        """Return the AIC or BIC of a family, summed over the curves' fits; None after noting that one has none."""
        fitted, values = self._fits, {}
        for member in members:
            found = fitted.family(curve_with(member.curve, family), self.place(f"{member.path}.distribution"))
            if found is None:
                return None
            group, said = found
            values[group] = said.aic if member.averaging.average == "aic" else said.bic
        without = [group for group, value in values.items() if value is None]
        if without:
            rule = members[0].averaging.average
            why = f"{rule}, while {family} of {members[0].curve.fit} was fitted to figures, which have no likelihood"
            self._wrong(f"{members[0].path}.distribution.average", why, "stated `weights` with a `reason`")
            return None
        return sum(value for value in values.values() if value is not None)

    def _keep_weights(self, average: FamilyAverage, members: list[AveragingCurve]) -> None:
        """Add the weights to the numbers of the scenario, drawn as one of the families."""
        whose = " and ".join(member.whose for member in members)
        first = members[0]
        for one in average.families:
            if average.rule == "stated":
                note, source = f"Stated: {average.reason.strip()}", [average.address]
            else:
                criterion = f"{average.rule.upper()} {one.criterion:.2f}"
                rule = f"{average.rule_words} (Burnham and Anderson 2002): exp(-difference / 2) over their sum"
                note = f"{rule}; {criterion}"
                source = self._fits.sources(curve_with(first.curve, one.family))
            self.numbers.add(
                one.weight_address,
                Quantity.model_validate(
                    {
                        "value": one.weight,
                        "unit": "proportion",
                        "uncertainty": {"one_of": {"group": GROUP}},
                        "source": source or [average.address],
                        "status": "assumption" if average.rule == "stated" else "derived",
                        "label": f"Weight of {one.name.replace('_', ' ')}: {whose}",
                        "note": note,
                    }
                ),
            )

    def _wrong(self, address: str, found: str, expected: str, suggestion: str = "") -> None:
        self.numbers.wrong(self.place(address), found, expected, suggestion)


def _name(family: str) -> str:
    """Return the full name of a family's text, as a fit has it in inputs/."""
    entries = entries_of(family)
    parts = (entries.get("scale"), entries.get("base"), entries.get("internal_knots"))
    return full_name(entries["distribution"], *parts)
