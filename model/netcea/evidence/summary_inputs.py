"""Fits to published figures as a group of inputs/, which a scenario refers to like fits to patients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from netcea.evidence.family_lines import Told, family_lines, key_text, yaml_lines
from netcea.evidence.summary_words import interval_scale, what_of
from netcea.fitting.joint_fit import AllArms, ArmParameters
from netcea.quantities.fit_keys import FITTED
from netcea.quantities.fitted import FittedArm, FittedEndpoint, FittedFamily, FittedFigure, JointArm
from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.evidence.figure_fits import FitsOfFigures
    from netcea.fitting.summary_candidates import FamilyFit


def section(found: FitsOfFigures) -> str:
    """Return the group of an endpoint as YAML.

    Parameters
    ----------
    found : FitsOfFigures
        With its sources.
    """
    return "\n".join([f"{key_text(found.endpoint)}:", *_endpoint(found)]) + "\n"


def _endpoint(found: FitsOfFigures) -> Iterator[str]:
    refused = {group: {one.name: one.reason for one in found.refused(group)} for group in found.fits}
    together = next(iter(refused.values()))
    about = FittedEndpoint(
        time_unit=found.time_unit,
        data=found.data.name,
        sha256=found.data.sha256,
        columns={},
        date=found.date,
        netcea=__version__,
        arms={arm: FittedArm(refused=together if found.is_together else refused[arm]) for arm in found.data.arms},
        control=found.data.arms[0] if found.is_together else None,
    )
    yield f"  {FITTED}:"
    yield from yaml_lines(about.model_dump(mode="json", exclude_none=True), 4)
    for group in found.fits:
        if not found.is_together:
            yield f"  {key_text(group)}:"
        for fit in found.fitted(group):
            yield from _family(found, group, fit)


def _family(found: FitsOfFigures, group: str, fit: FamilyFit) -> Iterator[str]:
    own = {arm.arm: ArmParameters(arm.parameters, arm.hazard_ratio) for arm in fit.arms} if found.is_together else {}
    candidate, structure = fit.candidate, list(fit.model.constants.values())
    about = FittedFamily(
        distribution=candidate.family,
        scale=candidate.scale,
        knots=structure if candidate.scale is not None else None,
        breaks=structure if candidate.family == "piecewise_exponential" else None,
        base=candidate.base,
        arms={arm: JointArm(**one._asdict()) for arm, one in own.items()} or None,
        figures=[
            FittedFigure(
                arm=item.figure.address,
                what=what_of(item.figure, found.time_unit),
                published=item.figure.value,
                fitted=item.modelled,
                standard_error=item.figure.se,
                scale=interval_scale(item.figure),
                miss=item.miss_in_standard_errors,
            )
            for item in fit.figures
        ],
        chi_square=fit.chi_square,
        degrees_of_freedom=fit.degrees_of_freedom,
    )
    known = bool(np.all(np.isfinite(fit.covariance)))
    how = "weighed by their intervals" if fit.degrees_of_freedom else "met exactly"
    note = f"{len(fit.figures)} published figures {how} ({found.data.name}); time in {found.time_unit}"
    drawn = "Delta method, from the published intervals" if known else ""
    told = Told(f"{found.label}, {found.name}, {group}", found.source, note, drawn)
    parameters = AllArms(fit.names, fit.scales, fit.real_line, fit.covariance, own)
    yield from family_lines(fit.family, about, parameters, told, 2 if found.is_together else 4)
