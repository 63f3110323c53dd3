"""Fits to patients as a file of inputs/: every number with unit, uncertainty, source and status."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.draws import from_real_line
from netcea.errors import Place, did_you_mean
from netcea.fitting.joint_fit import RATIO, AllArms, JointFits, all_arms
from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.loading.reading.project import shown
from netcea.loading.reading.text_file import read_text
from netcea.loading.reading.yaml_file import read_yaml
from netcea.quantities.fitted import (
    FITTED,
    JOINT,
    AuditCheck,
    FittedArm,
    FittedEndpoint,
    FittedFamily,
    JointArm,
    ReconstructedArm,
    ReconstructedEndpoint,
)
from netcea.storage.atomic import atomic_write_text
from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms
    from netcea.fitting.reconstruction.audit import Check
    from netcea.fitting.reconstruction.reconstructed import Reconstructed

HEAD: Final = "# Fits to patients, written by `netcea fit`; a change by hand is lost when it is run again.\n"
COVARIANCE: Final = "covariance"
_SECTION: Final = re.compile(r"(?m)^# -{5,} (?P<endpoint>[A-Za-z0-9_\-]+)\n")


def write_inputs(found: FitsOfArms, inputs: Path, *, overwrite: bool) -> Path:
    """Write the fits of an endpoint to survival/NAME.yaml, beside those of other endpoints; return its path.

    Parameters
    ----------
    found : FitsOfArms
        With its source.
    inputs : Path
        Folder of a project.
    overwrite : bool
        Whether fits of the same endpoint are replaced.

    Raises
    ------
    InputError
        No source, or one that sources.yaml does not have; another file of that name; fits of the same endpoint.
    """
    return write_section(found.name, found.endpoint, section(found), found.source, inputs, overwrite=overwrite)


def write_section(name: str, group: str, text: str, source: Sequence[str], inputs: Path, *, overwrite: bool) -> Path:
    """Write a group of numbers to survival/NAME.yaml, beside what is there; return its path.

    Parameters
    ----------
    name, group : str
        Of the file, and of the group in it.
    text : str
        The group as YAML.
    source : sequence of str
        Keys of sources.yaml.
    inputs : Path
        Folder of a project.
    overwrite : bool
        Whether a group of that name is replaced.

    Raises
    ------
    InputError
        No source, or one that sources.yaml does not have; a file that netcea did not write; a group of that name.
    """
    return write_sections(name, {group: text}, source, inputs, overwrite=overwrite)


def write_sections(
    name: str, groups: Mapping[str, str], source: Sequence[str], inputs: Path, *, overwrite: bool
) -> Path:
    """Write several groups of numbers to survival/NAME.yaml as `write_section` writes one: all of them or none.

    Parameters
    ----------
    name : str
        Of the file.
    groups : mapping of str -> str
        Group -> its text as YAML.
    source : sequence of str
        Keys of sources.yaml.
    inputs : Path
        Folder of a project.
    overwrite : bool
        Whether groups of these names are replaced.

    Raises
    ------
    InputError
        See `write_section`.
    """
    _check_sources(source, inputs)
    path = inputs / "survival" / f"{name}.yaml"
    sections = _sections(path) if path.exists() else {}
    there = [group for group in groups if group in sections]
    if there and not overwrite:
        hint = "--overwrite replaces them"
        raise Place(shown(path)).error(f"fits of {' and '.join(there)} already", "an endpoint that is not there", hint)
    sections.update(groups)
    whole = HEAD + "".join(f"\n# ------ {one}\n{body}" for one, body in sections.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write_text(path, whole)
    return path


def _check_sources(source: Sequence[str], inputs: Path) -> None:
    place = Place("--source")
    known = list(read_yaml(inputs / "sources.yaml").data)
    if not source:
        raise place.error("nothing", f"a key of {shown(inputs / 'sources.yaml')}", "no number goes in without a source")
    for key in source:
        if key not in known:
            hint = did_you_mean(key, known) or "add it there: a key with a title"
            raise place.error(repr(key), f"a key of {shown(inputs / 'sources.yaml')}", hint)


def _sections(path: Path) -> dict[str, str]:
    """Return endpoint -> its text in a file that was written before."""
    text = read_text(path, shown(path)).text
    if not text.startswith(HEAD):
        expected = "a file that `netcea fit` wrote, or none"
        raise Place(shown(path)).error("a file of that name", expected, "give another --name")
    marks = list(_SECTION.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {mark["endpoint"]: text[mark.end() : end].rstrip("\n") + "\n" for mark, end in zip(marks, ends, strict=True)}


def section(found: FitsOfArms) -> str:
    """Return the group of an endpoint as YAML."""
    return "\n".join([f"{key_text(found.endpoint)}:", *_endpoint(found)]) + "\n"


def _endpoint(found: FitsOfArms) -> Iterator[str]:
    arms = {
        arm: FittedArm(
            patients=p.n,
            events=p.events,
            person_time=p.person_time,
            refused={one.name: one.reason for one in found.refused(arm)},
        )
        for arm, p in found.data.arms.items()
    }
    about = FittedEndpoint(
        time_unit=found.time_unit,
        data=found.data.name,
        sha256=found.data.sha256,
        columns=dict(found.data.columns),
        date=found.date,
        netcea=__version__,
        arms=arms,
        reconstructed=None if found.data.reconstructed is None else _reconstruction(found.data.reconstructed),
    )
    yield f"  {FITTED}:"
    yield from yaml_lines(about.model_dump(mode="json", exclude_none=True), 4)
    for arm in found.fits:
        fits = found.fitted(arm)
        if fits:
            yield f"  {key_text(arm)}:"
        for fit in fits:
            yield from _family(
                found, arm, fit, AllArms(fit.names, fit.scales, fit.real_line, found.drawn_by(arm, fit)[0], {})
            )
    if found.joint is not None:
        yield from _joint(found, found.joint, about)


def _reconstruction(whole: Reconstructed) -> ReconstructedEndpoint:
    """Return where reconstructed patients come from, with their audit."""
    arms = {
        arm: ReconstructedArm(
            points=len(curve.time) - 1,
            clicked=whole.arms[arm].levels.pattern,
            noise_of_clicks=whole.arms[arm].levels.noise,
            repairs=[str(repair) for repair in curve.repairs],
            audit=[_check(check) for check in whole.checks if check.arm == arm],
        )
        for arm, curve in whole.curves.items()
    }
    return ReconstructedEndpoint(
        digitiser=whole.digitiser,
        figure=whole.figure,
        digitised_on=whole.digitised_on,
        at_risk=whole.at_risk,
        at_risk_sha256=whole.at_risk_sha256,
        passed=not whole.failed,
        arms=arms,
        hazard_ratios=[_check(check) for check in whole.checks if check.arm not in arms],
    )


def _check(check: Check) -> AuditCheck:
    return AuditCheck(
        what=check.what if check.what != "hazard ratio" else f"hazard ratio, {check.arm}",
        published=check.published,
        reconstructed=check.reconstructed,
        limit=check.limit,
        passed=check.passed,
    )


def _joint(found: FitsOfArms, joint: JointFits, about: FittedEndpoint) -> Iterator[str]:
    """Yield the group of fits to all arms together, which a scenario refers to like an endpoint."""
    refused = {one.name: one.reason for one in joint.refused}
    arms = {arm: one.model_copy(update={"refused": refused}) for arm, one in about.arms.items()}
    together = about.model_copy(update={"arms": arms, "control": joint.control})
    yield f"  {JOINT}:"
    yield f"    {FITTED}:"
    yield from yaml_lines(together.model_dump(mode="json", exclude_none=True), 6)
    for fit in joint.fitted:
        yield from _family(found, "all arms together", fit, all_arms(fit, joint.control))


def _family(found: FitsOfArms, arm: str, fit: LikelihoodFit, group: AllArms) -> Iterator[str]:
    candidate = fit.candidate
    about = FittedFamily(
        distribution=candidate.family,
        scale=candidate.scale,
        knots=list(fit.family.constants.values()) if candidate.scale is not None else None,
        breaks=list(fit.family.constants.values()) if candidate.family == "piecewise_exponential" else None,
        base=candidate.base,
        log_likelihood=fit.log_likelihood,
        aic=fit.aic,
        bic=fit.bic,
        arms={one: JointArm(**own._asdict()) for one, own in group.arms.items()} or None,
    )
    source = yaml_text(list(found.source))
    note = (
        f"Maximum likelihood from {fit.n:,} {_kind(found)}patients, {fit.events:,} events ({found.data.name}); time in "
        f"{found.time_unit}"
    )
    yield f"    {fit.name}:"
    yield f"      {FITTED}:"
    yield from yaml_lines(about.model_dump(mode="json", exclude_none=True), 8)
    for name, scale, x in zip(group.names, group.scales, group.real_line, strict=True):
        unit = "ratio" if name.startswith(RATIO) else "parameter"
        label = f"{fit.name.replace('_', ' ')}: {name.replace('_', ' ')}, {found.label}, {found.name}, {arm}"
        yield f"      {name}:"
        yield f"        value: {yaml_text(float(from_real_line(np.array(x), scale)))}"
        yield f"        unit: {unit}"
        yield f"        uncertainty: {{joint: {{block: {COVARIANCE}, scale: {scale}}}}}"
        yield f"        source: {source}"
        yield "        status: derived"
        yield f"        label: {yaml_text(label[0].upper() + label[1:])}"
        yield f"        note: {yaml_text(note)}"
    yield f"      {COVARIANCE}:"
    yield f"        names: {yaml_text(list(group.names))}"
    yield f"        covariance: {yaml_text(group.covariance.tolist())}"
    yield f"        source: {source}"
    yield "        status: derived"
    yield f"        note: {yaml_text(f'{found.drawn_by(arm, fit)[1]}, on the scale of each parameter')}"


def _kind(found: FitsOfArms) -> str:
    return "" if found.data.reconstructed is None else "reconstructed "


def yaml_lines(data: dict[str, Any], indent: int) -> Iterator[str]:
    """Yield a mapping as lines of YAML; mappings stand in blocks, everything else as JSON, which YAML is.

    Parameters
    ----------
    data : dict of str -> Any
        Numbers, texts, sequences and mappings.
    indent : int
        Spaces before each line.

    Yields
    ------
    str
        A line.

    Examples
    --------
    >>> list(yaml_lines({"a": {"b": 1.5}, "c": ["x"]}, 2))
    ['  a:', '    b: 1.5', '  c: ["x"]']
    """
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{' ' * indent}{key_text(key)}:"
            yield from yaml_lines(value, indent + 2)
        else:
            yield f"{' ' * indent}{key_text(key)}: {yaml_text(value)}"


def key_text(key: str) -> str:
    """Return a key as it stands in YAML: in quotes where some readers take it for something else.

    Parameters
    ----------
    key : str

    Examples
    --------
    >>> key_text("placebo"), key_text("no")
    ('placebo', '"no"')
    """
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) and key.lower() not in WORDS else json.dumps(key)


WORDS: Final = ("true", "false", "null", "yes", "no", "on", "off")
"""Keys that some readers of YAML take for something else."""


def yaml_text(value: float | str | Sequence[Any] | dict[str, Any]) -> str:
    """Return a value as it stands in YAML: as JSON, which YAML is.

    Parameters
    ----------
    value : float, str, sequence or dict
    """
    return json.dumps(value, ensure_ascii=False)
