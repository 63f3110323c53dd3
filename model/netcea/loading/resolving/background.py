"""Background mortality of every curve: exactly one mechanism, and of relative survival that one alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from netcea.errors import ModelWarning
from netcea.loading.resolving.curve_references import Wrong
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.fit_keys import FITTED
from netcea.survival.curve import Curve, CurveModel

OS: Final = "os"
ONE: Final = "excess, or leave it out: a fit of relative survival brings the general population's mortality with it"
TWICE: Final = "background deaths would be counted twice"


def settle_background(models: dict[str, CurveModel], curves: Mapping[str, Curve], wrong: Wrong) -> None:
    """Give curves of relative survival the general population's mortality, and refuse what is none or two mechanisms.

    A curve is of relative survival where its fit is, or it says so; a curve relative to one is so too, because a ratio
    multiplies the excess hazard.

    Parameters
    ----------
    models : dict of str -> CurveModel
        Address -> curve, changed in place; those of fits of relative survival are marked so.
    curves : mapping of str -> Curve
        The same as the scenario has them.
    wrong : callable
        Notes address, found, expected, suggestion.
    """
    for address, curve in curves.items():
        if address not in models:
            continue
        root = root_of(models, address)
        relative = _is_relative(models, curves, root)
        if relative:
            models[address] = _settled(models[address], curve, root, wrong)
        else:
            _refuse_claims(address, curve, root, wrong)
        towards = models[address].waning_towards
        if towards is not None and towards in models:
            other = _is_relative(models, curves, root_of(models, towards))
            if other != relative and address.endswith(f".{OS}"):
                found = f"{towards}, which is of {'relative survival' if other else 'all causes'}"
                expected = f"a curve of {'relative survival' if relative else 'all causes'}, as {address} is"
                wrong(f"{address}.waning.towards", found, expected, "hazards in excess fade towards hazards in excess")


def _refuse_claims(address: str, curve: Curve, root: str, wrong: Wrong) -> None:
    """Note what only relative survival may have where a fit, or the curve it is relative to, is of all causes."""
    of = curve.fit if curve.fit is not None else root if curve.relative_to is not None else None
    if of is None:
        return
    hint = f"leave it out ({TWICE}), or fit again with --relative-survival"
    if curve.relative_survival:
        wrong(f"{address}.relative_survival", f"true, while {of} is of deaths from all causes", f"what {of} is", hint)
    elif curve.background_mortality == "excess":
        found = f"'excess' on survival from all causes ({of})"
        wrong(f"{address}.background_mortality", found, "none or hazard_floor", hint)


def told(
    curves: Mapping[str, Curve], models: Mapping[str, CurveModel], numbers: Numbers, life_table: str
) -> Iterator[ModelWarning]:
    """Yield of each fit of relative survival whose mortality was taken away, and whose is added.

    Parameters
    ----------
    curves : mapping of str -> Curve
        Address -> curve, as the scenario has them.
    models : mapping of str -> CurveModel
        The same, settled.
    numbers : Numbers
        In which the fits were looked up.
    life_table : str
        Address of the scenario's life table.
    """
    said: set[str] = set()
    for address, curve in curves.items():
        if curve.fit is None or address not in models or not models[address].relative_survival or curve.fit in said:
            continue
        said.add(curve.fit)
        from netcea.quantities.fitted import FittedEndpoint

        background = FittedEndpoint.model_validate(numbers.fitted[f"{curve.fit}.{FITTED}"]).background
        if background is None:
            continue
        over = background.life_table or "the general population's hazard that its data state"
        message = (
            f"{curve.fit} is relative survival, in excess of {over}; it is multiplied by the survival of this "
            f"scenario's population ({life_table})"
        )
        digest = numbers.tables[life_table][1].sha256 if life_table in numbers.tables else None
        if background.life_table and background.sha256 != digest:
            message += ", whose life table is another"
        yield ModelWarning("relative_survival", address, message)


def root_of(models: Mapping[str, CurveModel], address: str) -> str:
    """Return the curve that a curve is in the end relative to: itself where it is relative to none.

    Parameters
    ----------
    models : mapping of str -> CurveModel
        Without circles.
    address : str
        Of the curve.
    """
    seen = {address}
    while (model := models.get(address)) is not None and model.relative_to is not None:
        if model.relative_to in seen:
            break
        address = model.relative_to
        seen.add(address)
    return address


def _is_relative(models: Mapping[str, CurveModel], curves: Mapping[str, Curve], root: str) -> bool:
    """Say whether a curve of its own is of relative survival: by its fit, or where it has none by what it says."""
    model, curve = models.get(root), curves.get(root)
    said = curve is not None and curve.fit is None and curve.relative_survival
    return (model is not None and model.relative_survival) or said


def _settled(model: CurveModel, curve: Curve, root: str, wrong: Wrong) -> CurveModel:
    """Return a curve of relative survival with its background; note a mechanism that does not go with it."""
    address, said = model.address, curve.model_fields_set
    of = curve.fit if curve.fit is not None else root
    if not address.endswith(f".{OS}"):
        endpoint = address.rpartition(".")[2]
        expected = "a fit of all events: life tables know deaths, and the model never lets PFS lie above OS"
        hint = "fit this endpoint again without --relative-survival"
        wrong(f"{address}.fit", f"{of}, a relative survival, for {endpoint}", expected, hint)
    elif "background_mortality" in said and curve.background_mortality != "excess":
        found = f"{curve.background_mortality!r} on a relative survival ({of})"
        hint = TWICE if curve.background_mortality == "hazard_floor" else "without it nobody dies of other causes"
        wrong(f"{address}.background_mortality", found, ONE, hint)
    elif "relative_survival" in said and not curve.relative_survival:
        wrong(f"{address}.relative_survival", f"false, while {of} is relative survival", "true, or leave it out", "")
    return replace(model, background_mortality="excess", relative_survival=True)
