"""The independent sources of uncertainty of a scenario, each one quantity or several that are drawn together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from netcea.fitting.report import FitReport
from netcea.scenario.scenario import JointEstimate, Scenario
from netcea.survival.curve import CurveModel

if TYPE_CHECKING:
    from netcea.sampling.correlation import CorrelatedGroup

FITTED: Final = " fitted to published figures"
"""How the name of a fit ends."""


@dataclass(frozen=True)
class Source:
    """One independent source of uncertainty.

    Attributes
    ----------
    name : str
        Address of a single quantity; what the addresses of several have in common.
    label : str
        What tables call it.
    addresses : tuple of str
    kind : {'single', 'joint', 'group', 'correlated'}
        Joint: the parameters of a fit. Group: drawn together by their family. Correlated: as the scenario or inputs/
        state.
    why_together : str
        Why none of several may be moved singly.
    """

    name: str
    label: str
    addresses: tuple[str, ...]
    kind: Literal["single", "joint", "group", "correlated"]
    why_together: str = ""


def sources_of(scenario: Scenario) -> tuple[Source, ...]:
    """Return every independent source of uncertainty, in order of name.

    Quantities in a joint estimate, in a group that adds up to 1, or connected by stated rank correlations are one
    source. A published figure that only feeds a fit is left out: the fit's parameters are drawn in its place.

    Parameters
    ----------
    scenario : Scenario
        As loaded.

    Returns
    -------
    tuple of Source
        No quantity is in two of them.
    """
    from netcea.sampling.correlation import correlated_groups
    from netcea.sampling.sampler import drawn_groups

    quantities = scenario.quantities
    found: list[Source] = []
    for correlated in correlated_groups(scenario):
        members, label = correlated.addresses, _labels(scenario, correlated.addresses)
        found.append(Source(correlated.name, label, members, "correlated", _why_correlated(correlated, label)))
    taken = {address for source in found for address in source.addresses}
    for joint in scenario.joint:
        if joint.addresses[0] not in taken:
            name = joint.name
            label = _labels(scenario, joint.addresses) if joint.table else _fit_label(scenario, joint)
            why = f"estimated together with others ({label}): one alone would break their correlation"
            found.append(Source(name, label, joint.addresses, "joint", why))
    for name, members in drawn_groups(scenario).items():
        label = _labels(scenario, members)
        why = f"one of several {quantities[members[0]].distribution.together} ({label})"
        found.append(Source(name, label, members, "group", why))
    taken = {address for source in found for address in source.addresses} | fed_into_fits(scenario)
    found.extend(
        Source(address, _labels(scenario, (address,)), (address,), "single")
        for address, quantity in quantities.items()
        if quantity.is_uncertain and address not in taken
    )
    return tuple(sorted(found, key=lambda source: source.name))


def fed_into_fits(scenario: Scenario) -> frozenset[str]:
    """Return the published figures that only feed a fit: what is drawn is the fit's parameters.

    Parameters
    ----------
    scenario : Scenario
        As loaded.

    Returns
    -------
    frozenset of str
        Addresses.
    """
    return only_fitted(scenario.curves.values(), scenario.fits)


def only_fitted(curves: Iterable[CurveModel], fits: Iterable[FitReport]) -> frozenset[str]:
    """Return the published figures that feed a fit and nothing else.

    Parameters
    ----------
    curves : iterable of CurveModel
        Of a scenario.
    fits : iterable of FitReport
        Of the same.

    Returns
    -------
    frozenset of str
        Addresses.
    """
    used: set[str] = set()
    for curve in curves:
        used |= curve.estimated
    return frozenset({figure.address for fit in fits for figure in fit.figures} - used)


def _why_correlated(group: CorrelatedGroup, label: str) -> str:
    """Return why the members of a group are drawn together."""
    if group.tables:
        return f"estimated together with others ({label}): {', '.join(group.tables)} has their correlations"
    return f"its rank correlation with others is stated ({label})"


def _labels(scenario: Scenario, addresses: tuple[str, ...]) -> str:
    quantities = scenario.quantities
    return "; ".join(quantities[a].label or a if a in quantities else a for a in addresses)


def _fit_label(scenario: Scenario, joint: JointEstimate) -> str:
    """Return what a fit is called, or fits that are drawn together: curves, families, and that figures were fitted."""
    names = list(dict.fromkeys(address.rpartition(".")[0] for address in joint.addresses))
    curves = [
        model.address
        for model in scenario.curves.values()
        if any(a.startswith(f"{name}.") for name in names for a in model.parameters.values())
    ]
    endpoints = sorted({address.rpartition(".")[2].upper() for address in curves})
    of = {fit.address: fit.family.replace("_", " ") for fit in scenario.fits}
    family = " and ".join(of.get(name, "") for name in names)
    return f"{' and '.join(endpoints) or 'Curve'}: {family}{FITTED}".replace(":  ", ": ")
