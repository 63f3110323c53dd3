"""Two scenarios or earlier runs compared: the inputs that differ, the results that moved, and what moved them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netcea.analyses.difference.attribution import Attribution, attribute
from netcea.analyses.difference.compared import ComparedRun, compared_run
from netcea.analyses.difference.input_differences import InputDifference, input_differences
from netcea.analyses.difference.result_changes import ResultChange, result_changes, same
from netcea.analyses.difference.saved_numbers import SavedNumber, numbers_in_common
from netcea.analyses.registry import ANALYSES
from netcea.errors import InputError, Problem
from netcea.reporting.json_text import plain


@dataclass(frozen=True)
class Difference:
    """A comparison.

    Attributes
    ----------
    a, b : ComparedRun
    inputs : tuple of InputDifference or None
        None where a side did not record what went in.
    results : tuple of ResultChange
        Base cases; empty where a side has none.
    in_common : tuple of SavedNumber
        Numbers of the same analysis in both folders, where it is not a base case.
    attribution : Attribution or None
    not_attributed : str
        Why nothing is attributed; empty where it is.
    contradictions : tuple of str
        What must not be: the same inputs and other results.
    notes : tuple of str
        What else the reader must know.
    """

    a: ComparedRun
    b: ComparedRun
    inputs: tuple[InputDifference, ...] | None
    results: tuple[ResultChange, ...]
    in_common: tuple[SavedNumber, ...]
    attribution: Attribution | None
    not_attributed: str
    contradictions: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def marking(self) -> str:
        """That a side is at confidential prices; empty where neither is."""
        return next((side.saved.marking for side in (self.a, self.b) if side.saved and side.saved.marking), "")

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Thresholds of A, at which net health benefit is compared."""
        return () if self.a.outcome is None else self.a.outcome.thresholds


def difference(
    a: str, b: str, sets_a: Sequence[str] = (), sets_b: Sequence[str] = (), trusted: Sequence[Path] = ()
) -> Difference:
    """Compare two scenarios, two folders of results, or one with the other.

    Parameters
    ----------
    a, b : str
        A scenario file, a bare name, or a folder of results.
    sets_a, sets_b : sequence of str
        ``ADDRESS=VALUE`` on top of each scenario.
    trusted : sequence of Path
        Folders outside the project that `extends` may read from.

    Raises
    ------
    InputError
        With every problem of both sides.

    Examples
    --------
    >>> found = difference("pnet", "pnet", sets_b=["costs.drug.cabozantinib.discount=0.5"])
    >>> [(d.address, d.a, d.b) for d in found.inputs]
    [('costs.drug.cabozantinib.discount', '0 proportion', '0.5 proportion')]
    >>> round(found.attribution.total.costs), round(found.attribution.changes[0].alone.costs)
    (-36660, -36660)
    """
    one, other = _both((a, sets_a), (b, sets_b), trusted)
    inputs = None
    if one.record is not None and other.record is not None:
        inputs = tuple(input_differences(one.record, other.record, one.where, other.where))
    results = tuple(result_changes(one.outcome, other.outcome)) if one.outcome and other.outcome else ()
    in_common = _in_common(one, other)
    attribution, why_not = _attribution(one, other, inputs)
    return Difference(
        one,
        other,
        inputs,
        results,
        in_common,
        attribution,
        why_not,
        tuple(_contradictions(one, other, results, in_common)),
        tuple(_notes(one, other)),
    )


def _both(
    a: tuple[str, Sequence[str]], b: tuple[str, Sequence[str]], trusted: Sequence[Path]
) -> tuple[ComparedRun, ComparedRun]:
    compared: list[ComparedRun] = []
    problems: list[Problem] = []
    for named, sets in (a, b):
        try:
            compared.append(compared_run(named, sets, trusted))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return compared[0], compared[1]


def _in_common(a: ComparedRun, b: ComparedRun) -> tuple[SavedNumber, ...]:
    if a.saved is None or b.saved is None or a.saved.is_base_case or a.saved.analysis != b.saved.analysis:
        return ()
    return tuple(numbers_in_common(a.saved.results, b.saved.results))


def _attribution(
    a: ComparedRun, b: ComparedRun, inputs: Sequence[InputDifference] | None
) -> tuple[Attribution | None, str]:
    missing = [side.not_loaded for side in (a, b) if side.merged is None]
    if missing:
        return None, "; ".join(dict.fromkeys(missing))
    if a.merged is None or b.merged is None or a.record is None or b.record is None or inputs is None:
        return None, "not recorded what went in"
    if not any(found.moves for found in inputs):
        return None, ""
    return attribute(a.merged, b.merged, a.record, b.record, inputs), ""


def _contradictions(
    a: ComparedRun, b: ComparedRun, results: Sequence[ResultChange], in_common: Sequence[SavedNumber]
) -> Iterator[str]:
    """Yield what must not be: one digest covers everything that went in, the version of netcea too."""
    if a.digest != b.digest or not a.digest:
        return
    moved = [found for found in results if found.moved]
    if moved:
        first = moved[0]
        yield (
            f"The digests are the same ({a.digest[:12]}) but {len(moved)} results differ, such as "
            f"{first.measure} {first.strategy}: {first.a} and {first.b}. One of the two was changed after it was "
            "written, or computed by a program that was changed without a new version."
        )
    if _same_options(a, b) and any(not same(number.a, number.b) for number in in_common):
        first_number = next(number for number in in_common if not same(number.a, number.b))
        yield (
            f"The digests ({a.digest[:12]}) and the options are the same but results differ, such as "
            f"{first_number.name}: {first_number.a} and {first_number.b}."
        )


def _same_options(a: ComparedRun, b: ComparedRun) -> bool:
    """Say whether two runs of an analysis were asked the same: an option that one does not record had its default."""
    if a.saved is None or b.saved is None or a.saved.analysis != b.saved.analysis:
        return False
    defaults = plain(ANALYSES[a.saved.analysis].options()) if a.saved.analysis in ANALYSES else {}
    return {**defaults, **a.saved.options} == {**defaults, **b.saved.options}


def _notes(a: ComparedRun, b: ComparedRun) -> Iterator[str]:
    if a.version != b.version:
        yield f"A was made by netcea {a.version}, B by {b.version}: the program itself may have moved results."
    for letter, side in (("A", a), ("B", b)):
        if side.record is None:
            yield f"{letter} ({side.named}) has no inputs.json, so the inputs that differ are not known."
        if side.outcome is None:
            yield f"{letter} ({side.named}) holds no base case that can be compared."
    kinds = [side.saved.analysis if side.saved else "scenario" for side in (a, b)]
    if kinds[0] != kinds[1] and a.saved is not None and b.saved is not None:
        yield f"A is of {kinds[0]}, B of {kinds[1]}: only the base cases of their scenarios are compared."
    if a.outcome and b.outcome:
        pairs = [(side.intervention, side.comparator) for side in (a.outcome, b.outcome)]
        if pairs[0] != pairs[1]:
            yield (
                f"A compares {pairs[0][0]} with {pairs[0][1]}, B compares {pairs[1][0]} with {pairs[1][1]}: "
                "increments are each side's own."
            )
        if a.outcome.thresholds != b.outcome.thresholds:
            yield "The thresholds differ; what moved net health benefit is shown at those of A."
