"""What one range of draws yields, and the same as data on disk: numbers under names that the scenario knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any, Final

import numpy as np

from netcea.analyses.shared.totals import Totals
from netcea.arrays import Array
from netcea.sampling.held import HeldDraws
from netcea.storage.array_file import AnyArray, DamagedError, arrays_as_bytes, arrays_from_bytes

TOTALS: Final = ("costs", "qalys", "life_years", "severity_weight")


@dataclass(frozen=True)
class Part:
    """What one range of draws yields.

    Attributes
    ----------
    totals : Totals
    sums : mapping of address -> Array (4,)
        For the check of sampled moments.
    limits : mapping of (strategy, limit) -> (draws in which it binds, cycles in them, first year)
    breach : str
        How the first draw that breaks a rule of the model does; empty where none does.
    kept : bytes, or mapping of name -> Array (draw,), or None
        Encoded rows of the file of draws; columns for Parquet.
    parameters : mapping of address -> Array (draw,), or None
        In the units of inputs/; where an export in another layout wants them.
    held : tuple of HeldDraws
        Draws that were impossible.
    """

    totals: Totals
    sums: Mapping[str, Array]
    limits: Mapping[tuple[str, str], tuple[float, float, float]]
    breach: str
    kept: bytes | Mapping[str, Array] | None
    parameters: Mapping[str, Array] | None
    held: tuple[HeldDraws, ...] = ()


def part_as_bytes(part: Part) -> bytes:
    """Return a part as data: what `part_from_bytes` reads.

    Parameters
    ----------
    part : Part
        Of any draws.
    """
    totals = part.totals
    arrays: dict[str, AnyArray] = {name: getattr(totals, name) for name in TOTALS}
    arrays |= {f"sums {address}": values for address, values in part.sums.items()}
    arrays["limits"] = np.array(list(part.limits.values()), dtype=np.float64).reshape(-1, 3)
    if isinstance(part.kept, bytes):
        arrays["kept"] = np.frombuffer(part.kept, np.uint8)
    else:
        arrays |= {f"kept {name}": values for name, values in (part.kept or {}).items()}
    arrays |= {f"parameters {address}": values for address, values in (part.parameters or {}).items()}
    held = [list(astuple(one)) for one in part.held]
    return arrays_as_bytes({"limits": [list(key) for key in part.limits], "breach": part.breach, "held": held}, arrays)


def part_from_bytes(data: bytes, draws: int, like: Part) -> Part:
    """Return a part from data that anybody may have written.

    Parameters
    ----------
    data : bytes
        Of `part_as_bytes`.
    draws : int
        How many it must have.
    like : Part
        A part of the same analysis, of any draws: names and types must be the same.

    Raises
    ------
    DamagedError
        It is damaged, or a part of something else.
    """
    about, arrays = arrays_from_bytes(data)
    totals = like.totals
    shapes = dict.fromkeys(TOTALS[:3], (len(totals.strategies), draws)) | {TOTALS[3]: (draws,)}
    found = {name: _taken(arrays, name, shape) for name, shape in shapes.items()}
    if not all(np.isfinite(values).all() for values in found.values()):
        raise DamagedError("totals that are not finite")
    sums = {address: _taken(arrays, f"sums {address}", (4,)) for address in like.sums}
    limits = _limits(about.get("limits"), arrays, like)
    kept: bytes | dict[str, Array] | None = None
    if isinstance(like.kept, bytes):
        kept = _bytes(arrays)
    elif like.kept is not None:
        kept = _columns(arrays, "kept", like.kept, draws)
    parameters = None if like.parameters is None else _columns(arrays, "parameters", like.parameters, draws)
    if arrays:
        raise DamagedError(f"{len(arrays)} arrays that belong to something else")
    made = Totals(totals.strategies, totals.intervention, totals.comparator, *found.values())
    return Part(made, sums, limits, _text(about.get("breach")), kept, parameters, _held(about.get("held"), draws))


def _taken(arrays: dict[str, AnyArray], name: str, shape: tuple[int, ...]) -> Array:
    """Take numbers of a shape out of what was read."""
    values = arrays.pop(name, None)
    if values is None or values.dtype != np.float64 or values.shape != shape:
        raise DamagedError(f"no numbers of the shape {shape} called {name}")
    return np.asarray(values, np.float64)


def _columns(arrays: dict[str, AnyArray], kind: str, names: Mapping[str, Any], draws: int) -> dict[str, Array]:
    return {name: _taken(arrays, f"{kind} {name}", (draws,)) for name in names}


def _bytes(arrays: dict[str, AnyArray]) -> bytes:
    values = arrays.pop("kept", None)
    if values is None or values.dtype != np.uint8:
        raise DamagedError("no rows of draws")
    return values.tobytes()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise DamagedError("no words on rules that were broken")
    return value


def _held(rows: Any, draws: int) -> tuple[HeldDraws, ...]:
    """Return draws that were held."""
    width = len(fields(HeldDraws))
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == width for row in rows):
        raise DamagedError("no list of draws that were held")
    found = []
    for address, unit, count, *ends in rows:
        texts = isinstance(address, str) and isinstance(unit, str)
        if (
            not texts
            or type(count) is not int
            or not 0 < count <= draws
            or any(type(end) not in (int, float) for end in ends)
        ):
            raise DamagedError("draws that were held, but not as netcea says it")
        found.append(HeldDraws(address, unit, count, *map(float, ends)))
    return tuple(found)


def _limits(
    keys: Sequence[Any] | None, arrays: dict[str, AnyArray], like: Part
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return the limits by strategy and name, in the order in which every part has them."""
    expected = list(like.limits)
    if keys != [list(key) for key in expected]:
        raise DamagedError("limits of other strategies")
    rows = _taken(arrays, "limits", (len(expected), 3)).tolist()
    return {key: (row[0], row[1], row[2]) for key, row in zip(expected, rows, strict=True)}
