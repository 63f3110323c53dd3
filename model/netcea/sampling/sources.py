"""What is drawn together: the independent sources of uncertainty of a scenario, each one quantity or several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netcea.sampling.correlation import correlated_groups
from netcea.sampling.sampler import dirichlet_groups
from netcea.scenario.scenario import Scenario
from netcea.uncertainty.distributions import is_uncertain


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
    kind : {'single', 'joint', 'dirichlet', 'correlated'}
    """

    name: str
    label: str
    addresses: tuple[str, ...]
    kind: Literal["single", "joint", "dirichlet", "correlated"]


def sources_of(scenario: Scenario) -> tuple[Source, ...]:
    """Return every independent source of uncertainty, in order of name.

    Quantities in a joint estimate, a Dirichlet, or connected by stated rank correlations are one source. A published
    figure that only feeds a fit is left out: the fit's parameters are drawn in its place (see `fed_into_fits`).
    """
    found: list[Source] = []
    taken: set[str] = set()
    for group in correlated_groups(scenario):
        found.append(
            Source(group.addresses[0], "; ".join(_labels(scenario, group.addresses)), group.addresses, "correlated")
        )
        taken.update(group.addresses)
    for joint in scenario.joint:
        if joint.addresses[0] not in taken:
            name = joint.addresses[0].rpartition(".")[0]
            found.append(Source(name, _fit_label(scenario, name), joint.addresses, "joint"))
            taken.update(joint.addresses)
    for name, members in dirichlet_groups(scenario).items():
        found.append(Source(name, "; ".join(_labels(scenario, members)), members, "dirichlet"))
    left = set(scenario.quantities) - taken - fed_into_fits(scenario)
    found.extend(
        Source(address, _labels(scenario, (address,))[0], (address,), "single")
        for address in left
        if is_uncertain(scenario.quantities[address])
    )
    return tuple(sorted(found, key=lambda source: source.name))


def fed_into_fits(scenario: Scenario) -> frozenset[str]:
    """Return the published figures that only feed a fit: what is drawn is the fit's parameters."""
    used = set()
    for curve in scenario.curves.values():
        used |= {*curve.parameters.values(), curve.median, curve.hazard_ratio, curve.acceleration_factor}
    return frozenset({figure.address for fit in scenario.fits for figure in fit.figures} - used)


def _labels(scenario: Scenario, addresses: tuple[str, ...]) -> list[str]:
    quantities = scenario.quantities
    return [quantities[a].label or a if a in quantities else a for a in addresses]


def _fit_label(scenario: Scenario, name: str) -> str:
    """Return what a fit is called: its curves and the figures it was fitted to."""
    curves = [
        model.address
        for model in scenario.curves.values()
        if any(a.startswith(f"{name}.") for a in model.parameters.values())
    ]
    endpoints = sorted({address.rpartition(".")[2].upper() for address in curves})
    family = next((fit.family.replace("_", " ") for fit in scenario.fits if fit.address == name), "")
    return f"{' and '.join(endpoints) or 'Curve'}: {family} fitted to published figures".replace(":  ", ": ")
