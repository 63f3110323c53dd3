"""What went into a scenario: digest, sources, changes, and what its reader must be warned of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from netcea.blocks import beyond_defaults
from netcea.errors import FIXED_NOW, ModelWarning
from netcea.loading.checks.records import named_sources
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import Override
from netcea.loading.reading.project import Project, shown, split_step
from netcea.loading.resolving.data_cuts import data_cut_warnings
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.value_sets import value_set_warnings
from netcea.scenario.method_pack import MethodPack
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.scenario.scenario import Change, ScenarioFile
from netcea.version import __version__


def warnings_of(
    draft: DraftScenario, file: ScenarioFile, numbers: Numbers, pack: MethodPack, of_fits: Iterable[ModelWarning]
) -> Iterator[ModelWarning]:
    """Yield what the reader of a result must know of its numbers.

    Unverified ones, those fixed now or not drawn, value sets and data cuts that are mixed, what was found in tables and
    by fits, prices that a layer sets in vain.

    Parameters
    ----------
    draft : DraftScenario
        Who set what.
    file : ScenarioFile
        The choices.
    numbers : Numbers
        What was used.
    pack : MethodPack
        The rules by which results are judged.
    of_fits : iterable of ModelWarning
        What was found while curves were fitted.
    """
    for address, quantity in sorted(numbers.quantities.items()):
        if quantity.status == "unverified":
            yield ModelWarning("unverified", address, f"{quantity.label or address} is unverified: {quantity.note}")
        if address in numbers.inputs.fixed_now:
            yield ModelWarning(FIXED_NOW, address, f"{quantity.label or address}: {numbers.inputs.fixed_now[address]}")
    yield from value_set_warnings(file, numbers, pack)
    yield from data_cut_warnings(file, numbers)
    for address, (_, table) in sorted(numbers.tables.items()):
        yield from (ModelWarning("table", address, note) for note in table.notes)
    yield from of_fits
    yield from numbers.warnings
    names = {layer.sha256: layer.name for layer in draft.prices.layers}
    for address, layer in sorted(draft.secret.items()):
        if address not in numbers.quantities:
            message = f"the price layer '{names.get(layer, '')}' sets a price that this scenario does not use"
            yield ModelWarning("unused_price", address, message)


def names_of(draft: DraftScenario) -> tuple[str, str, str]:
    """Return how results name the file and inputs/, and the folder that both are relative to.

    Parameters
    ----------
    draft : DraftScenario
        As it was read.

    Returns
    -------
    tuple of str
        The folder is empty where it is the current one, or the file lies in no project.
    """
    project, (file, step) = draft.project, split_step(draft.path)
    name = project.name_inside(Path(file))
    if name is None:
        return draft.path, shown(project.inputs), ""
    root = shown(project.root)
    return f"{name}@{step}" if step else name, project.inputs.name, "" if root == "." else root


def change_of(override: Override, project: Project) -> Change:
    """Return an override as a run record holds it: a confidential value is not shown.

    Parameters
    ----------
    override : Override
        What was set.
    project : Project
        To which its file is relative.
    """
    place = override.place
    file = place.file if place.path is None or override.secret else project.name_of(place.path)
    value = json.dumps(CONFIDENTIAL if override.secret else override.value, ensure_ascii=False)
    return Change(override.address, value, f"{file}:{place.line}" if place.line else file)


def bibliography_of(numbers: Numbers, file: ScenarioFile) -> dict[str, str]:
    """Return key -> citation of every source that a number or table in use names, or the scenario itself.

    Parameters
    ----------
    numbers : Numbers
        What was used.
    file : ScenarioFile
        The choices.
    """
    entries = numbers.inputs.sources()
    used = {key for quantity in numbers.quantities.values() for key in quantity.source}
    used |= {key for node, _ in numbers.tables.values() for key in node.source}
    used |= {key for _, key in named_sources(file)}
    return {
        key: ". ".join(str(entries[key][part]) for part in ("title", "doi", "pmcid", "licence") if part in entries[key])
        for key in sorted(used)
        if isinstance(entries.get(key), dict)
    }


def table_digests_of(numbers: Numbers) -> dict[str, str]:
    """Return the SHA-256 of every table, and of every correlation as JSON.

    Parameters
    ----------
    numbers : Numbers
        What was used.
    """
    tables = {address: content.sha256 for address, (_, content) in numbers.tables.items()}
    correlations = {
        address: hashlib.sha256(json.dumps(node, sort_keys=True).encode()).hexdigest()
        for address, node in numbers.correlations.items()
    }
    return dict(sorted({**tables, **correlations}.items()))


def digest_of(file: ScenarioFile, numbers: Numbers, secret: Mapping[str, str]) -> str:
    """Return the SHA-256 of everything that went in: choices, numbers, tables, and the program's version.

    Defaults are left out, whether they were written or not: a digest stays what it is when a block gains an entry.
    In place of a confidential number stands the salted hash of its layer: the digest cannot be found by trying values.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    numbers : Numbers
        What was used.
    secret : mapping of address -> str
        Hash of the confidential layer that sets a number.
    """
    quantities: dict[str, Any] = {a: beyond_defaults(q) for a, q in sorted(numbers.quantities.items())}
    hidden = {a: {**quantities[a], "value": layer} for a, layer in secret.items() if a in quantities}
    content = {
        "netcea": __version__,
        "scenario": beyond_defaults(file),
        "quantities": {**quantities, **hidden},
        "tables": {a: content.sha256 for a, (_, content) in sorted(numbers.tables.items())},
        "others": dict(sorted({**numbers.correlations, **numbers.fitted}.items())),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
