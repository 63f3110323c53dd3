"""Value sets of the utilities in use: one for all, for the norms and for severity, or a reason for each that differs.

What counts is what inputs/ says of each number that is used, whatever the scenario says of all of them.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.3: utilities and norms are valued by one value set. NICE PMG51
(2026): for later topics that is EQ-5D-5L, for utilities, norms and severity together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel

from netcea.errors import ModelWarning
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.origins import origin
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import join_address
from netcea.scenario.method_pack import MethodPack
from netcea.scenario.scenario import ScenarioFile


class _Used(NamedTuple):
    """A utility in use: where it is named, its address, its value set, the inputs/ that state it."""

    named_at: str
    address: str
    value_set: str
    inputs: Inputs

    def __str__(self) -> str:
        instrument = origin(self.inputs, self.address, "instrument")
        by = f" ({instrument})" if instrument else ""
        return f"{self.address}, valued by {self.value_set!r}{by}"


def value_sets_in_use(file: ScenarioFile, numbers: Numbers) -> dict[str, str]:
    """Return address -> value set of every utility in use of which inputs/ states it.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    numbers : Numbers
        What was looked up.
    """
    return {used.address: used.value_set for used in (*_states(file, numbers), *_decrements(file, numbers))}


def check_value_sets(file: ScenarioFile, numbers: Numbers, draft: DraftScenario, pack: MethodPack | None) -> None:
    """Note utilities of another value set than the others, the norms or the method pack, unless the scenario says why.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    numbers : Numbers
        What was looked up; keeps the faults.
    draft : DraftScenario
        Says where entries stand.
    pack : MethodPack, or None
        By whose rules severity is judged.
    """
    norms, declared = _norms(file, numbers), file.utilities.value_set
    reason, judged_by = file.utilities.value_set_exemption.strip(), "" if pack is None else pack.value_set
    if norms and not _same(norms, declared) and not reason:
        different = f"{declared!r}, while the norms {file.population.norms} are {norms!r}"
        hint = "or say in utilities.value_set_exemption why they may differ"
        numbers.wrong(draft.place("utilities.value_set"), different, "one value set for both", hint)
        return  # entries are told when it is clear what they should be
    if judged_by and not _same(judged_by, declared) and not reason:
        different = f"{file.decision.method_pack!r}, of {judged_by!r}, while utilities and norms are of {declared!r}"
        hint = (
            "change decision.method_pack, population.norms, utilities.value_set and the utilities together, "
            "or say in utilities.value_set_exemption why they may differ"
        )
        expected = "one value set for utilities, norms and severity"
        numbers.wrong(draft.place("decision.method_pack"), different, expected, hint)
        return
    if reason and all(_same(other, declared) for other in (norms, judged_by) if other):
        return  # there is nothing else that the reason could be for
    for used in _states(file, numbers):
        if not _same(used.value_set, declared) and used.address not in _reasons(file):
            hint = (
                "change all utilities of the states and utilities.value_set together, or give the reason: "
                f"utilities.value_set_exemptions: [{{address: {used.address}, reason: ...}}]"
            )
            expected = f"a utility valued by {declared!r}, as utilities.value_set has it"
            numbers.wrong(draft.place(used.named_at), str(used), expected, hint)


def value_set_warnings(file: ScenarioFile, numbers: Numbers, pack: MethodPack) -> Iterator[ModelWarning]:
    """Yield a warning where value sets are mixed (with the reason, or of decrements without one), or norms are assumed.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    numbers : Numbers
        What was looked up.
    pack : MethodPack
        By whose rules severity is judged.
    """
    norms, utilities, reasons = _norms(file, numbers), file.utilities, _reasons(file)
    everything = utilities.value_set_exemption.strip()
    if norms and not _same(norms, utilities.value_set):
        message = (
            f"utilities are valued by {utilities.value_set!r}, the norms {file.population.norms} by {norms!r}: "
            f"two value sets. Reason given: {everything}"
        )
        yield ModelWarning("value_sets", "utilities.value_set", message)
    if pack.value_set and not any(_same(pack.value_set, other) for other in (utilities.value_set, norms)):
        message = (
            f"{pack.name} judges by {pack.value_set!r}, utilities are valued by {utilities.value_set!r}: "
            f"two value sets. Reason given: {everything}"
        )
        yield ModelWarning("value_sets", "decision.method_pack", message)
    yield from _assumed_norms(file, numbers)
    for used in _states(file, numbers):
        if not _same(used.value_set, utilities.value_set):
            message = f"{used}, the others by {utilities.value_set!r}: two value sets. Reason given: "
            yield ModelWarning("value_sets", used.named_at, message + (reasons.get(used.address) or everything))
    for used in _decrements(file, numbers):
        if not _same(used.value_set, utilities.value_set) and used.address not in reasons:
            message = f"{used}, is taken off utilities valued by {utilities.value_set!r}, without a reason"
            yield ModelWarning("value_sets", used.named_at, message)


def _assumed_norms(file: ScenarioFile, numbers: Numbers) -> Iterator[ModelWarning]:
    """Yield a warning of norms that are no published table: a value set may have none yet."""
    table = numbers.tables.get(file.population.norms)
    if table is not None and table[0].status in ("assumption", "unverified"):
        node = table[0]
        message = f"the norms of {node.value_set!r} are no published table (status {node.status}): {node.note}"
        yield ModelWarning("value_sets", "population.norms", message)


def _states(file: ScenarioFile, numbers: Numbers) -> Iterator[_Used]:
    yield from _utilities(file.utilities, "utilities", numbers)


def _decrements(file: ScenarioFile, numbers: Numbers) -> Iterator[_Used]:
    yield from _utilities(file.adverse_events, "adverse_events", numbers)


def _utilities(block: BaseModel, name: str, numbers: Numbers) -> Iterator[_Used]:
    """Yield every utility that a block of the scenario names, if inputs/ states its value set."""
    for use in addresses_in(block, (name,)):
        value_set = origin(numbers.inputs, use.address, "value_set") if use.kind.dimensions == ("utility",) else ""
        if value_set:
            yield _Used(join_address(use.path), use.address, value_set, numbers.inputs)


def _norms(file: ScenarioFile, numbers: Numbers) -> str:
    found = numbers.tables.get(file.population.norms)
    return "" if found is None else found[0].value_set


def _reasons(file: ScenarioFile) -> dict[str, str]:
    return {item.address: item.reason for item in file.utilities.value_set_exemptions}


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
