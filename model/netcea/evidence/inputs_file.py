"""Fits to patients as a file of inputs/: every number with unit, uncertainty, source and status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.errors import Place, did_you_mean
from netcea.evidence.family_lines import Told, family_lines, key_text, yaml_lines
from netcea.fitting.joint_fit import AllArms, JointFits, all_arms
from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.loading.reading.external_file import ExternalData
from netcea.loading.reading.project import shown
from netcea.loading.reading.text_file import read_text
from netcea.loading.reading.yaml_file import read_yaml
from netcea.quantities.fit_keys import FITTED, JOINT, WITH_EXTERNAL
from netcea.quantities.fitted import (
    AuditCheck,
    ExternalRecord,
    ExternalSourceRecord,
    ExternalTermRecord,
    FittedArm,
    FittedBackground,
    FittedEndpoint,
    FittedFamily,
    JointArm,
    ReconstructedArm,
    ReconstructedEndpoint,
)
from netcea.storage.atomic import atomic_write_text
from netcea.storage.writable import check_file
from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms
    from netcea.evidence.relative_survival import RelativeSurvival
    from netcea.fitting.reconstruction.audit import Check
    from netcea.fitting.reconstruction.reconstructed import Reconstructed

HEAD: Final = "# Fits to patients, written by `netcea fit`; a change by hand is lost when it is run again.\n"
_SECTION: Final = re.compile(r"(?m)^# -{5,} (?P<endpoint>[A-Za-z0-9_\-]+)\n")


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
    path, sections = sections_to_be(name, groups, source, inputs, overwrite=overwrite)
    whole = HEAD + "".join(f"\n# ------ {one}\n{body}" for one, body in sections.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write_text(path, whole)
    return path


def sections_to_be(
    name: str, groups: Mapping[str, str], source: Sequence[str], inputs: Path, *, overwrite: bool
) -> tuple[Path, dict[str, str]]:
    """Return the file that `write_sections` writes and its groups; what it would refuse is refused.

    Parameters
    ----------
    name, groups, source, inputs, overwrite
        As of `write_sections`.

    Returns
    -------
    tuple of (Path, dict of str -> str)
        The file; group -> text of those that stand in it and of the new ones.

    Raises
    ------
    InputError
        See `write_section`; the file cannot be written.
    """
    _check_sources(source, inputs)
    path = inputs / "survival" / f"{name}.yaml"
    sections = _sections(path) if path.exists() else {}
    there = [group for group in groups if group in sections]
    if there and not overwrite:
        hint = "--overwrite replaces them"
        raise Place(shown(path)).error(f"fits of {' and '.join(there)} already", "an endpoint that is not there", hint)
    check_file(path)
    return path, {**sections, **groups}


def check_external_sources(found: FitsOfArms, inputs: Path) -> None:
    """Refuse external information from what sources.yaml does not have.

    Parameters
    ----------
    found : FitsOfArms
        With external information.
    inputs : Path
        Folder of a project.

    Raises
    ------
    InputError
        A source that sources.yaml does not have.
    """
    if found.external is not None:
        _check_sources(found.external.sources, inputs, Place("--external"))


def _check_sources(source: Sequence[str], inputs: Path, place: Place = Place("--source")) -> None:  # noqa: B008
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
        external=None if found.external is None else _external(found.external),
        relative_survival=found.matched is not None,
        background=None if found.matched is None else _background(found, found.matched.of),
    )
    yield f"  {FITTED}:"
    yield from yaml_lines(_said(about), 4)
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
    if found.with_external is not None:
        yield f"  {WITH_EXTERNAL}:"
        yield from (f"  {line}" for line in _endpoint(found.with_external))


def _external(data: ExternalData) -> ExternalRecord:
    """Return which external information is in likelihoods."""
    sources = []
    for arm, of in data.arms.items():
        for name, weight in dict.fromkeys((term.source, term.weight) for term in of.terms):
            terms = [
                ExternalTermRecord(
                    kind=term.kind,
                    start=term.start,
                    time=term.stop,
                    stated=term.stated,
                    patients=term.patients,
                    background=term.background,
                    note=None if term.background is None else term.note,
                )
                for term in of.terms
                if (term.source, term.weight) == (name, weight)
            ]
            note = data.notes.get(name, "")
            sources.append(ExternalSourceRecord(source=name, arm=arm, weight=weight, note=note, terms=terms))
    return ExternalRecord(files=dict(data.files), sources=sources)


def _said(about: FittedEndpoint) -> dict[str, Any]:
    """Return what there is to say of an endpoint: nothing of relative survival where it is none."""
    left_out = set() if about.relative_survival else {"relative_survival"}
    return about.model_dump(mode="json", exclude_none=True, exclude=left_out)


def _background(found: FitsOfArms, of: RelativeSurvival) -> FittedBackground:
    """Return over what hazards are in excess."""
    known = all(p.background is not None and p.background.cumulative is not None for p in found.data.arms.values())
    return FittedBackground(
        matched_by=of.matched_by,
        life_table=None if of.matched_by == "hazard_of_each_patient" else of.name,
        sha256=of.digest,
        calendar_years=of.by_year,
        age=None if of.mean is None else of.mean.age,
        female=None if of.mean is None else of.mean.female,
        expected_events=sum(p.expected for p in found.data.arms.values()) if known else None,
    )


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
    yield from yaml_lines(_said(together), 6)
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
    beside = "" if fit.external is None else f" and {', '.join(dict.fromkeys(t.source for t in fit.external.terms))}"
    note = (
        f"Maximum likelihood from {fit.n:,} {_kind(found)}patients, {fit.events:,} events ({found.data.name}){beside}; "
        f"time in {found.time_unit}"
    )
    if found.matched is not None:
        note += f"; relative survival: hazards in excess of {found.matched.of.of_what}"
    told = Told(f"{found.in_words}, {found.name}, {arm}", found.source, note, found.drawn_by(arm, fit)[1])
    yield from family_lines(fit.name, about, group, told, 4)


def _kind(found: FitsOfArms) -> str:
    return "" if found.data.reconstructed is None else "reconstructed "
